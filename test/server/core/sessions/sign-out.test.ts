// Signing out: every copy of the token stops working, here or everywhere, and the next guest starts afresh.

import { expect, test } from 'vitest'
import type { GuestError, GuestEvents } from '../../../../server/index.ts'
import { type Browser, sessionIdOf, startApp, type TestApp } from '../../../support/app.ts'
import { askToRegister, copyOf, keptGuest, sendRegistration } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey } from '../../../support/device-keys.ts'
import { cookiesSet, expectRefusal } from '../../../support/refusals.ts'
import { createMeeting, roundsOf } from '../../../support/rounds.ts'
import { tables } from '../../../support/tables.ts'

/** Expects that a copy of an ended session's cookie is refused at every endpoint that needs to know who is there. */
async function expectDead(app: TestApp, copy: Browser) {
  for (const send of [
    (browser: Browser) => browser.get('/guest/userinfo'),
    (browser: Browser) => browser.post('/guest/sign-in'),
    (browser: Browser) => browser.post('/guest/sign-in', { lookup_only: true }),
    (browser: Browser) => browser.post('/guest/sign-out', { force: true }),
    (browser: Browser) => browser.get('/guest/passkeys'),
    (browser: Browser) => browser.get('/guest/sessions'),
    (browser: Browser) => browser.delete('/guest/sessions'),
    (browser: Browser) => browser.post('/guest/passkeys/register/options'),
  ]) {
    const attempt = copyOf(app, copy)
    const refused = await expectRefusal(app, () => send(attempt), 401, 'session_invalid')
    expect(refused.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  }
  const visitor = copyOf(app, copy)
  await visitor.post('/guest/sign-in')
  expect(visitor.token, 'the refused sign-in clears the dead cookie').toBeUndefined()
  expect((await visitor.signIn()).sub).toEqual(expect.any(String))
}

test('signing out clears the cookie and ends every copy of it; the passkey brings the guest back', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  const copy = copyOf(app, browser)
  const answer = await browser.post('/guest/sign-out')
  expect(answer.status).toBe(204)
  expect(answer.text).toBe('')
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(cookiesSet(answer)).toEqual(['guestkey=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax'])
  await expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'not_signed_in')
  await expectDead(app, copy)
  expect((await browser.signInWithPasskey(device)).body.sub).toBe(guest.sub)
  await expectDead(app, copy)
})

test('a guest who could not come back is refused without force, and stays signed in', async () => {
  const app = await startApp()
  const browser = app.browser()
  const guest = await browser.signIn()
  for (const body of [{}, { force: false }, { everywhere: true }]) {
    await expectRefusal(app, () => browser.post('/guest/sign-out', body), 409, 'would_lose_account')
  }
  expect((await browser.get('/guest/userinfo')).body).toEqual(guest)
})

test('a sealed session that was signed out stays dead, in every earlier copy and every renewed one', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const young = copyOf(app, browser)
  app.clock.forward(2 * 24 * 60 * 60)
  await browser.get('/guest/userinfo')
  expect(browser.token).not.toBe(young.token)
  const renewed = copyOf(app, browser)
  expect((await young.post('/guest/sign-out', { force: true })).status).toBe(204)
  await expectDead(app, renewed)
  await expectDead(app, browser)
  app.clock.forward(80 * 24 * 60 * 60)
  await expectDead(app, renewed)
})

test('a registration that began before the sign-out fails after it', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const copy = copyOf(app, browser)
  const proof = await app.device().create(await askToRegister(browser))
  expect((await browser.post('/guest/sign-out', { force: true })).status).toBe(204)
  await expectRefusal(app, () => sendRegistration(copy, proof), 401, 'session_invalid')
  await expectRefusal(app, () => sendRegistration(browser, proof), 400, 'registration_failed')
})

test('signing out here leaves other devices signed in; signing out everywhere leaves none', async () => {
  const app = await startApp()
  const signedOut: GuestEvents['guest.signed_out'][] = []
  app.guests.on('guest.signed_out', (event) => signedOut.push(event))
  const { browser, device, guest } = await keptGuest(app)
  const [laptop, tablet] = [app.browser(), app.browser()]
  await laptop.signInWithPasskey(device)
  await tablet.signInWithPasskey(device)
  const other = await keptGuest(app)

  const [here, there] = [await sessionIdOf(browser), await sessionIdOf(laptop)]
  await browser.post('/guest/sign-out')
  expect((await laptop.get('/guest/userinfo')).status).toBe(200)
  expect((await laptop.post('/guest/sign-out', { everywhere: true })).status).toBe(204)
  await expectDead(app, tablet)
  expect(signedOut).toEqual([
    { anonymous_id: guest.sub, session_id: here, everywhere: false },
    { anonymous_id: guest.sub, session_id: there, everywhere: true },
  ])
  expect((await other.browser.get('/guest/userinfo')).body.sub).toBe(other.guest.sub)
  expect((await laptop.signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

test.each([
  ['here, of a guest who is not kept', { force: true }],
  ['here', {}],
  ['everywhere', { everywhere: true }],
])('signing out %s fails if the session ended while the host handled the request', async (_, options) => {
  let meanwhile = async () => {}
  const app = await startApp({}, (host, guests) => {
    host.post('/leave', async (req, res) => {
      await guests.guestOf(req) // the request is known to be this guest's now
      await meanwhile()
      const code = await guests.signOut(req, res, options).then(
        () => null,
        (error: GuestError) => error.code,
      )
      res.json({ code })
    })
  })
  const left: GuestEvents['guest.signed_out'][] = []
  app.guests.on('guest.signed_out', (event) => left.push(event))
  const browser = 'force' in options ? app.browser() : (await keptGuest(app)).browser
  await browser.signIn()
  const copy = copyOf(app, browser)
  meanwhile = async () => {
    expect((await copy.post('/guest/sign-out', { force: true })).status).toBe(204)
  }
  expect((await browser.post('/leave')).body).toEqual({ code: 'session_invalid' })
  expect(left).toHaveLength(1)
})

test('signing out is told of once, and is a line of the audit trail only for a guest who is kept', async () => {
  const app = await startApp()
  const told: GuestEvents['guest.signed_out'][] = []
  app.guests.on('guest.signed_out', (event) => told.push(event))
  const [visitor, { browser, guest }] = [app.browser(), await keptGuest(app)]
  const { sub } = await visitor.signIn()
  const here = await sessionIdOf(browser)
  for (const one of [visitor, browser]) await one.post('/guest/sign-out', { force: true })
  expect(told).toEqual([
    { anonymous_id: sub, session_id: sub, everywhere: false },
    { anonymous_id: guest.sub, session_id: here, everywhere: false },
  ])
  const lines = (await app.guests.auditTrail()).filter(({ action }) => action === 'guest.signed_out')
  expect(lines).toMatchObject([{ anonymous_id: guest.sub, session_id: here }])
})

test('signing out when nobody is signed in changes nothing', async () => {
  const app = await startApp()
  const before = await tables(app.store)
  expect((await app.browser().post('/guest/sign-out')).status).toBe(204)
  expect(await tables(app.store)).toEqual(before)
})

test('after a guest signs out, the next guest in the browser gets nothing of theirs', async () => {
  const app = await startApp()
  const browser = app.browser()
  const [left, leftToken] = [await browser.signIn(), browser.token]
  await browser.post('/guest/sign-out', { force: true })
  const next = await browser.signIn()
  for (const property of ['sub', 'anonymous_id'] as const) expect(next[property]).not.toBe(left[property])
  expect(browser.token).not.toBe(leftToken)
  const { user } = await askToRegister(browser)
  browser.cookies.set('guestkey', leftToken!)
  await expectDead(app, browser)
  const other = app.browser()
  await other.signIn()
  expect((await askToRegister(other)).user.id).not.toBe(user.id)
})

test('signing out everywhere while the only passkey is removed leaves the device key or the passkey', async () => {
  const app = await startApp()
  const meet = createMeeting()
  for (let round = 0; round < roundsOf(12, 60); round++) {
    const { browser, guest, passkeyId } = await keptGuest(app)
    expect((await addDeviceKey(browser, new DeviceKey('ES256'))).status).toBe(201)
    const copy = copyOf(app, browser)
    const answers = await meet(
      () => copy.delete(`/guest/passkeys/${passkeyId}`),
      () => browser.post('/guest/sign-out', { everywhere: true }),
      ([removed]) => removed.status === 204,
    )
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect((await app.guests.get(guest.sub))!.recoverability).not.toBe('none')
  }
})
