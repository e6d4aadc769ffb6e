// The import: which login IDs of a guest are taken over, which times, and that a dry run says what a run does.

import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../../server/context.ts'
import { importGuests } from '../../../../server/core/account/imports.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import type { ImportedGuest, ImportOptions, ImportResult } from '../../../../server/index.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { copyOf } from '../../../support/ceremonies.ts'
import { day, rowOf, rowsOf } from '../../../support/merging.ts'
import { tables } from '../../../support/tables.ts'

/** Imports, and returns the summary and what became of each guest. */
async function run(app: TestApp, users: unknown[], options: ImportOptions = {}) {
  const results: ImportResult[] = []
  const onResult = (result: ImportResult) => void results.push(result)
  const summary = await app.guests.import(users as ImportedGuest[], { ...options, onResult })
  return { summary, results, problems: results.map((result) => result.problems) }
}

test('imports only login IDs that are verified, and the first of them is the primary one', async () => {
  const app = await startApp()
  const [email, phone] = ['ada@example.org', '+41446681800']
  const summary = await app.guests.import([
    { sub: 'a', email, phone },
    { sub: 'b', email, email_verified: false, phone, phone_verified: false },
    { sub: 'c', email, email_verified: null, phone, phone_verified: null },
    { sub: 'd', email_verified: true, phone_verified: true },
    { sub: 'e', email: 'eve@example.org', phone: '+41446681801', phone_verified: true },
    { sub: 'f', email, email_verified: true, phone, phone_verified: true },
  ])
  expect(summary).toMatchObject({ imported: 6, promoted: 2, with_problems: 0 })
  const rows = await rowsOf(app, 'login_ids')
  expect(
    rows.map((row) => [row.anonymous_id, row.type, row.value, Boolean(row.is_primary)]).toSorted(),
  ).toEqual([
    ['e', 'phone', '+41446681801', true],
    ['f', 'email', email, true],
    ['f', 'phone', phone, false],
  ])
})

test('a dry run reports of each guest what the run then does, and writes nothing', async () => {
  const app = await startApp()
  const verified = { email_verified: true, phone_verified: true }
  const there = { sub: 'there', email: 'there@example.org', ...verified }
  await app.guests.import([there])
  const users = [
    { sub: 'a', email: 'ada@example.org', ...verified },
    { sub: 'a', email: 'else@example.org', ...verified }, // known by then
    { sub: 'b', email: ' ADA@example.org', phone: '+41446681800', ...verified }, // the address is a's
    { sub: 'c', email: 'there@example.org', ...verified }, // taken before the import
    { sub: 'd', phone: '+41 44 668 18 00', ...verified }, // b's
    { sub: 'e', email: 'else@example.org', ...verified }, // free: the second a was not imported
    { sub: 'f', email: 'no address', ...verified },
    { sub: 'g', collection: 'nowhere' },
    { sub: '', ...verified },
    there,
  ]
  const run = async (dryRun: boolean) => {
    const results: object[] = []
    const summary = await app.guests.import(users, {
      dryRun,
      onResult: (result) => void results.push(result),
    })
    return { summary, results }
  }
  const before = await tables(app.store)
  const dry = await run(true)
  expect(await tables(app.store)).toEqual(before)
  const real = await run(false)
  expect(dry).toEqual(real)
  expect(real.summary).toEqual({ imported: 6, known: 2, refused: 2, promoted: 3, with_problems: 6 })
  expect(real.results[2]).toEqual({
    index: 2,
    outcome: 'imported',
    problems: ['its e-mail address was left out: it belongs to a'],
  })
})

test('times of an import are kept, but none is in the future, and no guest was made after it was seen', async () => {
  const app = await startApp()
  const now = Math.floor(app.clock.now() / 1000)
  const { summary, problems } = await run(app, [
    { sub: 'both', created_at: 1000.9, last_seen_at: 2000.9 },
    { sub: 'created', created_at: 1000 },
    { sub: 'seen', last_seen_at: 2000 },
    { sub: 'neither' },
    { sub: 'reversed', created_at: 2000, last_seen_at: 1000 },
    { sub: 'ahead', created_at: now + day, last_seen_at: now + day },
    { sub: 'too far', created_at: now + day + 1 },
    { sub: 'too far, too', last_seen_at: now + day + 1 },
  ])
  expect(summary).toMatchObject({ imported: 6, refused: 2 })
  expect(problems.slice(6)).toEqual([
    ['created_at: must be Unix seconds, and not in the future'],
    ['last_seen_at: must be Unix seconds, and not in the future'],
  ])
  const times = async (sub: string) => {
    const { created_at, last_seen_at } = (await rowOf(app, { sub }))!
    return [created_at, last_seen_at]
  }
  expect(await times('both')).toEqual([1000, 2000])
  expect(await times('created')).toEqual([1000, 1000])
  expect(await times('seen')).toEqual([2000, 2000])
  expect(await times('neither')).toEqual([now, now])
  expect(await times('reversed')).toEqual([1000, 1000])
  expect(await times('ahead')).toEqual([now, now])
})

test('an import of more guests than a batch reports each by its position', async () => {
  const app = await startApp()
  const users = Array.from({ length: 501 }, (_, i) => ({ sub: `guest ${i}` }))
  const indexes: number[] = []
  const summary = await app.guests.import(users, { onResult: ({ index }) => void indexes.push(index) })
  expect(summary.imported).toBe(501)
  expect(indexes).toEqual(users.map((_, i) => i))
  expect((await app.rows()).guests).toBe(501)
})

test('a guest is imported with its own label and collection, or with a new label into that of the import', async () => {
  const app = await startApp({ collections: { users: {}, kiosks: {} } })
  const users = [
    { sub: 'a', label: 'Ada', collection: 'users' },
    { sub: 'b' },
    { sub: 'c', collection: 'nobodys' },
  ]
  const { results } = await run(app, users, { collection: 'kiosks' })
  expect(results).toEqual([
    { index: 0, outcome: 'imported', problems: [] },
    { index: 1, outcome: 'imported', problems: [] },
    { index: 2, outcome: 'refused', problems: ['there is no collection nobodys'] },
  ])
  expect(await rowOf(app, { sub: 'a' })).toMatchObject({ label: 'Ada', collection: 'users' })
  const generated = { label: expect.stringMatching(/^\w+-\w+-\d\d$/), collection: 'kiosks' }
  expect(await rowOf(app, { sub: 'b' })).toMatchObject(generated)
  const trail = await app.guests.auditTrail({ anonymous_id: 'a' })
  expect(trail.map(({ action }) => action)).toEqual(['guest.imported'])
  await expect(run(app, [{ sub: 'd' }], { collection: 'nobodys' })).rejects.toMatchObject({
    code: 'collection_unknown',
  })
  expect((await app.rows()).guests).toBe(2)
})

test('a guest that is malformed is refused, with all that is wrong with it, and the others are imported', async () => {
  const app = await startApp()
  const { summary, problems } = await run(app, [
    { sub: 'x'.repeat(256), label: 'Zoë', created_at: -1 },
    { sub: 'a', colour: 'red' },
    { label: 'Ada' },
    null,
    { sub: 'b' },
  ])
  expect(summary).toEqual({ imported: 1, known: 0, refused: 4, promoted: 0, with_problems: 4 })
  expect(problems[0]).toEqual([
    'sub: must be 1 to 255 characters, without control characters',
    'label: must be 1 to 64 ASCII characters',
    expect.stringMatching(/^created_at: /),
  ])
  expect(problems.map((all) => all.length)).toEqual([3, 1, 1, 1, 0])
})

test('of a profile, the attributes are imported that are declared and valid', async () => {
  const profile = z.object({ nickname: z.string().max(5), note: z.string() })
  const app = await startApp({ profile, maxProfileBytes: 60 })
  const profiles: Record<string, object | null> = {
    all: { nickname: 'Ada', note: 'x' },
    some: { nickname: 'too long', note: null, colour: 'red' },
    part: { nickname: 'Ada', colour: 'red' },
    fits: { note: 'x'.repeat(49) }, // {"note":""} has 11 bytes
    large: { note: 'x'.repeat(50) },
    empty: {},
    none: null,
  }
  const given = Object.entries(profiles)
  const { problems } = await run(
    app,
    given.map(([sub, one]) => ({ sub, profile: one })),
  )
  expect(Object.fromEntries(given.map(([sub], i) => [sub, problems[i]]))).toEqual({
    all: [],
    some: [
      expect.stringMatching(/^its profile: nickname: .*[^.]$/),
      'its profile: The profile has no attribute colour; it has nickname, note',
    ],
    part: [expect.stringMatching(/^its profile: The profile has no attribute colour/)],
    fits: [],
    large: [
      'its profile was left out: it is larger than this deployment allows (the option maxProfileBytes)',
    ],
    empty: [],
    none: [],
  })
  const rows = await rowsOf(app, 'profiles')
  const stored = rows.map((row) => [row.anonymous_id, JSON.parse(row.attributes as string), row.version])
  expect(stored.toSorted()).toEqual([
    ['all', profiles.all, 1],
    ['fits', profiles.fits, 1],
    ['part', { nickname: 'Ada' }, 1],
  ])
  const without = await startApp()
  expect(
    (
      await run(without, [
        { sub: 'a', profile: { note: 'x' } },
        { sub: 'b', profile: {} },
      ])
    ).problems,
  ).toEqual([['its profile was left out: this deployment declares no attributes (the option profile)'], []])
})

test('a guest with an id of ours who is signed in stays so, and one whose session has ended does not come back', async () => {
  const app = await startApp()
  const [here, gone] = [app.browser(), app.browser()]
  const [{ sub }, left] = [await here.signIn(), await gone.signIn()]
  const copy = copyOf(app, gone)
  await gone.post('/guest/sign-out', { force: true })
  expect((await run(app, [{ sub }, { sub: left.sub }, { sub: 'of-another-system' }])).summary.imported).toBe(
    3,
  )
  expect((await here.get('/guest/userinfo')).body.sub).toBe(sub)
  expect((await copy.get('/guest/userinfo')).status).toBe(401)
  const sessions = await rowsOf(app, 'sessions')
  expect(sessions.map((row) => row.anonymous_id)).not.toContain('of-another-system')
})

test('a verified login ID that no code can be sent to is left out, and the guest is imported', async () => {
  const app = await startApp()
  const verified = { email_verified: true, phone_verified: true }
  const { summary, problems } = await run(app, [
    { sub: 'a', email: 'no address', phone: '044 668 18 00', ...verified },
    { sub: 'b', email: 'no address', phone: '+41446681800', ...verified },
  ])
  expect(summary).toEqual({ imported: 2, known: 0, refused: 0, promoted: 1, with_problems: 2 })
  const left = (what: string) => `its ${what} was left out: it is not one that a code can be sent to`
  expect(problems).toEqual([[left('e-mail address'), left('telephone number')], [left('e-mail address')]])
  const [row, ...more] = await rowsOf(app, 'login_ids')
  expect([row!.anonymous_id, row!.type, Boolean(row!.is_primary), more]).toEqual(['b', 'phone', true, []])
})

test('a dry run knows the ids and login IDs of earlier batches too', async () => {
  const app = await startApp()
  const verified = { email_verified: true, phone_verified: true }
  const there = { email: 'there@example.org', phone: '+41446681899', ...verified }
  await app.guests.import([{ sub: 'there', ...there }])
  const fillers = (of: string) => Array.from({ length: 250 }, (_, i) => ({ sub: `${of} ${i}` }))
  const users = [
    { sub: 'a', email: 'ada@example.org', ...verified },
    { sub: 'h', ...there }, // both are taken
    ...fillers('first'),
    { sub: 'a', email: 'else@example.org', ...verified }, // known by then
    { sub: 'b', email: 'ADA@example.org', phone: '+41446681800', ...verified }, // the address is a's
    { sub: 'c', email: 'there@example.org', phone: '+41446681801', ...verified }, // the number is free
    ...fillers('second'),
    { sub: 'd', phone: '+41446681800', ...verified }, // b's
    { sub: 'e', email: 'else@example.org', ...verified }, // free: the second a was not imported
    { sub: 'f', ...there },
    { sub: 'g', email: 'ada@example.org', phone: '+41446681801', ...verified }, // a's and c's
  ]
  const before = await tables(app.store)
  const dry = await run(app, users, { dryRun: true })
  expect(await tables(app.store)).toEqual(before)
  const real = await run(app, users)
  expect(dry).toEqual(real)
  expect(real.summary).toMatchObject({ imported: 508, known: 1, promoted: 4 })
  expect(real.problems.at(-1)).toEqual([
    'its e-mail address was left out: it belongs to a',
    'its telephone number was left out: it belongs to c',
  ])
})

test('an error that a schema throws ends the import', async () => {
  const broken = z.string().transform(() => {
    throw new Error('the schema is broken')
  })
  const app = await startApp({ profile: z.object({ nickname: broken }) })
  await expect(run(app, [{ sub: 'a', profile: { nickname: 'Fox' } }])).rejects.toThrow('the schema is broken')
})

describe('the batches of an import', () => {
  /** A store that counts the guests of each batch, and fails in the batch `failing`. */
  function storeWith({ failing = -1 } = {}) {
    const batches: number[] = []
    let writing = 0
    const importGuests = async ({ guests }: { guests: unknown[] }) => {
      if (batches.push(guests.length) - 1 === failing) throw new Error('no space left')
      if (++writing > 1) throw new Error('two batches at once')
      await setImmediate()
      writing--
      return guests.map(() => ({ known: false, taken: [] }))
    }
    const users = { retention: { none: 1000, warnSeconds: 10 } }
    const config = {
      sessions: { idleSeconds: 100, absoluteSeconds: 100 },
      clients: [],
      webhooks: [],
      defaultCollection: 'users',
      collections: { users },
    }
    const keys = deriveKeys('the secret of the tests of imports')
    return { ctx: { now: () => 1000, config, keys, store: { importGuests } } as unknown as Context, batches }
  }
  async function* users(count: number) {
    for (let i = 0; i < count; i++) yield { sub: `guest ${i}` }
  }

  test.each([
    [0, []],
    [1, [1]],
    [250, [250]],
    [501, [250, 250, 1]],
  ])('of %i guests have 250 guests each, one after the other: %j', async (count, expected) => {
    const { ctx, batches } = storeWith()
    expect((await importGuests(ctx, users(count))).imported).toBe(count)
    expect(batches).toEqual(expected)
  })

  test.each([0, 1, 2])('end with the error of batch %i, which nobody else hears of', async (failing) => {
    const unheard: unknown[] = []
    const hear = (error: unknown) => void unheard.push(error)
    process.on('unhandledRejection', hear)
    onTestFinished(() => void process.off('unhandledRejection', hear))
    async function* slow() {
      for await (const user of users(501)) {
        if (user.sub === 'guest 260' || user.sub === 'guest 500')
          for (let i = 0; i < 5; i++) await setImmediate()
        yield user
      }
    }
    const { ctx, batches } = storeWith({ failing })
    await expect(importGuests(ctx, slow())).rejects.toThrow('no space left')
    expect(batches.length).toBe(failing + 1)
    expect(unheard).toEqual([])
  })
})
