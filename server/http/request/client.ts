// The OAuth client of a request, and how it proves who it is (RFC 6749, 2.3; RFC 7523, 2.2).

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { clientOfAssertion } from '../../core/tokens/client-assertions.ts'
import { authenticateClient, type ClientCredentials, requireClientOrigin } from '../../core/tokens/clients.ts'
import { GuestError } from '../../errors.ts'
import type { Client, Config } from '../../options/options.ts'
import { pathOf } from './mount.ts'

/** What the body of a request says about its client. */
export type ClientInBody = {
  client_id?: string | undefined
  client_secret?: string | undefined
  client_assertion?: string | undefined
  client_assertion_type?: string | undefined
}

/**
 * The audiences that an assertion may name (RFC 7523, 3): the issuer or its token endpoint, at the issuer or at any origin
 * of the deployment.
 */
export function audiencesOf(config: Config, req: IncomingMessage): string[] {
  const ours = [...new Set([config.tokens.issuer, ...config.origins])]
  return [...ours, ...ours.map((one) => one + pathOf(config, req, '/token'))]
}

/**
 * The client of a request, by HTTP Basic, by its secret in the body or by an assertion, but by one of them only.
 * Errors: `invalid_client`, `invalid_request`, `unavailable`.
 */
export async function clientOf(ctx: Context, req: IncomingMessage, body: ClientInBody): Promise<Client> {
  const { client_id, client_secret, client_assertion, client_assertion_type: type } = body
  const basic = basicCredentials(req)
  const ways = [basic, client_secret, client_assertion].filter((one) => one !== undefined)
  if (ways.length > 1 || (basic && client_id !== undefined && client_id !== basic.id)) {
    throw new GuestError('invalid_request', {
      detail:
        'The request names its client in several ways. Use HTTP Basic, client_secret or client_assertion.',
    })
  }
  if (client_assertion !== undefined) {
    const given = { assertion: client_assertion, type, named: client_id }
    const client = await clientOfAssertion(ctx, given, audiencesOf(ctx.config, req))
    requireClientOrigin(client, req.headers.origin)
    return client
  }
  if (!basic && client_id === undefined)
    throw new GuestError('invalid_client', { detail: 'client_id is missing. Send it.' })
  try {
    const client = authenticateClient(
      ctx,
      basic ?? { id: client_id!, secret: client_secret, by: 'client_secret_post' },
    )
    requireClientOrigin(client, req.headers.origin)
    return client
  } catch (error) {
    if (basic && error instanceof GuestError) Object.assign(error.headers, askForBasic)
    throw error
  }
}

/** RFC 6749, 5.2. Only for requests with HTTP Basic, because it makes browsers ask for a password. */
const askForBasic = { 'WWW-Authenticate': 'Basic realm="guestkey"' }

/** The client in HTTP Basic. RFC 6749, 2.3.1: id and secret are form-encoded. Errors: `invalid_client`. */
function basicCredentials({ headers }: IncomingMessage): ClientCredentials | undefined {
  const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ')
  if (scheme!.toLowerCase() !== 'basic') return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  const unreadable = { reason: 'Basic credentials not readable', headers: askForBasic }
  if (colon < 0) throw new GuestError('invalid_client', unreadable)
  try {
    const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '))
    const [id, secret] = [decode(text.slice(0, colon)), decode(text.slice(colon + 1))]
    return { id, secret, by: 'client_secret_basic' }
  } catch {
    throw new GuestError('invalid_client', unreadable)
  }
}
