// The contract of the stores for merges: offered, decided once, done once, and undone.

import { expect } from 'vitest'
import type { MergeRow, Store } from '../../../server/store/store.ts'
import {
  anAssertion,
  contract,
  everything,
  type Kept,
  keep,
  keepById,
  offerMerge,
  sealed,
  stored,
} from '../../support/contract.ts'
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
} from '../../support/store-rows.ts'

const atOnce = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)))

const tell = (store: Store, { anonymousId }: { anonymousId: string }, changes: Record<string, unknown>) =>
  store.patchProfile({
    ...{ anonymousId, changes, ifVersion: undefined, maxBytes: 1000, now, keep: undefined, notes: [] },
  })

const undoUntil = now + 700

const finish = (store: Store, merge: MergeRow, more: Partial<Parameters<Store['finishMerge']>[0]> = {}) =>
  store.finishMerge({
    ...merge,
    profile: undefined,
    now: now + 20,
    undoUntil,
    endedUntil: undoUntil,
    notes: [],
    ...more,
  })

const undo = (
  store: Store,
  { id, fromId }: MergeRow,
  more: Partial<Parameters<Store['undoMerge']>[0]> = {},
) =>
  store.undoMerge({
    ...{ id, guest: aGuest({ anonymousId: fromId }), session: undefined, retained: promised.none },
    ...{ now: now + 40, repeatUntil: now + 640, leaves: undefined, notes: [], ...more },
  })

/** A guest without a passkey, another guest, and a decided merge of the first into the second. */
async function decided(store: Store) {
  const [left, kept] = [await keepById(store), await keep(store)]
  const merge = aMerge(left.guest, kept.guest, { status: 'pending', claimedUntil: now + 60 })
  await offerMerge(store, kept, merge)
  return { left, kept, merge }
}

contract('a sign-in writes its merge', async (store) => {
  const { kept, merge } = await decided(store)
  expect(await store.findMerge(merge)).toEqual(merge)
  expect(await store.findMerge({ id: 'another' })).toBeUndefined()

  const offered = aMerge(aGuest(), kept.guest, { confirmed: false, recoverability: 'synced' })
  await offerMerge(store, kept, offered)
  expect(await store.findMerge(offered)).toEqual(offered)
})

contract(
  'with offerIfKept, the merge of a kept guest is only offered, whatever its session',
  async (store) => {
    const kept = await keep(store)
    const [byId, byPasskey, unkept] = [await keepById(store), await keep(store), aGuest()]
    for (const [guest, from, status] of [
      [byId.guest, sealed(byId.guest), 'offered'],
      [byPasskey.guest, stored(byPasskey.to), 'offered'],
      [unkept, sealed(unkept), 'pending'],
    ] as const) {
      const merge = aMerge(guest, kept.guest, { status: 'pending', claimedUntil: now + 60 })
      await offerMerge(store, kept, { ...merge, offerIfKept: true }, from)
      const claimedUntil = status === 'offered' ? 0 : now + 60
      expect(await store.findMerge(merge)).toEqual({ ...merge, status, claimedUntil })
    }
  },
)

contract('no merge is written across collections, nor by a refused sign-in', async (store) => {
  const kept = await keep(store)
  const foreign = aMerge(aGuest({ collection: 'customers' }), kept.guest)
  await offerMerge(store, kept, foreign)
  expect(await store.findMerge(foreign)).toBeUndefined()
  const left = aGuest()
  const [merge, from] = [aMerge(left, kept.guest), sealed(left)]
  for (const refused of [{ spent: kept.spent }, { credentialId: 'another' }, { maxSessions: 0 }]) {
    const { outcome } = await store.signInByProof(anAssertion(kept, { merge, from, ...refused }))
    expect(outcome).not.toBe('signed_in')
    expect(await store.findMerge(merge)).toBeUndefined()
  }
})

contract(
  'when twenty sign-ins leave one session, only the one that ends it writes a merge',
  async (store) => {
    const [byId, byPasskey, sealedOne] = [await keepById(store), await keep(store), aGuest()]
    for (const [guest, from] of [
      [sealedOne, sealed(sealedOne)],
      [byId.guest, sealed(byId.guest)],
      [byPasskey.guest, stored(byPasskey.to)],
    ] as const) {
      const kept = await keep(store)
      const merges = Array.from({ length: 20 }, () => aMerge(guest, kept.guest))
      const signedIn = await atOnce(20, (i) =>
        store.signInByProof(anAssertion(kept, { from, merge: merges[i], maxSessions: 100 })),
      )
      expect(signedIn.map(({ outcome }) => outcome)).toEqual(Array(20).fill('signed_in'))
      expect(signedIn.filter((one) => 'mergeable' in one && one.mergeable)).toHaveLength(1)
      const written = await Promise.all(merges.map(({ id }) => store.findMerge({ id })))
      expect(written.map((one) => one !== undefined)).toEqual(
        signedIn.map((one) => 'mergeable' in one && one.mergeable),
      )
      expect(await store.listSessions({ ...guest, now })).toEqual([])
    }
  },
)

contract('when twenty claim a merge at once, one gets it', async (store) => {
  const kept = await keep(store)
  const merge = aMerge(aGuest(), kept.guest)
  await offerMerge(store, kept, merge)
  const claim = (at: number) => store.claimMerge({ ...merge, now: at, until: at + 60, expiresAt: now + 5000 })
  const claimed = await atOnce(20, () => claim(now))
  expect(claimed.filter(Boolean)).toHaveLength(1)
  expect(await store.findMerge(merge)).toMatchObject({
    ...{ status: 'pending', claimedUntil: now + 60, expiresAt: now + 5000 },
  })
  expect(await claim(now + 59)).toBe(false)
  expect((await atOnce(20, () => claim(now + 60))).filter(Boolean), 'the first claim is over').toHaveLength(1)
})

contract('a guest who can now come back is not merged without being asked', async (store) => {
  const [left, kept] = [await keep(store), await keep(store)]
  const merge = aMerge(left.guest, kept.guest, { status: 'pending' })
  await offerMerge(store, kept, merge, stored(left.to))
  const notes = [aNote(kept.guest)]
  expect(await finish(store, merge, { notes })).toBe('recoverable')
  expect(await store.findMerge(merge)).toEqual({ ...merge, recoverability: 'passkey', confirmed: false })
  expect(await store.findGuest(left.guest)).toEqual(left.guest)
  expect((await everything(store, kept)).audit).toEqual([])
})

contract(
  'a merge needs a new confirmation if its guest got a first passkey since the offer',
  async (store) => {
    for (const recoverability of ['none', 'device']) {
      const [left, kept] = [await keep(store), await keep(store)]
      const merge = aMerge(left.guest, kept.guest, { recoverability, provenUntil: now + 60 })
      await offerMerge(store, kept, merge, stored(left.to))
      const claimedUntil = now + 60
      expect(await store.claimMerge({ ...merge, now, until: claimedUntil, expiresAt: now + 600 })).toBe(true)
      expect(await finish(store, { ...merge, claimedUntil })).toBe('recoverable')
      expect(await store.findMerge(merge)).toMatchObject({ recoverability: 'passkey', confirmed: false })
      expect(await store.findGuest(left.guest)).toEqual(left.guest)
    }
  },
)

contract(
  'a passkey proof must be fresh at the first claim, and then counts as long as the decision',
  async (store) => {
    const [left, kept] = [await keep(store), await keep(store)]
    const proven = { recoverability: 'passkey', provenUntil: now + 5 }
    const merge = aMerge(left.guest, kept.guest, proven)
    await offerMerge(store, kept, merge, stored(left.to))
    const claim = (at: number) =>
      store.claimMerge({ ...merge, now: at, until: at + 60, expiresAt: now + 900 })
    expect(await claim(now + 6)).toBe(false)
    expect(await store.findMerge(merge)).toEqual(merge)
    expect(await claim(now + 5)).toBe(true)
    expect(await claim(now + 65), 'the first claim is over').toBe(true)
    expect(await finish(store, { ...merge, claimedUntil: now + 125 })).toBe('merged')
  },
)

contract('a merge records how its guest could come back when it was done', async (store) => {
  const [left, kept] = [await keepById(store), await keep(store)]
  const merge = aMerge(left.guest, kept.guest, { recoverability: 'device', status: 'pending' })
  await offerMerge(store, kept, merge)
  expect(await finish(store, merge)).toBe('merged')
  expect(await store.findMerge(merge)).toMatchObject({ status: 'merged', recoverability: 'none' })
})

contract('a released merge is an offer again', async (store) => {
  const { merge, kept } = await decided(store)
  const note = aNote(kept.guest, { action: 'guest.merged', outcome: 'merge_refused' })
  await store.releaseMerge({ ...merge, note })
  expect(await store.findMerge(merge)).toEqual({ ...merge, status: 'offered', claimedUntil: 0 })
  expect((await everything(store, kept)).audit).toEqual([note.audit])
  expect(await finish(store, merge), 'the merge is no longer decided').toBe('gone')
  expect(await store.claimMerge({ ...merge, now, until: now + 60, expiresAt: now + 600 })).toBe(true)
})

contract(
  'a refused offer has its own expiry and its own passkey proof again, however often it was claimed',
  async (store) => {
    const [left, kept] = [await keep(store), await keep(store)]
    const merge = aMerge(left.guest, kept.guest, { recoverability: 'passkey', provenUntil: now + 300 })
    await offerMerge(store, kept, merge, stored(left.to))
    const claim = (at: number) =>
      store.claimMerge({ ...merge, now: at, until: at + 60, expiresAt: now + 86_400 })
    const refuse = (claimedUntil: number) =>
      store.releaseMerge({ ...merge, claimedUntil, note: aNote(kept.guest) })
    expect(await claim(now)).toBe(true)
    expect(await store.findMerge(merge)).toMatchObject({ expiresAt: now + 86_400, provenUntil: now + 300 })
    await refuse(now + 60)
    expect(await store.findMerge(merge)).toEqual(merge)

    expect(await claim(now + 300)).toBe(true)
    expect(await claim(now + 360), 'the decided merge outlives the proof').toBe(true)
    await refuse(now + 420)
    expect(await store.findMerge(merge)).toEqual(merge)
    expect(await claim(now + 301), 'the proof is too old for the offer').toBe(false)
    expect(await store.findMerge(merge)).toEqual(merge)
  },
)

contract('a process that lost its claim neither releases the merge nor does it', async (store) => {
  const { merge, kept } = await decided(store)
  expect(await store.claimMerge({ ...merge, now: now + 60, until: now + 120, expiresAt: now })).toBe(true)
  const claimed = { ...merge, claimedUntil: now + 120 }
  const note = aNote(kept.guest)
  await store.releaseMerge({ ...merge, note })
  expect(await finish(store, merge)).toBe('taken')
  expect(await store.findMerge(merge), 'the decision keeps its expiry').toEqual(claimed)
  expect((await everything(store, kept)).audit).toEqual([])
  expect(await finish(store, claimed)).toBe('merged')
})

contract('the refusal of a merge is noted once, however often it is refused', async (store) => {
  const { merge, kept } = await decided(store)
  const claim = (until: number) => store.claimMerge({ ...merge, now, until, expiresAt: now + 600 })
  const notes = [60, 70, 80].map((seconds) => aNote(kept.guest, { at: now + seconds }))
  await store.releaseMerge({ ...merge, note: notes[0]! })
  for (const [i, seconds] of [70, 80].entries()) {
    expect(await claim(now + seconds)).toBe(true)
    const again = { ...merge, claimedUntil: now + seconds, note: notes[i + 1]! }
    await store.releaseMerge(again)
  }
  expect((await everything(store, kept)).audit).toEqual([notes[0]!.audit])
})

contract('lists the merges into a guest', async (store) => {
  const [one, other] = [await decided(store), await decided(store)]
  const second = aMerge(aGuest(), one.kept.guest)
  await offerMerge(store, one.kept, second)
  const merges = await store.listMerges(one.kept.guest)
  expect(merges.toSorted((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))).toEqual(
    [one.merge, second].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  )
  expect(await store.listMerges(other.kept.guest)).toEqual([other.merge])
  expect(await store.listMerges(one.left.guest)).toEqual([])
})

contract(
  'the sessions of a merged guest are put aside, and come back when the merge is undone',
  async (store) => {
    const [left, kept] = [await keep(store), await keep(store)]
    const elsewhere = anAssertion(left)
    await store.signInByProof(elsewhere)
    const merge = aMerge(left.guest, kept.guest, { status: 'pending', recoverability: 'passkey' })
    await offerMerge(store, kept, merge, stored(left.to))
    expect(await finish(store, merge)).toBe('merged')
    const { anonymousId } = left.guest
    expect(await store.findSession(elsewhere.to)).toBeUndefined()
    const wasMerged = (sessionId: string) => store.wasMerged({ anonymousId, sessionId, now })
    expect(await wasMerged(elsewhere.to.id), 'the session is known to be merged').toBe(true)
    expect(await wasMerged(left.to.id), 'this session had ended before').toBe(false)
    expect(await wasMerged('another')).toBe(false)
    expect(await undo(store, merge)).toBe('undone')
    expect(await store.findSession(elsewhere.to)).toMatchObject(elsewhere.to)
    expect(await store.listSessions({ anonymousId, now })).toHaveLength(1)
    expect(await wasMerged(elsewhere.to.id)).toBe(false)
  },
)

contract('a merge that was done or undone is neither claimed nor released', async (store) => {
  const { merge, left } = await decided(store)
  await finish(store, merge)
  const tryBoth = async () => {
    expect(await store.claimMerge({ ...merge, now: now + 9e6, until: now + 9e6, expiresAt: now + 9e6 })).toBe(
      false,
    )
    const before = await store.findMerge(merge)
    await store.releaseMerge({ ...merge, note: aNote(left.guest) })
    expect(await store.findMerge(merge)).toEqual(before)
  }
  await tryBoth()
  expect(await undo(store, merge)).toBe('undone')
  await tryBoth()
})

contract('when twenty finish a merge at once, one does it', async (store) => {
  const { left, kept, merge } = await decided(store)
  const notes = [aNote(kept.guest, { action: 'guest.merged' })]
  const outcomes = await atOnce(20, () => finish(store, merge, { notes }))
  expect(outcomes.toSorted()).toEqual(['merged', ...Array(19).fill('void')])
  expect(await store.findMerge(merge)).toEqual({
    ...{ ...merge, status: 'merged', claimedUntil: 0, expiresAt: undoUntil },
  })
  expect(await store.findGuest(left.guest)).toEqual({
    ...{ ...left.guest, stage: 'merged', expiresAt: undoUntil },
  })
  expect(await store.listSessions({ ...left.guest, now })).toEqual([])
  expect((await everything(store, kept)).audit).toEqual([notes[0]!.audit])
  expect(await store.findGuest(kept.guest)).toMatchObject({ stage: 'active' })
})

contract('a merged guest is known as merged while the merge can be undone', async (store) => {
  const { left, kept, merge } = await decided(store)
  const { anonymousId } = left.guest
  expect(await store.wasMerged({ anonymousId, now })).toBe(false)
  await finish(store, merge)
  expect(await store.wasMerged({ anonymousId, now: undoUntil - 1 })).toBe(true)
  expect(await store.wasMerged({ anonymousId, now: undoUntil })).toBe(false)
  expect(await store.wasMerged({ ...kept.guest, now })).toBe(false)
})

contract('a merged guest can do nothing until the merge is undone', async (store) => {
  const [left, kept] = [await keep(store), await keep(store)]
  const merge = aMerge(left.guest, kept.guest, { status: 'pending', recoverability: 'passkey' })
  await offerMerge(store, kept, merge, stored(left.to))
  await finish(store, merge)
  const before = await everything(store, left)
  const signIn = anAssertion(left, { notes: [aNote(left.guest)], from: sealed(aGuest()) })
  expect(await store.signInByProof(signIn)).toEqual({ outcome: 'merged' })
  expect(await store.sealedSessionEnded(signIn.from!)).toBe(false)
  expect(await tell(store, left.guest, { nickname: 'Fox' })).toEqual({ outcome: 'ended' })
  for (const from of [stored(left.to), sealed(left.guest)]) {
    const more = aRegistration({ guest: left.guest, passkey: aPasskey(left.guest), from })
    expect(await store.registerPasskey(more)).toEqual({ outcome: 'session_ended' })
  }
  await store.touchSession({
    ...{ ...left.guest, id: left.to.id, now: now + 900, expiresAt: now + 900, retained: promised },
  })
  expect(await everything(store, left)).toEqual(before)
  expect(await undo(store, merge)).toBe('undone')
  expect(await store.signInByProof(signIn), 'its challenge is not used up').toMatchObject({
    ...{ outcome: 'signed_in', restored: false },
  })
})

contract('a guest without a row is merged too', async (store) => {
  const [guest, kept] = [aGuest(), await keep(store)]
  const merge = aMerge(guest, kept.guest, { status: 'pending' })
  await offerMerge(store, kept, merge)
  expect(await finish(store, merge)).toBe('merged')
  expect(await store.findGuest(guest)).toBeUndefined()
  expect(await store.wasMerged({ ...guest, now })).toBe(true)
})

contract('nobody is merged twice, or into a guest who is merged or erased', async (store) => {
  const [left, kept, other] = [await keep(store), await keep(store), await keep(store)]
  const second = anAssertion(left)
  await store.signInByProof(second)
  const pending = { status: 'pending', recoverability: 'passkey' } as const
  const first = aMerge(left.guest, kept.guest, pending)
  const again = aMerge(left.guest, other.guest, pending)
  const onwards = aMerge(kept.guest, other.guest, pending)
  const late = aMerge(aGuest(), kept.guest, pending)
  await offerMerge(store, kept, first, stored(left.to))
  await offerMerge(store, other, again, stored(second.to))
  await offerMerge(store, other, onwards, stored(kept.to))
  await offerMerge(store, kept, late)
  expect(await finish(store, first)).toBe('merged')
  expect(await finish(store, again)).toBe('gone')
  expect(await finish(store, onwards)).toBe('merged')
  expect(await finish(store, late)).toBe('gone')
  expect(await store.findMerge(late)).toMatchObject({ status: 'pending' })

  const last = aMerge(aGuest(), other.guest, pending)
  await offerMerge(store, other, last)
  await store.eraseGuest({ ...other.guest, endedUntil: null, notes: [], by: undefined })
  expect(await finish(store, last)).toBe('gone')
})

contract('when two guests are merged into each other at once, only one merge is done', async (store) => {
  for (let round = 0; round < 10; round++) {
    const [one, other] = [await keep(store), await keep(store)]
    const pending = { status: 'pending', recoverability: 'passkey' } as const
    const there = aMerge(one.guest, other.guest, pending)
    const back = aMerge(other.guest, one.guest, pending)
    await offerMerge(store, other, there, stored(one.to))
    await offerMerge(store, one, back, stored(other.to))
    const outcomes = await Promise.all([finish(store, there), finish(store, back)])
    expect(outcomes.toSorted()).toEqual(['gone', 'merged'])
    const stages = await Promise.all([one, other].map(({ guest }) => store.findGuest(guest)))
    expect(stages.map((guest) => guest!.stage).toSorted()).toEqual(['active', 'merged'])
  }
})

contract('two profiles are joined only if neither has changed since it was read', async (store) => {
  const { left, kept, merge } = await decided(store)
  await tell(store, left.guest, { nickname: 'Fox', age: 7 })
  await tell(store, kept.guest, { nickname: 'Hen' })
  const attributes = { nickname: 'Hen', age: 7 }
  const whole = { guest: left.guest, passkey: kept.passkey }
  const before = [await everything(store, whole), await store.findProfile(kept.guest)]
  for (const profile of [
    undefined,
    { attributes, fromVersion: 0, intoVersion: 1 },
    { attributes, fromVersion: 2, intoVersion: 1 },
    { attributes, fromVersion: 1, intoVersion: 0 },
    { attributes, fromVersion: 1, intoVersion: 2 },
  ])
    expect(await finish(store, merge, { profile, notes: [aNote(kept.guest)] })).toBe('stale')
  expect([await everything(store, whole), await store.findProfile(kept.guest)]).toEqual(before)
  expect((await everything(store, kept)).audit).toEqual([])

  const profile = { attributes, fromVersion: 1, intoVersion: 1 }
  expect(await finish(store, merge, { profile })).toBe('merged')
  expect(await store.findProfile(kept.guest)).toEqual({
    ...{ anonymousId: kept.guest.anonymousId, version: 2, attributes, updatedAt: now + 20 },
  })
})

contract('if only one of the two guests has a profile, that profile is the result', async (store) => {
  const [{ left, kept, merge }, second] = [await decided(store), await decided(store)]
  await tell(store, kept.guest, { nickname: 'Hen' })
  expect(await finish(store, merge)).toBe('merged')
  expect((await store.findProfile(kept.guest))!.version).toBe(1)
  expect(await store.findProfile(left.guest)).toBeUndefined()

  await tell(store, second.left.guest, { nickname: 'Fox' })
  const profile = { attributes: { nickname: 'Fox' }, fromVersion: 1, intoVersion: 0 }
  expect(await finish(store, second.merge, { profile })).toBe('merged')
  expect(await store.findProfile(second.kept.guest)).toMatchObject({
    version: 1,
    ...{ attributes: { nickname: 'Fox' } },
  })
})

contract('a profile that changes during the merge is merged whole or not at all', async (store) => {
  for (let round = 0; round < 10; round++) {
    const { left, kept, merge } = await decided(store)
    await tell(store, left.guest, { nickname: 'Fox' })
    const profile = { attributes: { nickname: 'Fox' }, fromVersion: 1, intoVersion: 0 }
    const [outcome, changed] = await Promise.all([
      finish(store, merge, { profile }),
      tell(store, left.guest, { nickname: 'Hen' }),
    ])
    expect([outcome, changed.outcome]).toEqual(
      changed.outcome === 'changed' ? ['stale', 'changed'] : ['merged', 'ended'],
    )
    expect((await store.findGuest(left.guest))!.stage).toBe(outcome === 'merged' ? 'merged' : 'active')
    expect(await store.findProfile(kept.guest)).toEqual(
      outcome === 'merged' ? expect.objectContaining({ attributes: { nickname: 'Fox' } }) : undefined,
    )
  }
})

contract('undoing a merge brings back the guest and both profiles as they were', async (store) => {
  const { left, kept, merge } = await decided(store)
  await tell(store, left.guest, { nickname: 'Fox', age: 7 })
  await tell(store, kept.guest, { nickname: 'Hen', town: 'Ulm' })
  const [theirs, ours] = [await store.findProfile(left.guest), await store.findProfile(kept.guest)]
  const attributes = { nickname: 'Fox', age: 7, town: 'Ulm' }
  await finish(store, merge, { profile: { attributes, fromVersion: 1, intoVersion: 1 } })

  const notes = [aNote(left.guest, { action: 'guest.merge_undone' })]
  const { session } = left
  expect(await undo(store, merge, { notes, session })).toBe('undone')
  expect(await store.findGuest(left.guest)).toEqual({ ...left.guest, lastSeenAt: now + 40 })
  expect(await store.listSessions({ ...left.guest, now })).toEqual([session])
  expect(await store.findProfile(left.guest)).toEqual(theirs)
  expect(await store.findProfile(kept.guest)).toEqual({ ...ours, version: 3, updatedAt: now + 40 })
  expect(await store.wasMerged({ ...left.guest, now })).toBe(false)
  expect(await store.findMerge(merge)).toMatchObject({ status: 'undone', expiresAt: now + 640 })
  expect(await store.listAudit({ ...left.guest, since: 0, limit: 10 })).toEqual([notes[0]!.audit])
  expect(await store.listDueGuests({ now: promised.none.dueAt! - 1, limit: 10 })).toEqual([])
})

contract('undoing a merge keeps the attributes that changed since', async (store) => {
  const { left, kept, merge } = await decided(store)
  await tell(store, left.guest, { nickname: 'Fox', age: 7, town: 'Ulm' })
  const attributes = { nickname: 'Fox', age: 7, town: 'Ulm' }
  await finish(store, merge, { profile: { attributes, fromVersion: 1, intoVersion: 0 } })
  await tell(store, kept.guest, { nickname: 'Otter', age: null, food: 'fish' })
  expect(await undo(store, merge)).toBe('undone')
  expect((await store.findProfile(kept.guest))!.attributes).toEqual({ nickname: 'Otter', food: 'fish' })
})

contract('undoing a merge gives a guest without a row a row and a session', async (store) => {
  const [{ guest, session }, kept] = [aKeeping(), await keep(store)]
  const merge = aMerge(guest, kept.guest, { status: 'pending' })
  await offerMerge(store, kept, merge)
  await finish(store, merge)
  expect(await undo(store, merge, { guest, session })).toBe('undone')
  expect(await store.findGuest(guest)).toEqual(guest)
  expect(await store.findSession(session)).toMatchObject(session)
})

contract('the session that an undo replaces ends at repeatUntil', async (store) => {
  const { left, kept, merge } = await decided(store)
  await finish(store, merge)
  const short = anAssertion(kept, { to: aSession(kept.guest, { endsAt: now + 500, expiresAt: now + 500 }) })
  await store.signInByProof(short)
  const ends = async ({ to }: Pick<Kept, 'to'>) => {
    const { expiresAt, endsAt } = (await store.findSession(to))!
    return [expiresAt - now, endsAt - now]
  }
  expect(await undo(store, merge, { session: left.session, leaves: kept.to })).toBe('undone')
  expect(await ends(kept)).toEqual([640, 640])
  expect(await ends(short), 'another session of that guest').toEqual([500, 500])
})

contract('a merge is undone once, within its time, and only if it was done', async (store) => {
  const { merge } = await decided(store)
  expect(await undo(store, merge), 'the merge is not done yet').toBe('gone')
  expect(await undo(store, { ...merge, id: 'another' })).toBe('gone')
  await finish(store, merge)
  expect(await undo(store, merge, { now: undoUntil })).toBe('gone')
  const undone = await atOnce(20, () => undo(store, merge, { now: undoUntil - 1 }))
  expect(undone.filter((outcome) => outcome === 'undone')).toHaveLength(1)
  expect(await undo(store, merge)).toBe('gone')
})

contract('a stranded guest is erased with the guest into whom it was to be merged', async (store) => {
  const kept = await keep(store)
  const [stranded, elsewhere, byPasskey] = [await keepById(store), await keepById(store), await keep(store)]
  const [refused, imported, onlyOffered] = [
    await keepById(store),
    await keepById(store),
    await keepById(store),
  ]
  await offerMerge(store, kept, aMerge(onlyOffered.guest, kept.guest))
  for (const { guest } of [stranded, imported])
    await offerMerge(store, kept, aMerge(guest, kept.guest, { status: 'pending' }))
  const refusal = aMerge(refused.guest, kept.guest, { status: 'pending' })
  await offerMerge(store, kept, refusal)
  await store.releaseMerge({ ...refusal, note: aNote(kept.guest) })
  const { anonymousId } = elsewhere.guest
  await store.signInByProof({
    ...{ proof: { by: 'host' }, from: undefined, to: aSession(elsewhere.guest), maxSessions: 9, now },
    ...{ merge: undefined, notes: [], retained: promised },
    restored: [],
  })
  for (const guest of [elsewhere.guest, byPasskey.guest])
    await offerMerge(store, kept, aMerge(guest, kept.guest, { status: 'pending' }))
  const all = [stranded, refused, imported].map(({ guest }) => guest.anonymousId)
  const strandedAt = async (at: number) => (await store.listStranded({ ...kept.guest, now: at })).toSorted()
  expect(await strandedAt(now)).toEqual(all.toSorted())
  expect(await strandedAt(now + 5000)).toEqual([...all, anonymousId].toSorted())

  const erasure = ({ anonymousId }: { anonymousId: string }) => ({ anonymousId, endedUntil: null, notes: [] })
  const spared = [imported.guest.anonymousId]
  const erase = (guests: { anonymousId: string }[]) =>
    store.eraseGuest({
      ...{ ...erasure(kept.guest), by: undefined },
      alongside: { now, guests: guests.map(erasure), spared },
    })
  expect(await erase([])).toBe('stale')
  expect(await erase([refused.guest, elsewhere.guest]), 'another guest').toBe('stale')
  expect(await store.findGuest(kept.guest)).toBeDefined()
  expect(await erase([stranded.guest, refused.guest])).toBe('erased')
  const erased = [kept, stranded, refused].map(({ guest }) => store.findGuest(guest))
  expect(await Promise.all(erased)).toEqual([undefined, undefined, undefined])
  const left = [elsewhere, byPasskey, imported, onlyOffered].map(({ guest }) => store.findGuest(guest))
  expect((await Promise.all(left)).map(Boolean)).toEqual([true, true, true, true])
})

contract('a merge into a guest who was erased since cannot be undone', async (store) => {
  const { left, kept, merge } = await decided(store)
  await finish(store, merge)
  await store.eraseGuest({ ...kept.guest, endedUntil: null, notes: [], by: undefined })
  expect(await undo(store, merge)).toBe('gone')
  expect(await store.findGuest(left.guest)).toBeUndefined()
})

contract('after an undo and an erasure at once the guest is back or gone', async (store) => {
  for (let round = 0; round < 10; round++) {
    const { left, kept, merge } = await decided(store)
    await finish(store, merge)
    const [undone] = await Promise.all([
      undo(store, merge),
      store.eraseGuest({ ...kept.guest, endedUntil: null, notes: [], by: undefined }),
    ])
    expect(await store.findGuest(kept.guest)).toBeUndefined()
    const guest = await store.findGuest(left.guest)
    if (undone === 'undone') expect(guest).toMatchObject({ stage: 'active' })
    else expect(guest).toBeUndefined()
  }
})

contract('finds a decided merge that no process holds', async (store) => {
  const kept = await keep(store)
  const later = { status: 'pending', expiresAt: now + 5000 } as const
  const abandoned = aMerge(aGuest(), kept.guest, { ...later, claimedUntil: now + 60 })
  for (const merge of [
    abandoned,
    aMerge(aGuest(), kept.guest, { ...later, claimedUntil: now + 200 }),
    aMerge(aGuest(), kept.guest, { ...later, expiresAt: now + 60 }),
    aMerge(aGuest(), kept.guest, { expiresAt: now + 5000 }),
  ])
    await offerMerge(store, kept, merge)
  const done = aMerge(aGuest(), kept.guest, later)
  await offerMerge(store, kept, done)
  await finish(store, done)
  const pending = (at: number, limit = 10) => store.listPendingMerges({ now: at, limit })
  expect(await pending(now + 59)).toHaveLength(1) // only the merge that expires at now + 60
  expect(await pending(now + 60)).toEqual([abandoned])
  expect(await pending(now + 200)).toHaveLength(2)
  expect(await pending(now + 200, 1)).toHaveLength(1)
})

contract('the clean-up deletes expired merges', async (store) => {
  const { merge } = await decided(store)
  const sweep = (before: number) => store.deleteExpired({ before, auditBefore: 0, limit: 100 })
  await sweep(now + 600)
  expect(await store.findMerge(merge)).toBeDefined()
  await sweep(now + 601)
  expect(await store.findMerge(merge)).toBeUndefined()
  expect(await finish(store, merge)).toBe('gone')
})
