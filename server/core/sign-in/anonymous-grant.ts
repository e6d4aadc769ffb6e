// Continue as guest at the token endpoint, by the extension grant ANONYMOUS_GRANT (RFC 6749, 4.5).

import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { newGrant, type TokenParams, tokensFor } from '../tokens/grants.ts'
import { issueSealedGrant } from '../tokens/refresh-tokens.ts'
import { beginSession, newGuest } from './anonymous.ts'

/**
 * The tokens of a new guest. The guest lives only in the client's refresh token: no row is written for it, unless the
 * option `keep` is `always`.
 * Errors: `invalid_scope`, `invalid_target`, `collection_unknown`, `guest_sign_in_off`.
 */
export async function grantAnonymous(
  ctx: Context,
  client: Client,
  params: TokenParams & { collection?: string | undefined },
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, params.resource)
  const grant = newGrant(client, params)
  const issued = await beginSession(
    ctx,
    issueSealedGrant(ctx, client, await newGuest(ctx, params.collection), grant),
  )
  return tokensFor(ctx, client, issued, grant, audience)
}
