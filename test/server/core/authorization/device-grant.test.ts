// Devices without a browser (RFC 8628), over HTTP: the codes, the page on which a person lets the device in, and the tokens.

import { describe, expect, test } from 'vitest'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { fieldOf, postForm } from '../../../support/promotion.ts'
import { expectOAuthRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import { claimsOf, send, userinfo } from '../../../support/tokens.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const secret = 'a secret of a client, of more than 32 characters'
const tv = { id: 'tv', pairwise: secret, scopes: ['openid'], deviceGrant: true, name: 'Living room' }
const clients = [
  tv,
  { ...tv, id: 'radio', pairwise: `${secret} too` },
  { id: 'app', pairwise: secret, scopes: ['openid'] },
  { ...tv, id: 'open', pairwise: undefined },
]

const start = (options: Parameters<typeof startApp>[0] = {}) =>
  startApp({ rpName: 'Jotter', clients, ...options })

/** A device gets its codes. */
async function begin(app: TestApp, more: Record<string, string> = {}) {
  const { status, body } = await send(app, 'device_authorization', { client_id: 'tv', ...more })
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

/** The device asks for its tokens. Time goes on before, by as much as it must wait. */
function poll(app: TestApp, device_code: string, more: Record<string, string> = {}) {
  app.clock.forward(5)
  return send(app, 'token', { grant_type: GRANT, client_id: 'tv', device_code, ...more })
}

const open = (browser: Browser, user_code: string) =>
  browser.get(`/guest/device?${new URLSearchParams({ user_code })}`)

/** The person presses a button of the page. */
function decide(
  app: TestApp,
  browser: Browser,
  page: { text: string },
  decision = 'approve',
  headers: Record<string, string> = {},
) {
  const fields: Record<string, string> = { user_code: fieldOf(page as never, 'user_code'), decision }
  if (page.text.includes('name="whom"')) fields.whom = fieldOf(page as never, 'whom')
  return postForm(app, browser, '/guest/device', fields, headers)
}

describe('a device without a browser', () => {
  test('gets the tokens of a new guest who lets it in, and leaves no row but what was used', async () => {
    const app = await start()
    const codes = await begin(app)
    expect(codes).toEqual({
      ...{ device_code: expect.any(String), user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/) },
      ...{ verification_uri: `${app.origin}/guest/device`, expires_in: 600, interval: 5 },
      verification_uri_complete: `${app.origin}/guest/device?user_code=${codes.user_code}`,
    })
    const waiting = await poll(app, codes.device_code)
    expect([waiting.status, waiting.body.error]).toEqual([400, 'authorization_pending'])
    const browser = app.browser()
    const page = await open(browser, codes.user_code.toLowerCase().replace('-', ' '))
    for (const text of [codes.user_code, 'Sign in to Living room', 'if somebody sent you here, cancel'])
      expect(page.text).toContain(text)
    const done = await decide(app, browser, page)
    expect([done.status, done.text.includes('Go back to your device')], done.text).toEqual([200, true])
    const { status, body } = await poll(app, codes.device_code)
    expect(status, JSON.stringify(body)).toBe(200)
    const claims = claimsOf(body.id_token)
    expect(claims).toMatchObject({ iss: app.origin, aud: 'tv', is_anonymous: true })
    expect((await userinfo(app, body.access_token)).body.sub).toBe(claims.sub)
    expect(body).not.toHaveProperty('refresh_token')
    const { spent, ...rows } = await app.rows()
    expect(spent).toBe(3)
    expect(rows).toMatchObject({ guests: 0, sessions: 0, codes: 0, device_links: 0 })
    await expectOAuthRefusal(app, () => poll(app, codes.device_code), 400, 'invalid_grant')
  })

  test('is somebody else at another client, and the same guest there again', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const subs: string[] = []
    for (const client_id of ['tv', 'radio', 'tv']) {
      const codes = await begin(app, { client_id })
      await decide(app, browser, await open(browser, codes.user_code))
      const { body } = await poll(app, codes.device_code, { client_id })
      subs.push(claimsOf(body.id_token).sub as string)
    }
    expect(subs[2]).toBe(subs[0])
    expect(subs[1]).not.toBe(subs[0])
  })

  test('is told slow_down, access_denied and expired_token', async () => {
    const app = await start()
    const errorOf = async (device_code: string, wait = 5) => {
      app.clock.forward(wait - 5)
      const { status, body } = await poll(app, device_code)
      expect(status).toBe(400)
      return body.error
    }
    const codes = await begin(app)
    expect(await errorOf(codes.device_code)).toBe('authorization_pending')
    expect(await errorOf(codes.device_code, 0)).toBe('slow_down')
    expect(await errorOf((await begin(app)).device_code, 0)).toBe('authorization_pending')
    expect(await errorOf(codes.device_code)).toBe('authorization_pending')
    const browser = app.browser()
    const page = await open(browser, codes.user_code)
    expect((await decide(app, browser, page, 'refuse')).text).toContain('was not let in')
    expect(browser.cookie).toBeUndefined()
    expect(await errorOf(codes.device_code)).toBe('access_denied')
    expect((await decide(app, browser, page)).status, 'decided once').toBe(400)
    expect(await errorOf(codes.device_code)).toBe('access_denied')
    const late = await begin(app)
    expect(await errorOf(late.device_code, 600)).toBe('expired_token')
    expect((await open(browser, late.user_code)).status).toBe(400)
  })

  test('gets nothing with a code of another client, a changed one, one that is none, or after the session', async () => {
    const app = await start()
    const { device_code, user_code } = await begin(app)
    const browser = app.browser()
    await browser.signIn()
    await decide(app, browser, await open(browser, user_code))
    const refused = (code: string, more: Record<string, string> = {}) =>
      expectOAuthRefusal(app, () => poll(app, code, more), 400, 'invalid_grant')
    await refused(device_code, { client_id: 'radio' })
    await refused(`${device_code}x`)
    await refused('x')
    await refused(user_code)
    expect((await browser.post('/guest/sign-out', { force: true })).status).toBe(204)
    await refused(device_code)
  })

  test('needs a pairwise client that is registered for it, with the scope openid', async () => {
    const app = await start()
    const begun = (more: Record<string, string>) => send(app, 'device_authorization', more)
    for (const client_id of ['app', 'open', 'guestkey'])
      await expectOAuthRefusal(app, () => begun({ client_id }), 400, 'unauthorized_client')
    await expectOAuthRefusal(app, () => begun({ client_id: 'tv', scope: 'email' }), 400, 'invalid_scope')
    await expectOAuthRefusal(app, () => begun({ client_id: 'tv', scope: '' }), 400, 'invalid_scope')
    await expectOAuthRefusal(app, () => begun({ client_id: 'nobody' }), 401, 'invalid_client')
    const none = await startApp({ clients: [clients[2]!] })
    expect((await send(none, 'device_authorization', { client_id: 'app' })).status).toBe(404)
    const at = async (one: TestApp) =>
      (await one.browser().get('/guest/.well-known/openid-configuration')).body
    expect(await at(none)).not.toHaveProperty('device_authorization_endpoint')
    expect(await at(app)).toMatchObject({
      device_authorization_endpoint: `${app.origin}/guest/device_authorization`,
      grant_types_supported: expect.arrayContaining([GRANT]),
    })
  })

  test('is let in by the guest whom the page showed, on our own page, once', async () => {
    const app = await start()
    const { device_code, user_code } = await begin(app)
    const browser = app.browser()
    const page = await open(browser, user_code)
    const foreign = await decide(app, browser, page, 'approve', { Origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    await browser.signIn() // in another tab
    const late = await decide(app, browser, page)
    expect([late.status, late.headers.location]).toEqual([303, `/guest/device?user_code=${user_code}`])
    const again = await open(browser, user_code)
    const other = app.browser()
    await other.signIn()
    expect((await decide(app, other, again)).status).toBe(303)
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => decide(app, copyOf(app, browser), again)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    app.clock.forward(5)
    const asked = { grant_type: GRANT, client_id: 'tv', device_code }
    const got = await Promise.all(Array.from({ length: 6 }, () => send(app, 'token', asked)))
    expect(got.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('cannot be found by guessing: twenty wrong codes in an hour are all that a network has', async () => {
    const app = await start()
    const { user_code } = await begin(app)
    const browser = app.browser()
    for (let i = 0; i < 20; i++) expect((await open(browser, 'BBBB-BBBB')).status).toBe(400)
    const refused = await open(browser, user_code)
    expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true])
  })

  test('asks in no more than a hundred windows of a network in an hour', async () => {
    const app = await start()
    for (let i = 0; i < 100; i++) await begin(app)
    const { status, body } = await send(app, 'device_authorization', { client_id: 'tv' })
    expect([status, body.error]).toEqual([429, 'temporarily_unavailable'])
  })

  test('leaves nothing in the database by which somebody with a copy of it could get the tokens', async () => {
    const app = await start()
    const { device_code, user_code } = await begin(app)
    const browser = app.browser()
    const { sub } = await browser.signIn()
    await decide(app, browser, await open(browser, user_code))
    const stored = JSON.stringify(await tables(app.store))
    for (const one of [device_code, user_code, user_code.replace('-', ''), sub])
      expect(stored).not.toContain(one)
  })
})
