// The OAuth clients that the deployment registered: who they are, and how they prove it.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client, Config } from '../../options/options.ts'
import { hashToken, sameText } from '../crypto/secrets.ts'

/** What a request says of its client (RFC 6749, 2.3.1). */
export type ClientCredentials = { id: string; secret?: string }

export const findClient = ({ config }: Pick<Context, 'config'>, id: string): Client | undefined =>
  config.clients.find((client) => client.id === id)

/**
 * The client that a request names, and proves to be where it has a secret.
 * Errors: `invalid_client`, whether it is unknown, the secret is wrong, or one is given to a public client.
 */
export function authenticateClient(ctx: Context, { id, secret }: ClientCredentials): Client {
  const client = findClient(ctx, id)
  const expected = client?.secret
  // Hashed, so that the time to compare says nothing of the secret's length.
  const proven =
    expected === undefined
      ? secret === undefined
      : secret !== undefined && sameText(hashToken(secret), hashToken(expected))
  if (!client || !proven) throw new GuestError('invalid_client')
  return client
}

/** The client whose pages are of this origin and not of ours: what its browser sends comes without our cookie. */
export const isClientOrigin = ({ origins, clients }: Config, origin: string): boolean =>
  !origins.includes(origin) && clients.some((client) => client.origins.includes(origin))

/** Refuses a browser that runs another site's page in a client's name. Errors: `invalid_client`. */
export function requireClientOrigin(client: Client, origin: string | undefined): void {
  if (origin !== undefined && !client.origins.includes(origin)) {
    throw new GuestError('invalid_client', {
      reason: 'the page is of an origin that the client is not registered for',
    })
  }
}

/** The scope that is granted: what was asked for, or all that may be. Errors: `invalid_scope` for more than that. */
export function grantedScope(asked: string | undefined, allowed: string[]): string[] {
  if (asked === undefined) return allowed
  const scopes = asked.split(' ').filter(Boolean)
  if (!scopes.every((scope) => allowed.includes(scope))) throw new GuestError('invalid_scope')
  return [...new Set(scopes)]
}
