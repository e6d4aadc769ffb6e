// Knows which sealed sessions are alive, without asking the database at every request.
//
// A node that gets such requests reads about 30 times a second which sessions have ended. It trusts what it knows for a
// lease of 100 ms from its last look. A node that ends a session waits for one lease before it answers. By then no node
// believes that session alive, and none had to be told.

import { setTimeout } from 'node:timers/promises'

const LEASE_MILLISECONDS = 100
/** How long a node waits after it ended a session: a lease, and 10 ms because timers may be early. */
const SETTLE_MILLISECONDS = LEASE_MILLISECONDS + 10
const LOOK_MILLISECONDS = LEASE_MILLISECONDS / 3
/** How far back every look reads, by the database's clock: longer than any transaction that ends a session. */
export const LOOK_BACK_SECONDS = 30
/** After a longer pause between two looks, the node forgets what it knew: it may have missed an end. */
const MAX_PAUSE_MILLISECONDS = (LOOK_BACK_SECONDS / 3) * 1000
/** After this time the node asks about a session again: a commit may hang for longer than the looks go back. */
const KNOWN_MILLISECONDS = 60_000
/** The node stops looking when no request has asked for this long. */
const LOOK_IDLE_MILLISECONDS = 5000
const MAX_KNOWN_GUESTS = 50_000

/**
 * `look` resolves to the guests whose sealed sessions ended in the last LOOK_BACK_SECONDS. `clock` gives milliseconds
 * and never goes back.
 */
export function createEndings(look: () => Promise<string[]>, clock = () => performance.now()) {
  /** The guests whose sealed sessions are alive, and when the database said so. */
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
      await lookOnce().catch(() => {}) // if a look fails, the lease runs out and every request asks the database
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
      // A session that ended during the question is in the last look, or will be in the next one.
      if (!ended && isTrusted() && !recentlyEnded.has(id)) alive.set(id, now)
      return ended
    },

    /** Resolves once no node believes the sealed sessions of these guests alive any more. */
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
