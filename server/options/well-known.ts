// What a deployment says of itself at well-known places, so that browsers and phones let its other sites and its apps use its passkeys.

import { z } from '../zod.ts'
import { OptionsError } from './secret.ts'

const packageName = z
  .string()
  .check(z.regex(/^[a-z]\w*(\.[a-z]\w*)+$/i, 'must be a package name like com.example.app'))

/** As `keytool` and the Play Console show it: 32 bytes in hex, with colons. */
const fingerprint = z
  .string()
  .check(
    z.regex(
      /^([\dA-F]{2}:){31}[\dA-F]{2}$/i,
      'must be a SHA-256 fingerprint: 32 bytes in hex, with colons between them',
    ),
  )

export const android = z.array(
  z.strictObject({
    packageName,
    sha256CertFingerprints: z.array(fingerprint).check(z.minLength(1)),
  }),
)

export const apple = z.array(
  z
    .string()
    .check(
      z.regex(
        /^[\dA-Z]{10}(\.[\dA-Za-z-]+)+$/,
        'must be an application identifier like A1B2C3D4E5.com.example.app',
      ),
    ),
)

const page = z.string().check(
  z.refine((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined
    return url?.protocol === 'https:' || /^(.+\.)?localhost$/.test(url?.hostname ?? '')
  }, 'must be the URL of a page: https, but on localhost'),
)

export const passkeyEndpoints = z.strictObject({
  enroll: z.optional(page),
  manage: z.optional(page),
  prfUsageDetails: z.optional(page),
})

/** An Android app whose users sign in with the deployment's passkeys (Digital Asset Links, Credential Manager). */
export type AndroidApp = {
  /** As in its manifest: `com.example.app`. */
  packageName: string
  /** Of the certificates that it is signed with, that of Play App Signing among them: `14:6D:E9:…`. */
  sha256CertFingerprints: string[]
}

/** Pages that password managers send people to (W3C, A Well-Known URL for Relying Party Passkey Endpoints, 3.1). */
export type PasskeyEndpoints = {
  /** Where a passkey is made. */
  enroll?: string | undefined
  /** Where the passkeys of an account are looked after. */
  manage?: string | undefined
  /** Where it is said what the PRF extension is used for. */
  prfUsageDetails?: string | undefined
}

/**
 * What the client data of an Android app says its origin is: the hash of the certificate that the app is signed with,
 * in base64url.
 */
export const androidOrigins = (apps: AndroidApp[]): string[] =>
  apps.flatMap(({ sha256CertFingerprints }) =>
    sha256CertFingerprints.map((one) => {
      const hash = Buffer.from(one.replaceAll(':', ''), 'hex')
      return `android:apk-key-hash:${hash.toString('base64url')}`
    }),
  )

const MAX_LABELS = 5

/**
 * Browsers take related origins of five registrable labels, and pass over the others (WebAuthn Level 3, 5.11.1).
 * Errors: OptionsError where there are more.
 */
export function refuseManyLabels(relatedOrigins: string[]): void {
  const labels = [...new Set(relatedOrigins.map(labelOf))]
  if (labels.length <= MAX_LABELS) return
  throw new OptionsError(
    `guestkey options: browsers take related origins of at most ${MAX_LABELS} names, and these have ${labels.length}: ${labels.join(', ')}`,
  )
}

/**
 * The label that somebody registered: `example` of https://shop.example.co.uk. Without the list of public suffixes, by
 * what the common ones look like.
 */
function labelOf(origin: string): string {
  const [top = '', second, third] = new URL(origin).hostname.split('.').reverse()
  const isSuffix = top.length === 2 && /^(ac|co|com|edu|gob|gov|gv|go|ne|net|nom|or|org)$/.test(second ?? '')
  return (isSuffix ? third : undefined) ?? second ?? top
}
