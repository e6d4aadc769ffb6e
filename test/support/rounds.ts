// Races in many rounds: in each of them two things meet at another point of their way.

import { inject } from 'vitest'

/** How many go on side by side; PostgreSQL, and what nodes must agree on there, are waited for longer. */
const LANES = inject('engine') === 'postgres' ? 8 : 4

/** Runs so many rounds, some of them side by side: while one waits, others go on. */
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

/** The same, where each lane has something of its own: there, rounds come one after the other. */
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
