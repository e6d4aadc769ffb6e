// How long guests are remembered: by how they could come back, counted from when they were last seen.

import type { Context } from '../../context.ts'
import type { Collection } from '../../options/options.ts'
import type { Retained, RetainedBy } from '../../store/store.ts'
import type { Recoverability } from '../../types.ts'

/** The rules of a collection; of one that the options no longer name, those of the default one. */
export const rulesOf = ({ config }: Context, collection: string): Collection =>
  config.collections[collection] ?? config.collections[config.defaultCollection]!

/** What is promised to a guest who was seen then: now, unless told otherwise. */
export function retained(
  ctx: Context,
  collection: string,
  recoverability: Recoverability,
  seenAt = ctx.now(),
): Retained {
  const { retention } = rulesOf(ctx, collection)
  const period = retention[recoverability]
  if (period === false) return { expiresAt: null, dueAt: null }
  const expiresAt = seenAt + period
  return { expiresAt, dueAt: expiresAt - warningOf(ctx, collection, period) }
}

/** The same, where how the guest could come back turns out as it is written. */
export const retainedBy = (ctx: Context, collection: string): RetainedBy => ({
  none: retained(ctx, collection, 'none'),
  device: retained(ctx, collection, 'device'),
  passkey: retained(ctx, collection, 'passkey'),
  synced: retained(ctx, collection, 'synced'),
  promoted: forEver,
})

/** How a guest with a passkey could come back by that one. */
export const byPasskey = ({ backedUp }: { backedUp: boolean }): Recoverability =>
  backedUp ? 'synced' : 'passkey'

/** Regular users are not forgotten: they come back by what they are known by. */
export const forEver: Retained = { expiresAt: null, dueAt: null }

/** How long before the end a warning is given: after half of the time at the earliest. */
export const warningOf = (ctx: Context, collection: string, period: number): number =>
  Math.min(rulesOf(ctx, collection).retention.warnSeconds, Math.floor(period / 2))
