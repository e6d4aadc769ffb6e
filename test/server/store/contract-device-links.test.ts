// The contract of the stores for device links: each is opened once, counts wrong codes, and dies with its session.

import { expect } from 'vitest'
import type { GuestRow, SessionRef, SessionRow, Store } from '../../../server/store/store.ts'
import { contract, keep, sealed, stored } from '../../support/contract.ts'
import { aGuest, aKeeping, aNote, aSession, now, promised, randomId } from '../../support/store-rows.ts'

const atOnce = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)))

type Maker = Pick<SessionRow, 'anonymousId' | 'id'>
type Link = Parameters<Store['addDeviceLink']>[0]['link']
type Opening = Parameters<Store['openDeviceLink']>[0]
type Decision = Parameters<Store['decideDeviceLink']>[0]

/** The session of a guest without a row: the browser carries it, and its id is the guest's id. */
const nobodysRow = ({ anonymousId }: GuestRow = aGuest()): Maker => ({ anonymousId, id: anonymousId })

const aLink = ({ anonymousId, id: sessionId }: Maker, more: Partial<Link> = {}): Link => ({
  ...{ id: randomId(), locator: randomId(), code: randomId(), secret: randomId(), label: 'amber-fox-42' },
  ...{ triesLeft: 5, anonymousId, sessionId, expiresAt: now + 600, ...more },
})

const add = (store: Store, link: Link, at = now) => {
  const { anonymousId, sessionId: id } = link
  const from: SessionRef =
    id === anonymousId
      ? { kind: 'sealed', anonymousId, endedUntil: at + 2000 }
      : { kind: 'stored', anonymousId, id }
  return store.addDeviceLink({ link, from, now: at })
}

/** A link that nobody has opened yet. */
async function waiting(store: Store, maker = nobodysRow(), more: Partial<Link> = {}): Promise<Link> {
  const link = aLink(maker, more)
  expect(await add(store, link)).toBe('added')
  return link
}

const anOpening = ({ locator, code }: Link, more: Partial<Opening> = {}): Opening => ({
  ...{ proof: { locator, codes: [code] }, opener: randomId(), here: undefined, client: null, leave: false },
  ...{
    words: ['amber', 'fox'],
    asking: { platform: 'Android', browser: 'Chrome' },
    now,
    expiresAt: now + 120,
  },
  ...more,
})

const aDecision = ({ id, anonymousId, sessionId }: Link, more: Partial<Decision> = {}): Decision => ({
  ...{ id, anonymousId, sessionId, approve: true, now, notes: [] },
  keep: aKeeping({ guest: aGuest({ anonymousId, expiresAt: promised.none.expiresAt }) }),
  ...more,
})

/** A link that was opened, and the hash by which the other device finds it. */
async function opened(store: Store, maker?: Maker) {
  const link = await waiting(store, maker)
  const opening = anOpening(link)
  expect(await store.openDeviceLink(opening)).toEqual({ outcome: 'opened', label: link.label })
  return { link, opener: opening.opener }
}

/** Signs in by a link. Resolves to the outcome. */
async function signInBy(store: Store, { id, anonymousId }: Link, at = now) {
  const { outcome } = await store.signInByProof({
    ...{ proof: { by: 'device_link', id }, from: undefined, to: aSession(aGuest({ anonymousId })) },
    ...{
      maxSessions: 5,
      now: at,
      retained: promised,
      merge: undefined,
      notes: [],
      restored: [],
    },
  })
  return outcome
}

contract(
  'a locator belongs to one live link at a time, and is free once that link expires',
  async (store) => {
    const first = await waiting(store)
    const next = aLink(nobodysRow(), { locator: first.locator })
    expect(await add(store, next, now + 599)).toBe('taken')
    expect(await add(store, next, now + 600)).toBe('added')
    expect(await store.findDeviceLink({ id: first.id, now })).toBeUndefined()
    const locator = randomId()
    const added = await atOnce(20, () => add(store, aLink(nobodysRow(), { locator })))
    expect(added.filter((outcome) => outcome === 'added')).toHaveLength(1)
  },
)

contract('a session that has ended cannot make a link', async (store) => {
  const [kept, gone] = [await keep(store), aGuest()]
  await store.endSession({ kind: 'stored', ...kept.to })
  expect(await add(store, aLink(kept.to))).toBe('ended')
  await store.endSession({ kind: 'sealed', anonymousId: gone.anonymousId, endedUntil: now + 2000 })
  expect(await add(store, aLink(nobodysRow(gone)))).toBe('ended')
})

contract('a locator is free again once its link is opened', async (store) => {
  const { link } = await opened(store)
  await waiting(store, nobodysRow(), { locator: link.locator })
})

contract('a session has one link, the last that it made', async (store) => {
  const maker = nobodysRow()
  const links = [await waiting(store, maker), await waiting(store, maker)]
  expect(await store.findDeviceLink({ id: links[0]!.id, now })).toBeUndefined()
  const more = Array.from({ length: 20 }, () => aLink(maker))
  expect(await atOnce(20, (i) => add(store, more[i]!))).toEqual(Array(20).fill('added'))
  const found = await atOnce(20, (i) => store.findDeviceLink({ id: more[i]!.id, now }))
  expect(found.filter(Boolean)).toHaveLength(1)
})

contract('a link is opened once, by code or secret, until it expires', async (store) => {
  for (const by of ['code', 'secret'] as const) {
    const link = await waiting(store)
    const proof = by === 'code' ? {} : { proof: { id: link.id, secret: link.secret } }
    const late = anOpening(link, { ...proof, now: now + 600 })
    expect(await store.openDeviceLink(late)).toEqual({ outcome: 'unknown' })
    const outcomes = await atOnce(20, () => store.openDeviceLink(anOpening(link, proof)))
    expect(outcomes.filter(({ outcome }) => outcome === 'opened')).toHaveLength(1)
    expect(outcomes.filter(({ outcome }) => outcome === 'unknown')).toHaveLength(19)
  }
})

contract(
  'each wrong code costs an attempt, even at once, and the last attempt deletes the link',
  async (store) => {
    const link = await waiting(store)
    const wrong = () => anOpening(link, { proof: { locator: link.locator, codes: ['wrong', 'too'] } })
    for (let i = 0; i < 4; i++) expect(await store.openDeviceLink(wrong())).toEqual({ outcome: 'unknown' })
    expect(await store.findDeviceLink({ id: link.id, now })).toMatchObject({ status: 'waiting' })
    await store.openDeviceLink(wrong())
    expect(await store.findDeviceLink({ id: link.id, now })).toBeUndefined()
    const other = await waiting(store)
    await atOnce(5, () => store.openDeviceLink(anOpening(other, { proof: { ...other, codes: ['wrong'] } })))
    expect(await store.openDeviceLink(anOpening(other))).toEqual({ outcome: 'unknown' })
  },
)

contract('a wrong secret costs no attempt', async (store) => {
  const link = await waiting(store)
  for (let i = 0; i < 9; i++)
    await store.openDeviceLink(anOpening(link, { proof: { id: link.id, secret: 'wrong' } }))
  expect(await store.openDeviceLink(anOpening(link))).toMatchObject({ outcome: 'opened' })
})

contract(
  'a guest who is signed in on the other device is left only with consent, and the link waits',
  async (store) => {
    const maker = nobodysRow()
    const link = await waiting(store, maker)
    const other = { anonymousId: randomId(), sessionId: 'session' }
    const own = { anonymousId: maker.anonymousId, sessionId: 'another' }
    const from = (here: Opening['here'], leave = false) =>
      store.openDeviceLink(anOpening(link, { here, leave }))
    expect(await from(other)).toEqual({ outcome: 'other' })
    expect(await from(own)).toEqual({ outcome: 'own' })
    expect(await from(own, true)).toEqual({ outcome: 'own' })
    expect(await from(other, true)).toMatchObject({ outcome: 'opened' })
  },
)

contract(
  'a link says who asks from the opening to the decision, and approving keeps the guest',
  async (store) => {
    const { link, opener } = await opened(store)
    const asking = { words: ['amber', 'fox'], asking: { platform: 'Android', browser: 'Chrome' } }
    for (const key of [{ id: link.id }, { opener }])
      expect(await store.findDeviceLink({ ...key, now })).toMatchObject({
        status: 'opened',
        ...asking,
        alive: true,
      })
    const silent = { words: null, asking: null }
    const decided = await store.decideDeviceLink(aDecision(link))
    expect(decided).toMatchObject({ outcome: 'decided', kept: true, link: { status: 'approved', ...silent } })
    expect(await store.findDeviceLink({ opener, now })).toMatchObject({
      status: 'approved',
      ...silent,
      alive: true,
    })
    expect(await store.findGuest(link)).toBeDefined()
    const again = await store.decideDeviceLink(aDecision(link))
    expect(again).toMatchObject({ outcome: 'decided', kept: false, link: { status: 'approved' } })
    expect(await store.findDeviceLink({ opener, now: now + 120 })).toBeUndefined()
  },
)

contract(
  'an opened link is decided by the session that made it, and can be refused until it is used',
  async (store) => {
    const { guest, to } = await keep(store)
    const link = await waiting(store, to)
    const say = (more: Partial<Decision>) =>
      store.decideDeviceLink(aDecision(link, { keep: undefined, ...more }))
    expect(await say({})).toEqual({ outcome: 'undecidable' })
    await store.openDeviceLink(anOpening(link))
    expect(await say({ sessionId: 'another' })).toEqual({ outcome: 'unknown' })
    expect(await say({ anonymousId: randomId() })).toEqual({ outcome: 'unknown' })
    expect(await say({ now: now + 120 })).toEqual({ outcome: 'unknown' })
    expect(await signInBy(store, link)).toBe('refused')
    expect(await say({})).toMatchObject({ outcome: 'decided', kept: false })
    expect(await say({ approve: false, notes: [aNote(guest)] })).toMatchObject({
      link: { status: 'refused' },
    })
    expect(await store.listAudit({ anonymousId: guest.anonymousId, since: 0, limit: 9 })).toHaveLength(1)
    expect(await signInBy(store, link)).toBe('refused')
    expect(await say({})).toEqual({ outcome: 'undecidable' })
  },
)

contract('an approved link signs in once before it expires, even among twenty at once', async (store) => {
  const { to } = await keep(store)
  const late = await opened(store, to)
  await store.decideDeviceLink(aDecision(late.link))
  expect(await signInBy(store, late.link, now + 120)).toBe('refused')
  const { link, opener } = await opened(store, to)
  await store.decideDeviceLink(aDecision(link))
  const outcomes = await atOnce(20, () => signInBy(store, link))
  expect(outcomes.toSorted()).toEqual([...Array(19).fill('refused'), 'signed_in'])
  expect(await store.findDeviceLink({ opener, now })).toMatchObject({ status: 'done' })
  expect(await store.decideDeviceLink(aDecision(link))).toMatchObject({ link: { status: 'done' } })
  const refusal = aDecision(link, { approve: false })
  expect(await store.decideDeviceLink(refusal)).toEqual({ outcome: 'undecidable' })
})

contract('a link dies with the session that made it, in every status', async (store) => {
  for (const when of ['waiting', 'opened', 'approved'] as const) {
    for (const who of ['nobody', 'kept'] as const) {
      const maker = who === 'kept' ? (await keep(store)).to : nobodysRow()
      const link = await waiting(store, maker)
      if (when !== 'waiting') await store.openDeviceLink(anOpening(link))
      if (when === 'approved') await store.decideDeviceLink(aDecision(link))
      const isCarried = who === 'nobody'
      await store.endSession(isCarried ? sealed(maker) : stored(maker as SessionRow))
      if (when === 'waiting')
        expect(await store.openDeviceLink(anOpening(link))).toEqual({ outcome: 'unknown' })
      else expect(await store.findDeviceLink({ id: link.id, now })).toMatchObject({ alive: false })
      expect(await store.decideDeviceLink(aDecision(link))).toEqual({ outcome: 'unknown' })
      expect(await signInBy(store, link)).not.toBe('signed_in')
    }
  }
})

contract('a link is deleted with its guest', async (store) => {
  const links = [await waiting(store), await waiting(store, (await keep(store)).to)]
  for (const { anonymousId } of links)
    await store.eraseGuest({ anonymousId, endedUntil: now + 9, notes: [], by: undefined })
  for (const { id } of links) expect(await store.findDeviceLink({ id, now })).toBeUndefined()
})

contract('only the session that made a link can delete it', async (store) => {
  const link = await waiting(store)
  expect(await store.removeDeviceLink({ ...link, sessionId: 'another' })).toBe(false)
  expect(await store.removeDeviceLink({ ...link, anonymousId: 'another' })).toBe(false)
  expect(await store.removeDeviceLink(link)).toBe(true)
  expect(await store.removeDeviceLink(link)).toBe(false)
})

contract('the clean-up deletes expired links, at most as many as its limit', async (store) => {
  for (let i = 0; i < 3; i++) await waiting(store)
  const { link } = await opened(store)
  expect(await store.deleteExpiredDeviceLinks({ now: now + 119, limit: 9 })).toBe(0)
  expect(await store.deleteExpiredDeviceLinks({ now: now + 120, limit: 9 })).toBe(1)
  expect(await store.findDeviceLink({ id: link.id, now })).toBeUndefined()
  expect(await store.deleteExpiredDeviceLinks({ now: now + 600, limit: 2 })).toBe(2)
  expect(await store.deleteExpiredDeviceLinks({ now: now + 600, limit: 2 })).toBe(1)
})
