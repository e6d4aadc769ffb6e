// The client of 0.5.0 at the server of now: pages that were built with it, or opened before the upgrade, still run it.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { GuestClient, GuestClientOptions } from '../../client/index.ts'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startMailbox } from '../support/mailbox.ts'
import { inPage, startSpa } from './spa.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const modes: [name: string, own: boolean, client: Partial<GuestClientOptions>][] = [
  ['in cookie mode', true, { mode: 'cookie' }],
  ['in token mode', false, {}],
]

/** A page with the client of 0.5.0, and what its listeners heard in `window.heard`. */
async function start(own: boolean, client: Partial<GuestClientOptions>) {
  const mailbox = await startMailbox()
  const service = { send: mailbox.url, profile: z.object({ nickname: z.string() }) }
  const spa = await startSpa(browser, { own, service })
  const visit = async (page: Page, version = '0.5.0') => {
    await page.goto('about:blank') // or else only the fragment may change, which loads nothing
    await spa.visit(page, client, version)
    await inPage(page, (guests) => {
      const heard: unknown[] = []
      guests.onChange((guest) => heard.push(['change', guest?.sub ?? null]))
      guests.prompts.onDue((prompt) => heard.push(['due', prompt]))
      guests.on('offer-passkey', (guest) => heard.push(['offer', guest.sub]))
      Object.assign(window, { heard })
    })
  }
  async function open(options?: DeviceOptions) {
    const device = await spa.open(options, client)
    await visit(device.page)
    return device
  }
  async function codeFor(address: string, ask: () => Promise<unknown>) {
    const before = mailbox.mails.length
    await ask()
    await eventually(() => expect(mailbox.mails.length).toBeGreaterThan(before))
    return mailbox.codeTo(address)!
  }
  return { spa, open, visit, codeFor }
}

const heard = (page: Page) => page.evaluate('window.heard') as Promise<unknown[]>
const signIn = (page: Page) => inPage(page, (guests) => guests.signInAnonymously())
const user = (page: Page) => inPage(page, (guests) => guests.user())

/** The code and the ticket of the error with which this ends. */
const errorOf = <A>(page: Page, work: (guests: GuestClient, argument: A) => unknown, argument?: A) =>
  page.evaluate(
    `(${work})(window.guests, ${JSON.stringify(argument)}).then(() => null, ({ code, ticket }) => ({ code, ticket }))`,
  ) as Promise<{ code: string; ticket?: string } | null>

/** The browser loses its session, in either mode, and keeps its device key. */
async function loseSession(page: Page) {
  await page.context().clearCookies()
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('guestkey', 1)
        opening.onupgradeneeded = () => opening.result.createObjectStore('sessions')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('sessions', 'readwrite')
          const store = transaction.objectStore('sessions')
          const reading = store.getAllKeys()
          reading.onsuccess = () => {
            for (const key of reading.result) if (!String(key).endsWith(':key')) store.delete(key)
          }
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
          transaction.onerror = () => reject(transaction.error)
        }
      }),
  )
}

describe.each(modes)('the client of 0.5.0, %s', (_name, own, client) => {
  test('continues as guest, saves with a passkey, signs out, and comes back by it', async () => {
    const { open } = await start(own, client)
    const { page } = await open({ synced: true, prf: true })
    const guest = await signIn(page)
    expect(guest).toMatchObject({ isAnonymous: true, isVerified: false, recoverability: 'none' })
    const added = await inPage(page, (guests) => guests.passkeys.add())
    expect(added).toMatchObject({ sub: guest.sub, recoverability: 'synced', passkey: { backed_up: true } })
    const [passkey] = await inPage(page, (guests) => guests.passkeys.list())
    const { passkeyId, length } = await inPage(page, async (guests) => {
      const { passkeyId, secret } = await guests.passkeys.secret('notes')
      return { passkeyId, length: secret.length }
    })
    expect([passkeyId, length]).toEqual([passkey!.id, 32])
    expect((await inPage(page, (guests) => guests.rename('Ada the guest'))).label).toBe('Ada the guest')

    await inPage(page, (guests) => guests.signOut())
    expect(await user(page)).toBeNull()
    const back = await inPage(page, (guests) => guests.passkeys.signIn())
    expect(back).toMatchObject({ sub: guest.sub, label: 'Ada the guest' })
    const sessions = await inPage(page, (guests) => guests.sessions.list())
    expect(sessions).toMatchObject([{ current: true }])
    expect(await inPage(page, (guests) => guests.accessToken())).toMatch(/^ey/)
    const said = await heard(page)
    for (const one of [
      ['change', guest.sub],
      ['change', null],
    ])
      expect(said).toContainEqual(one)
  })

  test('comes back by its device key, without a prompt', async () => {
    const { open, visit } = await start(own, client)
    const { page } = await open()
    const { sub } = await signIn(page)
    const { id } = await inPage(page, (guests) => guests.deviceKey.enable({ name: 'Kitchen' }))
    await loseSession(page)
    await visit(page)
    expect(await user(page)).toBeNull()
    const held = await inPage(page, async (guests) => {
      const { id, anonymousId, mayResume } = (await guests.deviceKey.held())!
      return { id, anonymousId, mayResume }
    })
    expect(held).toEqual({ id, anonymousId: sub, mayResume: true })
    expect((await signIn(page)).sub).toBe(sub)
    expect(await inPage(page, (guests) => guests.deviceKeys.list())).toMatchObject([{ id, name: 'Kitchen' }])
  })

  test('signs in on another device by a recovery code, and there hears that a passkey should be offered', async () => {
    const { open } = await start(own, client)
    const phone = await open()
    const { sub } = await signIn(phone.page)
    const { codes } = await inPage(phone.page, (guests) => guests.recoveryCodes.create())
    const laptop = await open()
    const back = await inPage(laptop.page, (guests, code) => guests.signInWithRecoveryCode(code), codes[0]!)
    expect(back).toMatchObject({ sub, recovery_codes_left: 9 })
    expect(await heard(laptop.page)).toContainEqual(['offer', sub])
    const added = await inPage(laptop.page, (guests) => guests.passkeys.add())
    expect(added).toMatchObject({ sub, recoverability: 'passkey' })
    expect(
      await errorOf(laptop.page, (guests) => guests.signInWithRecoveryCode('7M2K-ZQ4X-0R8T-C5VB')),
    ).toEqual({
      code: 'recovery_code_wrong',
    })
  })

  test('signs in on another device by a link', async () => {
    const { open } = await start(own, client)
    const [phone, laptop] = [await open(), await open()]
    const { sub } = await signIn(phone.page)
    const link = await inPage(phone.page, async (guests) => {
      const { id, code, expiresAt } = await guests.deviceLinks.start()
      return { id, code, expiresAt }
    })
    expect(link.expiresAt).toBeGreaterThan(Date.now() / 1000)
    await inPage(
      laptop.page,
      async (guests, code) => {
        const opened = await guests.deviceLinks.open({ code })
        Object.assign(window, { claimed: opened.claim() })
      },
      link.code,
    )
    await inPage(phone.page, (guests, id) => guests.deviceLinks.approve(id), link.id)
    expect(await laptop.page.evaluate('window.claimed.then(({ sub }) => sub)')).toBe(sub)
  })

  test('reads and changes the profile', async () => {
    const { open } = await start(own, client)
    const { page } = await open()
    await signIn(page)
    const { etag } = await inPage(page, (guests) => guests.profile.update({ nickname: 'Ada' }))
    expect(await inPage(page, (guests) => guests.profile.get())).toMatchObject({
      etag,
      isPromoted: false,
      attributes: { nickname: 'Ada' },
    })
    await inPage(page, (guests, ifMatch) => guests.profile.update({ nickname: 'Eve' }, { ifMatch }), etag)
    const stale = (guests: GuestClient, ifMatch: string) =>
      guests.profile.update({ nickname: 'Bob' }, { ifMatch })
    expect(await errorOf(page, stale, etag)).toEqual({ code: 'precondition_failed' })
    expect(await errorOf(page, (guests) => guests.profile.update({ age: 7 }))).toEqual({
      code: 'invalid_attribute',
    })
  })

  test('becomes a regular user by a code; a second guest finds the address taken, signs in, and is merged', async () => {
    const { open, codeFor } = await start(own, client)
    const address = { type: 'email', value: 'ada@example.com' } as const
    const startPromotion = (page: Page) => inPage(page, (guests, to) => guests.promotion.start(to), address)
    async function promotionOf(page: Page) {
      let transaction = ''
      const code = await codeFor(address.value, async () => {
        transaction = (await startPromotion(page)).transaction
      })
      return { transaction, code }
    }
    const verify = (guests: GuestClient, given: { transaction: string; code: string }) =>
      guests.promotion.verify(given)

    const phone = await open()
    const { sub } = await signIn(phone.page)
    const nowhere = (guests: GuestClient) => guests.promotion.start({ type: 'email', value: 'nobody' })
    expect(await errorOf(phone.page, nowhere)).toEqual({ code: 'invalid_login_id' })
    const given = await promotionOf(phone.page)
    const wrong = { ...given, code: given.code === '000000' ? '111111' : '000000' }
    expect(await errorOf(phone.page, verify, wrong)).toEqual({ code: 'code_wrong' })
    expect(await inPage(phone.page, verify, given)).toMatchObject({
      sub,
      isAnonymous: false,
      isVerified: true,
    })

    const { page } = await open()
    const left = await signIn(page)
    await inPage(page, (guests) => guests.profile.update({ nickname: 'Ada' }))
    const refused = await errorOf(page, verify, await promotionOf(page))
    expect(refused).toEqual({ code: 'login_id_taken', ticket: expect.any(String) })
    let transaction = ''
    const code = await codeFor(address.value, async () => {
      transaction = (await inPage(page, (guests, to) => guests.codeSignIn.start(to), address)).transaction
    })
    const back = await inPage(page, (guests, typed) => guests.codeSignIn.verify(typed), { transaction, code })
    expect(back).toMatchObject({ sub, previous: { anonymous_id: left.sub } })
    const merged = await inPage(page, (guests, ticket) => guests.merge(ticket), refused!.ticket!)
    expect(merged).toMatchObject({ sub, merged: { anonymous_id: left.sub } })
    expect(await inPage(page, (guests) => guests.loginIds.list())).toMatchObject([
      { ...address, primary: true },
    ])
  })

  test('leaves for our own page, and the client of now finishes the promotion', async () => {
    const { spa, open, codeFor } = await start(own, client)
    const { page } = await open()
    const { sub } = await signIn(page)
    await page.evaluate(`void window.guests.promote({ redirectUri: ${JSON.stringify(spa.redirectUri)} })`)
    await page.waitForURL('**/guest/authorize?*')
    await page.getByLabel('E-mail address').fill('ada@example.com')
    const code = await codeFor('ada@example.com', () =>
      page.getByRole('button', { name: 'Send code' }).click(),
    )
    await page.getByLabel('Code').fill(code)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await spa.comeBack(page, client)
    const guest = await inPage(page, (guests) => guests.finishPromotion())
    expect(guest).toMatchObject({ sub, is_anonymous: false })
  })

  test('exports its account, and erases it', async () => {
    const { spa, open } = await start(own, client)
    const { page } = await open()
    const { sub } = await signIn(page)
    await inPage(page, (guests) => guests.passkeys.add())
    expect(await inPage(page, (guests) => guests.account.export())).toMatchObject({ guest: { sub } })
    expect((await spa.app.rows()).guests).toBe(1)
    await inPage(page, (guests) => guests.account.delete())
    expect(await user(page)).toBeNull()
    expect((await spa.app.rows()).guests).toBe(0)
  })

  test.each([
    ['0.5.0', 'now'],
    ['now', '0.5.0'],
  ])('and that of now share a session and a device key: first %s, then %s', async (first, then) => {
    const { open, visit } = await start(own, client)
    const { page } = await open()
    await visit(page, first)
    const { sub } = await signIn(page)
    const { id } = await inPage(page, (guests) => guests.deviceKey.enable())
    await visit(page, then)
    expect((await user(page))?.sub).toBe(sub)
    await loseSession(page)
    await visit(page, then)
    expect(await user(page)).toBeNull()
    expect((await signIn(page)).sub).toBe(sub)
    expect((await inPage(page, (guests) => guests.deviceKey.held()))?.id).toBe(id)
  })
})
