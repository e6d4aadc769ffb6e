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

/** How often one key was used in one window. */
type Uses = {
  count: () => number
  /** Adds one use, or takes one back. Returns the new number. */
  change: (by: 1 | -1) => number
}

/** Counts uses by key, in each full window of some seconds. */
export type Tally = {
  /** The uses of this key in the window of now; they stay those of that window when it is over. */
  of: (key: string) => Uses
  /** Seconds until this window is over. */
  left: () => number
}

/** Windows are of `seconds` of the clock `now` (Unix milliseconds). */
export function createTally({ seconds, now }: { seconds: number; now: () => number }): Tally {
  let current = Number.NaN
  let levels: Counts[] = []
  let others: Counts = new Map()
  const window = () => Math.floor(now() / 1000 / seconds)

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
    of(key) {
      const { counts, name } = placeOf(key)
      const count = () => counts.get(name) ?? 0
      return {
        count,
        change(by) {
          const changed = count() + by
          counts.set(name, changed)
          return changed
        },
      }
    },
    left: () => Math.ceil((window() + 1) * seconds - now() / 1000),
  }
}

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
  const tally = createTally({ seconds, now })
  const usesBelow = (key: string, atMost: number) => {
    const uses = tally.of(key)
    if (uses.count() >= atMost)
      throw new GuestError(code, { headers: { 'Retry-After': String(Math.max(1, tally.left())) } })
    return uses
  }
  return {
    async count(key, atMost = most) {
      const uses = usesBelow(key, atMost)
      uses.change(1)
      return {
        async uncount() {
          uses.change(-1)
        },
      }
    },
    async check(key) {
      usesBelow(key, most)
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
