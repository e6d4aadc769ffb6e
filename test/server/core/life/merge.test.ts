// Merging: a guest who signs in to another account is merged into that account, and the merge can be undone.

import { setTimeout } from 'node:timers/promises'
import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { hashToken } from '../../../../server/core/crypto/secrets.ts'
import { merge, newMerge } from '../../../../server/core/life/merge.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { GuestEvents, Merge, MergeProfiles } from '../../../../server/index.ts'
import type { MergeRow } from '../../../../server/store/store.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import type { SoftwareAuthenticator } from '../../../support/authenticator.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { sessionsSeenNow } from '../../../support/guest-rows.ts'
import {
  asPrevious,
  auditOf,
  day,
  foldedIn,
  hour,
  keepings,
  livingSessions,
  merged,
  merges,
  minute,
  offered,
  pass,
  profile,
  recordingHost,
  rowOf,
  rowsOf,
  signedIn,
  startMergingApp,
  subOf,
} from '../../../support/merging.ts'
import { codeBook, promote } from '../../../support/promotion.ts'
import { guestWithCodes, newCodes, useAllBut, useCode } from '../../../support/recovery.ts'
import { expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { execute, tables } from '../../../support/tables.ts'
import {
  anonymously,
  bearer,
  bySession,
  granted,
  keptClient,
  refresh,
  secret,
  sendJson,
  signInAs,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const grace = 7 * day
const expectMergedAway = (app: TestApp, browser: Browser) =>
  expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'guest_merged')

/** The ticket is refused and nothing is written. The guest signs in first, so that the session is not touched either. */
async function expectTicketRefused(
  app: TestApp,
  browser: Browser,
  ticket: string,
  { device, guest }: { device: SoftwareAuthenticator; guest: { sub: string } },
  door = 'merge',
  isLate = false,
) {
  await signedIn(browser.signInWithPasskey(device, { stepUp: true }), guest.sub)
  const [status, code] = isLate ? ([404, 'not_found'] as const) : ([400, 'merge_ticket_invalid'] as const)
  return expectRefusal(app, () => browser.post(`/guest/${door}`, { ticket }), status, code)
}

describe('a guest who could not come back', () => {
  test.each(Object.entries(keepings))('%s is merged at a sign-in with a passkey', async (_, keep) => {
    const { app, merges: told, undone, events } = await startMergingApp()
    const { browser, old, guest, winner, answer, ticket } = await foldedIn(app, keep)
    const from = asPrevious(guest)
    const into = { ...asPrevious(winner.guest), recoverability: 'passkey' }
    expect(answer.body).toMatchObject({ previous: from, merged: true, ticket: expect.any(String) })
    expect(told).toEqual([{ ticket: hashToken(ticket), from, into }])
    const now = Math.floor(app.clock.now() / 1000)
    const { anonymous_id } = into
    expect(events).toEqual([{ anonymous_id, ticket: hashToken(ticket), from, into, undo_until: now + grace }])
    expect(await merges(app)).toEqual([{ from_id: guest.sub, into_id: winner.guest.sub, status: 'merged' }])
    expect((await rowOf(app, guest))?.stage).toBe(keep === keepings['in no row'] ? undefined : 'merged')
    expect(await livingSessions(app, guest.sub)).toEqual([])
    await expectMergedAway(app, old)
    expect(await subOf(browser)).toBe(winner.guest.sub)

    // Exactly once, however much time passes and however often the client asks.
    for (const seconds of [minute, 2 * minute, hour, day]) await pass(app, seconds)
    const again = await browser.post('/guest/merge', { ticket })
    expect(again.status, again.text).toBe(200)
    expect(again.body).toMatchObject({ sub: winner.guest.sub, merged: from })
    expect(told).toHaveLength(1)
    expect(events).toHaveLength(1)
    expect(undone).toEqual([])
  })

  test.each(Object.entries(keepings))(
    '%s is merged only after the hook of the host has run',
    async (_, keep) => {
      let then: { merges: unknown; guest: unknown; done: unknown } | undefined
      const { app } = await startMergingApp({
        merge: {
          async onMerge({ from, into }) {
            const guest = await rowOf(app, { sub: from.anonymous_id })
            const done = await auditOf(app, { sub: into.anonymous_id }, 'guest.merged')
            then = { merges: await merges(app), guest: guest?.stage, done }
          },
        },
      })
      const { guest, winner } = await foldedIn(app, keep)
      expect(then).toEqual({
        merges: [{ from_id: guest.sub, into_id: winner.guest.sub, status: 'pending' }],
        guest: keep === keepings['in no row'] ? undefined : 'active',
        done: [],
      })
      expect(await merges(app)).toMatchObject([{ status: 'merged' }])
    },
  )

  test('is merged if it is held by a client with tokens', async () => {
    const host = recordingHost()
    const app = await startTokenApp({ merge: host.hooks })
    const winner = await keptClient(app)
    const before = await granted(anonymously(app))
    const { body: guest } = await userinfo(app, before.access_token)
    const answer = await signInAs(app, winner.device, undefined, bearer(before.access_token))
    expect(answer.body, answer.text).toMatchObject({
      sub: winner.guest.sub,
      merged: true,
      previous: asPrevious(guest),
    })
    expect(host.merges).toMatchObject([{ from: asPrevious(guest), into: { anonymous_id: winner.guest.sub } }])
    await expectRefusal(app, () => userinfo(app, before.access_token), 401, 'guest_merged')
  })

  test('never has its ticket in the store, in the log or in a call of a hook', async () => {
    const { app, merges: told } = await startMergingApp()
    const { ticket } = await foldedIn(app)
    const { ticket: another } = await merged(app)
    const all = JSON.stringify([await tables(app.store), app.logs, told])
    for (const secret of [ticket, another]) expect(all).not.toContain(secret)
  })

  test('who signs in to two guests at once with one cookie is merged into one of them', async () => {
    const { app, merges: told, undone } = await startMergingApp()
    const [one, other] = [await keptGuest(app), await keptGuest(app)]
    for (let round = 0; round < 30; round++) {
      const first = app.browser()
      const guest = await first.signIn()
      if (round % 2) await app.guests.keep(guest.sub)
      const second = copyOf(app, first)
      const answers = await Promise.all([
        signedIn(first.signInWithPasskey(one.device), one.guest.sub),
        signedIn(second.signInWithPasskey(other.device), other.guest.sub),
      ])
      const won = answers.filter(({ body }) => body.merged)
      expect(won).toHaveLength(1)
      const about = ({ from }: Merge) => from.anonymous_id === guest.sub
      expect(told.filter(about).length - undone.filter(about).length, `round ${round}`).toBe(1)
      const done = (await merges(app, guest)).filter(({ status }) => status === 'merged')
      expect(done).toHaveLength(1)
      expect(done[0]!.into_id).toBe(won[0]!.body.sub)
    }
  })
})

describe('without a hook of the host', () => {
  const { 'in no row': inNoRow, ...kept } = keepings
  const warnings = ({ logs }: TestApp) => logs.filter(({ message }) => message.includes('no merge.onMerge'))

  test.each(Object.entries(kept))(
    'a guest %s is not merged unasked, but offered for a day',
    async (_, keep) => {
      const app = await startApp({ profile })
      const told: string[] = []
      for (const event of ['guest.merged', 'guest.erased'] as const)
        app.guests.on(event, () => told.push(event))
      const one = await foldedIn(app, keep)
      const { browser, guest, winner, ticket, answer } = one
      expect(answer.body).toMatchObject({ previous: asPrevious(guest), ticket: expect.any(String) })
      expect(answer.body).not.toHaveProperty('merged')
      expect(await merges(app)).toEqual([
        { from_id: guest.sub, into_id: winner.guest.sub, status: 'offered' },
      ])
      expect(warnings(app)).toMatchObject([{ level: 'warn', fields: { anonymous_id: guest.sub } }])
      await pass(app, hour)
      expect(told).toEqual([])
      await signedIn(browser.signInWithPasskey(winner.device, { stepUp: true }), winner.guest.sub)
      const done = await browser.post('/guest/merge', { ticket })
      expect(done.body, done.text).toMatchObject({ sub: winner.guest.sub, merged: asPrevious(guest) })
      expect(told).toEqual(['guest.merged'])

      const other = await foldedIn(app, keep)
      await pass(app, day)
      await pass(app, 13 * day) // the first guest is erased by now
      expect(told).toEqual(['guest.merged', 'guest.erased'])
      expect(await rowOf(app, other.guest)).toMatchObject({ stage: 'active' })
      await expectTicketRefused(app, other.browser, other.ticket, other.winner)
    },
  )

  test('a guest without a row is merged, because the host can have no data to move', async () => {
    const app = await startApp({ profile })
    const { answer, guest } = await foldedIn(app, inNoRow)
    expect(answer.body).toMatchObject({ previous: asPrevious(guest), merged: true })
    expect(warnings(app)).toEqual([])
  })

  test('a guest who could come back is offered as ever, and nobody is warned', async () => {
    const app = await startApp()
    const { answer, guest } = await offered(app)
    expect(answer.body).toMatchObject({ previous: asPrevious(guest), ticket: expect.any(String) })
    expect(warnings(app)).toEqual([])
  })

  test('an empty onMerge is enough for kept guests to be merged', async () => {
    const app = await startApp({ profile, merge: { onMerge: () => {} } })
    expect((await foldedIn(app, kept['kept by the host'])).answer.body).toMatchObject({ merged: true })
  })
})

describe('a new merge', () => {
  const now = 1_700_000_000
  /** The merge of a guest with this session, by a node whose clock is 5 s ahead of the database's. */
  function mergeOf(from: Partial<Session>, { hook = true } = {}) {
    const config = { stepUpSeconds: 300, merge: { onMerge: hook ? () => {} : undefined } }
    const ctx = { now: () => now, claims: { now: () => now - 5 }, config } as unknown as Context
    const facts = { anonymousId: 'from', label: 'amber-fox-42', collection: 'users', createdAt: 1000 }
    const open = { kind: 'stored', recoverability: 'none', promotedAt: null, authTime: null, carried: null }
    return newMerge(ctx, { ...facts, ...open, ...from } as Session, 'into')
  }

  test('of a guest who could not come back is decided, and claimed for a minute by the database’s clock', () => {
    const carried = { daysSeen: 1 } as Session['carried']
    const { ticket, row } = mergeOf({ kind: 'sealed', carried } as Partial<Session>)
    expect(row).toEqual({
      id: hashToken(ticket),
      fromId: 'from',
      intoId: 'into',
      label: 'amber-fox-42',
      collection: 'users',
      recoverability: 'none',
      carriedSince: 1000,
      confirmed: true,
      provenUntil: null,
      status: 'pending',
      claimedUntil: now - 5 + 60,
      expiresAt: now + day,
      offerIfKept: false,
    })
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32)
    expect(mergeOf({}).row).toMatchObject({ status: 'pending', carriedSince: null })
  })

  test('of a kept guest is only offered, for a day, if the host has no hook', () => {
    const offer = { status: 'offered', claimedUntil: 0, expiresAt: now + day, offerIfKept: true }
    expect(mergeOf({}, { hook: false }).row).toMatchObject(offer)
    expect(mergeOf({ kind: 'sealed' }, { hook: false }).row).toMatchObject({ status: 'pending' })
  })

  test.each<[Partial<Session>, object]>([
    [{ recoverability: 'device' }, { confirmed: true, provenUntil: null }],
    [{ recoverability: 'passkey' }, { confirmed: false, provenUntil: null }],
    [
      { recoverability: 'passkey', authTime: now - 300 },
      { confirmed: true, provenUntil: now },
    ],
    [
      { recoverability: 'synced', authTime: now - 301 },
      { confirmed: false, provenUntil: null },
    ],
    // The passkey that was proven in this session has been removed since.
    [
      { recoverability: 'device', authTime: now },
      { confirmed: true, provenUntil: null },
    ],
  ])('of a guest who could come back (%j) is offered for ten minutes, and says %j', (from, proof) => {
    const offer = { status: 'offered', claimedUntil: 0, expiresAt: now + 600, ...proof }
    expect(mergeOf(from).row).toMatchObject(offer)
  })
})

describe('a merge that is asked for', () => {
  const now = 1_700_000_000
  const ticket = 'the ticket'
  const offer: MergeRow = {
    id: hashToken(ticket),
    fromId: 'from',
    intoId: 'into',
    label: 'amber-fox-42',
    collection: 'users',
    recoverability: 'device',
    confirmed: true,
    provenUntil: null,
    carriedSince: null,
    status: 'offered',
    claimedUntil: 0,
    expiresAt: now + 1,
  }
  type Found = { offer?: Partial<MergeRow>; promotedAt?: number | null; can?: string; mixed?: boolean }

  /** Asks for the merge. `claims`: how it was claimed. `did`: whether it was done. */
  async function ask({ offer: more = {}, promotedAt = null, can = 'device', mixed = false }: Found = {}) {
    const claims: object[] = []
    const done: object[] = []
    const ctx = {
      now: () => now,
      claims: { now: () => now - 5 },
      config: { merge: { graceSeconds: 500 }, webhooks: [], sessions: { idleSeconds: 50 }, clients: [] },
      fleet: {
        async refuseMixed() {
          if (mixed) throw new Error('mixed')
        },
      },
      store: {
        findMerge: async () => ({ ...offer, ...more }),
        findGuest: async () => ({ promotedAt }),
        findRecoverability: async () => can,
        findProfile: async () => undefined,
        claimMerge: async (claim: object) => claims.push(claim) > 0,
        finishMerge: async (input: object) => (done.push(input) > 0 ? 'merged' : 'void'),
      },
      logger: { warn: () => {} },
    } as unknown as Context
    const session = {
      kind: 'stored',
      anonymousId: 'into',
      promotedAt: null,
      recoverability: 'passkey',
    } as Session
    const refusal = await merge(ctx, session, ticket).then(
      () => null,
      (error: { code?: string }) => error.code ?? error,
    )
    return { refusal, claims, done }
  }

  test('is claimed for a minute by the database’s clock, and stays decided for a day', async () => {
    const { refusal, claims, done } = await ask()
    expect(refusal).toBe(null)
    expect(claims).toEqual([
      {
        id: offer.id,
        recoverability: 'device',
        now: now - 5,
        until: now + 55,
        provenAt: now,
        expiresAt: now + day,
      },
    ])
    expect(done).toMatchObject([{ id: offer.id, claimedUntil: now + 55 }])
  })

  test('is not done twice, not after it was undone, and not beside nodes of other versions', async () => {
    expect(await ask({ offer: { status: 'merged' } })).toEqual({ refusal: null, claims: [], done: [] })
    expect(await ask({ offer: { status: 'undone' } })).toMatchObject({
      refusal: 'merge_ticket_invalid',
      done: [],
    })
    expect(await ask({ mixed: true })).toMatchObject({ claims: [], done: [] })
  })

  const needsProof = 'insufficient_user_authentication'
  const proven = { recoverability: 'passkey', provenUntil: now }
  test.each<[string, Found, string | null]>([
    ['of a regular user', { promotedAt: 5 }, 'nothing_to_merge'],
    ['of a guest who got its first passkey', { can: 'passkey' }, needsProof],
    [
      'of a guest whose passkey was not proven',
      { offer: { ...proven, provenUntil: null }, can: 'passkey' },
      needsProof,
    ],
    ['of a guest who had to prove its passkey', { offer: { confirmed: false } }, needsProof],
    ['while the proof counts', { offer: proven, can: 'passkey' }, null],
    ['when the proof is old', { offer: { ...proven, provenUntil: now - 1 }, can: 'passkey' }, needsProof],
    [
      'accepted while the proof counted',
      { offer: { ...proven, provenUntil: 1, status: 'pending' }, can: 'passkey' },
      null,
    ],
    ['of a guest who has lost its passkey', { offer: { ...proven, provenUntil: null }, can: 'none' }, null],
  ])('%s is refused or done: %j -> %s', async (_, found, refusal) => {
    const asked = await ask(found)
    expect(asked.refusal).toBe(refusal)
    expect(asked.done).toHaveLength(refusal === null ? 1 : 0)
  })
})

describe('a guest who could come back', () => {
  test('is never merged unasked', async () => {
    const { app, merges: told } = await startMergingApp()
    const { left, old, guest, loser, answer, ticket, winner } = await offered(app)
    expect(answer.body).toMatchObject({ previous: asPrevious(guest), ticket: expect.any(String) })
    expect(answer.body).not.toHaveProperty('merged')
    expect(await merges(app)).toEqual([{ from_id: guest.sub, into_id: winner.guest.sub, status: 'offered' }])
    await expectRefusal(app, () => left.get('/guest/userinfo'), 401, 'session_invalid')
    expect(await subOf(old)).toBe(guest.sub)
    for (const seconds of [minute, 11 * minute, hour, 2 * day]) await pass(app, seconds)
    expect(told).toEqual([])
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
    await signedIn(app.browser().signInWithPasskey(loser.device), guest.sub)
    await expectTicketRefused(app, loser.browser, ticket, winner)
  })

  test('is merged by its ticket, and a repeated request gets the same response', async () => {
    const { app, merges: told, events } = await startMergingApp()
    const { browser, old, guest, loser, winner, ticket } = await offered(app)
    const done = await browser.post('/guest/merge', { ticket })
    expect(done.status, done.text).toBe(200)
    expect(done.body).toMatchObject({ sub: winner.guest.sub, prompts: [], merged: asPrevious(guest) })
    const into = { ...asPrevious(winner.guest), recoverability: 'passkey' }
    expect(told).toEqual([{ ticket: hashToken(ticket), from: asPrevious(guest), into }])
    expect(guest.recoverability).toBe('passkey')
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'merged', merged_into: winner.guest.sub })
    await expectMergedAway(app, old)
    const before = await tables(app.store)
    for (let i = 0; i < 3; i++) {
      const again = await browser.post('/guest/merge', { ticket })
      expect([again.status, again.body]).toEqual([200, done.body])
    }
    expect(await tables(app.store)).toEqual(before)
    await pass(app, 6 * day)
    await signedIn(browser.signInWithPasskey(winner.device, { stepUp: true }), winner.guest.sub)
    expect((await browser.post('/guest/merge', { ticket })).body.merged).toEqual(done.body.merged)
    expect([told.length, events.length]).toEqual([1, 1])
    await expectRefusal(app, () => app.browser().signInWithPasskey(loser.device), 401, 'guest_merged')
  })

  test('is merged once by 20 requests at once with one ticket', async () => {
    let calls = 0
    const { app, events } = await startMergingApp({
      merge: {
        async onMerge() {
          calls++
          await setTimeout(50)
        },
      },
    })
    const { browser, ticket, guest } = await offered(app)
    const tabs = Array.from({ length: 20 }, () => copyOf(app, browser))
    const answers = await Promise.all(tabs.map((tab) => tab.post('/guest/merge', { ticket })))
    expect(answers.map(({ status, body }) => [status, body.merged])).toEqual(
      Array(20).fill([200, asPrevious(guest)]),
    )
    expect([calls, events.length]).toEqual([1, 1])
    expect(await auditOf(app, { sub: answers[0]!.body.sub }, 'guest.merged')).toHaveLength(1)
  })

  test('must have proven its passkey lately; otherwise it must sign in first, and then come back', async () => {
    const { app, merges: told } = await startMergingApp({ stepUpSeconds: 300 })
    const loser = await keptGuest(app)
    app.clock.forward(301)
    const { browser, winner, ticket, guest } = await offered(app, undefined, loser)
    const refused = await expectRefusal(
      app,
      () => browser.post('/guest/merge', { ticket }),
      401,
      'insufficient_user_authentication',
    )
    expect(refused.body.detail).toContain(loser.guest.label)
    expect(told).toEqual([])
    // A step-up of the guest who is signed in does not prove the other guest's passkey.
    await signedIn(browser.signInWithPasskey(winner.device, { stepUp: true }), winner.guest.sub)
    await expectRefusal(
      app,
      () => browser.post('/guest/merge', { ticket }),
      401,
      'insufficient_user_authentication',
    )
    await signedIn(browser.signInWithPasskey(loser.device), guest.sub)
    const back = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    const done = await browser.post('/guest/merge', { ticket: back.body.ticket })
    expect(done.body, done.text).toMatchObject({ sub: winner.guest.sub, merged: asPrevious(guest) })
    expect(told).toHaveLength(1)
  })

  test('because it got a passkey on another device while the hook ran is not merged unasked', async () => {
    let elsewhere: Browser | undefined
    const device = { added: undefined as SoftwareAuthenticator | undefined }
    const { app, undone, events } = await startMergingApp({
      merge: {
        async onMerge() {
          if (!elsewhere) return
          device.added = app.device()
          expect((await elsewhere.addPasskey(device.added)).status).toBe(201)
          elsewhere = undefined
        },
      },
    })
    const winner = await keptGuest(app)
    // It is signed in on two devices, and has removed its passkey.
    const { browser, device: lost, guest, passkeyId } = await keptGuest(app)
    elsewhere = app.browser()
    await signedIn(elsewhere.signInWithPasskey(lost), guest.sub)
    expect((await browser.delete(`/guest/passkeys/${passkeyId}?force=true`)).status).toBe(204)
    const { body } = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    expect(body.previous).toMatchObject({ anonymous_id: guest.sub, recoverability: 'none' })
    expect(body).not.toHaveProperty('merged')
    expect([undone.length, events.length]).toEqual([1, 0])
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
    await pass(app, 2 * minute)
    const asked = await browser.post('/guest/merge', { ticket: body.ticket })
    expect(asked.body.code, asked.text).toBe('insufficient_user_authentication')
    await signedIn(app.browser().signInWithPasskey(device.added!), guest.sub)
  })

  test('because it got recovery codes while the hook ran is told so, and merged when it is asked again', async () => {
    let elsewhere: Browser | undefined
    let calls = 0
    const { app } = await startMergingApp({
      merge: {
        async onMerge() {
          calls++
          if (calls === 1) throw new Error('refused at the sign-in, so that the merge is asked for')
          if (calls === 2) await newCodes(elsewhere!)
        },
      },
    })
    const winner = await keptGuest(app)
    // It is signed in on two devices, and has removed its passkey.
    const { browser, device, guest, passkeyId } = await keptGuest(app)
    elsewhere = app.browser()
    await signedIn(elsewhere.signInWithPasskey(device), guest.sub)
    expect((await browser.delete(`/guest/passkeys/${passkeyId}?force=true`)).status).toBe(204)
    const { body } = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    const ask = () => browser.post('/guest/merge', { ticket: body.ticket })
    const asked = await ask()
    expect([asked.status, asked.body.code], asked.text).toEqual([401, 'insufficient_user_authentication'])
    expect(asked.body.detail).toMatch(/got a device key or recovery codes.*use the same ticket again/i)
    expect((await ask()).body).toMatchObject({ sub: winner.guest.sub, merged: { anonymous_id: guest.sub } })
    expect(calls).toBe(3)
  })

  test('because it became a regular user while the hook ran is not merged, and what the hook did is taken back', async () => {
    const book = codeBook()
    let elsewhere: Browser | undefined
    const calls: Merge[] = []
    const undone: Merge[] = []
    const { app } = await startMergingApp({
      loginIds: { send: book.send },
      merge: {
        async onMerge(merge) {
          if (calls.push(merge) === 1)
            throw new Error('refused at the sign-in, so that the merge is asked for')
          expect((await promote(book, elsewhere!, 'ada@example.org')).status).toBe(200)
        },
        onUndoMerge: (merge) => void undone.push(merge),
      },
    })
    const winner = await keptGuest(app)
    const { browser, device, guest, passkeyId } = await keptGuest(app)
    elsewhere = app.browser()
    await signedIn(elsewhere.signInWithPasskey(device), guest.sub)
    expect((await browser.delete(`/guest/passkeys/${passkeyId}?force=true`)).status).toBe(204)
    const { body } = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    const asked = await browser.post('/guest/merge', { ticket: body.ticket })
    expect([asked.status, asked.body.code], asked.text).toEqual([409, 'nothing_to_merge'])
    expect(undone).toEqual([calls[1]])
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active', promoted_at: expect.any(Number) })
    expect(await subOf(elsewhere)).toBe(guest.sub)
  })

  /** Gives the guest a way back; the result signs it in that way. */
  const ways = {
    'a recovery code': async (browser) => {
      const [code] = await newCodes(browser)
      return () => useCode(browser, code)
    },
    'a device key': async (browser, guest) => {
      const key = new DeviceKey('ES256')
      expect((await addDeviceKey(browser, key)).status).toBe(201)
      return () => signInByDeviceKey(browser, key, guest.sub)
    },
    nothing: undefined,
  } satisfies Record<
    string,
    ((browser: Browser, guest: { sub: string }) => Promise<() => Promise<Response>>) | undefined
  >

  describe.each(Object.entries(ways))('with %s before, and its first passkey since the offer', (_, give) => {
    /** The owner, and a thief who has a copy of the session and an account with an address. */
    async function stolen() {
      const book = codeBook()
      const { app, ...host } = await startMergingApp({ loginIds: { send: book.send } })
      const thief = await keptGuest(app)
      expect((await promote(book, thief.browser, 'thief@example.org')).status).toBe(200)
      const owner = app.browser()
      const guest = await owner.signIn()
      await app.guests.keep(guest.sub)
      const comeBack = await give?.(owner, guest)
      const copy = copyOf(app, owner)
      /** The owner adds a passkey. The thief tries the ticket nine minutes later, after a fresh proof of its own passkey. */
      async function expectKept(browser: Browser, ticket: string) {
        const device = app.device()
        expect((await owner.addPasskey(device)).status).toBe(201)
        app.clock.forward(9 * minute)
        await signedIn(browser.signInWithPasskey(thief.device, { stepUp: true }), thief.guest.sub)
        for (let i = 0; i < 2; i++) {
          await expectRefusal(
            app,
            () => browser.post('/guest/merge', { ticket }),
            401,
            'insufficient_user_authentication',
          )
        }
        await pass(app, minute)
        expect([host.merges, host.undone, host.events]).toEqual([[], [], []])
        expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
        await signedIn(app.browser().signInWithPasskey(device), guest.sub)
      }
      return { book, guest, thief, copy, comeBack, expectKept }
    }

    test('is not merged by the ticket of a login ID that was taken', async () => {
      const { book, thief, copy, expectKept } = await stolen()
      const taken = await promote(book, copy, 'thief@example.org')
      expect([taken.body.code, taken.body.ticket]).toEqual(['login_id_taken', expect.any(String)])
      await expectKept(thief.browser, taken.body.ticket)
    })

    if (!give) return // merged at once: there is no offer

    test('is not merged by an older ticket', async () => {
      const { guest, thief, copy, comeBack, expectKept } = await stolen()
      const { body } = await signedIn(copy.signInWithPasskey(thief.device), thief.guest.sub)
      expect(body.previous).toMatchObject({ recoverability: 'device' })
      await signedIn(comeBack!(), guest.sub)
      await expectKept(copy, body.ticket)
    })
  })

  test('needs a passkey proof that is fresh when it is merged, not when it was left', async () => {
    const { app, merges: told } = await startMergingApp({ stepUpSeconds: 300 })
    const { browser, ticket, guest, winner } = await offered(app)
    app.clock.forward(301)
    const ask = () => browser.post('/guest/merge', { ticket })
    await expectRefusal(app, ask, 401, 'insufficient_user_authentication')
    await signedIn(browser.signInWithPasskey(winner.device, { stepUp: true }), winner.guest.sub)
    await expectRefusal(app, ask, 401, 'insufficient_user_authentication')
    expect(told).toEqual([])
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
  })

  test('but has lost every way back by the time of the merge is signed in by the undo', async () => {
    const { app, merges: told } = await startMergingApp()
    const winner = await keptGuest(app)
    const browser = app.browser()
    const guest = await browser.signIn()
    await newCodes(browser)
    const { body } = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    expect(body.previous).toMatchObject({ recoverability: 'device' })
    // As if the last code was used on another device, and that session has ended.
    await execute(app.store, `DELETE FROM recovery_codes WHERE anonymous_id = '${guest.sub}'`)
    expect((await browser.post('/guest/merge', { ticket: body.ticket })).status).toBe(200)
    expect(told).toMatchObject([{ from: { anonymous_id: guest.sub, recoverability: 'none' } }])
    const back = await browser.post('/guest/merge/undo', { ticket: body.ticket })
    expect(back.body.sub, back.text).toBe(guest.sub)
    expect(await subOf(browser)).toBe(guest.sub)
  })

  test('is merged once if two devices merge it at once, into one guest or two', async () => {
    const { app, merges: told, undone, events } = await startMergingApp()
    const winners = [await keptGuest(app), await keptGuest(app)] as const
    for (let round = 0; round < 20; round++) {
      const loser = await keptGuest(app)
      const elsewhere = app.browser()
      await signedIn(elsewhere.signInWithPasskey(loser.device), loser.guest.sub)
      const [one, other] = [winners[0], winners[round % 2]!]
      const offers = [
        await signedIn(loser.browser.signInWithPasskey(one.device), one.guest.sub),
        await signedIn(elsewhere.signInWithPasskey(other.device), other.guest.sub),
      ] as const
      const answers = await Promise.all([
        loser.browser.post('/guest/merge', { ticket: offers[0].body.ticket }),
        elsewhere.post('/guest/merge', { ticket: offers[1].body.ticket }),
      ])
      expect(answers.map(({ status, body }) => body.code ?? status).toSorted()).toEqual([
        200,
        'nothing_to_merge',
      ])
      const winner = answers.find(({ status }) => status === 200)!.body.sub
      expect(await rowOf(app, loser.guest)).toMatchObject({ stage: 'merged', merged_into: winner })
      const about = ({ from }: Merge) => from.anonymous_id === loser.guest.sub
      expect(told.filter(about).length - undone.filter(about).length).toBe(1)
      expect(events.filter(about)).toHaveLength(1)
      // Whoever came too late is refused each time, and nothing is done.
      const late = answers[0].status === 200 ? 1 : 0
      const browser = [loser.browser, elsewhere][late]!
      const again = await browser.post('/guest/merge', { ticket: offers[late]!.body.ticket })
      expect(again.body.code, again.text).toBe('nothing_to_merge')
      expect(told.filter(about).length - undone.filter(about).length).toBe(1)
    }
  })
})

describe('a ticket', () => {
  test('is refused if it is unknown, expired, undone or was given to another guest, and nothing changes', async () => {
    const { app, merges: told, undone } = await startMergingApp()
    const stranger = await keptGuest(app)
    const offer = await offered(app)
    const refused = (browser: Browser, ticket: string, door = 'merge') =>
      expectRefusal(app, () => browser.post(`/guest/${door}`, { ticket }), 400, 'merge_ticket_invalid')
    for (const door of ['merge', 'merge/undo']) {
      for (const wrong of [
        'A',
        hashToken(offer.ticket),
        `${offer.ticket}A`,
        offer.ticket.toLowerCase(),
        '__proto__',
      ])
        await refused(offer.browser, wrong, door)
      await refused(stranger.browser, offer.ticket, door)
      await expectRefusal(
        app,
        () => app.browser().post(`/guest/${door}`, { ticket: offer.ticket }),
        401,
        'not_signed_in',
      )
      for (const wrong of [{}, { ticket: '' }, { ticket: 'A'.repeat(101) }, { ticket: [offer.ticket] }])
        await expectRefusal(app, () => offer.browser.post(`/guest/${door}`, wrong), 400, 'invalid_request')
      await expectRefusal(
        app,
        () => offer.browser.post(`/guest/${door}`, { ticket: offer.ticket, into: stranger.guest.sub }),
        400,
        'invalid_request',
      )
    }
    await refused(offer.browser, offer.ticket, 'merge/undo') // nothing was merged yet
    app.clock.forward(10 * minute - 1)
    const another = await merged(app)
    app.clock.forward(1)
    await expectTicketRefused(app, offer.browser, offer.ticket, offer.winner)
    const back = await another.browser.post('/guest/merge/undo', { ticket: another.ticket })
    expect(back.status, back.text).toBe(200)
    await expectTicketRefused(app, another.browser, another.ticket, another.winner)
    expect([told.length, undone.length]).toEqual([1, 1])
    expect(await rowOf(app, offer.guest)).toMatchObject({ stage: 'active' })
  })

  test('of the merge does not work in a session of the merged guest', async () => {
    const { app } = await startMergingApp()
    const { old, ticket } = await merged(app)
    for (const door of ['merge', 'merge/undo'])
      await expectRefusal(app, () => old.post(`/guest/${door}`, { ticket }), 401, 'guest_merged')
  })

  test('is not given if nobody was signed in before, or the same guest was', async () => {
    const { app, merges: told } = await startMergingApp()
    const { browser, device, guest } = await keptGuest(app)
    for (const visitor of [app.browser(), browser, browser]) {
      const { body } = await signedIn(visitor.signInWithPasskey(device), guest.sub)
      for (const key of ['ticket', 'merged', 'previous']) expect(body).not.toHaveProperty(key)
    }
    const { body } = await signedIn(browser.signInWithPasskey(device, { stepUp: true }), guest.sub)
    expect(body).not.toHaveProperty('ticket')
    expect([await merges(app), told]).toEqual([[], []])
  })

  test('is not given if the other guest is in another collection', async () => {
    const { app, merges: told } = await startMergingApp({ collections: ['users', 'customers'] })
    const winner = await keptGuest(app)
    const browser = app.browser()
    const { body: guest } = await browser.post('/guest/sign-in', { collection: 'customers' })
    await app.guests.keep(guest)
    const sealed = app.browser()
    await sealed.post('/guest/sign-in', { collection: 'customers' })
    const recoverable = app.browser()
    await recoverable.post('/guest/sign-in', { collection: 'customers' })
    expect((await recoverable.addPasskey(app.device())).status).toBe(201)
    for (const visitor of [browser, sealed, recoverable]) {
      const { body } = await signedIn(visitor.signInWithPasskey(winner.device), winner.guest.sub)
      expect(body.previous.collection).toBe('customers')
      for (const key of ['ticket', 'merged']) expect(body).not.toHaveProperty(key)
    }
    await pass(app, hour)
    expect([await merges(app), told]).toEqual([[], []])
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
  })
})

describe('a host that refuses', () => {
  test.each(Object.entries(keepings))(
    'does not prevent the sign-in of a guest %s, and may be asked again',
    async (_, keep) => {
      const seen: Merge[] = []
      let refuses = true
      const undone: Merge[] = []
      const { app, events } = await startMergingApp({
        merge: {
          onMerge(merge) {
            seen.push(merge)
            if (refuses) throw new Error('the cart is locked')
          },
          onUndoMerge: (merge) => void undone.push(merge),
        },
      })
      const { browser, guest, winner, answer, ticket } = await foldedIn(app, keep)
      expect(answer.body).toMatchObject({ previous: asPrevious(guest), ticket: expect.any(String) })
      expect(answer.body).not.toHaveProperty('merged')
      expect(await subOf(browser)).toBe(winner.guest.sub)
      expect((await rowOf(app, guest))?.stage).toBe(keep === keepings['in no row'] ? undefined : 'active')
      const failed = { action: 'guest.merged', outcome: 'merge_refused', anonymous_id: winner.guest.sub }
      expect(await auditOf(app, winner.guest, 'guest.merged')).toMatchObject([failed])
      expect(JSON.stringify(answer.body)).not.toContain('locked')

      const again = await browser.post('/guest/merge', { ticket })
      expect([again.status, again.body.code]).toEqual([409, 'merge_refused'])
      expect(again.text).not.toContain('locked')
      await pass(app, 5 * minute) // the job leaves it alone
      expect(seen).toHaveLength(2)
      refuses = false
      const done = await browser.post('/guest/merge', { ticket })
      expect(done.body, done.text).toMatchObject({ sub: winner.guest.sub, merged: asPrevious(guest) })
      expect(seen).toEqual([seen[0], seen[0], seen[0]])
      expect([events.length, undone.length]).toEqual([1, 0])
      const outcomes = (await auditOf(app, winner.guest, 'guest.merged')).map(({ outcome }) => outcome)
      expect(outcomes.toSorted(), 'only the first refusal is in the audit trail').toEqual([
        'done',
        'merge_refused',
      ])
    },
  )

  test('may be asked again for ten minutes after an offer, and for a day after an unasked merge', async () => {
    // The passkey proof of the offer counts as long as the offer.
    const { app } = await startMergingApp({
      merge: { onMerge: () => Promise.reject(new Error('never')) },
      stepUpSeconds: 10 * minute,
    })
    const asked = await offered(app)
    const unasked = await foldedIn(app)
    const codeOf = async ({ browser, ticket }: typeof unasked | typeof asked) =>
      (await browser.post('/guest/merge', { ticket })).body.code
    for (const one of [asked, unasked]) expect(await codeOf(one)).toBe('merge_refused')
    app.clock.forward(10 * minute - 1)
    for (const one of [asked, unasked]) expect(await codeOf(one)).toBe('merge_refused')
    app.clock.forward(1)
    await expectTicketRefused(app, asked.browser, asked.ticket, asked.winner)
    expect(await codeOf(unasked)).toBe('merge_refused')
    app.clock.forward(day - 10 * minute)
    await expectTicketRefused(app, unasked.browser, unasked.ticket, unasked.winner)
  })

  test('is asked again only while the passkey proof of the offer counts', async () => {
    const { app } = await startMergingApp({ merge: { onMerge: () => Promise.reject(new Error('never')) } })
    const { browser, ticket } = await offered(app)
    const codeOf = async () => (await browser.post('/guest/merge', { ticket })).body.code
    expect(await codeOf()).toBe('merge_refused')
    app.clock.forward(5 * minute + 1)
    expect(await codeOf()).toBe('insufficient_user_authentication')
  })

  test('or hangs is asked again when the passkey proof is old, if it was fresh when the merge was accepted', async () => {
    let hangs = true
    const { app } = await startMergingApp({
      merge: { onMerge: async () => void (hangs && (await setTimeout(60_000, undefined, { ref: false }))) },
    })
    const { browser, guest, ticket } = await offered(app)
    expect((await browser.post('/guest/merge', { ticket })).status).toBe(503)
    hangs = false
    app.clock.forward(5 * minute + 1)
    const done = await browser.post('/guest/merge', { ticket })
    expect(done.body, done.text).toMatchObject({ merged: { anonymous_id: guest.sub } })
  })

  test('or hangs delays the sign-in only briefly, and is asked again', async () => {
    let hangs = true
    const seen: Merge[] = []
    const { app, events } = await startMergingApp({
      merge: {
        async onMerge(merge) {
          seen.push(merge)
          if (hangs) await setTimeout(60_000, undefined, { ref: false })
        },
      },
    })
    const { browser, winner, answer } = await foldedIn(app)
    expect(answer.body).not.toHaveProperty('merged')
    expect(await subOf(browser)).toBe(winner.guest.sub)
    hangs = false
    await pass(app, 61)
    expect(seen).toEqual([seen[0], seen[0]])
    expect(events).toHaveLength(1)
    expect(await merges(app)).toMatchObject([{ status: 'merged' }])
  })
})

test('a decided merge that the host refuses stays decided, and the job asks again every minute until it is done', async () => {
  let refuses = true
  const seen: Merge[] = []
  const { app, events } = await startMergingApp({
    merge: {
      onMerge(merge) {
        seen.push(merge)
        if (refuses) throw new Error('the cart is locked')
      },
    },
  })
  const { winner } = await foldedIn(app)
  // As if the process had died while the hook ran.
  await execute(app.store, `UPDATE merges SET status = 'pending', claimed_until = 0`)
  for (const calls of [2, 3]) {
    await pass(app, minute)
    expect(seen).toHaveLength(calls)
    expect(await merges(app)).toMatchObject([{ status: 'pending' }])
  }
  refuses = false
  await pass(app, minute)
  expect(seen).toEqual([seen[0], seen[0], seen[0], seen[0]])
  expect(await merges(app)).toMatchObject([{ status: 'merged' }])
  expect(events).toHaveLength(1)
  const outcomes = (await auditOf(app, winner.guest, 'guest.merged')).map(({ outcome }) => outcome)
  expect(outcomes.toSorted(), 'of the refusals only that of the sign-in').toEqual(['done', 'merge_refused'])
})

describe('what a merged guest had', () => {
  test('no longer works: its cookies and passkeys get guest_merged', async () => {
    const host = recordingHost()
    const app = await startTokenApp({ profile, merge: host.hooks })
    const { old, loser, winner } = await merged(app)
    const page = await foldedIn(app, keepings['kept by the host'])
    for (const path of ['profile', 'passkeys', 'sessions', 'account/export', 'verify'])
      for (const browser of [old, page.old])
        await expectRefusal(app, () => browser.get(`/guest/${path}`), 401, 'guest_merged')
    for (const [browser, door] of [
      [old, 'get'],
      [page.old, 'get'],
      [old, 'post'],
      [page.old, 'post'],
    ] as const) {
      const path = door === 'get' ? '/guest/userinfo' : '/guest/sign-in'
      const refused = await expectRefusal(app, () => browser[door](path), 401, 'guest_merged')
      expect(refused.body.detail).toContain('merged into another')
    }
    const visitor = app.browser()
    const before = await visitor.signIn()
    await expectRefusal(app, () => visitor.signInWithPasskey(loser.device), 401, 'guest_merged')
    expect(await subOf(visitor)).toBe(before.sub)
    expect(await subOf(winner.browser)).toBe(winner.guest.sub)
  })

  test('no longer works as tokens of a client or a page either', async () => {
    const host = recordingHost()
    const app = await startTokenApp({ merge: host.hooks })
    const winner = await keptClient(app)
    const sealed = await granted(anonymously(app))
    const stored = (await keptClient(app)).tokens
    const page = app.browser()
    await page.signIn()
    const { access_token } = (await bySession(app, page.cookie)).body
    await signedIn(page.signInWithPasskey(winner.device), winner.guest.sub)
    for (const { access_token } of [sealed, stored]) {
      const { body } = await signInAs(app, winner.device, undefined, bearer(access_token))
      if (body.merged) continue
      const by = bearer(body.tokens.access_token)
      const done = await sendJson(app, 'merge', { ticket: body.ticket }, by)
      expect(done.status, done.text).toBe(200)
    }
    expect(host.merges).toHaveLength(3)
    for (const token of [sealed.access_token, stored.access_token, access_token])
      await expectRefusal(app, () => userinfo(app, token), 401, 'guest_merged')
    for (const { refresh_token } of [sealed, stored]) {
      const refused = await expectOAuthRefusal(app, () => refresh(app, refresh_token), 400, 'invalid_grant')
      expect(refused.body.error_description).toBe(
        'This guest was merged into another one: sign in to that one.',
      )
    }
  })

  test('is erased after merge.graceSeconds, and not before', async () => {
    const { app } = await startMergingApp()
    const erased: GuestEvents['guest.erased'][] = []
    app.guests.on('guest.erased', (event) => erased.push(event))
    const one = await merged(app)
    const other = await foldedIn(app, keepings['kept for its profile'])
    await pass(app, grace - 1)
    for (const { guest } of [one, other]) expect(await rowOf(app, guest)).toMatchObject({ stage: 'merged' })
    await expectMergedAway(app, one.old)
    expect(erased).toEqual([])
    await pass(app, hour + 2)
    for (const { guest } of [one, other]) {
      expect(erased).toContainEqual({ anonymous_id: guest.sub, reason: 'merged' })
      const left = Object.entries(await tables(app.store)).flatMap(([name, rows]) =>
        rows.filter((row) => row.includes(guest.sub)).map((row) => [name, JSON.parse(row)]),
      )
      expect(left.map(([name]) => name).toSorted()).toEqual(['audit', 'spent'])
      expect(await auditOf(app, guest, 'guest.erased')).toMatchObject([{ outcome: 'done' }])
    }
    expect(erased).toHaveLength(2)
    for (const { old } of [one, other])
      await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'session_invalid')
    await expectRefusal(
      app,
      () => app.browser().signInWithPasskey(one.loser.device),
      401,
      'authentication_failed',
    )
    expect(await subOf(one.browser)).toBe(one.winner.guest.sub)
  })
})

describe('undoing a merge', () => {
  test('by the host restores a guest who could come back', async () => {
    const { app, merges: told, undone } = await startMergingApp()
    const events: Merge[] = []
    app.guests.on('guest.merge_undone', (event) => events.push(event))
    const { browser, left, old, guest, loser, winner } = await merged(app)
    await pass(app, grace - 1)
    await app.guests.undoMerge(told[0]!.ticket)
    expect(undone).toEqual(told)
    expect(events).toEqual([{ ...told[0], anonymous_id: guest.sub }])
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active', merged_into: null })
    expect(await subOf(old), 'the browser where it was signed in').toBe(guest.sub)
    expect((await left.get('/guest/userinfo')).body.code).toBe('session_invalid')
    await signedIn(app.browser().signInWithPasskey(loser.device), guest.sub)
    expect(await subOf(browser)).toBe(winner.guest.sub)
    expect(await auditOf(app, guest, 'guest.merge_undone')).toMatchObject([{ outcome: 'done' }])
    await pass(app, 2 * day)
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
    // It may be merged again, with a new ticket.
    const again = app.browser()
    await signedIn(again.signInWithPasskey(loser.device), guest.sub)
    const { body } = await signedIn(again.signInWithPasskey(winner.device), winner.guest.sub)
    expect((await again.post('/guest/merge', { ticket: body.ticket })).status).toBe(200)
    expect(new Set(told.map(({ ticket }) => ticket)).size).toBe(2)
  })

  test('by the guest who took the other one in lets that one come back by its passkey', async () => {
    const { app, undone } = await startMergingApp()
    const { browser, guest, loser, winner, ticket } = await merged(app)
    const cookie = browser.token
    const answer = await browser.post('/guest/merge/undo', { ticket })
    expect(answer.body, answer.text).toMatchObject({ sub: winner.guest.sub, prompts: [] })
    expect(browser.token).toBe(cookie)
    const again = await browser.post('/guest/merge/undo', { ticket })
    expect([again.status, again.body]).toEqual([200, answer.body])
    expect(undone).toHaveLength(1)
    await signedIn(app.browser().signInWithPasskey(loser.device), guest.sub)
    app.clock.forward(10 * minute)
    await expectTicketRefused(app, browser, ticket, winner, 'merge/undo')
  })

  test.each(Object.entries(keepings))('signs a guest %s in again in this browser', async (_, keep) => {
    const { app, undone, merges: told } = await startMergingApp()
    const { browser, guest, winner, ticket } = await foldedIn(app, keep)
    app.clock.forward(3 * day)
    const before = copyOf(app, browser)
    const answer = await browser.post('/guest/merge/undo', { ticket })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ ...asPrevious(guest), sub: guest.sub })
    expect(await subOf(browser)).toBe(guest.sub)
    expect(undone).toEqual(told)
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active', label: guest.label })
    if (keep === keepings['kept for its profile'])
      expect((await browser.get('/guest/profile')).body.attributes).toEqual({ nickname: 'Fox' })
    // If the response was lost, the client asks again in the old session, which still lives.
    const again = copyOf(app, before)
    const repeated = await again.post('/guest/merge/undo', { ticket })
    expect(repeated.body, repeated.text).toMatchObject({ sub: guest.sub })
    expect(await subOf(again)).toBe(guest.sub)
    expect(undone).toHaveLength(1)
    // The guest goes on like any other: it adds a passkey and comes back by it.
    await pass(app, 8 * day)
    expect(await subOf(browser)).toBe(guest.sub)
    const device = app.device()
    expect((await browser.addPasskey(device)).status).toBe(201)
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    await signedIn(app.browser().signInWithPasskey(winner.device), winner.guest.sub)
  })

  test('brings no copy of a session back that had ended before the merge', async () => {
    const { app } = await startMergingApp()
    const winner = await keptGuest(app)
    const { browser: left, guest, codes } = await guestWithCodes(app)
    const copy = copyOf(app, left)
    expect((await left.post('/guest/sign-out')).status).toBe(204)
    await useAllBut(app, codes, 1)
    app.clock.forward(minute)
    const browser = app.browser()
    await signedIn(useCode(browser, codes.at(-1)!), guest.sub)
    const { body } = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
    expect(body.merged).toBe(true)
    const undone = await browser.post('/guest/merge/undo', { ticket: body.ticket })
    expect(undone.body, undone.text).toMatchObject({ sub: guest.sub })
    expect(await subOf(browser)).toBe(guest.sub)
    await sessionsSeenNow(app, guest.sub)
    await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test.each(['host', 'guest'])(
    'by the %s makes the old cookie of a guest without a row work again',
    async (who) => {
      const { app, merges: told } = await startMergingApp()
      const { browser, old, guest, ticket } = await foldedIn(app)
      await expectMergedAway(app, old)
      if (who === 'host') await app.guests.undoMerge(told[0]!.ticket)
      else expect((await browser.post('/guest/merge/undo', { ticket })).status).toBe(200)
      expect(await subOf(old)).toBe(guest.sub)
    },
  )

  test('by a client with tokens gives it new tokens for the guest', async () => {
    const host = recordingHost()
    const app = await startTokenApp({ merge: host.hooks })
    const winner = await keptClient(app)
    const before = await granted(anonymously(app, { scope: 'read' }))
    const { body: guest } = await userinfo(app, before.access_token)
    const { body } = await signInAs(app, winner.device, undefined, bearer(before.access_token))
    const by = bearer(body.tokens.access_token)
    for (let i = 0; i < 2; i++) {
      const back = await sendJson(app, 'merge/undo', { ticket: body.ticket, client_id: 'spa' }, by)
      expect(back.body, back.text).toMatchObject({
        sub: guest.sub,
        tokens: { token_type: 'Bearer', scope: 'read' },
      })
      expect(back.headers['set-cookie']).toBeUndefined()
      const { access_token, refresh_token } = back.body.tokens
      expect((await userinfo(app, access_token)).body.sub).toBe(guest.sub)
      const next = await granted(refresh(app, refresh_token))
      expect((await userinfo(app, next.access_token)).body.sub).toBe(guest.sub)
    }
    expect(host.undone).toHaveLength(1)
  })

  test('20 times at once undoes it once, and all get the same response', async () => {
    const { app } = await startMergingApp()
    const events: Merge[] = []
    app.guests.on('guest.merge_undone', (event) => events.push(event))
    const { browser, ticket, guest } = await foldedIn(app, keepings['kept by the host'])
    const tabs = Array.from({ length: 20 }, () => copyOf(app, browser))
    const answers = await Promise.all(tabs.map((tab) => tab.post('/guest/merge/undo', { ticket })))
    expect(answers.map(({ status, body }) => [status, body.sub])).toEqual(Array(20).fill([200, guest.sub]))
    expect(events).toHaveLength(1)
    expect(await auditOf(app, guest, 'guest.merge_undone')).toHaveLength(1)
  })

  test('is refused if the guest who is signed in could not come back then, unless force', async () => {
    const { app, undone } = await startMergingApp()
    const { browser: first, guest: account, codes } = await guestWithCodes(app)
    await useAllBut(app, codes, 1)
    await first.post('/guest/sign-out')
    const browser = app.browser()
    const guest = await browser.signIn()
    const { body } = await signedIn(useCode(browser, codes.at(-1)!), account.sub)
    expect(body).toMatchObject({ merged: true, recoverability: 'none' })
    const undo = (more = {}) => browser.post('/guest/merge/undo', { ticket: body.ticket, ...more })
    await expectRefusal(app, undo, 409, 'would_lose_account')
    expect([undone, await subOf(browser)]).toEqual([[], account.sub])
    expect((await undo({ force: true })).body.sub).toBe(guest.sub)
    expect((await undo()).body.code).toBe('merge_ticket_invalid') // this browser is the other guest now
  })

  test('is refused after merge.graceSeconds, and onUndoMerge is not called', async () => {
    const { app, merges: told, undone } = await startMergingApp()
    const offers = [await merged(app), await foldedIn(app), await foldedIn(app, keepings['kept by the host'])]
    for (const seconds of [grace, 2 * hour]) {
      await (seconds === grace ? app.clock.forward(grace) : pass(app, seconds))
      for (const [i, { browser, ticket, winner }] of offers.entries()) {
        await expectTicketRefused(app, browser, ticket, winner, 'merge/undo', seconds === grace)
        await expect(app.guests.undoMerge(told[i]!.ticket)).rejects.toMatchObject({
          code: 'merge_ticket_invalid',
        })
      }
    }
    expect(undone).toEqual([])
  })

  test('is refused for anybody but the guest who took the other one in', async () => {
    const { app, undone } = await startMergingApp()
    const { ticket } = await merged(app)
    const stranger = await keptGuest(app)
    await expectRefusal(
      app,
      () => stranger.browser.post('/guest/merge/undo', { ticket }),
      400,
      'merge_ticket_invalid',
    )
    expect(undone).toEqual([])
  })

  test('is refused if the host refuses: nothing changes, and it can be asked again', async () => {
    let refuses = true
    const { app, merges: told } = await startMergingApp({
      merge: {
        onUndoMerge() {
          if (refuses) throw new Error('the order was sent')
        },
      },
    })
    const { browser, old, guest, ticket, winner } = await merged(app)
    const answer = await browser.post('/guest/merge/undo', { ticket })
    expect([answer.status, answer.body.code]).toEqual([409, 'merge_refused'])
    expect(answer.text).not.toContain('order')
    await expect(app.guests.undoMerge(told[0]!.ticket)).rejects.toMatchObject({ code: 'merge_refused' })
    await expectMergedAway(app, old)
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'merged' })
    const failures = await auditOf(app, winner.guest, 'guest.merge_undone')
    expect(failures.map(({ outcome }) => outcome)).toEqual(['merge_refused', 'merge_refused'])
    refuses = false
    expect((await browser.post('/guest/merge/undo', { ticket })).status).toBe(200)
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
  })
})

test.each<[string, (app: TestApp, browser: Browser, ticket: string) => Promise<unknown>]>([
  ['guest', async (_, browser, ticket) => (await browser.post('/guest/merge/undo', { ticket })).body.code],
  ['host', (app, _, ticket) => app.guests.undoMerge(ticket).catch(({ code }) => code)],
])(
  'an undo by the %s that comes too late while its hook runs is refused, and the host does the merge again',
  async (by, undo) => {
    let redoing: Error | undefined
    const { hooks, merges: told } = recordingHost()
    const { app } = await startMergingApp({
      merge: {
        onMerge(merge) {
          hooks.onMerge(merge)
          if (redoing) throw redoing
        },
        onUndoMerge: () => app.clock.forward(grace),
      },
    })
    for (const error of [undefined, new Error('the order is gone')]) {
      redoing = undefined
      const { browser, guest, ticket } = await merged(app)
      const [first] = told.splice(0)
      redoing = error
      expect(await undo(app, browser, by === 'host' ? first!.ticket : ticket)).toBe('not_found')
      expect(told.splice(0)).toMatchObject([{ ticket: first!.ticket, from: first!.from }])
      expect(await rowOf(app, guest)).toMatchObject({ stage: 'merged' })
    }
    expect(app.logs.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining('onMerge failed: the merge stands'),
    ])
  },
)

describe('the two profiles of a merge', () => {
  const rules: [string, MergeProfiles | undefined, object][] = [
    ['keep-target', 'keep-target', { nickname: 'Hen', language: 'de', size: 1 }],
    ['keep-source', 'keep-source', { nickname: 'Fox', language: 'de', size: 1 }],
    [
      'a function',
      (from, into) => ({ nickname: `${from.nickname}+${into.nickname}`, size: 7 }),
      { nickname: 'Fox+Hen', size: 7 },
    ],
    ['the default', undefined, { nickname: 'Hen', language: 'de', size: 1 }],
  ]
  const theirs = { nickname: 'Fox', size: 1 }
  const ours = { nickname: 'Hen', language: 'de' }

  /** Merges a guest with the profile `theirs` into one with `winnerHas`. */
  async function mergeProfiles(mergeProfiles: MergeProfiles | undefined, winnerHas: object = ours) {
    const started = await startMergingApp(
      mergeProfiles === undefined ? {} : { merge: { profiles: mergeProfiles } },
    )
    const { app } = started
    const winner = await keptGuest(app)
    if (Object.keys(winnerHas).length > 0)
      await winner.browser.patch('/guest/profile', { attributes: winnerHas })
    const folded = await foldedIn(
      app,
      async (_, browser) => void (await browser.patch('/guest/profile', { attributes: theirs })),
      winner,
    )
    const attributes = async () => (await winner.browser.get('/guest/profile')).body.attributes
    return { ...started, ...folded, winner, attributes }
  }

  test.each(rules)('become one by %s, and are two again after the undo', async (_, rule, expected) => {
    const { app, browser, ticket, guest, winner, attributes } = await mergeProfiles(rule)
    expect(await attributes()).toEqual(expected)
    const stored = (await rowsOf(app, 'profiles')).find((row) => row.anonymous_id === winner.guest.sub)
    expect(JSON.parse(stored!.attributes as string)).toEqual(expected)
    expect(stored!.version).toBe(2)
    expect((await browser.post('/guest/merge/undo', { ticket })).body.sub).toBe(guest.sub)
    expect(await attributes()).toEqual(ours)
    expect((await browser.get('/guest/profile')).body.attributes).toEqual(theirs)
  })

  test.each(rules)('become one by %s, and what was changed since stays after the undo', async (_, rule) => {
    const { app, browser, ticket, guest, winner, attributes } = await mergeProfiles(rule)
    await winner.browser.patch('/guest/profile', { attributes: { nickname: 'Owl', language: null } })
    await app.guests.profile.update(winner.guest.sub, { size: 9 })
    expect((await browser.post('/guest/merge/undo', { ticket })).body.sub).toBe(guest.sub)
    expect(await attributes()).toEqual({
      nickname: 'Owl',
      size: 9,
      // The function dropped it, not the guest (who had none to remove), so the undo restores it.
      ...(typeof rule === 'function' && { language: 'de' }),
    })
  })

  test('become the one that there is, if the target has none, and it has none again after the undo', async () => {
    const { browser, ticket, attributes } = await mergeProfiles('keep-target', {})
    expect(await attributes()).toEqual(theirs)
    expect((await browser.post('/guest/merge/undo', { ticket })).status).toBe(200)
    expect(await attributes()).toEqual({})
  })

  test('leave the target unchanged, if the merged guest has none', async () => {
    const { app } = await startMergingApp()
    const winner = await keptGuest(app)
    const before = await winner.browser.patch('/guest/profile', { attributes: ours })
    await foldedIn(app, keepings['kept by the host'], winner)
    const read = await winner.browser.get('/guest/profile')
    expect([read.headers.etag, read.body.attributes]).toEqual([before.headers.etag, ours])
  })

  test('stay as they are if they would be too large together, and the merge is done', async () => {
    const long = 'x'.repeat(60)
    const { app } = await startMergingApp({ maxProfileBytes: 100 })
    const winner = await keptGuest(app)
    await winner.browser.patch('/guest/profile', { attributes: { language: long } })
    const { browser, answer, guest, ticket } = await foldedIn(
      app,
      async (_, one) => void (await one.patch('/guest/profile', { attributes: { nickname: long } })),
      winner,
    )
    expect(answer.body).toHaveProperty('merged')
    expect((await winner.browser.get('/guest/profile')).body.attributes).toEqual({ language: long })
    expect(app.logs.map(({ message }) => message)).toContain(
      'the merged profile is too large: the profile of the target stays as it was',
    )
    expect((await browser.post('/guest/merge/undo', { ticket })).body.sub).toBe(guest.sub)
    expect((await browser.get('/guest/profile')).body.attributes).toEqual({ nickname: long })
  })

  test('may be together as large as that of the target was, even if later options allow less', async () => {
    const long = 'x'.repeat(60)
    const before = await startMergingApp({ secret })
    const winner = await keptGuest(before.app)
    await winner.browser.patch('/guest/profile', { attributes: { language: long, nickname: long } })
    const { store, origin, clock } = before.app
    const { app } = await startMergingApp({
      ...{ secret, store, origin, now: clock.now, maxProfileBytes: 100 },
      merge: {
        profiles: (from, into) => ({
          language: into.language,
          nickname: `${from.nickname}${'y'.repeat(40)}`,
        }),
      },
    })
    await foldedIn(app, keepings['kept for its profile'], winner)
    expect((await winner.browser.get('/guest/profile')).body.attributes).toEqual({
      language: long,
      nickname: `Fox${'y'.repeat(40)}`,
    })
  })

  test('include what is changed while the hook runs', async () => {
    const { app } = await startMergingApp({
      merge: {
        async onMerge({ from, into }) {
          await app.guests.profile.update(from.anonymous_id, { size: 2 })
          await app.guests.profile.update(into.anonymous_id, { language: 'fr' })
        },
      },
    })
    const winner = await keptGuest(app)
    await foldedIn(app, keepings['kept for its profile'], winner)
    expect((await winner.browser.get('/guest/profile')).body.attributes).toEqual({
      nickname: 'Fox',
      size: 2,
      language: 'fr',
    })
  })

  test('stay apart if merge.profiles throws: nothing is merged, and it can be asked for again', async () => {
    let fails = true
    const {
      app,
      browser,
      ticket,
      guest,
      answer,
      winner,
      merges: told,
      undone,
      attributes,
    } = await mergeProfiles((from, into) => {
      if (fails) throw new Error('two owners')
      return { ...from, ...into }
    })
    expect(answer.body).not.toHaveProperty('merged')
    expect(await attributes()).toEqual(ours)
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'active' })
    expect(undone).toEqual(told) // what the hook had done was taken back
    expect(await auditOf(app, winner.guest, 'guest.merged')).toMatchObject([{ outcome: 'merge_refused' }])
    await pass(app, 5 * minute)
    expect(told).toHaveLength(1)
    fails = false
    expect((await browser.post('/guest/merge', { ticket })).status).toBe(200)
    expect(await attributes()).toEqual({ ...theirs, ...ours })
  })
})

describe('a chain of merges', () => {
  test('is undone from its end', async () => {
    const { app, merges: told, undone } = await startMergingApp()
    const [a, b, c] = [await keptGuest(app), await keptGuest(app), await keptGuest(app)]
    const first = await merged(app, b, a)
    // The browser of A is now signed in as B, and signs in to C.
    const { body } = await signedIn(first.browser.signInWithPasskey(c.device), c.guest.sub)
    expect(body.previous).toMatchObject({ anonymous_id: b.guest.sub, recoverability: 'passkey' })
    expect((await first.browser.post('/guest/merge', { ticket: body.ticket })).status).toBe(200)
    expect(told.map(({ from, into }) => [from.anonymous_id, into.anonymous_id])).toEqual([
      [a.guest.sub, b.guest.sub],
      [b.guest.sub, c.guest.sub],
    ])
    for (const { device } of [a, b])
      await expectRefusal(app, () => app.browser().signInWithPasskey(device), 401, 'guest_merged')
    await expectRefusal(
      app,
      () => first.browser.post('/guest/merge/undo', { ticket: first.ticket }),
      400,
      'merge_ticket_invalid',
    )
    expect((await first.browser.post('/guest/merge/undo', { ticket: body.ticket })).status).toBe(200)
    const back = app.browser()
    await signedIn(back.signInWithPasskey(b.device), b.guest.sub)
    await expectRefusal(app, () => app.browser().signInWithPasskey(a.device), 401, 'guest_merged')
    expect((await back.post('/guest/merge/undo', { ticket: first.ticket })).status).toBe(200)
    await signedIn(app.browser().signInWithPasskey(a.device), a.guest.sub)
    expect(undone).toEqual(told.toReversed())
  })

  test('leaves only the last guest, after merge.graceSeconds', async () => {
    const { app } = await startMergingApp()
    const [a, b, c] = [await keptGuest(app), await keptGuest(app), await keptGuest(app)]
    const first = await merged(app, b, a)
    const { body } = await signedIn(first.browser.signInWithPasskey(c.device), c.guest.sub)
    expect((await first.browser.post('/guest/merge', { ticket: body.ticket })).status).toBe(200)
    await pass(app, grace + 2 * hour)
    const left = (await rowsOf(app, 'guests')).map(({ anonymous_id }) => anonymous_id)
    expect(left).toEqual([c.guest.sub])
    expect(await rowsOf(app, 'merges')).toEqual([])
  })

  test('cannot be a circle: of two merges into each other, one is done', async () => {
    const { app } = await startMergingApp()
    const [a, b] = [await keptGuest(app), await keptGuest(app)]
    const elsewhere = app.browser()
    await signedIn(elsewhere.signInWithPasskey(b.device), b.guest.sub)
    const there = await signedIn(elsewhere.signInWithPasskey(a.device), a.guest.sub)
    const here = await signedIn(a.browser.signInWithPasskey(b.device), b.guest.sub)
    const answers = await Promise.all([
      elsewhere.post('/guest/merge', { ticket: there.body.ticket }),
      a.browser.post('/guest/merge', { ticket: here.body.ticket }),
    ])
    const codes = answers.map(({ status, body }) => body.code ?? status)
    expect(codes.filter((code) => code === 200)).toHaveLength(1)
    const stages = (await rowsOf(app, 'guests')).map(({ stage }) => stage)
    expect(stages.toSorted()).toEqual(['active', 'merged'])
  })
})

describe('a guest who is erased during a merge', () => {
  test.each(['target', 'source'])(
    'as the %s, while the hook runs, is not merged, and what the hook did is taken back',
    async (which) => {
      const host = recordingHost()
      const { app, events } = await startMergingApp({
        merge: {
          async onMerge(merge) {
            host.hooks.onMerge(merge)
            await app.guests.erase((which === 'target' ? merge.into : merge.from).anonymous_id)
          },
          onUndoMerge: host.hooks.onUndoMerge,
        },
      })
      const { browser, guest, winner, ticket, loser } = await offered(app)
      const answer = await browser.post('/guest/merge', { ticket })
      expect([401, 409], answer.text).toContain(answer.status)
      expect(host.merges).toHaveLength(1)
      expect(host.undone).toEqual(host.merges)
      expect(events).toEqual([])
      const [gone, stays, device] =
        which === 'target' ? [winner.guest, guest, loser.device] : [guest, winner.guest, winner.device]
      expect(await rowOf(app, gone)).toBeUndefined()
      expect(await rowOf(app, stays)).toMatchObject({ stage: 'active' })
      await signedIn(app.browser().signInWithPasskey(device), stays.sub)
      for (const line of await app.guests.auditTrail())
        expect(line).not.toMatchObject({ action: 'guest.merged', outcome: 'done' })
    },
  )

  test('before the hook is called leaves nothing to merge', async () => {
    const { app, merges: told } = await startMergingApp()
    const one = await offered(app)
    await app.guests.erase(one.guest.sub)
    const answer = await one.browser.post('/guest/merge', { ticket: one.ticket })
    expect(['merge_ticket_invalid', 'nothing_to_merge']).toContain(answer.body.code)
    const other = await offered(app)
    await app.guests.erase(other.winner.guest.sub)
    await expectRefusal(
      app,
      () => other.browser.post('/guest/merge', { ticket: other.ticket }),
      401,
      'session_invalid',
    )
    expect(told).toEqual([])
  })
})
