// Every statement of every verb finds its rows by an index in PostgreSQL, among very many guests.

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgres } from '../../../server/store/postgres/driver.ts'
import type { Statement } from '../../../server/store/sql/statement.ts'
import { fillWithGuests } from '../../support/many-guests.ts'
import { type PostgresServer, startPostgres, unflushed } from '../../support/postgres.ts'
import { textOf } from '../../support/postgres-text.ts'
import { roundsOf } from '../../support/rounds.ts'
import { inShort, missedInSource, statementsOfVerbs } from '../../support/verb-statements.ts'

/** With so many rows, the planner rates a whole table hundreds of times as expensive as an index. */
const GUESTS = roundsOf(40_000, 300_000)
/** At least six: from the sixth execution on, the planner may choose a generic plan. */
const EXECUTIONS = 7
const largeTables = [
  ...['guests', 'passkeys', 'sessions', 'spent', 'profiles', 'snoozes', 'merges', 'audit', 'outbox'],
  ...['login_ids', 'codes', 'limits', 'device_keys', 'recovery_codes', 'device_links'],
]

let server: PostgresServer
let db: pg.Client

// Its own server, even if the other tests use another database: this tests PostgreSQL's planner, and filling the tables
// takes a superuser.
beforeAll(async () => {
  const unlogged = ['wal_level=minimal', 'max_wal_senders=0']
  server = await startPostgres({ settings: [...unflushed, ...unlogged, 'autovacuum=off'] })
  const store = openPostgres(server.url)
  await store.ready()
  await store.close()
  db = new pg.Client({ connectionString: server.url })
  await db.connect()
  await fillWithGuests(db, GUESTS)
}, 900_000)

afterAll(async () => {
  await db?.end()
  await server?.stop()
})

type Plan = { 'Node Type': string; 'Relation Name'?: string; Plans?: Plan[] } & Record<string, unknown>

/**
 * The plans of a prepared statement, one an execution. The first five are made for the values. After that the planner
 * takes the cheaper one: a plan for these values, or a generic plan.
 */
async function plansOf(statement: Statement): Promise<Plan[]> {
  await db.query(`PREPARE statement AS ${await textOf(statement)}`)
  try {
    const values = statement.values.map((value) => (value === null ? 'NULL' : pg.escapeLiteral(`${value}`)))
    const execution = values.length > 0 ? `statement(${values})` : 'statement'
    const plans: Plan[] = []
    while (plans.length < EXECUTIONS) {
      const { rows } = await db.query(`EXPLAIN (FORMAT JSON) EXECUTE ${execution}`)
      plans.push(rows[0]['QUERY PLAN'][0].Plan)
    }
    return plans
  } finally {
    await db.query('DEALLOCATE statement')
  }
}

/** The steps of a plan that read a large table, or an index of one, from end to end. */
function readsThrough(plan: Plan): string[] {
  const { 'Node Type': kind, 'Relation Name': table, 'Index Cond': condition } = plan
  const large = largeTables.includes(table ?? '')
  const whole = kind === 'Seq Scan' || (/^Index (Only )?Scan/.test(kind) && condition === undefined)
  return [...(large && whole ? [`${kind} on ${table}`] : []), ...(plan.Plans ?? []).flatMap(readsThrough)]
}

const byVerb = statementsOfVerbs()

test('every large table has a row for each guest', async () => {
  for (const table of largeTables) {
    const { rows } = await db.query(`SELECT count(*)::int AS n FROM ${table}`)
    expect(rows).toEqual([{ n: GUESTS }])
  }
})

test('every statement in the source is checked', () => {
  expect(missedInSource([...byVerb.values()].flat())).toEqual([])
})

describe.each([...byVerb])('%s', (_verb, statements) => {
  test.each(statements.map((one) => [inShort(one), one] as const))(
    'finds its rows by an index: %s',
    async (_text, statement) => {
      expect((await plansOf(statement)).map(readsThrough)).toEqual(Array(EXECUTIONS).fill([]))
    },
  )
})

test.each([
  ['table', 'SELECT * FROM guests WHERE label = ?', ['amber-fox-42'], 'Seq Scan on guests'],
  ['index', 'SELECT id FROM spent WHERE id <> ? ORDER BY id', ['a'], 'Index Only Scan on spent'],
])('detects a statement that reads a whole %s', async (_what, sql, values, step) => {
  expect((await plansOf({ sql, values })).map(readsThrough)).toEqual(Array(EXECUTIONS).fill([step]))
})
