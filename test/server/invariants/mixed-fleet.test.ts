// Nodes of several versions on one store: whoever may not know all ways back of a guest merges and erases nobody.

import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../../server/store/sql/migrations.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import { storeWithTables } from '../../support/engine.ts'
import { day, foldedIn, makeDue, merges, offered, rowOf, startMergingApp } from '../../support/merging.ts'
import { openStore } from '../../support/open-store.ts'
import { refusal } from '../../support/operators.ts'
import { execute, rowsOf } from '../../support/tables.ts'
import { act, approve, open, start } from '../../support/ways-in.ts'

const newerStep = `INSERT INTO schema_steps (step) VALUES (${migrations.length})`
const withoutNewer = `DELETE FROM schema_steps WHERE step = ${migrations.length}`

test('a node beside a newer version neither merges nor erases, says why once, and goes on when it is alone', async () => {
  const { app, merges: told } = await startMergingApp()
  const offer = await offered(app)
  const due = await app.browser().signIn()
  await app.guests.keep(due.sub)
  await makeDue(app, due.sub)
  await execute(app.store, newerStep)

  const late = await foldedIn(app)
  expect(late.answer.body).toMatchObject({ ticket: expect.any(String) })
  expect(late.answer.body.merged).toBeUndefined()
  const refused = await offer.browser.post('/guest/merge', { ticket: offer.ticket })
  expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([
    503,
    'unavailable',
    '60',
  ])
  for (let minutes = 0; minutes < 3; minutes++) {
    app.clock.forward(60)
    await app.guests.runChores()
  }
  expect(told).toEqual([])
  expect((await rowOf(app, due))?.stage).toBe('warned')
  await expect(app.guests.sweep()).rejects.toMatchObject({ code: 'unavailable' })
  expect(await app.guests.sweep({ dryRun: true })).toMatchObject({ expired: 1 })
  const warnings = app.logs.filter(({ level }) => level === 'warn')
  expect(warnings.filter(({ fields }) => 'versions' in fields)).toEqual([
    {
      level: 'warn',
      fields: { versions: `a newer version, with ${migrations.length + 1} steps of the schema` },
      message: expect.stringMatching(
        /^nodes of other versions use the store: no guest is merged or disabled, expires or is erased/,
      ),
    },
  ])
  expect(await merges(app, late.guest)).toMatchObject([{ status: 'pending' }])
  expect(await merges(app, offer.guest)).toMatchObject([{ status: 'offered' }])

  await execute(app.store, withoutNewer)
  app.clock.forward(5 * 60)
  await app.guests.runChores()
  expect(told.map(({ from }) => from.anonymous_id)).toEqual([late.guest.sub])
  expect(await rowOf(app, due)).toBeUndefined()
  expect(app.logs.at(-1)?.message).toBe('all nodes that use the store have one version again')
})

test('a guest who leaves is erased, and the host erases, beside a newer version too', async () => {
  const { app } = await startMergingApp()
  const [leaver, other] = [app.browser(), app.browser()]
  const subs = [(await leaver.signIn()).sub, (await other.signIn()).sub]
  for (const sub of subs) await app.guests.keep(sub)
  await execute(app.store, newerStep)
  expect((await leaver.delete('/guest/account')).status).toBe(204)
  expect(await app.guests.erase(subs[1]!)).toBe(true)
  for (const sub of subs) expect(await rowOf(app, { sub })).toBeUndefined()
})

test('a job that an older version holds is taken over, and not the other way', async () => {
  const name = await storeWithTables()
  const store = openStore(name)
  onTestFinished(() => store.close())
  const take = (again = false) =>
    store.claimJob({ name: 'forget guests', holder: 'this node', now: 1000, until: 1060, again })
  const heldBy = (holder: string) =>
    execute(
      name,
      `DELETE FROM chores; INSERT INTO chores (name, holder, taken_until) VALUES ('forget guests', '${holder}', 2000)`,
    )
  for (const older of ['AAAAAAAAAAAAAAAAAAAAAA', `AAAAAAAAAAAAAAAAAAAAAA/${migrations.length - 1}`]) {
    await heldBy(older) // versions up to 0.5.0 do not say how many steps they know
    expect(await take(), older).toBe(true)
  }
  for (const other of [migrations.length, migrations.length + 1]) {
    await heldBy(`AAAAAAAAAAAAAAAAAAAAAA/${other}`)
    expect(await take(true), `${other} steps`).toBe(false)
  }
})

test('a node that may not erase holds the job past the next minute, so that no older node does it', async () => {
  const { app } = await startMergingApp()
  await app.guests.ready()
  await execute(app.store, newerStep)
  await app.guests.runChores()
  const now = Math.floor(app.clock.now() / 1000)
  const held = (await rowsOf(app.store, 'chores')).map(({ name, taken_until }) => [
    name,
    Number(taken_until) - now,
  ])
  expect(Object.fromEntries(held)).toMatchObject({ 'forget guests': 180, 'resume merges': 180, sweep: 60 })
})

test('a way in is neither opened, nor approved, nor used beside another version, which would not end it at a sign-in', async () => {
  const { app, owner, other } = await start({ owners: 2 })
  const { guest } = await keptGuest(app)
  const code = await open(owner, guest)
  await execute(app.store, newerStep)
  const refused = () => Promise.all([act(owner, guest, 'way-in'), approve(other, guest)])
  expect((await refused()).map(refusal)).toEqual(['503 unavailable', '503 unavailable'])
  await execute(app.store, withoutNewer)
  expect((await approve(other, guest)).status).toBe(204)
  app.clock.forward(day)
  const [browser, device] = [app.browser(), app.device()]
  const { body } = await browser.post('/guest/way-in/options', { code })
  const passkey = await device.create(body)
  await execute(app.store, newerStep)
  expect(refusal(await browser.post('/guest/way-in/options', { code }))).toBe('503 unavailable')
  expect(refusal(await browser.post('/guest/way-in', passkey))).toBe('503 unavailable')
  await execute(app.store, withoutNewer)
  expect((await browser.post('/guest/way-in', passkey)).status).toBe(200)
})
