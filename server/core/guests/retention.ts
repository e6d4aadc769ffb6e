// Retention: how long guests are remembered. The period depends on how they can come back (rules/promise.ts), and begins
// when they were last seen.

import type { Context } from '../../context.ts'
import type { Collection } from '../../options/options.ts'
import type { Retained, RetainedBy, RetainedIn } from '../../store/store.ts'
import type { Recoverability } from '../../types.ts'

/** The rules of a collection. If the options no longer name it, those of the default collection. */
export const rulesOf = ({ config }: Context, collection: string): Collection =>
  config.collections[collection] ?? config.collections[config.defaultCollection]!

/** What a guest who was seen at `seenAt` (default: now) is promised, and when the warning is due. */
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

/** The same for every recoverability, because the store learns only while it writes which one applies. */
export const retainedBy = (ctx: Context, collection: string): RetainedBy => ({
  none: retained(ctx, collection, 'none'),
  device: retained(ctx, collection, 'device'),
  passkey: retained(ctx, collection, 'passkey'),
  synced: retained(ctx, collection, 'synced'),
  promoted: forEver,
})

/** The same for every collection. */
export function retainedIn(ctx: Context): RetainedIn {
  const { collections, defaultCollection } = ctx.config
  const byName = Object.keys(collections).map((name) => [name, retainedBy(ctx, name)] as const)
  return { collections: Object.fromEntries(byName), otherwise: retainedBy(ctx, defaultCollection) }
}

/** Regular users are never forgotten: their login IDs bring them back. */
export const forEver: Retained = { expiresAt: null, dueAt: null }

/** When a guest of this collection who expires then is warned, and at the earliest now. */
export const warningBefore = (ctx: Context, collection: string, expiresAt: number): number =>
  expiresAt - warningOf(ctx, collection, expiresAt - ctx.now())

/** How many seconds before the end the guest is warned: `warnSeconds`, but at most half of the period. */
export const warningOf = (ctx: Context, collection: string, period: number): number =>
  Math.min(rulesOf(ctx, collection).retention.warnSeconds, Math.floor(period / 2))
