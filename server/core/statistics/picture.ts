// The job that takes the picture of recoverability once a day: how many stored guests could come back, and how.

import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { DAY_SECONDS, inSteps, startOfDay } from '../../rules/statistics.ts'
import type { GuestsInSteps } from '../../store/store.ts'
import type { Recoverability } from '../../types.ts'
import type { Job } from '../jobs/jobs.ts'

/** A page takes about 3 ms, in which a node with SQLite answers nobody. Then the job pauses: a million guests take a minute. */
const PAGE_GUESTS = 200
const PAUSE_MILLISECONDS = 10

export const takePicture: Job = {
  name: 'count guests',
  everySeconds: 10 * 60,
  async work(ctx, goOn) {
    const today = startOfDay(ctx.claims.now())
    const { picture } = await ctx.store.readCounting({})
    if (picture && picture.day >= today && picture.day < today + DAY_SECONDS) return
    const guests = await countGuests(ctx, goOn)
    if (guests) await ctx.store.savePicture({ day: today, guests })
  },
}

/** Undefined if another node has taken over the job. */
async function countGuests(ctx: Context, goOn: () => Promise<boolean>): Promise<GuestsInSteps[] | undefined> {
  const counts = new Map<string, { collection: string; recoverability: Recoverability; guests: number }>()
  let askedAt = performance.now()
  for (let after = ''; ; ) {
    const page = await ctx.store.pageRecoverability({ after, limit: PAGE_GUESTS })
    for (const { collection, recoverability } of page) {
      const key = `${recoverability} ${collection}`
      const one = counts.get(key) ?? { collection, recoverability, guests: 0 }
      counts.set(key, { ...one, guests: one.guests + 1 })
    }
    if (page.length < PAGE_GUESTS) break
    after = page.at(-1)!.anonymousId
    await setTimeout(PAUSE_MILLISECONDS)
    if (performance.now() - askedAt > 10_000) {
      if (!(await goOn())) return undefined
      askedAt = performance.now()
    }
  }
  return [...counts.values()].flatMap((one) => {
    const guests = inSteps(one.guests)
    return guests === null ? [] : [{ ...one, guests }]
  })
}
