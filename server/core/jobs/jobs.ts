// Background jobs: one node at a time runs each job. If that node dies, another one takes over when the claim ends.

import type { Context } from '../../context.ts'
import { HOUR_SECONDS } from '../../limits.ts'
import { randomId } from '../crypto/secrets.ts'

/** How many times as long a node holds a job that waits: some more nodes may be late. */
const HELD_FACTOR = 3

export type Job = {
  name: string
  /** How often the job runs, and how long the node that claimed it holds it. */
  everySeconds: number
  /** Whether the job waits while nodes of other versions use the store. Default: false. */
  waitsForFleet?: boolean
  /** `goOn` extends the claim during a long run; false if another node holds the job by now. */
  work: (ctx: Context, goOn: () => Promise<boolean>) => Promise<void>
}

/**
 * Runs the jobs that are due: every minute, and whenever `run` is called. A node whose clock is more than an hour ahead of
 * the database's leaves them to others: the clean-up allows for an hour (CLOCK_MARGIN_SECONDS), and would erase too early.
 */
export function startJobs(ctx: Context, jobs: Job[]): { run: () => Promise<void>; stop: () => void } {
  const holder = randomId(128)
  const run = async () => {
    await ctx.claims.measure()
    const ahead = ctx.claims.ahead()
    if (ahead > HOUR_SECONDS) {
      const fields = { ahead_seconds: ahead }
      ctx.logger.error(fields, 'this node leaves the background jobs to others until its clock is right')
      return
    }
    await Promise.all(
      jobs.map((job) =>
        runIfDue(ctx, holder, job).catch((error: unknown) =>
          ctx.logger.warn({ err: error, job: job.name }, 'a background job failed'),
        ),
      ),
    )
  }
  const looking = setInterval(run, 60_000).unref()
  return { run, stop: () => clearInterval(looking) }
}

async function runIfDue(ctx: Context, holder: string, job: Job): Promise<void> {
  const { name, everySeconds, waitsForFleet = false, work } = job
  const take = (again: boolean, seconds = everySeconds) =>
    ctx.store.claimJob({ name, holder, now: ctx.claims.now(), until: ctx.claims.now() + seconds, again })
  const mustWait = async () => waitsForFleet && (await ctx.fleet.isMixed())
  // While it waits, it holds the job past the next minute, so that no older node does it.
  if (await mustWait()) return void (await take(true, HELD_FACTOR * everySeconds))
  if (await take(false)) await work(ctx, async () => !(await mustWait()) && (await take(true)))
}
