// The registered OAuth clients: how a client authenticates, from which origins, and for which scopes.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client, Config } from '../../options/options.ts'
import { hashToken, sameText } from '../crypto/secrets.ts'

/** The client's id and secret, as a request gives them (RFC 6749, 2.3.1). */
export type ClientCredentials = {
  id: string
  secret?: string | undefined
  /** In which way the request gives the secret. */
  by?: 'client_secret_basic' | 'client_secret_post'
}

/** The registered client with this id. */
export const findClient = ({ config }: Pick<Context, 'config'>, id: string): Client | undefined =>
  config.clients.find((client) => client.id === id)

/**
 * Authenticates a client. A confidential client needs its secret, in the way that it is registered for; one that signs
 * assertions is never authenticated by this. A public client must not send a secret.
 * Errors: `invalid_client`: the client is unknown, its secret is wrong or missing, or a public client sent one.
 */
export function authenticateClient(ctx: Context, { id, secret, by }: ClientCredentials): Client {
  const client = findClient(ctx, id)
  if (!client || !isProven(client, secret, by)) throw new GuestError('invalid_client')
  return client
}

function isProven(
  { kind, secret: expected, tokenEndpointAuthMethod: method }: Client,
  secret: string | undefined,
  by: ClientCredentials['by'],
): boolean {
  if (kind === 'public') return secret === undefined
  if (secret === undefined || expected === undefined || (method !== undefined && method !== by)) return false
  // Compared as hashes, so that the time does not reveal the length of the secret.
  return sameText(hashToken(secret), hashToken(expected))
}

/** Whether this is the origin of a client's pages and not one of ours. Browsers send our cookie only from our own. */
export const isClientOrigin = ({ origins, clients }: Config, origin: string): boolean =>
  !origins.includes(origin) && clients.some((client) => client.origins.includes(origin))

/**
 * Refuses a browser whose page is on an origin that the client is not registered for. `origin` is the Origin header;
 * without one the request does not come from a page, and is let through.
 * Errors: `invalid_client`.
 */
export function requireClientOrigin(client: Client, origin: string | undefined): void {
  if (origin !== undefined && !client.origins.includes(origin)) {
    throw new GuestError('invalid_client', {
      reason: 'the client is not registered for the origin of this page',
    })
  }
}

/** The scope tokens of a text (RFC 6749, 3.3). */
export const scopesIn = (text: string): string[] => text.split(' ').filter(Boolean)

/** The scopes to grant; default: all that are allowed. Errors: `invalid_scope` if more are asked for than allowed. */
export function grantedScope(asked: string | undefined, allowed: string[]): string[] {
  if (asked === undefined) return allowed
  const scopes = scopesIn(asked)
  if (!scopes.every((scope) => allowed.includes(scope))) throw new GuestError('invalid_scope')
  return [...new Set(scopes)]
}
