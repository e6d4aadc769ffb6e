// Keeping: what keeps a guest, what does not, and how a kept guest's sessions and tokens go on.

import { randomBytes } from 'node:crypto'
import type { Express } from 'express'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import { idFor } from '../../../../server/core/guests/pairwise.ts'
import { keeping, keepNewSession } from '../../../../server/core/life/keep.ts'
import type { SealedSession } from '../../../../server/core/sessions/sessions.ts'
import type { GuestEvents, GuestKey, Options } from '../../../../server/index.ts'
import type { Client } from '../../../../server/options/options.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf, register, sendAssertion } from '../../../support/ceremonies.ts'
import { guestRow, rowBecomes, seenNow, unixSeconds } from '../../../support/guest-rows.ts'
import { cookiesSet, expectRefusal } from '../../../support/refusals.ts'
import { copyOfStore, tables } from '../../../support/tables.ts'
import {
  anonymously,
  ask,
  bearer,
  bySession,
  claimsOf,
  clients,
  type Granted,
  granted,
  refresh,
  registerAs,
  secret,
  send,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const day = 24 * 60 * 60
const profile = z.object({ nickname: z.string().max(40), note: z.string() })
const prompts = [{ prompt: 'add_passkey', when: {} }, { prompt: 'add_attribute:nickname' }]

const whoIs = async (browser: Browser) => (await browser.get('/guest/userinfo')).body
const patch = (browser: Browser, attributes: object) => browser.patch('/guest/profile', { attributes })

/** A host with a route that keeps the guest who asks. */
function keepingHost(app: Express, guests: GuestKey) {
  app.post('/keep', (req, res, next) => {
    guests.keep(req.guest!).then((kept) => res.json({ kept }), next)
  })
  app.get('/me', (req, res) => void res.json(req.guest))
  app.get('/page', guests.requireGuest(), (_req, res) => void res.json({}))
  app.post('/moment', (req, res, next) => {
    guests.moment(req, 'checkout').then((due) => res.json(due), next)
  })
}

const startKeeper = (options: Partial<Options> = {}) =>
  startApp({ profile, prompts, ...options }, keepingHost)

describe('what keeps a guest', () => {
  const keepers: Record<string, (app: TestApp, browser: Browser) => Promise<unknown>> = {
    'a passkey': (app, browser) => browser.addPasskey(app.device()),
    'a profile attribute': (_app, browser) => patch(browser, { nickname: 'Fox' }),
    'the host, by req.guest': (_app, browser) => browser.post('/keep'),
    'the host, by id alone': async (app, browser) => app.guests.keep((await whoIs(browser)).sub),
  }

  test.each(Object.entries(keepers))('%s: one row, one session, one event', async (_name, keep) => {
    const app = await startKeeper()
    const kept: GuestEvents['guest.kept'][] = []
    app.guests.on('guest.kept', (event) => kept.push(event))
    const browser = app.browser()
    const { sub } = await browser.signIn()
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0, spent: 0, audit: 0 })
    await keep(app, browser)
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
    expect(kept.map(({ guest }) => guest.sub)).toEqual([sub])
    expect((await whoIs(browser)).sub).toBe(sub)
    await keep(app, browser)
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
    expect(kept).toHaveLength(1)
  })

  test('is nothing else: no other endpoint, no failed proof, no snooze, no moment', async () => {
    const app = await startKeeper()
    const browser = app.browser()
    const before = await tables(app.store)
    const guest = await browser.signIn()
    const copy = copyOf(app, browser)
    for (const [send, status] of [
      [() => browser.post('/guest/sign-in'), 200],
      [() => browser.post('/guest/sign-in', { lookup_only: true }), 200],
      [() => browser.get('/guest/userinfo'), 200],
      [() => browser.get('/guest/userinfo?moment=checkout'), 200],
      [() => browser.get('/guest/sessions'), 200],
      [() => browser.get('/guest/passkeys'), 200],
      [() => browser.get('/guest/profile'), 200],
      [() => browser.get('/guest/account/export'), 200],
      [() => browser.get('/me'), 200],
      [() => browser.get('/page'), 200],
      [() => browser.post('/moment'), 200],
      [() => browser.post('/guest/passkeys/register/options'), 200],
      [() => browser.post('/guest/passkeys/authenticate/options'), 200],
      [() => register(browser, app.device(), { userVerified: false }), 400],
      [() => browser.post('/guest/prompts/snooze', { prompt: 'add_passkey' }), 200],
      [() => browser.post('/guest/prompts/snooze', { prompt: 'nobodys' }), 400],
      [() => patch(browser, {}), 200],
      [() => patch(browser, { nickname: null }), 200],
      [() => patch(browser, { nickname: 5 }), 400],
      [() => patch(browser, { nickname: 'x'.repeat(41) }), 400],
      [() => patch(browser, { note: 'x'.repeat(9000) }), 413],
      [() => patch(browser, { colour: 'red' }), 400],
      [() => browser.post('/guest/sign-out'), 409],
    ] as const) {
      const { status: answered, text } = await send()
      expect(answered, text).toBe(status)
    }
    const stranger = app.device()
    await app.browser().addPasskey(stranger)
    const other = await tables(app.store)
    const options = await browser.post('/guest/passkeys/authenticate/options')
    const bad = await stranger.get(options.body, { userVerified: false })
    expect((await sendAssertion(browser, bad)).status).toBe(401)
    expect(await tables(app.store)).toEqual(other)
    expect(other.guests).toHaveLength(before.guests!.length + 1)
    expect((await whoIs(browser)).sub).toBe(guest.sub)
    expect((await whoIs(copy)).sub).toBe(guest.sub)
  })

  test('is not a refresh or a snooze of a client with tokens', async () => {
    const app = await startTokenApp({ profile, prompts })
    await granted(anonymously(app)) // the first one makes the signing key
    const before = await tables(app.store)
    const first = await granted(anonymously(app))
    const second = await granted(refresh(app, first.refresh_token))
    expect((await userinfo(app, second.access_token)).status).toBe(200)
    await sendJson(app, 'prompts/snooze', { prompt: 'add_passkey' }, bearer(second.access_token))
    expect(await tables(app.store)).toEqual(before)
  })

  test('is not a malformed id: keep() rejects it with invalid_request', async () => {
    const app = await startKeeper()
    for (const id of [
      '',
      'x',
      'a'.repeat(21),
      'a'.repeat(23),
      `${'a'.repeat(21)}!`,
      "' OR 1=1 --aaaaaaaaaa",
    ]) {
      await expect(app.guests.keep(id)).rejects.toMatchObject({ code: 'invalid_request' })
    }
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0, spent: 0 })
  })
})

describe('guests.keep', () => {
  test('by req.guest writes label and collection at once, and the same cookie goes on', async () => {
    const app = await startKeeper({ collections: ['users', 'customers'] })
    const browser = app.browser()
    const signedIn = (await browser.post('/guest/sign-in', { collection: 'customers' })).body
    const { token } = browser
    const answer = await browser.post('/keep')
    expect(answer.body).toEqual({ kept: true })
    expect(cookiesSet(answer)).toEqual([])
    expect(await guestRow(app, signedIn.sub)).toMatchObject({
      label: signedIn.label,
      collection: 'customers',
    })
    expect(browser.token).toBe(token)
    expect(await whoIs(browser)).toMatchObject({
      ...{ sub: signedIn.sub, label: signedIn.label, collection: 'customers', recoverability: 'none' },
    })
    expect((await browser.post('/keep')).body, 'once is enough').toEqual({ kept: false })
    expect((await browser.get('/me')).body.sub).toBe(signedIn.sub)
  })

  test('by the id alone learns label and collection when the guest is next seen', async () => {
    const app = await startKeeper({ collections: ['users', 'customers'] })
    const browser = app.browser()
    const signedIn = (await browser.post('/guest/sign-in', { collection: 'customers' })).body
    const { token } = browser
    expect(await app.guests.keep(signedIn.sub)).toBe(true)
    expect(await app.guests.keep(signedIn.sub)).toBe(false)
    expect(await guestRow(app, signedIn.sub)).toMatchObject({ label: '', collection: '' })
    expect(await whoIs(browser)).toMatchObject({ label: signedIn.label, collection: 'customers' })
    await rowBecomes(app, signedIn.sub, { label: signedIn.label, collection: 'customers' })
    expect(browser.token).toBe(token)
    expect(await whoIs(browser)).toMatchObject({ sub: signedIn.sub, label: signedIn.label })
  })

  test('by an id that nobody carries signs nobody in', async () => {
    const app = await startKeeper()
    const id = randomBytes(16).toString('base64url')
    expect(await app.guests.keep(id)).toBe(true)
    expect((await whoIs(app.browser())).code).toBe('not_signed_in')
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
  })

  test('leaves the idle and absolute ends of the session as they were', async () => {
    const app = await startKeeper({ sessions: { idleSeconds: 10 * day, absoluteSeconds: 25 * day } })
    const [browser, idle] = [app.browser(), app.browser()]
    const { sub } = await browser.signIn()
    await idle.signIn()
    for (const one of [browser, idle]) await one.post('/keep')
    for (const days of [9, 9]) {
      app.clock.forward(days * day)
      expect((await whoIs(browser)).sub).toBe(sub)
      await seenNow(app, sub)
    }
    await expectRefusal(app, () => idle.get('/guest/userinfo'), 401, 'session_invalid')
    app.clock.forward(7 * day + 1)
    await expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test('leaves every copy of the cookie valid, older and renewed ones', async () => {
    const app = await startKeeper()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const young = copyOf(app, browser)
    app.clock.forward(2 * day)
    await browser.get('/guest/userinfo')
    expect(browser.token).not.toBe(young.token)
    await app.guests.keep(sub)
    for (const one of [young, browser]) expect((await whoIs(one)).sub).toBe(sub)
    app.clock.forward(2 * day)
    const { token } = browser
    await browser.get('/guest/userinfo')
    expect(browser.token, 'renewed').not.toBe(token)
    for (const one of [young, browser]) expect((await whoIs(one)).sub).toBe(sub)
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
  })

  test('in several tabs at once keeps once, and all tabs go on', async () => {
    const app = await startKeeper()
    for (let round = 0; round < 30; round++) {
      const browser = app.browser()
      const { sub } = await browser.signIn()
      const [one, other, third] = [browser, copyOf(app, browser), copyOf(app, browser)]
      const [kept, patched, again] = await Promise.all([
        one.post('/keep'),
        patch(other, { nickname: 'Fox' }),
        third.post('/keep'),
      ])
      expect([kept.status, patched.status, again.status], patched.text).toEqual([200, 200, 200])
      expect([kept.body.kept, again.body.kept].filter(Boolean).length).toBeLessThanOrEqual(1)
      for (const tab of [one, other, third]) expect((await whoIs(tab)).sub).toBe(sub)
      expect((await third.get('/guest/profile')).body.attributes).toEqual({ nickname: 'Fox' })
    }
    expect(await app.rows()).toMatchObject({ guests: 30, sessions: 30, profiles: 30 })
  })

  test('does nothing for an imported guest, who is kept', async () => {
    const app = await startKeeper()
    await app.guests.import([{ sub: 'of-another-system' }])
    expect(await app.guests.keep('of-another-system')).toBe(false)
    await expect(app.guests.keep('of-no-system')).rejects.toMatchObject({ code: 'invalid_request' })
    expect((await app.rows()).guests).toBe(1)
  })

  test('refuses a guest who signed out or was erased', async () => {
    const app = await startKeeper()
    const refuse = async (sub: string) => {
      const before = await tables(app.store)
      await expect(app.guests.keep(sub)).rejects.toMatchObject({ code: 'not_found', status: 404 })
      expect(await tables(app.store)).toEqual(before)
    }
    const left = app.browser()
    const { sub } = await left.signIn()
    await left.post('/guest/sign-out', { force: true })
    await refuse(sub)

    const erased = app.browser()
    const gone = await erased.signIn()
    await erased.post('/keep')
    const copy = copyOf(app, erased)
    expect(await app.guests.erase(gone.sub)).toBe(true)
    await refuse(gone.sub)
    await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, 'session_invalid')

    const sealed = app.browser()
    const unseen = await sealed.signIn()
    expect(await app.guests.erase(unseen.sub)).toBe(false)
    await refuse(unseen.sub)
    await expectRefusal(app, () => sealed.get('/guest/userinfo'), 401, 'session_invalid')
    expect((await patch(sealed, { nickname: 'Fox' })).status).toBe(401)
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0, profiles: 0 })
  })
})

describe('a guest who is kept without a passkey', () => {
  test('must force the sign-out, which ends every copy of the cookie at once', async () => {
    const app = await startKeeper()
    const browser = app.browser()
    await browser.signIn()
    const young = copyOf(app, browser)
    app.clock.forward(2 * day)
    await browser.get('/guest/userinfo')
    await patch(browser, { nickname: 'Fox' })
    const copy = copyOf(app, browser)
    for (const body of [{}, { everywhere: true }]) {
      await expectRefusal(app, () => browser.post('/guest/sign-out', body), 409, 'would_lose_account')
    }
    expect((await whoIs(copy)).recoverability).toBe('none')
    expect((await browser.post('/guest/sign-out', { force: true })).status).toBe(204)
    for (const one of [young, copy]) {
      for (const door of ['userinfo', 'profile', 'sessions']) {
        await expectRefusal(app, () => one.get(`/guest/${door}`), 401, 'session_invalid')
      }
      await expectRefusal(app, () => copyOf(app, one).post('/guest/sign-in'), 401, 'session_invalid')
      expect((await patch(one, { nickname: 'Wolf' })).status).toBe(401)
    }
    expect(await app.rows()).toMatchObject({ sessions: 0 })
  })

  test('must force the sign-out everywhere, which ends every copy too', async () => {
    const app = await startKeeper()
    const browser = app.browser()
    await browser.signIn()
    await browser.post('/keep')
    const copy = copyOf(app, browser)
    const out = await browser.post('/guest/sign-out', { everywhere: true, force: true })
    expect(out.status).toBe(204)
    await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test('has one session in the list, and can end it with force', async () => {
    const app = await startKeeper()
    const browser = app.browser()
    await browser.signIn()
    const began = unixSeconds(app)
    const sealed = (await browser.get('/guest/sessions')).body.sessions
    await browser.post('/keep')
    const { sessions } = (await browser.get('/guest/sessions')).body
    expect(sessions).toMatchObject([{ current: true, auth_time: null, id: sealed[0].id }])
    expect(sessions[0].last_seen_at).toBeGreaterThanOrEqual(began)
    expect((await browser.delete('/guest/sessions')).body).toEqual({ ended: 0 })
    const copy = copyOf(app, browser)
    const path = `/guest/sessions/${sessions[0].id}`
    await expectRefusal(app, () => browser.delete(path), 409, 'would_lose_account')
    expect((await browser.delete(`${path}?force=true`)).status).toBe(204)
    await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test.each(['a cookie', 'a profile', 'the id alone'])(
    'loses its old cookie with its first passkey (kept by %s)',
    async (by) => {
      const app = await startKeeper()
      const browser = app.browser()
      const { sub, label } = await browser.signIn()
      if (by === 'a cookie') await browser.post('/keep')
      else if (by === 'a profile') await patch(browser, { nickname: 'Fox' })
      else await app.guests.keep(sub)
      const copy = copyOf(app, browser)
      const device = app.device()
      const added = await browser.addPasskey(device)
      expect(added.status, added.text).toBe(201)
      expect(added.body).toMatchObject({ sub, label, recoverability: 'passkey' })
      expect(browser.token).not.toBe(copy.token)
      await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, 'session_invalid')
      expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
      await browser.post('/guest/sign-out')
      expect((await browser.signInWithPasskey(device)).body).toMatchObject({ sub, label })
      await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, 'session_invalid')
    },
  )

  test('cannot be impersonated with a copy of the database', async () => {
    const app = await startKeeper({ secret })
    const browser = app.browser()
    const { sub } = await browser.signIn()
    await patch(browser, { nickname: 'Fox' })
    const thief = await startApp({
      store: await copyOfStore(app.store),
      origin: app.origin,
      secret: 'another secret, of somebody who got hold of a copy',
      now: app.clock.now,
    })
    const row = JSON.parse((await tables(app.store)).sessions![0]!) as { id: string }
    const attempts = [
      `gkt_${sub}.${sub}`,
      `gkt_${sub}.${row.id}`,
      `gkt_${sub}.`,
      `gkt_${sub}`,
      `gks_${sub}`,
      `gkrt_${sub}`,
    ]
    for (const at of [app, thief]) {
      for (const token of attempts) {
        const visitor = at.browser()
        visitor.cookies.set('guestkey', token)
        await expectRefusal(at, () => visitor.get('/guest/userinfo'), 401, 'session_invalid')
        const asked = await ask(at, '/guest/userinfo', bearer(token))
        expect(asked.status).toBe(401)
      }
    }
    const visitor = thief.browser()
    visitor.cookies.set('guestkey', browser.token!)
    await expectRefusal(thief, () => visitor.get('/guest/userinfo'), 401, 'session_invalid')
    const dump = JSON.stringify(await tables(app.store))
    expect(dump).not.toContain(browser.token)
    expect(dump).not.toContain(browser.token!.slice(10, 40))
  })
})

describe("keep: 'always'", () => {
  test('keeps a guest at the first sign-in, whose recoverability is still none', async () => {
    const app = await startKeeper({ keep: 'always' })
    const kept: string[] = []
    app.guests.on('guest.kept', ({ guest }) => kept.push(guest.sub))
    const browser = app.browser()
    await browser.get('/guest/userinfo')
    await browser.post('/guest/passkeys/authenticate/options')
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0 })
    const guest = await browser.signIn()
    expect(guest.recoverability).toBe('none')
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
    expect(await guestRow(app, guest.sub)).toMatchObject({ label: guest.label, collection: 'users' })
    expect((await browser.signIn()).sub).toBe(guest.sub)
    expect(kept).toEqual([guest.sub])
    const copy = copyOf(app, browser)
    await expectRefusal(app, () => browser.post('/guest/sign-out'), 409, 'would_lose_account')
    expect((await browser.post('/guest/sign-out', { force: true })).status).toBe(204)
    await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test('keeps a guest at the anonymous grant of a client, and its tokens go on', async () => {
    const app = await startTokenApp({ keep: 'always' })
    const first = await granted(anonymously(app))
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
    const { sub } = (await userinfo(app, first.access_token)).body
    const second = await granted(refresh(app, first.refresh_token))
    expect((await userinfo(app, second.access_token)).body.sub).toBe(sub)
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
    const out = await sendJson(app, 'sign-out', { force: true }, bearer(second.access_token))
    expect(out.status, out.text).toBe(204)
    for (const { access_token, refresh_token } of [first, second]) {
      expect((await userinfo(app, access_token)).status).toBe(401)
      expect((await refresh(app, refresh_token)).status).toBe(400)
    }
  })

  test('keeps a guest who is signed in by a route of the host', async () => {
    const app = await startApp({ keep: 'always' }, (host, guests) => {
      host.post('/enter', (req, res, next) => {
        guests.signInAnonymously(req, res).then(({ guest }) => res.json(guest), next)
      })
    })
    const browser = app.browser()
    const { sub } = (await browser.post('/enter')).body
    expect((await whoIs(browser)).sub).toBe(sub)
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
  })
})

describe('clients with tokens', () => {
  const keepers: Record<string, (app: TestApp, sub: string, tokens: Granted) => Promise<unknown>> = {
    'the host': (app, sub) => app.guests.keep(sub),
    'an attribute': (app, _sub, { access_token }) =>
      fetchPatch(app, access_token, { attributes: { nickname: 'Fox' } }),
  }
  const fetchPatch = (app: TestApp, token: string, body: object) =>
    fetch(`${app.origin}/guest/profile`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', ...bearer(token) },
      body: JSON.stringify(body),
    })

  test.each(Object.entries(keepers))('keep working when %s keeps the guest', async (_name, keep) => {
    const app = await startTokenApp({ profile })
    const first = await granted(anonymously(app))
    const { sub } = (await userinfo(app, first.access_token)).body
    await keep(app, sub, first)
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
    expect((await userinfo(app, first.access_token)).body.sub, 'the token issued before').toBe(sub)
    const second = await granted(refresh(app, first.refresh_token))
    expect((await userinfo(app, second.access_token)).body.sub, 'the token issued after').toBe(sub)
    const third = await granted(refresh(app, second.refresh_token))
    for (const { access_token } of [first, second, third]) {
      expect((await userinfo(app, access_token)).body.sub).toBe(sub)
    }
    expect(claimsOf(third.access_token)).toMatchObject({ sub, recoverability: 'none' })
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1 })
    app.clock.forward(9 * 60)
    expect((await userinfo(app, third.access_token)).body.sub).toBe(sub)
  })

  test.each(['before', 'after'])('sign out by an access token from %s the guest was kept', async (when) => {
    const app = await startTokenApp()
    const first = await granted(anonymously(app))
    const { sub } = (await userinfo(app, first.access_token)).body
    await app.guests.keep(sub)
    const second = await granted(refresh(app, first.refresh_token))
    const { access_token } = when === 'before' ? first : second
    const asked = await sendJson(app, 'sign-out', {}, bearer(access_token))
    expect(`${asked.status} ${asked.body.code}`).toBe('409 would_lose_account')
    const out = await sendJson(app, 'sign-out', { force: true }, bearer(access_token))
    expect(out.status, out.text).toBe(204)
    for (const tokens of [first, second]) {
      expect((await userinfo(app, tokens.access_token)).status).toBe(401)
      expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
    }
  })

  test('revoke the refresh token, and no token of the guest works any more', async () => {
    const app = await startTokenApp()
    const first = await granted(anonymously(app))
    await app.guests.keep((await userinfo(app, first.access_token)).body.sub)
    const second = await granted(refresh(app, first.refresh_token))
    const revoked = await send(app, 'revoke', { token: second.refresh_token, client_id: 'spa' })
    expect(revoked.status, revoked.text).toBe(200)
    for (const tokens of [first, second]) {
      expect((await userinfo(app, tokens.access_token)).status).toBe(401)
      expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
    }
  })

  test('lose all older tokens, issued before or after keep(), with the first passkey', async () => {
    const app = await startTokenApp()
    const first = await granted(anonymously(app))
    const { sub } = (await userinfo(app, first.access_token)).body
    await app.guests.keep(sub)
    const second = await granted(refresh(app, first.refresh_token))
    const added = await registerAs(app, app.device(), { token: second.access_token })
    expect(added.status, added.text).toBe(201)
    expect(added.body.sub).toBe(sub)
    const tokens = added.body.tokens as Granted
    expect((await userinfo(app, tokens.access_token)).body).toMatchObject({ sub, recoverability: 'passkey' })
    expect(claimsOf(tokens.access_token)).toMatchObject({ client_id: 'spa', scope: 'read write' })
    for (const dead of [first, second]) {
      expect((await userinfo(app, dead.access_token)).status).toBe(401)
      expect((await refresh(app, dead.refresh_token)).status).toBe(400)
    }
    expect((await refresh(app, tokens.refresh_token)).status).toBe(200)
  })

  test('with a JWT for a browser session lose it when that session ends, kept before or after', async () => {
    const app = await startTokenApp({}, keepingHost)
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const before = (await granted(bySession(app, browser.cookie))).access_token
    await browser.post('/keep')
    const after = (await granted(bySession(app, browser.cookie))).access_token
    for (const token of [before, after]) expect((await userinfo(app, token)).body.sub).toBe(sub)
    for (const token of [before, after]) {
      const refused = await sendJson(app, 'sign-out', { force: true }, bearer(token))
      expect(refused.body.code, 'only the browser may sign out').toBe('insufficient_scope')
    }
    await browser.post('/guest/sign-out', { force: true })
    for (const token of [before, after]) expect((await userinfo(app, token)).status).toBe(401)
  })

  test('with pairwise subjects keep seeing the same subject and label', async () => {
    const app = await startTokenApp()
    const first = await granted(anonymously(app, { client_id: 'diary' }))
    const { sub, label } = (await userinfo(app, first.access_token)).body
    // The host knows the guest only by its anonymous_id, which the client never learns.
    const diary = clients.find(({ id }) => id === 'diary') as Client
    const id = idFor(diary, sub)
    expect(await app.guests.keep(id)).toBe(true)
    expect((await userinfo(app, first.access_token)).body).toMatchObject({ sub, label })
    const second = await granted(refresh(app, first.refresh_token, { client_id: 'diary' }))
    for (const { access_token } of [first, second]) {
      expect((await userinfo(app, access_token)).body).toMatchObject({ sub, label })
    }
    await rowBecomes(app, id, { collection: 'users' })
    expect((await guestRow(app, id))!.label, 'the label of one client is not told to others').not.toBe(label)
  })
})

describe('what the store writes to keep a guest', () => {
  const now = 1000 * day
  const retention = { none: 900, device: 5000, passkey: false, synced: false, warnSeconds: 100 }
  const config = {
    sessions: { idleSeconds: 50, absoluteSeconds: 300 },
    webhooks: [],
    defaultCollection: 'users',
    collections: { users: { retention } },
    clients: [{ refreshIdleSeconds: 70, refreshAbsoluteSeconds: 400 }],
  }
  const ctx = { now: () => now, config, keys: deriveKeys(secret) } as unknown as Context
  const guest = { anonymousId: 'A'.repeat(22), label: 'amber-fox-42', collection: 'users' }
  const snoozes = [{ prompt: 'add_passkey', times: 1, snoozedUntil: now + 9 }]
  const carried = { datedAt: now, lastsUntil: now, daysSeen: 4, snoozes }
  const session = { ...guest, createdAt: now - 200, endsAt: now + 60, lastSeenAt: now - day, carried }

  test('is a row for the guest, and one in which the session that the browser carries goes on', () => {
    const keep = keeping(ctx, session)
    expect(keep.guest).toEqual({
      ...guest,
      userHandle: expect.stringMatching(/^[\w-]{86}$/),
      createdAt: now - 200,
      lastSeenAt: now,
      daysSeen: 5,
      expiresAt: now + 900,
      stage: 'active',
      promotedAt: null,
    })
    expect(keep.session).toEqual({
      anonymousId: guest.anonymousId,
      id: guest.anonymousId,
      createdAt: now - 200,
      lastSeenAt: now,
      expiresAt: now + 60,
      endsAt: now + 60,
      authTime: null,
      enrolUntil: null,
      grant: null,
    })
    expect(keep).toMatchObject({
      snoozes,
      isNew: false,
      endedUntil: now + 60,
      retained: { expiresAt: now + 900, dueAt: now + 800 },
    })
  })

  test('lives unused for as long as any browser or client may hold the session', () => {
    const keep = keeping(ctx, { ...session, endsAt: now + 80 }, { isNew: true })
    expect(keep).toMatchObject({ isNew: true, endedUntil: now + 70, session: { expiresAt: now + 70 } })
  })

  test('has dates of zero in the session, and the longest end, if only the id is known', () => {
    const keep = keeping(ctx, { anonymousId: guest.anonymousId, label: '', collection: '' })
    expect(keep.session).toMatchObject({
      createdAt: 0,
      lastSeenAt: 0,
      expiresAt: now + 70,
      endsAt: now + 400,
    })
    expect(keep.guest).toMatchObject({ createdAt: now, lastSeenAt: now, daysSeen: 1, expiresAt: now + 900 })
    expect(keep.endedUntil).toBe(now + 70)
  })

  test('is refused if the session ended meanwhile', async () => {
    const keepGuest = async () => 'ended'
    const sealed = { ...session, kind: 'sealed' } as unknown as SealedSession
    const context = { ...ctx, store: { keepGuest } } as unknown as Context
    const kept = keepNewSession(context, sealed, () => ({ audit: null, deliveries: [] }))
    await expect(kept).rejects.toMatchObject({ code: 'session_invalid' })
  })

  test('promises what the way back does that the guest gets', () => {
    expect(keeping(ctx, session, { recoverability: 'device' }).guest.expiresAt).toBe(now + 5000)
    expect(keeping(ctx, session, { recoverability: 'synced' }).guest.expiresAt).toBe(null)
  })
})
