// Faults between the nodes and PostgreSQL, under load. No acknowledged write is lost or doubled, a request that cannot
// be answered gets 503, nobody is signed out, and nothing needs a restart.

import type { Response } from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askToRegister, askToSignIn, sendAssertion, sendRegistration } from '../support/ceremonies.ts'
import {
  ask,
  createDatabase,
  endBackends,
  isAlive,
  isReady,
  startCluster,
  until,
} from '../support/cluster.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { ended, type Service } from '../support/service.ts'
import { countRows, tables } from '../support/tables.ts'
import { expectUnavailable, keptGuest } from '../support/under-load.ts'
import { startWire } from '../support/wire.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const statusOf = async (asked: Promise<{ status: number }>) => (await asked).status

/** A node that reaches the database through a connection that the test can cut. */
async function nodeOnWire() {
  const wire = await startWire(server.port)
  const direct = await createDatabase(server.url)
  const cluster = await startCluster({ database: wire.through(direct), size: 1 })
  return { wire, direct, cluster, node: cluster.nodes[0]! }
}

test('if the answer to a commit is lost, finds the write by its trace and answers', async () => {
  const { wire, direct, cluster, node } = await nodeOnWire()
  const visitor = cluster.at(node)
  const device = cluster.device()
  const { sub } = await visitor.signIn()
  for (const addIt of [() => visitor.addPasskey(device), () => visitor.addPasskey(cluster.device())]) {
    const cut = wire.cutAt({ done: /^COMMIT/ })
    const added = await addIt()
    await cut
    expect(added.status, added.text).toBe(201)
    expect(added.body.sub).toBe(sub)
  }
  const laptop = cluster.at(node)
  const cut = wire.cutAt({ done: /^COMMIT/ })
  expect(await statusOf(laptop.signInWithPasskey(device))).toBe(200)
  await cut
  for (const browser of [visitor, laptop]) expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
  expect(await countRows(direct)).toMatchObject({ guests: 1, passkeys: 2, sessions: 2 })
})

test('if the answer to a commit is lost and the database is gone, answers 503, and the repetition finds the write', async () => {
  const { wire, direct, cluster, node } = await nodeOnWire()
  const visitor = cluster.at(node)
  const { sub } = await visitor.signIn()
  const proof = await cluster.device().create(await askToRegister(visitor))
  const cut = wire.cutAt({ done: /^COMMIT/ }).then(() => wire.leadTo(undefined))
  expectUnavailable(await sendRegistration(visitor, proof))
  await cut
  expectUnavailable(await sendRegistration(visitor, proof))
  expect(await isReady(node)).toBe(false)
  wire.leadTo(server.port)
  const { status, body } = await sendRegistration(visitor, proof)
  expect([status, body.sub, body.passkey.id]).toEqual([200, sub, proof.id])
  expect(await countRows(direct)).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
})

test('if a commit never arrived, or its verb has no trace, answers 503, and the repetition does it once', async () => {
  const { wire, direct, cluster, node } = await nodeOnWire()
  const visitor = cluster.at(node)
  const device = cluster.device()
  const proof = await device.create(await askToRegister(visitor))
  const fails = async (message: Parameters<typeof wire.cutAt>[0], send: () => Promise<Response>) => {
    const cut = wire.cutAt(message)
    expectUnavailable(await send())
    await cut
  }
  const register = () => sendRegistration(visitor, proof)
  await fails({ asked: /^COMMIT$/ }, register)
  expect(await countRows(direct)).toMatchObject({ guests: 0, passkeys: 0, sessions: 0, spent: 0 })
  expect(await statusOf(register())).toBe(201)

  const laptop = cluster.at(node)
  const assertion = await device.get(await askToSignIn(laptop))
  const signIn = () => sendAssertion(laptop, assertion)
  await fails({ asked: /^COMMIT$/ }, signIn)
  expect(await statusOf(signIn())).toBe(200)
  expect(await countRows(direct)).toMatchObject({ guests: 1, passkeys: 1, sessions: 2, spent: 2 })

  const { body } = await visitor.addPasskey(cluster.device())
  const path = `/guest/passkeys/${body.passkey.id}`
  const rename = () => visitor.patch(path, { name: 'Renamed' })
  await fails({ done: /^COMMIT/ }, rename)
  expect((await rename()).body.name).toBe('Renamed')
  const remove = () => visitor.delete(path)
  await fails({ done: /^COMMIT/ }, remove)
  expect(await statusOf(remove())).toBe(404)
  const signOut = () => laptop.post('/guest/sign-out')
  await fails({ done: /^COMMIT/ }, signOut)
  expect(laptop.token, 'a 503 does not take the session back').toBeDefined()
  expect(await statusOf(signOut())).toBe(401)
  expect(await countRows(direct)).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
})

/** Makes the next `times` inserts of a passkey, or their commits, fail with this SQLSTATE. */
async function failing(
  database: string,
  sqlState: string,
  times: number,
  at: 'insert' | 'commit' = 'insert',
) {
  const when = {
    insert: 'TRIGGER failing BEFORE INSERT ON passkeys',
    commit: 'CONSTRAINT TRIGGER failing AFTER INSERT ON passkeys DEFERRABLE INITIALLY DEFERRED',
  }[at]
  await ask(
    database,
    `DROP TRIGGER IF EXISTS failing ON passkeys;
    CREATE SEQUENCE IF NOT EXISTS tries;
    SELECT setval('tries', 1, false);
    CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') <= ${times} THEN RAISE EXCEPTION 'forced' USING ERRCODE = '${sqlState}'; END IF;
      RETURN NEW;
    END $$;
    CREATE ${when} FOR EACH ROW EXECUTE FUNCTION fail()`,
  )
}

const tries = async (database: string) =>
  Number((await ask<{ last_value: string }>(database, 'SELECT last_value FROM tries'))[0]!.last_value)

test('repeats the whole transaction after 40001, 40P01 and 23505, a limited number of times', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database, size: 1 })
  let guests = 0
  for (const [sqlState, at] of [
    ['40001', 'insert'],
    ['40001', 'commit'],
    ['40P01', 'insert'],
    ['23505', 'insert'],
  ] as const) {
    await failing(database, sqlState, 4, at)
    const visitor = cluster.browser()
    const { sub } = await visitor.signIn()
    const added = await visitor.addPasskey(cluster.device())
    expect([added.status, added.body.sub], added.text).toEqual([201, sub])
    expect(await tries(database)).toBe(5)

    await failing(database, sqlState, 1_000_000, at)
    const start = performance.now()
    expectUnavailable(await visitor.addPasskey(cluster.device()))
    expect(performance.now() - start).toBeLessThan(15_000)
    expect(await tries(database)).toBeLessThanOrEqual(20)
    expect((await visitor.get('/guest/userinfo')).body.sub).toBe(sub)
    guests++
    expect(await countRows(database)).toMatchObject({ guests, passkeys: guests, sessions: guests })
  }
})

test.each(['repeatable read', 'serializable'])(
  'with %s as the default isolation of the database, one of the last two passkeys stays',
  async (isolation) => {
    const database = await createDatabase(server.url)
    const name = new URL(database).pathname.slice(1)
    await ask(database, `ALTER DATABASE ${name} SET default_transaction_isolation = '${isolation}'`)
    const cluster = await startCluster({ database })
    const [one, other] = cluster.nodes as [Service, Service]
    for (let round = 0; round < 20; round++) {
      const { browser } = await keptGuest(cluster, one)
      expect((await browser.addPasskey(cluster.device())).status).toBe(201)
      const { passkeys } = (await browser.get('/guest/passkeys')).body as { passkeys: { id: string }[] }
      const elsewhere = cluster.at(other, browser)
      const answers = await Promise.all([
        browser.delete(`/guest/passkeys/${passkeys[0]!.id}`),
        elsewhere.delete(`/guest/passkeys/${passkeys[1]!.id}`),
      ])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
    }
  },
)

test('a node that is cut off in a transaction holds others up no longer than a statement may take', async () => {
  const { wire, direct, cluster, node } = await nodeOnWire()
  const other = await cluster.start({ DATABASE_URL: direct })
  const { browser, device, sub } = await keptGuest(cluster, node)
  const held = wire.holdAt({ asked: /^COMMIT$/ })
  const cutOff = browser.addPasskey(cluster.device())
  await held
  node.child.kill('SIGSTOP')
  const start = performance.now()
  const back = cluster.at(other)
  const signedIn = await back.signInWithPasskey(device)
  expect(signedIn.body.sub, signedIn.text).toBe(sub)
  const waited = performance.now() - start
  expect(waited).toBeGreaterThan(2_000) // it really had to wait
  expect(waited).toBeLessThan(9_000)
  node.child.kill('SIGCONT')
  wire.release()
  expectUnavailable(await cutOff)
  expect((await back.get('/guest/passkeys')).body.passkeys).toHaveLength(1)
  await until(() => isReady(node))
})

test('a node whose database does not answer stops in less than ten seconds', async () => {
  const { wire, cluster, node } = await nodeOnWire()
  const { browser } = await keptGuest(cluster, node)
  const proof = await cluster.device().create(await askToRegister(browser))
  wire.hold()
  const asked = Promise.allSettled([
    sendRegistration(browser, proof),
    ...Array.from({ length: 20 }, () => cluster.at(node, browser).get('/guest/userinfo')),
  ])
  const end = ended(node.child)
  node.child.kill('SIGTERM')
  const { code, milliseconds } = await end
  expect(milliseconds).toBeLessThan(10_000)
  expect(code).toBe(0)
  for (const outcome of await asked) if (outcome.status === 'fulfilled') expectUnavailable(outcome.value)
})

test('while the database is read-only, reads work and writes answer 503', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database })
  const [node] = cluster.nodes
  const { browser, device, signedOut, sub } = await keptGuest(cluster, node!)
  const { body } = await browser.addPasskey(cluster.device())
  const before = await tables(database)
  const readOnly = (value: 'on' | 'off') =>
    ask(
      server.url,
      `ALTER DATABASE ${new URL(database).pathname.slice(1)} SET default_transaction_read_only = ${value}`,
    )
  await readOnly('on')
  await endBackends(database)
  await Promise.all(cluster.nodes.map((one) => until(async () => !(await isReady(one)))))
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
  expect((await browser.get('/guest/passkeys')).body.passkeys).toHaveLength(2)
  expect(await statusOf(signedOut.get('/guest/userinfo'))).toBe(401)
  expect(await statusOf(cluster.at(node!).post('/guest/sign-in'))).toBe(200)
  const path = `/guest/passkeys/${body.passkey.id}`
  const writes = [
    () => browser.addPasskey(cluster.device()),
    () => cluster.at(node!).addPasskey(cluster.device()),
    () => cluster.at(node!).signInWithPasskey(device),
    () => browser.signInWithPasskey(device, { stepUp: true }),
    () => browser.patch(path, { name: 'x' }),
    () => browser.delete(path),
    () => browser.post('/guest/sign-out'),
    () => browser.post('/guest/sign-out', { everywhere: true }),
  ]
  for (const write of writes) expectUnavailable(await write())
  expect(await tables(database)).toEqual(before)
  expect(await isAlive(node!)).toBe(true)
  // Connections that began while the database was read-only stay read-only, so they must not stay in use.
  const atOnce = (send: () => Promise<Response>) => Promise.all(Array.from({ length: 10 }, send))
  const reads = await atOnce(() => cluster.at(node!, browser).get('/guest/passkeys'))
  for (const { status } of reads) expect(status).toBe(200)
  await readOnly('off')
  await Promise.all(cluster.nodes.map((one) => until(() => isReady(one))))
  const signIn = () => cluster.at(node!).signInWithPasskey(device)
  await until(async () => (await atOnce(signIn)).every(({ status }) => status === 200))
  expect(await statusOf(browser.delete(path))).toBe(204)
})

test('with more requests than connections, some wait, some get 503 in time, and none is lost', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database, environment: { GUESTKEY_POOL_SIZE: '2' } })
  await ask(
    database,
    `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_sleep(0.5); RETURN NEW;
    END $$;
    CREATE TRIGGER slow BEFORE INSERT ON guests FOR EACH ROW EXECUTE FUNCTION dawdle()`,
  )
  const visitors = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const browser = cluster.browser()
      return { browser, proof: await cluster.device().create(await askToRegister(browser)) }
    }),
  )
  const start = performance.now()
  const answers = await Promise.all(visitors.map(({ browser, proof }) => sendRegistration(browser, proof)))
  expect(performance.now() - start).toBeLessThan(15_000)
  const kept = visitors.filter((_, i) => answers[i]!.status === 201)
  for (const answer of answers) if (answer.status !== 201) expectUnavailable(answer)
  expect(kept.length).toBeGreaterThan(4 * 5)
  expect(kept.length).toBeLessThan(60)
  const ids = await ask<{ credential_id: string }>(database, 'SELECT credential_id FROM passkeys')
  expect(ids.map((row) => row.credential_id).toSorted()).toEqual(kept.map(({ proof }) => proof.id).toSorted())
})
