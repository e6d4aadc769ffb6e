// Two apps that put together all that they are told of their guests cannot say which guest of one is which of the other. A
// matcher gets every claim of the ID tokens, access tokens, userinfo and introspection of 200 guests.

import { expect, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import { callback, openIdClient, press, secretOf, startProviding } from '../../support/openid-app.ts'
import { authorizationOf, pkce } from '../../support/promotion.ts'
import { askToken, bearer, claimsOf, headerOf, send, userinfo } from '../../support/tokens.ts'

const GUESTS = 200
/** By chance one guess in 200 is right. All fields and orders that are compared together reach ten about never. */
const CHANCE = 10

type Told = Record<string, string | number>

/** All values in what an app was told, by their paths; and the differences of all numbers, as times may be shifted. */
function featuresOf(told: object): Told {
  const features: Told = {}
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) visit(one, `${path}.${name}`)
    else features[path] = typeof value === 'number' ? value : String(value)
  }
  visit(told, '')
  const numbers = Object.entries(features).filter(
    (pair): pair is [string, number] => typeof pair[1] === 'number',
  )
  for (const [one, a] of numbers)
    for (const [other, b] of numbers) if (one < other) features[`${one}-${other}`] = a - b
  return features
}

const groups = (values: unknown[]): Map<unknown, number[]> => {
  const byValue = new Map<unknown, number[]>()
  for (const [guest, value] of values.entries()) byValue.set(value, [...(byValue.get(value) ?? []), guest])
  return byValue
}

/** How many guests are found on average by whoever pairs those with the same value at random. */
function foundByValue(ours: unknown[], theirs: unknown[]): number {
  const others = groups(theirs)
  let found = 0
  for (const [value, some] of groups(ours)) {
    const same = others.get(value) ?? []
    if (value === undefined || same.length === 0) continue
    found += some.filter((guest) => same.includes(guest)).length / Math.max(some.length, same.length)
  }
  return found
}

/** How many guests are found by whoever sorts both sides, and pairs the first with the first. Equal values stay unsorted. */
function foundByOrder(
  ours: (string | number | undefined)[],
  theirs: (string | number | undefined)[],
): number {
  const distinct = (values: unknown[]) => new Set(values).size
  if (distinct(ours) < GUESTS / 2 || distinct(theirs) < GUESTS / 2) return 0
  const sorted = (values: (string | number | undefined)[]) =>
    values.map((_, guest) => guest).toSorted((a, b) => (values[a]! < values[b]! ? -1 : 1))
  const [some, others] = [sorted(ours), sorted(theirs)]
  return some.filter((guest, rank) => others[rank] === guest).length
}

/** The best pair of fields to join by, and how many guests it finds. The lists have the same guests in the same places. */
function bestJoin(ours: object[], theirs: object[]): { by: string; found: number } {
  const [some, others] = [ours.map(featuresOf), theirs.map(featuresOf)]
  const names = (list: Told[]) => [...new Set(list.flatMap((told) => Object.keys(told)))]
  let best = { by: 'nothing', found: 0 }
  for (const one of names(some))
    for (const other of names(others)) {
      const [a, b] = [some.map((told) => told[one]), others.map((told) => told[other])]
      for (const found of [foundByValue(a, b), foundByOrder(a, b)])
        if (found > best.found) best = { by: `${one} = ${other}`, found }
    }
  return best
}

/** Always the same numbers, so that the test never fails by chance. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** All that an app is told of whoever is in this browser. */
async function toldTo(app: TestApp, browser: ReturnType<TestApp['browser']>, id: string): Promise<object> {
  const { verifier, challenge } = pkce()
  const asked = {
    ...authorizationOf(challenge, { client_id: id, redirect_uri: callback, scope: 'openid email' }),
    ...{ max_age: '100000', claims: '{"id_token":{"auth_time":{"essential":true}}}' },
  }
  const page = await browser.get(`/guest/authorize?${new URLSearchParams(asked)}`)
  const back = page.status === 303 ? page : await press(app, browser, page)
  const code = new URL(back.headers.location!).searchParams.get('code')!
  const client = { client_id: id, client_secret: secretOf(id) }
  const redeemed = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback }
  const { body: tokens, text } = await askToken(app, { ...redeemed, ...client })
  expect(tokens.access_token, text).toBeTruthy()
  const { access_token, id_token, ...answer } = tokens
  return {
    answer,
    id: claimsOf(id_token),
    header: headerOf(id_token),
    access: claimsOf(access_token),
    userinfo: (await userinfo(app, access_token)).body,
    posted: (await send(app, 'userinfo', {}, bearer(access_token))).body,
    introspected: (await send(app, 'introspect', { token: access_token, ...client })).body,
    // Not what is told, but when: the matcher sees the order in which the answers came.
    at: app.clock.now(),
  }
}

test('two apps cannot join their guests by anything that they are told', { timeout: 120_000 }, async () => {
  const collections = Object.fromEntries(['users', ...'abcdefghijklmnopqrst'].map((name) => [name, {}]))
  const more = { scopes: ['openid', 'email'], emailAlias: 'guest-{sub}@guests.example.invalid' }
  const app = await startProviding({
    clients: ['wiki', 'chat'].map((id) => openIdClient(id, more)),
    collections,
  })
  const random = numbersFrom(7)
  const began: number[] = []
  const guests = []
  for (let n = 0; n < GUESTS; n++) {
    app.clock.forward(1 + Math.floor(random() * 300))
    const browser = app.browser()
    const collection = Object.keys(collections)[Math.floor(random() * 21)]!
    expect((await browser.post('/guest/sign-in', { collection })).status).toBe(200)
    began.push(Math.floor(app.clock.now() / 1000))
    guests.push(browser)
  }
  const told: Record<string, object[]> = { wiki: [], chat: [] }
  // Each app sees the guests at other times, in an order of its own.
  for (const [id, list] of Object.entries(told)) {
    const order = guests.map((_, n) => ({ n, at: random() })).toSorted((a, b) => a.at - b.at)
    for (const { n } of order) {
      app.clock.forward(1 + Math.floor(random() * 60))
      list[n] = await toldTo(app, guests[n]!, id)
    }
  }
  const { wiki, chat } = told as { wiki: object[]; chat: object[] }
  const { by, found } = bestJoin(wiki, chat)
  expect(found, by).toBeLessThanOrEqual(CHANCE)

  // The matcher does find what there is to find: a time, one that is shifted, a rare value, and the sign-in's own time.
  const withLeak = (list: object[], leak: (guest: number, at: number) => unknown) =>
    list.map((one, guest) => ({ ...one, leak: leak(guest, (one as { id: { iat: number } }).id.iat) }))
  const leaks: [string, (guest: number, at: number) => unknown, (guest: number, at: number) => unknown][] = [
    ['the same time', (guest) => began[guest], (guest) => began[guest]],
    ['a time that one has in other units', (guest) => began[guest], (guest) => began[guest]! * 1000 + 5],
    ['how long ago', (guest, at) => at - began[guest]!, (guest) => began[guest]],
    ['a text', (guest) => `${guest % 100}`, (guest) => `${guest % 100}`],
  ]
  for (const [name, one, other] of leaks)
    expect(bestJoin(withLeak(wiki, one), withLeak(chat, other)).found, name).toBeGreaterThan(GUESTS / 3)
})
