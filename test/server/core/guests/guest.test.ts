// A guest as one asker sees it, the guest whom the host names, and the collection of a new guest.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import {
  collectionFor,
  findGuestById,
  toGuest,
  toPreviousGuest,
} from '../../../../server/core/guests/guest.ts'
import { labelFor, nameFor } from '../../../../server/core/guests/pairwise.ts'
import type { Client } from '../../../../server/options/options.ts'
import type { GuestFacts } from '../../../../server/rules/guest.ts'

const facts: GuestFacts = {
  kind: 'stored',
  anonymousId: 'A'.repeat(22),
  label: 'amber-fox-42',
  collection: 'users',
  recoverability: 'device',
  promotedAt: null,
  guestExpiresAt: 1000,
}

test('a pairwise client gets its own sub, anonymous_id and label of a guest, and nothing else differs', () => {
  const whole = toGuest(facts)
  expect(whole).toMatchObject({ sub: facts.anonymousId, anonymous_id: facts.anonymousId, label: facts.label })
  expect(toGuest(facts, { id: 'app' } as Client)).toEqual(whole)
  const diary = { id: 'diary', pairwise: 'the secret of the names that the diary has' } as Client
  const sub = nameFor(diary, facts.anonymousId)
  expect(sub).not.toBe(facts.anonymousId)
  const label = labelFor(diary, facts)
  expect(label).not.toBe(facts.label)
  expect(toGuest(facts, diary)).toEqual({ ...whole, sub, anonymous_id: sub, label })
})

test('the other guest of a merge or a sign-in is named by four fields', () => {
  expect(toPreviousGuest(facts)).toEqual({
    anonymous_id: facts.anonymousId,
    label: 'amber-fox-42',
    collection: 'users',
    recoverability: 'device',
  })
})

test('the store is asked for a guest only by what can be an id', async () => {
  const asked: string[] = []
  const findGuest = async ({ anonymousId }: { anonymousId: string }) => void asked.push(anonymousId)
  const ctx = { store: { findGuest } } as unknown as Context
  for (const id of ['', 'nul\0', 'x'.repeat(256), 'of-another-system'])
    expect(await findGuestById(ctx, id)).toBeUndefined()
  expect(asked).toEqual(['of-another-system'])
})

test.each([
  [undefined, 'users'],
  ['users', 'users'],
  ['kiosks', 'kiosks'],
])('a new guest who asks for the collection %s is in %s', (wanted, collection) => {
  expect(collectionFor(ctx, wanted)).toBe(collection)
})

test.each(['', 'nobodys', 'toString', '__proto__'])('the collection %j is unknown', (wanted) => {
  expect(() => collectionFor(ctx, wanted)).toThrow(expect.objectContaining({ code: 'collection_unknown' }))
})

const ctx = {
  config: { defaultCollection: 'users', collections: { users: {}, kiosks: {} } },
} as unknown as Context
