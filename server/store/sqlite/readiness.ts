// Whether the SQLite file can be written to, for `ready()` and so for /readyz: a small trial write, at most once a second.

import { setTimeout } from 'node:timers/promises'

/** The shortest time between two trials. Calls in between get the result of the last trial. */
const TRIAL_MILLISECONDS = 1000
/** How long a call waits for a trial that another process's lock holds up. Then the result of the last trial counts. */
const PATIENCE_MILLISECONDS = 500

/**
 * Makes the check. `write` is the trial write. The check throws the error of the last trial that failed, until a trial
 * succeeds. A trial that only waits for another process's lock is no failure.
 */
export function createTrial(write: () => Promise<unknown>): () => Promise<void> {
  let trial: Promise<void> | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  let failure: unknown

  return async () => {
    if (!trial && performance.now() - triedAt >= TRIAL_MILLISECONDS) {
      triedAt = performance.now()
      trial = write()
        .then(
          () => {
            failure = undefined
          },
          (error: { reason?: string; cause?: unknown }) => {
            if (!/SQLITE_BUSY|database is locked/.test(`${error.reason} ${error.cause}`)) failure = error
          },
        )
        .finally(() => {
          trial = undefined
        })
    }
    await Promise.race([trial, setTimeout(PATIENCE_MILLISECONDS, undefined, { ref: false })])
    if (failure) throw failure
  }
}
