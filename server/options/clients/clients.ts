// The options about OAuth: the clients, what they may ask for, and the tokens that they get.

import { z } from '../../zod.ts'
import { OptionsError } from '../errors.ts'
import { absoluteUri, pageOrigin, redirectUri } from '../urls.ts'
import { objectOf, type SchemasOf, seconds, secret } from '../values.ts'
import { type OpenIdClientOptions, openIdClientSchemas, problemOfAuthentication } from './openid.ts'
import { hourAtMost, type TokenOptions, tokens } from './tokens.ts'
import { type TrustedIssuerOptions, trustedIssuer } from './trusted-issuers.ts'

const clientId = z
  .string()
  .check(z.regex(/^[\w.~-]{1,128}$/, 'must be like my-app: letters, digits, . _ ~ and -'))
const scope = z
  .string()
  .check(z.regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be one scope token (RFC 6749, 3.3)'))

const client = objectOf({
  id: clientId,
  kind: z._default(z.enum(['public', 'confidential']), 'public'),
  secret: z.optional(secret),
  origins: z._default(z.array(pageOrigin), []),
  audiences: z.optional(z.array(absoluteUri).check(z.minLength(1))),
  scopes: z._default(z.array(scope), []),
  redirectUris: z._default(z.array(redirectUri), []),
  accessTokenSeconds: z.optional(hourAtMost),
  refreshIdleSeconds: z.optional(seconds),
  refreshAbsoluteSeconds: z.optional(seconds),
  pairwise: z.optional(secret),
  dpop: z._default(z.enum(['optional', 'required']), 'optional'),
  ...openIdClientSchemas,
}).check(
  z.superRefine((value, ctx) => {
    const message = problemOfAuthentication(value)
    if (message) ctx.addIssue({ code: 'custom', message, input: undefined }) // the value may hold a secret
  }),
)

/** The scopes of the operators' API. Only a confidential client may have them, and only for itself: no guest's token has them. */
export const operatorScopes = ['admin:read', 'admin:guests', 'admin:settings', 'admin:upkeep'] as const
export type OperatorScope = (typeof operatorScopes)[number]

/** An OAuth client (RFC 6749, 2): a web app on another origin, a native app, or a backend. */
export type ClientOptions = OpenIdClientOptions & {
  /** Its `client_id`. */
  id: string
  /** `confidential` for a backend, which can keep a secret. Default: `public`. */
  kind?: 'public' | 'confidential' | undefined
  /** The secret of a confidential client: at least 32 characters. Public clients have none. */
  secret?: string | undefined
  /**
   * Origins of its pages: browsers may use the client from these (CORS). Those of websites within the RP ID may run
   * ceremonies. Apps and browser extensions have origins, too: `capacitor://localhost`, `tauri://localhost`,
   * `http://tauri.localhost`, `ionic://localhost`, `chrome-extension://<id>`. Default: none.
   */
  origins?: string[] | undefined
  /** Audiences that its access tokens may have (`aud`). A request that names no `resource` gets the first. Default: the issuer. */
  audiences?: string[] | undefined
  /**
   * Scopes that it may ask for. A request that names no `scope` gets all of them. While the option `operators` is set,
   * `admin:read`, `admin:guests`, `admin:settings` and `admin:upkeep` are for the client itself (RFC 6749, 4.4), and no
   * guest's token has them. Default: none.
   */
  scopes?: string[] | undefined
  /**
   * Redirect URIs, compared character by character. `http://127.0.0.1/…` and `http://[::1]/…` without a port allow every
   * port, for an app that gets its port when it starts (RFC 8252, 7.3). Default: none.
   */
  redirectUris?: string[] | undefined
  /** How long its access tokens live, an hour at most. Default: the option `tokens.accessTokenSeconds`. */
  accessTokenSeconds?: number | undefined
  /** How long an unused refresh token lives. Default: the option `sessions.idleSeconds`. */
  refreshIdleSeconds?: number | undefined
  /**
   * How long a session of the client lives at most, however often it is refreshed. Default: the option
   * `sessions.absoluteSeconds`.
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

/** What a client need not have, and gets no default for. */
type Absent =
  | 'secret'
  | 'pairwise'
  | 'name'
  | 'tokenEndpointAuthMethod'
  | 'jwks'
  | 'jwksUri'
  | 'backchannelLogoutUri'
  | 'emailAlias'

/** A registered client, with defaults filled in. `scopes`: what it may do for guests; `operatorScopes`: by itself. */
export type Client = {
  [K in Exclude<keyof ClientOptions, Absent>]-?: Exclude<ClientOptions[K], undefined>
} & { [K in Absent]: ClientOptions[K] } & { operatorScopes: OperatorScope[] }

/** The clients, and the tokens for them. */
export type OAuthOptions = {
  /** Redirect URIs of the deployment's own pages, compared character by character. Default: none. */
  redirectUris?: string[] | undefined
  /**
   * OAuth clients. The deployment's own pages are the public client `guestkey`, which is registered by itself unless
   * this list has a client with that id. Default: none.
   */
  clients?: ClientOptions[] | undefined
  /** Who issues tokens, what access tokens say, how they are signed, and how long they live. */
  tokens?: TokenOptions | undefined
  /** Other issuers, whose guests can exchange a token for ours (RFC 8693). Default: none. */
  trustedIssuers?: TrustedIssuerOptions[] | undefined
}

export const oauthSchemas = {
  redirectUris: z._default(z.array(redirectUri), []),
  clients: z._default(z.array(client), []),
  tokens: z.prefault(tokens, {}),
  trustedIssuers: z._default(z.array(trustedIssuer), []),
} satisfies SchemasOf<OAuthOptions>

/** The OAuth client of the deployment's own pages. */
const OWN_CLIENT = 'guestkey'

/** The clients with defaults filled in, and with the deployment's own. Errors: OptionsError if two have the same id. */
export function resolveClients(
  clients: z.output<typeof client>[],
  forAll: {
    origins: string[]
    redirectUris: string[]
    tokens: { issuer: string; accessTokenSeconds: number; signingAlgorithm: 'ES256' | 'EdDSA' }
    sessions: { idleSeconds: number; absoluteSeconds: number }
    operators: object | boolean
  },
): Client[] {
  const own = clients.some(({ id }) => id === OWN_CLIENT)
  const { origins, redirectUris, tokens, sessions } = forAll
  if (redirectUris.length > 0 && own)
    throw new OptionsError(
      `guestkey options: set redirectUris on the client ${OWN_CLIENT}, because clients registers it`,
    )
  const registered = own
    ? clients
    : [{ ...client.parse({ id: OWN_CLIENT, redirectUris }), origins }, ...clients]
  const ids = registered.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice)
    throw new OptionsError(
      `guestkey options: the client ${twice} is registered twice; give each client an id of its own`,
    )
  // Without operators, these are scopes as any other.
  const isForOperators = (scope: string): scope is OperatorScope =>
    forAll.operators !== false && operatorScopes.some((one) => one === scope)
  const open = registered.find(({ kind, scopes }) => kind === 'public' && scopes.some(isForOperators))
  if (open)
    throw new OptionsError(
      `guestkey options: the client ${open.id} is public, so it must not have the scope ${open.scopes.find(isForOperators)} of the operators' API; make it confidential, or take the scope out`,
    )
  return registered.map((one) => ({
    ...one,
    scopes: one.scopes.filter((scope) => !isForOperators(scope)),
    operatorScopes: one.scopes.filter(isForOperators),
    secret: one.secret,
    pairwise: one.pairwise,
    name: one.name,
    idTokenAlgorithm: one.idTokenAlgorithm ?? tokens.signingAlgorithm,
    tokenEndpointAuthMethod: one.tokenEndpointAuthMethod,
    jwks: one.jwks,
    jwksUri: one.jwksUri,
    backchannelLogoutUri: one.backchannelLogoutUri,
    emailAlias: one.emailAlias,
    audiences: one.audiences ?? [tokens.issuer],
    accessTokenSeconds: one.accessTokenSeconds ?? tokens.accessTokenSeconds,
    refreshIdleSeconds: one.refreshIdleSeconds ?? sessions.idleSeconds,
    refreshAbsoluteSeconds: one.refreshAbsoluteSeconds ?? sessions.absoluteSeconds,
  }))
}
