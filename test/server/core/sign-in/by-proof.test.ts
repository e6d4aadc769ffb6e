// Signing in a kept guest: what each proof makes of the new session, and what is told of it.

import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import type { GuestEvents } from '../../../../server/index.ts'
import { type Browser, sessionIdOf, startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { asPrevious } from '../../../support/merging.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'

/** A guest with a passkey, a device key and recovery codes, and each way to sign it in elsewhere. */
async function startWithEverything() {
  const app = await startApp({}, (host, guests) => {
    host.post('/enter/:id', (req, res, next) => {
      guests.signInAs(req, res, req.params.id).then(({ guest }) => res.json(guest), next)
    })
  })
  const told: [string, object][] = []
  for (const name of ['guest.signed_in', 'guest.restored'] as const)
    app.guests.on(name, (event: GuestEvents[typeof name]) => void told.push([name, event]))
  const kept = await keptGuest(app)
  const { browser: home, device, guest } = kept
  const key = new DeviceKey('ES256')
  expect((await addDeviceKey(home, key)).status).toBe(201)
  const codes = await newCodes(home)
  const ways: Record<string, (browser: Browser) => Promise<Response>> = {
    passkey: (browser) => browser.signInWithPasskey(device),
    device_key: (browser) => signInByDeviceKey(browser, key, guest.sub),
    recovery_code: (browser) => useCode(browser, codes.shift()!),
    host: (browser) => browser.post(`/enter/${guest.sub}`),
  }
  return { app, told, ...kept, ways }
}

/** The session of the browser, as the list shows it. */
const sessionOf = async (browser: Browser): Promise<{ id: string; auth_time: number | null }> =>
  (await browser.get('/guest/sessions')).body.sessions.find(({ current }: { current: boolean }) => current)

test.each(['passkey', 'device_key', 'recovery_code', 'host'])(
  'a sign-in by %s is told of, and its session is proven only by a passkey',
  async (method) => {
    const { app, told, guest, ways } = await startWithEverything()
    told.length = 0
    const browser = app.browser()
    const answer = await ways[method]!(browser)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).not.toHaveProperty('previous')
    expect(answer.body.recovery_codes_left).toBe(method === 'recovery_code' ? 9 : undefined)
    const { id, auth_time } = await sessionOf(browser)
    expect(auth_time).toBe(method === 'passkey' ? Math.floor(app.clock.now() / 1000) : null)
    const { prompts: _, ...now } = (await browser.get('/guest/userinfo')).body
    const event = { anonymous_id: guest.sub, guest: now, session_id: id, method }
    expect(told).toEqual([['guest.signed_in', event]])
    const lines = await app.guests.auditTrail({ anonymous_id: guest.sub })
    const ofSession = lines.filter(({ session_id }) => session_id === id)
    expect(ofSession.map(({ action }) => action)).toContain('guest.signed_in')
  },
)

test.each([
  ['recovery_code', 599, 200],
  ['recovery_code', 600, 401],
  ['device_key', 0, 401],
  ['host', 0, 401],
  ['passkey', 0, 200],
])(
  'a sign-in by %s, %i seconds ago: the request to add a passkey gets %i',
  async (method, seconds, status) => {
    const { app, ways } = await startWithEverything()
    const browser = app.browser()
    expect((await ways[method]!(browser)).status).toBe(200)
    app.clock.forward(seconds)
    expect((await browser.post('/guest/passkeys/register/options')).status).toBe(status)
  },
)

test('the guest who was signed in before is named, and that session ends', async () => {
  const { app, told, ways } = await startWithEverything()
  const other = await keptGuest(app)
  const { body: before } = await other.browser.get('/guest/userinfo')
  const left = await sessionIdOf(other.browser)
  const ended: string[] = []
  app.guests.on('session.ended', ({ session_id, reason }) => ended.push(`${session_id} ${reason}`))
  told.length = 0
  const { body } = await ways.host!(other.browser)
  expect(body.sub).not.toBe(before.sub)
  expect(told).toMatchObject([['guest.signed_in', { method: 'host', previous: asPrevious(before) }]])
  expect(ended).toEqual([`${left} replaced`])
  told.length = 0
  await ways.device_key!(other.browser) // the same guest again
  expect(told[0]![1]).not.toHaveProperty('previous')
})

test('a guest who had expired is told of as restored, once', async () => {
  const day = 24 * 60 * 60
  const { app, told, guest, ways } = await startWithEverything()
  for (const seconds of [731 * day, 15 * day]) {
    app.clock.forward(seconds)
    await app.guests.sweep()
  }
  told.length = 0
  const browser = app.browser()
  expect((await ways.passkey!(browser)).status).toBe(200)
  const { prompts: _, ...now } = (await browser.get('/guest/userinfo')).body
  expect(now.sub).toBe(guest.sub)
  expect(told.map(([name]) => name).toSorted()).toEqual(['guest.restored', 'guest.signed_in'])
  for (const [, event] of told) expect(event).toMatchObject({ guest: now })
  await ways.host!(app.browser())
  expect(told).toHaveLength(3)
})
