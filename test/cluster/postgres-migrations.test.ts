// A migration while other nodes serve guests: it holds nobody up for long, and waits for nobody at their cost.

import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { migrations } from '../../server/store/sql/migrations.ts'
import { ask, connection, isReady, until } from '../support/cluster.ts'
import { temporaryDeployment } from '../support/engine.ts'
import { startService } from '../support/service.ts'

/** A database of an older version: only these steps were done, and it has guests. */
async function olderStore(steps: number, guests: number) {
  const { store, environment } = await temporaryDeployment()
  const done = migrations.slice(0, steps)
  await ask(
    store,
    `CREATE TABLE schema_steps (step INTEGER PRIMARY KEY);
    ${done.flatMap((step, i) => [...step, `INSERT INTO schema_steps VALUES (${i})`]).join(';')};
    INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at)
      SELECT lpad(n::text, 22, '0'), 'handle', 'amber-fox-' || n, 'users', 1700000000 + n FROM generate_series(1, ${guests}) n`,
  )
  return { store, environment }
}

/** What an older node does to a guest, which may take as long as a statement of it. */
const renameAsOlderNode = (store: string, n: number) =>
  ask(
    store,
    `SET statement_timeout = '3s'; UPDATE guests SET label = 'renamed' WHERE anonymous_id = lpad('${n}', 22, '0')`,
  )

const steps = async (store: string) =>
  (await ask<{ step: number }>(store, 'SELECT step FROM schema_steps')).length

test('a step that changes every guest locks a thousand of them at a time, and goes on where it was', async () => {
  const { store, environment } = await olderStore(4, 3500)
  const other = await connection(store)
  await other.query("BEGIN; UPDATE guests SET label = 'x' WHERE anonymous_id = lpad('3500', 22, '0')")
  const node = await startService(environment)
  const changed = async () =>
    (await ask(store, 'SELECT 1 FROM guests WHERE last_seen_at = created_at')).length
  await until(async () => (await changed()) === 3000)
  expect(await isReady(node)).toBe(false)
  for (const n of [1, 1000, 2999]) await renameAsOlderNode(store, n)
  await other.query('COMMIT')
  await until(() => isReady(node))
  expect(await changed()).toBe(3500)
  expect(await steps(store)).toBe(migrations.length)
})

test('a step that waits for a lock, as that of pg_dump, holds nobody up who reads the table', async () => {
  const lastChange = migrations.findLastIndex((step) => step.some((text) => text.startsWith('ALTER TABLE')))
  const { store, environment } = await olderStore(lastChange, 1)
  const dump = await connection(store)
  const tables = "SELECT string_agg(tablename, ', ') AS names FROM pg_tables WHERE schemaname = 'public'"
  const [row] = await ask<{ names: string }>(store, tables)
  await dump.query(`BEGIN; LOCK TABLE ${row!.names} IN ACCESS SHARE MODE`)
  const node = await startService(environment)
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  for (let i = 0; i < 3; i++) {
    await until(async () => (await ask(store, waiting)).length > 0)
    for (const name of row!.names.split(', '))
      await ask(store, `SET statement_timeout = '4s'; SELECT 1 FROM ${name} LIMIT 1`)
  }
  expect(await isReady(node)).toBe(false)
  await dump.query('COMMIT')
  await until(() => isReady(node))
  expect(await steps(store)).toBe(migrations.length)
})

describe('a step that makes nothing but indexes', () => {
  const step = migrations.findIndex((statements) => statements.some((one) => one.includes('guests_by_label')))
  const indexes = async (store: string) =>
    ask<{ name: string; valid: boolean }>(
      store,
      `SELECT c.relname AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'`,
    )
  const building = async (store: string) =>
    (await indexes(store)).filter(({ name }) => name.endsWith('_building'))

  async function expectAllDone(store: string): Promise<void> {
    expect(await steps(store)).toBe(migrations.length)
    const found = await indexes(store)
    expect(found.filter(({ name, valid }) => !valid || name.endsWith('_building'))).toEqual([])
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['guests_by_label', 'guests_disabled', 'sessions_by_bucket']),
    )
    expect(found.map(({ name }) => name)).not.toContain('sessions_to_sweep')
  }

  test('lets others write while the indexes are built, and several nodes build each of them once', async () => {
    const { store, environment } = await olderStore(step, 100)
    const other = await connection(store)
    await other.query("BEGIN; UPDATE guests SET label = 'x' WHERE anonymous_id = lpad('100', 22, '0')")
    const nodes = await Promise.all([1, 2, 3].map(() => startService(environment)))
    await until(async () => (await building(store)).length > 0)
    // A node that waited for the whole table would hold these up for seconds.
    for (let i = 0; i < 40; i++) {
      await ask(
        store,
        `SET statement_timeout = '1s'; UPDATE guests SET label = 'renamed' WHERE anonymous_id = lpad('${i + 1}', 22, '0')`,
      )
      await setTimeout(100)
    }
    expect(await steps(store)).toBe(step)
    await other.query('COMMIT')
    for (const node of nodes) await until(() => isReady(node))
    await expectAllDone(store)
  })

  test('builds an index anew whose building was interrupted', async () => {
    const { store, environment } = await olderStore(step, 100)
    const other = await connection(store)
    await other.query("BEGIN; UPDATE guests SET label = 'x' WHERE anonymous_id = lpad('100', 22, '0')")
    const interrupted = await connection(store)
    await interrupted.query("SET statement_timeout = '500ms'")
    await expect(
      interrupted.query('CREATE INDEX CONCURRENTLY guests_by_label_building ON guests (label, anonymous_id)'),
    ).rejects.toThrow(/timeout/)
    await other.query('COMMIT')
    expect(await building(store)).toEqual([{ name: 'guests_by_label_building', valid: false }])
    const nodes = await Promise.all([1, 2].map(() => startService(environment)))
    for (const node of nodes) await until(() => isReady(node))
    await expectAllDone(store)
  })
})
