// The audit trail: who, what, when and in which session. It holds nothing else, and each line is deleted in time.

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Options } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { authenticate, keptGuest, register } from '../../../support/ceremonies.ts'
import {
  day,
  foldedIn,
  hour,
  makeDue,
  merged,
  minute,
  offered,
  pass,
  rowsOf,
  signedIn,
} from '../../../support/merging.ts'
import { tables } from '../../../support/tables.ts'
import { holds } from '../../../support/texts.ts'
import {
  anonymously,
  granted,
  keptClient,
  refresh,
  send,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const profile = z.object({ nickname: z.string() })
const nowOf = (app: TestApp) => Math.floor(app.clock.now() / 1000)

/** The id of the browser's session. */
async function sessionOf(browser: Browser): Promise<string> {
  const { sessions } = (await browser.get('/guest/sessions')).body as {
    sessions: { id: string; current: boolean }[]
  }
  return sessions.find(({ current }) => current)!.id
}

/** The lines that `act` adds to the trail. */
async function linesOf(app: TestApp, act: () => Promise<unknown>) {
  const key = (row: Record<string, unknown>) => `${row.anonymous_id} ${row.at} ${row.id}`
  const before = new Set((await rowsOf(app, 'audit')).map(key))
  await act()
  return (await rowsOf(app, 'audit')).filter((row) => !before.has(key(row))).map(({ id, ...line }) => line)
}

/** Expects that `act` adds this one line. */
async function expectLine(
  app: TestApp,
  act: () => Promise<unknown>,
  [anonymous_id, action, session_id]: [string, string, string | null],
  outcome = 'done',
) {
  expect(await linesOf(app, act)).toEqual([{ anonymous_id, action, session_id, outcome, at: nowOf(app) }])
}

const expectStatus = async (answer: Promise<{ status: number; text: string }>, status: number) => {
  const given = await answer
  expect(given.status, given.text).toBe(status)
}

describe('an action', () => {
  test('of a guest without a row leaves no line', async () => {
    const app = await startApp()
    const browser = app.browser()
    expect(
      await linesOf(app, async () => {
        await browser.signIn()
        await browser.get('/guest/userinfo')
        await browser.post('/guest/sign-out', { force: true })
        await browser.signIn()
        await browser.delete('/guest/account')
      }),
    ).toEqual([])
  })

  test('that keeps a guest leaves one line, whatever keeps it', async () => {
    const app = await startApp({ profile })
    const [one, other] = [app.browser(), app.browser()]
    const [{ sub }, { sub: second }] = [await one.signIn(), await other.signIn()]
    await expectLine(app, () => app.guests.keep(sub), [sub, 'guest.kept', sub])
    expect(await linesOf(app, () => app.guests.keep(sub))).toEqual([])
    const lines = await linesOf(app, () => other.patch('/guest/profile', { attributes: { nickname: 'Fox' } }))
    expect(lines).toHaveLength(2)
    for (const action of ['guest.kept', 'profile.changed'])
      expect(lines).toContainEqual({
        ...{ anonymous_id: second, action, session_id: second, outcome: 'done', at: nowOf(app) },
      })
  })

  test('leaves lines from the first sign-in, if every guest is kept', async () => {
    const app = await startApp({ keep: 'always' })
    const browser = app.browser()
    const lines = await linesOf(app, () => browser.signIn())
    expect(lines).toMatchObject([{ action: 'guest.kept', outcome: 'done' }])
  })

  test('with a passkey, a profile or a session leaves one line', async () => {
    const app = await startApp({ profile })
    const browser = app.browser()
    const [device, second] = [app.device(), app.device()]
    const { sub } = await browser.signIn()
    await expectLine(app, () => browser.addPasskey(device), [sub, 'passkey.added', sub])
    const here = await sessionOf(browser)
    expect(here).not.toBe(sub)
    app.clock.forward(minute)
    await expectLine(app, () => browser.addPasskey(second), [sub, 'passkey.added', here])
    const elsewhere = app.browser()
    const lines = await linesOf(app, () => signedIn(elsewhere.signInWithPasskey(device), sub))
    const there = await sessionOf(elsewhere)
    expect(lines).toEqual([
      { anonymous_id: sub, action: 'guest.signed_in', session_id: there, outcome: 'done', at: nowOf(app) },
    ])
    const nickname = (name: string | null) =>
      browser.patch('/guest/profile', { attributes: { nickname: name } })
    await expectLine(app, () => nickname('Fox'), [sub, 'profile.changed', here])
    expect(await linesOf(app, () => nickname('Fox')), 'the value was the same').toEqual([])
    await expectLine(app, () => app.guests.profile.update(sub, { nickname: 'Hen' }), [
      sub,
      'profile.changed',
      null,
    ])
    const { passkeys } = (await browser.get('/guest/passkeys')).body
    await expectLine(app, () => browser.delete(`/guest/passkeys/${passkeys[1].id}`), [
      sub,
      'passkey.removed',
      here,
    ])
    await expectLine(app, () => browser.delete(`/guest/sessions/${there}`), [sub, 'guest.signed_out', there])
    await signedIn(elsewhere.signInWithPasskey(device), sub)
    await expectLine(app, () => browser.delete('/guest/sessions'), [sub, 'guest.signed_out', here])
    expect(await linesOf(app, () => browser.delete('/guest/sessions')), 'there were no others').toEqual([])
    await expectLine(app, () => browser.post('/guest/sign-out'), [sub, 'guest.signed_out', here])
    await signedIn(browser.signInWithPasskey(device), sub)
    const last = await sessionOf(browser)
    await expectLine(app, () => browser.post('/guest/sign-out', { everywhere: true }), [
      sub,
      'guest.signed_out',
      last,
    ])
  })

  test('of a client leaves one line, and so does a stolen refresh token', async () => {
    const app = await startTokenApp()
    const { guest, tokens } = await keptClient(app)
    const sid = (await rowsOf(app, 'sessions', `anonymous_id = '${guest.sub}'`))[0]!.id as string
    expect(await linesOf(app, () => granted(refresh(app, tokens.refresh_token)))).toEqual([])
    app.clock.forward(minute)
    const reuse = () => expectStatus(refresh(app, tokens.refresh_token), 400)
    await expectLine(app, reuse, [guest.sub, 'session.refresh_reused', sid], 'session_ended')
    expect(await linesOf(app, reuse)).toEqual([])
    const other = await keptClient(app)
    const { id } = (await rowsOf(app, 'sessions', `anonymous_id = '${other.guest.sub}'`))[0]!
    const token = other.tokens.refresh_token
    const revoke = () => expectStatus(send(app, 'revoke', { token, client_id: 'spa' }), 200)
    await expectLine(app, revoke, [other.guest.sub, 'guest.signed_out', id as string])
    expect(await linesOf(app, revoke)).toEqual([])
    const sealed = await granted(anonymously(app))
    expect(
      await linesOf(app, () => send(app, 'revoke', { token: sealed.refresh_token, client_id: 'spa' })),
    ).toEqual([])
    expect((await userinfo(app, sealed.access_token)).status).toBe(401)
  })

  test('that merges guests, or undoes that, leaves one line', async () => {
    const app = await startApp({ profile })
    const { browser, ticket, winner, guest } = await offered(app)
    const into = winner.guest.sub
    await expectLine(app, () => browser.post('/guest/merge', { ticket }), [into, 'guest.merged', null])
    expect(await linesOf(app, () => browser.post('/guest/merge', { ticket }))).toEqual([])
    const undo = () => browser.post('/guest/merge/undo', { ticket })
    await expectLine(app, undo, [guest.sub, 'guest.merge_undone', null])
    expect(await linesOf(app, undo)).toEqual([])
  })

  test('that warns, expires, restores or erases a guest leaves one line', async () => {
    const app = await startApp({
      retention: { passkey: 100 * day, warnSeconds: 10 * day, graceSeconds: 30 * day },
    })
    const { device, guest } = await keptGuest(app)
    const about = (action: string): [string, string, null] => [guest.sub, action, null]
    await expectLine(app, () => pass(app, 90 * day + hour), about('guest.expiring'))
    await expectLine(app, () => pass(app, 11 * day), about('guest.expired'))
    const browser = app.browser()
    const lines = await linesOf(app, () => signedIn(browser.signInWithPasskey(device), guest.sub))
    const session_id = await sessionOf(browser)
    expect(lines.map(({ action, session_id, outcome }) => ({ action, session_id, outcome }))).toEqual(
      expect.arrayContaining([
        { action: 'guest.signed_in', session_id, outcome: 'done' },
        { action: 'guest.restored', session_id, outcome: 'done' },
      ]),
    )
    expect(lines).toHaveLength(2)
    await pass(app, 90 * day + hour)
    await pass(app, 11 * day)
    await pass(app, 31 * day)
    const left = (await rowsOf(app, 'audit')).map(({ anonymous_id, action, outcome }) => ({
      anonymous_id,
      action,
      outcome,
    }))
    expect(left).toEqual([{ anonymous_id: guest.sub, action: 'guest.erased', outcome: 'done' }])
  })
})

describe('a failure', () => {
  test('of a merge that the host refuses leaves its line, although all else was undone', async () => {
    const app = await startApp({
      merge: {
        onMerge() {
          throw new Error('no')
        },
      },
    })
    const winner = await keptGuest(app)
    const lines = await linesOf(app, () => foldedIn(app, undefined, winner))
    expect(lines).toHaveLength(2)
    const failed = { anonymous_id: winner.guest.sub, action: 'guest.merged', outcome: 'merge_refused' }
    expect(lines).toContainEqual({ ...failed, session_id: null, at: nowOf(app) })
    expect(lines).toContainEqual(expect.objectContaining({ action: 'guest.signed_in', outcome: 'done' }))
  })

  test('of an expiry that the host refuses leaves one line', async () => {
    let answers: 'vetoes' | 'fails' = 'vetoes'
    const app = await startApp({
      beforeExpire() {
        if (answers === 'fails') throw new Error('no')
        return false
      },
    })
    const { guest } = await keptGuest(app)
    for (answers of ['vetoes', 'fails'] as const) {
      await makeDue(app, guest.sub)
      app.clock.forward(day)
      await expectLine(
        app,
        () => app.guests.runChores(),
        [guest.sub, 'guest.expired', null],
        'refused_by_host',
      )
      expect((await rowsOf(app, 'guests'))[0]).toMatchObject({ stage: 'warned' })
    }
  })

  test('of a stranger leaves no line: neither a refused proof, nor a wrong ticket, nor a wrong token', async () => {
    const app = await startTokenApp({ profile })
    const { browser, device, guest } = await keptGuest(app)
    const other = await keptGuest(app)
    const removed = await keptGuest(app)
    await removed.browser.delete(`/guest/passkeys/${removed.passkeyId}?force=true`)
    const lines = await linesOf(app, async () => {
      const stranger = app.browser()
      await expectStatus(authenticate(stranger, device, { badSignature: 'wrong' }), 401)
      await expectStatus(authenticate(stranger, removed.device), 401)
      await expectStatus(register(stranger, app.device(), { origin: 'https://evil.example' }), 400)
      await stranger.signIn()
      await expectStatus(stranger.delete(`/guest/passkeys/${other.passkeyId}`), 404)
      await expectStatus(stranger.post('/guest/merge', { ticket: 'A' }), 400)
      await expectStatus(stranger.post('/guest/merge/undo', { ticket: 'A' }), 400)
      await expectStatus(stranger.patch('/guest/profile', { attributes: { role: 'admin' } }), 400)
      await expectStatus(refresh(app, 'gkrt_AAAA'), 400)
      stranger.cookies.set([...browser.cookies.keys()][0]!, `gkt_${guest.sub}.AAAA`)
      await expectStatus(stranger.get('/guest/userinfo'), 401)
      await expectStatus(stranger.delete('/guest/account'), 401)
      app.clock.forward(10 * minute)
      await expectStatus(browser.delete('/guest/account'), 401)
    })
    expect(lines).toEqual([])
  })

  test('of a passkey counter that went back leaves no line, so that nobody can fill the trail', async () => {
    const app = await startApp()
    const { device, guest } = await keptGuest(app, { counter: 'increasing' })
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    expect(
      await linesOf(app, () => expectStatus(authenticate(app.browser(), device, { signCount: 1 }), 401)),
    ).toEqual([])
  })
})

describe('the audit trail', () => {
  test('gives the host its lines, the latest first: of one guest or all, since a time, up to a limit', async () => {
    const app = await startApp()
    const began = nowOf(app)
    const [one, other] = [await keptGuest(app), await keptGuest(app)]
    app.clock.forward(hour)
    await signedIn(app.browser().signInWithPasskey(one.device), one.guest.sub)
    const mine = await app.guests.auditTrail({ anonymousId: one.guest.sub })
    expect(mine.map(({ action, at }) => [action, at])).toEqual([
      ['guest.signed_in', began + hour],
      ['passkey.added', began],
    ])
    expect(Object.keys(mine[0]!).toSorted()).toEqual([
      'action',
      'anonymous_id',
      'at',
      'outcome',
      'session_id',
    ])
    expect((await app.guests.auditTrail()).map(({ anonymous_id }) => anonymous_id).toSorted()).toEqual(
      [one.guest.sub, one.guest.sub, other.guest.sub].toSorted(),
    )
    expect(await app.guests.auditTrail({ since: began + 1 })).toEqual([mine[0]])
    expect(await app.guests.auditTrail({ limit: 1 })).toEqual([mine[0]])
    expect(await app.guests.auditTrail({ anonymousId: 'A' })).toEqual([])
  })

  test('holds nothing personal', async () => {
    const app = await startApp({ profile })
    const { browser, guest } = await merged(app)
    await browser.patch('/guest/profile', { attributes: { nickname: 'Secret Fox' } })
    await browser.post('/guest/sign-out')
    const { audit } = await tables(app.store)
    expect(audit!.length).toBeGreaterThan(4)
    for (const row of audit!) {
      expect(Object.keys(JSON.parse(row)).toSorted()).toEqual([
        'action',
        'anonymous_id',
        'at',
        'id',
        'operator_case',
        'operator_id',
        'operator_reason',
        'operator_role',
        'outcome',
        'session_id',
      ])
    }
    const all = JSON.stringify(audit)
    for (const personal of ['Fox', 'nickname', '127.0.0.1', '::1', guest.label])
      expect(holds(all, personal), personal).toBe(false)
  })

  test('keeps a line for auditSeconds, and then deletes it', async () => {
    const app = await startApp({ auditSeconds: 30 * day } satisfies Partial<Options>)
    const { device, guest } = await keptGuest(app)
    const count = async () => (await app.guests.auditTrail({ anonymousId: guest.sub })).length
    await pass(app, 20 * day)
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    await pass(app, 10 * day)
    expect(await count()).toBe(2)
    await pass(app, 2 * hour)
    expect(await count()).toBe(1)
    await pass(app, 20 * day)
    expect(await count()).toBe(0)
  })

  test("loses a guest's lines with the erasure, except the last one, which is deleted after auditSeconds", async () => {
    const app = await startApp({ auditSeconds: 30 * day })
    const { browser, device, guest } = await keptGuest(app)
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    expect(await app.guests.auditTrail({ anonymousId: guest.sub })).toHaveLength(2)
    await expectStatus(browser.delete('/guest/account'), 204)
    expect(await app.guests.auditTrail({ anonymousId: guest.sub })).toEqual([
      { anonymous_id: guest.sub, at: nowOf(app), action: 'guest.erased', outcome: 'done', session_id: null },
    ])
    await pass(app, 30 * day + 2 * hour)
    expect(await app.guests.auditTrail()).toEqual([])
  })
})
