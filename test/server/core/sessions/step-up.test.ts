// Step-up: which proof of a passkey is recent enough.

import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import {
  acrOf,
  amrOf,
  isFresh,
  mayEnrol,
  requireEnrolment,
  requireProof,
  requireRecentPasskey,
} from '../../../../server/core/sessions/step-up.ts'
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

describe('with stepUpSeconds of 300', () => {
  const now = 1_700_000_000
  const ctx = { now: () => now, config: { stepUpSeconds: 300 } } as Context
  const session = (more: Partial<Session>) =>
    ({ authTime: null, enrolUntil: null, recoverability: 'none', ...more }) as Session
  const needed = (maxAge: number) =>
    expect.objectContaining({
      code: 'insufficient_user_authentication',
      headers: { 'WWW-Authenticate': expect.stringMatching(`acr_values="phr", max_age=${maxAge}$`) },
    })

  test.each([
    [null, false],
    [now - 301, false],
    [now - 300, true],
    [now + 60, true],
    [now + 61, false],
  ])('a passkey that was proven at %s is recent: %s', (authTime, recent) => {
    expect(isFresh(ctx, session({ authTime }))).toBe(recent)
    const required = expect(() => requireRecentPasskey(ctx, session({ authTime })))
    if (recent) required.not.toThrow()
    else required.toThrow(needed(300))
  })

  test('a caller may ask for another age', () => {
    const proven = session({ authTime: now - 100 })
    expect([isFresh(ctx, proven, 100), isFresh(ctx, proven, 99)]).toEqual([true, false])
    expect(() => requireRecentPasskey(ctx, proven, 99)).toThrow(needed(99))
  })

  test('a guest without a passkey needs no proof, and one with a passkey does', () => {
    for (const recoverability of ['none', 'device'] as const)
      expect(() => requireProof(ctx, session({ recoverability }))).not.toThrow()
    for (const recoverability of ['passkey', 'synced'] as const) {
      expect(() => requireProof(ctx, session({ recoverability }))).toThrow(needed(300))
      expect(() => requireProof(ctx, session({ recoverability, authTime: now }))).not.toThrow()
    }
  })

  test.each([
    [null, false],
    [now, false],
    [now + 1, true],
    [now + 10 * 60 + 60, true], // the clock of the node that recovered the guest may be a minute ahead
    [now + 10 * 60 + 61, false],
  ])('a session that may enrol until %s may add a passkey without a proof: %s', (enrolUntil, may) => {
    expect(mayEnrol(ctx, session({ enrolUntil }))).toBe(may)
    expect(mayEnrol(ctx, session({ enrolUntil, authTime: now }))).toBe(true)
    const required = expect(() => requireEnrolment(ctx, session({ enrolUntil })))
    if (may) required.not.toThrow()
    else required.toThrow(needed(300))
  })
})
