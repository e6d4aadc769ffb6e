// The OpenAPI document of the operators' API, and that answers are as it says.

import supertest from 'supertest'
import { expect, test } from 'vitest'
import type { AdminEndpoint } from '../../../../server/http/admin/endpoint.ts'
import { adminEndpoints } from '../../../../server/http/admin/router.ts'
import type { Browser, TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey } from '../../../support/device-keys.ts'
import { day, foldedIn } from '../../../support/merging.ts'
import { admin, join, prove, startAdmin, type TestOperator, why } from '../../../support/operators.ts'

type Operation = Record<string, unknown> & {
  responses: Record<string, { content?: object }>
  parameters?: { name: string; in: string }[]
}
type Document = {
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

test('the document has each endpoint, with who may and what it needs', async () => {
  const app = await startAdmin()
  const { body, text } = await supertest(app.server).get(`${admin}/openapi.json`)
  const document = body as Document
  expect(document.servers).toEqual([{ url: app.origin }])
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  expect(operations).toHaveLength(adminEndpoints.length)
  for (const { method, path, may, scope, needs } of adminEndpoints) {
    const at = admin + path.replaceAll(/:(\w+)/g, '{$1}')
    const operation = document.paths[at]?.[method.toLowerCase()]
    expect(operation, at).toMatchObject({ 'x-may': may, 'x-scope': scope, 'x-needs': needs ?? null })
    const params = (operation!.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name)
    expect(params).toEqual([...path.matchAll(/:(\w+)/g)].map(([, name]) => name))
  }
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(document.components.schemas)).toContain(name)
})

test('the document of guests has none of it', async () => {
  const app = await startAdmin()
  const { body } = await supertest(app.server).get('/guest/openapi.json')
  expect(Object.keys((body as Document).paths).filter((path) => path.startsWith(admin))).toEqual([])
})

type Post = (
  path: string,
  body: object,
  more?: Record<string, string>,
  browser?: Browser,
) => Promise<Record<string, string>>

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

test('each answer of a walk through all endpoints is as its row says', async () => {
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

  const seen = new Set<string>()
  function check(method: string, path: string, answer: supertest.Response) {
    const one = adminEndpoints.find((row) => row.method === method && row.path === path)!
    const name = `${method} ${path}`
    expect(answer.status, `${name} ${answer.text}`).toBeLessThan(300)
    const schema = one.answers[answer.status]
    expect(schema, `${name} ${answer.status}`).not.toBeUndefined()
    // The schema drops undeclared members, so the comparison fails if the answer has any.
    if (typeof schema === 'object' && schema) expect(schema.parse(answer.body), name).toEqual(answer.body)
    if (schema === null) expect(answer.text, name).toBe('')
    seen.add(name)
    return answer.body
  }
  const ids: Record<string, string> = { ':id': viewer.id, ':item': sessions[0].id }
  const post = async (
    path: string,
    body: object,
    more: Record<string, string> = {},
    browser = owner.browser,
  ) => {
    const url = path.replaceAll(/:\w+/g, (param) => more[param] ?? ids[param]!)
    return check('POST', path, await browser.post(admin + url, body))
  }

  for (const { method, path } of adminEndpoints.filter((one: AdminEndpoint) => one.method === 'GET'))
    check(method, path, await owner.browser.get(admin + path.replace(':id', viewer.id)))
  const device = app.device()
  const { invitation } = fresh
  const created = await post('/invitations/options', { invitation })
  await post('/invitations/accept', { invitation, passkey: await device.create(created) }, {}, app.browser())
  const elsewhere = app.browser()
  await post('/sign-in', await device.get(await post('/sign-in/options', {})), {}, elsewhere)
  const proof = await owner.device.get(await post('/step-up/options', {}))
  await post('/step-up', proof)
  const another = await post(
    '/me/passkeys',
    await app.device().create(await post('/me/passkeys/options', {})),
  )
  await post('/me/passkeys/:id/remove', {}, { ':id': another.id })
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
  expect(
    adminEndpoints.map(({ method, path }) => `${method} ${path}`).filter((name) => !seen.has(name)),
  ).toEqual([])
})
