// How a guest adds, lists, renames and removes device keys: keys of browsers and apps that sign in without a prompt.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { hasPasskey } from '../../rules/recoverability.ts'
import type { DeviceKeyRow } from '../../store/store.ts'
import type { DeviceKey } from '../../types.ts'
import { newChallenge, spentChallenge } from '../crypto/challenges.ts'
import { note } from '../events/audit-trail.ts'
import { retainedBy } from '../guests/retention.ts'
import { keeping } from '../life/keep.ts'
import { aboutSession, type Session, sessionEnded, sessionRef } from '../sessions/sessions.ts'
import { isFresh, mayEnrol, requireEnrolment, stepUpNeeded } from '../sessions/step-up.ts'
import { type KeyRegistration, reasonIn, verifyKeyRegistration } from './proofs.ts'

const NAME = 'Device key'

export const toDeviceKey = ({ id, name, algorithm, createdAt, lastUsedAt }: DeviceKeyRow): DeviceKey => ({
  id,
  name,
  algorithm,
  created_at: createdAt,
  last_used_at: lastUsedAt,
})

/** The challenge to sign, its expiry, and the server's time for the claim `iat`; times in Unix seconds. */
export type DeviceKeyChallenge = { challenge: string; expires_at: number; now: number }

/**
 * A challenge with which a device key signs its guest in, or is added to the guest of this session. Writes nothing.
 * Errors, for `register` only: `not_signed_in`; `insufficient_user_authentication` if the guest has a passkey and
 * `mayEnrol` refuses the session.
 */
export function deviceKeyChallenge(
  ctx: Context,
  session: Session | undefined,
  purpose: 'register' | 'sign_in',
): DeviceKeyChallenge {
  if (purpose === 'sign_in') return challengeText(ctx, newChallenge(ctx, { purpose: 'device_key_sign_in' }))
  if (!session) throw new GuestError('not_signed_in')
  if (hasPasskey(session.recoverability)) requireEnrolment(ctx, session)
  const { anonymousId, id: sessionId } = session
  return challengeText(ctx, newChallenge(ctx, { purpose: 'register_device_key', anonymousId, sessionId }))
}

const challengeText = (ctx: Context, challenge: Uint8Array): DeviceKeyChallenge => ({
  challenge: Buffer.from(challenge).toString('base64url'),
  expires_at: ctx.now() + ctx.config.challengeSeconds,
  now: ctx.now(),
})

/** `session`: the same session, brought up to date. `repeated`: the guest had the key already. */
export type AddedDeviceKey = { deviceKey: DeviceKey; session: Session; repeated: boolean }

/**
 * Adds the key that signed `proof`. One step consumes the challenge and keeps the guest; the session goes on. If the
 * guest asks again, the answer is the same key.
 * Errors: `device_key_invalid` if anything is wrong with the proof; `insufficient_user_authentication` if the guest has
 * a passkey and `mayEnrol` refuses the session; `too_many_device_keys`; `session_invalid`.
 */
export async function addDeviceKey(
  ctx: Context,
  session: Session,
  { proof, name = NAME, audiences }: { proof: string; name?: string | undefined; audiences: string[] },
): Promise<AddedDeviceKey> {
  const { anonymousId } = session
  const { challenge, ...proven } = await verifiedKey(ctx, proof, { audiences, subject: anonymousId })
  if (challenge.anonymousId !== anonymousId || challenge.sessionId !== session.id)
    throw keyInvalid('challenge of another session')
  const key: DeviceKeyRow = { ...proven, anonymousId, name, createdAt: ctx.now(), lastUsedAt: null }
  const result = await ctx.store.addDeviceKey({
    key,
    from: sessionRef(ctx, session),
    isProven: mayEnrol(ctx, session),
    keep: session.kind === 'sealed' ? keeping(ctx, session, { recoverability: 'device' }) : undefined,
    spent: spentChallenge(challenge),
    maxDeviceKeys: ctx.config.deviceKeys.max,
    retained: retainedBy(ctx, session.collection),
    notes: [note(ctx, 'device_key.added', { device_key_id: key.id }, aboutSession(session))],
  })
  switch (result.outcome) {
    case 'added':
    case 'repeated': {
      const { recoverability, guestExpiresAt } = result
      const next: Session = { ...session, kind: 'stored', recoverability, guestExpiresAt }
      if (result.outcome === 'repeated')
        return { deviceKey: toDeviceKey(result.key), session: next, repeated: true }
      return { deviceKey: toDeviceKey(key), session: next, repeated: false }
    }
    case 'ended':
      throw sessionEnded('before the device key was added')
    case 'unproven':
      throw stepUpNeeded(ctx.config.stepUpSeconds)
    case 'too_many':
      throw new GuestError('too_many_device_keys')
    default:
      throw keyInvalid(result.outcome)
  }
}

const keyInvalid = (reason: string) => new GuestError('device_key_invalid', { reason })

async function verifiedKey(
  ctx: Context,
  proof: string,
  of: { audiences: string[]; subject: string },
): Promise<KeyRegistration> {
  try {
    return await verifyKeyRegistration(ctx, proof, of)
  } catch (error) {
    throw keyInvalid(reasonIn(error))
  }
}

/** The keys, oldest first. A guest who is not kept has none. */
export const deviceKeyRows = async (ctx: Context, session: Session): Promise<DeviceKeyRow[]> =>
  session.kind === 'sealed' ? [] : ctx.store.listDeviceKeys({ anonymousId: session.anonymousId })

export const listDeviceKeys = async (ctx: Context, session: Session): Promise<DeviceKey[]> =>
  (await deviceKeyRows(ctx, session)).map(toDeviceKey)

/** Errors: `not_found`, for another guest's key too. */
export async function renameDeviceKey(
  ctx: Context,
  { anonymousId }: Session,
  id: string,
  name: string,
): Promise<DeviceKey> {
  const renamed = await ctx.store.renameDeviceKey({ anonymousId, id, name })
  if (!renamed) throw new GuestError('not_found')
  return toDeviceKey(renamed)
}

/**
 * Revokes a key: from now on it signs nobody in. Sessions that it began go on until they end.
 * Errors: `not_found`; `insufficient_user_authentication` if the guest has a passkey and none was proven in the session
 * in the last `stepUpSeconds`; `would_lose_account` if the key is the guest's only way back, unless `force`.
 */
export async function removeDeviceKey(
  ctx: Context,
  session: Session,
  id: string,
  force: boolean,
): Promise<void> {
  const outcome = await ctx.store.removeDeviceKey({
    anonymousId: session.anonymousId,
    id,
    force,
    isProven: isFresh(ctx, session),
    notes: [note(ctx, 'device_key.removed', { device_key_id: id }, aboutSession(session))],
  })
  if (outcome === 'not_found') throw new GuestError('not_found')
  if (outcome === 'unproven') throw stepUpNeeded(ctx.config.stepUpSeconds)
  if (outcome === 'last') throw new GuestError('would_lose_account')
}
