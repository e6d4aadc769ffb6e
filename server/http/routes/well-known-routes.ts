// The /.well-known/ documents that browsers and phones fetch from the RP ID's host. Each exists only if it is set up.

import type { AndroidApp } from '../../options/options.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { publicFor } from './token-routes.ts'

const KEPT_SECONDS = 60 * 60

export const wellKnownRoutes: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/.well-known/webauthn',
    summary: 'Get the related origins that may use the passkeys of the RP ID (WebAuthn Level 3, 5.11)',
    session: 'none',
    isEnabled: ({ relatedOrigins }) => relatedOrigins.length > 0,
    answers: { 200: schemas.relatedOrigins },
    run: ({ ctx }) => publicFor({ origins: ctx.config.relatedOrigins }, KEPT_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/assetlinks.json',
    summary: 'Get the Android apps that may use the passkeys (Digital Asset Links)',
    session: 'none',
    isEnabled: ({ wellKnown }) => wellKnown.android.length > 0,
    answers: { 200: schemas.assetLinks },
    run: ({ ctx }) => publicFor(ctx.config.wellKnown.android.map(statement), KEPT_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/apple-app-site-association',
    summary: "Get the apps on Apple's systems that may use the passkeys (Associated Domains)",
    session: 'none',
    isEnabled: ({ wellKnown }) => wellKnown.apple.length > 0,
    answers: { 200: schemas.appleAssociation },
    run: ({ ctx }) => publicFor({ webcredentials: { apps: ctx.config.wellKnown.apple } }, KEPT_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/passkey-endpoints',
    summary: 'Get the pages on which people make and manage passkeys',
    session: 'none',
    isEnabled: ({ wellKnown }) => wellKnown.passkeyEndpoints !== undefined,
    answers: { 200: schemas.passkeyEndpoints },
    run: ({ ctx }) => publicFor(ctx.config.wellKnown.passkeyEndpoints!, KEPT_SECONDS),
  }),
]

/** Credential Manager needs both relations before an app may use passkeys. */
const statement = ({ packageName, sha256CertFingerprints }: AndroidApp) => ({
  relation: ['delegate_permission/common.get_login_creds', 'delegate_permission/common.handle_all_urls'],
  target: {
    namespace: 'android_app',
    package_name: packageName,
    sha256_cert_fingerprints: sha256CertFingerprints.map((one) => one.toUpperCase()),
  },
})
