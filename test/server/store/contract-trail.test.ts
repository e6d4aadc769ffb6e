// The contract of the stores for notes: audit lines and deliveries are written together with the change they report.

import { expect, onTestFinished, test } from 'vitest'
import type { AuditRow, GuestRow, Note, NotedEvent, Store } from '../../../server/store/store.ts'
import { anAssertion, contract, type Kept, keep, keepById, sealed, stored } from '../../support/contract.ts'
import { storeWithTables } from '../../support/engine.ts'
import { openStore } from '../../support/open-store.ts'
import {
  aChallenge,
  aDelivery,
  aDeviceKey,
  aGuest,
  aKeeping,
  aNote,
  anAuditRow,
  aRegistration,
  now,
  promised,
} from '../../support/store-rows.ts'

const atOnce = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)))

const trail = (store: Store) => store.listAudit({ anonymousId: null, since: 0, limit: 1000 })
const claim = (store: Store, at = now, limit = 1000) =>
  store.claimDeliveries({ url: aDelivery().url, now: at, until: at + 60, limit })

/** The ids of the whole trail, and of the deliveries since the last call. */
async function left(store: Store) {
  const deliveries = await claim(store)
  for (const delivery of deliveries) await store.settleDelivery(delivery)
  return { trail: (await trail(store)).map(({ id }) => id), deliveries: deliveries.map(({ id }) => id) }
}

contract(
  'the note of an action is written with the action, and not if the action is refused',
  async (store) => {
    const guest = aGuest()
    const known: string[] = []
    /** Does an action twice; the second time it is refused. */
    async function twice(action: string, act: (notes: Note[]) => Promise<unknown>, inVain = act) {
      const note = aNote(guest, { action, at: now + known.length })
      await act([note])
      known.unshift(note.audit!.id)
      expect(await left(store), action).toEqual({
        ...{ trail: known, deliveries: note.deliveries.map(({ id }) => id) },
      })
      await inVain([aNote(guest, { action })])
      expect(await left(store), `${action}, refused`).toEqual({ trail: known, deliveries: [] })
    }
    const registration = aRegistration({ guest, from: sealed(guest) })
    const [first, further] = [registration, aRegistration({ guest, from: stored(registration.to) })]
    const kept = { ...first, passkey: registration.passkey } as Kept
    const signIn = anAssertion(kept)
    const none = { kept: [], first: [], further: [] }
    const key = { anonymousId: guest.anonymousId }
    await twice('guest.kept', (notes) => store.keepGuest(aKeeping({ guest, notes })))
    await twice('passkey.added', (notes) =>
      store.registerPasskey({ ...first, notes: { ...none, first: notes } }),
    )
    await twice('another passkey.added', (notes) =>
      store.registerPasskey({ ...further, notes: { ...none, further: notes } }),
    )
    await twice('guest.signed_in', (notes) => store.signInByProof({ ...signIn, notes }))
    await twice('profile.changed', (notes) =>
      store.patchProfile({
        ...{ ...key, changes: { nickname: 'Fox' }, ifVersion: undefined, maxBytes: 1000, now },
        ...{ keep: undefined, notes },
      }),
    )
    await twice('passkey.removed', (notes) =>
      store.removePasskey({ ...key, credentialId: further.passkey.credentialId, force: false, notes }),
    )
    await twice('guest.signed_out', (notes) => store.endSession({ ...stored(signIn.to), notes }))
    await twice('guest.signed_out everywhere', (notes) => store.endSessions({ ...key, notes }))
  },
)

contract('a first passkey that keeps the guest also notes guest.kept', async (store) => {
  const [guest, known] = [aGuest(), await keepById(store)]
  const notes = { kept: [aNote(guest)], first: [aNote(guest, { action: 'passkey.added' })], further: [] }
  await store.registerPasskey(aRegistration({ guest, from: sealed(guest), notes }))
  expect((await trail(store)).map(({ action }) => action).toSorted()).toEqual(['guest.kept', 'passkey.added'])
  const first = [aNote(known.guest, { action: 'passkey.added' })]
  const later = aRegistration({ guest: known.guest, from: sealed(known.guest) })
  await store.registerPasskey({ ...later, notes: { ...notes, first } })
  expect(await store.listAudit({ ...known.guest, since: 0, limit: 10 })).toEqual([first[0]!.audit])
})

contract('a verb that fails in the middle writes no note', async (store) => {
  const { guest, passkey, to } = await keep(store)
  const broken = aNote(guest)
  broken.deliveries[0]!.payload = null as unknown as string
  const unavailable = { code: 'unavailable' }
  await expect(store.addNote({ note: broken })).rejects.toMatchObject(unavailable)
  const signIn = anAssertion({ guest, passkey, to } as Kept, { notes: [broken] })
  await expect(store.signInByProof(signIn)).rejects.toMatchObject(unavailable)
  expect(await store.listSessions({ ...guest, now })).toEqual([to])
  expect(await left(store)).toEqual({ trail: [], deliveries: [] })
  expect(await store.signInByProof({ ...signIn, notes: [] })).toMatchObject({ outcome: 'signed_in' })
})

contract('a note may be about a guest without a row, or have only deliveries', async (store) => {
  const guest = aGuest()
  const note = { audit: null, deliveries: [aDelivery(), aDelivery()] }
  await store.addNote({ note })
  await store.addNote({ note: { audit: anAuditRow(guest, { outcome: 'merge_refused' }), deliveries: [] } })
  expect(await trail(store)).toMatchObject([{ anonymousId: guest.anonymousId, outcome: 'merge_refused' }])
  expect(await claim(store)).toHaveLength(2)
})

contract(
  'lists the audit trail from the latest line, for one guest or all, since a date, up to a limit',
  async (store) => {
    const [one, other] = [aGuest(), aGuest()]
    const row = (guest: typeof one, seconds: number) =>
      anAuditRow(guest, { at: now + seconds, sessionId: 'session' })
    const rows = [row(one, 1), row(other, 2), row(one, 3), row(other, 4), row(one, 5)]
    for (const audit of rows) await store.addNote({ note: { audit, deliveries: [] } })
    const [first, second, third, fourth, fifth] = rows
    const list = (anonymousId: string | null, seconds: number, limit = 10) =>
      store.listAudit({ anonymousId, since: now + seconds, limit })
    expect(await list(null, 0)).toEqual([fifth, fourth, third, second, first])
    expect(await list(null, 4)).toEqual([fifth, fourth])
    expect(await list(null, 0, 3)).toEqual([fifth, fourth, third])
    expect(await list(one.anonymousId, 0)).toEqual([fifth, third, first])
    expect(await list(one.anonymousId, 3)).toEqual([fifth, third])
    expect(await list(other.anonymousId, 0, 1)).toEqual([fourth])
    expect(await list(aGuest().anonymousId, 0)).toEqual([])
  },
)

contract('the clean-up deletes old undelivered events', async (store) => {
  const deliveries = [0, 1, 2].map((seconds) => aDelivery({ createdAt: now + seconds, dueAt: null }))
  await store.addNote({ note: { audit: null, deliveries } })
  expect(await store.deleteExpired({ before: now + 9e6, auditBefore: now + 2, limit: 100 })).toBe(2)
  expect((await store.listDeadDeliveries({ limit: 10 })).map(({ id }) => id)).toEqual([deliveries[2]!.id])
})

contract('the clean-up deletes old lines of the audit trail, at most as many as its limit', async (store) => {
  const guest = aGuest()
  for (let i = 0; i < 5; i++) {
    await store.addNote({ note: { audit: anAuditRow(guest, { at: now + i }), deliveries: [] } })
  }
  const sweep = (auditBefore: number, limit = 100) =>
    store.deleteExpired({ before: now + 9e6, auditBefore, limit })
  expect(await sweep(now)).toBe(0)
  expect(await sweep(now + 3, 2)).toBe(2)
  expect(await sweep(now + 3)).toBe(1)
  expect((await trail(store)).map(({ at }) => at - now)).toEqual([4, 3])
})

contract('when twenty claim deliveries at once, no two get the same one', async (store) => {
  const deliveries = Array.from({ length: 30 }, () => aDelivery())
  await store.addNote({ note: { audit: null, deliveries } })
  const atOnceTaken = (await atOnce(20, () => claim(store, now, 3))).flat()
  // A claim that meets a row of another one takes fewer than it may: the next claim takes what is left.
  const taken = [...atOnceTaken, ...(await claim(store, now, 30))]
  expect(taken).toHaveLength(30)
  expect(new Set(taken.map(({ id }) => id))).toEqual(new Set(deliveries.map(({ id }) => id)))
  expect(await claim(store, now + 59)).toEqual([])
  expect(await claim(store, now + 60), 'the first claims are over').toHaveLength(30)
})

contract('deliveries are claimed for one URL at a time', async (store) => {
  const url = 'https://example.com/other'
  const [one, other] = [aDelivery(), aDelivery({ url })]
  await store.addNote({ note: { audit: null, deliveries: [one, other] } })
  expect((await claim(store)).map(({ id }) => id)).toEqual([one.id])
  const there = await store.claimDeliveries({ url, now, until: now + 60, limit: 10 })
  expect(there.map(({ id }) => id)).toEqual([other.id])
})

contract('a delivery is claimed once it is due, and each claim counts as an attempt', async (store) => {
  const delivery = aDelivery({ dueAt: now + 10 })
  await store.addNote({ note: { audit: null, deliveries: [delivery] } })
  expect(await claim(store, now + 9)).toEqual([])
  expect(await claim(store, now + 10)).toEqual([{ ...delivery, attempts: 1, dueAt: now + 70 }])
  await store.failDelivery({ id: delivery.id, failure: 'the receiver answered 500', dueAt: now + 300 })
  expect(await claim(store, now + 299)).toEqual([])
  expect(await claim(store, now + 300)).toEqual([
    { ...delivery, attempts: 2, dueAt: now + 360, failure: 'the receiver answered 500' },
  ])
  await store.settleDelivery(delivery)
  expect(await claim(store, now + 9e6)).toEqual([])
})

contract('a delivery that was given up stays, and can be retried', async (store) => {
  const deliveries = [1, 2, 3, 4].map((seconds) => aDelivery({ createdAt: now + seconds }))
  const [first, second, third, fourth] = deliveries
  await store.addNote({ note: { audit: null, deliveries: [second!, first!, fourth!, third!] } })
  await claim(store)
  const giveUp = ({ id } = first!) => store.failDelivery({ id, failure: 'not reached', dueAt: null })
  const dead = async (limit = 10) => (await store.listDeadDeliveries({ limit })).map(({ id }) => id)
  const ids = (...of: typeof deliveries) => of.map(({ id }) => id)
  expect(await dead()).toEqual([])
  for (const delivery of [third!, first!, second!]) await giveUp(delivery)
  expect(await dead()).toEqual(ids(first!, second!, third!))
  expect(await dead(2)).toEqual(ids(first!, second!))
  const [oldest] = await store.listDeadDeliveries({ limit: 1 })
  expect(oldest).toEqual({ ...first, attempts: 1, dueAt: null, failure: 'not reached' })
  expect(await claim(store, now + 59), 'given-up deliveries are not claimed').toEqual([])

  const retry = (id: string | null) => store.retryDeliveries({ id, now: now + 50 })
  expect(await retry(fourth!.id), 'this delivery was not given up').toBe(0)
  expect(await retry('msg_another')).toBe(0)
  expect(await retry(second!.id)).toBe(1)
  expect(await retry(second!.id)).toBe(0)
  expect(await dead()).toEqual(ids(first!, third!))
  expect(await claim(store, now + 50)).toMatchObject([{ id: second!.id, attempts: 1 }])
  expect(await retry(null)).toBe(2)
  expect(await dead()).toEqual([])
  expect((await claim(store, now + 50)).map(({ id }) => id).toSorted()).toEqual(
    ids(first!, third!).toSorted(),
  )
})

contract('a settled delivery cannot fail any more', async (store) => {
  const delivery = aDelivery()
  await store.addNote({ note: { audit: null, deliveries: [delivery] } })
  await store.settleDelivery(delivery)
  await store.failDelivery({ id: delivery.id, failure: 'no answer in time', dueAt: now })
  expect(await claim(store, now + 9e6)).toEqual([])
  expect(await store.listDeadDeliveries({ limit: 10 })).toEqual([])
})

contract(
  'after an erasure only guest.erased and guest.merged are still delivered about the guest',
  async (store) => {
    const [{ guest }, other] = [await keepById(store), await keepById(store)]
    const told = aNote(guest, { action: 'profile.changed' })
    const merged = aDelivery({ event: 'guest.merged', anonymousId: guest.anonymousId })
    const [another, nobodys] = [aDelivery({ anonymousId: other.guest.anonymousId }), aDelivery()]
    await store.addNote({ note: told })
    await store.addNote({ note: { audit: null, deliveries: [merged, another, nobodys] } })
    const farewell = aNote(guest, { action: 'guest.erased' })
    const erasure = { anonymousId: guest.anonymousId, endedUntil: now + 1, by: undefined }
    expect(await store.eraseGuest({ ...erasure, notes: [farewell] })).toBe('erased')
    expect((await claim(store)).map(({ id }) => id).toSorted()).toEqual(
      [merged, another, nobodys, farewell.deliveries[0]!].map(({ id }) => id).toSorted(),
    )
    expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([farewell.audit])
  },
)

/** A store, what it told so far, and the trail that another process saw at that moment. */
async function tellingStore() {
  const name = await storeWithTables()
  const [told, seen]: [NotedEvent[][], Promise<AuditRow[]>[]] = [[], []]
  const another = openStore(name)
  const store = openStore(name, (events) => {
    if (events.length === 0) return
    told.push(events)
    seen.push(trail(another))
  })
  onTestFinished(async () => void (await Promise.all([store.close(), another.close()])))
  await another.ready()
  return { store, told, seen }
}

const eventful = (guest: GuestRow, name: string, more: Partial<Note> = {}): Note => ({
  ...aNote(guest, { action: name }),
  event: { name, data: { anonymous_id: guest.anonymousId } },
  ...more,
})

test('a store tells the events of a write in order, once it is committed and before the verb resolves', async () => {
  const { store, told, seen } = await tellingStore()
  const guest = aGuest()
  const notes = {
    kept: [eventful(guest, 'guest.kept', { audit: null, deliveries: [] })],
    first: [eventful(guest, 'passkey.added'), aNote(guest)],
    further: [],
  }
  const written = store.registerPasskey(aRegistration({ guest, notes })).then(() => told.flat())
  const data = { anonymous_id: guest.anonymousId }
  expect(await written).toEqual([
    { name: 'guest.kept', data },
    { name: 'passkey.added', data },
  ])
  expect((await seen[0]!).map(({ action }) => action)).toContain('passkey.added')
  const silent = { ...aNote(guest), audit: null, deliveries: [], event: { name: 'guest.renamed', data } }
  await store.addNote({ note: silent })
  expect(told[1], 'an event may have no rows').toEqual([silent.event])
})

test('a store tells nothing of a write that is refused or fails', async () => {
  const { store, told } = await tellingStore()
  const { guest, passkey } = await keep(store)
  const note = eventful(guest, 'passkey.removed')
  const removal = { anonymousId: guest.anonymousId, credentialId: passkey.credentialId, force: false }
  expect(await store.removePasskey({ ...removal, notes: [note] })).toBe('last')
  note.deliveries[0]!.payload = null as unknown as string
  const forced = store.removePasskey({ ...removal, force: true, notes: [note] })
  await expect(forced).rejects.toMatchObject({ code: 'unavailable' })
  expect(told).toEqual([])
  expect(await store.removePasskey({ ...removal, force: true, notes: [eventful(guest, 'removed')] })).toBe(
    'removed',
  )
  expect(told.flat()).toHaveLength(1)
})

test('a store writes and tells of each device key that it revokes, with an id of its own', async () => {
  const { store, told } = await tellingStore()
  const { guest, session } = await keepById(store)
  const keys = [aDeviceKey(guest), aDeviceKey(guest)]
  const from = stored(session)
  for (const key of keys) {
    const adding = { key, from, isProven: true, keep: undefined, spent: aChallenge(), maxDeviceKeys: 5 }
    await store.addDeviceKey({ ...adding, retained: promised, notes: [] })
  }
  const data = { anonymous_id: guest.anonymousId, device_key_id: '' }
  const revocation = eventful(guest, 'device_key.removed', { event: { name: 'device_key.removed', data } })
  revocation.deliveries[0]!.payload = JSON.stringify({ type: 'device_key.removed', data })
  const { anonymousId } = guest
  const { keys: removed } = await store.endSessions({ anonymousId, notes: [], revocation })
  expect(removed.toSorted()).toEqual(keys.map(({ id }) => id).toSorted())
  const events = removed.map((id) => ({ name: 'device_key.removed', data: { ...data, device_key_id: id } }))
  expect(told.flat()).toEqual(events)
  const written = await claim(store)
  const payloads = written.map(({ payload }) => JSON.parse(payload).data.device_key_id)
  expect(payloads.toSorted()).toEqual(removed.toSorted())
  expect(new Set(written.map(({ id }) => id)).size).toBe(2)
  for (const { id } of written) expect(id).toMatch(/^msg_[\w-]{22}$/)
  const lines = await trail(store)
  expect(lines.map(({ action }) => action)).toEqual(['device_key.removed', 'device_key.removed'])
  for (const { id } of lines) expect(id).toMatch(/^[\w-]{8}$/)
})
