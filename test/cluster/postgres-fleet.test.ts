// Nodes of several versions on one PostgreSQL database, as during an upgrade node by node.

import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { otherVersions } from '../../server/store/postgres/fleet.ts'
import { migrations } from '../../server/store/sql/migrations.ts'
import { guestkey } from '../support/command.ts'
import { lookInto } from '../support/database.ts'
import { foldedIn, makeDue, rowOf, startMergingApp } from '../support/merging.ts'

const steps = migrations.length

/** Connects as a node with this name does. Returns the function that ends it. */
async function nodeBeside(url: string, name: string) {
  const client = new pg.Client({ connectionString: url, application_name: name })
  await client.connect()
  let ended: Promise<void> | undefined
  const end = () => {
    ended ??= client.end()
    return ended
  }
  onTestFinished(end)
  return end
}

const isMixed = async (url: string) => {
  const { out } = await guestkey(['check'], { DATABASE_URL: url })
  return out.split('\n').filter((line) => line.includes('fleet: '))
}

test.each([
  ['0.5.0 or older', 'guestkey'],
  [`an older version, with ${steps - 1} steps of the schema`, `guestkey/${steps - 1}`],
  [`a newer version, with ${steps + 1} steps of the schema`, `guestkey/${steps + 1}/public`],
])('beside %s nobody is merged or erased, and check says so, until it is gone', async (version, name) => {
  const { app, merges } = await startMergingApp()
  const end = await nodeBeside(app.store, name)
  const due = await app.browser().signIn()
  await app.guests.keep(due.sub)
  await makeDue(app, due.sub)
  const late = await foldedIn(app)
  expect(late.answer.body.merged).toBeUndefined()
  await app.guests.runChores()
  expect([merges, (await rowOf(app, due))?.stage]).toEqual([[], 'warned'])
  expect(app.logs.filter(({ fields }) => 'versions' in fields).map(({ fields }) => fields)).toEqual([
    { versions: version },
  ])
  expect(await isMixed(app.store)).toEqual([
    expect.stringContaining(`warning  fleet: nodes of other versions use this database now (${version})`),
  ])

  await end()
  await expect.poll(() => isMixed(app.store)).toEqual([])
  app.clock.forward(5 * 60)
  await app.guests.runChores()
  expect(merges.map(({ from }) => from.anonymous_id)).toEqual([late.guest.sub])
  expect(await rowOf(app, due)).toBeUndefined()
})

test('nodes of this version, of other schemas and other programs are no other version', async () => {
  const { app } = await startMergingApp()
  const names = ['guestkey-admin', 'guestkey/1/elsewhere', `guestkey/${steps}`, `guestkey/${steps}/public`]
  for (const name of names) await nodeBeside(app.store, name)
  const late = await foldedIn(app)
  expect(late.answer.body.merged).toBe(true)
  expect(await isMixed(app.store)).toEqual([])
})

test('a database that shows no connections tells of newer steps alone', async () => {
  const { app } = await startMergingApp()
  await app.guests.ready()
  const db = lookInto(app.store)
  const role = `sees_nothing_${process.pid}`
  await db.query(`REVOKE SELECT ON pg_stat_activity FROM PUBLIC; CREATE ROLE ${role} LOGIN;
    GRANT SELECT ON schema_steps TO ${role}`)
  const url = new URL(app.store)
  url.username = role
  const blind = new pg.Client({ connectionString: url.href })
  await blind.connect()
  await expect(blind.query('SELECT * FROM pg_stat_activity')).rejects.toMatchObject({ code: '42501' })
  expect(await otherVersions(blind, undefined)).toEqual([])
  await db.query(`INSERT INTO schema_steps (step) VALUES (${steps})`)
  expect(await otherVersions(blind, undefined)).toEqual([
    `a newer version, with ${steps + 1} steps of the schema`,
  ])
  await blind.end()
  await db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
})

test('nodes with a schema of their own count those in it, and not those before there were schemas', async () => {
  const { app } = await startMergingApp({ postgres: { schema: 'customers_of_the_shop' } })
  await nodeBeside(app.store, 'guestkey')
  await nodeBeside(app.store, `guestkey/${steps - 1}`)
  expect((await foldedIn(app)).answer.body.merged).toBe(true)
  const { rows } = await lookInto(app.store).query(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'guestkey%' ORDER BY name`,
  )
  expect(rows.map(({ name }) => name)).toContain(`guestkey/${steps}/customers_of_the_shop`)
  await nodeBeside(app.store, `guestkey/${steps - 1}/customers_of_the_shop`)
  expect((await foldedIn(app)).answer.body.merged).toBeUndefined()
})
