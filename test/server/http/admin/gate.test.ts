// Every endpoint of the operators' API against everybody who might ask. The cases come from its table, so a new endpoint is
// among them by itself.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { AdminEndpoint } from '../../../../server/http/admin/endpoint.ts'
import { adminEndpoints } from '../../../../server/http/admin/router.ts'
import { endpoints } from '../../../../server/http/router.ts'
import type { OperatorRole } from '../../../../server/index.ts'
import { operatorScopes } from '../../../../server/options/options.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import {
  admin,
  join,
  machines,
  machineToken,
  refusal,
  startAdmin,
  stepUp,
  type TestOperator,
} from '../../../support/operators.ts'
import { sharedInFile } from '../../../support/when-over.ts'

const someId = 'x'.repeat(43)
const urlOf = ({ path }: AdminEndpoint) => admin + path.replace(':id', someId).replace(':item', someId)
const nameOf = ({ method, path }: AdminEndpoint) => `${method} ${path}`
/** No endpoint takes this body, so whoever is let in changes nothing. */
const surprise = { surprise: true }

const roles: OperatorRole[] = ['viewer', 'support', 'owner']
const closed = adminEndpoints.filter(({ may }) => may !== 'anybody')
const changes = adminEndpoints.filter(({ method }) => method === 'POST')

let app: TestApp
let operators: Record<OperatorRole, TestOperator>
let guest: Awaited<ReturnType<typeof keptGuest>>
let tokens: Map<string, string>

sharedInFile(async () => {
  app = await startAdmin({ clients: machines })
  operators = {
    viewer: await join(app, 'viewer'),
    support: await join(app, 'support'),
    owner: await join(app, 'owner'),
  }
  guest = await keptGuest(app)
  tokens = new Map()
  for (const scope of operatorScopes) tokens.set(scope, await machineToken(app, scope))
})

/** A request with exactly these headers. */
function ask(one: AdminEndpoint, headers: Record<string, string> = {}) {
  const agent = supertest(app.server)
  return one.method === 'GET'
    ? agent.get(urlOf(one)).set(headers)
    : agent
        .post(urlOf(one))
        .set({ 'Content-Type': 'application/json', ...headers })
        .send(JSON.stringify(surprise))
}

const fromOurPage = () => ({ Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' })
const as = ({ browser }: { browser: { cookie: string | undefined } }) => ({
  ...fromOurPage(),
  Cookie: browser.cookie!,
})
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

/** Expects that the gate let this one in: the answer is what the endpoint itself says to an impossible request. */
function expectLetIn(one: AdminEndpoint, answer: supertest.Response) {
  const expected = one.method === 'POST' ? ['400 invalid_request'] : ['200 undefined', '404 not_found']
  expect(expected, answer.text).toContain(refusal(answer))
}

test('the table has no path of guests, and guests have none of it', () => {
  expect(endpoints.filter(({ path }) => /^\/admin(\/|$)/.test(path))).toEqual([])
  expect(new Set(adminEndpoints.map(nameOf)).size).toBe(adminEndpoints.length)
})

test('every change wants a reason, but for those in an own matter, and a search, which changes nothing', () => {
  const without = changes.filter(({ needs }) => needs !== 'reason').map(({ path }) => path)
  expect(without).toEqual([
    '/invitations/options',
    '/invitations/accept',
    '/sign-in/options',
    '/sign-in',
    '/step-up/options',
    '/step-up',
    '/sign-out',
    '/me/sessions/:id/end',
    '/me/passkeys/options',
    '/me/passkeys',
    '/me/passkeys/:id/remove',
    '/guests/find',
  ])
})

test('only these are open to anybody', () => {
  expect(adminEndpoints.filter(({ may }) => may === 'anybody').map(nameOf)).toEqual([
    'POST /invitations/options',
    'POST /invitations/accept',
    'POST /sign-in/options',
    'POST /sign-in',
    'GET /openapi.json',
  ])
})

describe.each(closed.map((one) => [nameOf(one), one] as const))('%s', (_name, one) => {
  test('is for its role and higher ones', async () => {
    for (const role of roles) {
      const answer = await ask(one, as(operators[role]))
      if (roles.indexOf(role) < roles.indexOf(one.may as OperatorRole))
        expect(refusal(answer), role).toBe('403 not_permitted')
      else expectLetIn(one, answer)
    }
  })

  test('refuses whoever is not signed in, and a session that there is not', async () => {
    expect(refusal(await ask(one, fromOurPage()))).toBe('401 not_signed_in')
    const dead = { ...fromOurPage(), Cookie: `guestkey-operator=${someId}` }
    expect(refusal(await ask(one, dead))).toBe('401 session_invalid')
  })

  test('refuses a guest, by cookie and by token', async () => {
    expect(refusal(await ask(one, as(guest)))).toBe('401 not_signed_in')
    const token = guest.browser.cookies.get('guestkey')!
    expect(refusal(await ask(one, { ...fromOurPage(), Cookie: `guestkey-operator=${token}` }))).toBe(
      '401 session_invalid',
    )
    expect(refusal(await ask(one, bearer(token)))).toBe('401 session_invalid')
    const { body } = await supertest(app.server).post('/guest/token').send({
      grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous',
      client_id: 'guestkey',
    })
    expect(refusal(await ask(one, bearer(body.access_token)))).toBe('401 session_invalid')
  })

  test('takes no session of an operator as a token, and no cookie beside a token', async () => {
    const [token] = [...operators.owner.browser.cookies.values()]
    expect(refusal(await ask(one, bearer(token!)))).toBe('401 session_invalid')
    const both = { ...as(operators.owner), ...bearer(tokens.get('admin:read')!) }
    expect(refusal(await ask(one, both))).toBe('400 credentials_ambiguous')
  })

  test('lets in a machine with its scope, and no other one', async () => {
    for (const [scope, token] of tokens) {
      const answer = await ask(one, bearer(token))
      if (one.scope === null) expect(refusal(answer), scope).toBe('403 not_permitted')
      else if (one.scope !== scope) expect(refusal(answer), scope).toBe('403 insufficient_scope')
      else expectLetIn(one, answer)
    }
  })
})

test('a stale proof is not enough for what needs one, and enough for everything else', async () => {
  app.clock.forward(5 * 60 + 1)
  for (const one of closed) {
    const answer = await ask(one, as(operators.owner))
    if (one.needs) expect(refusal(answer), nameOf(one)).toBe('401 insufficient_user_authentication')
    else expectLetIn(one, answer)
  }
  for (const role of roles) await stepUp(operators[role])
})

test('what needs a reason takes none but those in its list, and a case of at most 32 letters, digits and dashes', async () => {
  const wrong = [
    {},
    { reason: 'test' },
    { case: 'T-1' },
    { reason: 'because', case: 'T-1' },
    { reason: 'test', case: '' },
    { reason: 'test', case: 'T 1' },
    { reason: 'test', case: 'x'.repeat(33) },
    { reason: 'test', case: '<b>' },
    { reason: ['test'], case: 'T-1' },
  ]
  for (const one of closed.filter(({ needs }) => needs === 'reason')) {
    for (const body of wrong) {
      const answer = await operators.owner.browser.post(urlOf(one), body)
      expect(refusal(answer), nameOf(one)).toBe('400 invalid_request')
    }
  }
})

const foreign: [string, () => Record<string, string>][] = [
  ['cross-site', () => ({ 'Sec-Fetch-Site': 'cross-site', Origin: app.origin })],
  ['same-site, from a sibling', () => ({ 'Sec-Fetch-Site': 'same-site', Origin: app.origin })],
  ['of a foreign origin', () => ({ Origin: 'https://evil.example' })],
  ['of an opaque origin', () => ({ Origin: 'null' })],
  ['of another port', () => ({ Origin: `${app.origin}1` })],
  ['that does not say from where', () => ({})],
]

test.each(foreign)('a change %s is refused, whatever it is', async (_from, headers) => {
  for (const one of changes) {
    const { Cookie } = as(operators.owner)
    const answer = await ask(one, { ...headers(), Cookie })
    expect(refusal(answer), nameOf(one)).toBe('403 cross_site_request')
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  }
})

test('a change that is no JSON is refused, whatever it is', async () => {
  for (const one of changes) {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await ask(one, { ...as(operators.owner), 'Content-Type': type })
      expect(refusal(answer), nameOf(one)).toBe('415 unsupported_media_type')
    }
  }
})

test('another method than that of the endpoint is refused, and the answer names those that there are', async () => {
  for (const one of adminEndpoints) {
    const answer = await supertest(app.server).delete(urlOf(one)).set(as(operators.owner))
    expect(refusal(answer)).toBe('405 method_not_allowed')
    expect(answer.headers.allow).toContain(one.method)
  }
})

test('a path that there is not is 404, in the form of every error', async () => {
  for (const path of ['//', '/nothing', '/me/', '/operators/a/b/c/d', '/me/sessions/../end']) {
    const answer = await supertest(app.server).get(admin + path)
    expect(refusal(answer), path).toBe('404 not_found')
  }
})

test('no answer may be kept by a cache', async () => {
  for (const one of adminEndpoints) {
    const { headers } = await ask(one, as(operators.owner))
    expect(headers['cache-control'], nameOf(one)).toBe('no-store')
  }
})

test('sign-ins and invitations are limited to 30 a minute for one network', async () => {
  const limited = await startAdmin({ rateLimit: { perMinute: 1000 } })
  const browser = limited.browser()
  for (let i = 0; i < 30; i++) expect((await browser.post(`${admin}/sign-in/options`)).status).toBe(200)
  for (const path of ['/sign-in/options', '/sign-in', '/invitations/options', '/invitations/accept']) {
    const answer = await browser.post(admin + path)
    expect(refusal(answer)).toBe('429 too_many_requests')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  }
  expect((await browser.post('/guest/sign-in')).status).toBe(200)
  limited.clock.forward(60)
  expect((await browser.post(`${admin}/sign-in/options`)).status).toBe(200)
})

test('a proxy that is not trusted is warned of once, for all behind it count as one', async () => {
  const warnings = (one: TestApp) =>
    one.logs.filter(({ level, message }) => level === 'warn' && message.includes('X-Forwarded-For'))
  const asked = async (one: TestApp, headers: Record<string, string>) => {
    const ask = supertest(one.server).post(`${admin}/sign-in/options`)
    const from = { Origin: one.origin, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' }
    expect((await ask.set({ ...from, ...headers }).send('{}')).status).toBe(200)
  }
  const forwarded = { 'X-Forwarded-For': '192.0.2.1' }
  const limited = { operators: {}, rateLimit: { perMinute: 1000 } }
  const open = await startApp(limited)
  await asked(open, {})
  expect(warnings(open)).toEqual([])
  for (let i = 0; i < 2; i++) await asked(open, forwarded)
  expect(warnings(open)).toHaveLength(1)
  const behind = await startApp(limited, (host) => void host.set('trust proxy', 1))
  await asked(behind, forwarded)
  expect(warnings(behind)).toEqual([])
})
