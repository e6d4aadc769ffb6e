// The contract of the stores on both engines: the outcomes of passkeys, sessions, refreshes, signing keys and the
// clean-up; each verb is done whole or not at all.

import { expect } from 'vitest'
import type { GrantRow, SessionRow, SigningKeyRow, Store } from '../../../server/store/store.ts'
import {
  anAssertion,
  contract,
  everything,
  type Kept,
  keep,
  keepById,
  sealed,
  stored,
} from '../../support/contract.ts'
import {
  aChallenge,
  aGuest,
  aMerge,
  aPasskey,
  aRegistration,
  aSession,
  now,
  promised,
  randomId,
} from '../../support/store-rows.ts'

contract('an empty store has no guest', async (store) => {
  await store.ready()
  const { guest, passkey, to } = aRegistration()
  expect(await everything(store, { guest, passkey })).toEqual({
    guest: undefined,
    passkeys: [],
    byCredential: undefined,
    sessions: [],
    audit: [],
    sealedSessionEnded: false,
  })
  expect(await store.findSession(to)).toBeUndefined()
})

contract('sessions that are asked for at once are each found as if alone', async (store) => {
  const kept: Kept[] = []
  for (let i = 0; i < 20; i++) kept.push(await keep(store))
  const others = [aSession(aGuest()), { ...kept[0]!.to, anonymousId: kept[1]!.to.anonymousId }]
  const keys = [...kept.map(({ to }) => to), ...others, kept[2]!.to]
  const alone = []
  for (const key of keys) alone.push(await store.findSession(key))
  expect(alone.filter((one) => one === undefined)).toHaveLength(2)
  expect(await Promise.all(keys.map((key) => store.findSession(key)))).toEqual(alone)
  expect(await Promise.all(keys.slice(19).map((key) => store.findSession(key)))).toEqual(alone.slice(19))
})

contract(
  'the first passkey keeps the guest, ends the sealed session and begins a stored one',
  async (store) => {
    const guest = aGuest()
    const kept = await keep(store, { guest, from: sealed(guest) })
    expect(await everything(store, kept)).toEqual({
      guest,
      passkeys: [kept.passkey],
      byCredential: {
        ...kept.passkey,
        ...{
          userHandle: guest.userHandle,
          label: guest.label,
          collection: guest.collection,
          promotedAt: null,
        },
      },
      sessions: [kept.to],
      audit: [],
      sealedSessionEnded: true,
    })
    expect(await store.findSession(kept.to)).toEqual({
      ...kept.to,
      label: guest.label,
      collection: guest.collection,
      guestExpiresAt: promised.passkey.expiresAt,
      promotedAt: null,
      recoverability: 'passkey',
    })
  },
)

contract('with a further passkey the session goes on unchanged', async (store) => {
  const { guest, to } = await keep(store)
  const passkey = aPasskey(guest, { createdAt: now + 200 })
  const added = await store.registerPasskey(aRegistration({ guest, passkey, from: stored(to) }))
  const guestExpiresAt = promised.passkey.expiresAt
  expect(added).toEqual({ outcome: 'added', first: false, kept: false, guestExpiresAt, revoked: [] })
  expect(await store.listSessions({ ...guest, now })).toEqual([to])
  expect(await store.listPasskeys(guest)).toHaveLength(2)
})

contract('the same registration twice adds one passkey, and the second answer names it', async (store) => {
  const kept = await keep(store)
  const before = await everything(store, kept)
  const again = await store.registerPasskey({ ...kept, to: aSession(kept.guest) })
  expect(again).toEqual({ outcome: 'repeated', credentialId: kept.passkey.credentialId })
  expect(await everything(store, kept)).toEqual(before)
})

contract('a used challenge works neither for another guest nor for another purpose', async (store) => {
  const kept = await keep(store)
  const other = aRegistration({ spent: kept.spent })
  expect(await store.registerPasskey(other)).toEqual({ outcome: 'spent' })
  expect(await store.findGuest(other.guest)).toBeUndefined()
  expect(await store.signInByProof(anAssertion(kept, { spent: kept.spent }))).toEqual({
    outcome: 'spent',
  })
  const used = anAssertion(kept)
  expect(await store.signInByProof(used)).toMatchObject({ outcome: 'signed_in' })
  expect(await store.signInByProof({ ...used, to: aSession(kept.guest) })).toEqual({ outcome: 'spent' })
  expect(await store.registerPasskey(aRegistration({ spent: used.proof.spent }))).toEqual({
    outcome: 'spent',
  })
})

contract('a credential id belongs to one guest', async (store) => {
  const kept = await keep(store)
  const { guest } = aRegistration()
  const passkey = aPasskey(guest, { credentialId: kept.passkey.credentialId })
  expect(await store.registerPasskey(aRegistration({ guest, passkey }))).toEqual({
    outcome: 'credential_taken',
  })
  expect(await store.findGuest(guest)).toBeUndefined()
})

contract('a session that has ended registers no passkey', async (store) => {
  const [left, kept] = [aGuest(), await keep(store)]
  expect(await store.endSession(sealed(left))).toBe(true)
  expect(await store.endSession(stored(kept.to))).toBe(true)
  const sealedKept = await keep(store)
  for (const from of [sealed(left), stored(kept.to), sealed(sealedKept.guest)]) {
    const guest = aGuest({ anonymousId: from.anonymousId })
    expect(await store.registerPasskey(aRegistration({ guest, from }))).toEqual({
      outcome: 'session_ended',
    })
  }
  expect(await store.findGuest(left)).toBeUndefined()
  expect(await store.listPasskeys(kept.guest)).toEqual([kept.passkey])
})

contract('a new guest cannot take the id of a guest who has a row', async (store) => {
  const { guest } = await keep(store)
  expect(await store.registerPasskey(aRegistration({ guest }))).toEqual({ outcome: 'session_ended' })
  expect(await store.listPasskeys(guest)).toHaveLength(1)
})

contract('a guest has at most maxPasskeys passkeys', async (store) => {
  const { guest, to } = await keep(store)
  const add = () => store.registerPasskey(aRegistration({ guest, from: stored(to), maxPasskeys: 2 }))
  expect(await add()).toMatchObject({ outcome: 'added', first: false })
  expect(await add()).toEqual({ outcome: 'too_many_passkeys' })
  expect(await store.listPasskeys(guest)).toHaveLength(2)
})

contract('a first passkey ends every session of the guest', async (store) => {
  const kept = await keep(store)
  const { guest, passkey, to } = kept
  await store.signInByProof(anAssertion(kept))
  const { credentialId } = passkey
  expect(await store.removePasskey({ ...guest, credentialId, force: true, notes: [] })).toBe('removed')
  const next = aRegistration({ guest, from: stored(to) })
  const guestExpiresAt = promised.passkey.expiresAt
  expect(await store.registerPasskey(next)).toEqual({
    ...{ outcome: 'added', first: true, kept: false, guestExpiresAt, revoked: [] },
  })
  expect(await store.listSessions({ ...guest, now })).toEqual([next.to])
})

contract(
  'a passkey sign-in records the proof and replaces the session, also a sealed one of another guest',
  async (store) => {
    const kept = await keep(store)
    const first = anAssertion(kept, { from: stored(kept.to), signCount: 7 })
    const { label, collection } = kept.guest
    expect(await store.signInByProof(first)).toEqual({
      outcome: 'signed_in',
      label,
      collection,
      guestExpiresAt: promised.synced.expiresAt,
      promotedAt: null,
      recoverability: 'synced',
      ...{ restored: false, mergeable: false },
    })
    expect(await store.listSessions({ ...kept.guest, now })).toEqual([first.to])
    expect(await store.listPasskeys(kept.guest)).toEqual([
      { ...kept.passkey, signCount: 7, backedUp: true, lastUsedAt: now + 10 },
    ])
    const left = aGuest()
    await store.signInByProof(anAssertion(kept, { from: sealed(left), signCount: 8 }))
    expect(await store.sealedSessionEnded(left)).toBe(true)
    expect(await store.listSessions({ ...kept.guest, now })).toHaveLength(2)
  },
)

contract('a signature counter must grow, unless it is zero before and after', async (store) => {
  const kept = await keep(store)
  const signIn = async (signCount: number) =>
    (await store.signInByProof(anAssertion(kept, { signCount, maxSessions: 100 }))).outcome
  for (const [signCount, outcome] of [
    [0, 'signed_in'],
    [0, 'signed_in'],
    [5, 'signed_in'],
    [5, 'counter_regressed'],
    [0, 'counter_regressed'],
    [6, 'signed_in'],
  ] as const) {
    expect(await signIn(signCount), String(signCount)).toBe(outcome)
  }
  expect(await store.listSessions({ ...kept.guest, now })).toHaveLength(5)
})

contract('an assertion by an unknown credential, or for another guest, signs nobody in', async (store) => {
  const [kept, other] = [await keep(store), await keep(store)]
  const unknown = anAssertion(kept, { credentialId: randomId() })
  expect(await store.signInByProof(unknown)).toEqual({ outcome: 'unknown_credential' })
  const mixed = anAssertion(kept, { to: aSession(other.guest) })
  expect((await store.signInByProof(mixed)).outcome).not.toBe('signed_in')
  expect(await store.listSessions({ ...other.guest, now })).toEqual([other.to])
})

contract('a sign-in replaces a carried session, which then has ended', async (store) => {
  const { guest } = await keepById(store)
  const { anonymousId } = guest
  const carried = { kind: 'carried', anonymousId } as const
  const signIn: Parameters<Store['signInByProof']>[0] = {
    proof: { by: 'host' },
    from: carried,
    to: aSession(guest),
    now: now + 10,
    maxSessions: 1,
    retained: promised,
    merge: undefined,
    notes: [],
    restored: [],
  }
  expect(await store.signInByProof({ ...signIn, from: undefined })).toEqual({ outcome: 'too_many_sessions' })
  expect(await store.signInByProof(signIn)).toMatchObject({ outcome: 'signed_in' })
  expect(await store.listSessions({ anonymousId, now })).toEqual([signIn.to])
  expect(await store.endSession(carried)).toBe(false)
})
contract(
  'an assertion that proves nothing is refused as that, also for a merged guest or at the limit of sessions',
  async (store) => {
    const [kept, left] = [await keep(store), await keep(store)]
    const first = anAssertion(left, { signCount: 7, from: stored(left.to) })
    await store.signInByProof(first)
    const merge = aMerge(left.guest, kept.guest, { recoverability: 'synced', status: 'pending' })
    await store.signInByProof(anAssertion(kept, { from: stored(first.to), merge, signCount: 8 }))
    const done = { now, undoUntil: now + 60, endedUntil: now + 60, profile: undefined, notes: [] }
    expect(await store.finishMerge({ ...merge, ...done })).toBe('merged')
    for (const [one, more, outcome] of [
      [kept, { credentialId: randomId() }, 'unknown_credential'],
      [kept, { signCount: 8 }, 'counter_regressed'],
      [kept, { signCount: 9 }, 'too_many_sessions'],
      [left, { signCount: 7 }, 'counter_regressed'],
      [left, { signCount: 8 }, 'merged'],
    ] as const) {
      const assertion = anAssertion(one, { ...more, maxSessions: 1 })
      expect(await store.signInByProof(assertion)).toEqual({ outcome })
    }
  },
)

contract('a guest has at most maxSessions live sessions, without the replaced one', async (store) => {
  const kept = await keep(store)
  const signIn = (more: object) => store.signInByProof(anAssertion(kept, { maxSessions: 1, ...more }))
  expect(await signIn({})).toEqual({ outcome: 'too_many_sessions' })
  expect(await signIn({ from: stored(kept.to) })).toMatchObject({ outcome: 'signed_in' })
  expect(await signIn({})).toEqual({ outcome: 'too_many_sessions' })
  const later = aSession(kept.guest, { createdAt: now + 5000 })
  expect(await signIn({ to: later }), 'the other sessions have expired').toMatchObject({
    outcome: 'signed_in',
  })
})

contract('only its own guest can rename or remove a passkey', async (store) => {
  const [kept, other] = [await keep(store), await keep(store)]
  const { credentialId } = kept.passkey
  const foreign = { anonymousId: other.guest.anonymousId, credentialId }
  expect(await store.renamePasskey({ ...foreign, name: 'mine' })).toBe(false)
  expect(await store.removePasskey({ ...foreign, force: true, notes: [] })).toBe('not_found')
  const own = { anonymousId: kept.guest.anonymousId, credentialId }
  expect(await store.renamePasskey({ ...own, name: 'Blue key' })).toBe(true)
  expect(await store.listPasskeys(kept.guest)).toEqual([{ ...kept.passkey, name: 'Blue key' }])
  expect(await store.removePasskey({ ...own, force: false, notes: [] })).toBe('last')
  expect(await store.removePasskey({ ...own, force: true, notes: [] })).toBe('removed')
  expect(await store.removePasskey({ ...own, force: true, notes: [] })).toBe('not_found')
  expect(await store.findGuest(kept.guest)).toEqual(kept.guest)
  expect(await store.findSession(kept.to)).toMatchObject({ recoverability: 'none' })
})

contract('when the last two passkeys are removed at once, one stays', async (store) => {
  const { guest, passkey, to } = await keep(store)
  const second = aPasskey(guest)
  await store.registerPasskey(aRegistration({ guest, passkey: second, from: stored(to) }))
  const outcomes = await Promise.all(
    [passkey, second].map(({ credentialId }) =>
      store.removePasskey({ ...guest, credentialId, force: false, notes: [] }),
    ),
  )
  expect(outcomes.toSorted()).toEqual(['last', 'removed'])
})

contract('use extends the idle limit, never back and never past the end of the session', async (store) => {
  const { guest, to } = await keep(store)
  const touch = (seconds: number) =>
    store.touchSession({
      ...{ ...to, ...guest, retained: promised },
      ...{ now: now + seconds, expiresAt: now + seconds + 1000 },
    })
  const limits = async () => {
    const row = await store.findSession(to)
    return [row!.lastSeenAt - now, row!.expiresAt - now, row!.endsAt - now]
  }
  await touch(900)
  expect(await limits()).toEqual([900, 1900, 3000])
  await touch(600)
  expect(await limits()).toEqual([900, 1900, 3000])
  await touch(2500)
  expect(await limits()).toEqual([2500, 3000, 3000])
})

contract('a session ends once, and the other sessions go on', async (store) => {
  const kept = await keep(store)
  const { to: second } = anAssertion(kept)
  await store.signInByProof(anAssertion(kept, { to: second }))
  expect(await store.endSession(stored(kept.to))).toBe(true)
  expect(await store.endSession(stored(kept.to))).toBe(false)
  expect(await store.findSession(kept.to)).toBeUndefined()
  expect(await store.findSession(second)).toBeDefined()
  const left = aGuest()
  expect(await store.endSession(sealed(left))).toBe(true)
  expect(await store.endSession(sealed(left))).toBe(false)
  expect(await store.sealedSessionEnded(left)).toBe(true)
  expect(await store.endSession(sealed(kept.guest)), 'the sealed session ended when the guest was kept').toBe(
    false,
  )
})

contract("all sessions of a guest end, or all but one, but no other guest's", async (store) => {
  const [kept, other] = [await keep(store), await keep(store)]
  for (let i = 0; i < 3; i++) await store.signInByProof(anAssertion(kept))
  const { anonymousId } = kept.guest
  expect(await store.endSessions({ anonymousId, except: kept.to.id })).toEqual({ ended: 3, keys: [] })
  expect(await store.listSessions({ anonymousId, now })).toEqual([kept.to])
  expect(await store.endSessions({ anonymousId })).toEqual({ ended: 1, keys: [] })
  expect(await store.endSessions({ anonymousId })).toEqual({ ended: 0, keys: [] })
  expect(await store.findSession(other.to)).toBeDefined()
})

contract('lists only live sessions, the last used first', async (store) => {
  const kept = await keep(store)
  const late = aSession(kept.guest, { lastSeenAt: now + 5, expiresAt: now + 50 })
  await store.signInByProof(anAssertion(kept, { to: late }))
  const { anonymousId } = kept.guest
  expect(await store.listSessions({ anonymousId, now })).toEqual([late, kept.to])
  expect(await store.listSessions({ anonymousId, now: now + 50 })).toEqual([kept.to])
})

const aGrant = (more: Partial<GrantRow> = {}): GrantRow => ({
  ...{ clientId: 'spa', scope: 'read write', jkt: null, refreshes: 0, refreshedAt: now },
  ...more,
})

/** A kept guest with an OAuth client's session. */
const keepGranted = async (store: Store, more: Partial<SessionRow> = {}) => {
  const guest = aGuest()
  return keep(store, { guest, to: aSession(guest, { grant: aGrant(), ...more }) })
}

const promisedIn = { collections: {}, otherwise: promised }

/** Refreshes the session, `seconds` after it began. */
const refreshAt = (
  store: Store,
  { to }: Kept,
  seconds: number,
  generation: number,
  more: Partial<Parameters<Store['refreshSession']>[0]> = {},
) =>
  store.refreshSession({
    ...{ anonymousId: to.anonymousId, id: to.id, generation, now: now + seconds },
    ...{ by: { clientId: aGrant().clientId, jkt: null, scope: [] } },
    ...{ expiresAt: now + seconds + 1000, graceSeconds: 30, retained: promisedIn, ...more },
  })

contract("a client's session names its client wherever it is read", async (store) => {
  const jkt = randomId()
  const kept = await keepGranted(store, { grant: aGrant({ jkt }) })
  expect(await store.findSession(kept.to)).toMatchObject({ ...kept.to, grant: aGrant({ jkt }) })
  expect(await store.listSessions({ ...kept.guest, now })).toEqual([kept.to])
  const { to } = anAssertion(kept, { to: aSession(kept.guest, { grant: aGrant({ scope: '' }) }) })
  expect(await store.signInByProof(anAssertion(kept, { to }))).toMatchObject({ outcome: 'signed_in' })
  expect((await store.findSession(to))!.grant).toEqual(aGrant({ scope: '' }))
})

contract('a refresh with the current generation renews the session', async (store) => {
  const kept = await keepGranted(store)
  const { label, collection } = kept.guest
  for (const generation of [0, 1, 2]) {
    const seconds = 100 * (generation + 1)
    const moved = { lastSeenAt: now + seconds, expiresAt: now + seconds + 1000 }
    const grant = aGrant({ refreshes: generation + 1, refreshedAt: now + seconds })
    const about = {
      ...{ label, collection, guestExpiresAt: promised.passkey.expiresAt },
      ...{ promotedAt: null, recoverability: 'passkey' },
    }
    const expected = { ...kept.to, ...moved, grant, ...about }
    expect(await refreshAt(store, kept, seconds, generation)).toEqual({ outcome: 'refreshed', ...expected })
    expect(await store.findSession(kept.to)).toEqual(expected)
  }
})

contract('a refresh never moves the end of the session, nor the idle limit past it', async (store) => {
  const kept = await keepGranted(store)
  await refreshAt(store, kept, 900, 0)
  const last = await refreshAt(store, kept, 1800, 1, { expiresAt: now + 9000 })
  expect(last).toMatchObject({ outcome: 'refreshed', expiresAt: now + 3000, endsAt: now + 3000 })
  expect(await refreshAt(store, kept, 2999, 2)).toMatchObject({ outcome: 'refreshed' })
  expect(await refreshAt(store, kept, 3000, 3)).toEqual({ outcome: 'unknown' })
})

contract(
  'the previous generation gets the same answer within the grace, and nothing changes',
  async (store) => {
    const kept = await keepGranted(store)
    await refreshAt(store, kept, 100, 0)
    const before = await store.findSession(kept.to)
    for (const seconds of [100, 115, 130]) {
      expect(await refreshAt(store, kept, seconds, 0)).toEqual({ outcome: 'repeated', ...before })
      expect(await store.findSession(kept.to)).toEqual(before)
    }
  },
)

contract(
  'the previous generation ends the session after the grace, an older one even within it',
  async (store) => {
    const [late, old] = [await keepGranted(store), await keepGranted(store)]
    await refreshAt(store, late, 100, 0)
    expect(await refreshAt(store, late, 131, 0)).toEqual({ outcome: 'reused' })
    await refreshAt(store, old, 100, 0)
    await refreshAt(store, old, 100, 1)
    expect(await refreshAt(store, old, 100, 0)).toEqual({ outcome: 'reused' })
    for (const { guest, to, passkey } of [late, old]) {
      expect(await store.findSession(to)).toBeUndefined()
      expect(await refreshAt(store, { guest, to, passkey } as Kept, 131, 1)).toEqual({ outcome: 'ended' })
      expect(await store.listPasskeys(guest), 'the guest stays').toEqual([passkey])
    }
  },
)

contract('a clock that was set back does not extend the grace', async (store) => {
  const kept = await keepGranted(store)
  await refreshAt(store, kept, 500, 0)
  expect(await refreshAt(store, kept, 470, 0)).toMatchObject({ outcome: 'repeated' })
  expect(await refreshAt(store, kept, 469, 0)).toEqual({ outcome: 'reused' })
})

contract('a refresh that does not fit the session changes nothing', async (store) => {
  const [kept, other, browsers] = [await keepGranted(store), await keepGranted(store), await keep(store)]
  const mixed = { ...kept, to: { ...kept.to, anonymousId: other.guest.anonymousId } }
  const before = await everything(store, kept)
  for (const [answer, outcome] of [
    [await refreshAt(store, kept, 100, 1), 'unknown'],
    [await refreshAt(store, kept, 100, 99), 'unknown'],
    [await refreshAt(store, mixed, 100, 0), 'ended'],
    [await refreshAt(store, { ...kept, to: { ...kept.to, id: randomId() } }, 100, 0), 'ended'],
    [await refreshAt(store, browsers, 100, 0), 'ended'],
    [await refreshAt(store, kept, 1000, 0), 'unknown'],
  ] as const)
    expect(answer).toEqual({ outcome })
  expect(await everything(store, kept)).toEqual(before)
  expect(await store.findSession(browsers.to)).toBeDefined()
})

contract(
  'nobody but the client of a session, with its key and within its scope, refreshes or ends it',
  async (store) => {
    const jkt = randomId()
    const kept = await keepGranted(store, { grant: aGrant({ jkt, scope: 'read write' }) })
    const mine = { clientId: aGrant().clientId, jkt, scope: ['write'] }
    await refreshAt(store, kept, 100, 0, { by: mine })
    const before = await everything(store, kept)
    for (const by of [
      { ...mine, clientId: 'another' },
      { ...mine, jkt: null },
      { ...mine, jkt: randomId() },
      { ...mine, scope: ['read', 'admin'] },
    ])
      for (const [seconds, generation] of [
        [200, 1],
        [200, 0],
        [5000, 1],
      ] as const)
        expect(await refreshAt(store, kept, seconds, generation, { by })).toMatchObject({
          outcome: 'refused',
        })
    expect(await everything(store, kept)).toEqual(before)
    expect(await refreshAt(store, kept, 200, 1, { by: mine })).toMatchObject({ outcome: 'refreshed' })
  },
)

contract('a refresh promises what the collection of the guest does', async (store) => {
  const [here, gone] = [await keepGranted(store), await keepGranted(store)]
  const other = { ...promised, passkey: { expiresAt: now + 77, dueAt: now + 7 } }
  const retained = { collections: { [here.guest.collection]: other }, otherwise: promised }
  expect(await refreshAt(store, here, 100, 0, { retained })).toMatchObject({ guestExpiresAt: now + 77 })
  expect(await refreshAt(store, gone, 100, 0, { retained: promisedIn })).toMatchObject({
    guestExpiresAt: promised.passkey.expiresAt,
  })
})

contract(
  'when fifty refreshes come at once, one renews the session and all get the same answer',
  async (store) => {
    const kept = await keepGranted(store)
    const answers = await Promise.all(Array.from({ length: 50 }, () => refreshAt(store, kept, 100, 0)))
    const outcomes = answers.map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'refreshed')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(49)
    expect((await store.findSession(kept.to))!.grant!.refreshes).toBe(1)
  },
)

contract('a refresh and a sign-out at once leave no session', async (store) => {
  for (let round = 0; round < 10; round++) {
    const kept = await keepGranted(store)
    const [refreshed, ended] = await Promise.all([
      refreshAt(store, kept, 100, 0),
      store.endSession(stored(kept.to)),
    ])
    expect(ended).toBe(true)
    expect(['refreshed', 'ended']).toContain(refreshed.outcome)
    expect(await store.findSession(kept.to)).toBeUndefined()
  }
})

const aSigningKey = (generation: number, more: Partial<SigningKeyRow> = {}): SigningKeyRow => ({
  ...{ generation, kid: randomId(), algorithm: 'ES256', publicKey: '{"kty":"EC"}' },
  ...{ privateKey: randomId(), signsFrom: now + 100 * generation, retiresAt: null, ...more },
})

contract('each new signing key sets when the keys before it retire', async (store) => {
  expect(await store.listSigningKeys({})).toEqual([])
  const keys = [1, 2, 3].map((generation) => aSigningKey(generation))
  const [first, second, third] = keys as [SigningKeyRow, SigningKeyRow, SigningKeyRow]
  expect(await store.addSigningKey({ key: first, previousRetiresAt: null })).toBe(true)
  expect(await store.listSigningKeys({})).toEqual([first])
  expect(await store.addSigningKey({ key: second, previousRetiresAt: now + 500 })).toBe(true)
  expect(await store.listSigningKeys({})).toEqual([{ ...first, retiresAt: now + 500 }, second])
  expect(await store.addSigningKey({ key: third, previousRetiresAt: null }), 'no key retires').toBe(true)
  expect(await store.listSigningKeys({})).toEqual([{ ...first, retiresAt: now + 500 }, second, third])
  const fourth = aSigningKey(4)
  expect(await store.addSigningKey({ key: fourth, previousRetiresAt: now + 900 })).toBe(true)
  expect((await store.listSigningKeys({})).map(({ retiresAt }) => retiresAt)).toEqual([
    now + 500,
    now + 900,
    now + 900,
    null,
  ])
})

contract(
  'the first signing key of a generation stays, whether another comes at once or later',
  async (store) => {
    const keys = Array.from({ length: 10 }, () => aSigningKey(1))
    const added = await Promise.all(
      keys.map((key) => store.addSigningKey({ key, previousRetiresAt: now + 5 })),
    )
    expect(added.filter(Boolean)).toHaveLength(1)
    const winner = keys[added.indexOf(true)]!
    expect(await store.listSigningKeys({})).toEqual([winner])
    await store.addSigningKey({ key: aSigningKey(2), previousRetiresAt: now + 500 })
    const before = await store.listSigningKeys({})
    expect(await store.addSigningKey({ key: aSigningKey(2), previousRetiresAt: now + 900 })).toBe(false)
    expect(await store.listSigningKeys({})).toEqual(before)
  },
)

contract('re-encrypting a signing key changes nothing else', async (store) => {
  const [first, second] = [aSigningKey(1), aSigningKey(2)]
  await store.addSigningKey({ key: first, previousRetiresAt: null })
  await store.addSigningKey({ key: second, previousRetiresAt: null })
  await store.reencryptSigningKey({ generation: 2, privateKey: 'anew' })
  await store.reencryptSigningKey({ generation: 9, privateKey: 'of nobody' })
  expect(await store.listSigningKeys({})).toEqual([first, { ...second, privateKey: 'anew' }])
})

contract('the clean-up deletes retired signing keys, and never the newest', async (store) => {
  await store.addSigningKey({ key: aSigningKey(1), previousRetiresAt: null })
  await store.addSigningKey({ key: aSigningKey(2), previousRetiresAt: now + 500 })
  expect(await store.deleteExpired({ before: now + 500, auditBefore: 0, limit: 100 })).toBe(0)
  expect(await store.deleteExpired({ before: now + 501, auditBefore: 0, limit: 100 })).toBe(1)
  expect(await store.deleteExpired({ before: now + 9e6, auditBefore: 0, limit: 100 })).toBe(0)
  expect((await store.listSigningKeys({})).map(({ generation }) => generation)).toEqual([2])
})

contract(
  'the clean-up deletes only rows that expired before, at most as many as its limit',
  async (store) => {
    const kept = []
    for (let i = 0; i < 4; i++) kept.push(await keep(store))
    const at = (before: number, limit = 100) => store.deleteExpired({ before, auditBefore: 0, limit })
    expect(await at(now + 300)).toBe(0)
    expect(await at(now + 301, 3)).toBe(3) // challenges
    expect(await at(now + 301)).toBe(1)
    expect(await at(now + 1000)).toBe(0)
    expect(await at(now + 1001)).toBe(4) // sessions
    const left = aGuest()
    await store.endSession(sealed(left))
    expect(await at(now + 2000)).toBe(0)
    expect(await store.sealedSessionEnded(left)).toBe(true)
    expect(await at(now + 2001)).toBe(1)
    for (const { guest, passkey } of kept) {
      expect(await store.listPasskeys(guest)).toEqual([passkey])
      expect(await store.findGuest(guest)).toEqual(guest)
    }
  },
)

contract('a verb that fails in the middle writes nothing', async (store) => {
  const broken = aRegistration()
  const noEnd = { ...broken.to, expiresAt: null as unknown as number }
  await expect(store.registerPasskey({ ...broken, to: noEnd })).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(await everything(store, broken)).toEqual({
    guest: undefined,
    passkeys: [],
    byCredential: undefined,
    sessions: [],
    audit: [],
    sealedSessionEnded: false,
  })
  expect(await store.registerPasskey(broken), 'its challenge is not used up').toMatchObject({
    outcome: 'added',
  })

  const before = await everything(store, broken)
  const assertion = anAssertion(broken, { signCount: 9, from: sealed(aGuest()) })
  await expect(store.signInByProof({ ...assertion, to: broken.to })).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(await everything(store, broken)).toEqual(before)
  expect(await store.sealedSessionEnded(assertion.from!)).toBe(false)
  expect(await store.signInByProof(assertion)).toMatchObject({ outcome: 'signed_in' })
})

contract(
  'writes at once are all acknowledged, and one that fails does not affect the others',
  async (store) => {
    const registrations = Array.from({ length: 200 }, () => aRegistration())
    const outcomes = await Promise.allSettled(
      registrations.map((registration, i) =>
        store.registerPasskey(
          i % 10 === 3
            ? {
                ...registration,
                passkey: { ...registration.passkey, publicKey: null as unknown as string },
              }
            : registration,
        ),
      ),
    )
    for (const [i, { guest }] of registrations.entries()) {
      const failed = i % 10 === 3
      expect(outcomes[i]!.status).toBe(failed ? 'rejected' : 'fulfilled')
      expect(await store.findGuest(guest)).toEqual(failed ? undefined : guest)
    }
  },
)

contract('when fifty sign-ins with one challenge come at once, one wins', async (store) => {
  const kept = await keep(store)
  const spent = aChallenge()
  const signIns = Array.from({ length: 50 }, () => anAssertion(kept, { spent, maxSessions: 100 }))
  const outcomes = await Promise.all(signIns.map((signIn) => store.signInByProof(signIn)))
  expect(outcomes.filter(({ outcome }) => outcome === 'signed_in')).toHaveLength(1)
  expect(await store.listSessions({ ...kept.guest, now })).toHaveLength(2)
})

contract('the next read sees an acknowledged write', async (store) => {
  for (let i = 0; i < 50; i++) {
    const { guest } = await keep(store)
    expect(await store.findGuest(guest)).toEqual(guest)
  }
})

contract('closing waits for the verbs under way, and later verbs are refused', async (store) => {
  const writes = Array.from({ length: 50 }, () => store.registerPasskey(aRegistration()))
  const closed = store.close()
  expect((await Promise.all(writes)).map(({ outcome }) => outcome)).toEqual(Array(50).fill('added'))
  await closed
  await expect(store.registerPasskey(aRegistration())).rejects.toMatchObject({ code: 'unavailable' })
})
