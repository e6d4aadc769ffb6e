// Continue as guest, and coming back with a passkey.

import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'

test('a visitor continues as guest, has an id at once, and adds no row to the store', async () => {
  const app = await startApp()
  const before = await app.rows()
  const browser = app.browser()
  const guest = await browser.signIn()
  expect(guest).toMatchObject({
    isAnonymous: true,
    isVerified: false,
    recoverability: 'none',
    collection: 'users',
  })
  expect(guest.sub).toBe(guest.anonymous_id)
  expect(Buffer.from(guest.anonymous_id, 'base64url')).toHaveLength(16)
  expect((await browser.get('/guest/userinfo')).body).toEqual(guest)
  expect(await app.rows()).toEqual(before)
})

test('a guest adds a passkey, and signs in with it on another device', async () => {
  const app = await startApp()
  const [phone, laptop] = [app.browser(), app.browser()]
  const device = app.device({ synced: true })
  const guest = await phone.signIn()
  const added = await phone.addPasskey(device)
  expect(added.status, added.text).toBe(201)
  expect(added.body).toMatchObject({ sub: guest.sub, recoverability: 'synced', passkey: { backed_up: true } })
  const back = await laptop.signInWithPasskey(device.copy())
  expect(back.status, back.text).toBe(200)
  expect(back.body.sub).toBe(guest.sub)
  expect((await phone.get('/guest/userinfo')).body.sub).toBe(guest.sub)
})
