// A device whose session was ended from another device does not come back by its device key.

import { describe, expect, test } from 'vitest'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { askToRegister, copyOf, keptGuest, sendRegistration } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import {
  addDeviceKey,
  askForChallenge,
  guestWithKey,
  sendAssertion,
  sendProof,
  signInByDeviceKey,
} from '../../../support/device-keys.ts'
import { promote, startPromotingApp } from '../../../support/promotion.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'
import { inRounds } from '../../../support/rounds.ts'

/** A guest in two browsers, each with its own device key. */
async function onTwoDevices(app: TestApp) {
  const { browser: phone, guest, key: phoneKey } = await guestWithKey(app)
  const [code] = await newCodes(phone)
  const laptop = app.browser()
  expect((await useCode(laptop, code)).status).toBe(200)
  expect((await phone.delete('/guest/recovery-codes')).status).toBe(204)
  const laptopKey = new DeviceKey('ES256')
  expect((await addDeviceKey(laptop, laptopKey)).status).toBe(201)
  return { phone, phoneKey, laptop, laptopKey, guest }
}

const comesBack = async (app: TestApp, key: DeviceKey, sub: string): Promise<boolean> =>
  (await signInByDeviceKey(app.browser(), key, sub)).status === 200

const sessionOf = async (browser: Browser): Promise<string> =>
  (await browser.get('/guest/sessions')).body.sessions.find((one: { current: boolean }) => one.current).id

/** A host that knows by itself whose address it is. */
const promotesByHost: Parameters<typeof startApp>[1] = (host, guests) => {
  host.post('/promote/:name', (req, res, next) => {
    const loginId = { type: 'email', value: `${req.params.name}@example.org` } as const
    guests.promote(req, { loginId, verified: true }).then(() => res.json({}), next)
  })
}

describe('a device key', () => {
  test('is revoked when another device ends the session of its device', async () => {
    const app = await startApp()
    const { phone, phoneKey, laptop, laptopKey, guest } = await onTwoDevices(app)
    const removed: string[] = []
    app.guests.on('device_key.removed', ({ device_key_id }) => removed.push(device_key_id))
    const ended = await sessionOf(laptop)
    expect((await phone.delete(`/guest/sessions/${ended}`)).status).toBe(204)
    expect((await phone.delete('/guest/sessions/AAAA')).status).toBe(404)
    expect(await comesBack(app, laptopKey, guest.sub)).toBe(false)
    expect(await comesBack(app, phoneKey, guest.sub)).toBe(true)
    expect(removed).toEqual([laptopKey.id])
    const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(trail.filter(({ action }) => action === 'device_key.removed')).toMatchObject([
      { session_id: ended },
    ])
  })

  test('is revoked when another device ends all other sessions, even if its own session had ended before', async () => {
    const app = await startApp()
    const { phone, phoneKey, laptop, laptopKey, guest } = await onTwoDevices(app)
    await laptop.post('/guest/sign-out')
    expect((await phone.delete('/guest/sessions')).body).toEqual({ ended: 0 })
    expect(await comesBack(app, laptopKey, guest.sub)).toBe(false)
    const trail = await app.guests.auditTrail({ anonymous_id: guest.sub })
    const lines = trail.filter(({ action }) => action === 'device_key.removed')
    expect(lines, 'the line names the session that asked').toMatchObject([
      { session_id: await sessionOf(phone) },
    ])
    expect(await comesBack(app, phoneKey, guest.sub)).toBe(true)
  })

  test('is revoked by signing out everywhere, which is refused if the guest has no other way back', async () => {
    const app = await startApp()
    const { phone, phoneKey, laptopKey, guest } = await onTwoDevices(app)
    const refused = await phone.post('/guest/sign-out', { everywhere: true })
    expect([refused.status, refused.body.code]).toEqual([409, 'would_lose_account'])
    expect(await comesBack(app, laptopKey, guest.sub)).toBe(true)
    await newCodes(phone)
    expect((await phone.post('/guest/sign-out', { everywhere: true })).status).toBe(204)
    for (const key of [phoneKey, laptopKey]) expect(await comesBack(app, key, guest.sub)).toBe(false)
  })

  test('is revoked when another device adds the first passkey, and when it promotes the guest', async () => {
    for (const protect of ['passkey', 'login ID']) {
      const { app, ...book } = await startPromotingApp()
      const { phone, phoneKey, laptopKey, guest } = await onTwoDevices(app)
      const done =
        protect === 'passkey'
          ? await phone.addPasskey(app.device())
          : await promote(book, phone, 'ada@example.org')
      expect(done.status, done.text).toBeLessThan(300)
      expect(await comesBack(app, laptopKey, guest.sub), protect).toBe(false)
      // A copy of that device's session could have added this one: it has to prove itself anew.
      expect(await comesBack(app, phoneKey, guest.sub), protect).toBe(false)
      const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
      expect(trail.filter(({ action }) => action === 'device_key.removed')).toHaveLength(2)
      expect((await addDeviceKey(phone, phoneKey)).status).toBe(201)
      expect(await comesBack(app, phoneKey, guest.sub), protect).toBe(true)
    }
  })

  test('that a copied session added is revoked by the first passkey and the first login ID made in that session', async () => {
    for (const protect of ['passkey', 'login ID', 'the host']) {
      const { app, ...book } = await startPromotingApp({}, promotesByHost)
      const browser = app.browser()
      const guest = await browser.signIn()
      const thief = copyOf(app, browser)
      const stolen = new DeviceKey('ES256')
      expect((await addDeviceKey(thief, stolen)).status).toBe(201)
      const removed: string[] = []
      app.guests.on('device_key.removed', ({ device_key_id }) => removed.push(device_key_id))
      const done =
        protect === 'passkey'
          ? await browser.addPasskey(app.device())
          : protect === 'login ID'
            ? await promote(book, browser, 'ada@example.org')
            : await browser.post('/promote/ada')
      expect(done.status, done.text).toBeLessThan(300)
      expect((await thief.get('/guest/userinfo')).status, protect).toBe(401)
      // What the answer says of the guest holds afterwards too.
      const { recoverability } = (await browser.get('/guest/userinfo')).body
      expect(recoverability).toBe(protect === 'passkey' ? 'passkey' : 'none')
      if (protect !== 'the host') expect(done.body.recoverability).toBe(recoverability)
      expect(await comesBack(app, stolen, guest.sub), protect).toBe(false)
      expect(removed).toEqual([stolen.id])
      expect((await browser.get('/guest/device-keys')).body).toEqual({ device_keys: [] })
      // Another one of the thief's is not added by what the thief still has.
      expect((await thief.post('/guest/device-keys/challenge', { purpose: 'register' })).status).toBe(401)
    }
  })

  test('that is added, or signs in, in the moment of a first passkey or login ID is gone after it', async () => {
    const app = await startApp({}, promotesByHost)
    await inRounds(40, async (round) => {
      const browser = app.browser()
      const guest = await browser.signIn()
      const thief = copyOf(app, browser)
      const stolen = new DeviceKey('ES256')
      const isThere = round % 4 < 2
      if (isThere) expect((await addDeviceKey(thief, stolen)).status).toBe(201)
      const proof = isThere
        ? stolen.assertion(await askForChallenge(app.browser(), 'sign_in', guest.sub))
        : stolen.registration(await askForChallenge(thief, 'register', guest.sub))
      const came = app.browser()
      const steal = () => (isThere ? sendAssertion(came, proof) : sendProof(thief, proof))
      const registration = await app.device().create(await askToRegister(browser))
      const [done] = await Promise.all([
        round % 2 ? sendRegistration(browser, registration) : browser.post(`/promote/${round}`),
        steal(),
      ])
      expect(done.status, done.text).toBeLessThan(300)
      expect(await comesBack(app, stolen, guest.sub)).toBe(false)
      expect((await came.get('/guest/userinfo')).status).toBe(401)
      expect((await browser.get('/guest/device-keys')).body).toEqual({ device_keys: [] })
    })
  })

  test('has one session at a time: each sign-in by it ends the one that it began before', async () => {
    const app = await startApp({ sessions: { max: 3 } })
    const { browser, guest, key } = await guestWithKey(app)
    let last = app.browser()
    expect((await signInByDeviceKey(last, key, guest.sub)).status).toBe(200)
    for (let i = 0; i < 5; i++) {
      const next = app.browser()
      expect((await signInByDeviceKey(next, key, guest.sub)).status).toBe(200)
      expect((await last.get('/guest/userinfo')).status).toBe(401)
      last = next
    }
    expect((await browser.get('/guest/sessions')).body.sessions).toHaveLength(2)
  })

  test('that signs in, or is added, while its guest signs out everywhere does not work afterwards', async () => {
    const app = await startApp()
    await inRounds(200, async (round) => {
      const { browser, guest, key } = await guestWithKey(app)
      const other = round % 2 ? app.browser() : copyOf(app, browser)
      const added = new DeviceKey('ES256')
      const meet =
        round % 2
          ? sendAssertion(other, key.assertion(await askForChallenge(other, 'sign_in', guest.sub)))
          : sendProof(other, added.registration(await askForChallenge(other, 'register', guest.sub)))
      const everywhere = { everywhere: true, force: true }
      const [out] = await Promise.all([browser.post('/guest/sign-out', everywhere), meet])
      // The sign-in by the key may have ended the session that asks to sign out.
      if (out.status === 401) return
      expect(out.status).toBe(204)
      expect((await other.get('/guest/userinfo')).status).toBe(401)
      expect(await comesBack(app, round % 2 ? key : added, guest.sub)).toBe(false)
    })
  })

  test('stays with its device through signing out there, a further passkey and a step-up', async () => {
    const app = await startApp()
    const { browser, device, guest } = await keptGuest(app)
    const key = new DeviceKey('ES256')
    expect((await addDeviceKey(browser, key)).status).toBe(201)
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
    expect((await browser.delete('/guest/sessions')).body).toEqual({ ended: 0 })
    await browser.post('/guest/sign-out')
    expect(await comesBack(app, key, guest.sub)).toBe(true)
  })
})
