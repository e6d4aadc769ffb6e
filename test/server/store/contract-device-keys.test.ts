// The contract of the stores for device keys: each belongs to one guest, and each challenge adds one key.

import { expect } from 'vitest'
import type { DeviceKeyRow, GuestRow, SessionRow, Store } from '../../../server/store/store.ts'
import { contract, keep, keepById, sealed, stored } from '../../support/contract.ts'
import {
  aChallenge,
  aDeviceKey,
  aGuest,
  aKeeping,
  aNote,
  aSession,
  now,
  promised,
  quietly,
} from '../../support/store-rows.ts'

type Adding = Parameters<Store['addDeviceKey']>[0]

/** The input of `addDeviceKey`, by default for a guest without a row. */
const anAdding = (guest: GuestRow, more: Partial<Adding> = {}): Adding => ({
  ...{ key: aDeviceKey(guest), from: sealed(guest), isProven: false, keep: aKeeping({ guest }) },
  ...{ spent: aChallenge(), maxDeviceKeys: 5, retained: promised, notes: [], ...more },
})

/** A guest who was kept by adding a device key. */
async function withKey(store: Store, more: Partial<Adding> = {}) {
  const guest = aGuest()
  const adding = anAdding(guest, more)
  expect(await store.addDeviceKey(adding)).toMatchObject({ outcome: 'added' })
  return { guest, adding, key: adding.key }
}

const signIn = (
  key: DeviceKeyRow,
  to: SessionRow,
  more: Partial<Parameters<Store['signInByProof']>[0]> = {},
) => ({
  ...{ proof: { by: 'device_key' as const, id: key.id, spent: aChallenge() }, from: undefined, to },
  ...{ maxSessions: 5, now: now + 20, ...quietly },
  ...{ restored: [], ...more },
})

contract('a device key keeps its guest, whose session goes on as a stored one', async (store) => {
  const guest = aGuest()
  const adding = anAdding(guest, { notes: [aNote(guest, { action: 'device_key.added' })] })
  expect(await store.addDeviceKey(adding)).toEqual({
    ...{ outcome: 'added', kept: true, recoverability: 'device' },
    guestExpiresAt: promised.device.expiresAt,
  })
  expect(await store.listDeviceKeys(guest)).toEqual([adding.key])
  expect(await store.findDeviceKey(adding.key)).toEqual({
    ...adding.key,
    ...{ label: guest.label, collection: guest.collection, promotedAt: null },
  })
  expect(await store.findGuest(guest)).toMatchObject({
    expiresAt: promised.device.expiresAt,
    stage: 'active',
  })
  expect(await store.findSession({ ...guest, id: guest.anonymousId })).toMatchObject({
    recoverability: 'device',
  })
  expect(await store.sealedSessionEnded(guest)).toBe(true)
  expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toMatchObject([
    { action: 'device_key.added' },
  ])
})

contract('adding the same device key again returns it and writes nothing', async (store) => {
  const { guest, adding, key } = await withKey(store)
  const repeated = {
    ...{ outcome: 'repeated', key, recoverability: 'device' },
    guestExpiresAt: promised.device.expiresAt,
  }
  expect(await store.addDeviceKey(adding)).toEqual(repeated)
  const renamed = { ...key, name: 'another' }
  expect(await store.addDeviceKey({ ...adding, key: renamed, spent: aChallenge() })).toEqual(repeated)
  expect(
    await store.addDeviceKey({ ...adding, maxDeviceKeys: 1 }),
    'the limit on keys does not matter',
  ).toEqual(repeated)
  expect(await store.listDeviceKeys(guest)).toEqual([key])
})

contract('a challenge adds one device key, and a key belongs to one guest', async (store) => {
  const { guest, adding, key } = await withKey(store)
  const second = { ...adding, key: aDeviceKey(guest) }
  expect(await store.addDeviceKey(second)).toEqual({ outcome: 'spent' })
  const other = aGuest()
  const taking = anAdding(other, { key: { ...key, anonymousId: other.anonymousId } })
  expect(await store.addDeviceKey(taking)).toEqual({ outcome: 'taken' })
  expect(await store.findGuest(other)).toBeUndefined()
  expect(await store.removeDeviceKey({ ...key, force: true, isProven: false, notes: [] })).toBe('removed')
  expect(await store.addDeviceKey(adding), 'its challenge is used up').toEqual({ outcome: 'spent' })
})

contract('when twenty add the same device key at once, one adds it and all get it', async (store) => {
  const guest = aGuest()
  const adding = anAdding(guest)
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.addDeviceKey(adding)))
  expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['added', ...Array(19).fill('repeated')])
  expect(await store.listDeviceKeys(guest)).toEqual([adding.key])
})

contract('a guest has at most maxDeviceKeys device keys, even if twenty come at once', async (store) => {
  const { guest } = await keepById(store)
  const from = stored(aSession(guest, { id: guest.anonymousId }))
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => store.addDeviceKey(anAdding(guest, { from, keep: undefined }))),
  )
  expect(outcomes.filter(({ outcome }) => outcome === 'added')).toHaveLength(5)
  expect(outcomes.filter(({ outcome }) => outcome === 'too_many')).toHaveLength(15)
  expect(await store.listDeviceKeys(guest)).toHaveLength(5)
})

contract('a device key is added only in a live session', async (store) => {
  const kept = await keep(store)
  const from = stored(kept.to)
  const adding = anAdding(kept.guest, { from, keep: undefined, isProven: true })
  await store.endSession(from)
  expect(await store.addDeviceKey(adding)).toEqual({ outcome: 'ended' })
  const gone = aGuest()
  await store.endSession(sealed(gone))
  expect(await store.addDeviceKey(anAdding(gone))).toEqual({ outcome: 'ended' })
  expect(await store.addDeviceKey(anAdding(aGuest(), { keep: undefined }))).toEqual({ outcome: 'ended' })
})

contract('a guest with a passkey must prove it to add or remove a device key', async (store) => {
  const { guest, to } = await keep(store)
  const adding = anAdding(guest, { from: stored(to), keep: undefined })
  expect(await store.addDeviceKey(adding)).toEqual({ outcome: 'unproven' })
  expect(await store.addDeviceKey({ ...adding, isProven: true })).toEqual({
    ...{ outcome: 'added', kept: false, recoverability: 'passkey' },
    guestExpiresAt: promised.passkey.expiresAt,
  })
  const removal = { ...adding.key, force: true, notes: [] }
  expect(await store.removeDeviceKey({ ...removal, isProven: false })).toBe('unproven')
  expect(await store.removeDeviceKey({ ...removal, force: false, isProven: true })).toBe('removed')
})

contract('a device key that is the last way back is removed only with force', async (store) => {
  const { guest, key } = await withKey(store)
  const removal = { ...key, isProven: false, notes: [aNote(guest, { action: 'device_key.removed' })] }
  expect(await store.removeDeviceKey({ ...removal, force: false })).toBe('last')
  expect(await store.removeDeviceKey({ ...removal, id: 'another', force: true })).toBe('not_found')
  const stranger = aGuest()
  expect(await store.removeDeviceKey({ ...removal, ...stranger, id: key.id, force: true })).toBe('not_found')
  expect(await store.listDeviceKeys(guest)).toEqual([key])
  expect(await store.removeDeviceKey({ ...removal, force: true })).toBe('removed')
  expect(await store.findRecoverability(guest)).toBe('none')
  expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toMatchObject([
    { action: 'device_key.removed' },
  ])
})

contract('when the last two device keys are removed at once, one stays', async (store) => {
  const { guest, key } = await withKey(store)
  const second = anAdding(guest, { from: stored(aSession(guest, { id: guest.anonymousId })) })
  expect(await store.addDeviceKey(second)).toMatchObject({ outcome: 'added' })
  const remove = (one: DeviceKeyRow) =>
    store.removeDeviceKey({ ...one, force: false, isProven: false, notes: [] })
  expect((await Promise.all([remove(key), remove(second.key)])).toSorted()).toEqual(['last', 'removed'])
})

contract(
  'a first login ID revokes every key, and is another way back beside one that is added then',
  async (store) => {
    const { guest, key: before } = await withKey(store)
    const to = aSession(guest)
    const loginId = { type: 'email' as const, value: 'ada@example.org', verifiedAt: now, primary: true }
    expect(
      await store.promote({
        ...{ anonymousId: guest.anonymousId, loginId: { ...loginId, anonymousId: guest.anonymousId } },
        ...{ proof: undefined, keep: undefined, from: sealed(guest), to, offer: undefined },
        ...{ maxLoginIds: 5, now, notes: { first: [], further: [] } },
      }),
    ).toMatchObject({ outcome: 'promoted', revoked: [before.id] })
    const { key } = anAdding(guest)
    expect(
      await store.addDeviceKey(anAdding(guest, { key, from: stored(to), keep: undefined })),
    ).toMatchObject({ outcome: 'added' })
    expect(await store.removeDeviceKey({ ...key, force: false, isProven: false, notes: [] })).toBe('removed')
  },
)

contract('only its own guest can rename a device key', async (store) => {
  const { key } = await withKey(store)
  expect(await store.renameDeviceKey({ ...key, name: 'Kitchen' })).toEqual({ ...key, name: 'Kitchen' })
  const stranger = { ...key, anonymousId: aGuest().anonymousId, name: 'mine' }
  expect(await store.renameDeviceKey(stranger)).toBeUndefined()
  expect(await store.renameDeviceKey({ ...key, id: 'another', name: 'mine' })).toBeUndefined()
  expect(await store.findDeviceKey(key)).toMatchObject({ name: 'Kitchen' })
})

contract('a device key signs its guest in once with each proof, even among twenty at once', async (store) => {
  const { guest, key } = await withKey(store)
  const proof = { by: 'device_key' as const, id: key.id, spent: aChallenge() }
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () =>
      store.signInByProof(signIn(key, aSession(guest, { authTime: null }), { proof, maxSessions: 100 })),
    ),
  )
  expect(outcomes.filter(({ outcome }) => outcome === 'signed_in')).toHaveLength(1)
  expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toHaveLength(19)
  expect(await store.findDeviceKey(key)).toMatchObject({ lastUsedAt: now + 20 })
  const stranger = aGuest()
  await keepById(store, { guest: stranger })
  expect(await store.signInByProof(signIn(key, aSession(stranger)))).toEqual({ outcome: 'refused' })
  await store.removeDeviceKey({ ...key, force: true, isProven: false, notes: [] })
  expect(await store.signInByProof(signIn(key, aSession(guest)))).toEqual({ outcome: 'refused' })
})

contract('device keys are deleted with their guest', async (store) => {
  const { guest, key } = await withKey(store)
  const erased = await store.eraseGuest({ ...guest, by: undefined, endedUntil: now, notes: [] })
  expect(erased).toBe('erased')
  expect(await store.findDeviceKey(key)).toBeUndefined()
})

contract('the facts about prompts say whether there is a device key', async (store) => {
  const { guest } = await withKey(store)
  expect(await store.findPromptFacts(guest)).toMatchObject({ hasDeviceKey: true })
  const { guest: other } = await keep(store)
  expect(await store.findPromptFacts(other)).toMatchObject({ hasDeviceKey: false })
})
