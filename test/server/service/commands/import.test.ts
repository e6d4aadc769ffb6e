// `guestkey import`: users of other systems keep their ids, and come back as the same guests.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { nameFor } from '../../../../server/core/guests/pairwise.ts'
import { GuestError, type GuestKey, type ImportedGuest, type Options } from '../../../../server/index.ts'
import type { Client } from '../../../../server/options/options.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf } from '../../../support/ceremonies.ts'
import { guestkey, guestkeyAlone, type Run } from '../../../support/command.ts'
import { temporaryDatabase } from '../../../support/database.ts'
import { engine, temporaryDeployment, temporaryFolder } from '../../../support/engine.ts'
import { startMailbox } from '../../../support/mailbox.ts'
import { tables } from '../../../support/tables.ts'
import { bearer, bySession, claimsOf, granted, userinfo } from '../../../support/tokens.ts'

const secret = 'the secret of an app and of its commands'
const uuid = '8f14e45f-ceea-467f-a9d0-3c1f0b7a2e61'
const day = 24 * 60 * 60

/** Ids as other systems have them, and some unusual ones. */
const ids = [
  uuid,
  'kX2mQ9rT4vWzB7nLpY3sD6fGhJ81', // Firebase
  'user_a7b53gwdaml5jt7t71442nt7', // Rownd
  'auth0|5f7c8ec7c33c6c004bbafe82',
  '42',
  'a.b.c/d=e; f,"g" 50%',
  'Zoë 🦊',
  '~tilde',
  '.......dot',
  'ü'.repeat(255),
  'AAAAAAAAAAAAAAAAAAAAAB', // 22 characters that are not the base64url of any 16 bytes
]

/** An app with a route of the host that signs in as any `sub`. */
async function startHost(options: Partial<Options> = {}) {
  const deployment = await temporaryDeployment()
  const app = await startApp({ store: deployment.store, secret, ...options }, (express, guests) => {
    express.post('/come-back', async (req, res) => {
      const sub = decodeURIComponent(String(req.headers['x-sub']))
      try {
        res.json(await guests.signInAs(req, res, sub))
      } catch (error) {
        if (!(error instanceof GuestError)) throw error
        res.status(error.status).json({ code: error.code })
      }
    })
  })
  const environment = { ...deployment.environment, GUESTKEY_SECRET: secret }
  return {
    ...app,
    environment,
    run: (text: string | Buffer | object[], ...args: string[]): Promise<Run> => {
      const file = join(temporaryFolder(), 'users.json')
      writeFileSync(file, Array.isArray(text) ? lines(text) : text)
      return guestkey(['import', file, ...args], environment)
    },
  }
}

const lines = (users: object[]) => users.map((user) => `${JSON.stringify(user)}\n`).join('')

/** Asks the host to sign a browser in as this guest. */
async function comeBack(app: Pick<TestApp, 'server' | 'origin'>, browser: Browser, sub: string) {
  const asked = supertest(app.server).post('/come-back').set('X-Sub', encodeURIComponent(sub))
  if (browser.cookie) asked.set('Cookie', browser.cookie)
  const response = await asked.set('Origin', app.origin).set('Sec-Fetch-Site', 'same-origin')
  for (const line of (response.headers['set-cookie'] as unknown as string[] | undefined) ?? []) {
    const [, name, value] = /^([^=]+)=([^;]*);/.exec(line)!
    browser.cookies.set(name!, value!)
  }
  return response
}

async function all(guests: GuestKey, users: ImportedGuest[], options = {}) {
  const results: { outcome: string; problems: string[] }[] = []
  const summary = await guests.import(users, {
    ...options,
    onResult: ({ outcome, problems }) => void results.push({ outcome, problems }),
  })
  return { summary, results }
}

const counted = ({ out }: Run) =>
  [...out.matchAll(/^ {2,}([\d,]+) {2}(imported|there|not|with)/gm)].map(([, n, what]) => `${n} ${what}`)

/** The output of `firebase auth:export users.json`. */
const firebase = (users: object[]) =>
  `{"users": [\n${users.map((user) => JSON.stringify(user, null, 2)).join(',\n')}]}`
const firebaseUsers = [
  { localId: 'aNonYmouS0000000000000000001', createdAt: '1588888888000', lastSignedInAt: '1599999999000' },
  {
    ...{ localId: 'kX2mQ9rT4vWzB7nLpY3sD6fGhJ81', email: 'Ada@Example.org', emailVerified: true },
    ...{ passwordHash: 'aGFzaA==', salt: 'c2FsdA==', displayName: 'x "} \\', disabled: false },
    ...{ createdAt: '1588888888000', lastSignedInAt: '1599999999000' },
    providerUserInfo: [{ providerId: 'google.com', rawId: '1', email: 'else@example.org' }],
  },
  { localId: 'unverified', email: 'bob@example.org', emailVerified: false, phoneNumber: '+41446681800' },
  { localId: 'disabled', email: 'out@example.org', emailVerified: true, disabled: true },
]

const supabaseUsers = [
  {
    ...{ id: uuid, aud: 'authenticated', email: 'ada@example.org', phone: null },
    ...{ email_confirmed_at: '2024-05-15 17:03:22.123456+00', phone_confirmed_at: null },
    ...{ is_anonymous: false, created_at: '2024-05-15T17:03:22.123456+00:00' },
    ...{ last_sign_in_at: '2024-06-15T17:03:22Z', raw_user_meta_data: { full_name: 'x' } },
  },
  {
    id: uuid.replace('8', '9'),
    email: '',
    phone: '',
    is_anonymous: true,
    created_at: '2024-05-15T17:03:22Z',
  },
  {
    id: uuid.replace('8', 'a'),
    email: 'bob@example.org',
    phone: '41446681800',
    phone_confirmed_at: '2024-05-15T17:03:22Z',
  },
  {
    id: uuid.replace('8', 'b'),
    email: 'gone@example.org',
    email_confirmed_at: '2024-05-15T17:03:22Z',
    deleted_at: '2024-05-16T17:03:22Z',
  },
]

const rowndUsers = [
  {
    ...{ rownd_user: 'user_a7b53gwdaml5jt7t71442nt7', state: 'enabled', auth_level: 'verified' },
    data: { user_id: 'user_a7b53gwdaml5jt7t71442nt7', email: 'ada@example.org', first_name: 'x' },
    verified_data: { email: 'ada@example.org', phone_number: '+41446681800' },
    meta: { created: '2023-11-07T05:31:56Z', last_active: '2023-12-07T05:31:56Z' },
  },
  {
    ...{ rownd_user: 'user_guest', state: 'enabled', auth_level: 'guest', verified_data: {} },
    data: { user_id: 'user_guest', anonymous_id: 'anon_1' },
  },
  { rownd_user: 'user_unverified', auth_level: 'unverified', data: { email: 'bob@example.org' } },
]

describe('the exports of other systems', () => {
  test.each([
    [
      'Firebase',
      firebase(firebaseUsers),
      3,
      2,
      ['line 31: is disabled or deleted in the other system, and was left out.'],
    ],
    [
      'Supabase',
      lines(supabaseUsers),
      3,
      2,
      ['line 4: is disabled or deleted in the other system, and was left out.'],
    ],
    ['Rownd', JSON.stringify({ total_results: 3, results: rowndUsers }, null, 2), 3, 1, []],
    ['guestkey', lines(ids.map((sub) => ({ sub }))), ids.length, 0, []],
  ])('of %s are recognised and imported', async (name, text, imported, promoted, problems) => {
    const app = await startHost()
    const before = await tables(app.store)
    const dry = await app.run(text, '--dry-run')
    expect(dry.out).toContain(`looks like an export of ${name}.`)
    expect(dry.err.split('\n').filter(Boolean)).toEqual(problems.map((problem) => `guestkey: ${problem}`))
    expect((await tables(app.store)).guests).toEqual(before.guests)
    const done = await app.run(text)
    expect(done.err).toBe(dry.err)
    expect(done.code).toBe(problems.length > 0 ? 1 : 0)
    expect(done.out).toContain(`  ${imported}  imported, of whom ${promoted} can sign in with a code\n`)
    expect(counted(done)).toEqual(counted(dry))
    const rows = await tables(app.store)
    expect(rows.guests).toHaveLength(imported)
    const personal = JSON.stringify({ ...rows, login_ids: [] })
    expect(personal).not.toMatch(/example\.org|full_name|first_name|displayName|aGFzaA/)
    expect(JSON.stringify(rows)).not.toMatch(/bob@|gone@|out@|else@/)

    const again = await app.run(text)
    expect(counted(again)).toContain(`${imported} there`)
    expect(counted(again)).toContain('0 imported')
    expect(await tables(app.store)).toEqual(rows)
  })

  test('keep their times, and get the collection of --collection', async () => {
    const app = await startHost({ collections: ['users', 'kiosks'] })
    const { environment } = app
    const given = { ...environment, GUESTKEY_OPTIONS: JSON.stringify({ collections: ['users', 'kiosks'] }) }
    const file = join(temporaryFolder(), 'users.json')
    writeFileSync(file, firebase(firebaseUsers.slice(0, 1)))
    const run = await guestkey(['import', file, '--collection', 'kiosks'], given)
    expect(run).toMatchObject({ err: '', code: 0 })
    const [row] = (await tables(app.store)).guests!.map((text) => JSON.parse(text))
    expect(row).toMatchObject({ created_at: 1588888888, last_seen_at: 1599999999, collection: 'kiosks' })
    expect((await guestkey(['import', file, '--collection', 'nowhere'], given)).code).toBe(1)
  })

  test('are refused if their format is unknown, and a wrong line keeps no other line out', async () => {
    const app = await startHost()
    expect(await app.run('{"name":"x"}\n')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/on line 1/),
    })
    expect(await app.run('', '--format', 'okta')).toMatchObject({ code: 2 })
    const text = `\uFEFF{"sub":"one"}\r\n\n{"sub":\n[]\n${lines([
      { sub: 'two', phone_verifed: true },
      { sub: '' },
      { sub: 'x'.repeat(256) },
      { sub: 'half \uD800' },
      { sub: 'nul\0' },
      { sub: 'three', created_at: 1_700_000_000_000 },
      { sub: 'four', collection: 'nowhere' },
      { sub: 'five', email: 'not an address', email_verified: true },
    ])}{"sub":"six"}`
    const run = await app.run(text)
    expect(run.code).toBe(1)
    expect(
      [...run.err.matchAll(/^guestkey: line (\d+): /gm)].map(([, n]) => Number(n)).sort((a, b) => a - b),
    ).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(counted(run)).toEqual(['3 imported', '0 there', '9 not', '1 with'])
    const cut = await app.run(firebase(firebaseUsers).slice(0, -200))
    expect(cut).toMatchObject({ code: 1, err: expect.stringMatching(/the file ends here, in the middle/) })
    expect(counted(cut)[0]).toBe('2 imported')
    expect(await app.run(Buffer.from([0x7b, 0xff]))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/UTF-8/),
    })
  })
})

test('a guest whose login ID belongs to another guest is imported without it, and each run reports its line', async () => {
  const app = await startHost()
  const users = [
    { sub: 'first', email: 'ada@example.org', email_verified: true },
    {
      sub: 'second',
      email: 'ADA@example.org',
      email_verified: true,
      phone: '+41446681800',
      phone_verified: true,
    },
    { sub: 'third', email: 'ada@example.org', email_verified: true },
    { sub: 'third' },
  ]
  for (const args of [['--dry-run'], [], []]) {
    const run = await app.run(users, ...args)
    expect(run.code).toBe(1)
    expect(run.err).toBe(
      [2, 3]
        .map((line) => `guestkey: line ${line}: its e-mail address was left out: it belongs to first.\n`)
        .join(''),
    )
    expect(run.out).not.toMatch(/ada@/i)
  }
  const { login_ids } = await tables(app.store)
  expect(
    login_ids!
      .map((row) => JSON.parse(row))
      .map(({ anonymous_id, type }) => `${anonymous_id} ${type}`)
      .sort(),
  ).toEqual(['first email', 'second phone'])
  const { results } = await all(app.guests, [{ sub: 'third' }])
  expect(results).toEqual([{ outcome: 'known', problems: [] }])
})

test('a promoted user signs in with a code on a new device', async () => {
  const mailbox = await startMailbox()
  const app = await startHost({ loginIds: { send: mailbox.url } })
  expect((await app.run(supabaseUsers.slice(0, 1))).code).toBe(0)
  const browser = app.browser()
  const asked = await browser.post('/guest/sign-in/code/start', { type: 'email', value: 'ada@example.org' })
  await expect.poll(() => mailbox.codeTo('ada@example.org')).toBeDefined()
  const code = mailbox.codeTo('ada@example.org')
  const done = await browser.post('/guest/sign-in/code', { transaction: asked.body.transaction, code })
  expect(done.body).toMatchObject({ sub: uuid, isAnonymous: false, expires_at: null })
  expect((await browser.addPasskey(app.device())).status).toBe(201)
  expect((await browser.get('/guest/userinfo')).body).toMatchObject({ sub: uuid, isAnonymous: false })
})

describe('a guest whom the host signs in', () => {
  test.each(ids)('%s is signed in, adds a passkey and comes back with it', async (sub) => {
    const app = await startHost()
    await all(app.guests, [{ sub, created_at: 1_600_000_000 }])
    const browser = app.browser()
    const back = await comeBack(app, browser, sub)
    expect(back.body).toMatchObject({ guest: { sub, isAnonymous: true, recoverability: 'none' } })
    expect((await browser.get('/guest/userinfo')).body).toMatchObject({ sub, anonymous_id: sub })
    expect((await userinfo(app, back.body.token)).body.sub).toBe(sub)
    const device = app.device()
    expect((await browser.addPasskey(device)).body).toMatchObject({ sub, recoverability: 'passkey' })
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
    const laptop = app.browser()
    expect((await laptop.signInWithPasskey(device)).body).toMatchObject({ sub })
    const { headers } = await laptop.get('/guest/verify')
    expect(decodeURIComponent(headers['x-guest-id']!)).toBe(sub)
    expect((await laptop.get('/guest/account/export')).body).toMatchObject({
      guest: { sub, created_at: 1_600_000_000 },
      audit: expect.arrayContaining([expect.objectContaining({ action: 'guest.imported' })]),
    })
    expect(await app.guests.auditTrail()).toContainEqual(
      expect.objectContaining({ anonymous_id: sub, action: 'guest.imported' }),
    )
    expect(await app.guests.keep(sub)).toBe(false)
    const spa = await granted(bySession(app, laptop.cookie))
    expect(claimsOf(spa.access_token)).toMatchObject({ sub, anonymous_id: sub })
    expect((await userinfo(app, spa.access_token)).body.sub).toBe(sub)
    expect(await app.guests.erase(sub)).toBe(true)
    expect((await laptop.get('/guest/userinfo')).status).toBe(401)
    expect((await app.rows()).guests).toBe(0)
  })

  test('ends the session of the guest who was signed in before, and may merge with that guest', async () => {
    const app = await startHost()
    await all(app.guests, [{ sub: uuid }])
    const browser = app.browser()
    const guest = await browser.signIn()
    const before = copyOf(app, browser)
    const signedIn: unknown[] = []
    app.guests.on(
      'guest.signed_in',
      ({ method, previous }) => void signedIn.push([method, previous?.anonymous_id]),
    )
    const { body } = await comeBack(app, browser, uuid)
    expect(body).toMatchObject({ guest: { sub: uuid }, previous: { anonymous_id: guest.sub }, merged: true })
    expect(signedIn).toEqual([['host', guest.sub]])
    expect((await before.get('/guest/userinfo')).status).toBe(401)

    const earlier = copyOf(app, browser)
    expect((await comeBack(app, browser, uuid)).body.previous).toBeUndefined()
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(uuid)
    expect((await earlier.get('/guest/userinfo')).status).toBe(401)
  })

  test('must be kept, and has not used a passkey', async () => {
    const app = await startHost()
    const browser = app.browser()
    const guest = await browser.signIn()
    for (const sub of ['nobody', '', guest.sub]) {
      const refused = await comeBack(app, browser, sub)
      expect([refused.status, refused.body.code]).toEqual([404, 'not_found'])
    }
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    await browser.addPasskey(app.device())
    const other = app.browser()
    expect((await comeBack(app, other, guest.sub)).body.guest).toMatchObject({ recoverability: 'passkey' })
    expect((await other.get('/guest/sessions')).body.sessions).toContainEqual(
      expect.objectContaining({ current: true, auth_time: null }),
    )
  })
})

test('an import does not sign out a guest who is signed in', async () => {
  const app = await startHost()
  const browser = app.browser()
  const guest = await browser.signIn()
  const gone = app.browser()
  const left = await gone.signIn()
  const copy = copyOf(app, gone)
  await gone.post('/guest/sign-out', { force: true })
  expect((await app.run([{ sub: guest.sub }, { sub: left.sub }])).code).toBe(0)
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  expect((await copy.get('/guest/userinfo')).status).toBe(401)
})

test('an imported guest has a sub of its own at each pairwise client', async () => {
  const [diary, shop] = ['diary', 'shop'].map(
    (id) => ({ id, pairwise: `the secret of the names that the ${id} has` }) as Client,
  ) as [Client, Client]
  const app = await startHost({
    clients: [diary, shop].map(({ id, pairwise }) => ({ id, pairwise })) as NonNullable<Options['clients']>,
  })
  await all(app.guests, [{ sub: uuid }])
  const browser = app.browser()
  await comeBack(app, browser, uuid)
  const token = async (client_id: string) =>
    (await granted(bySession(app, undefined, { client_id }, bearer(browser.token!)))).access_token
  const [one, two] = [await token('diary'), await token('shop')]
  expect(claimsOf(one).sub).toBe(nameFor(diary, uuid))
  expect(claimsOf(one).label).not.toBe(claimsOf(two).label)
  expect((await userinfo(app, one)).body.sub).toBe(nameFor(diary, uuid))
})

/** The pairwise sub as it was computed before imports existed. */
test('an imported guest who does not come back is warned, expires and is erased, whatever its id', async () => {
  const app = await startHost({ retention: { none: 30 * day }, auditSeconds: 10 * day })
  await all(app.guests, [
    ...ids.map((sub) => ({ sub, last_seen_at: 1_600_000_000 })),
    { sub: 'regular', email: 'ada@example.org', email_verified: true },
  ])
  const n = ids.length
  expect(await app.guests.sweep({ dryRun: true })).toEqual({ warned: 0, expired: 0, erased: 0 })
  app.clock.forward(20 * day)
  expect(await app.guests.sweep({ dryRun: true })).toEqual({ warned: n, expired: 0, erased: 0 })
  expect(await app.guests.sweep()).toEqual({ warned: n, expired: 0, erased: 0 })
  const browser = app.browser()
  await comeBack(app, browser, 'Zoë 🦊')
  app.clock.forward(15 * day)
  expect(await app.guests.sweep()).toEqual({ warned: 0, expired: n - 1, erased: n - 1 })
  expect((await app.rows()).guests).toBe(2)
  app.clock.forward(11 * day)
  await app.guests.runChores()
  const left = (await tables(app.store)).audit!.map((row) => JSON.parse(row).anonymous_id)
  expect([...new Set(left)]).toEqual(['Zoë 🦊'])
  // Only an id that guestkey could have made may be in a sealed session.
  expect((await app.rows()).spent).toBe(1)
})

describe('a profile', () => {
  const profile = { nickname: 'Fox', height: 'tall', age: 7 }

  test('is imported as far as the deployment declares its attributes', async () => {
    const app = await startHost({ profile: z.object({ nickname: z.string(), age: z.number() }) })
    const { results } = await all(app.guests, [{ sub: uuid, profile }])
    expect(results).toMatchObject([{ outcome: 'imported', problems: [expect.stringMatching(/height/)] }])
    expect((await app.guests.profile.get(uuid)).attributes).toEqual({ nickname: 'Fox', age: 7 })
  })

  test('is left out and reported if the deployment declares no attributes', async () => {
    const app = await startHost()
    const run = await app.run([{ sub: uuid, profile }])
    expect(run).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^guestkey: line 1: its profile was left out/),
    })
    expect((await app.rows()).profiles).toBe(0)
    expect((await app.rows()).guests).toBe(1)
  })
})

test('an import that was stopped continues where it stopped', async () => {
  const app = await startHost()
  const file = join(temporaryFolder(), 'users.jsonl')
  const users = Array.from({ length: 12_000 }, (_, i) => ({
    ...{ sub: `user-${i}`, email: `user${i}@example.org`, email_verified: i % 2 === 0 },
  }))
  writeFileSync(file, lines(users))
  const stopped = await guestkeyAlone(['import', file], app.environment, (out, kill) => {
    if (/^importing: [2-9]\d %/m.test(out)) kill('SIGINT')
  })
  expect(stopped).toMatchObject({ code: 130, err: expect.stringMatching(/Run the same command again/) })
  const before = (await app.rows()).guests!
  expect(before).toBeLessThan(12_000)
  const run = await guestkey(['import', file], app.environment)
  expect(run).toMatchObject({ err: '', code: 0 })
  const rows = await app.rows()
  expect([rows.guests, rows.login_ids]).toEqual([12_000, 6000])
  expect(counted(run).slice(0, 2)).toEqual([
    `${(12_000 - before).toLocaleString('en')} imported`,
    `${before.toLocaleString('en')} there`,
  ])
})

test('nothing in the file reaches the terminal as a control character', async () => {
  const app = await startHost({ profile: z.object({ nickname: z.string() }) })
  const sequence = '\u001b]0;title\u0007\u001b[2J\u009b31m\u202e\nguestkey: all went well'
  const run = await app.run([
    { sub: 'one', email: `${sequence}@example.org`, email_verified: true },
    { sub: 'two', profile: { [sequence]: 'x' } },
    { sub: 'three', collection: sequence },
    { sub: 'four', [sequence]: 1 },
    { sub: `five\u202e` },
  ])
  expect(run.out + run.err).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(run.err).toContain('\\u001b[2J\\u009b31m\\u202e')
  for (const line of run.err.split('\n').filter(Boolean)) expect(line).toMatch(/^guestkey: line \d: /)
  const audit = await guestkey(['audit'], app.environment)
  expect(audit).toMatchObject({ code: 0, out: expect.stringContaining('five\\u202e') })
  const ids = audit.out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).anonymous_id)
  expect(ids).toContain('five\u202e')
})

test('two imports at once import everybody once', async () => {
  const app = await startHost()
  const users = Array.from({ length: 1000 }, (_, i) => ({
    sub: `user-${i}`,
    email: `u${i}@example.org`,
    email_verified: true,
  }))
  const both = await Promise.all([app.run(users), app.run(users)])
  expect(both.map(({ code, err }) => [code, err])).toEqual([
    [0, ''],
    [0, ''],
  ])
  const rows = await app.rows()
  expect([rows.guests, rows.login_ids, rows.audit]).toEqual([1000, 1000, 1000])
})

test.runIf(engine === 'postgres')('imported guests move to PostgreSQL, whatever their ids', async () => {
  const file = join(temporaryFolder(), 'guestkey.db')
  const house = await startApp({ store: file, secret })
  await all(
    house.guests,
    ids.map((sub, i) => ({ sub, email: `user${i}@example.org`, email_verified: i % 2 === 0 })),
  )
  await house.close()
  const url = await temporaryDatabase()
  const moved = await guestkey(['migrate', '--from', file, '--to', url])
  expect(moved).toMatchObject({ err: '', code: 0 })
  const guests = async (store: string) =>
    (await tables(store)).guests!.map((row) => JSON.parse(row).anonymous_id).sort()
  expect(await guests(url)).toEqual(await guests(file))
})
