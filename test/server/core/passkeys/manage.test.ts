// How a guest lists, renames and removes passkeys, and which of that needs a recent proof.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { passkeyRows } from '../../../../server/core/passkeys/manage.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { GuestEvents } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  keptGuest,
  register,
  sendAssertion,
} from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey } from '../../../support/device-keys.ts'
import { newCodes, unconfirmedCodes } from '../../../support/recovery.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'

const applePasswords = 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd'
/** The challenge of RFC 9470, section 3. */
const stepUpChallenge =
  /^Bearer error="insufficient_user_authentication", error_description="[^"]+", acr_values="phr", max_age=300$/

test('a guest sees the provider, the transports and the backup state of each passkey', async () => {
  const app = await startApp()
  const { browser, passkeyId } = await keptGuest(app, { aaguid: applePasswords, synced: true })
  const now = Math.floor(app.clock.now() / 1000)
  const first = {
    id: passkeyId,
    name: 'Apple Passwords',
    provider: 'Apple Passwords',
    created_at: now,
    last_used_at: null,
    transports: ['hybrid', 'internal'],
    backed_up: true,
  }
  expect((await browser.get('/guest/passkeys')).body).toEqual({ passkeys: [first] })
  app.clock.forward(60)
  const { passkey: second } = (await browser.addPasskey(app.device())).body
  expect(second).toMatchObject({ name: 'Passkey', provider: null, created_at: now + 60, backed_up: false })
  expect((await browser.get('/guest/passkeys')).body).toEqual({ passkeys: [first, second] })
  expect((await browser.get(`/guest/passkeys/${second.id}`)).body).toEqual(second)
})

test('a guest without a passkey has an empty list; a request with nobody signed in is refused', async () => {
  const app = await startApp()
  const browser = app.browser()
  await expectRefusal(app, () => browser.get('/guest/passkeys'), 401, 'not_signed_in')
  await browser.signIn()
  expect((await browser.get('/guest/passkeys')).body).toEqual({ passkeys: [] })
})

test('the store is not asked for the passkeys of a guest who could not come back', async () => {
  const ctx = { store: { listPasskeys: () => Promise.reject(new Error('asked')) } } as unknown as Context
  const session = (recoverability: string) => ({ anonymousId: 'a', recoverability }) as Session
  expect(await passkeyRows(ctx, session('none'))).toEqual([])
  await expect(passkeyRows(ctx, session('device'))).rejects.toThrow('asked')
})

test('a guest renames a passkey', async () => {
  const app = await startApp()
  const { browser, passkeyId } = await keptGuest(app)
  const door = `/guest/passkeys/${passkeyId}`
  const renamed = await browser.patch(door, { name: '  <b>Büro</b> 🔑 ' })
  expect(renamed.status).toBe(200)
  expect(renamed.body).toMatchObject({ id: passkeyId, name: '<b>Büro</b> 🔑' })
  expect((await browser.get(door)).body).toEqual(renamed.body)
  for (const body of [{}, { name: '' }, { name: ' ' }, { name: 'x'.repeat(65) }, { name: ['x'] }]) {
    await expectRefusal(app, () => browser.patch(door, body), 400, 'invalid_request')
  }
})

test("another guest's passkey cannot be read, renamed or removed, and is answered as if it did not exist", async () => {
  const app = await startApp()
  const [{ browser }, theirs] = [await keptGuest(app), await keptGuest(app)]
  const unkept = app.browser()
  await unkept.signIn()
  for (const visitor of [browser, unkept]) {
    for (const id of [theirs.passkeyId, 'nobodys']) {
      const door = `/guest/passkeys/${id}`
      const answers = [
        await expectRefusal(app, () => visitor.get(door), 404, 'not_found'),
        await expectRefusal(app, () => visitor.patch(door, { name: 'mine' }), 404, 'not_found'),
        await expectRefusal(app, () => visitor.delete(door), 404, 'not_found'),
        await expectRefusal(app, () => visitor.delete(`${door}?force=true`), 404, 'not_found'),
      ]
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    }
  }
  app.clock.forward(301) // the same without a recent proof
  await expectRefusal(app, () => browser.delete(`/guest/passkeys/${theirs.passkeyId}`), 404, 'not_found')
})

test('the only passkey is removed only with force; the guest stays and can add another', async () => {
  const app = await startApp()
  const removed: GuestEvents['passkey.removed'][] = []
  app.guests.on('passkey.removed', (event) => removed.push(event))
  const { browser, guest, passkeyId } = await keptGuest(app)
  const door = `/guest/passkeys/${passkeyId}`
  await expectRefusal(app, () => browser.delete(door), 409, 'would_lose_account')
  await expectRefusal(app, () => browser.delete(`${door}?force=false`), 409, 'would_lose_account')
  expect((await browser.delete(`${door}?force=true`)).status).toBe(204)
  expect(removed).toEqual([{ anonymous_id: guest.sub, passkey_id: passkeyId }])
  expect((await browser.get('/guest/userinfo')).body).toMatchObject({
    sub: guest.sub,
    recoverability: 'none',
  })

  app.clock.forward(301) // a guest without a passkey cannot step up, and need not
  const elsewhere = copyOf(app, browser)
  expect((await browser.addPasskey(app.device())).status).toBe(201)
  expect((await browser.get('/guest/userinfo')).body).toMatchObject({
    sub: guest.sub,
    recoverability: 'passkey',
  })
  await expectRefusal(app, () => elsewhere.get('/guest/userinfo'), 401, 'session_invalid')
})

test.each<[string, (app: TestApp, browser: Browser, sub: string) => Promise<unknown>]>([
  ['a device key', (_, browser) => addDeviceKey(browser, new DeviceKey('ES256'))],
  ['a confirmed recovery code', (_, browser) => newCodes(browser)],
  [
    'a login ID',
    (app, _, sub) =>
      app.guests.promote(sub, { loginId: { type: 'email', value: 'fox@example.com' }, verified: true }),
  ],
])('the only passkey is removed without force if %s brings the guest back', async (_, addWayBack) => {
  const app = await startApp()
  const { browser, guest, passkeyId, device } = await keptGuest(app)
  await addWayBack(app, browser, guest.sub)
  expect((await browser.signInWithPasskey(device)).status).toBe(200)
  expect((await browser.delete(`/guest/passkeys/${passkeyId}`)).status).toBe(204)
  expect((await browser.get('/guest/passkeys')).body).toEqual({ passkeys: [] })
})

test('the only passkey is not removed without force if the recovery codes are not confirmed', async () => {
  const app = await startApp()
  const { browser, passkeyId } = await keptGuest(app)
  await unconfirmedCodes(browser)
  await expectRefusal(app, () => browser.delete(`/guest/passkeys/${passkeyId}`), 409, 'would_lose_account')
})

test('one passkey of several is removed without force', async () => {
  const app = await startApp()
  const { browser, passkeyId } = await keptGuest(app)
  const { passkey: second } = (await browser.addPasskey(app.device())).body
  expect((await browser.delete(`/guest/passkeys/${passkeyId}`)).status).toBe(204)
  await expectRefusal(app, () => browser.delete(`/guest/passkeys/${passkeyId}`), 404, 'not_found')
  expect((await browser.get('/guest/passkeys')).body.passkeys.map(({ id }: { id: string }) => id)).toEqual([
    second.id,
  ])
})

test('the first passkey needs no step-up, even in an old session', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  app.clock.forward(10_000)
  expect((await browser.addPasskey(app.device())).status).toBe(201)
})

test.each(['adding a second passkey', 'removing a passkey'])(
  '%s needs a proof from the last five minutes, and a step-up is one',
  async (what) => {
    const app = await startApp()
    const { browser, device, guest, passkeyId } = await keptGuest(app)
    await browser.addPasskey(app.device())
    const attempt = () =>
      what === 'removing a passkey'
        ? browser.delete(`/guest/passkeys/${passkeyId}`)
        : browser.post('/guest/passkeys/register/options')
    app.clock.forward(301)
    const refused = await expectRefusal(app, attempt, 401, 'insufficient_user_authentication')
    expect(refused.headers['www-authenticate']).toMatch(stepUpChallenge)
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)

    const before = browser.token
    const proven = await browser.signInWithPasskey(device, { stepUp: true })
    expect(proven.status, proven.text).toBe(200)
    expect(proven.body.sub).toBe(guest.sub)
    expect(browser.token).not.toBe(before)
    app.clock.forward(300)
    expect((await attempt()).status).toBeLessThan(300)
    app.clock.forward(1)
    await expectRefusal(
      app,
      () => browser.post('/guest/passkeys/register/options'),
      401,
      'insufficient_user_authentication',
    )
  },
)

test('a failed step-up is no proof: the session still needs one', async () => {
  const app = await startApp()
  const { browser, device } = await keptGuest(app)
  app.clock.forward(301)
  const proof = await device.get(await askToSignIn(browser, { stepUp: true }), { badSignature: 'wrong' })
  await expectRefusal(app, () => sendAssertion(browser, proof), 401, 'authentication_failed')
  await expectRefusal(
    app,
    () => browser.post('/guest/passkeys/register/options'),
    401,
    'insufficient_user_authentication',
  )
})

test('adding a second passkey keeps the session, and is no proof', async () => {
  const app = await startApp()
  const { browser, device } = await keptGuest(app)
  const elsewhere = app.browser()
  await elsewhere.signInWithPasskey(device)
  app.clock.forward(200)
  const token = browser.token
  expect((await browser.addPasskey(app.device())).status).toBe(201)
  expect(browser.token).toBe(token)
  expect((await elsewhere.get('/guest/userinfo')).status).toBe(200)
  app.clock.forward(200)
  await expectRefusal(
    app,
    () => browser.post('/guest/passkeys/register/options'),
    401,
    'insufficient_user_authentication',
  )
})

test('a guest has at most passkeys.max passkeys, even with options from before the limit was reached', async () => {
  const app = await startApp({ passkeys: { max: 2 } })
  const { browser } = await keptGuest(app)
  const early = await askToRegister(browser)
  expect((await browser.addPasskey(app.device())).status).toBe(201)
  await expectRefusal(app, () => browser.post('/guest/passkeys/register/options'), 409, 'too_many_passkeys')
  const proof = await app.device().create(early)
  await expectRefusal(app, () => browser.post('/guest/passkeys/register', proof), 409, 'too_many_passkeys')
  const { passkeys } = (await browser.get('/guest/passkeys')).body
  expect((await browser.delete(`/guest/passkeys/${passkeys[0].id}`)).status).toBe(204)
  expect((await browser.addPasskey(app.device())).status).toBe(201)
})

test('a device that has a passkey of the guest makes no second one', async () => {
  const app = await startApp()
  const { browser, device } = await keptGuest(app)
  const before = await tables(app.store)
  await expect(register(browser, device)).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidStateError' }),
  )
  expect(await tables(app.store)).toEqual(before)
})

test('a passkey that five requests remove at once is removed by one of them, and is gone for the others', async () => {
  const app = await startApp()
  const { browser, passkeyId } = await keptGuest(app)
  expect((await register(browser, app.device())).status).toBe(201)
  const removed: string[] = []
  app.guests.on('passkey.removed', ({ passkey_id }) => void removed.push(passkey_id))
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => browser.delete(`/guest/passkeys/${passkeyId}`)),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 404, 404, 404, 404])
  expect(removed).toEqual([passkeyId])
})
