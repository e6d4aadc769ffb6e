// What browsers and phones look for at the RP ID's host; each of them is there only where it was set up.

import type { AndroidApp } from '../../options/options.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { publicFor } from './token-routes.ts'

const KEPT_SECONDS = 60 * 60

export const wellKnownRoutes: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/.well-known/webauthn',
    summary: 'The origins beside those of the RP ID that use its passkeys (WebAuthn Level 3, 5.11)',
    session: 'none',
    isEnabled: ({ relatedOrigins }) => relatedOrigins.length > 0,
    answers: { 200: schemas.relatedOrigins },
    run: ({ ctx }) => publicFor({ origins: ctx.config.relatedOrigins }, KEPT_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/assetlinks.json',
    summary: 'The Android apps that use the passkeys (Digital Asset Links)',
    session: 'none',
    isEnabled: ({ android }) => android.length > 0,
    answers: { 200: schemas.assetLinks },
    run: ({ ctx }) => publicFor(ctx.config.android.map(statement), KEPT_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/apple-app-site-association',
    summary: "The apps for Apple's systems that use the passkeys (Associated Domains)",
    session: 'none',
    isEnabled: ({ apple }) => apple.length > 0,
    answers: { 200: schemas.appleAssociation },
    run: ({ ctx }) => publicFor({ webcredentials: { apps: ctx.config.apple } }, KEPT_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/passkey-endpoints',
    summary: 'The pages where passkeys are made and looked after',
    session: 'none',
    isEnabled: ({ passkeyEndpoints }) => passkeyEndpoints !== undefined,
    answers: { 200: schemas.passkeyEndpoints },
    run: ({ ctx }) => publicFor(ctx.config.passkeyEndpoints!, KEPT_SECONDS),
  }),
]

/** Credential Manager wants both relations before an app may use passkeys. */
const statement = ({ packageName, sha256CertFingerprints }: AndroidApp) => ({
  relation: ['delegate_permission/common.get_login_creds', 'delegate_permission/common.handle_all_urls'],
  target: {
    namespace: 'android_app',
    package_name: packageName,
    sha256_cert_fingerprints: sha256CertFingerprints.map((one) => one.toUpperCase()),
  },
})
