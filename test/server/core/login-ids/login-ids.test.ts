// Login IDs of a regular user: the list, the primary one, removal, export and erasure.

import { describe, expect, test } from 'vitest'
import { normalLoginId } from '../../../../server/core/login-ids/login-ids.ts'
import type { Options } from '../../../../server/index.ts'
import type { Browser } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { rowsOf } from '../../../support/merging.ts'
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

const [a, b, c] = ['a@example.org', 'b@example.org', 'c@example.org'] as const

/** A user with three login IDs. */
async function startWithThree(options?: Partial<Options>) {
  const promoting = await startPromotingApp(options)
  const user = await promotedUser(promoting, a)
  for (const value of [b, c]) {
    promoting.app.clock.forward(1)
    expect((await promote(promoting, user.browser, value)).status).toBe(200)
  }
  return { ...promoting, ...user }
}

const remove = (browser: Browser, value: string, force = '') =>
  browser.delete(`/guest/login-ids${force}`, email(value))

const listed = async (browser: Browser) =>
  (await loginIdsOf(browser)).map(({ value, primary }) => (primary ? `${value}!` : value))

describe('login IDs', () => {
  test('are listed to their user alone, the primary one first', async () => {
    const { app, browser } = await startWithThree()
    const now = Math.floor(app.clock.now() / 1000)
    const { body, headers } = await browser.get('/guest/login-ids')
    expect(body).toEqual({
      login_ids: [
        { type: 'email', value: a, primary: true, verified_at: now - 2 },
        { type: 'email', value: b, primary: false, verified_at: now - 1 },
        { type: 'email', value: c, primary: false, verified_at: now },
      ],
    })
    expect(headers['cache-control']).toBe('no-store')
    const other = app.browser()
    await other.signIn()
    expect(await listed(other)).toEqual([])
    await expectRefusal(app, () => app.browser().get('/guest/login-ids'), 401, 'not_signed_in')
  })

  test('include one primary login ID, which the user chooses', async () => {
    const { app, browser } = await startWithThree()
    const changed = await browser.patch('/guest/login-ids', { type: 'email', value: ' C@Example.org' })
    expect(changed.status, changed.text).toBe(200)
    expect(await listed(browser)).toEqual([`${c}!`, a, b])
    await expectRefusal(
      app,
      () => browser.patch('/guest/login-ids', email('x@example.org')),
      404,
      'not_found',
    )
    expect(await listed(browser)).toEqual([`${c}!`, a, b])
  })

  test('are removed one by one; if the primary one goes, another one becomes primary', async () => {
    const { app, browser, guest } = await startWithThree()
    const told: unknown[] = []
    app.guests.on('login_id.removed', (event) => told.push(event))
    const before = browser.token
    expect((await remove(browser, a)).status).toBe(204)
    expect(await listed(browser)).toEqual([`${b}!`, c])
    expect(told).toEqual([{ anonymous_id: guest.sub, type: 'email' }])
    await expectRefusal(app, () => remove(browser, a), 404, 'not_found')
    expect((await browser.get('/guest/userinfo')).body.isAnonymous).toBe(false)
    expect(browser.token).toBe(before)
  })

  test('of other users can be neither removed nor made primary', async () => {
    const whole = await startWithThree()
    const { app } = whole
    const { browser } = await promotedUser(whole, 'eve@example.org')
    await expectRefusal(app, () => remove(browser, a), 404, 'not_found')
    await expectRefusal(app, () => remove(browser, a, '?force=true'), 404, 'not_found')
    await expectRefusal(app, () => browser.patch('/guest/login-ids', email(a)), 404, 'not_found')
    expect(await listed(whole.browser)).toEqual([`${a}!`, b, c])
  })

  test('that were removed sign nobody in, and another user may take them', async () => {
    const whole = await startWithThree()
    await remove(whole.browser, b)
    whole.sent.length = 0
    const { body } = await whole.app.browser().post('/guest/sign-in/code/start', email(b))
    expect(body.transaction).toBeTypeOf('string')
    expect(whole.sent).toEqual([])
    const { browser } = await promotedUser(whole, b)
    expect(await listed(browser)).toEqual([`${b}!`])
  })

  test('sign nobody in by a code that was sent before they were removed', async () => {
    const whole = await startWithThree()
    const laptop = whole.app.browser()
    const { body } = await laptop.post('/guest/sign-in/code/start', email(b))
    await remove(whole.browser, b)
    const given = { transaction: body.transaction, code: whole.codeTo(b) }
    const refused = await expectRefusal(
      whole.app,
      () => laptop.post('/guest/sign-in/code', given),
      404,
      'login_id_unknown',
    )
    expect(refused.headers['set-cookie']).toBeUndefined()
  })
})

describe('the last login ID', () => {
  test('is removed only with force if nothing else would bring the user back, who is then a guest', async () => {
    const promoting = await startPromotingApp()
    const { browser, guest } = await promotedUser(promoting, a)
    await expectRefusal(promoting.app, () => remove(browser, a), 409, 'would_lose_account')
    await expectRefusal(promoting.app, () => remove(browser, a, '?force=false'), 409, 'would_lose_account')
    expect((await remove(browser, a, '?force=true')).status).toBe(204)
    const { body } = await browser.get('/guest/userinfo')
    expect(body).toMatchObject({ sub: guest.sub, isAnonymous: true, isVerified: false })
    expect(body.expires_at).toBeGreaterThan(promoting.app.clock.now() / 1000)
  })

  test('is removed without force if there is a passkey', async () => {
    const promoting = await startPromotingApp()
    const { browser, device, guest } = await keptGuest(promoting.app)
    await promote(promoting, browser, a)
    expect((await remove(browser, a)).status).toBe(204)
    expect((await browser.get('/guest/userinfo')).body).toMatchObject({ sub: guest.sub, isAnonymous: true })
    expect((await promoting.app.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
  })

  test('stays if two login IDs are removed at once', async () => {
    const promoting = await startPromotingApp()
    for (let round = 0; round < 10; round++) {
      const [one, other] = [`one-${round}@example.org`, `other-${round}@example.org`]
      const { browser } = await promotedUser(promoting, one)
      await promote(promoting, browser, other)
      const answers = await Promise.all([remove(browser, one), remove(browser, other)])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
      expect(await loginIdsOf(browser)).toMatchObject([{ primary: true }])
      promoting.app.clock.forward(3600)
    }
  })
})

test('a user with a passkey adds and removes login IDs only after a recent proof with it', async () => {
  const promoting = await startPromotingApp({ stepUpSeconds: 300 })
  const { app } = promoting
  const { browser, device, guest } = await keptGuest(app)
  await promote(promoting, browser, a)
  await promote(promoting, browser, b)
  app.clock.forward(301)
  for (const send of [
    () => remove(browser, a),
    () => remove(browser, a, '?force=true'),
    () => browser.post('/guest/promotion/start', email(c)),
    () => browser.post('/guest/promotion/undo', { force: true }),
  ])
    await expectRefusal(app, send, 401, 'insufficient_user_authentication')
  // A sign-in by code does not count as a proof with a passkey.
  const laptop = app.browser()
  expect((await signInByCode(promoting, laptop, a)).body.sub).toBe(guest.sub)
  await expectRefusal(app, () => remove(laptop, a), 401, 'insufficient_user_authentication')
  await browser.signInWithPasskey(device, { stepUp: true })
  expect((await remove(browser, a)).status).toBe(204)
})

test('the export contains the login IDs, and the erasure deletes them', async () => {
  const { app, browser, guest } = await startWithThree()
  const { body } = await browser.get('/guest/account/export')
  expect(body.login_ids).toEqual((await browser.get('/guest/login-ids')).body.login_ids)
  expect(body.guest).toMatchObject({ sub: guest.sub, isAnonymous: false, isVerified: true, expires_at: null })
  expect((await browser.delete('/guest/account', {})).status).toBe(204)
  expect(await rowsOf(app, 'login_ids')).toEqual([])
  expect(JSON.stringify(await tables(app.store))).not.toContain('example.org')
})

test('erasing the guest frees its login IDs for others', async () => {
  const whole = await startWithThree()
  await whole.app.guests.erase(whole.guest.sub)
  const { browser, guest } = await promotedUser(whole, a)
  expect(guest.sub).not.toBe(whole.guest.sub)
  expect(await listed(browser)).toEqual([`${a}!`])
})

describe('the form in which login IDs are compared', () => {
  const long = `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}`
  test.each([
    ['email', ' Ada@Example.org\n', 'ada@example.org'],
    ['email', `${long}.exampl`, `${long}.exampl`], // 254 characters
    ['phone', '+41 (44) 668-18.00', '+41446681800'],
    ['phone', '+1234567', '+1234567'],
    ['oidc', ' https://id.example|Ada ', ' https://id.example|Ada '],
  ] as const)('of the %s %j is %j', (type, value, normal) => {
    expect(normalLoginId({ type, value })).toEqual({ type, value: normal })
  })

  test.each([
    ['email', 'ada', 'This is not an e-mail address.'],
    ['email', '+41446681800', 'This is not an e-mail address.'],
    ['email', `${long}.example`, 'This is not an e-mail address.'],
    ['phone', 'ada@example.org', 'This is not a telephone number'],
    ['phone', '+123456', 'This is not a telephone number'],
    ['phone', '0446681800', 'This is not a telephone number'],
    ['fax', '+41446681800', 'The type of a login ID must be email or phone.'],
  ])('is none for the %s %j', (type, value, detail) => {
    expect(() => normalLoginId({ type: type as 'email', value })).toThrow(detail)
  })
})
