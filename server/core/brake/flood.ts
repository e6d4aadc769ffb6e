// How much more is asked of us than usual, by one network and by all of them. Each node counts for itself, in bounded memory.

import { createTally } from '../../limits.ts'
import type { Config } from '../../options/options.ts'

/** Over how many minutes the usual number for this node is averaged. */
const USUAL_MINUTES = 60

/** How many times the usual number is a flood. */
const UNUSUAL = 5

/** The most work that is asked for, in multiples of the least. */
export const MOST_WORK = 10

export type Flood = {
  /**
   * Counts what is asked for from this network. Returns the work that it costs: 0 in calm weather; in a flood, how many
   * times as much is asked for in this minute as is free, at most MOST_WORK.
   */
  ask: (network: string) => number
  /** Counts what was let in: it belongs to what is usual here. */
  letIn: () => void
}

/** The free numbers are those of the option `proofOfWork`; `now` is the clock, in Unix milliseconds. */
export function createFlood(
  { perNetwork, perNode }: Exclude<Config['proofOfWork'], false>,
  now: () => number,
): Flood {
  const networks = createTally({ seconds: 60, now })
  let minute = Number.NaN
  let asked = 0
  let letIn = 0
  let usual = 0

  function turn(): void {
    const current = Math.floor(now() / 60_000)
    if (current === minute) return
    // The minutes since then in which nobody asked count as well.
    const gone = Number.isNaN(minute) ? 0 : current - minute
    usual = (usual + (letIn - usual) / USUAL_MINUTES) * (1 - 1 / USUAL_MINUTES) ** Math.max(0, gone - 1)
    minute = current
    asked = letIn = 0
  }

  return {
    ask(network) {
      turn()
      const times = Math.max(
        networks.of(network).change(1) / perNetwork,
        ++asked / Math.max(perNode, UNUSUAL * usual),
      )
      return times <= 1 ? 0 : Math.min(times, MOST_WORK)
    },
    letIn() {
      turn()
      letIn++
    },
  }
}
