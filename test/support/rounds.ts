// Runs a race many times, so that its two sides overlap at a different moment each time.

import { inject } from 'vitest'

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
  await Promise.all(Array.from({ length: lanes }, lane))
}
