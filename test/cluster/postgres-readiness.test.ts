// A node whose PostgreSQL takes no writes says so, goes on reading, and is ready again by itself.

import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ask, createDatabase, endBackends, isReady, startCluster, until } from '../support/cluster.ts'
import { temporaryFolder } from '../support/engine.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import type { Service } from '../support/service.ts'
import { expectUnavailable, keptGuest } from '../support/under-load.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

/** The last reason that the node gave in its log for not being ready. */
const reason = ({ said }: Service): string | undefined =>
  said.out
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    .findLast(({ msg }) => msg === 'not ready')?.reason

/** Makes every insert of a guest fail with this SQLSTATE. Returns the function that ends it. */
async function failGuests(database: string, sqlState: string): Promise<() => Promise<unknown>> {
  await ask(
    database,
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'forced' USING ERRCODE = '${sqlState}';
    END $$;
    CREATE TRIGGER failing BEFORE INSERT ON guests FOR EACH ROW EXECUTE FUNCTION fail()`,
  )
  return () => ask(database, 'DROP TRIGGER failing ON guests')
}

test('when one table takes no rows a node is not ready once a write failed, until that write would succeed', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database, size: 1 })
  const [node] = cluster.nodes as [Service]
  const { browser, sub } = await keptGuest(cluster, node)
  const end = await failGuests(database, '58030') // io_error
  expect(await isReady(node)).toBe(true)
  expectUnavailable(await cluster.browser().addPasskey(cluster.device()))
  for (let i = 0; i < 3; i++) expect(await isReady(node)).toBe(false)
  const { passkeys } = (await browser.get('/guest/passkeys')).body
  const renamed = await browser.patch(`/guest/passkeys/${passkeys[0].id}`, { name: 'Renamed' })
  expect(renamed.status, 'a write to another table').toBe(200)
  expect(await isReady(node)).toBe(false)
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
  await until(() => reason(node) !== undefined)
  expect(reason(node)).toMatch(/^postgres: .*forced; the database server had an error .* look into its log/)
  await end()
  await until(() => isReady(node))
  const trial = "SELECT 1 FROM chores WHERE name = 'try to write'"
  expect(await ask(database, trial)).toHaveLength(1)
  expect(await ask(database, 'SELECT 1 FROM guests'), 'what was tried is undone').toHaveLength(1)
})

test('a node whose database refuses one input, as for a constraint, stays ready', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database, size: 1 })
  const [node] = cluster.nodes as [Service]
  await failGuests(database, '23514')
  expectUnavailable(await cluster.browser().addPasskey(cluster.device()))
  for (let i = 0; i < 3; i++) expect(await isReady(node)).toBe(true)
})

test('a node that starts while the database is read-only reads, and is ready once it can write', async () => {
  const database = await createDatabase(server.url)
  const cluster = await startCluster({ database, size: 1 })
  const { browser, sub } = await keptGuest(cluster, cluster.nodes[0]!)
  const readOnly = (value: 'on' | 'off') =>
    ask(
      server.url,
      `ALTER DATABASE ${new URL(database).pathname.slice(1)} SET default_transaction_read_only = ${value}`,
    )
  await readOnly('on')
  await endBackends(database)
  const late = await cluster.start()
  expect(await isReady(late)).toBe(false)
  expect((await cluster.at(late, browser).get('/guest/userinfo')).body.sub).toBe(sub)
  expect(reason(late)).toMatch(/^postgres: 25006: .* read-only: connect to the primary/)
  await readOnly('off')
  await until(() => isReady(late))
  expect((await cluster.at(late, browser).addPasskey(cluster.device())).status).toBe(201)
})

/** A folder on a disk of its own. Only root can make one. */
function smallDisk(): string {
  const folder = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  const { uid, gid } = statSync(server.dataFolder)
  execFileSync('chown', [`${uid}:${gid}`, folder])
  return folder
}

test.skipIf(process.getuid?.() !== 0)(
  'when the disk of the server is full a node is not ready, reads on, and is ready once there is room',
  async () => {
    const folder = smallDisk()
    await ask(server.url, `CREATE TABLESPACE small LOCATION '${folder}'`)
    const database = await createDatabase(server.url)
    await ask(server.url, `ALTER DATABASE ${new URL(database).pathname.slice(1)} SET TABLESPACE small`)
    const cluster = await startCluster({ database, size: 1 })
    const [node] = cluster.nodes as [Service]
    const { browser, sub } = await keptGuest(cluster, node)
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize))
    const write = async () => (await cluster.browser().addPasskey(cluster.device())).status
    while ((await write()) === 201);
    expect(await isReady(node)).toBe(false)
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
    await until(() => reason(node) !== undefined)
    expect(reason(node)).toMatch(/No space left on device; the disk of the database server is full/)
    rmSync(join(folder, 'filler'))
    await until(() => isReady(node))
    expect(await write()).toBe(201)
  },
)
