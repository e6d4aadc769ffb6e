// Limits per hour for device links: how many wrong codes may be typed, and how many links may be made. Each node counts
// for itself, in memory, because a request that is refused here must not reach the store.

import { RateLimiterMemory } from 'rate-limiter-flexible'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'

const HOUR_SECONDS = 60 * 60
/**
 * Per hour: wrong codes from one network (`network`) and from all together (`overall`), links made in one network
 * (`links`) and in all (`allLinks`). At 20,000 links per hour, about one locator in fifty is taken at any time.
 */
const MAX_PER_HOUR = { network: 20, overall: 1000, links: 100, allLinks: 20_000 }

export type AttemptLimiter = {
  /**
   * Counts an attempt to type a code as wrong before it is made, so that attempts at the same time all count. `uncount`
   * takes that back if the code was right, or was never compared. Errors: `too_many_guesses`, with Retry-After.
   */
  countAttempt: (network: string) => Promise<{ uncount: () => Promise<void> }>
  /** Counts a link that is to be made. Errors: `too_many_requests`, with Retry-After. */
  countLink: (network: string) => Promise<void>
}

/** Counts by full hours of the clock `now`. */
export function createAttemptLimiter({ now }: Pick<Config, 'now'>): AttemptLimiter {
  // The limiters expire their counts by the system's clock, not by `now`; twice the time is enough for both.
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: 2 * HOUR_SECONDS })
  const [networks, overall] = [limiter(MAX_PER_HOUR.network), limiter(MAX_PER_HOUR.overall)]
  const [links, allLinks] = [limiter(MAX_PER_HOUR.links), limiter(MAX_PER_HOUR.allLinks)]
  const hour = () => Math.floor(now() / 1000 / HOUR_SECONDS)

  const refused = (code: 'too_many_guesses' | 'too_many_requests') => {
    const left = Math.ceil((hour() + 1) * HOUR_SECONDS - now() / 1000)
    return new GuestError(code, { headers: { 'Retry-After': String(Math.max(1, left)) } })
  }
  const consume = async (of: RateLimiterMemory, key: string, code: Parameters<typeof refused>[0]) => {
    try {
      await of.consume(key)
    } catch (rejection) {
      throw rejection instanceof Error ? rejection : refused(code)
    }
  }

  return {
    async countAttempt(network) {
      const [ofNetwork, ofAll] = [`${hour()} ${network}`, String(hour())]
      // The overall limit comes first: once it is reached, no network is stored. And a network that has reached its own
      // limit uses up nothing of the overall one.
      const tried = await overall.get(ofAll)
      if (tried && tried.consumedPoints >= MAX_PER_HOUR.overall) throw refused('too_many_guesses')
      await consume(networks, ofNetwork, 'too_many_guesses')
      await consume(overall, ofAll, 'too_many_guesses')
      return {
        async uncount() {
          await networks.reward(ofNetwork)
          await overall.reward(ofAll)
        },
      }
    },
    async countLink(network) {
      await consume(links, `${hour()} ${network}`, 'too_many_requests')
      await consume(allLinks, String(hour()), 'too_many_requests')
    },
  }
}
