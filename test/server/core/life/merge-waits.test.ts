// A merge that somebody else is doing: how long a request waits for it, and what the job leaves alone.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { hashToken } from '../../../../server/core/crypto/secrets.ts'
import { merge, resumeMerges } from '../../../../server/core/life/merge.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { MergeRow } from '../../../../server/store/store.ts'
import { recordWaits } from '../../../support/recorded-waits.ts'

const now = 1_700_000_000
const row = {
  id: hashToken('ticket'),
  fromId: 'from',
  intoId: 'into',
  recoverability: 'device',
  confirmed: true,
  provenUntil: null,
  status: 'pending',
  expiresAt: now + 1,
} as MergeRow

test('a request waits ten seconds for another one that does the merge, and is then refused', async () => {
  const waits = recordWaits()
  const store = {
    findMerge: async () => row,
    findGuest: async () => ({ promotedAt: null }),
    findRecoverability: async () => 'device',
    claimMerge: async () => false,
  }
  const fleet = { refuseMixed: async () => {} }
  const ctx = { now: () => now, claims: { now: () => now }, fleet, store } as unknown as Context
  const asked = merge(ctx, { anonymousId: 'into' } as Session, 'ticket')
  await expect(asked).rejects.toMatchObject({ code: 'unavailable', headers: { 'Retry-After': '1' } })
  expect(waits).toEqual(Array.from({ length: 50 }, () => 200))
})

test('the job leaves a merge alone that another node does, or whose target was erased', async () => {
  const looked: string[] = []
  const warned: object[] = []
  const store = {
    listPendingMerges: async () => ['one', 'two'].map((id) => ({ ...row, id, intoId: id })),
    claimMerge: async ({ id }: { id: string }) => id === 'two',
    findGuest: async ({ anonymousId }: { anonymousId: string }) => void looked.push(anonymousId),
  }
  const logger = { warn: (fields: object) => void warned.push(fields) }
  const ctx = { now: () => now, claims: { now: () => now }, store, logger } as unknown as Context
  await resumeMerges.work(ctx, async () => true)
  expect(looked).toEqual(['two'])
  expect(warned).toEqual([])
})
