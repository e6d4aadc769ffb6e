// Coming in by a way in: the guest makes a passkey with the code. There is no session before that, so whoever has the code
// alone sees no login ID and no export.

import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { GuestRow, PasskeyRow, WayInRow } from '../../store/store.ts'
import { type Challenge, isFor, newChallenge, readChallenge, spentChallenge } from '../crypto/challenges.ts'
import { note } from '../events/audit-trail.ts'
import { toGuest, toPreviousGuest } from '../guests/guest.ts'
import { retainedBy } from '../guests/retention.ts'
import { expectedIn, verifyRegistration } from '../passkeys/ceremony.ts'
import { newPasskey } from '../passkeys/manage.ts'
import { requireRegistration } from '../passkeys/registration-options.ts'
import { algorithms } from '../passkeys/strict.ts'
import { webauthn } from '../passkeys/webauthn.ts'
import { ending } from '../sessions/endings.ts'
import { revocation } from '../sessions/revoked-device-keys.ts'
import { successorSecret } from '../sessions/session-tokens.ts'
import { type Holder, type Session, sessionEnded, sessionRef, storedSession } from '../sessions/sessions.ts'
import { completeSignIn, leftGuest, type SignedIn } from '../sign-in/complete.ts'
import { newSessionFor } from '../tokens/new-session.ts'
import { wayInHash } from './open.ts'

/**
 * What the authenticator needs to make the passkey with which the guest comes in. Writes nothing.
 * Errors: `way_in_invalid`, `way_in_waiting`, `guest_merged`, `guest_disabled`, `too_many_passkeys`, `registration_off`;
 * `unavailable` if nodes of other versions use the store.
 */
export async function wayInOptions(
  ctx: Context,
  code: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  await requireRegistration(ctx)
  const { wayIn, guest } = await openedBy(ctx, wayInHash(code))
  await ctx.fleet.refuseMixed() // not for every code that somebody guesses: it asks the store
  const { anonymousId, label, userHandle } = guest
  const existing = await ctx.store.listPasskeys({ anonymousId })
  if (existing.length >= ctx.config.passkeys.max) throw new GuestError('too_many_passkeys')
  const { generateRegistrationOptions } = await webauthn()
  return generateRegistrationOptions({
    rpName: ctx.config.rpName,
    rpID: ctx.config.rpId,
    userID: Buffer.from(userHandle, 'base64url'),
    userName: label,
    userDisplayName: label,
    challenge: newChallenge(ctx, { purpose: 'way_in', anonymousId, wayIn: wayIn.id }),
    timeout: ctx.config.challengeSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: [], // whoever has lost everything has none of them
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: [...algorithms],
  })
}

/**
 * The way in with this id, and its guest, if it lets the guest in now.
 * Errors: `way_in_invalid`, `way_in_waiting`, `guest_merged`, `guest_disabled`.
 */
async function openedBy(ctx: Context, id: string): Promise<{ wayIn: WayInRow; guest: GuestRow }> {
  const now = ctx.now()
  const wayIn = await ctx.store.findWayIn({ id, now })
  const guest = wayIn && (await ctx.store.findGuest(wayIn))
  if (!wayIn || !guest) throw new GuestError('way_in_invalid', { reason: 'no such code' })
  if (guest.stage === 'merged') throw new GuestError('guest_merged')
  if (await ctx.store.findDisabled({ ...wayIn, now })) throw new GuestError('guest_disabled')
  const isApproved = !wayIn.needsApproval || wayIn.approvedBy !== null
  if (wayIn.opensAt > now || !isApproved) throw new GuestError('way_in_waiting')
  return { wayIn, guest }
}

/**
 * Lets the guest in with the passkey that was made. It uses the code up, ends all sessions, device keys and recovery codes
 * of the guest, and begins a session in which the passkey counts as proven. The other passkeys stay. If the same passkey is
 * sent again, the answer is the same session.
 * Errors: `way_in_invalid`, `way_in_waiting`, `registration_failed`, `registration_off`, `too_many_passkeys`,
 * `guest_merged`, `guest_disabled`; `session_invalid` if the session of the first time has ended; `unavailable` if nodes
 * of other versions use the store.
 */
export async function enterByWayIn(
  ctx: Context,
  session: Session | undefined,
  response: RegistrationResponseJSON,
  holder?: Holder,
): Promise<SignedIn> {
  const challenge = readChallenge(ctx, response.response.clientDataJSON)
  if (!challenge || !isFor(challenge, 'way_in'))
    throw failed('challenge unknown, expired, or for something else')
  await requireRegistration(ctx)
  await ctx.fleet.refuseMixed()
  const { anonymousId } = challenge
  const passkey = await verifiedPasskey(ctx, challenge, response, holder)
  const { row: to, token } = newSessionFor(ctx, holder, anonymousId, {
    secret: successorSecret(challenge),
    keys: challenge.keys,
  })
  const guest = await ctx.store.findGuest({ anonymousId })
  if (!guest) throw new GuestError('way_in_invalid', { reason: 'the guest was erased' })
  const left = leftGuest(ctx, session, anonymousId)
  const previous = left.previous && toPreviousGuest(left.previous)
  const about = { anonymousId, sessionId: to.id }
  const { label, collection, promotedAt } = guest
  // Placeholders: the store fills in what is known only after the write.
  const facts = {
    anonymousId,
    label,
    collection,
    promotedAt,
    guestExpiresAt: null,
    recoverability: 'none',
  } as const
  const guestBefore = toGuest({ kind: 'stored', ...facts })
  const signedIn = {
    guest: guestBefore,
    session_id: to.id,
    method: 'way_in',
    ...(previous && { previous }),
  } as const
  const result = await ctx.store.enterByWayIn({
    ...{ id: challenge.wayIn, passkey, spent: spentChallenge(challenge), to, now: ctx.now() },
    from: session && sessionRef(ctx, session),
    maxPasskeys: ctx.config.passkeys.max,
    retained: retainedBy(ctx, collection),
    merge: left.offer?.row,
    revocation: revocation(ctx, about),
    ending: ending(ctx, 'way_in'),
    left: ending(ctx, 'replaced'),
    codesRemoved: note(ctx, 'recovery_codes.changed', { left: 0 }, about),
    used: note(ctx, 'way_in.used', { session_id: to.id }, about),
    added: note(ctx, 'passkey.added', { passkey_id: passkey.credentialId, first: false }, about),
    notes: [note(ctx, 'guest.signed_in', signedIn, about)],
    restored: [note(ctx, 'guest.restored', { guest: guestBefore }, about)],
  })
  switch (result.outcome) {
    case 'entered':
      ctx.counters.count('came_back.way_in', collection)
      return completeSignIn(ctx, { session: storedSession({ ...to, ...result }), token }, left, result)
    case 'repeated': {
      const again = await ctx.store.findSession({ anonymousId, id: to.id })
      if (!again || again.expiresAt <= ctx.now()) throw sessionEnded('after the way in was used')
      return { issued: { session: storedSession(again), token } }
    }
    case 'refused':
      throw new GuestError('way_in_invalid', { reason: 'used, cancelled or expired' })
    case 'waiting':
      throw new GuestError('way_in_waiting')
    case 'merged':
      throw new GuestError('guest_merged')
    case 'disabled':
      throw new GuestError('guest_disabled')
    case 'too_many_passkeys':
      throw new GuestError('too_many_passkeys')
    default:
      throw failed(result.outcome)
  }
}

const failed = (reason: string, cause?: unknown) => new GuestError('registration_failed', { reason, cause })

async function verifiedPasskey(
  ctx: Context,
  { anonymousId }: Challenge<'way_in'>,
  response: RegistrationResponseJSON,
  holder: Holder | undefined,
): Promise<PasskeyRow> {
  try {
    const expected = expectedIn(ctx.config, response.response.clientDataJSON, holder?.client)
    const credential = await verifyRegistration(response, { ...expected, conditional: false })
    return newPasskey(credential, response, anonymousId, ctx.now())
  } catch (error) {
    throw failed('not verified', error)
  }
}
