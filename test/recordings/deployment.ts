// The deployment that a recording uses: its options, its nodes, and the servers that it talks to.

import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { z } from 'zod'
import { type CodeMessage, type GuestKey, guestkey, type Merge, type Options } from '../../server/index.ts'
import { Visitor } from './visitor.ts'

/** Placeholders for the addresses of the servers around it, which differ in each run. */
export const RECEIVERS = 'http://127.0.0.1:9'
export const PROVIDER = 'http://localhost:9'

/** The settings of a node that JSON cannot hold. */
export type Hooks = {
  /** Unix seconds. */
  now: () => number
  send?: (message: CodeMessage) => unknown
  onMerge?: (merge: Merge) => unknown
}

/** A node, and the function to send it requests. */
export type Node = {
  guests: GuestKey
  server: Server
  browser: (cookies?: Record<string, string>) => Visitor
  program: () => Visitor
  close: () => Promise<void>
}

export const profile = z.object({ nickname: z.string(), favourites: z.array(z.string()) })
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Starts a node on a free port. A route of the host signs in any `sub`: `/host/sign-in-as?sub=…`. `make`: the function
 * guestkey() of an older version.
 */
export async function startNode(
  options: Partial<Options>,
  store: string,
  { now, send, onMerge }: Hooks,
  make: (options: Options) => unknown = (options) => guestkey({ ...options, profile }),
): Promise<Node> {
  const origin = [options.origin!].flat()[0]!
  const guests = make({
    ...options,
    ...(send && { loginIds: { ...options.loginIds, send } }),
    ...(onMerge && { merge: { ...options.merge, onMerge } }),
    origin,
    store,
    logger: quiet,
    now: () => now() * 1000,
  }) as GuestKey
  await guests.ready()
  const { server, close } = await listen((req, res) => {
    guests.router(req, res, async () => {
      const sub = new URL(req.url!, origin).searchParams.get('sub')
      if (sub) await guests.signInAs(req, res, sub)
      res.writeHead(sub ? 204 : 404).end()
    })
  })
  return {
    guests,
    server,
    browser: (cookies) => new Visitor(server, origin, cookies),
    program: () => new Visitor(server, undefined),
    async close() {
      await close()
      await guests.close()
    },
  }
}

async function listen(handler: RequestListener) {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Received = { path: string; headers: IncomingHttpHeaders; body: string }

/** Receivers of webhooks: `/takes` accepts all, `/gone` answers 410, `/down` is down. */
export async function startReceivers() {
  const received: Received[] = []
  const statuses: Record<string, number> = { '/takes': 204, '/gone': 410, '/down': 503 }
  const { port, close } = await listen(async (req, res) => {
    received.push({ path: req.url!, headers: req.headers, body: await text(req) })
    res.writeHead(statuses[req.url!] ?? 404).end()
  })
  return { url: `http://127.0.0.1:${port}`, received, statuses, close }
}

/** An OpenID provider where everybody is signed in already. */
export async function startProvider() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const begun = new Map<string, { user: string; nonce: string; challenge: string; client: string }>()
  let issuer = ''
  const { port, close } = await listen(async (req, res) => {
    const answer = (status: number, body: object) =>
      res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    if (req.url === '/.well-known/openid-configuration')
      return answer(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['ES256'],
      })
    if (req.url === '/jwks') return answer(200, { keys: [await exportJWK(publicKey)] })
    const given = new URLSearchParams(await text(req))
    const of = begun.get(given.get('code') ?? '')
    const verifier = given.get('code_verifier') ?? ''
    if (!of || createHash('sha256').update(verifier).digest('base64url') !== of.challenge)
      return answer(400, { error: 'invalid_grant' })
    const idToken = await new SignJWT({ nonce: of.nonce })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(issuer)
      .setSubject(of.user)
      .setAudience(of.client)
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(privateKey)
    return answer(200, { access_token: 'none', token_type: 'Bearer', id_token: idToken })
  })
  issuer = `http://localhost:${port}`
  return {
    issuer,
    close,
    /** Takes the URL to which the browser was sent, and returns the query with which it comes back. */
    signIn(location: string, user: string): string {
      const asked = new URL(location).searchParams
      const code = `code of ${user} ${begun.size}`
      begun.set(code, {
        user,
        nonce: asked.get('nonce')!,
        challenge: asked.get('code_challenge')!,
        client: asked.get('client_id')!,
      })
      return new URLSearchParams({ code, state: asked.get('state')! }).toString()
    },
  }
}

const days = (n: number) => n * 24 * 60 * 60
const made = (of: string) => `${of}, made for the recordings of the tests and for nothing else`
export const webhookSecrets = ['takes', 'takes before', 'gone', 'down'].map(
  (of) => `whsec_${Buffer.from(made(of)).subarray(0, 48).toString('base64')}`,
)
export const backendSecret = made('the secret of the backend')

/** The options of a node, as far as JSON can hold them. */
export function optionsOf(
  { receivers = RECEIVERS, provider = PROVIDER } = {},
  others: Partial<Options> = {},
): Partial<Options> {
  return {
    origin: 'https://app.example',
    secret: [made('the secret'), made('the secret from before')],
    collections: { users: {}, visitors: { retention: { none: days(20) } } },
    retention: {
      none: days(30),
      device: days(60),
      passkey: days(90),
      synced: days(120),
      warnSeconds: days(10),
      graceSeconds: days(20),
    },
    prompts: [
      { prompt: 'add_passkey', when: { daysSeen: 2 } },
      { prompt: 'add_attribute:nickname' },
      { prompt: 'promote', when: { kept: true } },
    ],
    loginIds: { providers: [{ id: 'example', name: 'Example', issuer: provider, clientId: 'guestkey' }] },
    webhooks: [
      { url: `${receivers}/takes`, secret: [webhookSecrets[0]!, webhookSecrets[1]!] },
      { url: `${receivers}/gone`, secret: webhookSecrets[2]!, events: ['guest.renamed'] },
      { url: `${receivers}/down`, secret: webhookSecrets[3]!, events: ['guest.renamed'] },
    ],
    redirectUris: ['https://app.example/back'],
    clients: [
      {
        id: 'spa',
        origins: ['https://spa.example'],
        scopes: ['read', 'write'],
        redirectUris: ['https://spa.example/back'],
        accessTokenSeconds: 60 * 60,
      },
      {
        id: 'backend',
        kind: 'confidential',
        secret: backendSecret,
        audiences: ['https://api.example'],
      },
      { id: 'diary', origins: ['https://app.example'], pairwise: made('the names of the diary') },
      { id: 'bound', dpop: 'required' },
    ],
    tokens: { claimsNamespace: 'https://app.example/claims' },
    wellKnown: {
      android: [{ packageName: 'example.app', sha256CertFingerprints: [Array(32).fill('AB').join(':')] }],
      apple: ['TEAMID1234.example.app'],
      passkeyEndpoints: { enroll: 'https://app.example/passkeys' },
    },
    rateLimit: false,
    ...others,
  }
}
/** The node that seals with the previous secret, and one that browsers reach over plain http. */
export const earlier = { secret: [made('the secret from before'), made('the secret')] }
export const plain = { origin: 'http://localhost:4700', cookieName: 'guestkey' }
