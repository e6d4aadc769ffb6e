// Refresh tokens: how a client's session goes on (RFC 6749, 6), each of them once (RFC 9700, 4.14).

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { SessionRow } from '../../store/store.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { hashToken, type Keys, randomId } from '../crypto/secrets.ts'
import { noteFailure } from '../events/audit-trail.ts'
import { idFor, nameFor } from '../guests/pairwise.ts'
import { retainedBy } from '../guests/retention.ts'
import {
  endedOrMerged,
  type Lifetimes,
  livingSession,
  type NewGuest,
  newSessionRow,
  type SealedPayload,
  type Span,
  sealedPayload,
  sealedSession,
} from '../sessions/session-tokens.ts'
import { type Grant, type Holder, type Issued, type Session, storedSession } from '../sessions/sessions.ts'
import { findClient, grantedScope } from './clients.ts'

const SEALED_REFRESH_PREFIX = 'gkrs_'
const STORED_REFRESH_PREFIX = 'gkrt_'

/** A sealed session of a client: what every sealed session says, by the name that the client has for the guest, and the client, its scope and the key it is bound to. */
type SealedGrant = SealedPayload & { k: string; o: string; j: string | null; p: boolean }

/**
 * A stored one: the guest, the secret of the session, and how often it was refreshed before. Sealed as well, so that
 * what was never issued is told from what was used; the secret's hash names the row, so that the seal alone opens none.
 */
type StoredGrant = { a: string; r: string; g: number }

const clientLifetimes = (client: Client): Lifetimes => ({
  idleSeconds: client.refreshIdleSeconds,
  absoluteSeconds: client.refreshAbsoluteSeconds,
})

/** Other than that of a cookie's secret: one never opens the other's session. */
const rowId = (secret: string) => hashToken(`refresh ${secret}`)

/** Whether a text is meant to be a refresh token of ours, valid or not. */
export const looksLikeRefreshToken = (text: string): boolean =>
  text.startsWith(SEALED_REFRESH_PREFIX) || text.startsWith(STORED_REFRESH_PREFIX)

/** A client's new session that lives nowhere but in its token; or, given when it began and ends, one that goes on. */
export function issueSealedGrant(
  ctx: Context,
  client: Client,
  guest: NewGuest,
  grant: Grant,
  span?: Span,
): Issued {
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

/** The row and the first refresh token of a client's new stored session. */
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

/** What a refresh token says, before the store is asked; undefined where it is none of ours. */
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
  // By another name than the client has for guests now, it would be another guest.
  if (!client || payload.p !== (client.pairwise !== undefined)) return undefined
  return { sealed: { ...payload, a: idFor(client, payload.a) } }
}

const grantOf = ({ k, o, j }: SealedGrant): Grant => ({
  clientId: k,
  scope: o.split(' ').filter(Boolean),
  jkt: j,
})

const invalidGrant = (reason: string) => new GuestError('invalid_grant', { reason })

/** Of a guest who was merged into another one, that is said. */
async function endedGrant(ctx: Context, reason: string, anonymousId: string): Promise<GuestError> {
  const { error } = await endedOrMerged(ctx, reason, anonymousId)
  return error.code === 'guest_merged'
    ? new GuestError('invalid_grant', { reason: error.code, detail: error.message })
    : invalidGrant(reason)
}

/**
 * Goes on with a client's session: the next refresh token, which is the same for everybody who asks with this one.
 * A guest without a row has none because of it: that token is dated anew, and the earlier ones live until their date.
 * Errors: `invalid_grant`; where a token comes back that was used before, too late for a lost answer, the session is
 * ended (RFC 9700, 4.14.2).
 */
export async function refresh(
  ctx: Context,
  client: Client,
  token: string,
  wish: RefreshParams,
): Promise<Issued> {
  const opened = openRefreshToken(ctx, token)
  if (!opened) throw invalidGrant('not a refresh token of ours')
  return 'sealed' in opened
    ? refreshSealed(ctx, client, opened.sealed, wish)
    : refreshStored(ctx, client, opened.stored, wish)
}

async function refreshSealed(
  ctx: Context,
  client: Client,
  payload: SealedGrant,
  wish: RefreshParams,
): Promise<Issued> {
  const carried = sealedSession(ctx, payload, clientLifetimes(client), grantOf(payload))
  requireHolder(carried, client, wish)
  if (carried.expiresAt <= ctx.now()) throw invalidGrant('sealed session expired')
  const session = await livingSession(ctx, carried)
  if (!session) throw await endedGrant(ctx, 'sealed session ended', carried.anonymousId)
  return reissueGrant(ctx, client, session)
}

/** The token to carry on with, dated now; where the session lives in a row, it goes on in that. */
export function reissueGrant(ctx: Context, client: Client, session: Session): Issued {
  const { session: carried, token } = issueSealedGrant(ctx, client, session, session.grant!, session)
  const { daysSeen, snoozes, lastSeenAt, expiresAt } = carried
  return { session: { ...session, daysSeen, snoozes, lastSeenAt, expiresAt }, token }
}

async function refreshStored(
  ctx: Context,
  client: Client,
  { a, r, g }: StoredGrant,
  wish: RefreshParams,
): Promise<Issued> {
  const key = { anonymousId: a, id: rowId(r) }
  // What does not hold the grant must neither move it on nor end it; whose it is never changes.
  const row = await ctx.store.findSession(key)
  if (!row?.grant) throw await endedGrant(ctx, 'no such session', a)
  const session = storedSession(row)
  requireHolder(session, client, wish)
  const now = ctx.now()
  const result = await ctx.store.refreshSession({
    ...key,
    generation: g,
    now,
    expiresAt: now + client.refreshIdleSeconds,
    graceSeconds: ctx.config.refreshGraceSeconds,
    retained: retainedBy(ctx, session.collection),
  })
  if (result.outcome === 'reused') {
    await noteFailure(ctx, 'session.refresh_reused', { anonymousId: a, sessionId: key.id }, 'session_ended')
    ctx.events.emit('session.refresh_reused', { anonymous_id: a, client_id: client.id })
    ctx.logger.warn(
      { anonymous_id: a, client_id: client.id },
      'a used refresh token came back: session ended',
    )
  }
  if (!('anonymousId' in result)) throw invalidGrant(result.outcome)
  return { session: storedSession(result), token: storedToken(ctx.keys, { a, r, g: g + 1 }) }
}

/** What the holder of a refresh token must be, and may ask for. */
type RefreshParams = { jkt: string | null; scope?: string | undefined }

/** Looked at before anything moves on: a request that is refused costs nobody the token. */
function requireHolder({ grant }: Session, client: Client, { jkt, scope }: RefreshParams): void {
  if (grant?.clientId !== client.id) throw invalidGrant('given to another client')
  if (grant.jkt !== null && grant.jkt !== jkt) throw invalidGrant('bound to another key')
  grantedScope(scope, grant.scope)
}

/** The session of a refresh token, if it lives, and whether this very token is the one that counts in it. */
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
  if (carried.expiresAt <= ctx.now()) return undefined
  const session = await livingSession(ctx, carried)
  return session && { session, current: true }
}
