// Recovery codes: ten codes to write down. Each signs the guest in once. They count as a way back once the guest has
// confirmed that they were written down.

import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import type { RecoveryCodes, RecoveryCodesLeft } from '../types.ts'
import { hashToken } from './crypto/secrets.ts'
import { newWrittenCode, normalWrittenCode } from './crypto/written-codes.ts'
import { note } from './events/audit-trail.ts'
import { retainedBy } from './guests/retention.ts'
import { keeping } from './life/keep.ts'
import { aboutSession, type Holder, type Session, sessionEnded, sessionRef } from './sessions/sessions.ts'
import { isFresh, requireProof, requireRecentPasskey } from './sessions/step-up.ts'
import { refusedAs, signInByProof } from './sign-in/by-proof.ts'
import type { SignedIn } from './sign-in/complete.ts'

const CODE_COUNT = 10
/** The store has this hash instead of the code. 80 random bits need no slow hash. */
const codeHash = (code: string): string => hashToken(`recovery code ${normalWrittenCode(code)}`)

/**
 * Refuses a change of the codes if the guest has a passkey and none was proven in the session in the last
 * `stepUpSeconds`. Errors: `insufficient_user_authentication`.
 */
function provenIn(ctx: Context, session: Session) {
  requireProof(ctx, session)
  return { session: sessionRef(ctx, session), isProven: isFresh(ctx, session) }
}

function refuseChange(ctx: Context, session: Session, outcome: 'ended' | 'unproven'): never {
  // Another tab has added a passkey meanwhile.
  if (outcome === 'unproven') requireRecentPasskey(ctx, session)
  throw endedBefore()
}

const endedBefore = () => sessionEnded('before its recovery codes were changed')

/**
 * Makes ten new recovery codes, which replace all earlier ones, and keeps the guest. Only this answer has them in the
 * clear. They sign in at once, but they count as a way back only when they are confirmed. The earlier ones are gone, so
 * a guest with no other way back has none until then.
 * Errors: `insufficient_user_authentication` if the guest has a passkey and none was proven in the session in the last
 * `stepUpSeconds`; `session_invalid`.
 */
export async function createRecoveryCodes(ctx: Context, session: Session): Promise<RecoveryCodes> {
  const by = provenIn(ctx, session)
  const { anonymousId, collection } = session
  const now = ctx.now()
  const codes = Array.from({ length: CODE_COUNT }, newWrittenCode)
  const keep = session.kind === 'sealed' ? keeping(ctx, session) : undefined
  const result = await ctx.store.replaceRecoveryCodes({
    anonymousId,
    ids: codes.map(codeHash),
    by,
    keep,
    now,
    retained: retainedBy(ctx, collection),
    notes: [note(ctx, 'recovery_codes.changed', { left: CODE_COUNT }, aboutSession(session))],
  })
  if (result.outcome !== 'replaced') return refuseChange(ctx, session, result.outcome)
  return { codes, left: CODE_COUNT, created_at: now, confirmed: false }
}

/** How many codes are left, when they were made (null if none is left), and whether they are confirmed; never which. */
export async function recoveryCodesLeft(
  ctx: Context,
  { anonymousId }: Pick<Session, 'anonymousId'>,
): Promise<RecoveryCodesLeft> {
  const { left, createdAt, confirmed } = await ctx.store.countRecoveryCodes({ anonymousId })
  return { left, created_at: createdAt, confirmed }
}

/**
 * Confirms that the guest has written the codes down: from now on they count as a way back. Codes that were confirmed
 * before stay so.
 * Errors: `not_found` if there are no codes; `session_invalid`.
 */
export async function confirmRecoveryCodes(ctx: Context, session: Session): Promise<RecoveryCodesLeft> {
  const { anonymousId, collection } = session
  const event = { left: 0 } // the store fills in how many are left
  const result = await ctx.store.confirmRecoveryCodes({
    anonymousId,
    session: sessionRef(ctx, session),
    now: ctx.now(),
    retained: retainedBy(ctx, collection),
    notes: [note(ctx, 'recovery_codes.confirmed', event, aboutSession(session))],
  })
  if (result.outcome === 'none')
    throw new GuestError('not_found', { detail: 'There are no recovery codes to confirm. Make some first.' })
  if (result.outcome === 'ended') throw endedBefore()
  return { left: result.left, created_at: result.createdAt, confirmed: true }
}

/**
 * Removes all recovery codes, if there are any.
 * Errors: `would_lose_account` if they are the guest's only way back, unless `force`;
 * `insufficient_user_authentication` if the guest has a passkey and none was proven in the session in the last
 * `stepUpSeconds`; `session_invalid`.
 */
export async function removeRecoveryCodes(ctx: Context, session: Session, force: boolean): Promise<void> {
  const by = provenIn(ctx, session)
  const { anonymousId, collection } = session
  const outcome = await ctx.store.removeRecoveryCodes({
    anonymousId,
    by,
    force,
    now: ctx.now(),
    retained: retainedBy(ctx, collection),
    notes: [note(ctx, 'recovery_codes.changed', { left: 0 }, aboutSession(session))],
  })
  if (outcome === 'last') throw new GuestError('would_lose_account')
  if (outcome === 'ended' || outcome === 'unproven') refuseChange(ctx, session, outcome)
}

/**
 * Signs in the guest whose code this is, uses the code up, and ends the current session. Whoever has one code has kept
 * them, so the others are confirmed. It is no proof of a passkey; but for `ENROL_SECONDS` (10 minutes) a passkey may be added without one, because the guest may have lost the others.
 * Errors: `recovery_code_wrong`; `guest_merged`; `guest_disabled`; `too_many_sessions`. None of them uses the code up.
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
  const event = { left: 0 } // the store fills in how many are left
  const signedIn = await signInByProof(ctx, session, guest, {
    proof: { by: 'recovery_code', id },
    used: () => [note(ctx, 'recovery_code.used', event, { anonymousId })],
    refused: refusedAs('recovery_code_wrong'),
    holder,
    enrols: true,
  })
  return { ...signedIn, recovery_codes_left: signedIn.recovery_codes_left! }
}
