// Guessing: how many codes of device links may be typed wrong, and how many links made; counted in memory, by each
// node for itself, because what is refused here must not reach the store.

import { RateLimiterMemory } from 'rate-limiter-flexible'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'

const HOUR_SECONDS = 60 * 60
/**
 * In an hour: wrong codes from one network and from all together, and links made in one network and in all: so many at
 * once that one code in fifty is taken.
 */
const MAX_PER_HOUR = { network: 20, overall: 1000, links: 100, allLinks: 20_000 }

export type AttemptLimiter = {
  /**
   * Lets somebody try a code, and counts it as wrong, unless `wasNone` is told otherwise afterwards: tries that are
   * made at once all count. Errors: `too_many_guesses`, with Retry-After.
   */
  countAttempt: (network: string) => Promise<{ uncount: () => Promise<void> }>
  /** Counts a link. Errors: `too_many_requests`, with Retry-After. */
  countLink: (network: string) => Promise<void>
}

/** Counts by the hours of the clock of the options. */
export function createAttemptLimiter({ now }: Pick<Config, 'now'>): AttemptLimiter {
  // The limiters forget by the system's clock, so they are given twice the time.
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
      // First of all: while nobody may try, no network is remembered; and who may not try uses up nothing of all.
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
