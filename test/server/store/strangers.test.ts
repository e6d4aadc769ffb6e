// A database in which another program has tables named as ours, or in which ours are not whole: refused at once, by name.

import { expect, onTestFinished, test } from 'vitest'
import { guestkey as guestkeyOf } from '../../../server/index.ts'
import { migrations } from '../../../server/store/sql/migrations.ts'
import { takenNames } from '../../../server/store/sql/schema-objects.ts'
import { startApp } from '../../support/app.ts'
import { guestkey } from '../../support/command.ts'
import { lookInto } from '../../support/database.ts'
import { engine, storeWithTables, temporaryDeployment } from '../../support/engine.ts'
import { undoneFrom } from '../../support/older-store.ts'
import { openStore } from '../../support/open-store.ts'
import { textOf } from '../../support/postgres-text.ts'
import { ended, launch, startService } from '../../support/service.ts'
import { aRegistration } from '../../support/store-rows.ts'
import { connectTo, execute, namesOf, tables } from '../../support/tables.ts'
import { statementsOfVerbs } from '../../support/verb-statements.ts'
import { playWholeStory } from '../../support/whole-story.ts'

const onPostgres = test.runIf(engine === 'postgres')
const secret = 'a secret of more than 32 characters'
const production = { GUESTKEY_SECRET: secret }

type Case = [what: string, before: string, message: RegExp]

const strangers: Case[] = [
  ['a table', 'CREATE TABLE sessions (sid TEXT)', /has a table sessions of another program/],
  ['a table that a late step makes', 'CREATE TABLE device_links (a TEXT)', /has a table device_links of/],
  ['a view', 'CREATE VIEW audit AS SELECT 1 AS one', /has a view audit of another program/],
  [
    'a table of steps',
    'CREATE TABLE schema_steps (name TEXT)',
    /has a table schema_steps of another program/,
  ],
  ['an index', 'CREATE TABLE t (a TEXT); CREATE INDEX guests_due ON t (a)', /has an index guests_due of/],
]
const onlyPostgres: Case[] = [
  ['a sequence', 'CREATE SEQUENCE limits', /has a sequence limits of another program/],
  ['a type', "CREATE TYPE codes AS ENUM ('a')", /has a type codes of another program/],
]

test.each([...strangers, ...(engine === 'postgres' ? onlyPostgres : [])])(
  'a database with %s of another program stops the start at once, is named by check, and stays as it is',
  async (_, before, message) => {
    const { store, environment } = await temporaryDeployment()
    await execute(store, before)
    const found = await tables(store)
    const service = launch({ ...environment, ...production })
    expect((await ended(service.child)).code).toBe(1)
    expect(service.said.err).toMatch(message)
    expect(service.said.err).toMatch(/give guestkey a (schema|file) of its own/)
    const check = await guestkey(['check'], { ...environment, ...production })
    expect(check.out).toMatch(new RegExp(`^problem .*${message.source}`, 'm'))
    expect(check.code).toBe(1)
    expect(await tables(store)).toEqual(found)
  },
)

test('an app in such a database hears of it from ready() and from every verb, and its log says it once', async () => {
  const { store } = await temporaryDeployment()
  await execute(store, 'CREATE TABLE sessions (sid TEXT)')
  const said: object[] = []
  const log = () => {}
  const logger = { debug: log, info: log, warn: log, error: (fields: object) => void said.push(fields) }
  const guests = guestkeyOf({ origin: 'http://localhost:1', store, secret, logger })
  onTestFinished(() => guests.close())
  for (let i = 0; i < 3; i++) {
    await expect(guests.ready()).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    await expect(guests.erase('somebody')).rejects.toMatchObject({ code: 'unavailable', status: 503 })
  }
  expect(said).toEqual([{ reason: expect.stringMatching(/has a table sessions of another program/) }])
})

test.each([
  [
    'lacks a column',
    'ALTER TABLE guests DROP COLUMN promoted_at',
    /is damaged: the table guests lacks the column promoted_at/,
  ],
  ['is gone', 'DROP TABLE snoozes', /is damaged: the table snoozes is missing/],
])(
  'a table of ours that %s is found at the start, and is no table of another program',
  async (_, spoil, message) => {
    const store = await storeWithTables()
    await execute(store, spoil)
    const opened = openStore(store)
    onTestFinished(() => opened.close())
    const refused = { status: 503, cause: { message: expect.stringMatching(message) } }
    await expect(opened.ready()).rejects.toMatchObject(refused)
    await expect(opened.registerPasskey(aRegistration())).rejects.toMatchObject(refused)
  },
)

test('the names that are looked for are those of all our tables and indexes', async () => {
  const dropped = ['sessions_by_expiry', 'sessions_to_sweep', 'spent_by_expiry']
  const looked = takenNames.filter((name) => !dropped.includes(name))
  expect(looked.toSorted()).toEqual((await namesOf(await storeWithTables())).toSorted())
})

onPostgres('tables are made all at once or not at all', async () => {
  const { store } = await temporaryDeployment()
  await execute(
    store,
    `CREATE FUNCTION fail() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.device_links')
        THEN RAISE 'no more tables'; END IF;
    END $$;
    CREATE EVENT TRIGGER fail ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION fail()`,
  )
  const opened = openStore(store)
  onTestFinished(() => opened.close())
  await expect(opened.ready()).rejects.toMatchObject({ status: 503 })
  expect(await tables(store)).toEqual({})
  await execute(store, 'DROP EVENT TRIGGER fail')
  await opened.ready()
})

onPostgres('with a schema of its own, a deployment works beside tables of the same names', async () => {
  const { store, environment } = await temporaryDeployment()
  await execute(
    store,
    'CREATE TABLE sessions (sid TEXT); CREATE TABLE guests (name TEXT); CREATE VIEW audit AS SELECT 1',
  )
  const found = await tables(store)
  // A reserved word, so that it must be quoted.
  onTestFinished(() => execute(store, 'DROP SCHEMA "order" CASCADE'))
  const app = await startApp({ store, postgres: { schema: 'order' } })
  await playWholeStory({ browser: app.browser, device: () => app.device({ synced: true }) })
  await app.guests.runChores()
  await app.close()
  expect(await tables(store)).toEqual(found)

  const withOptions = { ...environment, ...production, GUESTKEY_OPTIONS: '{"postgres":{"schema":"order"}}' }
  const check = await guestkey(['check'], withOptions)
  expect(check.out).toMatch(/^ok {7}store: its tables are those of this version$/m)
  const service = await startService(withOptions)
  expect((await service.ask('/readyz')).status).toBe(200)
  expect((await service.browser().addPasskey(service.device())).status).toBe(201)
  expect(await tables(store)).toEqual(found)
})

onPostgres(
  'a store of an older version in a schema of its own gets all tables and indexes there',
  async () => {
    const { store } = await temporaryDeployment()
    const indexes = async () =>
      (
        await lookInto(store).query(
          `SELECT schemaname, tablename, indexname FROM pg_indexes WHERE schemaname IN ('order', 'public') ORDER BY 3`,
        )
      ).rows
    onTestFinished(() => execute(store, 'DROP SCHEMA "order" CASCADE'))
    const options = { store, postgres: { schema: 'order' } }
    await (await startApp(options)).close()
    const found = await indexes()
    const step = migrations.findIndex((all) => all.some((one) => one.includes('INDEX guests_by_label')))
    await execute(store, ['SET search_path TO "order"', ...undoneFrom(step)].join(';'))
    expect(await indexes()).not.toEqual(found)
    await (await startApp(options)).close()
    expect(await indexes()).toEqual(found)
  },
)

onPostgres('every statement names the schema, so that a pooler needs to know no setting', async () => {
  const { store } = await temporaryDeployment()
  onTestFinished(() => execute(store, 'DROP SCHEMA guestkey CASCADE'))
  const app = await startApp({ store, postgres: { schema: 'guestkey' } })
  await app.close()
  const db = await connectTo(store)
  await db.query("SET search_path TO ''")
  for (const statement of [...statementsOfVerbs().values()].flat()) {
    await db.query(`PREPARE statement AS ${await textOf(statement, 'guestkey')}`)
    await db.query('DEALLOCATE statement')
  }
})

onPostgres(
  'an account that may make no tables is told what it needs, by the start and by check',
  async () => {
    const { store, environment } = await temporaryDeployment()
    const role = `limited_${process.pid}`
    const admin = lookInto(store)
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    onTestFinished(async () => {
      await admin.query(`DROP OWNED BY ${role}`)
      await admin.query(`DROP ROLE ${role}`)
    })
    const url = new URL(store)
    url.username = role
    url.password = 'x'
    const limited = { ...environment, ...production, DATABASE_URL: url.href }
    await admin.query(`GRANT USAGE ON SCHEMA public TO ${role}`)
    const message = /create tables in .*(permission denied for schema public|grant it CREATE)/
    const service = launch(limited)
    expect((await ended(service.child)).code).toBe(1)
    expect(service.said.err).toMatch(message)
    const check = await guestkey(['check'], limited)
    expect(check.out).toMatch(/^problem {2}store: this account may not create tables in the schema public/m)

    await admin.query(`CREATE SCHEMA guests_only AUTHORIZATION ${role}`)
    const own = { ...limited, GUESTKEY_OPTIONS: '{"postgres":{"schema":"guests_only"}}' }
    const may = (await guestkey(['check'], own)).out
    expect(may).toMatch(/^ok {7}store: the database has no guestkey tables; the first start creates them$/m)
    expect(may).not.toContain('may not create')
    expect((await (await startService(own)).ask('/readyz')).status).toBe(200)
    expect(await tables(store)).toEqual({})
  },
)

test.each(['', 'pg_guests', 'Guests', 'a b', 'x"; DROP TABLE guests; --', 'x'.repeat(64)])(
  'refuses %j as the name of a schema',
  (schema) => {
    const options = {
      origin: 'http://localhost:1',
      store: 'postgres://localhost/db',
      secret,
      postgres: { schema },
    }
    expect(() => guestkeyOf(options)).toThrow(/schema/)
  },
)
