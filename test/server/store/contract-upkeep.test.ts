// The contract of the stores for due guests: how they are found, warned, expired and erased, unless they are seen in
// between.

import { expect } from 'vitest'
import type { GuestRow, Note, Stage, Store } from '../../../server/store/store.ts'
import {
  anAssertion,
  contract,
  everything,
  type Kept,
  keep,
  keepById,
  offerMerge,
  stored,
} from '../../support/contract.ts'
import {
  aGuest,
  aKeeping,
  alike,
  aMerge,
  aNote,
  aPasskey,
  aRegistration,
  aSession,
  now,
  promised,
} from '../../support/store-rows.ts'

const dueAt = promised.none.dueAt!

/** A move of a guest to the next stage, with stage and date as they were when the guest was found due. */
const aMove = ({ anonymousId }: GuestRow, to: Stage, more: Partial<Move> = {}): Move => ({
  ...{ anonymousId, dueAt, stage: 'active', to, notes: [] },
  ...{ retained: { expiresAt: dueAt + 500, dueAt: dueAt + 500 }, ...more },
})
type Move = Parameters<Store['moveGuests']>[0]['guests'][number]

const due = async (store: Store, at: number, limit = 1000) =>
  (await store.listDueGuests({ now: at, limit })).map(({ anonymousId }) => anonymousId).toSorted()
const idsOf = (...guests: GuestRow[]) => guests.map(({ anonymousId }) => anonymousId).toSorted()

/** A guest with a passkey who has expired, and who is erased at `dueAgain` unless it comes back. */
async function expired(store: Store, dueAgain = dueAt + 500) {
  const kept = await keep(store, { retained: { ...promised, passkey: promised.none } })
  const move = aMove(kept.guest, 'expired', { retained: { expiresAt: dueAt, dueAt: dueAgain } })
  expect(await store.moveGuests({ guests: [move] })).toEqual([kept.guest.anonymousId])
  return kept
}

contract('finds guests once they are due, with date and recoverability', async (store) => {
  const [byId, byPasskey, synced] = [await keepById(store), await keep(store), await keep(store)]
  await store.signInByProof(anAssertion(synced))
  await keepById(store, { retained: { expiresAt: null, dueAt: null } })
  expect(await due(store, dueAt - 1)).toEqual([])
  expect(await store.listDueGuests({ now: dueAt, limit: 10 })).toEqual([
    { ...byId.guest, dueAt, recoverability: 'none' },
  ])
  const all = await store.listDueGuests({ now: now + 9e9, limit: 10 })
  const found = (guest: GuestRow) => all.find(({ anonymousId }) => anonymousId === guest.anonymousId)
  expect(all, 'a guest who is never forgotten is not among them').toHaveLength(3)
  expect(found(byPasskey.guest)).toMatchObject({ dueAt: promised.passkey.dueAt, recoverability: 'passkey' })
  expect(found(synced.guest)).toMatchObject({ dueAt: promised.synced.dueAt, recoverability: 'synced' })
  expect(await due(store, now + 9e9, 2)).toHaveLength(2)
})

contract('counts due guests by collection and stage', async (store) => {
  const customer = aGuest({ collection: 'customers' })
  await keepById(store, { guest: customer })
  for (let i = 0; i < 3; i++) await keepById(store)
  await expired(store, dueAt)
  await keepById(store, { retained: { expiresAt: null, dueAt } }) // was promised no date yet
  expect(await due(store, dueAt)).toHaveLength(6)
  expect(await store.countDueGuests({ now: dueAt - 1 })).toEqual([])
  expect(await store.countDueGuests({ now: dueAt })).toEqual([
    { collection: 'customers', stage: 'active', guests: 1 },
    { collection: 'users', stage: 'active', guests: 3 },
    { collection: 'users', stage: 'expired', guests: 1 },
  ])
})

contract('guests are moved on together, each with its notes', async (store) => {
  const kept = [await keepById(store), await keepById(store), await keepById(store)]
  const moves = kept.map(({ guest }) => aMove(guest, 'warned', { notes: [aNote(guest)] }))
  expect((await store.moveGuests({ guests: moves })).toSorted()).toEqual(
    idsOf(...kept.map(({ guest }) => guest)),
  )
  for (const [i, { guest, session }] of kept.entries()) {
    expect(await store.findGuest(guest)).toEqual({ ...guest, stage: 'warned', expiresAt: dueAt + 500 })
    expect(await store.listSessions({ ...guest, now })).toEqual([session])
    expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([moves[i]!.notes[0]!.audit])
  }
  expect(await due(store, dueAt + 499)).toEqual([])
  expect(await due(store, dueAt + 500)).toHaveLength(3)
})

contract('a guest who expires is signed out everywhere, and no other guest is', async (store) => {
  const [byId, other] = [await keepById(store), await keepById(store)]
  const byPasskey = await expired(store)
  expect(await store.moveGuests({ guests: [aMove(byId.guest, 'expired')] })).toHaveLength(1)
  for (const { guest } of [byId, byPasskey]) {
    expect((await store.findGuest(guest))!.stage).toBe('expired')
    expect(await store.listSessions({ ...guest, now })).toEqual([])
  }
  expect(await store.listSessions({ ...other.guest, now })).toHaveLength(1)
})

contract('a guest who changed since it was found due is left alone, and nothing is noted', async (store) => {
  const [seen, warned, gone, left] = [
    await keepById(store),
    await keepById(store),
    aKeeping(),
    await keepById(store),
  ]
  await store.touchSession({
    ...{ ...seen.guest, id: seen.session.id, now: now + 900, expiresAt: now + 1900 },
    retained: alike({ expiresAt: dueAt + 9000, dueAt: dueAt + 900 }),
  })
  await store.moveGuests({
    guests: [aMove(warned.guest, 'warned', { retained: { expiresAt: dueAt, dueAt } })],
  })
  const guests = [seen, warned, gone, left].map(({ guest }) =>
    aMove(guest, 'expired', { notes: [aNote(guest)] }),
  )
  expect(await store.moveGuests({ guests })).toEqual([left.guest.anonymousId])
  for (const { guest } of [seen, warned]) {
    expect(await store.listSessions({ ...guest, now })).toHaveLength(1)
    expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([])
  }
  expect(await store.listAudit({ anonymousId: null, since: 0, limit: 10 })).toEqual([
    guests[3]!.notes[0]!.audit,
  ])
})

contract('when twenty move the same guests at once, each guest is moved once', async (store) => {
  const guests: GuestRow[] = []
  for (let i = 0; i < 10; i++) guests.push((await keepById(store)).guest)
  const moved = await Promise.all(
    Array.from({ length: 20 }, (_, i) => {
      const order = i % 2 ? guests : guests.toReversed()
      return store.moveGuests({ guests: order.map((guest) => aMove(guest, 'warned')) })
    }),
  )
  expect(moved.flat().toSorted()).toEqual(idsOf(...guests))
})

contract('a guest who expires and is seen at the same time is either active or signed out', async (store) => {
  for (let round = 0; round < 10; round++) {
    const { guest, session } = await keepById(store)
    const [moved] = await Promise.all([
      store.moveGuests({ guests: [aMove(guest, 'expired')] }),
      store.touchSession({
        ...{ ...guest, id: session.id, now: now + 900, expiresAt: now + 1900 },
        retained: alike({ expiresAt: dueAt + 9000, dueAt: dueAt + 900 }),
      }),
    ])
    const { stage, expiresAt } = (await store.findGuest(guest))!
    const sessions = await store.listSessions({ ...guest, now })
    expect([stage, expiresAt! - now, sessions.length]).toEqual(
      moved.length > 0 ? ['expired', dueAt + 500 - now, 0] : ['active', dueAt + 9000 - now, 1],
    )
  }
})

contract('a passkey brings an expired guest back, and that is noted', async (store) => {
  const kept = await expired(store)
  const notes = [aNote(kept.guest, { action: 'guest.signed_in' })]
  const restored = [aNote(kept.guest, { action: 'guest.restored' })]
  const back = anAssertion(kept, { notes, restored })
  expect(await store.signInByProof(back)).toMatchObject({ outcome: 'signed_in', restored: true })
  expect(await store.findGuest(kept.guest)).toMatchObject({
    ...{ stage: 'active', expiresAt: promised.synced.expiresAt },
  })
  const told = await store.listAudit({ ...kept.guest, since: 0, limit: 10 })
  expect(told.map(({ action }) => action).toSorted()).toEqual(['guest.restored', 'guest.signed_in'])
  expect(await store.signInByProof(anAssertion(kept, { restored }))).toMatchObject({ restored: false })
})

contract('a session that is used while its guest expires does not bring the guest back', async (store) => {
  const { guest, to } = await expired(store)
  await store.touchSession({
    ...{ ...guest, id: to.id, now: dueAt, expiresAt: dueAt + 1000, retained: promised },
  })
  expect((await store.findGuest(guest))!.stage).toBe('expired')
  expect(await store.registerPasskey(aRegistration({ guest, from: stored(to) }))).toEqual({
    outcome: 'session_ended',
  })
})

const anErasure = ({ anonymousId }: GuestRow, notes: Note[] = []) => ({
  ...{ anonymousId, endedUntil: null, notes },
})

contract('guests whose grace is over are erased with all rows', async (store) => {
  const kept = []
  for (let i = 0; i < 40; i++) kept.push(await expired(store))
  const notes = kept.map(({ guest }) => [aNote(guest, { action: 'guest.erased' })])
  const guests = kept.map(({ guest }, i) => ({
    ...anErasure(guest, notes[i]!),
    endedUntil: i ? null : now + 99,
  }))
  expect(await store.eraseGuests({ now: dueAt + 499, guests }), 'the grace is not over yet').toEqual([])
  expect((await store.eraseGuests({ now: dueAt + 500, guests })).toSorted()).toEqual(
    idsOf(...kept.map(({ guest }) => guest)),
  )
  for (const [i, one] of kept.entries()) {
    expect(await everything(store, one)).toEqual({
      ...{ guest: undefined, passkeys: [], byCredential: undefined, sessions: [] },
      ...{ audit: [notes[i]![0]!.audit], sealedSessionEnded: i === 0 },
    })
  }
  expect(await store.eraseGuests({ now: dueAt + 500, guests })).toEqual([])
})

contract('neither a guest who came back is erased, nor one who never expired', async (store) => {
  const [back, active, over] = [await expired(store), await keepById(store), await expired(store)]
  await store.signInByProof(anAssertion(back))
  const guests = [back, active, over].map(({ guest }) => anErasure(guest, [aNote(guest)]))
  expect(await store.eraseGuests({ now: now + 9e9, guests })).toEqual([over.guest.anonymousId])
  for (const { guest } of [back, active]) {
    expect(await store.findGuest(guest)).toMatchObject({ stage: 'active' })
    expect(await store.listSessions({ ...guest, now })).toHaveLength(1)
    expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([])
  }
})

contract('a guest who is erased and signs in at the same time is either back or gone', async (store) => {
  for (let round = 0; round < 10; round++) {
    const kept = await expired(store)
    const [erased, signedIn] = await Promise.all([
      store.eraseGuests({ now: dueAt + 500, guests: [anErasure(kept.guest)] }),
      store.signInByProof(anAssertion(kept)),
    ])
    const { guest, passkeys, sessions } = await everything(store, kept)
    if (erased.length > 0) {
      expect(signedIn).toEqual({ outcome: 'unknown_credential' })
      expect([guest, passkeys, sessions]).toEqual([undefined, [], []])
    } else {
      expect(signedIn).toMatchObject({ outcome: 'signed_in', restored: true })
      expect(guest).toMatchObject({ stage: 'active' })
      expect([passkeys.length, sessions.length]).toEqual([1, 1])
    }
  }
})

contract('when twenty erase the same guests at once, each guest is erased once', async (store) => {
  const guests: GuestRow[] = []
  for (let i = 0; i < 10; i++) guests.push((await expired(store)).guest)
  const erased = await Promise.all(
    Array.from({ length: 20 }, (_, i) => {
      const order = i % 2 ? guests : guests.toReversed()
      return store.eraseGuests({ now: dueAt + 500, guests: order.map((guest) => anErasure(guest)) })
    }),
  )
  expect(erased.flat().toSorted()).toEqual(idsOf(...guests))
})

contract('a merged guest is erased once the merge can no longer be undone', async (store) => {
  const [left, kept] = [await keepById(store), (await keep(store)) as Kept]
  const merge = aMerge(left.guest, kept.guest, { status: 'pending' })
  await offerMerge(store, kept, merge)
  const undoUntil = dueAt + 700
  await store.finishMerge({ ...merge, profile: undefined, now, undoUntil, endedUntil: undoUntil, notes: [] })
  expect(await due(store, undoUntil - 1)).toEqual([])
  expect(await store.listDueGuests({ now: undoUntil, limit: 10 })).toMatchObject([
    { ...left.guest, stage: 'merged', expiresAt: undoUntil, dueAt: undoUntil },
  ])
  const guests = [anErasure(left.guest)]
  expect(await store.eraseGuests({ now: undoUntil - 1, guests })).toEqual([])
  expect(await store.eraseGuests({ now: undoUntil, guests })).toEqual(idsOf(left.guest))
  expect(await store.findMerge(merge)).toBeUndefined()
  expect(await store.findGuest(kept.guest)).toBeDefined()
})

contract('a guest without live sessions stays until its expiry', async (store) => {
  const guest = aGuest()
  const to = aSession(guest, { expiresAt: now + 10, endsAt: now + 10 })
  const { passkey } = await keep(store, { guest, to })
  await store.deleteExpired({ before: now + 9e6, auditBefore: now + 9e6, limit: 1000 })
  expect(await store.findSession(to)).toBeUndefined()
  expect(await store.findGuest(guest)).toEqual(guest)
  expect(await store.listPasskeys(guest)).toEqual([passkey])
})

contract(
  'a regular user with an expiry is never warned, expired or erased, and can lose that expiry',
  async (store) => {
    const retained = { expiresAt: dueAt, dueAt }
    const user = await keepById(store, { guest: aGuest({ promotedAt: now, expiresAt: dueAt }), retained })
    expect(await store.listDueGuests({ now: dueAt, limit: 10 })).toMatchObject([{ promotedAt: now }])
    expect(await store.countDueGuests({ now: dueAt })).toEqual([])
    const about = { guest: user.guest, passkey: aPasskey(user.guest) }
    const before = await everything(store, about)
    for (const to of ['warned', 'expired'] as const)
      expect(
        await store.moveGuests({ guests: [aMove(user.guest, to, { notes: [aNote(user.guest)] })] }),
      ).toEqual([])
    const end = { ...user.guest, endedUntil: null, notes: [aNote(user.guest)] }
    expect(await store.eraseGuests({ now: dueAt, guests: [end] })).toEqual([])
    expect(await everything(store, about)).toEqual(before)
    const forEver = { retained: { expiresAt: null, dueAt: null } }
    expect(await store.moveGuests({ guests: [aMove(user.guest, 'active', forEver)] })).toHaveLength(1)
    expect(await due(store, now + 9e9)).toEqual([])
  },
)
