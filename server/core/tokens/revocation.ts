// Revocation (RFC 7009): a client ends its session with any of the session's tokens.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Session } from '../sessions/sessions.ts'
import { endSessionOf } from '../sessions/sign-out.ts'
import { sessionOfAccessToken, verifyAccessToken } from './access-tokens.ts'
import { looksLikeRefreshToken, sessionOfRefreshToken } from './refresh-tokens.ts'

/**
 * Ends the session of a token, and so all its tokens. Does nothing if the token is not valid, or if it was issued to
 * another client (2.2).
 * Errors: `unsupported_token_type` for an access token of a browser's session: the browser ends that by signing out.
 */
export async function revoke(ctx: Context, client: Client, token: string): Promise<void> {
  const session = await sessionOfToken(ctx, client, token)
  if (session) await endSessionOf(ctx, session, { everywhere: false })
}

async function sessionOfToken(ctx: Context, client: Client, token: string): Promise<Session | undefined> {
  if (looksLikeRefreshToken(token)) {
    const found = await sessionOfRefreshToken(ctx, token)
    return found?.session.grant?.clientId === client.id ? found.session : undefined
  }
  const access = await verifyAccessToken(ctx, token)
  if (access?.client !== client) return undefined
  const found = await sessionOfAccessToken(ctx, access)
  if (!found || found.ended) return undefined
  if (!found.session.grant) throw new GuestError('unsupported_token_type')
  return found.session
}
