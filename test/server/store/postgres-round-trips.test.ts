// How much the doors ask of PostgreSQL once the service is warm: statements, round trips, transactions.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Response } from 'supertest'
import { expect, onTestFinished, test } from 'vitest'
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

const nothing = { statements: [], roundTrips: 0, transactions: 0 }

/** An app that has done everything once: it is connected, and its statements are prepared. */
async function warmApp() {
  const counter = await countRoundTrips(await databaseWithTables())
  onTestFinished(counter.close)
  const app = await startApp({ store: counter.url, secret: randomBytes(32).toString('base64') })
  const { browser, device } = await keptGuest(app)
  await browser.get('/guest/userinfo')
  await app.browser().signInWithPasskey(device)
  /** What is asked of the database for a request, which is answered with this status. */
  const count = (request: () => Promise<Response>, status = 200) =>
    counter.during(async () => {
      const answer = await request()
      expect(answer.status, answer.text).toBe(status)
    })
  return { app, count }
}

test('signing in anonymously asks nothing', async () => {
  const { app, count } = await warmApp()
  expect(await count(() => app.browser().post('/guest/sign-in'))).toEqual(nothing)
})

test('userinfo of a stored session asks once', async () => {
  const { app, count } = await warmApp()
  const { browser } = await keptGuest(app)
  const { statements, roundTrips } = await count(() => browser.get('/guest/userinfo'))
  expect(statements).toHaveLength(1)
  expect(roundTrips).toBe(1)
})

test('userinfo of a sealed session asks nothing, once it was asked', async () => {
  const { app, count } = await warmApp()
  const browser = app.browser()
  await browser.signIn()
  // Once it was asked, and while the looks for what has ended come in time, as they may not on a busy machine.
  await eventually(async () => expect(await count(() => browser.get('/guest/userinfo'))).toEqual(nothing))
})

test('the options of a passkey sign-in ask nothing', async () => {
  const { app, count } = await warmApp()
  expect(await count(() => app.browser().post('/guest/passkeys/authenticate/options'))).toEqual(nothing)
})

test('a passkey sign-in is one transaction in at most three round trips, the read of its passkey included', async () => {
  const { app, count } = await warmApp()
  const { device } = await keptGuest(app)
  const browser = app.browser()
  const proof = await device.get(await askToSignIn(browser))
  const { roundTrips, transactions } = await count(() => sendAssertion(browser, proof))
  expect(transactions).toBe(1)
  expect(roundTrips).toBeLessThanOrEqual(3)
})

test('one that leaves another session behind is, in at most four, for that session is looked at', async () => {
  const { app, count } = await warmApp()
  const { browser, device } = await keptGuest(app)
  const proof = await device.get(await askToSignIn(browser))
  const { roundTrips, transactions } = await count(() => sendAssertion(browser, proof))
  expect(transactions).toBe(1)
  expect(roundTrips).toBeLessThanOrEqual(4)
})

test('a first passkey is one transaction in at most three round trips, the look at the session included', async () => {
  const { app, count } = await warmApp()
  const browser = app.browser()
  await browser.signIn()
  const proof = await app.device().create(await askToRegister(browser))
  const { roundTrips, transactions } = await count(() => sendRegistration(browser, proof), 201)
  expect(transactions).toBe(1)
  expect(roundTrips).toBeLessThanOrEqual(3)
})

test('the count tells statements that wait from such that do not', async () => {
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
