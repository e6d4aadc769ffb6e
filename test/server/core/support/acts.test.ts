// What operators do to one guest, by the answers of their API: it counts on all nodes when the answer arrives, and stands in
// the audit trail and in the guest's own export.

import { describe, expect, test } from 'vitest'
import type { Browser, TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey, guestWithKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { day, foldedIn, rowOf } from '../../../support/merging.ts'
import { admin, join, linesOf, refusal, type TestOperator, why } from '../../../support/operators.ts'
import { codeBook, promotedUser, signInByCode } from '../../../support/promotion.ts'
import { newCodes } from '../../../support/recovery.ts'
import { createMeeting, roundsOf } from '../../../support/rounds.ts'
import { execute, rowsOf } from '../../../support/tables.ts'
import { anotherNode, startTokenApp } from '../../../support/tokens.ts'

const book = codeBook()

async function start() {
  const app = await startTokenApp({
    ...{ operators: {}, loginIds: { send: book.send }, merge: { onMerge: () => {} } },
  })
  const node = await anotherNode(app, { loginIds: { send: book.send } })
  return { app, node, support: await join(app, 'support') }
}

/** The path part for a guest's id. */
const part = (sub: string) => (/^[\w-]+$/.test(sub) ? sub : `~${Buffer.from(sub).toString('base64url')}`)
const act = ({ browser }: TestOperator, path: string, body: object = {}) =>
  browser.post(`${admin}/${path}`, { ...why, ...body })
const onGuest = (by: TestOperator, { sub }: { sub: string }, path: string, body?: object) =>
  act(by, `guests/${part(sub)}/${path}`, body)

/** Whether this browser is signed in, as another node says. */
async function isIn(node: TestApp, browser: Browser) {
  const elsewhere = node.browser()
  for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
  return (await elsewhere.get('/guest/userinfo')).status === 200
}

const sessionsOf = async (browser: Browser) => (await browser.get('/guest/sessions')).body.sessions
let people = 0
const newUser = (app: TestApp) => promotedUser({ app, ...book }, `support${people++}@example.org`)

/** Expects that the last act has a line with the operator, and that the guest sees it without the operator's name or id. */
async function expectLine(app: TestApp, by: TestOperator, sub: string, action: string) {
  const [line] = (await app.guests.auditTrail({ anonymousId: sub })).filter((one) => one.action === action)
  expect(line).toMatchObject({ operator: { by: by.id, role: 'support', ...why } })
  expect((await app.guests.get(sub))!.audit).toContainEqual(
    expect.objectContaining({ action, operator: { by: by.id, role: 'support', ...why } }),
  )
}

async function expectInExport(browser: Browser, by: TestOperator, action: string) {
  const { text, body } = await browser.get('/guest/account/export')
  expect(body.audit).toContainEqual(
    expect.objectContaining({ action, operator: { role: 'support', ...why } }),
  )
  expect(text).not.toContain(by.id)
}

test('a guest who is disabled is out everywhere when the answer arrives, and in again when it is enabled', async () => {
  const { app, node, support } = await start()
  const { browser, guest, device } = await keptGuest(app)
  const unkept = app.browser()
  const { sub } = await unkept.signIn()
  expect([await isIn(node, browser), await isIn(node, unkept)]).toEqual([true, true])
  const until = Math.floor(app.clock.now() / 1000) + day
  const answer = await onGuest(support, guest, 'disable', { until, disabled_reason: 'compromised' })
  expect(answer.status, answer.text).toBe(204)
  expect(await isIn(node, browser)).toBe(false)
  expect((await onGuest(support, { sub }, 'disable')).status).toBe(204)
  expect(await isIn(node, unkept)).toBe(false)
  expect((await node.browser().signInWithPasskey(device)).body.code).toBe('guest_disabled')
  expect((await app.guests.get(guest.sub))!.disabled).toMatchObject({ until, reason: 'compromised' })
  await expectLine(app, support, guest.sub, 'guest.disabled')
  expect((await onGuest(support, guest, 'enable')).body).toEqual({ changed: true })
  expect((await onGuest(support, guest, 'enable')).body).toEqual({ changed: false })
  const again = node.browser()
  expect((await again.signInWithPasskey(device)).status).toBe(200)
  await expectInExport(again, support, 'guest.enabled')
})

describe('sessions', () => {
  test('one is ended at once on all nodes, with the device key of its browser; the others go on', async () => {
    const { app, node, support } = await start()
    const { browser, guest, device } = await keptGuest(app)
    const key = new DeviceKey('ES256')
    const lost = app.browser()
    await lost.signInWithPasskey(device)
    expect((await addDeviceKey(lost, key)).status).toBe(201)
    const told: unknown[] = []
    app.guests.on('session.ended', (event) => told.push(event))
    const { id } = (await sessionsOf(lost)).find((one: { current: boolean }) => one.current)
    expect((await onGuest(support, guest, `sessions/${id}/end`)).status).toBe(204)
    expect([await isIn(node, lost), await isIn(node, browser)]).toEqual([false, true])
    expect(told).toEqual([{ anonymous_id: guest.sub, session_id: id, reason: 'operator' }])
    expect((await signInByDeviceKey(node.browser(), key, guest.sub)).status).toBe(401)
    await expectInExport(browser, support, 'guest.signed_out')
    expect(refusal(await onGuest(support, guest, `sessions/${id}/end`))).toBe('404 not_found')
    const stranger = await keptGuest(app)
    const [other] = await sessionsOf(stranger.browser)
    expect(refusal(await onGuest(support, guest, `sessions/${other.id}/end`))).toBe('404 not_found')
    expect(await isIn(node, stranger.browser)).toBe(true)
  })

  test('all are ended, with all device keys', async () => {
    const { app, node, support } = await start()
    const { browser, guest, device } = await keptGuest(app)
    const other = app.browser()
    await other.signInWithPasskey(device)
    expect((await onGuest(support, guest, 'sessions/end')).body).toEqual({ ended: 2 })
    expect([await isIn(node, browser), await isIn(node, other)]).toEqual([false, false])
    await expectLine(app, support, guest.sub, 'guest.signed_out')
  })

  test('that are all that a guest has are ended by an owner alone, who says so', async () => {
    const { app, node, support } = await start()
    const owner = await join(app, 'owner')
    const keyed = await guestWithKey(app)
    const unkept = app.browser()
    const { sub } = await unkept.signIn()
    for (const [guest, browser] of [
      [keyed.guest, keyed.browser],
      [{ sub }, unkept],
    ] as const) {
      for (const [by, force] of [
        [support, false],
        [support, true],
        [owner, false],
      ] as const) {
        expect(refusal(await onGuest(by, guest, 'sessions/end', { force }))).toBe('409 would_lose_account')
        expect(await isIn(node, browser)).toBe(true)
      }
      expect((await onGuest(owner, guest, 'sessions/end', { force: true })).body).toEqual({ ended: 1 })
      expect(await isIn(node, browser)).toBe(false)
    }
  })

  test('the only one of a guest whose only key is in that browser is ended by an owner alone', async () => {
    const { app, node, support } = await start()
    const { guest, browser } = await guestWithKey(app)
    const [{ id }] = await sessionsOf(browser)
    expect(refusal(await onGuest(support, guest, `sessions/${id}/end`))).toBe('409 would_lose_account')
    expect(await isIn(node, browser)).toBe(true)
    const owner = await join(app, 'owner')
    expect((await onGuest(owner, guest, `sessions/${id}/end`, { force: true })).status).toBe(204)
    expect(await isIn(node, browser)).toBe(false)
  })

  test('and a passkey are not ended and removed at once, so that nothing is left', async () => {
    const { app, support } = await start()
    const meet = createMeeting()
    for (let round = 0; round < roundsOf(12, 60); round++) {
      const { browser, guest, passkeyId } = await keptGuest(app)
      expect((await addDeviceKey(browser, new DeviceKey('ES256'))).status).toBe(201)
      const answers = await meet(
        () => onGuest(support, guest, `passkeys/${passkeyId}/remove`),
        () => onGuest(support, guest, 'sessions/end'),
        ([removed]) => removed.status === 204,
      )
      expect(answers.filter(({ status }) => status > 299).map(refusal)).toEqual(['409 would_lose_account'])
      expect((await app.guests.get(guest.sub))!.recoverability).not.toBe('none')
    }
  })

  test('of a guest with device keys and confirmed recovery codes are ended by support, for the codes stay', async () => {
    const { app, support } = await start()
    const { browser, guest } = await guestWithKey(app)
    await newCodes(browser)
    await browser.post('/guest/recovery-codes/confirm')
    expect((await onGuest(support, guest, 'sessions/end')).body).toEqual({ ended: 1 })
    expect(await rowsOf(app.store, 'device_keys')).toEqual([])
  })

  test('that are not there are not found, by a guest who would have no way back too', async () => {
    const { app, support } = await start()
    const owner = await join(app, 'owner')
    const { guest, browser } = await guestWithKey(app)
    const [{ id }] = await sessionsOf(browser)
    const wrong = `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`
    const ended = app.browser()
    const { sub } = await ended.signIn()
    await ended.post('/guest/sign-out', { force: true })
    for (const by of [support, owner])
      for (const force of [false, true])
        for (const [whom, path] of [
          [guest.sub, `sessions/${wrong}/end`],
          [sub, `sessions/${sub}/end`],
          [sub, `sessions/${id}/end`],
          [sub, 'sessions/end'],
          ['nobody', `sessions/${id}/end`],
          ['nobody', 'sessions/nobody/end'],
          ['nobody', 'sessions/end'],
        ] as const)
          expect([path, refusal(await onGuest(by, { sub: whom }, path, { force }))]).toEqual([
            path,
            '404 not_found',
          ])
    expect((await onGuest(owner, guest, `sessions/${id}/end`, { force: true })).status).toBe(204)
    expect(refusal(await onGuest(support, guest, `sessions/${id}/end`))).toBe('404 not_found')
    expect((await onGuest(support, guest, 'sessions/end')).body).toEqual({ ended: 0 })
  })

  test('the one of a guest who is not kept is ended by its id', async () => {
    const { app, node } = await start()
    const owner = await join(app, 'owner')
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const path = `sessions/${sub}/end`
    expect(refusal(await onGuest(owner, { sub }, path))).toBe('409 would_lose_account')
    expect((await onGuest(owner, { sub }, path, { force: true })).status).toBe(204)
    expect(await isIn(node, browser)).toBe(false)
    expect(refusal(await onGuest(owner, { sub }, path, { force: true }))).toBe('404 not_found')
    expect(await app.rows()).toMatchObject({ guests: 0 })
  })
})

describe('what a guest comes back by', () => {
  test('a passkey is removed if another way is left, and the last one by an owner alone', async () => {
    const { app, node, support } = await start()
    const owner = await join(app, 'owner')
    const { browser, guest, device, passkeyId } = await keptGuest(app)
    const path = `passkeys/${passkeyId}/remove`
    for (const force of [false, true])
      expect(refusal(await onGuest(support, guest, path, { force }))).toBe('409 would_lose_account')
    expect((await addDeviceKey(browser, new DeviceKey('ES256'))).status).toBe(201)
    expect((await onGuest(support, guest, path)).status).toBe(204)
    expect((await node.browser().signInWithPasskey(device)).status).toBe(401)
    await expectInExport(browser, support, 'passkey.removed')
    expect(refusal(await onGuest(support, guest, path))).toBe('404 not_found')
    const last = await keptGuest(app)
    const lastPath = `passkeys/${last.passkeyId}/remove`
    expect(refusal(await onGuest(support, guest, lastPath)), "another guest's").toBe('404 not_found')
    expect((await onGuest(owner, last.guest, lastPath, { force: true })).status).toBe(204)
  })

  test('a device key is revoked likewise', async () => {
    const { app, node, support } = await start()
    const owner = await join(app, 'owner')
    const { browser, guest, key } = await guestWithKey(app)
    const [{ id }] = (await browser.get('/guest/device-keys')).body.device_keys
    const path = `device-keys/${id}/remove`
    expect(refusal(await onGuest(support, guest, path, { force: true }))).toBe('409 would_lose_account')
    expect((await onGuest(owner, guest, path, { force: true })).status).toBe(204)
    expect((await signInByDeviceKey(node.browser(), key, guest.sub)).status).toBe(401)
    const withPasskey = await keptGuest(app)
    const spare = new DeviceKey('ES256')
    await addDeviceKey(withPasskey.browser, spare)
    const [one] = (await withPasskey.browser.get('/guest/device-keys')).body.device_keys
    expect((await onGuest(support, withPasskey.guest, `device-keys/${one.id}/remove`)).status).toBe(204)
    await expectInExport(withPasskey.browser, support, 'device_key.removed')
    expect(refusal(await onGuest(support, withPasskey.guest, `device-keys/${one.id}/remove`))).toBe(
      '404 not_found',
    )
  })

  test('a login ID is removed likewise, however it is written', async () => {
    const { app, node, support } = await start()
    const owner = await join(app, 'owner')
    const { guest, value, browser } = await newUser(app)
    const remove = (by: TestOperator, body: object) => onGuest(by, guest, 'login-ids/remove', body)
    const loginId = { type: 'email', value: value.toUpperCase() }
    expect(refusal(await remove(support, { ...loginId, force: true }))).toBe('409 would_lose_account')
    expect(refusal(await remove(support, { type: 'email', value: 'x@example.org' }))).toBe('404 not_found')
    expect(refusal(await remove(support, { type: 'email', value: 'x' }))).toBe('400 login_id_invalid')
    await browser.addPasskey(app.device())
    expect((await remove(support, loginId)).status).toBe(204)
    expect((await signInByCode(book, node.browser(), value)).status).not.toBe(200)
    expect((await app.guests.find({ anonymousId: guest.sub })).guests).toMatchObject([{ stage: 'kept' }])
    await expectInExport(browser, support, 'login_id.removed')
    const lonely = await newUser(app)
    const last = { type: 'email', value: lonely.value, force: true }
    expect((await onGuest(owner, lonely.guest, 'login-ids/remove', last)).status).toBe(204)
  })
})

describe('the life of a guest', () => {
  test('a guest is kept, once', async () => {
    const { app, support } = await start()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    expect((await onGuest(support, { sub }, 'keep')).body).toEqual({ changed: true })
    expect((await onGuest(support, { sub }, 'keep')).body).toEqual({ changed: false })
    expect(await rowOf(app, { sub })).toBeDefined()
    await expectInExport(browser, support, 'guest.kept')
  })

  test('a guest expires later, until it is seen again', async () => {
    const { app, support } = await start()
    const { browser, guest } = await keptGuest(app)
    const { expires_at, due_at } = (await app.guests.get(guest.sub))!
    const extend = (to: number) => onGuest(support, guest, 'extend', { expires_at: to })
    const told: unknown[] = []
    app.guests.on('guest.extended', (event) => told.push(event))
    const later = expires_at! + 100 * day
    expect((await extend(later)).status).toBe(204)
    const after = (await app.guests.get(guest.sub))!
    expect([after.expires_at, after.due_at! > due_at!, after.due_at! < later]).toEqual([later, true, true])
    expect(told).toEqual([{ anonymous_id: guest.sub, expires_at: later }])
    for (const to of [later, expires_at!, 0, later * 10, 1.5])
      expect(refusal(await extend(to)), String(to)).toBe('400 invalid_request')
    app.clock.forward(day)
    await browser.get('/guest/userinfo')
    await expect.poll(async () => (await app.guests.get(guest.sub))!.expires_at).toBe(expires_at! + day)
    await expectInExport(browser, support, 'guest.extended')
  })

  test('an expired guest is there again; a regular user, and whoever is not kept, has nothing to extend', async () => {
    const { app, support } = await start()
    const { guest, device } = await keptGuest(app)
    const soon = Math.floor(app.clock.now() / 1000) + day
    await execute(
      app.store,
      `UPDATE guests SET stage = 'expired', expires_at = 1, due_at = ${soon} WHERE anonymous_id = '${guest.sub}'`,
    )
    expect((await onGuest(support, guest, 'extend', { expires_at: soon })).status).toBe(204)
    expect((await app.guests.get(guest.sub))!).toMatchObject({ stage: 'kept', expires_at: soon })
    expect((await app.browser().signInWithPasskey(device)).status).toBe(200)
    const user = await newUser(app)
    expect(refusal(await onGuest(support, user.guest, 'extend', { expires_at: soon }))).toBe(
      '400 invalid_request',
    )
    const { sub } = await app.browser().signIn()
    expect(refusal(await onGuest(support, { sub }, 'extend', { expires_at: soon }))).toBe('404 not_found')
  })

  test('a guest is erased by owners alone, by no machine, and the line says by whom', async () => {
    const { app, node, support } = await start()
    const owner = await join(app, 'owner')
    const { browser, guest } = await keptGuest(app)
    await app.guests.import([{ sub: 'imported|1' }])
    expect(refusal(await onGuest(support, guest, 'erase'))).toBe('403 not_permitted')
    expect((await onGuest(owner, guest, 'erase')).body).toEqual({ changed: true })
    expect(await isIn(node, browser)).toBe(false)
    expect(await rowOf(app, guest)).toBeUndefined()
    const [line, ...others] = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(others).toEqual([])
    expect(line).toMatchObject({ action: 'guest.erased', operator: { by: owner.id, role: 'owner', ...why } })
    expect((await onGuest(owner, { sub: 'imported|1' }, 'erase')).body).toEqual({ changed: true })
    expect((await onGuest(owner, { sub: 'imported|1' }, 'erase')).body).toEqual({ changed: false })
  })

  test('a merge is undone by the ticket that the whole guest has', async () => {
    const { app, support } = await start()
    const { browser, guest, into } = await merging(app)
    const [merge] = (await app.guests.get(into))!.merges
    expect(merge).toMatchObject({ from: guest.sub, into, status: 'merged' })
    expect((await act(support, 'merges/undo', { ticket: merge!.ticket })).status).toBe(204)
    await expectLine(app, support, guest.sub, 'guest.merge_undone')
    expect(refusal(await act(support, 'merges/undo', { ticket: merge!.ticket }))).toBe(
      '400 merge_ticket_invalid',
    )
    expect(await isIn(app, browser)).toBe(true)
  })
})

/** A guest who was merged into the account that signed in in its browser. */
async function merging(app: TestApp) {
  const { browser, guest } = await foldedIn(app)
  const { sub: into } = (await browser.get('/guest/userinfo')).body
  return { browser, guest, into: into as string }
}

test('acts on nobody are refused and leave no line', async () => {
  const { app, support } = await start()
  const before = (await linesOf(app)).length
  const nobody = { sub: 'nobody' }
  for (const [path, body] of [
    ['disable', {}],
    ['sessions/x/end', { force: false }],
    ['passkeys/x/remove', {}],
    ['device-keys/x/remove', {}],
    ['login-ids/remove', { type: 'email', value: 'x@example.org' }],
    ['extend', { expires_at: Math.floor(app.clock.now() / 1000) + day }],
  ] as const)
    expect((await onGuest(support, nobody, path, body)).status, path).toBeGreaterThanOrEqual(404)
  expect((await linesOf(app)).length).toBe(before)
})

test('a viewer finds guests and sees one whole, imported ones too, and acts on none', async () => {
  const { app } = await start()
  const viewer = await join(app, 'viewer')
  const { guest } = await keptGuest(app)
  await app.guests.import([{ sub: 'imported|1' }])
  const { browser } = viewer
  const found = await browser.post(`${admin}/guests/find`, { anonymous_id: guest.sub, created_since: 0 })
  expect(found.body).toEqual(await app.guests.find({ anonymousId: guest.sub }))
  expect((await browser.post(`${admin}/guests/find`, { limit: 1 })).body.next).toEqual(expect.any(String))
  for (const sub of [guest.sub, 'imported|1'])
    expect((await browser.get(`${admin}/guests/${part(sub)}`)).body).toEqual(await app.guests.get(sub))
  expect(refusal(await browser.get(`${admin}/guests/nobody`))).toBe('404 not_found')
  expect(refusal(await browser.post(`${admin}/guests/find`, { label: 'x', anonymous_id: 'y' }))).toBe(
    '400 invalid_request',
  )
  expect(refusal(await onGuest(viewer, guest, 'disable'))).toBe('403 not_permitted')
})
