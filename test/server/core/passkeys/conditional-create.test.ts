// Passkeys that a browser makes by itself (WebAuthn Level 3, 5.1.3): no user need be present, so they prove nothing.

import { expect, test } from 'vitest'
import { startApp, type TestApp } from '../../../support/app.ts'
import type { Misbehaviour } from '../../../support/authenticator.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  keptGuest,
  register,
  sendAssertion,
  sendRegistration,
  wrongInBoth,
} from '../../../support/ceremonies.ts'
import { expectRefusal } from '../../../support/refusals.ts'

const https = { origin: 'https://app.example' }
const nobody: Misbehaviour = { userPresent: false, userVerified: false }
const conditional = { conditional: true }
const flags: [string, Misbehaviour][] = [
  ['no user present', nobody],
  ['a user present but not verified', { userVerified: false }],
]

/** A guest without a passkey; `add` runs the whole conditional registration, with the given fault. */
async function guestAt(app: TestApp) {
  const browser = app.browser()
  const guest = await browser.signIn()
  const device = app.device({ synced: true })
  const add = async (wrong: Misbehaviour = nobody) =>
    sendRegistration(browser, await device.create(await askToRegister(browser, conditional), wrong))
  return { browser, guest, device, add }
}

test('the options of a conditional registration prefer user verification, and differ in nothing else', async () => {
  const app = await startApp()
  const { browser } = await guestAt(app)
  const given = await askToRegister(browser, conditional)
  expect(given.authenticatorSelection).toMatchObject({
    residentKey: 'required',
    userVerification: 'preferred',
  })
  const usual = await askToRegister(browser)
  expect(usual.authenticatorSelection).toMatchObject({ userVerification: 'required' })
  const { challenge: _a, authenticatorSelection: _b, ...others } = given
  expect(usual).toMatchObject(others)
})

test.each(flags)('a passkey made with %s keeps the guest, and signs in later', async (_what, wrong) => {
  const app = await startApp(https)
  const { browser, guest, device, add } = await guestAt(app)
  const added = await add(wrong)
  expect(added.status, added.text).toBe(201)
  expect(added.body).toMatchObject({ sub: guest.sub, recoverability: 'synced' })
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  const back = await app.browser().signInWithPasskey(device)
  expect(back.body.sub, back.text).toBe(guest.sub)
})

test('a conditional passkey is no proof: what needs a recent proof is still refused', async () => {
  const app = await startApp()
  const { browser, device, add } = await guestAt(app)
  const { passkey } = (await add()).body
  const remove = () => browser.delete(`/guest/passkeys/${passkey.id}?force=true`)
  const [session] = (await browser.get('/guest/sessions')).body.sessions
  expect(session).toMatchObject({ current: true, auth_time: null })
  await expectRefusal(app, remove, 401, 'insufficient_user_authentication')
  expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
  expect((await remove()).status).toBe(204)
})

test('a conditional passkey made with a verified user is a proof', async () => {
  const app = await startApp()
  const { browser, add } = await guestAt(app)
  expect((await add({})).status).toBe(201)
  const [session] = (await browser.get('/guest/sessions')).body.sessions
  expect(session.auth_time).toBe(Math.floor(app.clock.now() / 1000))
})

test.each([...flags, ['a user verified but not present', { userPresent: false }] as const])(
  'an ordinary registration with %s is refused',
  async (_what, wrong) => {
    const app = await startApp(https)
    const { browser, device } = await guestAt(app)
    await askToRegister(browser, conditional) // a conditional challenge exists as well
    await expectRefusal(app, () => register(browser, device, wrong), 400, 'registration_failed')
    await expectRefusal(app, () => register(app.browser(), device, wrong), 400, 'registration_failed')
  },
)

test.each(flags)('an assertion with %s is refused, as a sign-in and as a step-up', async (_what, wrong) => {
  const app = await startApp(https)
  const { browser, device, add } = await guestAt(app)
  expect((await add()).status).toBe(201)
  for (const stepUp of [false, true]) {
    const options = await askToSignIn(browser, { stepUp })
    const send = async () => sendAssertion(browser, await device.get(options, wrong))
    await expectRefusal(app, send, 401, 'authentication_failed')
  }
  const { challenge } = await askToRegister((await guestAt(app)).browser, conditional)
  const send = async () =>
    sendAssertion(app.browser(), await device.get(await askToSignIn(app.browser()), { ...wrong, challenge }))
  await expectRefusal(app, send, 401, 'authentication_failed')
})

const stillWrong = Object.entries(wrongInBoth).filter(
  ([, wrong]) => wrong.userPresent === undefined && wrong.userVerified === undefined,
)
test.each(stillWrong)('a conditional registration with %s is refused', async (_what, wrong) => {
  const app = await startApp(https)
  const { add } = await guestAt(app)
  await expectRefusal(app, () => add({ ...nobody, ...wrong }), 400, 'registration_failed')
})

test('the options of a conditional registration are refused if nobody is signed in', async () => {
  const app = await startApp()
  const ask = () => app.browser().post('/guest/passkeys/register/options', conditional)
  await expectRefusal(app, ask, 401, 'not_signed_in')
})

test('a second conditional passkey needs a recent proof like any other', async () => {
  const app = await startApp()
  const { browser } = await keptGuest(app)
  app.clock.forward(301)
  const ask = () => browser.post('/guest/passkeys/register/options', conditional)
  await expectRefusal(app, ask, 401, 'insufficient_user_authentication')
})

test('a conditional registration sent again gives its guest the same passkey, and is refused for others', async () => {
  const app = await startApp()
  const { browser, device } = await guestAt(app)
  const proof = await device.create(await askToRegister(browser, conditional), nobody)
  const stolen = await guestAt(app)
  await expectRefusal(app, () => sendRegistration(stolen.browser, proof), 400, 'registration_failed')
  const before = copyOf(app, browser)
  const first = await sendRegistration(browser, proof)
  expect(first.status, first.text).toBe(201)
  for (const again of [browser, before]) {
    const repeated = await sendRegistration(again, proof)
    expect(repeated.status, repeated.text).toBe(200)
    expect(repeated.body.passkey.id).toBe(first.body.passkey.id)
  }
  expect(await app.rows()).toMatchObject({ passkeys: 1, sessions: 1 })
  const [session] = (await browser.get('/guest/sessions')).body.sessions
  expect(session.auth_time).toBeNull()
})

test('a request for options with a wrong or unknown member is refused', async () => {
  const app = await startApp()
  const { browser } = await guestAt(app)
  for (const body of [{ conditional: 'yes' }, { conditional: 1 }, { userVerification: 'discouraged' }]) {
    const ask = () => browser.post('/guest/passkeys/register/options', body)
    await expectRefusal(app, ask, 400, 'invalid_request')
  }
})
