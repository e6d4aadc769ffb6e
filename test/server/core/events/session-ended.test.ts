// session.ended: one event for each session that ends, whatever ends it, for listeners and for webhooks alike.

import { describe, expect, test } from 'vitest'
import type { GuestEvents, Options } from '../../../../server/index.ts'
import { type Browser, sessionIdOf, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { guestWithKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import {
  day,
  foldedIn,
  hour,
  keepings,
  minute,
  offered,
  pass,
  rowsOf,
  signedIn,
} from '../../../support/merging.ts'
import { authorized, finish, promote, promotedUser, startPromotingApp } from '../../../support/promotion.ts'
import { startReceiver } from '../../../support/receiver.ts'
import { claimsOf, clients, keptClient, refresh, secret, send } from '../../../support/tokens.ts'

type Ended = GuestEvents['session.ended']

const sorted = (events: unknown[]) => events.map((one) => JSON.stringify(one)).toSorted()

/** An app, what its listeners heard of sessions, and what its webhook was sent. */
async function startTold(options: Partial<Options> = {}) {
  const receiver = await startReceiver()
  const webhooks = [{ url: receiver.url, secret: receiver.secret, events: ['session.ended' as const] }]
  const started = await startPromotingApp({
    webhooks,
    secret,
    clients: clients.map((client) => ({ ...client })),
    merge: { onMerge: () => {} },
    redirectUris: ['https://app.example/back'],
    ...options,
  } as Partial<Options>)
  const heard: Ended[] = []
  started.app.guests.on('session.ended', (event) => void heard.push(event))
  /**
   * Expects exactly these sessions to have ended since the last call, and the webhook to have got the same. Their ends are
   * no lines of the audit trail: what ended them is.
   */
  async function expectEnded(...expected: [sub: string, sessionId: string, reason: string][]) {
    await started.app.guests.runChores()
    const events = expected.map(([anonymous_id, session_id, reason]) => ({
      anonymous_id,
      session_id,
      reason,
    }))
    expect(sorted(heard.splice(0))).toEqual(sorted(events))
    expect(sorted(receiver.sent.splice(0).map(({ payload }) => payload.data))).toEqual(sorted(events))
    expect(
      await rowsOf(started.app, 'audit', "action = 'session.ended'"),
      'what ended it has a line',
    ).toEqual([])
  }
  return { ...started, heard, expectEnded }
}

/** A kept guest in two browsers, with the ids of their sessions. */
async function inTwoBrowsers({ app, expectEnded }: Awaited<ReturnType<typeof startTold>>) {
  const kept = await keptGuest(app)
  const laptop = app.browser()
  await signedIn(laptop.signInWithPasskey(kept.device), kept.guest.sub)
  await expectEnded([kept.guest.sub, kept.guest.sub, 'passkey_added'])
  const ids = { here: await sessionIdOf(kept.browser), there: await sessionIdOf(laptop) }
  return { ...kept, laptop, sub: kept.guest.sub, ...ids }
}

const expectStatus = async (answer: Promise<{ status: number; text: string }>, status: number) => {
  const given = await answer
  expect(given.status, given.text).toBe(status)
}

/** The browser, and another one with the same cookies. */
const copies = (app: TestApp, browser: Browser) => [browser, copyOf(app, browser)]

describe('session.ended is said once', () => {
  test('for a guest without a row, whose session has the id of the guest', async () => {
    const told = await startTold()
    const browser = told.app.browser()
    const { sub } = await browser.signIn()
    await Promise.all(copies(told.app, browser).map((copy) => copy.post('/guest/sign-out', { force: true })))
    await told.expectEnded([sub, sub, 'signed_out'])
    const erased = await told.app.browser().signIn()
    await told.app.guests.erase(erased.sub)
    await told.app.guests.erase(erased.sub)
    await told.expectEnded([erased.sub, erased.sub, 'erased'])
  })

  test('not when a guest is kept, whose session goes on', async () => {
    const told = await startTold()
    const browser = told.app.browser()
    const { sub } = await browser.signIn()
    await told.app.guests.keep(sub)
    await told.expectEnded()
    await expectStatus(browser.post('/guest/sign-out', { force: true }), 204)
    await told.expectEnded([sub, sub, 'signed_out'])
  })

  test('for a sign-out here and everywhere', async () => {
    const told = await startTold()
    const { sub, browser, laptop, device, here, there } = await inTwoBrowsers(told)
    await expectStatus(browser.post('/guest/sign-out'), 204)
    await told.expectEnded([sub, here, 'signed_out'])
    await signedIn(browser.signInWithPasskey(device), sub)
    const again = await sessionIdOf(browser)
    await expectStatus(laptop.post('/guest/sign-out', { everywhere: true }), 204)
    await told.expectEnded([sub, there, 'signed_out'], [sub, again, 'signed_out'])
  })

  test('for one that is ended in the list, and for all others', async () => {
    const told = await startTold()
    const { sub, browser, device, here, there, laptop } = await inTwoBrowsers(told)
    await expectStatus(browser.delete(`/guest/sessions/${there}`), 204)
    await expectStatus(browser.delete(`/guest/sessions/${there}`), 404)
    await told.expectEnded([sub, there, 'revoked'])
    await signedIn(laptop.signInWithPasskey(device), sub)
    await expectStatus(laptop.delete('/guest/sessions'), 200)
    await told.expectEnded([sub, here, 'revoked'])
  })

  test('for one that a sign-in replaces: of the same guest, of another one, and of a guest without a row', async () => {
    const told = await startTold({ collections: { users: {}, staff: {} } })
    const { app } = told
    const { sub, browser, device, here } = await inTwoBrowsers(told)
    await signedIn(browser.signInWithPasskey(device), sub)
    await told.expectEnded([sub, here, 'replaced'])
    const other = await keptGuest(app)
    const left = await sessionIdOf(browser)
    await told.expectEnded([other.guest.sub, other.guest.sub, 'passkey_added'])
    await signedIn(browser.signInWithPasskey(other.device), other.guest.sub)
    await told.expectEnded([sub, left, 'replaced'])
    for (const collection of ['users', 'staff']) {
      const visitor = app.browser()
      const { body: guest } = await visitor.post('/guest/sign-in', { collection })
      await Promise.all(copies(app, visitor).map((copy) => copy.signInWithPasskey(device)))
      await told.expectEnded([guest.sub, guest.sub, 'replaced'])
    }
  })

  test('for one of a regular user that two sign-ins leave at once', async () => {
    const told = await startTold()
    const { app } = told
    const user = await promotedUser(told, 'ada@example.org')
    const other = await keptGuest(app)
    await told.expectEnded(
      [user.guest.sub, user.guest.sub, 'promoted'],
      [other.guest.sub, other.guest.sub, 'passkey_added'],
    )
    const left = await sessionIdOf(user.browser)
    await Promise.all(copies(app, user.browser).map((copy) => copy.signInWithPasskey(other.device)))
    await told.expectEnded([user.guest.sub, left, 'replaced'])
  })

  test('for the last one that a device key began, when the key begins another', async () => {
    const told = await startTold()
    const { browser, guest, key } = await guestWithKey(told.app)
    const { sub } = guest
    await signedIn(signInByDeviceKey(told.app.browser(), key, sub), sub)
    await told.expectEnded()
    const sessions = (await browser.get('/guest/sessions')).body.sessions as {
      id: string
      current: boolean
    }[]
    const began = sessions.find(({ current }) => !current)!.id
    const laptop = told.app.browser()
    await signedIn(signInByDeviceKey(laptop, key, sub), sub)
    await told.expectEnded([sub, began, 'replaced'])
    const last = await sessionIdOf(laptop)
    await signedIn(signInByDeviceKey(laptop, key, sub), sub) // the session of the key is that of the browser too
    await told.expectEnded([sub, last, 'replaced'])
  })

  test('for every one that the first passkey and the first login ID end', async () => {
    const told = await startTold()
    const { browser, guest, key } = await guestWithKey(told.app)
    const { sub } = guest
    const laptop = told.app.browser()
    await signedIn(signInByDeviceKey(laptop, key, sub), sub)
    const there = await sessionIdOf(laptop)
    await expectStatus(browser.addPasskey(told.app.device()), 201)
    await told.expectEnded([sub, sub, 'passkey_added'], [sub, there, 'passkey_added'])
    const here = await sessionIdOf(browser)
    await expectStatus(promote(told, browser, 'ada@example.org'), 200)
    await told.expectEnded([sub, here, 'promoted'])
    await expectStatus(promote(told, browser, 'bob@example.org'), 200)
    await expectStatus(browser.addPasskey(told.app.device()), 201)
    await told.expectEnded()
    const newcomer = await promotedUser(told, 'eve@example.org')
    await told.expectEnded([newcomer.guest.sub, newcomer.guest.sub, 'promoted'])
    const another = (await told.app.browser().addPasskey(told.app.device())).body
    expect(another.sub).toBeDefined()
    await told.expectEnded()
  })

  test('for each of a guest who is merged, who may lose them again after an undo', async () => {
    const told = await startTold()
    const { browser, old, loser, winner, ticket } = await offered(told.app)
    const sub = loser.guest.sub
    const there = await sessionIdOf(old)
    told.heard.length = 0
    await told.app.guests.runChores()
    await expectStatus(browser.post('/guest/merge', { ticket }), 200)
    expect(told.heard.splice(0)).toEqual([{ anonymous_id: sub, session_id: there, reason: 'merged' }])
    await expectStatus(browser.post('/guest/merge/undo', { ticket }), 200)
    expect(told.heard).toEqual([])
    await expectStatus(old.post('/guest/sign-out'), 204)
    expect(told.heard.splice(0)).toEqual([{ anonymous_id: sub, session_id: there, reason: 'signed_out' }])
    await told.app.guests.erase(winner.guest.sub)
    expect(told.heard.map(({ reason }) => reason)).toEqual(['erased', 'erased']) // of both browsers
  })

  test('for the one that an undone merge replaces, once it is over', async () => {
    const told = await startTold()
    const { app, expectEnded } = told
    const { browser, winner, guest, ticket } = await foldedIn(app, keepings['kept by the host'])
    const id = await sessionIdOf(browser)
    await expectEnded(
      [winner.guest.sub, winner.guest.sub, 'passkey_added'],
      [guest.sub, guest.sub, 'replaced'],
    )
    const [left, again] = [copyOf(app, browser), copyOf(app, browser)]
    await expectStatus(browser.post('/guest/merge/undo', { ticket }), 200)
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    await expectStatus(again.post('/guest/merge/undo', { ticket }), 200) // the first answer was lost
    await pass(app, 10 * minute + 1)
    await expectStatus(left.get('/guest/userinfo'), 401)
    await expectEnded()
    await pass(app, hour)
    await expectEnded([winner.guest.sub, id, 'replaced'])
  })

  test('for each of a guest who is erased, but not again for those that a merge put aside', async () => {
    const told = await startTold()
    const { sub, browser, here, there } = await inTwoBrowsers(told)
    await expectStatus(browser.delete('/guest/account'), 204)
    await told.expectEnded([sub, here, 'erased'], [sub, there, 'erased'])
    const { browser: into, winner, ticket } = await offered(told.app)
    await expectStatus(into.post('/guest/merge', { ticket }), 200)
    const id = await sessionIdOf(into)
    const others = (await into.get('/guest/sessions')).body.sessions as { id: string }[]
    told.heard.length = 0
    await told.app.guests.erase(winner.guest.sub)
    expect(told.heard.map(({ session_id }) => session_id).toSorted()).toEqual(
      others.map((one) => one.id).toSorted(),
    )
    expect(others.map((one) => one.id)).toContain(id)
  })

  test('for one that expired, an hour later; for those of a guest who expires', async () => {
    const told = await startTold({ sessions: { idleSeconds: 10 * day }, retention: { passkey: 30 * day } })
    const { app } = told
    const { sub, here, there } = await inTwoBrowsers(told)
    await pass(app, 10 * day + 1)
    await told.expectEnded()
    await pass(app, hour)
    await told.expectEnded([sub, here, 'expired'], [sub, there, 'expired'])
    const host = await startTold({ sessions: { idleSeconds: 90 * day }, retention: { passkey: 30 * day } })
    const kept = await keptGuest(host.app)
    const id = await sessionIdOf(kept.browser)
    await host.expectEnded([kept.guest.sub, kept.guest.sub, 'passkey_added'])
    await pass(host.app, 30 * day + hour)
    await pass(host.app, 15 * day)
    await host.expectEnded([kept.guest.sub, id, 'expired'])
  })

  test('for a client that revokes its token, and for a used refresh token that comes back', async () => {
    const told = await startTold()
    const { app } = told
    const first = await keptClient(app)
    const second = await keptClient(app)
    const sid = (tokens: { access_token: string }) => claimsOf(tokens.access_token).sid as string
    await send(app, 'revoke', { token: first.tokens.refresh_token, client_id: 'spa' })
    await told.expectEnded([first.guest.sub, sid(first.tokens), 'signed_out'])
    await expectStatus(refresh(app, second.tokens.refresh_token), 200)
    app.clock.forward(hour)
    await expectStatus(refresh(app, second.tokens.refresh_token), 400)
    await expectStatus(refresh(app, second.tokens.refresh_token), 400)
    await told.expectEnded([second.guest.sub, sid(second.tokens), 'refresh_reused'])
  })
})

test('a used authorization code that comes back leaves a line in the audit trail and a warning, and tells the end', async () => {
  const told = await startTold()
  const { app } = told
  const { guest } = await promotedUser(told, 'ada@example.org')
  const given = await authorized(told, app.browser(), 'ada@example.org', { purpose: 'sign_in' })
  const browser = app.browser()
  await expectStatus(finish(browser, given), 200)
  const session_id = await sessionIdOf(browser)
  told.heard.length = 0
  for (const thief of [app.browser(), app.browser()])
    expect((await finish(thief, given)).body.code).toBe('code_expired')
  expect(told.heard).toEqual([{ anonymous_id: guest.sub, session_id, reason: 'code_reused' }])
  const lines = await app.guests.auditTrail({ anonymousId: guest.sub })
  expect(lines.filter(({ action }) => action === 'session.ended')).toEqual([
    {
      anonymous_id: guest.sub,
      at: Math.floor(app.clock.now() / 1000),
      action: 'session.ended',
      outcome: 'code_reused',
      session_id,
    },
  ])
  expect(app.logs.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    'a used authorization code came back: its session was ended',
  ])
})
