// The options about a guest's life: its profile, how guests are merged, and the host's hooks.

import type { PreviousGuest } from '../types.ts'
import { z } from '../zod.ts'
import { aFunction, count, days, objectOf, type SchemasOf, seconds } from './values.ts'

/** A merge: the guest `from` becomes part of the guest `into`. */
export type Merge = {
  /** The same in every attempt of the same merge, so that the host can tell what it has done before. */
  ticket: string
  from: PreviousGuest
  into: PreviousGuest
}

type Parsed = { success: true; data: unknown } | { success: false; error: unknown }
/** A zod object: each attribute of the profile has its own schema. */
export type ProfileSchema = {
  shape: Record<string, { safeParseAsync: (value: unknown) => Promise<Parsed> }>
}
/** The type of a profile's attributes, from its schema. */
export type ProfileOf<P> = P extends { _zod: { output: infer Output } } ? Output : Record<string, unknown>

const profile = z.custom<ProfileSchema>((value) => {
  const { shape } = (value ?? {}) as Partial<ProfileSchema>
  const schemas = typeof shape === 'object' && shape !== null ? Object.values(shape) : []
  return schemas.length > 0 && schemas.every((one) => typeof one?.safeParseAsync === 'function')
}, 'must be a zod object, like z.object({ nickname: z.string() })')

type Attributes = Record<string, unknown>
export type MergeProfiles =
  | 'keep-target'
  | 'keep-source'
  | ((from: Attributes, into: Attributes) => Attributes)
const mergeProfiles = z.union(
  [z.enum(['keep-target', 'keep-source']), aFunction<(from: Attributes, into: Attributes) => Attributes>()],
  "must be 'keep-target', 'keep-source' or a function",
)

/** How two guests become one. Each hook may be asynchronous, and runs before guestkey writes the change. */
export type MergeOptions = {
  /**
   * Whose attribute wins if both guests have it, or a function that makes one profile from the two. Default:
   * `keep-target`.
   */
  profiles?: MergeProfiles | undefined
  /** How long a merge can be undone, in seconds. Default: 7 days. */
  graceSeconds?: number | undefined
  /**
   * Moves what the host stores for `from` to `into`. It runs before the merge is written. If it throws, the merge is
   * refused. It runs again with the same ticket if the process ended before the merge was written.
   */
  onMerge?: ((merge: Merge) => unknown) | undefined
  /** Undoes what `onMerge` did. It runs before the undoing is written. If it throws, the undoing is refused. */
  onUndoMerge?: ((merge: Merge) => unknown) | undefined
}
const merge = objectOf({
  profiles: z._default(mergeProfiles, 'keep-target'),
  graceSeconds: z._default(seconds, days(7)),
  onMerge: z.optional(aFunction<(merge: Merge) => unknown>()),
  onUndoMerge: z.optional(aFunction<(merge: Merge) => unknown>()),
})

/** Profiles, merges and the end of a guest. */
export type LifeOptions<P extends ProfileSchema = ProfileSchema> = {
  /** The attributes of profiles: a zod object, whose attributes are checked one by one. Default: no profiles. */
  profile?: P | undefined
  /** Largest profile, in bytes of JSON. Default: 8,192. */
  maxProfileBytes?: number | undefined
  /** How two guests become one. */
  merge?: MergeOptions | undefined
  /** Runs before a guest expires. If it returns false, the guest stays, and the hook runs again a day later. */
  beforeExpire?: ((guest: PreviousGuest) => unknown) | undefined
}

export const lifeSchemas = {
  profile: z.optional(profile),
  maxProfileBytes: z._default(count, 8 * 1024),
  merge: z.prefault(merge, {}),
  beforeExpire: z.optional(aFunction<(guest: PreviousGuest) => unknown>()),
} satisfies SchemasOf<LifeOptions>
