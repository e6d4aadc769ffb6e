// requireGuest() and requireRecoverable(), in Express and in handlers of the Fetch API, with tokens of the real service.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import * as oauth from 'oauth4webapi'
import { expect, test } from 'vitest'
import { createVerifier, type GuestClaims } from '../../../server/verify/index.ts'
import { anonymousGrant, api, clients } from '../../interop/deployment.ts'
import { SoftwareAuthenticator } from '../../support/authenticator.ts'
import { startIssuer } from '../../support/issuer.ts'
import { sendRaw } from '../../support/raw-http.ts'
import { startService } from '../../support/service.ts'
import { sharedInFile, whenOver } from '../../support/when-over.ts'

const app: oauth.Client = { client_id: 'app' }
const insecure = { [oauth.allowInsecureRequests]: true }

const service = sharedInFile(() => startService({ GUESTKEY_CLIENTS: JSON.stringify(clients) }))

/** The tokens of a new guest at the service. */
async function newGuest(issuer: string, key?: oauth.DPoPHandle, resource = api) {
  const as: oauth.AuthorizationServer = { issuer, token_endpoint: `${issuer}/guest/token` }
  const options = { ...insecure, ...(key && { DPoP: key }) }
  const answer = await oauth.genericTokenEndpointRequest(
    as,
    app,
    oauth.None(),
    anonymousGrant,
    { resource },
    options,
  )
  return oauth.processGenericTokenEndpointResponse(as, app, answer)
}

/** An Express API that knows nothing but the issuer and its own audience. */
async function startApi(issuer: string) {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenOver(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const verifier = createVerifier({ issuer, audience: api, baseUrl: url })
  const router = express.Router()
  router.get('/notes', verifier.requireGuest(), (req, res) => {
    res.json((req as unknown as { guest: GuestClaims }).guest.sub)
  })
  router.get('/orders', verifier.requireRecoverable(), (_req, res) => void res.json('orders'))
  app.use('/api', router)
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers })
  return { ask, url, server }
}

test('a guest with a token of the service gets through in Express, and nobody else', async () => {
  const { origin } = service()
  const { access_token } = await newGuest(origin)
  const { ask, server } = await startApi(origin)
  const { sub } = JSON.parse(Buffer.from(access_token.split('.')[1]!, 'base64url').toString())
  const taken = await ask('/api/notes', { Authorization: `Bearer ${access_token}` })
  expect([taken.status, await taken.json()]).toEqual([200, sub])

  const absent = await ask('/api/notes')
  expect(absent.status).toBe(401)
  expect(Object.fromEntries(absent.headers)).toMatchObject({
    'www-authenticate': 'Bearer',
    'cache-control': 'no-store',
    'content-type': 'application/problem+json',
  })
  expect(await absent.json()).toEqual({ code: 'not_signed_in', status: 401, detail: 'Send an access token.' })
  const forOther = (await newGuest(origin, undefined, origin)).access_token
  for (const authorization of [
    `Bearer ${access_token}x`,
    `Basic ${access_token}`,
    access_token,
    `Bearer ${forOther}`,
  ]) {
    const answer = await ask('/api/notes', { Authorization: authorization })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ])
    expect(await answer.text()).not.toContain(sub)
  }
  const lines = [`Authorization: Bearer ${access_token}`, `Authorization: Bearer ${access_token}`]
  expect((await sendRaw(server, { path: '/api/notes', lines })).status).toBe(401)
})

/** The access token, for the API, of a guest who has just saved a passkey. */
async function savedGuest(issuer: string): Promise<string> {
  const { access_token } = await newGuest(issuer, undefined, issuer)
  const post = async (path: string, body: object) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${access_token}` }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    return (await fetch(`${issuer}/guest/passkeys/${path}`, init)).json() as never
  }
  const device = new SoftwareAuthenticator({ origin: issuer })
  const { tokens } = await post('register', await device.create(await post('register/options', {})))
  return (tokens as { access_token: string }).access_token
}

test('a guest who could come back gets through requireRecoverable(), and one who could not is refused', async () => {
  const { origin } = service()
  const { ask } = await startApi(origin)
  const orders = async (token: string) => {
    const answer = await ask('/api/orders', { Authorization: `Bearer ${token}` })
    return [answer.status, await answer.json()]
  }
  const { access_token } = await newGuest(origin)
  expect(await orders(access_token)).toEqual([
    403,
    { code: 'not_recoverable', status: 403, detail: 'Save a passkey first.' },
  ])
  expect(await orders(await savedGuest(origin))).toEqual([200, 'orders'])
})

test('a regular user can come back, with a passkey or without', async () => {
  const issuer = await startIssuer()
  const handler = issuer.verifier().requireRecoverable(() => new Response())
  const ask = async (claims: object) => {
    const headers = { Authorization: `Bearer ${await issuer.sign(claims)}` }
    return (await handler(new Request(api, { headers }))).status
  }
  expect(await ask({ is_anonymous: false })).toBe(200)
  expect(await ask({ recoverability: 'device' })).toBe(200)
  expect(await ask({})).toBe(403)
})

test('a token that is bound to a key gets through with the proof of oauth4webapi, and not without', async () => {
  const { origin } = service()
  const key = oauth.DPoP(app, await oauth.generateKeyPair('ES256'))
  const { access_token } = await newGuest(origin, key)
  const { ask, url } = await startApi(origin)
  const options = { ...insecure, DPoP: key }
  const at = new URL(`${url}/api/notes?page=2`)
  const answer = await oauth.protectedResourceRequest(access_token, 'GET', at, undefined, null, options)
  expect(answer.status).toBe(200)
  const refused = await ask('/api/notes', { Authorization: `DPoP ${access_token}` })
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toBe(
    'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519 RS256 PS256"',
  )
})

test('handlers of the Fetch API get the guest, and what else the runtime gives', async () => {
  const { origin } = service()
  const { access_token } = await newGuest(origin)
  const verifier = createVerifier({ issuer: origin, audience: api })
  const handler = verifier.requireGuest((request, guest, env: { name: string }) =>
    Response.json([new URL(request.url).pathname, guest.sub, env.name]),
  )
  const ask = (authorization?: string) =>
    handler(new Request(`${api}/notes`, { headers: authorization ? { Authorization: authorization } : {} }), {
      name: 'env',
    })
  const { sub } = await verifier.verifyToken(access_token)
  expect(await (await ask(`Bearer ${access_token}`)).json()).toEqual(['/notes', sub, 'env'])
  expect((await ask()).status).toBe(401)
  expect((await ask(`bearer ${access_token}`)).status).toBe(200)
  const recoverable = verifier.requireRecoverable(() => new Response())
  const request = new Request(`${api}/notes`, { headers: { Authorization: `Bearer ${access_token}` } })
  const answer = await recoverable(request)
  expect([answer.status, await answer.json()]).toEqual([
    403,
    { code: 'not_recoverable', status: 403, detail: 'Save a passkey first.' },
  ])
  await expect(
    verifier.requireGuest(() => Promise.reject(new Error('of the handler')))(request),
  ).rejects.toThrow('of the handler')
})

test('guestOf() says what is wrong with the header', async () => {
  const verifier = createVerifier({ issuer: service().origin, audience: api })
  const request = new Request(api, { headers: { Authorization: 'Basic YTpi' } })
  const message = 'invalid_token: Authorization is not Bearer or DPoP'
  await expect(verifier.guestOf(request)).rejects.toMatchObject({ message })
})

test('guestOf() gives null without an Authorization header', async () => {
  const verifier = createVerifier({ issuer: service().origin, audience: api })
  expect(await verifier.guestOf(new Request(api))).toBeNull()
  expect(await verifier.guestOf({ headers: {} })).toBeNull()
})
