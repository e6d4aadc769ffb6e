// Disabling a guest: every session ends on all nodes, nobody is let in until the guest is enabled, and nothing is lost.

import type { ErrorRequestHandler } from 'express'
import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import type { GuestEvents, Options } from '../../../../server/index.ts'
import { migrations } from '../../../../server/store/sql/migrations.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import type { Misbehaviour } from '../../../support/authenticator.ts'
import { authenticate, copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { guestWithKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import {
  day,
  foldedIn,
  makeDue,
  merged,
  merges,
  offered,
  rowOf,
  startMergingApp,
} from '../../../support/merging.ts'
import {
  askForCode,
  authorized,
  codeBook,
  finish,
  not,
  promotedUser,
  signInByCode,
} from '../../../support/promotion.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'
import { execute, rowsOf } from '../../../support/tables.ts'
import {
  anotherNode,
  ask,
  askToken,
  backendSecret,
  bearer,
  refresh,
  send,
  signInAs,
  startTokenApp,
} from '../../../support/tokens.ts'
import { inBrowsers, inClient, Jar, kinds, startVisitedApp } from '../../../support/visits.ts'

const seconds = (app: Pick<TestApp, 'clock'>) => Math.floor(app.clock.now() / 1000)
const subOf = async (browser: Browser) =>
  (await browser.get('/guest/userinfo')).body.sub as string | undefined

/** The answer to somebody who proved to be the guest. */
const refusal = { status: 403, code: 'guest_disabled', type: 'urn:guestkey:problem:guest_disabled' }

describe.each(Object.entries(kinds))('the session of a disabled guest (%s)', (_, kind) => {
  test('has ended for whoever asks, in a browser', async () => {
    const app = await startVisitedApp()
    const node = await anotherNode(app)
    const held = await kind.inBrowser(app)
    const token = held.jar.token
    const elsewhere = () => ask(node, '/guest/userinfo', bearer(token))
    expect((await elsewhere()).body.sub).toBe(held.sub)
    await app.guests.disable(held.sub)
    expect((await elsewhere()).status, 'at another node, at once').toBe(401)
    for (const [name, way] of Object.entries(inBrowsers)) {
      const jar = new Jar(app)
      jar.take([`guestkey=${token}; Max-Age=${day}`])
      expect(await way({ ...held, jar }), name).toBeUndefined()
    }
    await app.guests.enable(held.sub)
    expect((await elsewhere()).status, 'after it was enabled').toBe(401)
  })

  test('has ended in a client, with its tokens', async () => {
    const app = await startVisitedApp()
    const held = await kind.inClient(app)
    const { access_token, refresh_token } = held.tokens!
    await app.guests.disable(held.sub)
    expect(await inClient({ ...held, tokens: { ...held.tokens! } })).toBeUndefined()
    expect((await refresh(app, refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await ask(app, '/guest/verify', bearer(access_token))).status).toBe(401)
    expect(await introspected(app, access_token)).toEqual({ active: false })
  })
})

async function introspected(app: TestApp, token: string) {
  const by = { client_id: 'backend', client_secret: backendSecret }
  const { body } = await send(app, 'introspect', { token, ...by })
  return body
}

const device = { platform: 'Android', browser: 'Chrome' }
const book = codeBook()
const options: Partial<Options> = {
  loginIds: { send: book.send },
  redirectUris: ['https://app.example/back'],
}
const start = () => startTokenApp(options)

/** Makes a guest who can come in this way. `enter` comes in, and may be called again. */
type Way = (app: TestApp) => Promise<{ sub: string; enter: () => Promise<Response> }>

let people = 0
async function userOf(app: TestApp) {
  const user = await promotedUser({ app, ...book }, `disabled${people++}@example.org`)
  return { ...user, sub: user.guest.sub }
}

/** Every way in. Each proves that whoever comes is the guest. */
const ways: Record<string, Way> = {
  'a passkey': async (app) => {
    const { guest, device } = await keptGuest(app)
    return { sub: guest.sub, enter: () => app.browser().signInWithPasskey(device) }
  },
  'a passkey in an app': async (app) => {
    const { guest, device } = await keptGuest(app)
    return { sub: guest.sub, enter: () => signInAs(app, device, 'app') }
  },
  'a device key': async (app) => {
    const { guest, key } = await guestWithKey(app)
    return { sub: guest.sub, enter: () => signInByDeviceKey(app.browser(), key, guest.sub) }
  },
  'a recovery code': async (app) => {
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const [code] = await newCodes(browser)
    return { sub, enter: () => useCode(app.browser(), code) }
  },
  'a code to a login ID': async (app) => {
    const { sub, value } = await userOf(app)
    return { sub, enter: () => signInByCode(book, app.browser(), value) }
  },
  'an authorization code of our pages': async (app) => {
    const { sub, value } = await userOf(app)
    const browser = app.browser()
    const given = await authorized({ app, ...book }, browser, value, { purpose: 'sign_in' })
    return { sub, enter: () => finish(browser, given) }
  },
}

describe.each(Object.entries(ways))('%s of a disabled guest', (_, begin) => {
  test('is answered guest_disabled, is not used up, and signs in again once the guest is enabled', async () => {
    const app = await start()
    const { sub, enter } = await begin(app)
    await app.guests.disable(sub)
    for (let i = 0; i < 2; i++) expect((await enter()).body).toMatchObject(refusal)
    expect(await rowsOf(app.store, 'sessions', `anonymous_id = '${sub}'`)).toEqual([])
    expect(await app.guests.enable(sub)).toBe(true)
    const back = await enter()
    expect(back.status, back.text).toBe(200)
    expect(back.body.sub).toBe(sub)
  })

  test('signs in again when the time is over', async () => {
    const app = await start()
    const { sub, enter } = await begin(app)
    await app.guests.disable(sub, { until: seconds(app) + 20 })
    app.clock.forward(19)
    expect((await enter()).body).toMatchObject(refusal)
    app.clock.forward(1)
    expect((await enter()).body.sub).toBe(sub)
    expect(await app.guests.enable(sub), 'it was enabled by itself').toBe(false)
  })
})

describe('whoever signs in to a disabled guest', () => {
  test('is refused if the host says who it is, and let in again after that', async () => {
    const app = await startTokenApp({}, (host, guests) => {
      host.post('/in/:sub', (req, res, next) =>
        guests.signInAs(req, res, req.params.sub!).then(({ guest }) => res.json(guest), next),
      )
      host.use(((error, _req, res, _next) => {
        res.status(error.status).json(error)
      }) as ErrorRequestHandler)
    })
    const { guest } = await keptGuest(app)
    const enter = () => app.browser().post(`/in/${guest.sub}`)
    await app.guests.disable(guest.sub)
    expect((await enter()).body).toMatchObject(refusal)
    await app.guests.enable(guest.sub)
    expect((await enter()).body.sub).toBe(guest.sub)
  })

  test('by the device key of an app is answered invalid_grant', async () => {
    const app = await start()
    const { guest, key } = await guestWithKey(app)
    await app.guests.disable(guest.sub)
    const asked = await app.browser().post('/guest/device-keys/challenge', { purpose: 'sign_in' })
    const assertion = key.assertion({ ...asked.body, issuer: app.origin, anonymousId: guest.sub })
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const refused = await askToken(app, { grant_type, client_id: 'app', assertion })
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { error: 'invalid_grant', code: 'guest_disabled' },
    ])
  })

  test('with an invalid proof learns no more than about a guest who is not there', async () => {
    const app = await start()
    const [disabled, gone] = [await keptGuest(app), await keptGuest(app)]
    await app.guests.disable(disabled.guest.sub)
    await app.guests.erase(gone.guest.sub)
    const mistake: Misbehaviour = { badSignature: 'wrong' }
    const [one, other] = [
      await authenticate(app.browser(), disabled.device, mistake),
      await authenticate(app.browser(), gone.device, mistake),
    ]
    expect([one.status, one.body.code, one.body]).toEqual([401, 'authentication_failed', other.body])
    const { key, guest } = await guestWithKey(app)
    await app.guests.disable(guest.sub)
    const byAnotherKey = await signInByDeviceKey(app.browser(), new DeviceKey('ES256'), guest.sub)
    expect(byAnotherKey.body.code).toBe('device_key_refused')
    expect((await signInByDeviceKey(app.browser(), key, guest.sub)).body.code).toBe('guest_disabled')
    const { sub, value } = await userOf(app)
    await app.guests.disable(sub)
    const transaction = await askForCode(app.browser(), value, 'sign-in/code/start')
    const guess = { transaction, code: not(book.codeTo(value)) }
    expect((await app.browser().post('/guest/sign-in/code', guess)).body.code).toBe('code_wrong')
  })

  test('by a device link finds the link dead, because the session that made it has ended', async () => {
    const app = await start()
    const { browser, guest } = await keptGuest(app)
    const link = await browser.post('/guest/device-links')
    const other = app.browser()
    const opened = await other.post('/guest/device-links/open', { link: link.body.link, device })
    expect((await browser.patch(`/guest/device-links/${link.body.id}`, { approve: true })).status).toBe(200)
    await app.guests.disable(guest.sub)
    const claimed = await other.post('/guest/device-links/claim', { secret: opened.body.secret })
    expect(claimed.body.code).toBe('link_invalid')
    await app.guests.enable(guest.sub)
    expect((await other.post('/guest/device-links/claim', { secret: opened.body.secret })).status).toBe(400)
  })

  test('stays the guest who was here before', async () => {
    const app = await start()
    const { guest, device } = await keptGuest(app)
    const browser = app.browser()
    const here = await browser.signIn()
    await app.guests.disable(guest.sub)
    expect((await browser.signInWithPasskey(device)).body).toMatchObject(refusal)
    expect(await subOf(browser)).toBe(here.sub)
  })
})

describe('a disabled guest', () => {
  test('is told of by events, the audit trail, webhooks and the export', async () => {
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
    const app = await startApp({ webhooks: [{ url: 'http://127.0.0.1:9/', secret }] })
    const told: [string, unknown][] = []
    for (const name of ['guest.disabled', 'guest.enabled', 'session.ended'] as const)
      app.guests.on(name, (event: GuestEvents[typeof name]) => told.push([name, event]))
    const { browser, guest, device } = await keptGuest(app)
    told.length = 0
    const { sessions } = (await browser.get('/guest/sessions')).body
    const anonymous_id = guest.sub
    const until = seconds(app) + day
    await app.guests.disable(guest.sub, { reason: 'abuse', until })
    await app.guests.enable(guest.sub)
    const expected = [
      ['session.ended', { anonymous_id, session_id: sessions[0].id, reason: 'disabled' }],
      ['guest.disabled', { anonymous_id, reason: 'abuse', until }],
      ['guest.enabled', { anonymous_id }],
    ]
    expect(told).toEqual(expected)
    const outbox = await rowsOf(app.store, 'outbox')
    const payloads = outbox.map(({ payload }) => JSON.parse(payload as string))
    for (const [type, data] of expected)
      expect(payloads).toContainEqual({ type, timestamp: expect.any(String), data })
    const lines = await app.guests.auditTrail({ anonymous_id })
    const actions = lines.map(({ action, outcome, session_id }) => [action, outcome, session_id])
    expect(actions).toEqual(
      expect.arrayContaining([
        ['guest.disabled', 'done', null],
        ['guest.enabled', 'done', null],
      ]),
    )
    expect((await browser.signInWithPasskey(device)).status).toBe(200)
    const { audit } = (await browser.get('/guest/account/export')).body
    expect(audit.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['guest.disabled', 'guest.enabled']),
    )
  })

  test('is disabled anew by a second call, with its time and reason, and enabled once', async () => {
    const app = await start()
    const { guest, device } = await keptGuest(app)
    await app.guests.disable(guest.sub, { until: seconds(app) + 10, reason: 'requested' })
    await app.guests.disable(guest.sub, { reason: 'legal' })
    app.clock.forward(11)
    expect((await app.browser().signInWithPasskey(device)).body).toMatchObject(refusal)
    expect(await rowOf(app, guest)).toMatchObject({ disabled_reason: 'legal', disabled_until: null })
    expect([await app.guests.enable(guest.sub), await app.guests.enable(guest.sub)]).toEqual([true, false])
    expect(await rowOf(app, guest)).toMatchObject({ disabled_reason: null, disabled_at: null })
  })

  test('is still forgotten in time, and erased by the host', async () => {
    const app = await start()
    const [guest, other] = [(await keptGuest(app)).guest, (await keptGuest(app)).guest]
    for (const { sub } of [guest, other]) {
      await app.guests.disable(sub)
      await makeDue(app, sub)
    }
    expect(await app.guests.erase(other.sub)).toBe(true)
    expect(await app.guests.sweep()).toMatchObject({ expired: 1 })
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'expired', disabled_reason: 'other' })
    expect(await rowOf(app, other)).toBeUndefined()
  })

  test('loses the offers to merge it that were made in its sessions', async () => {
    const { app } = await startMergingApp()
    const offer = await offered(app)
    await app.guests.disable(offer.guest.sub)
    await app.guests.enable(offer.guest.sub)
    const refused = await offer.browser.post('/guest/merge', { ticket: offer.ticket })
    expect(refused.body.code).toBe('merge_ticket_invalid')
  })

  test.each(['from', 'into'] as const)(
    'is not merged: `%s` is disabled while the hook of the host runs',
    async (side) => {
      const {
        app,
        undone,
        merges: told,
      } = await startMergingApp({
        merge: {
          onMerge: async (merge) => {
            told.push(merge)
            await app.guests.disable(merge[side].anonymous_id)
          },
        },
      })
      const { guest, winner, answer } = await foldedIn(app, async (_, __, { sub }) => {
        await app.guests.keep(sub)
      })
      expect(answer.body.merged).toBeUndefined()
      expect([told.length, undone.length]).toEqual([1, 1])
      expect(await merges(app, guest)).toMatchObject(
        side === 'into' ? [{ status: 'offered', into_id: winner.guest.sub }] : [{ from_id: guest.sub }],
      )
      expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
    },
  )

  test.each(['from', 'into'] as const)(
    'is not brought back by undoing a merge if `%s` is disabled, and is once it is enabled',
    async (side) => {
      const { app, merges: told } = await startMergingApp()
      const { guest, winner } = await merged(app)
      const sub = side === 'from' ? guest.sub : winner.guest.sub
      await app.guests.disable(sub)
      const undo = () => app.guests.undoMerge(told[0]!.ticket)
      await expect(undo()).rejects.toMatchObject({ code: 'guest_disabled' })
      expect(told, 'the hook is asked to merge again').toHaveLength(2)
      expect(await rowOf(app, guest)).toMatchObject({ stage: 'merged' })
      await app.guests.enable(sub)
      await undo()
      expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
    },
  )
})

describe('a guest without a row', () => {
  test('is disabled by its id: the session has ended for good, and the host cannot keep it', async () => {
    const app = await start()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const told: unknown[] = []
    app.guests.on('session.ended', (event) => told.push(event))
    await app.guests.disable(sub, { reason: 'abuse' })
    expect(told).toEqual([{ anonymous_id: sub, session_id: sub, reason: 'disabled' }])
    expect(await app.rows()).toMatchObject({ guests: 0, spent: 1 })
    expect((await copyOf(app, browser).get('/guest/userinfo')).body.code).toBe('session_invalid')
    await expect(app.guests.keep(sub)).rejects.toMatchObject({ code: 'not_found' })
    expect((await copyOf(app, browser).addPasskey(app.device())).status).toBe(401)
    await app.guests.disable(sub)
    expect(told, 'it ended once').toHaveLength(1)
    expect([await app.guests.enable(sub), await app.guests.enable(sub)]).toEqual([true, false])
    expect((await copyOf(app, browser).get('/guest/userinfo')).status).toBe(401)
  })

  test('leaves nothing once its session would have ended', async () => {
    const app = await start()
    const { sub } = await app.browser().signIn()
    await app.guests.disable(sub)
    app.clock.forward(91 * day)
    await app.guests.runChores()
    expect(await app.rows()).toMatchObject({ guests: 0, spent: 0 })
    expect(await app.guests.enable(sub)).toBe(false)
  })

  test('who was merged is not brought back while it is disabled', async () => {
    const { app, merges: told } = await startMergingApp()
    const { browser, guest, ticket } = await foldedIn(app)
    expect(told).toHaveLength(1)
    await app.guests.disable(guest.sub, { until: seconds(app) + 60 })
    const undo = () => browser.post('/guest/merge/undo', { ticket, force: true })
    expect((await undo()).body).toMatchObject(refusal)
    expect(await rowOf(app, guest)).toBeUndefined()
    app.clock.forward(61)
    expect((await undo()).body.sub).toBe(guest.sub)
  })
})

describe('an id that is disabled without a row', () => {
  test.each([null, 60])(
    'stays disabled if a guest is imported with it (for %s seconds)',
    async (forSeconds) => {
      const app = await start()
      const { sub } = await app.browser().signIn()
      const at = seconds(app)
      const until = forSeconds === null ? null : at + forSeconds
      await app.guests.disable(sub, { until })
      const email = { email: 'ada@example.org', email_verified: true }
      expect(await app.guests.import([{ sub, ...email }])).toMatchObject({ imported: 1, promoted: 1 })
      expect(await rowOf(app, { sub })).toMatchObject({ disabled_until: until, disabled_reason: 'other' })
      const enter = () => signInByCode(book, app.browser(), email.email)
      expect((await enter()).body).toMatchObject(refusal)
      if (until === null) expect(await app.guests.enable(sub)).toBe(true)
      else app.clock.forward(60)
      expect((await enter()).body.sub).toBe(sub)
      expect(await app.guests.enable(sub), 'nothing of the mark is left').toBe(false)
    },
  )
})

describe('guests.promote of a disabled guest', () => {
  test('is refused before the host is asked, and adds no login ID', async () => {
    const asked: unknown[] = []
    const onPromote = (event: unknown) => void asked.push(event)
    const app = await startTokenApp({ loginIds: { send: book.send, onPromote } })
    const { guest } = await keptGuest(app)
    const promote = () =>
      app.guests.promote(guest.sub, {
        loginId: { type: 'email', value: 'eve@example.org' },
        verified: true,
      })
    await app.guests.disable(guest.sub)
    await expect(promote()).rejects.toMatchObject({ code: 'guest_disabled', status: 403 })
    expect([asked, await rowsOf(app.store, 'login_ids')]).toEqual([[], []])
    await app.guests.enable(guest.sub)
    await promote()
    expect([asked.length, (await rowsOf(app.store, 'login_ids')).length]).toEqual([1, 1])
  })

  test('is refused if the guest was disabled while the host was asked', async () => {
    const hold: { sub?: string } = {}
    const app = await startTokenApp({
      loginIds: { send: book.send, onPromote: () => app.guests.disable(hold.sub!) },
    })
    hold.sub = (await keptGuest(app)).guest.sub
    const loginId = { type: 'email', value: 'eve@example.org' } as const
    await expect(app.guests.promote(hold.sub!, { loginId, verified: true })).rejects.toMatchObject({
      code: 'guest_disabled',
    })
    expect(await rowsOf(app.store, 'login_ids')).toEqual([])
  })
})

describe('guests.disable', () => {
  test.each([
    [
      { until: 1000 },
      /until must be a time to come, in whole Unix seconds \(now: \d+\), or null. It is 1000/,
    ],
    [{ until: 2 ** 40 + 0.5 }, /until must be a time to come/],
    [{ until: '2030-01-31' }, /It is 2030-01-31/],
    [{ reason: 'spite' }, /reason must be one of abuse, compromised, requested, legal, other. It is spite/],
  ])('refuses %j, and says what would be right', async (given, message) => {
    const app = await start()
    const { guest } = await keptGuest(app)
    const refused = app.guests.disable(guest.sub, given as never)
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message),
    })
    expect(await rowOf(app, guest)).toMatchObject({ disabled_at: null })
  })

  test.each(['nobody', '', 'an\0id', 'x'.repeat(256)])(
    'refuses %j, which is the id of nobody',
    async (id) => {
      const app = await start()
      await expect(app.guests.disable(id)).rejects.toMatchObject({ code: 'not_found' })
      expect(await app.guests.enable(id)).toBe(false)
    },
  )

  test('is refused beside nodes of another version, which would let the guest in; enable is not', async () => {
    const app = await start()
    const { guest, device } = await keptGuest(app)
    await app.guests.disable(guest.sub)
    await execute(app.store, `INSERT INTO schema_steps (step) VALUES (${migrations.length})`)
    await expect(app.guests.disable(guest.sub)).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    expect(await app.guests.enable(guest.sub)).toBe(true)
    expect((await app.browser().signInWithPasskey(device)).status).toBe(200)
  })

  test('disables an imported guest too', async () => {
    const app = await start()
    await app.guests.import([{ sub: 'imported|1' }])
    await app.guests.disable('imported|1')
    expect(await rowOf(app, { sub: 'imported|1' })).toMatchObject({ disabled_reason: 'other' })
  })
})
