// Finding guests: one by what names it, or many page by page.

import { describe, expect, test } from 'vitest'
import type { FoundGuest, GuestQuery } from '../../../../server/index.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { guestWithKey } from '../../../support/device-keys.ts'
import { codeBook, promotedUser } from '../../../support/promotion.ts'
import { execute } from '../../../support/tables.ts'

const seconds = ({ clock }: TestApp) => Math.floor(clock.now() / 1000)
const idsIn = (guests: FoundGuest[]) => guests.map(({ anonymous_id }) => anonymous_id)
const idsOf = async ({ guests }: TestApp, query: GuestQuery) => idsIn((await guests.find(query)).guests)

/** All ids, from all pages of this size. */
async function pagesOf({ guests }: TestApp, limit: number, between = async (_found: string[]) => {}) {
  const found: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await guests.find({}, { limit, after })
    found.push(...idsIn(page.guests))
    if (page.next === null) return found
    after = page.next
    await between(found)
  }
}

describe('one guest is found', () => {
  test('by its id, its label, a session, a passkey', async () => {
    const app = await startApp()
    await keptGuest(app)
    const { guest, passkeyId, browser } = await keptGuest(app)
    const [session] = (await browser.get('/guest/sessions')).body.sessions
    await browser.patch('/guest/label', { label: 'A fox, of all' })
    const found = {
      ...{ anonymous_id: guest.sub, stage: 'kept', label: 'A fox, of all', collection: 'users' },
      ...{ recoverability: 'passkey', created_at: seconds(app), last_seen_at: seconds(app), days_seen: 1 },
      ...{ expires_at: expect.any(Number), promoted_at: null, disabled: null },
    }
    const queries = [
      ...[{ anonymousId: guest.sub }, { label: 'A fox, of all' }, { sessionId: session.id }, { passkeyId }],
    ]
    for (const query of queries)
      expect(await app.guests.find(query), JSON.stringify(query)).toEqual({ guests: [found], next: null })
  })

  test('by a whole login ID, as at a sign-in, and never by a part of it', async () => {
    const book = codeBook()
    const app = await startApp({ loginIds: { send: book.send } })
    const { guest } = await promotedUser({ app, ...book }, 'ada@example.org')
    const by = (value: string) => idsOf(app, { loginId: { type: 'email', value } })
    expect(await by('ada@example.org')).toEqual([guest.sub])
    expect(await by('  Ada@Example.ORG ')).toEqual([guest.sub])
    for (const value of ['ada@example.or', 'bda@example.org', 'a_a@example.org'])
      expect(await by(value), value).toEqual([])
    for (const value of ['', 'ada', '%', 'ada@', '%@example.org'])
      await expect(by(value), value).rejects.toMatchObject({ code: 'login_id_invalid' })
    expect(await idsOf(app, { loginId: { type: 'oidc', value: 'ada@example.org' } })).toEqual([])
    expect((await app.guests.find({ anonymousId: guest.sub })).guests).toMatchObject([
      { stage: 'regular', promoted_at: seconds(app), expires_at: null },
    ])
  })

  test('by its id alone if it is not kept, with a word that nobody knows more', async () => {
    const app = await startApp()
    const { sub } = await app.browser().signIn()
    const unkept = {
      ...{ anonymous_id: sub, stage: 'unkept', label: null, collection: null, recoverability: 'none' },
      ...{ created_at: null, last_seen_at: null, days_seen: null, expires_at: null, promoted_at: null },
    }
    const found = async (query: GuestQuery) => (await app.guests.find(query)).guests
    expect(await found({ anonymousId: sub })).toEqual([{ ...unkept, disabled: null }])
    expect(await found({ sessionId: sub })).toEqual([{ ...unkept, disabled: null }])
    const until = seconds(app) + 60
    await app.guests.disable(sub, { until })
    const disabled = { since: expect.any(Number), until, reason: 'other' }
    expect(await found({ anonymousId: sub })).toEqual([{ ...unkept, disabled }])
    app.clock.forward(60)
    expect(await found({ anonymousId: sub })).toEqual([{ ...unkept, disabled: null }])
    expect(await found({})).toEqual([])
    expect(await app.rows()).toMatchObject({ guests: 0 })
  })

  test('also one who was imported, or kept by the host alone; nobody for what nobody has', async () => {
    const app = await startApp()
    await app.guests.import([{ sub: 'none' }])
    const { sub } = await app.browser().signIn()
    await app.guests.keep(sub)
    expect(await idsOf(app, { anonymousId: 'none' })).toEqual(['none'])
    expect((await app.guests.find({ anonymousId: sub })).guests).toMatchObject([
      { stage: 'kept', label: null, collection: null, recoverability: 'none' },
    ])
    const nobody = ['nobody', '', 'an\0id', '\ud800', 'x'.repeat(2000)]
    for (const id of nobody)
      for (const name of ['anonymousId', 'label', 'sessionId', 'passkeyId'])
        expect(await idsOf(app, { [name]: id }), `${name} ${id}`).toEqual([])
  })
})

describe('many guests are found', () => {
  const collections = { users: {}, members: {} }

  test('by collection, recoverability, stage, and whether they are disabled', async () => {
    const book = codeBook()
    const app = await startApp({ collections, loginIds: { send: book.send } })
    const { guest: withPasskey } = await keptGuest(app)
    const { guest: withKey } = await guestWithKey(app)
    const { guest: user } = await promotedUser({ app, ...book }, 'ada@example.org')
    const member = (await app.browser().post('/guest/sign-in', { collection: 'members' })).body
    await app.guests.keep(member)
    await app.guests.disable(withKey.sub)
    const by = async (query: GuestQuery) => (await idsOf(app, query)).toSorted()
    const sorted = (...guests: { sub: string }[]) => guests.map(({ sub }) => sub).toSorted()
    expect(await by({})).toEqual(sorted(withPasskey, withKey, user, member))
    expect(await by({ collection: 'members' })).toEqual(sorted(member))
    expect(await by({ collection: 'nobody' })).toEqual([])
    expect(await by({ recoverability: 'device' })).toEqual(sorted(withKey))
    expect(await by({ recoverability: 'passkey' })).toEqual(sorted(withPasskey))
    expect(await by({ stage: 'regular' })).toEqual(sorted(user))
    expect(await by({ stage: 'kept', disabled: false })).toEqual(sorted(withPasskey, member))
    expect(await by({ disabled: true })).toEqual(sorted(withKey))
    expect(await by({ disabled: true, collection: 'members' })).toEqual([])
    expect(await by({ anonymousId: user.sub, stage: 'kept' })).toEqual([])
    await app.guests.enable(withKey.sub)
    expect(await by({ disabled: true })).toEqual([])
  })

  test('who are disabled until a time that is over are disabled no longer', async () => {
    const app = await startApp()
    const { guest } = await keptGuest(app)
    await app.guests.disable(guest.sub, { until: seconds(app) + 60 })
    expect(await idsOf(app, { disabled: true })).toEqual([guest.sub])
    app.clock.forward(60)
    expect([await idsOf(app, { disabled: true }), await idsOf(app, { disabled: false })]).toEqual([
      ...[[], [guest.sub]],
    ])
  })

  test('by when they were created and last seen: since includes the second, before does not', async () => {
    const app = await startApp()
    const at = seconds(app)
    const { guest: first } = await keptGuest(app)
    app.clock.forward(1000)
    const { guest: second } = await keptGuest(app)
    expect(await idsOf(app, { createdSince: at + 1000 })).toEqual([second.sub])
    expect(await idsOf(app, { createdSince: at + 1001 })).toEqual([])
    expect(await idsOf(app, { createdBefore: at + 1000 })).toEqual([first.sub])
    expect(await idsOf(app, { createdBefore: at })).toEqual([])
    await execute(app.store, `UPDATE guests SET last_seen_at = ${at + 1} WHERE anonymous_id = '${first.sub}'`)
    expect(await idsOf(app, { seenSince: at + 2 })).toEqual([second.sub])
    expect(await idsOf(app, { seenSince: at + 1, seenBefore: at + 2 })).toEqual([first.sub])
  })

  test('by expired and merged, which is what their rows say', async () => {
    const app = await startApp()
    const { guest: gone } = await keptGuest(app)
    const { guest: folded } = await keptGuest(app)
    for (const [sub, stage] of [
      [gone.sub, 'expired'],
      [folded.sub, 'merged'],
    ])
      await execute(app.store, `UPDATE guests SET stage = '${stage}' WHERE anonymous_id = '${sub}'`)
    expect(await idsOf(app, { stage: 'expired' })).toEqual([gone.sub])
    expect(await idsOf(app, { stage: 'merged' })).toEqual([folded.sub])
    expect(await idsOf(app, { stage: 'kept' })).toEqual([])
  })
})

describe('pages', () => {
  const many = Array.from({ length: 25 }, (_, i) => ({ sub: `imported ${String(i).padStart(4, '0')}` }))
  const ids = many.map(({ sub }) => sub)

  test.each([1, 4, 24, 25, 26, 200])('of %d have each guest once, in the order of the ids', async (limit) => {
    const app = await startApp()
    await app.guests.import(many)
    expect(await pagesOf(app, limit)).toEqual(ids)
  })

  test('have who stays once, whoever comes and goes meanwhile', async () => {
    const app = await startApp()
    await app.guests.import(many)
    let round = 0
    const found = await pagesOf(app, 4, async (before) => {
      await app.guests.erase(before.at(-1)!) // the guest at the cursor
      await app.guests.import([{ sub: `imported 0000 before ${round}` }, { sub: `imported 9999 ${round++}` }])
    })
    expect(found.filter((id) => ids.includes(id))).toEqual(ids)
    expect(new Set(found).size).toBe(found.length)
  })

  test('look at a thousand guests each, so that one can be empty though more follow', async () => {
    const app = await startApp()
    const crowd = Array.from({ length: 2500 }, (_, i) => ({ sub: `imported ${String(i).padStart(4, '0')}` }))
    await app.guests.import([...crowd, { sub: 'imported 9999', label: 'The last one' }])
    await app.guests.import([{ sub: 'imported 1500', label: 'ignored' }])
    const sizes: number[] = []
    let after: string | undefined
    for (let page = 0; page < 3; page++) {
      const { guests, next } = await app.guests.find({ createdBefore: 5 }, { after, limit: 200 })
      sizes.push(guests.length)
      after = next ?? undefined
    }
    expect([sizes, after]).toEqual([[0, 0, 0], undefined])
    expect(await idsOf(app, { label: 'The last one' }), 'by an index').toEqual(['imported 9999'])
  })

  test.each([1, 2, 5, 6])('of %d have all who match, though most do not', async (limit) => {
    const app = await startApp()
    const isOther = (_: string, i: number) => i % 5 === 4
    await app.guests.import(many)
    for (const id of ids.filter(isOther))
      await execute(app.store, `UPDATE guests SET collection = 'others' WHERE anonymous_id = '${id}'`)
    const found: string[][] = []
    for (let after: string | undefined; ; ) {
      const page = await app.guests.find({ collection: 'others' }, { limit, after })
      found.push(idsIn(page.guests))
      if (page.next === null) break
      after = page.next
    }
    expect(found.flat()).toEqual(ids.filter(isOther))
    expect(found.length, 'none is empty').toBe(Math.ceil(5 / limit))
  })

  test('of one label go on after the cursor', async () => {
    const app = await startApp()
    await app.guests.import(many.map((one) => ({ ...one, label: 'amber-fox-42' })))
    const first = await app.guests.find({ label: 'amber-fox-42' }, { limit: 20 })
    const second = await app.guests.find({ label: 'amber-fox-42' }, { limit: 20, after: first.next! })
    expect([idsIn(first.guests), idsIn(second.guests), second.next]).toEqual([
      ...[ids.slice(0, 20), ids.slice(20), null],
    ])
  })
})

test.each<[object, object, RegExp]>([
  [
    { anonymousId: 'a', label: 'b' },
    {},
    /Give one of anonymousId, .*loginId. These are given: anonymousId, label/,
  ],
  [{ label: 5 }, {}, /label must be a text. It is 5/],
  [{ collection: ['users'] }, {}, /collection must be a text/],
  [{ createdSince: '2026' }, {}, /createdSince must be whole Unix seconds. It is "2026"/],
  [{ seenBefore: 1.5 }, {}, /seenBefore must be whole Unix seconds/],
  [{ stage: 'guest' }, {}, /stage must be one of unkept, kept, regular, expired, merged. It is "guest"/],
  [{ recoverability: 'all' }, {}, /recoverability must be one of none, device, passkey, synced/],
  [{ disabled: 'yes' }, {}, /disabled must be one of true, false. It is "yes"/],
  [{ loginId: { type: 'email' } }, {}, /loginId must have a type and a value/],
  [{ loginId: { type: 'email', value: 'a\0@b.c' } }, {}, /loginId must have a type and a value/],
  [{}, { limit: 0 }, /limit must be a whole number from 1 to 200. It is 0/],
  [{}, { limit: 201 }, /limit must be a whole number from 1 to 200/],
  [{}, { after: 'a b' }, /after must be the next of another page/],
  [{}, { after: '' }, /after must be the next of another page/],
  [{}, { after: 'AA' }, /after must be the next of another page/],
])('find(%j, %j) is refused, and the error says what would be right', async (query, options, message) => {
  const app = await startApp()
  await expect(app.guests.find(query as GuestQuery, options)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(message),
  })
})

test('a misspelt name is refused with the right one', async () => {
  const app = await startApp()
  await expect(app.guests.find({ lable: 'x' } as never)).rejects.toThrow(
    /unknown option lable: did you mean label\?/,
  )
  await expect(app.guests.find({}, { from: 'x' } as never)).rejects.toThrow(/unknown option from/)
})
