// The option clients: OAuth clients, what they may ask for, and how long their tokens live.

import { z } from '../zod.ts'
import { absoluteUri, origin, seconds, secret } from './values.ts'

export const hourAtMost = seconds.check(
  z.maximum(60 * 60, 'must be an hour at most (3600); refresh tokens last longer'),
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

/** An OAuth client (RFC 6749, 2): a web app on another origin, a native app, or a backend. */
export type ClientOptions = {
  /** Its `client_id`. */
  id: string
  /** `confidential` for a backend, which can keep a secret. Default: `public`. */
  kind?: 'public' | 'confidential' | undefined
  /** The secret of a confidential client: at least 32 characters. Public clients have none. */
  secret?: string | undefined
  /**
   * Origins of its pages: browsers may use the client from these (CORS). Those within the RP ID may run ceremonies.
   * Default: none.
   */
  origins?: string[] | undefined
  /** Audiences that its access tokens may have (`aud`). A request that names no `resource` gets the first. Default: the issuer. */
  audiences?: string[] | undefined
  /** Scopes that it may ask for. A request that names no `scope` gets all of them. Default: none. */
  scopes?: string[] | undefined
  /** Redirect URIs, compared character by character. Default: none. */
  redirectUris?: string[] | undefined
  /** How long its access tokens live, an hour at most. Default: the option `accessTokenSeconds`. */
  accessTokenSeconds?: number | undefined
  /** How long an unused refresh token lives. Default: the option `sessionIdleSeconds`. */
  refreshIdleSeconds?: number | undefined
  /**
   * How long a session of the client lives at most, however often it is refreshed. Default: the option
   * `sessionAbsoluteSeconds`.
   */
  refreshAbsoluteSeconds?: number | undefined
  /**
   * Gives the client its own `sub` for every guest, so that two clients cannot combine what they know. A secret of at
   * least 32 characters. It must never change, because every `sub` is derived from it. Default: `sub` is `anonymous_id`.
   */
  pairwise?: string | undefined
  /** `required`: its tokens must be bound to a key (RFC 9449). Default: `optional`, bound if the request sends a proof. */
  dpop?: 'optional' | 'required' | undefined
}

/** A registered client, with defaults filled in. */
export type Client = {
  [K in Exclude<keyof ClientOptions, 'secret' | 'pairwise'>]-?: Exclude<ClientOptions[K], undefined>
} & { secret: string | undefined; pairwise: string | undefined }
