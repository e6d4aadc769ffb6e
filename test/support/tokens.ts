// OAuth clients as the endpoints see them, and tokens that somebody with the deployment's secret could forge.

import { randomBytes } from 'node:crypto'
import {
  CompactSign,
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
} from 'jose'
import supertest, { type Response } from 'supertest'
import { expect } from 'vitest'
import { deriveKeys, hashToken } from '../../server/core/crypto/secrets.ts'
import { ANONYMOUS_GRANT, SESSION_GRANT } from '../../server/core/tokens/grants.ts'
import type { Options } from '../../server/index.ts'
import { startApp, type TestApp } from './app.ts'
import type { SoftwareAuthenticator } from './authenticator.ts'
import { tables } from './tables.ts'

/** The secret of the deployment. */
export const secret = 'the deployment secret of the tests of tokens'
export const backendSecret = 'a:secret +of%the backend, of 32 characters and more'
export const pageOrigin = 'https://spa.example'

/**
 * A page on another origin, a native app, an app whose tokens are for other services, backends, two clients with
 * pairwise subs, and a client that must prove a key (DPoP).
 */
export const clients = [
  { id: 'spa', origins: [pageOrigin], scopes: ['read', 'write'] },
  { id: 'app' },
  { id: 'front', audiences: ['https://api.example', 'https://files.example/v1'] },
  { id: 'backend', kind: 'confidential', secret: backendSecret, audiences: ['https://api.example'] },
  { id: 'other', kind: 'confidential', secret: `${backendSecret}!`, audiences: ['https://other.example'] },
  { id: 'diary', pairwise: 'the secret of the names that the diary has' },
  { id: 'shop', pairwise: 'the secret of the names that the shop has' },
  { id: 'bound', dpop: 'required' },
] as const satisfies Options['clients']

/** An app with these clients and this secret. */
export const startTokenApp = (
  options: Partial<Options> = {},
  routes?: Parameters<typeof startApp>[1],
): Promise<TestApp> =>
  startApp({ secret, clients: clients.map((client) => ({ ...client })), ...options } as Options, routes)

/** Another node of the same deployment, with the same clock. */
export const anotherNode = (app: TestApp, options: Partial<Options> = {}): Promise<TestApp> =>
  startTokenApp({ store: app.store, origin: app.origin, now: app.clock.now, ...options })

type TokenParams = Record<string, string | undefined>
type Headers = Record<string, string>

/** Sends a form to an endpoint, as a program does, without undefined params. */
export function send(
  app: Pick<TestApp, 'server'>,
  door: string,
  parameters: TokenParams,
  headers: Headers = {},
): Promise<Response> {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const asked = supertest(app.server).post(`/guest/${door}`).set(headers).type('form')
  return asked.send(new URLSearchParams(given).toString()) as unknown as Promise<Response>
}

export const ask = (app: Pick<TestApp, 'server'>, path: string, headers: Headers = {}): Promise<Response> =>
  supertest(app.server).get(path).set(headers) as unknown as Promise<Response>

export const askToken = (app: Pick<TestApp, 'server'>, parameters: TokenParams, headers?: Headers) =>
  send(app, 'token', parameters, headers)

export const anonymously = (app: Pick<TestApp, 'server'>, more: TokenParams = {}, headers?: Headers) =>
  askToken(app, { grant_type: ANONYMOUS_GRANT, client_id: 'spa', ...more }, headers)

export const refresh = (
  app: Pick<TestApp, 'server'>,
  refresh_token: string,
  more: TokenParams = {},
  headers?: Headers,
) => askToken(app, { grant_type: 'refresh_token', client_id: 'spa', refresh_token, ...more }, headers)

/** The params that the deployment's own page sends for a JWT of its browser's session. */
export const bySession = (
  app: TestApp,
  cookie: string | undefined,
  more: TokenParams = {},
  headers: Headers = { Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' },
) =>
  askToken(
    app,
    { grant_type: SESSION_GRANT, client_id: 'guestkey', ...more },
    { ...headers, ...(cookie && { Cookie: cookie }) },
  )

export type Granted = {
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  expires_in: number
  refresh_token: string
  scope?: string
}

/** The tokens of a response that must be a success. */
export async function granted(answer: Promise<Response>): Promise<Granted> {
  const { status, body, text } = await answer
  expect(status, text).toBe(200)
  return body
}

export const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` })

export const userinfo = (app: Pick<TestApp, 'server'>, token: string) =>
  ask(app, '/guest/userinfo', bearer(token))

/** Sends JSON to an endpoint, as a native app does. */
export const sendJson = (
  app: Pick<TestApp, 'server'>,
  door: string,
  body: object,
  headers: Headers = {},
): Promise<Response> =>
  supertest(app.server)
    .post(`/guest/${door}`)
    .set({ 'Content-Type': 'application/json', ...headers })
    .send(JSON.stringify(body)) as unknown as Promise<Response>

/** Signs in with a passkey for a client. Returns the whole response, with `tokens` in it. */
export async function signInAs(
  app: TestApp,
  device: SoftwareAuthenticator,
  clientId: string | undefined,
  headers: Headers = {},
): Promise<Response> {
  const options = await sendJson(app, 'passkeys/authenticate/options', {}, headers)
  const proof = await device.get(options.body)
  return sendJson(app, 'passkeys/authenticate', { ...proof, client_id: clientId }, headers)
}

/** Adds a passkey to the guest of this access token, or to a new guest of the client. Returns the whole response. */
export async function registerAs(
  app: TestApp,
  device: SoftwareAuthenticator,
  { token, clientId }: { token?: string; clientId?: string },
): Promise<Response> {
  const headers = token === undefined ? {} : bearer(token)
  const options = await sendJson(app, 'passkeys/register/options', {}, headers)
  expect(options.status, options.text).toBe(200)
  const proof = await device.create(options.body)
  return sendJson(app, 'passkeys/register', { ...proof, client_id: clientId }, headers)
}

/** A kept guest of a client: the tokens of a stored session, and the device that holds the passkey. */
export async function keptClient(app: TestApp, clientId = 'spa') {
  const device = app.device()
  const { status, body, text } = await registerAs(app, device, { clientId })
  expect(status, text).toBe(201)
  return { device, guest: body as { sub: string }, tokens: body.tokens as Granted }
}

const part = (token: string, i: number) =>
  JSON.parse(Buffer.from(token.split('.')[i]!, 'base64url').toString())
/** The claims of a JWT, unverified. */
export const claimsOf = (token: string): Record<string, unknown> & { exp: number; iat: number } =>
  part(token, 1)
export const headerOf = (token: string): Record<string, unknown> & { kid: string } => part(token, 0)
export const encode = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export type SigningKeyRow = {
  generation: number
  kid: string
  algorithm: string
  public_key: string
  private_key: string
  signs_from: number
  retires_at: number | null
}

export const signingKeys = async (app: Pick<TestApp, 'store'>): Promise<SigningKeyRow[]> =>
  (await tables(app.store))
    .signing_keys!.map((row) => JSON.parse(row) as SigningKeyRow)
    .toSorted((a, b) => a.generation - b.generation)

/** The token with other claims and headers, signed with the deployment's own key. */
export async function forge(
  app: Pick<TestApp, 'store'>,
  token: string,
  { header = {}, claims = {}, payload }: { header?: object; claims?: object; payload?: string },
): Promise<string> {
  const { kid } = headerOf(token)
  const row = (await signingKeys(app)).find((one) => one.kid === kid)!
  const { plaintext } = await compactDecrypt(row.private_key, deriveKeys(secret).signing)
  const key = await importJWK(JSON.parse(new TextDecoder().decode(plaintext)), row.algorithm)
  const text = payload ?? JSON.stringify({ ...claimsOf(token), ...claims })
  const said = JSON.parse(JSON.stringify({ ...headerOf(token), ...header }))
  return new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader(said)
    .sign(key, { crit: { 'urn:example:unknown': true } })
}

/** The key of a client, and its DPoP proofs (RFC 9449, 4.2). */
export async function dpopKey(algorithm: 'ES256' | 'EdDSA' | 'RS256' | 'PS256' = 'ES256') {
  const pair = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(pair.publicKey)
  /** A proof for this request, with the given mistakes. */
  async function prove(
    app: TestApp,
    method: string,
    path: string,
    { token, claims = {}, header = {} }: { token?: string; claims?: object; header?: object } = {},
  ): Promise<string> {
    const payload = {
      jti: randomBytes(16).toString('base64url'),
      htm: method,
      htu: app.origin + path,
      iat: Math.floor(app.clock.now() / 1000),
      ...(token !== undefined && { ath: hashToken(token) }),
      ...claims,
    }
    return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ typ: 'dpop+jwt', alg: algorithm, jwk, ...header })
      .sign(pair.privateKey)
  }
  return { jwk, privateJwk: await exportJWK(pair.privateKey), jkt: await calculateJwkThumbprint(jwk), prove }
}

export type DpopKey = Awaited<ReturnType<typeof dpopKey>>
