// Whether a guest gets a login ID, and what it loses with the first one.

import { expect, test } from 'vitest'
import { decidePromotion, type PromotionFacts } from '../../../server/rules/promotion.ts'

const kept = { isMerged: false, isDisabled: false }
const alive = { hasEnded: false }
const sent = { code: 'mac', triesLeft: 1, expiresAt: 101 }
const wrong = { kind: 'code', given: 'another', sent, now: 100 } as const

/** By default: a kept guest proves its first login ID in a living session. */
const decide = (more: Partial<PromotionFacts> = {}) =>
  decidePromotion({
    ...{ proof: { ...wrong, given: 'mac' }, session: alive, guest: kept, mayKeep: false },
    ...{ mustProve: false, owner: 'nobody', loginIds: 0, maxLoginIds: 2, ...more },
  })

test('the first login ID ends the sessions and device keys of its guest', () => {
  expect(decide()).toEqual({
    ...{ outcome: 'promoted', first: true, keeps: false, ends: { sessions: true, deviceKeys: true } },
  })
})

test('a further login ID ends nothing', () => {
  expect(decide({ loginIds: 1 })).toEqual({
    ...{ outcome: 'promoted', first: false, keeps: false, ends: { sessions: false, deviceKeys: false } },
  })
})

test('a passkey that must be proven first is asked for before it is said whose the login ID is', () => {
  expect(decide({ mustProve: true, owner: 'another' })).toEqual({ outcome: 'unproven' })
  expect(decide({ mustProve: true, proof: wrong })).toEqual({ outcome: 'wrong_code' })
})

test('a guest without a row is kept and promoted, if it may be kept', () => {
  expect(decide({ guest: undefined, mayKeep: true })).toEqual({
    ...{ outcome: 'promoted', first: true, keeps: true, ends: { sessions: true, deviceKeys: false } },
  })
  expect(decide({ guest: undefined })).toEqual({ outcome: 'ended' })
})

test('the host promotes a kept guest without a proof and without a session, and no other one', () => {
  const byHost = { proof: undefined, session: undefined }
  expect(decide(byHost)).toMatchObject({ outcome: 'promoted' })
  expect(decide({ ...byHost, guest: undefined, mayKeep: true })).toEqual({ outcome: 'ended' })
})

test.each<[string, Partial<PromotionFacts>, string]>([
  ['in a session that has ended', { session: { hasEnded: true } }, 'ended'],
  ['of a merged guest', { guest: { ...kept, isMerged: true } }, 'ended'],
  ['of a disabled guest', { guest: { ...kept, isDisabled: true } }, 'disabled'],
  ['to a login ID that the guest has', { owner: 'guest', loginIds: 2 }, 'known'],
  ["to another guest's login ID", { owner: 'another', loginIds: 2 }, 'taken'],
  ['beyond maxLoginIds', { loginIds: 2 }, 'too_many'],
])('a promotion %s changes nothing', (_, more, outcome) => {
  expect(decide(more)).toEqual({ outcome })
})

test('a wrong proof is refused, whatever else is true', () => {
  const facts = { session: { hasEnded: true }, guest: undefined, owner: 'another' } as const
  expect(decide({ ...facts, proof: wrong })).toEqual({ outcome: 'wrong_code' })
  expect(decide({ ...facts, proof: { ...wrong, sent: undefined } })).toEqual({ outcome: 'dead_code' })
  const used = { kind: 'authorization_code', use: { sessionId: 'session' } } as const
  expect(decide({ ...facts, proof: used })).toEqual({ outcome: 'used', sessionId: 'session' })
})
