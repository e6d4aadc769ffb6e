// What the use of a session says about when it ends, and when its guest is forgotten.

import { expect, test } from 'vitest'
import { keptGuest } from '../../../support/ceremonies.ts'
import { eventually } from '../../../support/eventually.ts'
import { rowsOf } from '../../../support/merging.ts'
import { promotedUser, startPromotingApp } from '../../../support/promotion.ts'
import { startTokenApp } from '../../../support/tokens.ts'

test('the use of a regular user’s session, written or not, leaves the user remembered for ever', async () => {
  const promoting = await startPromotingApp()
  const { browser } = await promotedUser(promoting, 'ada@example.org')
  for (const seconds of [1, 600, 600]) {
    promoting.app.clock.forward(seconds)
    const { status, body } = await browser.get('/guest/userinfo')
    expect([status, body.expires_at]).toEqual([200, null])
  }
})

test('the use of a browser’s stored session extends it by sessionIdleSeconds, however long a client’s may be', async () => {
  const clients = [{ id: 'spa', refreshIdleSeconds: 50_000 }]
  const app = await startTokenApp({ sessionIdleSeconds: 10_000, clients })
  const { browser } = await keptGuest(app)
  app.clock.forward(5000)
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
  const expires_at = Math.floor(app.clock.now() / 1000) + 10_000
  await eventually(async () => expect(await rowsOf(app, 'sessions')).toMatchObject([{ expires_at }]))
})
