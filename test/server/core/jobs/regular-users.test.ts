// Regular users are never forgotten, even if a node of an older version gave them an expiry.

import { describe, expect, test } from 'vitest'
import { migrations } from '../../../../server/store/sql/migrations.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { guestRow } from '../../../support/guest-rows.ts'
import { undoneFrom } from '../../../support/older-store.ts'
import { loginIdsOf, promotedUser, signInByCode, startPromotingApp } from '../../../support/promotion.ts'
import { execute } from '../../../support/tables.ts'

const day = 24 * 60 * 60
const nothing = { warned: 0, expired: 0, erased: 0 }
const value = 'ada@example.com'

/** The row of a regular user after a node that knows none has moved it to this stage, with an expiry long ago. */
const left = (stage: string) =>
  `UPDATE guests SET stage = '${stage}', expires_at = 1, due_at = 1 WHERE promoted_at IS NOT NULL;`
const sessions =
  'sessions WHERE anonymous_id IN (SELECT anonymous_id FROM guests WHERE promoted_at IS NOT NULL)'
const leftAs = {
  active: left('active'),
  warned: left('warned'),
  expired: `${left('expired')} DELETE FROM ${sessions}`,
  merged: `${left('merged')} ${`UPDATE ${sessions}`.replace(' WHERE', " SET id = 'merged:' || id WHERE")}`,
}
const eachStage = Object.entries(leftAs)

const settled = { stage: 'active', expires_at: null, due_at: null }

/** Runs the clean-up for more than six years, and expects that it does nothing. */
async function sweepForYears(app: TestApp) {
  for (let i = 0; i < 6; i++) {
    expect(await app.guests.sweep({ dryRun: true })).toEqual(nothing)
    expect(await app.guests.sweep()).toEqual(nothing)
    app.clock.forward(400 * day)
  }
}

const secret = 'a secret of more than 32 characters'

describe('a regular user whom an older node', () => {
  test.each(eachStage)('left %s is neither warned nor erased, and signs in', async (_stage, statements) => {
    const asked: object[] = []
    const book = await startPromotingApp({ beforeExpire: (guest) => void asked.push(guest) })
    const { app } = book
    const { guest } = await promotedUser(book, value)
    for (const name of ['guest.expiring', 'guest.expired', 'guest.erased'] as const)
      app.guests.on(name, (event) => void asked.push({ name, event }))
    await execute(app.store, statements)
    await sweepForYears(app)
    expect(await guestRow(app, guest.sub)).toMatchObject(settled)
    const back = app.browser()
    expect((await signInByCode(book, back, value)).body).toMatchObject({ sub: guest.sub, isVerified: true })
    expect(await loginIdsOf(back)).toMatchObject([{ value }])
    expect(asked).toEqual([])
  })

  test.each(eachStage)('left %s has no expiry any more after the migration', async (_stage, statements) => {
    const before = await startPromotingApp({ secret })
    const { guest } = await promotedUser(before, value)
    const { sub: other } = await before.app.browser().signIn()
    await before.app.guests.keep(other)
    const promise = await guestRow(before.app, other)
    await before.app.close()
    const { store } = before.app
    await execute(store, statements)
    await execute(
      store,
      `UPDATE guests SET stage = 'active', expires_at = ${promise!.expires_at}, due_at = ${promise!.due_at}
      WHERE promoted_at IS NULL`,
    )
    const step = migrations.findIndex((statements) => /WHERE promoted_at IS NOT NULL/.test(statements.join()))
    await execute(store, undoneFrom(step).join(';'))
    const after = await startApp({ store, secret })
    expect(await guestRow(after, guest.sub)).toMatchObject(settled)
    expect(await guestRow(after, other), 'a guest keeps its promise').toEqual(promise)
  })
})

test('a regular user whom an older node merged into a guest is not erased with that guest', async () => {
  const book = await startPromotingApp()
  const { app } = book
  const { guest } = await promotedUser(book, value)
  const { sub: into } = await app.browser().signIn()
  await app.guests.keep(into)
  await execute(
    app.store,
    `UPDATE guests SET stage = 'merged', merged_into = '${into}', expires_at = 1, due_at = 1
    WHERE anonymous_id = '${guest.sub}';
    INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, status, claimed_until, expires_at)
    VALUES ('a-merge-of-old', '${guest.sub}', '${into}', '', 'users', 'none', 0, 'merged', 0, 9000000000)`,
  )
  expect(await app.guests.erase(into)).toBe(true)
  await app.guests.sweep()
  expect(await guestRow(app, guest.sub)).toMatchObject(settled)
  expect((await signInByCode(book, app.browser(), value)).body.sub).toBe(guest.sub)
})
