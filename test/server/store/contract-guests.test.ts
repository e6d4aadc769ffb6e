// The contract of the stores for guests: how they are kept, seen and erased, their profiles and their snoozed prompts.

import { expect } from 'vitest'
import type { GuestRow, Note, SessionRef, Store } from '../../../server/store/store.ts'
import {
  anAssertion,
  contract,
  everything,
  keep,
  keepById,
  offerMerge,
  sealed,
  stored,
} from '../../support/contract.ts'
import {
  aDelivery,
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

/** The next midnight: `now` is eight o'clock in the morning, UTC. */
const midnight = now + 16 * 3600

const atOnce = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)))

contract(
  'a guest is kept, and the session that the browser carries goes on as a stored one',
  async (store) => {
    const keeping = await keepById(store)
    const { guest, session } = keeping
    const { anonymousId, label, collection } = guest
    expect(await store.findGuest(guest)).toEqual(guest)
    expect(await store.listSessions({ anonymousId, now })).toEqual([session])
    expect(await store.sealedSessionEnded({ anonymousId })).toBe(true)
    expect(await store.findSession({ anonymousId, id: anonymousId })).toEqual({
      ...session,
      ...{
        label,
        collection,
        guestExpiresAt: promised.none.expiresAt,
        promotedAt: null,
        recoverability: 'none',
      },
    })
  },
)

contract('a guest who has a row is not kept again, and nothing changes', async (store) => {
  const [byId, byPasskey] = [await keepById(store), await keep(store)]
  for (const { guest } of [byId, byPasskey]) {
    const passkey = aPasskey(guest)
    const before = await everything(store, { guest, passkey })
    const again = aKeeping({ guest: { ...guest, label: 'another' }, notes: [aNote(guest)] })
    expect(await store.keepGuest(again)).toBe('known')
    expect(await everything(store, { guest, passkey })).toEqual(before)
  }
})

contract('a guest whose sealed session has ended is not kept', async (store) => {
  const guest = aGuest()
  await store.endSession(sealed(guest))
  expect(await store.keepGuest(aKeeping({ guest, notes: [aNote(guest)] }))).toBe('ended')
  expect(await everything(store, { guest, passkey: aPasskey(guest) })).toMatchObject({
    ...{ guest: undefined, sessions: [], audit: [], sealedSessionEnded: true },
  })
})

contract('a guest who is new with this request is kept alike', async (store) => {
  const { guest, session } = await keepById(store, { isNew: true })
  expect(await store.findGuest(guest)).toEqual(guest)
  expect(await store.sealedSessionEnded(guest), 'the session lives in its row alone').toBe(true)
  expect(await store.endSession(stored(session))).toBe(true)
  expect(await store.keepGuest(aKeeping({ guest }))).toBe('known')
})

contract(
  'when twenty keep a guest at once, one does it and the others hear that it is done',
  async (store) => {
    const guest = aGuest()
    const outcomes = await atOnce(20, () => store.keepGuest(aKeeping({ guest, notes: [aNote(guest)] })))
    expect(outcomes.toSorted()).toEqual(['kept', ...Array(19).fill('known')])
    expect(await store.listSessions({ ...guest, now })).toHaveLength(1)
    expect(await store.listAudit({ ...guest, since: 0, limit: 100 })).toHaveLength(1)
  },
)

contract('a guest who is kept and signs out at the same time has no session', async (store) => {
  for (let round = 0; round < 10; round++) {
    const guest = aGuest()
    const [kept, ended] = await Promise.all([
      store.keepGuest(aKeeping({ guest })),
      store.endSession(sealed(guest)),
    ])
    expect(ended).toBe(true)
    expect(['kept', 'ended']).toContain(kept)
    expect(await store.listSessions({ ...guest, now })).toEqual([])
    expect(await store.endSession(sealed(guest))).toBe(false)
  }
})

contract(
  'a first passkey replaces the carried session, and a second passkey is then refused in it',
  async (store) => {
    const { guest, session } = await keepById(store)
    const first = aRegistration({ guest, from: sealed(guest) })
    const { expiresAt: guestExpiresAt } = promised.passkey
    expect(await store.registerPasskey(first)).toEqual({
      ...{ outcome: 'added', first: true, kept: false, guestExpiresAt, revoked: [] },
    })
    expect(await store.listSessions({ ...guest, now })).toEqual([first.to])
    expect(await store.findSession(session)).toBeUndefined()
    const second = aRegistration({ guest, from: sealed(guest) })
    expect(await store.registerPasskey(second)).toEqual({ outcome: 'session_ended' })
  },
)

contract('a sign-in ends the carried session of a kept guest', async (store) => {
  const [left, kept] = [await keepById(store), await keep(store)]
  await store.signInByProof(anAssertion(kept, { from: sealed(left.guest) }))
  expect(await store.listSessions({ ...left.guest, now })).toEqual([])
  expect(await store.findGuest(left.guest)).toEqual(left.guest)
})

contract('how long a guest is kept depends on how the guest can come back', async (store) => {
  const expiry = async (guest: GuestRow) => (await store.findGuest(guest))!.expiresAt
  const byId = await keepById(store)
  expect(await expiry(byId.guest)).toBe(promised.none.expiresAt)

  const kept = await keep(store)
  expect(await expiry(kept.guest)).toBe(promised.passkey.expiresAt)
  const synced = aPasskey(kept.guest, { backedUp: true })
  await store.registerPasskey(aRegistration({ ...kept, passkey: synced, from: stored(kept.to) }))
  expect(await expiry(kept.guest)).toBe(promised.passkey.expiresAt)
  const { guest } = kept
  await store.registerPasskey(aRegistration({ guest, passkey: synced, from: stored(kept.to) }))
  expect(await expiry(guest)).toBe(promised.synced.expiresAt)
  const { guestExpiresAt } = (await store.findSession(kept.to))!
  expect(guestExpiresAt).toBe(promised.synced.expiresAt)

  const other = await keep(store)
  await store.signInByProof(anAssertion(other, { backedUp: false }))
  expect(await expiry(other.guest)).toBe(promised.passkey.expiresAt)
  await store.signInByProof(anAssertion(other, { backedUp: true }))
  expect(await expiry(other.guest)).toBe(promised.synced.expiresAt)
})

/** Uses a session, `seconds` after it began. */
const touch = (store: Store, { guest, id }: { guest: GuestRow; id: string }, seconds: number, more = {}) =>
  store.touchSession({
    ...{ ...guest, id, now: now + seconds, expiresAt: now + seconds + 1000 },
    retained: alike({ expiresAt: now + seconds + 10_000, dueAt: now + seconds + 8000 }),
    ...more,
  })

contract('use extends the expiry of a guest and takes back a warning', async (store) => {
  const { guest, to } = await keep(store)
  const { anonymousId } = guest
  const { dueAt } = promised.passkey
  const warned = { stage: 'active', to: 'warned', retained: promised.passkey } as const
  await store.moveGuests({ guests: [{ anonymousId, dueAt: dueAt!, ...warned, notes: [] }] })
  expect((await store.findGuest(guest))!.stage).toBe('warned')
  await touch(store, { guest, id: to.id }, 900)
  expect(await store.findGuest(guest)).toEqual({
    ...{ ...guest, lastSeenAt: now + 900, expiresAt: now + 10_900 },
  })
  expect((await store.findSession(to))!.guestExpiresAt).toBe(now + 10_900)
  expect(await store.listDueGuests({ now: now + 8899, limit: 10 })).toEqual([])
  expect(await store.listDueGuests({ now: now + 8900, limit: 10 })).toHaveLength(1)
})

contract('use of a session that has ended does not count as seeing the guest', async (store) => {
  const kept = await keep(store)
  await store.endSession(stored(kept.to))
  await touch(store, { guest: kept.guest, id: kept.to.id }, 900)
  expect(await store.findGuest(kept.guest)).toEqual(kept.guest)
})

contract('days seen are counted by UTC days', async (store) => {
  const guest = aGuest()
  const { to } = await keep(store, { guest, to: aSession(guest, { endsAt: now + 9e6 }) })
  const daysAfter = async (at: number) => {
    await touch(store, { guest, id: to.id }, at - now)
    const { daysSeen, lastSeenAt } = (await store.findGuest(guest))!
    return [daysSeen, lastSeenAt - now]
  }
  const day = 86_400
  expect(await daysAfter(midnight - 1)).toEqual([1, midnight - 1 - now])
  expect(await daysAfter(midnight)).toEqual([2, midnight - now])
  expect(await daysAfter(midnight + 3600)).toEqual([2, midnight + 3600 - now])
  expect(await daysAfter(midnight - 60), 'another node is behind').toEqual([2, midnight + 3600 - now])
  expect(await daysAfter(midnight + 5 * day)).toEqual([3, midnight + 5 * day - now])
})

contract('a sign-in, a refresh and a further passkey count as days seen', async (store) => {
  const guest = aGuest()
  const grant = { clientId: 'spa', scope: '', jkt: null, refreshes: 0, refreshedAt: now }
  const kept = await keep(store, {
    guest,
    to: aSession(guest, { endsAt: now + 9e6, expiresAt: now + 9e6, grant }),
  })
  const days = async () => (await store.findGuest(guest))!.daysSeen
  const day = (n: number) => midnight + n * 86_400
  await store.signInByProof(anAssertion(kept, { now: day(0) }))
  expect(await days()).toBe(2)
  await store.refreshSession({
    ...{ ...guest, id: kept.to.id, generation: 0, now: day(1), expiresAt: day(2), graceSeconds: 30 },
    by: { clientId: 'spa', jkt: null, scope: [] },
    retained: { collections: {}, otherwise: promised },
  })
  expect(await days()).toBe(3)
  const passkey = aPasskey(guest, { createdAt: day(2) })
  await store.registerPasskey(aRegistration({ guest, passkey, from: stored(kept.to) }))
  expect(await days()).toBe(4)
})

contract('twenty uses at once on a new day count as one day', async (store) => {
  const guest = aGuest()
  const { to } = await keep(store, { guest, to: aSession(guest, { endsAt: now + 9e6 }) })
  await atOnce(20, (i) => touch(store, { guest, id: to.id }, midnight + i - now))
  expect(await store.findGuest(guest)).toMatchObject({ daysSeen: 2, lastSeenAt: midnight + 19 })
})

contract(
  'a guest who was kept by id alone gets label and collection at the first use, and only then',
  async (store) => {
    const guest = aGuest({ label: '', collection: '' })
    const { session } = await keepById(store, { guest })
    const named = { label: 'amber-fox-42', collection: 'users' }
    await touch(store, { guest, id: session.id }, 1, named)
    expect(await store.findGuest(guest)).toMatchObject(named)
    await touch(store, { guest, id: session.id }, 2, { label: 'another', collection: 'others' })
    expect(await store.findGuest(guest)).toMatchObject(named)
  },
)

type Patch = Parameters<Store['patchProfile']>[0]

const change = (
  store: Store,
  { anonymousId }: Pick<GuestRow, 'anonymousId'>,
  changes: Record<string, unknown>,
  more: Partial<Patch> = {},
) =>
  store.patchProfile({
    ...{ anonymousId, changes, ifVersion: undefined, maxBytes: 1000, now: now + 5, keep: undefined },
    ...{ notes: [], ...more },
  })

contract('a profile changes attribute by attribute, and counts its versions', async (store) => {
  const { guest } = await keepById(store)
  const { anonymousId } = guest
  expect(await store.findProfile(guest)).toBeUndefined()
  const first = {
    anonymousId,
    version: 1,
    attributes: { nickname: 'Fox', colours: ['red'] },
    updatedAt: now + 5,
  }
  expect(await change(store, guest, first.attributes)).toEqual({
    ...{ outcome: 'changed', profile: first, changed: ['nickname', 'colours'], kept: false },
  })
  expect(await store.findProfile(guest)).toEqual(first)
  expect(await change(store, guest, { nickname: 'Fox', colours: ['red'] }, { now: now + 9 })).toEqual({
    ...{ outcome: 'unchanged', profile: first },
  })
  const second = { ...first, version: 2, attributes: { nickname: 'Hen' }, updatedAt: now + 10 }
  expect(
    await change(store, guest, { nickname: 'Hen', colours: null, age: null }, { now: now + 10 }),
  ).toEqual({
    ...{ outcome: 'changed', profile: second, changed: ['nickname', 'colours'], kept: false },
  })
  expect(await store.findProfile(guest)).toEqual(second)
})

contract('removing an attribute that was never set is no change', async (store) => {
  const { guest } = await keepById(store)
  expect(await change(store, guest, { nickname: null }, { notes: [aNote(guest)] })).toMatchObject({
    ...{ outcome: 'unchanged', profile: { version: 0, attributes: {} } },
  })
  expect(await store.findProfile(guest)).toBeUndefined()
  expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([])
})

contract('a profile with another version is not changed', async (store) => {
  const { guest } = await keepById(store)
  const failed = { outcome: 'precondition_failed' }
  expect(await change(store, guest, { nickname: 'Fox' }, { ifVersion: 1 })).toEqual(failed)
  expect(await change(store, guest, { nickname: 'Fox' }, { ifVersion: 0 })).toMatchObject({
    ...{ outcome: 'changed', profile: { version: 1 } },
  })
  expect(await change(store, guest, { nickname: 'Hen' }, { ifVersion: 0 })).toEqual(failed)
  expect(
    await change(store, guest, { nickname: 'Fox' }, { ifVersion: 2 }),
    'even if the value stays the same',
  ).toEqual(failed)
  expect(await change(store, guest, { nickname: 'Hen' }, { ifVersion: 1 })).toMatchObject({
    ...{ outcome: 'changed', profile: { version: 2, attributes: { nickname: 'Hen' } } },
  })
})

contract('a profile has at most maxBytes bytes', async (store) => {
  const { guest } = await keepById(store)
  const bytes = Buffer.byteLength(JSON.stringify({ nickname: 'Füchslein' }))
  const wanted = { nickname: 'Füchslein' }
  expect(await change(store, guest, wanted, { maxBytes: bytes - 1 })).toEqual({ outcome: 'too_large' })
  expect(await store.findProfile(guest)).toBeUndefined()
  expect(await change(store, guest, wanted, { maxBytes: bytes })).toMatchObject({ outcome: 'changed' })
})

contract('a profile that is already too large can be made smaller', async (store) => {
  const { guest } = await keepById(store)
  await change(store, guest, { nickname: 'F'.repeat(90), town: 'Ulm' })
  const maxBytes = 50
  expect(await change(store, guest, { town: 'Bern' }, { maxBytes })).toEqual({ outcome: 'too_large' })
  expect(await change(store, guest, { town: null }, { maxBytes })).toMatchObject({ outcome: 'changed' })
})

contract('a change to the profile keeps a guest who has no row', async (store) => {
  const keeping = aKeeping()
  const { guest, session } = keeping
  keeping.notes = [aNote(guest, { action: 'guest.kept' })] as never
  const notes = [aNote(guest, { action: 'profile.changed' })]
  const told = await change(store, guest, { nickname: 'Fox' }, { keep: keeping, notes })
  expect(told).toMatchObject({ outcome: 'changed', kept: true, profile: { version: 1 } })
  expect(await store.findGuest(guest)).toEqual(guest)
  expect(await store.listSessions({ ...guest, now })).toEqual([session])
  const audit = await store.listAudit({ ...guest, since: 0, limit: 10 })
  expect(audit.map(({ action }) => action).toSorted()).toEqual(['guest.kept', 'profile.changed'])
  expect(await change(store, guest, { nickname: 'Hen' }, { keep: keeping })).toMatchObject({
    ...{ outcome: 'changed', kept: false, profile: { version: 2 } },
  })
})

contract('a refused change keeps nobody and writes no note', async (store) => {
  const refused: [string, Partial<Patch>][] = [
    ['too_large', { maxBytes: 5 }],
    ['precondition_failed', { ifVersion: 1 }],
    ['unchanged', { changes: { nickname: null } }],
    ['ended', { keep: undefined }],
  ]
  for (const [outcome, more] of refused) {
    const guest = aGuest()
    const notes = [aNote(guest)]
    const keeping = aKeeping({ guest, notes })
    const result = await change(store, guest, { nickname: 'Fox' }, { keep: keeping, notes, ...more })
    expect(result.outcome).toBe(outcome)
    expect(await everything(store, { guest, passkey: aPasskey(guest) })).toMatchObject({
      ...{ guest: undefined, sessions: [], audit: [], sealedSessionEnded: false },
    })
  }
  expect(
    await store.claimDeliveries({ url: aDelivery().url, now: now + 9, until: now + 99, limit: 10 }),
  ).toEqual([])
})

contract('a guest whose sealed session has ended cannot change the profile', async (store) => {
  const guest = aGuest()
  await store.endSession(sealed(guest))
  const told = await change(store, guest, { nickname: 'Fox' }, { keep: aKeeping({ guest }) })
  expect(told).toEqual({ outcome: 'ended' })
  expect(await store.findGuest(guest)).toBeUndefined()
  expect(await store.findProfile(guest)).toBeUndefined()
})

contract('when twenty changes to different attributes come at once, none is lost', async (store) => {
  const guest = aGuest()
  const results = await atOnce(20, (i) =>
    change(store, guest, { [`name${i}`]: i }, { keep: aKeeping({ guest }) }),
  )
  expect(results.map(({ outcome }) => outcome)).toEqual(Array(20).fill('changed'))
  expect(results.filter((one) => 'kept' in one && one.kept)).toHaveLength(1)
  const { version, attributes } = (await store.findProfile(guest))!
  expect(version).toBe(20)
  expect(Object.keys(attributes)).toHaveLength(20)
})

contract('when twenty changes to the same version come at once, one is made', async (store) => {
  const { guest } = await keepById(store)
  await change(store, guest, { nickname: 'Fox' })
  const results = await atOnce(20, (i) => change(store, guest, { nickname: `Fox ${i}` }, { ifVersion: 1 }))
  const outcomes = results.map(({ outcome }) => outcome)
  expect(outcomes.toSorted()).toEqual(['changed', ...Array(19).fill('precondition_failed')])
  expect((await store.findProfile(guest))!.version).toBe(2)
})

contract('the facts about prompts are known for a kept guest', async (store) => {
  const { guest } = await keepById(store, { guest: aGuest({ createdAt: now - 500, daysSeen: 3 }) })
  expect(await store.findPromptFacts(aGuest())).toBeUndefined()
  const none = { snoozes: [], hasDeviceKey: false, recoveryCodes: 0 }
  const facts = { createdAt: now - 500, daysSeen: 3, attributes: [] as string[], ...none }
  expect(await store.findPromptFacts(guest)).toEqual(facts)
  await change(store, guest, { nickname: 'Fox', age: 7 })
  expect(await store.findPromptFacts(guest)).toEqual({ ...facts, attributes: ['nickname', 'age'] })
})

contract('counts for each prompt how often a guest said "later", and keeps the last date', async (store) => {
  const { guest } = await keepById(store)
  const { anonymousId } = guest
  const snooze = (prompt: string, until: number) => store.snoozePrompt({ anonymousId, prompt, until })
  expect(await snooze('add_passkey', now + 100)).toBe(true)
  expect(await snooze('rate_us', now + 500)).toBe(true)
  expect(await snooze('add_passkey', now + 200)).toBe(true)
  const { snoozes } = (await store.findPromptFacts(guest))!
  expect(snoozes.toSorted((a, b) => a.prompt.localeCompare(b.prompt))).toEqual([
    { prompt: 'add_passkey', times: 2, snoozedUntil: now + 200 },
    { prompt: 'rate_us', times: 1, snoozedUntil: now + 500 },
  ])
  await atOnce(20, () => snooze('rate_us', now + 900))
  const again = (await store.findPromptFacts(guest))!.snoozes
  expect(again.find(({ prompt }) => prompt === 'rate_us')).toMatchObject({ times: 21 })
})

const snoozesOf = async (store: Store, guest: GuestRow) =>
  (await store.findPromptFacts(guest))!.snoozes.toSorted((a, b) => a.prompt.localeCompare(b.prompt))

contract('snoozes from the session are written whatever keeps the guest', async (store) => {
  const snoozes = [
    { prompt: 'add_passkey', times: 2, snoozedUntil: now + 200 },
    { prompt: 'rate_us', times: 1, snoozedUntil: now + 500 },
  ]
  const [byId, byPasskey, byProfile] = [aGuest(), aGuest(), aGuest()]
  await keepById(store, { guest: byId, snoozes })
  await store.registerPasskey(aRegistration({ guest: byPasskey, from: sealed(byPasskey), snoozes }))
  await change(store, byProfile, { nickname: 'Fox' }, { keep: aKeeping({ guest: byProfile, snoozes }) })
  for (const guest of [byId, byPasskey, byProfile]) expect(await snoozesOf(store, guest)).toEqual(snoozes)
})

contract('snoozes from the session and the row are joined by the larger values', async (store) => {
  const { guest } = await keepById(store, {
    snoozes: [
      { prompt: 'add_passkey', times: 3, snoozedUntil: now + 100 },
      { prompt: 'rate_us', times: 1, snoozedUntil: now + 500 },
    ],
  })
  const snoozes = [
    { prompt: 'add_passkey', times: 1, snoozedUntil: now + 200 },
    { prompt: 'rate_us', times: 4, snoozedUntil: now + 400 },
  ]
  await store.registerPasskey(aRegistration({ guest, from: sealed(guest), snoozes }))
  expect(await snoozesOf(store, guest)).toEqual([
    { prompt: 'add_passkey', times: 3, snoozedUntil: now + 200 },
    { prompt: 'rate_us', times: 4, snoozedUntil: now + 500 },
  ])
})

contract('the number of earlier snoozes counts, but never lowers the known number', async (store) => {
  const { guest } = await keepById(store)
  const snooze = (before: number) =>
    store.snoozePrompt({ ...guest, prompt: 'add_passkey', until: now + 100, before })
  const times = async () => (await snoozesOf(store, guest))[0]!.times
  await snooze(4)
  expect(await times()).toBe(5)
  await snooze(0)
  expect(await times()).toBe(6)
})

contract('nothing is snoozed for a guest without a row', async (store) => {
  const guest = aGuest()
  expect(await store.snoozePrompt({ ...guest, prompt: 'add_passkey', until: now + 100 })).toBe(false)
  expect(await store.findPromptFacts(guest)).toBeUndefined()
})

const erasure = ({ anonymousId }: Pick<GuestRow, 'anonymousId'>, notes: Note[] = []) => ({
  ...{ anonymousId, endedUntil: now + 2000, notes, by: undefined },
})

const gone = { guest: undefined, passkeys: [], byCredential: undefined, sessions: [] }

contract('a guest is erased with all rows, and no other guest is', async (store) => {
  const [kept, other, left] = [await keep(store), await keep(store), await keepById(store)]
  await store.signInByProof(anAssertion(kept))
  for (const { guest } of [kept, other]) {
    await change(store, guest, { nickname: 'Fox' })
    await store.snoozePrompt({ ...guest, prompt: 'add_passkey', until: now + 100 })
    await store.addNote({ note: aNote(guest) })
  }
  const merges = [aMerge(left.guest, kept.guest), aMerge(kept.guest, other.guest)] as const
  await offerMerge(store, kept, merges[0])
  await offerMerge(store, other, merges[1], stored(kept.to))
  const before = await everything(store, other)

  const farewell = aNote(kept.guest, { action: 'guest.erased' })
  expect(await store.eraseGuest(erasure(kept.guest, [farewell]))).toBe('erased')
  expect(await everything(store, kept)).toEqual({
    ...gone,
    audit: [farewell.audit],
    sealedSessionEnded: true,
  })
  expect(await store.findProfile(kept.guest)).toBeUndefined()
  expect(await store.findPromptFacts(kept.guest)).toBeUndefined()
  for (const { id } of merges) expect(await store.findMerge({ id })).toBeUndefined()

  expect(await everything(store, other)).toEqual(before)
  expect((await store.findProfile(other.guest))!.attributes).toEqual({ nickname: 'Fox' })
  expect((await store.findPromptFacts(other.guest))!.snoozes).toHaveLength(1)
  expect(await store.findGuest(left.guest), 'a guest who was only offered for a merge stays').toEqual(
    left.guest,
  )
  expect(await store.eraseGuest(erasure(kept.guest))).toBe('unknown')
})

contract('guests who were merged into an erased guest are erased too, also indirectly', async (store) => {
  const [kept, left, leftBefore] = [await keep(store), await keep(store), await keepById(store)]
  for (const { guest } of [kept, left, leftBefore]) {
    await change(store, guest, { nickname: 'Fox' })
    await store.addNote({ note: aNote(guest) })
  }
  for (const [from, into, session] of [
    [leftBefore, left, sealed(leftBefore.guest)],
    [left, kept, stored(left.to)],
  ] as const) {
    const merge = aMerge(from.guest, into.guest, { status: 'pending', recoverability: 'passkey' })
    await offerMerge(store, into, merge, session)
    expect(
      await store.finishMerge({
        ...{ ...merge, now, undoUntil: now + 700, endedUntil: now + 700, notes: [] },
        profile: {
          attributes: { nickname: 'Fox' },
          fromVersion: (await store.findProfile(from.guest))!.version,
          intoVersion: (await store.findProfile(into.guest))!.version,
        },
      }),
    ).toBe('merged')
  }
  expect(await store.eraseGuest(erasure(kept.guest))).toBe('erased')
  for (const { guest } of [kept, left, leftBefore]) {
    expect(await everything(store, { guest, passkey: left.passkey })).toMatchObject({ ...gone, audit: [] })
    expect(await store.findProfile(guest)).toBeUndefined()
    expect(await store.sealedSessionEnded(guest)).toBe(true)
  }
})

contract('an erased guest does not come back: the end is remembered until endedUntil', async (store) => {
  const [known, unknown, ended] = [(await keepById(store)).guest, aGuest(), aGuest()]
  await store.endSession(sealed(ended))
  expect(await store.eraseGuest({ ...erasure(known), endedUntil: now + 5000 })).toBe('erased')
  expect(await store.eraseGuest({ ...erasure(unknown), endedUntil: now + 5000 })).toBe('unknown')
  expect(await store.eraseGuest({ ...erasure(ended), endedUntil: now + 5000 })).toBe('unknown')
  expect(
    await store.eraseGuest({ ...erasure(ended), endedUntil: now + 1 }),
    'the date is not shortened',
  ).toBe('unknown')
  for (const guest of [known, unknown, ended]) {
    expect(await store.sealedSessionEnded(guest)).toBe(true)
    expect(await store.keepGuest(aKeeping({ guest }))).toBe('ended')
    expect(await store.registerPasskey(aRegistration({ guest, from: sealed(guest) }))).toEqual({
      outcome: 'session_ended',
    })
  }
  const sweep = (before: number) => store.deleteExpired({ before, auditBefore: 0, limit: 100 })
  await sweep(now + 5000)
  for (const guest of [known, unknown, ended]) expect(await store.sealedSessionEnded(guest)).toBe(true)
  await sweep(now + 5001)
  for (const guest of [known, unknown, ended]) expect(await store.sealedSessionEnded(guest)).toBe(false)
})

contract(
  'a guest is erased on request in a live session, with a passkey proof if the guest has a passkey',
  async (store) => {
    const [byId, kept, ended, unkept] = [
      await keepById(store),
      await keep(store),
      await keep(store),
      aGuest(),
    ]
    await store.endSession(stored(ended.to))
    const refused = async (guest: GuestRow, session: SessionRef, isProven: boolean) => {
      const notes = [aNote(guest, { action: 'guest.erased' })]
      const before = await everything(store, { guest, passkey: kept.passkey })
      const outcome = await store.eraseGuest({ ...erasure(guest, notes), by: { session, isProven } })
      expect(await everything(store, { guest, passkey: kept.passkey })).toEqual(before)
      return outcome
    }
    const asked = (guest: GuestRow, session: SessionRef, isProven: boolean) =>
      store.eraseGuest({ ...erasure(guest), by: { session, isProven } })
    expect(await refused(ended.guest, stored(ended.to), true)).toBe('ended')
    expect(await refused(kept.guest, stored(kept.to), false)).toBe('unproven')
    expect(await asked(kept.guest, stored(kept.to), true)).toBe('erased')
    expect(await asked(byId.guest, sealed(byId.guest), false)).toBe('erased')
    expect(await refused(byId.guest, sealed(byId.guest), false), 'the guest is erased already').toBe('ended')
    expect(await asked(unkept, sealed(unkept), false)).toBe('unknown')
    expect(await store.sealedSessionEnded(unkept)).toBe(true)
  },
)

contract('without endedUntil the end is not remembered', async (store) => {
  const { guest } = await keep(store)
  expect(await store.eraseGuest({ ...erasure(guest), endedUntil: null })).toBe('erased')
  expect(await store.sealedSessionEnded(guest)).toBe(false)
})

contract('whatever happens to a guest during its erasure, the guest is gone', async (store) => {
  for (let round = 0; round < 10; round++) {
    const kept = await keep(store)
    const second = aPasskey(kept.guest)
    const [erased, ...others] = await Promise.all([
      store.eraseGuest(erasure(kept.guest)),
      store.signInByProof(anAssertion(kept)),
      change(store, kept.guest, { nickname: 'Fox' }),
      store.snoozePrompt({ ...kept.guest, prompt: 'add_passkey', until: now }),
      store.registerPasskey(aRegistration({ guest: kept.guest, passkey: second, from: stored(kept.to) })),
      touch(store, { guest: kept.guest, id: kept.to.id }, 900),
    ])
    expect(erased).toBe('erased')
    expect(others).toHaveLength(5)
    expect(await everything(store, kept)).toMatchObject(gone)
    expect(await store.findProfile(kept.guest)).toBeUndefined()
  }
  for (let round = 0; round < 10; round++) {
    const guest = aGuest()
    await Promise.all([
      store.eraseGuest(erasure(guest)),
      store.keepGuest(aKeeping({ guest })),
      change(store, guest, { nickname: 'Fox' }, { keep: aKeeping({ guest }) }),
      store.registerPasskey(aRegistration({ guest, from: sealed(guest) })),
    ])
    expect(await everything(store, { guest, passkey: aPasskey(guest) })).toMatchObject(gone)
    expect(await store.findProfile(guest)).toBeUndefined()
  }
})
