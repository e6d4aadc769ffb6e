// The import: which login IDs of a guest are taken over, which times, and that a dry run says what a run does.

import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { rowOf, rowsOf } from '../../../support/merging.ts'
import { tables } from '../../../support/tables.ts'

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
  const day = 24 * 60 * 60
  const summary = await app.guests.import([
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
