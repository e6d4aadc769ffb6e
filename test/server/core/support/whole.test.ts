// One guest whole, as an operator sees it.

import { expect, test } from 'vitest'
import { z } from 'zod'
import { startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey } from '../../../support/device-keys.ts'
import { foldedIn, startMergingApp } from '../../../support/merging.ts'
import { promote, startPromotingApp } from '../../../support/promotion.ts'
import { newCodes } from '../../../support/recovery.ts'
import { anonymously, startTokenApp } from '../../../support/tokens.ts'

const profile = z.object({ nickname: z.string() })

test('is all that the guest itself gets by its export', async () => {
  const started = await startPromotingApp({ profile })
  const { app } = started
  await keptGuest(app) // somebody else
  const { browser, guest } = await keptGuest(app)
  await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
  expect((await promote(started, browser, 'ada@example.org')).status).toBe(200)
  expect((await addDeviceKey(browser, new DeviceKey('ES256'))).status).toBe(201)
  await newCodes(browser)
  const {
    guest: facts,
    exported_at,
    sessions,
    ...exported
  } = (await browser.get('/guest/account/export')).body
  const whole = (await app.guests.get(guest.sub))!
  expect(whole).toMatchObject({
    ...{ anonymous_id: guest.sub, stage: 'regular', label: guest.label, read_at: exported_at },
    ...{ created_at: facts.created_at, last_seen_at: facts.last_seen_at, days_seen: 1 },
    ...exported,
  })
  for (const kind of ['passkeys', 'device_keys', 'login_ids', 'audit'] as const)
    expect(whole[kind].length, kind).toBeGreaterThan(0)
  const [{ current: _, ...session }] = sessions
  expect(whole.sessions).toEqual([session])
})

test('has no secret: no token and no code signs in with what is there', async () => {
  const app = await startTokenApp()
  const { browser, guest } = await keptGuest(app)
  const codes = await newCodes(browser)
  const text = JSON.stringify(await app.guests.get(guest.sub))
  for (const secret of [
    ...browser.cookies.values(),
    ...codes,
    ...codes.map((code) => code.replaceAll('-', '')),
  ])
    expect(text).not.toContain(secret)
})

test('names merges of both sides by the tickets that undo them', async () => {
  const { app } = await startMergingApp()
  const { guest, browser } = await foldedIn(app)
  const into = (await browser.get('/guest/userinfo')).body
  const taken = (await app.guests.get(guest.sub))!
  const taker = (await app.guests.get(into.sub))!
  expect(taken.merges).toMatchObject([{ from: guest.sub, into: into.sub, status: 'merged' }])
  expect(taker.merges).toEqual(taken.merges)
  await app.guests.undoMerge(taken.merges[0]!.ticket)
  expect((await app.guests.get(guest.sub))!.merges).toMatchObject([{ status: 'undone' }])
})

test('has the device links that are open, and when the clean-up looks at the guest', async () => {
  const app = await startApp()
  const { browser, guest } = await keptGuest(app)
  const { body: link } = await browser.post('/guest/device-links')
  const whole = (await app.guests.get(guest.sub))!
  expect(whole.device_links).toMatchObject([{ id: link.id, status: 'waiting', result: null }])
  expect(whole.due_at).toBeLessThan(whole.expires_at!)
  app.clock.forward(24 * 60 * 60)
  expect((await app.guests.get(guest.sub))!.device_links).toEqual([])
})

test('of a guest who is not kept says so, and whether its session has ended', async () => {
  const app = await startTokenApp()
  const browser = app.browser()
  const { sub } = await browser.signIn()
  const nothing = {
    ...{ stage: 'unkept', sessions: [], passkeys: [], device_keys: [], login_ids: [], merges: [] },
    ...{ profile: null, audit: [], due_at: null },
  }
  expect(await app.guests.get(sub)).toMatchObject({ ...nothing, sealed_session_ended: false })
  await browser.post('/guest/sign-out', { force: true })
  expect(await app.guests.get(sub)).toMatchObject({ ...nothing, sealed_session_ended: true })
  await anonymously(app)
  expect(await app.rows()).toMatchObject({ guests: 0 })
})

test('is null for an id that nobody can have', async () => {
  const app = await startApp()
  for (const id of ['nobody', '', 'an\0id', '\ud800', 'x'.repeat(256)])
    expect(await app.guests.get(id)).toBeNull()
})
