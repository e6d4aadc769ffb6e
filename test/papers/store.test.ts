// server/store/README.md: its tables have each table and column that the migrations make.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFile } from '../../server/store/sqlite/file.ts'
import { temporaryFolder } from '../support/engine.ts'
import { rowsIn, section } from '../support/pages.ts'

const page = 'server/store/README.md'
const sections = [
  'About a guest',
  'About a regular user',
  'What happened, and what was sent',
  'Merges and device links',
  'About nobody',
  'About operators',
]

test('the page has each table and column of a new store, and no other', () => {
  const db = openFile(join(temporaryFolder(), 'guestkey.db'), 0)
  const columns = db
    .prepare(
      `SELECT tables.name || '.' || columns.name FROM sqlite_master tables, pragma_table_info(tables.name) columns
      WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'`,
    )
    .pluck()
    .all() as string[]
  db.close()
  const rows = sections.flatMap((title) => rowsIn(section(page, title)))
  const named = rows.map(([table, column]) => `${table}.${column}`.replaceAll('`', ''))
  expect(named.toSorted()).toEqual(columns.toSorted())
  expect(rows.filter(([, , holds]) => !holds)).toEqual([])
})
