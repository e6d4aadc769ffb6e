// The source of a move: reads the tables of the SQLite store from its own schema, and their rows.

import type Database from 'better-sqlite3'

/** Tables that are not moved: they belong to this database and hold nothing about guests. */
const bookkeeping = ['schema_steps', 'chores']

export type Table = {
  name: string
  columns: string[]
  /** The columns of its primary key. */
  key: string[]
  rows: number
}

/** A value as text, in the form that both engines share: texts as they are, numbers in digits. */
export type TextValue = string | null
export type TextRow = TextValue[]

/** PostgreSQL cannot store U+0000 in a text, but the name of a passkey may contain it. */
const withoutNul = (value: TextValue): TextValue =>
  value?.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value

/** The tables to move. Each comes after the tables that its foreign keys refer to. */
export function tablesOf(db: Database.Database): Table[] {
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()
  const left = (names as string[]).filter((name) => !/^sqlite_/.test(name) && !bookkeeping.includes(name))
  const ordered: string[] = []
  while (left.length > 0) {
    const next = left.findIndex((name) => parentsOf(db, name).every((parent) => ordered.includes(parent)))
    if (next < 0) throw new Error(`The foreign keys of ${left.join(', ')} go round in a circle.`)
    ordered.push(...left.splice(next, 1))
  }
  return ordered.map((name) => describe(db, name))
}

function parentsOf(db: Database.Database, name: string): string[] {
  return (db.pragma(`foreign_key_list("${name}")`) as { table: string }[]).map(({ table }) => table)
}

function describe(db: Database.Database, name: string): Table {
  const columns = db.pragma(`table_info("${name}")`) as { name: string; pk: number }[]
  const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk)
  if (key.length === 0) throw new Error(`The table ${name} has no primary key.`)
  return {
    name,
    columns: columns.map((column) => column.name),
    key: key.map((column) => column.name),
    rows: db.prepare(`SELECT COUNT(*) FROM "${name}"`).pluck().get() as number,
  }
}

const asTexts = ({ columns }: Table) => columns.map((column) => `CAST("${column}" AS TEXT)`).join(', ')

/** All rows in pages of at most `size`, each row with its rowid in front. */
export function* pagesOf(
  db: Database.Database,
  table: Table,
  size: number,
): Generator<[number, ...TextRow][]> {
  const page = db
    .prepare<[number, number], [number, ...TextRow]>(
      `SELECT rowid, ${asTexts(table)} FROM "${table.name}" WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .raw()
  for (let last = 0; ; ) {
    const rows = page.all(last, size)
    if (rows.length === 0) return
    last = rows.at(-1)![0]
    yield rows.map(([rowid, ...row]) => [rowid, ...row.map(withoutNul)])
  }
}

/** Returns a function that finds a row by its key: the row with its rowid in front, or undefined. */
export function finderOf(
  db: Database.Database,
  table: Table,
): (key: TextRow) => [number, ...TextRow] | undefined {
  const where = table.key.map((column) => `"${column}" = ?`).join(' AND ')
  const find = db
    .prepare<TextRow, [number, ...TextRow]>(
      `SELECT rowid, ${asTexts(table)} FROM "${table.name}" WHERE ${where}`,
    )
    .raw()
  return (key) => {
    const found = find.get(...key)
    return found && [found[0], ...(found.slice(1) as TextRow).map(withoutNul)]
  }
}
