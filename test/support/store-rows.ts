// Rows to fill a store with.

import { createHash, randomBytes } from 'node:crypto'
import type { GuestRow, PasskeyRow, SessionRow, Store } from '../../server/store/store.ts'

/** When the rows were made; Unix seconds. */
export const now = 1_800_000_000
export const randomId = () => randomBytes(16).toString('base64url')

export function aGuest(more: Partial<GuestRow> = {}): GuestRow {
  return {
    anonymousId: randomId(),
    userHandle: randomBytes(64).toString('base64url'),
    label: 'amber-fox-42',
    collection: 'users',
    createdAt: now,
    ...more,
  }
}

export function aPasskey({ anonymousId }: GuestRow, more: Partial<PasskeyRow> = {}): PasskeyRow {
  return {
    credentialId: randomId(),
    anonymousId,
    publicKey: 'pQECAyYgASFYIA',
    signCount: 0,
    aaguid: '00000000-0000-0000-0000-000000000000',
    name: 'Passkey',
    transports: ['hybrid', 'internal'],
    backupEligible: true,
    backedUp: false,
    createdAt: now,
    lastUsedAt: null,
    ...more,
  }
}

export function aSession({ anonymousId }: GuestRow, more: Partial<SessionRow> = {}): SessionRow {
  return {
    anonymousId,
    id: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 1000,
    endsAt: now + 3000,
    authTime: now,
    grant: null,
    ...more,
  }
}

export const aChallenge = () => ({ id: randomId(), expiresAt: now + 300 })

/** What registerPasskey takes, for a new guest unless told otherwise. */
export function aRegistration(more: Partial<Parameters<Store['registerPasskey']>[0]> = {}) {
  const guest = more.guest ?? aGuest()
  return {
    guest,
    passkey: aPasskey(guest),
    from: undefined,
    to: aSession(guest),
    spent: aChallenge(),
    maxPasskeys: 5,
    ...more,
  }
}
