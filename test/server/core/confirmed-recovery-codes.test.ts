// Recovery codes count as a way back once the guest has confirmed that they were written down.

import { describe, expect, test } from 'vitest'
import type { GuestEvents, Options } from '../../../server/index.ts'
import { type Browser, guestOf, startApp, type TestApp } from '../../support/app.ts'
import { copyOf, keptGuest } from '../../support/ceremonies.ts'
import { DeviceKey } from '../../support/device-key.ts'
import { addDeviceKey } from '../../support/device-keys.ts'
import { tracesOf, unixSeconds } from '../../support/guest-rows.ts'
import { auditOf, day, minute, recordingHost, rowOf, signedIn } from '../../support/merging.ts'
import { promote, startPromotingApp } from '../../support/promotion.ts'
import {
  codesLeft,
  confirmCodes,
  execute,
  guestWithCodes,
  newCodes,
  unconfirmedCodes,
  useCode,
} from '../../support/recovery.ts'
import { expectRefusal } from '../../support/refusals.ts'
import {
  anonymously,
  bearer,
  bySession,
  claimsOf,
  granted,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../support/tokens.ts'

const retention = { none: 10 * day, device: 20 * day, passkey: 30 * day, synced: 40 * day }
const infoOf = async (browser: Browser) => (await browser.get('/guest/userinfo')).body
const statusOf = async (browser: Browser) => (await browser.get('/guest/recovery-codes')).body

/** A guest who has codes and has not said that they were written down. */
async function withCodesOf(app: TestApp) {
  const browser = app.browser()
  const guest = await browser.signIn()
  return { browser, guest, codes: await unconfirmedCodes(browser) }
}

/** The recoverability, the same in all places that show it, and in how many days the guest expires. */
async function saidOf(app: TestApp, browser: Browser) {
  const info = await infoOf(browser)
  const { access_token } = await granted(bySession(app, browser.cookie))
  expect((await userinfo(app, access_token)).body.recoverability).toBe(info.recoverability)
  expect(claimsOf(access_token).recoverability).toBe(info.recoverability)
  const row = await rowOf(app, info)
  expect(Number(row?.expires_at)).toBe(info.expires_at)
  return [info.recoverability, (info.expires_at - unixSeconds(app)) / day]
}

describe('codes that are not confirmed', () => {
  test('are no way back, in what is said, promised, asked for and allowed, until they are', async () => {
    const app = await startTokenApp({ retention, prompts: [{ prompt: 'add_recovery_codes' }] })
    const told: GuestEvents['recovery_codes.confirmed'][] = []
    app.guests.on('recovery_codes.confirmed', (event) => void told.push(event))
    const { browser, guest } = await withCodesOf(app)
    expect(await saidOf(app, browser)).toEqual(['none', 10])
    expect((await infoOf(browser)).prompts).toEqual(['add_recovery_codes'])
    for (const everywhere of [false, true])
      await expectRefusal(
        app,
        () => browser.post('/guest/sign-out', { everywhere }),
        409,
        'would_lose_account',
      )
    expect(told).toEqual([])

    app.clock.forward(minute)
    const { status, body, headers } = await confirmCodes(browser)
    expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(body).toEqual({ left: 10, created_at: unixSeconds(app) - minute, confirmed: true })
    expect(await statusOf(browser)).toEqual(body)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
    expect((await infoOf(browser)).prompts).toEqual([])

    expect((await confirmCodes(browser)).body, 'a second time').toEqual(body)
    expect(told).toEqual([{ anonymous_id: guest.sub, left: 10 }])
    expect(await auditOf(app, guest, 'recovery_codes.confirmed')).toHaveLength(1)
    expect((await browser.post('/guest/sign-out', { everywhere: true })).status).toBe(204)
  })

  test('sign in, which confirms the others', async () => {
    const app = await startTokenApp({ retention })
    const { browser, guest, codes } = await withCodesOf(app)
    const laptop = app.browser()
    const back = await signedIn(useCode(laptop, codes[0]), guest.sub)
    expect(back.body).toMatchObject({ recoverability: 'device', recovery_codes_left: 9 })
    expect(await statusOf(browser)).toMatchObject({ left: 9, confirmed: true })
    expect(await saidOf(app, laptop)).toEqual(['device', 20])
    expect((await laptop.post('/guest/sign-out')).status).toBe(204)
  })

  test('that replace confirmed ones leave the guest without a way back, as the answers say', async () => {
    const app = await startTokenApp({ retention })
    const { browser, codes } = await guestWithCodes(app)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
    expect((await browser.post('/guest/recovery-codes')).body).toMatchObject({ left: 10, confirmed: false })
    expect(await statusOf(browser)).toMatchObject({ left: 10, confirmed: false })
    expect(await saidOf(app, browser)).toEqual(['none', 10])
    await expectRefusal(app, () => useCode(app.browser(), codes[0]), 401, 'recovery_code_wrong')
    await expectRefusal(app, () => browser.post('/guest/sign-out'), 409, 'would_lose_account')
    await confirmCodes(browser)
    expect(await saidOf(app, browser)).toEqual(['device', 20])
  })

  test('are removed without force, because nothing is lost with them', async () => {
    const app = await startTokenApp({ retention })
    const { browser } = await withCodesOf(app)
    expect((await browser.delete('/guest/recovery-codes')).status).toBe(204)
    expect(await codesLeft(browser)).toBe(0)
    expect(await saidOf(app, browser)).toEqual(['none', 10])
  })

  test('do not let the last device key go, by removal or by a sign-out everywhere', async () => {
    const app = await startTokenApp({ retention })
    const { browser } = await withCodesOf(app)
    const { body } = await addDeviceKey(browser, new DeviceKey('ES256'))
    expect(await saidOf(app, browser)).toEqual(['device', 20])
    await newCodes(browser)
    await unconfirmedCodes(browser)
    expect(await saidOf(app, browser), 'the key counts').toEqual(['device', 20])
    const remove = () => browser.delete(`/guest/device-keys/${body.device_key.id}`)
    const leave = () => browser.post('/guest/sign-out', { everywhere: true })
    await expectRefusal(app, remove, 409, 'would_lose_account')
    await expectRefusal(app, leave, 409, 'would_lose_account')
    await confirmCodes(browser)
    expect((await remove()).status).toBe(204)
    expect((await leave()).status).toBe(204)
  })

  test('are named in the answer to a first login ID, which ends the device keys, and the event says none', async () => {
    const promoting = await startPromotingApp()
    const { browser } = await withCodesOf(promoting.app)
    await addDeviceKey(browser, new DeviceKey('ES256'))
    const told: string[] = []
    promoting.app.guests.on('guest.promoted', ({ guest }) => void told.push(guest.recoverability))
    const { body } = await promote(promoting, browser, 'ada@example.org')
    expect(body).toMatchObject({ recoverability: 'none', recovery_codes_left: 10 })
    expect(told).toEqual(['none'])
    expect((await browser.delete('/guest/recovery-codes')).status).toBe(204)
  })

  test('that are confirmed are the way back after a first login ID, as the answer and the event say', async () => {
    const promoting = await startPromotingApp()
    const { browser } = await withCodesOf(promoting.app)
    await confirmCodes(browser)
    await addDeviceKey(browser, new DeviceKey('ES256'))
    const told: string[] = []
    promoting.app.guests.on('guest.promoted', ({ guest }) => void told.push(guest.recoverability))
    const { body } = await promote(promoting, browser, 'ada@example.org')
    expect(body).toMatchObject({ recoverability: 'device', recovery_codes_left: 10 })
    expect(told).toEqual(['device'])
  })

  test('do not keep their guest from a merge unasked; confirmed ones do', async () => {
    const host = recordingHost()
    const app = await startApp({ merge: host.hooks } as Partial<Options>)
    const winner = await keptGuest(app)
    for (const isConfirmed of [false, true]) {
      const { browser, guest } = await withCodesOf(app)
      if (isConfirmed) await confirmCodes(browser)
      const { body } = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
      expect(body.previous.recoverability).toBe(isConfirmed ? 'device' : 'none')
      expect(body.merged ?? false).toBe(!isConfirmed)
      expect(host.merges.some(({ from }) => from.anonymous_id === guest.sub)).toBe(!isConfirmed)
    }
  })
})

describe('codes count as confirmed', () => {
  test('if a node of before wrote them, which knows no such column', async () => {
    const app = await startTokenApp({ retention })
    const { browser, guest } = await withCodesOf(app)
    await execute(app, `DELETE FROM recovery_codes WHERE anonymous_id = '${guest.sub}'`)
    await execute(
      app,
      `INSERT INTO recovery_codes (id, anonymous_id, created_at) VALUES ('hash', '${guest.sub}', 1)`,
    )
    expect(await statusOf(browser)).toEqual({ left: 1, created_at: 1, confirmed: true })
    expect((await saidOf(app, browser))[0]).toBe('device')
    expect((await browser.post('/guest/sign-out')).status).toBe(204)
  })
})

describe('confirming', () => {
  test('is refused if there are no codes, and writes nothing', async () => {
    const app = await startApp()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const detail = 'There are no recovery codes to confirm. Make some first.'
    const refused = async () => {
      const { body } = await expectRefusal(app, () => confirmCodes(browser), 404, 'not_found')
      expect(body.detail).toBe(detail)
    }
    await refused()
    expect(await tracesOf(app, sub)).toEqual({})
    await unconfirmedCodes(browser)
    await browser.delete('/guest/recovery-codes')
    await refused()
    await expectRefusal(app, () => confirmCodes(app.browser()), 401, 'not_signed_in')
  })

  test('is refused in a session that has ended, and from another guest’s session changes nothing', async () => {
    const app = await startApp()
    const { browser, codes } = await withCodesOf(app)
    const old = copyOf(app, browser)
    const { sub } = await infoOf(old) // before the sign-in, which ends this session
    await signedIn(useCode(browser, codes[0]), sub)
    await unconfirmedCodes(browser)
    await expectRefusal(app, () => confirmCodes(old), 401, 'session_invalid')
    await guestWithCodes(app)
    expect(await statusOf(browser)).toMatchObject({ confirmed: false })
  })

  test('needs no passkey, because it gives no power', async () => {
    const app = await startApp({ stepUpSeconds: 300 })
    const { browser } = await keptGuest(app)
    await unconfirmedCodes(browser)
    app.clock.forward(301)
    expect((await confirmCodes(browser)).body.confirmed).toBe(true)
    expect(guestOf(await infoOf(browser)).recoverability).toBe('passkey')
  })

  test('works with the tokens of an app', async () => {
    const app = await startTokenApp({ retention })
    const { access_token } = await granted(anonymously(app, { client_id: 'app' }))
    const by = bearer(access_token)
    expect((await sendJson(app, 'recovery-codes', {}, by)).body).toMatchObject({ confirmed: false })
    expect((await userinfo(app, access_token)).body.recoverability).toBe('none')
    expect((await sendJson(app, 'recovery-codes/confirm', {}, by)).body).toMatchObject({ confirmed: true })
    expect((await userinfo(app, access_token)).body.recoverability).toBe('device')
  })
})
