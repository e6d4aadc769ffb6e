// Whether a guest is merged into another one, and whether it must agree or prove a passkey first.

import { expect, test } from 'vitest'
import {
  decideMerge,
  decideOffer,
  gainedPasskey,
  type MergeFacts,
  mayBeMerged,
  unmergedAttributes,
} from '../../../server/rules/merge.ts'

const pending = { status: 'pending', claimedUntil: 60, recoverability: 'none' } as const
const guest = { isMerged: false, promotedAt: null }

/** By default: a claimed merge of a kept guest without a profile and without a way back. */
const decide = (more: Partial<MergeFacts> = {}) =>
  decideMerge({
    ...{ merge: pending, claimedUntil: 60, from: guest, into: guest, isDisabled: false },
    ...{ recoverability: 'none', profiles: { from: 0, into: 3 }, joined: undefined, ...more },
  })

test.each([
  [{ canComeBack: false, isKept: false, hasHook: false }, 'pending'],
  [{ canComeBack: false, isKept: true, hasHook: true }, 'pending'],
  [{ canComeBack: false, isKept: true, hasHook: false }, 'offered'],
  [{ canComeBack: true, isKept: false, hasHook: false }, 'offered'],
  [{ canComeBack: true, isKept: true, hasHook: true }, 'offered'],
])('at a sign-in, a merge of a guest with %o is %s', (facts, status) => {
  expect(decideOffer(facts)).toBe(status)
})

test('a claimed merge is done, also of a guest without a row', () => {
  expect(decide()).toEqual({ outcome: 'merged' })
  expect(decide({ from: undefined })).toEqual({ outcome: 'merged' })
  const profiles = { from: 2, into: 3 }
  expect(decide({ profiles, joined: profiles })).toEqual({ outcome: 'merged' })
})

test.each<[string, Partial<MergeFacts>, string]>([
  ['it was done before', { merge: { ...pending, status: 'merged' }, into: undefined }, 'void'],
  ['another process has claimed it since', { merge: { ...pending, claimedUntil: 61 } }, 'taken'],
  ['it is unknown', { merge: undefined }, 'gone'],
  ['it is only offered', { merge: { ...pending, status: 'offered', claimedUntil: 0 } }, 'gone'],
  ['it was undone', { merge: { ...pending, status: 'undone' } }, 'gone'],
  ['its target is gone', { into: undefined }, 'gone'],
  ['its target was merged', { into: { isMerged: true } }, 'gone'],
  ['its guest was merged', { from: { ...guest, isMerged: true } }, 'gone'],
  ['one of the two is disabled', { isDisabled: true }, 'disabled'],
  ['one of the two is disabled and the other gone', { isDisabled: true, into: undefined }, 'gone'],
  ['its guest is a regular user', { from: { ...guest, promotedAt: 50 } }, 'gone'],
  ['the guest has a profile by now', { profiles: { from: 1, into: 3 } }, 'stale'],
  [
    'the profile of the guest has changed',
    { profiles: { from: 2, into: 3 }, joined: { from: 1, into: 3 } },
    'stale',
  ],
  [
    'the profile of the target has changed',
    { profiles: { from: 1, into: 4 }, joined: { from: 1, into: 3 } },
    'stale',
  ],
])('a merge is not done if %s', (_, more, outcome) => {
  expect(decide(more)).toEqual({ outcome })
})

test.each([
  ['none', 'device', { outcome: 'recoverable', mustProve: false }],
  ['none', 'passkey', { outcome: 'recoverable', mustProve: true }],
  ['device', 'synced', { outcome: 'recoverable', mustProve: true }],
  ['device', 'device', { outcome: 'merged' }],
  ['device', 'none', { outcome: 'merged' }],
  ['passkey', 'synced', { outcome: 'merged' }],
  ['passkey', 'device', { outcome: 'merged' }],
] as const)('a guest who could come back by %s at the offer and by %s now: %o', (offered, now, decision) => {
  const merge = { ...pending, recoverability: offered }
  expect(decide({ merge, recoverability: now })).toEqual(decision)
})

test('a regular user is never merged, a guest is, with or without a row', () => {
  expect([undefined, { promotedAt: null }, { promotedAt: 0 }].map(mayBeMerged)).toEqual([true, true, false])
})

test('only a first passkey is gained', () => {
  expect(gainedPasskey('device', 'passkey')).toBe(true)
  expect(gainedPasskey('passkey', 'synced')).toBe(false)
  expect(gainedPasskey('none', 'device')).toBe(false)
})

test('an undone merge takes back what it changed, but for what was changed again since', () => {
  const before = { name: 'Fox', color: 'red', tags: ['a'] }
  const after = { name: 'Owl', color: 'red', tags: ['a', 'b'], town: 'Bern', size: 7 }
  const now = { name: 'Hare', color: 'blue', tags: ['a', 'b'], town: 'Bern', size: 8, own: true }
  expect(unmergedAttributes(now, { before, after })).toEqual({
    name: 'Hare',
    color: 'blue',
    tags: ['a'],
    size: 8,
    own: true,
  })
})
