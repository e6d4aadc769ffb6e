// Finding guests reads about as many pages of the database among twenty thousand guests as among a thousand.

import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../../server/context.ts'
import { findGuests, type GuestQuery } from '../../../server/core/support/find.ts'
import { openPostgres } from '../../../server/store/postgres/driver.ts'
import { reads } from '../../../server/store/sql/all-verbs.ts'
import type { Ask, Row } from '../../../server/store/sql/statement.ts'
import type { Store } from '../../../server/store/store.ts'
import { fillWithGuests, idsOfGuest } from '../../support/many-guests.ts'
import { type PostgresServer, startPostgres, unflushed } from '../../support/postgres.ts'
import { textOf } from '../../support/postgres-text.ts'
import { now } from '../../support/store-rows.ts'

const FEW = 1000
const MANY = 20_000
/**
 * An index of twenty times as many rows is one page deeper. Finding a session also reads one of the 64 buckets of an index:
 * a page for every 6,000 sessions.
 */
const MOST_TIMES = 3

const one = idsOfGuest(FEW - 1)
/** The address of this guest, as the look-up has it: in small letters. */
const md5OfLogin = createHash('md5')
  .update(`login${FEW - 1}`)
  .digest('base64url')
  .toLowerCase()
const kinds: [string, GuestQuery, guests: number][] = [
  ['an id', { anonymousId: one.anonymousId }, 1],
  ['a session', { sessionId: one.sessionId }, 1],
  ['a passkey', { passkeyId: one.credentialId }, 1],
  ['a login ID', { loginId: { type: 'email', value: `${md5OfLogin}@example.org` } }, 1],
  ['a label', { label: 'amber-fox-42' }, 50],
  ['nothing', {}, 50],
  ['a stage that all have', { stage: 'kept' }, 50],
  ['a stage that nobody has', { stage: 'regular' }, 0],
  ['a recoverability that nobody has', { recoverability: 'none' }, 0],
  ['a collection that nobody has', { collection: 'others' }, 0],
  ['a time before all were created', { createdBefore: 5 }, 0],
  ['a time after all were seen', { seenSince: now + 1 }, 0],
  ['being disabled', { disabled: true }, 50],
  ['not being disabled, if all are', { disabled: false }, 0],
  ['being disabled, and a stage that nobody has', { disabled: true, stage: 'regular' }, 0],
]

/** A page reads one guest more than it shows, or a thousand if nobody matches; each guest takes five pages at most. */
const mostPages = (found: number) => 30 + 5 * (found === 0 ? 1000 : found + 1)

let server: PostgresServer
let db: pg.Client

// Its own server, because filling the tables takes a superuser.
beforeAll(async () => {
  server = await startPostgres({ settings: [...unflushed, 'autovacuum=off'] })
  const store = openPostgres(server.url)
  await store.ready()
  await store.close()
  db = new pg.Client({ connectionString: server.url })
  await db.connect()
})

afterAll(async () => {
  await db?.end()
  await server?.stop()
})

/** How many pages finding guests by this query reads, and how many it finds. */
async function lookUp(query: GuestQuery): Promise<{ pages: number; guests: number }> {
  let pages = 0
  const verb = (ask: Ask<unknown>) =>
    Promise.all(
      ask.statements.map(async (statement): Promise<Row[]> => {
        const { values } = statement
        const text = await textOf(statement)
        const explained = await db.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values)
        const plan = explained.rows[0]['QUERY PLAN'][0].Plan
        pages += plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
        return (await db.query(text, values)).rows
      }),
    ).then((found) => ask.outcome(...found))
  const store = new Proxy({} as Store, {
    get: (_, name: keyof typeof reads) => (input: never) => verb(reads[name](input) as Ask<unknown>),
  })
  const { guests } = await findGuests({ store, now: () => now } as Context, query)
  return { pages, guests: guests.length }
}

test('finding guests by anything reads about as much among many guests as among few', async () => {
  const lookAll = async (count: number) => {
    await fillWithGuests(db, count)
    await db.query("UPDATE guests SET disabled_at = 1, disabled_reason = 'abuse'")
    await db.query('UPDATE login_ids SET value = lower(value)')
    await db.query('VACUUM ANALYZE')
    const found: [string, { pages: number; guests: number }][] = []
    for (const [name, query] of kinds) found.push([name, await lookUp(query)])
    return found
  }
  const few = await lookAll(FEW)
  const many = await lookAll(MANY)
  const expected = kinds.map(([name, , guests]) => [name, guests])
  for (const found of [few, many]) expect(found.map(([name, { guests }]) => [name, guests])).toEqual(expected)
  const read = few.map(([name, { pages }], i) => ({ name, few: pages, many: many[i]![1].pages }))
  expect(read.filter((one) => one.many > MOST_TIMES * one.few)).toEqual([])
  expect(read.filter((one, i) => one.many > mostPages(kinds[i]![2]))).toEqual([])
})
