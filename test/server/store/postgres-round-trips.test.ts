// How much the routes ask of PostgreSQL once the service is warm: statements, round trips and transactions.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Response } from 'supertest'
import { expect, onTestFinished, test } from 'vitest'
import { openPostgres } from '../../../server/store/postgres/driver.ts'
import { startApp } from '../../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  keptGuest,
  sendAssertion,
  sendRegistration,
} from '../../support/ceremonies.ts'
import { databaseWithTables } from '../../support/database.ts'
import { eventually } from '../../support/eventually.ts'
import { countRoundTrips } from '../../support/round-trips.ts'
import { aGuest, aSession } from '../../support/store-rows.ts'

const nothing = { statements: [], roundTrips: 0, transactions: 0 }

/** An app that has done all this once, so that it is connected and its statements are prepared. */
async function warmApp() {
  const counter = await countRoundTrips(await databaseWithTables())
  onTestFinished(counter.close)
  const app = await startApp({ store: counter.url, secret: randomBytes(32).toString('base64') })
  const { browser, device } = await keptGuest(app)
  // Several at once, because what the node asks by itself must not make a request open another connection.
  await Promise.all(Array.from({ length: 4 }, () => browser.get('/guest/userinfo')))
  await app.browser().signInWithPasskey(device)
  /** Counts what a request asks of the database, and expects this status. */
  const count = (request: () => Promise<Response>, status = 200) =>
    counter.during(async () => {
      const answer = await request()
      expect(answer.status, answer.text).toBe(status)
    })
  return { app, count }
}

test('an anonymous sign-in sends nothing to the database', async () => {
  const { app, count } = await warmApp()
  expect(await count(() => app.browser().post('/guest/sign-in'))).toEqual(nothing)
})

test('userinfo of a stored session takes one statement in one round trip', async () => {
  const { app, count } = await warmApp()
  const { browser } = await keptGuest(app)
  const { statements, roundTrips } = await count(() => browser.get('/guest/userinfo'))
  expect(statements).toHaveLength(1)
  expect(roundTrips).toBe(1)
})

test('sessions that are asked for in one turn of the event loop are read by one statement', async () => {
  const counter = await countRoundTrips(await databaseWithTables())
  onTestFinished(counter.close)
  const store = openPostgres(counter.url)
  onTestFinished(() => store.close())
  await store.ready()
  const keys = Array.from({ length: 16 }, () => aSession(aGuest()))
  const { statements, roundTrips } = await counter.during(() =>
    Promise.all(keys.map((key) => store.findSession(key))),
  )
  expect(statements).toHaveLength(1)
  expect(roundTrips).toBe(1)
})

test('userinfo of a sealed session sends nothing, once the node knows the session', async () => {
  const { app, count } = await warmApp()
  const browser = app.browser()
  await browser.signIn()
  // The node knows the session once it asked, and trusts that while its looks come in time. On a busy machine they may
  // be late, so this tries again.
  await eventually(async () => expect(await count(() => browser.get('/guest/userinfo'))).toEqual(nothing))
})

test('the options of a passkey sign-in send nothing', async () => {
  const { app, count } = await warmApp()
  expect(await count(() => app.browser().post('/guest/passkeys/authenticate/options'))).toEqual(nothing)
})

test('a passkey sign-in is one transaction in at most three round trips, with the read of its passkey', async () => {
  const { app, count } = await warmApp()
  const { device } = await keptGuest(app)
  const browser = app.browser()
  const proof = await device.get(await askToSignIn(browser))
  const { roundTrips, transactions } = await count(() => sendAssertion(browser, proof))
  expect(transactions).toBe(1)
  expect(roundTrips).toBeLessThanOrEqual(3)
})

test('a passkey sign-in that replaces a session takes at most four round trips, because it reads that session', async () => {
  const { app, count } = await warmApp()
  const { browser, device } = await keptGuest(app)
  const proof = await device.get(await askToSignIn(browser))
  const { roundTrips, transactions } = await count(() => sendAssertion(browser, proof))
  expect(transactions).toBe(1)
  expect(roundTrips).toBeLessThanOrEqual(4)
})

test('a first passkey is one transaction in at most three round trips, with the read of its session', async () => {
  const { app, count } = await warmApp()
  const browser = app.browser()
  await browser.signIn()
  const proof = await app.device().create(await askToRegister(browser))
  const { roundTrips, transactions } = await count(() => sendRegistration(browser, proof), 201)
  expect(transactions).toBe(1)
  expect(roundTrips).toBeLessThanOrEqual(3)
})

test('the counter tells statements that wait from those sent together', async () => {
  const counter = await countRoundTrips(await databaseWithTables())
  onTestFinished(counter.close)
  const pool = new pg.Pool({ connectionString: counter.url, pipeline: true })
  onTestFinished(() => pool.end())
  const client = await pool.connect()
  onTestFinished(() => client.release())
  const together = ['BEGIN', 'SELECT 1', 'COMMIT']
  expect(await counter.during(() => Promise.all(together.map((text) => client.query(text))))).toEqual({
    ...{ statements: together, roundTrips: 1, transactions: 1 },
  })
  const waiting = await counter.during(async () => {
    await client.query('SELECT 1')
    await client.query('SELECT $1', ['2'])
    await Promise.all([
      client.query('SELECT 3'),
      client.query({ text: 'SELECT $1', name: 'four', values: [4] }),
    ])
  })
  expect(waiting).toEqual({
    ...{ statements: ['SELECT 1', 'SELECT $1', 'SELECT 3', 'SELECT $1'], roundTrips: 3, transactions: 0 },
  })
})
