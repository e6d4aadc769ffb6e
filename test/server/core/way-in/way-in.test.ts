// A way in for a guest who has lost everything: an owner opens it, it waits, every session shows it and can cancel it, and
// it is good once, for a new passkey.

import { describe, expect, test } from 'vitest'
import type { GuestEvents, Options } from '../../../../server/index.ts'
import type { Browser, TestApp } from '../../../support/app.ts'
import type { SoftwareAuthenticator } from '../../../support/authenticator.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { guestWithKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { day, rowOf } from '../../../support/merging.ts'
import {
  accept,
  admin,
  join,
  machines,
  machineToken,
  refusal,
  stepUp,
  type TestOperator,
  tokenIn,
} from '../../../support/operators.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'
import { rowsOf, tables } from '../../../support/tables.ts'
import { anotherNode, startTokenApp } from '../../../support/tokens.ts'
import { act, approve, enter, later, open, operators, start } from '../../../support/ways-in.ts'

const shown = async (browser: Browser) => (await browser.get('/guest/userinfo')).body.way_in
/** Makes one more passkey of an operator who is signed in. */
async function addPasskey({ browser }: TestOperator, device: SoftwareAuthenticator) {
  const options = await browser.post(`${admin}/me/passkeys/options`)
  const { status, text } = await browser.post(`${admin}/me/passkeys`, await device.create(options.body))
  expect(status, text).toBe(201)
}

/** The events about ways in that something else than their use ends, from now on. */
function toldOf(app: TestApp): GuestEvents['way_in.cancelled'][] {
  const told: GuestEvents['way_in.cancelled'][] = []
  app.guests.on('way_in.cancelled', (event) => told.push(event))
  return told
}

const isIn = async (node: TestApp, browser: Browser) => {
  const elsewhere = node.browser()
  for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
  return (await elsewhere.get('/guest/userinfo')).status === 200
}

describe('a way in', () => {
  test('lets the guest in after the delay, with a new passkey, and ends all other sessions on all nodes', async () => {
    const { app, node, owner } = await start()
    const { guest, browser: thief } = await keptGuest(app)
    const told: string[] = []
    for (const name of ['way_in.opened', 'way_in.used', 'passkey.added', 'guest.signed_in'] as const)
      app.guests.on(name, () => told.push(name))
    const code = await open(owner, guest)
    const [person, device] = [app.browser(), app.device()]
    expect(refusal(await enter(person, device, code))).toBe('403 way_in_waiting')
    app.clock.forward(day - 1)
    expect(refusal(await enter(person, device, code))).toBe('403 way_in_waiting')
    app.clock.forward(1)
    const written = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')} `
    const { body, status, text } = await enter(person, device, written)
    expect(status, text).toBe(200)
    expect(body).toMatchObject({ sub: guest.sub, recoverability: 'passkey' })
    expect([await isIn(node, person), await isIn(node, thief)]).toEqual([true, false])
    expect(told).toEqual(['way_in.opened', 'way_in.used', 'passkey.added', 'guest.signed_in'])
    expect((await person.get('/guest/account/export')).status, 'the passkey counts as proven').toBe(200)
    expect((await node.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
    expect(refusal(await enter(app.browser(), app.device(), code)), 'it is good once').toBe(
      '401 way_in_invalid',
    )
    expect(await rowsOf(app.store, 'ways_in')).toEqual([])
  })

  test('ends the recovery codes of the guest with its event, and tells nobody of codes that there were not', async () => {
    const { app, owner } = await start()
    const told: GuestEvents['recovery_codes.changed'][] = []
    app.guests.on('recovery_codes.changed', (event) => told.push(event))
    for (const hasCodes of [true, false]) {
      const { guest, browser } = await keptGuest(app)
      const [found] = hasCodes ? await newCodes(browser) : []
      await later(app, 1, owner)
      const code = await open(owner, guest)
      await later(app, day)
      told.length = 0
      expect((await enter(app.browser(), app.device(), code)).status).toBe(200)
      if (found) expect(refusal(await useCode(app.browser(), found))).toBe('401 recovery_code_wrong')
      expect(await rowsOf(app.store, 'recovery_codes')).toEqual([])
      const lines = await app.guests.auditTrail({ anonymousId: guest.sub })
      expect(lines.filter(({ action }) => action === 'recovery_codes.changed')).toHaveLength(hasCodes ? 2 : 0)
      expect(told).toEqual(hasCodes ? [{ anonymous_id: guest.sub, left: 0 }] : [])
      await later(app, day, owner)
    }
  })

  test('begins no session without a passkey: the code alone shows nothing of the guest but its label', async () => {
    const { app, owner } = await start()
    const { guest } = await keptGuest(app)
    const code = await open(owner, guest)
    app.clock.forward(day)
    const person = app.browser()
    const { status, body } = await person.post('/guest/way-in/options', { code })
    expect([status, [...person.cookies]]).toEqual([200, []])
    expect(body.user.name).toBe(guest.label)
    expect(JSON.stringify(body)).not.toContain(guest.sub)
    expect(body.excludeCredentials).toEqual([])
  })

  test('gives the same session if its last answer was lost, and no other proof one', async () => {
    const { app, owner } = await start()
    const { guest } = await keptGuest(app)
    const code = await open(owner, guest)
    app.clock.forward(day)
    const person = app.browser()
    const { body: options } = await person.post('/guest/way-in/options', { code })
    const proof = await app.device().create(options)
    const [first, again] = [
      await person.post('/guest/way-in', proof),
      await app.browser().post('/guest/way-in', proof),
    ]
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.body.sub).toBe(guest.sub)
    const sessions = (await person.get('/guest/sessions')).body.sessions
    expect(sessions).toHaveLength(1)
    const another = await app.device().create(options)
    expect(refusal(await app.browser().post('/guest/way-in', another))).toBe('400 registration_failed')
  })

  test('is good for one of two who come at once, at two nodes', async () => {
    const { app, node, owner } = await start()
    const { guest } = await keptGuest(app)
    const code = await open(owner, guest)
    app.clock.forward(day)
    const answers = await Promise.all(
      [app, node, app, node].map((one) => enter(one.browser(), app.device(), code)),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401])
    expect(await rowsOf(app.store, 'passkeys', `anonymous_id = '${guest.sub}'`)).toHaveLength(2)
  })

  test('is shown in every session, which can cancel it', async () => {
    const { app, node, owner } = await start()
    const { guest, browser, device } = await keptGuest(app)
    const other = node.browser()
    await other.signInWithPasskey(device.copy())
    expect([await shown(browser), await shown(other)]).toEqual([undefined, undefined])
    const now = Math.floor(app.clock.now() / 1000)
    const code = await open(owner, guest)
    const wayIn = { created_at: now, opens_at: now + day, expires_at: now + 8 * day, is_approved: true }
    expect([await shown(browser), await shown(other)]).toEqual([wayIn, wayIn])
    const told: GuestEvents['way_in.cancelled'][] = []
    node.guests.on('way_in.cancelled', (event) => told.push(event))
    expect((await other.delete('/guest/way-in')).status).toBe(204)
    expect(told).toEqual([{ anonymous_id: guest.sub }])
    expect(await shown(browser)).toBeUndefined()
    app.clock.forward(day)
    expect(refusal(await enter(app.browser(), app.device(), code))).toBe('401 way_in_invalid')
    expect(refusal(await other.delete('/guest/way-in'))).toBe('404 not_found')
  })

  test('expires seven days after it opened, and the clean-up deletes it', async () => {
    const { app, owner } = await start()
    const { guest } = await keptGuest(app)
    const code = await open(owner, guest)
    app.clock.forward(8 * day - 1)
    expect((await app.browser().post('/guest/way-in/options', { code })).status).toBe(200)
    app.clock.forward(1)
    expect(refusal(await enter(app.browser(), app.device(), code))).toBe('401 way_in_invalid')
    app.clock.forward(day)
    await app.guests.runChores()
    expect(await rowsOf(app.store, 'ways_in')).toEqual([])
  })

  test('is stored as a hash alone', async () => {
    const { app, owner } = await start()
    const { guest } = await keptGuest(app)
    const code = await open(owner, guest)
    const stored = JSON.stringify(await tables(app.store))
    for (const text of [code, code.replaceAll('-', '')]) expect(stored).not.toContain(text)
    const shown = JSON.stringify(await app.guests.get(guest.sub))
    const [row] = await rowsOf(app.store, 'ways_in')
    for (const text of [code, row!.id as string]) expect(shown, 'its id is not the hash').not.toContain(text)
  })

  test('waits by the clock of the node that lets the guest in, whatever another one thinks', async () => {
    const { app, owner } = await start()
    const { guest } = await keptGuest(app)
    const fast = await anotherNode(app, { operators, now: () => app.clock.now() + (day + 1) * 1000 })
    const code = await open(owner, guest)
    const { body } = await fast.browser().post('/guest/way-in/options', { code })
    const proof = await app.device().create(body)
    expect(refusal(await app.browser().post('/guest/way-in', proof))).toBe('403 way_in_waiting')
  })

  test('waits as long as the option says', async () => {
    const { app, owner } = await start({ operators: { wayIn: { delaySeconds: 60 } } })
    const { guest } = await keptGuest(app)
    const code = await open(owner, guest)
    app.clock.forward(60)
    expect((await enter(app.browser(), app.device(), code)).status).toBe(200)
  })
})

describe('what ends a way in', () => {
  type Ending = (
    deployment: Awaited<ReturnType<typeof start>>,
    guest: Awaited<ReturnType<typeof keptGuest>>,
    codes: string[],
  ) => Promise<unknown>
  const endings: Record<string, Ending> = {
    'another one for the same guest': ({ owner }, { guest }) => open(owner, guest),
    'an operator who cancels it': ({ owner }, { guest }) => act(owner, guest, 'way-in/cancel'),
    'its guest is disabled': ({ app }, { guest }) => app.guests.disable(guest.sub),
    'its guest is erased': ({ app }, { guest }) => app.guests.erase(guest.sub),
    'its guest signs in with a passkey': ({ app }, { device }) => app.browser().signInWithPasskey(device),
    'its guest signs in with a recovery code': ({ app }, _, [code]) => useCode(app.browser(), code!),
    'its guest gets its first login ID': ({ app }, { guest }) =>
      app.guests.promote(guest.sub, {
        loginId: { type: 'email', value: 'ada@example.org' },
        verified: true,
      }),
  }
  test.each(Object.entries(endings))('%s', async (name, end) => {
    const deployment = await start()
    const { app, owner } = deployment
    const kept = await keptGuest(app)
    const codes = await newCodes(kept.browser)
    const code = await open(owner, kept.guest)
    const told = toldOf(app)
    await end(deployment, kept, codes)
    // The event of what happened to the guest says it all.
    const isSaid = /is (disabled|erased)$/.test(name)
    expect(told).toEqual(isSaid ? [] : [{ anonymous_id: kept.guest.sub }])
    await app.guests.enable(kept.guest.sub)
    app.clock.forward(day)
    expect(refusal(await enter(app.browser(), app.device(), code))).toBe('401 way_in_invalid')
  })

  test('is a first passkey, too', async () => {
    const { app, owner } = await start()
    const { guest, browser } = await guestWithKey(app)
    const code = await open(owner, guest)
    const told = toldOf(app)
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    expect(told).toEqual([{ anonymous_id: guest.sub }])
    app.clock.forward(day)
    expect(refusal(await enter(app.browser(), app.device(), code))).toBe('401 way_in_invalid')
  })

  test('is told once, and not of a way in that had expired', async () => {
    const { app, owner } = await start()
    const { guest, device } = await keptGuest(app)
    await open(owner, guest)
    const told = toldOf(app)
    app.clock.forward(8 * day)
    for (let i = 0; i < 2; i++) expect((await app.browser().signInWithPasskey(device)).status).toBe(200)
    expect(told).toEqual([])
    await later(app, 0, owner)
    await open(owner, guest)
    for (let i = 0; i < 2; i++) expect((await app.browser().signInWithPasskey(device)).status).toBe(200)
    expect(told).toEqual([{ anonymous_id: guest.sub }])
  })

  test('is nothing that a device does by itself: a sign-in by device key leaves it', async () => {
    const { app, owner } = await start()
    const { guest, key } = await guestWithKey(app)
    const code = await open(owner, guest)
    expect((await signInByDeviceKey(app.browser(), key, guest.sub)).status).toBe(200)
    app.clock.forward(day)
    expect((await enter(app.browser(), app.device(), code)).status).toBe(200)
    expect(await rowsOf(app.store, 'device_keys'), 'the keys of lost devices go').toEqual([])
  })
})

test.each<[string, (by: Awaited<ReturnType<typeof start>>) => Promise<unknown>]>([
  ['is removed', ({ app, other }) => app.guests.operators.remove(other.id)],
  ['is no owner any more', ({ app, other }) => app.guests.operators.setRole(other.id, 'support')],
])('what an operator who %s has opened ends, and nothing that others have', async (_, change) => {
  const deployment = await start({ owners: 2 })
  const { app, owner, other } = deployment
  const [first, second] = [await keptGuest(app), await keptGuest(app)]
  const code = await open(other, first.guest)
  await open(owner, second.guest)
  const told = toldOf(app)
  await change(deployment)
  expect(told).toEqual([{ anonymous_id: first.guest.sub }])
  const lines = await app.guests.auditTrail({ anonymousId: first.guest.sub })
  expect(lines.map(({ action }) => action)).toContain('way_in.cancelled')
  const left = await rowsOf(app.store, 'ways_in')
  expect(left.map(({ anonymous_id }) => anonymous_id)).toEqual([second.guest.sub])
  app.clock.forward(day)
  expect(refusal(await enter(app.browser(), app.device(), code))).toBe('401 way_in_invalid')
})

describe('whoever has the browser of one owner', () => {
  test('needs another owner, if there is one: neither the same one nor support approves it', async () => {
    const { app, owner, other } = await start({ owners: 2 })
    const { guest, browser } = await keptGuest(app)
    const code = await open(owner, guest)
    expect(await shown(browser)).toMatchObject({ is_approved: false })
    expect(refusal(await approve(owner, guest))).toBe('403 not_permitted')
    await later(app, day, owner, other)
    expect(refusal(await enter(app.browser(), app.device(), code))).toBe('403 way_in_waiting')
    expect((await approve(other, guest)).status).toBe(204)
    expect((await app.guests.get(guest.sub))!.way_in).toMatchObject({
      ...{ is_approved: true, opened_by: owner.id, approved_by: other.id },
    })
    expect((await enter(app.browser(), app.device(), code)).status).toBe(200)
  })

  // Once, an approval counted for whatever way in the guest had at that moment.
  test('gets no approval that was meant for the way in of another owner, which its own has replaced', async () => {
    const { app, owner, other } = await start({ owners: 2 })
    const third = await join(app, 'owner', 'third')
    await later(app, day + 1, owner, other, third)
    const { guest } = await keptGuest(app)
    const { body: meant } = await act(other, guest, 'way-in')
    const { body: replacing } = await act(owner, guest, 'way-in')
    const approved = (way_in: string) => act(third, guest, 'way-in/approve', { way_in })
    expect(refusal(await approved(meant.id))).toBe('409 way_in_replaced')
    expect((await app.guests.get(guest.sub))!.way_in).toMatchObject({
      ...{ id: replacing.id, is_approved: false, opened_by: owner.id },
    })
    expect((await approved(replacing.id)).status).toBe(204)
    expect(refusal(await act(third, guest, 'way-in/approve'))).toBe('400 invalid_request')
  })

  type Change = (deployment: Awaited<ReturnType<typeof start>>, invitation: string) => Promise<unknown>
  const changes: Record<string, Change> = {
    'removes the other one': ({ app, other }) => app.guests.operators.remove(other.id),
    'invites a friend': ({ app }) => app.guests.operators.add('friend', 'owner'),
    'makes the other one a viewer': ({ app, other }) => app.guests.operators.setRole(other.id, 'viewer'),
    'invites the other one anew': ({ app, other }) => app.guests.operators.invite(other.id),
    'uses an invitation of the other one': ({ app }, invitation) =>
      accept(app.browser(), app.device(), invitation),
    'makes one more passkey': ({ app, owner }) => addPasskey(owner, app.device()),
  }
  test.each(Object.entries(changes))(
    'who %s opens and approves nothing within the delay',
    async (_, change) => {
      const deployment = await start({ owners: 2, operators: { wayIn: {}, invitationSeconds: 3 * day } })
      const { app, owner, other } = deployment
      const { guest } = await keptGuest(app)
      const { link } = await app.guests.operators.invite(other.id)
      await later(app, day + 1, owner)
      await open(owner, guest)
      await change(deployment, tokenIn(link))
      expect(refusal(await act(owner, guest, 'way-in'))).toBe('409 operators_changed')
      expect(refusal(await approve(owner, guest))).toBe('409 operators_changed')
      await later(app, day + 1, owner)
      expect((await act(owner, guest, 'way-in')).status).toBe(201)
    },
  )

  test('cannot do it without a passkey proven just now, and neither can support or a machine', async () => {
    const { app, owner } = await start({ clients: machines } as Partial<Options>)
    const { guest } = await keptGuest(app)
    app.clock.forward(301)
    expect(refusal(await act(owner, guest, 'way-in'))).toBe('401 insufficient_user_authentication')
    await stepUp(owner)
    expect((await act(owner, guest, 'way-in')).status).toBe(201)
    const support = await join(app, 'support')
    expect(refusal(await act(support, guest, 'way-in'))).toBe('403 not_permitted')
    expect(refusal(await approve(support, guest))).toBe('403 not_permitted')
    expect((await act(support, guest, 'way-in/cancel')).body).toEqual({ changed: true })
    expect((await act(support, guest, 'way-in/cancel')).body).toEqual({ changed: false })
    expect(await machineToken(app, 'admin:guests')).toBeTruthy()
  })
})

test('each step is in the audit trail with who and why, and in the export of the guest without the name', async () => {
  const { app, owner, other } = await start({ owners: 2 })
  const { guest, browser } = await keptGuest(app)
  await open(owner, guest)
  await approve(other, guest)
  await act(owner, guest, 'way-in/cancel')
  const lines = (await app.guests.auditTrail({ anonymousId: guest.sub })).filter(({ operator }) => operator)
  expect(lines.map(({ action, operator }) => [action, operator!.by]).toSorted()).toEqual([
    ['way_in.approved', other.id],
    ['way_in.cancelled', owner.id],
    ['way_in.opened', owner.id],
  ])
  const { text } = await browser.get('/guest/account/export')
  expect(text).toContain('way_in.opened')
  for (const { id } of [owner, other]) expect(text).not.toContain(id)
})

test('owners see all that are open, with who opened and approved them, the next to open first; nobody else does', async () => {
  const { app, owner, other } = await start({ owners: 2 })
  const [first, second, third] = [await keptGuest(app), await keptGuest(app), await keptGuest(app)]
  await open(owner, first.guest)
  await later(app, 60, owner, other)
  await open(other, second.guest)
  await open(owner, third.guest)
  await approve(other, first.guest)
  await act(owner, third.guest, 'way-in/cancel')
  const { body } = await owner.browser.get(`${admin}/ways-in`)
  const { id, ...shown } = (await app.guests.get(first.guest.sub))!.way_in!
  expect(body.ways_in).toEqual([
    { id, anonymous_id: first.guest.sub, ...shown, opened_by: owner.id, approved_by: other.id },
    expect.objectContaining({
      ...{ anonymous_id: second.guest.sub, opened_by: other.id, approved_by: null, is_approved: false },
    }),
  ])
  expect(await app.guests.operators.waysIn()).toEqual(body.ways_in)
  expect((await owner.browser.get(`${admin}/ways-in?limit=1`)).body.ways_in).toEqual([body.ways_in[0]])
  app.clock.forward(8 * day - 30)
  expect((await app.guests.operators.waysIn()).map((one) => one.anonymous_id)).toEqual([second.guest.sub])
})

test('a guest who is not kept, or is disabled, gets none', async () => {
  const { app, owner } = await start()
  const { sub } = await app.browser().signIn()
  expect(refusal(await act(owner, { sub }, 'way-in'))).toBe('404 not_found')
  const { guest } = await keptGuest(app)
  await app.guests.disable(guest.sub)
  expect(refusal(await act(owner, guest, 'way-in'))).toBe('403 guest_disabled')
  expect(refusal(await approve(owner, guest))).toBe('404 not_found')
  expect(await rowOf(app, { sub })).toBeUndefined()
})

test('there is none by default: neither guests nor owners have the endpoints', async () => {
  const app = await startTokenApp({ operators: {} })
  const owner = await join(app, 'owner')
  const { guest, browser } = await keptGuest(app)
  expect(refusal(await act(owner, guest, 'way-in'))).toBe('404 not_found')
  for (const path of ['way-in', 'way-in/options'])
    expect(refusal(await browser.post(`/guest/${path}`, { code: 'x' }))).toBe('404 not_found')
  expect(refusal(await browser.delete('/guest/way-in'))).toBe('404 not_found')
})
