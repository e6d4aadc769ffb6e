// Adding a passkey. The first one keeps the guest; if nobody is signed in, it makes a new guest. What the first one ends:
// rules/first-credential.ts.

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import { byPasskeys } from '../../rules/recoverability.ts'
import type { GuestCounter } from '../../rules/statistics.ts'
import type { PasskeyRow } from '../../store/store.ts'
import type { Passkey } from '../../types.ts'
import { type Challenge, isFor, readChallenge, spentChallenge } from '../crypto/challenges.ts'
import { note } from '../events/audit-trail.ts'
import { toGuest } from '../guests/guest.ts'
import { retainedBy } from '../guests/retention.ts'
import { ending, endingOfWayIn } from '../sessions/endings.ts'
import { revocation } from '../sessions/revoked-device-keys.ts'
import { successorSecret } from '../sessions/session-tokens.ts'
import {
  daysSeenNow,
  type Holder,
  type Presented,
  type Session,
  sessionEnded,
  sessionRef,
  storedSession,
} from '../sessions/sessions.ts'
import { requireGuestSignIn } from '../sign-in/anonymous.ts'
import { newSessionFor } from '../tokens/new-session.ts'
import { expectedIn, type NewCredential, verifyRegistration } from './ceremony.ts'
import { newPasskey, toPasskey } from './manage.ts'
import { requireRegistration, userHandleOf } from './registration-options.ts'

/**
 * `session`: the session from now on; `token` if it is a new one. `repeated`: the passkey had been added before.
 * `recovery_codes_left`, with the first passkey: how many recovery codes from before still work, if there are any.
 */
export type Registered = {
  passkey: Passkey
  session: Session
  token?: string
  repeated: boolean
  recovery_codes_left?: number
}

/**
 * Verifies a registration and adds the passkey. One step consumes the challenge and keeps the guest. With the first
 * passkey, it also ends all sessions of the guest, removes all its device keys, and begins a new session; the recovery
 * codes stay. If a client asks, the new session is for that client (`holder`). If the same guest asks again, the answer
 * is the same passkey.
 * Errors: `registration_failed` if anything is wrong with the proof; `session_invalid`; `too_many_passkeys`;
 * `registration_off` if new passkeys are switched off;
 * `guest_sign_in_off` if a guest would begin with this passkey, and no new guests are let in any more; the error of a
 * credential that was presented and is invalid, for example `guest_merged`.
 */
export async function registerPasskey(
  ctx: Context,
  presented: Presented,
  response: RegistrationResponseJSON,
  holder?: Holder,
): Promise<Registered> {
  const challenge = readChallenge(ctx, response.response.clientDataJSON)
  if (!challenge) throw registrationFailed('challenge unknown or expired')
  if (!isFor(challenge, 'register') && !isFor(challenge, 'register_new_guest'))
    throw registrationFailed('challenge of another purpose')
  await requireRegistration(ctx)
  const { keys } = challenge
  const secret = successorSecret(challenge)
  const begun = newSessionFor(ctx, holder, challenge.anonymousId, { secret, keys })
  const session = sessionFor(challenge, presented, begun.row.id)
  const { anonymousId, label, collection } = session ?? (await newGuestIn(ctx, challenge))
  const credential = await verifiedCredential(ctx, response, challenge, holder?.client)
  // A passkey that was made without verifying the user is no proof: the new session counts as not proven.
  const authTime = credential.userVerified ? begun.row.authTime : null
  const to = { ...begun, row: { ...begun.row, authTime } }

  const now = ctx.now()
  const passkey = newPasskey(credential, response, anonymousId, now)
  const about = { anonymousId, sessionId: session?.id ?? to.row.id }
  const counts = (as: GuestCounter) => ({ counts: { as, collection } })
  const added = (first: boolean) =>
    note(
      ctx,
      'passkey.added',
      { passkey_id: passkey.credentialId, first },
      about,
      first ? counts('saved') : {},
    )
  const firstSession = (guestExpiresAt: number | null): Session =>
    storedSession({
      ...to.row,
      label,
      collection,
      guestExpiresAt,
      recoverability: byPasskeys(passkey),
      promotedAt: session?.promotedAt ?? null,
    })
  const retention = retainedBy(ctx, collection)
  const promised = retention[byPasskeys(passkey)]
  const guest = toGuest(firstSession(promised.expiresAt))
  const signedIn = { guest, session_id: to.row.id, method: 'passkey' } as const
  const result = await ctx.store.registerPasskey({
    guest: {
      anonymousId,
      // A challenge of an earlier version does not say which handle the authenticator was given.
      userHandle: challenge.userHandle ?? (await userHandleOf(ctx, session ?? { anonymousId }, keys)),
      label,
      collection,
      createdAt: session?.createdAt ?? now,
      lastSeenAt: now,
      daysSeen: session?.carried
        ? daysSeenNow(ctx, { daysSeen: session.carried.daysSeen, lastSeenAt: session.lastSeenAt })
        : 1,
      expiresAt: promised.expiresAt,
      stage: 'active',
      promotedAt: null,
    },
    passkey,
    snoozes: session?.carried?.snoozes ?? [],
    from: session && sessionRef(ctx, session),
    to: to.row,
    spent: spentChallenge(challenge),
    maxPasskeys: ctx.config.passkeys.max,
    retained: retention,
    revocation: revocation(ctx, about),
    ending: ending(ctx, 'passkey_added'),
    wayInEnded: endingOfWayIn(ctx, about),
    notes: {
      // The passkey's line in the audit trail says it all.
      kept: [note(ctx, 'guest.kept', { guest }, about, { audited: false, ...counts('kept') })],
      first: [
        ...(session
          ? []
          : [note(ctx, 'guest.signed_in', signedIn, about, { audited: false, ...counts('created') })]),
        added(true),
      ],
      further: [added(false)],
    },
  })

  // Only a stored session goes on, and not after a first passkey.
  const goesOn =
    presented.status === 'valid' && presented.session.kind === 'stored' ? presented.session : undefined
  switch (result.outcome) {
    case 'added': {
      // The answer comes from what was written, not from a new read: a later change cannot turn it into a refusal.
      const { guestExpiresAt } = result
      const recoverability = byPasskeys({ backedUp: goesOn?.recoverability === 'synced' }, passkey)
      const followed: Pick<Registered, 'session' | 'token'> =
        goesOn && !result.first
          ? { session: { ...goesOn, recoverability, guestExpiresAt } }
          : { session: firstSession(guestExpiresAt), token: to.token }
      return {
        passkey: toPasskey(passkey),
        ...followed,
        repeated: false,
        ...(result.codesLeft && { recovery_codes_left: result.codesLeft }),
      }
    }
    case 'repeated':
      // Only the session that registered, or the one that this registration began, may ask again.
      if (!session || result.credentialId !== credential.id) throw registrationFailed('challenge used before')
      return asItStands(ctx, passkey, goesOn ? { id: goesOn.id } : { id: to.row.id, token: to.token })
    case 'session_ended':
      throw sessionEnded('during the registration')
    case 'too_many_passkeys':
      throw new GuestError('too_many_passkeys')
    default:
      throw registrationFailed(result.outcome)
  }
}

type RegistrationChallenge = Challenge<'register' | 'register_new_guest'>

const registrationFailed = (reason: string, cause?: unknown) =>
  new GuestError('registration_failed', { reason, cause })

/**
 * The presented session. It must be the one that asked for the challenge (this registration may have ended it already),
 * or the one that this registration began. Undefined if nobody is signed in.
 * Errors: `registration_failed` if it is neither; the error of a presented credential that is invalid.
 */
function sessionFor(
  challenge: RegistrationChallenge,
  presented: Presented,
  successorId: string,
): Session | undefined {
  if (presented.status === 'absent') return undefined
  const session = presented.status === 'valid' ? presented.session : presented.ended
  if (!session && presented.status === 'invalid') throw presented.error
  const askedIn = challenge.purpose === 'register' ? challenge.sessionId : undefined
  if (session?.id !== askedIn && session?.id !== successorId)
    throw registrationFailed('challenge of another session')
  return session
}

/**
 * The new guest that a challenge names.
 * Errors: `registration_failed` if it was made in a session; `guest_sign_in_off` if the option changed since.
 */
async function newGuestIn(
  ctx: Context,
  challenge: RegistrationChallenge,
): Promise<Challenge<'register_new_guest'>> {
  if (challenge.purpose === 'register')
    throw registrationFailed('challenge of a session, but no session was presented')
  await requireGuestSignIn(ctx, challenge.collection)
  return challenge
}

async function verifiedCredential(
  ctx: Context,
  response: RegistrationResponseJSON,
  challenge: RegistrationChallenge,
  client?: Client,
): Promise<NewCredential> {
  try {
    const expected = expectedIn(ctx.config, response.response.clientDataJSON, client)
    const conditional = challenge.purpose === 'register' && challenge.conditional
    return await verifyRegistration(response, { ...expected, conditional })
  } catch (error) {
    throw registrationFailed('not verified', error)
  }
}

/**
 * The answer to a repeated registration: the passkey and the session as the store has them now.
 * Errors: `session_invalid`.
 */
async function asItStands(
  ctx: Context,
  { credentialId, anonymousId }: PasskeyRow,
  { id, token }: { id: string; token?: string },
): Promise<Registered> {
  const [session, row, passkeys, codes] = await Promise.all([
    ctx.store.findSession({ anonymousId, id }),
    ctx.store.findPasskey({ credentialId }),
    ctx.store.listPasskeys({ anonymousId }),
    ctx.store.countRecoveryCodes({ anonymousId }),
  ])
  if (!session || session.expiresAt <= ctx.now() || !row) {
    throw sessionEnded('after the registration')
  }
  const areFromBefore = passkeys.length === 1 && codes.createdAt !== null && codes.createdAt <= row.createdAt
  return {
    passkey: toPasskey(row),
    session: storedSession(session),
    ...(token !== undefined && { token }),
    repeated: true,
    ...(areFromBefore && { recovery_codes_left: codes.left }),
  }
}
