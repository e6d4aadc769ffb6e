// What an app asks with a sign-out (OpenID Connect RP-Initiated Logout 1.0): who it means, and where the browser goes then.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import { findClient } from '../tokens/clients.ts'
import { readIdToken } from '../tokens/id-tokens.ts'

/** The params of an app, unchecked (RP-Initiated Logout 1.0, 2). */
export type LogoutParams = {
  id_token_hint?: string | undefined
  client_id?: string | undefined
  post_logout_redirect_uri?: string | undefined
  state?: string | undefined
}

/** Where the browser goes after the sign-out: a registered URI of a client, with the app's `state`. */
export type AfterLogout = { client: Client; url: string }

const invalidRequest = (detail: string) => new GuestError('invalid_request', { detail })

/**
 * Checks what an app asks. The hint may have expired, and only says which client asks: the person is asked anyway, because
 * anybody may have the hint. Without a client that is named or hinted, no URI is accepted.
 * Errors: `invalid_request`; `invalid_client` for an unknown client.
 */
export async function checkLogout(ctx: Context, asked: LogoutParams): Promise<AfterLogout | undefined> {
  const { id_token_hint: hint, client_id: id, post_logout_redirect_uri: uri, state } = asked
  const hinted = hint === undefined ? undefined : await readIdToken(ctx, hint)
  if (hint !== undefined && !hinted)
    throw invalidRequest('id_token_hint must be an ID token that this service gave.')
  const client = id === undefined ? hinted?.client : findClient(ctx, id)
  if (id !== undefined && !client) throw new GuestError('invalid_client', { status: 400 })
  if (hinted && client !== hinted.client)
    throw invalidRequest('client_id must be the client that id_token_hint was given to.')
  if (uri === undefined) return undefined
  if (!client) throw invalidRequest('post_logout_redirect_uri needs id_token_hint or client_id beside it.')
  if (!client.postLogoutRedirectUris.includes(uri))
    throw invalidRequest(
      'post_logout_redirect_uri must be exactly one of those that the client is registered with.',
    )
  const url = new URL(uri)
  if (state !== undefined) url.searchParams.append('state', state)
  return { client, url: url.href }
}
