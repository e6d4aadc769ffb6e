// Which sealed sessions live, known without asking the database at every request.
//
// A node that is asked for them looks many times a second which ones have ended, and believes what it knows for a
// LEASE from the moment that it looked. Whoever ends a session waits for a lease before saying that it is done. So
// when it is said, no node takes that session for alive, and none has to be told.

import { setTimeout } from 'node:timers/promises'

const LEASE_MILLISECONDS = 100
/** Timers may be a little early. */
const SETTLE_MILLISECONDS = LEASE_MILLISECONDS + 10
const LOOK_MILLISECONDS = LEASE_MILLISECONDS / 3
/** Every look goes back so far, by the database's clock: longer than any transaction that ends a session lasts. */
export const LOOK_BACK_SECONDS = 30
/** After a longer pause between looks something may have been missed. */
const MAX_PAUSE_MILLISECONDS = (LOOK_BACK_SECONDS / 3) * 1000
/** Asked about again after so long, whatever the looks found: a commit may hang for longer than they go back. */
const KNOWN_MILLISECONDS = 60_000
/** Nobody asking, it stops looking. */
const LOOK_IDLE_MILLISECONDS = 5000
const MAX_KNOWN_GUESTS = 50_000

/**
 * `look` gives the guests whose sealed sessions ended in the last LOOK_BACK_SECONDS; `clock` milliseconds that only
 * go on.
 */
export function createEndings(look: () => Promise<string[]>, clock = () => performance.now()) {
  /** By guest, when it was asked about. */
  const alive = new Map<string, number>()
  let recentlyEnded: ReadonlySet<string> = new Set()
  let lookedAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let looking = false

  async function lookOnce(): Promise<void> {
    const sentAt = clock()
    const ended = await look()
    if (sentAt - lookedAt > MAX_PAUSE_MILLISECONDS || alive.size >= MAX_KNOWN_GUESTS) alive.clear()
    recentlyEnded = new Set(ended)
    for (const id of ended) alive.delete(id)
    lookedAt = sentAt
  }

  async function lookOnWhileAsked(): Promise<void> {
    if (looking) return
    looking = true
    while (clock() - askedAt < LOOK_IDLE_MILLISECONDS) {
      await lookOnce().catch(() => {}) // then nothing is believed that is older than the lease
      await setTimeout(LOOK_MILLISECONDS, undefined, { ref: false })
    }
    looking = false
  }

  const isTrusted = () => clock() - lookedAt < LEASE_MILLISECONDS
  const isKnown = (id: string) => clock() - (alive.get(id) ?? Number.NEGATIVE_INFINITY) < KNOWN_MILLISECONDS

  return {
    /** Whether the sealed session of this guest has ended; `ask` asks the database. */
    async hasEnded(id: string, ask: () => Promise<boolean>): Promise<boolean> {
      const now = clock()
      askedAt = now
      void lookOnWhileAsked()
      if (isKnown(id) && isTrusted()) return false
      const ended = await ask()
      // What ended while it was asked is among what the last look found, or the next one will find it.
      if (!ended && isTrusted() && !recentlyEnded.has(id)) alive.set(id, now)
      return ended
    },

    /** Resolves when no node takes these sessions for alive any more. */
    async settle(ids: string[]): Promise<void> {
      if (ids.length === 0) return
      for (const id of ids) alive.delete(id)
      await setTimeout(SETTLE_MILLISECONDS)
    },

    close(): void {
      askedAt = Number.NEGATIVE_INFINITY
    },
  }
}
