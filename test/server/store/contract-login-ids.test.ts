// The contract of the stores for login IDs and their proofs: each login ID has one owner, and each proof works once.

import { expect } from 'vitest'
import type { LoginIdRow, LoginProof, SessionRow, Store } from '../../../server/store/store.ts'
import { anAssertion, contract, everything, keep, keepById, sealed, stored } from '../../support/contract.ts'
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
  quietly,
  randomId,
} from '../../support/store-rows.ts'

const atOnce = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)))

const until = now + 3600

/** Writes a code without limits. Resolves to the proof by that code. */
async function aCode(store: Store, { triesLeft = 5, expiresAt = now + 600 } = {}) {
  const code = { id: randomId(), code: randomId() }
  expect(await store.addCode({ code: { ...code, triesLeft, expiresAt }, limits: [], now })).toBeUndefined()
  return code
}

const wrong = ({ id }: { id: string }) => ({ id, code: 'wrong' })
const anAuthorization = () => ({ spent: { id: randomId(), expiresAt: now + 1860 } })

type Who = { anonymousId: string }

const aLoginId = ({ anonymousId }: Who, more: Partial<LoginIdRow> = {}): LoginIdRow => ({
  ...{ type: 'email', value: `${randomId()}@example.org`, anonymousId, verifiedAt: now, primary: false },
  ...more,
})

const quiet = { first: [], further: [] }

type Promotion = Parameters<Store['promote']>[0]

/** The input of `promote`: by default the host verified the login ID and gives only the guest's id. */
const aPromotion = (who: Who, more: Partial<Promotion> = {}): Promotion => ({
  ...{ anonymousId: who.anonymousId, loginId: aLoginId(who), proof: undefined, keep: undefined },
  ...{ from: undefined, to: undefined, offer: undefined, maxLoginIds: 5, now: now + 5, notes: quiet },
  ...more,
})

/** A regular user without a passkey, and the session that began with the first login ID. */
async function promoted(store: Store, more: Partial<Promotion> = {}) {
  const { guest } = await keepById(store)
  const to = aSession(guest, { authTime: null })
  const promotion = aPromotion(guest, { from: sealed(guest), to, ...more })
  expect(await store.promote(promotion)).toEqual({
    outcome: 'promoted',
    kept: false,
    first: true,
    revoked: [],
  })
  return { guest, to, loginId: promotion.loginId }
}

type SignIn = Parameters<Store['signInByProof']>[0]

/** The input of a sign-in with this login ID. `more`: another `value`, or fields of the sign-in. */
const aCodeSignIn = (
  { type, value, anonymousId }: LoginIdRow,
  proof: LoginProof,
  { value: another = value, ...more }: Partial<SignIn & LoginIdRow> = {},
): SignIn => ({
  ...{ proof: { by: 'code', loginId: { type, value: another }, proof }, from: undefined },
  ...{ to: aSession(aGuest({ anonymousId }), { authTime: null }), maxSessions: 5, now: now + 20 },
  ...quietly,
  ...more,
})

const isThere = async (store: Store, session: SessionRow) => (await store.findSession(session)) !== undefined
const loginIds = async (store: Store, { anonymousId }: Who) => store.listLoginIds({ anonymousId })

contract('a code is right once, until it expires', async (store) => {
  const code = await aCode(store)
  expect(await store.spendCode({ ...code, now: now + 599 })).toBe('right')
  expect(await store.spendCode({ ...code, now })).toBe('dead_code')
  const late = await aCode(store)
  expect(await store.spendCode({ ...late, now: now + 600 })).toBe('dead_code')
  expect(await store.spendCode({ id: 'another', code: code.code, now })).toBe('dead_code')
})

contract('asking whether a code is right neither costs an attempt nor uses it up', async (store) => {
  const code = await aCode(store, { triesLeft: 1 })
  for (const given of [wrong(code), { ...wrong(code), id: 'another' }])
    expect(await store.isRightCode({ ...given, now })).toBe(false)
  expect(await store.isRightCode({ ...code, now: now + 600 })).toBe(false)
  expect(await store.isRightCode({ ...code, now })).toBe(true)
  expect(await store.spendCode({ ...code, now })).toBe('right')
  expect(await store.isRightCode({ ...code, now })).toBe(false)
})

contract('what is good once is so for one of twenty at once, and never again', async (store) => {
  const once = { id: randomId(), expiresAt: now + 60 }
  const outcomes = await atOnce(20, () => store.spendOnce(once))
  expect(outcomes.filter(Boolean)).toHaveLength(1)
  expect(await store.spendOnce({ ...once, expiresAt: now + 120 })).toBe(false)
  expect(await store.spendOnce({ ...once, id: randomId() })).toBe(true)
})

contract('when twenty give the right code at once, one is right', async (store) => {
  const code = await aCode(store)
  const outcomes = await atOnce(20, () => store.spendCode({ ...code, now }))
  expect(outcomes.toSorted()).toEqual([...Array(19).fill('dead_code'), 'right'])
})

contract(
  'each wrong code costs an attempt, even among twenty at once, and after five the right code is refused',
  async (store) => {
    const code = await aCode(store)
    for (let tried = 0; tried < 4; tried++)
      expect(await store.spendCode({ ...wrong(code), now })).toBe('wrong_code')
    expect(await store.spendCode({ ...code, now })).toBe('right')

    const guessed = await aCode(store)
    const outcomes = await atOnce(20, () => store.spendCode({ ...wrong(guessed), now }))
    expect(outcomes.filter((one) => one === 'wrong_code')).toHaveLength(5)
    expect(outcomes.filter((one) => one === 'dead_code')).toHaveLength(15)
    expect(await store.spendCode({ ...guessed, now })).toBe('dead_code')
  },
)

contract('a wrong code costs an attempt in every verb, also if the verb is refused anyway', async (store) => {
  const { guest } = await keepById(store)
  const user = await promoted(store)
  const ways: ((proof: LoginProof) => Promise<{ outcome: string }>)[] = [
    (proof) => store.promote(aPromotion(guest, { proof })),
    // This and the next ones would also be refused with the right code.
    (proof) => store.promote(aPromotion(aGuest(), { proof })),
    (proof) =>
      store.promote(aPromotion(guest, { proof, loginId: { ...user.loginId, ...guest } as LoginIdRow })),
    (proof) => store.signInByProof(aCodeSignIn(user.loginId, proof)),
    (proof) => store.signInByProof(aCodeSignIn(aLoginId({ anonymousId: '' }), proof)),
  ]
  for (const give of ways) {
    const code = await aCode(store, { triesLeft: 2 })
    expect(await give(wrong(code))).toEqual({ outcome: 'wrong_code' })
    expect(await give(wrong(code))).toEqual({ outcome: 'wrong_code' })
    expect(await give(wrong(code))).toEqual({ outcome: 'dead_code' })
    expect(await give(code)).toEqual({ outcome: 'dead_code' })
  }
  expect(await loginIds(store, guest)).toEqual([])
})

contract('codes are refused while any limit is reached', async (store) => {
  const [address, network] = [randomId(), randomId()]
  const add = (at: number, more = { address, network }) =>
    store.addCode({
      code: { id: randomId(), code: 'mac', triesLeft: 5, expiresAt: at + 600 },
      limits: [
        { id: more.address, most: 2, until: at + 100 },
        { id: more.network, most: 3, until: at + 200 },
      ],
      now: at,
    })
  expect(await add(now)).toBeUndefined()
  expect(await add(now + 50)).toBeUndefined()
  expect(await add(now + 99), 'the time of a limit begins with the first code').toEqual({
    retryAt: now + 100,
  })
  expect(
    await add(now + 99, { address: randomId(), network }),
    'a refused code did not count',
  ).toBeUndefined()
  expect(await add(now + 99), 'both limits are reached, and the later one counts').toEqual({
    retryAt: now + 200,
  })
  expect(await add(now + 100)).toEqual({ retryAt: now + 200 })
  expect(await add(now + 200)).toBeUndefined()
  expect(await add(now + 201)).toBeUndefined()
  expect(await add(now + 202)).toEqual({ retryAt: now + 300 })
})

contract(
  'when twenty codes are requested at once, no more are written than the limit allows',
  async (store) => {
    const [address, network] = [randomId(), randomId()]
    for (const at of [now, now + 200]) {
      const codes = Array.from({ length: 20 }, () => ({ id: randomId(), code: 'mac' }))
      const reached = await atOnce(20, (i) =>
        store.addCode({
          code: { ...codes[i]!, triesLeft: 5, expiresAt: at + 600 },
          limits: [
            { id: address, most: 5, until: at + 100 },
            { id: network, most: 30, until: at + 100 },
          ],
          now: at,
        }),
      )
      expect(reached.filter((one) => one === undefined)).toHaveLength(5)
      const refused = reached.filter((one) => one !== undefined)
      expect(refused).toEqual(Array(15).fill({ retryAt: at + 100 }))
      for (const [i, code] of codes.entries())
        expect(await store.spendCode({ ...code, now: at })).toBe(reached[i] ? 'dead_code' : 'right')
    }
  },
)

contract('the first login ID makes the guest a regular user and ends every other session', async (store) => {
  const kept = await keep(store)
  const another = aSession(kept.guest, { id: randomId() })
  await store.signInByProof(anAssertion(kept, { to: another, backedUp: false, now }))
  const [code, to, note] = [await aCode(store), aSession(kept.guest), aNote(kept.guest)]
  const promotion = aPromotion(kept.guest, {
    proof: code,
    from: stored(kept.to),
    to,
    notes: { ...quiet, first: [note] },
  })
  expect(await store.promote(promotion)).toEqual({
    outcome: 'promoted',
    kept: false,
    first: true,
    revoked: [],
  })
  expect(await everything(store, kept)).toMatchObject({
    guest: { ...kept.guest, promotedAt: now + 5, expiresAt: null, lastSeenAt: now + 5 },
    passkeys: [{ ...kept.passkey, lastUsedAt: now }],
    byCredential: { promotedAt: now + 5 },
    sessions: [to],
    audit: [note.audit],
  })
  expect(await store.findSession(to)).toMatchObject({ promotedAt: now + 5, guestExpiresAt: null })
  const mine = { ...promotion.loginId, primary: true }
  expect(await store.findLoginId(mine)).toEqual(mine)
  expect(await store.findLoginId({ type: 'phone', value: mine.value })).toBeUndefined()
  expect(await store.spendCode({ ...code, now })).toBe('dead_code')
})

contract('a further login ID changes neither the sessions nor the date of promotion', async (store) => {
  const { guest, to, loginId } = await promoted(store)
  const later = aLoginId(guest, { type: 'phone', verifiedAt: now + 30 })
  const note = aNote(guest)
  const promotion = aPromotion(guest, {
    ...{ loginId: later, from: stored(to), to: aSession(guest), now: now + 30, proof: await aCode(store) },
    notes: { first: [aNote(guest)], further: [note] },
  })
  expect(await store.promote(promotion)).toEqual({
    outcome: 'promoted',
    kept: false,
    first: false,
    revoked: [],
  })
  expect(await store.listSessions({ ...guest, now })).toEqual([to])
  expect(await store.findGuest(guest)).toMatchObject({ promotedAt: now + 5, expiresAt: null })
  expect(await loginIds(store, guest)).toEqual([{ ...loginId, primary: true }, later])
  expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([note.audit])
  const third = aPromotion(guest, {
    maxLoginIds: 2,
    notes: { first: [aNote(guest)], further: [aNote(guest)] },
    proof: await aCode(store),
  })
  expect(await store.promote(third)).toEqual({ outcome: 'too_many' })
  expect(await loginIds(store, guest)).toHaveLength(2)
  expect(
    await store.spendCode({ ...(third.proof as { id: string; code: string }), now }),
    'the code is not used up',
  ).toBe('right')
})

contract('a guest without a row is kept and promoted at once', async (store) => {
  const guest = aGuest()
  const keeping = aKeeping({ guest })
  const to = aSession(guest)
  const first = aPromotion(guest, { proof: await aCode(store), from: sealed(guest), to, keep: keeping })
  expect(await store.promote(first)).toEqual({ outcome: 'promoted', kept: true, first: true, revoked: [] })
  expect(await store.findGuest(guest)).toMatchObject({
    promotedAt: now + 5,
    expiresAt: null,
    stage: 'active',
  })
  expect(await store.sealedSessionEnded(guest)).toBe(true)
  expect(await store.listSessions({ ...guest, now })).toEqual([to])
  const again = { ...first, loginId: aLoginId(guest), proof: await aCode(store) }
  expect(await store.promote(again), 'that session has ended').toEqual({ outcome: 'ended' })
})

contract('a session that has ended promotes nobody, and the proof is not used up', async (store) => {
  const [kept, unknown] = [await keep(store), aGuest()]
  await store.endSession(stored(kept.to))
  await store.endSession(sealed(unknown))
  for (const promotion of [
    aPromotion(kept.guest, { from: stored(kept.to), to: aSession(kept.guest) }),
    aPromotion(unknown, { from: sealed(unknown), to: aSession(unknown), keep: aKeeping({ guest: unknown }) }),
    aPromotion(aGuest()),
  ]) {
    const code = await aCode(store)
    expect(await store.promote({ ...promotion, proof: code })).toEqual({ outcome: 'ended' })
    expect(await store.findLoginId(promotion.loginId)).toBeUndefined()
    expect(await store.spendCode({ ...code, now })).toBe('right')
  }
  expect(await store.findGuest(unknown)).toBeUndefined()
  expect(await store.findGuest(kept.guest)).toEqual(kept.guest)
})

contract(
  "the guest's own login ID is known, and another guest's is taken and may lead to a merge",
  async (store) => {
    const owner = await promoted(store)
    const mine = aPromotion(owner.guest, {
      loginId: owner.loginId,
      proof: await aCode(store),
      from: stored(owner.to),
    })
    expect(await store.promote(mine)).toEqual({ outcome: 'known' })
    expect(await store.promote(mine)).toEqual({ outcome: 'dead_code' })
    expect(await isThere(store, owner.to)).toBe(true)

    const other = await keepById(store)
    const { intoId: _, ...offer } = aMerge(other.guest, owner.guest)
    const promotion = aPromotion(other.guest, {
      loginId: { ...owner.loginId, anonymousId: other.guest.anonymousId },
      ...{ proof: await aCode(store), from: sealed(other.guest), to: aSession(other.guest), offer },
    })
    const by = await store.findGuest(owner.guest)
    expect(await store.promote(promotion)).toEqual({ outcome: 'taken', by })
    expect(await store.findMerge(offer)).toEqual({ ...offer, intoId: owner.guest.anonymousId })
    expect(await store.promote(promotion), 'the code is used up').toEqual({ outcome: 'dead_code' })
    expect(await store.findLoginId(owner.loginId)).toEqual({ ...owner.loginId, primary: true })
    expect(await store.findGuest(other.guest)).toEqual(other.guest)
    expect(await store.listSessions({ ...other.guest, now })).toEqual([other.session])
    const without = { ...promotion, offer: undefined, proof: undefined }
    expect(await store.promote(without)).toEqual({ outcome: 'taken', by })
  },
)

contract(
  'when twenty guests prove one login ID at once, one gets it and nobody else loses anything',
  async (store) => {
    const guests = await atOnce(20, () => keep(store))
    const value = `${randomId()}@example.org`
    const codes = await atOnce(20, () => aCode(store))
    const sessions = guests.map(({ guest }) => aSession(guest))
    const outcomes = await atOnce(20, (i) => {
      const { guest, to: from } = guests[i]!
      const loginId = aLoginId(guest, { value })
      return store.promote(
        aPromotion(guest, { loginId, proof: codes[i]!, from: stored(from), to: sessions[i]! }),
      )
    })
    const first = outcomes.findIndex(({ outcome }) => outcome === 'promoted')
    const owner = guests[first]!.guest
    expect(await store.findLoginId({ type: 'email', value })).toMatchObject({
      anonymousId: owner.anonymousId,
      primary: true,
    })
    for (const [i, { guest, to }] of guests.entries()) {
      if (i === first) {
        expect(await store.listSessions({ ...guest, now })).toEqual([sessions[i]])
        continue
      }
      expect(outcomes[i]).toMatchObject({ outcome: 'taken', by: { anonymousId: owner.anonymousId } })
      expect(await store.findGuest(guest)).toEqual(guest)
      expect(await store.listSessions({ ...guest, now })).toEqual([to])
    }
    for (const code of codes)
      expect(await store.spendCode({ ...code, now }), 'the code is used up').toBe('dead_code')
  },
)

contract('when one proof is used twenty times at once, it promotes once', async (store) => {
  for (const proof of [await aCode(store), anAuthorization()]) {
    const kept = await keep(store)
    const sessions = Array.from({ length: 20 }, () => aSession(kept.guest))
    const loginId = aLoginId(kept.guest)
    const outcomes = await atOnce(20, (i) =>
      store.promote(aPromotion(kept.guest, { loginId, proof, from: stored(kept.to), to: sessions[i]! })),
    )
    const first = outcomes.findIndex(({ outcome }) => outcome === 'promoted')
    expect(await store.listSessions({ ...kept.guest, now })).toEqual([sessions[first]])
    const used =
      'spent' in proof ? { outcome: 'used', sessionId: sessions[first]!.id } : { outcome: 'dead_code' }
    expect(outcomes.filter((_, i) => i !== first)).toEqual(Array(19).fill(used))
    expect(await loginIds(store, kept.guest)).toEqual([{ ...loginId, primary: true }])
  }
})

contract(
  'when a guest proves twenty login IDs at once, one is the first and the primary one',
  async (store) => {
    const { guest } = await keepById(store)
    const outcomes = await atOnce(20, () => store.promote(aPromotion(guest, { maxLoginIds: 10 })))
    expect(outcomes.filter((one) => one.outcome === 'promoted')).toHaveLength(10)
    expect(outcomes.filter((one) => one.outcome === 'promoted' && one.first)).toHaveLength(1)
    expect(outcomes.filter((one) => one.outcome === 'too_many')).toHaveLength(10)
    const all = await loginIds(store, guest)
    expect(all.map(({ primary }) => primary)).toEqual([true, ...Array(9).fill(false)])
  },
)

contract('an authorization code that was used before names the session that it led to', async (store) => {
  const kept = await keep(store)
  const [proof, to] = [anAuthorization(), aSession(kept.guest)]
  const promotion = aPromotion(kept.guest, { proof, from: stored(kept.to), to })
  expect(await store.promote(promotion)).toMatchObject({ outcome: 'promoted' })
  const used = { outcome: 'used', sessionId: to.id }
  expect(await store.promote({ ...promotion, from: stored(to), to: aSession(kept.guest) })).toEqual(used)
  expect(await store.signInByProof(aCodeSignIn(promotion.loginId, proof))).toEqual(used)

  const signIn = aCodeSignIn(promotion.loginId, anAuthorization())
  expect(await store.signInByProof(signIn)).toMatchObject({ outcome: 'signed_in' })
  const again = { ...signIn, to: aSession(kept.guest) }
  expect(await store.signInByProof(again)).toEqual({ outcome: 'used', sessionId: signIn.to.id })
  const sessions = await store.listSessions({ ...kept.guest, now })
  expect(sessions).toHaveLength(2)
  expect(sessions).toEqual(expect.arrayContaining([to, signIn.to]))
  await store.deleteExpired({ before: now + 1861, auditBefore: 0, limit: 1000 })
  expect(await store.signInByProof(again), 'the used code is forgotten after its expiry').toMatchObject({
    outcome: 'signed_in',
  })
})

contract('a regular user has no expiry, whatever the guest was promised before', async (store) => {
  const { guest, to } = await promoted(store)
  const touch = {
    ...to,
    now: now + 900,
    expiresAt: now + 90_000,
    retained: { ...promised, promoted: promised.none },
    label: '',
    collection: '',
  }
  await store.touchSession(touch)
  expect(await store.findGuest(guest)).toMatchObject({ expiresAt: null, lastSeenAt: now + 900 })
  expect(await store.listDueGuests({ now: now + 9e8, limit: 10 })).toEqual([])
})

contract(
  'a user with a login ID signs in with a code, which replaces the previous session',
  async (store) => {
    const user = await promoted(store)
    const visitor = aGuest()
    const [code, note] = [await aCode(store), aNote(user.guest)]
    const signIn = aCodeSignIn(user.loginId, code, { from: sealed(visitor), notes: [note] })
    expect(await store.signInByProof(signIn)).toEqual({
      ...{ outcome: 'signed_in', restored: false, mergeable: false, label: user.guest.label },
      ...{ collection: 'users', guestExpiresAt: null, promotedAt: now + 5, recoverability: 'none' },
    })
    expect(await store.sealedSessionEnded(visitor)).toBe(true)
    expect(await isThere(store, signIn.to)).toBe(true)
    expect(await isThere(store, user.to), 'sessions on other devices stay').toBe(true)
    expect(await store.findGuest(user.guest)).toMatchObject({ lastSeenAt: now + 20, expiresAt: null })
    expect(await store.listAudit({ ...user.guest, since: 0, limit: 10 })).toEqual([note.audit])
    expect(await store.signInByProof({ ...signIn, to: aSession(user.guest) })).toEqual({
      outcome: 'dead_code',
    })
  },
)

contract('when twenty sign-ins use one code, one succeeds', async (store) => {
  const user = await promoted(store)
  const code = await aCode(store)
  const outcomes = await atOnce(20, () =>
    store.signInByProof(aCodeSignIn(user.loginId, code, { maxSessions: 50 })),
  )
  expect(outcomes.filter(({ outcome }) => outcome === 'signed_in')).toHaveLength(1)
  expect(outcomes.filter(({ outcome }) => outcome === 'dead_code')).toHaveLength(19)
  expect(await store.listSessions({ ...user.guest, now })).toHaveLength(2)
})

contract('a refused sign-in with a code uses up nothing and ends no session', async (store) => {
  const user = await promoted(store)
  const visitor = await keepById(store)
  const from = sealed(visitor.guest)
  const refusals: [Partial<SignIn & LoginIdRow>, string][] = [
    [{ value: 'another@example.org' }, 'unknown'],
    [{ to: aSession(visitor.guest) }, 'unknown'],
    [{ to: aSession(aGuest({ anonymousId: '' })) }, 'unknown'],
    [{ maxSessions: 1 }, 'too_many_sessions'],
  ]
  const code = await aCode(store)
  for (const [more, outcome] of refusals) {
    const merge = aMerge(visitor.guest, user.guest)
    const signIn = aCodeSignIn(user.loginId, code, { from, merge, notes: [aNote(user.guest)], ...more })
    expect(await store.signInByProof(signIn)).toEqual({ outcome })
    expect(await isThere(store, visitor.session)).toBe(true)
    expect(await store.findMerge(merge)).toBeUndefined()
  }
  expect(await store.listAudit({ ...user.guest, since: 0, limit: 10 })).toEqual([])
  expect(await store.spendCode({ ...code, now })).toBe('right')
})

contract(
  'a sign-in with a code offers a merge of the previous guest, only within one collection',
  async (store) => {
    const user = await promoted(store)
    for (const [collection, mergeable] of [
      ['users', true],
      ['customers', false],
    ] as const) {
      const left = await keepById(store, { guest: aGuest({ collection }) })
      const merge = aMerge(left.guest, user.guest)
      const signIn = aCodeSignIn(user.loginId, await aCode(store), { from: sealed(left.guest), merge })
      expect(await store.signInByProof(signIn)).toMatchObject({ outcome: 'signed_in', mergeable })
      expect(await store.findMerge(merge)).toEqual(mergeable ? merge : undefined)
      expect(await store.listSessions({ ...left.guest, now })).toEqual([])
    }
  },
)

contract('a regular user is never due for expiry, whatever happens', async (store) => {
  const kept = await keep(store)
  const to = aSession(kept.guest)
  const promotion = aPromotion(kept.guest, { from: stored(kept.to), to })
  await store.promote(promotion)
  const { anonymousId, label, collection } = kept.guest
  const seen = { anonymousId, id: to.id, now: now + 86_400, label, collection }
  await store.touchSession({ ...seen, expiresAt: now + 90_000, retained: promised })
  const signIn = anAssertion(kept, { to: aSession(kept.guest), maxSessions: 9, now: now + 86_410 })
  expect(await store.signInByProof(signIn)).toMatchObject({
    ...{ outcome: 'signed_in', guestExpiresAt: null, promotedAt: now + 5 },
  })
  const further = aRegistration({ guest: kept.guest, passkey: aPasskey(kept.guest), from: stored(to) })
  expect(await store.registerPasskey(further)).toMatchObject({ outcome: 'added', guestExpiresAt: null })
  await store.removePasskey({
    anonymousId,
    credentialId: further.passkey.credentialId,
    force: true,
    notes: [],
  })
  expect(await store.findGuest(kept.guest)).toMatchObject({ promotedAt: now + 5, expiresAt: null })
  expect(await store.listDueGuests({ now: now + 1e9, limit: 10 })).toEqual([])
})

contract('when the primary login ID is removed, another one becomes primary', async (store) => {
  const { guest, loginId } = await promoted(store)
  const [second, third] = [1, 2].map((i) => aLoginId(guest, { verifiedAt: now + i }))
  for (const one of [second!, third!]) await store.promote(aPromotion(guest, { loginId: one }))
  const remove = ({ type, value }: LoginIdRow, more: Partial<Parameters<Store['removeLoginId']>[0]> = {}) =>
    store.removeLoginId({
      ...{ anonymousId: guest.anonymousId, type, value, force: false, now: now + 50 },
      ...{ retained: promised, notes: [], ...more },
    })
  expect(await remove(second!, { anonymousId: 'another' })).toBe('not_found')
  expect(await remove(aLoginId(guest))).toBe('not_found')
  expect(await remove(loginId)).toBe('removed')
  expect(await loginIds(store, guest)).toEqual([{ ...second, primary: true }, third])
  expect(await remove(third!)).toBe('removed')
  const note = aNote(guest)
  expect(await remove(second!, { notes: [note] }), 'it is the last way back').toBe('last')
  expect(await store.findGuest(guest)).toMatchObject({ promotedAt: now + 5, expiresAt: null })
  expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([])
  expect(await remove(second!, { force: true, notes: [note] })).toBe('removed')
  expect(await loginIds(store, guest)).toEqual([])
  expect(await store.findGuest(guest)).toMatchObject({ promotedAt: null, expiresAt: promised.none.expiresAt })
  expect(await store.listAudit({ ...guest, since: 0, limit: 10 })).toEqual([note.audit])
})

contract('a user who loses the last login ID but has a passkey is a guest again', async (store) => {
  const kept = await keep(store)
  const promotion = aPromotion(kept.guest)
  await store.promote(promotion)
  const { anonymousId } = kept.guest
  const remove = {
    ...promotion.loginId,
    anonymousId,
    force: false,
    now: now + 50,
    retained: promised,
    notes: [],
  }
  const outcomes = await atOnce(20, () => store.removeLoginId(remove))
  expect(outcomes.toSorted()).toEqual([...Array(19).fill('not_found'), 'removed'])
  expect(await store.findGuest(kept.guest)).toMatchObject({
    promotedAt: null,
    expiresAt: promised.passkey.expiresAt,
  })
  const anew = aPromotion(kept.guest, { loginId: promotion.loginId, now: now + 60 })
  expect(await store.promote(anew)).toMatchObject({ outcome: 'promoted', first: true })
  expect(await store.findGuest(kept.guest)).toMatchObject({ promotedAt: now + 60, expiresAt: null })
})

contract('exactly one login ID is primary, whichever is chosen', async (store) => {
  const { guest, loginId } = await promoted(store)
  const all = [loginId, aLoginId(guest, { verifiedAt: now + 1 }), aLoginId(guest, { verifiedAt: now + 2 })]
  for (const one of all.slice(1)) await store.promote(aPromotion(guest, { loginId: one }))
  const choose = ({ type, value }: LoginIdRow, { anonymousId } = guest) =>
    store.setPrimaryLoginId({ anonymousId, type, value })
  expect(await choose(all[2]!)).toBe(true)
  expect(await loginIds(store, guest)).toEqual([{ ...all[2], primary: true }, loginId, all[1]])
  expect(await choose(aLoginId(guest))).toBe(false)
  const another = await promoted(store)
  expect(await choose(all[0]!, another.guest), "another guest's login ID").toBe(false)
  expect(await loginIds(store, another.guest)).toEqual([{ ...another.loginId, primary: true }])
  await atOnce(20, (i) => choose(all[i % 3]!))
  expect((await loginIds(store, guest)).map(({ primary }) => primary)).toEqual([true, false, false])
})

contract('a demoted user keeps sessions and passkeys, and loses login IDs and profile', async (store) => {
  const kept = await keep(store)
  const to = aSession(kept.guest)
  const first = aPromotion(kept.guest, { from: stored(kept.to), to })
  await store.promote(first)
  await store.promote(aPromotion(kept.guest))
  const { anonymousId } = kept.guest
  await store.patchProfile({
    ...{ anonymousId, changes: { nickname: 'Fox' }, ifVersion: undefined, maxBytes: 1000, now },
    ...{ keep: undefined, notes: [] },
  })
  const note = aNote(kept.guest)
  const demote = () => store.demote({ anonymousId, now: now + 50, retained: promised, notes: [note] })
  expect((await atOnce(20, demote)).filter(Boolean)).toHaveLength(1)
  expect(await loginIds(store, kept.guest)).toEqual([])
  expect(await store.findProfile(kept.guest)).toBeUndefined()
  expect(await everything(store, kept)).toMatchObject({
    guest: { promotedAt: null, expiresAt: promised.passkey.expiresAt, stage: 'active' },
    passkeys: [kept.passkey],
    sessions: [to],
    audit: [note.audit],
  })
  expect(await demote()).toBe(false)
  expect(await store.demote({ anonymousId: 'nobody', now, retained: promised, notes: [note] })).toBe(false)
  const other = await keepById(store)
  const anew = aPromotion(other.guest, {
    loginId: { ...first.loginId, anonymousId: other.guest.anonymousId },
  })
  expect(await store.promote(anew), 'the login ID is free again').toMatchObject({ outcome: 'promoted' })
})

contract('the login ID of an erased user is free for another guest', async (store) => {
  const { guest, loginId } = await promoted(store)
  expect(await store.eraseGuest({ ...guest, endedUntil: now + 2000, by: undefined, notes: [] })).toBe(
    'erased',
  )
  expect(await store.findLoginId(loginId)).toBeUndefined()
  const other = await keepById(store)
  const anew = aPromotion(other.guest, { loginId: { ...loginId, anonymousId: other.guest.anonymousId } })
  expect(await store.promote(anew)).toMatchObject({ outcome: 'promoted' })
})

contract('the clean-up deletes expired codes and limits', async (store) => {
  const [code, limit] = [await aCode(store), { id: randomId(), most: 1, until }]
  const add = () =>
    store.addCode({
      code: { id: randomId(), code: 'mac', triesLeft: 5, expiresAt: until },
      limits: [limit],
      now,
    })
  expect(await add()).toBeUndefined()
  const sweep = (before: number) => store.deleteExpired({ before, auditBefore: 0, limit: 1000 })
  expect(await sweep(now + 600)).toBe(0)
  expect(await sweep(now + 601)).toBe(1)
  expect(await store.spendCode({ ...code, now })).toBe('dead_code')
  expect(await add()).toEqual({ retryAt: until })
  expect(await sweep(until + 1)).toBe(2)
  expect(await add()).toBeUndefined()
})
