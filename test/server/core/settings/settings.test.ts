// Settings that are changed while guestkey runs: they count on all nodes within two seconds, and go back to the options.

import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSettings } from '../../../../server/core/settings/settings.ts'
import type { GuestEvents } from '../../../../server/index.ts'
import { resolveOptions } from '../../../../server/options/options.ts'
import { migrations } from '../../../../server/store/sql/migrations.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { askToRegister, keptGuest, sendRegistration } from '../../../support/ceremonies.ts'
import { askForCode, signInByCode, startPromotingApp } from '../../../support/promotion.ts'
import { execute, rowsOf } from '../../../support/tables.ts'
import { anonymously, anotherNode, ask, startTokenApp } from '../../../support/tokens.ts'

const collections = { users: {}, staff: { guestSignIn: false }, members: {} }
const signIn = (app: TestApp, collection?: string) =>
  app.browser().post('/guest/sign-in', collection === undefined ? {} : { collection })
const codeOf = async (answer: Promise<{ status: number; body: { code?: string } }>) =>
  (await answer).body.code ?? (await answer).status

/** The values of all settings. */
const valuesOf = async ({ guests }: TestApp) =>
  Object.fromEntries(Object.entries(await guests.settings.get()).map(([name, { value }]) => [name, value]))

describe('guestSignIn', () => {
  test('is switched off and on again at run time, by whoever says so, and back to the options', async () => {
    const app = await startTokenApp({ collections })
    expect(await codeOf(signIn(app))).toBe(200)
    const at = Math.floor(app.clock.now() / 1000)
    const settings = await app.guests.settings.set(
      { guestSignIn: false },
      { by: 'ada', reason: 'a flood of sign-ins' },
    )
    const changed = { changed_at: at, changed_by: 'ada', reason: 'a flood of sign-ins' }
    expect(settings.guestSignIn).toEqual({ value: false, ...changed })
    expect(await app.guests.settings.get()).toEqual(settings)
    expect(await codeOf(signIn(app))).toBe('guest_sign_in_off')
    expect(await codeOf(app.browser().post('/guest/passkeys/register/options'))).toBe('guest_sign_in_off')
    expect((await anonymously(app)).body.error).toBe('unauthorized_client')
    const grants = async () =>
      (await ask(app, '/guest/.well-known/oauth-authorization-server')).body.grant_types_supported
    const grant = 'urn:guestkey:params:oauth:grant-type:anonymous'
    expect(await grants()).not.toContain(grant)
    expect(await app.guests.settings.reset('guestSignIn')).toMatchObject({
      guestSignIn: { value: true, changed_at: null, changed_by: null, reason: null },
    })
    expect(await codeOf(signIn(app))).toBe(200)
    expect(await grants()).toContain(grant)
  })

  test.each([
    [{}, [200, 'guest_sign_in_off', 200]],
    [{ guestSignIn: false }, ['guest_sign_in_off', 'guest_sign_in_off', 'guest_sign_in_off']],
    [{ guestSignIn: true }, [200, 'guest_sign_in_off', 200]],
    [{ 'guestSignIn.staff': true }, [200, 200, 200]],
    [{ guestSignIn: false, 'guestSignIn.members': true }, ['guest_sign_in_off', 'guest_sign_in_off', 200]],
    [{ 'guestSignIn.users': false }, ['guest_sign_in_off', 'guest_sign_in_off', 200]],
  ] as const)(
    '%j lets these in: users, staff (closed by its option), members: %j',
    async (values, expected) => {
      const app = await startApp({ collections })
      const settings = await app.guests.settings.set(values)
      const names = ['users', 'staff', 'members'] as const
      const codes = []
      for (const name of names) codes.push(await codeOf(signIn(app, name)))
      expect(codes).toEqual(expected)
      expect(names.map((name) => settings[`guestSignIn.${name}`]!.value)).toEqual(
        expected.map((code) => code === 200),
      )
    },
  )

  test('that is not changed has the value of its option', async () => {
    const open = { guestSignIn: true }
    const app = await startApp({
      ...{ guestSignIn: false, rateLimit: { perMinute: 100 } },
      collections: { ...collections, open },
    })
    expect(await valuesOf(app)).toEqual({
      guestSignIn: false,
      'guestSignIn.users': false,
      'guestSignIn.staff': false,
      'guestSignIn.members': false,
      'guestSignIn.open': true,
      'rateLimit.perMinute': 100,
      passkeyRegistration: true,
      codes: true,
      notice: null,
    })
  })

  test('that is changed leaves all settings of other things as they are', async () => {
    const app = await startApp() // no limit
    await app.guests.settings.set({ guestSignIn: false })
    expect(await valuesOf(app)).toMatchObject({
      ...{ 'rateLimit.perMinute': false, passkeyRegistration: true, codes: true },
    })
  })

  test('true opens all collections that the option for all has closed', async () => {
    const app = await startApp({ guestSignIn: false, collections: { users: {}, members: {} } })
    await app.guests.settings.set({ guestSignIn: true })
    expect(await codeOf(signIn(app, 'members'))).toBe(200)
  })
})

describe('the other settings', () => {
  test('rateLimit.perMinute counts at once, also where the options have no limit', async () => {
    const app = await startApp() // no limit
    await app.guests.settings.set({ 'rateLimit.perMinute': 2 })
    expect([await codeOf(signIn(app)), await codeOf(signIn(app)), await codeOf(signIn(app))]).toEqual([
      ...[200, 200, 'too_many_requests'],
    ])
    await app.guests.settings.set({ 'rateLimit.perMinute': 3 })
    expect([await codeOf(signIn(app)), await codeOf(signIn(app))]).toEqual([200, 'too_many_requests'])
    await app.guests.settings.set({ 'rateLimit.perMinute': false })
    expect(await codeOf(signIn(app))).toBe(200)
  })

  test('passkeyRegistration false takes no passkey, also not one whose ceremony began before; old ones sign in', async () => {
    const app = await startApp()
    const { browser, device, guest } = await keptGuest(app)
    const proof = await app.device().create(await askToRegister(browser))
    await app.guests.settings.set({ passkeyRegistration: false })
    expect(await codeOf(sendRegistration(browser, proof))).toBe('registration_off')
    const asked = await browser.post('/guest/passkeys/register/options')
    expect([asked.body.code, (await app.browser().addPasskey(app.device())).body.code]).toEqual([
      ...['registration_off', 'registration_off'],
    ])
    expect((await app.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
    await app.guests.settings.reset('passkeyRegistration')
    expect((await sendRegistration(browser, proof)).status).toBe(201)
  })

  test('codes false sends none and says the same whoever has the address; one that was sent still works', async () => {
    const promoting = await startPromotingApp()
    const { app, sent } = promoting
    const browser = app.browser()
    await browser.signIn()
    const transaction = await askForCode(browser, 'ada@example.org')
    await app.guests.settings.set({ codes: false })
    const start = (one: Browser, door: string, value: string) =>
      codeOf(one.post(`/guest/${door}`, { type: 'email', value }))
    expect(await start(browser, 'promotion/start', 'bob@example.org')).toBe('codes_off')
    const code = promoting.codeTo('ada@example.org')
    expect((await browser.post('/guest/promotion/verify', { transaction, code })).status).toBe(200)
    for (const value of ['ada@example.org', 'nobody@example.org'])
      expect(await start(app.browser(), 'sign-in/code/start', value)).toBe('codes_off')
    expect(sent).toHaveLength(1)
    await app.guests.settings.set({ codes: true })
    expect((await signInByCode(promoting, app.browser(), 'ada@example.org')).status).toBe(200)
  })
})

describe('notice', () => {
  const texts = { en: 'Codes come late today.', 'pt-BR': 'Os códigos chegam tarde hoje.' }
  const noticeOf = async (app: TestApp) => (await app.browser().get('/guest/notice')).body

  test('is there for everybody who comes, on each node, until it is taken away', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    expect(await noticeOf(app)).toEqual({ notice: null })
    await app.guests.settings.set({ notice: '  Read this. ' })
    expect(await noticeOf(app)).toEqual({ notice: 'Read this.' })
    await app.guests.settings.set({ notice: { en: texts.en, 'pt-br': texts['pt-BR'] } }, { by: 'ada' })
    await expect.poll(() => noticeOf(node), { timeout: 2000, interval: 100 }).toEqual({ notice: texts })
    expect((await node.guests.settings.get()).notice).toMatchObject({ value: texts, changed_by: 'ada' })
    await app.guests.settings.reset('notice')
    await expect.poll(() => noticeOf(node), { timeout: 2000, interval: 100 }).toEqual({ notice: null })
  })

  test('is told by the event, and not repeated in the audit trail', async () => {
    const app = await startApp()
    const told: GuestEvents['setting.changed'][] = []
    app.guests.on('setting.changed', (event) => told.push(event))
    await app.guests.settings.set({ notice: texts })
    await app.guests.settings.reset('notice')
    expect(told.map(({ value }) => value)).toEqual([texts, null])
    expect((await app.guests.auditTrail()).map(({ outcome }) => outcome).toSorted()).toEqual([
      ...['notice as in the options', 'notice changed'],
    ])
  })

  test.each([
    [true, /notice must be a text, or an object with a text for each language, like .*It is true/],
    [['Read this.'], /notice must be a text, or an object/],
    [null, /notice must be a text, or an object/],
    ['', /notice must be a text of 1 to 200 characters, .* It is ""/],
    ['x'.repeat(201), /1 to 200 characters/],
    ['<b>Read this.</b>', /without <, > and control characters. It is "<b>Read this.<\/b>"/],
    ['two\nlines', /without <, > and control characters/],
    ['\ud800', /notice must be a text/],
    [{}, /notice must have 1 to 50 languages. It has 0/],
    [{ 'not a language': 'x' }, /not a language in notice must be the tag of a language/],
    [{ en: texts.en, de: 5 }, /notice in de must be a text of 1 to 200 characters, .* It is 5/],
  ])('%j is refused, and the error says what would be right', async (notice, message) => {
    const app = await startApp()
    const refused = app.guests.settings.set({ notice } as never)
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message),
    })
    expect(await noticeOf(app)).toEqual({ notice: null })
  })
})

describe('a change', () => {
  test('counts at another node within two seconds, and after a restart', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    expect(await codeOf(signIn(node))).toBe(200)
    await app.guests.settings.set({ guestSignIn: false })
    await expect.poll(() => codeOf(signIn(node)), { timeout: 2000, interval: 100 }).toBe('guest_sign_in_off')
    const restarted = await anotherNode(app)
    expect(await codeOf(signIn(restarted))).toBe('guest_sign_in_off')
    await node.guests.settings.reset('guestSignIn')
    await expect.poll(() => codeOf(signIn(app)), { timeout: 2000, interval: 100 }).toBe(200)
  })

  test('is an event and a line of the audit trail, which name nobody', async () => {
    const app = await startApp()
    const told: GuestEvents['setting.changed'][] = []
    app.guests.on('setting.changed', (event) => told.push(event))
    await app.guests.settings.set({ codes: false }, { by: 'ada', reason: 'a leak' })
    await app.guests.settings.reset('codes')
    await app.guests.settings.reset('codes') // it is as in the options already
    expect(told).toEqual([
      { setting: 'codes', value: false, from_options: false },
      { setting: 'codes', value: true, from_options: true },
    ])
    const trail = await app.guests.auditTrail()
    expect(
      trail.map(({ anonymous_id, action, outcome }) => [anonymous_id, action, outcome]).toSorted(),
    ).toEqual([
      ['', 'setting.changed', 'codes as in the options'],
      ['', 'setting.changed', 'codes=false'],
    ])
    for (const table of ['audit', 'outbox'])
      expect(JSON.stringify(await rowsOf(app.store, table))).not.toMatch(/ada|leak/)
  })

  test('is told by another node as soon as it is asked for the settings', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    expect((await node.guests.settings.get()).codes).toMatchObject({ value: true })
    await app.guests.settings.set({ codes: false }, { by: 'ada' })
    expect((await node.guests.settings.get()).codes).toMatchObject({ value: false, changed_by: 'ada' })
  })

  test('of several settings at the same moment loses none of them', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    await Promise.all([
      app.guests.settings.set({ codes: false }),
      node.guests.settings.set({ passkeyRegistration: false }),
      app.guests.settings.set({ 'rateLimit.perMinute': 1000 }),
      node.guests.settings.set({ guestSignIn: false }),
    ])
    const settings = await app.guests.settings.get()
    expect(Object.entries(settings).map(([name, { value }]) => [name, value])).toEqual([
      ['guestSignIn', false],
      ['guestSignIn.users', false],
      ['rateLimit.perMinute', 1000],
      ['passkeyRegistration', false],
      ['codes', false],
      ['notice', null],
    ])
    expect(await rowsOf(app.store, 'live_settings')).toMatchObject([{ id: 'settings', version: 4 }])
  })

  test.each([
    [
      { 'sessions.idleSeconds': 1 },
      /sessions\.idleSeconds cannot be changed while guestkey runs. These can: guestSignIn, /,
    ],
    [{ 'guestSignIn.nobody': true }, /guestSignIn.nobody cannot be changed/],
    [{ constructor: true }, /constructor cannot be changed/],
    [{ guestSignIn: 'no' }, /guestSignIn must be true or false. It is "no"/],
    [{ 'rateLimit.perMinute': 0 }, /rateLimit.perMinute must be a whole number above 0, or false. It is 0/],
    [
      { 'rateLimit.perMinute': 1.5 },
      /rateLimit.perMinute must be a whole number above 0, or false. It is 1.5/,
    ],
    [
      { 'rateLimit.perMinute': true },
      /rateLimit.perMinute must be a whole number above 0, or false. It is true/,
    ],
    [{ codes: false, passkeyRegistration: 1 }, /passkeyRegistration must be true or false. It is 1/],
  ])('%j is refused, and the error says what would be right', async (values, message) => {
    const app = await startApp()
    const refused = app.guests.settings.set(values as never)
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message),
    })
    expect(await rowsOf(app.store, 'live_settings')).toEqual([])
    await expect(app.guests.settings.reset('secret')).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('says who in a text of at most 200 characters', async () => {
    const app = await startApp()
    const set = (by: string) => app.guests.settings.set({ codes: true }, { by })
    await expect(set('a'.repeat(201))).rejects.toMatchObject({ code: 'invalid_request' })
    for (const wrong of ['a\nb', '\ud800', 5, ['ada'], null])
      await expect(set(wrong as string), String(wrong)).rejects.toMatchObject({ code: 'invalid_request' })
    expect((await set('a'.repeat(200))).codes!.changed_by).toHaveLength(200)
  })

  test('is refused beside nodes of another version, which would go by their options', async () => {
    const app = await startApp()
    await app.guests.ready()
    await execute(app.store, `INSERT INTO schema_steps (step) VALUES (${migrations.length})`)
    await expect(app.guests.settings.set({ codes: false })).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a node', () => {
  const config = resolveOptions({
    origin: 'http://localhost',
    store: 'postgres://localhost/none',
    secret: 'x'.repeat(32),
  })

  test('reads the settings by itself, however many requests there are, and goes by the options until it can', async () => {
    let looks = 0
    let answer = async () => ({ version: 0, changes: {} })
    const readSettings = () => {
      looks++
      return answer()
    }
    answer = () => Promise.reject(new Error('the store is away'))
    const settings = createSettings({ config, store: { readSettings } as never, everyMilliseconds: 20 })
    onTestFinished(() => settings.close())
    expect(looks, 'nobody has asked yet').toBe(0)
    for (let i = 0; i < 100; i++) expect(await settings.value('codes')).toBe(true)
    expect(looks).toBeLessThan(5)
    const change = { value: false, at: 1, by: null, reason: null }
    answer = async () => ({ version: 2, changes: { codes: change } }) as never
    await expect.poll(() => settings.value('codes')).toBe(false)
    answer = async () => ({ version: 1, changes: {} })
    const before = looks
    await expect.poll(() => looks).toBeGreaterThan(before + 2)
    expect(await settings.value('codes'), 'what was read before does not come back').toBe(false)
    settings.close()
    const last = looks
    await setTimeout(100)
    expect(looks).toBeLessThanOrEqual(last + 1)
  })

  test('answers nobody before it has looked once', async () => {
    const change = { value: false, at: 1, by: null, reason: null }
    const readSettings = () => setTimeout(50, { version: 1, changes: { codes: change } })
    const settings = createSettings({ config, store: { readSettings } as never })
    onTestFinished(() => settings.close())
    expect(await settings.value('codes')).toBe(false)
  })

  test('does not wait for a store that is silent', async () => {
    const readSettings = () => new Promise<never>(() => {})
    const settings = createSettings({ config, store: { readSettings } as never })
    onTestFinished(() => settings.close())
    expect(await settings.value('guestSignIn')).toBe(true)
  })
})
