// Signing keys rotate while two nodes issue, refresh and verify tokens, and other parties verify with cached keys. The
// test plays hours, step by step, on the clocks of both nodes, which differ.

import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, onTestFinished, test, vi } from 'vitest'
import { JWKS_SECONDS } from '../../server/core/tokens/signing-keys.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { SoftwareAuthenticator } from '../support/authenticator.ts'
import { storeWithTables } from '../support/engine.ts'
import { anonymousGrant, api } from './deployment.ts'

const STEP_SECONDS = 25
const MINUTE = 60
/** Below the 30 seconds of clock difference that the server tolerates. */
const AHEAD_MILLISECONDS = 25_000
const clients = [
  { id: 'app', audiences: [api] },
  { id: 'long', audiences: [api], accessTokenSeconds: 60 * MINUTE },
]

type Node = { url: string; app: TestApp }
type Tokens = { access_token: string; refresh_token: string }

async function startNodes(): Promise<[Node, Node]> {
  const common = { clients, store: await storeWithTables(), secret: randomBytes(32).toString('base64') }
  const first = await startApp({ ...common, now: () => Date.now() })
  const second = await startApp({
    ...common,
    origin: first.origin,
    now: () => Date.now() + AHEAD_MILLISECONDS,
  })
  const node = (app: TestApp) => ({
    app,
    url: `http://localhost:${(app.server.address() as AddressInfo).port}`,
  })
  return [node(first), node(second)]
}

async function post(url: string, parameters: Record<string, string>): Promise<Tokens> {
  const answer = await fetch(`${url}/guest/token`, { method: 'POST', body: new URLSearchParams(parameters) })
  if (answer.status !== 200) throw new Error(`POST /guest/token: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Tokens
}

const newGuest = ({ url }: Node, client_id: string) => post(url, { grant_type: anonymousGrant, client_id })
const refresh = ({ url }: Node, client_id: string, { refresh_token }: Tokens) =>
  post(url, { grant_type: 'refresh_token', client_id, refresh_token })

/** Creates a guest with a passkey, as a client does. */
async function newKeptGuest({ url, app }: Node, client_id: string): Promise<Tokens> {
  const ask = async (path: string, body: object) => {
    const headers = { 'Content-Type': 'application/json' }
    const to = `${url}/guest/passkeys/${path}`
    return (await fetch(to, { method: 'POST', headers, body: JSON.stringify(body) })).json() as never
  }
  const device = new SoftwareAuthenticator({ origin: app.origin })
  const response = await device.create(await ask('register/options', {}))
  const { tokens } = await ask('register', { ...response, client_id })
  return tokens
}

/** Backends that cache the keys this long, and until then do not fetch a key that they do not know. */
function verifiers(issuer: string, [first, second]: [Node, Node]) {
  const keeping = ({ url }: Node, seconds: number) =>
    createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`), {
      cacheMaxAge: seconds * 1000,
      cooldownDuration: seconds * 1000,
    })
  const sets = [
    ...[keeping(first, JWKS_SECONDS), keeping(second, JWKS_SECONDS)],
    ...[keeping(first, 2 * JWKS_SECONDS), keeping(second, 2 * JWKS_SECONDS)],
  ]
  return sets.map(
    (keys) => (token: string) => jwtVerify(token, keys, { issuer, audience: api, typ: 'at+jwt' }),
  )
}

test('signing keys change under load, and no token is refused', async () => {
  const start = 1_800_000_000
  vi.useFakeTimers({ toFake: ['Date'], now: start * 1000 })
  onTestFinished(() => void vi.useRealTimers())
  const nodes = await startNodes()
  const [first, second] = nodes
  const backends = verifiers(first.app.origin, nodes)
  const failures: string[] = []
  const used: [Set<string>, Set<string>] = [new Set(), new Set()]
  let staggered = 0
  let requests = 0

  const attempt = async (what: string, work: Promise<unknown>) => {
    requests++
    await work.catch((error: Error) => failures.push(`${what} after ${at - start} s: ${error.message}`))
  }
  const userinfo = async ({ url }: Node, token: string) => {
    const answer = await fetch(`${url}/guest/userinfo`, { headers: { Authorization: `Bearer ${token}` } })
    if (answer.status !== 200) throw new Error(`GET /guest/userinfo: ${answer.status}`)
  }
  const present = async (token: string) => {
    for (const node of nodes) await attempt('userinfo', userinfo(node, token))
    for (const [i, verify] of backends.entries()) await attempt(`backend ${i}`, verify(token))
  }

  const sessions = [
    { client: 'app', tokens: await newGuest(first, 'app') },
    { client: 'long', tokens: await newGuest(second, 'long') },
    { client: 'app', tokens: await newKeptGuest(first, 'app') },
    { client: 'long', tokens: await newKeptGuest(second, 'long') },
  ]
  /** Tokens that nobody has verified yet. They are verified just before they expire. */
  const kept: string[] = []
  const rotations: [number, () => Promise<unknown>][] = [
    [5 * MINUTE, () => Promise.all(nodes.map(({ app }) => app.guests.rotateSigningKeys()))],
    [26 * MINUTE, () => second.app.guests.rotateSigningKeys()],
    [47 * MINUTE, () => first.app.guests.rotateSigningKeys()],
    [48 * MINUTE, () => second.app.guests.rotateSigningKeys()], // a rotation is under way, so this adds no key
  ]
  let at = start
  const end = start + (47 + 15 + 62 + 5) * MINUTE
  for (let step = 0; at < end; step++) {
    at = start + step * STEP_SECONDS
    vi.setSystemTime(at * 1000)
    while (rotations[0] && start + rotations[0][0] <= at) await rotations.shift()![1]()

    const session = sessions[step % sessions.length]!
    const fresh = await Promise.all([
      newGuest(first, 'long'),
      newGuest(second, 'app'),
      refresh(nodes[(step >> 2) % 2]!, session.client, session.tokens).then((tokens) => {
        session.tokens = tokens
        return tokens
      }),
    ])
    requests += fresh.length
    const [byFirst, bySecond] = fresh.map(({ access_token }) => decodeProtectedHeader(access_token).kid!)
    used[0].add(byFirst!)
    used[1].add(bySecond!)
    if (byFirst !== bySecond) staggered++
    await present(fresh[step % fresh.length]!.access_token)
    kept.push(fresh[(step + 1) % fresh.length]!.access_token)
    const due = kept.filter((token) => decodeJwt(token).exp! - at < 2 * STEP_SECONDS)
    for (const token of due) {
      kept.splice(kept.indexOf(token), 1)
      await present(token)
    }
  }

  expect(failures).toEqual([])
  expect(requests).toBeGreaterThan(3000)
  expect(used[0]).toEqual(used[1])
  expect(used[0].size).toBe(4)
  expect(staggered).toBeGreaterThan(0)
  // The earlier keys are gone, and the tokens that they signed have expired.
  const last = [...used[0]].at(-1)
  for (const { url } of nodes) {
    const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string }[]
    }
    expect(keys.map(({ kid }) => kid)).toEqual([last])
  }
})
