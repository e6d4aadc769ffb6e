// Limits on how often something may be done in a minute or an hour. Each node counts for itself, in memory.

import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type ErrorCode, GuestError } from './errors.ts'

export const HOUR_SECONDS = 60 * 60

export type Limit = {
  /** Counts one use by `key`, which `uncount` takes back. Errors: the limit's code, with Retry-After. */
  count: (key: string) => Promise<{ uncount: () => Promise<void> }>
  /** Counts nothing. Errors: as for `count`, if `key` has reached the limit. */
  check: (key: string) => Promise<void>
}

/** At most `most` uses by each key, in each full window of `seconds` of the clock `now` (Unix milliseconds). */
export function createLimit({
  most,
  seconds,
  now,
  code,
}: {
  most: number
  seconds: number
  now: () => number
  code: ErrorCode
}): Limit {
  // The limiter expires its counts by the system's clock, not by `now`; twice the time is enough for both.
  const limiter = new RateLimiterMemory({ points: most, duration: 2 * seconds })
  const window = () => Math.floor(now() / 1000 / seconds)
  const nameOf = (key: string) => `${window()} ${key}`
  const refused = () => {
    const left = Math.ceil((window() + 1) * seconds - now() / 1000)
    return new GuestError(code, { headers: { 'Retry-After': String(Math.max(1, left)) } })
  }
  return {
    async count(key) {
      const name = nameOf(key)
      try {
        await limiter.consume(name)
      } catch (rejection) {
        throw rejection instanceof Error ? rejection : refused()
      }
      return {
        async uncount() {
          await limiter.reward(name)
        },
      }
    },
    async check(key) {
      const used = await limiter.get(nameOf(key))
      if (used && used.consumedPoints >= most) throw refused()
    },
  }
}
