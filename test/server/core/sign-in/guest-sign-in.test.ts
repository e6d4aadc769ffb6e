// The option guestSignIn: false lets no new guest in, by any way, and leaves those who are there as they are.

import { describe, expect, test } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import type { TestApp } from '../../../support/app.ts'
import { askToRegister, copyOf, sendRegistration } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { signedIn } from '../../../support/merging.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import {
  anonymously,
  anotherNode,
  ask,
  bearer,
  granted,
  refresh,
  registerAs,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const CODE = 'guest_sign_in_off'
const off = { guestSignIn: false } as const

/** A route of the host that begins a guest. */
const hostsRoute: Parameters<typeof startTokenApp>[1] = (host, guests) => {
  host.post('/begin', (req, res, next) => {
    guests.signInAnonymously(req, res).then(({ guest }) => res.json(guest), next)
  })
}

/** The same deployment with guest sign-in on, and with it off. */
async function beforeAndAfter(options: Partial<Options> = {}): Promise<[TestApp, TestApp]> {
  const before = await startTokenApp(options)
  return [before, await anotherNode(before, { ...options, ...off })]
}

describe('with guestSignIn off, nobody becomes a guest', () => {
  test('at the sign-in, at the host’s own route, or by a passkey, and nothing is written or set', async () => {
    const app = await startTokenApp(off, hostsRoute)
    const before = await app.rows()
    for (const begin of [
      () => app.browser().post('/guest/sign-in'),
      () => app.browser().post('/guest/sign-in', { collection: 'users' }),
      () => app.browser().post('/guest/passkeys/register/options'),
    ]) {
      const refused = await expectRefusal(app, begin, 403, CODE)
      expect(refused.body.detail).toMatch(/lets no new guests in/)
      expect(cookiesSet(refused)).toEqual([])
    }
    expect((await app.browser().post('/begin')).status).toBe(403)
    const lookedUp = await app.browser().post('/guest/sign-in', { lookup_only: true })
    expect(lookedUp.body.code, 'a look-up makes no guest').toBe('no_guest')
    expect(await app.rows()).toEqual(before)
  })

  test('at the token endpoint, which no longer offers the grant', async () => {
    const app = await startTokenApp(off)
    await expectOAuthRefusal(app, () => anonymously(app), 403, CODE, 'unauthorized_client')
    const { body } = await ask(app, '/.well-known/oauth-authorization-server')
    expect(body.grant_types_supported.filter((one: string) => /anonymous/.test(one))).toEqual([])
    await expectRefusal(app, () => sendJson(app, 'passkeys/register/options', {}), 403, CODE)
  })

  test('by a passkey that was begun before', async () => {
    const [before, after] = await beforeAndAfter()
    const visitor = before.browser()
    const proof = await before.device().create(await askToRegister(visitor))
    const rows = await after.rows()
    await expectRefusal(after, () => sendRegistration(after.browser(), proof), 403, CODE)
    expect(await after.rows()).toEqual(rows)
  })
})

describe('with guestSignIn off, a guest from before', () => {
  test('goes on without a row, in a browser and in an app, and is let in on another device', async () => {
    const [before, after] = await beforeAndAfter()
    const old = before.browser()
    const { sub } = await old.signIn()
    const browser = copyOf(after, old)
    expect((await browser.post('/guest/sign-in')).body.sub).toBe(sub)
    const laptop = after.browser()
    const { id, link } = (await browser.post('/guest/device-links')).body
    const device = { platform: 'Android', browser: 'Chrome' }
    const { secret } = (await laptop.post('/guest/device-links/open', { link, device })).body
    await browser.patch(`/guest/device-links/${id}`, { approve: true })
    await signedIn(laptop.post('/guest/device-links/claim', { secret }), sub)

    const given = await granted(anonymously(before))
    const next = await granted(refresh(after, given.refresh_token))
    expect((await userinfo(after, next.access_token)).status).toBe(200)
    const added = await registerAs(after, after.device(), { token: next.access_token })
    expect(added.status, added.text).toBe(201)
    expect((await sendJson(after, 'recovery-codes', {}, bearer(added.body.tokens.access_token))).status).toBe(
      201,
    )
  })

  test('is kept, signs out, and comes back by passkey, code and key', async () => {
    const [before, after] = await beforeAndAfter()
    const old = before.browser()
    const { sub } = await old.signIn()
    const browser = copyOf(after, old)
    const device = after.device()
    expect((await browser.addPasskey(device)).status).toBe(201)
    const key = new DeviceKey('ES256')
    expect((await addDeviceKey(browser, key)).status).toBe(201)
    const [code] = await newCodes(browser)
    expect((await browser.post('/guest/sign-out')).status).toBe(204)
    await expectRefusal(after, () => browser.post('/guest/sign-in'), 403, CODE)
    await signedIn(browser.signInWithPasskey(device), sub)
    await signedIn(useCode(after.browser(), code), sub)
    await signedIn(signInByDeviceKey(after.browser(), key, sub), sub)
  })

  test('of another system is imported all the same, and signed in by the host', async () => {
    const app = await startTokenApp(off)
    const { imported } = await app.guests.import([{ sub: 'of-another-system' }])
    expect(imported).toBe(1)
  })
})

describe('guestSignIn of a collection', () => {
  const begin = (app: TestApp, collection?: string) =>
    app.browser().post('/guest/sign-in', { ...(collection && { collection }) })

  test('closes that collection alone', async () => {
    const app = await startTokenApp({ collections: { users: {}, customers: off } })
    expect((await begin(app)).status).toBe(200)
    await expectRefusal(app, () => begin(app, 'customers'), 403, CODE)
    await expectOAuthRefusal(
      app,
      () => anonymously(app, { collection: 'customers' }),
      403,
      CODE,
      'unauthorized_client',
    )
    expect((await anonymously(app)).status).toBe(200)
    expect((await app.browser().post('/guest/passkeys/register/options')).status).toBe(200)
  })

  test('opens that collection alone, if the option closes all', async () => {
    const app = await startTokenApp({ ...off, collections: { users: {}, customers: { guestSignIn: true } } })
    await expectRefusal(app, () => begin(app), 403, CODE)
    await expectRefusal(app, () => app.browser().post('/guest/passkeys/register/options'), 403, CODE)
    expect((await begin(app, 'customers')).body.collection).toBe('customers')
    const { body } = await ask(app, '/.well-known/oauth-authorization-server')
    expect(body.grant_types_supported.some((one: string) => /anonymous/.test(one))).toBe(true)
  })
})
