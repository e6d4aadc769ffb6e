// Demotion: a regular user becomes a guest again, with the same sub and the same passkeys.

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { GuestEvents, Options } from '../../../../server/index.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { rowOf, signedIn } from '../../../support/merging.ts'
import {
  email,
  loginIdsOf,
  promote,
  promotedUser,
  signInByCode,
  startPromotingApp,
} from '../../../support/promotion.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import { holds } from '../../../support/texts.ts'
import { bySession, claimsOf, granted } from '../../../support/tokens.ts'

const ada = 'ada@example.org'
const profile = z.object({ nickname: z.string() })

/** A regular user with a passkey, a profile and two login IDs. */
async function startWithUser(options: Partial<Options> = {}) {
  const promoting = await startPromotingApp({ profile, ...options } as Partial<Options>)
  const { app } = promoting
  const { browser, device, guest } = await keptGuest(app)
  for (const value of [ada, 'more@example.org'])
    expect((await promote(promoting, browser, value)).status).toBe(200)
  await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
  const events: unknown[] = []
  app.guests.on('guest.demoted', (event: GuestEvents['guest.demoted']) => events.push(event))
  return { ...promoting, browser, device, guest, events }
}

describe('a regular user', () => {
  test('becomes a guest again: sub and passkeys stay, login IDs and profile go, and every endpoint and token says so', async () => {
    const { app, browser, device, guest, events } = await startWithUser()
    const laptop = app.browser()
    await signedIn(laptop.signInWithPasskey(device), guest.sub)
    const { body: passkeys } = await browser.get('/guest/passkeys')
    const undone = await browser.post('/guest/promotion/undo')
    expect(undone.body, undone.text).toMatchObject({
      ...{ sub: guest.sub, anonymous_id: guest.sub, isAnonymous: true, isVerified: false },
      ...{ recoverability: 'passkey', label: guest.label },
    })
    expect(undone.body.expires_at).toBeGreaterThan(app.clock.now() / 1000)
    expect((await browser.get('/guest/userinfo')).body).toEqual(undone.body)
    expect(await rowOf(app, guest)).toMatchObject({ promoted_at: null, expires_at: undone.body.expires_at })
    expect(await loginIdsOf(browser)).toEqual([])
    expect((await browser.get('/guest/profile')).body).toMatchObject({ attributes: {}, isPromoted: false })
    const trail = JSON.stringify(await tables(app.store))
    for (const personal of ['example.org', 'Fox']) expect(holds(trail, personal), personal).toBe(false)
    // The passkeys and sessions that are left still work.
    expect((await browser.get('/guest/passkeys')).body).toEqual(passkeys)
    expect((await laptop.get('/guest/userinfo')).body).toMatchObject({ sub: guest.sub, isAnonymous: true })
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    for (const one of [browser, laptop]) {
      const tokens = await granted(bySession(app, one.cookie))
      expect(claimsOf(tokens.access_token)).toMatchObject({
        ...{ sub: guest.sub, is_anonymous: true, is_verified: false },
      })
      expect((await one.get('/guest/verify')).headers).toMatchObject({
        ...{ 'x-guest-is-anonymous': 'true', 'x-guest-is-verified': 'false' },
      })
    }
    const now = expect.objectContaining({ sub: guest.sub, isAnonymous: true })
    expect(events).toEqual([{ anonymous_id: guest.sub, guest: now }])
    const audit = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(audit.map(({ action }) => action)).toContain('guest.demoted')
  })

  test('frees its login IDs for others by demotion, and can be promoted again', async () => {
    const whole = await startWithUser()
    await whole.browser.post('/guest/promotion/undo')
    whole.sent.length = 0
    await whole.app.browser().post('/guest/sign-in/code/start', email(ada))
    expect(whole.sent).toEqual([])
    const other = await promotedUser(whole, ada)
    expect(other.guest.sub).not.toBe(whole.guest.sub)
    const back = await promote(whole, whole.browser, 'more@example.org')
    expect(back.body).toMatchObject({ sub: whole.guest.sub, isAnonymous: false, expires_at: null })
    expect((await promote(whole, whole.browser, ada)).body.code).toBe('login_id_taken')
  })

  test('without a passkey is demoted only with force; the refusal says what would be lost', async () => {
    const promoting = await startPromotingApp()
    const { browser, guest } = await promotedUser(promoting, ada)
    const laptop = promoting.app.browser()
    await signedIn(signInByCode(promoting, laptop, ada), guest.sub)
    const send = () => browser.post('/guest/promotion/undo')
    await expectRefusal(promoting.app, send, 409, 'would_lose_account')
    const before = browser.token
    const done = await browser.post('/guest/promotion/undo', { force: true })
    expect(done.body).toMatchObject({ sub: guest.sub, isAnonymous: true, recoverability: 'none' })
    expect(browser.token).toBe(before)
    expect((await laptop.get('/guest/userinfo')).body).toMatchObject({ sub: guest.sub, isAnonymous: true })
    expect((await browser.post('/guest/sign-out')).body.code).toBe('would_lose_account')
  })

  test('who has a passkey is demoted only after a recent proof with it', async () => {
    const { app, browser, device } = await startWithUser({ stepUpSeconds: 300 })
    app.clock.forward(301)
    for (const body of [{}, { force: true }])
      await expectRefusal(
        app,
        () => browser.post('/guest/promotion/undo', body),
        401,
        'insufficient_user_authentication',
      )
    await browser.signInWithPasskey(device, { stepUp: true })
    expect((await browser.post('/guest/promotion/undo')).status).toBe(200)
  })

  test('who asks in two tabs at once is demoted once', async () => {
    const { browser, app, events } = await startWithUser()
    const tab = copyOf(app, browser)
    const answers = await Promise.all([browser, tab].map((one) => one.post('/guest/promotion/undo')))
    expect(answers.map(({ status, body }) => body.code ?? status).toSorted()).toEqual([200, 'not_promoted'])
    expect(events).toHaveLength(1)
  })
})

test('demotion is refused for a guest, who has no login ID', async () => {
  const { app } = await startPromotingApp()
  const browser = app.browser()
  await expectRefusal(app, () => browser.post('/guest/promotion/undo'), 401, 'not_signed_in')
  await browser.signIn()
  await expectRefusal(app, () => browser.post('/guest/promotion/undo'), 409, 'not_promoted')
  const kept = await keptGuest(app)
  await expectRefusal(app, () => kept.browser.post('/guest/promotion/undo'), 409, 'not_promoted')
})
