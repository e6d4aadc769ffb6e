// Device links (THREATS, "Device links" and "CSRF"): only a device that is signed in lets another one in.

import supertest, { type Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import { claimDeviceLink, startDeviceLink } from '../../../../server/core/device-links/device-links.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import { GuestError, type GuestEvents, type Options } from '../../../../server/index.ts'
import type { DeviceLinkRow } from '../../../../server/store/store.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { tracesOf } from '../../../support/guest-rows.ts'
import {
  asPrevious,
  day,
  livingSessions,
  minute,
  recordingHost,
  rowsOf,
  signedIn,
} from '../../../support/merging.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { bytesOnDisk, execute } from '../../../support/tables.ts'
import { bearer, claimsOf, refresh, sendJson, startTokenApp, userinfo } from '../../../support/tokens.ts'

const device = { platform: 'Android', browser: 'Chrome' }
const unusable = { status: 400, code: 'link_invalid' } as const

type Started = { id: string; code: string; link: string; expires_at: number }
type Opened = { secret: string; words: string[]; label: string; expires_at: number; interval: number }

async function start(browser: Browser): Promise<Started> {
  const { status, body, text } = await browser.post('/guest/device-links')
  expect(status, text).toBe(201)
  return body
}

const tryOpen = (browser: Browser, given: object): Promise<Response> =>
  browser.post('/guest/device-links/open', { device, ...given })

async function open(browser: Browser, given: object): Promise<Opened> {
  const { status, body, text } = await tryOpen(browser, given)
  expect(status, text).toBe(200)
  return body
}

const decide = (browser: Browser, { id }: { id: string }, approve = true): Promise<Response> =>
  browser.patch(`/guest/device-links/${id}`, { approve })

async function approve(browser: Browser, link: { id: string }): Promise<void> {
  const { status, body, text } = await decide(browser, link)
  expect(`${status} ${body.status}`, text).toBe('200 approved')
}

const claim = (browser: Browser, { secret }: { secret: string }): Promise<Response> =>
  browser.post('/guest/device-links/claim', { secret })

const statusOf = async (browser: Browser, { id }: { id: string }): Promise<string> =>
  (await browser.get(`/guest/device-links/${id}`)).body.status

/** A signed-in guest (`maker`; by default one who is not kept), and a link that another device has opened. */
async function opened(app: TestApp, maker?: { browser: Browser; guest: { sub: string } }) {
  const browser = maker?.browser ?? app.browser()
  const guest = maker?.guest ?? (await browser.signIn())
  const link = await start(browser)
  const laptop = app.browser()
  return { browser, guest, link, laptop, opening: await open(laptop, { link: link.link }) }
}

/** The same, approved. */
async function approved(app: TestApp, maker?: Parameters<typeof opened>[1]) {
  const whole = await opened(app, maker)
  await approve(whole.browser, whole.link)
  return whole
}

const isNobody = async (browser: Browser) => {
  expect(browser.token).toBeUndefined()
  expect((await browser.get('/guest/userinfo')).status).toBe(401)
}

/** Two nodes with one store and one clock. */
async function twoNodes(options: Partial<Options> = {}): Promise<[TestApp, TestApp]> {
  const secret = 'a secret that both nodes share, of more than 32 characters'
  const one = await startApp({ secret, origin: 'http://localhost:4000', ...options })
  const other = await startApp({
    ...{ secret, origin: one.origin, store: one.store, now: one.clock.now, ...options },
  })
  return [one, other]
}

/** The same browser as the other node sees it. */
const at = (node: TestApp, browser: Browser): Browser => copyOf(node, browser)

describe('a device that is signed in', () => {
  test('lets another one in by a scan, after approval; the guest is kept only then', async () => {
    const app = await startApp()
    const events: [string, unknown][] = []
    for (const name of ['guest.kept', 'guest.signed_in', 'device.linked'] as const)
      app.guests.on(name, (event: GuestEvents[typeof name]) => void events.push([name, event]))
    const [phone, laptop] = [app.browser(), app.browser()]
    const guest = await phone.signIn()
    const before = await app.rows()
    const link = await start(phone)
    expect(link).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      link: expect.stringMatching(/^[\w-]{22}\.[\w-]{22}$/),
      expires_at: Math.floor(app.clock.now() / 1000) + 10 * minute,
    })
    expect(await app.rows()).toEqual({ ...before, device_links: 1 })
    const shown = await phone.get(`/guest/device-links/${link.id}`)
    expect(shown.body).toEqual({ id: link.id, status: 'waiting', expires_at: link.expires_at })

    const opening = await open(laptop, { link: link.link })
    expect(opening).toEqual({
      secret: expect.stringMatching(/^[\w-]{43}$/),
      words: [expect.stringMatching(/^[a-z]+$/), expect.stringMatching(/^[a-z]+$/)],
      label: guest.label,
      expires_at: Math.floor(app.clock.now() / 1000) + 2 * minute,
      interval: 2,
    })
    const asking = await phone.get(`/guest/device-links/${link.id}`)
    const { words, expires_at } = opening
    expect(asking.body).toEqual({ id: link.id, status: 'opened', words, device, expires_at })
    const undecided = await claim(laptop, opening)
    expect([undecided.status, undecided.body]).toEqual([202, { status: 'opened', interval: 2 }])
    expect(await app.rows(), 'a scan alone links nothing').toEqual({ ...before, device_links: 1 })
    await isNobody(laptop)

    const decided = await decide(phone, link)
    expect([decided.status, decided.body]).toEqual([200, { id: link.id, status: 'approved', expires_at }])
    const back = await signedIn(claim(laptop, opening), guest.sub)
    expect(back.body).toMatchObject({ label: guest.label, offer_passkey: true, recoverability: 'none' })
    expect((await laptop.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect((await phone.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect(await statusOf(phone, link)).toBe('done')
    const { sessions } = (await laptop.get('/guest/sessions')).body
    const { id } = sessions.find(({ current }: { current: boolean }) => current)
    expect(sessions).toHaveLength(2)
    const { anonymous_id } = guest
    const about = { anonymous_id, guest: expect.objectContaining({ anonymous_id }) }
    expect(events.slice(1)).toEqual([
      ['guest.kept', about],
      ['guest.signed_in', { ...about, session_id: id, method: 'device_link' }],
      ['device.linked', { anonymous_id, session_id: id }],
    ])
    const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(trail.map(({ action, outcome }) => `${action} ${outcome}`).toSorted()).toEqual([
      ...['device.linked done', 'guest.kept done', 'guest.signed_in done'],
    ])
  })

  test.each([
    ['as it is shown', (code: string) => code],
    ['in lower case', (code: string) => code.toLowerCase()],
    ['without the hyphen', (code: string) => code.replace('-', '')],
    ['with blanks', (code: string) => ` ${[...code].join(' ')} `],
  ])('lets another one in by the code, typed %s', async (_how, typed) => {
    const app = await startApp()
    const phone = app.browser()
    const guest = await phone.signIn()
    const link = await start(phone)
    const laptop = app.browser()
    const opening = await open(laptop, { code: typed(link.code) })
    await approve(phone, link)
    await signedIn(claim(laptop, opening), guest.sub)
  })

  test('needs a recent proof if the guest has a passkey; the new device may add one for ten minutes', async () => {
    const app = await startApp()
    const kept = await keptGuest(app)
    app.clock.forward(5 * minute + 1)
    const stale = () => kept.browser.post('/guest/device-links')
    await expectRefusal(app, stale, 401, 'insufficient_user_authentication')
    await kept.browser.signInWithPasskey(kept.device, { stepUp: true })
    const { laptop, opening } = await approved(app, kept)
    const back = await signedIn(claim(laptop, opening), kept.guest.sub)
    expect(back.body.recoverability).toBe('passkey')
    const [current] = (await laptop.get('/guest/sessions')).body.sessions.filter(
      (one: { current: boolean }) => one.current,
    )
    expect(current.auth_time, 'no passkey was proven').toBeNull()
    const further = () => laptop.post('/guest/device-links')
    await expectRefusal(app, further, 401, 'insufficient_user_authentication')
    app.clock.forward(10 * minute - 1)
    expect((await laptop.addPasskey(app.device())).status).toBe(201)
    app.clock.forward(1)
    const late = await laptop.post('/guest/passkeys/register/options')
    expect(late.body.code, late.text).toBe('insufficient_user_authentication')
  })

  test('lets another one in through another node', async () => {
    const [one, other] = await twoNodes()
    const phone = one.browser()
    const guest = await phone.signIn()
    const link = await start(phone)
    const laptop = other.browser()
    const opening = await open(laptop, { code: link.code })
    expect(await statusOf(at(other, phone), link)).toBe('opened')
    expect((await claim(at(one, laptop), opening)).status).toBe(202)
    await approve(at(other, phone), link)
    await signedIn(claim(at(one, laptop), opening), guest.sub)
  })

  test('makes one link at a time: a new one replaces the earlier one, opened or not', async () => {
    const app = await startApp()
    const { browser, link, laptop, opening } = await opened(app)
    const next = await start(browser)
    expect((await app.rows()).device_links).toBe(1)
    await expectRefusal(app, () => claim(laptop, opening), 400, 'link_invalid')
    await expectRefusal(app, () => decide(browser, link), 404, 'not_found')
    const last = await start(browser)
    for (const given of [{ code: next.code }, { link: next.link }])
      await expectRefusal(app, () => tryOpen(laptop, given), 400, 'link_invalid')
    await open(laptop, { link: last.link })
  })

  test('deletes a link', async () => {
    const app = await startApp()
    const { browser, link, laptop, opening } = await approved(app)
    expect((await browser.delete(`/guest/device-links/${link.id}`, {})).status).toBe(204)
    await expectRefusal(app, () => claim(laptop, opening), 400, 'link_invalid')
    await expectRefusal(app, () => browser.get(`/guest/device-links/${link.id}`), 404, 'not_found')
    await expectRefusal(app, () => browser.delete(`/guest/device-links/${link.id}`, {}), 404, 'not_found')
    await isNobody(laptop)
  })

  test('can refuse, even after approval, until the other one is signed in', async () => {
    const app = await startApp()
    for (const first of [false, true]) {
      const { browser, link, laptop, opening } = await opened(app)
      if (first) await approve(browser, link)
      for (const _ of ['once', 'and again']) {
        const refused = await decide(browser, link, false)
        expect(refused.body).toEqual({ id: link.id, status: 'refused', expires_at: opening.expires_at })
        await expectRefusal(app, () => claim(laptop, opening), 403, 'link_refused')
      }
      await expectRefusal(app, () => decide(browser, link, true), 400, 'link_invalid')
      await isNobody(laptop)
    }
    const { browser, link, laptop, opening } = await approved(app)
    await claim(laptop, opening)
    await expectRefusal(app, () => decide(browser, link, false), 400, 'link_invalid')
    expect((await decide(browser, link, true)).body.status).toBe('done')
  })

  test('writes its refusal to the audit trail of a kept guest', async () => {
    const app = await startApp()
    const { browser, guest, link } = await opened(app, await keptGuest(app))
    await decide(browser, link, false)
    const lines = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(lines.find(({ action }) => action === 'device.linked')).toMatchObject({ outcome: 'link_refused' })
    const unkept = await opened(app)
    await decide(unkept.browser, unkept.link, false)
    expect(await app.guests.auditTrail({ anonymousId: unkept.guest.sub })).toEqual([])
    expect((await app.rows()).guests, 'a refusal keeps nobody').toBe(1)
  })

  test('cannot decide before another device has opened the link', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    const link = await start(browser)
    for (const yes of [true, false]) {
      const { body } = await expectRefusal(app, () => decide(browser, link, yes), 400, 'link_invalid')
      expect(body.detail).toMatch(/^No device waits for this decision/)
    }
    await open(app.browser(), { link: link.link })
    expect((await decide(browser, link)).status).toBe(200)
  })
})

describe('a link', () => {
  test('is opened once, by code or by scan', async () => {
    const app = await startApp()
    for (const first of ['code', 'link'] as const) {
      const phone = app.browser()
      await phone.signIn()
      const link = await start(phone)
      const laptop = app.browser()
      const opening = await open(laptop, { [first]: link[first] })
      for (const given of [{ code: link.code }, { link: link.link }])
        await expectRefusal(app, () => tryOpen(app.browser(), given), 400, 'link_invalid')
      await approve(phone, link)
      expect((await claim(laptop, opening)).status).toBe(200)
      for (const given of [{ code: link.code }, { link: link.link }])
        await expectRefusal(app, () => tryOpen(app.browser(), given), 400, 'link_invalid')
    }
  })

  test('waits ten minutes to be opened', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const link = await start(phone)
    app.clock.forward(10 * minute - 1)
    await open(app.browser(), { link: link.link })
    const late = await start(phone)
    app.clock.forward(10 * minute)
    for (const given of [{ code: late.code }, { link: late.link }])
      await expectRefusal(app, () => tryOpen(app.browser(), given), 400, 'link_invalid')
    await expectRefusal(app, () => phone.get(`/guest/device-links/${late.id}`), 404, 'not_found')
    await expectRefusal(app, () => decide(phone, late), 404, 'not_found')
  })

  test('must be approved and claimed within two minutes after it was opened, however late that was', async () => {
    const app = await startApp()
    const phone = app.browser()
    const guest = await phone.signIn()
    const link = await start(phone)
    app.clock.forward(10 * minute - 1)
    const laptop = app.browser()
    const opening = await open(laptop, { link: link.link })
    app.clock.forward(2 * minute - 1)
    await approve(phone, link)
    await signedIn(claim(laptop, opening), guest.sub)

    const slow = await opened(app)
    app.clock.forward(2 * minute)
    await expectRefusal(app, () => decide(slow.browser, slow.link), 404, 'not_found')
    await expectRefusal(app, () => claim(slow.laptop, slow.opening), 400, 'link_invalid')
    const tardy = await approved(app)
    app.clock.forward(2 * minute)
    await expectRefusal(app, () => claim(tardy.laptop, tardy.opening), 400, 'link_invalid')
    await isNobody(tardy.laptop)
  })

  test('is deleted by the next clean-up after it has expired, and what it held is emptied before', async () => {
    const app = await startApp()
    const whole = await opened(app)
    const [row] = await rowsOf(app, 'device_links')
    expect(row).toMatchObject({ status: 'opened', words: whole.opening.words.join(' ') })
    expect(row).toMatchObject({ locator: null, code: null, secret: null, label: null })
    expect(JSON.parse(row!.asking as string)).toEqual(device)
    await approve(whole.browser, whole.link)
    expect((await rowsOf(app, 'device_links'))[0]).toMatchObject({ words: null, asking: null })
    const other = await opened(app)
    await decide(other.browser, other.link, false)
    const unanswered = await opened(app)
    expect(await rowsOf(app, 'device_links', 'asking IS NOT NULL')).toHaveLength(1)
    app.clock.forward(2 * minute - 1)
    await app.guests.runChores()
    expect((await app.rows()).device_links).toBe(3)
    app.clock.forward(61)
    await app.guests.runChores()
    expect((await app.rows()).device_links).toBe(0)
    await expectRefusal(app, () => claim(unanswered.laptop, unanswered.opening), 400, 'link_invalid')
  })

  test('is in the store only as hashes', async () => {
    const app = await startApp()
    const waiting = app.browser()
    await waiting.signIn()
    const { code, link } = await start(waiting)
    const { laptop, opening } = await approved(app)
    await claim(laptop, opening)
    const bytes = await bytesOnDisk(app.store)
    const secrets = [
      link.split('.')[1]!,
      code,
      code.replace('-', ''),
      opening.secret,
      laptop.token!.split('.')[1]!,
    ]
    for (const secret of secrets) expect(bytes.includes(secret), secret).toBe(false)
    expect(JSON.stringify(await rowsOf(app, 'device_links'))).not.toContain(`"${code.split('-')[1]}"`)
  })
})

describe('wrong codes', () => {
  const from = (app: TestApp, network: number, code: string): Promise<Response> =>
    sendJson(app, 'device-links/open', { code, device }, { 'X-Forwarded-For': `198.51.${network}.7` })
  const startProxied = () => startApp({}, (host) => void host.set('trust proxy', true))
  const wrong = (code: string) => code.slice(0, -1) + (code.endsWith('B') ? 'C' : 'B')
  const nowhere = (link: Started) => (link.code.startsWith('B') ? 'CCCC-BBBB' : 'BBBB-CCCC')

  test('delete the link after five, counted over all nodes', async () => {
    const [one, other] = await twoNodes()
    const phone = one.browser()
    await phone.signIn()
    const link = await start(phone)
    for (let i = 0; i < 4; i++)
      expect((await tryOpen([one, other][i % 2]!.browser(), { code: wrong(link.code) })).body).toMatchObject(
        unusable,
      )
    expect(await statusOf(phone, link)).toBe('waiting')
    expect((await tryOpen(one.browser(), { code: wrong(link.code) })).body).toMatchObject(unusable)
    for (const given of [{ code: link.code }, { link: link.link }])
      await expectRefusal(other, () => tryOpen(other.browser(), given), 400, 'link_invalid')
    await expectRefusal(one, () => phone.get(`/guest/device-links/${link.id}`), 404, 'not_found')
  })

  test('leave the link to the right code after four', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const link = await start(phone)
    for (let i = 0; i < 4; i++) await tryOpen(app.browser(), { code: wrong(link.code) })
    await open(app.browser(), { code: link.code })
  })

  test('all count if fifty are sent at once: twenty reach the store, and the link is deleted', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const link = await start(phone)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => tryOpen(app.browser(), { code: wrong(link.code) })),
    )
    const codes = answers.map(({ body }) => body.code).toSorted()
    expect(codes).toEqual([...Array(20).fill('link_invalid'), ...Array(30).fill('too_many_guesses')])
    await expectRefusal(app, () => phone.get(`/guest/device-links/${link.id}`), 404, 'not_found')
  })

  test('are limited to twenty an hour from one network, but not scans or other networks', async () => {
    const app = await startProxied()
    const phone = app.browser()
    await phone.signIn()
    const link = await start(phone)
    const late = Math.ceil(app.clock.now() / 1000 / 3600) * 3600 - Math.floor(app.clock.now() / 1000)
    // A malformed code guesses nothing, and does not count.
    for (const code of ['BCDF', '', 'AAAA-AAAA', ...Array(19).fill(nowhere(link))])
      expect((await from(app, 1, code)).body, code).toMatchObject(unusable)
    const refused = await expectRefusal(app, () => from(app, 1, link.code), 429, 'too_many_guesses')
    expect(Math.abs(Number(refused.headers['retry-after']) - late)).toBeLessThanOrEqual(1)
    const scanned = await sendJson(
      app,
      'device-links/open',
      { link: link.link, device },
      { 'X-Forwarded-For': '198.51.1.7' },
    )
    expect(scanned.status, scanned.text).toBe(200)
    const next = await start(phone)
    expect((await from(app, 2, next.code)).status).toBe(200)
    app.clock.forward(late + 1)
    const last = await start(phone)
    expect((await from(app, 1, last.code)).status).toBe(200)
  })

  test('are limited to a thousand an hour from all networks together', async () => {
    const app = await startProxied()
    const phone = app.browser()
    await phone.signIn()
    const link = await start(phone)
    const statuses = new Set<number>()
    for (let network = 0; network < 50; network++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => from(app, network, nowhere(link))))
      for (const { status } of answers) statuses.add(status)
    }
    expect([...statuses]).toEqual([400])
    await expectRefusal(app, () => from(app, 99, link.code), 429, 'too_many_guesses')
    app.clock.forward(3600)
    const next = await start(phone)
    expect((await from(app, 99, next.code)).status).toBe(200)
  })

  test('do not include a right code, even if it is refused because another guest is signed in there', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const [guest, nobody] = [app.browser(), app.browser()]
    await guest.signIn()
    for (let i = 0; i < 11; i++) {
      const { code } = await start(phone)
      expect((await tryOpen(guest, { code })).body.code).toBe('would_leave_guest')
      expect((await tryOpen(phone, { code })).body.code).toBe('link_invalid')
      await open(nobody, { code })
    }
    expect((await tryOpen(nobody, { code: 'BBBB-BBBB' })).body).toMatchObject(unusable)
  })

  test('do not include those that the store could not compare', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const link = await start(phone)
    await execute(app.store, 'ALTER TABLE device_links RENAME TO away')
    for (let i = 0; i < 21; i++)
      expect((await tryOpen(app.browser(), { code: wrong(link.code) })).status).toBe(503)
    await execute(app.store, 'ALTER TABLE away RENAME TO device_links')
    expect((await tryOpen(app.browser(), { code: wrong(link.code) })).body).toMatchObject(unusable)
    await open(app.browser(), { code: link.code })
  })

  test('do not include wrong scans, which delete no link', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const { id, link } = await start(phone)
    const others = [`${id}.${'A'.repeat(22)}`, id, `${id}.`, `${link}.x`, `.${link.split('.')[1]}`, '', 'x.y']
    for (const given of [...others, ...others, ...others, ...others])
      await expectRefusal(app, () => tryOpen(app.browser(), { link: given }), 400, 'link_invalid')
    await open(app.browser(), { link })
  })

  test('have the same answer as every other fault', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const link = await start(phone)
    const used = await opened(app)
    const given = [
      ...[{ code: wrong(link.code) }, { code: nowhere(link) }, { code: used.link.code }, { code: '?' }],
      ...[{ link: used.link.link }, { link: `${link.id}.${'A'.repeat(22)}` }, { link: 'x' }],
    ]
    const texts = await Promise.all(given.map(async (one) => (await tryOpen(app.browser(), one)).text))
    expect(new Set(texts).size).toBe(1)
  })
})

describe('a link is decided only in the session that made it', () => {
  test.each(['waiting', 'opened', 'approved'])('while it is %s', async (status) => {
    const app = await startApp()
    const kept = await keptGuest(app)
    const [stranger, passkeyless, other] = [app.browser(), app.browser(), app.browser()]
    await stranger.addPasskey(app.device())
    await passkeyless.signIn()
    await signedIn(other.signInWithPasskey(kept.device), kept.guest.sub)
    const link = await start(kept.browser)
    const laptop = app.browser()
    const opening = status === 'waiting' ? undefined : await open(laptop, { link: link.link })
    if (status === 'approved') await approve(kept.browser, link)
    const path = `/guest/device-links/${link.id}`
    for (const browser of [stranger, passkeyless, other]) {
      await expectRefusal(app, () => browser.get(path), 404, 'not_found')
      await expectRefusal(app, () => browser.patch(path, { approve: true }), 404, 'not_found')
      await expectRefusal(app, () => browser.patch(path, { approve: false }), 404, 'not_found')
      await expectRefusal(app, () => browser.delete(path, {}), 404, 'not_found')
    }
    await expectRefusal(app, () => laptop.patch(path, { approve: true }), 401, 'not_signed_in')
    expect(await statusOf(kept.browser, link)).toBe(status)
    if (opening) expect((await claim(laptop, opening)).status).toBe(status === 'opened' ? 202 : 200)
  })

  const makers = {
    'without a row': async (app: TestApp) => {
      const browser = app.browser()
      return { browser, guest: await browser.signIn() }
    },
    'kept by the host': async (app: TestApp) => {
      const browser = app.browser()
      const guest = await browser.signIn()
      await app.guests.keep(guest.sub)
      return { browser, guest }
    },
    'with a passkey': (app: TestApp) => keptGuest(app),
  }
  const endings = {
    'signed out': async (_app: TestApp, browser: Browser) => {
      expect((await browser.post('/guest/sign-out', { force: true })).status).toBe(204)
    },
    'signed out everywhere': async (_app: TestApp, browser: Browser) => {
      expect((await browser.post('/guest/sign-out', { everywhere: true, force: true })).status).toBe(204)
    },
    erased: async (app: TestApp, _browser: Browser, { sub }: { sub: string }) => {
      await app.guests.erase(sub)
    },
    left: async (_app: TestApp, browser: Browser) => {
      expect((await browser.delete('/guest/account', {})).status).toBe(204)
    },
  }
  for (const [who, make] of Object.entries(makers)) {
    for (const [how, end] of Object.entries(endings)) {
      test(`and not after that session has ended: a guest ${who}, ${how}`, async () => {
        const app = await startApp()
        for (const when of ['waiting', 'opened', 'approved']) {
          const maker = await make(app)
          const link = await start(maker.browser)
          const laptop = app.browser()
          const opening = when === 'waiting' ? undefined : await open(laptop, { link: link.link })
          if (when === 'approved') await approve(maker.browser, link)
          const old = copyOf(app, maker.browser)
          await end(app, maker.browser, maker.guest)
          const late = await old.patch(`/guest/device-links/${link.id}`, { approve: true })
          expect(late.status, late.text).toBe(401)
          for (const given of [{ code: link.code }, { link: link.link }])
            await expectRefusal(app, () => tryOpen(app.browser(), given), 400, 'link_invalid')
          if (opening) await expectRefusal(app, () => claim(laptop, opening), 400, 'link_invalid')
          await isNobody(laptop)
          expect(await livingSessions(app, maker.guest.sub)).toEqual([])
          if (how === 'erased' || how === 'left')
            expect(Object.keys(await tracesOf(app, maker.guest.sub))).not.toContain('device_links')
        }
      })
    }
  }

  test('and not in the session that follows it after a step-up', async () => {
    const app = await startApp()
    const kept = await keptGuest(app)
    const { browser, link, laptop, opening } = await opened(app, kept)
    await browser.signInWithPasskey(kept.device, { stepUp: true })
    await expectRefusal(app, () => decide(browser, link), 404, 'not_found')
    await expectRefusal(app, () => claim(laptop, opening), 400, 'link_invalid')
  })

  test('and not after that session has expired', async () => {
    const app = await startApp({ sessions: { idleSeconds: day, absoluteSeconds: day } })
    const kept = await keptGuest(app)
    app.clock.forward(day - 60)
    const browser = app.browser()
    await signedIn(browser.signInWithPasskey(kept.device), kept.guest.sub)
    const whole = await approved(app, { browser, guest: kept.guest })
    await signedIn(claim(whole.laptop, whole.opening), kept.guest.sub)
    const short = await startApp({ sessions: { idleSeconds: 60, absoluteSeconds: 60 } })
    const late = await approved(short, await keptGuest(short))
    short.clock.forward(61)
    await expectRefusal(short, () => claim(late.laptop, late.opening), 400, 'link_invalid')
  })
})

describe('what the store says', () => {
  const now = 1_700_000_000
  const keys = deriveKeys('a secret of more than 32 characters, for this test')

  /** Makes a link with a store that gives these outcomes, one after the other. `locators`: those that it was given. */
  function startWith(outcomes: string[]) {
    const locators: string[] = []
    const ctx = {
      now: () => now,
      keys,
      config: { stepUpSeconds: 300 },
      attempts: { countLink: async () => {} },
      store: {
        async addDeviceLink({ link }: { link: { locator: string } }) {
          locators.push(link.locator)
          return outcomes.shift()
        },
      },
    } as unknown as Context
    const session = { kind: 'stored', anonymousId: 'guest', id: 'here', recoverability: 'none' } as Session
    return { locators, started: startDeviceLink(ctx, session, 'network') }
  }

  test('a link gets another locator while other links have its own, ten times at most', async () => {
    const { started, locators } = startWith([...Array(9).fill('taken'), 'added'])
    expect((await started).code.slice(0, 4)).toBe(locators[9])
    expect(new Set(locators).size).toBe(10)
    const full = startWith(Array(10).fill('taken'))
    await expect(full.started).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    expect(full.locators).toHaveLength(10)
  })

  test('no link is made in a session that ended meanwhile', async () => {
    const { started, locators } = startWith(['ended'])
    await expect(started).rejects.toMatchObject({ code: 'session_invalid' })
    expect(locators).toHaveLength(1)
  })

  const link: DeviceLinkRow = {
    id: 'link',
    anonymousId: 'guest',
    sessionId: 'there',
    status: 'approved',
    openedIn: null,
    openedFor: null,
    words: null,
    asking: null,
    result: null,
    expiresAt: now + 60,
    alive: true,
  }

  /** Claims a link that the store finds like this, one after the other. `findGuest`: what looks for its guest. */
  function claimWith(found: (Partial<DeviceLinkRow> | undefined)[], findGuest: () => unknown) {
    let asked = 0
    const ctx = {
      now: () => now,
      keys,
      store: {
        findDeviceLink: async () => {
          const next = found[asked++]
          if (asked > found.length) throw new Error('the store was asked once too often')
          return next && { ...link, ...next }
        },
        findGuest: async () => findGuest(),
      },
    } as unknown as Context
    return claimDeviceLink(ctx, undefined, 'secret')
  }

  test('a claim that comes too late looks once more what became of the link', async () => {
    const gone = () => undefined
    await expect(claimWith([{}, {}], gone)).rejects.toMatchObject({ code: 'link_invalid' })
    await expect(claimWith([{}, { status: 'refused' }], gone)).rejects.toMatchObject({ code: 'link_refused' })
    await expect(claimWith([{}, undefined], gone)).rejects.toMatchObject({ code: 'link_invalid' })
    expect(await claimWith([{}, { status: 'opened' }], gone)).toBeUndefined()
  })

  test('a claim that fails for another reason is not made again', async () => {
    for (const error of [new GuestError('unavailable'), new Error('disk full')]) {
      const fails = () => {
        throw error
      }
      await expect(claimWith([{}], fails)).rejects.toBe(error)
    }
  })
})

describe('a link that one browser has opened', () => {
  test('cannot be claimed in another session, or with nobody signed in', async () => {
    const app = await startApp()
    const [phone, laptop, third, nobody] = [app.browser(), app.browser(), app.browser(), app.browser()]
    const guest = await phone.signIn()
    await laptop.signIn()
    await third.signIn()
    const before = [third.token, laptop.token]
    const link = await start(phone)
    const opening = await open(laptop, { link: link.link, leave: true })
    for (const browser of [third, nobody, phone])
      await expectRefusal(app, () => claim(browser, opening), 400, 'link_invalid')
    await approve(phone, link)
    for (const browser of [third, nobody, phone])
      await expectRefusal(app, () => claim(browser, opening), 400, 'link_invalid')
    expect([third.token, laptop.token]).toEqual(before)
    await signedIn(claim(laptop, opening), guest.sub)
  })

  test('with nobody signed in cannot be claimed in a session', async () => {
    const app = await startApp()
    const { guest, laptop, opening } = await approved(app)
    const third = app.browser()
    const { sub } = await third.signIn()
    await expectRefusal(app, () => claim(third, opening), 400, 'link_invalid')
    expect((await third.get('/guest/userinfo')).body.sub).toBe(sub)
    await signedIn(claim(laptop, opening), guest.sub)
  })

  test('is claimed only with its secret: not with the id, the code or the scanned text', async () => {
    const app = await startApp()
    const { link, laptop, opening } = await approved(app)
    const others = [link.id, link.code, link.link, link.link.split('.')[1]!, '', opening.secret.slice(0, -1)]
    for (const secret of [...others, `${opening.secret}A`])
      await expectRefusal(app, () => claim(laptop, { secret }), 400, 'link_invalid')
  })
})

describe('a link that an attacker made, in the browser of a victim', () => {
  test('cannot be opened if the victim is signed in, who stays signed in', async () => {
    const app = await startApp()
    const victims = [await keptGuest(app), { browser: app.browser(), guest: undefined }]
    const attacker = app.browser()
    await attacker.signIn()
    for (const { browser } of victims) {
      const { sub } = await browser.signIn()
      const { token } = browser
      const link = await start(attacker)
      for (const given of [{ link: link.link }, { code: link.code }, { link: link.link, leave: false }])
        await expectRefusal(app, () => tryOpen(browser, given), 409, 'would_leave_guest')
      expect(browser.token).toBe(token)
      expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
      expect(await statusOf(attacker, link), 'the link still waits').toBe('waiting')
    }
  })

  test('cannot be claimed there after the attacker has opened and approved it', async () => {
    const app = await startApp()
    const victim = app.browser()
    const { sub } = await victim.signIn()
    const { token } = victim
    const { opening } = await approved(app)
    await expectRefusal(app, () => claim(victim, opening), 400, 'link_invalid')
    expect([victim.token, (await victim.get('/guest/userinfo')).body.sub]).toEqual([token, sub])
  })

  test('cannot be approved there, and other sites cannot use the endpoints', async () => {
    const app = await startApp()
    const victim = await keptGuest(app)
    const { link, opening, laptop } = await opened(app)
    await expectRefusal(app, () => decide(victim.browser, link), 404, 'not_found')
    const cross = { Cookie: victim.browser.cookie!, Origin: 'https://evil.example' }
    for (const [door, body] of [
      ['device-links', {}],
      ['device-links/open', { link: link.link, device, leave: true }],
      ['device-links/claim', { secret: opening.secret }],
    ] as const)
      await expectRefusal(app, () => sendJson(app, door, body, cross), 403, 'cross_site_request')
    expect((await claim(laptop, opening)).status).toBe(202)
  })
})

describe('another guest who is signed in on the new device', () => {
  test('must be left explicitly, and is merged if unable to come back, which can be undone', async () => {
    const host = recordingHost()
    const app = await startApp({ merge: host.hooks })
    const [phone, laptop] = [app.browser(), app.browser()]
    const guest = await phone.signIn()
    const there = await laptop.signIn()
    const old = copyOf(app, laptop)
    const link = await start(phone)
    await expectRefusal(app, () => tryOpen(laptop, { link: link.link }), 409, 'would_leave_guest')
    const opening = await open(laptop, { link: link.link, leave: true })
    expect((await laptop.get('/guest/userinfo')).body.sub, 'nothing is lost yet').toBe(there.sub)
    expect(host.merges).toEqual([])
    await approve(phone, link)
    const back = await signedIn(claim(laptop, opening), guest.sub)
    expect(back.body).toMatchObject({ previous: asPrevious(there), merged: true, ticket: expect.any(String) })
    expect(host.merges).toMatchObject([
      { from: { anonymous_id: there.sub }, into: { anonymous_id: guest.sub } },
    ])
    await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'guest_merged')
    const undone = await laptop.post('/guest/merge/undo', { ticket: back.body.ticket })
    expect(undone.body.sub, undone.text).toBe(there.sub)
  })

  test('must be left explicitly, and is not merged but gets a ticket if there is a passkey', async () => {
    const host = recordingHost()
    const app = await startApp({ merge: host.hooks })
    const there = await keptGuest(app)
    const phone = app.browser()
    const guest = await phone.signIn()
    const link = await start(phone)
    await expectRefusal(app, () => tryOpen(there.browser, { link: link.link }), 409, 'would_leave_guest')
    const opening = await open(there.browser, { link: link.link, leave: true })
    await approve(phone, link)
    const back = await signedIn(claim(there.browser, opening), guest.sub)
    expect(back.body).toMatchObject({
      previous: { anonymous_id: there.guest.sub },
      ticket: expect.any(String),
    })
    expect(back.body).not.toHaveProperty('merged')
    expect(host.merges).toEqual([])
    await signedIn(app.browser().signInWithPasskey(there.device), there.guest.sub)
  })

  test('keeps the session if the link is refused, or nobody decides', async () => {
    const app = await startApp()
    for (const refuses of [true, false]) {
      const [phone, laptop] = [app.browser(), app.browser()]
      await phone.signIn()
      const there = await laptop.signIn()
      const link = await start(phone)
      const opening = await open(laptop, { link: link.link, leave: true })
      if (refuses) await decide(phone, link, false)
      else app.clock.forward(2 * minute)
      expect((await claim(laptop, opening)).status).toBe(refuses ? 403 : 400)
      expect((await laptop.get('/guest/userinfo')).body.sub).toBe(there.sub)
    }
  })

  test('cannot be the guest of the link, which still waits for another device', async () => {
    const app = await startApp()
    const kept = await keptGuest(app)
    const other = app.browser()
    await signedIn(other.signInWithPasskey(kept.device), kept.guest.sub)
    const link = await start(kept.browser)
    for (const browser of [kept.browser, other]) {
      for (const leave of [true, false]) {
        const openHere = () => tryOpen(browser, { link: link.link, leave })
        const { body } = await expectRefusal(app, openHere, 400, 'link_invalid')
        expect(body.detail).toBe('This device is signed in as that guest already.')
      }
    }
    await open(app.browser(), { link: link.link })
  })

  test('does not count if that session has ended', async () => {
    const app = await startApp()
    const laptop = app.browser()
    await laptop.signIn()
    const dead = copyOf(app, laptop)
    await laptop.post('/guest/sign-out', { force: true })
    const phone = app.browser()
    const guest = await phone.signIn()
    const link = await start(phone)
    const opening = await open(dead, { link: link.link })
    await approve(phone, link)
    const back = await signedIn(claim(dead, opening), guest.sub)
    expect(back.body).not.toHaveProperty('previous')
  })
})

describe('at once, over two nodes', () => {
  const times = 50

  test('a link is opened by one of fifty browsers', async () => {
    const [one, other] = await twoNodes()
    const phone = one.browser()
    await phone.signIn()
    const link = await start(phone)
    const visitors = Array.from({ length: times }, (_, i) => [one, other][i % 2]!.browser())
    const answers = await Promise.all(visitors.map((visitor) => tryOpen(visitor, { link: link.link })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(times - 1).fill(400)])
    const { words } = answers.find(({ status }) => status === 200)!.body
    expect((await phone.get(`/guest/device-links/${link.id}`)).body.words).toEqual(words)
  })

  test('an approved link that its browser claims fifty times begins one session', async () => {
    const [one, other] = await twoNodes()
    for (const leave of [false, true]) {
      const [phone, laptop] = [one.browser(), one.browser()]
      const guest = await phone.signIn()
      if (leave) await laptop.signIn()
      const link = await start(phone)
      const opening = await open(laptop, { link: link.link, leave })
      await approve(phone, link)
      const tabs = Array.from({ length: times }, (_, i) => at([one, other][i % 2]!, laptop))
      const answers = await Promise.all(tabs.map((tab) => claim(tab, opening)))
      expect(answers.map(({ status }) => status)).toEqual(Array(times).fill(200))
      expect(new Set(tabs.map(({ token }) => token)).size).toBe(1)
      expect(await livingSessions(one, guest.sub)).toHaveLength(2)
      expect(answers.filter(({ body }) => 'previous' in body)).toHaveLength(leave ? 1 : 0)
      const trail = await one.guests.auditTrail({ anonymousId: guest.sub })
      expect(trail.filter(({ action }) => action === 'device.linked')).toHaveLength(1)
    }
  })

  test('a link that is approved and refused at once is either, and is claimed accordingly', async () => {
    const [one, other] = await twoNodes()
    for (let round = 0; round < 10; round++) {
      const { browser, guest, link, laptop, opening } = await opened(one)
      const [yes, no, claimed] = await Promise.all([
        decide(browser, link, true),
        decide(at(other, browser), link, false),
        claim(laptop, opening),
      ])
      // An approval can be turned into a refusal; a refusal cannot be turned into an approval.
      expect(no.body.status === 'refused' || claimed.status === 200, no.text).toBe(true)
      const answer = claimed.status === 202 ? await claim(laptop, opening) : claimed
      expect(answer.status, `${yes.text} ${no.text}`).toBe(no.status === 200 ? 403 : 200)
      if (answer.status === 403) {
        const ids = (await livingSessions(one, guest.sub)).map(({ id }) => id)
        expect(ids.filter((id) => id !== guest.sub)).toEqual([])
      }
    }
  })

  test('fifty guests make fifty links, each with its own code; one guest who makes ten has one', async () => {
    const [one, other] = await twoNodes()
    const browsers = Array.from({ length: times }, (_, i) => [one, other][i % 2]!.browser())
    await Promise.all(browsers.map((browser) => browser.signIn()))
    const links = await Promise.all(browsers.map(start))
    expect(new Set(links.map(({ code }) => code.slice(0, 4))).size).toBe(times)
    const same = Array.from({ length: 10 }, (_, i) => at([one, other][i % 2]!, browsers[0]!))
    const again = await Promise.all(same.map(start))
    expect((await one.rows()).device_links).toBe(times)
    const answers = await Promise.all(again.map(({ link }) => tryOpen(one.browser(), { link })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

test('a link lets nobody in beyond sessions.max, and can be claimed once there is room', async () => {
  const app = await startApp({ sessions: { max: 2 } })
  const kept = await keptGuest(app)
  const other = app.browser()
  await signedIn(other.signInWithPasskey(kept.device), kept.guest.sub)
  const { laptop, opening } = await approved(app, kept)
  await expectRefusal(app, () => claim(laptop, opening), 409, 'too_many_sessions')
  await isNobody(laptop)
  expect((await other.post('/guest/sign-out')).status).toBe(204)
  await signedIn(claim(laptop, opening), kept.guest.sub)
})

describe('a lost answer', () => {
  test('to a claim is given again: the same session, with the old cookie and with the new one', async () => {
    const app = await startApp()
    for (const leave of [false, true]) {
      const [phone, laptop] = [app.browser(), app.browser()]
      const guest = await phone.signIn()
      if (leave) await laptop.signIn()
      const link = await start(phone)
      const opening = await open(laptop, { link: link.link, leave })
      await approve(phone, link)
      const asItWas = copyOf(app, laptop)
      await signedIn(claim(laptop, opening), guest.sub)
      const again = await signedIn(claim(asItWas, opening), guest.sub)
      expect(again.body.offer_passkey).toBe(true)
      expect(asItWas.token).toBe(laptop.token)
      await signedIn(claim(laptop, opening), guest.sub)
      expect(await livingSessions(app, guest.sub)).toHaveLength(2)
    }
  })

  test('to a claim is not given again in another session, too late, or after the new session has ended', async () => {
    const app = await startApp()
    const { laptop, opening, guest } = await approved(app)
    await signedIn(claim(laptop, opening), guest.sub)
    const third = app.browser()
    await third.signIn()
    await expectRefusal(app, () => claim(third, opening), 400, 'link_invalid')
    const bare = app.browser()
    app.clock.forward(2 * minute)
    await expectRefusal(app, () => claim(bare, opening), 400, 'link_invalid')

    const other = await approved(app)
    await signedIn(claim(other.laptop, other.opening), other.guest.sub)
    expect((await other.laptop.post('/guest/sign-out', { force: true })).status).toBe(204)
    await expectRefusal(app, () => claim(app.browser(), other.opening), 400, 'link_invalid')

    const short = await startApp({ sessions: { idleSeconds: 60, absoluteSeconds: 60 } })
    const late = await approved(short)
    await signedIn(claim(late.laptop, late.opening), late.guest.sub)
    short.clock.forward(60)
    await expectRefusal(short, () => claim(short.browser(), late.opening), 400, 'link_invalid')
  })

  test('to an approval is given again', async () => {
    const app = await startApp()
    const { browser, link } = await opened(app)
    const answers = [await decide(browser, link), await decide(browser, link)]
    expect(answers[0]!.body).toEqual(answers[1]!.body)
    expect((await app.rows()).guests).toBe(1)
  })

  test('to a claim is given again after the secret of the deployment has changed', async () => {
    const secrets = [
      'the one secret, of more than 32 characters',
      'another secret, of more than 32 characters',
    ]
    const [old, both] = await twoNodes({ secret: secrets })
    const node = await startApp({
      ...{ secret: secrets.toReversed(), origin: old.origin, store: old.store, now: old.clock.now },
    })
    const phone = old.browser()
    const guest = await phone.signIn()
    const link = await start(phone)
    const laptop = node.browser()
    const opening = await open(laptop, { code: link.code })
    await approve(at(both, phone), link)
    const asItWas = copyOf(node, laptop)
    await signedIn(claim(at(old, laptop), opening), guest.sub)
    await signedIn(claim(asItWas, opening), guest.sub)
    expect(await livingSessions(old, guest.sub)).toHaveLength(2)
  })
})

describe('a client', () => {
  test('claims a link that it opened, and gets tokens; no other client and no browser session can', async () => {
    const app = await startTokenApp()
    const phone = app.browser()
    const guest = await phone.signIn()
    const link = await start(phone)
    const asking = { link: link.link, device, client_id: 'app' }
    const { body: opening, status, text } = await sendJson(app, 'device-links/open', asking)
    expect(status, text).toBe(200)
    await approve(phone, link)
    const given = { secret: opening.secret }
    for (const client_id of ['spa', undefined])
      await expectRefusal(
        app,
        () => sendJson(app, 'device-links/claim', { ...given, client_id }),
        400,
        'link_invalid',
      )
    const back = await sendJson(app, 'device-links/claim', { ...given, client_id: 'app' })
    expect(back.body, back.text).toMatchObject({ sub: guest.sub, offer_passkey: true })
    expect(back.headers['set-cookie']).toBeUndefined()
    const { tokens } = back.body
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: guest.sub, client_id: 'app' })
    const again = await sendJson(app, 'device-links/claim', { ...given, client_id: 'app' })
    expect(again.body.tokens.refresh_token).toBe(tokens.refresh_token)
    expect((await refresh(app, tokens.refresh_token, { client_id: 'app' })).status).toBe(200)
    expect(await livingSessions(app, guest.sub)).toHaveLength(2)
  })

  test('lets a device in with its own token, but not with one that other services receive too', async () => {
    const app = await startTokenApp()
    const { body } = await sendJson(app, 'token', {
      ...{ grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous', client_id: 'app' },
    })
    const mine = bearer(body.access_token)
    const started = await sendJson(app, 'device-links', {}, mine)
    expect(started.status, started.text).toBe(201)
    const laptop = app.browser()
    const opening = await open(laptop, { link: started.body.link })
    const path = `/guest/device-links/${started.body.id}`
    const decided = await supertest(app.server).patch(path).set(mine).send({ approve: true })
    expect(decided.body.status, decided.text).toBe('approved')
    const { sub } = (await userinfo(app, body.access_token)).body
    await signedIn(claim(laptop, opening), sub)

    const front = await sendJson(app, 'token', {
      ...{ grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous', client_id: 'front' },
    })
    const theirs = bearer(front.body.access_token)
    await expectRefusal(app, () => sendJson(app, 'device-links', {}, theirs), 403, 'insufficient_scope')
  })
})

describe('the description of a device', () => {
  test.each([
    ['a version', { platform: 'Windows 11', browser: 'Edge' }],
    ['a User-Agent header', { platform: 'Linux', browser: 'Mozilla/5.0 (X11)' }],
    ['25 characters', { platform: 'A'.repeat(25), browser: 'Edge' }],
    ['markup', { platform: '<b>', browser: 'Edge' }],
    ['empty texts', { platform: '', browser: '' }],
    ['a character that reverses text', { platform: 'iOS\u202e', browser: 'Safari' }],
    ['an unknown member', { platform: 'iOS', browser: 'Safari', model: 'Phone' }],
    ['a member missing', { platform: 'iOS' }],
  ])('is refused with %s', async (_what, said) => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const { link } = await start(phone)
    await expectRefusal(app, () => tryOpen(app.browser(), { link, device: said }), 400, 'invalid_request')
    await open(app.browser(), { link, device: { platform: 'Chrome OS', browser: 'Samsung Internet' } })
  })

  test('must come with either a code or a scanned link', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    const { link, code } = await start(phone)
    for (const given of [{}, { link, code }])
      await expectRefusal(app, () => tryOpen(app.browser(), given), 400, 'invalid_request')
  })
})

describe('rate limits', () => {
  test('at most a hundred links an hour are made in one network', async () => {
    const app = await startApp()
    const phone = app.browser()
    await phone.signIn()
    for (let i = 0; i < 100; i++) await start(phone)
    const refused = await expectRefusal(
      app,
      () => phone.post('/guest/device-links'),
      429,
      'too_many_requests',
    )
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    app.clock.forward(3600)
    await start(phone)
  })

  test('eight devices can ask every two seconds for two minutes within the default limit', async () => {
    const app = await startApp({ rateLimit: { perMinute: 600 } })
    const whole = await Promise.all(Array.from({ length: 8 }, () => opened(app)))
    for (let asked = 0; asked < 59; asked++) {
      app.clock.forward(2)
      const answers = await Promise.all(whole.map(({ laptop, opening }) => claim(laptop, opening)))
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202))
    }
  })
})
