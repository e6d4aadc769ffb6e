// The contract of the stores for recovery codes (replaced, confirmed, used up by a sign-in, removed) and for labels.

import { expect } from 'vitest'
import type { Store } from '../../../server/store/store.ts'
import { contract, keep, keepById, sealed, stored } from '../../support/contract.ts'
import {
  aGuest,
  aKeeping,
  aMerge,
  aNote,
  aPasskey,
  aRegistration,
  aSession,
  now,
  promised,
  randomId,
} from '../../support/store-rows.ts'

type Replacing = Parameters<Store['replaceRecoveryCodes']>[0]
type SignIn = Parameters<Store['signInByProof']>[0]

const replacing = (
  { guest, session }: Pick<ReturnType<typeof aKeeping>, 'guest' | 'session'>,
  more: Partial<Replacing> = {},
): Replacing => ({
  ...{ anonymousId: guest.anonymousId, ids: [randomId(), randomId()], keep: undefined, now: now + 5 },
  ...{ by: { session: stored(session), isProven: false }, retained: promised, notes: [], ...more },
})

const confirming = ({ guest, session }: Pick<ReturnType<typeof aKeeping>, 'guest' | 'session'>) => ({
  ...{
    anonymousId: guest.anonymousId,
    session: stored(session),
    now: now + 5,
    retained: promised,
    notes: [],
  },
})

/** A guest with two recovery codes that are not confirmed, in the session that the browser carries. */
async function withNewCodes(store: Store) {
  const kept = await keepById(store)
  const input = replacing(kept)
  expect(await store.replaceRecoveryCodes(input)).toEqual({
    ...{ outcome: 'replaced', kept: false, guestExpiresAt: promised.none.expiresAt },
  })
  return { ...kept, ids: input.ids as [string, string] }
}

/** The same, with the codes confirmed. */
async function withCodes(store: Store) {
  const kept = await withNewCodes(store)
  expect(await store.confirmRecoveryCodes(confirming(kept))).toEqual({
    ...{ outcome: 'confirmed', left: 2, createdAt: now + 5 },
  })
  return kept
}

const aSignIn = (guest: ReturnType<typeof aGuest>, id: string, more: Partial<SignIn> = {}): SignIn => ({
  ...{ proof: { by: 'recovery_code', id }, from: undefined, to: aSession(guest, { authTime: null }) },
  ...{ maxSessions: 5, now: now + 10, retained: promised, merge: undefined, notes: [] },
  ...{ restored: [], ...more },
})

const idsOf = async (store: Store, ids: string[]) =>
  (await Promise.all(ids.map(async (id) => (await store.findRecoveryCode({ id })) && id))).filter(Boolean)

contract('recovery codes are counted, and each is found with its guest', async (store) => {
  const { guest, ids } = await withCodes(store)
  const { anonymousId, label, collection } = guest
  expect(await store.findRecoveryCode({ id: ids[0] })).toEqual({
    ...{ anonymousId, label, collection, promotedAt: null },
  })
  expect(await store.findRecoveryCode({ id: 'none' })).toBeUndefined()
  expect(await store.countRecoveryCodes({ anonymousId })).toEqual({
    ...{ left: 2, createdAt: now + 5, confirmed: true },
  })
  expect(await store.countRecoveryCodes({ anonymousId: 'nobody' })).toEqual({
    ...{ left: 0, createdAt: null, confirmed: false },
  })
  expect(await store.findRecoverability({ anonymousId })).toBe('device')
  expect((await store.findPromptFacts({ anonymousId }))!.recoveryCodes).toBe(2)
  expect(await store.findGuest(guest)).toMatchObject({
    ...{ expiresAt: promised.device.expiresAt, lastSeenAt: now + 5 },
  })
})

contract('new recovery codes keep a guest who has no row, once', async (store) => {
  const keeping = aKeeping({ notes: [aNote(aGuest())] })
  const note = aNote(keeping.guest)
  const input = replacing(keeping, {
    ...{ keep: keeping, by: { session: sealed(keeping.guest), isProven: false }, notes: [note] },
  })
  expect(await store.replaceRecoveryCodes(input)).toEqual({
    ...{ outcome: 'replaced', kept: true, guestExpiresAt: promised.none.expiresAt },
  })
  expect((await store.findGuest(keeping.guest))!.expiresAt).toBe(promised.none.expiresAt)
  expect(await store.findSession(keeping.session)).toMatchObject({ recoverability: 'none' })
  expect(await store.replaceRecoveryCodes({ ...input, ids: [randomId()], notes: [] })).toMatchObject({
    ...{ outcome: 'replaced', kept: false },
  })
  expect(await idsOf(store, input.ids)).toEqual([])
  expect(await store.listAudit({ ...keeping.guest, since: 0, limit: 9 })).toEqual([note.audit])
})

contract(
  'recovery codes are not made or removed in an ended session, or without the passkey proof',
  async (store) => {
    const kept = await withCodes(store)
    await store.endSession(stored(kept.session))
    const signedOut = aKeeping()
    await store.endSession(sealed(signedOut.guest))
    const proven = await keep(store)
    const cases: [Pick<Replacing, 'anonymousId' | 'by' | 'keep'>, 'ended' | 'unproven'][] = [
      [replacing(kept), 'ended'],
      [
        replacing(signedOut, { by: { session: sealed(signedOut.guest), isProven: false }, keep: signedOut }),
        'ended',
      ],
      [replacing({ guest: proven.guest, session: proven.to }), 'unproven'],
    ]
    await store.replaceRecoveryCodes(
      replacing(
        { guest: proven.guest, session: proven.to },
        { by: { session: stored(proven.to), isProven: true } },
      ),
    )
    for (const [{ anonymousId, by, keep }, outcome] of cases) {
      const notes = [aNote(aGuest({ anonymousId }))]
      const input = { ...{ anonymousId, by, now, retained: promised, notes } }
      const before = await store.countRecoveryCodes({ anonymousId })
      expect(await store.replaceRecoveryCodes({ ...input, keep, ids: [randomId()] })).toEqual({ outcome })
      if (by.session.kind === 'stored')
        expect(await store.removeRecoveryCodes({ ...input, force: true })).toBe(outcome)
      expect(await store.countRecoveryCodes({ anonymousId })).toEqual(before)
      expect(await store.listAudit({ anonymousId, since: 0, limit: 9 })).toEqual([])
    }
  },
)

contract('recovery codes are a way back once they are confirmed, which is noted once', async (store) => {
  const kept = await withNewCodes(store)
  const { anonymousId } = kept.guest
  const seen = async () => ({
    recoverability: await store.findRecoverability({ anonymousId }),
    session: (await store.findSession(kept.session))?.recoverability,
    prompted: (await store.findPromptFacts({ anonymousId }))!.recoveryCodes,
    expiresAt: (await store.findGuest({ anonymousId }))!.expiresAt,
    confirmed: (await store.countRecoveryCodes({ anonymousId })).confirmed,
  })
  const none = { recoverability: 'none', session: 'none', prompted: 0, confirmed: false }
  expect(await seen()).toEqual({ ...none, expiresAt: promised.none.expiresAt })
  const ended = { ...kept, session: { ...kept.session, id: 'ended' } }
  expect(await store.confirmRecoveryCodes(confirming(ended))).toEqual({ outcome: 'ended' })
  expect(await store.confirmRecoveryCodes(confirming(await keepById(store)))).toEqual({ outcome: 'none' })
  expect(await seen()).toMatchObject(none)
  const note = aNote(kept.guest)
  for (const notes of [[note], [aNote(kept.guest)]])
    expect(await store.confirmRecoveryCodes({ ...confirming(kept), notes })).toMatchObject({
      ...{ outcome: 'confirmed', left: 2 },
    })
  expect(await seen()).toEqual({
    ...{ recoverability: 'device', session: 'device', prompted: 2, confirmed: true },
    expiresAt: promised.device.expiresAt,
  })
  expect(await store.listAudit({ anonymousId, since: 0, limit: 9 })).toEqual([note.audit])
  // New ones do not count, and the earlier ones are gone.
  await store.replaceRecoveryCodes(replacing(kept))
  expect(await seen()).toEqual({ ...none, expiresAt: promised.none.expiresAt })
})

contract('a sign-in by a recovery code confirms the others', async (store) => {
  const { guest, ids } = await withNewCodes(store)
  expect(await store.signInByProof(aSignIn(guest, ids[0]))).toMatchObject({
    ...{ outcome: 'signed_in', codesLeft: 1, recoverability: 'device' },
    guestExpiresAt: promised.device.expiresAt,
  })
  expect(await store.countRecoveryCodes(guest)).toMatchObject({ left: 1, confirmed: true })
})

contract('a recovery code signs in once, and the note fits the number of codes left', async (store) => {
  const { guest, ids } = await withCodes(store)
  const aUse = () => {
    const note = aNote(guest)
    note.deliveries[0]!.payload = '{"data":{"left":9}}'
    return { ...note, event: { name: 'recovery_code.used', data: { left: 9 } } }
  }
  const payloads = async () => {
    const { url } = aNote(guest).deliveries[0]!
    const found = await store.claimDeliveries({ url, now, until: now + 60, limit: 9 })
    return found.map(({ payload }) => payload)
  }
  const used = [aUse()]
  const first = aSignIn(guest, ids[0], { used })
  expect(await store.signInByProof(first)).toMatchObject({
    ...{ outcome: 'signed_in', codesLeft: 1, recoverability: 'device' },
    guestExpiresAt: promised.device.expiresAt,
  })
  expect(await store.listAudit({ ...guest, since: 0, limit: 9 })).toEqual([used[0]!.audit])
  expect(await payloads()).toEqual(['{"data":{"left":1}}'])
  expect(await store.signInByProof({ ...first, to: aSession(guest) })).toEqual({ outcome: 'refused' })
  expect(await store.signInByProof(aSignIn(guest, ids[1], { used: [aUse()] }))).toMatchObject({
    ...{ outcome: 'signed_in', codesLeft: 0, recoverability: 'none' },
    guestExpiresAt: promised.none.expiresAt,
  })
  expect((await store.listAudit({ ...guest, since: 0, limit: 9 })).length).toBe(2)
  expect(await payloads()).toEqual(['{"data":{"left":0}}'])
  expect(await store.findGuest(guest)).toMatchObject({ expiresAt: promised.none.expiresAt })
})

contract('a refused sign-in, or one as another guest, does not use up a recovery code', async (store) => {
  const { guest, ids } = await withCodes(store)
  const other = await keepById(store)
  for (const [signIn, outcome] of [
    [aSignIn(other.guest, ids[0]), 'refused'],
    [aSignIn(aGuest(), ids[0]), 'unknown'],
    [aSignIn(guest, 'none'), 'refused'],
    [aSignIn(guest, ids[0], { maxSessions: 1 }), 'too_many_sessions'],
  ] as const) {
    const notes = [aNote(guest)]
    expect(await store.signInByProof({ ...signIn, notes })).toEqual({ outcome })
    expect(await store.listAudit({ ...guest, since: 0, limit: 9 })).toEqual([])
  }
  expect(await idsOf(store, ids)).toEqual(ids)
})

contract('when fifty sign-ins use one recovery code, one succeeds', async (store) => {
  const { guest, ids } = await withCodes(store)
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () => store.signInByProof(aSignIn(guest, ids[0], { maxSessions: 100 }))),
  )
  expect(outcomes.filter(({ outcome }) => outcome === 'signed_in')).toHaveLength(1)
  expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toHaveLength(49)
  expect(await store.listSessions({ ...guest, now })).toHaveLength(2)
})

contract('recovery codes that are the last way back are removed only with force', async (store) => {
  const { guest, session, ids } = await withCodes(store)
  const { anonymousId } = guest
  const removing = {
    ...{ anonymousId, by: { session: stored(session), isProven: false }, now: now + 20 },
    ...{ retained: promised, notes: [aNote(guest)], force: false },
  }
  expect(await store.removeRecoveryCodes(removing)).toBe('last')
  expect(await idsOf(store, ids)).toEqual(ids)
  expect(await store.removeRecoveryCodes({ ...removing, force: true })).toBe('removed')
  expect(await idsOf(store, ids)).toEqual([])
  expect(await store.findGuest(guest)).toMatchObject({ expiresAt: promised.none.expiresAt })
  expect(await store.removeRecoveryCodes(removing)).toBe('none')
  expect(await store.listAudit({ ...guest, since: 0, limit: 9 })).toHaveLength(1)
})

contract('use of a session promises by the way back at the time of the write', async (store) => {
  const { guest, session } = await withCodes(store)
  const touch = { ...guest, ...session, now: now + 900, expiresAt: now + 900, retained: promised }
  await store.touchSession(touch)
  expect(await store.findGuest(guest)).toMatchObject({
    ...{ expiresAt: promised.device.expiresAt, lastSeenAt: now + 900 },
  })
})

contract(
  'a guest who has recovery codes since the offer is not merged without being asked',
  async (store) => {
    const into = await keep(store)
    const left = await keepById(store)
    const merge = aMerge(left.guest, into.guest, { status: 'pending', claimedUntil: now + 60 })
    const from = await withCodes(store)
    const { anonymousId } = from.guest
    const signIn = {
      ...aSignIn(from.guest, from.ids[0]),
      from: stored(left.session),
      merge: { ...merge, intoId: anonymousId },
    }
    expect(await store.signInByProof(signIn)).toMatchObject({ outcome: 'signed_in', mergeable: true })
    const session = aSession(left.guest, { authTime: null })
    const host = { ...aSignIn(left.guest, ''), proof: { by: 'host' as const }, to: session }
    expect(await store.signInByProof(host)).toMatchObject({ outcome: 'signed_in' })
    await store.replaceRecoveryCodes(replacing({ guest: left.guest, session }))
    await store.confirmRecoveryCodes(confirming({ guest: left.guest, session }))
    const finishing = {
      ...{ id: merge.id, fromId: left.guest.anonymousId, intoId: anonymousId, claimedUntil: now + 60 },
      ...{ profile: undefined, now, undoUntil: now + 99, endedUntil: now + 99, notes: [] },
    }
    expect(await store.finishMerge(finishing)).toBe('recoverable')
    expect(await store.findMerge(merge)).toMatchObject({ recoverability: 'device', confirmed: true })
    expect(await store.findGuest(left.guest)).toMatchObject({ stage: 'active' })
  },
)

contract('recovery codes are deleted with their guest', async (store) => {
  const { guest, ids } = await withCodes(store)
  await store.eraseGuest({ ...guest, endedUntil: now + 99, notes: [], by: undefined })
  expect(await idsOf(store, ids)).toEqual([])
  expect(await store.signInByProof(aSignIn(guest, ids[0]))).toEqual({ outcome: 'unknown' })
})

contract('a guest with recovery codes and a passkey comes back by the passkey', async (store) => {
  const { guest, session, ids } = await withCodes(store)
  const passkey = aPasskey(guest, { backedUp: true })
  const added = await store.registerPasskey(aRegistration({ guest, passkey, from: stored(session) }))
  expect(added).toMatchObject({ outcome: 'added', first: true })
  expect(await store.signInByProof(aSignIn(guest, ids[0]))).toMatchObject({
    ...{ outcome: 'signed_in', recoverability: 'synced', guestExpiresAt: promised.synced.expiresAt },
  })
})

contract('a guest is renamed only in a live session', async (store) => {
  const kept = await keep(store)
  const { anonymousId } = kept.guest
  const note = aNote(kept.guest)
  const renaming = { anonymousId, label: 'Fox', session: stored(kept.to), notes: [note] }
  expect(await store.renameGuest(renaming)).toBe('renamed')
  expect((await store.findSession(kept.to))!.label).toBe('Fox')
  await store.endSession(stored(kept.to))
  expect(await store.renameGuest({ ...renaming, label: 'Eve' })).toBe('ended')
  expect((await store.findGuest(kept.guest))!.label).toBe('Fox')
  expect(await store.listAudit({ anonymousId, since: 0, limit: 9 })).toEqual([note.audit])
  const nobody = aGuest()
  const unknown = { ...renaming, ...nobody, label: 'Fox', session: sealed(nobody) }
  expect(await store.renameGuest(unknown)).toBe('unknown')
  await store.endSession(sealed(nobody))
  expect(await store.renameGuest(unknown)).toBe('ended')
})
