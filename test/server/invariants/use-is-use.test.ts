// Use is use: however a guest is seen, the promised time counts from then on, and the promise holds. The README has a table
// of the ways in which a guest is seen and the kinds of guests; this walks each of its cells.

import { describe, expect, inject, test } from 'vitest'
import { keptGuest } from '../../support/ceremonies.ts'
import { eventually } from '../../support/eventually.ts'
import { type GuestTableRow, unixSeconds } from '../../support/guest-rows.ts'
import { pages, readPage } from '../../support/pages.ts'
import { cookiesSet } from '../../support/refusals.ts'
import { rowsOf, tables } from '../../support/tables.ts'
import { anotherNode, ask, secret } from '../../support/tokens.ts'
import {
  day,
  type Held,
  idle,
  inBrowsers,
  inClient,
  kinds,
  options,
  ownRetention,
  retention,
  startVisitedApp,
  type VisitedApp,
  type Way,
} from '../../support/visits.ts'

/** The table of the papers: for each kind of guest what is promised, and by which ways it counts anew. */
function tableOfPapers() {
  const head = '| seen by | '
  const page = pages.find((one) => readPage(one).includes(`\n${head}`))!
  const [, rest] = readPage(page).split(`\n${head}`)
  const rows = `${head}${rest!.split('\n\n')[0]}`.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  const [[, ...names], , [, ...remembered], [, ...signedIn], ...ways] = rows as [
    string[],
    string[],
    string[],
    string[],
    ...string[][],
  ]
  return { names, remembered, signedIn, ways: ways.map(([way, ...cells]) => ({ way: way!, cells })) }
}

const table = tableOfPapers()

/** What the options of this test make of a promise in the table; null: for ever. */
function promised(words: string): number | null {
  const periods: Record<string, number | null> = {
    'for ever': null,
    '`sessions.idleSeconds`': idle,
    '`retention.none`': retention.none,
    '`retention.device`': retention.device,
    '`retention.passkey` or `.synced`': retention.passkey,
    '`retention.none` of the collection': ownRetention,
  }
  expect(Object.keys(periods)).toContain(words)
  return periods[words]!
}

/** One cell: a guest of a kind, who is seen by one way alone. */
type Case = {
  name: string
  held: Held
  asked: Way
  slides: boolean
  /** How long this guest stays signed in unused, and is remembered. */
  idle: number
  remembered: number | null
  /** When the last use was that counts. */
  seenAt: number
  isKept: boolean
}

const waysInTable: Record<string, Way> = { ...inBrowsers, 'a refresh of a client': inClient }

async function everyCase(app: VisitedApp): Promise<Case[]> {
  const cells = table.names.flatMap((kind, i) => table.ways.map((row) => ({ kind, i, ...row })))
  return Promise.all(
    cells.map(async ({ kind, i, way, cells }) => ({
      name: `${kind}: ${way}`,
      held: await kinds[kind]![way === 'a refresh of a client' ? 'inClient' : 'inBrowser'](app),
      asked: waysInTable[way]!,
      slides: cells[i] === 'yes',
      idle: promised(table.signedIn[i]!)!,
      remembered: promised(table.remembered[i]!),
      seenAt: unixSeconds(app),
      isKept: kind !== 'without a row',
    })),
  )
}

/** Visits each guest, and expects that it is signed in for as long as the table says, with the promise of the table. */
async function visit(app: VisitedApp, cases: Case[], when: string): Promise<void> {
  const now = unixSeconds(app)
  const wrong = await Promise.all(
    cases.map(async (one) => {
      const isPromised = now < one.seenAt + one.idle
      const seen = await one.asked(one.held)
      if (isPromised && one.slides) one.seenAt = now
      if ((seen?.sub === one.held.sub) !== isPromised)
        return [`${one.name}: ${isPromised ? 'signed out' : 'signed in'}`]
      const until = one.remembered === null ? null : one.seenAt + one.remembered
      return !isPromised || seen?.expiresAt === undefined || seen.expiresAt === until
        ? []
        : [`${one.name}: expires_at is off by ${((seen.expiresAt ?? 0) - (until ?? 0)) / day} days`]
    }),
  )
  expect(wrong.flat(), when).toEqual([])
}

/** Expects that the store says of each guest with a row when it was seen, and the same promise. */
const storeAgrees = (app: VisitedApp, cases: Case[]) =>
  eventually(async () => {
    const rows = (await rowsOf(app.store, 'guests')) as GuestTableRow[]
    const found = new Map(rows.map((row) => [row.anonymous_id, row]))
    const agreed = cases.map(({ name, held, isKept }) => {
      const row = found.get(held.sub)
      return [
        name,
        isKept && row ? [Number(row.last_seen_at), row.expires_at && Number(row.expires_at)] : undefined,
      ]
    })
    expect(agreed).toEqual(
      cases.map(({ name, isKept, seenAt, remembered }) => [
        name,
        isKept ? [seenAt, remembered && seenAt + remembered] : undefined,
      ]),
    )
  })

/** How often the job that forgets guests runs here. It is one hour late, with the warning and with the end. */
const jobEvery = 8 * 60 * 60

const begin = (app: VisitedApp) => kinds['without a row']!.inBrowser(app)

test('the papers have each way and each kind of guest that this test knows, and no other', () => {
  expect(table.names.toSorted()).toEqual(Object.keys(kinds).toSorted())
  expect(table.ways.map(({ way }) => way).toSorted()).toEqual(Object.keys(waysInTable).toSorted())
  expect(new Set(table.ways.flatMap(({ cells }) => cells))).toEqual(new Set(['yes', 'no']))
})

/** `npm run test:full` comes every day. `npm test` comes for a few days, and then every 15 days. */
const gaps = inject('isFull')
  ? Array.from({ length: 380 }, () => 1)
  : [1, 1, 3, ...Array.from({ length: 25 }, () => 15)]

test('whoever comes for 400 days stays, and whoever stays away is gone on the promised day and not before', async () => {
  const app = await startVisitedApp()
  const cases = await everyCase(app)
  await storeAgrees(app, cases)
  /** When each guest expired or was erased. */
  const gone = new Map<string, number>()
  for (const name of ['guest.expired', 'guest.erased'] as const) {
    app.guests.on(name, ({ anonymous_id }) => {
      if (!gone.has(anonymous_id)) gone.set(anonymous_id, unixSeconds(app))
    })
  }
  // Until day 380, and 20 more: after 400 days, browsers drop a cookie that was set only once.
  let at = 0
  for (const days of gaps) {
    app.clock.forward(days * day)
    at += days
    await app.guests.sweep()
    await app.guests.runChores() // or else a new signing key could come while the clock jumps a day
    await visit(app, cases, `on day ${at}`)
  }
  await storeAgrees(app, cases)
  expect(gone).toEqual(new Map())

  // From here on they stay away, except in the last second of their sessions. The job that forgets guests goes on.
  const end = unixSeconds(app)
  const lastVisits = [...Map.groupBy(cases, (one) => one.idle)].flatMap(([period, ofKind]) => [
    { at: end + period - 1, ofKind, when: 'a second before the session ends' },
    { at: end + 2 * period - 1, ofKind, when: 'when the session has ended' },
  ])
  const longest = idle + Math.max(...cases.map(({ remembered }) => remembered ?? 0)) + day
  const runs = Array.from({ length: Math.ceil(longest / jobEvery) }, (_, i) => end + i * jobEvery)
  const times = [...runs, ...lastVisits.map((one) => one.at)].toSorted((a, b) => a - b)
  for (const time of new Set(times)) {
    app.clock.forward(time - unixSeconds(app))
    await app.guests.sweep()
    for (const { ofKind, when } of lastVisits.filter((one) => one.at === time)) await visit(app, ofKind, when)
  }
  const wrong = cases.filter(({ held, seenAt, remembered, isKept }) => {
    const goneAt = gone.get(held.sub)
    if (!isKept || remembered === null) return goneAt !== undefined
    return goneAt === undefined || goneAt < seenAt + remembered || goneAt >= seenAt + remembered + day
  })
  expect(wrong.map(({ name }) => name)).toEqual([])
}, 900_000)

describe('the seen cookie beside the cookie of a guest without a row', () => {
  /** A guest who was seen by a fetch a day after it began, and the response to that. */
  async function seenByFetch(app: VisitedApp) {
    const { jar } = await begin(app)
    const { token } = jar
    app.clock.forward(day)
    return { jar, token, lines: cookiesSet(await jar.send('get', '/members')) }
  }

  test('is set once a day, writes nothing, and leaves the cookie as it is', async () => {
    const app = await startVisitedApp()
    const before = await tables(app.store)
    const { jar, token, lines } = await seenByFetch(app)
    expect(lines).toEqual([
      expect.stringMatching(
        /^guestkey-seen=\d+\.\d+\.2\.[\w-]{43}; Path=\/; Max-Age=1555200; HttpOnly; SameSite=Lax$/,
      ),
    ])
    for (const path of ['/members', '/who', '/guest/verify', '/guest/sessions'])
      expect(cookiesSet(await jar.send('get', path)), path).toEqual([])
    expect(jar.token).toBe(token)
    expect(await tables(app.store)).toEqual(before)
  })

  test('carries the same expiry as the response, and counts the days', async () => {
    const app = await startVisitedApp()
    const { jar } = await seenByFetch(app)
    app.clock.forward(day)
    const { sessions } = (await jar.send('get', '/guest/sessions')).body
    expect(sessions).toMatchObject([
      { last_seen_at: unixSeconds(app), expires_at: unixSeconds(app) + retention.none },
    ])
    expect(jar.cookie).toMatch(/guestkey-seen=\d+\.\d+\.3\./)
  })

  test('goes away on a navigation, which renews the cookie itself', async () => {
    const app = await startVisitedApp()
    const { jar, token } = await seenByFetch(app)
    const answer = await jar.send('get', '/members', 'navigate')
    expect(cookiesSet(answer)).toEqual([expect.stringMatching(/^guestkey=gks_/)])
    expect(jar.token).not.toBe(token)
  })

  test('that arrives after a sign-in as another guest leaves that guest signed in', async () => {
    const app = await startVisitedApp()
    const { jar, lines } = await seenByFetch(app)
    const { device, guest } = await keptGuest(app)
    const { body: asked } = await jar.send('post', '/guest/passkeys/authenticate/options', 'cors', {
      body: {},
    })
    expect(
      (await jar.send('post', '/guest/passkeys/authenticate', 'cors', { body: await device.get(asked) }))
        .status,
    ).toBe(200)
    jar.take(lines)
    for (const [way, asked] of Object.entries(inBrowsers))
      expect((await asked({ app, sub: guest.sub, jar }))?.sub, way).toBe(guest.sub)
  })

  test('that arrives after a sign-out signs nobody in', async () => {
    const app = await startVisitedApp()
    const { jar, lines } = await seenByFetch(app)
    const out = await jar.send('post', '/guest/sign-out', 'cors', { body: { force: true } })
    expect(out.status).toBe(204)
    expect(jar.cookie, 'nothing is left').toBe('')
    jar.take(lines)
    expect((await jar.send('get', '/guest/userinfo')).body.code).toBe('not_signed_in')
    expect((await jar.send('post', '/guest/sign-in', 'cors', { body: {} })).status).toBe(200)
  })

  test("has no effect beside another guest's cookie, changed, or alone", async () => {
    const app = await startVisitedApp()
    const one = await begin(app)
    const { lines, token } = await seenByFetch(app)
    const mark = /=([^;]*)/.exec(lines[0]!)![1]!
    const [seen, , days, tag] = mark.split('.')
    app.clock.forward(retention.none)
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
    const app = await startVisitedApp()
    const other = await seenByFetch(app)
    const { jar, token, lines } = await seenByFetch(app)
    app.clock.forward(day)
    const later = cookiesSet(await jar.send('get', '/members'))
    const [mark, newer, theirs] = [lines, later, other.lines].map(([line]) => /^[^;]*/.exec(line!)![0])
    app.clock.forward(retention.none - 1)
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
    const app = await startVisitedApp()
    const { jar } = await seenByFetch(app)
    app.clock.forward(retention.none - 1)
    const node = await anotherNode(app, {
      ...options,
      secret: ['a new secret of more than 32 characters', secret],
    })
    expect((await ask(node, '/guest/userinfo', { Cookie: jar.cookie })).status).toBe(200)
  })
})

describe('a kept guest', () => {
  test('whom the host kept by its id alone, and who was not seen since, stays signed in until the date promised then', async () => {
    const app = await startVisitedApp()
    const held = await begin(app)
    app.clock.forward(retention.none - day)
    await app.guests.keep(held.sub)
    app.clock.forward(retention.none - 1)
    expect((await inBrowsers['its token as bearer']!(held))?.sub).toBe(held.sub)
  })

  test('does not stay longer in a browser because a client may', async () => {
    const app = await startVisitedApp({ clients: [{ id: 'spa', refreshIdleSeconds: 300 * day }] })
    const held = await kinds.kept!.inBrowser(app)
    const userinfo = inBrowsers['`/guest/userinfo`']!
    expect((await userinfo(held))?.sub).toBe(held.sub)
    await eventually(async () =>
      expect((await rowsOf(app.store, 'sessions'))[0]!.last_seen_at).toBe(unixSeconds(app)),
    )
    app.clock.forward(retention.none)
    expect(await userinfo(held)).toBeUndefined()
    expect(await userinfo(held), 'a request does not bring it back').toBeUndefined()
  })
})
