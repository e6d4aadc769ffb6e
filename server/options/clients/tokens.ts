// The options about tokens: who issues them, what signs them, and how long they live.

import { z } from '../../zod.ts'
import { absoluteUri, origin } from '../urls.ts'
import { days, objectOf, type SchemasOf, seconds } from '../values.ts'

export const hourAtMost = seconds.check(
  z.maximum(60 * 60, 'must be an hour at most (3600); refresh tokens last longer'),
)

/** Access tokens, and the refresh tokens beside them. */
export type TokenOptions = {
  /** The issuer of tokens (`iss`): an origin at which clients reach this service. Default: the (first) origin. */
  issuer?: string | undefined
  /**
   * A URI under which access tokens repeat the claims `is_anonymous` and `is_verified`, such as
   * `https://auth.example.com/is_anonymous`. Default: they are not repeated.
   */
  claimsNamespace?: string | undefined
  /** The algorithm that signs access tokens (RFC 7518, RFC 8037). Default: `ES256`. */
  signingAlgorithm?: 'ES256' | 'EdDSA' | undefined
  /** How long a signing key signs before a new one replaces it, in seconds. Default: 90 days. */
  signingKeySeconds?: number | undefined
  /** How long an access token is valid, an hour at most. Default: 10 minutes. */
  accessTokenSeconds?: number | undefined
  /**
   * How long a used refresh token gives the same response again, in case the first one was lost. After that, its use ends the
   * session. The browser client asks again within 20 seconds, or within twice its `timeoutSeconds` if that is less: choose
   * more than that. Default: 30 seconds.
   */
  refreshGraceSeconds?: number | undefined
}

export const tokens = objectOf({
  issuer: z.optional(origin),
  claimsNamespace: z.optional(absoluteUri),
  signingAlgorithm: z._default(z.enum(['ES256', 'EdDSA']), 'ES256'),
  signingKeySeconds: z._default(seconds, days(90)),
  accessTokenSeconds: z._default(hourAtMost, 10 * 60),
  refreshGraceSeconds: z._default(seconds, 30),
} satisfies SchemasOf<TokenOptions>)
