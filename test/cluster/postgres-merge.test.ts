// A merge that meets a write about a guest who has no row yet, held up in the middle of both.

import { expect, test } from 'vitest'
import { copyOf, keptGuest } from '../support/ceremonies.ts'
import { lookInto } from '../support/database.ts'
import { merges, rowOf, startMergingApp, subOf } from '../support/merging.ts'
import { codeBook, promote } from '../support/promotion.ts'
import { connectTo } from '../support/tables.ts'

test.each(['adds its first passkey', 'is kept', 'becomes a regular user'])(
  'a guest without a row who %s while an offer is accepted is merged or stays, and not both',
  async (what) => {
    const book = codeBook()
    const { app } = await startMergingApp({ loginIds: { send: book.send } })
    const into = await keptGuest(app)
    expect((await promote(book, into.browser, 'fox@example.org')).status).toBe(200)
    const browser = app.browser()
    const guest = await browser.signIn()
    const { ticket } = (await promote(book, browser, 'fox@example.org')).body
    const tab = copyOf(app, browser)
    const does: Record<string, () => Promise<unknown>> = {
      'adds its first passkey': async () => expect((await tab.addPasskey(app.device())).status).toBe(201),
      'is kept': async () => expect(await app.guests.keep(guest.sub)).toBe(true),
      'becomes a regular user': async () =>
        expect((await promote(book, tab, 'owl@example.org')).status).toBe(200),
    }
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

    // The write waits for its line in the trail when the guest has its row; the merge found none.
    const holder = await connectTo(app.store)
    await holder.query('BEGIN; LOCK TABLE audit IN EXCLUSIVE MODE')
    const write = does[what]!()
    await waiting(1)
    const accepted = into.browser.post('/guest/merge', { ticket })
    await waiting(2)
    await holder.query('COMMIT')
    await write
    const { status } = await accepted

    const [offer] = await merges(app, guest)
    const isMerged = status === 200
    expect(isMerged).toBe(what === 'is kept')
    expect([offer?.status === 'merged', (await rowOf(app, guest))?.stage === 'merged']).toEqual([
      isMerged,
      isMerged,
    ])
    expect(await subOf(tab)).toBe(isMerged ? undefined : guest.sub)
  },
)
