// Continue as guest at the token endpoint: the extension grant of RFC 6749, 4.5.

import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { newGrant, type TokenParams, tokensFor } from '../tokens/grants.ts'
import { issueSealedGrant } from '../tokens/refresh-tokens.ts'
import { beginSession, newGuest } from './anonymous.ts'

/** A new guest who lives in the client's refresh token alone; nothing is written. */
export async function grantAnonymous(
  ctx: Context,
  client: Client,
  wish: TokenParams & { collection?: string | undefined },
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, wish.resource)
  const grant = newGrant(client, wish)
  const issued = await beginSession(ctx, issueSealedGrant(ctx, client, newGuest(ctx, wish.collection), grant))
  return tokensFor(ctx, client, issued, grant, audience)
}
