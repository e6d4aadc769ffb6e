// Step-up: which proof of a passkey is recent enough.

import { expect, test } from 'vitest'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import { acrOf, amrOf } from '../../../../server/core/sessions/step-up.ts'
import { startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'

test('a proof counts for stepUpSeconds, and not if it is more than a minute in the future', async () => {
  const app = await startApp({ stepUpSeconds: 300 })
  const { browser } = await keptGuest(app)
  let age = 0
  for (const [at, status] of [
    [300, 200],
    [301, 401],
    [-60, 200], // the clock of another node may be a minute behind
    [-61, 401], // the clock was set back
    [-86_400, 401],
  ] as const) {
    app.clock.forward(at - age)
    age = at
    const answer = await browser.post('/guest/passkeys/register/options')
    expect(answer.status, `a proof that is ${at} seconds old: ${answer.text}`).toBe(status)
  }
})

test('a session says how its guest was authenticated only if a passkey was proven in it', () => {
  const at = (authTime: number | null) => ({ authTime }) as Session
  expect([acrOf(at(1000)), amrOf(at(1000))]).toEqual(['phr', ['pop', 'user', 'mfa']])
  expect([acrOf(at(null)), amrOf(at(null))]).toEqual([undefined, []])
})
