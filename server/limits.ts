// Limits on how often something may be done in a minute or an hour. Each node counts for itself, in bounded memory. How many
// codes may be mailed, which the store counts: core/login-ids/codes.ts.

import { type ErrorCode, GuestError } from './errors.ts'

export const HOUR_SECONDS = 60 * 60

/**
 * From how many seconds on the clocks of a node and of the database count as apart, which is warned of. NTP keeps them
 * within a tenth of a second. Expiries go by each node's own clock, so apart by minutes, what one node made is over, or
 * not yet valid, at another one.
 */
export const CLOCK_APART_SECONDS = 3

/**
 * How many networks one limit counts by themselves in a window. If more come, the new ones are counted by the wider
 * network around them (IPv4 /24, IPv6 /48), then by a wider one (/16, /32), and then all together. So memory is bounded,
 * nobody's count is forgotten within the window, and a flood from one provider crowds out the rest of that provider only.
 */
const MAX_COUNTED = [50_000, 20_000, 20_000]

export type Limit = {
  /**
   * Counts one use by `key`, which `uncount` takes back. `atMost`: how many there may be; default: `most`.
   * Errors: the limit's code, with Retry-After.
   */
  count: (key: string, atMost?: number) => Promise<{ uncount: () => Promise<void> }>
  /** Counts nothing. Errors: as for `count`, if `key` has reached the limit. */
  check: (key: string) => Promise<void>
}

type Counts = Map<string, number>

/** At most `most` (default: none) uses by each key, in each full window of `seconds` of the clock `now` (Unix milliseconds). */
export function createLimit({
  most = 0,
  seconds,
  now,
  code,
}: {
  most?: number
  seconds: number
  now: () => number
  code: ErrorCode
}): Limit {
  let current = Number.NaN
  let levels: Counts[] = []
  let others: Counts = new Map()
  const window = () => Math.floor(now() / 1000 / seconds)
  const refused = () => {
    const left = Math.ceil((window() + 1) * seconds - now() / 1000)
    return new GuestError(code, { headers: { 'Retry-After': String(Math.max(1, left)) } })
  }

  /** Where a key is counted in this window, and by which name. */
  function placeOf(key: string): { counts: Counts; name: string } {
    if (current !== window()) {
      current = window()
      levels = MAX_COUNTED.map(() => new Map())
      others = new Map()
    }
    for (const [level, counts] of levels.entries()) {
      const name = widened(key, level)
      if (counts.has(name) || counts.size < MAX_COUNTED[level]!) return { counts, name }
    }
    return { counts: others, name: '' }
  }

  return {
    async count(key, atMost = most) {
      const { counts, name } = placeOf(key)
      const used = counts.get(name) ?? 0
      if (used >= atMost) throw refused()
      counts.set(name, used + 1)
      return {
        async uncount() {
          counts.set(name, counts.get(name)! - 1)
        },
      }
    },
    async check(key) {
      const { counts, name } = placeOf(key)
      if ((counts.get(name) ?? 0) >= most) throw refused()
    },
  }
}

/**
 * The network around a network of four parts, as networkOf() names them: an IPv4 address, or an IPv6 /64. Each level
 * leaves out one part. Any other key stays itself.
 */
function widened(key: string, level: number): string {
  if (level === 0) return key
  const separator = key.includes(':') ? ':' : '.'
  const parts = key.split(separator)
  return parts.length === 4 ? parts.slice(0, 4 - level).join(separator) : key
}
