// Whether a passkey is added, and what its guest gains and loses with it.

import { expect, test } from 'vitest'
import { decideRegistration, type RegistrationFacts } from '../../../server/rules/registration.ts'

const own = { credentialId: 'own', backedUp: false }
const [sealed, stored] = (['sealed', 'stored'] as const).map((kind) => ({ kind, hasEnded: false }))

/** By default: a guest with a row and a stored session adds its first passkey. */
const decide = (more: Partial<RegistrationFacts> = {}) =>
  decideRegistration({
    ...{ session: stored, isKept: true, usedFor: undefined, isTaken: false, passkeys: [], maxPasskeys: 2 },
    ...{ backedUp: false, ...more },
  })

test('the first passkey ends the sessions and device keys of its guest', () => {
  expect(decide()).toEqual({
    ...{ outcome: 'added', first: true, keeps: false, recoverability: 'passkey' },
    ends: { sessions: true, deviceKeys: true },
  })
})

test('a further passkey ends nothing', () => {
  expect(decide({ passkeys: [own] })).toEqual({
    ...{ outcome: 'added', first: false, keeps: false, recoverability: 'passkey' },
    ends: { sessions: false, deviceKeys: false },
  })
})

test.each([
  ['one who begins with a passkey', undefined],
  ['one in a sealed session', sealed],
])('a guest without a row is kept: %s', (_, session) => {
  expect(decide({ session, isKept: false })).toMatchObject({
    ...{ outcome: 'added', first: true, keeps: true, ends: { sessions: true, deviceKeys: false } },
  })
})

test('a sealed session whose guest was kept since adds a passkey', () => {
  expect(decide({ session: sealed })).toMatchObject({ outcome: 'added', keeps: false })
})

test('one backed-up passkey among all makes the guest synced', () => {
  expect(decide({ backedUp: true })).toMatchObject({ recoverability: 'synced' })
  expect(decide({ passkeys: [{ ...own, backedUp: true }] })).toMatchObject({ recoverability: 'synced' })
})

const ended = { kind: 'stored', hasEnded: true } as const
test.each<[string, Partial<RegistrationFacts>, string]>([
  ['a session that has ended', { session: ended }, 'session_ended'],
  ['a new guest whose id has a row: another tab was first', { session: undefined }, 'session_ended'],
  ['a stored session without a row', { isKept: false }, 'session_ended'],
  ['a credential that somebody has', { isTaken: true }, 'credential_taken'],
  ['more than maxPasskeys', { passkeys: [own, own] }, 'too_many_passkeys'],
  ['a challenge that was used for another credential', { usedFor: 'another' }, 'spent'],
  ['a challenge that was used for nothing', { usedFor: null }, 'spent'],
  ['an ended session, whatever else', { session: ended, isTaken: true }, 'session_ended'],
])('refuses %s', (_, more, outcome) => {
  expect(decide(more)).toEqual({ outcome })
})

test('a repeated registration is recognised, though its session has ended and the credential is taken', () => {
  const again = { usedFor: 'own', passkeys: [own], session: ended, isTaken: true, maxPasskeys: 1 }
  expect(decide(again)).toEqual({ outcome: 'repeated', credentialId: 'own' })
})
