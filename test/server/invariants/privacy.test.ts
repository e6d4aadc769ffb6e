// Invariants 3 and 4: what the store and the log know about a guest after a guest's whole life.

import { createHash, randomBytes } from 'node:crypto'
import pino from 'pino'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Options } from '../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { askToRegister, askToSignIn, authenticate, keptGuest, register } from '../../support/ceremonies.ts'
import {
  askForCode,
  authorized,
  codeBook,
  email,
  finish,
  not,
  promote,
  signInByCode,
} from '../../support/promotion.ts'
import { newCodes, useCode } from '../../support/recovery.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { bytesOnDisk, copyOfStore, tables } from '../../support/tables.ts'
import { holds } from '../../support/texts.ts'
import {
  anonymously,
  ask,
  backendSecret,
  bearer,
  claimsOf,
  dpopKey,
  type Granted,
  granted,
  refresh,
  registerAs,
  send,
} from '../../support/tokens.ts'

const deploymentSecret = 'the deployment secret, which nobody may read anywhere'
const personal = {
  'user-agent': 'Mozilla/5.0 (Aunt Ada’s telephone)',
  'x-forwarded-for': '203.0.113.77, 2001:db8::a11c:e',
  forwarded: 'for=203.0.113.78;by=203.0.113.79',
  'accept-language': 'gsw-CH-1996',
  from: 'ada@example.org',
  referer: 'https://app.example/notes/of-ada',
}
const personalTexts = [
  'Mozilla',
  'Ada',
  '203.0.113',
  '2001:db8',
  'a11c',
  'gsw-CH',
  'example.org',
  'of-ada',
  '127.0.0.1',
  '::1',
  '::ffff',
]

/** An app that logs at the lowest level, with visitors who send personal data, and all secrets that it handed out. */
async function watchedApp(options: Partial<Options> = {}) {
  const log: string[] = []
  const caches: unknown[] = []
  const app = await startApp({
    secret: deploymentSecret,
    rateLimit: { perMinute: 100_000 },
    trustProxy: 1,
    clients: [
      { id: 'spa', scopes: ['read'] },
      { id: 'backend', kind: 'confidential', secret: backendSecret },
    ],
    logger: pino({ level: 'trace' }, { write: (line) => log.push(line) }),
    ...options,
  })
  app.server.prependListener('request', (req, res) => {
    Object.assign(req.headers, personal)
    res.on('finish', () => caches.push(res.getHeader('cache-control')))
  })
  return { app, log, caches, secrets: new Set<string>([deploymentSecret, backendSecret]) }
}

type Watched = Awaited<ReturnType<typeof watchedApp>>

/** Notes a token, and its secret alone. */
function noteToken({ secrets }: Watched, { token }: Browser) {
  secrets.add(token!).add(token!.split('.')[1]!)
}

/** Notes a challenge: in the form that the browser gets, its content, and its seal alone. */
function noteChallenge({ secrets }: Watched, challenge: string) {
  const sealed = Buffer.from(challenge, 'base64url').toString()
  secrets.add(challenge).add(sealed).add(sealed.split('.')[1]!)
}

/** Notes the tokens of a client, and their payloads and seals alone. */
function noteTokens({ secrets }: Watched, { access_token, refresh_token }: Granted) {
  for (const token of [access_token, ...(refresh_token ? [refresh_token] : [])])
    for (const text of [token, ...token.split('.').slice(1)]) secrets.add(text)
  const said = /^gkrt_([\w-]+)/.exec(refresh_token ?? '')?.[1]
  if (said) secrets.add(JSON.parse(Buffer.from(said, 'base64url').toString()).r)
  secrets.add(claimsOf(access_token).jti as string)
}

/** The life of a guest on the page of a client, with mishaps. */
async function liveByTokens(watched: Watched) {
  const { app } = watched
  const note = async (answer: Promise<supertest.Response>) => {
    const tokens = await granted(answer)
    noteTokens(watched, tokens)
    return tokens
  }
  const key = await dpopKey()
  const proof = await key.prove(app, 'POST', '/guest/token')
  watched.secrets.add(proof)
  await note(anonymously(app, {}, { DPoP: proof }))
  await anonymously(app, {}, { DPoP: proof })
  const sealed = await note(anonymously(app))
  const next = await note(refresh(app, sealed.refresh_token))
  const kept = (await registerAs(app, app.device(), { token: next.access_token })).body.tokens as Granted
  noteTokens(watched, kept)
  const later = await note(refresh(app, kept.refresh_token))
  const proven = { client_id: 'backend', client_secret: backendSecret }
  await send(app, 'introspect', { token: later.access_token, ...proven })
  await send(app, 'introspect', { token: later.refresh_token, ...proven, client_secret: `${backendSecret}!` })
  await ask(app, `/guest/userinfo?access_token=${later.access_token}`)
  for (const token of [kept.access_token, `${later.access_token}x`, later.refresh_token])
    await ask(app, '/guest/verify', bearer(token))
  app.clock.forward(31)
  await refresh(app, `${later.refresh_token}x`)
  await refresh(app, kept.refresh_token)
  await send(app, 'revoke', { token: later.refresh_token, client_id: 'spa' })
  await app.guests.rotateSigningKeys()
}

/** The guest links another device, after refusing one and after some wrong guesses of others. */
async function letIn(watched: Watched, browser: Browser) {
  const { app, secrets } = watched
  const device = { platform: 'Android', browser: 'Chrome' }
  for (const approve of [false, true]) {
    const tablet = app.browser()
    const { id, code, link } = (await browser.post('/guest/device-links')).body
    await tablet.post('/guest/device-links/open', { code: `${code.slice(0, -4)}BBBB`, device })
    const { secret } = (await tablet.post('/guest/device-links/open', { link, device })).body
    for (const one of [code, code.replace('-', ''), link, link.split('.')[1], secret]) secrets.add(one)
    await browser.patch(`/guest/device-links/${id}`, { approve })
    const { status } = await tablet.post('/guest/device-links/claim', { secret })
    expect(status).toBe(approve ? 200 : 403)
    if (approve) noteToken(watched, tablet)
  }
}

/** The whole life of a guest, with mishaps. */
async function liveThrough(watched: Watched) {
  const { app, secrets } = watched
  const [phone, laptop] = [app.browser(), app.browser()]
  const device = app.device({ synced: true, counter: 'increasing' })
  await phone.signIn()
  noteToken(watched, phone)
  app.clock.forward(2 * 24 * 60 * 60)
  await phone.get('/guest/userinfo')
  noteToken(watched, phone)

  const registering = await askToRegister(phone)
  noteChallenge(watched, registering.challenge)
  await register(phone, app.device(), { userVerified: false })
  await register(phone, app.device(), { challenge: 'QWRh' })
  const registration = await device.create(registering)
  expect((await phone.post('/guest/passkeys/register', registration)).status).toBe(201)
  noteToken(watched, phone)

  await laptop.signIn()
  noteToken(watched, laptop)
  const signingIn = await askToSignIn(laptop)
  noteChallenge(watched, signingIn.challenge)
  const proof = await device.get(signingIn)
  expect((await laptop.post('/guest/passkeys/authenticate', proof)).status).toBe(200)
  noteToken(watched, laptop)
  await laptop.post('/guest/passkeys/authenticate', proof)
  for (const wrong of [{ badSignature: 'wrong' }, { signCount: 0 }, { rpId: 'evil.example' }] as const) {
    await authenticate(laptop, device, wrong)
  }

  app.clock.forward(301)
  await phone.post('/guest/passkeys/register', registration)
  await laptop.post('/guest/passkeys/authenticate', proof)
  await laptop.post('/guest/passkeys/register/options')
  await laptop.signInWithPasskey(device, { stepUp: true })
  noteToken(watched, laptop)
  await letIn(watched, laptop)
  const { passkey } = (await laptop.addPasskey(app.device())).body
  await laptop.patch(`/guest/passkeys/${passkey.id}`, { name: 'Blue key' })
  const codes = await newCodes(laptop)
  for (const code of codes) secrets.add(code).add(code.replaceAll('-', ''))
  for (let i = 0; i < 2; i++) await useCode(app.browser(), codes[0])
  await laptop.get('/guest/passkeys')
  await laptop.get('/guest/sessions')
  await laptop.get(`/guest/userinfo?access_token=${laptop.token}`)
  await laptop.delete(`/guest/sessions/${laptop.token!.split('.')[1]}`)
  await laptop.post('/guest/sign-out', { everywhere: true })
  await phone.get('/guest/userinfo')
  await laptop.signInWithPasskey(device)
  noteToken(watched, laptop)
}

test('neither the store nor the log has an IP address, a user agent or a secret after the whole story', async () => {
  const watched = await watchedApp()
  const { app, log, caches, secrets } = watched
  await liveThrough(watched)
  await liveByTokens(watched)

  const rows = JSON.stringify(await tables(app.store))
  expect(await app.rows()).toMatchObject({ guests: 2, passkeys: 3, sessions: 1, signing_keys: 2 })
  const bytes = await bytesOnDisk(app.store)
  const file = bytes.toString('utf8')
  expect(bytes.includes('Blue key'), 'the bytes read include the rows').toBe(true)
  const lines = log.join('')
  expect(log.length).toBeGreaterThan(30)
  expect(secrets.size).toBeGreaterThan(40)
  for (const text of [...personalTexts, ...secrets]) {
    expect(holds(rows, text), `in a row: ${text}`).toBe(false)
    expect(holds(file, text), `in the file: ${text}`).toBe(false)
    expect(holds(lines, text), `in the log: ${text}`).toBe(false)
  }
  expect(new Set(caches)).toEqual(new Set(['no-store']))
})

const aunt = 'ada.lovelace@mail.example'
const addresses = [
  aunt,
  'nobody@mail.example',
  '+41446681800',
  'refused@mail.example',
  'bounced@mail.example',
]
/** Matches every form of these e-mail addresses and phone numbers. */
const ofAddresses = [/lovelace/i, /nobody@/i, /mail\.example/i, /446681800/, /refused@/i, /bounced@/i]

/** A guest becomes a regular user and signs in as one, with codes and on our pages, with mishaps. */
async function becomeKnown({ app, secrets }: Watched, book: ReturnType<typeof codeBook>) {
  const [phone, laptop, stranger] = [app.browser(), app.browser(), app.browser()]
  await phone.signIn()
  const transaction = await askForCode(phone, aunt)
  secrets.add(transaction)
  const code = book.codeTo(aunt)
  await phone.post('/guest/promotion/verify', { transaction, code: not(code) })
  expect((await phone.post('/guest/promotion/verify', { transaction, code })).body.isVerified).toBe(true)
  await phone.post('/guest/promotion/verify', { transaction, code })
  expect((await promote(book, phone, '+41446681800')).status).toBe(200)
  expect((await promote(book, phone, 'refused@mail.example')).body.code).toBe('promotion_refused')
  expect((await phone.post('/guest/promotion/start', email('bounced@mail.example'))).status).toBe(503)
  await phone.post('/guest/promotion/start', email('ada.lovelace at mail.example'))
  await phone.patch('/guest/login-ids', email('nobody@mail.example'))

  await laptop.signIn()
  secrets.add(await askForCode(laptop, 'nobody@mail.example', 'sign-in/code/start'))
  secrets.add(await askForCode(laptop, 'bounced@mail.example', 'sign-in/code/start'))
  expect((await promote(book, laptop, aunt)).body.code).toBe('login_id_taken')
  expect((await signInByCode(book, laptop, aunt)).status).toBe(200)
  const answer = await authorized({ app, ...book }, stranger, aunt, {
    purpose: 'sign_in',
    state: 'of the page',
  })
  for (const text of [answer.code, answer.verifier, 'of the page']) secrets.add(text)
  expect((await finish(stranger, answer)).status).toBe(200)
  await finish(stranger, answer)
  expect((await laptop.get('/guest/account/export')).text, 'who asks for it').toContain(aunt)
  secrets.add(await askForCode(laptop, 'later@mail.example')) // never used
  return phone
}

test('an address is stored only as a login ID, and a code or its transaction nowhere', async () => {
  const book = codeBook()
  const watched = await watchedApp({
    redirectUris: ['https://app.example/back'],
    webhooks: [{ url: 'http://localhost:9/', secret: `whsec_${randomBytes(32).toString('base64')}` }],
    loginIds: {
      send(message) {
        if (message.value.startsWith('bounced')) throw new Error(`550 no mailbox ${message.value}`)
        book.send(message)
      },
      onPromote({ login_id: loginId }) {
        if (loginId.value.startsWith('refused')) throw new Error(`${loginId.value} is not welcome`)
      },
    },
  })
  const { app, log, secrets } = watched
  const phone = await becomeKnown(watched, book)
  const { login_ids, ...others } = await tables(app.store)
  expect(login_ids!.map((row) => JSON.parse(row).value).toSorted()).toEqual(['+41446681800', aunt])
  for (const name of ['codes', 'limits', 'audit', 'outbox', 'spent', 'merges'])
    expect(others[name]!.length, name).toBeGreaterThan(0)
  const [rows, lines] = [JSON.stringify(others), log.join('')]
  for (const address of ofAddresses) {
    expect(rows, 'in a row').not.toMatch(address)
    expect(lines, 'in the log').not.toMatch(address)
  }
  const bytes = await bytesOnDisk(app.store)
  for (const address of addresses.slice(3).concat('nobody@mail.example'))
    expect(bytes.includes(address), `in the file: ${address}`).toBe(false)
  expect(secrets.size).toBeGreaterThan(8)
  for (const text of secrets) {
    expect(rows + login_ids, 'in a row').not.toContain(text)
    expect(bytes.includes(text), `in the file: ${text}`).toBe(false)
    expect(lines, 'in the log').not.toContain(text)
  }
  for (const { code } of book.sent) {
    expect(rows, 'in a row').not.toMatch(new RegExp(`"${code}"`))
    expect(lines, 'in the log').not.toMatch(new RegExp(`\\b${code}\\b`))
  }

  await phone.post('/guest/promotion/undo', { force: true })
  const after = JSON.stringify(await tables(app.store))
  for (const address of ofAddresses) expect(after, 'after the demotion').not.toMatch(address)
})

test('a copied database reveals no code by trying them all, and no address behind a limit', async () => {
  const book = codeBook()
  const app = await startApp({ secret: deploymentSecret, loginIds: { send: book.send } })
  const browser = app.browser()
  await browser.signIn()
  await askForCode(browser, aunt)
  const { codes, limits } = await tables(app.store)
  const [{ id, code }] = codes!.map((row) => JSON.parse(row) as Record<string, string>) as [
    Record<string, string>,
  ]
  const hashes = (text: string) =>
    ['base64url', 'hex', 'base64'].map((form) =>
      createHash('sha256')
        .update(text)
        .digest(form as 'hex'),
    )
  const sent = book.codeTo(aunt)
  for (const text of [sent, `${id} ${sent}`, `${id}${sent}`, `${id}.${sent}`])
    expect(hashes(text), 'a hash without a key').not.toContain(code)
  const counted = limits!.map((row) => JSON.parse(row).id as string)
  expect(counted).toHaveLength(4)
  for (const text of [aunt, `email ${aunt}`, `address email ${aunt}`, 'network 127.0.0.1', '127.0.0.1'])
    for (const hash of hashes(text)) expect(counted).not.toContain(hash)
})

test('the log does not contain what a caller wrote into a proof', async () => {
  const { app, log } = await watchedApp()
  const { device } = await keptGuest(app)
  for (const wrong of [
    { origin: 'http://203.0.113.80' },
    { origin: 'https://ada@example.org' },
    { type: 'Ada was here' },
    { crossOrigin: true, topOrigin: 'https://203.0.113.81' },
    { clientDataJSON: () => '{"challenge":"Ada"}' },
  ]) {
    await register(app.browser(), app.device(), wrong)
    await authenticate(app.browser(), device, wrong)
  }
  const lines = log.join('')
  for (const text of personalTexts) expect(holds(lines, text), text).toBe(false)
})

test('the store holds only hashes of session secrets', async () => {
  const app = await startApp()
  const { browser, guest } = await keptGuest(app)
  const [prefixed, secret] = browser.token!.split('.')
  expect(prefixed).toBe(`gkt_${guest.sub}`)
  expect(Buffer.from(secret!, 'base64url')).toHaveLength(32)
  const [session] = (await tables(app.store)).sessions!.map((row) => JSON.parse(row))
  expect(session.id).toBe(createHash('sha256').update(secret!).digest('base64url'))
})

test('the store has these columns about a guest, and no others', async () => {
  const book = codeBook()
  const app = await startApp({
    prompts: [{ prompt: 'rate_us' }],
    profile: z.object({ nickname: z.string() }),
    webhooks: [{ url: 'http://127.0.0.1:9/', secret: `whsec_${randomBytes(32).toString('base64')}` }],
    loginIds: { send: book.send },
  })
  const { device, browser } = await keptGuest(app)
  await newCodes(browser)
  expect((await promote(book, browser, aunt)).status).toBe(200)
  await askForCode(browser, 'later@mail.example')
  await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
  await browser.post('/guest/prompts/snooze', { prompt: 'rate_us' })
  const visitor = app.browser()
  await visitor.signIn()
  expect((await visitor.signInWithPasskey(device)).body.merged).toBe(true)
  expect((await visitor.post('/guest/device-links')).status).toBe(201)
  await registerAs(app, app.device(), { clientId: 'guestkey' }) // a client: the store then has a signing key for tokens
  const columns = Object.entries(await tables(app.store)).flatMap(([table, [row]]) =>
    Object.keys(JSON.parse(row ?? '{}')).map((column) => `${table}.${column}`),
  )
  expect(columns.filter((name) => !name.startsWith('schema_steps')).toSorted()).toEqual(
    [
      'guests.anonymous_id guests.user_handle guests.label guests.collection guests.created_at',
      'guests.last_seen_at guests.days_seen guests.expires_at guests.due_at guests.stage guests.merged_into',
      'guests.promoted_at guests.disabled_at guests.disabled_until guests.disabled_reason',
      'passkeys.credential_id passkeys.anonymous_id passkeys.public_key passkeys.sign_count passkeys.aaguid',
      'passkeys.name passkeys.transports passkeys.backup_eligible passkeys.backed_up passkeys.created_at',
      'passkeys.last_used_at sessions.anonymous_id sessions.id sessions.created_at sessions.last_seen_at',
      'sessions.expires_at sessions.ends_at sessions.auth_time sessions.client_id sessions.scope sessions.jkt',
      'sessions.refreshes sessions.refreshed_at sessions.enrol_until sessions.replaced_at spent.id spent.expires_at spent.result spent.ended_at',
      'signing_keys.generation signing_keys.kid signing_keys.algorithm signing_keys.public_key',
      'signing_keys.private_key signing_keys.signs_from signing_keys.retires_at',
      // What the guest gives voluntarily.
      'recovery_codes.id recovery_codes.anonymous_id recovery_codes.created_at recovery_codes.confirmed',
      'login_ids.type login_ids.value login_ids.anonymous_id login_ids.verified_at login_ids.is_primary',
      'codes.id codes.code codes.tries_left codes.expires_at limits.id limits.used limits.expires_at',
      'profiles.anonymous_id profiles.version profiles.attributes profiles.updated_at',
      'snoozes.anonymous_id snoozes.prompt snoozes.times snoozes.snoozed_until',
      'merges.id merges.from_id merges.into_id merges.label merges.collection merges.recoverability',
      'merges.confirmed merges.carried_since merges.refusals merges.status merges.claimed_until',
      'merges.expires_at merges.replaced merges.proven_until merges.offered_until',
      'audit.anonymous_id audit.at audit.id audit.session_id audit.action audit.outcome',
      'audit.operator_id audit.operator_role audit.operator_reason audit.operator_case',
      'outbox.id outbox.url outbox.event outbox.payload outbox.created_at outbox.attempts outbox.due_at',
      'outbox.failure outbox.anonymous_id outbox.other_id',
      'device_links.id device_links.locator device_links.code device_links.secret device_links.tries_left',
      'device_links.anonymous_id device_links.session_id device_links.label device_links.status',
      'device_links.opener device_links.opened_in device_links.opened_for device_links.words',
      'device_links.asking device_links.result device_links.expires_at',
    ]
      .join(' ')
      .split(' ')
      .toSorted(),
  )
})

/** Every value that an attacker with the database could try as a token. */
async function guesses(store: string): Promise<string[]> {
  const rows = Object.values(await tables(store))
    .flat()
    .map((row) => JSON.parse(row) as Record<string, unknown>)
  const values = [...new Set(rows.flatMap((row) => Object.values(row).map(String)))].filter(Boolean)
  const guests = rows.flatMap((row) => ('user_handle' in row ? [String(row.anonymous_id)] : []))
  return values
    .filter((value) => /^[\w.:-]+$/.test(value))
    .flatMap((value) => [
      value,
      `gkt_${value}`,
      `gks_${value}`,
      ...guests.flatMap((guest) => [`gkt_${guest}.${value}`, `gks_${guest}.${value}`]),
    ])
}

test('a copied database signs nobody in, and a server that runs on it makes no token that another accepts', async () => {
  const app = await startApp({ secret: deploymentSecret })
  const { browser, device, guest } = await keptGuest(app)
  await app.browser().signInWithPasskey(device)
  const copy = await copyOfStore(app.store)
  const attacker = await startApp({
    store: copy,
    origin: app.origin,
    secret: 'another secret of 32 characters or more',
  })
  expect(await attacker.rows()).toEqual(await app.rows())

  const tried = await guesses(copy)
  expect(tried.length).toBeGreaterThan(50)
  for (const guess of tried) {
    const { status } = await supertest(app.server).get('/guest/userinfo').set('Cookie', `guestkey=${guess}`)
    expect(status, guess).toBe(401)
  }

  const sealed = attacker.browser()
  await sealed.signIn()
  await expectSignsInNowhere(app, sealed)
  const { browser: stored } = await keptGuest(attacker)
  await expectSignsInNowhere(app, stored)
  // The server refuses a real assertion over a challenge that the attacker made.
  const { challenge } = await askToSignIn(attacker.browser())
  await expectRefusal(
    app,
    () => authenticate(app.browser(), device, { challenge }),
    401,
    'authentication_failed',
  )
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
})

async function expectSignsInNowhere(app: TestApp, { cookie }: Browser) {
  await expectRefusal(
    app,
    () => supertest(app.server).get('/guest/userinfo').set('Cookie', cookie!),
    401,
    'session_invalid',
  )
}
