// The options about other issuers, whose guests can exchange a token for ours (RFC 8693).

import { z } from '../../zod.ts'
import { OptionsError } from '../errors.ts'
import { serverUrl } from '../urls.ts'
import { aFunction, objectOf, recordOf, type SchemasOf, text } from '../values.ts'

/** The signature algorithms that another server can verify without the secret of the one that signs (RFC 7518, 3.1). */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** Another issuer of tokens: Firebase, Supabase, Auth0, Better Auth, or any that publishes its keys. */
export type TrustedIssuerOptions = {
  /** Its name, as in the claim `iss`. */
  issuer: string
  /** The URL of its keys. Default: where its `/.well-known/openid-configuration` says. */
  jwksUri?: string | undefined
  /** The audience that a token must have (`aud`): your app, as the issuer knows it. */
  audience: string
  /** The algorithms that it signs with. */
  algorithms: (typeof algorithms)[number][]
  /** The claim that says who it is. Default: `sub`. */
  idClaim?: string | undefined
  /**
   * What stands before that in the id of the guest here. It must never change. `''` keeps the ids as they are, for guests
   * whom you have imported or store things for; only if nobody can choose an id at the issuer. Default: the issuer without
   * `https://`, and `|`.
   */
  idPrefix?: string | undefined
  /**
   * Which tokens are of guests: claims that must have these values, such as `{ 'firebase.sign_in_provider': 'anonymous' }` or
   * `{ is_anonymous: true }`, or a function of the claims. Others are refused. Default: all are.
   */
  isAnonymous?:
    | Record<string, string | number | boolean>
    | ((claims: Record<string, unknown>) => boolean)
    | undefined
  /** The collection of its guests. Default: the deployment's default collection. */
  collection?: string | undefined
}

export const trustedIssuer = objectOf({
  issuer: serverUrl,
  jwksUri: z.optional(serverUrl),
  audience: text,
  algorithms: z.array(z.enum(algorithms)).check(z.minLength(1)),
  idClaim: z._default(text, 'sub'),
  idPrefix: z.optional(z.string().check(z.regex(/^[ -~]{0,128}$/, 'must be at most 128 ASCII characters'))),
  isAnonymous: z._default(
    z.union([
      recordOf(z.union([z.string(), z.number(), z.boolean()])),
      aFunction<(claims: Record<string, unknown>) => boolean>(),
    ]),
    {},
  ),
  collection: z.optional(z.string()),
} satisfies SchemasOf<TrustedIssuerOptions>)

/** An issuer with the defaults filled in. */
export type TrustedIssuer = z.output<typeof trustedIssuer> & { idPrefix: string }

/**
 * The issuers with the defaults filled in. Errors: OptionsError if two issuers could name one guest, or if one is this
 * service, or has an unknown collection.
 */
export function resolveIssuers(
  given: z.output<typeof trustedIssuer>[],
  { issuer, collections }: { issuer: string; collections: string[] },
): TrustedIssuer[] {
  const issuers = given.map((one) => ({
    ...one,
    idPrefix: one.idPrefix ?? `${one.issuer.replace(/^https?:\/\//, '')}|`,
  }))
  for (const one of issuers) {
    const others = issuers.filter((other) => other !== one)
    const twin = others.find((other) => other.issuer === one.issuer)
    const near = others.find((other) => other.idPrefix.startsWith(one.idPrefix))
    const problem =
      one.issuer === issuer
        ? `trustedIssuers has ${issuer}, which is this service; its tokens need no exchange`
        : twin
          ? `trustedIssuers has ${one.issuer} twice; name each issuer once`
          : near
            ? `the idPrefix ${JSON.stringify(near.idPrefix)} of ${near.issuer} begins with ${JSON.stringify(one.idPrefix)}, that of ${one.issuer}, so two people could get one id; choose others`
            : one.collection !== undefined && !collections.includes(one.collection)
              ? `the trusted issuer ${one.issuer} has the collection ${one.collection}, which collections does not have`
              : undefined
    if (problem) throw new OptionsError(`guestkey options: ${problem}`)
  }
  return issuers
}
