// The options of a client that asks who is signed in (OpenID Connect Core 1.0; RP-Initiated Logout and Back-Channel Logout 1.0).

import { z } from '../../zod.ts'
import { redirectUri, serverUrl } from '../urls.ts'
import { type SchemasOf, shownName } from '../values.ts'

/** A public key of a client (RFC 7517, 4). */
export type ClientKey = { kty: string; kid?: string | undefined; [member: string]: unknown }

/** What an app that knows OpenID Connect may be registered with. */
export type OpenIdClientOptions = {
  /** What our pages call the app. Default: the host of its redirect URI. */
  name?: string | undefined
  /**
   * `optional` for a confidential client whose library sends no code challenge (RFC 7636). Such a request must have a `nonce`,
   * because one of the two must tie the code to it (RFC 9700, 2.1.1). Default: `required`.
   */
  pkce?: 'required' | 'optional' | undefined
  /** The algorithm that signs its ID tokens. Default: the option `tokens.signingAlgorithm`. */
  idTokenAlgorithm?: 'ES256' | 'EdDSA' | 'RS256' | undefined
  /**
   * How a confidential client says who it is. With `private_key_jwt` it signs an assertion (RFC 7523) and has `jwks` or
   * `jwksUri` in place of a secret. Default: by its secret, in either way.
   */
  tokenEndpointAuthMethod?: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | undefined
  /** Its public keys, for `private_key_jwt` (RFC 7517, 5). Default: those at `jwksUri`. */
  jwks?: { keys: ClientKey[] } | undefined
  /** Where its public keys are, for `private_key_jwt`. Default: in `jwks`. */
  jwksUri?: string | undefined
  /**
   * Whether devices without a browser may use the client (RFC 8628): they show a code, which a person types on our page.
   * Default: false.
   */
  deviceGrant?: boolean | undefined
  /** Where people may be led after they have signed out, compared character by character. Default: none. */
  postLogoutRedirectUris?: string[] | undefined
  /** Which URL of the app is told of a sign-out. Default: none. */
  backchannelLogoutUri?: string | undefined
  /**
   * For an app that insists on an e-mail address: one that nobody can receive at, in which `{sub}` stands for the guest's
   * `sub`, such as `guest-{sub}@guests.example.invalid`. It is not verified, and not stored. Default: none.
   */
  emailAlias?: string | undefined
}

/** The members of a private or symmetric key (RFC 7518, 6.2.2, 6.3.2 and 6.4.1). */
const PRIVATE = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi']

const key = z
  .looseObject({ kty: z.string(), kid: z.optional(z.string()) })
  .check(
    z.refine(
      (jwk) => !PRIVATE.some((member) => member in jwk),
      'must be a public key; the private one stays with the client',
    ),
  )

/** RFC 2606, 2: no mail can ever go to the domain `invalid`. */
const ALIAS = /^[\w.+-]*\{sub\}[\w.+-]*@([a-z\d-]+\.)*invalid$/

export const openIdClientSchemas = {
  name: z.optional(shownName),
  pkce: z._default(z.enum(['required', 'optional']), 'required'),
  idTokenAlgorithm: z.optional(z.enum(['ES256', 'EdDSA', 'RS256'])),
  tokenEndpointAuthMethod: z.optional(
    z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt']),
  ),
  jwks: z.optional(z.strictObject({ keys: z.array(key).check(z.minLength(1)) })),
  jwksUri: z.optional(serverUrl),
  deviceGrant: z._default(z.boolean(), false),
  postLogoutRedirectUris: z._default(z.array(redirectUri), []),
  backchannelLogoutUri: z.optional(serverUrl),
  emailAlias: z.optional(
    z
      .string()
      .check(
        z.regex(
          ALIAS,
          'must contain {sub} and end in a domain that gets no mail, like guest-{sub}@guests.example.invalid',
        ),
      ),
  ),
} satisfies SchemasOf<OpenIdClientOptions>

type Given = {
  kind: 'public' | 'confidential'
  secret?: string | undefined
  pkce: 'required' | 'optional'
} & Pick<OpenIdClientOptions, 'tokenEndpointAuthMethod' | 'jwks' | 'jwksUri'>

/** What is wrong with how a client says who it is; undefined if nothing is. */
export function problemOfAuthentication(client: Given): string | undefined {
  const { kind, secret, pkce, tokenEndpointAuthMethod: method, jwks, jwksUri } = client
  const hasKeys = jwks !== undefined || jwksUri !== undefined
  if (kind === 'public' && method !== undefined)
    return `must have no tokenEndpointAuthMethod if it is public; for ${method}, set kind to 'confidential'`
  if (kind === 'public' && pkce === 'optional')
    return "must have pkce 'required' if it is public, because nothing else ties a code to it (RFC 9700, 2.1.1)"
  if (method !== 'private_key_jwt') {
    if (hasKeys) return "must have jwks and jwksUri only with the tokenEndpointAuthMethod 'private_key_jwt'"
    return (kind === 'confidential') === (secret !== undefined)
      ? undefined
      : 'must have a secret if it is confidential, and none if it is public'
  }
  if (secret !== undefined) return 'must have no secret with private_key_jwt, only jwks or jwksUri'
  return (jwks === undefined) === (jwksUri === undefined)
    ? 'must have either jwks or jwksUri with private_key_jwt'
    : undefined
}
