// Promotion: a guest becomes a regular user with the same sub, passkeys and data, everywhere at once.

import { setTimeout } from 'node:timers/promises'
import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../../server/context.ts'
import { promote as promoteBySession } from '../../../../server/core/login-ids/promotion.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { GuestEvents, Options, Promotion } from '../../../../server/index.ts'
import type { SessionRow } from '../../../../server/store/store.ts'
import { type Browser, sessionIdOf, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { guestWithKey } from '../../../support/device-keys.ts'
import { foldedIn, keepings, makeDue, pass, rowOf, rowsOf, signedIn } from '../../../support/merging.ts'
import {
  askForCode,
  email,
  loginIdsOf,
  not,
  promote,
  promotedUser,
  signInByCode,
  startPromotingApp,
} from '../../../support/promotion.ts'
import { newCodes, unconfirmedCodes } from '../../../support/recovery.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { inRounds as everyRound, roundsOf } from '../../../support/rounds.ts'
import {
  anonymously,
  backendSecret,
  bearer,
  bySession,
  claimsOf,
  clients,
  granted,
  refresh,
  send,
  sendJson,
  userinfo,
} from '../../../support/tokens.ts'

const profile = z.object({ nickname: z.string() })
const namespace = 'https://auth.example.com'
const day = 24 * 60 * 60

/** An app with every way to learn who is signed in. Its host records the promotions that it is asked about. */
async function startWholeApp(options: Partial<Options> = {}) {
  const asked: Promotion[] = []
  const promoting = await startPromotingApp(
    {
      profile,
      tokens: { claimsNamespace: namespace },
      clients: [...clients, { id: 'asker', kind: 'confidential', secret: backendSecret }],
      loginIds: { onPromote: (promotion) => void asked.push(promotion) },
      ...options,
    } as Partial<Options>,
    (app, guests) => {
      app.set('trust proxy', true)
      app.get('/who', (req, res) => void res.json({ guest: req.guest }))
      app.post('/checked', async (req, res) => {
        await guests.promote(req, { loginId: { type: 'email', value: 'ada@example.org' }, verified: true })
        res.json({ guest: req.guest })
      })
    },
  )
  const events: [keyof GuestEvents, unknown][] = []
  for (const name of ['guest.kept', 'guest.promoted', 'login_id.added'] as const)
    promoting.app.guests.on(name, (event) => events.push([name, event]))
  return { ...promoting, asked, events }
}

/** What every endpoint and token says about the guest or user of this browser. */
async function saidOf(app: TestApp, browser: Browser) {
  const tokens = await granted(bySession(app, browser.cookie))
  const claims = claimsOf(tokens.access_token)
  const asked = { token: tokens.access_token, client_id: 'asker', client_secret: backendSecret }
  const { body: told } = await send(app, 'introspect', asked)
  const { headers } = await browser.get('/guest/verify')
  const { body: found } = await browser.get('/guest/userinfo')
  const { guest } = (await browser.get('/who')).body
  const { body: mine } = await browser.get('/guest/profile')
  return {
    anonymous: [found.isAnonymous, guest.isAnonymous, mine.isAnonymous, claims.is_anonymous].concat([
      ...[claims[`${namespace}/is_anonymous`], told.is_anonymous],
      headers['x-guest-is-anonymous'] === 'true',
    ]),
    verified: [found.isVerified, guest.isVerified, mine.isVerified, claims.is_verified].concat([
      ...[claims[`${namespace}/is_verified`], told.is_verified, mine.isPromoted],
      headers['x-guest-is-verified'] === 'true',
    ]),
    subs: [...new Set([found.sub, guest.sub, mine.anonymous_id, claims.sub, told.sub])],
  }
}

const everywhere = (sub: string, isUser: boolean) => ({
  ...{ anonymous: Array(7).fill(!isUser), verified: Array(8).fill(isUser), subs: [sub] },
})

const isUser = async (browser: Browser) => (await browser.get('/guest/userinfo')).body.isAnonymous === false

describe('a guest', () => {
  test('becomes a regular user by a code, with the same sub, passkeys and data, and every endpoint says so at once', async () => {
    const whole = await startWholeApp()
    const { app, asked, events } = whole
    const { browser, device, guest } = await keptGuest(app)
    await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
    const { body: passkeys } = await browser.get('/guest/passkeys')
    expect(await saidOf(app, browser)).toEqual(everywhere(guest.sub, false))
    const done = await promote(whole, browser, 'ada@example.org')
    expect(done.body, done.text).toMatchObject({
      ...{ sub: guest.sub, anonymous_id: guest.sub, isAnonymous: false, isVerified: true },
      ...{ recoverability: 'passkey', label: guest.label, expires_at: null },
    })
    expect(await saidOf(app, browser)).toEqual(everywhere(guest.sub, true))
    expect((await browser.get('/guest/passkeys')).body).toEqual(passkeys)
    expect((await browser.get('/guest/profile')).body.attributes).toEqual({ nickname: 'Fox' })
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    expect(asked).toEqual([
      {
        guest: expect.objectContaining({ anonymous_id: guest.sub, is_anonymous: true }),
        login_id: { type: 'email', value: 'ada@example.org' },
      },
    ])
    const user = expect.objectContaining({ sub: guest.sub, isAnonymous: false })
    expect(events.filter(([name]) => name !== 'guest.kept')).toEqual([
      ['guest.promoted', { anonymous_id: guest.sub, guest: user, type: 'email' }],
    ])
    expect(JSON.stringify(events)).not.toContain('example.org')
    const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(trail.map(({ action }) => action)).toContain('guest.promoted')
  })

  test('without a row is kept by the promotion, and never forgotten', async () => {
    const whole = await startWholeApp()
    const { app, events } = whole
    const browser = app.browser()
    const guest = await browser.signIn()
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0 })
    const sealed = copyOf(app, browser)
    expect((await promote(whole, browser, 'ada@example.org')).body).toMatchObject({ expires_at: null })
    expect(events.map(([name]) => name)).toEqual(['guest.kept', 'guest.promoted'])
    expect(await rowOf(app, guest)).toMatchObject({ expires_at: null, due_at: null, stage: 'active' })
    await expectRefusal(app, () => sealed.get('/guest/userinfo'), 401, 'session_invalid')
    for (let year = 0; year < 3; year++) await pass(app, 400 * day)
    await app.guests.sweep()
    const laptop = app.browser()
    await signedIn(signInByCode(whole, laptop, 'ada@example.org'), guest.sub)
  })

  test('gets a new session, and all other sessions end, on other devices and of clients', async () => {
    const whole = await startWholeApp()
    const { app } = whole
    const { browser, device, guest } = await keptGuest(app)
    const laptop = app.browser()
    await signedIn(laptop.signInWithPasskey(device), guest.sub)
    const options = await sendJson(app, 'passkeys/authenticate/options', {})
    const proof = await device.get(options.body)
    const { body } = await sendJson(app, 'passkeys/authenticate', { ...proof, client_id: 'spa' })
    const before = copyOf(app, browser)
    await promote(whole, browser, 'ada@example.org')
    expect(browser.token).not.toBe(before.token)
    expect(await isUser(browser)).toBe(true)
    for (const old of [before, laptop])
      await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'session_invalid')
    await expectRefusal(app, () => userinfo(app, body.tokens.access_token), 401, 'session_invalid')
    expect((await refresh(app, body.tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect((await browser.get('/guest/sessions')).body.sessions).toHaveLength(1)
  })

  test('of a client gets new tokens, and the old ones stop working', async () => {
    const { app, codeTo } = await startWholeApp()
    const before = await granted(anonymously(app))
    const guest = claimsOf(before.access_token).sub
    const headers = bearer(before.access_token)
    const started = await sendJson(app, 'promotion/start', email('ada@example.org'), headers)
    const given = { transaction: started.body.transaction, code: codeTo('ada@example.org') }
    const done = await sendJson(app, 'promotion/verify', given, headers)
    expect(done.body, done.text).toMatchObject({ sub: guest, isAnonymous: false })
    expect(done.headers['set-cookie']).toBeUndefined()
    const after = done.body.tokens
    expect(claimsOf(after.access_token)).toMatchObject({ sub: guest, is_anonymous: false, is_verified: true })
    expect((await userinfo(app, after.access_token)).body.isAnonymous).toBe(false)
    await expectRefusal(app, () => userinfo(app, before.access_token), 401, 'session_invalid')
    expect((await refresh(app, before.refresh_token)).body.error).toBe('invalid_grant')
    const next = await granted(refresh(app, after.refresh_token))
    expect(claimsOf(next.access_token)).toMatchObject({ sub: guest, is_anonymous: false })
  })

  test('keeps the time of its last passkey proof in the new session', async () => {
    const whole = await startWholeApp({ stepUpSeconds: 300 })
    const { browser } = await keptGuest(whole.app)
    await promote(whole, browser, 'ada@example.org')
    const { sessions } = (await browser.get('/guest/sessions')).body
    expect(sessions[0].auth_time).toBe(Math.floor(whole.app.clock.now() / 1000))
    whole.app.clock.forward(301)
    const stale = await browser.post('/guest/promotion/start', email('more@example.org'))
    expect(stale.body.code).toBe('insufficient_user_authentication')
    expect(stale.headers['www-authenticate']).toContain('insufficient_user_authentication')
  })

  test('without a passkey may sign out once promoted, and comes back by a code', async () => {
    const whole = await startWholeApp()
    const browser = whole.app.browser()
    const guest = await browser.signIn()
    expect((await browser.post('/guest/sign-out')).body.code).toBe('would_lose_account')
    await promote(whole, browser, 'ada@example.org')
    expect((await browser.post('/guest/sign-out')).status).toBe(204)
    await signedIn(signInByCode(whole, browser, 'ada@example.org'), guest.sub)
  })

  test('keeps all sessions with a second login ID, and the event is login_id.added', async () => {
    const whole = await startWholeApp()
    const { app, events, asked } = whole
    const { browser, guest } = await promotedUser(whole, 'ada@example.org')
    const laptop = app.browser()
    await signedIn(signInByCode(whole, laptop, 'ada@example.org'), guest.sub)
    events.length = 0
    const token = browser.token
    const done = await promote(whole, browser, '+41446681800')
    expect(done.body, done.text).toMatchObject({ sub: guest.sub, isAnonymous: false })
    expect(browser.token).toBe(token)
    expect(done.headers['set-cookie']).toBeUndefined()
    expect([await isUser(laptop), await isUser(browser)]).toEqual([true, true])
    expect(events).toEqual([['login_id.added', { anonymous_id: guest.sub, type: 'phone' }]])
    expect(asked.at(-1)).toMatchObject({ guest: { isAnonymous: false }, loginId: { type: 'phone' } })
    // Adding the same login ID again adds nothing.
    expect((await promote(whole, browser, 'ada@example.org')).status).toBe(200)
    expect((await loginIdsOf(browser)).map(({ value }) => value)).toEqual(['ada@example.org', '+41446681800'])
  })

  test.each<[string, (browser: Browser) => Promise<unknown>, string]>([
    ['nothing else', async () => {}, 'none'],
    ['recovery codes', newCodes, 'device'],
    ['recovery codes that are not confirmed', unconfirmedCodes, 'none'],
  ])(
    'with a device key and %s can come back, once promoted, as the answer, the event and the session say',
    async (_, addCodes, recoverability) => {
      const whole = await startWholeApp()
      const { browser } = await guestWithKey(whole.app)
      await addCodes(browser)
      const done = await promote(whole, browser, 'ada@example.org')
      expect(done.body.recoverability, done.text).toBe(recoverability)
      expect((await browser.get('/guest/userinfo')).body.recoverability).toBe(recoverability)
      expect(whole.events.at(-1)).toMatchObject(['guest.promoted', { guest: { recoverability } }])
    },
  )

  test('is refused a login ID beyond loginIds.max', async () => {
    const whole = await startWholeApp({ loginIds: { max: 2 } })
    const { browser } = await promotedUser(whole, 'a@example.org')
    await promote(whole, browser, 'b@example.org')
    const refused = await promote(whole, browser, 'c@example.org')
    expect(refused.body.code).toBe('too_many_login_ids')
    expect(await loginIdsOf(browser)).toHaveLength(2)
  })
})

describe('the host', () => {
  const loginId = { type: 'email', value: 'ada@example.org' } as const

  test('promotes by its own check in a request, which gives a new session and a new req.guest', async () => {
    const { app, events, sent } = await startWholeApp()
    const { browser, device, guest } = await keptGuest(app)
    const laptop = app.browser()
    await signedIn(laptop.signInWithPasskey(device), guest.sub)
    const token = browser.token
    const done = await browser.post('/checked')
    expect(done.body.guest, done.text).toMatchObject({ sub: guest.sub, isAnonymous: false, isVerified: true })
    expect(browser.token).not.toBe(token)
    expect(await saidOf(app, browser)).toEqual(everywhere(guest.sub, true))
    await expectRefusal(app, () => laptop.get('/guest/userinfo'), 401, 'session_invalid')
    expect(sent).toEqual([])
    expect(events.map(([name]) => name)).toContain('guest.promoted')
    expect(await loginIdsOf(browser)).toMatchObject([loginId])
  })

  test('promotes a guest by id, which ends all its sessions', async () => {
    const { app } = await startWholeApp()
    const { browser, device, guest } = await keptGuest(app)
    await app.guests.promote(guest.sub, { loginId, verified: true })
    await expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'session_invalid')
    const back = await signedIn(browser.signInWithPasskey(device), guest.sub)
    expect(back.body).toMatchObject({ isAnonymous: false, expires_at: null })
    expect(await saidOf(app, browser)).toEqual(everywhere(guest.sub, true))
  })

  test('promotes a guest without a row only after keep(), and ends the session in its cookie', async () => {
    const { app } = await startWholeApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    await expect(app.guests.promote(guest.sub, { loginId, verified: true })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await app.rows()).toMatchObject({ guests: 0, login_ids: 0 })
    await app.guests.keep(guest.sub)
    await app.guests.promote(guest.sub, { loginId, verified: true })
    await expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test('is told what is wrong with its arguments', async () => {
    const whole = await startWholeApp()
    const { app } = whole
    await promotedUser(whole, 'ada@example.org')
    const { guest } = await keptGuest(app)
    const by = (given: object) => app.guests.promote(guest.sub, given as never)
    await expect(by({ loginId, verified: true })).rejects.toMatchObject({
      code: 'login_id_taken',
      status: 409,
    })
    await expect(by({ loginId: email('nobody'), verified: true })).rejects.toMatchObject({
      code: 'login_id_invalid',
    })
    for (const given of [{ loginId }, { loginId, verified: false }, { loginId, verified: 'yes' }])
      await expect(by(given)).rejects.toThrow(TypeError)
    expect(await rowsOf(app, 'login_ids', `anonymous_id = '${guest.sub}'`)).toEqual([])
  })

  test('gets no ticket for a login ID that another account has, because nobody has proven it here', async () => {
    const promoting = await startPromotingApp({}, (app, guests) => {
      app.post('/checked', async (req, res) => {
        const refused = await guests.promote(req, { loginId, verified: true }).catch((error) => error)
        res.json({ code: refused.code, ticket: refused.ticket ?? null })
      })
    })
    await promotedUser(promoting, 'ada@example.org')
    const browser = promoting.app.browser()
    await browser.signIn()
    expect((await browser.post('/checked')).body).toEqual({ code: 'login_id_taken', ticket: null })
  })

  test('may refuse, and the guest stays as it was; with a new code it may accept', async () => {
    let refuses = true
    const whole = await startWholeApp({
      loginIds: {
        onPromote() {
          if (refuses) throw new Error('not from this domain')
        },
      },
    })
    const { app, events } = whole
    for (const browser of [app.browser(), (await keptGuest(app)).browser]) {
      refuses = true
      const guest = await browser.signIn()
      const refused = await promote(whole, browser, 'ada@example.org')
      expect(refused.body).toMatchObject({ status: 409, code: 'promotion_refused' })
      expect(refused.text).not.toContain('domain')
      expect(await saidOf(app, browser)).toEqual(everywhere(guest.sub, false))
      expect(await loginIdsOf(browser)).toEqual([])
      expect(events.map(([name]) => name)).not.toContain('guest.promoted')
    }
    refuses = false
    const browser = app.browser()
    await browser.signIn()
    expect((await promote(whole, browser, 'ada@example.org')).status).toBe(200)
  })

  test('refuses a guest whom the host named by id, and the audit trail then names no session', async () => {
    const { app } = await startWholeApp({
      loginIds: {
        onPromote() {
          throw new Error('not from this domain')
        },
      },
    })
    const { guest } = await keptGuest(app)
    const loginId = { type: 'email', value: 'ada@example.org' } as const
    const refusal = app.guests.promote(guest.sub, { loginId, verified: true })
    await expect(refusal).rejects.toMatchObject({ code: 'promotion_refused' })
    const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
    const refused = trail.filter(({ outcome }) => outcome === 'promotion_refused')
    expect(refused).toMatchObject([{ action: 'guest.promoted', session_id: null }])
  })

  test('refuses a guest in its session, which the audit trail names if the guest is kept', async () => {
    const whole = await startWholeApp({
      loginIds: {
        onPromote() {
          throw new Error('not from this domain')
        },
      },
    })
    const { app } = whole
    const { browser, guest } = await keptGuest(app)
    await promote(whole, browser, 'ada@example.org')
    const visitor = app.browser()
    await visitor.signIn()
    await promote(whole, visitor, 'bob@example.org')
    const trail = await app.guests.auditTrail()
    expect(trail.filter(({ outcome }) => outcome === 'promotion_refused')).toMatchObject([
      { anonymous_id: guest.sub, session_id: await sessionIdOf(browser) },
    ])
  })

  test('does not promote a guest by id who was merged into another one', async () => {
    const { app } = await startWholeApp({ merge: { onMerge() {} } })
    const { guest } = await foldedIn(app, keepings['kept by the host'])
    await expect(app.guests.promote(guest.sub, { loginId, verified: true })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await rowsOf(app, 'login_ids')).toEqual([])
  })

  test('is asked only when the code is right', async () => {
    const { app, asked, codeTo } = await startWholeApp()
    const browser = app.browser()
    await browser.signIn()
    const transaction = await askForCode(browser, 'ada@example.org')
    const code = codeTo('ada@example.org')
    const wrong = await browser.post('/guest/promotion/verify', { transaction, code: not(code) })
    expect([wrong.body.code, asked]).toEqual(['code_wrong', []])
    expect((await browser.post('/guest/promotion/verify', { transaction, code })).status).toBe(200)
    expect(asked).toHaveLength(1)
  })
})

describe('a login ID of another account', () => {
  const asHost = (merges: unknown[]) => ({ merge: { onMerge: (merge: unknown) => void merges.push(merge) } })

  test('gives 409 with a ticket, by which that account merges the guest', async () => {
    const merges: unknown[] = []
    const whole = await startWholeApp(asHost(merges))
    const { app } = whole
    const user = await promotedUser(whole, 'ada@example.org')
    const browser = app.browser()
    const guest = await browser.signIn()
    const old = copyOf(app, browser)
    const taken = await promote(whole, browser, 'ada@example.org')
    expect(taken.body).toEqual({
      type: 'urn:guestkey:problem:login_id_taken',
      ...{ title: expect.any(String), detail: expect.any(String) },
      ...{ status: 409, code: 'login_id_taken', ticket: expect.any(String) },
    })
    expect(taken.text).not.toContain(user.guest.sub)
    expect(taken.headers['set-cookie']).toBeUndefined()
    expect(await saidOf(app, browser)).toEqual(everywhere(guest.sub, false))
    const { ticket } = taken.body
    const merged = await user.browser.post('/guest/merge', { ticket })
    expect(merged.body, merged.text).toMatchObject({
      ...{ sub: user.guest.sub, isAnonymous: false, isVerified: true },
      merged: { anonymous_id: guest.sub },
    })
    expect(merges).toHaveLength(1)
    await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'guest_merged')
    expect(await loginIdsOf(user.browser)).toMatchObject([{ value: 'ada@example.org' }])
  })

  test('gives a ticket that works after a sign-in by code in the same browser', async () => {
    const merges: unknown[] = []
    const whole = await startWholeApp(asHost(merges))
    const user = await promotedUser(whole, 'ada@example.org')
    const { browser, guest } = await keptGuest(whole.app)
    const taken = await promote(whole, browser, 'ada@example.org')
    await signedIn(signInByCode(whole, browser, 'ada@example.org'), user.guest.sub)
    const done = await browser.post('/guest/merge', { ticket: taken.body.ticket })
    expect(done.body, done.text).toMatchObject({ sub: user.guest.sub, merged: { anonymous_id: guest.sub } })
    expect(merges).toHaveLength(1)
  })

  test('gives a ticket that works for that account alone, and for ten minutes', async () => {
    const whole = await startWholeApp()
    const { app } = whole
    const user = await promotedUser(whole, 'ada@example.org')
    const other = await promotedUser(whole, 'bob@example.org')
    const browser = app.browser()
    await browser.signIn()
    const { ticket } = (await promote(whole, browser, 'ada@example.org')).body
    for (const stranger of [other.browser, browser]) {
      const refused = await stranger.post('/guest/merge', { ticket })
      expect(refused.body.code).toBe('merge_ticket_invalid')
    }
    app.clock.forward(11 * 60)
    expect((await user.browser.post('/guest/merge', { ticket })).status).toBeGreaterThanOrEqual(400)
    expect((await browser.get('/guest/userinfo')).status).toBe(200)
  })

  test('is not disclosed before it is proven: the responses are the same as for one that nobody has', async () => {
    const whole = await startWholeApp()
    const { app, sent } = whole
    await promotedUser(whole, 'ada@example.org')
    const browser = app.browser()
    await browser.signIn()
    const answers: unknown[] = []
    for (const value of ['ada@example.org', 'eve@example.org']) {
      const started = await browser.post('/guest/promotion/start', email(value))
      const code = not(sent.at(-1)!.code)
      const { transaction } = started.body
      const wrong = await browser.post('/guest/promotion/verify', { transaction, code })
      answers.push([started.status, Object.keys(started.body), transaction.length, wrong.status, wrong.body])
    }
    expect(answers[0]).toEqual(answers[1])
    expect(sent.map(({ value }) => value)).toEqual(['ada@example.org', 'ada@example.org', 'eve@example.org'])
  })

  test('gives no ticket to a regular user, because two users are never merged', async () => {
    const whole = await startWholeApp()
    await promotedUser(whole, 'ada@example.org')
    const { browser } = await promotedUser(whole, 'bob@example.org')
    const taken = await promote(whole, browser, 'ada@example.org')
    expect(taken.body.code).toBe('login_id_taken')
    expect(taken.body).not.toHaveProperty('ticket')
    expect(await isUser(browser)).toBe(true)
  })

  test('gives no ticket if that account is in another collection', async () => {
    const whole = await startWholeApp({ collections: ['users', 'staff'] })
    await promotedUser(whole, 'ada@example.org')
    const browser = whole.app.browser()
    await browser.post('/guest/sign-in', { collection: 'staff' })
    const taken = await promote(whole, browser, 'ada@example.org')
    expect(taken.body.code).toBe('login_id_taken')
    expect(taken.body).not.toHaveProperty('ticket')
  })
})

test.each<[string, (app: TestApp) => Promise<Browser>]>([
  ['a guest without a row', async (app) => guestOn(app.browser())],
  ['a kept guest', async (app) => (await keptGuest(app)).browser],
])(
  'the code of another guest promotes nobody, and is still good for its own: entered by %s',
  async (_, make) => {
    const promoting = await startPromotingApp()
    const { app, codeTo } = promoting
    const browser = await guestOn(app.browser())
    const transaction = await askForCode(browser, 'ada@example.org')
    const sent = { transaction, code: codeTo('ada@example.org') }
    const other = await make(app)
    await expectRefusal(app, () => other.post('/guest/promotion/verify', sent), 400, 'code_expired')
    expect((await other.get('/guest/userinfo')).body.isAnonymous).toBe(true)
    const done = await browser.post('/guest/promotion/verify', sent)
    expect(done.body, done.text).toMatchObject({ isAnonymous: false })
  },
)

const guestOn = async (browser: Browser): Promise<Browser> => {
  await browser.signIn()
  return browser
}

describe('what a promotion asks of the store, and makes of its outcome', () => {
  const loginId = email('ada@example.org')
  const proof = { id: 'id', code: 'code' }
  const guest = {
    ...{ kind: 'stored', id: 'the session', anonymousId: 'a', label: 'amber-fox-42', collection: 'users' },
    ...{ recoverability: 'none', promotedAt: null, authTime: null, carried: null, createdAt: 500 },
  } as unknown as Session
  const user = { ...guest, promotedAt: 5 } as Session
  const issued = { row: { id: 'the new session' } as SessionRow, token: 'token' }
  type Asked = Parameters<Context['store']['promote']>[0]

  async function promoted(session: Session, outcome: object, params: object = { proof }) {
    const asked: Asked[] = []
    const ctx = {
      ...{ now: () => 1000, claims: { now: () => 1000 } },
      config: { stepUpSeconds: 300, webhooks: [], loginIds: { max: 5 }, merge: {}, operators: false },
      counters: { count() {} },
      store: {
        isRightCode: async () => true,
        countRecoveryCodes: async () => ({ left: 9, confirmed: false }),
        async promote(input: Asked) {
          asked.push(input)
          return outcome
        },
      },
    } as unknown as Context
    const answer = await promoteBySession(ctx, session, { loginId, issued, ...params })
    return { answer, asked: asked[0]! }
  }

  test('the first login ID is a promotion, with a note that names the session', async () => {
    const { answer, asked } = await promoted(guest, { outcome: 'promoted', first: true, codesLeft: 3 })
    expect(asked).toMatchObject({
      ...{ anonymousId: 'a', maxLoginIds: 5, offer: { status: 'offered', claimedUntil: 0, expiresAt: 1600 } },
      notes: {
        first: [{ audit: { action: 'guest.promoted', sessionId: 'the session' } }],
        further: [{ audit: { action: 'login_id.added', sessionId: 'the session' } }],
      },
    })
    expect(answer).toMatchObject({ session: { id: 'the new session', promotedAt: 1000 }, token: 'token' })
    expect(answer.recovery_codes_left).toBe(3)
    for (const codesLeft of [0, undefined])
      expect(
        (await promoted(guest, { outcome: 'promoted', first: true, codesLeft })).answer,
      ).not.toHaveProperty('recovery_codes_left')
  })

  test('a further login ID leaves the session as it is', async () => {
    const { answer } = await promoted(user, { outcome: 'promoted', first: false })
    expect(answer).toEqual({ session: user })
  })

  test('a merge is offered only to a guest who proves the login ID here', async () => {
    const outcome = { outcome: 'promoted', first: true }
    expect((await promoted(user, outcome)).asked.offer).toBeUndefined()
    expect((await promoted(guest, outcome, {})).asked.offer).toBeUndefined()
  })

  test('what could bring back a guest with a device key is counted without it', async () => {
    const { asked } = await promoted({ ...guest, recoverability: 'device' } as Session, {
      ...{ outcome: 'promoted', first: true },
    })
    expect(asked.notes.first).toMatchObject([{ event: { data: { guest: { recoverability: 'none' } } } }])
  })

  test.each([
    ['ended', 'session_invalid'],
    ['unproven', 'insufficient_user_authentication'],
    ['too_many', 'too_many_login_ids'],
    ['wrong_code', 'code_wrong'],
    ['dead_code', 'code_expired'],
  ])('the outcome %s is the error %s', async (outcome, code) => {
    await expect(promoted(user, { outcome })).rejects.toMatchObject({ code })
  })
})

test('the session and the proof say who is promoted, never the body', async () => {
  const { app, codeTo } = await startWholeApp()
  const browser = app.browser()
  const guest = await browser.signIn()
  const transaction = await askForCode(browser, 'ada@example.org')
  const code = codeTo('ada@example.org')
  const said = [
    { userId: 'x' },
    { role: 'admin' },
    { is_anonymous: false },
    { isVerified: true },
    { sub: 'x' },
  ]
  for (const more of said) {
    for (const [door, body] of Object.entries({
      'promotion/start': email('eve@example.org'),
      'promotion/verify': { transaction, code },
      'promotion/undo': {},
      'promotion/finish': { code: 'x', code_verifier: 'x'.repeat(43) },
      'sign-in/code/start': email('eve@example.org'),
      'sign-in/code': { transaction, code },
    })) {
      const send = () => browser.post(`/guest/${door}`, { ...body, ...more })
      await expectRefusal(app, send, 400, 'invalid_request')
    }
  }
  expect(await rowOf(app, guest)).toBeUndefined()
  expect((await browser.post('/guest/promotion/verify', { transaction, code })).body.sub).toBe(guest.sub)
})

test('refuses promotion without a session and from pages of other sites', async () => {
  const { app, codeTo } = await startWholeApp()
  const browser = app.browser()
  const nobody = await browser.post('/guest/promotion/start', email('ada@example.org'))
  expect(nobody.body.code).toBe('not_signed_in')
  await browser.signIn()
  const transaction = await askForCode(browser, 'ada@example.org')
  const given = { transaction, code: codeTo('ada@example.org') }
  for (const site of [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: app.origin, 'Sec-Fetch-Site': 'cross-site' },
    { Origin: app.origin, 'Sec-Fetch-Site': 'same-site' },
  ]) {
    for (const [door, body] of Object.entries({
      'promotion/start': email('ada@example.org'),
      'promotion/verify': given,
      'promotion/undo': { force: true },
      'sign-in/code/start': email('ada@example.org'),
      'sign-in/code': given,
    })) {
      const send = () =>
        sendJson(app, door, body, { Cookie: browser.cookie!, ...site } as Record<string, string>)
      await expectRefusal(app, send, 403, 'cross_site_request')
    }
  }
  expect(await isUser(browser)).toBe(false)
})

describe('at the same time', () => {
  const rounds = roundsOf(24, 100)
  const inRounds = (race: (round: number) => Promise<void>, count = rounds) => everyRound(count, race)

  /** An app that trusts X-Forwarded-For, so that rounds from many networks stay below the limits. */
  const startRacingApp = () => startWholeApp()

  /** How many networks were used: each browser gets a network of its own, because limits count by network. */
  let networks = 0
  async function guestElsewhere(whole: Awaited<ReturnType<typeof startWholeApp>>, value: string) {
    const browser = whole.app.browser()
    const guest = await browser.signIn()
    const transaction = await askFrom(whole.app, browser, value)
    return { browser, guest, given: { transaction, code: whole.codeTo(value) } }
  }
  async function askFrom(app: TestApp, browser: Browser, value: string): Promise<string> {
    const network = `10.${(++networks >> 16) & 255}.${(networks >> 8) & 255}.${networks & 255}`
    const headers = { Cookie: browser.cookie!, Origin: app.origin, 'X-Forwarded-For': network }
    const { body, text } = await sendJson(app, 'promotion/start', email(value), headers)
    expect(body.transaction, text).toBeTypeOf('string')
    return body.transaction
  }

  const outcomes = (answers: Response[]) =>
    answers
      .map(({ status, body }) => body.code ?? status)
      .toSorted((a, b) => String(a).localeCompare(String(b)))

  test('two guests ask for the same login ID: one gets it, and the other is refused', async () => {
    const whole = await startRacingApp()
    await inRounds(async (round) => {
      const value = `two-${round}@example.org`
      const both = [await guestElsewhere(whole, value), await guestElsewhere(whole, value)]
      if (round % 2) for (const { guest } of both) await whole.app.guests.keep(guest.sub)
      const answers = await Promise.all(
        both.map(({ browser, given }) => browser.post('/guest/promotion/verify', given)),
      )
      expect(outcomes(answers)).toEqual([200, 'login_id_taken'])
      for (const [i, { browser, guest }] of both.entries()) {
        const { body } = await browser.get('/guest/userinfo')
        expect(body).toMatchObject({ sub: guest.sub, isAnonymous: answers[i]!.status !== 200 })
      }
    })
    expect(await whole.app.rows()).toMatchObject({ login_ids: rounds })
  })

  /** The rows that a table has for each guest. */
  async function rowsOfEach(
    app: TestApp,
    table: string,
  ): Promise<(sub: string) => Record<string, unknown>[]> {
    const rows = await rowsOf(app, table)
    return (sub) => rows.filter(({ anonymous_id }) => anonymous_id === sub)
  }

  test('a guest asks in two tabs, for one login ID or two: it is promoted once, with one session', async () => {
    const whole = await startRacingApp()
    const { app, events } = whole
    const subs: string[] = []
    await inRounds(async (round) => {
      const value = `same-${round}@example.org`
      const { browser, guest, given } = await guestElsewhere(whole, value)
      if (round % 4 > 1) await app.guests.keep(guest.sub)
      const tab = copyOf(app, browser)
      const another = `other-${round}@example.org`
      const more =
        round % 2 === 0
          ? given
          : { transaction: await askFrom(app, tab, another), code: whole.codeTo(another) }
      const answers = await Promise.all([
        browser.post('/guest/promotion/verify', given),
        tab.post('/guest/promotion/verify', more),
      ])
      expect(outcomes(answers)).toEqual([200, expect.stringMatching(/^(session_invalid|code_expired)$/)])
      const winner = answers[0].status === 200 ? browser : tab
      expect((await winner.get('/guest/userinfo')).body).toMatchObject({ sub: guest.sub, isAnonymous: false })
      subs.push(guest.sub)
    })
    const [sessions, loginIds] = [await rowsOfEach(app, 'sessions'), await rowsOfEach(app, 'login_ids')]
    for (const sub of subs) {
      expect([sessions(sub).length, loginIds(sub).length]).toEqual([1, 1])
      const told = events.filter(([, event]) => JSON.stringify(event).includes(sub))
      expect(told.filter(([name]) => name === 'guest.promoted')).toHaveLength(1)
    }
  })

  test('the host promotes a guest twice: it is promoted once, and gets a second login ID', async () => {
    const { app, events } = await startRacingApp()
    const subs: string[] = []
    await inRounds(async (round) => {
      const { sub } = await app.browser().signIn()
      await app.guests.keep(sub)
      const by = (name: string) =>
        app.guests.promote(sub, {
          loginId: { type: 'email', value: `${name}-${round}@example.org` },
          verified: true,
        })
      await Promise.all([by('one'), by('other')])
      subs.push(sub)
    })
    const [loginIds, trail] = [await rowsOfEach(app, 'login_ids'), await rowsOfEach(app, 'audit')]
    for (const sub of subs) {
      expect(
        loginIds(sub)
          .map(({ is_primary }) => Number(is_primary))
          .toSorted(),
      ).toEqual([0, 1])
      const told = events.filter(([, event]) => JSON.stringify(event).includes(sub))
      expect(told.map(([name]) => name).toSorted()).toEqual([
        'guest.kept',
        'guest.promoted',
        'login_id.added',
      ])
      expect(trail(sub).filter(({ action }) => action === 'guest.promoted')).toHaveLength(1)
    }
  })

  test('a promotion and the clean-up leave either a regular user or nobody', async () => {
    const whole = await startRacingApp()
    const { app } = whole
    const done = new Map<string, Response>()
    const ready: { browser: Browser; sub: string; given: object }[] = []
    await inRounds(async (round) => {
      const { browser, guest, given } = await guestElsewhere(whole, `clean-${round}@example.org`)
      await app.guests.keep(guest.sub)
      await makeDue(app, guest.sub)
      ready.push({ browser, sub: guest.sub, given })
    }, 60)
    await Promise.all([
      app.guests.sweep(),
      ...ready.map(async ({ browser, sub, given }, i) => {
        await setTimeout(i / 4)
        done.set(sub, await browser.post('/guest/promotion/verify', given))
      }),
      setTimeout(5).then(() => app.guests.sweep()),
    ])
    const [guests, loginIds] = [await rowsOfEach(app, 'guests'), await rowsOfEach(app, 'login_ids')]
    for (const { browser, sub } of ready) {
      const answer = done.get(sub)!
      if (answer.status === 200) {
        expect(guests(sub)).toMatchObject([{ stage: 'active', expires_at: null }])
        expect(loginIds(sub)).toHaveLength(1)
        expect(await isUser(browser)).toBe(true)
      } else {
        expect(answer.body.code).toBe('session_invalid')
        expect(loginIds(sub)).toEqual([])
      }
    }
  })

  test('a promotion and the erasure leave nothing, whichever comes first', async () => {
    const whole = await startRacingApp()
    const { app } = whole
    await inRounds(async (round) => {
      const { browser, guest, given } = await guestElsewhere(whole, `erased-${round}@example.org`)
      if (round % 2) await app.guests.keep(guest.sub)
      const [done] = await Promise.all([
        browser.post('/guest/promotion/verify', given),
        app.guests.erase(guest.sub),
      ])
      if (done.status !== 200) expect(done.body.code).toBe('session_invalid')
      expect((await browser.get('/guest/userinfo')).status).toBe(401)
    })
    expect(await app.rows()).toMatchObject({ guests: 0, login_ids: 0, sessions: 0 })
  })

  test('a promotion and the first passkey: each is done wholly or refused, because the other ended its session', async () => {
    const whole = await startRacingApp()
    const { app } = whole
    const all: { sub: string; isPromoted: boolean; isRegistered: boolean }[] = []
    await inRounds(async (round) => {
      const { browser, guest, given } = await guestElsewhere(whole, `first-${round}@example.org`)
      const tab = copyOf(app, browser)
      const { body: options } = await tab.post('/guest/passkeys/register/options')
      const proof = await app.device().create(options)
      const [promoted, registered] = await Promise.all([
        browser.post('/guest/promotion/verify', given),
        tab.post('/guest/passkeys/register', proof),
      ])
      const [isPromoted, isRegistered] = [promoted.status === 200, registered.status === 201]
      expect([isPromoted, isRegistered], `${promoted.text} ${registered.text}`).toContain(true)
      const alive = [await browser.get('/guest/userinfo'), await tab.get('/guest/userinfo')]
      expect(alive.filter(({ status }) => status === 200)).toHaveLength(1)
      all.push({ sub: guest.sub, isPromoted, isRegistered })
    }, 60)
    const [loginIds, passkeys] = [await rowsOfEach(app, 'login_ids'), await rowsOfEach(app, 'passkeys')]
    for (const { sub, isPromoted, isRegistered } of all) {
      expect([loginIds(sub).length, passkeys(sub).length]).toEqual([isPromoted, isRegistered].map(Number))
    }
  })
})
