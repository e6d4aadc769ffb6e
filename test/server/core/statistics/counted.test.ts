// What is counted: everything that happens to guests, whether or not they have a row. Each act counts once, in one counter.

import { randomBytes } from 'node:crypto'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Guest } from '../../../../server/index.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { authenticate, keptGuest } from '../../../support/ceremonies.ts'
import { guestWithKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { day, foldedIn, keepings, pass } from '../../../support/merging.ts'
import { promote, signInByCode, startPromotingApp } from '../../../support/promotion.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'
import { rowsOf } from '../../../support/tables.ts'
import { enter, later, open, start as startWithWayIn } from '../../../support/ways-in.ts'

/** What was counted until now, by counter and collection. */
async function counted(app: TestApp): Promise<Record<string, number>> {
  await app.guests.runChores()
  const sums: Record<string, number> = {}
  for (const { name, collection, counted } of await rowsOf(app.store, 'counters')) {
    const key = collection === 'users' || collection === '' ? String(name) : `${name} ${collection}`
    sums[key] = (sums[key] ?? 0) + Number(counted)
  }
  return sums
}

test('a guest without a row is created, and erased when it leaves', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  await browser.signIn() // is signed in already
  await app.browser().signIn()
  expect((await browser.delete('/guest/account')).status).toBe(204)
  expect(await counted(app)).toEqual({ created: 2, erased: 1 })
})

test('an anonymous sign-in writes nothing but the counters, and those only with the minute', async () => {
  const app = await startApp()
  await app.guests.runChores()
  const before = await app.rows()
  for (let i = 0; i < 20; i++) await app.browser().signIn()
  expect(await app.rows()).toEqual(before)
  await app.guests.runChores()
  const { counters, counting, ...others } = await app.rows()
  const { counters: _, counting: __, ...othersBefore } = before
  expect(others).toEqual(othersBefore)
  expect([counters, counting]).toEqual([1, before.counting! + 1])
  for (let i = 0; i < 20; i++) await app.browser().signIn()
  await app.guests.runChores()
  expect(await app.rows()).toMatchObject({ counters, counting })
})

test('a guest of the token endpoint is created in its collection', async () => {
  const app = await startApp({ collections: ['users', 'shop'] })
  const { status } = await supertest(app.server)
    .post('/guest/token')
    .send({
      ...{ grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous', client_id: 'guestkey' },
      collection: 'shop',
    })
  expect(status).toBe(200)
  expect(await counted(app)).toEqual({ 'created shop': 1 })
})

test('all nodes of a deployment count together, also one that started again', async () => {
  const secret = randomBytes(32).toString('base64')
  const first = await startApp({ secret })
  const again = () => startApp({ secret, store: first.store })
  const second = await again()
  for (const app of [first, second, second]) await app.browser().signIn()
  await second.close()
  const third = await again()
  await third.browser().signIn()
  await third.guests.runChores()
  expect(await counted(first)).toEqual({ created: 4 })
})

test('a stop writes what was counted', async () => {
  const app = await startApp()
  await app.browser().signIn()
  await app.close()
  expect((await rowsOf(app.store, 'counters')).map(({ name }) => name)).toEqual(['created'])
})

describe('a passkey', () => {
  test('keeps and saves a guest, the first one alone', async () => {
    const app = await startApp()
    const { browser } = await keptGuest(app)
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    expect(await counted(app)).toEqual({ created: 1, 'kept+saved': 1 })
  })

  test('that begins a guest counts as a new guest, who is kept and saved, and not as a sign-in', async () => {
    const app = await startApp()
    expect((await app.browser().addPasskey(app.device())).status).toBe(201)
    expect(await counted(app)).toEqual({ 'created+kept+saved': 1 })
  })

  test('saves a guest who was kept before', async () => {
    const app = await startApp()
    const browser = app.browser()
    await app.guests.keep((await browser.signIn()) as Guest)
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    expect(await counted(app)).toEqual({ created: 1, kept: 1, saved: 1 })
  })

  test('in a browser without a session of the guest is a return on another device', async () => {
    const app = await startApp()
    const { browser, device } = await keptGuest(app)
    const before = await counted(app)
    expect((await app.browser().signInWithPasskey(device)).status).toBe(200)
    const others = app.browser()
    await others.signIn()
    expect((await others.signInWithPasskey(device)).status).toBe(200)
    expect((await browser.signInWithPasskey(device)).status).toBe(200)
    expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
    expect(await counted(app)).toEqual({
      ...before,
      created: 2,
      'came_back.passkey': 2,
      'signed_in.passkey': 2,
    })
  })
})

test('a device key signs in where it is, so it is no return on another device', async () => {
  const app = await startApp()
  const { guest, key } = await guestWithKey(app)
  expect((await signInByDeviceKey(app.browser(), key, guest.sub)).status).toBe(200)
  expect(await counted(app)).toEqual({ created: 1, kept: 1, 'signed_in.device_key': 1 })
})

test('codes promote, and bring back', async () => {
  const book = await startPromotingApp()
  const { app } = book
  const browser = app.browser()
  await browser.signIn()
  expect((await promote(book, browser, 'ada@example.org')).status).toBe(200)
  expect((await signInByCode(book, app.browser(), 'ada@example.org')).status).toBe(200)
  expect(await counted(app)).toEqual({ created: 1, 'kept+promoted': 1, 'came_back.code': 1 })
})

test('a recovery code brings back', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const [code] = await newCodes(browser)
  expect((await useCode(app.browser(), code)).status).toBe(200)
  expect(await counted(app)).toEqual({ created: 1, kept: 1, 'came_back.recovery_code': 1 })
})

test('a way in brings back', async () => {
  const { app, owner } = await startWithWayIn()
  const { guest } = await keptGuest(app)
  const code = await open(owner, guest)
  await later(app, day, owner)
  const before = await counted(app)
  expect((await enter(app.browser(), app.device(), code)).status).toBe(200)
  expect(await counted(app)).toEqual({ ...before, 'came_back.way_in': 1 })
})

test('the host keeps, signs in and erases', async () => {
  const app = await startApp({}, (host, guests) => {
    host.post('/enter/:id', async (req, res) => {
      await guests.signInAs(req, res, req.params.id)
      res.end()
    })
  })
  const guest = await app.browser().signIn()
  await app.guests.keep(guest.sub)
  expect((await app.browser().post(`/enter/${guest.sub}`)).status).toBe(200)
  expect(await app.guests.erase(guest.sub)).toBe(true)
  expect(await app.guests.erase(guest.sub)).toBe(false)
  expect(await counted(app)).toEqual({ created: 1, kept: 1, 'signed_in.host': 1, erased: 1 })
})

test('a guest who is kept at once is created and kept by one act', async () => {
  const app = await startApp({ keep: 'always' })
  const browser = app.browser()
  await browser.signIn()
  expect((await browser.addPasskey(app.device())).status).toBe(201)
  expect(await counted(app)).toEqual({ 'created+kept': 1, saved: 1 })
})

describe('a guest who expired', () => {
  async function expired() {
    const retention = { passkey: day, warnSeconds: 60, graceSeconds: 4 * day }
    const app = await startApp({ collections: { users: {}, shop: { retention } } })
    const [browser, device] = [app.browser(), app.device({ synced: false })]
    const guest = (await browser.post('/guest/sign-in', { collection: 'shop' })).body
    expect((await browser.addPasskey(device)).status).toBe(201)
    for (let i = 0; i < 3; i++) await pass(app, day)
    expect(await counted(app)).toMatchObject({ 'expired shop': 1 })
    return { app, device, id: guest.anonymous_id as string }
  }
  const isThere = async (app: TestApp) => (await rowsOf(app.store, 'guests')).length > 0

  test('does not count again when the clean-up erases it', async () => {
    const { app } = await expired()
    for (let i = 0; i < 6; i++) await pass(app, day)
    expect(await isThere(app)).toBe(false)
    expect(await counted(app)).not.toHaveProperty('erased shop')
  })

  test('does not count again when the host erases it', async () => {
    const { app, id } = await expired()
    expect(await app.guests.erase(id)).toBe(true)
    expect(await counted(app)).not.toHaveProperty('erased shop')
  })

  test('and came back counts as erased when it leaves', async () => {
    const { app, device } = await expired()
    const browser = app.browser()
    expect((await browser.signInWithPasskey(device)).status).toBe(200)
    expect((await browser.delete('/guest/account')).status).toBe(204)
    expect(await isThere(app)).toBe(false)
    expect(await counted(app)).toMatchObject({
      'expired shop': 1,
      'came_back.passkey shop': 1,
      'erased shop': 1,
    })
  })
})

test('a guest who was merged is not counted when it is erased, because the sign-in was', async () => {
  const app = await startApp({ merge: { onMerge: () => {} } })
  await foldedIn(app, keepings['kept by the host'])
  const before = await counted(app)
  const guests = (await rowsOf(app.store, 'guests')).length
  for (let i = 0; i < 40; i++) await pass(app, day)
  expect((await rowsOf(app.store, 'guests')).length).toBe(guests - 1)
  expect((await counted(app)).erased).toBe(before.erased)
})

describe('a refusal', () => {
  test('is counted by its code, whether an endpoint or a guard refuses', async () => {
    const app = await startApp({}, (host, guests) => {
      host.get('/mine', guests.requireGuest(), (_req, res) => void res.end())
    })
    expect((await app.browser().get('/guest/userinfo')).status).toBe(401)
    expect((await app.browser().get('/mine')).status).toBe(401)
    const { device } = await keptGuest(app)
    expect((await authenticate(app.browser(), device, { badSignature: 'wrong' })).status).toBe(401)
    expect(await counted(app)).toMatchObject({
      'refused.not_signed_in': 2,
      'refused.authentication_failed': 1,
    })
  })

  test('of an operator is not among those of guests', async () => {
    const app = await startApp({ operators: {} })
    expect((await app.browser().get('/guest/admin/me')).status).toBe(401)
    expect(await counted(app)).toEqual({})
  })
})
