// The profile of a guest: attributes that the host declares, and that the guest gives one by one.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { ProfileSchema } from '../../options/options.ts'
import { stageOf } from '../../rules/guest.ts'
import type { ProfileRow } from '../../store/store.ts'
import type { GuestProfile } from '../../types.ts'
import { note } from '../events/audit-trail.ts'
import { findGuestById } from '../guests/guest.ts'
import { aboutSession, type Session, sessionEnded } from '../sessions/sessions.ts'
import { keeping } from './keep.ts'

/** The profile and its version: 0 until the first change, then one more with each change. */
export type VersionedProfile = { profile: GuestProfile; version: number }

function schemaOf({ config }: Context): ProfileSchema {
  if (!config.profile) throw new GuestError('no_profile')
  return config.profile
}

type ProfileOwner = { anonymousId: string; promotedAt: number | null }

const toVersionedProfile = (
  { anonymousId, promotedAt }: ProfileOwner,
  row: ProfileRow | undefined,
): VersionedProfile => ({
  profile: {
    anonymous_id: anonymousId,
    ...stageOf({ promotedAt }),
    is_promoted: promotedAt !== null,
    isPromoted: promotedAt !== null,
    attributes: row?.attributes ?? {},
    updated_at: row && row.version > 0 ? row.updatedAt : null,
  },
  version: row?.version ?? 0,
})

/** The profile of a guest. Errors: `no_profile` if the host declares none. */
export async function readProfile(ctx: Context, whose: ProfileOwner): Promise<VersionedProfile> {
  schemaOf(ctx)
  return toVersionedProfile(whose, await ctx.store.findProfile(whose))
}

/** The profile of a guest whom the host names by id; empty if the guest is not kept. Errors: `no_profile`. */
export async function readProfileByHost(ctx: Context, anonymousId: string): Promise<VersionedProfile> {
  const guest = await findGuestById(ctx, anonymousId)
  if (guest) return readProfile(ctx, guest)
  schemaOf(ctx)
  return toVersionedProfile({ anonymousId, promotedAt: null }, undefined)
}

/**
 * Changes attributes; null removes one. If the guest is not kept yet, the change keeps it.
 * Errors: `no_profile`, `attribute_invalid`, `profile_too_large`; `precondition_failed` if the profile's version is
 * not `ifVersion`; `session_invalid` if the session ended meanwhile.
 */
export async function changeProfile(
  ctx: Context,
  session: Session,
  attributes: Record<string, unknown>,
  ifVersion?: number,
): Promise<VersionedProfile> {
  const keep = session.kind === 'sealed' ? keeping(ctx, session) : undefined
  const about = { ...aboutSession(session), promotedAt: session.promotedAt }
  return writeProfile(ctx, about, attributes, ifVersion, keep)
}

/**
 * Changes attributes of a kept guest whom the host names by id; null removes one.
 * Errors: `not_found` if the guest is not kept; `no_profile`, `attribute_invalid`, `profile_too_large`;
 * `session_invalid` if the guest is merged into another one, or was erased meanwhile.
 */
export async function changeProfileByHost(
  ctx: Context,
  anonymousId: string,
  attributes: Record<string, unknown>,
): Promise<VersionedProfile> {
  const guest = await findGuestById(ctx, anonymousId)
  if (!guest) {
    throw new GuestError('not_found', { detail: 'This guest is not kept. Call keep() first.' })
  }
  return writeProfile(ctx, { anonymousId, sessionId: null, promotedAt: guest.promotedAt }, attributes)
}

async function writeProfile(
  ctx: Context,
  about: ProfileOwner & { sessionId: string | null },
  attributes: Record<string, unknown>,
  ifVersion?: number,
  keep?: ReturnType<typeof keeping>,
): Promise<VersionedProfile> {
  const changes = await parseAttributes(schemaOf(ctx), attributes)
  const { anonymousId } = about
  const event = { attributes: Object.keys(changes) }
  const result = await ctx.store.patchProfile({
    anonymousId,
    changes,
    ifVersion,
    keep,
    now: ctx.now(),
    maxBytes: ctx.config.maxProfileBytes,
    notes: [note(ctx, 'profile.changed', event, about)],
  })
  switch (result.outcome) {
    case 'changed':
    case 'unchanged':
      return toVersionedProfile(about, result.profile)
    case 'too_large':
      throw new GuestError('profile_too_large')
    case 'precondition_failed':
      throw new GuestError('precondition_failed')
    case 'ended':
      throw sessionEnded('before the profile was changed')
  }
}

/** The attributes that the schema accepts, and for each other one why not. Errors: `no_profile`. */
export async function checkAttributes(
  ctx: Context,
  attributes: Record<string, unknown>,
): Promise<{ checked: Record<string, unknown>; problems: string[] }> {
  const schema = schemaOf(ctx)
  const checked: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) continue
    try {
      Object.assign(checked, await parseAttributes(schema, { [name]: value }))
    } catch (error) {
      if (!(error instanceof GuestError)) throw error
      problems.push(error.message.replace(/\.$/, ''))
    }
  }
  return { checked, problems }
}

/** Each attribute as its own schema returns it; null stays null. Errors: `attribute_invalid`. */
async function parseAttributes(
  { shape }: ProfileSchema,
  attributes: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const checked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (!Object.hasOwn(shape, name)) {
      throw new GuestError('attribute_invalid', {
        detail: `The profile has no attribute ${name.slice(0, 64)}; it has ${Object.keys(shape).join(', ')}.`,
      })
    }
    if (value === null) {
      checked[name] = null
      continue
    }
    const parsed = await shape[name]!.safeParseAsync(value)
    if (!parsed.success) {
      const { issues } = parsed.error as { issues: { message: string; path: PropertyKey[] }[] }
      const [{ message, path } = { message: 'is not valid', path: [] }] = issues
      throw new GuestError('attribute_invalid', { detail: `${[name, ...path].join('.')}: ${message}` })
    }
    const json = JSON.stringify(parsed.data)
    if (json === undefined) {
      throw new GuestError('attribute_invalid', {
        detail: `${name}: its schema returned a value that is not JSON, such as undefined.`,
      })
    }
    checked[name] = JSON.parse(json)
  }
  return checked
}
