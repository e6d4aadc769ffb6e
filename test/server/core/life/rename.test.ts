// Renaming: the guest's own label is in its row or, if the guest has no row, in its session's token.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { renameGuest } from '../../../../server/core/life/rename.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { Options } from '../../../../server/index.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { rowBecomes, tracesOf } from '../../../support/guest-rows.ts'
import { minute, rowOf, rowsOf } from '../../../support/merging.ts'
import { newCodes } from '../../../support/recovery.ts'
import { cookiesSet, expectRefusal } from '../../../support/refusals.ts'
import {
  anonymously,
  ask,
  bearer,
  bySession,
  claimsOf,
  dpopKey,
  granted,
  refresh,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

type Browser = ReturnType<TestApp['browser']>

const rename = (browser: Browser, label: unknown) =>
  browser.patch('/guest/label', { label } as { label: string })
const labelOf = async (browser: Browser) => (await browser.get('/guest/userinfo')).body.label

function listen(app: TestApp): unknown[] {
  const told: unknown[] = []
  app.guests.on('guest.renamed', (event) => void told.push(event))
  return told
}

test('a guest without a row gets a new token that carries the label, and nothing is written', async () => {
  const app = await startApp()
  const browser = app.browser()
  const guest = await browser.signIn()
  const told = listen(app)
  const { token } = browser
  const { status, body } = await rename(browser, ' Aunt Fox ')
  expect(status).toBe(200)
  expect(body).toEqual({ ...guest, label: 'Aunt Fox' })
  expect(browser.token).not.toBe(token)
  expect((await browser.get('/guest/userinfo')).body).toEqual(body)
  expect(await tracesOf(app, guest.sub)).toEqual({})
  expect(told).toEqual([{ anonymous_id: guest.sub }])
  app.clock.forward(minute)
  expect((await rename(browser, 'Fox')).body.expires_at, 'renewed now').toBe(guest.expires_at + minute)
  await app.guests.keep((await app.browser().signIn()).sub)
  await newCodes(browser)
  expect(await rowOf(app, guest), 'the row has the label').toMatchObject({ label: 'Fox' })
})

test('a kept guest has the new label everywhere at once, and its session stays', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  const laptop = app.browser()
  await laptop.signInWithPasskey(device)
  const told = listen(app)
  const { token } = browser
  const renamed = await rename(browser, 'Fox')
  expect(renamed.body).toMatchObject({ sub: guest.sub, label: 'Fox', recoverability: 'passkey' })
  expect(cookiesSet(renamed)).toEqual([])
  expect(browser.token).toBe(token)
  expect(await labelOf(laptop)).toBe('Fox')
  expect((await laptop.post('/guest/passkeys/register/options')).body.user).toMatchObject({
    ...{ name: 'Fox', displayName: 'Fox' },
  })
  expect(told).toEqual([{ anonymous_id: guest.sub }])
  await rename(browser, 'Fox')
  expect(told, 'no event for the same label').toHaveLength(1)
})

test('a guest whom the host kept meanwhile has the label in its row, whatever its token says', async () => {
  const app = await startApp()
  const browser = app.browser()
  const guest = await browser.signIn()
  const tab = copyOf(app, browser)
  await app.guests.keep(guest.sub)
  const { token } = browser
  expect((await rename(browser, 'Fox')).body.label).toBe('Fox')
  expect(browser.token).toBe(token)
  expect(await labelOf(browser)).toBe('Fox')
  expect(await labelOf(tab)).toBe('Fox')
  await rowBecomes(app, guest.sub, { label: 'Fox' })
})

test('no event, audit trail or log holds the label that was chosen', async () => {
  const webhooks = [{ url: 'http://localhost:1/hooks', secret: `whsec_${'A'.repeat(44)}` }]
  const app = await startApp({ webhooks })
  const { browser, guest } = await keptGuest(app)
  await rename(browser, 'Wilhelmina')
  const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
  expect(trail.map(({ action }) => action)).toContain('guest.renamed')
  const sent = await rowsOf(app, 'outbox', "event = 'guest.renamed'")
  expect(sent.map(({ payload }) => JSON.parse(String(payload)).data)).toEqual([{ anonymous_id: guest.sub }])
  expect(JSON.stringify([trail, sent, app.logs])).not.toContain('Wilhelmina')
})

test('a label may have 1 to 64 characters of any script; anything else is refused', async () => {
  const app = await startApp()
  const kept = await keptGuest(app)
  const visitor = app.browser()
  await visitor.signIn()
  for (const browser of [kept.browser, visitor]) {
    for (const label of [
      ...[undefined, null, 7, ['Fox'], '', '   ', 'F'.repeat(65), `e${'\u0301'.repeat(10_000)}`],
      ...['F\0x', '\ud800'],
    ])
      await expectRefusal(app, () => rename(browser, label), 400, 'invalid_request')
    for (const label of [
      '<b>Fox</b>',
      'Füchsin 🦊',
      'F'.repeat(64),
      '../x',
      '% %0d%0aSet-Cookie: a=b',
      '狐'.repeat(64),
    ]) {
      expect((await rename(browser, label)).body.label).toBe(label)
      expect(await labelOf(browser)).toBe(label)
    }
  }
  await expectRefusal(app, () => rename(app.browser(), 'Fox'), 401, 'not_signed_in')
})

test('what nobody would see in a label is left out: controls, invisible and reordering characters', async () => {
  const app = await startApp()
  const kept = await keptGuest(app)
  const visitor = app.browser()
  await visitor.signIn()
  for (const browser of [kept.browser, visitor]) {
    for (const [given, label] of [
      ['\u202eamber\u200b-fox\u2069-42\u0007', 'amber-fox-42'],
      ['\u200e Aunt\r\nFox \ufeff', 'Aunt Fox'],
      ['👩‍👧 می\u200cخواهم', '👩‍👧 می\u200cخواهم'],
    ] as const) {
      expect((await rename(browser, given)).body.label).toBe(label)
      expect(await labelOf(browser)).toBe(label)
    }
    for (const nothing of ['\u200b', ' \u202e\u2066 ', '\r\n\u3164'])
      await expectRefusal(app, () => rename(browser, nothing), 400, 'invalid_request')
  }
  const { passkeys } = (await kept.browser.get('/guest/passkeys')).body
  const path = `/guest/passkeys/${passkeys[0].id}`
  expect((await kept.browser.patch(path, { name: 'Key\u202e of\nmine' })).body.name).toBe('Key of mine')
})

test('the cookie of a guest without a row stays small enough for browsers', async () => {
  const prompts = Array.from({ length: 20 }, (_, i) => ({ prompt: `ask_about_${i}` }))
  const app = await startApp({ prompts })
  const browser = app.browser()
  await browser.signIn()
  for (const { prompt } of prompts) await browser.post('/guest/prompts/snooze', { prompt })
  await rename(browser, '🦊'.repeat(32))
  expect(browser.cookie!.length).toBeLessThan(4000)
  expect(await labelOf(browser)).toBe('🦊'.repeat(32))
})

test('a proxy gets the label percent-encoded if a header cannot hold it', async () => {
  const app = await startApp()
  const { browser } = await keptGuest(app)
  for (const [label, header] of [
    ['Aunt Fox', 'Aunt Fox'],
    ['amber-fox-42', 'amber-fox-42'],
    ['Füchsin 🦊', encodeURIComponent('Füchsin 🦊')],
    ['100 %', '100%20%25'],
    ['a\r\nX-Guest-Is-Verified: true', 'a X-Guest-Is-Verified: true'],
    ['a\u202eb', 'ab'],
    ['a  b', 'a%20%20b'],
  ] as const) {
    await rename(browser, label)
    const { status, headers } = await browser.get('/guest/verify')
    expect(status).toBe(200)
    expect(headers['x-guest-label']).toBe(header)
    expect(headers['x-guest-is-verified']).toBe('false')
  }
})

test('a session that has ended cannot rename its guest', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  const old = copyOf(app, browser)
  await browser.signInWithPasskey(device)
  await expectRefusal(app, () => rename(old, 'Eve'), 401, 'session_invalid')
  expect(await labelOf(browser)).toBe(guest.label)
})

test('renaming while the guest signs out or is erased leaves nothing half done', async () => {
  const app = await startApp()
  for (let round = 0; round < 20; round++) {
    const { browser, guest } = await keptGuest(app)
    const [renamed, erased] = await Promise.all([
      rename(browser, 'Fox'),
      copyOf(app, browser).delete('/guest/account'),
    ])
    expect([200, 401]).toContain(renamed.status)
    expect(erased.status).toBe(204)
    expect(await rowOf(app, guest)).toBeUndefined()
    const visitor = app.browser()
    await visitor.signIn()
    const old = copyOf(app, visitor)
    await Promise.all([rename(visitor, 'Fox'), old.post('/guest/sign-out', { force: true })])
    expect(
      (await visitor.get('/guest/userinfo')).status,
      'the new token belongs to the ended session too',
    ).toBe(401)
  }
})

test.each([
  ['ended', 'stored', 'session_invalid'],
  ['ended', 'sealed', 'session_invalid'],
  ['unknown', 'stored', 'session_invalid'],
  ['renamed', 'stored', null],
])('a rename whose outcome is %s in a %s session: %s', async (outcome, kind, code) => {
  const store = { renameGuest: async () => outcome }
  const config = { webhooks: [], sessions: { idleSeconds: 50 }, clients: [] }
  const ctx = { now: () => 1000, config, store } as unknown as Context
  const session = { kind, anonymousId: 'guest', id: 'here', label: 'Fox', endsAt: 2000, carried: null }
  const renamed = await renameGuest(ctx, session as unknown as Session, { label: 'Owl' }).catch(
    (error: unknown) => error,
  )
  expect(renamed).toMatchObject(code ? { code } : { session: { label: 'Owl' } })
})

test('a client whose tokens carry the guest gets new tokens with the label', async () => {
  const app = await startTokenApp()
  const key = await dpopKey()
  const proof = (method: string, path: string, token?: string) =>
    key.prove(app, method, path, token === undefined ? {} : { token })
  const tokens = await granted(
    anonymously(app, { client_id: 'app' }, { DPoP: await proof('POST', '/guest/token') }),
  )
  const headers = async (token: string) => ({
    Authorization: `DPoP ${token}`,
    DPoP: await proof('PATCH', '/guest/label', token),
    'Content-Type': 'application/json',
  })
  const patch = async (token: string, label: string) => {
    const answer = await fetch(`${app.origin}/guest/label`, {
      ...{ method: 'PATCH', headers: await headers(token), body: JSON.stringify({ label }) },
    })
    return { status: answer.status, body: await answer.json() }
  }
  const { status, body } = await patch(tokens.access_token, 'Fox')
  expect(status, JSON.stringify(body)).toBe(200)
  expect(body.label).toBe('Fox')
  expect(claimsOf(body.tokens.access_token).label).toBe('Fox')
  const next = await granted(
    refresh(
      app,
      body.tokens.refresh_token,
      { client_id: 'app' },
      { DPoP: await proof('POST', '/guest/token') },
    ),
  )
  expect(claimsOf(next.access_token).label).toBe('Fox')
})

test('an access token that is not bound to a key cannot rename the guest whom it carries', async () => {
  const app = await startTokenApp({} as Partial<Options>)
  const { access_token } = await granted(anonymously(app, { client_id: 'app' }))
  const browser = app.browser()
  await browser.signIn()
  const drawn = await granted(bySession(app, browser.cookie))
  for (const token of [access_token, drawn.access_token]) {
    const answer = await fetch(`${app.origin}/guest/label`, {
      method: 'PATCH',
      headers: { ...bearer(token), 'Content-Type': 'application/json' },
      body: JSON.stringify({ label: 'Eve' }),
    })
    expect([answer.status, (await answer.json()).code]).toEqual([403, 'insufficient_scope'])
    expect((await userinfo(app, token)).body.label).not.toBe('Eve')
  }
  const diary = await granted(anonymously(app, { client_id: 'diary' }))
  expect((await ask(app, '/guest/userinfo', bearer(diary.access_token))).status).toBe(200)
})
