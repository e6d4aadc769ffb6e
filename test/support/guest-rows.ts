// Reads the rows of one guest directly from the tables, past the server.

import { expect } from 'vitest'
import type { TestApp } from './app.ts'
import { eventually } from './eventually.ts'
import { rowsOf, tables } from './tables.ts'

export type GuestTableRow = {
  anonymous_id: string
  label: string
  collection: string
  created_at: number
  last_seen_at: number
  days_seen: number
  expires_at: number | null
  due_at: number | null
  stage: string
}

export const unixSeconds = ({ clock }: Pick<TestApp, 'clock'>): number => Math.floor(clock.now() / 1000)

export const guestRow = async (
  { store }: Pick<TestApp, 'store'>,
  id: string,
): Promise<GuestTableRow | undefined> =>
  (await rowsOf(store, 'guests', `anonymous_id = '${id}'`))[0] as GuestTableRow | undefined

/** Waits for writes that a request left to the background. */
export const rowBecomes = (
  app: Pick<TestApp, 'store'>,
  id: string,
  fields: Partial<GuestTableRow>,
): Promise<void> => eventually(async () => expect(await guestRow(app, id)).toMatchObject(fields))

/** Waits until the background write of `last_seen_at` is done. */
export const seenNow = (app: Pick<TestApp, 'clock' | 'store'>, id: string): Promise<void> =>
  rowBecomes(app, id, { last_seen_at: unixSeconds(app) })

/** Waits until the background write about the use of each session of the guest is done. */
export const sessionsSeenNow = (app: Pick<TestApp, 'clock' | 'store'>, id: string): Promise<void> =>
  eventually(async () => {
    const sessions = await rowsOf(app.store, 'sessions', `anonymous_id = '${id}'`)
    for (const { last_seen_at } of sessions) expect(Number(last_seen_at)).toBe(unixSeconds(app))
  })

/** The tables that have rows of this guest, and how many. */
export async function tracesOf(
  { store }: Pick<TestApp, 'store'>,
  id: string,
): Promise<Record<string, number>> {
  const counts = Object.entries(await tables(store)).map(
    ([name, rows]) => [name, rows.filter((row) => row.includes(id)).length] as const,
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
