// What proves a login ID.

import { expect, test } from 'vitest'
import { type LoginProofFacts, refuseLoginProof } from '../../../server/rules/login-proof.ts'

const sent = { code: 'mac', triesLeft: 1, expiresAt: 101 }
const code = (more: object = {}): LoginProofFacts => ({ kind: 'code', given: 'mac', sent, now: 100, ...more })

test('the code that was sent is valid until its expiry, while attempts are left', () => {
  expect(refuseLoginProof(code())).toBeUndefined()
})

test.each([
  ['another code is wrong', { given: 'another' }, 'wrong_code'],
  ['an unknown code is dead', { sent: undefined }, 'dead_code'],
  ['an expired code is dead', { now: 101 }, 'dead_code'],
  ['a code without attempts is dead', { sent: { ...sent, triesLeft: 0 } }, 'dead_code'],
  [
    'a wrong code is dead too once the code that was sent has expired',
    { given: 'another', now: 101 },
    'dead_code',
  ],
])('%s', (_, more, outcome) => {
  expect(refuseLoginProof(code(more))).toEqual({ outcome })
})

test('an authorization code is valid once, and then names the session that it led to', () => {
  expect(refuseLoginProof({ kind: 'authorization_code', use: undefined })).toBeUndefined()
  for (const sessionId of ['session', null]) {
    expect(refuseLoginProof({ kind: 'authorization_code', use: { sessionId } })).toEqual({
      ...{ outcome: 'used', sessionId },
    })
  }
})
