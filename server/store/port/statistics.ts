// The store's contract for the operators' numbers: daily counters without ids, and how stored guests could come back.

import type { DayCount } from '../../rules/statistics.ts'
import type { Recoverability } from '../../types.ts'

/** How many stored guests of a collection could come back in a way, in the steps of rules/statistics.ts. */
export type GuestsInSteps = { collection: string; recoverability: Recoverability; guests: number }

/** How far the counting is. Days: Unix seconds of their first second, UTC. */
export type Counting = {
  /** The last day that is shown, and never changes; null: there is none yet. */
  closedDay: number | null
  /** The last picture of recoverability, and its day. */
  picture: { day: number; guests: GuestsInSteps[] } | null
}

/** What is counted in a period: the sum of what is shown of its days. `collection`: '' if it is in none, or the sum is over all. */
export type PeriodCount = { period: number; name: string; collection: string; counted: number }

export interface StatisticReads {
  readCounting(key: Record<never, never>): Promise<Counting>
  /**
   * Sums for each period of `seconds`. The first period (0) begins at `from`. `to`: the last day, which must be closed.
   * `collection`: of this one, and apart from it of none; null: of all. `split`: by collection.
   */
  sumCounts(key: {
    from: number
    to: number
    seconds: number
    collection: string | null
    split: boolean
  }): Promise<PeriodCount[]>
  /** Guests who are neither expired nor merged, in the order of their ids, after the id `after`: at most `limit`. */
  pageRecoverability(key: {
    after: string
    limit: number
  }): Promise<{ anonymousId: string; collection: string; recoverability: Recoverability }[]>
}

export interface StatisticWrites {
  /**
   * Adds counts to their days; to the first open day, if theirs is closed. `node`: a random id of the process. A `batch` that
   * it has added before is not added again: batches of a node are numbered from 1 on.
   */
  addCounts(input: { node: string; batch: number; counts: DayCount[] }): Promise<void>
  /** Closes all days up to `last`, by the rule of rules/statistics.ts, and deletes counts of days before `keptFrom`. */
  closeDays(input: { last: number; keptFrom: number }): Promise<void>
  /** Replaces the picture of recoverability. */
  savePicture(input: { day: number; guests: GuestsInSteps[] }): Promise<void>
}
