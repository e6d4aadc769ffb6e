// Profiles: guests give the attributes that the host declares, and nothing else.

import { setTimeout } from 'node:timers/promises'
import supertest, { type Response } from 'supertest'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import type { Context } from '../../../../server/context.ts'
import { changeProfile } from '../../../../server/core/life/profile.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import {
  type GuestEvents,
  type GuestKey,
  type GuestProfile,
  guestkey,
  type Options,
  OptionsError,
} from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { rowBecomes, tracesOf, unixSeconds } from '../../../support/guest-rows.ts'
import { cookiesSet, expectRefusal } from '../../../support/refusals.ts'
import { countRows, tables } from '../../../support/tables.ts'
import {
  anonymously,
  bearer,
  bySession,
  claimsOf,
  granted,
  refresh,
  startTokenApp,
} from '../../../support/tokens.ts'

const nickname = z.string().min(1, 'must not be empty').max(40, 'must have 40 characters at most')
const schema = z.object({
  nickname,
  email: z.email('must be an e-mail address'),
  age: z.int().nonnegative(),
  tags: z.array(z.string()),
  address: z.object({ city: z.string('must be a text'), zip: z.string() }),
  note: z.string(),
})

const startProfiles = (options: Partial<Options> = {}) => startApp({ profile: schema, ...options })

const read = (browser: Browser) => browser.get('/guest/profile')
const patch = (browser: Browser, attributes: object) => browser.patch('/guest/profile', { attributes })
/** The version in an ETag. The tag names the guest too, because a tab may still show another guest's profile. */
const versionIn = ({ headers }: Response) => Number(/^"[\w-]{8}-(\d+)"$/.exec(headers.etag!)![1])
/** The ETag of this guest's profile with this version. */
const tagOf = async (browser: Browser, version: number) =>
  (await read(browser)).headers.etag!.replace(/-\d+"$/, `-${version}"`)
const attributesOf = async (browser: Browser) => (await read(browser)).body.attributes

/** A request with these headers, in the session of this browser. */
const withHeaders = (app: TestApp, { cookie }: Browser, headers: Record<string, string>, body?: object) => {
  const agent = supertest(app.server)
  const request = body ? agent.patch('/guest/profile') : agent.get('/guest/profile')
  request.set({ Cookie: cookie!, Origin: app.origin, 'Sec-Fetch-Site': 'same-origin', ...headers })
  return body ? request.set('Content-Type', 'application/json').send(JSON.stringify(body)) : request
}

/** A guest without a row, one that is kept without a passkey, and one with a passkey. */
const kinds: Record<string, (app: TestApp) => Promise<Browser>> = {
  async sealed(app) {
    const browser = app.browser()
    await browser.signIn()
    return browser
  },
  async kept(app) {
    const browser = app.browser()
    const { sub, label } = await browser.signIn()
    await app.guests.keep(sub)
    await browser.get('/guest/userinfo')
    await rowBecomes(app, sub, { label })
    return browser
  },
  'with a passkey': async (app) => (await keptGuest(app)).browser,
}
const eachKind = Object.entries(kinds)

describe.each(eachKind)('the profile of a guest (%s)', (_kind, guestOf) => {
  test('is empty at first, and then holds what was given', async () => {
    const app = await startProfiles()
    const browser = await guestOf(app)
    const { sub } = (await browser.get('/guest/userinfo')).body
    const about = {
      ...{ anonymous_id: sub, is_anonymous: true, is_verified: false, is_promoted: false },
      ...{ isAnonymous: true, isVerified: false, isPromoted: false },
    }
    const empty = await read(browser)
    expect(empty.status).toBe(200)
    expect(empty.body).toEqual({ ...about, attributes: {}, updated_at: null })
    expect(versionIn(empty)).toBe(0)
    expect(empty.headers['cache-control']).toBe('no-store')
    const { token } = browser
    const given = await patch(browser, { nickname: 'Fox', age: 7 })
    expect(given.status, given.text).toBe(200)
    expect(given.body).toEqual({
      ...{ ...about, attributes: { nickname: 'Fox', age: 7 }, updated_at: unixSeconds(app) },
    })
    expect(versionIn(given)).toBe(1)
    expect(cookiesSet(given)).toEqual([])
    expect(browser.token, 'the session goes on').toBe(token)
    const now = await read(browser)
    expect(now.body).toEqual(given.body)
    expect(now.headers.etag).toBe(given.headers.etag)
    expect(await countRows(app.store)).toMatchObject({ guests: 1, sessions: 1, profiles: 1 })
  })

  test('loses an attribute that is set to null, keeps unnamed ones, and has the same version if nothing changes', async () => {
    const app = await startProfiles()
    const browser = await guestOf(app)
    await patch(browser, { nickname: 'Fox', age: 7, tags: ['a', 'b'] })
    app.clock.forward(60)
    const changed = await patch(browser, { nickname: null, tags: ['c'] })
    expect(changed.body).toMatchObject({ updated_at: unixSeconds(app) })
    expect(changed.body.attributes).toEqual({ age: 7, tags: ['c'] })
    expect(versionIn(changed)).toBe(2)
    const before = await tables(app.store)
    for (const nothing of [{}, { nickname: null }, { age: 7 }, { tags: ['c'] }]) {
      const same = await patch(browser, nothing)
      expect(same.headers.etag).toBe(changed.headers.etag)
      expect(same.body).toEqual(changed.body)
    }
    expect(await tables(app.store)).toEqual(before)
    expect((await patch(browser, { age: null, tags: null })).body.attributes).toEqual({})
    expect(versionIn(await read(browser))).toBe(3)
  })

  test('is answered with 304 while If-None-Match names its version', async () => {
    const app = await startProfiles()
    const browser = await guestOf(app)
    for (const [version, another] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const [tag, other] = [await tagOf(browser, version), await tagOf(browser, another)]
      for (const known of [tag, `W/${tag}`, `"9", ${tag}`]) {
        const same = await withHeaders(app, browser, { 'If-None-Match': known })
        expect(same.status).toBe(304)
        expect(same.text).toBe('')
        expect(same.headers.etag).toBe(tag)
      }
      for (const stale of [other, `"${version}"`, 'x']) {
        expect((await withHeaders(app, browser, { 'If-None-Match': stale })).status).toBe(200)
      }
      await patch(browser, { nickname: 'Fox' })
    }
  })

  test('refuses a stale If-Match with 412, and changes with the current one', async () => {
    const app = await startProfiles()
    const browser = await guestOf(app)
    const send = (tag: string, name: string) =>
      withHeaders(app, browser, { 'If-Match': tag }, { attributes: { nickname: name } })
    const refuse = (tag: string) =>
      expectRefusal(app, async () => send(tag, 'Wolf'), 412, 'precondition_failed')
    const stranger = await guestOf(app)
    const tags = await Promise.all([0, 1, 2, 3].map((version) => tagOf(browser, version)))
    await refuse(tags[1]!)
    expect((await send(tags[0]!, 'Fox')).headers.etag).toBe(tags[1])
    const wrong = ['"01x"', '1', '"1"', '""', 'null', `"${'9'.repeat(40)}"`, '"-1"', '"x-1"', '-1"']
    for (const tag of [tags[0]!, tags[2]!, await tagOf(stranger, 1), ...wrong]) await refuse(tag)
    expect((await send(tags[1]!, 'Owl')).body.attributes).toEqual({ nickname: 'Owl' })
    await refuse(tags[1]!)
    expect((await send('*', 'Elk')).headers.etag).toBe(tags[3])
    expect(versionIn(await send(`W/${tags[3]}`, 'Cat'))).toBe(4)
    expect(await attributesOf(browser)).toEqual({ nickname: 'Cat' })
  })

  test('loses none of fifty changes at once; of fifty with the same If-Match one wins', async () => {
    const app = await startProfiles(many)
    const browser = await guestOf(app)
    const tabs = Array.from({ length: 50 }, () => copyOf(app, browser))
    const answers = await Promise.all(tabs.map((tab, i) => patch(tab, { [`a${i}`]: `value ${i}` })))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
    const now = await read(browser)
    expect(now.body.attributes).toEqual(
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`a${i}`, `value ${i}`])),
    )
    expect(versionIn(now)).toBe(50)
    expect(new Set(answers.map((answer) => answer.headers.etag)).size).toBe(50)
    const again = await Promise.all(
      tabs.map((tab, i) =>
        withHeaders(app, tab, { 'If-Match': now.headers.etag! }, { attributes: { a0: `winner ${i}` } }),
      ),
    )
    const won = again.filter(({ status }) => status === 200)
    expect(again.filter(({ status }) => status === 412)).toHaveLength(49)
    expect(won).toHaveLength(1)
    expect((await attributesOf(browser)).a0).toBe(won[0]!.body.attributes.a0)
    expect(await countRows(app.store)).toMatchObject({ guests: 1, sessions: 1, profiles: 1 })
  })
})

const many = {
  profile: z.object(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`a${i}`, z.string()]))),
}

describe('an attribute', () => {
  test.each([
    [{ nickname: '' }, 'nickname: must not be empty'],
    [{ nickname: 'x'.repeat(41) }, 'nickname: must have 40 characters at most'],
    [{ nickname: 5 }, /^nickname: .*expected string/],
    [{ nickname: ['Fox'] }, /^nickname: .*expected string/],
    [{ email: 'nobody' }, 'email: must be an e-mail address'],
    [{ age: 1.5 }, /^age: /],
    [{ age: '7' }, /^age: .*expected/],
    [{ tags: ['a', 1] }, /^tags\.1: /],
    [{ address: { city: 1, zip: '' } }, 'address.city: must be a text'],
    [{ address: 'here' }, /^address: .*expected object/],
    [
      { colour: 'red' },
      'The profile has no attribute colour; it has nickname, email, age, tags, address, note.',
    ],
    [{ nickname: 'Fox', colour: 'red' }, /has no attribute colour/],
    [{ constructor: 'x' }, /has no attribute constructor/],
    [{ toString: 'x' }, /has no attribute toString/],
    [{ hasOwnProperty: null }, /has no attribute hasOwnProperty/],
    [{ ['x'.repeat(1000)]: 1 }, /^The profile has no attribute x{64}; it has/],
  ])('is refused with the reason if it is not valid: %j', async (attributes, detail) => {
    const app = await startProfiles()
    const browser = app.browser()
    await browser.signIn()
    const refused = await expectRefusal(app, () => patch(browser, attributes), 400, 'attribute_invalid')
    expect(refused.body.detail).toMatch(
      detail instanceof RegExp ? detail : new RegExp(`^${escaped(detail)}$`),
    )
    expect(await attributesOf(browser), 'nothing of it is stored').toEqual({})
  })

  const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

  test('cannot be named like a property of the prototype', async () => {
    const app = await startProfiles()
    const browser = app.browser()
    await browser.signIn()
    for (const text of [
      '{"attributes":{"__proto__":{"nickname":"Fox"}}}',
      '{"attributes":{"__proto__":null}}',
      '{"attributes":{"nickname":"Fox","__proto__":{"isAdmin":true}}}',
      '{"__proto__":{"attributes":{"nickname":"Fox"}}}',
    ]) {
      const before = await tables(app.store)
      const answer = await supertest(app.server)
        .patch('/guest/profile')
        .set({ Cookie: browser.cookie!, Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' })
        .set('Content-Type', 'application/json')
        .send(text)
      expect(answer.status, answer.text).toBe(400)
      expect(await tables(app.store)).toEqual(before)
    }
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
    expect(await attributesOf(browser)).toEqual({})
  })

  test('is checked alone: one that is no longer valid may stay while another one changes', async () => {
    const store = (await startProfiles()).store
    const before = await startProfiles({ store })
    const { browser } = await keptGuest(before)
    await patch(browser, { nickname: 'x'.repeat(40) })
    const after = await startProfiles({
      store,
      origin: before.origin,
      now: before.clock.now,
      profile: z.object({ nickname: z.string().max(3), age: z.number() }),
    })
    const back = copyOf(after, browser)
    expect((await patch(back, { age: 7 })).body.attributes).toEqual({ nickname: 'x'.repeat(40), age: 7 })
    expect((await patch(back, { nickname: 'x'.repeat(40) })).status).toBe(400)
  })

  test('is stored as its schema returns it, even asynchronously', async () => {
    const app = await startProfiles({
      profile: z.object({
        nickname: z.string().trim(),
        code: z.string().transform(async (text) => {
          await setTimeout(5)
          return text.toUpperCase()
        }),
        word: z.string().refine(async (text) => text !== 'no', 'must not be no'),
      }),
    })
    const browser = app.browser()
    await browser.signIn()
    const given = await patch(browser, { nickname: '  Fox ', code: 'abc', word: 'yes' })
    expect(given.body.attributes).toEqual({ nickname: 'Fox', code: 'ABC', word: 'yes' })
    expect((await patch(browser, { word: 'no' })).body.detail).toBe('word: must not be no')
    expect(await attributesOf(browser)).toEqual(given.body.attributes)
  })

  test.each([
    ['HTML', '<img src=x onerror=alert(1)><script>alert(1)</script>'],
    ['SQL', "'); DROP TABLE guests; --"],
    ['10,000 combining marks', `e${'\u0301'.repeat(10_000)}`],
    ['emoji and right-to-left marks', '\u202E👩‍👩‍👧‍👦\u202C שלום'],
    ['text that JSON escapes', '"\\\u2028\u2029\n\t'],
    ['a name of the prototype', '__proto__'],
  ])('is stored as plain data if it is %s', async (_name, note) => {
    const app = await startProfiles({ maxProfileBytes: 64 * 1024 })
    const browser = app.browser()
    await browser.signIn()
    const given = await patch(browser, { note })
    expect(given.status, given.text).toBe(200)
    expect(given.body.attributes).toEqual({ note })
    expect(given.headers).toMatchObject({
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
    })
    expect(await attributesOf(browser)).toEqual({ note })
    const { sub } = (await browser.get('/guest/userinfo')).body
    expect((await app.guests.profile.get(sub)).attributes).toEqual({ note })
  })

  test.each([
    ['the character NUL', '{"attributes":{"note":"a\\u0000b"}}'],
    ['half of a character', '{"attributes":{"note":"\\ud800"}}'],
  ])('is refused if it holds %s', async (_name, text) => {
    const app = await startProfiles()
    const browser = app.browser()
    await browser.signIn()
    const answer = await supertest(app.server)
      .patch('/guest/profile')
      .set({ Cookie: browser.cookie!, Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' })
      .set('Content-Type', 'application/json')
      .send(text)
    expect(`${answer.status} ${answer.body.code}`).toBe('400 invalid_request')
  })

  test('is refused if its schema returns what is not JSON', async () => {
    const app = await startProfiles({
      profile: z.object({ nickname: z.string().transform(() => undefined) }),
    })
    const browser = app.browser()
    await browser.signIn()
    const refused = await expectRefusal(
      app,
      () => patch(browser, { nickname: 'Fox' }),
      400,
      'attribute_invalid',
    )
    expect(refused.body.detail).toMatch(/^nickname: .* not JSON/)
  })

  test('is refused if the session ended meanwhile', async () => {
    const ended = { patchProfile: async () => ({ outcome: 'ended' }) }
    const config = { profile: z.object({ nickname: z.string() }), webhooks: [], maxProfileBytes: 100 }
    const ctx = { now: () => 1000, config, store: ended } as unknown as Context
    const session = {
      kind: 'stored',
      anonymousId: 'guest',
      id: 'here',
      promotedAt: null,
    } as unknown as Session
    await expect(changeProfile(ctx, session, { nickname: 'Fox' })).rejects.toMatchObject({
      code: 'session_invalid',
    })
  })

  test('is refused if the profile gets larger than maxProfileBytes, and the profile stays', async () => {
    const app = await startProfiles({ maxProfileBytes: 200 })
    const browser = app.browser()
    await browser.signIn()
    await expectRefusal(app, () => patch(browser, { note: 'x'.repeat(200) }), 413, 'profile_too_large')
    expect(await countRows(app.store)).toMatchObject({ guests: 0 })
    expect((await patch(browser, { note: 'x'.repeat(150) })).status).toBe(200)
    await expectRefusal(app, () => patch(browser, { tags: ['x'.repeat(50)] }), 413, 'profile_too_large')
    expect(await attributesOf(browser)).toEqual({ note: 'x'.repeat(150) })
    expect((await patch(browser, { note: null, tags: ['x'.repeat(150)] })).status).toBe(200)
    await patch(browser, { tags: null })
    const fits = 200 - '{"note":""}'.length
    await expectRefusal(
      app,
      () => patch(browser, { note: 'é'.repeat(fits / 2 + 1) }),
      413,
      'profile_too_large',
    )
    expect((await patch(browser, { note: 'x'.repeat(fits) })).status).toBe(200)
  })

  test('is refused by default if the profile gets larger than 8,192 bytes', async () => {
    const app = await startProfiles()
    const browser = app.browser()
    await browser.signIn()
    const fits = 8192 - '{"note":""}'.length
    await expectRefusal(app, () => patch(browser, { note: 'x'.repeat(fits + 1) }), 413, 'profile_too_large')
    expect((await patch(browser, { note: 'x'.repeat(fits) })).status).toBe(200)
  })
})

test.each(['userId', 'role', 'is_anonymous', 'anonymous_id', 'sub', 'collection', 'recoverability'])(
  '%s in a body is refused, because the session says who the guest is',
  async (name) => {
    const app = await startProfiles()
    const [browser, other] = [app.browser(), app.browser()]
    const { sub } = await browser.signIn()
    const victim = await other.signIn()
    await patch(other, { nickname: 'Owl' })
    const value = name === 'is_anonymous' ? false : victim.sub
    await expectRefusal(
      app,
      () => browser.patch('/guest/profile', { attributes: { nickname: 'Fox' }, [name]: value }),
      400,
      'invalid_request',
    )
    await expectRefusal(app, () => patch(browser, { [name]: value }), 400, 'attribute_invalid')
    await expectRefusal(app, () => browser.patch('/guest/profile', { [name]: value }), 400, 'invalid_request')
    expect(await attributesOf(other)).toEqual({ nickname: 'Owl' })
    expect((await browser.get('/guest/userinfo')).body).toMatchObject({ sub, isAnonymous: true })
  },
)

test.each([
  [{}],
  [{ attributes: null }],
  [{ attributes: [] }],
  [{ attributes: 'x' }],
  [{ nickname: 'Fox' }],
  [[]],
])('the body %j is refused as a patch', async (body) => {
  const app = await startProfiles()
  const browser = app.browser()
  await browser.signIn()
  await expectRefusal(app, () => browser.patch('/guest/profile', body), 400, 'invalid_request')
})

test('nobody else sees or changes a profile: not without a session, in another session, or after sign-out', async () => {
  const app = await startProfiles()
  const browser = app.browser()
  await browser.signIn()
  await patch(browser, { nickname: 'Fox' })
  const copy = copyOf(app, browser)
  const nobody = app.browser()
  await expectRefusal(app, () => read(nobody), 401, 'not_signed_in')
  await expectRefusal(app, () => patch(nobody, { nickname: 'Owl' }), 401, 'not_signed_in')
  await nobody.signIn()
  expect(await attributesOf(nobody)).toEqual({})
  await browser.post('/guest/sign-out', { force: true })
  await expectRefusal(app, () => read(copy), 401, 'session_invalid')
  await expectRefusal(app, () => patch(copy, { nickname: 'Owl' }), 401, 'session_invalid')
})

test('every profile request is refused with no_profile if the host declares none', async () => {
  const app = await startApp()
  const browser = app.browser()
  const { sub } = await browser.signIn()
  await expectRefusal(app, () => read(browser), 404, 'no_profile')
  await expectRefusal(app, () => patch(browser, { nickname: 'Fox' }), 404, 'no_profile')
  await expectRefusal(app, () => patch(browser, {}), 404, 'no_profile')
  await expect(app.guests.profile.get(sub), 'not kept').rejects.toMatchObject({ code: 'no_profile' })
  await app.guests.keep(sub)
  await expect(app.guests.profile.get(sub)).rejects.toMatchObject({ code: 'no_profile' })
  await expect(app.guests.profile.update(sub, { nickname: 'Fox' })).rejects.toMatchObject({
    code: 'no_profile',
  })
  expect(await countRows(app.store)).toMatchObject({ profiles: 0 })
})

test.each([
  [{}],
  [{ shape: {} }],
  [{ shape: { nickname: 'string' } }],
  [z.string()],
  [z.object({})],
  [null],
  [{ nickname: z.string() }],
])('the option profile refuses %o', (profile) => {
  expect(() => guestkey({ origin: 'http://localhost:3000', profile } as never)).toThrow(OptionsError)
})

test('the event names the attributes that changed, without their values', async () => {
  const app = await startProfiles()
  const events: GuestEvents['profile.changed'][] = []
  app.guests.on('profile.changed', (event) => events.push(event))
  const browser = app.browser()
  const { sub } = await browser.signIn()
  await patch(browser, { nickname: 'Fox', age: 7 })
  await patch(browser, { nickname: 'Fox', age: 8 })
  await patch(browser, { nickname: 'Fox' })
  await patch(browser, { nickname: null })
  await patch(browser, { nickname: '' })
  await app.guests.profile.update(sub, { note: 'of the host' })
  expect(events).toEqual([
    { anonymous_id: sub, attributes: ['nickname', 'age'] },
    { anonymous_id: sub, attributes: ['age'] },
    { anonymous_id: sub, attributes: ['nickname'] },
    { anonymous_id: sub, attributes: ['note'] },
  ])
})

test('attributes are in the profile alone: in no other table, token, log or response', async () => {
  const app = await startTokenApp({ profile: schema })
  const secretWord = 'Rumpelstilzchen'
  const browser = app.browser()
  const { sub } = await browser.signIn()
  await patch(browser, { nickname: secretWord })
  for (const door of ['userinfo', 'sessions', 'passkeys']) {
    expect((await browser.get(`/guest/${door}`)).text).not.toContain(secretWord)
  }
  const jwt = (await granted(bySession(app, browser.cookie))).access_token
  const first = await granted(anonymously(app))
  const ours = claimsOf(first.access_token).sub as string
  await app.guests.keep(ours)
  await app.guests.profile.update(ours, { nickname: secretWord })
  const second = await granted(refresh(app, first.refresh_token))
  for (const token of [jwt, second.access_token]) {
    expect(JSON.stringify(claimsOf(token))).not.toContain(secretWord)
  }
  await browser.addPasskey(app.device())
  await app.guests.rotateSigningKeys()
  const after = (await granted(bySession(app, browser.cookie))).access_token
  expect(JSON.stringify(claimsOf(after))).not.toContain(secretWord)
  const holders = Object.entries(await tables(app.store)).filter(([, rows]) =>
    rows.join().includes(secretWord),
  )
  expect(holders.map(([name]) => name)).toEqual(['profiles'])
  expect(JSON.stringify(app.logs)).not.toContain(secretWord)
  expect(JSON.stringify(await app.guests.auditTrail({ anonymousId: sub }))).not.toContain(secretWord)
  await app.guests.erase(sub)
  expect((await tracesOf(app, sub)).profiles).toBeUndefined()
})

test('a client reads and changes the profile by its token; one with pairwise subjects may not', async () => {
  const app = await startTokenApp({ profile: schema })
  const { access_token, refresh_token } = await granted(anonymously(app))
  const headers = { 'Content-Type': 'application/json', ...bearer(access_token) }
  const change = (attributes: object) =>
    supertest(app.server).patch('/guest/profile').set(headers).send(JSON.stringify({ attributes }))
  expect((await change({ nickname: 'Fox' })).body.attributes).toEqual({ nickname: 'Fox' })
  expect((await change({ age: 'x' })).status).toBe(400)
  const next = await granted(refresh(app, refresh_token))
  const answer = await supertest(app.server).get('/guest/profile').set(bearer(next.access_token))
  expect(answer.body.attributes).toEqual({ nickname: 'Fox' })
  const diary = await granted(anonymously(app, { client_id: 'diary' }))
  const refused = await supertest(app.server).get('/guest/profile').set(bearer(diary.access_token))
  expect(refused.body.code).toBe('insufficient_scope')
})

describe('the host', () => {
  test('reads and changes the profile of a guest who is kept', async () => {
    const app = await startProfiles()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    expect(await app.guests.profile.get(sub)).toMatchObject({
      anonymous_id: sub,
      attributes: {},
      updated_at: null,
    })
    await expect(app.guests.profile.update(sub, { nickname: 'Fox' })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await countRows(app.store)).toMatchObject({ guests: 0, profiles: 0 })
    await app.guests.keep(sub)
    const changed = await app.guests.profile.update(sub, { nickname: 'Fox', age: 7 })
    expect(changed.attributes).toEqual({ nickname: 'Fox', age: 7 })
    expect(await attributesOf(browser)).toEqual({ nickname: 'Fox', age: 7 })
    expect((await app.guests.profile.update(sub, { age: null })).attributes).toEqual({ nickname: 'Fox' })
    expect(await app.guests.profile.get(sub)).toEqual((await read(browser)).body)
    for (const wrong of [{ nickname: '' }, { age: 'x' }, { colour: 'red' }]) {
      await expect(app.guests.profile.update(sub, wrong)).rejects.toMatchObject({ code: 'attribute_invalid' })
    }
    const far = { note: 'x'.repeat(9000) }
    await expect(app.guests.profile.update(sub, far)).rejects.toMatchObject({ code: 'profile_too_large' })
    await app.guests.erase(sub)
    await expect(app.guests.profile.update(sub, { nickname: 'Fox' })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect((await app.guests.profile.get(sub)).attributes).toEqual({})
  })

  test('gets types from its schema, with zod and with zod/mini', () => {
    const ofMini = mini.object({ nickname: mini.string(), age: mini.optional(mini.number()) })
    const small = z.object({ nickname: z.string(), age: z.number().optional() })
    type Guests = ReturnType<typeof guestkey<typeof small>>
    type Mini = ReturnType<typeof guestkey<typeof ofMini>>
    type Attributes = { nickname: string; age?: number | undefined }
    for (const profile of [{} as Guests['profile'], {} as Mini['profile']]) {
      expectTypeOf(profile.get).returns.resolves.toEqualTypeOf<GuestProfile<Attributes>>()
      expectTypeOf(profile.update).returns.resolves.toEqualTypeOf<GuestProfile<Attributes>>()
      type Changes = Parameters<typeof profile.update>[1]
      expectTypeOf<{ nickname: string }>().toExtend<Changes>()
      expectTypeOf<{ nickname: null; age: null }>().toExtend<Changes>()
      expectTypeOf<Record<never, never>>().toExtend<Changes>()
      expectTypeOf<{ nickname: number }>().not.toExtend<Changes>()
      expectTypeOf<{ age: string }>().not.toExtend<Changes>()
      // @ts-expect-error: there is no such attribute
      type _ = Changes['colour']
    }
    expectTypeOf<Awaited<ReturnType<Guests['profile']['get']>>['attributes']>().toEqualTypeOf<
      Partial<Attributes>
    >()
    // Without a schema, attributes have no known types.
    expectTypeOf<GuestKey['profile']['get']>().returns.resolves.toEqualTypeOf<
      GuestProfile<Record<string, unknown>>
    >()
    expectTypeOf<Options<typeof small>['profile']>().toEqualTypeOf<typeof small | undefined>()
  })

  test('may give a schema of zod/mini', async () => {
    const app = await startApp({
      profile: mini.object({
        nickname: mini.string().check(mini.maxLength(5, 'must have 5 characters at most')),
        age: mini.number(),
      }),
    })
    const browser = app.browser()
    await browser.signIn()
    expect((await patch(browser, { nickname: 'Fox', age: 7 })).body.attributes).toEqual({
      nickname: 'Fox',
      age: 7,
    })
    expect((await patch(browser, { nickname: 'Wolpertinger' })).body.detail).toBe(
      'nickname: must have 5 characters at most',
    )
    expect((await patch(browser, { age: 'x' })).body.detail).toMatch(/^age: .*expected number/)
  })
})
