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
import { isFresh } from '../sessions/step-up.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { grantedScope } from '../tokens/clients.ts'
import { type TokenParams, tokensFor } from '../tokens/grants.ts'
import { issueIdToken } from '../tokens/id-tokens.ts'
import {
  AUTHORIZATION_CODE_SECONDS,
  type AuthorizationRequest,
  guestMac,
  type IdentificationRequest,
  sendBack,
} from './authorization.ts'
import type { RedemptionParams } from './redemption.ts'

/** A session that lives in its token is carried whole; of a stored one, what names its row. */
type Carried = SealedPayload | { a: string; id: string }

/** The payload of such a code: an id, the request, the session, and the expiry in Unix seconds. */
export type IdentificationCode = { n: string; r: IdentificationRequest; s: Carried; e: number }

/** What stands for the person on our page, so that nobody approves for another guest than the one who was shown. */
export const whomOf = (ctx: Context, session: Session): string => guestMac(ctx.keys, session)

/**
 * The error for the client if nobody may be asked, or if a new proof is asked for, which these pages cannot take (OpenID
 * Connect Core 1.0, 3.1.2.6). `isKnown`: the app knows already what it would be told. `maxAge` is in seconds.
 */
export function refuseUnasked(
  ctx: Context,
  session: Session | undefined,
  { prompt = '', maxAge, isKnown }: Unasked,
): string | undefined {
  const prompts = prompt.split(' ')
  if (prompts.includes('none') && !(session && isKnown))
    return session ? 'consent_required' : 'login_required'
  const isProven = session && (maxAge === undefined || isFresh(ctx, session, Number(maxAge)))
  return prompts.includes('login') || (maxAge !== undefined && !isProven) ? 'login_required' : undefined
}

/** What decides whether somebody may be led on unasked. */
export type Unasked = { prompt?: string | undefined; maxAge?: string | undefined; isKnown: boolean }

/** Whether the person is led on at once: the app knows already, and does not want them to be asked (OpenID Connect Core 1.0, 3.1.2.1). */
export const mayGoOn = ({ prompt = '', isKnown }: Unasked): boolean =>
  isKnown && !/\b(consent|select_account)\b/.test(prompt)

/** The URL to send the browser to with a code for this session (RFC 6749, 4.1.2; RFC 9207). */
export async function identify(
  ctx: Context,
  request: IdentificationRequest,
  session: Session,
): Promise<string> {
  const payload: IdentificationCode = {
    n: randomId(128),
    r: request,
    s: session.carried
      ? sealedPayload(ctx, session, cookieLifetimes(ctx), session)
      : { a: session.anonymousId, id: session.id },
    e: ctx.now() + AUTHORIZATION_CODE_SECONDS,
  }
  return sendBack(ctx, request, { code: await encrypt(ctx, 'authorizationCode', payload) })
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
  return payload && 's' in payload ? payload : undefined
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
  { verifier, redirectUri }: RedemptionParams,
  params: TokenParams,
): Promise<Tokens> {
  const no = (reason: string) => new GuestError('invalid_grant', { reason })
  if (e <= ctx.now()) throw no('code expired')
  if (request.client !== client.id) throw no('code issued to another client')
  if (redirectUri !== request.redirectUri) throw no('redirect_uri differs from the one in the request')
  if (!sameText(hash('sha256', verifier, 'base64url'), request.challenge))
    throw no('code_verifier does not match code_challenge')
  const audience = audienceFor(ctx, client, params.resource)
  const scope = grantedScope(request.scope, client.scopes)
  const session = await sessionIn(ctx, s)
  if (!session) throw no('session ended')
  if (!(await ctx.store.spendOnce({ id: n, expiresAt: e }))) throw no('code used before')
  const grant = { clientId: client.id, scope, jkt: params.jkt }
  const tokens = await tokensFor(ctx, client, { session }, grant, audience)
  const { nonce } = request
  return {
    ...tokens,
    id_token: await issueIdToken(ctx, session, { client, scope, nonce, accessToken: tokens.access_token }),
  }
}

/** The session of a code, if it still lives. */
async function sessionIn(ctx: Context, carried: Carried): Promise<Session | undefined> {
  if ('l' in carried) {
    const sealed = sealedSession(ctx, carried, cookieLifetimes(ctx), null)
    return sealed.endsAt <= ctx.now() ? undefined : livingSession(ctx, sealed)
  }
  const row = await ctx.store.findSession({ anonymousId: carried.a, id: carried.id })
  return row && !row.grant && row.expiresAt > ctx.now() ? storedSession(row) : undefined
}
