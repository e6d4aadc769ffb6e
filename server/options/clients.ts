// OAuth clients: who may have tokens, and for how long.

import { z } from '../zod.ts'
import { absoluteUri, origin, seconds, secret } from './values.ts'

export const hourAtMost = seconds.check(
  z.maximum(60 * 60, 'must be an hour at most; refresh tokens last longer'),
)

const clientId = z
  .string()
  .check(z.regex(/^[\w.~-]{1,128}$/, 'must be like my-app: letters, digits, . _ ~ and -'))
const scope = z
  .string()
  .check(z.regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be one scope token (RFC 6749, 3.3)'))

export const client = z
  .strictObject({
    id: clientId,
    kind: z._default(z.enum(['public', 'confidential']), 'public'),
    secret: z.optional(secret),
    origins: z._default(z.array(origin), []),
    audiences: z.optional(z.array(absoluteUri).check(z.minLength(1))),
    scopes: z._default(z.array(scope), []),
    redirectUris: z._default(z.array(absoluteUri), []),
    accessTokenSeconds: z.optional(hourAtMost),
    refreshIdleSeconds: z.optional(seconds),
    refreshAbsoluteSeconds: z.optional(seconds),
    pairwise: z.optional(secret),
    dpop: z._default(z.enum(['optional', 'required']), 'optional'),
  })
  .check(
    z.refine(
      ({ kind, secret }) => (kind === 'confidential') === (secret !== undefined),
      'must have a secret if it is confidential, and none if it is public',
    ),
  )

/** An OAuth client (RFC 6749, 2): an app on an origin of its own, a native app, or a backend. */
export type ClientOptions = {
  /** Its `client_id`. */
  id: string
  /** `confidential` where it can keep a secret: a backend. Default: `public`. */
  kind?: 'public' | 'confidential' | undefined
  /** Of a confidential client: at least 32 characters. */
  secret?: string | undefined
  /** Origins of its pages: from these it may be used in browsers (CORS), and run ceremonies. Default: none. */
  origins?: string[] | undefined
  /** Whom its access tokens may be for (`aud`), the first unless `resource` says otherwise. Default: the issuer. */
  audiences?: string[] | undefined
  /** Scopes that it may ask for; all of them unless `scope` says less. Default: none. */
  scopes?: string[] | undefined
  /** Where its users may be sent back to, compared as they stand. Default: nowhere. */
  redirectUris?: string[] | undefined
  /** How long its access tokens live, an hour at most. Default: as set for all. */
  accessTokenSeconds?: number | undefined
  /** How long a refresh token lives without being used. Default: `sessionIdleSeconds`. */
  refreshIdleSeconds?: number | undefined
  /** How long refreshing goes on at most. Default: `sessionAbsoluteSeconds`. */
  refreshAbsoluteSeconds?: number | undefined
  /**
   * Gives it a `sub` of its own for every guest, so that two clients cannot join what they know: a secret of at least
   * 32 characters that must never change, for every `sub` follows from it. Default: the `anonymous_id`.
   */
  pairwise?: string | undefined
  /** Whether its tokens must be bound to a key (RFC 9449). Default: where it sends a proof. */
  dpop?: 'optional' | 'required' | undefined
}

/** A registered client with its defaults. */
export type Client = {
  [K in Exclude<keyof ClientOptions, 'secret' | 'pairwise'>]-?: Exclude<ClientOptions[K], undefined>
} & { secret: string | undefined; pairwise: string | undefined }
