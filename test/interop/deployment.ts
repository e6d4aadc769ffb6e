// A deployment as other software sees it: known only by its address.

import { startApp } from '../support/app.ts'
import { startService } from '../support/service.ts'

/** The audience of a backend of another party. */
export const api = 'https://api.example.com'
export const namespace = 'https://auth.example.com'
/** Contains characters that must be form-encoded for a Basic header (RFC 6749, 2.3.1). */
export const secret = 'a secret: 100 % of it is encoded & decoded + más'

export const clients = [
  { id: 'app', audiences: [api], scopes: ['notes:read', 'notes:write'] },
  {
    ...{ id: 'backend', kind: 'confidential' as const, secret, audiences: [api] },
    scopes: ['notes:read', 'notes:write'],
  },
]

export type Deployment = { algorithm: 'ES256' | 'EdDSA'; start: () => Promise<{ issuer: string }> }

/** The standalone service signs with its default algorithm; an embedding host may choose another one. */
export const deployments: Deployment[] = [
  {
    algorithm: 'ES256',
    async start() {
      const { origin } = await startService({
        GUESTKEY_CLIENTS: JSON.stringify(clients),
        GUESTKEY_CLAIMS_NAMESPACE: namespace,
      })
      return { issuer: origin }
    },
  },
  {
    algorithm: 'EdDSA',
    async start() {
      const options = { clients, tokens: { claimsNamespace: namespace, signingAlgorithm: 'EdDSA' as const } }
      const { origin } = await startApp({ ...options, now: Date.now })
      return { issuer: origin }
    },
  },
]

/** The parameters of the grant for a new guest, for any OAuth library. */
export const anonymousGrant = 'urn:guestkey:params:oauth:grant-type:anonymous'

/** A token with a changed payload and its old signature. */
export function tamper(token: string, claims: object): string {
  const [header, payload, signature] = token.split('.')
  const said = JSON.parse(Buffer.from(payload!, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...said, ...claims })).toString('base64url')
  return [header, changed, signature].join('.')
}
