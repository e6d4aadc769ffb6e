// A walk through all endpoints of the operators' API: each is asked for something that it does.

import type { Response } from 'supertest'
import type { AdminEndpoint } from '../../server/http/admin/endpoint.ts'
import { adminEndpoints } from '../../server/http/admin/router.ts'
import type { Browser, TestApp } from './app.ts'
import { keptGuest } from './ceremonies.ts'
import { DeviceKey } from './device-key.ts'
import { addDeviceKey } from './device-keys.ts'
import { day, foldedIn } from './merging.ts'
import { admin, join, prove, startAdmin, type TestOperator, why } from './operators.ts'

/** One request of the walk. `url`: the path with the ids. */
export type Visit = {
  app: TestApp
  one: AdminEndpoint
  url: string
  body: object
  browser: Browser
}

type Post = (
  path: string,
  body: object,
  more?: Record<string, string>,
  browser?: Browser,
) => Promise<Record<string, string>>

const endpoint = (method: string, path: string): AdminEndpoint =>
  adminEndpoints.find((row) => row.method === method && row.path === path)!

/** Asks each endpoint. `visit` sends a request, and returns its answer, which must be a success. */
export async function walkAdmin(visit: (one: Visit) => Promise<Response>): Promise<void> {
  const app = await startAdmin({ operators: { wayIn: {} }, merge: { onMerge: () => {} } })
  const owner = await join(app, 'owner')
  const second = await join(app, 'owner', 'second')
  const viewer = await join(app, 'viewer')
  await keptGuest(app)
  await app.guests.runChores()
  await owner.browser.post(`${admin}/settings`, { values: { codes: false }, ...why })
  const { sessions } = (await owner.browser.get(`${admin}/operators/${viewer.id}/sessions`)).body
  const { body: fresh } = await owner.browser.post(`${admin}/operators`, {
    name: 'eve',
    role: 'viewer',
    ...why,
  })

  const ids: Record<string, string> = { ':id': viewer.id, ':item': sessions[0].id }
  const post: Post = async (path, body, more = {}, browser = owner.browser) => {
    const url = admin + path.replaceAll(/:\w+/g, (param) => more[param] ?? ids[param]!)
    return (await visit({ app, one: endpoint('POST', path), url, body, browser })).body
  }

  for (const one of adminEndpoints.filter(({ method }) => method === 'GET'))
    await visit({
      ...{ app, one, body: {}, browser: owner.browser },
      url: admin + one.path.replace(':id', viewer.id),
    })
  const device = app.device()
  const { invitation } = fresh
  const created = await post('/invitations/options', { invitation })
  const passkey = await device.create(created as never)
  await post('/invitations/accept', { invitation, passkey }, {}, app.browser())
  const elsewhere = app.browser()
  await post('/sign-in', await device.get((await post('/sign-in/options', {})) as never), {}, elsewhere)
  await post('/step-up', await owner.device.get((await post('/step-up/options', {})) as never))
  const options = await post('/me/passkeys/options', {})
  const another = await post('/me/passkeys', await app.device().create(options as never))
  await post('/me/passkeys/:id/remove', {}, { ':id': another.id! })
  await post('/operators', { name: 'bob', role: 'viewer', ...why })
  await post('/operators/:id/sessions/:item/end', why)
  await post('/operators/:id/sessions/end', why)
  await post('/operators/:id/invite', why)
  await post('/operators/:id/role', { role: 'support', ...why })
  await post('/operators/:id/remove', why)
  await post('/settings', { values: { guestSignIn: true }, ...why })
  await post('/settings/:id/reset', why, { ':id': 'guestSignIn' })
  await post('/webhooks/retry', why)
  await post('/signing-keys/rotate', why)
  app.clock.forward(day + 1) // nothing about operators has changed within the delay of ways in
  for (const one of [owner, second]) await prove(one.browser, one.device)
  await actOnGuests(app, post, second)
  await prove(elsewhere, owner.device)
  const mine = (await owner.browser.get(`${admin}/me/sessions`)).body.sessions as {
    id: string
    current: boolean
  }[]
  await post('/me/sessions/:id/end', {}, { ':id': mine.find(({ current }) => !current)!.id })
  await post('/sign-out', {})
}

/** Uses the endpoints about guests. `second`: an owner who approves what the first one opened. */
async function actOnGuests(app: TestApp, post: Post, second: TestOperator) {
  const { browser, guest, passkeyId, device } = await keptGuest(app)
  const here = { ':id': guest.sub }
  const on = (path: string, body: object = {}, item = '') =>
    post(`/guests/:id/${path}`, { ...why, ...body }, { ...here, ':item': item })
  await post('/guests/find', { anonymous_id: guest.sub })
  await addDeviceKey(browser, new DeviceKey('ES256'))
  const [key] = (await browser.get('/guest/device-keys')).body.device_keys
  await on('device-keys/:item/remove', {}, key.id)
  const [session] = (await browser.get('/guest/sessions')).body.sessions
  await on('sessions/:item/end', {}, session.id)
  await app.browser().signInWithPasskey(device)
  await on('sessions/end')
  await on('extend', { expires_at: Math.floor(app.clock.now() / 1000) + 5 * 365 * day })
  const { id } = await on('way-in')
  await post('/guests/:id/way-in/approve', { ...why, way_in: id }, here, second.browser)
  await on('way-in/cancel')
  await app.guests.promote(guest.sub, {
    loginId: { type: 'email', value: 'ada@example.org' },
    verified: true,
  })
  await on('passkeys/:item/remove', {}, passkeyId)
  await on('login-ids/remove', { type: 'email', value: 'ada@example.org', force: true })
  await on('disable')
  await on('enable')
  await on('keep')
  await on('erase')
  const folded = await foldedIn(app)
  const [merge] = (await app.guests.get(folded.guest.sub))!.merges
  await post('/merges/undo', { ticket: merge!.ticket, ...why })
}
