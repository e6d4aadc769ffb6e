// Dumps a whole database as SQL, with schema and rows, and loads it again.

import Database from 'better-sqlite3'
import pg from 'pg'

/** Guests come first, because other rows refer to them. */
const inOrder = (names: string[]) => ['guests', ...names.filter((name) => name !== 'guests').toSorted()]

type Row = Record<string, unknown>

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`
}

/** One statement for all rows of a table, with a line for each row. */
function inserts(table: string, rows: Row[]): string[] {
  if (rows.length === 0) return []
  const lines = rows.map((row) => `(${Object.values(row).map(literal).join(',')})`).toSorted()
  return [`INSERT INTO ${table} (${Object.keys(rows[0]!).join(', ')}) VALUES\n${lines.join(',\n')};`]
}

/** Dumps a SQLite file. */
export function dumpSqlite(file: string): string {
  const db = new Database(file, { readonly: true })
  try {
    const schema = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'index', rowid"
    const made = db.prepare(schema).pluck().all() as string[]
    const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
    const rows = inOrder(names).flatMap((name) =>
      inserts(name, db.prepare(`SELECT * FROM ${name}`).all() as Row[]),
    )
    return `${[...made.map((sql) => `${sql};`), ...rows].join('\n')}\n`
  } finally {
    db.close()
  }
}

const postgresSchema = `SELECT * FROM (
  SELECT 1 AS part, c.relname AS name, 'CREATE TABLE ' || c.relname || ' (' || string_agg(
      a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ||
      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END ||
      COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''), ', ' ORDER BY a.attnum) || ')' AS sql
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname
  UNION ALL SELECT CASE contype WHEN 'f' THEN 3 ELSE 2 END, conname,
      'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'c', 'f')
  UNION ALL SELECT 4, indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ' public.', ' ')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid AND contype <> 'f')
  UNION ALL SELECT 5, proname::text, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 6, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  ) parts ORDER BY part, name COLLATE "C"`

/** Dumps a PostgreSQL database. */
export async function dumpPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const made = (await client.query(postgresSchema)).rows as { part: number; name: string; sql: string }[]
    const names = made.filter(({ part }) => part === 1).map(({ name }) => name)
    const lines = made.map(({ sql }) => `${sql};`)
    for (const name of inOrder(names))
      lines.push(...inserts(name, (await client.query(`SELECT * FROM ${name}`)).rows))
    return `${lines.join('\n')}\n`
  } finally {
    await client.end()
  }
}

/**
 * The rows of a dump without its tables: what a node of that version writes to the tables of a newer one. Who runs which job
 * is left out, and which steps were done.
 */
export const rowsIn = (sql: string): string =>
  sql
    .split(/^(?=INSERT INTO )/m)
    .slice(1)
    .filter((statement) => !/^INSERT INTO (schema_steps|chores) /.test(statement))
    .join('')

/** Loads a dump into an empty store, or rows into one with tables. */
export async function load(store: string, sql: string): Promise<void> {
  if (store.includes('://')) {
    const client = new pg.Client({ connectionString: store })
    await client.connect()
    await client.query(sql).finally(() => client.end())
    return
  }
  const db = new Database(store)
  try {
    db.exec(`BEGIN;${sql}COMMIT;`)
  } finally {
    db.close()
  }
}
