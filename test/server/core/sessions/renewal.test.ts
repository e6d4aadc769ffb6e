// What the use of a session says about when its guest is forgotten.

import { expect, test } from 'vitest'
import { promotedUser, startPromotingApp } from '../../../support/promotion.ts'

test('the use of a regular user’s session, written or not, leaves the user remembered for ever', async () => {
  const promoting = await startPromotingApp()
  const { browser } = await promotedUser(promoting, 'ada@example.org')
  for (const seconds of [1, 600, 600]) {
    promoting.app.clock.forward(seconds)
    const { status, body } = await browser.get('/guest/userinfo')
    expect([status, body.expires_at]).toEqual([200, null])
  }
})
