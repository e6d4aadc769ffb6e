// Plays what an older version can do through its endpoints, and records what each cookie, token and code must open to.

import { type AuthenticatorOptions, SoftwareAuthenticator } from '../../support/authenticator.ts'
import { backendSecret, type Node } from '../deployment.ts'
import { AT, dpopKey, type Expected, type Passkey, recorded, slim, type Use } from '../story.ts'
import type { Question, Visitor } from '../visitor.ts'
import { has, type Version } from './options.ts'

const minute = 60
const day = 24 * 60 * minute

export type OlderStory = {
  uses: Use[]
  passkeys: Passkey[]
  /** Everybody who can still come back, by what: a cookie, a passkey or an address. */
  people: { name: string; sub: string; cookies?: Record<string, string>; address?: string }[]
  /** Merges that are done, decided or offered, by the tickets that the host got. */
  merges: { ticket: string; from: string; into: string }[]
}

export type Hooks = {
  version: Version
  /** Starts a node with the clock of the story. `before`: it seals with the previous secret. */
  start: (before?: boolean) => Promise<Node>
  clock: { now: number }
  /** The codes that were sent, by address. */
  codes: Map<string, string>
  merges: OlderStory['merges']
  /** Whether the host refuses the merges that come now. */
  host: { refuses: boolean }
}

const ANONYMOUS = 'urn:guestkey:params:oauth:grant-type:anonymous'
const SESSION = 'urn:guestkey:params:oauth:grant-type:session'
const whoAmI: Question = { method: 'GET', path: '/guest/userinfo' }

/** Plays the story from a hundred days before `AT`. Afterwards the nodes are closed. */
export async function playOlderStory({
  version,
  start,
  clock,
  codes,
  merges,
  host,
}: Hooks): Promise<OlderStory> {
  const uses: Use[] = []
  const passkeys: Passkey[] = []
  const people: OlderStory['people'] = []
  const since = (one: Version) => has(version, one)
  clock.now = AT - 100 * day
  const main = await start()
  const browser = () => main.browser()
  const program = main.program()
  const guest = async (json: object = {}, node = main) => {
    const visitor = node.browser()
    const { body } = await visitor.post('/guest/sign-in', json)
    return { visitor, sub: body.sub as string }
  }
  const device = (options: Partial<AuthenticatorOptions> = {}) =>
    new SoftwareAuthenticator({ origin: 'https://app.example', ...options })
  async function addPasskey(visitor: Visitor, name: string, options: Partial<AuthenticatorOptions> = {}) {
    const authenticator = device(options)
    const asked = await visitor.post('/guest/passkeys/register/options')
    const proof = await authenticator.create(asked.body)
    const { body } = await visitor.post('/guest/passkeys/register', proof, 201)
    passkeys.push(recorded(name, body.sub, authenticator, options))
    return { authenticator, id: body.passkey.id as string, sub: body.sub as string }
  }
  async function byPasskey(visitor: Visitor, authenticator: SoftwareAuthenticator) {
    const asked = await visitor.post('/guest/passkeys/authenticate/options')
    const proof = await authenticator.get(asked.body)
    return { proof, answer: await visitor.post('/guest/passkeys/authenticate', proof) }
  }
  const use = (name: string, of: Visitor | null, ...steps: Use['steps']) =>
    void uses.push({ name, node: 'main', cookies: of?.jar ?? null, steps })
  const posts = (path: string, json: object, expects: Expected) => ({ method: 'POST', path, json, expects })
  const isNow = (sub: string): Use['steps'][0] => ({ ...whoAmI, expects: { status: 200, body: { sub } } })
  const asked: [name: string, of: Visitor | null, question: Question][] = []
  /** Asks at the end, and expects the same of every later version. */
  const reads = (name: string, of: Visitor | null, question: Question) =>
    void asked.push([name, of && main.browser(of.jar), question])
  const isHere = (name: string, { visitor, sub }: { visitor: Visitor; sub: string }) =>
    void people.push({ name, sub, cookies: visitor.jar })

  // A hundred days ago: guests who were not seen for long. Retention came with 0.3.0: one is expired by now, one warned.
  const gina = await guest()
  await addPasskey(gina.visitor, 'of a guest not seen for a hundred days')
  clock.now = AT - 85 * day
  const walt = await guest()
  await addPasskey(walt.visitor, 'of a guest not seen for 85 days', { alg: -257 })
  if (since('0.3.0')) {
    for (const days of [15, 9, 4]) {
      clock.now = AT - days * day
      await main.guests.runChores()
    }
  }

  // Two days ago: a guest who signed in on two devices, and one who only looked.
  clock.now = AT - 2 * day
  const sam = await guest()
  const rose = await guest()
  const first = await addPasskey(rose.visitor, 'synced', { synced: true })
  const second = await addPasskey(rose.visitor, 'with a counter', { counter: 'increasing' })
  const third = await addPasskey(rose.visitor, 'removed')
  await rose.visitor.must(204, { method: 'DELETE', path: `/guest/passkeys/${third.id}`, json: {} })
  passkeys.pop()
  await rose.visitor.must(200, {
    method: 'PATCH',
    path: `/guest/passkeys/${first.id}`,
    json: { name: 'My telephone' },
  })
  const roses = { sub: rose.sub, visitor: browser() }
  await byPasskey(roses.visitor, second.authenticator)
  passkeys[passkeys.findIndex(({ name }) => name === 'with a counter')] = recorded(
    'with a counter',
    rose.sub,
    second.authenticator,
    { counter: 'increasing' },
  )
  const gone = { sub: rose.sub, visitor: browser() }
  await byPasskey(gone.visitor, first.authenticator)
  const goneWas = gone.visitor.jar
  await gone.visitor.post('/guest/sign-out', {}, 204)
  const earl = since('0.2.0') ? await guestOfBefore() : undefined

  clock.now = AT
  await sam.visitor.get('/guest/userinfo')
  await rose.visitor.get('/guest/userinfo')
  const over = await guest()
  const overWas = over.visitor.jar
  await over.visitor.post('/guest/sign-out', { force: true }, 204)

  reads('a sealed cookie', sam.visitor, whoAmI)
  reads('a stored cookie', rose.visitor, whoAmI)
  reads('the passkeys of a guest', rose.visitor, { method: 'GET', path: '/guest/passkeys' })
  reads('a sealed cookie of a guest who signed out', main.browser(overWas), whoAmI)
  reads('a stored cookie of a session that was signed out', main.browser(goneWas), whoAmI)
  for (const [name, one] of Object.entries({ sam, rose, 'rose elsewhere': roses, ...(earl && { earl }) }))
    isHere(name, one)

  // Ceremonies that are under way.
  const create = async (visitor: Visitor) =>
    slim(await device().create((await visitor.post('/guest/passkeys/register/options')).body))
  const finished = '/guest/passkeys/register'
  const ruth = await guest()
  const ruths = await create(ruth.visitor)
  use(
    'a challenge to register',
    ruth.visitor,
    posts(finished, ruths, { status: 201, body: { sub: ruth.sub } }),
    isNow(ruth.sub),
  )
  const lost = await guest()
  const [lostWas, proof] = [lost.visitor.jar, await create(lost.visitor)]
  await lost.visitor.post(finished, proof, 201)
  use(
    'a registration whose answer was lost',
    main.browser(lostWas),
    posts(finished, proof, { status: 200, body: { sub: lost.sub } }),
  )
  isHere('lost', lost)
  const challenge = (await browser().post('/guest/passkeys/authenticate/options')).body
  const assertion = await first.authenticator.get(challenge)
  const signIn = '/guest/passkeys/authenticate'
  use(
    'a challenge to sign in',
    browser(),
    posts(signIn, assertion, { status: 200, body: { sub: rose.sub } }),
    isNow(rose.sub),
  )
  const { proof: spent } = await byPasskey(browser(), first.authenticator)
  use('a challenge that was spent', browser(), posts(signIn, spent, { status: 401 }))

  if (since('0.2.0')) await playTokens()
  if (since('0.3.0')) await playLife()
  if (since('0.4.0')) await playPromotion()
  for (const [name, of, question] of asked) {
    const { status, body } = await (of ?? program).ask(question)
    uses.push({
      name,
      node: 'main',
      cookies: of?.jar ?? null,
      steps: [{ ...question, expects: { status, body } }],
    })
  }
  await main.close()
  return { uses, passkeys, people, merges }

  async function guestOfBefore() {
    const before = await start(true)
    const one = await guest({}, before)
    await before.close()
    return one
  }

  /** 0.2.0: clients and their tokens. */
  async function playTokens(): Promise<void> {
    const tokenOf = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
      (await program.must(200, { method: 'POST', path: '/guest/token', form, headers })).body
    const bearer = (token: string): Question => ({ ...whoAmI, headers: { Authorization: `Bearer ${token}` } })
    const spa = await tokenOf({ grant_type: ANONYMOUS, client_id: 'spa', scope: 'read' })
    await main.guests.rotateSigningKeys()
    const diary = await tokenOf({ grant_type: ANONYMOUS, client_id: 'diary' })
    const key = await dpopKey()
    const bound = await tokenOf(
      { grant_type: ANONYMOUS, client_id: 'bound' },
      { DPoP: await key.prove('POST', '/guest/token') },
    )
    const authenticator = device()
    const begun = (await program.post('/guest/passkeys/register/options')).body
    const registered = await program.post(
      finished,
      { ...(await authenticator.create(begun)), client_id: 'spa' },
      201,
    )
    passkeys.push(recorded("of a client's guest", registered.body.sub, authenticator, {}))
    const refresh = (refresh_token: string, client_id = 'spa') =>
      tokenOf({ grant_type: 'refresh_token', client_id, refresh_token })
    const kept = await refresh(registered.body.tokens.refresh_token)
    const graced = await refresh(kept.refresh_token)
    const ofCookie = (
      await rose.visitor.must(200, {
        method: 'POST',
        path: '/guest/token',
        form: { grant_type: SESSION, client_id: 'guestkey' },
      })
    ).body.access_token as string
    reads('an access token of a sealed session', null, bearer(spa.access_token))
    reads('an access token of a stored session', null, bearer(graced.access_token))
    reads('an access token of a cookie', null, bearer(ofCookie))
    reads('a pairwise access token', null, bearer(diary.access_token))
    reads('an access token without its key', null, bearer(bound.access_token))
    const basic = `Basic ${Buffer.from(`backend:${encodeURIComponent(backendSecret)}`).toString('base64')}`
    reads('an introspection', null, {
      ...{
        method: 'POST',
        path: '/guest/introspect',
        form: { token: ofCookie },
        headers: { Authorization: basic },
      },
    })
    reads('the keys', null, { method: 'GET', path: '/.well-known/jwks.json' })
    const goesOn = (name: string, refresh_token: string, client_id: string, headers = {}) =>
      use(name, null, {
        ...{ method: 'POST', path: '/guest/token', headers },
        form: { grant_type: 'refresh_token', client_id, refresh_token },
        expects: { status: 200 },
      })
    goesOn('a sealed refresh token', spa.refresh_token, 'spa')
    goesOn('a refresh token whose answer was lost', kept.refresh_token, 'spa')
    goesOn('a stored refresh token', graced.refresh_token, 'spa')
    goesOn('a pairwise refresh token', diary.refresh_token, 'diary')
    goesOn('a refresh token bound to a key', bound.refresh_token, 'bound', {
      DPoP: await key.prove('POST', '/guest/token'),
    })
  }

  /** 0.3.0: guests who are kept without a passkey, profiles, merges and webhooks. */
  async function playLife(): Promise<void> {
    const [kay, kim, prue] = [await guest(), await guest(), await guest()]
    await main.guests.keep((await kay.visitor.get('/guest/userinfo')).body)
    await main.guests.keep(kim.sub)
    const attributes = { nickname: 'Prue', favourites: ['tea'] }
    await prue.visitor.must(200, { method: 'PATCH', path: '/guest/profile', json: { attributes } })
    await prue.visitor.post('/guest/prompts/snooze', { prompt: 'add_attribute:nickname' })
    const mia = await guest({ collection: 'visitors' })
    await sam.visitor.post('/guest/prompts/snooze', { prompt: 'add_passkey' })
    for (const [name, one] of Object.entries({ kay, kim, prue, mia })) isHere(name, one)
    reads('a profile', prue.visitor, { method: 'GET', path: '/guest/profile' })
    reads('a sealed cookie of another collection', mia.visitor, whoAmI)
    reads('a cookie of a guest whom the host keeps', kim.visitor, whoAmI)

    const wim = await guest()
    const wims = (await addPasskey(wim.visitor, 'of a target of merges')).authenticator
    isHere('wim', wim)
    const leave = async (prepare: (one: { visitor: Visitor; sub: string }) => unknown) => {
      const one = await guest()
      await prepare(one)
      const was = one.visitor.jar
      const { answer } = await byPasskey(one.visitor, wims)
      return { ...one, was, ticket: answer.body.ticket as string }
    }
    const withProfile = ({ visitor }: { visitor: Visitor }) =>
      visitor.must(200, {
        method: 'PATCH',
        path: '/guest/profile',
        json: { attributes: { favourites: ['coffee'] } },
      })
    const withPasskey = (name: string) => (one: { visitor: Visitor }) => addPasskey(one.visitor, name)
    const folded = await leave(withProfile)
    const rowless = await leave(() => {})
    const joined = await leave(withPasskey('of a merged guest'))
    await joined.visitor.post('/guest/merge', { ticket: joined.ticket })
    const undone = await leave(withPasskey('of a guest whose merge was undone'))
    await undone.visitor.post('/guest/merge', { ticket: undone.ticket })
    await undone.visitor.post('/guest/merge/undo', { ticket: undone.ticket })
    const offered = await leave(withPasskey('of a guest whose merge is offered'))
    host.refuses = true
    const refused = await leave(withProfile)
    host.refuses = false
    reads('a cookie of a guest who was merged', main.browser(folded.was), whoAmI)
    const undoing = (ticket: string, sub: string) =>
      posts('/guest/merge/undo', { ticket }, { status: 200, body: { sub } })
    use(
      'the ticket of a merge of a guest with a profile',
      folded.visitor,
      undoing(folded.ticket, folded.sub),
      isNow(folded.sub),
    )
    use(
      'the ticket of a merge of a guest without a row',
      rowless.visitor,
      undoing(rowless.ticket, rowless.sub),
      isNow(rowless.sub),
    )
    use('the ticket of a merge of a guest with a passkey', joined.visitor, undoing(joined.ticket, wim.sub))
    const merging = (ticket: string, sub: string) =>
      posts('/guest/merge', { ticket }, { status: 200, body: { merged: { anonymous_id: sub } } })
    use('the ticket of a merge that is offered', offered.visitor, merging(offered.ticket, offered.sub))
    use('the ticket of a merge that the host refused', refused.visitor, merging(refused.ticket, refused.sub))
    const erased = await guest()
    await main.guests.keep(erased.sub)
    await main.guests.erase(erased.sub)
    reads('a cookie of a guest who was erased', erased.visitor, whoAmI)
  }

  /** 0.4.0: regular users. */
  async function playPromotion(): Promise<void> {
    const askForCode = async (visitor: Visitor, value: string, path = 'promotion/start') => {
      const { body } = await visitor.post(`/guest/${path}`, { type: 'email', value })
      await new Promise((resolve) => setTimeout(resolve, 50)) // to sign in, it is sent in the background
      return { transaction: body.transaction as string, code: codes.get(value)! }
    }
    const verify = '/guest/promotion/verify'
    const promoted = async (name: string) => {
      const one = await guest()
      const address = `${name}@example.org`
      await one.visitor.post(verify, await askForCode(one.visitor, address))
      return { ...one, address }
    }
    const [pia, demi] = [await promoted('pia'), await promoted('demi')]
    await demi.visitor.post('/guest/promotion/undo', { force: true })
    const hugo = { ...(await guest()), address: 'hugo@example.org' }
    await main.guests.keep(hugo.sub)
    await main.guests.promote(hugo.sub, { loginId: { type: 'email', value: hugo.address }, verified: true })
    await main.guests.import([
      { sub: 'legacy|4711', email: 'imported@example.org', email_verified: true, created_at: AT - 400 * day },
    ])
    isHere('pia', pia)
    isHere('demi', demi)
    for (const { sub, address } of [pia, hugo, { sub: 'legacy|4711', address: 'imported@example.org' }])
      people.push({ name: address, sub, address })
    reads('a cookie of a regular user', pia.visitor, whoAmI)
    reads('the login IDs of a regular user', pia.visitor, { method: 'GET', path: '/guest/login-ids' })
    const toPromote = await askForCode(sam.visitor, 'sam@example.org')
    use(
      'a code to be promoted by',
      sam.visitor,
      posts(verify, toPromote, { status: 200, body: { sub: sam.sub } }),
      isNow(sam.sub),
    )
    const toSignIn = await askForCode(browser(), 'hugo@example.org', 'sign-in/code/start')
    use(
      'a code to sign in by',
      browser(),
      posts('/guest/sign-in/code', toSignIn, { status: 200, body: { sub: hugo.sub } }),
    )
  }
}
