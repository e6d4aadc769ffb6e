// Promotion and demotion: a guest becomes a regular user, and back, with the same `sub` and passkeys.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { withOldNames } from '../../old-names.ts'
import { withoutDeviceKeys } from '../../rules/first-credential.ts'
import { type GuestFacts, stageOf } from '../../rules/guest.ts'
import { hasPasskey } from '../../rules/recoverability.ts'
import type { AboutGuest, LoginIdRow, LoginProof, SessionRow } from '../../store/store.ts'
import type { Recoverability } from '../../types.ts'
import { note, noteFailure } from '../events/audit-trail.ts'
import { findGuestById, toGuest, toPreviousGuest } from '../guests/guest.ts'
import { retainedBy } from '../guests/retention.ts'
import { keeping } from '../life/keep.ts'
import { newMerge, OFFER_SECONDS } from '../life/merge.ts'
import { ending, endingOfWayIn } from '../sessions/endings.ts'
import { revocation } from '../sessions/revoked-device-keys.ts'
import { newStoredSession } from '../sessions/session-tokens.ts'
import {
  aboutSession,
  type Holder,
  type Session,
  sessionEnded,
  sessionRef,
  storedSession,
} from '../sessions/sessions.ts'
import { isFresh, requireProof, stepUpNeeded } from '../sessions/step-up.ts'
import { newSessionFor } from '../tokens/new-session.ts'
import { codeError, readCode, sendCode } from './codes.ts'
import { type LoginIdKey, normalLoginId } from './login-ids.ts'

/**
 * Sends a code to the login ID that the guest wants to have.
 * Errors: `login_id_invalid`, `no_codes`, `codes_off`, `too_many_codes`, `not_sent`; `insufficient_user_authentication`.
 */
export async function startPromotion(ctx: Context, session: Session, loginId: LoginIdKey, network: string) {
  requireProof(ctx, session)
  const { anonymousId, recoverability } = session
  const isProven = hasPasskey(recoverability)
  return sendCode(ctx, normalLoginId(loginId), { purpose: 'promote', anonymousId, network, isProven })
}

/**
 * The session that goes on. `token`: its token, if it is a new session. `recovery_codes_left`, with the first login ID:
 * how many recovery codes from before still work, if there are any.
 */
export type Promoted = { session: Session; token?: string; recovery_codes_left?: number }

/**
 * Gives the guest of a session the login ID that the code proves. The first login ID makes the guest a regular user:
 * all sessions end, and a new one begins. The new session is for the client `holder`, or else for the browser.
 * Errors: `code_wrong`, `code_expired`; `login_id_taken`, with a merge ticket if the two may be merged;
 * `promotion_refused` by the host; `too_many_login_ids`; `session_invalid` if the session ended meanwhile;
 * `insufficient_user_authentication` if the guest has a passkey that was proven neither when it asked for the code nor
 * lately.
 */
export async function verifyPromotion(
  ctx: Context,
  session: Session,
  sent: { transaction: string; code: string },
  holder?: Holder,
): Promise<Promoted> {
  const { loginId, code, anonymousId, isProven } = readCode(ctx, 'promote', sent)
  // Another guest asked for this code, in another browser: it proves nothing about this guest.
  if (anonymousId !== session.anonymousId) throw codeError('dead_code')
  const issued = newSessionFor(ctx, holder, session.anonymousId)
  return promote(ctx, session, { loginId, proof: code, isProven, issued })
}

/**
 * Gives the guest of a session a login ID that the host has checked. The first login ID ends all sessions, and a new one
 * begins.
 * Errors: `login_id_invalid`, `login_id_taken`, `promotion_refused`, `too_many_login_ids`; `session_invalid` if the
 * session ended meanwhile.
 */
export async function promoteByHost(ctx: Context, session: Session, loginId: LoginIdKey): Promise<Promoted> {
  const key = normalLoginId(loginId)
  return promote(ctx, session, { loginId: key, issued: newStoredSession(ctx, session.anonymousId) })
}

/**
 * Gives a kept guest, whom the host names by id, a login ID that the host has checked. The first login ID ends all
 * sessions.
 * Errors: those of `promoteByHost`; `not_found` if the guest is not kept; `guest_disabled`.
 */
export async function promoteKeptGuest(
  ctx: Context,
  anonymousId: string,
  loginId: LoginIdKey,
): Promise<void> {
  const key = normalLoginId(loginId)
  await addLoginId(ctx, await keptGuest(ctx, anonymousId), { loginId: key })
}

/**
 * The login ID to give, its proof (undefined if the host has checked it), whether the guest had proven a passkey when it
 * asked, and the session that replaces this one.
 */
export type PromoteParams = {
  loginId: LoginIdKey
  proof?: LoginProof
  isProven?: boolean
  issued: { row: SessionRow; token: string }
}

/** Gives the guest of a session a login ID. Errors: those of `addLoginId`. */
export async function promote(
  ctx: Context,
  session: Session,
  { issued, isProven: wasProven, ...params }: PromoteParams,
): Promise<Promoted> {
  const to = { ...issued.row, authTime: session.authTime }
  const isProven = wasProven || isFresh(ctx, session)
  const within = { session, to, isProven }
  const { first, about, codesLeft } = await addLoginId(ctx, session, { ...params, within })
  return {
    ...(first ? { session: storedSession({ ...to, ...about }), token: issued.token } : { session }),
    ...(codesLeft && { recovery_codes_left: codesLeft }),
  }
}

type AddedLoginId = {
  /** Whether it is the first one, so that the guest has become a regular user. */
  first: boolean
  /** What holds for the guest if it is. */
  about: AboutGuest
  codesLeft?: number
}

/**
 * Gives a guest or a regular user a login ID. `within`: the session that asks, and the one that replaces it; undefined if
 * the host named the guest by id.
 * Errors: `code_wrong`; `code_expired`, also for an authorization code that was used before; `login_id_taken`,
 * `promotion_refused`, `too_many_login_ids`; `session_invalid` if the session ended, or
 * the guest was merged or erased meanwhile; `guest_disabled` if it was disabled; `insufficient_user_authentication` for a proof, if the guest has a passkey and
 * `isProven` is false.
 */
async function addLoginId(
  ctx: Context,
  guest: GuestFacts,
  {
    loginId,
    proof,
    within,
  }: {
    loginId: LoginIdKey
    proof?: LoginProof
    within?: { session: Session; to: SessionRow; isProven: boolean }
  },
): Promise<AddedLoginId> {
  const { anonymousId, label, collection } = guest
  const now = ctx.now()
  // The guest may have got the passkey since it asked for the proof.
  const isProven = proof === undefined || within?.isProven === true
  if (hasPasskey(guest.recoverability) && !isProven) throw stepUpNeeded(ctx.config.stepUpSeconds)
  // The host is asked only if the proof is right: a wrong guess must not make it do anything. A wrong code is refused
  // below.
  if (!proof || 'spent' in proof || (await ctx.store.isRightCode({ ...proof, now })))
    await askHost(ctx, guest, within?.session.id ?? null, loginId)
  const first = guest.promotedAt === null
  const { session, to } = within ?? {}
  const keep = session?.kind === 'sealed' ? keeping(ctx, session) : undefined
  const recoverability = await withoutKeys(ctx, guest)
  const offer = proof && session && first ? newMerge(ctx, session, '') : undefined
  const promoted = { label, collection, recoverability, guestExpiresAt: null, promotedAt: now }
  const about = { anonymousId, sessionId: session?.id ?? null }
  const event = { guest: toGuest({ kind: 'stored', anonymousId, ...promoted }), type: loginId.type }
  const result = await ctx.store.promote({
    anonymousId,
    loginId: newLoginId(anonymousId, loginId, now),
    proof,
    isProven,
    keep,
    to,
    now,
    from: session && sessionRef(ctx, session),
    offer: offer && { ...offer.row, status: 'offered', claimedUntil: 0, expiresAt: now + OFFER_SECONDS },
    maxLoginIds: ctx.config.loginIds.max,
    revocation: revocation(ctx, about),
    ending: ending(ctx, 'promoted'),
    wayInEnded: endingOfWayIn(ctx, about),
    notes: {
      first: [note(ctx, 'guest.promoted', event, about, { counts: { as: 'promoted', collection } })],
      further: [note(ctx, 'login_id.added', { type: loginId.type }, about)],
    },
  })
  switch (result.outcome) {
    case 'promoted':
      return {
        first: result.first,
        about: promoted,
        ...(result.codesLeft !== undefined && { codesLeft: result.codesLeft }),
      }
    case 'known':
      return { first: false, about: promoted }
    case 'taken':
      throw new GuestError('login_id_taken', {
        ...(offer && result.by.collection === collection && { members: { ticket: offer.ticket } }),
      })
    case 'too_many':
      throw new GuestError('too_many_login_ids')
    case 'disabled':
      throw new GuestError('guest_disabled')
    case 'ended':
      throw sessionEnded('during the promotion')
    case 'unproven':
      throw stepUpNeeded(ctx.config.stepUpSeconds)
    case 'used':
      await endIssued(ctx, anonymousId, result.sessionId)
      throw codeError('dead_code')
    default:
      throw codeError(result.outcome)
  }
}

/** How the guest could come back once its device keys are revoked. */
async function withoutKeys(
  ctx: Context,
  { anonymousId, recoverability }: GuestFacts,
): Promise<Recoverability> {
  if (recoverability !== 'device') return recoverability
  const { left, confirmed } = await ctx.store.countRecoveryCodes({ anonymousId })
  return withoutDeviceKeys(recoverability, confirmed ? left : 0)
}

/**
 * Ends the session that an authorization code led to. If a used code comes again, it may be stolen (RFC 6749, 4.1.2).
 */
export async function endIssued(ctx: Context, anonymousId: string, id: string | null): Promise<void> {
  if (id === null) return
  const session = { kind: 'stored', anonymousId, id } as const
  if (await ctx.store.endSession({ ...session, ending: ending(ctx, 'code_reused') }))
    ctx.logger.warn(
      { anonymous_id: anonymousId },
      'a used authorization code came back: its session was ended',
    )
}

const newLoginId = (anonymousId: string, { type, value }: LoginIdKey, now: number): LoginIdRow => ({
  type,
  value,
  anonymousId,
  verifiedAt: now,
  primary: false,
})

async function askHost(
  ctx: Context,
  guest: GuestFacts,
  sessionId: string | null,
  loginId: LoginIdKey,
): Promise<void> {
  const who = { ...toPreviousGuest(guest), ...stageOf(guest) }
  try {
    await ctx.config.loginIds.onPromote?.(
      withOldNames({ guest: who, login_id: loginId }, { loginId: 'login_id' }),
    )
  } catch (cause) {
    const about = { anonymousId: guest.anonymousId, sessionId }
    if (guest.kind === 'stored') await noteFailure(ctx, 'guest.promoted', about, 'promotion_refused')
    throw new GuestError('promotion_refused', { cause })
  }
}

/** A kept guest whom the host named by id. Errors: `not_found` if it is not kept; `guest_disabled`. */
async function keptGuest(ctx: Context, anonymousId: string): Promise<GuestFacts> {
  const guest = await findGuestById(ctx, anonymousId)
  if (!guest || guest.stage === 'merged') {
    throw new GuestError('not_found', { detail: 'This guest is not kept. Call keep() first.' })
  }
  // The host is not asked about a login ID that the guest does not get.
  if (await ctx.store.findDisabled({ anonymousId, now: ctx.now() })) throw new GuestError('guest_disabled')
  const recoverability = await ctx.store.findRecoverability({ anonymousId })
  const { label, collection, promotedAt, expiresAt: guestExpiresAt } = guest
  return { kind: 'stored', anonymousId, label, collection, promotedAt, guestExpiresAt, recoverability }
}

/**
 * Makes a regular user a guest again: deletes all login IDs and the profile; `sub`, passkeys and sessions stay.
 * Errors: `not_promoted`; `insufficient_user_authentication`; `would_lose_account` if the guest has no passkey,
 * device key or recovery code to come back by, and `force` is false.
 */
export async function demote(ctx: Context, session: Session, force: boolean): Promise<Session> {
  if (session.promotedAt === null) throw new GuestError('not_promoted')
  requireProof(ctx, session)
  if (session.recoverability === 'none' && !force) throw new GuestError('would_lose_account')
  const { anonymousId, collection, recoverability } = session
  const retained = retainedBy(ctx, collection)
  const guest: Session = { ...session, promotedAt: null, guestExpiresAt: retained[recoverability].expiresAt }
  const event = { guest: toGuest(guest) }
  const demoted = await ctx.store.demote({
    anonymousId,
    now: ctx.now(),
    retained,
    notes: [note(ctx, 'guest.demoted', event, aboutSession(session))],
  })
  if (!demoted) throw new GuestError('not_promoted')
  return guest
}
