// Counts what happens, without ids: in memory, and written together once a minute and at a stop. A crash loses at most what a
// process counted in the last minute.

import type { ErrorCode } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import { type DayCount, type GuestCounter, startOfDay } from '../../rules/statistics.ts'
import type { SignInProof, Store } from '../../store/store.ts'
import { within } from '../../within.ts'
import { randomId } from '../crypto/secrets.ts'

const FLUSH_MILLISECONDS = 60_000
/** How long a stop waits until the counts are written. */
const CLOSE_MILLISECONDS = 500

/** What signs in a guest who is known. */
export type SignInMethod = SignInProof['by'] | 'way_in'

/**
 * Each act counts in one counter alone, so that no counter can be subtracted from another one (rules/statistics.ts).
 * `came_back`: a sign-in on another device; `signed_in`: any other sign-in. `refused`: by code, in no collection.
 */
export type CounterName =
  | GuestCounter
  | `${GuestCounter}+${string}`
  | `signed_in.${SignInMethod}`
  | `came_back.${SignInMethod}`
  | `refused.${ErrorCode}`

export type Counters = {
  /** Counts one more. `collection`: default none. */
  count: (name: CounterName, collection?: string) => void
  /** Writes what was counted. If that fails, the next flush writes it, and nothing twice. */
  flush: () => Promise<void>
  /** Writes what was counted, and no more after that. Waits for at most half a second. */
  close: () => Promise<void>
}

/** `now`: Unix seconds, by the clock of all nodes. */
export function createCounters({
  store,
  logger,
  now,
}: {
  store: Pick<Store, 'addCounts'>
  logger: Logger
  now: () => number
}): Counters {
  const node = randomId(128)
  let counted = new Map<string, DayCount>()
  /** What is being written. It stays after a failure, because it may have been written all the same. */
  let batch: { batch: number; counts: DayCount[] } | undefined
  let batches = 0
  let flushing: Promise<void> | undefined

  async function send(): Promise<void> {
    if (!batch) {
      if (counted.size === 0) return
      batch = { batch: ++batches, counts: [...counted.values()] }
      counted = new Map()
    }
    await store.addCounts({ node, ...batch })
    batch = undefined
  }

  async function sendAll(): Promise<void> {
    if (batch) await send()
    await send()
  }

  function flush(): Promise<void> {
    flushing ??= sendAll()
      .catch((err: unknown) =>
        logger.warn({ err }, 'counts could not be written: they are kept until the next attempt'),
      )
      .finally(() => {
        flushing = undefined
      })
    return flushing
  }

  const timer = setInterval(flush, FLUSH_MILLISECONDS).unref()
  return {
    count(name, collection = '') {
      const day = startOfDay(now())
      const key = `${day} ${name} ${collection}`
      const row = counted.get(key)
      if (row) row.counted++
      else counted.set(key, { day, name, collection, counted: 1 })
    },
    flush,
    async close() {
      clearInterval(timer)
      const done = (async () => {
        await flushing
        await flush()
      })()
      await within(CLOSE_MILLISECONDS, done, () => new Error('too late')).catch(() => {})
      if (batch || counted.size > 0) logger.warn({}, 'what was counted since the last write is lost')
    },
  }
}
