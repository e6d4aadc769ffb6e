// Taking guests over while they come: the token of another issuer is exchanged for ours (RFC 8693).

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { GuestRow } from '../../store/store.ts'
import type { Tokens } from '../../types.ts'
import { importGuests } from '../account/imports.ts'
import { findGuestById } from '../guests/guest.ts'
import { requireGuestSignIn } from '../sign-in/anonymous.ts'
import { signInByProof } from '../sign-in/by-proof.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { newGrant, type TokenParams, tokensFor } from '../tokens/grants.ts'
import { atTokenEndpoint } from '../tokens/token-errors.ts'
import { readSubjectToken, type Subject } from './subject-token.ts'

export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** What is given (RFC 8693, 3). */
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
/** What is taken. All of them are JWTs here, whatever the issuer calls them. */
const subjectTypes = [
  ACCESS_TOKEN,
  ...['id_token', 'jwt'].map((one) => `urn:ietf:params:oauth:token-type:${one}`),
]

/** The parameters of an exchange (RFC 8693, 2.1). */
export type ExchangeParams = {
  subject_token?: string | undefined
  subject_token_type?: string | undefined
  requested_token_type?: string | undefined
  actor_token?: string | undefined
}

/**
 * Tokens for the guest whom another issuer's token names. The same token gives the same guest each time. A guest who is new
 * here is kept, as one who is imported, because the other issuer can send the guest again; `beforeNew` may refuse that.
 * Errors: `unsupported_grant_type` if no issuer is trusted; `invalid_request` if the token is not taken (RFC 8693, 2.2.2);
 * `invalid_grant` if the guest has a passkey or a login ID by now, which are the only ways in then; `guest_sign_in_off` for a
 * new guest; `guest_merged`, `guest_disabled`, `too_many_sessions`; `invalid_scope`; `invalid_target`; `unavailable`.
 */
export async function grantByExchange(
  ctx: Context,
  client: Client,
  exchange: ExchangeParams,
  params: TokenParams,
  beforeNew: () => Promise<void>,
): Promise<Tokens> {
  if (ctx.config.trustedIssuers.length === 0) throw new GuestError('unsupported_grant_type')
  const audience = audienceFor(ctx, client, params.resource)
  const grant = newGrant(client, params)
  const subject = await readSubjectToken(ctx, tokenIn(exchange))
  const guest = await guestFor(ctx, subject, beforeNew)
  const { issued } = await atTokenEndpoint(() =>
    signInByProof(ctx, undefined, guest, {
      proof: { by: 'host', onlyUnsaved: true },
      refused: () =>
        new GuestError('invalid_grant', {
          detail: 'This guest has a passkey or a login ID by now. Sign in with that.',
          reason: 'token of another issuer, of a guest who was saved since',
        }),
      holder: { client, grant },
    }),
  )
  return { ...(await tokensFor(ctx, client, issued, grant, audience)), issued_token_type: ACCESS_TOKEN }
}

/** Errors: `invalid_request`. */
function tokenIn({
  subject_token,
  subject_token_type,
  requested_token_type,
  actor_token,
}: ExchangeParams): string {
  const refuse = (detail: string) => new GuestError('invalid_request', { detail })
  if (!subject_token) throw refuse('subject_token is missing. Send it.')
  if (!subjectTypes.includes(String(subject_token_type)))
    throw refuse(`subject_token_type must be one of ${subjectTypes.join(', ')}.`)
  if (requested_token_type !== undefined && requested_token_type !== ACCESS_TOKEN)
    throw refuse(`requested_token_type must be ${ACCESS_TOKEN}, or left out.`)
  if (actor_token !== undefined) throw refuse('Nobody can act for a guest. Leave actor_token out.')
  return subject_token
}

/** Errors: `guest_sign_in_off`. */
async function guestFor(
  ctx: Context,
  { anonymousId, issuer }: Subject,
  beforeNew: () => Promise<void>,
): Promise<GuestRow> {
  const known = await findGuestById(ctx, anonymousId)
  if (known) return known
  const collection = issuer.collection ?? ctx.config.defaultCollection
  await requireGuestSignIn(ctx, collection)
  await beforeNew()
  // If another request is faster, this finds the guest there, and changes nothing.
  await importGuests(ctx, [{ sub: anonymousId }], { collection })
  return (await findGuestById(ctx, anonymousId))!
}
