// An event is emitted once: listeners hear what was written for the webhooks, if and only if it was written. Each event says
// which guest it is about.

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventNames } from '../../../../server/core/events/events.ts'
import type { GuestEvents, Options } from '../../../../server/index.ts'
import { webhookEvents } from '../../../../server/options/webhooks.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { authenticate, keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey, guestWithKey } from '../../../support/device-keys.ts'
import { day, foldedIn, hour, merged, pass, rowsOf, signedIn } from '../../../support/merging.ts'
import { admin, join, prove, type TestOperator, why } from '../../../support/operators.ts'
import { readPage, rowsIn } from '../../../support/pages.ts'
import { promote, startPromotingApp } from '../../../support/promotion.ts'
import { startReceiver } from '../../../support/receiver.ts'
import { guestWithCodes, newCodes, useCode } from '../../../support/recovery.ts'
import { granted, refresh, signInAs } from '../../../support/tokens.ts'
import { approve, enter, open } from '../../../support/ways-in.ts'

type Said = { type: string; data: { [field: string]: unknown; guest?: { anonymous_id: string } } }

/** An app that tells everything to a receiver and to listeners. `heard`: what listeners heard; `both`: of it, what webhooks are told too. */
async function startToldApp(options: Partial<Options> = {}) {
  const receiver = await startReceiver()
  const { url, secret } = receiver
  const promoting = await startPromotingApp({
    profile: z.object({ nickname: z.string(), age: z.number() }),
    webhooks: [{ url, secret }],
    clients: [{ id: 'spa' }],
    retention: { passkey: 100 * day, warnSeconds: 10 * day, graceSeconds: 30 * day },
    operators: { wayIn: {} },
    ...options,
  })
  const heard: Said[] = []
  for (const type of eventNames)
    promoting.app.guests.on(type, (data: GuestEvents[typeof type]) => void heard.push({ type, data }))
  const sent = () => receiver.sent.map(({ payload: { type, data } }): Said => ({ type, data }))
  const both = () => heard.filter(({ type }) => (webhookEvents as readonly string[]).includes(type))
  return { ...promoting, heard, both, sent }
}

/** Whatever the order was: each receiver gets many at once. */
const sorted = (said: Said[]) => said.map((one) => JSON.stringify(one)).toSorted()

const expectStatus = async (answer: Promise<{ status: number; text: string }>, status: number) => {
  const given = await answer
  expect(given.status, given.text).toBe(status)
}

/** A second browser of the guest, let in by a device link. */
async function linked(app: TestApp, browser: Browser): Promise<Browser> {
  const laptop = app.browser()
  const { id, link } = (await browser.post('/guest/device-links')).body
  const device = { platform: 'Android', browser: 'Chrome' }
  const { secret } = (await laptop.post('/guest/device-links/open', { link, device })).body
  await expectStatus(browser.patch(`/guest/device-links/${id}`, { approve: true }), 200)
  await expectStatus(laptop.post('/guest/device-links/claim', { secret }), 200)
  return laptop
}

const profileOf = (browser: Browser, attributes: object) => browser.patch('/guest/profile', { attributes })

/** The fields in the table of events, by the names of the events. One that can be missing ends with a question mark. */
const fieldsInPage = new Map(
  rowsIn(readPage('server/README.md'))
    .filter(([name]) => eventNames.some((one) => name === `\`${one}\``))
    .map(([name, fields]) => [name!.replaceAll('`', ''), fields!.match(/\w+\??/g)!]),
)

test('listeners hear of every event exactly what is written for the webhooks, and which guest it is about', async () => {
  const told = await startToldApp()
  const { app } = told
  const [owner, approver] = [await join(app, 'owner'), await join(app, 'owner', 'other')]

  // A guest of many devices, whose keys go with the first passkey and the first address.
  const { browser, guest } = await guestWithKey(app)
  const laptop = await linked(app, browser)
  await expectStatus(addDeviceKey(laptop, new DeviceKey('ES256')), 201)
  await expectStatus(addDeviceKey(await linked(app, browser), new DeviceKey('ES256')), 201)
  await expectStatus(browser.delete('/guest/sessions'), 200)
  await expectStatus(browser.addPasskey(app.device()), 201)
  const second = await browser.addPasskey(app.device())
  await expectStatus(browser.delete(`/guest/passkeys/${second.body.passkey.id}`), 204)
  const { body: key } = await addDeviceKey(browser, new DeviceKey('ES256'))
  await expectStatus(browser.delete(`/guest/device-keys/${key.device_key.id}`), 204)
  await expectStatus(addDeviceKey(browser, new DeviceKey('ES256')), 201)
  await newCodes(browser)
  await expectStatus(browser.delete('/guest/recovery-codes'), 204)
  await expectStatus(profileOf(browser, { nickname: 'Fox', age: 7 }), 200)
  await expectStatus(profileOf(browser, { nickname: 'Hen', age: 7 }), 200)
  await expectStatus(browser.patch('/guest/label', { label: 'blue-hen-1' }), 200)
  await expectStatus(promote(told, browser, 'ada@example.org'), 200)
  await expectStatus(promote(told, browser, 'bob@example.org'), 200)
  const bob = { type: 'email', value: 'bob@example.org' }
  await expectStatus(browser.delete('/guest/login-ids', bob), 204)

  // Guests who are kept in other ways, and leave.
  const [one, other, third] = [app.browser(), app.browser(), app.browser()]
  await one.signIn()
  await expectStatus(profileOf(one, { nickname: 'Elk' }), 200)
  await app.guests.keep((await other.signIn()).sub)
  await third.post('/guest/sign-in')
  await expectStatus(promote(told, third, 'eve@example.org'), 200)
  await expectStatus(third.post('/guest/promotion/undo', { force: true }), 200)
  await app.guests.runChores() // an erasure deletes what was not sent yet
  await expectStatus(one.delete('/guest/account'), 204)
  expect(await app.guests.erase((await other.get('/guest/userinfo')).body.sub)).toBe(true)

  // A guest with nothing but codes uses one, and another guest's browser is taken over.
  const { guest: coded, codes } = await guestWithCodes(app)
  await signedIn(useCode(app.browser(), codes[0]), coded.sub)
  await signedIn(useCode((await foldedIn(app)).browser, codes[1]!), coded.sub)

  // A guest whom the operator disables and enables.
  const { guest: stopped } = await keptGuest(app)
  await app.guests.disable(stopped.sub)
  expect(await app.guests.enable(stopped.sub)).toBe(true)

  await app.guests.settings.set({ codes: true })

  // Merges, one of them undone, and a guest who comes back in the last moment.
  const union = await merged(app)
  await expectStatus(union.browser.post('/guest/merge/undo', { ticket: union.ticket }), 200)
  const away = await keptGuest(app)
  await pass(app, 90 * day + hour)
  await pass(app, 11 * day)
  await signedIn(app.browser().signInWithPasskey(away.device), away.guest.sub)

  // What operators do for a guest: a later expiry, and ways in, one of which is used.
  const { browser: lost, guest: loser } = await keptGuest(app)
  for (const { browser, device } of [owner, approver]) await expectStatus(prove(browser, device), 200)
  const act = (by: TestOperator, path: string, body = {}) =>
    by.browser.post(`${admin}/guests/${loser.sub}/${path}`, { ...why, ...body })
  await expectStatus(act(owner, 'extend', { expires_at: loser.expires_at! + 1000 * day }), 204)
  await expectStatus(act(owner, 'way-in'), 201)
  await expectStatus(lost.delete('/guest/way-in'), 204)
  const code = await open(owner, loser)
  await expectStatus(approve(approver, loser), 204)
  app.clock.forward(day + hour)
  await expectStatus(enter(app.browser(), app.device(), code), 200)

  // What only listeners hear of.
  const cloned = await keptGuest(app, { counter: 'increasing' })
  await expectStatus(authenticate(app.browser(), cloned.device, { signCount: 5 }), 200)
  await expectStatus(authenticate(app.browser(), cloned.device, { signCount: 4 }), 401)
  const synced = await keptGuest(app, { synced: true })
  const changed = { backupEligible: false, backupState: false }
  await expectStatus(authenticate(app.browser(), synced.device, changed), 401)
  await expectStatus(synced.browser.post('/guest/sign-out'), 204)
  const { refresh_token } = (await signInAs(app, (await keptGuest(app)).device, 'spa')).body.tokens
  await granted(refresh(app, refresh_token))
  app.clock.forward(hour)
  await expectStatus(refresh(app, refresh_token), 400)

  await app.guests.runChores()
  expect(new Set(told.heard.map(({ type }) => type))).toEqual(new Set(eventNames))
  expect(sorted(told.sent())).toEqual(sorted(told.both()))
  for (const { type, data } of told.heard) {
    if (type === 'setting.changed') expect(data).not.toHaveProperty('anonymous_id')
    else expect(data.anonymous_id, type).toMatch(/^[\w-]{22}$/)
    if (data.guest) expect(data.guest.anonymous_id, type).toBe(data.anonymous_id)
    const fields = fieldsInPage.get(type)!
    const missing = fields.filter((name) => !name.endsWith('?') && !(name in data))
    const unknown = Object.keys(data).filter((name) => !fields.includes(name) && !fields.includes(`${name}?`))
    expect([...missing, ...unknown], type).toEqual([])
  }
  const trail = await app.guests.auditTrail({ limit: 1000 })
  // What operators do among themselves is in the trail alone.
  for (const { action, anonymous_id } of trail.filter(
    ({ outcome, action }) => outcome === 'done' && !action.startsWith('operator.'),
  ))
    expect(
      told.heard.some(({ type, data }) => type === action && data.anonymous_id === anonymous_id),
      action,
    ).toBe(true)
  expect(told.heard).toContainEqual({
    type: 'profile.changed',
    data: { anonymous_id: guest.sub, attributes: ['nickname'] },
  })
  expect(await rowsOf(app, 'outbox')).toEqual([])
})

describe('listeners hear of nothing', () => {
  test('if a write is refused or changes nothing', async () => {
    const told = await startToldApp()
    const { app } = told
    const { browser, passkeyId } = await keptGuest(app)
    const { browser: keyed, key, guest } = await guestWithKey(app)
    const keyId = (await keyed.get('/guest/device-keys')).body.device_keys[0].id
    await expectStatus(profileOf(browser, { nickname: 'Fox' }), 200)
    await app.guests.runChores()
    const before = sorted(told.heard)
    expect(sorted(told.sent())).toEqual(sorted(told.both()))

    await expectStatus(profileOf(browser, { nickname: 'Fox' }), 200) // the same value
    await expectStatus(profileOf(browser, { nickname: 'x'.repeat(100_000) }), 413)
    await expectStatus(browser.delete(`/guest/passkeys/${passkeyId}`), 409)
    await expectStatus(browser.delete('/guest/sessions'), 200) // there are no others
    await expectStatus(keyed.delete(`/guest/device-keys/${keyId}`), 409)
    await expectStatus(keyed.post('/guest/sign-out', { everywhere: true }), 409)
    await expectStatus(keyed.delete('/guest/sessions/another'), 404)
    await expectStatus(addDeviceKey(keyed, key), 200) // the guest has it already
    await expectStatus(browser.delete('/guest/recovery-codes'), 204) // there are none
    await expectStatus(useCode(app.browser(), 'ABCD-ABCD-ABCD-ABCD'), 401)
    expect(await app.guests.keep(guest.sub)).toBe(false)
    await app.guests.runChores()
    expect(sorted(told.heard)).toEqual(before)
    expect(sorted(told.sent())).toEqual(sorted(told.both()))
  })
})

test('on() refuses an event that does not exist, and says which one was meant', async () => {
  const { guests } = await startApp()
  expect(() => guests.on('guest.deleted' as never, () => {})).toThrow(TypeError)
  expect(() => guests.on('guest.keptt' as never, () => {})).toThrow(
    'on: unknown event guest.keptt: did you mean guest.kept?',
  )
})
