// An erasure at the same moment as another request about the same guests, on PostgreSQL, where neither waits by itself.

import { expect, test } from 'vitest'
import type { GuestEvents } from '../../server/index.ts'
import { lookInto } from '../support/database.ts'
import { foldedIn, merged, recordingHost, rowOf, startMergingApp } from '../support/merging.ts'
import { connectTo } from '../support/tables.ts'

test('a guest who is brought back while the account is erased is erased too, and the end of its session is told', async () => {
  const host = recordingHost()
  const { app } = await startMergingApp({ merge: host.hooks })
  const { guest, winner } = await foldedIn(app)
  const { winner: account } = await merged(app, undefined, winner)
  const ended: GuestEvents['session.ended'][] = []
  app.guests.on('session.ended', (event) => void ended.push(event))
  /** Waits until so many statements wait for a lock. */
  const waiting = (count: number) =>
    expect
      .poll(async () => {
        const { rows } = await lookInto(app.store).query(
          `SELECT count(*)::int AS n FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        return rows[0].n
      })
      .toBe(count)

  const holder = await connectTo(app.store)
  await holder.query('BEGIN; LOCK TABLE audit IN EXCLUSIVE MODE')
  const undone = app.guests.undoMerge(host.merges[0]!.ticket) // has written all but its line in the audit trail
  await waiting(1)
  const erased = app.guests.erase(account.guest.sub)
  await waiting(2)
  await holder.query('COMMIT')
  await undone
  expect(await erased).toBe(true)
  expect(await rowOf(app, guest)).toBeUndefined()
  expect(ended).toContainEqual({ anonymous_id: guest.sub, session_id: guest.sub, reason: 'erased' })
})
