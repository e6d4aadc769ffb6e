// Recovery codes: ten codes to write down, each of which signs the guest in once.

import { setTimeout } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../server/context.ts'
import {
  confirmRecoveryCodes,
  createRecoveryCodes,
  removeRecoveryCodes,
} from '../../../server/core/recovery-codes.ts'
import type { Session } from '../../../server/core/sessions/sessions.ts'
import type { GuestEvents, Options } from '../../../server/index.ts'
import { guestOf, sessionIdOf, startApp, type TestApp } from '../../support/app.ts'
import { askToRegister, copyOf, keptGuest, sendRegistration } from '../../support/ceremonies.ts'
import { DeviceKey } from '../../support/device-key.ts'
import { addDeviceKey } from '../../support/device-keys.ts'
import { temporaryStore } from '../../support/engine.ts'
import { rowBecomes, tracesOf, unixSeconds } from '../../support/guest-rows.ts'
import {
  asPrevious,
  day,
  hour,
  makeDue,
  minute,
  pass,
  rowOf,
  rowsOf,
  signedIn,
} from '../../support/merging.ts'
import { authorized, finish, promote, promotedUser, startPromotingApp } from '../../support/promotion.ts'
import { codesLeft, execute, guestWithCodes, newCodes, useAllBut, useCode } from '../../support/recovery.ts'
import { cookiesSet, expectRefusal } from '../../support/refusals.ts'
import { bytesOnDisk, tables } from '../../support/tables.ts'
import {
  anonymously,
  bearer,
  bySession,
  claimsOf,
  clients,
  granted,
  refresh,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../support/tokens.ts'

const format = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/

/** The events of the app, in order. */
function listen(app: TestApp): [string, unknown][] {
  const told: [string, unknown][] = []
  const names = [
    ...(['guest.kept', 'guest.signed_in', 'guest.restored'] as const),
    ...(['recovery_codes.changed', 'recovery_codes.confirmed', 'recovery_code.used'] as const),
  ]
  for (const name of names)
    app.guests.on(name, (event: GuestEvents[typeof name]) => void told.push([name, event]))
  return told
}

const infoOf = async (browser: ReturnType<TestApp['browser']>) => (await browser.get('/guest/userinfo')).body
/** The actions in the audit trail, newest first. */
const auditOf = async (app: TestApp, sub: string) =>
  (await app.guests.auditTrail({ anonymousId: sub })).map(({ action }) => action)

describe('recovery codes', () => {
  test('are ten, keep the guest, and leave the session as it is', async () => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    expect(await codesLeft(browser)).toBe(0)
    expect((await browser.get('/guest/recovery-codes')).body).toEqual({
      ...{ left: 0, created_at: null, confirmed: false },
    })
    const told = listen(app)
    const { token } = browser
    const { status, body, headers } = await browser.post('/guest/recovery-codes')
    expect(status).toBe(201)
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toEqual({
      ...{ codes: expect.any(Array), left: 10, created_at: unixSeconds(app), confirmed: false },
    })
    expect(new Set(body.codes).size).toBe(10)
    for (const code of body.codes) expect(code).toMatch(format)
    expect(browser.token, 'the session is the same').toBe(token)
    const kept = { ...guest, expires_at: unixSeconds(app) + 90 * day }
    expect(await infoOf(browser)).toEqual(kept)
    expect(told).toEqual([
      ['guest.kept', { anonymous_id: guest.sub, guest: guestOf(kept) }],
      ['recovery_codes.changed', { anonymous_id: guest.sub, left: 10 }],
    ])
    expect((await auditOf(app, guest.sub)).toSorted()).toEqual(['guest.kept', 'recovery_codes.changed'])
    app.clock.forward(minute)
    expect((await browser.get('/guest/recovery-codes')).body).toEqual({
      ...{ left: 10, created_at: unixSeconds(app) - minute, confirmed: false },
    })
  })

  test('are in the store only as hashes, and in no log', async () => {
    const app = await startApp()
    const { codes } = await guestWithCodes(app)
    await useCode(app.browser(), codes[0])
    await useCode(app.browser(), codes[0])
    const bytes = (await bytesOnDisk(app.store)).toString('latin1')
    const logged = JSON.stringify(app.logs)
    for (const code of codes)
      for (const text of [code, code.replaceAll('-', '')]) {
        expect(bytes).not.toContain(text)
        expect(logged).not.toContain(text)
      }
    for (const { id } of await rowsOf(app, 'recovery_codes')) expect(id).toMatch(/^[\w-]{43}$/)
  })

  test('sign the guest in on another device, once each, in a new session', async () => {
    const app = await startApp()
    const { browser, guest, codes } = await guestWithCodes(app)
    app.clock.forward(minute)
    const told = listen(app)
    const laptop = app.browser()
    const back = await signedIn(useCode(laptop, codes[3]!), guest.sub)
    const expected = { ...guest, recoverability: 'device', expires_at: unixSeconds(app) + 365 * day }
    expect(back.body).toEqual({ ...expected, recovery_codes_left: 9, offer_passkey: true })
    expect(await infoOf(laptop)).toEqual(expected)
    expect(await infoOf(browser), 'the other device stays signed in').toEqual(expected)
    expect(laptop.token).not.toBe(browser.token)
    const { sub: anonymous_id } = guest
    const event = { guest: guestOf(expected), session_id: await sessionIdOf(laptop), method: 'recovery_code' }
    expect(told).toEqual([
      ['guest.signed_in', { anonymous_id, ...event }],
      ['recovery_code.used', { anonymous_id, left: 9 }],
    ])
    expect((await auditOf(app, guest.sub)).slice(0, 2).toSorted()).toEqual([
      ...['guest.signed_in', 'recovery_code.used'],
    ])
    expect((await laptop.get('/guest/sessions')).body.sessions[0]).toMatchObject({ auth_time: null })
    await expectRefusal(app, () => useCode(app.browser(), codes[3]!), 401, 'recovery_code_wrong')
    for (const [i, code] of codes.toSpliced(3, 1).entries()) {
      const { body } = await signedIn(useCode(app.browser(), code), guest.sub)
      expect(body.recovery_codes_left).toBe(8 - i)
    }
    expect(await codesLeft(laptop)).toBe(0)
  })

  test('are accepted in any case, with any separators, and with letters that look like digits', async () => {
    const app = await startApp()
    const { browser, guest } = await guestWithCodes(app)
    // Each letter that looks like a digit needs a code with that digit.
    let codes: string[] = []
    let [ones, zeros, others]: string[][] = []
    do {
      codes = await newCodes(browser)
      ones = codes.filter((code) => code.includes('1')).slice(0, 4)
      zeros = codes.filter((code) => code.includes('0') && !ones!.includes(code)).slice(0, 2)
      others = codes.filter((code) => !ones!.includes(code) && !zeros!.includes(code))
    } while (ones.length < 4 || zeros.length < 2)
    const written = [
      ...['I', 'i', 'L', 'l'].map((letter, i) => ones![i]!.replaceAll('1', letter)),
      zeros[0]!.replaceAll('0', 'O'),
      zeros[1]!.replaceAll('-', '\u00a0').toLowerCase().replaceAll('0', 'o'),
      others[0]!.toLowerCase().replaceAll('-', ''),
      ` ${others[1]!.replaceAll('-', ' ')}\n`,
      others[2]!.replaceAll('-', '\u2013'),
      [...others[3]!].join(' '),
    ]
    for (const text of written) await signedIn(useCode(app.browser(), text), guest.sub)
  })

  test('that are new replace all earlier ones', async () => {
    const app = await startApp()
    const { browser, guest, codes } = await guestWithCodes(app)
    await useCode(app.browser(), codes[0])
    const told = listen(app)
    const others = await newCodes(browser)
    expect(told).toEqual([
      ['recovery_codes.changed', { anonymous_id: guest.sub, left: 10 }],
      ['recovery_codes.confirmed', { anonymous_id: guest.sub, left: 10 }],
    ])
    expect(await codesLeft(browser)).toBe(10)
    for (const code of codes)
      await expectRefusal(app, () => useCode(app.browser(), code), 401, 'recovery_code_wrong')
    await signedIn(useCode(app.browser(), others[0]), guest.sub)
  })

  test('are neither counted nor removed by other guests', async () => {
    const app = await startApp()
    const { guest, codes } = await guestWithCodes(app)
    const other = await guestWithCodes(app)
    await useCode(app.browser(), codes[0])
    expect(await codesLeft(other.browser)).toBe(10)
    expect((await other.browser.delete('/guest/recovery-codes?force=true')).status).toBe(204)
    await newCodes(other.browser)
    await signedIn(useCode(app.browser(), codes[1]!), guest.sub)
    for (const ask of [
      () => app.browser().get('/guest/recovery-codes'),
      () => app.browser().post('/guest/recovery-codes'),
      () => app.browser().delete('/guest/recovery-codes'),
    ])
      await expectRefusal(app, ask, 401, 'not_signed_in')
  })

  test('are in the export as a number, and are deleted with the account', async () => {
    const app = await startApp()
    const { browser, codes } = await guestWithCodes(app)
    await useCode(app.browser(), codes[0])
    const { body, text } = await browser.get('/guest/account/export')
    expect(body.recovery_codes).toEqual({ left: 9, created_at: unixSeconds(app), confirmed: true })
    for (const { id } of await rowsOf(app, 'recovery_codes')) expect(text).not.toContain(id)
    expect((await browser.delete('/guest/account')).status).toBe(204)
    expect(await rowsOf(app, 'recovery_codes')).toEqual([])
    await expectRefusal(app, () => useCode(app.browser(), codes[1]!), 401, 'recovery_code_wrong')
  })

  test('are prompted for until there are some, and again after the last one was used', async () => {
    const app = await startApp({ prompts: [{ prompt: 'add_recovery_codes' }, { prompt: 'add_passkey' }] })
    const browser = app.browser()
    const { sub, prompts } = await browser.signIn()
    expect(prompts).toEqual(['add_recovery_codes', 'add_passkey'])
    await app.guests.keep(sub)
    expect((await infoOf(browser)).prompts).toEqual(['add_recovery_codes', 'add_passkey'])
    const codes = await newCodes(browser)
    expect((await infoOf(browser)).prompts).toEqual(['add_passkey'])
    await browser.addPasskey(app.device())
    await useAllBut(app, codes, 1)
    expect((await infoOf(browser)).prompts).toEqual([])
    await useAllBut(app, codes.slice(9), 0)
    expect((await infoOf(browser)).prompts).toEqual(['add_recovery_codes'])
  })

  test('tell webhooks how many are left, and nothing else', async () => {
    const url = 'http://localhost:1/hooks'
    const app = await startApp({ webhooks: [{ url, secret: `whsec_${'A'.repeat(44)}` }] })
    const { browser, guest, codes } = await guestWithCodes(app)
    await useCode(app.browser(), codes[0])
    await useCode(app.browser(), codes[1]!)
    await browser.delete('/guest/recovery-codes?force=true')
    const sent = (await rowsOf(app, 'outbox'))
      .map(({ payload }) => JSON.parse(String(payload)))
      .filter(({ type }) => type !== 'guest.kept')
      .map(({ type, data }) => `${type} ${data.left} ${Object.keys(data)} ${data.anonymous_id === guest.sub}`)
    expect(sent.toSorted()).toEqual([
      'recovery_code.used 8 anonymous_id,left true',
      'recovery_code.used 9 anonymous_id,left true',
      'recovery_codes.changed 0 anonymous_id,left true',
      'recovery_codes.changed 10 anonymous_id,left true',
      'recovery_codes.confirmed 10 anonymous_id,left true',
    ])
  })
})

describe('a wrong code', () => {
  test('is refused with the same answer, whatever is wrong with it, and writes nothing', async () => {
    const app = await startApp()
    const { browser, codes } = await guestWithCodes(app)
    const gone = await guestWithCodes(app)
    await gone.browser.delete('/guest/account')
    const removed = await guestWithCodes(app)
    await removed.browser.delete('/guest/recovery-codes?force=true')
    await useCode(app.browser(), codes[0])
    const [id] = await rowsOf(app, 'recovery_codes')
    const visitor = app.browser()
    await visitor.signIn()
    const bodies = new Set<string>()
    for (const code of [
      ...['', '-', 'U', '0000-0000-0000-0000', codes[1]!.slice(0, -1), `${codes[1]}0`, 'Ω'.repeat(16)],
      ...[`${codes[1]!.slice(0, -1)}U`, String(id!.id), '𝟘'.repeat(16), '%', "' OR 1 = 1 --"],
      ...[codes[0], gone.codes[0], removed.codes[0]],
    ])
      for (const who of [visitor, browser, app.browser()]) {
        const { text } = await expectRefusal(app, () => useCode(who, code), 401, 'recovery_code_wrong')
        bodies.add(text)
      }
    expect(bodies.size).toBe(1)
    expect((await infoOf(visitor)).recoverability, 'the guest who failed is unchanged').toBe('none')
    expect(await codesLeft(browser)).toBe(9)
    for (const code of [undefined, 7, null, ['a'], 'A'.repeat(101), '\0', '\ud800'])
      await expectRefusal(
        app,
        () => visitor.post('/guest/sign-in/recovery-code', { code }),
        400,
        'invalid_request',
      )
  })

  test('counts towards the rate limit of its network', async () => {
    const app = await startApp({ rateLimit: { perMinute: 5 } })
    const visitor = app.browser()
    for (let i = 0; i < 5; i++) expect((await useCode(visitor, `${i}`)).status).toBe(401)
    const limited = await expectRefusal(app, () => useCode(visitor, '5'), 429, 'too_many_requests')
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('recoverability', () => {
  /** The recoverability, the same in all places that show it, and in how many days the guest expires. */
  async function saidOf(app: TestApp, browser: ReturnType<TestApp['browser']>) {
    const info = await infoOf(browser)
    const { access_token } = await granted(bySession(app, browser.cookie))
    const row = await rowOf(app, info)
    const { recoverability } = (await userinfo(app, access_token)).body
    const { expires_at } = row as { expires_at: number | null }
    const seconds = expires_at === null ? null : Number(expires_at) - unixSeconds(app)
    expect(info.expires_at).toBe(expires_at === null ? null : Number(expires_at))
    expect([recoverability, claimsOf(access_token).recoverability]).toEqual([
      ...[info.recoverability, info.recoverability],
    ])
    return [info.recoverability, seconds === null ? null : seconds / day]
  }
  const retention = { none: 10 * day, device: 20 * day, passkey: 30 * day, synced: 40 * day }
  const start = (options: Partial<Options> = {}) => startTokenApp({ retention, ...options })

  test('is device with codes, and none after the last one was used', async () => {
    const app = await start()
    const { browser, codes } = await guestWithCodes(app)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
    app.clock.forward(minute)
    await useAllBut(app, codes, 1)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
    app.clock.forward(minute)
    const laptop = app.browser()
    const { body } = await useCode(laptop, codes[9]!)
    expect(body).toMatchObject({ recoverability: 'none', recovery_codes_left: 0 })
    expect(body.expires_at).toBe(unixSeconds(app) + 10 * day)
    expect(await saidOf(app, laptop)).toEqual(['none', 10])
    expect(await saidOf(app, browser)).toEqual(['none', 10])
    await expectRefusal(app, () => laptop.post('/guest/sign-out'), 409, 'would_lose_account')
    await newCodes(laptop)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
    expect((await laptop.post('/guest/sign-out')).status).toBe(204)
  })

  test.each([
    ['passkey', false, 30],
    ['synced', true, 40],
  ])('is %s with a passkey, with codes or without', async (recoverability, synced, days) => {
    const app = await start()
    const { browser } = await keptGuest(app, { synced })
    const codes = await newCodes(browser)
    expect(await saidOf(app, browser)).toEqual([recoverability, days])
    app.clock.forward(minute)
    await useAllBut(app, codes, 1)
    expect(await saidOf(app, browser)).toEqual([recoverability, days])
    expect((await useCode(app.browser(), codes[9]!)).body.recoverability).toBe(recoverability)
    expect(await saidOf(app, browser)).toEqual([recoverability, days])
    const others = await newCodes(browser)
    expect((await browser.delete('/guest/recovery-codes')).status).toBe(204)
    expect(await saidOf(app, browser)).toEqual([recoverability, days])
    await expectRefusal(app, () => useCode(app.browser(), others[0]), 401, 'recovery_code_wrong')
  })

  test('is device with a device key, with codes or without', async () => {
    const app = await start()
    const { browser, guest, codes } = await guestWithCodes(app)
    await execute(
      app,
      `INSERT INTO device_keys (id, anonymous_id, public_key, algorithm, name, created_at, session_id)
      VALUES ('key', '${guest.sub}', '{}', 'ES256', 'Browser', 1, 'another')`,
    )
    await useAllBut(app, codes, 0)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
    await newCodes(browser)
    expect((await browser.delete('/guest/recovery-codes')).status).toBe(204)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
  })

  test('gives a regular user no expiry, with codes or without', async () => {
    const promoting = await startPromotingApp({ retention, clients: [...clients] } as Partial<Options>)
    const { app } = promoting
    const { browser } = await promotedUser(promoting, 'ada@example.org')
    const codes = await newCodes(browser)
    expect(await saidOf(app, browser)).toEqual(['device', null])
    await useAllBut(app, codes, 0)
    expect(await saidOf(app, browser)).toEqual(['none', null])
    await newCodes(browser)
    expect((await browser.delete('/guest/recovery-codes')).status, 'the login ID is a way back').toBe(204)
    expect(await saidOf(app, browser)).toEqual(['none', null])
    await newCodes(browser)
    expect((await browser.post('/guest/promotion/undo')).body.recoverability).toBe('device')
    expect(await saidOf(app, browser)).toEqual(['device', 20])
  })

  test('gives a new expiry when codes are made, even in an idle session', async () => {
    const app = await start()
    for (let round = 0; round < 5; round++) {
      const browser = app.browser()
      const guest = await browser.signIn()
      await app.guests.keep(guest.sub)
      app.clock.forward(hour) // so that the request itself also moves the earlier expiry
      await newCodes(browser)
      const expires_at = unixSeconds(app) + 20 * day
      await setTimeout(0)
      await vi.waitFor(async () => {
        const [session] = await rowsOf(app, 'sessions', `anonymous_id = '${guest.sub}'`)
        expect(Number(session!.last_seen_at)).toBe(unixSeconds(app))
      })
      expect(Number((await rowOf(app, guest))!.expires_at)).toBe(expires_at)
    }
  })

  test('is that of the time of the refresh in a refreshed token, and so is the expiry', async () => {
    const app = await start()
    const { guest, codes } = await guestWithCodes(app)
    const { body } = await sendJson(app, 'sign-in/recovery-code', { code: codes[0], client_id: 'app' })
    await useAllBut(app, codes.slice(1), 0)
    app.clock.forward(minute)
    const next = await granted(refresh(app, body.tokens.refresh_token, { client_id: 'app' }))
    expect(claimsOf(next.access_token).recoverability).toBe('none')
    expect(Number((await rowOf(app, guest))!.expires_at)).toBe(unixSeconds(app) + 10 * day)
  })
})

describe('removing recovery codes', () => {
  test('needs force if they are the only way back', async () => {
    const app = await startApp()
    const { browser, guest, codes } = await guestWithCodes(app)
    const told = listen(app)
    for (const query of ['', '?force=false'])
      await expectRefusal(
        app,
        () => browser.delete(`/guest/recovery-codes${query}`),
        409,
        'would_lose_account',
      )
    expect((await browser.delete('/guest/recovery-codes?force=true')).status).toBe(204)
    expect(told).toEqual([['recovery_codes.changed', { anonymous_id: guest.sub, left: 0 }]])
    expect(await infoOf(browser)).toMatchObject({
      ...{ recoverability: 'none', expires_at: unixSeconds(app) + 90 * day },
    })
    await expectRefusal(app, () => useCode(app.browser(), codes[0]), 401, 'recovery_code_wrong')
  })

  test('does nothing if there are none, and emits no event', async () => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const told = listen(app)
    expect((await browser.delete('/guest/recovery-codes')).status).toBe(204)
    expect(await tracesOf(app, guest.sub)).toEqual({})
    await app.guests.keep(guest.sub)
    await browser.get('/guest/userinfo')
    await rowBecomes(app, guest.sub, { label: guest.label })
    const before = await tables(app.store)
    expect((await browser.delete('/guest/recovery-codes')).status).toBe(204)
    expect(await tables(app.store)).toEqual(before)
    expect(told.map(([name]) => name)).toEqual(['guest.kept'])
  })
})

describe('a guest with a passkey', () => {
  test('needs a recent proof to make or remove codes', async () => {
    const app = await startApp({ stepUpSeconds: 300 })
    const { browser, device } = await keptGuest(app)
    const codes = await newCodes(browser)
    app.clock.forward(301)
    const recovered = app.browser()
    await useCode(recovered, codes[0])
    for (const who of [browser, recovered])
      for (const ask of [
        () => who.post('/guest/recovery-codes'),
        () => who.delete('/guest/recovery-codes'),
        () => who.delete('/guest/recovery-codes?force=true'),
      ])
        await expectRefusal(app, ask, 401, 'insufficient_user_authentication')
    expect((await browser.get('/guest/recovery-codes')).body.left).toBe(9)
    await browser.signInWithPasskey(device, { stepUp: true })
    await newCodes(browser)
  })

  test('has no proof of the passkey after a sign-in by a code: no step-up, and no claims of one', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    const [code, another] = await newCodes(browser)
    const recovered = app.browser()
    await useCode(recovered, code)
    const claims = claimsOf((await granted(bySession(app, recovered.cookie))).access_token)
    for (const claim of ['auth_time', 'acr', 'amr']) expect(claims).not.toHaveProperty(claim)
    const { passkeys } = (await recovered.get('/guest/passkeys')).body
    for (const ask of [
      () => recovered.delete('/guest/account'),
      () => recovered.delete(`/guest/passkeys/${passkeys[0].id}?force=true`),
    ])
      await expectRefusal(app, ask, 401, 'insufficient_user_authentication')
    // A session with a proof has none after a sign-in by a code.
    await useCode(browser, another!)
    await expectRefusal(app, () => browser.delete('/guest/account'), 401, 'insufficient_user_authentication')
  })
})

describe('a change of the codes', () => {
  const session = {
    kind: 'stored',
    anonymousId: 'guest',
    id: 'here',
    collection: 'users',
    recoverability: 'none',
    authTime: null,
  } as unknown as Session
  const collections = { users: { retention: { none: 1, device: 2, passkey: 3, synced: 4, warnSeconds: 0 } } }
  const ways = {
    make: (ctx: Context) => createRecoveryCodes(ctx, session),
    confirm: (ctx: Context) => confirmRecoveryCodes(ctx, session),
    remove: (ctx: Context) => removeRecoveryCodes(ctx, session, true),
  }

  /** A store that says so in its transaction, after the session was read. */
  const storeThatSays = (outcome: string) =>
    ({
      now: () => 1_700_000_000,
      config: { stepUpSeconds: 300, webhooks: [], collections },
      store: {
        replaceRecoveryCodes: async () => ({ outcome }),
        confirmRecoveryCodes: async () => ({ outcome }),
        removeRecoveryCodes: async () => outcome,
      },
    }) as unknown as Context

  test.each(Object.entries(ways))('is refused if the session ended meanwhile: %s', async (_, change) => {
    await expect(change(storeThatSays('ended'))).rejects.toMatchObject({ code: 'session_invalid' })
  })

  test('asks for the passkey that another tab has added meanwhile', async () => {
    for (const change of [ways.make, ways.remove])
      await expect(change(storeThatSays('unproven'))).rejects.toMatchObject({
        code: 'insufficient_user_authentication',
      })
  })
})

describe('codes from before a first passkey or login ID', () => {
  test('still sign in, and the answer to the first passkey says so, once it is asked again too', async () => {
    const app = await startApp()
    const { browser, guest, codes } = await guestWithCodes(app)
    const proof = await app.device().create(await askToRegister(browser))
    const added = await sendRegistration(browser, proof)
    expect([added.status, added.body.recovery_codes_left]).toEqual([201, 10])
    expect((await signedIn(useCode(app.browser(), codes[0]!), guest.sub)).body.recovery_codes_left).toBe(9)
    const again = await sendRegistration(browser, proof)
    expect([again.status, again.body.recovery_codes_left]).toEqual([200, 9])
    app.clock.forward(1)
    await newCodes(browser)
    expect((await sendRegistration(browser, proof)).body).not.toHaveProperty('recovery_codes_left')
    const further = await browser.addPasskey(app.device())
    expect(further.status, further.text).toBe(201)
    expect(further.body).not.toHaveProperty('recovery_codes_left')
  })

  test('still sign in, and the answer to the first login ID says so, by whatever way it is given', async () => {
    const promoting = await startPromotingApp({ redirectUris: ['https://app.example/back'] })
    const { app } = promoting
    const first = await guestWithCodes(app)
    const done = await promote(promoting, first.browser, 'ada@example.org')
    expect([done.status, done.body.recovery_codes_left]).toEqual([200, 10])
    const second = await promote(promoting, first.browser, 'ada@example.com')
    expect(second.status, second.text).toBe(200)
    expect(second.body).not.toHaveProperty('recovery_codes_left')
    const third = await guestWithCodes(app)
    const given = await authorized(promoting, third.browser, 'bea@example.org')
    expect((await finish(third.browser, given)).body.recovery_codes_left).toBe(10)
  })

  test('are not spoken of where there are none', async () => {
    const promoting = await startPromotingApp()
    const [one, other] = [promoting.app.browser(), promoting.app.browser()]
    await one.signIn()
    await other.signIn()
    const added = await one.addPasskey(promoting.app.device())
    expect(added.status).toBe(201)
    expect(added.body).not.toHaveProperty('recovery_codes_left')
    const done = await promote(promoting, other, 'ada@example.org')
    expect(done.status).toBe(200)
    expect(done.body).not.toHaveProperty('recovery_codes_left')
  })
})

describe('adding a passkey after a recovery', () => {
  /** A guest whose passkey is lost, signed in by a code on `laptop`. */
  async function recovered(options: Partial<Options> = {}) {
    const app = await startApp(options)
    const { browser, guest } = await keptGuest(app)
    const [code] = await newCodes(browser)
    app.clock.forward(hour)
    const laptop = app.browser()
    await signedIn(useCode(laptop, code), guest.sub)
    return { app, browser, laptop, guest }
  }

  test('needs no proof for ten minutes in that session, and ends no other session', async () => {
    const { app, browser, laptop, guest } = await recovered()
    app.clock.forward(10 * minute - 1)
    const device = app.device()
    const added = await laptop.addPasskey(device)
    expect(added.status, added.text).toBe(201)
    expect((await infoOf(browser)).sub, 'it is not the first passkey').toBe(guest.sub)
    await signedIn(app.browser().signInWithPasskey(device), guest.sub)
    // The new passkey has the same rights: a proof with it removes the lost one.
    await laptop.signInWithPasskey(device, { stepUp: true })
    const { passkeys } = (await laptop.get('/guest/passkeys')).body
    expect((await laptop.delete(`/guest/passkeys/${passkeys[0].id}`)).status).toBe(204)
  })

  test('needs a proof after ten minutes, and in other sessions of the guest', async () => {
    const { app, browser, laptop } = await recovered()
    const options = '/guest/passkeys/register/options'
    const refused = async (who: typeof browser) =>
      expect((await who.post(options)).body).toMatchObject({
        ...{ status: 401, code: 'insufficient_user_authentication' },
      })
    await refused(browser)
    app.clock.forward(10 * minute - 1)
    expect((await laptop.post(options)).status).toBe(200)
    app.clock.forward(1)
    await refused(laptop)
    app.clock.forward(day)
    await refused(laptop)
  })

  test('is all that needs no proof then: whatever else needs one is refused', async () => {
    const { app, laptop, guest } = await recovered()
    const [passkey] = (await laptop.get('/guest/passkeys')).body.passkeys
    const key = await addDeviceKey(laptop, new DeviceKey('ES256'))
    expect(key.status, key.text).toBe(201)
    for (const ask of [
      () => laptop.delete(`/guest/passkeys/${passkey.id}?force=true`),
      () => laptop.delete(`/guest/device-keys/${key.body.device_key.id}?force=true`),
      () => laptop.post('/guest/recovery-codes'),
      () => laptop.delete('/guest/recovery-codes?force=true'),
      () => laptop.post('/guest/device-links'),
      () => laptop.delete('/guest/account'),
    ])
      await expectRefusal(app, ask, 401, 'insufficient_user_authentication')
    expect((await infoOf(laptop)).sub).toBe(guest.sub)
  })

  test('needs a proof if the clock was set back by more than a minute', async () => {
    const { app, laptop } = await recovered()
    const options = '/guest/passkeys/register/options'
    app.clock.forward(-minute)
    expect((await laptop.post(options)).status, 'the clock of another node may be a minute behind').toBe(200)
    app.clock.forward(-1)
    await expectRefusal(app, () => laptop.post(options), 401, 'insufficient_user_authentication')
    app.clock.forward(-30 * minute)
    await expectRefusal(app, () => laptop.post(options), 401, 'insufficient_user_authentication')
  })

  test('needs no proof at any time if it is the first one, and begins a new session', async () => {
    const app = await startApp()
    const { browser, guest, codes } = await guestWithCodes(app)
    const laptop = app.browser()
    await useCode(laptop, codes[0])
    app.clock.forward(hour)
    const { token } = laptop
    const added = await laptop.addPasskey(app.device())
    expect(added.body).toMatchObject({ sub: guest.sub, recoverability: 'passkey' })
    expect(laptop.token).not.toBe(token)
    expect((await browser.get('/guest/userinfo')).status, 'every other session has ended').toBe(401)
    await signedIn(useCode(app.browser(), codes[1]!), guest.sub)
  })

  test('needs no proof for ten minutes, with the tokens of a client too', async () => {
    const app = await startTokenApp()
    const { browser, guest } = await keptGuest(app)
    const [code] = await newCodes(browser)
    const { body } = await sendJson(app, 'sign-in/recovery-code', { code, client_id: 'app' })
    expect(body).toMatchObject({ sub: guest.sub, offer_passkey: true, recovery_codes_left: 9 })
    expect(claimsOf(body.tokens.access_token)).toMatchObject({ sub: guest.sub, client_id: 'app' })
    app.clock.forward(9 * minute)
    const next = await granted(refresh(app, body.tokens.refresh_token, { client_id: 'app' }))
    const by = bearer(next.access_token)
    expect((await sendJson(app, 'passkeys/register/options', {}, by)).status).toBe(200)
    app.clock.forward(minute)
    expect((await sendJson(app, 'passkeys/register/options', {}, by)).status).toBe(401)
  })
})

describe('signing in by a code in a session', () => {
  test('of another guest who could not come back merges that guest', async () => {
    const app = await startApp()
    const { guest, codes } = await guestWithCodes(app)
    const visitor = app.browser()
    const left = await visitor.signIn()
    const old = copyOf(app, visitor)
    const { body } = await signedIn(useCode(visitor, codes[0]), guest.sub)
    expect(body).toMatchObject({ previous: asPrevious(left), merged: true, ticket: expect.any(String) })
    expect((await old.get('/guest/userinfo')).status).toBe(401)
  })

  test('of another guest who has recovery codes offers the merge', async () => {
    const app = await startApp()
    const [{ guest, codes }, other] = [await guestWithCodes(app), await guestWithCodes(app)]
    const left = await infoOf(other.browser)
    const { body } = await signedIn(useCode(other.browser, codes[0]), guest.sub)
    expect(body.previous).toEqual(asPrevious(left))
    expect(body).not.toHaveProperty('merged')
    await signedIn(useCode(app.browser(), other.codes[0]), other.guest.sub)
    expect((await other.browser.post('/guest/merge', { ticket: body.ticket })).status).toBe(200)
    const merged = await expectRefusal(
      app,
      () => useCode(app.browser(), other.codes[1]!),
      401,
      'guest_merged',
    )
    expect(cookiesSet(merged)).toEqual([])
    expect((await other.browser.post('/guest/merge/undo', { ticket: body.ticket })).status).toBe(200)
    await signedIn(useCode(app.browser(), other.codes[1]!), other.guest.sub)
  })

  test('of the same guest begins a new session and ends the old one', async () => {
    const app = await startApp()
    const { browser, guest, codes } = await guestWithCodes(app)
    const old = copyOf(app, browser)
    const { body } = await signedIn(useCode(browser, codes[0]), guest.sub)
    expect(body).not.toHaveProperty('previous')
    expect((await old.get('/guest/userinfo')).status).toBe(401)
    expect((await browser.get('/guest/sessions')).body.sessions).toHaveLength(1)
  })

  test('of a client begins a new one of that client, and never one of another client', async () => {
    const app = await startTokenApp()
    const { codes } = await guestWithCodes(app)
    for (const client_id of ['nobody', 'backend', 'diary'])
      expect((await sendJson(app, 'sign-in/recovery-code', { code: codes[0], client_id })).body.code).toBe(
        'invalid_client',
      )
    const { access_token } = await granted(anonymously(app, { client_id: 'app' }))
    const { body } = await sendJson(app, 'sign-in/recovery-code', { code: codes[0] }, bearer(access_token))
    expect(claimsOf(body.tokens.access_token).client_id).toBe('app')
    expect((await userinfo(app, access_token)).status, 'the session that was there has ended').toBe(401)
  })
})

describe('a code', () => {
  test('is not used up if the guest has sessions.max sessions', async () => {
    const app = await startApp({ sessions: { max: 2 } })
    const { browser, guest, codes } = await guestWithCodes(app)
    await useCode(app.browser(), codes[0])
    await expectRefusal(app, () => useCode(app.browser(), codes[1]!), 409, 'too_many_sessions')
    await browser.delete('/guest/sessions')
    await signedIn(useCode(app.browser(), codes[1]!), guest.sub)
  })
})

describe('an expired guest', () => {
  const retention = { none: 10 * day, device: 20 * day, graceSeconds: 30 * day }
  const webhooks = [{ url: 'http://localhost:1/hooks', secret: `whsec_${'A'.repeat(44)}` }]

  test.each([
    ['with codes left', 10, 'device', 20],
    ['the last one', 1, 'none', 10],
  ])('is restored by a code, %s, as the event says', async (_, count, recoverability, days) => {
    const app = await startApp({ retention, webhooks })
    const { browser, guest, codes } = await guestWithCodes(app)
    await useAllBut(app, codes, count)
    await makeDue(app, guest.sub)
    await pass(app, 0)
    expect(await rowOf(app, guest)).toMatchObject({ stage: 'expired' })
    expect((await browser.get('/guest/userinfo')).status).toBe(401)
    const told = listen(app)
    const back = await signedIn(useCode(app.browser(), codes[9]!), guest.sub)
    const expires_at = unixSeconds(app) + days * day
    expect(back.body).toMatchObject({ recoverability, expires_at, recovery_codes_left: count - 1 })
    const now = expect.objectContaining({ sub: guest.sub, recoverability, expires_at })
    const restored = { anonymous_id: guest.sub, guest: now }
    expect(told.find(([name]) => name === 'guest.restored')).toEqual(['guest.restored', restored])
    const sent = (await rowsOf(app, 'outbox', "event = 'guest.restored'")).map(({ payload }) =>
      JSON.parse(String(payload)),
    )
    expect(sent.map(({ data }) => data)).toEqual([restored])
  })

  test('is erased with the codes after graceSeconds', async () => {
    const app = await startApp({ retention })
    const { guest, codes } = await guestWithCodes(app)
    await makeDue(app, guest.sub)
    await pass(app, 0)
    await pass(app, 30 * day + 2 * hour)
    expect(await rowOf(app, guest)).toBeUndefined()
    expect(await rowsOf(app, 'recovery_codes')).toEqual([])
    await expectRefusal(app, () => useCode(app.browser(), codes[0]), 401, 'recovery_code_wrong')
  })
})

describe('at once, on two nodes with one store', () => {
  const secret = 'a secret that both nodes share, of more than 32 characters'
  const origin = 'http://localhost:4000'
  async function twoNodes(options: Partial<Options> = {}): Promise<[TestApp, TestApp]> {
    const store = await temporaryStore()
    const start = () => startApp({ store, origin, secret, ...options })
    return [await start(), await start()]
  }
  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted()

  test('one code sent fifty times signs in once', async () => {
    const nodes = await twoNodes()
    const { browser, guest, codes } = await guestWithCodes(nodes[0])
    for (const [round, code] of codes.entries()) {
      const visitors = Array.from({ length: 50 }, (_, i) => nodes[i % 2]!.browser())
      const answers = await Promise.all(visitors.map((visitor) => useCode(visitor, code)))
      expect(statuses(answers)).toEqual([200, ...Array(49).fill(401)])
      const winners = visitors.filter(({ token }) => token !== undefined)
      expect(winners).toHaveLength(1)
      expect((await infoOf(winners[0]!)).sub).toBe(guest.sub)
      expect(await codesLeft(browser)).toBe(9 - round)
    }
    expect(await infoOf(browser)).toMatchObject({ recoverability: 'none' })
  })

  test('ten codes all sign in, and each answer says how many are left', async () => {
    const nodes = await twoNodes()
    const { codes } = await guestWithCodes(nodes[0])
    const answers = await Promise.all(codes.map((code, i) => useCode(nodes[i % 2]!.browser(), code)))
    const left = answers.map(({ body }) => body.recovery_codes_left)
    expect(left.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const said = answers.map(({ body }) => `${body.recovery_codes_left > 0} ${body.recoverability}`)
    expect(new Set(said)).toEqual(new Set(['true device', 'false none']))
  })

  test('a code that is used while new ones are made works before that or not at all', async () => {
    const nodes = await twoNodes()
    const seen = new Set<number>()
    for (let round = 0; round < 40; round++) {
      const { browser, guest, codes } = await guestWithCodes(nodes[0])
      const visitor = nodes[1].browser()
      const [used, fresh] = await Promise.all([
        setTimeout(round % 4).then(() => useCode(visitor, codes[0])),
        setTimeout((round + 2) % 4).then(() => newCodes(browser)),
      ])
      seen.add(used.status)
      expect([200, 401]).toContain(used.status)
      expect(await codesLeft(browser)).toBe(10)
      expect(await rowsOf(nodes[0], 'recovery_codes', `anonymous_id = '${guest.sub}'`)).toHaveLength(10)
      expect((await useCode(nodes[0].browser(), codes[1]!)).status).toBe(401)
      await signedIn(useCode(nodes[1].browser(), fresh[0]), guest.sub)
    }
  })

  test('if two tabs make codes, only those of one tab work', async () => {
    const nodes = await twoNodes()
    for (let round = 0; round < 20; round++) {
      const browser = nodes[0].browser()
      const guest = await browser.signIn()
      const tab = copyOf(nodes[1], browser)
      const [one, other] = await Promise.all([newCodes(browser), newCodes(tab)])
      expect(await codesLeft(browser)).toBe(10)
      const works = await Promise.all(
        [one, other].map(async ([code]) => (await useCode(nodes[0].browser(), code)).status),
      )
      expect(works.toSorted()).toEqual([200, 401])
      expect((await infoOf(tab)).sub).toBe(guest.sub)
    }
  })

  test('a code that is used while the guest is erased leaves neither guest nor session', async () => {
    const nodes = await twoNodes()
    for (let round = 0; round < 40; round++) {
      const { browser, guest, codes } = await guestWithCodes(nodes[0])
      const visitor = nodes[1].browser()
      const [used, erased] = await Promise.all([
        setTimeout(round % 4).then(() => useCode(visitor, codes[0])),
        setTimeout((round + 2) % 4).then(() => browser.delete('/guest/account')),
      ])
      expect(erased.status).toBe(204)
      expect([200, 401]).toContain(used.status)
      expect(await rowOf(nodes[0], guest)).toBeUndefined()
      expect((await visitor.get('/guest/userinfo')).status).toBe(401)
      expect(await rowsOf(nodes[0], 'recovery_codes', `anonymous_id = '${guest.sub}'`)).toEqual([])
      expect((await useCode(nodes[0].browser(), codes[1]!)).status).toBe(401)
    }
  })

  test('codes that are made while the guest signs out work, or the guest is gone', async () => {
    const nodes = await twoNodes()
    for (let round = 0; round < 20; round++) {
      const browser = nodes[0].browser()
      const guest = await browser.signIn()
      const tab = copyOf(nodes[1], browser)
      const [made, left] = await Promise.all([
        setTimeout(round % 4).then(() => browser.post('/guest/recovery-codes')),
        setTimeout((round + 2) % 4).then(() => tab.post('/guest/sign-out', { force: true })),
      ])
      const row = await rowOf(nodes[0], guest)
      expect([201, 401], made.text).toContain(made.status)
      expect(left.status).toBeOneOf([204, 401])
      if (made.status === 201) await signedIn(useCode(nodes[1].browser(), made.body.codes[0]), guest.sub)
      else expect(row).toBeUndefined()
    }
  })

  test('no codes are made without a proof after another tab has added the first passkey', async () => {
    const nodes = await twoNodes()
    for (let round = 0; round < 20; round++) {
      const { browser } = await guestWithCodes(nodes[0])
      const tab = copyOf(nodes[1], browser)
      const [made, added] = await Promise.all([
        setTimeout(round % 10).then(() => browser.post('/guest/recovery-codes')),
        tab.addPasskey(nodes[1].device()),
      ])
      expect(added.status, added.text).toBe(201)
      expect([201, 401]).toContain(made.status)
      expect(await codesLeft(tab)).toBe(10)
      expect((await infoOf(tab)).recoverability).toBe('passkey')
    }
  })
})

test('the profile is there again after a sign-in by a recovery code', async () => {
  const app = await startApp({ profile: z.object({ nickname: z.string() }) } as Partial<Options>)
  const { browser, guest, codes } = await guestWithCodes(app)
  await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
  const laptop = app.browser()
  await signedIn(useCode(laptop, codes[0]), guest.sub)
  expect((await laptop.get('/guest/profile')).body.attributes).toEqual({ nickname: 'Fox' })
})

test('a regular user who signs in by a code is still a regular user', async () => {
  const promoting = await startPromotingApp()
  const { browser, guest, codes } = await guestWithCodes(promoting.app)
  await promote(promoting, browser, 'ada@example.org')
  const { body } = await signedIn(useCode(promoting.app.browser(), codes[0]), guest.sub)
  expect(body).toMatchObject({ isAnonymous: false, expires_at: null, recovery_codes_left: 9 })
})
