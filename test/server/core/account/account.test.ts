// Leaving: the erasure of a guest, and the export of everything that is known about one.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../../server/context.ts'
import { eraseAccount, eraseGuestByHost } from '../../../../server/core/account/account.ts'
import { exportAccount } from '../../../../server/core/account/record.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { GuestEvents, Options } from '../../../../server/index.ts'
import type { Browser, TestApp } from '../../../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  keptGuest,
  sendAssertion,
  sendRegistration,
} from '../../../support/ceremonies.ts'
import {
  day,
  foldedIn,
  hour,
  keepings,
  merged,
  minute,
  pass,
  recordingHost,
  rowOf,
  rowsOf,
  signedIn,
} from '../../../support/merging.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { tables, withoutNoOperator } from '../../../support/tables.ts'
import { holds } from '../../../support/texts.ts'
import {
  anonymously,
  anotherNode,
  ask,
  bearer,
  bySession,
  granted,
  keptClient,
  refresh,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const profile = z.object({ nickname: z.string(), language: z.string() })

async function startLeavingApp(options: Partial<Options> = {}, routes?: Parameters<typeof startTokenApp>[1]) {
  const app = await startTokenApp({ profile, ...options }, routes)
  const erased: GuestEvents['guest.erased'][] = []
  app.guests.on('guest.erased', (event) => erased.push(event))
  return { app, erased }
}

/** Every row that names the guest, by table. */
async function traces(app: TestApp, sub: string): Promise<Record<string, string[]>> {
  const found = Object.entries(await tables(app.store)).map(([name, rows]): [string, string[]] => [
    name,
    rows.filter((row) => row.includes(sub)),
  ])
  return Object.fromEntries(found.filter(([, rows]) => rows.length > 0))
}

/** Expects that two rows are left: that the guest was erased, and that its sealed session ended. */
async function expectErased(app: TestApp, sub: string, sessionId: string | null = null) {
  const { audit = [], spent = [], ...others } = await traces(app, sub)
  expect(others).toEqual({})
  expect(audit.map((row) => withoutNoOperator(JSON.parse(row)))).toEqual([
    {
      ...{ anonymous_id: sub, action: 'guest.erased', outcome: 'done', session_id: sessionId },
      ...{ at: expect.any(Number), id: expect.any(String) },
    },
  ])
  expect(spent.map((row) => JSON.parse(row).id)).toEqual([`sealed:${sub}`])
}

const leave = (browser: Browser) => browser.delete('/guest/account')

async function expectLeft(browser: Browser) {
  const answer = await leave(browser)
  expect([answer.status, answer.text]).toEqual([204, ''])
  expect(cookiesSet(answer).join()).toMatch(/^[\w-]+=; .*Max-Age=0\b/)
  expect(browser.token).toBeUndefined()
}

/** A guest with two passkeys, two sessions, a profile and a snooze. */
async function settledGuest(app: TestApp) {
  const kept = await keptGuest(app)
  const { browser, device, guest } = kept
  const elsewhere = app.browser()
  await signedIn(elsewhere.signInWithPasskey(device), guest.sub)
  const second = app.device()
  expect((await browser.addPasskey(second)).status).toBe(201)
  await browser.patch('/guest/profile', { attributes: { nickname: 'Fox', language: 'fr' } })
  await browser.post('/guest/prompts/snooze', { prompt: 'stay_a_while' })
  return { ...kept, elsewhere, second }
}

const prompts: Options['prompts'] = [{ prompt: 'stay_a_while' }]

describe('a guest who leaves', () => {
  test('is gone from every table, and signed out everywhere at once', async () => {
    const { app, erased } = await startLeavingApp({ prompts })
    const { browser, elsewhere, device, second, guest } = await settledGuest(app)
    const stranger = await settledGuest(app)
    const strangers = await traces(app, stranger.guest.sub)
    const before = await traces(app, guest.sub)
    expect(Object.keys(before).toSorted()).toEqual(
      expect.arrayContaining(['audit', 'guests', 'passkeys', 'profiles', 'sessions', 'snoozes']),
    )
    const old = copyOf(app, browser)
    const { access_token } = (await bySession(app, browser.cookie)).body
    await expectLeft(browser)
    await expectErased(app, guest.sub)
    expect(erased).toEqual([{ anonymous_id: guest.sub, reason: 'left' }])
    for (const gone of [old, elsewhere])
      await expectRefusal(app, () => gone.get('/guest/userinfo'), 401, 'session_invalid')
    await expectRefusal(app, () => userinfo(app, access_token), 401, 'session_invalid')
    for (const one of [device, second])
      await expectRefusal(app, () => app.browser().signInWithPasskey(one), 401, 'authentication_failed')
    expect(await traces(app, stranger.guest.sub)).toEqual(strangers)
    // In a page that is still open, every endpoint says that the session is over.
    for (const path of ['profile', 'passkeys', 'sessions', 'account/export', 'verify'])
      await expectRefusal(app, () => old.get(`/guest/${path}`), 401, 'session_invalid')
    await expectRefusal(app, () => leave(old), 401, 'session_invalid')
    expect(erased).toHaveLength(1)
  })

  test('must have proven its passkey recently, if it has one', async () => {
    const { app, erased } = await startLeavingApp({ stepUpSeconds: 300 })
    const { browser, device, guest } = await keptGuest(app)
    app.clock.forward(301)
    const refused = await expectRefusal(app, () => leave(browser), 401, 'insufficient_user_authentication')
    expect(refused.headers['www-authenticate']).toContain('max_age=300')
    expect([erased, (await browser.get('/guest/userinfo')).body.sub]).toEqual([[], guest.sub])
    await signedIn(browser.signInWithPasskey(device, { stepUp: true }), guest.sub)
    await expectLeft(browser)
    await expectErased(app, guest.sub)
  })

  test.each(Object.entries(keepings))(
    'needs no proof if it could not come back (%s), and its token stops working',
    async (_, keep) => {
      const { app, erased } = await startLeavingApp()
      const browser = app.browser()
      const guest = await browser.signIn()
      await keep(app, browser, guest)
      const rows = await app.rows()
      const old = copyOf(app, browser)
      const { access_token } = (await bySession(app, browser.cookie)).body
      await expectLeft(browser)
      expect(erased).toEqual([{ anonymous_id: guest.sub, reason: 'left' }])
      if (keep === keepings['in no row']) {
        // The store writes only that its session ended.
        expect(await app.rows()).toEqual({ ...rows, spent: rows.spent! + 1, signing_keys: 1 })
        expect(Object.keys(await traces(app, guest.sub))).toEqual(['spent'])
      } else await expectErased(app, guest.sub)
      await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'session_invalid')
      await expectRefusal(app, () => userinfo(app, access_token), 401, 'session_invalid')
      await expectRefusal(app, () => old.post('/guest/sign-in'), 401, 'session_invalid')
    },
  )

  test('ends the tokens of clients, sealed or stored', async () => {
    const { app } = await startLeavingApp()
    const kept = await keptClient(app)
    const sealed = await granted(anonymously(app))
    for (const { access_token, refresh_token } of [kept.tokens, sealed]) {
      const gone = await deleteAccount(app, access_token)
      expect([gone.status, gone.headers['set-cookie']]).toEqual([204, undefined])
      await expectRefusal(app, () => userinfo(app, access_token), 401, 'session_invalid')
      await expectOAuthRefusal(app, () => refresh(app, refresh_token), 400, 'invalid_grant')
    }
    await expectErased(app, kept.guest.sub)
  })

  test('is gone at once on every node', async () => {
    const { app } = await startLeavingApp()
    const node = await anotherNode(app, { profile })
    const kept = await keptGuest(app)
    const visitor = app.browser()
    const sealed = await visitor.signIn()
    const client = await granted(anonymously(app))
    for (const { browser, sub } of [
      { browser: kept.browser, sub: kept.guest.sub },
      { browser: visitor, sub: sealed.sub },
    ]) {
      const there = copyOf(node, browser)
      const jwt = (await bySession(app, browser.cookie)).body.access_token
      expect((await there.get('/guest/userinfo')).body.sub).toBe(sub)
      expect((await userinfo(node, jwt)).body.sub).toBe(sub)
      await expectLeft(browser)
      await expectRefusal(node, () => there.get('/guest/userinfo'), 401, 'session_invalid')
      await expectRefusal(node, () => userinfo(node, jwt), 401, 'session_invalid')
    }
    expect((await userinfo(node, client.access_token)).status).toBe(200)
    expect((await deleteAccount(app, client.access_token)).status).toBe(204)
    await expectRefusal(node, () => userinfo(node, client.access_token), 401, 'session_invalid')
    await expectOAuthRefusal(node, () => refresh(node, client.refresh_token), 400, 'invalid_grant')
  })

  test('never comes back: not by its id, its cookie, its passkey, or a ceremony that began before', async () => {
    const { app } = await startLeavingApp()
    const sealed = app.browser()
    const visitor = await sealed.signIn()
    const { browser, device, guest } = await keptGuest(app)
    const old = [copyOf(app, sealed), copyOf(app, browser)]
    const registration = await app.device().create(await askToRegister(sealed))
    const assertion = await device.get(await askToSignIn(browser))
    await expectLeft(sealed)
    await expectLeft(browser)
    for (const { sub } of [visitor, guest]) {
      await expect(app.guests.keep(sub)).rejects.toMatchObject({ code: 'not_found' })
      await expect(app.guests.profile.update(sub, { nickname: 'Fox' })).rejects.toMatchObject({
        code: 'not_found',
      })
    }
    await expect(app.guests.keep({ ...visitor, recoverability: 'none' })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect((await sendRegistration(old[0]!, registration)).body.code).toBe('session_invalid')
    expect((await sendAssertion(old[1]!, assertion)).body.code).toBe('authentication_failed')
    for (const one of old)
      expect((await one.patch('/guest/profile', { attributes: { nickname: 'Fox' } })).body.code).toBe(
        'session_invalid',
      )
    for (const { sub } of [visitor, guest]) expect(await rowOf(app, { sub })).toBeUndefined()
    // For as long as any earlier token could be alive.
    for (const days of [30, 59, 2]) {
      await pass(app, days * day)
      for (const one of old) expect((await one.get('/guest/userinfo')).body.code).toBe('session_invalid')
    }
  })

  test('leaves nothing in the browser for whoever comes next', async () => {
    const { app } = await startLeavingApp()
    const { browser, guest } = await keptGuest(app)
    await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
    const options = await askToRegister(browser)
    await expectLeft(browser)
    const next = await browser.signIn()
    for (const key of ['sub', 'anonymous_id'] as const) expect(next[key]).not.toBe(guest[key])
    expect(next.recoverability).toBe('none')
    expect((await browser.get('/guest/profile')).body.attributes).toEqual({})
    expect((await browser.get('/guest/passkeys')).body).toEqual({ passkeys: [] })
    expect((await browser.get('/guest/sessions')).body.sessions).toHaveLength(1)
    const anew = await askToRegister(browser)
    expect(anew.user.id).not.toBe(options.user.id)
    expect(anew.excludeCredentials).toEqual([])
    // Options from the earlier session are of no use in this one.
    const proof = await app.device().create(options)
    await expectRefusal(app, () => sendRegistration(browser, proof), 400, 'registration_failed')
    const exported = (await browser.get('/guest/account/export')).text
    expect(exported).not.toContain(guest.sub)
    expect(holds(exported, 'Fox')).toBe(false)
    const { body } = await browser.signInWithPasskey((await keptGuest(app)).device)
    expect(body.previous.anonymous_id).toBe(next.sub)
  })

  test.each([
    ['from another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    ['from a sibling', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://sub.localhost' }],
    ['from nowhere', { Origin: 'null' }],
  ])('is not erased by a request %s', async (_, headers) => {
    const { app, erased } = await startLeavingApp()
    const { browser } = await keptGuest(app)
    const response = await ask(app, '/guest/account', { Cookie: browser.cookie! })
    expect(response.status).toBe(405)
    await expectRefusal(
      app,
      () =>
        supertest(app.server)
          .delete('/guest/account')
          .set({ Cookie: browser.cookie!, ...headers }) as never,
      403,
      'cross_site_request',
    )
    expect(erased).toEqual([])
  })

  test('cannot name another guest in the body of the request', async () => {
    const { app, erased } = await startLeavingApp()
    const [one, other] = [await keptGuest(app), await keptGuest(app)]
    await expectRefusal(
      app,
      () =>
        supertest(app.server)
          .delete('/guest/account')
          .set({ Cookie: one.browser.cookie!, Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' })
          .send({ anonymous_id: other.guest.sub }) as never,
      400,
      'invalid_request',
    )
    expect(erased).toEqual([])
  })

  test('must be signed in', async () => {
    const { app } = await startLeavingApp()
    await expectRefusal(app, () => leave(app.browser()), 401, 'not_signed_in')
  })
})

describe('an erasure by the host', () => {
  test('deletes a guest as if it had left', async () => {
    const { app, erased } = await startLeavingApp({ prompts })
    const { browser, elsewhere, device, guest } = await settledGuest(app)
    expect(await app.guests.erase(guest.sub)).toBe(true)
    await expectErased(app, guest.sub)
    expect(erased).toEqual([{ anonymous_id: guest.sub, reason: 'host' }])
    for (const gone of [browser, elsewhere])
      await expectRefusal(app, () => gone.get('/guest/userinfo'), 401, 'session_invalid')
    await expectRefusal(app, () => app.browser().signInWithPasskey(device), 401, 'authentication_failed')
    await expect(app.guests.keep(guest.sub)).rejects.toMatchObject({ code: 'not_found' })
    expect(await app.guests.erase(guest.sub)).toBe(false)
    await expectErased(app, guest.sub)
  })

  test('ends every copy of a token for as long as one could live, in a browser or at a client', async () => {
    const clients = [{ id: 'spa', refreshIdleSeconds: 200 * day }]
    const { app } = await startLeavingApp({ clients, sessions: { idleSeconds: 5 * day } })
    const [browser, kept] = [app.browser(), await keptGuest(app)]
    const { sub } = await browser.signIn()
    await app.guests.erase(sub)
    await app.guests.erase(kept.guest.sub)
    const ended = (await rowsOf(app, 'spent')).filter(({ id }) => /^sealed:/.test(String(id)))
    const until = Math.floor(app.clock.now() / 1000) + 200 * day
    expect(ended.map(({ id, expires_at }) => [id, expires_at]).toSorted()).toEqual(
      [sub, kept.guest.sub].map((id) => [`sealed:${id}`, until]).toSorted(),
    )
  })

  test('ends a guest without a row, too', async () => {
    const { app } = await startLeavingApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    expect(await app.guests.erase(guest.sub)).toBe(false)
    await expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'session_invalid')
    await expect(app.guests.keep(guest.sub)).rejects.toMatchObject({ code: 'not_found' })
    await expectErased(app, guest.sub)
  })
})

describe('what an erasure asks of the store', () => {
  const now = 1_700_000_000
  const [ours, another] = ['A'.repeat(22), 'B'.repeat(22)]
  const about = { anonymousId: ours, id: 'here', endsAt: now + 1000, promotedAt: null, enrolUntil: null }
  const session = (more: Partial<Session> = {}) =>
    ({ ...about, kind: 'stored', recoverability: 'none', authTime: null, carried: null, ...more }) as Session

  /** A store that gives these outcomes, one after the other. */
  function storeWith(outcomes: string[], stranded: string[] = []) {
    const asked: Record<string, unknown>[] = []
    const told: unknown[] = []
    const looked: object[] = []
    const ctx = {
      now: () => now,
      config: { sessions: { idleSeconds: 50 }, stepUpSeconds: 300, clients: [], webhooks: [] },
      events: { emit: (name: string, event: object) => void told.push([name, event]) },
      counters: { count() {} },
      store: {
        findGuest: async () => ({ stage: 'active', collection: 'users' }),
        async listStranded(whose: object) {
          looked.push(whose)
          return stranded
        },
        async eraseGuest(input: Record<string, unknown>) {
          asked.push(input)
          if (asked.length > 2) throw new Error('the store was asked once too often')
          return outcomes.shift()
        },
      },
    } as unknown as Context
    return { ctx, asked, told, looked }
  }

  test('by a kept guest is a row that says so, whose session counts and whether its passkey was proven', async () => {
    for (const [authTime, isProven] of [
      [now - 300, true],
      [null, false],
    ] as const) {
      const { ctx, asked, told } = storeWith(['erased'])
      await eraseAccount(ctx, session({ authTime }))
      expect(asked).toMatchObject([
        {
          anonymousId: ours,
          endedUntil: now + 50,
          alongside: { now, guests: [], spared: [] },
          by: { session: { kind: 'stored', anonymousId: ours, id: 'here' }, isProven },
          notes: [{ event: { name: 'guest.erased', data: { anonymous_id: ours, reason: 'left' } } }],
        },
      ])
      expect(told, 'the store tells of it').toEqual([])
    }
  })

  test('by a guest who is not kept is only the end of its session, and is told of', async () => {
    for (const outcome of ['erased', 'unknown']) {
      const { ctx, asked, told, looked } = storeWith([outcome])
      await eraseAccount(ctx, session({ kind: 'sealed' } as Partial<Session>))
      expect(asked).toMatchObject([{ notes: [], alongside: { guests: [] } }])
      expect(told).toEqual([['guest.erased', { anonymous_id: ours, reason: 'left' }]])
      expect(looked).toEqual([])
    }
  })

  test('is refused if the session ended meanwhile, or the guest got a passkey', async () => {
    const sealed = session({ kind: 'sealed' } as Partial<Session>)
    for (const who of [session(), sealed]) {
      const ended = storeWith(['ended'])
      await expect(eraseAccount(ended.ctx, who)).rejects.toMatchObject({ code: 'session_invalid' })
      expect(ended.told).toEqual([])
    }
    await expect(eraseAccount(storeWith(['unproven']).ctx, session())).rejects.toMatchObject({
      code: 'insufficient_user_authentication',
    })
  })

  test('erases stranded guests of ours too, and asks again if there are others by then', async () => {
    const { ctx, asked, looked } = storeWith(['stale', 'erased'], [another, 'of-another-system'])
    expect(await eraseGuestByHost(ctx, ours)).toBe(true)
    const alongside = {
      now,
      spared: ['of-another-system'],
      guests: [{ anonymousId: another, endedUntil: now + 50, notes: [expect.anything()] }],
    }
    expect(asked).toMatchObject([
      { alongside, by: undefined, notes: [{ event: { data: { reason: 'host' } } }] },
      { alongside },
    ])
    expect(looked).toEqual([
      { anonymousId: ours, now },
      { anonymousId: ours, now },
    ])
  })

  test('by the host is about an id, and says whether the guest was kept', async () => {
    const { ctx, asked } = storeWith(['erased', 'unknown'])
    expect(await eraseGuestByHost(ctx, 'of-another-system')).toBe(true)
    expect(asked, 'an imported guest never had a sealed session').toMatchObject([{ endedUntil: null }])
    expect(await eraseGuestByHost(ctx, ours)).toBe(false)
    expect(await eraseGuestByHost(ctx, 'nul\0')).toBe(false)
    expect(asked).toHaveLength(2)
  })
})

test('an export of a guest who was erased meanwhile is refused, and one of a guest without a row is not', async () => {
  const left = { left: 0, createdAt: null, confirmed: false }
  const nothing = (_: object, verb: string) => async () =>
    verb === 'countRecoveryCodes' ? left : verb.startsWith('list') ? [] : undefined
  const ctx = { now: () => 5000, store: new Proxy({}, { get: nothing }) } as unknown as Context
  const facts = {
    anonymousId: 'A'.repeat(22),
    id: 'here',
    createdAt: 1000,
    lastSeenAt: 2000,
    promotedAt: null,
  }
  const carried = { daysSeen: 3, snoozes: [] }
  const sealed = { ...facts, kind: 'sealed', recoverability: 'none', carried } as unknown as Session
  expect(await exportAccount(ctx, sealed)).toMatchObject({
    guest: { created_at: 1000, last_seen_at: 2000, days_seen: 3 },
    merges: [],
    prompts: [],
  })
  const stored = { ...facts, kind: 'stored', recoverability: 'none', carried: null } as unknown as Session
  await expect(exportAccount(ctx, stored)).rejects.toMatchObject({ code: 'session_invalid' })
})

describe('a guest who was merged into one who leaves', () => {
  test('is erased too, and so is whoever was merged into it before', async () => {
    const host = recordingHost()
    const { app } = await startLeavingApp({ merge: host.hooks })
    const [a, b, c] = [await keptGuest(app), await keptGuest(app), await keptGuest(app)]
    await a.browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
    const named = await foldedIn(app, keepings['kept for its profile'], b)
    const first = await merged(app, b, a)
    const { body } = await signedIn(first.browser.signInWithPasskey(c.device), c.guest.sub)
    expect((await first.browser.post('/guest/merge', { ticket: body.ticket })).status).toBe(200)
    const sealed = await foldedIn(app, keepings['in no row'], c)
    await expectLeft(first.browser)
    await expectErased(app, c.guest.sub)
    for (const { sub } of [a.guest, b.guest, named.guest, sealed.guest]) {
      expect(Object.keys(await traces(app, sub)), sub).toEqual(['spent'])
    }
    for (const { device } of [a, b, c])
      await expectRefusal(app, () => app.browser().signInWithPasskey(device), 401, 'authentication_failed')
    expect(await rowsOf(app, 'merges')).toEqual([])
  })

  test.each([['refused'], ['under way']])(
    'is erased too, with an event, if the merge was %s and nothing else brings it back',
    async (how) => {
      let goOn: (() => void) | undefined
      const held = new Promise<void>((resolve) => {
        goOn = resolve
      })
      let asked: (() => void) | undefined
      const isAsked = new Promise<void>((resolve) => {
        asked = resolve
      })
      const { app, erased } = await startLeavingApp({
        merge: {
          async onMerge() {
            asked!()
            if (how === 'refused') throw new Error('the cart is locked')
            await held
          },
        },
      })
      const winner = await keptGuest(app)
      const browser = app.browser()
      const guest = await browser.signIn()
      await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
      const arriving = browser.signInWithPasskey(winner.device)
      await isAsked
      if (how === 'refused') await arriving
      await expectLeft(winner.browser)
      goOn!()
      expect((await arriving).status).toBe(200)
      expect(erased).toEqual([winner.guest, guest].map(({ sub }) => ({ anonymous_id: sub, reason: 'left' })))
      for (const { sub } of [winner.guest, guest]) {
        await expectErased(app, sub)
        const lines = await app.guests.auditTrail({ anonymousId: sub })
        expect(lines.map(({ action }) => action)).toEqual(['guest.erased'])
      }
    },
  )

  test('stays if the merge was not done and it has recovery codes', async () => {
    const { app, erased } = await startLeavingApp()
    const winner = await keptGuest(app)
    const browser = app.browser()
    const guest = await browser.signIn()
    await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
    expect((await browser.post('/guest/recovery-codes')).status).toBe(201)
    await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    await expectLeft(browser)
    expect(erased).toEqual([{ anonymous_id: winner.guest.sub, reason: 'left' }])
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
  })

  test.each(['kept by the host', 'kept for its profile'] as const)(
    'stays if it was %s and the merge was only offered',
    async (how) => {
      const { app, erased } = await startLeavingApp()
      const { browser, guest, winner } = await foldedIn(app, keepings[how])
      await expectLeft(browser)
      expect(erased).toEqual([{ anonymous_id: winner.guest.sub, reason: 'left' }])
      expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
    },
  )

  test.each<[string, Partial<Options>]>([
    ['only offered', {}],
    ['refused', { merge: { onMerge: () => Promise.reject(new Error('the cart is locked')) } }],
  ])('stays if it was imported and the merge was %s: the host can sign it in', async (_, options) => {
    const { app, erased } = await startLeavingApp(options, (routes, guests) => {
      routes.post('/enter/:sub', async (req, res) => {
        res.json((await guests.signInAs(req, res, req.params.sub)).guest)
      })
    })
    await app.guests.import([{ sub: 'legacy-1' }, { sub: 'legacy-2' }])
    const browser = app.browser()
    for (const sub of ['legacy-1', 'legacy-2']) expect((await browser.post(`/enter/${sub}`)).status).toBe(200)
    expect(await rowsOf(app, 'merges')).toMatchObject([{ from_id: 'legacy-1', into_id: 'legacy-2' }])
    await expectLeft(browser)
    expect(erased).toEqual([{ anonymous_id: 'legacy-2', reason: 'left' }])
    expect((await app.browser().post('/enter/legacy-1')).body).toMatchObject({ anonymous_id: 'legacy-1' })
  })

  test('stays if the merge was undone before', async () => {
    const { app } = await startLeavingApp()
    const { browser, loser, guest, winner, ticket } = await merged(app)
    expect((await browser.post('/guest/merge/undo', { ticket })).status).toBe(200)
    await expectLeft(browser)
    await expectErased(app, winner.guest.sub)
    await signedIn(app.browser().signInWithPasskey(loser.device), guest.sub)
  })

  test('does not come back to life when the store forgets that its first session ended', async () => {
    const { app } = await startLeavingApp({
      sessions: { idleSeconds: 10 * day },
      merge: { graceSeconds: 5 * day },
    })
    const browser = app.browser()
    const guest = await browser.signIn()
    await app.guests.keep(guest.sub)
    // Use renews its token.
    for (let i = 0; i < 3; i++) {
      await pass(app, 3 * day)
      expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    }
    const old = copyOf(app, browser)
    const winner = await keptGuest(app)
    await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    await expectLeft(browser)
    for (let i = 0; i < 4; i++) {
      await pass(app, 2 * day + hour)
      expect((await old.get('/guest/userinfo')).body.code).toBe('session_invalid')
    }
  })
})

describe('the export', () => {
  test('holds everything that is kept about the guest, as a file', async () => {
    const { app } = await startLeavingApp({ prompts })
    const { browser, device, guest } = await settledGuest(app)
    app.clock.forward(minute)
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    const answer = await browser.get('/guest/account/export')
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'content-disposition': `attachment; filename="${guest.label}.json"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    const { body } = answer
    const mine = `anonymous_id = '${guest.sub}'`
    const [row] = await rowsOf(app, 'guests', mine)
    expect(body.exported_at).toBe(Math.floor(app.clock.now() / 1000))
    expect(body.guest).toMatchObject({
      ...{ sub: guest.sub, anonymous_id: guest.sub, label: row!.label, collection: row!.collection },
      ...{ created_at: row!.created_at, last_seen_at: row!.last_seen_at, days_seen: row!.days_seen },
      ...{ expires_at: row!.expires_at, user_handle: row!.user_handle, recoverability: 'passkey' },
    })
    const [told] = await rowsOf(app, 'profiles', mine)
    expect(body.profile).toEqual({
      attributes: JSON.parse(told!.attributes as string),
      updated_at: told!.updated_at,
    })
    const passkeys = await rowsOf(app, 'passkeys', mine)
    expect(passkeys).toHaveLength(2)
    expect(body.passkeys).toHaveLength(2)
    for (const row of passkeys) {
      expect(body.passkeys).toContainEqual(
        expect.objectContaining({
          ...{ id: row.credential_id, name: row.name, public_key: row.public_key, aaguid: row.aaguid },
          ...{ created_at: row.created_at, last_used_at: row.last_used_at, sign_count: row.sign_count },
          ...{ transports: (row.transports as string).split(' ').filter(Boolean) },
          ...{ backed_up: Boolean(row.backed_up), backup_eligible: Boolean(row.backup_eligible) },
        }),
      )
    }
    const sessions = await rowsOf(app, 'sessions', mine)
    expect(sessions).toHaveLength(3)
    expect(body.sessions).toHaveLength(3)
    for (const {
      id,
      created_at,
      last_seen_at,
      expires_at,
      ends_at,
      auth_time,
      client_id,
      scope,
    } of sessions) {
      const one = { id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope }
      expect(body.sessions).toContainEqual({ ...one, current: expect.any(Boolean) })
    }
    const snoozes = await rowsOf(app, 'snoozes', mine)
    expect(body.prompts).toEqual(
      snoozes.map(({ prompt, times, snoozed_until }) => ({ prompt, snoozed: times, snoozed_until })),
    )
    expect(body.prompts).toHaveLength(1)
    const audit = await rowsOf(app, 'audit', mine)
    expect(audit.length).toBeGreaterThan(3)
    expect(body.audit).toHaveLength(audit.length)
    for (const { at, action, outcome, session_id } of audit)
      expect(body.audit).toContainEqual({ at, action, outcome, session_id })
  })

  test('holds no secret, and nothing about anybody else', async () => {
    const { app } = await startLeavingApp({ prompts })
    const { browser, guest } = await settledGuest(app)
    const stranger = await settledGuest(app)
    await stranger.browser.patch('/guest/profile', { attributes: { nickname: 'Hen' } })
    const { text } = await browser.get('/guest/account/export')
    for (const foreign of [stranger.guest.sub, stranger.guest.label, stranger.passkeyId, 'Hen'])
      expect(text).not.toContain(foreign)
    for (const secret of [browser.token!, browser.token!.split('.')[1]!]) expect(text).not.toContain(secret)
    expect(text).toContain(guest.sub)
    for (const query of ['?anonymous_id=', '?sub=', '?id=']) {
      const asked = await browser.get(`/guest/account/export${query}${stranger.guest.sub}`)
      expect(asked.text).not.toContain(stranger.guest.sub)
    }
    await expectRefusal(app, () => app.browser().get('/guest/account/export'), 401, 'not_signed_in')
  })

  test.each(['on-demand', 'always'] as const)(
    'is there for a new guest, too, if the option keep is %s',
    async (keep) => {
      const { app } = await startLeavingApp({ keep, prompts })
      const browser = app.browser()
      const guest = await browser.signIn()
      const rows = await app.rows()
      const { body, status } = await browser.get('/guest/account/export')
      expect(status).toBe(200)
      expect(body).toMatchObject({
        guest: { sub: guest.sub, days_seen: 1 },
        profile: null,
        passkeys: [],
        prompts: [],
      })
      expect(body.sessions).toMatchObject([{ id: guest.sub, current: true, auth_time: null }])
      expect(body.audit).toHaveLength(keep === 'always' ? 1 : 0)
      expect(await app.rows()).toEqual(rows)
      await browser.post('/guest/prompts/snooze', { prompt: 'stay_a_while' })
      expect((await browser.get('/guest/account/export')).body.prompts).toMatchObject([
        { prompt: 'stay_a_while', snoozed: 1 },
      ])
    },
  )

  test('names the guests who were merged into this one', async () => {
    const { app } = await startLeavingApp()
    const { browser, guest, winner } = await merged(app)
    const sealed = await foldedIn(app, keepings['in no row'], winner)
    const { body } = await browser.get('/guest/account/export')
    const merges = [guest, sealed.guest].map(({ anonymous_id, label }) => ({
      anonymous_id,
      label,
      status: 'merged',
    }))
    expect(body.merges).toHaveLength(2)
    expect(body.merges).toEqual(expect.arrayContaining(merges))
  })
})

/** Leaves by an access token, as a native app does. */
async function deleteAccount(app: TestApp, token: string) {
  return supertest(app.server).delete('/guest/account').set(bearer(token))
}
