// Access tokens (RFC 9068): signed JWTs that any backend can verify by itself, and that our own endpoints accept too.

import { type KeyObject, sign } from 'node:crypto'
import type { CryptoKey, JWTPayload } from 'jose'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { SnoozeRow } from '../../store/store.ts'
import { createCache } from '../crypto/cache.ts'
import { jose } from '../crypto/jose.ts'
import { randomId } from '../crypto/secrets.ts'
import { idFor, labelFor, nameFor } from '../guests/pairwise.ts'
import { endedOrMerged, livingSession } from '../sessions/session-tokens.ts'
import {
  invalidSession,
  type Presented,
  type SealedSession,
  type Session,
  storedSession,
} from '../sessions/sessions.ts'
import { acrOf, amrOf } from '../sessions/step-up.ts'
import { findClient } from './clients.ts'
import { grantedClaims, isOpenId } from './openid-claims.ts'
import { authTimeFor, tokenExpiry } from './pairwise-times.ts'

/** How far another service's clock may differ from ours. */
export const TOKEN_CLOCK_SKEW_SECONDS = 30
const MAX_TOKEN_CHARACTERS = 8192

/** The claims beyond those of RFC 9068, 2.2. */
type Claims = JWTPayload & {
  sub: string
  exp: number
  iat: number
  jti: string
  client_id: string
  sid: string
  scope?: string
  cnf?: { jkt?: string }
  /** Missing in the token of an app that asks who is signed in (`isOpenId`). */
  label?: string
  /** Missing in such a token without the scope `collection`. */
  collection?: string
  /**
   * Only if the session is, or began as, a sealed one: when it began and when it ends at the latest (Unix seconds),
   * whether a cookie or a client holds it, the number of days seen, and the snoozed prompts.
   */
  sealed?: {
    from: number
    to: number
    by: 'cookie' | 'client'
    pairwise: boolean
    /** The collection, if the client must not read it: encrypted, together with the id of the token. */
    in?: string
    days?: number
    snoozes?: SnoozeRow[]
  }
}

/** What to issue a token for; `jkt` is the thumbprint of the key to bind it to, or null. */
export type Audience = { client: Client; audience: string; scope: string[]; jkt: string | null }

/** The audience that a client asks for by `resource` (RFC 8707); default: its first. Errors: `invalid_target`. */
export function audienceFor({ config }: Context, client: Client, resource: string | undefined): string {
  if (resource !== undefined && resource !== config.tokens.issuer && !client.audiences.includes(resource))
    throw new GuestError('invalid_target')
  return resource ?? client.audiences[0]!
}

/** Signs an access token for this session. `expiresIn` is in seconds; the token never outlives the session. */
export async function issueAccessToken(
  ctx: Context,
  session: Session,
  { client, audience, scope, jkt }: Audience,
): Promise<{ token: string; expiresIn: number }> {
  const { kid, algorithm, key } = await ctx.signingKeys.current()
  const { config } = ctx
  const now = ctx.now()
  const exp = tokenExpiry(client, now, session.endsAt)
  const authTime = authTimeFor(ctx, client, session, now)
  const sub = nameFor(client, session.anonymousId)
  const isPromoted = session.promotedAt !== null
  const flags = { is_anonymous: !isPromoted, is_verified: isPromoted }
  const jti = randomId(128)
  const namespace = config.tokens.claimsNamespace?.replace(/\/$/, '')
  const claims = {
    iss: config.tokens.issuer,
    sub,
    // The issuer is always in it, so that our own endpoints accept the token too.
    aud: audience === config.tokens.issuer ? audience : [audience, config.tokens.issuer],
    exp,
    iat: now,
    jti,
    client_id: client.id,
    sid: nameFor(client, session.id),
    anonymous_id: sub,
    ...flags,
    ...(isOpenId(client, scope)
      ? grantedClaims(session, scope)
      : {
          recoverability: session.recoverability,
          label: labelFor(client, session),
          collection: session.collection,
        }),
    ...(authTime !== undefined && { auth_time: authTime }),
    ...(session.authTime !== null && { acr: acrOf(session), amr: amrOf(session) }),
    ...(scope.length > 0 && { scope: scope.join(' ') }),
    ...(jkt !== null && { cnf: { jkt } }),
    // Stays after the guest is kept: no row says whether a cookie or a client holds the session.
    ...(session.carried && {
      // For a pairwise client without the session's real times, by which two clients could recognise the same guest.
      sealed: {
        ...(client.pairwise ? { from: now, to: exp } : { from: session.createdAt, to: session.endsAt }),
        by: session.grant ? 'client' : 'cookie',
        pairwise: client.pairwise !== undefined,
        ...(isOpenId(client, scope) && { in: nameFor(client, `${jti} ${session.collection}`) }),
        ...(!client.pairwise && session.carried.daysSeen > 1 && { days: session.carried.daysSeen }),
        ...(!client.pairwise && session.carried.snoozes.length > 0 && { snoozes: session.carried.snoozes }),
      },
    }),
    ...(namespace && {
      [`${namespace}/is_anonymous`]: flags.is_anonymous,
      [`${namespace}/is_verified`]: flags.is_verified,
    }),
  }
  const token = signJwt({ alg: algorithm, typ: 'at+jwt', kid }, claims, key)
  return { token, expiresIn: exp - now }
}

/** A compact JWS (RFC 7515, 3.1). Signed in this thread: a round trip to another one takes longer than signing. */
export function signJwt(
  header: { alg: string; typ: string; kid: string },
  claims: object,
  key: KeyObject,
): string {
  const input = `${encodedHeader(header, key)}.${encode(claims)}`
  const digest = header.alg === 'EdDSA' ? null : 'sha256'
  const signature = sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }) // RFC 7518, 3.4
  return `${input}.${signature.toString('base64url')}`
}

const headers = new WeakMap<KeyObject, Map<string, string>>()

/** Cached for each key and type, because all tokens of one type that a key signs have the same header. */
function encodedHeader(header: { typ: string }, key: KeyObject): string {
  const ofKey = headers.get(key) ?? new Map<string, string>()
  headers.set(key, ofKey)
  const encoded = ofKey.get(header.typ) ?? encode(header)
  ofKey.set(header.typ, encoded)
  return encoded
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Whether a text claims to be an access token of this deployment, valid or not. A host may use JWTs of its own. */
export function looksLikeAccessToken(ctx: Context, text: string): boolean {
  if (verified.get(ctx, text)) return true
  const [header, payload] = text.split('.', 2).map(decodeJson) // not the signature: parsing it always throws
  return header?.typ === 'at+jwt' && payload?.iss === ctx.config.tokens.issuer
}

function decodeJson(part: string): Record<string, unknown> | null | undefined {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** A verified token: its claims and its client. */
export type AccessToken = { claims: Claims; client: Client }

const verified = createCache<Context, AccessToken>()

/**
 * Verifies a token: undefined if we did not sign it, or if it is not valid now. Remembers verified tokens. Does not check
 * whether the session still lives: `sessionOfAccessToken` checks that every time.
 */
export async function verifyAccessToken(ctx: Context, token: string): Promise<AccessToken | undefined> {
  const known = verified.get(ctx, token)
  const found = known ?? (await verifyJwt(ctx, token))
  if (!found || found.claims.exp + TOKEN_CLOCK_SKEW_SECONDS <= ctx.now()) return undefined
  if (!known) verified.set(ctx, token, found)
  return found
}

async function verifyJwt(ctx: Context, token: string): Promise<AccessToken | undefined> {
  if (token.length > MAX_TOKEN_CHARACTERS) return undefined
  const { jwtVerify, errors } = await jose()
  const { issuer } = ctx.config.tokens
  try {
    const { payload } = await jwtVerify<Claims>(
      token,
      async ({ kid }) => (await publicKey(ctx, kid)) ?? Promise.reject(new errors.JWKSNoMatchingKey()),
      {
        issuer,
        audience: issuer,
        typ: 'at+jwt',
        algorithms: ['ES256', 'EdDSA'],
        clockTolerance: TOKEN_CLOCK_SKEW_SECONDS,
        currentDate: new Date(ctx.now() * 1000),
        requiredClaims: ['sub', 'exp', 'iat', 'jti', 'client_id', 'sid'],
      },
    )
    if (!Number.isSafeInteger(payload.exp)) return undefined // 1e309 is valid JSON: Infinity, so no expiry
    const client = findClient(ctx, payload.client_id)
    return client && { claims: payload, client }
  } catch (error) {
    // jose throws a TypeError if the header's algorithm does not fit the key.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

const publicKey = async ({ signingKeys }: Context, kid: unknown): Promise<CryptoKey | undefined> =>
  typeof kid === 'string' ? signingKeys.find(kid) : undefined

/**
 * The session that a token was issued for. If a sealed session has ended, `ended` is true. Undefined if a stored session
 * has ended or expired, or if the client's `pairwise` was set or removed since.
 */
export async function sessionOfAccessToken(
  ctx: Context,
  { claims, client }: AccessToken,
): Promise<{ session: Session; ended: boolean } | undefined> {
  const anonymousId = idFor(client, claims.sub)
  if (claims.sealed) {
    // The setting has changed since: read under the new one, this `sub` would be another guest's.
    if (claims.sealed.pairwise !== (client.pairwise !== undefined)) return undefined
    const carried = sealedSessionOf({ claims, client }, anonymousId, claims.sealed)
    const session = await livingSession(ctx, carried)
    return { session: session ?? carried, ended: session === undefined }
  }
  const row = await ctx.store.findSession({ anonymousId, id: idFor(client, claims.sid) })
  return row && row.expiresAt > ctx.now() ? { session: storedSession(row), ended: false } : undefined
}

function sealedSessionOf(
  { claims, client }: AccessToken,
  anonymousId: string,
  { from, to, by, pairwise, in: hidden, days = 1, snoozes = [] }: NonNullable<Claims['sealed']>,
): SealedSession {
  const expiresAt = Math.min(claims.iat + client.refreshIdleSeconds, to)
  return {
    kind: 'sealed',
    id: anonymousId,
    anonymousId,
    // A pairwise client's label is not the guest's own. Empty, so that it never gets into the row of a guest who was
    // kept by id alone.
    label: pairwise ? '' : claims.label!,
    collection:
      hidden === undefined ? claims.collection! : idFor(client, hidden).slice(claims.jti.length + 1),
    recoverability: 'none',
    createdAt: from,
    lastSeenAt: claims.iat,
    expiresAt,
    endsAt: to,
    authTime: null,
    enrolUntil: null,
    grant:
      by === 'cookie'
        ? null
        : { clientId: client.id, scope: claims.scope?.split(' ') ?? [], jkt: claims.cnf?.jkt ?? null },
    promotedAt: null,
    carried: { datedAt: claims.iat, lastsUntil: expiresAt, daysSeen: days, snoozes },
  }
}

/**
 * Reads an access token as the credential of a request. `jkt` is the thumbprint of the key that the request proved to
 * hold, or null. A bound token is valid only with its key, and an unbound one only without a key.
 */
export async function readAccessToken(ctx: Context, token: string, jkt: string | null): Promise<Presented> {
  const access = await verifyAccessToken(ctx, token)
  if (!access) return invalidSession('access token not valid')
  const { client } = access
  const audiences = [access.claims.aud!].flat()
  const scope = access.claims.scope?.split(' ') ?? []
  const by = { client, jkt, audiences, scope, own: access.claims.aud === ctx.config.tokens.issuer }
  if ((access.claims.cnf?.jkt ?? null) !== jkt)
    return { ...invalidSession('access token of another key'), by }
  const found = await sessionOfAccessToken(ctx, access)
  if (!found || found.ended) {
    const anonymousId = idFor(client, access.claims.sub)
    return {
      ...(await endedOrMerged(ctx, 'session of the access token ended', anonymousId, found?.session)),
      by,
    }
  }
  return { status: 'valid', session: found.session, token, by }
}
