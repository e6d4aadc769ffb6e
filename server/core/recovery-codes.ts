// Recovery codes: ten texts on paper, each of which brings the guest back once.

import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import type { RecoveryCodes, RecoveryCodesLeft } from '../types.ts'
import { hashToken } from './crypto/secrets.ts'
import { note } from './events/audit-trail.ts'
import { retainedBy } from './guests/retention.ts'
import { announceKept, keeping, keptSession } from './life/keep.ts'
import { aboutSession, type Holder, type Session, sessionRef } from './sessions/sessions.ts'
import { isFresh, requireProof, requireRecentPasskey } from './sessions/step-up.ts'
import { signInByProof } from './sign-in/by-proof.ts'
import type { SignedIn } from './sign-in/complete.ts'

const CODE_COUNT = 10
/** Crockford's base 32, which has no letter that is taken for a digit: 16 characters are 80 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_CHARACTERS = 16

/** For example `7M2K-ZQ4X-0R8T-C5VB`. */
function newCode(): string {
  // Each of the 32 characters stands for as many bytes as any other.
  const characters = Array.from(randomBytes(CODE_CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]!)
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-')
}

/** As it is hashed, however somebody wrote it down: what looks like a digit is one. */
const normalForm = (code: string): string =>
  code
    .toUpperCase()
    .replace(/[\s\p{Dash_Punctuation}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')

/** What is stored of a code. It is random enough to need no slow hash. */
const codeHash = (code: string): string => hashToken(`recovery code ${normalForm(code)}`)

/** What adds or removes a way back wants a proof, where there is something to prove oneself by. */
function provenIn(ctx: Context, session: Session) {
  requireProof(ctx, session)
  return { session: sessionRef(ctx, session), isProven: isFresh(ctx, session) }
}

function refuseChange(ctx: Context, session: Session, outcome: 'ended' | 'unproven'): never {
  // A passkey that another tab has added meanwhile.
  if (outcome === 'unproven') requireRecentPasskey(ctx, session)
  throw new GuestError('session_invalid', { reason: 'ended before its recovery codes were changed' })
}

/**
 * Makes new recovery codes in place of all earlier ones, and keeps the guest where there is no row yet. This is the
 * only time that they exist in the clear.
 * Errors: `insufficient_user_authentication` where there is a passkey that was not proven lately; `session_invalid`.
 */
export async function createRecoveryCodes(ctx: Context, session: Session): Promise<RecoveryCodes> {
  const by = provenIn(ctx, session)
  const { anonymousId, collection } = session
  const now = ctx.now()
  const codes = Array.from({ length: CODE_COUNT }, newCode)
  const keep = session.kind === 'sealed' ? keeping(ctx, session, { recoverability: 'device' }) : undefined
  const event = { anonymous_id: anonymousId, left: CODE_COUNT }
  const result = await ctx.store.replaceRecoveryCodes({
    anonymousId,
    ids: codes.map(codeHash),
    by,
    keep,
    now,
    retained: retainedBy(ctx, collection),
    notes: [note(ctx, 'recovery_codes.changed', event, aboutSession(session))],
  })
  if (result.outcome !== 'replaced') return refuseChange(ctx, session, result.outcome)
  if (result.kept && keep) announceKept(ctx, { ...keptSession(session, keep), recoverability: 'device' })
  ctx.events.emit('recovery_codes.changed', event)
  return { codes, left: CODE_COUNT, created_at: now }
}

/** How many are left, and when they were made; never which. */
export async function recoveryCodesLeft(ctx: Context, { anonymousId }: Session): Promise<RecoveryCodesLeft> {
  const { left, createdAt } = await ctx.store.countRecoveryCodes({ anonymousId })
  return { left, created_at: createdAt }
}

/**
 * Removes all recovery codes, if there are any.
 * Errors: `would_lose_account` where nothing else would bring the guest back, unless forced;
 * `insufficient_user_authentication` where there is a passkey that was not proven lately; `session_invalid`.
 */
export async function removeRecoveryCodes(ctx: Context, session: Session, force: boolean): Promise<void> {
  const by = provenIn(ctx, session)
  const { anonymousId, collection } = session
  const event = { anonymous_id: anonymousId, left: 0 }
  const outcome = await ctx.store.removeRecoveryCodes({
    anonymousId,
    by,
    force,
    now: ctx.now(),
    retained: retainedBy(ctx, collection),
    notes: [note(ctx, 'recovery_codes.changed', event, aboutSession(session))],
  })
  if (outcome === 'last') throw new GuestError('would_lose_account')
  if (outcome === 'ended' || outcome === 'unproven') refuseChange(ctx, session, outcome)
  if (outcome === 'removed') ctx.events.emit('recovery_codes.changed', event)
}

/**
 * Signs in whose code it is, which is used up by it, and ends the session that was there. No passkey is proven by it;
 * for a while one may be added all the same, for those that the guest had may be lost.
 * Errors: `recovery_code_wrong`, which writes nothing; `guest_merged`, `too_many_sessions`, which use nothing up.
 */
export async function signInByRecoveryCode(
  ctx: Context,
  session: Session | undefined,
  code: string,
  holder?: Holder,
): Promise<SignedIn & { recovery_codes_left: number }> {
  const id = codeHash(code)
  const guest = await ctx.store.findRecoveryCode({ id })
  if (!guest) throw new GuestError('recovery_code_wrong', { reason: 'no such code' })
  const { anonymousId } = guest
  // How many are left turns out as it is written.
  const used = Array.from({ length: CODE_COUNT }, (_, left) => [
    note(ctx, 'recovery_code.used', { anonymous_id: anonymousId, left }, { anonymousId }),
  ])
  const signedIn = await signInByProof(ctx, session, guest, {
    proof: { by: 'recovery_code', id, used },
    method: 'recovery_code',
    refused: 'recovery_code_wrong',
    holder,
    enrols: true,
  })
  const left = signedIn.recovery_codes_left!
  ctx.events.emit('recovery_code.used', { anonymous_id: anonymousId, left })
  return { ...signedIn, recovery_codes_left: left }
}
