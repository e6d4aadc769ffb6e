// After a sign-in: which other guest was left, and whether that one is merged, offered, or neither.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import { leftGuest } from '../../../../server/core/sign-in/complete.ts'
import { migrations } from '../../../../server/store/sql/migrations.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { asPrevious, foldedIn, keepings, merges, pass, startMergingApp } from '../../../support/merging.ts'
import { codeBook, promotedUser } from '../../../support/promotion.ts'
import { execute } from '../../../support/tables.ts'

const ctx = {
  now: () => 1000,
  claims: { now: () => 1000 },
  config: { stepUpSeconds: 300, merge: {} },
} as unknown as Context
const session = (more: Partial<Session> = {}) =>
  ({ kind: 'sealed', anonymousId: 'one', recoverability: 'none', promotedAt: null, ...more }) as Session

test('nobody is left if nobody was signed in, or the same guest was', () => {
  const nobody = { previous: undefined, offer: undefined }
  expect(leftGuest(ctx, undefined, 'one')).toEqual(nobody)
  expect(leftGuest(ctx, session(), 'one')).toEqual(nobody)
})

test('another guest who is left may be merged, and a regular user is not', () => {
  const left = leftGuest(ctx, session(), 'two')
  expect(left).toMatchObject({ previous: session(), offer: { row: { fromId: 'one', intoId: 'two' } } })
  const user = session({ kind: 'stored', promotedAt: 5 } as Partial<Session>)
  expect(leftGuest(ctx, user, 'two')).toEqual({ previous: user, offer: undefined })
})

test('a guest who is left for one of another collection is named, and not merged', async () => {
  const { app, merges: told } = await startMergingApp({ collections: { users: {}, staff: {} } })
  const winner = await keptGuest(app)
  const browser = app.browser()
  const { body: guest } = await browser.post('/guest/sign-in', { collection: 'staff' })
  const { body } = await browser.signInWithPasskey(winner.device)
  expect(body.previous).toEqual(asPrevious(guest))
  for (const member of ['ticket', 'merged']) expect(body).not.toHaveProperty(member)
  expect([told, await merges(app)]).toEqual([[], []])
})

test('a regular user who is left is named, and not merged', async () => {
  const book = codeBook()
  const { app, merges: told } = await startMergingApp({ loginIds: { send: book.send } })
  const winner = await keptGuest(app)
  const user = await promotedUser({ app, ...book }, 'ada@example.org')
  const { body } = await user.browser.signInWithPasskey(winner.device)
  expect(body.previous.anonymous_id).toBe(user.guest.sub)
  for (const member of ['ticket', 'merged']) expect(body).not.toHaveProperty(member)
  expect([told, await merges(app)]).toEqual([[], []])
})

test('a merge that is decided waits for the job while a newer version uses the store', async () => {
  const { app, merges: told } = await startMergingApp()
  const winner = await keptGuest(app)
  await execute(app.store, `INSERT INTO schema_steps (step) VALUES (${migrations.length})`)
  const late = await foldedIn(app, undefined, winner)
  expect(late.answer.body).toMatchObject({ previous: asPrevious(late.guest), ticket: expect.any(String) })
  expect(late.answer.body).not.toHaveProperty('merged')
  expect(told).toEqual([])
  await execute(app.store, `DELETE FROM schema_steps WHERE step = ${migrations.length}`)
  await pass(app, 61)
  expect(told).toHaveLength(1)
})

test('a merge that fails is logged, and the guest is signed in', async () => {
  const cause = new Error('the host’s database is away')
  const { app } = await startMergingApp({ merge: { onMerge: () => Promise.reject(cause) } })
  const { answer, guest } = await foldedIn(app, keepings['kept by the host'])
  expect(answer.body).toMatchObject({ previous: asPrevious(guest), ticket: expect.any(String) })
  expect(answer.body).not.toHaveProperty('merged')
  const lines = app.logs.filter(({ message }) => /was not merged at the sign-in/.test(message))
  expect(lines).toMatchObject([{ level: 'warn', fields: { err: { code: 'merge_refused', cause } } }])
})
