// A device that is signed out from elsewhere does not come back by its key, unasked.

import { describe, expect, test } from 'vitest'
import { type Browser, startApp, type TestApp } from '../support/app.ts'
import { DeviceKey } from '../support/device-key.ts'
import { addDeviceKey, guestWithKey, signInByDeviceKey } from '../support/device-keys.ts'
import { newCodes } from '../support/recovery.ts'

/** A guest in two browsers, each with a key of its own. */
async function onTwoDevices(app: TestApp) {
  const { browser: phone, guest, key: phoneKey } = await guestWithKey(app)
  const laptop = app.browser()
  expect((await signInByDeviceKey(laptop, phoneKey, guest.sub)).status).toBe(200)
  const laptopKey = new DeviceKey('ES256')
  expect((await addDeviceKey(laptop, laptopKey)).status).toBe(201)
  // The key of the phone has moved to where it was used last; it is used there again.
  await phone.post('/guest/sign-out')
  expect((await signInByDeviceKey(phone, phoneKey, guest.sub)).status).toBe(200)
  return { phone, phoneKey, laptop, laptopKey, guest }
}

const comesBack = async (app: TestApp, key: DeviceKey, sub: string): Promise<boolean> =>
  (await signInByDeviceKey(app.browser(), key, sub)).status === 200

const sessionOf = async (browser: Browser): Promise<string> =>
  (await browser.get('/guest/sessions')).body.sessions.find((one: { current: boolean }) => one.current).id

describe('a device key', () => {
  test('is revoked with the session of its device, which somebody else ends', async () => {
    const app = await startApp()
    const { phone, phoneKey, laptop, laptopKey, guest } = await onTwoDevices(app)
    const removed: string[] = []
    app.guests.on('device_key.removed', ({ device_key_id }) => removed.push(device_key_id))
    expect((await phone.delete(`/guest/sessions/${await sessionOf(laptop)}`)).status).toBe(204)
    expect(await comesBack(app, laptopKey, guest.sub)).toBe(false)
    expect(await comesBack(app, phoneKey, guest.sub)).toBe(true)
    expect(removed).toEqual([laptopKey.id])
    const trail = await app.guests.auditTrail({ anonymous_id: guest.sub })
    expect(trail.filter(({ action }) => action === 'device_key.removed')).toHaveLength(1)
    expect((await phone.delete('/guest/sessions/AAAA')).status).toBe(404)
  })

  test('is revoked with all others, of devices whose session is over too', async () => {
    const app = await startApp()
    const { phone, phoneKey, laptop, laptopKey, guest } = await onTwoDevices(app)
    await laptop.post('/guest/sign-out')
    expect((await phone.delete('/guest/sessions')).body).toEqual({ ended: 0 })
    expect(await comesBack(app, laptopKey, guest.sub)).toBe(false)
    expect(await comesBack(app, phoneKey, guest.sub)).toBe(true)
  })

  test('is revoked by signing out everywhere, which must be meant where nothing else is left', async () => {
    const app = await startApp()
    const { phone, phoneKey, laptopKey, guest } = await onTwoDevices(app)
    const refused = await phone.post('/guest/sign-out', { everywhere: true })
    expect([refused.status, refused.body.code]).toEqual([409, 'would_lose_account'])
    expect(await comesBack(app, laptopKey, guest.sub)).toBe(true)
    await newCodes(phone)
    expect((await phone.post('/guest/sign-out', { everywhere: true })).status).toBe(204)
    for (const key of [phoneKey, laptopKey]) expect(await comesBack(app, key, guest.sub)).toBe(false)
  })

  test('stays with its device through signing out there, a first passkey and a step-up', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const device = app.device()
    expect((await browser.addPasskey(device)).status).toBe(201)
    expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
    expect((await browser.delete('/guest/sessions')).body).toEqual({ ended: 0 })
    await browser.post('/guest/sign-out')
    expect(await comesBack(app, key, guest.sub)).toBe(true)
  })
})
