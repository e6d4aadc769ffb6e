// Two pairwise clients that collude: they put side by side all that each is told about twenty kept guests, and look for
// values that only one guest has.

import { expect, test } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import type { Browser, TestApp } from '../../../support/app.ts'
import type { SoftwareAuthenticator } from '../../../support/authenticator.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { unixSeconds } from '../../../support/guest-rows.ts'
import { day, hour, minute } from '../../../support/merging.ts'
import {
  bearer,
  bySession,
  claimsOf,
  granted,
  send,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const GUESTS = 20
const spies = ['left', 'right'].map((id) => ({
  id,
  kind: 'confidential' as const,
  secret: `the secret of ${id}, of 32 characters and more`,
  pairwise: `the secret of the names that ${id} has`,
}))

const startSpiedApp = (options: Partial<Options> = {}) => startTokenApp({ clients: spies, ...options })

type Kept = { browser: Browser; device?: SoftwareAuthenticator }
/** All that a client was told about a guest, by name, and when. */
type Told = { sub: string; at: number; said: Record<string, unknown> }

/** Gets a token for the client, and asks for all that it is good for. */
async function toldTo(app: TestApp, { id, secret }: (typeof spies)[0], { browser }: Kept): Promise<Told> {
  const params = { client_id: id, client_secret: secret }
  const { access_token, ...rest } = await granted(bySession(app, undefined, params, bearer(browser.token!)))
  const info = await userinfo(app, access_token)
  const introspected = await send(app, 'introspect', { ...params, token: access_token })
  expect([info.status, introspected.body.active]).toEqual([200, true])
  const said = Object.entries({
    token: claimsOf(access_token),
    userinfo: info.body,
    introspected: introspected.body,
    rest,
  })
  return {
    sub: (await browser.get('/guest/userinfo')).body.sub,
    at: unixSeconds(app),
    said: Object.fromEntries(
      said.flatMap(([where, members]) =>
        Object.entries(members).map(([name, value]) => [`${where}.${name}`, value]),
      ),
    ),
  }
}

/** What a client could compare: the value, and for a time also its age at the answer, its minute, its hour and its day. */
function comparable(value: unknown, at: number): string[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, one]) =>
      comparable(one, at).map((text) => `${name} ${text}`),
    )
  if (typeof value !== 'number') return [`is ${value}`]
  const rounded = [minute, hour, day].map((unit) => `in ${unit} ${Math.floor(value / unit)}`)
  return [`is ${value}`, `after ${value - at}`, ...rounded]
}

/** The names by which the two find the same guest, because only that guest has a value with each of them. */
function joins(left: Told[], right: Told[]): string[] {
  const owners = (all: Told[]) => {
    const found = new Map<string, string[]>()
    for (const { sub, at, said } of all)
      for (const [name, value] of Object.entries(said))
        for (const text of comparable(value, at)) {
          const key = `${name} ${text}`
          found.set(key, [...(found.get(key) ?? []), sub])
        }
    return found
  }
  const theirs = owners(right)
  return [...owners(left)].flatMap(([key, subs]) => {
    const others = theirs.get(key) ?? []
    return subs.length === 1 && others.length === 1 && subs[0] === others[0] ? [key] : []
  })
}

/** Each client is told about each guest, the second in another order and some time later. */
async function compared(app: TestApp, guests: Kept[]): Promise<[Told[], Told[]]> {
  const [left, right]: [Told[], Told[]] = [[], []]
  for (const guest of guests) {
    app.clock.forward(1)
    left.push(await toldTo(app, spies[0]!, guest))
  }
  for (const guest of guests.toReversed()) {
    app.clock.forward(1)
    right.push(await toldTo(app, spies[1]!, guest))
  }
  return [left, right]
}

/** The time until the next hour begins: all that is told afterwards is told in one hour, but for long tests. */
const toTheHour = (app: TestApp) => app.clock.forward(hour - (unixSeconds(app) % hour))

/** A guest whom the host keeps: its session goes on, and its token is the sealed one. */
async function keptByHost(app: TestApp): Promise<Kept> {
  const browser = app.browser()
  expect(await app.guests.keep((await browser.signIn()).sub)).toBe(true)
  return { browser }
}

test.each([
  ['have passkeys', keptGuest],
  ['are kept by the host', keptByHost],
])(
  'two pairwise clients find no guest again by anything that both are told, if the guests %s',
  async (_, keep) => {
    const app = await startSpiedApp({ retention: { warnSeconds: hour } })
    const guests: Kept[] = []
    // Each is kept on another day, at another time of it.
    for (let i = 0; i < GUESTS; i++) {
      guests.push(await keep(app))
      app.clock.forward(day + 61 * i + 7)
    }
    toTheHour(app)
    // Half of them prove their passkeys lately, each at another moment; the others did so when they made them.
    for (const { browser, device } of guests.slice(0, GUESTS / 2)) {
      app.clock.forward(7)
      if (!device) continue
      expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
    }
    const [left, right] = await compared(app, guests)
    expect(joins(left, right)).toEqual([])
    // The attack works: by a value that is the same at both, it finds everybody.
    const mark = (all: Told[]) => all.map((one) => ({ ...one, said: { ...one.said, mark: one.sub } }))
    expect(joins(mark(left), mark(right))).toHaveLength(GUESTS)
  },
)

test('what a pairwise client is told of times is never later than it is', async () => {
  const app = await startSpiedApp({ stepUpSeconds: 300 })
  const guest = await keptGuest(app)
  const provenAt = unixSeconds(app)
  const told = async () => {
    const { said, at } = await toldTo(app, spies[0]!, guest)
    const { expires_at } = (await guest.browser.get('/guest/userinfo')).body
    expect(said['userinfo.expires_at']).toBeLessThanOrEqual(expires_at)
    expect(said['userinfo.expires_at']).toBeGreaterThan(expires_at - 2 * hour)
    return { said, at }
  }
  for (const seconds of [0, 100, 200]) {
    app.clock.forward(seconds)
    const { said, at } = await told()
    expect(said['token.auth_time']).toBe(at - 300)
    expect(said['token.auth_time']).toBeLessThanOrEqual(provenAt)
    expect(said).toMatchObject({ 'token.acr': 'phr', 'introspected.auth_time': at - 300 })
  }
  app.clock.forward(1)
  const { said } = await told()
  expect(said).not.toHaveProperty(['token.auth_time'])
  expect(said).toMatchObject({ 'token.acr': 'phr', 'token.recoverability': 'passkey' })
})

test('the expiry of a pairwise client’s token says nothing of the end of its session but how near it is', async () => {
  const app = await startSpiedApp({ sessions: { absoluteSeconds: hour, idleSeconds: hour } })
  const guests: Kept[] = []
  for (let i = 0; i < GUESTS; i++) {
    guests.push(await keptGuest(app))
    app.clock.forward(7)
  }
  const begun = unixSeconds(app)
  app.clock.forward(hour - GUESTS * 7 - 310 - (unixSeconds(app) - begun))
  const [left, right] = await compared(app, guests)
  expect(joins(left, right)).toEqual([])
  const lives = [...left, ...right].map(({ at, said }) => Number(said['token.exp']) - at)
  expect(new Set(lives)).toEqual(new Set([300, 150]))
})
