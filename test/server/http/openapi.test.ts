// The OpenAPI document lists the endpoints, and every response matches what it declares.

import { readdirSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ANONYMOUS_GRANT } from '../../../server/core/tokens/grants.ts'
import { errorCodes, GuestError } from '../../../server/errors.ts'
import type { Endpoint } from '../../../server/http/contract/endpoint.ts'
import { oauthError, problem } from '../../../server/http/contract/schemas.ts'
import { endpoints } from '../../../server/http/router.ts'
import type { Options } from '../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { copyOf, keptGuest } from '../../support/ceremonies.ts'
import { DeviceKey } from '../../support/device-key.ts'
import { addDeviceKey, askForChallenge, sendProof, signInByDeviceKey } from '../../support/device-keys.ts'
import { providerClient, signInAt, startProvider } from '../../support/openid-provider.ts'
import { admin, join, prove, why } from '../../support/operators.ts'
import { places } from '../../support/places.ts'
import {
  askForCode,
  authorizationOf,
  codeBook,
  email,
  fieldOf,
  finish,
  not,
  pkce,
  postForm,
  promote,
  signInByCode,
} from '../../support/promotion.ts'
import { useCode } from '../../support/recovery.ts'
import { codeOnPage } from '../../support/refusals.ts'
import {
  ask,
  askToken,
  backendSecret,
  bearer,
  bySession,
  clients,
  send,
  startTokenApp,
} from '../../support/tokens.ts'

type Operation = {
  operationId: string
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, object> }
  responses: Record<string, { content?: Record<string, { schema?: object }> }>
}
type Document = {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: { cookie: { name: string } } }
}

async function documentOf(options: Partial<Options> = {}): Promise<Document> {
  const app = await startApp(options)
  const { status, body, headers } = await supertest(app.server).get(
    `${options.basePath ?? '/guest'}/openapi.json`,
  )
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('application/json')
  return body
}

const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`
/** The well-known endpoints are at the root (RFC 8615). */
const isWellKnown = ({ path }: Pick<Endpoint, 'path'>) => path.startsWith('/.well-known/')
const pathOf = (door: Endpoint) => `${isWellKnown(door) ? '' : '/guest'}${door.path.replace(':id', '{id}')}`
const operationOf = (document: Document, door: Endpoint) =>
  document.paths[pathOf(door)]![door.method.toLowerCase()]!

describe('the document', () => {
  test('is valid OpenAPI 3.1, and all its references resolve', async () => {
    const document = await documentOf(places)
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(document))
    expect(valid, JSON.stringify(errors)).toBe(true)
    expect(validator.version).toBe('3.1')
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(document.components).toHaveProperty(['schemas', name!])
    expect(JSON.stringify(document)).not.toMatch(/"\$ref":"#(?!\/components\/schemas\/)/)
  })

  test.each([
    ['every endpoint of the route table', places, endpoints],
    [
      'by default the endpoints that need no option',
      {},
      endpoints.filter(({ isEnabled: isThere }) => !isThere),
    ],
  ])('holds %s, and nothing else', async (_what, options, expected) => {
    const { paths } = await documentOf(options)
    const inDocument = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(inDocument.sort()).toEqual(expected.map((door) => `${door.method} ${pathOf(door)}`).sort())
  })

  test('names every operation once', async () => {
    const document = await documentOf(places)
    const names = endpoints.map((door) => operationOf(document, door).operationId)
    expect(new Set(names).size).toBe(endpoints.length)
    for (const name of names) expect(name).toMatch(/^[a-z_]+$/)
  })

  test('names the path at which the router is mounted, at each request anew', async () => {
    const app = await startApp(
      { origin: ['https://example.com', 'https://www.example.com'] },
      (host, guests) => {
        host.use('/auth', guests.router)
        host.use('/t/:tenant', guests.router)
      },
    )
    const serversAt = async (mount: string) =>
      (await supertest(app.server).get(`${mount}/guest/openapi.json`)).body.servers
    for (const mount of ['/auth', '/t/one', '/t/two', '', '/auth'])
      expect(await serversAt(mount)).toEqual([
        { url: `https://example.com${mount}` },
        { url: `https://www.example.com${mount}` },
      ])
    // The paths of the document are below the server: together they lead to the endpoint.
    const { body } = await supertest(app.server).get('/auth/guest/openapi.json')
    const { pathname } = new URL(body.servers[0].url)
    for (const path of ['/guest/verify', '/.well-known/jwks.json']) {
      expect(body.paths).toHaveProperty([path])
      expect((await supertest(app.server).get(pathname + path)).status).not.toBe(404)
    }
  })

  test('names the origins, the base path and the cookie', async () => {
    const origin = ['https://example.com', 'https://app.example.com']
    const { servers, paths, components } = await documentOf({ origin, basePath: '/auth' })
    expect(servers).toEqual(origin.map((url) => ({ url })))
    expect(Object.keys(paths).every((path) => path.startsWith('/auth/') || isWellKnown({ path }))).toBe(true)
    expect(components.securitySchemes.cookie.name).toBe('__Host-guestkey')
  })

  test.each(endpoints.map((door) => [nameOf(door), door] as const))(
    '%s has its body, params, responses and errors',
    async (_name, door) => {
      const operation = operationOf(await documentOf(places), door)
      expect(Boolean(operation.requestBody)).toBe(Boolean(door.body))
      const json = door.page ? [] : ['application/json']
      const form = door.oauth || door.page ? ['application/x-www-form-urlencoded'] : []
      if (door.body)
        expect(Object.keys(operation.requestBody!.content).sort()).toEqual([...json, ...form].sort())
      // POST /userinfo reads no body: it changes nothing (OpenID Connect Core 1.0, 5.3.1).
      if (door.method !== 'GET' && door.path !== '/userinfo')
        expect(door.body, 'an endpoint without a schema for its body').toBeDefined()
      expect((operation.parameters ?? []).some((one) => one.in === 'path')).toBe(door.path.endsWith('/:id'))
      expect((operation.parameters ?? []).some((one) => one.in === 'query')).toBe(Boolean(door.query))
      for (const status of Object.keys(door.answers)) expect(operation.responses).toHaveProperty(status)
      for (const code of door.errors ?? []) {
        expect(errorCodes).toContain(code)
        expect(operation.responses).toHaveProperty(String(new GuestError(code).status))
      }
    },
  )
})

type Asked = { door: Endpoint; answer: supertest.Response }

/** Records every response that this browser gets. */
function observe(browser: Browser, asked: Asked[]): Browser {
  for (const method of ['get', 'post', 'patch', 'delete'] as const) {
    const send = browser[method].bind(browser) as (path: string, body?: object) => Promise<supertest.Response>
    browser[method] = async (path: string, body?: object) => {
      const answer = await send(path, body)
      asked.push({ door: endpointAt(method, path), answer })
      return answer
    }
  }
  return browser
}

function endpointAt(method: string, url: string): Endpoint {
  const path = url.replace(/^\/guest|\?.*$/g, '')
  const found = endpoints.find(
    (door) =>
      door.method === method.toUpperCase() &&
      (door.path === path || door.path === path.replace(/[^/]+$/, ':id')),
  )
  if (!found) throw new Error(`There is no endpoint ${method} ${url}`)
  return found
}

/** Uses the endpoints for sign-in, passkeys and sessions, refusals included. */
async function liveThrough(app: TestApp): Promise<Asked[]> {
  const asked: Asked[] = []
  const [phone, laptop, tablet] = [app.browser(), app.browser(), app.browser()].map((one) =>
    observe(one, asked),
  )
  const [device, key] = [app.device({ synced: true }), app.device()]
  const register = '/guest/passkeys/register'
  const authenticate = '/guest/passkeys/authenticate'

  await phone!.get('/guest/client.js')
  await phone!.get('/guest/client-small.js')
  await phone!.get('/guest/elements.js')
  await phone!.get(`/guest/client/${readdirSync('client/dist/browser/client')[0]}`)
  await phone!.get('/guest/openapi.json')
  await phone!.get('/guest/sign-in-methods')
  await phone!.get('/guest/notice')
  await phone!.get('/guest/userinfo')
  await phone!.post('/guest/sign-in', { lookup_only: true })
  await phone!.post('/guest/sign-in', { collection: 'nobody' })
  await phone!.post('/guest/sign-in', { nonsense: true })
  await phone!.post(`${authenticate}/options`, { step_up: true })
  await phone!.signIn()
  await phone!.get('/guest/userinfo')
  await phone!.post('/guest/sign-in', { collection: 'members' })
  await phone!.get('/guest/profile')
  await phone!.post('/guest/sign-out')
  await phone!.post(`${authenticate}/options`, { step_up: true })
  await phone!.get('/guest/passkeys')
  const proof = await device.create((await phone!.post(`${register}/options`)).body)
  await phone!.post(register, { ...proof, id: key.credentials[0]?.id ?? 'AAAA' })
  const { passkey } = (await phone!.post(register, proof)).body
  await phone!.post(register, proof)
  await phone!.get('/guest/passkeys')
  await phone!.get(`/guest/passkeys/${passkey.id}`)
  await phone!.patch(`/guest/passkeys/${passkey.id}`, { name: 'Phone' })
  await phone!.patch('/guest/passkeys/AAAA', { name: 'Phone' })
  await phone!.get('/guest/passkeys/AAAA')
  const second = (await phone!.post(`${register}/options`)).body
  await phone!.addPasskey(key)
  await phone!.post(register, await app.device().create(second))
  await phone!.post(`${register}/options`)
  await phone!.delete(`/guest/passkeys/${key.credentials[0]!.id}`)
  await phone!.delete(`/guest/passkeys/${passkey.id}`)

  await laptop!.signIn()
  const ended = new Map(laptop!.cookies)
  const late = await app.device().create((await laptop!.post(`${register}/options`)).body)
  await laptop!.post('/guest/sign-out', { force: true })
  for (const [name, value] of ended) laptop!.cookies.set(name, value)
  await laptop!.post(register, late)
  laptop!.cookies.clear()
  await laptop!.signIn()
  await laptop!.post(
    authenticate,
    await device.get((await laptop!.post(`${authenticate}/options`)).body, { userHandle: undefined }),
  )
  await laptop!.signInWithPasskey(device.copy())
  await laptop!.signInWithPasskey(device.copy(), { stepUp: true })
  await laptop!.get('/guest/sessions')
  await laptop!.get('/guest/passkeys/signal')
  await tablet!.signInWithPasskey(device.copy())
  const gone = await device.get((await tablet!.post(`${authenticate}/options`)).body)
  await tablet!.post('/guest/passkeys/unknown', gone)
  await laptop!.delete('/guest/sessions')
  await laptop!.get('/guest/sessions')
  await laptop!.delete('/guest/sessions/AAAA')
  app.clock.forward(301)
  await laptop!.post(`${register}/options`)
  await laptop!.delete(`/guest/passkeys/${passkey.id}?force=true`)
  await phone!.get('/guest/userinfo')
  await phone!.get('/guest/sessions')
  await phone!.delete('/guest/sessions')
  await phone!.post(`${register}/options`)
  await phone!.post('/guest/sign-out')
  const { body } = await laptop!.get('/guest/sessions')
  await laptop!.delete(`/guest/sessions/${body.sessions[0].id}`)
  await laptop!.post('/guest/sign-out')
  return asked
}

/** Uses the endpoints for prompts, profile, merge, export and erasure, refusals included. */
async function liveOn(): Promise<Asked[]> {
  let refuses = false
  const app = await startApp({
    prompts: [{ prompt: 'rate_us' }],
    profile: z.object({ nickname: z.string() }),
    maxProfileBytes: 50,
    merge: {
      async onMerge() {
        if (refuses) throw new Error('not now')
      },
    },
  })
  const asked: Asked[] = []
  const observed = () => observe(app.browser(), asked)
  const [phone, laptop, tablet] = [observed(), observed(), observed()]
  const [device, key, other] = [app.device(), app.device(), app.device()]
  const tell = (nickname: unknown) => phone.patch('/guest/profile', { attributes: { nickname } })

  await phone.get('/guest/profile')
  await phone.signIn()
  await phone.get('/guest/userinfo?moment=checkout')
  await phone.post('/guest/prompts/snooze', { prompt: 'rate_us' })
  await phone.post('/guest/prompts/snooze', { prompt: 'dance' })
  await tell('Fox')
  await phone.get('/guest/profile')
  await tell(7)
  await tell('F'.repeat(60))
  const stale = supertest(app.server).patch('/guest/profile').set('If-Match', '"9"')
  stale.set({ Cookie: phone.cookie!, Origin: app.origin, 'Content-Type': 'application/json' })
  asked.push({ door: endpointAt('patch', '/guest/profile'), answer: await stale.send('{"attributes":{}}') })
  await phone.get('/guest/account/export')

  await app.browser().addPasskey(device)
  await app.browser().addPasskey(other)
  const before = observe(copyOf(app, phone), asked)
  const { ticket } = (await phone.signInWithPasskey(device)).body
  await before.get('/guest/userinfo')
  await phone.post('/guest/merge', { ticket })
  await phone.post('/guest/merge/undo', { ticket })
  await phone.post('/guest/merge/undo', { ticket: 'A'.repeat(43) })

  await laptop.addPasskey(key)
  await tablet.signInWithPasskey(key)
  const offered = (await laptop.signInWithPasskey(device)).body
  const late = (await tablet.signInWithPasskey(other)).body
  refuses = true
  await laptop.post('/guest/merge', { ticket: offered.ticket })
  refuses = false
  await laptop.post('/guest/merge', { ticket: offered.ticket })
  await tablet.post('/guest/merge', { ticket: late.ticket })

  app.clock.forward(301)
  await laptop.delete('/guest/account')
  await laptop.signInWithPasskey(device, { stepUp: true })
  await laptop.delete('/guest/account')
  return asked
}

/** Uses the endpoints for promotion, sign-in by code, demotion and OpenID providers, refusals included. */
async function liveAsUsers(): Promise<Asked[]> {
  let refuses = false
  const book = codeBook()
  const redirectUri = 'https://app.example/back'
  const origin = 'http://localhost:3999'
  const { issuer } = await startProvider([`${origin}/guest/authorize/callback/example`])
  const app = await startApp({
    ...{ origin, redirectUris: [redirectUri] },
    clients: [
      {
        ...{ id: 'wiki', pairwise: 'x'.repeat(32), scopes: ['openid'] },
        ...{ redirectUris: [redirectUri], postLogoutRedirectUris: [redirectUri] },
      },
    ],
    loginIds: {
      ...{ send: book.send, max: 2 },
      providers: [
        { id: 'example', name: 'Example', issuer, ...providerClient },
        { id: 'gone', name: 'Gone', issuer: 'http://localhost:1', clientId: 'guestkey' },
        { id: 'form', name: 'Form', issuer, ...providerClient, responseMode: 'form_post' },
      ],
      async onPromote() {
        if (refuses) throw new Error('not here')
      },
    },
  })
  const asked: Asked[] = []
  const observed = () => observe(app.browser(), asked)
  const [phone, laptop, tablet] = [observed(), observed(), observed()]
  const form = async (browser: Browser, path: string, fields: Record<string, string>) => {
    const answer = await postForm(app, browser, path, fields)
    asked.push({ door: endpointAt('post', path), answer })
    return answer
  }

  await phone.signIn()
  await phone.post('/guest/promotion/undo')
  await phone.post('/guest/promotion/start', email('nobody'))
  const transaction = await askForCode(phone, 'ada@example.org')
  const code = book.codeTo('ada@example.org')
  await phone.post('/guest/promotion/verify', { transaction, code: not(code) })
  refuses = true
  await phone.post('/guest/promotion/verify', { transaction, code })
  refuses = false
  await phone.post('/guest/promotion/verify', { transaction, code })
  await phone.post('/guest/promotion/verify', { transaction, code })
  await promote(book, phone, '+41446681800')
  await promote(book, phone, 'eve@example.org')
  await phone.get('/guest/login-ids')
  await phone.patch('/guest/login-ids', { type: 'phone', value: '+41446681800' })
  await phone.patch('/guest/login-ids', email('eve@example.org'))

  await laptop.signIn()
  await promote(book, laptop, 'ada@example.org')
  await laptop.post('/guest/sign-in/code/start', email('nobody'))
  const asking = await askForCode(laptop, 'ada@example.org', 'sign-in/code/start')
  await laptop.post('/guest/sign-in/code', {
    transaction: asking,
    code: not(book.codeTo('ada@example.org')),
  })
  await signInByCode(book, laptop, 'ada@example.org')
  for (let i = 0; i < 2; i++) await laptop.post('/guest/promotion/start', email('ada@example.org'))
  await laptop.delete('/guest/login-ids', email('ada@example.org'))
  await laptop.delete('/guest/login-ids', { type: 'phone', value: '+41446681800' })
  await laptop.post('/guest/promotion/undo')
  await laptop.post('/guest/promotion/undo', { force: true })

  const { verifier, challenge } = pkce()
  const push = async (purpose: string) => {
    const wish = authorizationOf(challenge, { redirect_uri: redirectUri, purpose })
    const { body } = await tablet.post('/guest/par', wish)
    return `client_id=guestkey&request_uri=${encodeURIComponent(body.request_uri)}`
  }
  await push('promote')
  await tablet.signIn()
  await tablet.get('/guest/authorize')
  const page = await tablet.get(`/guest/authorize?${await push('promote')}`)
  const request = fieldOf(page, 'request')
  const sealed = `request=${encodeURIComponent(request)}`
  await form(tablet, '/guest/authorize/code', { request, ...email('nobody') })
  const sent = await form(tablet, '/guest/authorize/code', { request, ...email('bob@example.org') })
  const given = { request, transaction: fieldOf(sent, 'transaction'), value: 'bob@example.org' }
  await form(tablet, '/guest/authorize/verify', { ...given, code: not(book.codeTo('bob@example.org')) })
  await form(tablet, '/guest/authorize/verify', { ...given, code: book.codeTo('bob@example.org') })
  await tablet.get(`/guest/authorize/deny?${sealed}`)
  const openId = { client_id: 'wiki', redirect_uri: redirectUri, scope: 'openid' }
  const known = await tablet.get(
    `/guest/authorize?${new URLSearchParams(authorizationOf(challenge, openId))}`,
  )
  const approval = { request: fieldOf(known, 'request'), whom: fieldOf(known, 'whom') }
  const wish = { ...authorizationOf(challenge, openId), response_mode: 'form_post' }
  await tablet.get(
    `/guest/authorize?${new URLSearchParams({ ...wish, response_mode: 'query', prompt: 'none' })}`,
  )
  await form(tablet, '/guest/authorize', wish)
  const byForm = await tablet.get(`/guest/authorize?${new URLSearchParams(wish)}`)
  await form(tablet, '/guest/authorize/approve', { ...approval, request: fieldOf(byForm, 'request') })
  await tablet.get(`/guest/authorize/deny?${new URLSearchParams({ request: fieldOf(byForm, 'request') })}`)
  const approved = await form(tablet, '/guest/authorize/approve', approval)
  const ofGuest = new URL(approved.headers.location!).searchParams.get('code')!
  const redeemed = { grant_type: 'authorization_code', code: ofGuest, code_verifier: verifier }
  const { body } = await askToken(app, { ...redeemed, redirect_uri: redirectUri, client_id: 'wiki' })
  const answer = await send(app, 'userinfo', {}, bearer(body.access_token))
  asked.push({ door: endpointAt('post', '/guest/userinfo'), answer })
  await tablet.get(`/guest/authorize/sign-in?${new URLSearchParams({ request: approval.request })}`)
  const under = new URLSearchParams({ request: approval.request })
  for (const one of [tablet, observed()]) await one.get(`/guest/authorize/sign-out?${under}`)
  const leaving = observed()
  await leaving.signIn()
  const asksToEnd = await leaving.get('/guest/end-session')
  const over = new URLSearchParams({ client_id: 'wiki', post_logout_redirect_uri: redirectUri })
  await observed().get(`/guest/end-session?${over}`)
  await form(leaving, '/guest/end-session', {})
  const end = { whom: fieldOf(asksToEnd, 'whom'), force: 'true' }
  await form(leaving, '/guest/end-session/confirm', { ...end, whom: 'another' })
  await form(leaving, '/guest/end-session/confirm', { ...end, request: approval.request })
  await form(observed(), '/guest/end-session/confirm', { ...end, request: 'x' })
  for (const provider of ['nobody', 'gone'])
    await tablet.get(`/guest/authorize/provider?${sealed}&provider=${provider}`)
  await tablet.get('/guest/authorize/callback/example?code=a&state=b')
  for (const provider of ['form', 'example', 'nobody'])
    await form(tablet, `/guest/authorize/callback/${provider}`, { code: 'a', state: 'b' })
  const atProvider = async (carried: string) => {
    const away = await tablet.get(`/guest/authorize/provider?${carried}&provider=example`)
    const back = await signInAt(away.headers.location!, 'somebody')
    const there = await tablet.get(back.replace(origin, ''))
    return new URL(there.headers.location!).searchParams.get('code')!
  }
  await finish(tablet, { code: 'none', verifier })
  const signIn = await tablet.get(`/guest/authorize?${await push('sign_in')}`)
  const unknown = await atProvider(`request=${encodeURIComponent(fieldOf(signIn, 'request'))}`)
  await finish(tablet, { code: unknown, verifier })
  await finish(tablet, { code: await atProvider(sealed), verifier })

  const mute = observe((await startApp({ loginIds: { send: 'smtp://127.0.0.1:1' } })).browser(), asked)
  await mute.signIn()
  await mute.post('/guest/promotion/start', email('ada@example.org'))
  await mute.post('/guest/promotion/start', { type: 'phone', value: '+41446681800' })
  return asked
}

/** Uses the endpoints for recovery codes and the label, refusals included. */
async function liveByRecovery(): Promise<Asked[]> {
  const app = await startApp()
  const asked: Asked[] = []
  const [phone, laptop] = [observe(app.browser(), asked), observe(app.browser(), asked)]
  await phone.signIn()
  await phone.patch('/guest/label', { label: 'Fox' })
  const { codes } = (await phone.post('/guest/recovery-codes')).body
  await phone.patch('/guest/label', { label: 'Hen' })
  await phone.get('/guest/recovery-codes')
  await phone.post('/guest/recovery-codes/confirm')
  await laptop.signIn()
  await laptop.post('/guest/recovery-codes/confirm')
  await phone.delete('/guest/recovery-codes')
  await useCode(laptop, codes[0])
  await useCode(laptop, codes[0])
  await laptop.addPasskey(app.device())
  await laptop.delete('/guest/recovery-codes?force=true')
  await laptop.get('/guest/recovery-codes')
  app.clock.forward(301)
  await laptop.post('/guest/recovery-codes')
  return asked
}

/** Lets devices without a browser in, refusals included. */
async function liveByDevice(): Promise<Asked[]> {
  const app = await startApp({ clients: places.clients })
  const asked: Asked[] = []
  const browser = observe(app.browser(), asked)
  const at = async (path: string, sent: Promise<Asked['answer']>) => {
    const answer = await sent
    asked.push({ door: endpointAt('post', path), answer })
    return answer
  }
  const form = (path: string, more: Record<string, string>) =>
    at(`/guest/${path}`, send(app, path, { client_id: 'tv', ...more }) as never)
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  for (const decision of ['approve', 'refuse']) {
    const { user_code, device_code } = (await form('device_authorization', {})).body
    await browser.get('/guest/device')
    const page = await browser.get(`/guest/device?user_code=${user_code}`)
    await browser.get(`/guest/device/sign-in?user_code=${user_code}`)
    await form('token', { grant_type, device_code })
    await form('token', { grant_type, device_code })
    const whom = page.text.includes('name="whom"') ? { whom: fieldOf(page, 'whom') } : {}
    for (const fields of [{ whom: 'x' }, whom, whom])
      await at('/guest/device', postForm(app, browser, '/guest/device', { user_code, decision, ...fields }))
    app.clock.forward(5)
    await form('token', { grant_type, device_code })
    app.clock.forward(600)
    await form('token', { grant_type, device_code })
  }
  await form('device_authorization', { client_id: 'guestkey' })
  return asked
}

/** Asks for a new guest where none is let in. */
async function refusedAsGuest(): Promise<Asked[]> {
  const app = await startApp({ guestSignIn: false })
  const asked: Asked[] = []
  const visitor = observe(app.browser(), asked)
  await visitor.post('/guest/sign-in')
  await visitor.post('/guest/passkeys/register/options')
  return asked
}

/** Asks for what the operator has switched off. */
async function refusedBySettings(): Promise<Asked[]> {
  const app = await startApp({ loginIds: { send: () => {} } })
  await app.guests.settings.set({ passkeyRegistration: false, codes: false })
  const asked: Asked[] = []
  const visitor = observe(app.browser(), asked)
  await visitor.post('/guest/passkeys/register/options')
  await visitor.post('/guest/sign-in/code/start', email('ada@example.org'))
  return asked
}

/** Asks for guests in a flood, and with a CAPTCHA that fails. */
async function refusedInFlood(): Promise<Asked[]> {
  const asked: Asked[] = []
  const flooded = await startApp({
    clients: [{ id: 'app' }],
    proofOfWork: { perNetwork: 1, perNode: 1 },
  })
  const visitor = observe(flooded.browser(), asked)
  for (let i = 0; i < 2; i++) await visitor.post('/guest/passkeys/register/options')
  await visitor.post('/guest/token', {
    grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous',
    client_id: 'app',
  })
  const checked = await startApp({ botCheck: () => false })
  await observe(checked.browser(), asked).post('/guest/sign-in')
  return asked
}

/** Signs in to a guest whom the operator has disabled. */
async function refusedAsDisabled(): Promise<Asked[]> {
  const app = await startApp()
  const { guest, device } = await keptGuest(app)
  await app.guests.disable(guest.sub)
  const asked: Asked[] = []
  await observe(app.browser(), asked).signInWithPasskey(device)
  return asked
}

/** Uses the endpoints for device links, refusals included. */
/** Uses the endpoints of the way in that an operator opens. */
async function liveByWayIn(): Promise<Asked[]> {
  const app = await startApp({ operators: { wayIn: {} } })
  const asked: Asked[] = []
  const owner = await join(app, 'owner')
  app.clock.forward(24 * 60 * 60 + 1) // nothing about operators has changed within the delay
  await prove(owner.browser, owner.device)
  const { guest, browser } = await keptGuest(app)
  const [person, inside] = [observe(app.browser(), asked), observe(browser, asked)]
  const open = async () => (await owner.browser.post(`${admin}/guests/${guest.sub}/way-in`, why)).body.code
  await inside.delete('/guest/way-in')
  await open()
  await inside.get('/guest/userinfo')
  await inside.delete('/guest/way-in')
  const code = await open()
  await person.post('/guest/way-in/options', { code })
  await person.post('/guest/way-in/options', { code: 'nobody' })
  app.clock.forward(24 * 60 * 60)
  const options = (await person.post('/guest/way-in/options', { code })).body
  const proof = await app.device().create(options)
  await person.post('/guest/way-in', { ...proof, id: 'AAAA' })
  await person.post('/guest/way-in', proof)
  return asked
}

async function liveOnSeveral(): Promise<Asked[]> {
  const app = await startApp()
  const asked: Asked[] = []
  const observed = () => observe(app.browser(), asked)
  const [phone, laptop, tablet] = [observed(), observed(), observed()]
  const device = { platform: 'Android', browser: 'Chrome' }
  const links = '/guest/device-links'

  await phone.signIn()
  await tablet.signIn()
  for (const approve of [false, true]) {
    const { id, link } = (await phone.post(links)).body
    await phone.get(`${links}/${id}`)
    await tablet.post(`${links}/open`, { link, device })
    const { secret } = (await laptop.post(`${links}/open`, { link, device })).body
    await phone.get(`${links}/${id}`)
    await laptop.post(`${links}/claim`, { secret })
    await phone.patch(`${links}/${id}`, { approve })
    await laptop.post(`${links}/claim`, { secret })
    await phone.delete(`${links}/${id}`, {})
  }
  for (let i = 0; i < 21; i++) await tablet.post(`${links}/open`, { code: 'BBBB-BBBB', device })
  return asked
}

/** Uses the endpoints for device keys, refusals included. */
async function liveByDeviceKeys(): Promise<Asked[]> {
  const app = await startApp({ deviceKeys: { max: 2 } })
  const asked: Asked[] = []
  const [phone, laptop] = [observe(app.browser(), asked), observe(app.browser(), asked)]
  await phone.post('/guest/device-keys/challenge', { purpose: 'register' })
  const { sub } = await phone.signIn()
  const [key, other, third] = [new DeviceKey('ES256'), new DeviceKey('EdDSA'), new DeviceKey('EdDSA')]
  const proof = key.registration(await askForChallenge(phone, 'register', sub))
  await sendProof(phone, proof, 'Kitchen')
  await sendProof(phone, proof, 'Kitchen')
  await addDeviceKey(phone, other, { by: key })
  await addDeviceKey(phone, other)
  await addDeviceKey(phone, third)
  await phone.get('/guest/device-keys')
  await phone.patch(`/guest/device-keys/${other.id}`, { name: 'Cellar' })
  await phone.patch('/guest/device-keys/AAAA', { name: 'Cellar' })
  await signInByDeviceKey(laptop, key, sub)
  await signInByDeviceKey(laptop, third, sub)
  await phone.delete(`/guest/device-keys/${other.id}`)
  await phone.delete(`/guest/device-keys/${key.id}`)
  await phone.get('/guest/account/export')
  await phone.addPasskey(app.device())
  await addDeviceKey(phone, key)
  app.clock.forward(301)
  await phone.post('/guest/device-keys/challenge', { purpose: 'register' })
  await phone.delete(`/guest/device-keys/${key.id}`)
  return asked
}

/** Uses the OAuth endpoints, /verify and the well-known paths, refusals included. */
async function liveByTokens(app: TestApp): Promise<Asked[]> {
  const asked: Asked[] = []
  const at = async (method: string, path: string, answer: Promise<supertest.Response>) => {
    asked.push({ door: endpointAt(method, path), answer: await answer })
    return asked.at(-1)!.answer
  }
  const token = (parameters: Record<string, string>) => at('post', '/token', askToken(app, parameters))
  const form = (door: string, parameters: Record<string, string>) =>
    at(
      'post',
      `/${door}`,
      send(app, door, { client_id: 'backend', client_secret: backendSecret, ...parameters }),
    )
  const get = (path: string, headers: Record<string, string> = {}) =>
    at('get', path, ask(app, path.startsWith('/.') ? path : `/guest${path}`, headers))

  await get('/.well-known/oauth-authorization-server')
  await get('/.well-known/openid-configuration')
  await get('/.well-known/jwks.json')
  for (const { path, method, isEnabled: isThere } of endpoints)
    if (isThere && method === 'GET') await get(path)
  const anonymous = { grant_type: ANONYMOUS_GRANT, client_id: 'spa' }
  const { body } = await token(anonymous)
  const renew = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: body.refresh_token }
  await token(renew)
  await token({ ...anonymous, client_id: 'nobody' })
  await token({ ...anonymous, scope: 'admin' })
  await token({ ...anonymous, resource: 'https://evil.example' })
  await token({ ...anonymous, grant_type: 'password' })
  await token({ ...renew, client_id: 'app' })
  await token({ ...anonymous, client_id: 'bound' })

  await get('/verify')
  await get('/verify?optional=true')
  await get('/verify?optional=perhaps')
  await get('/verify', bearer(body.access_token))
  await get('/verify', { Authorization: `DPoP ${body.access_token}` })
  await get('/verify', { Cookie: '__Host-guestkey=a; __Host-guestkey=b' })
  await form('introspect', { token: body.access_token })
  await form('introspect', { token: 'nothing' })
  await at('post', '/introspect', send(app, 'introspect', { token: 'x', client_id: 'spa' }))
  const page = app.browser()
  await page.signIn()
  const drawn = await at('post', '/token', bySession(app, page.cookie))
  await at('post', '/revoke', send(app, 'revoke', { token: drawn.body.access_token, client_id: 'guestkey' }))
  await at('post', '/revoke', send(app, 'revoke', { token: body.refresh_token, client_id: 'spa' }))
  await get('/verify', bearer(body.access_token))

  const diary = await token({ ...anonymous, client_id: 'diary' })
  await get('/userinfo', bearer(diary.body.access_token))
  await get('/sessions', bearer(diary.body.access_token))
  return asked
}

/** Sends every endpoint that changes something one request for each general reason to refuse it. */
async function misbehave(app: TestApp): Promise<Asked[]> {
  const asked: Asked[] = []
  const json = { Origin: app.origin, 'Content-Type': 'application/json' }
  const wrongs: [Record<string, string>, string][] = [
    [{ ...json, Origin: 'https://evil.example' }, '{}'],
    [{ ...json, 'Content-Type': 'text/plain' }, '{}'],
    [json, '{'],
    [json, '{}'.padEnd(70_000)],
    [{ ...json, Cookie: '__Host-guestkey=a; __Host-guestkey=b' }, '{}'],
    [{ ...json, Cookie: '__Host-guestkey=a' }, '{}'],
    [{ ...json, Authorization: 'Bearer gkt_a.b' }, '{}'],
  ]
  for (const door of endpoints.filter(({ method }) => method !== 'GET')) {
    const method = door.method.toLowerCase() as 'post' | 'patch' | 'delete'
    const url = `/guest${door.path.replace(':id', 'AAAA')}`
    for (const [headers, body] of wrongs)
      asked.push({ door, answer: await supertest(app.server)[method](url).set(headers).send(body) })
  }
  return asked
}

describe('every response', () => {
  test('matches its declaration, in a run through all endpoints and refusals', async () => {
    const limits = { passkeys: { max: 2 }, sessions: { max: 2 } }
    const all = [...clients, ...places.clients]
    const app = await startTokenApp({
      ...{ ...places, ...limits, clients: all },
      collections: ['users', 'members'],
    })
    const { body: document } = await supertest(app.server).get('/guest/openapi.json')
    const asked = [
      ...(await liveThrough(app)),
      ...(await liveOn()),
      ...(await liveAsUsers()),
      ...(await liveByRecovery()),
      ...(await liveByWayIn()),
      ...(await refusedAsGuest()),
      ...(await refusedAsDisabled()),
      ...(await refusedBySettings()),
      ...(await refusedInFlood()),
      ...(await liveOnSeveral()),
      ...(await liveByDeviceKeys()),
      ...(await liveByTokens(app)),
      ...(await liveByDevice()),
      ...(await misbehave(app)),
    ]

    for (const { door, answer } of asked) {
      const where = `${nameOf(door)} ${answer.status} ${answer.text}`
      const declared = operationOf(document, door).responses[answer.status]
      expect(declared, where).toBeDefined()
      const type = answer.headers['content-type']?.split(';')[0]
      expect(Object.keys(declared!.content ?? {}), where).toEqual(type === undefined ? [] : [type])
      const refusal = door.page ? 'text/html' : door.oauth ? oauthError : problem
      const schema = answer.status < 400 ? door.answers[answer.status] : refusal
      // The schema drops undeclared members, so the comparison fails if the response has any.
      if (typeof schema === 'object' && schema) expect(schema.parse(answer.body), where).toEqual(answer.body)
      if (schema === null) expect(answer.text, where).toBe('')
    }

    const seen = new Set(asked.map(({ door, answer }) => `${nameOf(door)} ${answer.status}`))
    const declared = endpoints.flatMap((door) =>
      Object.keys(door.answers).map((of) => `${nameOf(door)} ${of}`),
    )
    expect(declared.filter((one) => !seen.has(one) && !one.endsWith(' 304'))).toEqual([])
    const codes = new Set(
      asked.map(({ answer }) => answer.body.type?.split(':').at(-1) ?? codeOnPage(answer.text)),
    )
    const ofOperators = [
      ...['invitation_invalid', 'not_permitted', 'operator_name_taken', 'no_other_owner'],
      ...['operators_changed', 'way_in_replaced'],
    ]
    const elsewhere = [
      ...ofOperators,
      'request_timeout',
      'too_many_requests',
      'internal_error',
      'unavailable',
    ]
    expect(errorCodes.filter((code) => !codes.has(code)).sort()).toEqual(elsewhere.sort())
  })

  test.each(['client.js', 'client-small.js', 'elements.js', 'openapi.json'])(
    'for %s is 304 the second time, and that is declared',
    async (name) => {
      const app = await startApp()
      const { body: document } = await supertest(app.server).get('/guest/openapi.json')
      const { headers } = await supertest(app.server).get(`/guest/${name}`)
      expect(headers['cache-control']).toBe('public, no-cache')
      const again = await supertest(app.server).get(`/guest/${name}`).set('If-None-Match', headers.etag!)
      expect(again.status).toBe(304)
      expect(again.text).toBe('')
      expect(document.paths[`/guest/${name}`].get.responses).toHaveProperty('304')
    },
  )
})
