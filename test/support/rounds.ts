// Runs a race many times, so that its two sides overlap at a different moment each time.

import { setTimeout } from 'node:timers/promises'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether this is `npm run test:full`, where a race has all its rounds. */
    isFull: boolean
  }
}

/** How many rounds a race has: enough to meet at each step of the work, or many more in `npm run test:full`. */
export const roundsOf = (few: number, many: number): number => (inject('isFull') ? many : few)

/** How many rounds run at the same time. PostgreSQL has more, because a round there waits longer. */
const LANES = inject('engine') === 'postgres' ? 8 : 4

/** Runs `count` rounds, some at the same time: while one waits, others go on. */
export const inRounds = (
  count: number,
  race: (round: number) => Promise<void>,
  lanes = LANES,
): Promise<void> =>
  inLanes(
    count,
    async () => undefined,
    (_, round) => race(round),
    lanes,
  )

/** The same, but each lane opens something of its own. Rounds in one lane run one after the other. */
export async function inLanes<Own>(
  count: number,
  open: () => Promise<Own>,
  race: (own: Own, round: number) => Promise<void>,
  lanes = LANES,
): Promise<void> {
  let begun = 0
  const lane = async () => {
    const own = await open()
    while (begun < count) await race(own, ++begun)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane))
}

/**
 * Lets two sides meet where either can win, however fast the machine is. The first two rounds run one side after the
 * other, each way. From then on whoever won waits longer in the next round; while the same side goes on winning, it
 * waits four times as long. `isFirst` tells by the results whether the first side won.
 */
export function createMeeting() {
  let round = 0
  /** Milliseconds that the second side waits; if negative, the first side waits. */
  let lead = 0
  let step = 0.5
  let last: boolean | undefined
  return async <A, B>(
    first: () => Promise<A>,
    second: () => Promise<B>,
    isFirst: (results: [A, B]) => boolean,
  ): Promise<[A, B]> => {
    round++
    if (round === 1) return [await first(), await second()]
    if (round === 2) {
      const result = await second()
      return [await first(), result]
    }
    const tried = lead
    const results = await Promise.all([after(-tried, first), after(tried, second)])
    if (tried === lead) {
      // No other lane has moved it meanwhile.
      const won = isFirst(results)
      step = won === last ? step * 4 : 0.5
      last = won
      lead += won ? -step : step
    }
    return results
  }
}

const after = <T>(milliseconds: number, run: () => Promise<T>): Promise<T> =>
  milliseconds > 0 ? setTimeout(milliseconds).then(run) : run()
