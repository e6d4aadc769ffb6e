// Long faults of PostgreSQL under load: restarts, crashes, a failover, hangs. No acknowledged write is lost or doubled,
// nobody is signed out, and nothing needs a restart.

import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { askToRegister, sendRegistration } from '../support/ceremonies.ts'
import { ask, createDatabase, endBackends, isReady, startCluster, until } from '../support/cluster.ts'
import { temporaryFolder } from '../support/engine.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { startStandby } from '../support/standby.ts'
import { expectUnavailable, keptGuest, underLoad } from '../support/under-load.ts'
import { startWire } from '../support/wire.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const statusOf = async (asked: Promise<{ status: number }>) => (await asked).status

test('keeps every promise when all backends are ended again and again', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database })
  let ended = 0
  await underLoad(cluster, database, async () => {
    for (let time = 0; time < 20; time++) {
      ended += await endBackends(database)
      await setTimeout(50)
    }
  })
  expect(ended).toBeGreaterThan(40)
})

test('keeps every promise when the server restarts, and when it crashes and starts again', async () => {
  const dataFolder = temporaryFolder()
  let own = await startPostgres({ dataFolder })
  onTestFinished(() => own.stop())
  const { port } = own
  const database = await createDatabase(own.url)
  const cluster = await startCluster({ database })
  const again = (signal: NodeJS.Signals) => async () => {
    await own.stop(signal)
    await Promise.all(cluster.nodes.map((node) => until(async () => !(await isReady(node)))))
    own = await startPostgres({ dataFolder, port })
  }
  await underLoad(cluster, database, again('SIGINT'), again('SIGQUIT'))
})

test('keeps every promise when the primary is killed and a standby is promoted', async () => {
  const primary = await startPostgres()
  onTestFinished(() => primary.stop())
  const address = await startWire(primary.port)
  const database = address.through(await createDatabase(primary.url))
  const standby = await startStandby(primary)
  const cluster = await startCluster({ database })
  const [node] = cluster.nodes
  await underLoad(cluster, database, async () => {
    const { browser, signedOut, sub } = await keptGuest(cluster, node!)
    await primary.stop('SIGQUIT')
    address.leadTo(standby.port)
    // The standby would answer before its promotion, but its rows may be old.
    expect(await ask(database, `SELECT 1 FROM guests WHERE anonymous_id = '${sub}'`)).toHaveLength(1)
    for (const one of [browser, signedOut]) expectUnavailable(await one.get('/guest/userinfo'))
    for (const one of cluster.nodes) expect(await isReady(one)).toBe(false)
    await ask(standby.url, 'SELECT pg_promote()')
    await until(() => isReady(node!))
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
    expect(await statusOf(signedOut.get('/guest/userinfo'))).toBe(401)
    await ask(database, `DELETE FROM guests WHERE anonymous_id = '${sub}'`)
  })
})

test('a write that no standby has received is not acknowledged', async () => {
  const primary = await startPostgres()
  onTestFinished(() => primary.stop())
  const [address, between] = [await startWire(primary.port), await startWire(primary.port)]
  const database = address.through(await createDatabase(primary.url))
  const standby = await startStandby(primary, between.port)
  const cluster = await startCluster({ database })
  const [one] = cluster.nodes
  const browser = cluster.at(one!)
  const proof = await cluster.device().create(await askToRegister(browser))
  between.hold()
  const registered = sendRegistration(browser, proof)
  // The write is in the primary and waits for the standby. Once its backend is ended, others see it, but it can still
  // be lost with the primary.
  const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
  await until(async () => (await ask(primary.url, waiting)).length > 0)
  await endBackends(database)
  await until(async () => (await ask(database, 'SELECT 1 FROM guests')).length > 0)
  expectUnavailable(await registered)
  await primary.stop('SIGQUIT')
  address.leadTo(standby.port)
  await ask(standby.url, 'SELECT pg_promote()')
  await until(() => isReady(one!))
  expect(await statusOf(sendRegistration(browser, proof))).toBe(201)
})

test('while commits wait for a standby that is gone, a node is not ready, and a repeated request finds what was written', async () => {
  const primary = await startPostgres()
  onTestFinished(() => primary.stop())
  const between = await startWire(primary.port)
  const database = await createDatabase(primary.url)
  await startStandby(primary, between.port)
  const cluster = await startCluster({ database })
  const [one] = cluster.nodes
  const { browser, sub } = await keptGuest(cluster, one!)
  const visitor = cluster.at(one!)
  await visitor.signIn()
  const proof = await cluster.device().create(await askToRegister(visitor))
  between.hold()
  expectUnavailable(await sendRegistration(visitor, proof))
  await until(async () => !(await isReady(one!)))
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
  between.release()
  await until(() => isReady(one!))
  const repeated = await sendRegistration(visitor, proof)
  expect([repeated.status, repeated.body.passkey?.id], repeated.text).toEqual([200, proof.id])
})

test('no request fails while a newer version changes the tables', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database })
  const changed = ['guests', 'passkeys', 'sessions'].map((name) => async () => {
    await ask(database, `ALTER TABLE ${name} ADD COLUMN added_later TEXT`)
  })
  const { ledger } = await underLoad(cluster, database, ...changed)
  expect(ledger.answers[503]).toBeUndefined()
})

test('answers 503 while the database hangs, and recovers when it goes on', async () => {
  const own = await startPostgres()
  onTestFinished(() => own.stop())
  const database = await createDatabase(own.url)
  const cluster = await startCluster({ database })
  const { ledger, seen } = await underLoad(cluster, database, async ({ answers }) => {
    const rows = await ask<{ pid: number }>(own.url, 'SELECT pid FROM pg_stat_activity')
    const all = [own.pid, ...rows.map(({ pid }) => pid)]
    const signal = (name: NodeJS.Signals) => {
      for (const pid of all) tryToSignal(pid, name)
    }
    signal('SIGSTOP')
    onTestFinished(() => signal('SIGCONT'))
    await Promise.all(cluster.nodes.map((node) => until(async () => !(await isReady(node)))))
    await until(() => (answers[503] ?? 0) > 0)
    signal('SIGCONT')
  })
  expect(ledger.slowest).toBeLessThan(20_000)
  // A node that asked the database to show that it is alive would wait at least 5 seconds.
  for (const { slowestAlive } of seen) expect(slowestAlive).toBeLessThan(4_000)
})

function tryToSignal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // The process has ended.
  }
}
