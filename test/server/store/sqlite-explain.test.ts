// Every statement of every verb finds its rows by an index in SQLite. Its planner needs no rows to decide that.

import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Statement } from '../../../server/store/sql/statement.ts'
import { inSqlite, openFile } from '../../../server/store/sqlite/file.ts'
import { temporaryFolder } from '../../support/engine.ts'
import { inShort, missedInSource, statementsOfVerbs } from '../../support/verb-statements.ts'

/** A new store, on which the SQL `prepare` ran. */
function open(prepare = ''): Database.Database {
  const db = openFile(join(temporaryFolder(), 'guestkey.db'), 0)
  onTestFinished(() => void db.close())
  db.exec(prepare)
  return db
}

/** Tables with a handful of rows: `o` are the operators; owners open few ways in. `taken`, and `t` while it is built, are the guests who were merged into one guest. */
const small =
  /^SCAN (CONSTANT ROW|16-ROW VALUES CLAUSE|signing_keys|chores|counting|o( USING.*)?$|operator_sessions|operator_invitations|ways_in|taken$|t$)/

/** The steps of a plan that read a table, or an index of one, from end to end. */
function readsThrough(db: Database.Database, { sql, values }: Statement): string[] {
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${inSqlite(sql)}`).all(...values) as { detail: string }[]
  return steps.map(({ detail }) => detail).filter((step) => !small.test(step) && /^SCAN/.test(step))
}

const byVerb = statementsOfVerbs()

test('every statement in the source is checked', () => {
  expect(missedInSource([...byVerb.values()].flat())).toEqual([])
})

describe.each([...byVerb])('%s', (_verb, statements) => {
  test.each(statements.map((one) => [inShort(one), one] as const))(
    'finds its rows by an index: %s',
    (_text, statement) => {
      expect(readsThrough(open(), statement)).toEqual([])
    },
  )
})

test('detects a statement that reads a whole table because an index is missing', () => {
  const [statement] = byVerb.get('listPasskeys')!
  expect(readsThrough(open('DROP INDEX passkeys_of_guest'), statement!)).toEqual(['SCAN passkeys'])
})
