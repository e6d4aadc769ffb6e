// Authorization codes for whoever is signed in on our page (OpenID Connect Core 1.0, 3.1): a guest, with or without a row,
// or a regular user. The code carries the session sealed and encrypted, so nothing is stored for it until it is redeemed.

import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { decrypt, encrypt } from '../crypto/jwe.ts'
import { randomId, sameText } from '../crypto/secrets.ts'
import {
  cookieLifetimes,
  type SealedPayload,
  sealedPayload,
  sealedSession,
} from '../sessions/sealed-sessions.ts'
import { livingSession } from '../sessions/session-tokens.ts'
import { type Session, storedSession } from '../sessions/sessions.ts'
import { acrOf } from '../sessions/step-up.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { findClient, grantedScope } from '../tokens/clients.ts'
import { type TokenParams, tokensFor } from '../tokens/grants.ts'
import { issueIdToken } from '../tokens/id-tokens.ts'
import { rememberTold } from '../tokens/logout-tokens.ts'
import { type AuthorizationRequest, type IdentificationRequest, REQUEST_SECONDS } from './authorization.ts'
import { AUTHORIZATION_CODE_SECONDS } from './login-id-codes.ts'
import type { RedemptionParams } from './redemption.ts'
import { guestMac, isWhom } from './whom.ts'

/** A session that lives in its token is carried whole; of a stored one, what names its row. */
export type Carried = SealedPayload | { a: string; id: string }

/** The payload of such a code: an id, the request, the session, and the expiry in Unix seconds. */
export type IdentificationCode = { n: string; r: IdentificationRequest; s: Carried; e: number }

/** What stands for the person on our page, so that nobody approves for another guest than the one who was shown. */
export const whomOf = (ctx: Context, session: Session): string => guestMac(ctx.keys, session)

/** Unix seconds: when the person of this session last signed in. Without a passkey, that is when the session began. */
const signedInAt = ({ authTime, createdAt }: Session): number => Math.max(authTime ?? 0, createdAt)

/** Whether a session is what the app demands. `prompt=login`, and `max_age`, ask for a sign-in while the request is open. */
export function isAsDemanded(ctx: Context, request: IdentificationRequest, session: Session): boolean {
  const { prompt, maxAge, passkey, hinted, expiresAt } = request
  const isNew = signedInAt(session) >= expiresAt - REQUEST_SECONDS
  const isRecent = maxAge === undefined || ctx.now() - signedInAt(session) <= maxAge
  return (
    (isNew || (isRecent && !prompt.includes('login'))) &&
    (!passkey || acrOf(session) !== undefined) &&
    (hinted === undefined || isWhom(ctx, session, hinted))
  )
}

/** What happens with a request: the page that asks, the page of all ways to come back, a code at once, or an error for the app. */
export type Step = 'consent' | 'sign_in' | 'answer' | { error: string }

/**
 * What comes first with a request of an app (OpenID Connect Core 1.0, 3.1.2.3 and 3.1.2.6). `knew`: the app was told before
 * what it asks for now. An app without a secret at a loopback address or an own scheme is asked about each time, because any
 * other program on the device could ask in its name (RFC 8252, 8.6).
 */
export function firstStep(
  ctx: Context,
  request: IdentificationRequest,
  session: Session | undefined,
  knew: boolean,
): Step {
  const isSure =
    findClient(ctx, request.client)?.kind === 'confidential' || /^https:/.test(request.redirectUri)
  const knows = knew && isSure
  const { prompt, passkey, hinted } = request
  const isMet = session !== undefined && isAsDemanded(ctx, request, session)
  if (prompt.includes('none'))
    return isMet && knows ? 'answer' : { error: isMet ? 'consent_required' : 'login_required' }
  const mustComeBack = session !== undefined || passkey || hinted !== undefined
  if (!isMet) return mustComeBack ? 'sign_in' : 'consent'
  return knows && !prompt.includes('consent') && !prompt.includes('select_account') ? 'answer' : 'consent'
}

/** A session, as a code carries it. */
export const carry = (ctx: Context, session: Session): Carried =>
  session.carried
    ? sealedPayload(ctx, session, cookieLifetimes(ctx), session)
    : { a: session.anonymousId, id: session.id }

/** A code for this session, as the app is answered with it (RFC 6749, 4.1.2). */
export async function identify(
  ctx: Context,
  request: IdentificationRequest,
  session: Session,
): Promise<{ code: string }> {
  const payload: IdentificationCode = {
    n: randomId(128),
    r: request,
    s: carry(ctx, session),
    e: ctx.now() + AUTHORIZATION_CODE_SECONDS,
  }
  return { code: await encrypt(ctx, 'authorizationCode', payload) }
}

/** The code, if it is one for a session; undefined if it is another one, or none of ours. */
export async function readIdentificationCode(
  ctx: Context,
  code: string,
): Promise<IdentificationCode | undefined> {
  const payload = await decrypt<IdentificationCode | { r: AuthorizationRequest }>(
    ctx,
    'authorizationCode',
    code,
  )
  return payload && 's' in payload && 'r' in payload ? payload : undefined
}

/**
 * The tokens for a code: an ID token, and an access token of the browser's session, without a refresh token. The code is
 * good once; used again, it is refused, and what it gave expires by itself within the hour.
 * Errors: `invalid_grant`, `invalid_target`.
 */
export async function grantByIdentification(
  ctx: Context,
  client: Client,
  { n, r: request, s, e }: IdentificationCode,
  { verifier, redirectUri }: Pick<RedemptionParams, 'redirectUri'> & { verifier: string | undefined },
  params: TokenParams,
): Promise<Tokens> {
  const no = (reason: string) => new GuestError('invalid_grant', { reason })
  if (e <= ctx.now()) throw no('code expired')
  if (request.client !== client.id) throw no('code issued to another client')
  if (redirectUri !== request.redirectUri) throw no('redirect_uri differs from the one in the request')
  // RFC 9700, 2.1.1: a verifier without a challenge is refused too, so that nobody can take the challenge out of a request.
  if ((verifier === undefined) !== (request.challenge === undefined))
    throw no('either code_verifier or code_challenge is missing')
  if (verifier !== undefined && !sameText(hash('sha256', verifier, 'base64url'), request.challenge!))
    throw no('code_verifier does not match code_challenge')
  const audience = audienceFor(ctx, client, params.resource)
  const scope = grantedScope(request.scope, client.scopes)
  const session = await sessionIn(ctx, s)
  if (!session) throw no('session ended')
  if (!(await ctx.store.spendOnce({ id: n, expiresAt: e }))) throw no('code used before')
  await rememberTold(ctx, client, session)
  const grant = { clientId: client.id, scope, jkt: params.jkt }
  const tokens = await tokensFor(ctx, client, { session }, grant, audience)
  const { nonce } = request
  const authTime = authTimeOf(ctx, request, session, e - AUTHORIZATION_CODE_SECONDS)
  return {
    ...tokens,
    id_token: await issueIdToken(ctx, session, {
      ...{ client, scope, nonce, authTime },
      accessToken: tokens.access_token,
    }),
  }
}

/** The session of a code, if it still lives. */
export async function sessionIn(ctx: Context, carried: Carried): Promise<Session | undefined> {
  if ('l' in carried) {
    const sealed = sealedSession(ctx, carried, cookieLifetimes(ctx), null)
    return sealed.endsAt <= ctx.now() ? undefined : livingSession(ctx, sealed)
  }
  const row = await ctx.store.findSession({ anonymousId: carried.a, id: carried.id })
  return row && !row.grant && row.expiresAt > ctx.now() ? storedSession(row) : undefined
}

/**
 * `auth_time` for an app that asks for it: the earliest time that the sign-in can have been, reckoned from the moment at which
 * the person let the app know. The time itself would be the same for two apps, which could join their guests by it.
 */
function authTimeOf(
  ctx: Context,
  { maxAge, authTime }: IdentificationRequest,
  session: Session,
  approvedAt: number,
): number | undefined {
  if (maxAge !== undefined) return approvedAt - maxAge
  if (!authTime) return undefined
  const { stepUpSeconds, sessions } = ctx.config
  const isRecent = approvedAt - signedInAt(session) <= stepUpSeconds
  return approvedAt - (isRecent ? stepUpSeconds : sessions.absoluteSeconds)
}
