// Continue as guest, and coming back with a passkey.

import { expect, test } from 'vitest'
import type { GuestEvents } from '../../../../server/index.ts'
import { sessionIdOf, startApp } from '../../../support/app.ts'
import { expectRefusal } from '../../../support/refusals.ts'

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

test.each(['on-demand', 'always'] as const)('a new guest is told of once, with keep: %s', async (keep) => {
  const app = await startApp({ keep })
  const told: GuestEvents['guest.signed_in'][] = []
  app.guests.on('guest.signed_in', (event) => told.push(event))
  const browser = app.browser()
  const { prompts: _, ...guest } = await browser.signIn()
  await browser.signIn()
  const { anonymous_id } = guest
  const session_id = await sessionIdOf(browser)
  expect(told).toEqual([{ anonymous_id, guest, session_id, method: 'anonymous' }])
  expect((await app.rows()).guests).toBe(keep === 'always' ? 1 : 0)
})

test('a guest who continues in another collection is refused: collection_unknown if there is none, or a mismatch', async () => {
  const app = await startApp({ collections: { users: {}, kiosks: {} } })
  const browser = app.browser()
  const guest = await browser.signIn()
  const signIn = (collection: string) => () => browser.post('/guest/sign-in', { collection })
  await expectRefusal(app, signIn('nobodys'), 400, 'collection_unknown')
  await expectRefusal(app, signIn('kiosks'), 409, 'collection_mismatch')
  expect((await signIn('users')()).body).toEqual(guest)
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
