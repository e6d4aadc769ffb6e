// How nodes start: the first one creates the tables, once, and a node that fails does not hold the others up.

import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../server/store/sql/migrations.ts'
import { ask, connection, endBackends, isAlive, isReady, startCluster, until } from '../support/cluster.ts'
import { temporaryDeployment, temporaryStore } from '../support/engine.ts'
import { startService } from '../support/service.ts'
import { countRows } from '../support/tables.ts'
import { playWholeStory } from '../support/whole-story.ts'
import { startWire } from '../support/wire.ts'
import { clockAhead } from '../support/wrong-clock.ts'

/** Makes every CREATE INDEX wait. Resolves to the function that releases them. */
async function holdMigrations(database: string): Promise<() => Promise<void>> {
  const db = await connection(database)
  await db.query(
    `CREATE FUNCTION hold() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_advisory_xact_lock_shared(1);
    END $$;
    CREATE EVENT TRIGGER hold ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION hold();
    SELECT pg_advisory_lock(1)`,
  )
  return async () => void (await db.query('SELECT pg_advisory_unlock(1)'))
}

/** Resolves when at least `count` connections of the nodes wait for this kind of event. */
const untilWaiting = (database: string, event: string, count = 1) =>
  until(async () => {
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'guestkey/%' AND wait_event = '${event}'
      AND datname = current_database()`
    return (await ask(database, waiting)).length >= count
  })

/** Expects that every migration step ran once. */
async function expectOneSetOfTables(database: string): Promise<void> {
  expect((await countRows(database)).schema_steps).toBe(migrations.length)
}

test('a node whose clock is wrong says so when it starts, and the others say nothing', async () => {
  const cluster = await startCluster({ database: await temporaryStore() })
  const wrong = await cluster.start(clockAhead(600))
  await until(() => wrong.said.out.includes("this node's clock and the database's are apart"))
  expect(wrong.said.out).toMatch(/"ahead_seconds":(599|600|601),/)
  for (const node of cluster.nodes) expect(node.said.out).not.toContain('clock')
})

test('several nodes that start at once on an empty database create one set of tables, and all serve', async () => {
  for (let round = 0; round < 2; round++) {
    const database = await temporaryStore()
    const cluster = await startCluster({ database, size: 4 })
    await expectOneSetOfTables(database)
    await playWholeStory(cluster)
    for (const node of cluster.nodes) expect(await isReady(node)).toBe(true)
    await Promise.all(cluster.nodes.map((node) => node.stop('SIGKILL')))
  }
})

test('a node that starts during a migration of another node waits for it, and then serves', async () => {
  const { store, environment } = await temporaryDeployment()
  const release = await holdMigrations(store)
  const one = await startService(environment)
  await untilWaiting(store, 'advisory')
  const other = await startService(environment)
  await untilWaiting(store, 'transactionid')
  const asked = [one, other].map((node) =>
    Promise.all([isAlive(node), isReady(node), node.browser().addPasskey(node.device())]),
  )
  for (const [alive, ready, { status }] of await Promise.all(asked)) {
    expect({ alive, ready, status }).toEqual({ alive: true, ready: false, status: 503 })
  }
  await release()
  for (const node of [one, other]) {
    await until(() => isReady(node))
    expect((await node.browser().addPasskey(node.device())).status).toBe(201)
  }
  await expectOneSetOfTables(store)
})

test('an interrupted migration runs again, at its own node and at a node that waits', async () => {
  const { store, environment } = await temporaryDeployment()
  const release = await holdMigrations(store)
  const one = await startService(environment)
  await untilWaiting(store, 'advisory')
  expect(await endBackends(store)).toBe(1)
  const asking = setInterval(() => void isReady(one), 100) // each question makes the node begin again
  onTestFinished(() => clearInterval(asking))
  const other = await startService(environment)
  await untilWaiting(store, 'advisory')
  await untilWaiting(store, 'transactionid')
  expect(await endBackends(store)).toBe(2)
  expect(await isReady(one)).toBe(false)
  await release()
  for (const node of [one, other]) {
    await until(() => isReady(node))
    expect((await node.browser().addPasskey(node.device())).status).toBe(201)
    expect(node.child.exitCode).toBe(null)
  }
  await expectOneSetOfTables(store)
})

test('a node that is cut off in a migration holds no other node up for long', async () => {
  const { store, environment } = await temporaryDeployment()
  const wire = await startWire(Number(new URL(store).port))
  const held = wire.holdAt({ asked: /^CREATE INDEX/ })
  const cutOff = await startService({ ...environment, DATABASE_URL: wire.through(store) })
  await held
  cutOff.child.kill('SIGSTOP')
  const start = performance.now()
  const other = await startService(environment)
  await until(() => isReady(other))
  expect(performance.now() - start).toBeLessThan(15_000)
  await expectOneSetOfTables(store)
  cutOff.child.kill('SIGCONT')
  wire.release()
  await until(() => isReady(cutOff))
  await expectOneSetOfTables(store)
})
