// Work in the background that is done once, by whichever node takes it; when its runner dies, another one takes it.

import type { Context } from '../../context.ts'
import { randomId } from '../crypto/secrets.ts'

export type Job = {
  name: string
  /** How often it is done; so long it is whose who took it. */
  everySeconds: number
  /** `goOn` takes it anew, for a chore that lasts: false where it went to another node meanwhile. */
  work: (ctx: Context, goOn: () => Promise<boolean>) => Promise<void>
}

/** Looks every minute whether a chore is due, and when it is told to. */
export function startJobs(ctx: Context, chores: Job[]): { run: () => Promise<void>; stop: () => void } {
  const holder = randomId(128)
  const run = async () => {
    await Promise.all(
      chores.map((chore) =>
        runIfDue(ctx, holder, chore).catch((error: unknown) =>
          ctx.logger.warn({ err: error, chore: chore.name }, 'a chore was not done'),
        ),
      ),
    )
  }
  const looking = setInterval(run, 60_000).unref()
  return { run, stop: () => clearInterval(looking) }
}

async function runIfDue(ctx: Context, holder: string, { name, everySeconds, work }: Job): Promise<void> {
  const take = (again: boolean) =>
    ctx.store.claimJob({ name, holder, now: ctx.now(), until: ctx.now() + everySeconds, again })
  if (await take(false)) await work(ctx, () => take(true))
}
