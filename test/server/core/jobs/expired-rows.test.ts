// The job that deletes expired rows: which it deletes, and in which batches.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deleteExpiredRows } from '../../../../server/core/jobs/expired-rows.ts'

const day = 24 * 60 * 60
const now = 1000 * day

/** Runs the job on a store whose batches have these numbers of rows. Returns what the store was asked for. */
async function work({ rows = [], links = [], deliveries = [], goOn = true }: Partial<Batches> = {}) {
  const asked: [verb: string, input: Record<string, unknown>][] = []
  const say = (verb: string, batches: number[]) => async (input: Record<string, unknown>) => {
    asked.push([verb, input])
    if (asked.length > 20) throw new Error('the store was asked once too often')
    return batches.shift() ?? 0
  }
  const store = {
    deleteExpired: say('rows', [...rows]),
    deleteExpiredDeviceLinks: say('links', [...links]),
    completeDeliveries: say('deliveries', [...deliveries]),
  }
  const ctx = {
    now: () => now,
    config: { auditSeconds: 10 * day, webhooks: [] },
    store,
    logger: {},
  } as unknown as Context
  await deleteExpiredRows.work(ctx, async () => goOn)
  return asked
}
type Batches = { rows: number[]; links: number[]; deliveries: number[]; goOn: boolean }

const verbs = async (batches: Partial<Batches>) => (await work(batches)).map(([verb]) => verb)

test('rows are deleted an hour after they expired, audit lines after auditSeconds more, and links at once', async () => {
  const [[, rows], [, links]] = (await work()) as [[string, object], [string, object]]
  expect(rows).toMatchObject({ before: now - 3600, auditBefore: now - 3600 - 10 * day, limit: 1000 })
  expect(links).toMatchObject({ now, limit: 1000 })
})

test('a full batch is followed by another one, of each kind', async () => {
  expect(await verbs({ rows: [999], links: [999], deliveries: [99] })).toEqual([
    'rows',
    'links',
    'deliveries',
  ])
  expect(await verbs({ rows: [1000, 1000, 5], links: [1000], deliveries: [100, 100] })).toEqual([
    ...['rows', 'rows', 'rows', 'links', 'links', 'deliveries', 'deliveries', 'deliveries'],
  ])
})

test('no batch follows if another node holds the job by now', async () => {
  const full = { rows: [1000, 1000], links: [1000, 1000], deliveries: [100, 100] }
  expect(await verbs({ ...full, goOn: false })).toEqual(['rows', 'links', 'deliveries'])
})
