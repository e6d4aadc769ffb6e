// Whether a store takes writes, for `ready()` and so for /readyz.
//
// A small trial write may pass where real ones fail: one table is damaged, or the disk has room for one page and no more.
// So the last write that failed is tried again with each trial, and undone, until it would succeed.

import { setTimeout } from 'node:timers/promises'

/** The shortest time between two trials. Calls in between get the result of the last trial. */
const TRIAL_MILLISECONDS = 1000
/** How long a call waits for a trial that takes long. Then the result of the last trial counts. */
const PATIENCE_MILLISECONDS = 500
/** How long it waits for the first trial. */
const FIRST_PATIENCE_MILLISECONDS = 4000

/**
 * What the error of a write says. `broken`: so will others fail. `busy`: it waited for another writer, so nobody knows.
 * `refused`: the store works, and this input was refused.
 */
export type Verdict = 'broken' | 'busy' | 'refused'

type Write<Verb> = { verb: Verb; input: unknown }

/** `trial` tries to write. It gets the write that failed, to try it again and undo it. */
export function createReadiness<Verb>(
  trial: (failed: Write<Verb> | undefined) => Promise<unknown>,
  verdictOn: (error: unknown) => Verdict,
) {
  let failed: Write<Verb> | undefined
  let failure: unknown
  let running: Promise<void> | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  let patience = FIRST_PATIENCE_MILLISECONDS

  async function tryToWrite(): Promise<void> {
    const suspect = failed
    try {
      await trial(suspect)
      failure = undefined
    } catch (error) {
      const verdict = verdictOn(error)
      if (verdict === 'busy') return
      failure = verdict === 'broken' ? error : undefined
    }
    if (!failure && failed === suspect) failed = undefined
  }

  return {
    /** The result of the write. Remembers the write if it fails, and forgets the one that failed if this one is of its kind. */
    async noting<R>(write: Write<Verb>, result: Promise<R>): Promise<R> {
      try {
        const done = await result
        if (failed?.verb === write.verb) failed = failure = undefined
        return done
      } catch (error) {
        if (verdictOn(error) === 'broken') failed = write
        throw error
      }
    },

    /**
     * Throws the error of the last trial, if that failed. Tries again once a second, and at once if a write failed that
     * was not tried again yet. A trial that only waits for another process's lock is no failure.
     */
    async check(): Promise<void> {
      const isDue = performance.now() - triedAt >= TRIAL_MILLISECONDS || (failed && !failure)
      if (!running && isDue) {
        triedAt = performance.now()
        running = tryToWrite().finally(() => {
          running = undefined
          patience = PATIENCE_MILLISECONDS
        })
      }
      await Promise.race([running, setTimeout(patience, undefined, { ref: false })])
      if (failure) throw failure
    },
  }
}
