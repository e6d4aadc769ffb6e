// Plays one of everything through the endpoints, and records what each cookie, token and code must open to later.

import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { GuestEvents, Options } from '../../server/index.ts'
import {
  type AuthenticatorOptions,
  type DeviceCredential,
  SoftwareAuthenticator,
} from '../support/authenticator.ts'
import { DeviceKey, type Kind } from '../support/device-key.ts'
import {
  backendSecret,
  earlier,
  type Node,
  optionsOf,
  plain,
  type Received,
  startNode,
} from './deployment.ts'
import type { Answer, Question, Visitor } from './visitor.ts'

/** When the recording ends, in Unix seconds. At that time everything in it that can expire is still valid. */
export const AT = 1_800_000_000
const minute = 60
const day = 24 * 60 * minute
/** The hash of a token in a DPoP proof, and of a PKCE verifier. */
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

/** What a response must contain at least. `cookies` are those that the browser has afterwards. */
export type Expected = {
  status: number
  body?: unknown
  headers?: Record<string, string>
  cookies?: Record<string, string>
  location?: string
}
/** A use of something recorded: by a browser with these cookies, or by a program (null). */
export type Use = {
  name: string
  node: keyof typeof nodes
  cookies: Record<string, string> | null
  steps: (Question & { expects: Expected })[]
}
export type Passkey = {
  name: string
  sub: string
  device: Partial<AuthenticatorOptions>
  credential: Record<string, unknown> & { privateKey: JsonWebKey; publicKey: JsonWebKey }
}
export type Events = { [K in keyof GuestEvents]?: GuestEvents[K] }
export type Story = {
  uses: Use[]
  passkeys: Passkey[]
  deviceKeys: { sub: string; kind: Kind; privateKey: JsonWebKey; publicKey: JsonWebKey }[]
  /** Guests who are signed in: their cookies, and everything that the endpoints say about them. */
  accounts: { name: string; cookies: Record<string, string>; says: Record<string, unknown> }[]
  /** A browser in the middle of a sign-in at a provider. */
  flow: { cookies: Record<string, string>; location: string; verifier: string; sub: string }
  /** A merge that is done, as the host's hook got it, and the cookies that sign `from` in again if the host undoes it. */
  hostsMerge: { ticket: string; from: string; into: string; cookies: Record<string, string> }
  /** A merge that was decided but not done yet. */
  pending: { from: string; into: string }
  events: Events
}

/** The settings of each node that differ from those of the others. */
export const nodes = { main: {}, earlier, plain } satisfies Record<string, Partial<Options>>

export const eventNames: (keyof GuestEvents)[] = [
  'guest.signed_in',
  'guest.signed_out',
  'guest.kept',
  'guest.expiring',
  'guest.expired',
  'guest.restored',
  'guest.erased',
  'guest.merged',
  'guest.merge_undone',
  'guest.promoted',
  'guest.demoted',
  'login_id.added',
  'login_id.removed',
  'profile.changed',
  'session.refresh_reused',
  'device_key.added',
  'device_key.removed',
  'device.linked',
  'recovery_codes.changed',
  'recovery_codes.confirmed',
  'recovery_code.used',
  'guest.renamed',
  'passkey.added',
  'passkey.removed',
  'passkey.counter_regressed',
]

export type Around = {
  store: string
  receivers: { url: string; received: Received[] }
  provider: { issuer: string; signIn: (location: string, user: string) => string }
  /** Whether the host's hook hangs, so that a merge takes ten seconds. */
  hangs: boolean
}

const ANONYMOUS = 'urn:guestkey:params:oauth:grant-type:anonymous'
const SESSION = 'urn:guestkey:params:oauth:grant-type:session'
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Plays the story from a hundred days before `AT`. Afterwards the nodes are closed and have sent all webhooks. */
export async function playStory({ store, receivers, provider, hangs }: Around): Promise<Story> {
  let time = AT - 100 * day
  const codes = new Map<string, string>()
  const merges: { ticket: string; from: string }[] = []
  let atMerge: 'done' | 'refused' | 'hangs' = 'done'
  const opened: Node[] = []
  const events: Events = {}
  const start = async (of: keyof typeof nodes, others: Partial<Options> = {}) => {
    const places = { receivers: receivers.url, provider: provider.issuer }
    const node = await startNode(optionsOf(places, { ...nodes[of], ...others }), store, {
      now: () => time,
      send: ({ value, code }) => void codes.set(value, code),
      onMerge: ({ ticket, from }) => {
        if (atMerge === 'refused') throw new Error('not now')
        merges.push({ ticket, from: from.anonymous_id })
        return atMerge === 'hangs' ? new Promise(() => {}) : undefined
      },
    })
    for (const name of eventNames)
      node.guests.on(name, (event) => void Object.assign(events, { [name]: events[name] ?? event }))
    opened.push(node)
    return node
  }

  const uses: Use[] = []
  const passkeys: Passkey[] = []
  const deviceKeys: Story['deviceKeys'] = []
  const accounts: Story['accounts'] = []
  const use = (name: string, of: Visitor | null, ...steps: Use['steps']) =>
    void uses.push({ name, node: 'main', cookies: of?.jar ?? null, steps })
  const account = (name: string, { jar }: Visitor) => void accounts.push({ name, cookies: jar, says: {} })

  const main = await start('main')
  const browser = () => main.browser()
  const program = main.program()
  /** A browser in which somebody has continued as guest. */
  const guest = async (json: object = {}, node = main) => {
    const visitor = node.browser()
    const { body } = await visitor.post('/guest/sign-in', json)
    return { visitor, sub: body.sub as string, userinfo: body as Record<string, unknown> }
  }
  const device = (options: Partial<AuthenticatorOptions>) =>
    new SoftwareAuthenticator({ origin: 'https://app.example', ...options })

  async function addPasskey(visitor: Visitor, name: string, options: Partial<AuthenticatorOptions> = {}) {
    const authenticator = device(options)
    const asked = await visitor.post('/guest/passkeys/register/options')
    const { body } = await visitor.post(
      '/guest/passkeys/register',
      await authenticator.create(asked.body),
      201,
    )
    passkeys.push(recorded(name, body.sub, authenticator, options))
    return { authenticator, id: body.passkey.id as string }
  }
  async function byPasskey(visitor: Visitor, authenticator: SoftwareAuthenticator, status = 200, json = {}) {
    const asked = await visitor.post('/guest/passkeys/authenticate/options', json)
    const proof = await authenticator.get(asked.body)
    const answer = await visitor.post('/guest/passkeys/authenticate', proof, status)
    return { proof, answer }
  }
  const challengeFor = async (visitor: Visitor, purpose: 'register' | 'sign_in', anonymousId: string) => {
    const { body } = await visitor.post('/guest/device-keys/challenge', { purpose })
    return { ...body, issuer: 'https://app.example', anonymousId }
  }
  async function addDeviceKey(visitor: Visitor, sub: string, kind: Kind) {
    const { key, jwks } = await newDeviceKey(kind)
    const proof = key.registration(await challengeFor(visitor, 'register', sub))
    await visitor.post('/guest/device-keys', { proof, name: `A ${kind} key` }, 201)
    return { key, proof, jwks: { sub, kind, ...jwks } }
  }
  async function askForCode(visitor: Visitor, value: string, path = 'promotion/start') {
    const type = value.startsWith('+') ? 'phone' : 'email'
    const { body } = await visitor.post(`/guest/${path}`, { type, value })
    await new Promise((resolve) => setTimeout(resolve, 50)) // to sign in, it is sent in the background
    return { transaction: body.transaction as string, code: codes.get(value)! }
  }
  const promote = async (visitor: Visitor, value: string) =>
    visitor.post('/guest/promotion/verify', await askForCode(visitor, value))
  const tokenOf = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
    (await program.must(200, { method: 'POST', path: '/guest/token', form, headers })).body
  const refreshed = (refresh_token: string, client_id = 'spa', headers = {}) =>
    tokenOf({ grant_type: 'refresh_token', client_id, refresh_token }, headers)

  // A hundred days ago: two guests who will not be seen for long; one of them is warned later.
  const gina = await guest()
  await addPasskey(gina.visitor, 'of an expired guest')
  const rita = await guest()
  const ritas = await addPasskey(rita.visitor, 'of a restored guest', { alg: -8 })
  time = AT - 85 * day
  const walt = await guest()
  await addPasskey(walt.visitor, 'of a warned guest', { alg: -257 })
  for (const days of [15, 9, 4]) {
    time = AT - days * day
    await main.guests.runChores()
  }

  // Two days ago: a guest who signs in again, one who returns, and guests imported from another system.
  time = AT - 2 * day
  await byPasskey(browser(), ritas.authenticator)
  const sam = await guest()
  await main.guests.import([
    {
      sub: 'legacy|4711',
      label: 'Imported One',
      email: 'imported@example.org',
      email_verified: true,
      profile: { nickname: 'Fox' },
      created_at: AT - 400 * day,
      last_seen_at: AT - 3 * day,
    },
    { sub: 'legacy|4712', collection: 'visitors' },
  ])

  // Four hours ago: the first signing key, under the previous secret. Then a key of another algorithm takes over.
  time = AT - 4 * 60 * minute
  const over = { main, earlier: await start('earlier'), plain: await start('plain') }
  const before = over.earlier
  await before.program().get('/guest/.well-known/jwks.json')
  time = AT - 20 * minute
  const edwards = await start('main', { tokens: { signingAlgorithm: 'EdDSA' } })
  await edwards.guests.rotateSigningKeys()
  await edwards.close()

  // Ten minutes ago: a token that the first key signed, a token that is reused by now, and a session that began then.
  time = AT - 10 * minute
  const es256 = await tokenOf({ grant_type: ANONYMOUS, client_id: 'spa', scope: 'read' })
  const reused = await registerAs(main, 'spa', device({}))
  await refreshed(reused.tokens.refresh_token)

  time = AT
  await main.guests.rotateSigningKeys() // a third key, which does not sign yet

  // Guests without a row.
  await sam.visitor.get('/guest/userinfo')
  await sam.visitor.post('/guest/prompts/snooze', { prompt: 'add_attribute:nickname' })
  const mia = await guest({ collection: 'visitors' })
  const pat = await guest({}, over.plain)
  const earl = await guest({}, before)
  const gone = await guest()
  const goneWas = gone.visitor.jar
  await gone.visitor.post('/guest/sign-out', { force: true }, 204)
  const erased = await guest()
  await main.guests.keep(erased.sub)
  await main.guests.erase(erased.sub)

  // Guests with a row whose browser still carries the sealed cookie.
  const kay = await guest()
  await main.guests.keep((await kay.visitor.get('/guest/userinfo')).body)
  const kim = await guest()
  await main.guests.keep(kim.sub)
  const prue = await guest()
  const patched = await prue.visitor.must(200, {
    method: 'PATCH',
    path: '/guest/profile',
    json: { attributes: { nickname: 'Prue', favourites: ['tea'] } },
  })

  // A regular user with everything.
  const rose = await guest()
  const first = await addPasskey(rose.visitor, 'synced', {
    synced: true,
    aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd',
  })
  const second = await addPasskey(rose.visitor, 'with a counter', { counter: 'increasing' })
  const third = await addPasskey(rose.visitor, 'removed')
  await rose.visitor.must(204, { method: 'DELETE', path: `/guest/passkeys/${third.id}`, json: {} })
  passkeys.pop()
  await byPasskey(browser(), second.authenticator)
  const clone = second.authenticator.copy()
  clone.credentials[0]!.signCount = 0
  await byPasskey(browser(), clone, 401)
  passkeys.splice(
    passkeys.findIndex(({ name }) => name === 'with a counter'),
    1,
  )
  passkeys.push(recorded('with a counter', rose.sub, second.authenticator, { counter: 'increasing' }))
  await promote(rose.visitor, 'rose@example.org')
  await byPasskey(rose.visitor, first.authenticator, 200, { step_up: true })
  await promote(rose.visitor, '+41446681800')
  await promote(rose.visitor, 'other@example.org')
  await rose.visitor.must(204, {
    method: 'DELETE',
    path: '/guest/login-ids',
    json: { type: 'email', value: 'other@example.org' },
  })
  const rosesKey = await addDeviceKey(rose.visitor, rose.sub, 'ES256')
  deviceKeys.push(rosesKey.jwks)
  await rose.visitor.post('/guest/recovery-codes', {}, 201)
  await rose.visitor.post('/guest/recovery-codes/confirm', {})
  await rose.visitor.post('/guest/prompts/snooze', { prompt: 'add_attribute:nickname' })
  await rose.visitor.must(200, { method: 'PATCH', path: '/guest/label', json: { label: 'Rose 🌹' } })
  const spent = await byPasskey(browser(), first.authenticator)

  // Guests who come back with device keys and with recovery codes.
  const dan = await guest()
  const danKey = await addDeviceKey(dan.visitor, dan.sub, 'EdDSA')
  deviceKeys.push(danKey.jwks)
  const danOther = await addDeviceKey(dan.visitor, dan.sub, 'RS256')
  deviceKeys.push(danOther.jwks)
  const danGone = await addDeviceKey(dan.visitor, dan.sub, 'ES256')
  await dan.visitor.must(204, { method: 'DELETE', path: `/guest/device-keys/${danGone.key.id}`, json: {} })
  const cody = await guest()
  const paper = (await cody.visitor.post('/guest/recovery-codes', {}, 201)).body.codes as string[]
  await cody.visitor.post('/guest/recovery-codes/confirm', {})
  const recovered = browser()
  await recovered.post('/guest/sign-in/recovery-code', { code: paper[0] })

  // Regular users: one through a provider, one through the host, and one who is a guest again.
  const olga = await guest()
  const back = await throughProvider(olga.visitor, provider, 'olga', 'promote')
  await olga.visitor.post('/guest/promotion/finish', back)
  const hugo = await guest()
  await main.guests.keep(hugo.sub)
  await main.guests.promote(hugo.sub, {
    loginId: { type: 'email', value: 'hugo@example.org' },
    verified: true,
  })
  const demi = await guest()
  await promote(demi.visitor, 'demi@example.org')
  await demi.visitor.post('/guest/promotion/undo', { force: true })
  const legacy = browser()
  await legacy.must(204, { method: 'POST', path: '/host/sign-in-as?sub=legacy%7C4711', json: {} })

  // Merges, all into one guest.
  const wim = await guest()
  const wims = (await addPasskey(wim.visitor, 'of a target of merges')).authenticator
  await wim.visitor.must(200, {
    method: 'PATCH',
    path: '/guest/profile',
    json: { attributes: { nickname: 'Wim' } },
  })
  async function leave(how: typeof atMerge, prepare: (one: Awaited<ReturnType<typeof guest>>) => unknown) {
    const one = await guest()
    await prepare(one)
    const was = one.visitor.jar
    atMerge = how
    const { answer } = await byPasskey(one.visitor, wims)
    atMerge = 'done'
    return { ...one, was, ticket: answer.body.ticket as string, merged: answer.body.merged as boolean }
  }
  const withProfile = ({ visitor }: { visitor: Visitor }) =>
    visitor.must(200, {
      method: 'PATCH',
      path: '/guest/profile',
      json: { attributes: { favourites: ['coffee'] } },
    })
  const withPasskey = (name: string) => (one: { visitor: Visitor }) => addPasskey(one.visitor, name)
  const folded = await leave('done', withProfile)
  const rowless = await leave('done', () => {})
  const offered = await leave('done', withPasskey('of a guest whose merge is offered'))
  const elsewhere = browser() // another session of the same guest, which a merge puts aside
  const joined = await leave('done', async ({ visitor }) => {
    const { authenticator } = await addPasskey(visitor, 'of a merged guest')
    await byPasskey(elsewhere, authenticator)
  })
  await joined.visitor.post('/guest/merge', { ticket: joined.ticket })
  const undone = await leave('done', withPasskey('of a guest whose merge was undone'))
  await undone.visitor.post('/guest/merge', { ticket: undone.ticket })
  await undone.visitor.post('/guest/merge/undo', { ticket: undone.ticket })
  const refusedOne = await leave('refused', withProfile)
  const pending = hangs ? await leave('hangs', withProfile) : refusedOne

  // Linked devices.
  const link = async () => {
    const one = await guest()
    const made = (await one.visitor.post('/guest/device-links', {}, 201)).body
    return { ...one, id: made.id as string, code: made.code as string, link: made.link as string }
  }
  const asking = { platform: 'Linux', browser: 'Firefox' }
  const openLink = async (given: { code: string }) => {
    const visitor = browser()
    const { body } = await visitor.post('/guest/device-links/open', { code: given.code, device: asking })
    return { visitor, secret: body.secret as string, words: body.words as string[] }
  }
  const decide = (by: { visitor: Visitor; id: string }, approve: boolean): Question => ({
    method: 'PATCH',
    path: `/guest/device-links/${by.id}`,
    json: { approve },
  })
  const waiting = await link()
  const [toOpen, toClaim, toRefuse, done] = [await link(), await link(), await link(), await link()]
  const [isOpen, isApproved, isRefused, isDone] = [
    await openLink(toOpen),
    await openLink(toClaim),
    await openLink(toRefuse),
    await openLink(done),
  ]
  await toClaim.visitor.must(200, decide(toClaim, true))
  await toRefuse.visitor.must(200, decide(toRefuse, false))
  await done.visitor.must(200, decide(done, true))
  const beforeClaim = isDone.visitor.jar
  await isDone.visitor.post('/guest/device-links/claim', { secret: isDone.secret })

  // Clients.
  const edDsa = await tokenOf({ grant_type: ANONYMOUS, client_id: 'spa', scope: 'read write' })
  const carriedSpa = await tokenOf({ grant_type: ANONYMOUS, client_id: 'spa' })
  const subOf = async (token: string) =>
    (await program.get('/guest/userinfo', { Authorization: `Bearer ${token}` })).body.sub as string
  await main.guests.keep(await subOf(carriedSpa.access_token))
  const diary = await tokenOf({ grant_type: ANONYMOUS, client_id: 'diary' })
  const key = await dpopKey()
  const bound = await tokenOf(
    { grant_type: ANONYMOUS, client_id: 'bound' },
    { DPoP: await key.prove('POST', '/guest/token') },
  )
  const kept = await registerAs(main, 'spa', device({}))
  const again = await refreshed((await refreshed(kept.tokens.refresh_token)).refresh_token)
  const graced = await registerAs(main, 'spa', device({}))
  const next = await refreshed(graced.tokens.refresh_token)
  await program.must(400, {
    method: 'POST',
    path: '/guest/token',
    form: { grant_type: 'refresh_token', client_id: 'spa', refresh_token: reused.tokens.refresh_token },
  })
  const bySession = async (visitor: Visitor, client_id: string) =>
    (
      await visitor.must(200, {
        method: 'POST',
        path: '/guest/token',
        form: { grant_type: SESSION, client_id },
      })
    ).body.access_token as string
  const ofCookie = await bySession(sam.visitor, 'guestkey')
  const ofRow = await bySession(rose.visitor, 'guestkey')
  const rosesDiary = await bySession(rose.visitor, 'diary')
  const legacysDiary = await bySession(legacy, 'diary')
  const basic = `Basic ${Buffer.from(`backend:${encodeURIComponent(backendSecret)}`).toString('base64')}`

  // ---- What browsers and programs hold now, and what it must do.

  const userinfo = (token: string, headers: Record<string, string> = {}): Question => ({
    method: 'GET',
    path: '/guest/userinfo',
    headers: { Authorization: `Bearer ${token}`, ...headers },
  })
  /** Asks now, and expects the same response from every later version. */
  async function reads(name: string, of: Visitor | null, question: Question, node: Use['node'] = 'main') {
    const visitor = of ? over[node].browser(of.jar) : over[node].program()
    const { status, body } = await visitor.ask(question)
    uses.push({ name, node, cookies: of?.jar ?? null, steps: [{ ...question, expects: { status, body } }] })
  }
  const whoAmI: Question = { method: 'GET', path: '/guest/userinfo' }
  const jarOf = (cookies: Record<string, string>) => main.browser(cookies)
  await reads('a sealed cookie, days and snoozes in it', sam.visitor, whoAmI)
  await reads('a sealed cookie of another collection', mia.visitor, whoAmI)
  await reads('a sealed cookie under the secret from before', earl.visitor, whoAmI)
  await reads('a sealed cookie over plain http', pat.visitor, whoAmI, 'plain')
  await reads('a sealed cookie of a guest who signed out', jarOf(goneWas), whoAmI)
  await reads('a sealed cookie of a guest who was erased', erased.visitor, whoAmI)
  await reads('a sealed cookie of a guest who was merged', jarOf(rowless.was), whoAmI)
  await reads('a stored cookie of a guest who was merged', elsewhere, whoAmI)
  for (const [name, { visitor }] of Object.entries({ kay, kim, prue, rose, dan, cody, olga, demi, wim }))
    account(name, visitor)
  account('legacy', legacy)
  account('linked', isDone.visitor)
  for (const [name, { visitor }] of Object.entries({ sam, rose, legacy: { visitor: legacy } })) {
    const question: Question = { method: 'GET', path: '/guest/verify' }
    const { headers } = await visitor.must(200, question)
    const identity = Object.fromEntries(Object.entries(headers).filter(([one]) => one.startsWith('x-guest-')))
    use(`the headers of forward-auth of ${name}`, visitor, {
      ...question,
      expects: { status: 200, headers: identity },
    })
  }
  await reads('an access token by ES256', null, userinfo(es256.access_token))
  await reads('an access token by EdDSA', null, userinfo(edDsa.access_token))
  await reads('an access token of a carried session', null, userinfo(carriedSpa.access_token))
  await reads('an access token of a stored session', null, userinfo(again.access_token))
  await reads('an access token of a sealed cookie', null, userinfo(ofCookie))
  await reads('an access token of a stored cookie', null, userinfo(ofRow))
  await reads('a pairwise access token of a client', null, userinfo(diary.access_token))
  await reads('a pairwise access token of a browser', null, userinfo(rosesDiary))
  await reads('a pairwise access token of an imported guest', null, userinfo(legacysDiary))
  for (const [name, token] of Object.entries({ ofRow, rosesDiary })) {
    const question: Question = {
      method: 'POST',
      path: '/guest/introspect',
      form: { token },
      headers: { Authorization: basic },
    }
    await reads(`the introspection of the access token ${name}`, null, question)
  }
  await reads('the keys of before and to come', null, { method: 'GET', path: '/.well-known/jwks.json' })
  await reads('an access token without its key', null, userinfo(bound.access_token))
  use('an access token bound to a key', null, {
    method: 'GET',
    path: '/guest/userinfo',
    headers: {
      Authorization: `DPoP ${bound.access_token}`,
      DPoP: await key.prove('GET', '/guest/userinfo', bound.access_token),
    },
    expects: { status: 200, body: { recoverability: 'none' } },
  })

  const goesOn = (
    name: string,
    refresh_token: string,
    body: object,
    more: Record<string, string> = {},
    headers = {},
  ) =>
    use(name, null, {
      method: 'POST',
      path: '/guest/token',
      form: { grant_type: 'refresh_token', client_id: 'spa', refresh_token, ...more },
      headers,
      expects: { status: 'error' in body ? 400 : 200, body },
    })
  goesOn('a sealed refresh token', edDsa.refresh_token, { scope: 'read write' })
  goesOn('a carried refresh token', carriedSpa.refresh_token, { token_type: 'Bearer' })
  goesOn('a pairwise refresh token', diary.refresh_token, { token_type: 'Bearer' }, { client_id: 'diary' })
  goesOn('a stored refresh token', again.refresh_token, { token_type: 'Bearer' })
  goesOn('a refresh token whose answer was lost', graced.tokens.refresh_token, {
    refresh_token: next.refresh_token,
  })
  goesOn('a refresh token that was reused', reused.tokens.refresh_token, { error: 'invalid_grant' })
  goesOn(
    'a refresh token bound to a key',
    bound.refresh_token,
    { token_type: 'DPoP' },
    { client_id: 'bound' },
    { DPoP: await key.prove('POST', '/guest/token') },
  )

  // Challenges of each purpose, with their proofs.
  const posts = (path: string, json: object, expects: Expected) => ({ method: 'POST', path, json, expects })
  const isNow = (sub: string, more = {}): Use['steps'][0] => ({
    ...whoAmI,
    expects: { status: 200, body: { sub, ...more } },
  })
  const create = async (visitor: Visitor, json = {}) =>
    slim(await device({}).create((await visitor.post('/guest/passkeys/register/options', json)).body))
  const finished = '/guest/passkeys/register'
  use(
    'a challenge to register, of a guest without a row',
    sam.visitor,
    posts(finished, await create(sam.visitor), {
      status: 201,
      body: { sub: sam.sub, recoverability: 'passkey' },
    }),
    isNow(sam.sub),
  )
  use(
    'a challenge to register, of a regular user',
    rose.visitor,
    posts(finished, await create(rose.visitor), { status: 201, body: { sub: rose.sub } }),
    isNow(rose.sub),
  )
  use(
    'a challenge to register that the browser answers by itself',
    kay.visitor,
    posts(finished, await create(kay.visitor, { conditional: true }), {
      status: 201,
      body: { sub: kay.sub },
    }),
  )
  const handle = (user: { id: string }) => ({
    method: 'GET',
    path: '/guest/passkeys/signal',
    expects: { status: 200, body: { user_id: user.id } },
  })
  const nobody = browser()
  const newcomer = (await nobody.post('/guest/passkeys/register/options')).body
  use(
    'a challenge to become a guest by a passkey',
    nobody,
    posts(finished, slim(await device({}).create(newcomer)), {
      status: 201,
      body: { label: newcomer.user.name },
    }),
    handle(newcomer.user),
  )
  const { user } = (await mia.visitor.post('/guest/passkeys/register/options')).body
  use(
    'the user handle of a guest without a row',
    mia.visitor,
    posts('/guest/passkeys/register/options', {}, { status: 200, body: { user: { id: user.id } } }),
  )
  const earlierOne = before.browser()
  const asked = (await earlierOne.post('/guest/passkeys/register/options')).body
  use(
    'a challenge to become a guest, under the secret from before',
    earlierOne,
    posts(finished, slim(await device({}).create(asked)), { status: 201, body: { label: asked.user.name } }),
    handle(asked.user),
  )
  const lost = await guest()
  const proof = await create(lost.visitor)
  const lostWas = lost.visitor.jar
  await lost.visitor.post(finished, proof, 201)
  use(
    'a registration whose answer was lost',
    jarOf(lostWas),
    posts(finished, proof, { status: 200, body: { sub: lost.sub }, cookies: lost.visitor.jar }),
  )
  account('lost', lost.visitor)
  const signInPath = '/guest/passkeys/authenticate'
  const assert = async (visitor: Visitor, json = {}) =>
    first.authenticator.get((await visitor.post('/guest/passkeys/authenticate/options', json)).body)
  use(
    'a challenge to sign in with a passkey',
    browser(),
    posts(signInPath, await assert(browser()), { status: 200, body: { sub: rose.sub } }),
    isNow(rose.sub),
  )
  use(
    'a challenge to step up',
    rose.visitor,
    posts(signInPath, await assert(rose.visitor, { step_up: true }), {
      status: 200,
      body: { sub: rose.sub },
    }),
  )
  use(
    'a challenge that was spent',
    browser(),
    posts(signInPath, spent.proof, { status: 401, body: { code: 'authentication_failed' } }),
  )
  const newKey = (await newDeviceKey('ES256')).key
  use(
    'a challenge to register a device key',
    cody.visitor,
    posts(
      '/guest/device-keys',
      { proof: newKey.registration(await challengeFor(cody.visitor, 'register', cody.sub)) },
      { status: 201, body: { sub: cody.sub, device_key: { id: newKey.id } } },
    ),
  )
  use(
    'a challenge to sign in by a device key',
    browser(),
    posts(
      '/guest/device-keys/sign-in',
      { assertion: danKey.key.assertion(await challengeFor(browser(), 'sign_in', dan.sub)) },
      { status: 200, body: { sub: dan.sub, recoverability: 'device' } },
    ),
    isNow(dan.sub),
  )
  use('the assertion of a device key at the token endpoint', null, {
    method: 'POST',
    path: '/guest/token',
    form: {
      grant_type: JWT_BEARER,
      client_id: 'spa',
      assertion: danOther.key.assertion(await challengeFor(browser(), 'sign_in', dan.sub)),
    },
    expects: { status: 200, body: { token_type: 'Bearer' } },
  })

  // Codes that were sent, and the pages of the service itself.
  const verify = '/guest/promotion/verify'
  use(
    'a code to be promoted by',
    sam.visitor,
    posts(verify, await askForCode(sam.visitor, 'sam@example.org'), {
      status: 200,
      body: { sub: sam.sub, isVerified: true },
    }),
    isNow(sam.sub, { isAnonymous: false }),
  )
  const tia = await guest()
  const taken = await askForCode(tia.visitor, 'rose@example.org')
  const refused = await tia.visitor.must(409, { method: 'POST', path: verify, json: taken })
  use(
    'a code to sign in by, and then the ticket that a taken login ID gave',
    tia.visitor,
    posts('/guest/sign-in/code', await askForCode(browser(), 'rose@example.org', 'sign-in/code/start'), {
      status: 200,
      body: { sub: rose.sub },
    }),
    isNow(rose.sub),
    posts(
      '/guest/merge',
      { ticket: refused.body.ticket },
      { status: 200, body: { merged: { anonymous_id: tia.sub } } },
    ),
  )
  for (let codesLeft = 5; codesLeft > 0; codesLeft--) await askForCode(mia.visitor, 'mia@example.org')
  use(
    'a limit that is reached',
    mia.visitor,
    posts('/guest/promotion/start', { type: 'email', value: 'mia@example.org' }, { status: 429 }),
  )
  const right = await askForCode(kim.visitor, 'kim@example.org')
  const wrong = right.code === '000000' ? '000001' : '000000'
  use(
    'a wrong code',
    kim.visitor,
    posts(verify, { ...right, code: wrong }, { status: 400, body: { code: 'code_wrong' } }),
  )
  const page = await throughPages(prue.visitor, codes, 'promote', 'prue@example.org')
  use(
    'an authorization code to be promoted by',
    prue.visitor,
    posts('/guest/promotion/finish', page.redemption, {
      status: 200,
      body: { sub: prue.sub, isVerified: true },
    }),
    isNow(prue.sub),
  )
  const signInCode = await throughPages(browser(), codes, 'sign_in', 'hugo@example.org', 'spa')
  use('an authorization code at the token endpoint', null, {
    method: 'POST',
    path: '/guest/token',
    form: { grant_type: 'authorization_code', client_id: 'spa', ...signInCode.redemption },
    expects: { status: 200, body: { token_type: 'Bearer', scope: 'read write' } },
  })
  const usedUp = await throughPages(browser(), codes, 'sign_in', 'hugo@example.org')
  const hugos = browser()
  await hugos.post('/guest/promotion/finish', usedUp.redemption)
  account('hugo', hugos)
  use(
    'an authorization code that was spent',
    browser(),
    posts('/guest/promotion/finish', usedUp.redemption, { status: 400, body: { code: 'code_expired' } }),
  )
  const half = await begunPages(kay.visitor, codes, 'promote', 'kay@example.org')
  use('a request for authorization that was pushed', browser(), {
    method: 'GET',
    path: `/guest/authorize?client_id=guestkey&request_uri=${encodeURIComponent(half.requestUri)}`,
    expects: { status: 200 },
  })
  use('a request that our page carries, and its code', browser(), {
    method: 'POST',
    path: '/guest/authorize/verify',
    form: half.form,
    expects: { status: 303, location: 'https://app.example/back?code=' },
  })
  const flow = await atProvider(kim.visitor, 'promote')

  // Tickets of merges.
  use(
    'the ticket of a merge that is offered',
    offered.visitor,
    posts(
      '/guest/merge',
      { ticket: offered.ticket },
      { status: 200, body: { merged: { anonymous_id: offered.sub } } },
    ),
  )
  use(
    'the ticket of a merge that was refused by the host',
    refusedOne.visitor,
    posts(
      '/guest/merge',
      { ticket: refusedOne.ticket },
      { status: 200, body: { merged: { anonymous_id: refusedOne.sub } } },
    ),
  )
  const undoing = (ticket: string, body: object) =>
    posts('/guest/merge/undo', { ticket }, { status: 200, body })
  use(
    'the ticket to undo a merge of a guest who could not come back',
    folded.visitor,
    undoing(folded.ticket, { sub: folded.sub }),
    isNow(folded.sub),
  )
  use(
    'the ticket to undo a merge of a guest who had no row',
    rowless.visitor,
    undoing(rowless.ticket, { sub: rowless.sub }),
    isNow(rowless.sub),
  )
  use(
    'the ticket to undo a merge of a guest with a passkey',
    joined.visitor,
    undoing(joined.ticket, { sub: wim.sub }),
  )
  use('the ticket of a merge that was undone', undone.visitor, undoing(undone.ticket, { sub: wim.sub }))

  // Device links, and recovery codes.
  const opening = (given: object) =>
    posts('/guest/device-links/open', { ...given, device: asking }, { status: 200, body: { interval: 2 } })
  use('the code of a device link', browser(), opening({ code: waiting.code }))
  use('the scanned text of a device link', browser(), opening({ link: waiting.link }))
  use('a device link that waits', waiting.visitor, {
    method: 'GET',
    path: `/guest/device-links/${waiting.id}`,
    expects: { status: 200, body: { status: 'waiting' } },
  })
  use(
    'a device link that is open',
    toOpen.visitor,
    {
      method: 'GET',
      path: `/guest/device-links/${toOpen.id}`,
      expects: { status: 200, body: { status: 'opened', device: asking, words: isOpen.words } },
    },
    { ...decide(toOpen, true), expects: { status: 200, body: { status: 'approved' } } },
  )
  const claims = (
    name: string,
    { visitor, secret }: { visitor: Visitor; secret: string },
    expects: Expected,
  ) => use(name, visitor, posts('/guest/device-links/claim', { secret }, expects))
  claims('the secret of a device link that is undecided', isOpen, { status: 202, body: { status: 'opened' } })
  claims('the secret of a device link that was approved', isApproved, {
    status: 200,
    body: { sub: toClaim.sub },
  })
  claims('the secret of a device link that was refused', isRefused, {
    status: 403,
    body: { code: 'link_refused' },
  })
  claims(
    'the secret of a device link whose answer was lost',
    { visitor: jarOf(beforeClaim), secret: isDone.secret },
    {
      status: 200,
      body: { sub: done.sub },
      cookies: isDone.visitor.jar,
    },
  )
  const onPaper = (name: string, code: string, expects: Expected) =>
    use(name, browser(), posts('/guest/sign-in/recovery-code', { code }, expects))
  onPaper('a recovery code', paper[1]!, { status: 200, body: { sub: cody.sub, recovery_codes_left: 8 } })
  onPaper('a recovery code as somebody types it', paper[2]!.toLowerCase().replaceAll('-', ' '), {
    status: 200,
    body: { sub: cody.sub },
  })
  onPaper('a recovery code that was used', paper[0]!, { status: 401, body: { code: 'recovery_code_wrong' } })

  // A profile with the version that was read.
  use('the version of a profile', prue.visitor, {
    method: 'PATCH',
    path: '/guest/profile',
    headers: { 'If-Match': patched.headers.etag! },
    json: { attributes: { nickname: null } },
    expects: { status: 200, body: { attributes: { favourites: ['tea'] } } },
  })

  await main.guests.runChores()
  for (const node of opened) await node.close()
  return {
    uses,
    passkeys,
    deviceKeys,
    accounts,
    flow: { ...flow, sub: kim.sub },
    hostsMerge: {
      ticket: merges.find(({ from }) => from === joined.sub)!.ticket,
      from: joined.sub,
      into: wim.sub,
      cookies: elsewhere.jar,
    },
    pending: { from: pending.sub, into: wim.sub },
    events,
  }

  async function registerAs(node: Node, client_id: string, authenticator: SoftwareAuthenticator) {
    const asked = (await node.program().post('/guest/passkeys/register/options')).body
    const proof = { ...(await authenticator.create(asked)), client_id }
    const { body } = await node.program().post('/guest/passkeys/register', proof, 201)
    passkeys.push(recorded(`of a client's guest ${passkeys.length}`, body.sub, authenticator, {}))
    return {
      sub: body.sub as string,
      tokens: body.tokens as Record<'access_token' | 'refresh_token', string>,
    }
  }
}

/** A registration with only the members that a server reads. */
export const slim = ({ response, ...proof }: RegistrationResponseJSON) => ({
  ...proof,
  response: { clientDataJSON: response.clientDataJSON, attestationObject: response.attestationObject },
})

/** A passkey as JSON, with its private key. */
export function recorded(
  name: string,
  sub: string,
  { credentials }: SoftwareAuthenticator,
  options: Partial<AuthenticatorOptions>,
): Passkey {
  const { privateKey, publicKey, ...rest } = credentials.at(-1)!
  const jwk = (key: typeof privateKey) => key.export({ format: 'jwk' }) as JsonWebKey
  return {
    name,
    sub,
    device: options,
    credential: { ...rest, privateKey: jwk(privateKey), publicKey: jwk(publicKey) },
  }
}

async function newDeviceKey(kind: Kind) {
  const pair = await generateKeyPair(kind === 'EdDSA' ? 'Ed25519' : kind, { extractable: true })
  const jwks = { privateKey: await exportJWK(pair.privateKey), publicKey: await exportJWK(pair.publicKey) }
  return { key: deviceKeyOf(kind, jwks), jwks: jwks as { privateKey: JsonWebKey; publicKey: JsonWebKey } }
}

/** A device key from a recording. */
export const deviceKeyOf = (
  kind: Kind,
  { privateKey, publicKey }: { privateKey: JsonWebKey; publicKey: JsonWebKey },
): DeviceKey =>
  new DeviceKey(kind, {
    privateKey: createPrivateKey({ key: privateKey as never, format: 'jwk' }),
    publicKey: createPublicKey({ key: publicKey as never, format: 'jwk' }),
  })

/** A device with a passkey from a recording. */
export function deviceOf({ device, credential }: Passkey): SoftwareAuthenticator {
  const authenticator = new SoftwareAuthenticator({ origin: 'https://app.example', ...device })
  authenticator.credentials.push({
    ...(credential as never as DeviceCredential),
    privateKey: createPrivateKey({ key: credential.privateKey as never, format: 'jwk' }),
    publicKey: createPublicKey({ key: credential.publicKey as never, format: 'jwk' }),
  })
  return authenticator
}

/** A key to which tokens are bound (RFC 9449). */
export async function dpopKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  let proofs = 0
  return {
    prove: (htm: string, path: string, token?: string) =>
      new SignJWT({
        jti: `proof ${proofs++}`,
        htm,
        htu: `https://app.example${path}`,
        ...(token !== undefined && { ath: sha256(token) }),
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
        .setIssuedAt(AT)
        .sign(privateKey),
  }
}

/** The authorization request with which our own pages begin. */
async function pushed(visitor: Visitor, purpose: 'promote' | 'sign_in', client_id: string) {
  const verifier = `${'a verifier of the recordings '.repeat(2).replaceAll(' ', '-')}${purpose}`
  const redirect_uri = `https://${client_id === 'spa' ? 'spa' : 'app'}.example/back`
  const { body } = await visitor.must(201, {
    method: 'POST',
    path: '/guest/par',
    form: {
      response_type: 'code',
      client_id,
      redirect_uri,
      purpose,
      state: 'the state',
      code_challenge: sha256(verifier),
      code_challenge_method: 'S256',
    },
    ...(client_id === 'spa' && {
      headers: { Origin: 'https://spa.example', 'Sec-Fetch-Site': 'cross-site' },
    }),
  })
  return { requestUri: body.request_uri as string, verifier, redirect_uri }
}

const fieldOf = ({ text }: Answer, name: string) =>
  new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(text)![1]!

/** Goes to the page that asks for the code. Returns the form that the page sends once the code is entered. */
async function begunPages(
  visitor: Visitor,
  codes: Map<string, string>,
  purpose: 'promote' | 'sign_in',
  value: string,
  client = 'guestkey',
) {
  const begun = await pushed(visitor, purpose, client)
  const asked = await visitor.get(
    `/guest/authorize?client_id=${client}&request_uri=${encodeURIComponent(begun.requestUri)}`,
  )
  const form = { request: fieldOf(asked, 'request'), type: 'email', value }
  const sent = await visitor.must(200, { method: 'POST', path: '/guest/authorize/code', form })
  await new Promise((resolve) => setTimeout(resolve, 50)) // to sign in, it is sent in the background
  const [request, transaction] = [fieldOf(sent, 'request'), fieldOf(sent, 'transaction')]
  return { ...begun, form: { request, transaction, value, code: codes.get(value)! } }
}

/** Goes through our pages and back. Returns the authorization code, and the verifier to redeem it with. */
async function throughPages(...of: Parameters<typeof begunPages>) {
  const { form, verifier, redirect_uri } = await begunPages(...of)
  const { headers } = await of[0].must(303, { method: 'POST', path: '/guest/authorize/verify', form })
  const code = new URL(headers.location!).searchParams.get('code')!
  return { redemption: { code, code_verifier: verifier, redirect_uri } }
}

/** Goes to the provider. Returns the cookies of the browser, and the URL to which it was sent. */
async function atProvider(visitor: Visitor, purpose: 'promote' | 'sign_in') {
  const { requestUri, verifier } = await pushed(visitor, purpose, 'guestkey')
  const asked = await visitor.get(
    `/guest/authorize?client_id=guestkey&request_uri=${encodeURIComponent(requestUri)}`,
  )
  const path = /href="([^"]*\/authorize\/provider[^"]*)"/.exec(asked.text)![1]!.replace(/&(amp|#38);/g, '&')
  const away = await visitor.must(303, { method: 'GET', path })
  return { cookies: visitor.jar, location: away.headers.location!, verifier }
}

/** Comes back from the provider. Returns the params to redeem the authorization code with. */
export async function throughProvider(
  visitor: Visitor,
  provider: Around['provider'],
  user: string,
  purpose: 'promote' | 'sign_in',
) {
  const { location, verifier } = await atProvider(visitor, purpose)
  return { code: await backFrom(visitor, provider.signIn(location, user)), code_verifier: verifier }
}

/** The authorization code of a browser that comes back from the provider. */
export async function backFrom(visitor: Visitor, query: string): Promise<string> {
  const path = `/guest/authorize/callback/example?${query}`
  const { headers } = await visitor.must(303, { method: 'GET', path })
  return new URL(headers.location!).searchParams.get('code')!
}
