// The ticket of a merge: whose it is, how long it counts, and what a refusal says.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { hashToken } from '../../../../server/core/crypto/secrets.ts'
import {
  agreementNeeded,
  fromGuest,
  intoGuest,
  mergeOfTicket,
  proofNeeded,
} from '../../../../server/core/life/merge-ticket.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { GuestRow, MergeRow } from '../../../../server/store/store.ts'

const now = 1_700_000_000
const row = {
  id: hashToken('ticket'),
  fromId: 'from',
  intoId: 'into',
  label: 'amber-fox-42',
  collection: 'users',
  recoverability: 'device',
  status: 'offered',
  expiresAt: now + 1,
} as MergeRow

/** The merge of a ticket, as this guest asks for it. */
const find = (ticket: string, anonymousId = 'into', more: Partial<MergeRow> = {}) => {
  const store = {
    findMerge: async ({ id }: { id: string }) => (id === row.id ? { ...row, ...more } : undefined),
  }
  return mergeOfTicket({ now: () => now, store } as unknown as Context, { anonymousId } as Session, ticket)
}

test('a ticket names its merge, for the guest who got it, until it expires', async () => {
  expect(await find('ticket')).toEqual(row)
  const invalid = (reason: string) => ({ code: 'merge_ticket_invalid', reason })
  await expect(find('other')).rejects.toMatchObject(invalid('unknown'))
  await expect(find('ticket', 'stranger')).rejects.toMatchObject(invalid('given to another guest'))
  await expect(find('ticket', 'into', { expiresAt: now })).rejects.toMatchObject(invalid('expired'))
})

test('a merge that is done is not found once it is too late to undo it', async () => {
  expect(await find('ticket', 'into', { status: 'merged' })).toMatchObject({ status: 'merged' })
  const late = find('ticket', 'into', { status: 'merged', expiresAt: now })
  await expect(late).rejects.toMatchObject({ code: 'not_found' })
})

test('the two guests of a merge are named by four fields', async () => {
  const names = { label: 'amber-fox-42', collection: 'users' }
  expect(fromGuest(row)).toEqual({ anonymous_id: 'from', ...names, recoverability: 'device' })
  const ctx = { store: { findRecoverability: async () => 'synced' } } as unknown as Context
  expect(await intoGuest(ctx, { anonymousId: 'into', ...names } as GuestRow)).toEqual({
    anonymous_id: 'into',
    ...names,
    recoverability: 'synced',
  })
})

test('a refusal says whose passkey must be proven, or who must agree', () => {
  for (const refusal of [proofNeeded(row), agreementNeeded(row)])
    expect(refusal).toMatchObject({
      code: 'insufficient_user_authentication',
      message: expect.stringContaining('amber-fox-42'),
    })
})
