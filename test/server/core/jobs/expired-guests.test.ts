// How long guests are remembered, and how they are forgotten: warned, expired and erased, or restored in between.

import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { countDueGuests, expireDueGuests, expireGuests } from '../../../../server/core/jobs/expired-guests.ts'
import { startJobs } from '../../../../server/core/jobs/jobs.ts'
import type { GuestEvents, Options } from '../../../../server/index.ts'
import type { DueGuest } from '../../../../server/store/store.ts'
import type { Browser, TestApp } from '../../../support/app.ts'
import { askToSignIn, copyOf, keptGuest as registered, sendAssertion } from '../../../support/ceremonies.ts'
import {
  day,
  expectDead,
  forgetful,
  give,
  hour,
  keptGuest,
  margin,
  retention,
  sealedGuest,
  start,
  whoIs,
} from '../../../support/forgetting.ts'
import { guestRow, rowBecomes, seenNow, tracesOf, unixSeconds } from '../../../support/guest-rows.ts'
import { recordWaits } from '../../../support/recorded-waits.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { execute, tables } from '../../../support/tables.ts'
import {
  anonymously,
  claimsOf,
  type Granted,
  granted,
  refresh,
  secret,
  signInAs,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const nothing = { warned: 0, expired: 0, erased: 0 }
/** An unused session lives longer than the tests take. */
const sessions = { ...forgetful.sessions, idleSeconds: 900 * day }

/** A kept guest with a passkey and a profile. */
async function passkeyGuest(app: TestApp, { synced = false } = {}) {
  const kept = await registered(app, { synced })
  expect((await give(kept.browser)).status).toBe(200)
  return kept
}

/** Collects the events about warned, expired, restored and erased guests, in order. */
function listen(app: TestApp): [string, object][] {
  const told: [string, object][] = []
  for (const name of ['guest.expiring', 'guest.expired', 'guest.restored', 'guest.erased'] as const) {
    app.guests.on(name, (event: GuestEvents[typeof name]) => void told.push([name, event]))
  }
  return told
}

describe('the promise to a guest', () => {
  test('depends on how the guest could come back', async () => {
    const app = await start()
    const inSeconds = async (browser: Browser) => (await whoIs(browser)).expires_at - unixSeconds(app)
    expect(await inSeconds((await sealedGuest(app)).browser)).toBe(retention.none)
    expect(await inSeconds((await keptGuest(app)).browser)).toBe(retention.none)
    const { browser } = await passkeyGuest(app)
    expect(await inSeconds(browser)).toBe(retention.passkey)
    await browser.addPasskey(app.device({ synced: true }))
    expect(await inSeconds(browser)).toBe(retention.synced)
    expect(await inSeconds((await passkeyGuest(app, { synced: true })).browser)).toBe(retention.synced)
  })

  test('is in the response of every request that changes it', async () => {
    const app = await start()
    const browser = app.browser()
    const first = await browser.addPasskey(app.device())
    expect(first.body.expires_at).toBe(unixSeconds(app) + retention.passkey)
    app.clock.forward(60)
    const device = app.device({ synced: true })
    const second = await browser.addPasskey(device)
    expect(second.body.expires_at).toBe(unixSeconds(app) + retention.synced)
    app.clock.forward(60)
    const signedIn = await app.browser().signInWithPasskey(device)
    expect(signedIn.body.expires_at).toBe(unixSeconds(app) + retention.synced)
  })

  test('counts from when the guest was last seen, not from its beginning', async () => {
    const app = await start()
    const told = listen(app)
    const [sealed, kept, withPasskey] = [
      await sealedGuest(app),
      await keptGuest(app),
      await passkeyGuest(app),
    ]
    for (let visits = 0; visits < 10; visits++) {
      app.clock.forward(9 * day)
      for (const { browser, guest } of [sealed, kept, withPasskey]) {
        const { sub, expires_at } = await whoIs(browser)
        expect(sub).toBe(guest.sub)
        const period = browser === withPasskey.browser ? retention.passkey : retention.none
        expect(expires_at).toBe(unixSeconds(app) + period)
      }
      for (const { guest } of [kept, withPasskey]) await seenNow(app, guest.sub)
      expect(await app.guests.sweep()).toEqual(nothing)
    }
    expect(told).toEqual([])
  })

  test('ends with the session for a guest without a row, and leaves nothing in the store', async () => {
    const app = await start()
    const { browser } = await sealedGuest(app)
    const before = await tables(app.store)
    app.clock.forward(retention.none)
    await expectDead(app, browser)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect(await tables(app.store)).toEqual(before)
  })

  test('is extended when a client refreshes its token', async () => {
    const app = await startTokenApp({ ...forgetful } as Options)
    const carried = await granted(anonymously(app))
    const sub = claimsOf(carried.access_token).sub as string
    await app.guests.keep(sub)
    const other = await registered(app)
    const stored = (await signInAs(app, other.device, 'spa')).body.tokens as Granted
    let [one, two] = [carried, stored]
    for (let times = 0; times < 8; times++) {
      app.clock.forward(15 * day)
      one = await granted(refresh(app, one.refresh_token))
      two = await granted(refresh(app, two.refresh_token))
      expect((await userinfo(app, one.access_token)).body.expires_at).toBe(unixSeconds(app) + retention.none)
      expect((await userinfo(app, two.access_token)).body.expires_at).toBe(
        unixSeconds(app) + retention.passkey,
      )
      await seenNow(app, sub)
      expect((await guestRow(app, other.guest.sub))!.expires_at).toBe(unixSeconds(app) + retention.passkey)
      await app.guests.sweep()
      expect(await guestRow(app, sub)).toMatchObject({ stage: 'active' })
    }
  })

  test('is for ever if the period is false', async () => {
    const app = await start({ retention: { none: false, passkey: false, synced: false } })
    const told = listen(app)
    const [kept, withPasskey] = [await keptGuest(app), await passkeyGuest(app)]
    for (const { browser } of [kept, withPasskey]) expect((await whoIs(browser)).expires_at).toBeNull()
    app.clock.forward(10_000 * day)
    expect(await app.guests.sweep()).toEqual(nothing)
    await app.guests.runChores()
    const back = await app.browser().signInWithPasskey(withPasskey.device)
    expect(back.body.sub).toBe(withPasskey.guest.sub)
    expect(await guestRow(app, kept.guest.sub)).toMatchObject({ stage: 'active', expires_at: null })
    expect(told).toEqual([])
  })

  test('is for ever once the host says so, even for guests who were promised less', async () => {
    const before = await start()
    const [active, warned] = [await passkeyGuest(before), await passkeyGuest(before)]
    before.clock.forward(retention.passkey - retention.warnSeconds + margin)
    await before.browser().signInWithPasskey(active.device)
    expect(await before.guests.sweep()).toEqual({ ...nothing, warned: 1 })
    const after = await start({
      ...{ store: before.store, origin: before.origin, now: before.clock.now },
      retention: { ...retention, passkey: false },
    })
    const told = listen(after)
    before.clock.forward(1000 * day)
    for (let i = 0; i < 3; i++) expect(await after.guests.sweep()).toEqual(nothing)
    for (const { guest, device } of [active, warned]) {
      expect((await after.browser().signInWithPasskey(device)).body).toMatchObject({
        ...{ sub: guest.sub, expires_at: null },
      })
    }
    expect(told).toEqual([])
  })
})

test('a longer period of later options counts for guests who were promised less, before a warning and after one', async () => {
  const before = await start()
  const [active, warned] = [await passkeyGuest(before), await passkeyGuest(before)]
  before.clock.forward(retention.passkey - retention.warnSeconds + margin)
  await before.browser().signInWithPasskey(active.device)
  expect(await before.guests.sweep()).toEqual({ ...nothing, warned: 1 })
  const after = await start({
    ...{ store: before.store, origin: before.origin, now: before.clock.now },
    retention: { ...retention, passkey: 2 * retention.passkey },
  })
  const told = listen(after)
  before.clock.forward(retention.warnSeconds + margin)
  expect(await after.guests.sweep()).toEqual(nothing)
  expect(await guestRow(after, warned.guest.sub)).toMatchObject({ stage: 'active' })
  before.clock.forward(retention.passkey - 2 * retention.warnSeconds - 2 * margin)
  expect(await after.guests.sweep()).toEqual(nothing)
  expect(told).toEqual([])
  for (const { guest, device } of [active, warned])
    expect((await after.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

describe('a warning', () => {
  test('comes in time and once, and a visit cancels it', async () => {
    const app = await start()
    const told = listen(app)
    const { browser, device, guest } = await passkeyGuest(app)
    app.clock.forward(retention.passkey - retention.warnSeconds + margin - 1)
    expect(await app.guests.sweep()).toEqual(nothing)
    app.clock.forward(1)
    expect(await app.guests.sweep()).toEqual({ ...nothing, warned: 1 })
    const about = { anonymous_id: guest.sub, collection: 'users', recoverability: 'passkey' }
    const end = unixSeconds(app) + retention.warnSeconds // not sooner than was promised
    expect(told).toEqual([['guest.expiring', { ...about, expires_at: end }]])
    for (let i = 0; i < 3; i++) expect(await app.guests.sweep()).toEqual(nothing)
    const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(trail[0]).toMatchObject({ action: 'guest.expiring', outcome: 'done', session_id: null })
    await expectDead(app, browser) // unused for ninety days
    await browser.signInWithPasskey(device)
    expect(await guestRow(app, guest.sub)).toMatchObject({ stage: 'active' })
    app.clock.forward(retention.warnSeconds + margin)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect((await whoIs(browser)).sub).toBe(guest.sub)
    expect(told).toHaveLength(1)
  })

  test('comes to a guest without a passkey, too, and a visit with the same cookie cancels it', async () => {
    const app = await start()
    const told = listen(app)
    const { browser, guest } = await keptGuest(app)
    app.clock.forward(retention.none - retention.warnSeconds + margin)
    expect(await app.guests.sweep()).toEqual({ ...nothing, warned: 1 })
    expect(told).toMatchObject([['guest.expiring', { recoverability: 'none' }]])
    expect((await whoIs(browser)).expires_at).toBe(unixSeconds(app) + retention.none)
    await rowBecomes(app, guest.sub, { stage: 'active' })
    app.clock.forward(retention.warnSeconds - 2 * margin)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect((await whoIs(browser)).sub).toBe(guest.sub)
  })

  test('comes warnSeconds before the end, even if the clean-up did not run for a long time', async () => {
    const app = await start()
    const told = listen(app)
    const { device, guest } = await passkeyGuest(app)
    app.clock.forward(5 * retention.passkey)
    const end = unixSeconds(app) + retention.warnSeconds
    expect(await app.guests.sweep()).toEqual({ ...nothing, warned: 1 })
    expect(told).toMatchObject([['guest.expiring', { anonymous_id: guest.sub, expires_at: end }]])
    expect(await app.guests.sweep()).toEqual(nothing)
    app.clock.forward(retention.warnSeconds + margin - 1)
    expect(await app.guests.sweep()).toEqual(nothing)
    app.clock.forward(1)
    expect(await app.guests.sweep()).toEqual({ ...nothing, expired: 1 })
    expect((await app.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
  })

  test('comes after half of a short period', async () => {
    const app = await start({ retention: { ...retention, passkey: 8 * hour } })
    await passkeyGuest(app)
    app.clock.forward(4 * hour + margin - 1)
    expect(await app.guests.sweep()).toEqual(nothing)
    app.clock.forward(1)
    expect(await app.guests.sweep()).toEqual({ ...nothing, warned: 1 })
  })
})

/** Moves the clock on until the guests of this period are warned; `untilExpired`: until they have expired, too. */
async function untilWarned(app: TestApp, period = retention.passkey): Promise<void> {
  app.clock.forward(period - retention.warnSeconds + margin)
  expect((await app.guests.sweep()).warned).toBeGreaterThan(0)
}
async function untilExpired(app: TestApp, period = retention.passkey): Promise<void> {
  await untilWarned(app, period)
  app.clock.forward(retention.warnSeconds + margin)
  expect((await app.guests.sweep()).expired).toBeGreaterThan(0)
}

describe('beforeExpire', () => {
  const vetoes: [string, Options['beforeExpire']][] = [
    ['says false', () => false],
    ['says false after a while', async () => setTimeout(5, false)],
    [
      'throws',
      () => {
        throw new Error('the host cannot say')
      },
    ],
    ['rejects', async () => Promise.reject(new Error('the host cannot say'))],
  ]

  test.each(vetoes)('that %s keeps the guest, and is asked again a day later', async (_name, veto) => {
    let answer: Options['beforeExpire'] = veto
    const asked = vi.fn((guest: Parameters<NonNullable<Options['beforeExpire']>>[0]) => answer!(guest))
    const app = await start({ beforeExpire: asked })
    const told = listen(app)
    const { guest, device } = await passkeyGuest(app)
    await untilWarned(app)
    expect(asked).not.toHaveBeenCalled()
    app.clock.forward(retention.warnSeconds + margin)
    expect(await app.guests.sweep()).toEqual(nothing)
    const { sub, label } = guest
    expect(asked.mock.calls).toEqual([
      [{ anonymous_id: sub, label, collection: 'users', recoverability: 'passkey' }],
    ])
    app.clock.forward(day + margin - 1)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect(asked).toHaveBeenCalledTimes(1)
    app.clock.forward(1)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect(asked).toHaveBeenCalledTimes(2)
    expect(await guestRow(app, sub)).toMatchObject({ stage: 'warned', expires_at: unixSeconds(app) + day })
    expect((await app.browser().signInWithPasskey(device)).body.sub).toBe(sub)
    const trail = await app.guests.auditTrail({ anonymousId: sub })
    const refused = trail.filter(({ outcome }) => outcome === 'refused_by_host')
    expect(refused.map(({ action }) => action)).toEqual(['guest.expired', 'guest.expired'])

    answer = () => undefined
    await untilWarned(app)
    app.clock.forward(retention.warnSeconds + margin)
    expect(await app.guests.sweep()).toEqual({ ...nothing, expired: 1 })
    expect(told.map(([name]) => name)).toEqual(['guest.expiring', 'guest.expiring', 'guest.expired'])
  })

  test('keeps the guests that the host names, and no others', async () => {
    const kept: string[] = []
    const app = await start({ beforeExpire: ({ anonymous_id }) => !kept.includes(anonymous_id) })
    const guests = [
      await passkeyGuest(app),
      await passkeyGuest(app),
      await keptGuest(app),
      await keptGuest(app),
    ]
    kept.push(guests[0]!.guest.sub, guests[2]!.guest.sub)
    app.clock.forward(retention.passkey)
    expect(await app.guests.sweep()).toMatchObject({ warned: 4 })
    app.clock.forward(retention.warnSeconds + margin)
    expect(await app.guests.sweep()).toEqual({ warned: 0, expired: 2, erased: 1 })
    const stages: (string | undefined)[] = []
    for (const { guest } of guests) stages.push((await guestRow(app, guest.sub))?.stage)
    expect(stages).toEqual(['warned', 'expired', 'warned', undefined])
  })
})

describe('an expired guest', () => {
  test('is signed out everywhere, and a passkey brings everything back', async () => {
    const app = await startTokenApp({ ...forgetful, sessions } as Options)
    const told = listen(app)
    const { browser, device, guest, passkeyId } = await passkeyGuest(app)
    const laptop = app.browser()
    await laptop.signInWithPasskey(device)
    const tokens = (await signInAs(app, device, 'spa')).body.tokens as Granted
    await untilExpired(app)
    const about = { anonymous_id: guest.sub, collection: 'users', recoverability: 'passkey' }
    expect(told.slice(1)).toEqual([
      ['guest.expired', { ...about, erased_at: unixSeconds(app) + retention.graceSeconds }],
    ])
    expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1, profiles: 1, sessions: 0 })
    for (const one of [browser, laptop]) {
      await expectDead(app, one)
      await expectRefusal(app, () => one.get('/guest/profile'), 401, 'session_invalid')
      await expectRefusal(app, () => copyOf(app, one).post('/guest/sign-in'), 401, 'session_invalid')
    }
    expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
    expect((await userinfo(app, tokens.access_token)).status).toBe(401)

    app.clock.forward(retention.graceSeconds + margin - 1)
    expect(await app.guests.sweep()).toEqual(nothing)
    const back = app.browser()
    const answer = await back.signInWithPasskey(device)
    const { sub, label } = guest
    const expires_at = unixSeconds(app) + retention.passkey
    expect(answer.body).toMatchObject({ sub, label, recoverability: 'passkey', expires_at })
    expect(told[2]).toMatchObject(['guest.restored', { guest: { sub, label } }])
    expect((await back.get('/guest/profile')).body.attributes).toEqual({ nickname: 'Fox' })
    expect((await back.get('/guest/passkeys')).body.passkeys).toMatchObject([{ id: passkeyId }])
    for (const one of [browser, laptop]) await expectDead(app, one)
    app.clock.forward(2 * margin)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect((await whoIs(back)).sub).toBe(sub)
    const trail = await app.guests.auditTrail({ anonymousId: sub })
    expect(trail.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['guest.expiring', 'guest.expired', 'guest.restored']),
    )
    expect(told).toHaveLength(3)
  })

  test('is restored once: the next sign-in is an ordinary one', async () => {
    const app = await start()
    const told = listen(app)
    const { device } = await passkeyGuest(app)
    await untilExpired(app)
    for (let i = 0; i < 3; i++) expect((await app.browser().signInWithPasskey(device)).status).toBe(200)
    expect(told.filter(([name]) => name === 'guest.restored')).toHaveLength(1)
  })

  test('is erased after graceSeconds: nothing is left, and nothing brings it back', async () => {
    const options = { ...forgetful, sessions, prompts: [{ prompt: 'ask' }] }
    const app = await startTokenApp(options as Options)
    const told = listen(app)
    const { browser, device, guest } = await passkeyGuest(app)
    await browser.addPasskey(app.device())
    expect((await browser.post('/guest/prompts/snooze', { prompt: 'ask' })).status).toBe(200)
    const tokens = (await signInAs(app, device, 'spa')).body.tokens as Granted
    const bystander = await passkeyGuest(app, { synced: true })
    await untilExpired(app)
    const early = await device.get(await askToSignIn(app.browser()))
    app.clock.forward(retention.graceSeconds + margin - 1)
    expect(await app.guests.sweep(), 'the other guest may be warned, but nobody is erased').toMatchObject({
      erased: 0,
    })
    app.clock.forward(1)
    expect(await app.guests.sweep()).toMatchObject({ erased: 1 })
    expect(told.at(-1)).toEqual(['guest.erased', { anonymous_id: guest.sub, reason: 'expired' }])
    const { audit: _audit, spent: _spent, ...left } = await tracesOf(app, guest.sub)
    expect(left).toEqual({})
    expect(await app.guests.auditTrail({ anonymousId: guest.sub })).toMatchObject([
      { action: 'guest.erased', outcome: 'done' },
    ])

    await expectDead(app, browser)
    expect((await userinfo(app, tokens.access_token)).status).toBe(401)
    expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
    const visitor = app.browser()
    const stranger = await registered(app)
    const proof = await stranger.device.get(await askToSignIn(visitor))
    const nobody = await sendAssertion(visitor, { ...proof, id: 'AAAA', rawId: 'AAAA' })
    expect(nobody.body.code).toBe('authentication_failed')
    const answer = await expectRefusal(
      app,
      async () => app.browser().signInWithPasskey(device),
      401,
      'authentication_failed',
    )
    expect(answer.text).toBe(nobody.text)
    expect((await sendAssertion(app.browser(), early)).text, 'with an old challenge too').toBe(nobody.text)
    expect((await app.browser().signInWithPasskey(bystander.device)).body.sub).toBe(bystander.guest.sub)
    expect((await app.guests.profile.get(guest.sub)).attributes).toEqual({})
  })

  test('without a passkey is erased at once, and no copy of its cookie works', async () => {
    const app = await start({ retention: { ...retention, none: 5 * day }, sessions })
    const told = listen(app)
    const { browser, guest } = await keptGuest(app)
    const copy = copyOf(app, browser)
    app.clock.forward(5 * day)
    expect(await app.guests.sweep()).toEqual({ ...nothing, warned: 1 })
    app.clock.forward(2.5 * day + margin)
    expect(await app.guests.sweep()).toEqual({ ...nothing, expired: 1, erased: 1 })
    expect(told.map(([name]) => name)).toEqual(['guest.expiring', 'guest.expired', 'guest.erased'])
    const { audit, spent, ...left } = await tracesOf(app, guest.sub)
    expect(left).toEqual({})
    expect([audit, spent]).toEqual([1, 1])
    for (const one of [browser, copy]) await expectDead(app, one)
    // If later options give longer limits, the earlier tokens stay dead.
    const later = await start({
      ...{ store: app.store, origin: app.origin, now: app.clock.now, sessions },
      retention: { ...retention, none: 900 * day },
    })
    await expectDead(later, copyOf(later, copy))
  })
})

test('fresh cookies, access tokens and refresh tokens stop working when their guest expires', async () => {
  const app = await startTokenApp({ ...forgetful } as Options)
  const kept = await passkeyGuest(app)
  const ofKept = (await signInAs(app, kept.device, 'spa')).body.tokens as Granted
  const carried = await granted(anonymously(app))
  await app.guests.keep(claimsOf(carried.access_token).sub as string)
  const cookie = await keptGuest(app)
  for (const { access_token } of [ofKept, carried]) {
    expect((await userinfo(app, access_token)).status).toBe(200)
  }
  // A node whose clock is months ahead, so that no token here has reached its own expiry.
  let ahead = retention.passkey
  const far = await start({ ...{ store: app.store }, now: () => app.clock.now() + ahead * 1000 })
  await far.guests.sweep()
  ahead += retention.warnSeconds + margin
  expect(await far.guests.sweep()).toMatchObject({ expired: 3, erased: 2 })
  for (const browser of [kept.browser, cookie.browser]) await expectDead(app, browser)
  for (const { access_token, refresh_token } of [ofKept, carried]) {
    expect((await userinfo(app, access_token)).status).toBe(401)
    expect((await refresh(app, refresh_token)).status).toBe(400)
  }
  ahead += retention.graceSeconds + margin
  expect(await far.guests.sweep()).toMatchObject({ erased: 1 })
  for (const { access_token, refresh_token } of [ofKept, carried]) {
    expect((await userinfo(app, access_token)).status).toBe(401)
    expect((await refresh(app, refresh_token)).status).toBe(400)
  }
  expect((await app.browser().signInWithPasskey(kept.device)).status).toBe(401)
})

test('options that give less time, and then more again, bring no copy of an erased guest back to life', async () => {
  const give100 = {
    sessions: { ...forgetful.sessions, idleSeconds: 100 * day },
    retention: { ...retention, none: 100 * day },
  }
  const long = await start(give100)
  const { browser, guest } = await keptGuest(long)
  for (let i = 0; i < 19; i++) {
    long.clock.forward(5 * day)
    expect((await whoIs(browser)).sub).toBe(guest.sub)
  }
  const copy = copyOf(long, browser)
  const same = { store: long.store, origin: long.origin, now: long.clock.now }
  const short = await start({ ...give100, ...same, retention: { ...retention, none: 5 * day } })
  long.clock.forward(hour)
  expect((await whoIs(copyOf(short, copy))).sub).toBe(guest.sub)
  await seenNow(long, guest.sub)
  for (const days of [5, 5, 1]) {
    long.clock.forward(days * day)
    await short.guests.runChores()
  }
  expect(await guestRow(short, guest.sub)).toBeUndefined()
  await expectDead(short, copyOf(short, copy))
  await expectDead(long, copyOf(long, copy))
})

test('a clock that is an hour ahead warns, expires and erases nobody early', async () => {
  const app = await start()
  const { guest, device } = await passkeyGuest(app)
  const ahead = await start({
    ...{ store: app.store, origin: app.origin, now: () => app.clock.now() + hour * 1000 },
  })
  const both = async () => [await ahead.guests.sweep(), await app.guests.sweep()]
  app.clock.forward(retention.passkey - retention.warnSeconds - 1)
  expect(await both()).toEqual([nothing, nothing])
  app.clock.forward(1 + margin)
  expect(await app.guests.sweep()).toMatchObject({ warned: 1 })
  const { expires_at } = (await guestRow(app, guest.sub))!
  app.clock.forward(expires_at! - unixSeconds(app) - 1)
  expect(await both()).toEqual([nothing, nothing])
  app.clock.forward(1 + margin)
  expect(await app.guests.sweep()).toMatchObject({ expired: 1 })
  const { due_at } = (await guestRow(app, guest.sub))!
  app.clock.forward(due_at! - unixSeconds(app) - 1)
  expect(await both()).toEqual([nothing, nothing])
  expect((await app.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

test('a clock that is set back brings no guest back, and harms no guest', async () => {
  const app = await start()
  const [gone, stays] = [await keptGuest(app), await passkeyGuest(app)]
  app.clock.forward(retention.none)
  await app.guests.sweep()
  app.clock.forward(retention.warnSeconds + margin)
  expect(await app.guests.sweep()).toMatchObject({ erased: 1 })
  app.clock.forward(-hour)
  expect(await app.guests.sweep()).toEqual(nothing)
  await expectDead(app, gone.browser)
  expect((await whoIs(stays.browser)).sub).toBe(stays.guest.sub)
})

describe('guests from before there were promises', () => {
  /** Leaves the rows as the migration did. */
  const asBefore = (app: TestApp) =>
    execute(app.store, `UPDATE guests SET expires_at = NULL, due_at = 0, stage = 'active'`)

  test('get a promise first, which begins now', async () => {
    const app = await start()
    const told = listen(app)
    const [kept, withPasskey] = [await keptGuest(app), await passkeyGuest(app)]
    app.clock.forward(15 * day)
    await asBefore(app)
    expect(await app.guests.sweep({ dryRun: true }), 'nobody is warned').toEqual(nothing)
    expect(await app.guests.sweep()).toEqual(nothing)
    const now = unixSeconds(app)
    expect(await guestRow(app, kept.guest.sub)).toMatchObject({
      ...{ stage: 'active', expires_at: now + retention.none },
    })
    expect(await guestRow(app, withPasskey.guest.sub)).toMatchObject({
      ...{ stage: 'active', expires_at: now + retention.passkey },
    })
    expect(await app.guests.sweep()).toEqual(nothing)
    expect(told).toEqual([])
    expect((await whoIs(withPasskey.browser)).sub).toBe(withPasskey.guest.sub)
    app.clock.forward(retention.none - retention.warnSeconds + margin)
    expect(await app.guests.sweep()).toEqual({ ...nothing, warned: 1 })
  })

  test('are kept for ever, if the options keep guests for ever', async () => {
    const app = await start({ retention: { none: false, passkey: false } })
    await passkeyGuest(app)
    await asBefore(app)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect(await app.guests.sweep()).toEqual(nothing)
    app.clock.forward(5000 * day)
    expect(await app.guests.sweep()).toEqual(nothing)
    expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1 })
  })

  test('get their promise by a visit, if that comes before the clean-up', async () => {
    const app = await start()
    const { browser, guest } = await passkeyGuest(app)
    await asBefore(app)
    app.clock.forward(day)
    expect((await whoIs(browser)).expires_at).toBe(unixSeconds(app) + retention.passkey)
    await seenNow(app, guest.sub)
    expect((await guestRow(app, guest.sub))!.due_at).toBeGreaterThan(unixSeconds(app))
  })
})

describe('guests.sweep', () => {
  test('with dryRun changes nothing, and says what would be done', async () => {
    const beforeExpire = vi.fn()
    const app = await start({ beforeExpire })
    const told = listen(app)
    const old = await passkeyGuest(app)
    const none = await keptGuest(app)
    await untilExpired(app)
    await passkeyGuest(app)
    await passkeyGuest(app, { synced: true })
    app.clock.forward(retention.passkey - retention.warnSeconds + margin)
    const counts: object[] = []
    for (let i = 0; i < 4; i++) {
      const [before, heard, asked] = [await tables(app.store), told.length, beforeExpire.mock.calls.length]
      const dry = await app.guests.sweep({ dryRun: true })
      expect(await app.guests.sweep({ dryRun: true })).toEqual(dry)
      expect(await tables(app.store)).toEqual(before)
      expect(told).toHaveLength(heard)
      expect(beforeExpire).toHaveBeenCalledTimes(asked)
      counts.push(dry)
      expect(await app.guests.sweep()).toEqual(dry)
      app.clock.forward(30 * day + margin)
    }
    expect(counts[0]).toEqual({ warned: 1, expired: 0, erased: 1 })
    expect(await guestRow(app, old.guest.sub)).toBeUndefined()
    expect(await guestRow(app, none.guest.sub)).toBeUndefined()
  })

  test('handles hundreds of guests, reports its progress, and lets guests write meanwhile', async () => {
    const app = await start()
    const ids = Array.from({ length: 300 }, (_, i) => `${'a'.repeat(18)}${String(i).padStart(4, '0')}`)
    await Promise.all(ids.map((id) => app.guests.keep(id)))
    app.clock.forward(retention.none)
    const progress: number[] = []
    expect(await app.guests.sweep({ onProgress: (guests) => progress.push(guests) })).toMatchObject({
      warned: 300,
    })
    expect(progress.reduce((sum, n) => sum + n, 0)).toBe(300)
    expect(progress.length).toBeGreaterThan(3)
    app.clock.forward(retention.warnSeconds + margin)
    const sweeping = app.guests.sweep()
    const { browser, guest } = await keptGuest(app)
    expect(await sweeping).toEqual({ warned: 0, expired: 300, erased: 300 })
    expect((await whoIs(browser)).sub).toBe(guest.sub)
    expect(await app.rows()).toMatchObject({ guests: 1, sessions: 1, profiles: 1 })
  })

  test('runs by itself with the other jobs', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const step = async (seconds: number) => {
      app.clock.forward(seconds)
      await app.guests.runChores()
    }
    await step(retention.none)
    expect(await app.rows()).toMatchObject({ guests: 1 })
    await step(retention.warnSeconds + margin)
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0, profiles: 0 })
    await expectDead(app, browser)
  })

  test('on two nodes at once does everything only once', async () => {
    const app = await start()
    const other = await start({ store: app.store, origin: app.origin, now: app.clock.now })
    const told = [listen(app), listen(other)]
    for (let i = 0; i < 30; i++) await app.guests.keep(`${'b'.repeat(18)}${String(i).padStart(4, '0')}`)
    const both = async () => {
      const [one, two] = await Promise.all([app.guests.sweep(), other.guests.sweep()])
      // A node that finds another one at work leaves the rest to it.
      const last = await app.guests.sweep()
      return (['warned', 'expired', 'erased'] as const).map((key) => one[key] + two[key] + last[key])
    }
    app.clock.forward(retention.none)
    expect(await both()).toEqual([30, 0, 0])
    app.clock.forward(retention.warnSeconds + margin)
    expect(await both()).toEqual([0, 30, 30])
    expect(told.flat()).toHaveLength(90)
  })
})

describe('a guest who is due', () => {
  const now = 1_700_000_000
  const id = 'A'.repeat(22)
  const users = {
    retention: { none: 1000, device: 1000, passkey: 1000, synced: false, warnSeconds: 100, graceSeconds: 50 },
  }
  const guest = {
    anonymousId: id,
    label: 'amber-fox-42',
    collection: 'users',
    recoverability: 'passkey',
    stage: 'active',
    dueAt: now - hour,
    expiresAt: now - 10,
    lastSeenAt: now - 1010,
    promotedAt: null,
  } as DueGuest
  type Moved = { to: string; retained: object; notes: { event: { name: string; data: object } }[] }

  /** Does what is due for this guest. `isTaken`: another node does it. */
  async function clean(
    more: Partial<DueGuest>,
    { isTaken = false, beforeExpire = (): unknown => true } = {},
  ) {
    const batches = [[{ ...guest, ...more }]]
    const moved: Moved[] = []
    const erased: { endedUntil: number | null; notes: { event: { data: object } }[] }[] = []
    const looked: object[] = []
    const refused: string[] = []
    const ctx = {
      now: () => now,
      config: {
        webhooks: [],
        sessions: { idleSeconds: 2000 },
        clients: [],
        beforeExpire,
        defaultCollection: 'users',
        collections: { users },
      },
      logger: { warn: () => {} },
      counters: { count: () => {} },
      store: {
        listDueGuests: async () => batches.shift() ?? [],
        async moveGuests({ guests }: { guests: Moved[] }) {
          moved.push(...guests)
          return isTaken ? [] : [id]
        },
        async eraseGuests({ guests, now: at }: { guests: typeof erased; now: number }) {
          looked.push({ at })
          erased.push(...guests)
          return isTaken ? [] : [id]
        },
        addNote: async ({ note }: { note: { audit: { outcome: string } } }) =>
          void refused.push(note.audit.outcome),
      },
    } as unknown as Context
    return { done: await expireDueGuests(ctx), moved, erased, looked, refused }
  }
  const eventsOf = ({ notes }: Moved) => notes.map(({ event }) => event)

  test.each<[string, Partial<DueGuest>, object]>([
    [
      'is warned warnSeconds before the end',
      { expiresAt: now + 200, lastSeenAt: now - 800 },
      { expiresAt: now + 200 },
    ],
    ['has warnSeconds from the warning on', {}, { expiresAt: now + 100 }],
  ])('%s', async (_, more, { expiresAt }: { expiresAt?: number }) => {
    const { done, moved } = await clean(more)
    expect(done).toEqual({ ...nothing, warned: 1 })
    const about = { anonymous_id: id, collection: 'users', recoverability: 'passkey' }
    expect(moved).toMatchObject([{ to: 'warned', retained: { expiresAt, dueAt: expiresAt } }])
    expect(eventsOf(moved[0]!)).toEqual([
      { name: 'guest.expiring', data: { ...about, expires_at: expiresAt } },
    ])
  })

  test.each<[string, Partial<DueGuest>, object]>([
    ['is a regular user', { promotedAt: 5, stage: 'expired' }, { expiresAt: null, dueAt: null }],
    ['was promised nothing yet', { expiresAt: null }, { expiresAt: now + 1000, dueAt: now + 900 }],
    ['is kept for ever by now', { recoverability: 'synced' }, { expiresAt: null, dueAt: null }],
    [
      'has more time by now',
      { lastSeenAt: now - 1009, stage: 'warned' },
      { expiresAt: now - 9, dueAt: now - 109 },
    ],
  ])('stays if it %s', async (_, more, retained) => {
    const { done, moved, refused } = await clean(more)
    expect(done).toEqual(nothing)
    expect(moved).toMatchObject([{ to: 'active', retained, notes: [] }])
    expect(refused, 'no host has asked for that').toEqual([])
  })

  test.each([
    ['after graceSeconds', 'passkey', now + 50],
    ['at once, if nothing could bring it back', 'none', now - hour],
  ] as const)('expires after the warning, and is erased %s', async (_, recoverability, dueAt) => {
    const { done, moved, refused } = await clean({ stage: 'warned', recoverability })
    expect(done).toEqual({ ...nothing, expired: 1 })
    expect(refused).toEqual([])
    expect(moved).toMatchObject([{ to: 'expired', retained: { expiresAt: now - 10, dueAt } }])
    const about = { anonymous_id: id, collection: 'users', recoverability }
    expect(eventsOf(moved[0]!)).toMatchObject([
      { name: 'guest.expired', data: { ...about, erased_at: dueAt } },
    ])
  })

  test.each<[string, () => unknown]>([
    ['says false', () => false],
    ['throws', () => Promise.reject(new Error('not now'))],
  ])('stays for a day if the host %s, which is in the audit trail', async (_, beforeExpire) => {
    const { done, moved, refused } = await clean({ stage: 'warned' }, { beforeExpire })
    expect(done).toEqual(nothing)
    const again = now + day
    expect(moved).toMatchObject([{ to: 'warned', retained: { expiresAt: again, dueAt: again }, notes: [] }])
    expect(refused).toEqual(['refused_by_host'])
    expect((await clean({ stage: 'warned' }, { beforeExpire, isTaken: true })).refused).toEqual([])
  })

  test.each<[string, Partial<DueGuest>, string, number | null]>([
    ['expired, while a copy of its token could live', { lastSeenAt: now - 1999 }, 'expired', now + 1],
    ['expired, when no copy can live', { lastSeenAt: now - 2000 }, 'expired', null],
    ['expired, and is imported', { anonymousId: 'of-another-system', lastSeenAt: now }, 'expired', null],
    ['was merged', { stage: 'merged', lastSeenAt: now - 1999 }, 'merged', now + 1],
  ])('is erased if it %s', async (_, more, reason, endedUntil) => {
    const { done, erased, moved, looked } = await clean({ stage: 'expired', ...more })
    expect(done).toEqual({ ...nothing, erased: 1 })
    expect(moved).toEqual([])
    expect(erased).toMatchObject([{ endedUntil, notes: [{ event: { data: { reason } } }] }])
    expect(looked).toEqual([{ at: now - hour }])
  })

  test('is not counted if another node does it', async () => {
    for (const stage of ['active', 'warned', 'expired'] as const)
      expect((await clean({ stage }, { isTaken: true })).done).toEqual(nothing)
  })
})

test('the guests who are due are counted by what would be done with them, as of an hour ago', async () => {
  const stages = { active: 1, warned: 2, expired: 4, merged: 8 }
  const looked: object[] = []
  const countDue = async (input: object) => {
    looked.push(input)
    return Object.entries(stages).map(([stage, guests]) => ({ stage, guests }))
  }
  const ctx = { now: () => 10_000, store: { countDueGuests: countDue } } as unknown as Context
  expect(await countDueGuests(ctx)).toEqual({ warned: 1, expired: 2, erased: 12 })
  expect(looked).toEqual([{ now: 10_000 - hour }])
})

test.each([
  ['waits while nodes of other versions use the store', true, 0],
  ['looks for guests who are due if there are none', false, 1],
])('the job %s', async (_, isMixed, times) => {
  let looks = 0
  const ctx = {
    now: () => 10_000,
    claims: { measure: async () => {}, ahead: () => 0, now: () => 10_000 },
    fleet: { isMixed: async () => isMixed },
    store: {
      claimJob: async () => true,
      async listDueGuests() {
        looks++
        return []
      },
    },
  } as unknown as Context
  const { run, stop } = startJobs(ctx, [expireGuests])
  await run()
  stop()
  expect(looks).toBe(times)
})

describe('a long clean-up', () => {
  const now = 1_700_000_000
  const due = (i: number) => ({
    anonymousId: `guest ${i}`,
    label: 'amber-fox-42',
    collection: 'users',
    recoverability: 'none',
    stage: 'expired',
    dueAt: now,
    expiresAt: now,
    lastSeenAt: now,
    promotedAt: null,
  })

  /**
   * A store that takes `seconds` to find each batch of two guests, and `erasing` milliseconds to erase them; the others of
   * each batch were another node's.
   */
  function storeOf({ batches = 10, seconds = 0, erasing = 0, others = 0 } = {}) {
    let time = 0
    vi.spyOn(performance, 'now').mockImplementation(() => time)
    let left = batches
    const looked: object[] = []
    const store = {
      async listDueGuests(input: object) {
        looked.push(input)
        if (looked.length > 20) throw new Error('the store was asked once too often')
        time += seconds * 1000
        return left-- > 0 ? [due(1), due(2)] : []
      },
      async eraseGuests({ guests }: { guests: { anonymousId: string }[] }) {
        time += erasing
        return guests.slice(others).map(({ anonymousId }) => anonymousId)
      },
    }
    const config = { webhooks: [], sessions: { idleSeconds: 1000 }, clients: [] }
    const counters = { count: () => {} }
    return { ctx: { now: () => now, config, store, counters } as unknown as Context, looked }
  }
  afterEach(() => void vi.restoreAllMocks())

  test('looks for guests who were due an hour ago, eight at a time, until there are none', async () => {
    const { ctx, looked } = storeOf({ batches: 3 })
    const progress: number[] = []
    const done = await expireDueGuests(ctx, { onProgress: (guests) => progress.push(guests) })
    expect(done).toEqual({ ...nothing, erased: 6 })
    expect(looked).toEqual(Array.from({ length: 4 }, () => ({ now: now - hour, limit: 8 })))
    expect(progress).toEqual([2, 2, 2])
  })

  test('asks every ten seconds whether to go on, and stops if not', async () => {
    let asked = 0
    const { ctx } = storeOf({ batches: 9, seconds: 5 })
    await expireDueGuests(ctx, { goOn: async () => ++asked < 100 })
    expect(asked).toBe(3) // after 15, 30 and 45 seconds: after 10, ten seconds are not over
    const other = storeOf({ batches: 9, seconds: 5 })
    expect(await expireDueGuests(other.ctx, { goOn: async () => false })).toEqual({ ...nothing, erased: 6 })
    expect(other.looked).toHaveLength(3)
  })

  test('goes on to the end if nobody is to be asked', async () => {
    const { ctx } = storeOf({ batches: 9, seconds: 5 })
    expect(await expireDueGuests(ctx)).toEqual({ ...nothing, erased: 18 })
  })

  test('pauses after each batch twice as long as that took, the job thirty times, but at most 200 milliseconds', async () => {
    const waits = recordWaits()
    for (const [erasing, asked, unasked] of [
      [2, 4, 60],
      [90, 180, 200],
      [110, 200, 200],
    ] as const) {
      await expireDueGuests(storeOf({ batches: 2, erasing }).ctx)
      await expireGuests.work(storeOf({ batches: 1, erasing }).ctx, async () => true)
      expect(waits.splice(0)).toEqual([asked, asked, unasked])
    }
  })

  test('goes on after a batch in which as many guests were warned as were erased', async () => {
    const { ctx, looked } = storeOf({ batches: 2 })
    const moving = { ...due(1), stage: 'active' }
    const batches = [[moving, due(2)], [due(3)]]
    Object.assign(ctx.store, {
      listDueGuests: async (input: object) => (looked.push(input) > 0 ? (batches.shift() ?? []) : []),
      moveGuests: async () => [moving.anonymousId],
    })
    const users = { retention: { none: 1000, warnSeconds: 10 } }
    Object.assign(ctx.config, { defaultCollection: 'users', collections: { users } })
    expect((await expireDueGuests(ctx)).erased).toBe(2)
    expect(looked).toHaveLength(3)
  })

  test('leaves the rest to another node that is erasing the same guests', async () => {
    const some = storeOf({ batches: 2, others: 1 })
    expect(await expireDueGuests(some.ctx)).toEqual({ ...nothing, erased: 2 })
    const none = storeOf({ batches: 2, others: 2 })
    expect(await expireDueGuests(none.ctx)).toEqual(nothing)
    expect(none.looked).toHaveLength(1)
  })
})

test.each([
  [{ never: 5 }],
  [{ none: 0 }],
  [{ none: -5 }],
  [{ none: 1.5 }],
  [{ none: true }],
  [{ passkey: '100 days' }],
  [{ warnSeconds: false }],
  [{ graceSeconds: 0 }],
  [5],
])('refuses %j as the option retention', async (given) => {
  const { guestkey, OptionsError } = await import('../../../../server/index.ts')
  const options = { origin: 'http://localhost:3000', store: '/nowhere/x.db', secret, retention: given }
  expect(() => guestkey(options as never)).toThrow(OptionsError)
})
