// The operators' numbers, as JSON and CSV: which are shown when, and that no subtraction gives one that is hidden.

import { readFileSync } from 'node:fs'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Counts, Statistics } from '../../../../server/core/statistics/statistics.ts'
import type { Guest } from '../../../../server/index.ts'
import { DAY_SECONDS, LEAST_COUNT, startOfDay } from '../../../../server/rules/statistics.ts'
import type { TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { admin, join, prove, refusal, startAdmin, type TestOperator } from '../../../support/operators.ts'
import { execute, rowsOf } from '../../../support/tables.ts'

const hour = 60 * 60
const dateOf = (day: number) => new Date(day * 1000).toISOString().slice(0, 10)

/** An app with a viewer, in the middle of a Monday. */
async function start(options: Parameters<typeof startAdmin>[0] = {}) {
  const app = await startAdmin({ collections: ['users', 'shop', 'wiki'], ...options })
  const weekSeconds = 7 * DAY_SECONDS
  const sinceMonday = (Math.floor(app.clock.now() / 1000) - 4 * DAY_SECONDS) % weekSeconds
  app.clock.forward(weekSeconds - sinceMonday + 12 * hour)
  const viewer = await join(app, 'viewer')
  return { app, viewer, monday: startOfDay(Math.floor(app.clock.now() / 1000)) }
}

/** The jobs have run after this time. */
async function pass(app: TestApp, seconds: number): Promise<void> {
  app.clock.forward(seconds)
  await app.guests.runChores()
}

/** What the viewer sees. */
async function look(viewer: TestOperator, query = ''): Promise<Statistics> {
  await signInAgain(viewer)
  const { status, body, text } = await viewer.browser.get(`${admin}/statistics${query && `?${query}`}`)
  expect(status, text).toBe(200)
  return body
}

/** Signs the viewer in again, if its session is over. */
async function signInAgain({ browser, device }: TestOperator): Promise<void> {
  if ((await browser.get(`${admin}/me`)).status === 200) return
  expect((await prove(browser, device)).status).toBe(200)
}

const signIn = async (app: TestApp, guests: number, collection = 'users') => {
  for (let i = 0; i < guests; i++)
    expect((await app.browser().post('/guest/sign-in', { collection })).status).toBe(200)
}

test('a day is shown an hour after its end, and nothing of today', async () => {
  const { app, viewer, monday } = await start()
  await signIn(app, 7)
  await pass(app, 12 * hour + 59 * 60)
  expect(await look(viewer)).toMatchObject({ counted_until: dateOf(monday - DAY_SECONDS) })
  await signIn(app, 9)
  await pass(app, 11 * 60)
  const seen = await look(viewer)
  expect(seen).toMatchObject({
    until: dateOf(monday),
    since: dateOf(monday - 27 * DAY_SECONDS),
    counted_until: dateOf(monday),
    step: 'day',
    collection: null,
  })
  expect(seen.periods).toHaveLength(28)
  expect(seen.periods.at(-1)).toBe(dateOf(monday))
  expect(seen.guests.created).toEqual([...Array(27).fill(null), 7])
  expect(seen.sign_ins.anonymous).toEqual(seen.guests.created)
  expect(seen.guests.kept).toEqual(Array(28).fill(null))
  // The 9 of today are written down, and no range shows them.
  expect((await rowsOf(app.store, 'counters')).map(({ counted }) => Number(counted))).toContain(9)
  const range = `since=${dateOf(monday)}&until=${dateOf(monday + 30 * DAY_SECONDS)}`
  for (const query of [range, `${range}&step=week`, `${range}&split=collection`]) {
    const asked = await look(viewer, query)
    expect([asked.until, asked.guests.created]).toEqual([dateOf(monday), [7]])
  }
})

test('a number under 5 waits for the next days, and is added to theirs', async () => {
  const { app, viewer, monday } = await start()
  await signIn(app, 3)
  await pass(app, DAY_SECONDS)
  await signIn(app, 1)
  await pass(app, DAY_SECONDS)
  const range = `since=${dateOf(monday)}`
  expect((await look(viewer, range)).guests.created).toEqual([null, null])
  await pass(app, hour)
  await signIn(app, 6)
  await pass(app, DAY_SECONDS)
  expect((await look(viewer, range)).guests.created).toEqual([null, null, 10])
})

test('weeks and totals are sums of what is shown, by collection too', async () => {
  const { app, viewer, monday } = await start()
  await signIn(app, 6, 'shop')
  await signIn(app, 2, 'users')
  await pass(app, DAY_SECONDS)
  await signIn(app, 5, 'shop')
  await signIn(app, 3, 'users')
  await signIn(app, 4, 'wiki')
  await pass(app, DAY_SECONDS)
  const query = `since=${dateOf(monday)}&until=${dateOf(monday + DAY_SECONDS)}`
  const days = await look(viewer, `${query}&split=collection`)
  const created = (of: Statistics, collection?: string): Counts =>
    (collection ? of.collections!.find((one) => one.collection === collection)! : of).guests.created
  expect(days.collections!.map(({ collection }) => collection)).toEqual(['shop', 'users', 'wiki'])
  expect(created(days, 'shop')).toEqual([6, 5])
  expect(created(days, 'users')).toEqual([null, 5])
  expect(created(days, 'wiki')).toEqual([null, null])
  expect(created(days)).toEqual([6, 10])
  const weeks = await look(viewer, `${query}&step=week&split=collection`)
  expect(weeks.periods).toEqual([dateOf(monday)])
  expect([created(weeks), created(weeks, 'shop'), created(weeks, 'wiki')]).toEqual([[16], [11], [null]])
  expect(created(await look(viewer, `${query}&collection=users`))).toEqual([null, 5])
})

test('guests who were kept by their ids alone count in all collections together, and in none of them', async () => {
  const { app, viewer, monday } = await start()
  for (let i = 0; i < 5; i++) await app.guests.keep((await app.browser().signIn()).anonymous_id)
  for (let i = 0; i < 6; i++) await app.guests.keep((await app.browser().signIn()) as Guest)
  await app.browser().get('/guest/userinfo')
  await pass(app, DAY_SECONDS)
  const since = `since=${dateOf(monday)}`
  const all = await look(viewer, `${since}&split=collection`)
  expect(all.guests.kept).toEqual([11])
  const byCollection = all.collections!.map(({ collection, guests }) => [collection, guests.kept])
  expect(byCollection).toEqual([
    ['shop', [null]],
    ['users', [6]],
    ['wiki', [null]],
  ])
  for (const [collection, kept] of byCollection)
    expect((await look(viewer, `${since}&collection=${collection}`)).guests.kept).toEqual(kept)
})

test('acts are shown, not persons: as the page says, one guest can be a number', async () => {
  const { app, viewer, monday } = await start()
  const { browser, device } = await keptGuest(app)
  for (let i = 0; i < LEAST_COUNT; i++) expect((await browser.signInWithPasskey(device)).status).toBe(200)
  await pass(app, DAY_SECONDS)
  expect((await look(viewer, `since=${dateOf(monday)}`)).sign_ins.passkey).toEqual([LEAST_COUNT])
  const page = readFileSync(new URL('../../../../server/operators.md', import.meta.url), 'utf8')
  expect(page).toContain(`**Every number counts at least ${LEAST_COUNT} acts.**`)
  expect(page).toContain('Acts are counted, not persons')
})

test('refusals are shown whichever collection is asked for', async () => {
  const { app, viewer, monday } = await start()
  for (let i = 0; i < 5; i++) await app.browser().get('/guest/userinfo')
  await pass(app, DAY_SECONDS)
  const { refusals } = await look(viewer, `since=${dateOf(monday)}&collection=shop`)
  expect(refusals).toEqual({ not_signed_in: [5] })
})

test('a long range is read in parts, and each number is in its period', async () => {
  const { app, viewer, monday } = await start()
  await pass(app, DAY_SECONDS)
  const days = [1, 27, 28, 29, 55, 56, 57, 200]
  const rows = days.map((n) => `(${monday - n * DAY_SECONDS}, 'kept', 'users', ${n + 5})`)
  await execute(app.store, `INSERT INTO counters (day, name, collection, counted) VALUES ${rows}`)
  const since = `since=${dateOf(monday - 203 * DAY_SECONDS)}`
  const { periods, guests } = await look(viewer, since)
  const shown = periods.flatMap((day, i) => (guests.kept[i] === null ? [] : [[day, guests.kept[i]]]))
  expect(shown).toEqual(days.toReversed().map((n) => [dateOf(monday - n * DAY_SECONDS), n + 5]))
  const weeks = await look(viewer, `${since}&step=week`)
  expect(weeks.periods[0]).toBe(dateOf(monday - 203 * DAY_SECONDS))
  const byWeek = weeks.guests.kept.flatMap((number, i) => (number === null ? [] : [[i - 29, number]]))
  expect(byWeek).toEqual([
    [-29, 205],
    [-9, 62],
    [-8, 61 + 60],
    [-5, 34],
    [-4, 33 + 32],
    [-1, 6],
  ])
})

test('refusals are shown by code', async () => {
  const { app, viewer, monday } = await start()
  for (let i = 0; i < 5; i++) await app.browser().get('/guest/userinfo')
  await app.browser().delete('/guest/sign-in')
  await pass(app, DAY_SECONDS)
  expect((await look(viewer, `since=${dateOf(monday)}`)).refusals).toEqual({ not_signed_in: [5] })
})

test('stored guests are shown in steps of ten, once a day', async () => {
  const { app, viewer } = await start()
  for (let i = 0; i < 11; i++) await keptGuest(app, { synced: true })
  await keptGuest(app, { synced: false })
  await pass(app, DAY_SECONDS)
  const seen = await look(viewer, 'split=collection')
  expect(seen.recoverability).toEqual({ none: null, device: null, passkey: null, synced: 10 })
  expect(seen.recoverability_of).toBe(dateOf(startOfDay(Math.floor(app.clock.now() / 1000))))
  expect(seen.collections!.map(({ recoverability }) => recoverability.synced)).toEqual([null, 10, null])
})

test('the picture goes through all guests, page by page, without those who are expired or merged', async () => {
  const { app, viewer } = await start()
  await keptGuest(app)
  const copy = (table: string, columns: string) =>
    `INSERT INTO ${table} SELECT ${columns} FROM ${table}, (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1204) SELECT i FROM n) numbers`
  const [guest] = await rowsOf(app.store, 'guests')
  const columns = Object.keys(guest!).map((name) =>
    name === 'anonymous_id' ? "'copy-' || CAST(i AS TEXT)" : name,
  )
  await execute(app.store, copy('guests', columns.join(', ')))
  const moved = (stage: string, which: string) =>
    execute(app.store, `UPDATE guests SET stage = '${stage}' WHERE anonymous_id LIKE 'copy-${which}'`)
  await moved('expired', '1__')
  await moved('merged', '2__')
  await moved('warned', '3__')
  await pass(app, DAY_SECONDS)
  expect((await look(viewer)).recoverability.none).toBe(1000)
})

describe('a query', () => {
  test.each([
    ['since=2026-02-30', 'since must be a day such as 2026-11-30, not 2026-02-30.'],
    ['since=yesterday', 'since: must be a day such as 2026-11-30.'],
    ['since=2026-01-02&until=2026-01-01', 'since (2026-01-02) must not be after until (2026-01-01).'],
    [
      'since=2020-01-01&until=2021-06-01',
      'the range has 518 days: for the step day, it may have at most 400.',
    ],
    ['step=month', /^step: /],
    ['surprise=1', /surprise/],
  ])('that is wrong is refused, and the answer says what is right: %s', async (query, detail) => {
    const { viewer } = await start()
    const answer = await viewer.browser.get(`${admin}/statistics?${query}`)
    expect(refusal(answer)).toBe('400 invalid_request')
    if (typeof detail === 'string') expect(answer.body.detail).toBe(detail)
    else expect(answer.body.detail).toMatch(detail)
  })

  test('before anything was counted has no periods', async () => {
    const { viewer } = await start()
    expect(await look(viewer)).toMatchObject({ counted_until: null, recoverability_of: null, periods: [] })
  })
})

describe('as CSV', () => {
  test('there are the same numbers, one a line, by the path or by Accept', async () => {
    const { app, viewer, monday } = await start()
    await signIn(app, 6, 'shop')
    await pass(app, DAY_SECONDS)
    await signInAgain(viewer)
    const query = `since=${dateOf(monday)}&split=collection`
    const byPath = await viewer.browser.get(`${admin}/statistics.csv?${query}`)
    expect(byPath.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(byPath.headers['content-disposition']).toBe(
      `attachment; filename="guestkey-statistics-${dateOf(monday)}-${dateOf(monday)}.csv"`,
    )
    const lines = byPath.text.split('\r\n')
    expect(lines[0]).toBe('from,to,collection,kind,name,number')
    const days = `${dateOf(monday)},${dateOf(monday)}`
    expect(lines).toContain(`${days},,guests,created,6`)
    expect(lines).toContain(`${days},shop,guests,created,6`)
    expect(lines).toContain(`${days},users,guests,created,`)
    expect(lines.at(-1)).toBe('')
    const byHeader = await supertest(app.server)
      .get(`${admin}/statistics?${query}`)
      .set({ Cookie: viewer.browser.cookie!, Accept: 'text/csv' })
    expect(byHeader.text).toBe(byPath.text)
    expect(byHeader.headers.vary).toContain('Accept')
  })

  test('no name becomes a formula of a spreadsheet', async () => {
    const { app, viewer } = await start()
    await pass(app, DAY_SECONDS)
    await signInAgain(viewer)
    const fieldOf = async (collection: string) => {
      const query = `collection=${encodeURIComponent(collection)}`
      const { text } = await viewer.browser.get(`${admin}/statistics.csv?${query}`)
      return /^\S+?,\S+?,(.*),guests,created,\r$/m.exec(text)?.[1]
    }
    for (const formula of ['=x', '+1', '-1', '@x']) expect(await fieldOf(formula)).toBe(`'${formula}`)
    expect(await fieldOf('a,"b"')).toBe('"a,""b"""')
    expect(await fieldOf('=1,2')).toBe(`"'=1,2"`)
  })
})

test('no combination of numbers, splits, ranges and looks gives a number under 5', async () => {
  const { app, viewer, monday } = await start()
  const DAYS = 16
  const collections = ['shop', 'users', 'wiki']
  const counts = madeUp(DAYS * collections.length)
  /** What somebody who knows what is shown knows: that the sum of these cells is this number. */
  const known: { cells: number[]; number: number }[] = []
  /** Of each collection: the first cell that is not part of any number yet. */
  const begins = collections.map(() => 0)
  const blocks = collections.map(() => new Map<number, number[]>())
  const cell = (day: number, collection: number) => day * collections.length + collection

  for (let n = 0; n < DAYS; n++) {
    const day = monday + n * DAY_SECONDS
    for (const [c, collection] of collections.entries()) {
      const counted = counts[cell(n, c)]!
      if (counted > 0)
        await execute(
          app.store,
          `INSERT INTO counters (day, name, collection, counted) VALUES (${day}, 'created', '${collection}', ${counted})
          ON CONFLICT (day, name, collection) DO UPDATE SET counted = counters.counted + excluded.counted`,
        )
    }
    await pass(app, DAY_SECONDS)
    const range = `since=${dateOf(monday)}&until=${dateOf(day)}`
    const byDay = await look(viewer, `${range}&split=collection`)
    for (const [c, one] of byDay.collections!.entries()) {
      const shown = one.guests.created[n]
      if (shown === null || shown === undefined) continue
      const cells = Array.from({ length: n + 1 - begins[c]! }, (_, i) => cell(begins[c]! + i, c))
      blocks[c]!.set(n, cells)
      begins[c] = n + 1
    }
    // Every look, at days and weeks, of all and of each, and from each day on.
    const asked = [
      range,
      `${range}&step=week`,
      `since=${dateOf(monday + ((n * 7) % (n + 1)) * DAY_SECONDS)}&until=${dateOf(day)}`,
    ]
    for (const query of asked.flatMap((one) => [
      `${one}&split=collection`,
      ...collections.map((c) => `${one}&collection=${c}`),
    ])) {
      const seen = await look(viewer, query)
      const whole = query.includes('&collection=')
        ? [collections.indexOf(query.split('&collection=')[1]!)]
        : collections.map((_, c) => c)
      const numbers: [Counts, number[]][] = [
        [seen.guests.created, whole],
        ...(seen.collections ?? []).map((one): [Counts, number[]] => [
          one.guests.created,
          [collections.indexOf(one.collection)],
        ]),
      ]
      for (const [numbersOf, of] of numbers)
        for (const [p, number] of numbersOf.entries()) {
          if (number === null) continue
          expect(number).toBeGreaterThanOrEqual(LEAST_COUNT)
          const first = (Date.parse(seen.periods[p]!) / 1000 - monday) / DAY_SECONDS
          const last = first + (seen.step === 'week' ? 7 : 1)
          const cells = of.flatMap((c) =>
            [...blocks[c]!].flatMap(([at, block]) => (at >= first && at < last ? block : [])),
          )
          known.push({ cells, number })
        }
    }
  }

  // It is honest: each number is the sum of what was counted.
  for (const { cells, number } of known)
    expect(cells.reduce((sum, one) => sum + counts[one]!, 0)).toBe(number)
  const small = counts.flatMap((number, one) => (number < LEAST_COUNT ? [one] : []))
  expect(small.length).toBeGreaterThan(15)
  const rows = known.map(({ cells }) => vectorOf(cells, counts.length))
  expect(small.filter((one) => isSpanned(rows, vectorOf([one], counts.length)))).toEqual([])
  // The check finds what can be computed: a total, and all but one of its parts.
  const [shop, users] = [small[0]!, small[1]!]
  const leaking = [...rows, vectorOf([shop, users], counts.length), vectorOf([users], counts.length)]
  expect(isSpanned(leaking, vectorOf([shop], counts.length))).toBe(true)
})

test('expired guests less those who were saved one promised time earlier are a number at random', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `c${i}`)
  const { app, viewer, monday } = await start({ collections: names })
  // Of 30 guests a collection who were saved on Monday, one came back in the first twenty collections. The others are expired.
  const rows = names.flatMap((name, i) => [
    `(${monday}, 'saved', '${name}', 30)`,
    `(${monday + 3 * DAY_SECONDS}, 'expired', '${name}', ${i < 20 ? 29 : 30})`,
  ])
  await execute(app.store, `INSERT INTO counters (day, name, collection, counted) VALUES ${rows}`)
  await pass(app, 5 * DAY_SECONDS)
  const range = `since=${dateOf(monday)}&split=collection`
  for (const { collection, guests } of (await look(viewer, range)).collections!)
    expect([collection, guests.expired.every((one) => one === null)]).toEqual([collection, true]) // the week is not over
  await pass(app, 3 * DAY_SECONDS)
  const found = (await look(viewer, range)).collections!
  const sumOf = (counts: Counts) => counts.reduce<number>((sum, one) => sum + (one ?? 0), 0)
  const differences = found.map(({ guests }) => {
    expect([sumOf(guests.saved), sumOf(guests.expired) % 10]).toEqual([30, 0])
    expect(guests.expired.slice(0, 6)).toEqual(Array(6).fill(null)) // Sunday alone
    return 30 - sumOf(guests.expired)
  })
  // The same number of guests gives several differences, so none of them says how many came back.
  const halves = [differences.slice(0, 20), differences.slice(20)].map((half) => new Set(half))
  for (const half of halves) expect(half.size).toBeGreaterThan(1)
  // A number that was shown stays: nobody gets a second draw.
  expect((await look(viewer, range)).collections).toEqual(found)
  await pass(app, DAY_SECONDS)
  const days = `${range}&until=${dateOf(monday + 6 * DAY_SECONDS)}`
  expect((await look(viewer, days)).collections!.map(({ guests }) => guests)).toEqual(
    found.map(({ guests }) => tableOf(guests, (counts) => counts.slice(0, 7))),
  )
})

const tableOf = <T extends object>(numbers: T, change: (counts: Counts) => Counts) =>
  Object.fromEntries(Object.entries(numbers).map(([name, counts]) => [name, change(counts as Counts)]))

/** The days on which one person does something that hardly anybody does. */
const rare = { keep: [6, 13, 22, 31], leave: [9, 18, 27], comeBack: [16, 25] }

test('no two numbers, on the same days or days apart, differ by what single persons did', async () => {
  const DAYS = 40
  const retention = { passkey: 2 * DAY_SECONDS, warnSeconds: 60, graceSeconds: 3 * DAY_SECONDS }
  const { app, viewer, monday } = await start({ collections: { users: { retention } } })
  const newcomers = madeUp(2 * DAYS)
  const withPasskey = async () => {
    const [browser, device] = [app.browser(), app.device({ synced: false })]
    expect((await browser.addPasskey(device)).status).toBe(201)
    return { browser, device }
  }
  const seen: Awaited<ReturnType<typeof withPasskey>>[][] = []
  for (let n = 0; n < DAYS; n++) {
    seen.push([])
    for (let i = 0; i < newcomers[n]! % 11; i++) seen[n]!.push(await withPasskey())
    await signIn(app, newcomers[DAYS + n]! % 7)
    // Many are seen again, so that no number of expired guests is that of those who came some days before.
    for (const [i, { browser }] of (seen[n - 1] ?? []).entries())
      if ((i + n) % 3 > 0) expect((await browser.get('/guest/userinfo')).status).toBe(200)
    if (rare.keep.includes(n)) {
      const guest = (await app.browser().signIn()) as Guest
      expect(await app.guests.keep(guest)).toBe(true)
    }
    if (rare.leave.includes(n)) {
      const { browser } = await withPasskey()
      expect((await browser.delete('/guest/account')).status).toBe(204)
    }
    if (rare.comeBack.includes(n)) {
      const inGrace = seen[n - 5]!.find((_, i) => (i + n - 4) % 3 === 0)!
      expect((await app.browser().signInWithPasskey(inGrace.device)).status).toBe(200)
    }
    await pass(app, DAY_SECONDS)
  }
  const { guests, sign_ins } = await look(viewer, `since=${dateOf(monday)}&collection=users`)
  const shown = Object.entries({ ...guests, ...sign_ins })
  // Enough is shown to compare: else nothing could be found.
  for (const name of ['created', 'kept', 'saved'] as const)
    expect(guests[name].filter((one) => one !== null).length, name).toBeGreaterThan(10)
  const found = shown.flatMap(([a, first]) =>
    shown
      .filter(([b]) => b !== a)
      .flatMap(([b, second]) =>
        Array.from({ length: 32 }, (_, lag) => lag)
          .filter((lag) =>
            [...Object.values(rare), Object.values(rare).flat()].some((days) =>
              tellsSingles(first, second, lag, days),
            ),
          )
          .map((lag) => `${a} - ${b}, ${lag} days apart`),
      ),
  )
  expect(found).toEqual([])
  // The check finds a number that is another one, and what single persons did.
  const alone = guests.created.map((one, n) => one && one + (rare.leave.includes(n) ? 1 : 0))
  expect(tellsSingles(alone, guests.created, 0, rare.leave)).toBe(true)
})

/**
 * Whether the difference of two numbers since the beginning, on days on which both are shown, changes by less than
 * LEAST_COUNT, and only when a single person did something.
 */
function tellsSingles(first: Counts, second: Counts, lag: number, days: number[]): boolean {
  const sumTo = (counts: Counts, n: number) =>
    counts.slice(0, n + 1).reduce<number>((sum, one) => sum + (one ?? 0), 0)
  const exact = first.flatMap((one, n) => (one && second[n - lag] ? [n] : []))
  const steps = exact.slice(1).map((to, i) => {
    const since = exact[i]!
    const differenceAt = (n: number) => sumTo(first, n) - sumTo(second, n - lag)
    const isRare = days.some((n) => [n, n + lag].some((one) => one > since && one <= to))
    return { by: Math.abs(differenceAt(to) - differenceAt(since)), isRare }
  })
  const changes = steps.filter(({ by }) => by > 0)
  return (
    changes.length > 0 &&
    steps.length - changes.length >= 3 &&
    changes.every(({ by, isRare }) => isRare && by < LEAST_COUNT)
  )
}

/** Made-up numbers, many of them small: always the same. */
function madeUp(length: number): number[] {
  let state = 4711
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state % 3 === 0 ? state % 23 : state % 6
  })
}

const vectorOf = (cells: number[], length: number): number[] =>
  Array.from({ length }, (_, i) => cells.filter((one) => one === i).length)

/** Whether the vector is a linear combination of the rows, by elimination modulo a prime. */
function isSpanned(rows: number[][], vector: number[]): boolean {
  return rankOf([...rows, vector]) === rankOf(rows)
}

function rankOf(rows: number[][]): number {
  const PRIME = 1_000_003
  const distinct = [...new Map(rows.map((row) => [row.join(), row])).values()].map((row) => [...row])
  let rank = 0
  for (let column = 0; column < (distinct[0]?.length ?? 0); column++) {
    const pivot = distinct.findIndex((row, i) => i >= rank && row[column] !== 0)
    if (pivot < 0) continue
    ;[distinct[rank], distinct[pivot]] = [distinct[pivot]!, distinct[rank]!]
    const inverse = inverseOf(distinct[rank]![column]!, PRIME)
    const lead = distinct[rank]!.map((value) => (value * inverse) % PRIME)
    for (let i = rank + 1; i < distinct.length; i++) {
      const factor = distinct[i]![column]!
      if (factor === 0) continue
      distinct[i] = distinct[i]!.map((value, at) => (value - ((factor * lead[at]!) % PRIME) + PRIME) % PRIME)
    }
    rank++
  }
  return rank
}

/** By Fermat: value^(prime - 2). */
function inverseOf(value: number, prime: number): number {
  let [result, base, power] = [1, value % prime, prime - 2]
  for (; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % prime
    base = (base * base) % prime
  }
  return result
}
