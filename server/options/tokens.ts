// The options about access tokens: how they are signed, and how long they live.

import { z } from '../zod.ts'
import { hourAtMost } from './clients.ts'
import { days, type SchemasOf, seconds } from './values.ts'

/** Access tokens, and the refresh tokens beside them. */
export type TokenOptions = {
  /** The algorithm that signs access tokens (RFC 7518, RFC 8037). Default: `ES256`. */
  signingAlgorithm?: 'ES256' | 'EdDSA' | undefined
  /** How long a signing key signs before a new one replaces it, in seconds. Default: 90 days. */
  signingKeySeconds?: number | undefined
  /** How long an access token is valid, an hour at most. Default: 10 minutes. */
  accessTokenSeconds?: number | undefined
  /** How long a used refresh token gives the same response again, in case the first one was lost. Default: 30 seconds. */
  refreshGraceSeconds?: number | undefined
}

export const tokenSchemas = {
  signingAlgorithm: z._default(z.enum(['ES256', 'EdDSA']), 'ES256'),
  signingKeySeconds: z._default(seconds, days(90)),
  accessTokenSeconds: z._default(hourAtMost, 10 * 60),
  refreshGraceSeconds: z._default(seconds, 30),
} satisfies SchemasOf<TokenOptions>
