// An issuer whose keys the test holds, so that it can sign what ours never would, and what other systems do.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { createVerifier, type VerifierOptions } from '../../server/verify/index.ts'
import { whenOver } from './when-over.ts'

export const api = 'https://api.example.com'

export type SigningKey = { alg: string; kid: string; privateKey: CryptoKey; jwk: JWK }

export async function newKey(alg: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { alg, kid, privateKey, jwk: { ...jwk, kid, alg, use: 'sig' } }
}

/** The keys that it publishes, how often they were read, and how it answers can be changed. It stops when the test ends. */
export async function startIssuer() {
  const state = {
    ...{ keys: [await newKey('ES256')], reads: 0, status: 200, metadata: {} },
    body: undefined as string | undefined,
  }
  let time = Math.floor(Date.now() / 1000) * 1000
  const server = createServer((req, res) => {
    state.reads++
    const isMetadata = req.url === '/.well-known/openid-configuration'
    const keys = { keys: state.keys.map(({ jwk }) => jwk) }
    const metadata = { issuer, jwks_uri: `${issuer}/keys`, ...state.metadata }
    const body = state.body ?? JSON.stringify(isMetadata ? metadata : keys)
    res.writeHead(state.status, { Location: '/elsewhere', 'Content-Type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenOver(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const now = () => time
  const seconds = () => Math.floor(time / 1000)
  return {
    ...{ issuer, state, now, seconds },
    forward: (more: number) => {
      time += more * 1000
    },
    verifier: (options: Partial<VerifierOptions> = {}) =>
      createVerifier({ issuer, audience: api, now, ...options }),
    /** A token as ours are, with these changes, signed by the newest key. */
    sign(claims: object = {}, header: object = {}, key = state.keys.at(-1)!): Promise<string> {
      const said = {
        ...{ iss: issuer, aud: [api, issuer], sub: 'a-guest', anonymous_id: 'a-guest', sid: 'a-session' },
        ...{ iat: seconds(), exp: seconds() + 600, jti: 'one', client_id: 'app' },
        ...{ is_anonymous: true, is_verified: false, recoverability: 'none', label: 'amber-fox-42' },
        ...{ collection: 'users', ...claims },
      }
      const protectedHeader = { alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header }
      return new SignJWT(said).setProtectedHeader(protectedHeader).sign(key.privateKey)
    },
  }
}
