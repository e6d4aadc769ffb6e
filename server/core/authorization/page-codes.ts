// The codes that our own pages send and check. The page proves a login ID; the client's code does the rest.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { codeError, readCode, sendCode } from '../login-ids/codes.ts'
import { type LoginIdKey, normalLoginId } from '../login-ids/login-ids.ts'
import { startCodeSignIn } from '../login-ids/sign-in-by-code.ts'
import type { AuthorizationRequest } from './authorization.ts'

/**
 * Sends a code to a login ID. To sign in, nobody learns whether anybody has it.
 * Errors: `login_id_invalid`, `no_codes`, `codes_off`, `too_many_codes`; to promote, `not_sent`.
 */
export async function startPageCode(
  ctx: Context,
  { purpose, whom }: AuthorizationRequest,
  given: LoginIdKey,
  network: string,
): Promise<{ transaction: string; loginId: LoginIdKey }> {
  const loginId = normalLoginId(given)
  const { transaction } =
    purpose === 'sign_in'
      ? await startCodeSignIn(ctx, loginId, network)
      : await sendCode(ctx, loginId, { purpose, anonymousId: whom, network, to: 'asker' })
  return { transaction, loginId }
}

/** The login ID that a code proves; the code is spent. Errors: `code_wrong`, `code_expired`. */
export async function verifyPageCode(
  ctx: Context,
  { purpose, whom }: AuthorizationRequest,
  given: { transaction: string; code: string },
): Promise<LoginIdKey> {
  const { anonymousId, loginId, code } = readCode(ctx, purpose, given)
  if (anonymousId !== whom) throw new GuestError('code_expired', { reason: 'of another request' })
  const outcome = await ctx.store.spendCode({ ...code, now: ctx.now() })
  if (outcome !== 'right') throw codeError(outcome)
  return loginId
}
