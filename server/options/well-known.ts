// The options about the /.well-known/ paths: what they publish.

import { z } from '../zod.ts'
import { pageUrl } from './urls.ts'
import { objectOf, type SchemasOf } from './values.ts'

const packageName = z
  .string()
  .check(z.regex(/^[a-z]\w*(\.[a-z]\w*)+$/i, 'must be a package name like com.example.app'))

/** In the form that `keytool` and the Play Console show: 32 bytes in hex, with colons. */
const fingerprint = z
  .string()
  .check(
    z.regex(
      /^([\dA-F]{2}:){31}[\dA-F]{2}$/i,
      'must be a SHA-256 fingerprint: 32 bytes in hex, with colons between them',
    ),
  )

const android = z.array(
  objectOf({
    packageName,
    sha256CertFingerprints: z.array(fingerprint).check(z.minLength(1)),
  }),
)

const apple = z.array(
  z
    .string()
    .check(
      z.regex(
        /^[\dA-Z]{10}(\.[\dA-Za-z-]+)+$/,
        'must be an application identifier like A1B2C3D4E5.com.example.app',
      ),
    ),
)

const passkeyEndpoints = objectOf({
  enroll: z.optional(pageUrl),
  manage: z.optional(pageUrl),
  prfUsageDetails: z.optional(pageUrl),
})

/** An Android app that may use the deployment's passkeys (Digital Asset Links, Credential Manager). */
export type AndroidApp = {
  /** The name in its manifest: `com.example.app`. */
  packageName: string
  /** The fingerprints of the certificates that sign it, including that of Play App Signing: `14:6D:E9:…`. */
  sha256CertFingerprints: string[]
}

/** Pages to which password managers send people (W3C, A Well-Known URL for Relying Party Passkey Endpoints, 3.1). */
export type PasskeyEndpoints = {
  /** The page on which people make a passkey. */
  enroll?: string | undefined
  /** The page on which people manage the passkeys of their account. */
  manage?: string | undefined
  /** The page that says what the site uses the PRF extension for. */
  prfUsageDetails?: string | undefined
}

/** What is published at the /.well-known/ paths. */
export type WellKnownOptions = {
  /**
   * Whether the router answers `/.well-known/oauth-authorization-server`, `/.well-known/jwks.json` and the other
   * well-known paths that are set up at the root. It always answers them below the base path. Set it to false if the app
   * has its own at the root. Default: true.
   */
  atRoot?: boolean | undefined
  /**
   * Android apps that may use the deployment's passkeys. They are published at `/.well-known/assetlinks.json`, and their
   * ceremonies are accepted. Default: none.
   */
  android?: AndroidApp[] | undefined
  /**
   * Apps on Apple's systems that may use the deployment's passkeys, such as `TEAMID1234.com.example.app`. They are
   * published at `/.well-known/apple-app-site-association`. Their ceremonies have the origin `https://` and the RP ID,
   * which is then accepted. Default: none.
   */
  apple?: string[] | undefined
  /** Pages to which password managers send people, published at `/.well-known/passkey-endpoints`. Default: none. */
  passkeyEndpoints?: PasskeyEndpoints | undefined
}
const wellKnown = objectOf({
  atRoot: z._default(z.boolean(), true),
  android: z._default(android, []),
  apple: z._default(apple, []),
  passkeyEndpoints: z.optional(passkeyEndpoints),
})

/** The /.well-known/ paths. */
export type PublishedOptions = {
  /** What is published at the /.well-known/ paths. */
  wellKnown?: WellKnownOptions | undefined
}

export const wellKnownSchemas = {
  wellKnown: z.prefault(wellKnown, {}),
} satisfies SchemasOf<PublishedOptions>

/**
 * The origins that Android apps state in their client data: each is the hash of a certificate that signs the app, in
 * base64url.
 */
export const androidOrigins = (apps: AndroidApp[]): string[] =>
  apps.flatMap(({ sha256CertFingerprints }) =>
    sha256CertFingerprints.map((one) => {
      const hash = Buffer.from(one.replaceAll(':', ''), 'hex')
      return `android:apk-key-hash:${hash.toString('base64url')}`
    }),
  )
