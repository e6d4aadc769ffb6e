// Signing in as a regular user by a code, on another device or in a browser where another guest was signed in.

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Options } from '../../../../server/index.ts'
import { sessionIdOf } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { asPrevious, livingSessions, recordingHost, rowOf, signedIn } from '../../../support/merging.ts'
import {
  askForCode,
  email,
  promote,
  promotedUser,
  signInByCode,
  startPromotingApp,
} from '../../../support/promotion.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import {
  anonymously,
  bearer,
  claimsOf,
  clients,
  granted,
  refresh,
  sendJson,
  userinfo,
} from '../../../support/tokens.ts'

const ada = 'ada@example.org'
const profile = z.object({ nickname: z.string() })

/** An app with a regular user who is signed in in another browser. */
async function startWithUser(options: Partial<Options> = {}) {
  const host = recordingHost()
  const promoting = await startPromotingApp({
    ...{ profile, clients: [...clients], merge: host.hooks },
    ...options,
  } as Partial<Options>)
  const user = await promotedUser(promoting, ada)
  return { ...promoting, ...host, user }
}

describe('a regular user', () => {
  test('signs in on another device with a session of its own, and the event names the method code', async () => {
    const whole = await startWithUser()
    const { app, user } = whole
    const events: unknown[] = []
    app.guests.on('guest.signed_in', (event) => events.push(event))
    const laptop = app.browser()
    const back = await signedIn(
      signInByCode(whole, laptop, ' ADA@example.org'.trim().toLowerCase()),
      user.guest.sub,
    )
    expect(back.body).toMatchObject({
      ...{ isAnonymous: false, isVerified: true, expires_at: null, label: user.guest.label },
    })
    for (const none of ['previous', 'merged', 'ticket', 'tokens']) expect(back.body).not.toHaveProperty(none)
    expect(laptop.token).not.toBe(user.browser.token)
    expect((await user.browser.get('/guest/sessions')).body.sessions).toHaveLength(2)
    expect(events).toEqual([
      {
        anonymous_id: user.guest.sub,
        guest: expect.objectContaining({ sub: user.guest.sub, isAnonymous: false }),
        session_id: await sessionIdOf(laptop),
        method: 'code',
      },
    ])
  })

  test('with sessions.max sessions is refused, and the code works once one of them has ended', async () => {
    const whole = await startWithUser({ sessions: { max: 2 } })
    const { app, user } = whole
    await signedIn(signInByCode(whole, app.browser(), ada), user.guest.sub)
    const laptop = app.browser()
    const transaction = await askForCode(laptop, ada, 'sign-in/code/start')
    const given = { transaction, code: whole.codeTo(ada) }
    await expectRefusal(app, () => laptop.post('/guest/sign-in/code', given), 409, 'too_many_sessions')
    await user.browser.post('/guest/sign-out')
    await signedIn(laptop.post('/guest/sign-in/code', given), user.guest.sub)
  })

  test('with a passkey has not proven it by a code: whatever needs the passkey still asks for it', async () => {
    const promoting = await startPromotingApp({}, (app, guests) => {
      app.get('/vault', guests.requirePasskey({ maxAgeSeconds: 300 }), (_req, res) => void res.json({}))
    })
    const { app } = promoting
    const { browser, device, guest, passkeyId } = await keptGuest(app)
    await promote(promoting, browser, ada)
    const laptop = app.browser()
    const back = await signedIn(signInByCode(promoting, laptop, ada), guest.sub)
    expect(back.body.recoverability).toBe('passkey')
    const [{ auth_time }] = (await laptop.get('/guest/sessions')).body.sessions.filter(
      ({ current }: { current: boolean }) => current,
    )
    expect(auth_time).toBeNull()
    expect((await browser.get('/vault')).status).toBe(200)
    for (const send of [
      () => laptop.get('/vault'),
      () => laptop.post('/guest/passkeys/register/options'),
      () => laptop.delete(`/guest/passkeys/${passkeyId}?force=true`),
      () => laptop.post('/guest/promotion/start', email('eve@example.org')),
      () => laptop.post('/guest/promotion/undo', { force: true }),
      () => laptop.delete('/guest/account', {}),
    ]) {
      const refused = await send()
      expect(refused.body.code, refused.text).toBe('insufficient_user_authentication')
    }
    await laptop.signInWithPasskey(device, { stepUp: true })
    expect((await laptop.get('/vault')).status).toBe(200)
  })

  test('who was erased after the code was sent cannot sign in', async () => {
    const whole = await startWithUser()
    const laptop = whole.app.browser()
    const transaction = await askForCode(laptop, ada, 'sign-in/code/start')
    await whole.app.guests.erase(whole.user.guest.sub)
    const given = { transaction, code: whole.codeTo(ada) }
    const refused = await laptop.post('/guest/sign-in/code', given)
    expect(refused.body.code).toBe('login_id_unknown')
    expect(laptop.token).toBeUndefined()
  })
})

describe('the guest who was signed in before', () => {
  test('is merged and named, if it could not come back', async () => {
    const whole = await startWithUser()
    const { app, user, merges } = whole
    const laptop = app.browser()
    const guest = await laptop.signIn()
    const old = copyOf(app, laptop)
    const back = await signedIn(signInByCode(whole, laptop, ada), user.guest.sub)
    expect(back.body).toMatchObject({ previous: asPrevious(guest), merged: true, ticket: expect.any(String) })
    expect(merges).toMatchObject([
      { from: { anonymous_id: guest.sub }, into: { anonymous_id: user.guest.sub } },
    ])
    await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'guest_merged')
    const undone = await laptop.post('/guest/merge/undo', { ticket: back.body.ticket })
    expect(undone.body, undone.text).toMatchObject({ sub: guest.sub })
  })

  test('is not merged but gets a ticket, if it has a passkey', async () => {
    const whole = await startWithUser()
    const { app, user, merges } = whole
    const { browser, device, guest } = await keptGuest(app)
    const old = copyOf(app, browser)
    const back = await signedIn(signInByCode(whole, browser, ada), user.guest.sub)
    expect(back.body).toMatchObject({ previous: { anonymous_id: guest.sub }, ticket: expect.any(String) })
    expect(back.body).not.toHaveProperty('merged')
    expect(merges).toEqual([])
    await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'session_invalid')
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    const done = await browser.post('/guest/merge', { ticket: back.body.ticket })
    expect(done.body, done.text).toMatchObject({ sub: user.guest.sub, merged: { anonymous_id: guest.sub } })
    expect(merges).toHaveLength(1)
  })

  test('is never merged, if it is another regular user', async () => {
    const whole = await startWithUser()
    const { app, user, merges } = whole
    const other = await promotedUser(whole, 'eve@example.org')
    const back = await signedIn(signInByCode(whole, other.browser, ada), user.guest.sub)
    expect(back.body.previous).toMatchObject({ anonymous_id: other.guest.sub })
    expect(back.body).not.toHaveProperty('ticket')
    expect(back.body).not.toHaveProperty('merged')
    expect(merges).toEqual([])
    expect(await rowOf(app, other.guest)).toMatchObject({ stage: 'active' })
    expect(await livingSessions(app, other.guest.sub)).toEqual([])
  })

  test('is not named, if it is the same user; the old session ends', async () => {
    const whole = await startWithUser()
    const { app, user } = whole
    const old = copyOf(app, user.browser)
    const back = await signedIn(signInByCode(whole, user.browser, ada), user.guest.sub)
    expect(back.body).not.toHaveProperty('previous')
    await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'session_invalid')
    expect(await livingSessions(app, user.guest.sub)).toHaveLength(1)
  })

  test('keeps its session, if the code has expired', async () => {
    const whole = await startWithUser()
    const laptop = whole.app.browser()
    const guest = await laptop.signIn()
    const { token } = laptop
    const transaction = await askForCode(laptop, ada, 'sign-in/code/start')
    whole.app.clock.forward(600)
    const send = () => laptop.post('/guest/sign-in/code', { transaction, code: whole.codeTo(ada) })
    await expectRefusal(whole.app, send, 400, 'code_expired')
    expect([laptop.token, (await laptop.get('/guest/userinfo')).body.sub]).toEqual([token, guest.sub])
  })
})

test('a sign-in never goes on in a session that an attacker put into the browser (session fixation)', async () => {
  const whole = await startWithUser()
  const { app, user } = whole
  const attacker = app.browser()
  await attacker.signIn()
  const made = [attacker.token!, 'gks_chosen-by-the-attacker', `${attacker.token}x`]
  const [name] = attacker.cookies.keys()
  for (const token of made) {
    const victim = app.browser()
    victim.cookies.set(name!, token)
    await signedIn(signInByCode(whole, victim, ada), user.guest.sub)
    expect(victim.token).not.toBe(token)
    const before = app.browser()
    before.cookies.set(name!, token)
    expect((await before.get('/guest/userinfo')).body.sub).not.toBe(user.guest.sub)
  }
  expect((await attacker.get('/guest/userinfo')).body.sub).not.toBe(user.guest.sub)
})

describe('a client', () => {
  test('gets tokens instead of a cookie, and its old tokens stop working', async () => {
    const { app, codeTo, user } = await startWithUser()
    const before = await granted(anonymously(app))
    const headers = bearer(before.access_token)
    const { body } = await sendJson(app, 'sign-in/code/start', email(ada), headers)
    const given = { transaction: body.transaction, code: codeTo(ada) }
    const back = await sendJson(app, 'sign-in/code', given, headers)
    expect(back.body, back.text).toMatchObject({ sub: user.guest.sub, merged: true })
    expect(back.headers['set-cookie']).toBeUndefined()
    const { tokens } = back.body
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: user.guest.sub, is_anonymous: false })
    expect(claimsOf(tokens.access_token).acr).toBeUndefined()
    await granted(refresh(app, tokens.refresh_token))
    await expectRefusal(app, () => userinfo(app, before.access_token), 401, 'guest_merged')
  })

  test('without tokens is named in the body, and must prove its key if it has one', async () => {
    const { app, codeTo, user } = await startWithUser()
    const { body } = await sendJson(app, 'sign-in/code/start', email(ada))
    const given = { transaction: body.transaction, code: codeTo(ada) }
    for (const [client_id, code] of [
      ['nobody', 'invalid_client'],
      ['backend', 'invalid_client'],
      ['diary', 'invalid_client'],
      ['bound', 'invalid_dpop_proof'],
    ]) {
      const refused = await sendJson(app, 'sign-in/code', { ...given, client_id })
      expect(refused.body.code, client_id).toBe(code)
    }
    const back = await sendJson(app, 'sign-in/code', { ...given, client_id: 'app' })
    expect(back.body.sub).toBe(user.guest.sub)
    expect((await userinfo(app, back.body.tokens.access_token)).body.isAnonymous).toBe(false)
  })
})
