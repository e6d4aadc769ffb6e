// The endpoints of the operators' numbers, as JSON and as CSV.

import { readStatistics, type Statistics } from '../../core/statistics/statistics.ts'
import type { Answer } from '../contract/endpoint.ts'
import { type AdminEndpoint, adminEndpoint } from './endpoint.ts'
import * as schemas from './schemas.ts'
import { toCsv } from './statistics-csv.ts'

export const statisticsRoutes: AdminEndpoint[] = [
  adminEndpoint({
    method: 'GET',
    path: '/statistics',
    summary: 'Get daily or weekly numbers, none of which is under 5; with Accept: text/csv, as CSV',
    may: 'viewer',
    scope: 'admin:read',
    query: schemas.statisticsQuery,
    answers: { 200: schemas.statistics },
    async run({ ctx, req, query }) {
      const found = await readStatistics(ctx, query)
      const answer = /\btext\/csv\b/.test(req.headers.accept ?? '')
        ? csv(found)
        : { status: 200, body: found }
      return { ...answer, headers: { Vary: 'Accept' } }
    },
  }),
  adminEndpoint({
    method: 'GET',
    path: '/statistics.csv',
    summary: 'Get the same numbers as CSV, one a line',
    may: 'viewer',
    scope: 'admin:read',
    query: schemas.statisticsQuery,
    answers: { 200: 'text/csv' },
    run: async ({ ctx, query }) => csv(await readStatistics(ctx, query)),
  }),
]

const csv = (found: Statistics): Answer => ({
  status: 200,
  text: {
    content: toCsv(found),
    type: 'text/csv; charset=utf-8; header=present',
    headers: {
      'Content-Disposition': `attachment; filename="guestkey-statistics-${found.since}-${found.until}.csv"`,
    },
  },
})
