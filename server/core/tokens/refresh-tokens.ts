// Refresh tokens (RFC 6749, 6). For a stored session each works once: if a used one comes back after the grace
// (`tokens.refreshGraceSeconds`), it may be stolen, and the session ends (RFC 9700, 4.14). For a sealed session each works
// until it expires.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { SessionRow } from '../../store/store.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { hashToken, type Keys, randomId } from '../crypto/secrets.ts'
import { noteFailure, tellUnwritten } from '../events/audit-trail.ts'
import { idFor, nameFor } from '../guests/pairwise.ts'
import { retainedIn } from '../guests/retention.ts'
import { ending } from '../sessions/endings.ts'
import { reissue } from '../sessions/renewal.ts'
import {
  type IssuedSealed,
  type Lifetimes,
  type NewGuest,
  type SealedPayload,
  type Span,
  sealedPayload,
  sealedSession,
} from '../sessions/sealed-sessions.ts'
import { endedOrMerged, livingSession, newSessionRow } from '../sessions/session-tokens.ts'
import {
  type CarriedSession,
  type Grant,
  type Holder,
  type Issued,
  type Session,
  storedSession,
} from '../sessions/sessions.ts'
import { findClient, grantedScope, scopesIn } from './clients.ts'

const SEALED_REFRESH_PREFIX = 'gkrs_'
const STORED_REFRESH_PREFIX = 'gkrt_'

/**
 * The payload of a client's sealed session: that of a browser's (`SealedPayload`), and the client's id, the scope, the
 * thumbprint of the bound key, and whether the client is pairwise. `a` is the client's name for the guest.
 */
type SealedGrant = SealedPayload & { k: string; o: string; j: string | null; p: boolean }

/**
 * The payload of a stored session's refresh token: the guest, the session's secret, and the number of refreshes before.
 * It is sealed, so that a forged token cannot pass as a used one and end the session. The row's id is the secret's hash,
 * so that the sealing key alone opens no session.
 */
type StoredGrant = { a: string; r: string; g: number }

const clientLifetimes = (client: Client): Lifetimes => ({
  idleSeconds: client.refreshIdleSeconds,
  absoluteSeconds: client.refreshAbsoluteSeconds,
})

/** Differs from the row id for a cookie's secret, so that neither kind of token ever opens the other's session. */
const rowId = (secret: string) => hashToken(`refresh ${secret}`)

/** Whether a text claims to be a refresh token of ours, valid or not. */
export const looksLikeRefreshToken = (text: string): boolean =>
  text.startsWith(SEALED_REFRESH_PREFIX) || text.startsWith(STORED_REFRESH_PREFIX)

/** Issues a client's sealed session, which lives only in its token. With `span` it continues an earlier session. */
export function issueSealedGrant(
  ctx: Context,
  client: Client,
  guest: NewGuest,
  grant: Grant,
  span?: Span,
): IssuedSealed {
  const payload: SealedGrant = {
    ...sealedPayload(ctx, guest, clientLifetimes(client), span),
    a: nameFor(client, guest.anonymousId),
    k: client.id,
    o: grant.scope.join(' '),
    j: grant.jkt,
    p: client.pairwise !== undefined,
  }
  const session = sealedSession(ctx, { ...payload, a: guest.anonymousId }, clientLifetimes(client), grant)
  return { session, token: SEALED_REFRESH_PREFIX + seal(ctx.keys.sealedRefresh, payload) }
}

/** The row and the first refresh token of a client's new stored session. `secret`: default, random. */
export function newStoredGrant(
  ctx: Context,
  { client, grant: { scope, jkt } }: Holder,
  anonymousId: string,
  { secret = randomId(256), keys = ctx.keys }: { secret?: string; keys?: Keys } = {},
): { row: SessionRow; token: string } {
  const row = newSessionRow(ctx, anonymousId, rowId(secret), clientLifetimes(client))
  const grant = { clientId: client.id, scope: scope.join(' '), jkt, refreshes: 0, refreshedAt: ctx.now() }
  return { row: { ...row, grant }, token: storedToken(keys, { a: anonymousId, r: secret, g: 0 }) }
}

const storedToken = (keys: Keys, payload: StoredGrant) => STORED_REFRESH_PREFIX + seal(keys.refresh, payload)

/** The payload of a refresh token, without asking the store; undefined if the token is not ours. */
function openRefreshToken(
  ctx: Context,
  token: string,
): { sealed: SealedGrant } | { stored: StoredGrant } | undefined {
  const body = token.slice(SEALED_REFRESH_PREFIX.length)
  if (token.startsWith(STORED_REFRESH_PREFIX)) {
    const opened = unseal<StoredGrant>(ctx.keyring, 'refresh', body)
    return opened && { stored: opened.payload }
  }
  if (!token.startsWith(SEALED_REFRESH_PREFIX)) return undefined
  const payload = unseal<SealedGrant>(ctx.keyring, 'sealedRefresh', body)?.payload
  const client = payload && findClient(ctx, payload.k)
  // If the client's `pairwise` setting has changed since, `a` would name another guest.
  if (!client || payload.p !== (client.pairwise !== undefined)) return undefined
  return { sealed: { ...payload, a: idFor(client, payload.a) } }
}

const grantOf = ({ k, o, j }: SealedGrant): Grant => ({
  clientId: k,
  scope: o.split(' ').filter(Boolean),
  jkt: j,
})

const invalidGrant = (reason: string) => new GuestError('invalid_grant', { reason })

/** The error for a session that has ended. Its detail says so if the guest was merged into another one. */
async function endedGrant(ctx: Context, reason: string, anonymousId: string): Promise<GuestError> {
  const { error } = await endedOrMerged(ctx, reason, anonymousId)
  return error.code === 'guest_merged'
    ? new GuestError('invalid_grant', { reason: error.code, detail: error.message })
    : invalidGrant(reason)
}

/**
 * Continues a client's session with a refresh token. `token` in the result is the next one.
 * Stored session: a used token gives the same successor again within the grace, because the response may have been lost.
 * After the grace, or once the successor was used too, a used token ends the session (RFC 9700, 4.14.2).
 * Sealed session: creates no row. The next token has a later expiry; each earlier one stays valid until its own expiry.
 * Errors: `invalid_grant`, `invalid_scope`.
 */
export async function refresh(
  ctx: Context,
  client: Client,
  token: string,
  params: RefreshParams,
): Promise<Issued> {
  const opened = openRefreshToken(ctx, token)
  if (!opened) throw invalidGrant('not a refresh token of ours')
  return 'sealed' in opened
    ? refreshSealed(ctx, client, opened.sealed, params)
    : refreshStored(ctx, client, opened.stored, params)
}

async function refreshSealed(
  ctx: Context,
  client: Client,
  payload: SealedGrant,
  params: RefreshParams,
): Promise<Issued> {
  const carried = sealedSession(ctx, payload, clientLifetimes(client), grantOf(payload))
  requireHolder(carried, client, params)
  const session = await livingSession(ctx, carried)
  // If the guest was kept, its row says how long the token lives.
  if (carried.expiresAt <= ctx.now() && session?.kind !== 'stored')
    throw invalidGrant('sealed session expired')
  if (!session) throw await endedGrant(ctx, 'sealed session ended', carried.anonymousId)
  return reissueGrant(ctx, client, session)
}

/** Issues a new sealed token, dated now. If the session also has a row because its guest was kept, it stays there. */
export function reissueGrant(ctx: Context, client: Client, session: CarriedSession): Issued {
  const issued = issueSealedGrant(ctx, client, session, session.grant!, session)
  const { carried, lastSeenAt, expiresAt } = issued.session
  return { session: { ...session, carried, lastSeenAt, expiresAt }, token: issued.token }
}

/**
 * The changed session `next`, with the new token in which its holder carries it.
 * Errors: `insufficient_scope` if the session is not carried in a token, or if a client asks and a browser holds it.
 */
export function reissueFor(
  ctx: Context,
  next: Session,
  client: Client | undefined,
): { session: Session; issued: Issued } {
  if (!next.carried || (client && !next.grant)) throw new GuestError('insufficient_scope')
  const issued = client ? reissueGrant(ctx, client, next) : reissue(ctx, next)
  return { session: issued.session, issued }
}

async function refreshStored(
  ctx: Context,
  client: Client,
  { a, r, g }: StoredGrant,
  params: RefreshParams,
): Promise<Issued> {
  const key = { anonymousId: a, id: rowId(r) }
  const now = ctx.now()
  const result = await ctx.store.refreshSession({
    ...key,
    by: { clientId: client.id, jkt: params.jkt, scope: scopesIn(params.scope ?? '') },
    generation: g,
    now,
    expiresAt: now + client.refreshIdleSeconds,
    graceSeconds: ctx.config.tokens.refreshGraceSeconds,
    retained: retainedIn(ctx),
    ending: ending(ctx, 'refresh_reused'),
  })
  if (result.outcome === 'ended') throw await endedGrant(ctx, 'no such session', a)
  if (result.outcome === 'refused') requireHolder(storedSession(result), client, params)
  if (result.outcome === 'reused') {
    const about = { anonymousId: a, sessionId: key.id }
    await noteFailure(ctx, 'session.refresh_reused', about, 'session_ended')
    const event = { client_id: client.id, session_id: key.id }
    tellUnwritten(ctx, 'session.refresh_reused', event, about)
    ctx.logger.warn(
      { anonymous_id: a, client_id: client.id },
      'a used refresh token came back: its session was ended',
    )
  }
  if (!('anonymousId' in result) || result.outcome === 'refused') throw invalidGrant(result.outcome)
  return { session: storedSession(result), token: storedToken(ctx.keys, { a, r, g: g + 1 }) }
}

/** The key that a refresh proved to hold (a thumbprint, or null), and the scope that it asks for. */
type RefreshParams = { jkt: string | null; scope?: string | undefined }

/** Refuses another client, another key or a wider scope. The store does so too: a refusal uses up no token. */
function requireHolder({ grant }: Session, client: Client, { jkt, scope }: RefreshParams): void {
  if (grant?.clientId !== client.id) throw invalidGrant('issued to another client')
  if (grant.jkt !== null && grant.jkt !== jkt) throw invalidGrant('bound to another key')
  grantedScope(scope, grant.scope)
}

/** The living session of a refresh token. `current` is false if the token was used already. */
export async function sessionOfRefreshToken(
  ctx: Context,
  token: string,
): Promise<{ session: Session; current: boolean } | undefined> {
  const opened = openRefreshToken(ctx, token)
  if (!opened) return undefined
  if ('stored' in opened) {
    const { a, r, g } = opened.stored
    const row = await ctx.store.findSession({ anonymousId: a, id: rowId(r) })
    const alive = row?.grant && row.expiresAt > ctx.now()
    return alive ? { session: storedSession(row), current: row.grant!.refreshes === g } : undefined
  }
  const client = findClient(ctx, opened.sealed.k)!
  const carried = sealedSession(ctx, opened.sealed, clientLifetimes(client), grantOf(opened.sealed))
  const session = await livingSession(ctx, carried)
  if (!session || (carried.expiresAt <= ctx.now() && session.kind !== 'stored')) return undefined
  return { session, current: true }
}
