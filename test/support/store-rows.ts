// Makes rows to fill a store with.

import { createHash, randomBytes } from 'node:crypto'
import type {
  AuditRow,
  Delivery,
  DeviceKeyRow,
  GuestRow,
  MergeRow,
  Note,
  PasskeyRow,
  Retained,
  RetainedBy,
  SessionRow,
  Store,
} from '../../server/store/store.ts'

/** When the rows were made; Unix seconds. */
export const now = 1_800_000_000
export const randomId = () => randomBytes(16).toString('base64url')

/** The retention that guests are promised: longer the better they can come back. */
export const promised: RetainedBy = {
  none: { expiresAt: now + 10_000, dueAt: now + 8000 },
  device: { expiresAt: now + 15_000, dueAt: now + 12_000 },
  passkey: { expiresAt: now + 20_000, dueAt: now + 16_000 },
  synced: { expiresAt: now + 40_000, dueAt: now + 32_000 },
  promoted: { expiresAt: null, dueAt: null },
}

/** One retention for every recoverability. */
export const alike = (one: Retained): RetainedBy => ({
  ...{ none: one, device: one, passkey: one, synced: one, promoted: promised.promoted },
})

/** A guest with a passkey that is not backed up, unless the fields say otherwise. */
export function aGuest(more: Partial<GuestRow> = {}): GuestRow {
  return {
    anonymousId: randomId(),
    userHandle: randomBytes(64).toString('base64url'),
    label: 'amber-fox-42',
    collection: 'users',
    createdAt: now,
    lastSeenAt: now,
    daysSeen: 1,
    expiresAt: promised.passkey.expiresAt,
    stage: 'active',
    promotedAt: null,
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

export const aDeviceKey = (
  { anonymousId }: Pick<GuestRow, 'anonymousId'>,
  more: Partial<DeviceKeyRow> = {},
): DeviceKeyRow => ({
  ...{
    id: randomId(),
    anonymousId,
    publicKey: '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS"}',
    algorithm: 'EdDSA',
  },
  ...{ name: 'Device key', createdAt: now, lastUsedAt: null, ...more },
})

export function aSession({ anonymousId }: GuestRow, more: Partial<SessionRow> = {}): SessionRow {
  return {
    anonymousId,
    id: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 1000,
    endsAt: now + 3000,
    authTime: now,
    enrolUntil: null,
    grant: null,
    ...more,
  }
}

export const aChallenge = () => ({ id: randomId(), expiresAt: now + 300 })

export const anAuditRow = ({ anonymousId }: GuestRow, more: Partial<AuditRow> = {}): AuditRow => ({
  ...{ anonymousId, at: now, id: randomId().slice(0, 8), sessionId: null, action: 'guest.kept' },
  ...{ outcome: 'done', ...more },
})

export const aDelivery = (more: Partial<Delivery> = {}): Delivery => ({
  ...{ id: `msg_${randomId()}`, url: 'https://example.com/hooks', event: 'guest.kept', payload: '{}' },
  ...{ createdAt: now, attempts: 0, dueAt: now, failure: null, anonymousId: null, otherId: null },
  ...more,
})

/** What an action records: an entry of the audit trail, and one webhook delivery. */
export const aNote = (guest: GuestRow, more: Partial<AuditRow> = {}): Note => ({
  audit: anAuditRow(guest, more),
  deliveries: [aDelivery({ anonymousId: guest.anonymousId })],
})

/** The params of registerPasskey, for a new guest unless the fields say otherwise. */
export function aRegistration(more: Partial<Parameters<Store['registerPasskey']>[0]> = {}) {
  const guest = more.guest ?? aGuest()
  return {
    guest,
    passkey: aPasskey(guest),
    from: undefined,
    to: aSession(guest),
    spent: aChallenge(),
    maxPasskeys: 5,
    retained: promised,
    notes: { kept: [], first: [], further: [] },
    ...more,
  }
}

/** The params of a sign-in beside the proof, for tests that do not care about them. */
export const quietly = {
  retained: promised,
  notes: [] as Note[],
  restored: [] as Note[],
  merge: undefined,
}

/** The params of keepGuest, for a guest whose browser still carries the sealed cookie, and who was seen. */
export function aKeeping(more: Partial<Parameters<Store['keepGuest']>[0]> = {}) {
  const guest = more.guest ?? aGuest({ expiresAt: promised.none.expiresAt })
  return {
    guest,
    session: aSession(guest, { id: guest.anonymousId, authTime: null }),
    retained: promised.none,
    endedUntil: now + 2000,
    isNew: false,
    notes: [],
    ...more,
  }
}

/** A merge that is offered. It exists once a passkey sign-in has written it. */
export const aMerge = (from: GuestRow, into: GuestRow, more: Partial<MergeRow> = {}): MergeRow => ({
  ...{ id: randomId(), fromId: from.anonymousId, intoId: into.anonymousId },
  ...{
    label: from.label,
    collection: from.collection,
    recoverability: 'none',
    confirmed: true,
    carriedSince: null,
    provenUntil: null,
  },
  ...{ status: 'offered', claimedUntil: 0, expiresAt: now + 600, ...more },
})
