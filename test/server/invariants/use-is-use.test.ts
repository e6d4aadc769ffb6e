// Use is use: however a guest is seen, the promised time counts from then on, and the promise holds.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Options } from '../../../server/index.ts'
import type { TestApp } from '../../support/app.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import { eventually } from '../../support/eventually.ts'
import { unixSeconds } from '../../support/guest-rows.ts'
import { cookiesSet } from '../../support/refusals.ts'
import { rowsOf, tables } from '../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  ask,
  bearer,
  type Granted,
  granted,
  refresh,
  secret,
  signInAs,
  startTokenApp,
} from '../../support/tokens.ts'

const day = 24 * 60 * 60

/** How long a guest who stays away can still come back. */
const idle = 20 * day
/** Longer than this test takes. The browser's own limit is 400 days. */
const options: Partial<Options> = { sessionIdleSeconds: idle, sessionAbsoluteSeconds: 1000 * day }

/** A browser that drops each cookie when its Max-Age is over, as real ones do. */
class Jar {
  readonly #app: TestApp
  readonly #cookies = new Map<string, { value: string; until: number }>()
  constructor(app: TestApp) {
    this.#app = app
  }

  get cookie(): string {
    const alive = [...this.#cookies].filter(([, { until }]) => until > unixSeconds(this.#app))
    return alive.map(([name, { value }]) => `${name}=${value}`).join('; ')
  }

  get token(): string {
    return this.#cookies.get('guestkey')!.value
  }

  take(lines: string[]): void {
    for (const line of lines) {
      const [, name, value, age] = /^([^=]+)=([^;]*);.*Max-Age=(\d+)/.exec(line)!
      this.#cookies.set(name!, { value: value!, until: unixSeconds(this.#app) + Number(age) })
    }
  }

  /** A request as a browser sends it. The response may set the session cookie and the seen cookie. */
  async send(method: 'get' | 'post', path: string, mode: 'navigate' | 'cors' = 'cors', body?: object) {
    const request = supertest(this.#app.server)[method](path)
    request.set({ Cookie: this.cookie, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Site': 'same-origin' })
    if (mode === 'cors') request.set('Origin', this.#app.origin)
    const answer = await (body ? request.send(body) : request)
    this.take(cookiesSet(answer))
    return answer
  }
}

/** An app whose host asks who is signed in, in every possible way. */
const start = () =>
  startTokenApp(options, (host, guests) => {
    host.get('/who', (req, res) => void res.json({ sub: req.guest?.sub ?? null }))
    host.get('/members', guests.requireGuest(), (req, res) => void res.json({ sub: req.guest!.sub }))
  })

/** A guest, with the browser or the client that has the session. */
type Held = { app: TestApp; sub: string; jar: Jar; tokens?: Granted }

const subIn = async (answer: Promise<supertest.Response>): Promise<string | undefined> =>
  (await answer).body.sub ?? undefined
const idIn = async (answer: Promise<supertest.Response>): Promise<string | undefined> =>
  (await answer).headers['x-guest-id']

/** Every way to ask who is signed in; undefined means nobody. */
const inBrowsers: Record<string, (held: Held) => Promise<string | undefined>> = {
  'req.guest on a navigation': ({ jar }) => subIn(jar.send('get', '/who', 'navigate')),
  'req.guest on a fetch': ({ jar }) => subIn(jar.send('get', '/who')),
  'requireGuest() on a navigation': ({ jar }) => subIn(jar.send('get', '/members', 'navigate')),
  'requireGuest() on a fetch': ({ jar }) => subIn(jar.send('get', '/members')),
  '/verify on a navigation': ({ jar }) => idIn(jar.send('get', '/guest/verify', 'navigate')),
  '/verify on a fetch': ({ jar }) => idIn(jar.send('get', '/guest/verify')),
  '/userinfo': ({ jar }) => subIn(jar.send('get', '/guest/userinfo')),
  '/sign-in': ({ jar }) => subIn(jar.send('post', '/guest/sign-in', 'cors', {})),
  'another endpoint': async ({ jar, sub }) =>
    (await jar.send('get', '/guest/sessions')).status === 200 ? sub : undefined,
  'an access token of the cookie': async ({ app, jar }) => {
    const asked = { grant_type: 'urn:guestkey:params:oauth:grant-type:session', client_id: 'guestkey' }
    const { access_token } = (await jar.send('post', '/guest/token', 'cors', asked)).body
    return access_token && subIn(ask(app, '/guest/userinfo', bearer(access_token)))
  },
}
const asBearer = ({ app, jar }: Held) => subIn(ask(app, '/members', bearer(jar.token)))
const inClient = async (held: Held) => {
  const answer = await refresh(held.app, held.tokens!.refresh_token)
  if (answer.status !== 200) return undefined
  held.tokens = answer.body as Granted
  return subIn(ask(held.app, '/guest/userinfo', bearer(held.tokens.access_token)))
}

/** Guests of each kind, in a browser and in a client. */
const inBrowser = {
  async sealed(app: TestApp) {
    const jar = new Jar(app)
    const { sub } = (await jar.send('post', '/guest/sign-in', 'cors', {})).body
    return { app, sub: sub as string, jar }
  },
  async kept(app: TestApp) {
    const made = await inBrowser.sealed(app)
    expect(await app.guests.keep(made.sub)).toBe(true)
    return made
  },
  async passkey(app: TestApp) {
    const { browser, guest } = await keptGuest(app)
    const jar = new Jar(app)
    jar.take([`guestkey=${browser.token}; Max-Age=${400 * day}`])
    return { app, sub: guest.sub, jar }
  },
}
const inClients = {
  async sealed(app: TestApp) {
    const tokens = await granted(anonymously(app))
    const sub = (await subIn(ask(app, '/guest/userinfo', bearer(tokens.access_token))))!
    return { app, sub, jar: new Jar(app), tokens }
  },
  async kept(app: TestApp) {
    const made = await inClients.sealed(app)
    expect(await app.guests.keep(made.sub)).toBe(true)
    return made
  },
  async passkey(app: TestApp) {
    const { device, guest } = await keptGuest(app)
    const tokens = (await signInAs(app, device, 'spa')).body.tokens as Granted
    return { app, sub: guest.sub, jar: new Jar(app), tokens }
  },
}

type Case = { name: string; held: Held; asked: (held: Held) => Promise<string | undefined> }

/** Every kind of guest, combined with every way to ask that this kind has. */
async function everyCase(app: TestApp): Promise<Case[]> {
  const cases: Case[] = []
  for (const kind of ['sealed', 'kept', 'passkey'] as const) {
    for (const [way, asked] of Object.entries(inBrowsers))
      cases.push({ name: `${kind}: ${way}`, asked, held: await inBrowser[kind](app) })
    cases.push({ name: `${kind}: a client`, asked: inClient, held: await inClients[kind](app) })
    // A guest without a row in a client has only a bearer token, whose expiry no request can extend.
    if (kind !== 'sealed')
      cases.push({ name: `${kind}: a bearer token`, asked: asBearer, held: await inBrowser[kind](app) })
  }
  return cases
}

/** The cases whose guest is not signed in any more. */
async function missing(cases: Case[]): Promise<string[]> {
  const found = await Promise.all(
    cases.map(async ({ name, held, asked }) => ((await asked(held)) === held.sub ? [] : [name])),
  )
  return found.flat()
}

/** Waits for background writes: until every guest with a row has the current time as last seen. */
const seenToday = (app: TestApp, cases: Case[]) =>
  eventually(async () => {
    const rows = await rowsOf(app.store, 'guests')
    const seen = new Map(rows.map((row) => [row.anonymous_id, Number(row.last_seen_at)]))
    for (const { held, name } of cases) {
      if (!name.startsWith('sealed')) expect(seen.get(held.sub), name).toBe(unixSeconds(app))
    }
  })

test('a guest who comes every day or now and then stays for 400 days; one who stays away, until the promised day', async () => {
  const app = await start()
  const cases = await everyCase(app)
  const everyDay = Array.from({ length: 24 }, () => 1)
  const nowAndThen = Array.from({ length: 23 }, () => 15)
  // Until day 380, and 20 more: after 400 days, browsers drop a cookie that was set only once.
  for (const days of [...everyDay, ...nowAndThen, 11]) {
    app.clock.forward(days * day)
    expect(await missing(cases)).toEqual([])
  }
  await seenToday(app, cases)
  app.clock.forward(idle - 1)
  expect(await missing(cases), 'a second before the promised end').toEqual([])
  await seenToday(app, cases)
  app.clock.forward(idle)
  expect((await missing(cases)).toSorted(), 'at the promised end').toEqual(
    cases.map(({ name }) => name).toSorted(),
  )
})

describe('the seen cookie beside the cookie of a guest without a row', () => {
  /** A guest who was seen by a fetch a day after it began, and the response to that. */
  async function seenByFetch(app: TestApp) {
    const { jar } = await inBrowser.sealed(app)
    const { token } = jar
    app.clock.forward(day)
    return { jar, token, lines: cookiesSet(await jar.send('get', '/members')) }
  }

  test('is set once a day, writes nothing, and leaves the cookie as it is', async () => {
    const app = await start()
    const before = await tables(app.store)
    const { jar, token, lines } = await seenByFetch(app)
    expect(lines).toEqual([
      expect.stringMatching(
        /^guestkey-seen=\d+\.\d+\.2\.[\w-]{43}; Path=\/; Max-Age=1728000; HttpOnly; SameSite=Lax$/,
      ),
    ])
    for (const path of ['/members', '/who', '/guest/verify', '/guest/sessions'])
      expect(cookiesSet(await jar.send('get', path)), path).toEqual([])
    expect(jar.token).toBe(token)
    expect(await tables(app.store)).toEqual(before)
  })

  test('carries the same expiry as the response, and counts the days', async () => {
    const app = await start()
    const { jar } = await seenByFetch(app)
    app.clock.forward(day)
    const { sessions } = (await jar.send('get', '/guest/sessions')).body
    expect(sessions).toMatchObject([{ last_seen_at: unixSeconds(app), expires_at: unixSeconds(app) + idle }])
    expect(jar.cookie).toMatch(/guestkey-seen=\d+\.\d+\.3\./)
  })

  test('goes away on a navigation, which renews the cookie itself', async () => {
    const app = await start()
    const { jar, token } = await seenByFetch(app)
    const answer = await jar.send('get', '/members', 'navigate')
    expect(cookiesSet(answer)).toEqual([expect.stringMatching(/^guestkey=gks_/)])
    expect(jar.token).not.toBe(token)
  })

  test('that arrives after a sign-in as another guest leaves that guest signed in', async () => {
    const app = await start()
    const { jar, lines } = await seenByFetch(app)
    const { device, guest } = await keptGuest(app)
    const { body: asked } = await jar.send('post', '/guest/passkeys/authenticate/options', 'cors', {})
    expect(
      (await jar.send('post', '/guest/passkeys/authenticate', 'cors', await device.get(asked))).status,
    ).toBe(200)
    jar.take(lines)
    for (const [way, asked] of Object.entries(inBrowsers))
      expect(await asked({ app, sub: guest.sub, jar }), way).toBe(guest.sub)
  })

  test('that arrives after a sign-out signs nobody in', async () => {
    const app = await start()
    const { jar, lines } = await seenByFetch(app)
    const out = await jar.send('post', '/guest/sign-out', 'cors', { force: true })
    expect(out.status).toBe(204)
    expect(jar.cookie, 'nothing is left').toBe('')
    jar.take(lines)
    expect((await jar.send('get', '/guest/userinfo')).body.code).toBe('not_signed_in')
    expect((await jar.send('post', '/guest/sign-in', 'cors', {})).status).toBe(200)
  })

  test("has no effect beside another guest's cookie, changed, or alone", async () => {
    const app = await start()
    const one = await inBrowser.sealed(app)
    const { lines, token } = await seenByFetch(app)
    const mark = /=([^;]*)/.exec(lines[0]!)![1]!
    const [seen, , days, tag] = mark.split('.')
    app.clock.forward(idle)
    const status = async (cookie: string) => (await ask(app, '/guest/userinfo', { Cookie: cookie })).status
    for (const cookies of [
      `guestkey=${one.jar.token}; guestkey-seen=${mark}`,
      `guestkey=${token}; guestkey-seen=${seen}.9999999999.${days}.${tag}`,
      `guestkey=${token}; guestkey-seen=${Number(seen) + 9 * day}.${Number(seen) + 29 * day}.${days}.${tag}`,
      `guestkey=${token}; guestkey-seen=${mark}x`,
      `guestkey=${token}; guestkey-seen=`,
      `guestkey-seen=${mark}`,
      `guestkey=${token}; guestkey-seen=${mark}`,
    ])
      expect(await status(cookies), cookies).toBe(401)
    app.clock.forward(-1)
    expect(await status(`guestkey=${token}; guestkey-seen=${mark}`)).toBe(200)
  })

  // One planted seen cookie beside ours once switched the slide off: a guest who came every day was out after the idle limit.
  test('counts beside planted ones, before and after it, and the latest of its own counts', async () => {
    const app = await start()
    const other = await seenByFetch(app)
    const { jar, token, lines } = await seenByFetch(app)
    app.clock.forward(day)
    const later = cookiesSet(await jar.send('get', '/members'))
    const [mark, newer, theirs] = [lines, later, other.lines].map(([line]) => /^[^;]*/.exec(line!)![0])
    app.clock.forward(idle - 1)
    for (const marks of [
      [newer],
      [newer, newer],
      [newer, mark],
      [mark, newer],
      [newer, theirs],
      [theirs, newer],
      ['guestkey-seen=', 'guestkey-seen=rubbish', `${newer}x`, newer],
    ]) {
      const Cookie = [`guestkey=${token}`, ...marks].join('; ')
      expect((await ask(app, '/guest/userinfo', { Cookie })).status, Cookie).toBe(200)
    }
    const Cookie = [`guestkey=${token}`, mark, theirs].join('; ')
    expect((await ask(app, '/guest/userinfo', { Cookie })).status, 'the older one').toBe(401)
  })

  test('is read by a node that has a new secret beside the old one', async () => {
    const app = await start()
    const { jar } = await seenByFetch(app)
    app.clock.forward(idle - 1)
    const node = await anotherNode(app, {
      ...options,
      secret: ['a new secret of more than 32 characters', secret],
    })
    expect((await ask(node, '/guest/userinfo', { Cookie: jar.cookie })).status).toBe(200)
  })
})

describe('a kept guest', () => {
  test('whom the host kept by its id alone, and who was not seen since, stays signed in until the date promised then', async () => {
    const app = await start()
    const held = await inBrowser.sealed(app)
    app.clock.forward(idle - day)
    await app.guests.keep(held.sub)
    app.clock.forward(idle - 1)
    expect(await asBearer(held)).toBe(held.sub)
  })

  test('does not stay longer in a browser because a client may', async () => {
    const app = await startTokenApp({ ...options, clients: [{ id: 'spa', refreshIdleSeconds: 300 * day }] })
    const held = await inBrowser.kept(app)
    expect(await inBrowsers['/userinfo']!(held)).toBe(held.sub)
    await eventually(async () =>
      expect((await rowsOf(app.store, 'sessions'))[0]!.last_seen_at).toBe(unixSeconds(app)),
    )
    app.clock.forward(idle)
    expect(await inBrowsers['/userinfo']!(held)).toBeUndefined()
    expect(await inBrowsers['/userinfo']!(held), 'a request does not bring it back').toBeUndefined()
  })
})
