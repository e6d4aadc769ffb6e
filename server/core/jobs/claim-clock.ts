// The clock by which nodes claim work: the database's. A node whose own clock is wrong could otherwise hold a job for
// hours, or take what another node has.
//
// Each node measures twice a minute by how much its clock is ahead of the database's. On SQLite both are the clock of one
// machine.

import { CLOCK_APART_SECONDS } from '../../limits.ts'
import type { Logger } from '../../logger.ts'
import type { Store } from '../../store/store.ts'

/** The jobs run every minute, and ask before each run. */
const MEASURE_MILLISECONDS = 30_000
/** If the machine's clock was set by more than this since then, it is measured again at once. */
const JUMP_MILLISECONDS = 500
/** The database tells its clock in whole seconds. */
const ROUNDED_SECONDS = 1

export type ClaimClock = {
  /** The database's clock, Unix seconds. Until it is measured, the node's own. */
  now: () => number
  /** By how many seconds the node's clock is ahead of the database's; negative: behind. 0 if nobody can tell. */
  ahead: () => number
  /** Measures, unless that was done in the last 30 seconds. If the store cannot be asked, the last result stays. */
  measure: () => Promise<void>
}

/** `now`: the node's clock, Unix seconds. If that is not the machine's, as in tests, the difference stays. */
export function createClaimClock({
  store,
  logger,
  now,
}: {
  store: Pick<Store, 'readClock'>
  logger: Logger
  now: () => number
}): ClaimClock {
  let ahead = 0
  let said = 0
  let measuredAt = Number.NEGATIVE_INFINITY
  let jumps = Number.NaN
  let measuring: Promise<void> | undefined

  /** Changes if the machine's clock is set. */
  const set = () => Date.now() - performance.now()

  async function readDatabase(): Promise<void> {
    const [sent, sentAt] = [Date.now(), performance.now()]
    const there = await store.readClock({})
    const trip = performance.now() - sentAt
    const apart = (sent + trip / 2) / 1000 - there
    const unsure = trip / 2 / 1000 + ROUNDED_SECONDS
    ahead = Math.abs(apart) <= unsure ? 0 : Math.round(apart)
    measuredAt = performance.now()
    jumps = set()
    tell()
  }

  /** Once, and again when it has changed by as much. */
  function tell(): void {
    if (Math.abs(ahead - said) <= CLOCK_APART_SECONDS) return
    said = ahead
    const fields = { ahead_seconds: ahead }
    if (ahead === 0) logger.info(fields, "this node's clock agrees with the database's again")
    else logger.warn(fields, "this node's clock and the database's are apart: let NTP set both")
  }

  return {
    now: () => now() - ahead,
    ahead: () => ahead,
    async measure() {
      const isSet = Math.abs(set() - jumps) > JUMP_MILLISECONDS
      if (!isSet && performance.now() - measuredAt < MEASURE_MILLISECONDS) return
      measuring ??= readDatabase()
        .catch(() => {}) // whoever claims next fails too, and says why
        .finally(() => {
          measuring = undefined
        })
      await measuring
    },
  }
}
