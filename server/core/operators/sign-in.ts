// How operators sign in, and how they prove their passkey again (step-up). Either begins a new session.

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { newChallenge, spentChallenge } from '../crypto/challenges.ts'
import { authenticationFailed, provenPasskey, requestOptions } from './ceremonies.ts'
import { noteOwn } from './operators.ts'
import { newOperatorSession, type OperatorSession } from './sessions.ts'

/** How many sessions an operator may have at once. A sign-in ends the least used ones beyond. */
const MAX_SESSIONS = 20

export type OperatorSignIn = { session: OperatorSession; token: string }

/** The options of a sign-in. They name no passkey, so they are the same for everybody. */
export const signInOptions = (ctx: Context): Promise<PublicKeyCredentialRequestOptionsJSON> =>
  requestOptions(ctx, newChallenge(ctx, { purpose: 'operator_sign_in' }), [])

/** The options to prove a passkey of the operator who is signed in. */
export async function stepUpOptions(
  ctx: Context,
  { id, operatorId }: OperatorSession,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const passkeys = await ctx.store.listOperatorPasskeys({ operatorId })
  const challenge = newChallenge(ctx, { purpose: 'operator_step_up', operatorId, sessionId: id })
  return requestOptions(ctx, challenge, passkeys)
}

/**
 * Signs in the operator whose passkey signed, and ends the session that this browser had, also if it is another
 * operator's (`from`: its token's hash).
 * Errors: `authentication_failed`, whatever is wrong with the proof.
 */
export const signInOperator = (
  ctx: Context,
  response: AuthenticationResponseJSON,
  from: string | undefined,
): Promise<OperatorSignIn> => beginSession(ctx, response, { from })

/**
 * Replaces the session by a new one, with the proof of one of the operator's passkeys.
 * Errors: `authentication_failed`, also for another operator's passkey.
 */
export const stepUpOperator = (
  ctx: Context,
  session: OperatorSession,
  response: AuthenticationResponseJSON,
): Promise<OperatorSignIn> => beginSession(ctx, response, { from: session.id, session })

async function beginSession(
  ctx: Context,
  response: AuthenticationResponseJSON,
  { from, session }: { from: string | undefined; session?: OperatorSession },
): Promise<OperatorSignIn> {
  const stepUp = session !== undefined
  const { passkey, assertion, challenge } = await provenPasskey(ctx, response, stepUp)
  const { operator } = passkey
  if (challenge.purpose === 'operator_step_up') {
    const isOurs = challenge.operatorId === session?.operatorId && challenge.sessionId === session.id
    if (!isOurs || operator.id !== challenge.operatorId)
      throw authenticationFailed('challenge or passkey of another operator or session')
  }
  const { token, row } = newOperatorSession(ctx, operator.id)
  const outcome = await ctx.store.signInOperator({
    credentialId: passkey.credentialId,
    signCount: assertion.signCount,
    backedUp: assertion.backedUp,
    spent: spentChallenge(challenge),
    session: row,
    from,
    maxSessions: MAX_SESSIONS,
    now: ctx.now(),
    notes: [noteOwn(ctx, stepUp ? 'operator.stepped_up' : 'operator.signed_in', operator)],
    regressed: [noteOwn(ctx, 'operator.counter_regressed', operator, 'refused')],
  })
  if (outcome === 'counter_regressed')
    ctx.logger.warn(
      { operator: operator.id },
      'the signature counter of an operator’s passkey went back: the passkey may have been cloned',
    )
  if (outcome !== 'done') throw authenticationFailed(outcome)
  return { session: { ...row, operator }, token }
}
