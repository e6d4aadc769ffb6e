// Limits per hour for device links: how many wrong codes may be typed, and how many links may be made. Each node counts
// for itself, in memory, because a request that is refused here must not reach the store.

import type { ErrorCode } from '../../errors.ts'
import { createLimit, HOUR_SECONDS } from '../../limits.ts'
import type { Config } from '../../options/options.ts'

/**
 * Per hour: wrong codes from one network (`network`) and from all together (`overall`), links made in one network
 * (`links`) and in all (`allLinks`). At 20,000 links per hour, about one locator in fifty is taken at any time.
 */
const MAX_PER_HOUR = { network: 20, overall: 1000, links: 100, allLinks: 20_000 }

/** The key under which all networks count together. */
const EVERYBODY = ''

export type AttemptLimiter = {
  /**
   * Counts an attempt to type a code as wrong before it is made, so that attempts at the same time all count. `uncount`
   * takes that back if the code was right, or was never compared. Errors: `too_many_guesses`, with Retry-After.
   */
  countAttempt: (network: string) => Promise<{ uncount: () => Promise<void> }>
  /** Counts a link that is to be made. Errors: `too_many_requests`, with Retry-After. */
  countLink: (network: string) => Promise<void>
  /** Counts a device that asks for its tokens, by its code (RFC 8628, 3.5). Errors: `slow_down` if it asks too often. */
  countPoll: (device: string) => Promise<void>
}

/** How often a device may ask for its tokens. */
export const DEVICE_POLL_SECONDS = 5

/** Counts by full hours of the clock `now`. */
export function createAttemptLimiter({ now }: Pick<Config, 'now'>): AttemptLimiter {
  const perHour = (most: number, code: ErrorCode) => createLimit({ most, seconds: HOUR_SECONDS, now, code })
  const networks = perHour(MAX_PER_HOUR.network, 'too_many_guesses')
  const overall = perHour(MAX_PER_HOUR.overall, 'too_many_guesses')
  const links = perHour(MAX_PER_HOUR.links, 'too_many_requests')
  const allLinks = perHour(MAX_PER_HOUR.allLinks, 'too_many_requests')
  const polls = createLimit({ most: 1, seconds: DEVICE_POLL_SECONDS, now, code: 'slow_down' })
  return {
    async countAttempt(network) {
      // The overall limit comes first: once it is reached, no network is stored. And a network that has reached its own
      // limit uses up nothing of the overall one.
      await overall.check(EVERYBODY)
      const ofNetwork = await networks.count(network)
      const ofAll = await overall.count(EVERYBODY)
      return {
        async uncount() {
          await ofNetwork.uncount()
          await ofAll.uncount()
        },
      }
    },
    async countLink(network) {
      await allLinks.check(EVERYBODY) // first, for the same reason
      await links.count(network)
      await allLinks.count(EVERYBODY)
    },
    async countPoll(device) {
      await polls.count(device)
    },
  }
}
