import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { GuestClientOptions } from '../../client/index.ts'
import type { Mail } from '../../server/service/demo/outbox.ts'
import { type Device, type DeviceOptions, launchBrowser, newDevice } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { eventually } from '../support/eventually.ts'
import { startMailbox } from '../support/mailbox.ts'
import { providerClient, startProvider } from '../support/openid-provider.ts'
import { startService } from '../support/service.ts'
import {
  answer,
  choose,
  continueAsGuest,
  expectNothingAmiss,
  inInk,
  label,
  nobody,
  notes,
  openJotter,
  press,
  shows,
  write,
} from './jotter.ts'
import { codeInPage, inPage, type Spa, startSpa } from './spa.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const open = (demo: Demo, options?: DeviceOptions) => openJotter(browser, demo, options)

describe('in Jotter', () => {
  /** The code in the newest mail of the demo, which the page shows too. */
  async function mailedCode(page: Page, demo: Demo): Promise<string> {
    const mailbox = async () => (await (await fetch(`${demo.origin}/mailbox`)).json()) as { mails: Mail[] }
    return eventually(async () => {
      const [mail] = (await mailbox()).mails
      expect(await page.locator('#said').innerText()).toContain(`It would say: ${mail?.code}`)
      return mail!.code
    })
  }

  async function giveAddress(page: Page, label: string, address: string): Promise<void> {
    await page.getByLabel(label).fill(address)
    await page.keyboard.press('Enter')
    await shows(page, 'Check your e-mail')
  }

  async function giveCode(page: Page, demo: Demo): Promise<void> {
    await page.getByLabel('Six digits').fill(await mailedCode(page, demo))
  }

  async function addAddress(page: Page, demo: Demo, address: string): Promise<void> {
    await choose(page, 'Account')
    await press(page, 'Add an address')
    await giveAddress(page, 'E-mail address', address)
    await giveCode(page, demo)
  }

  const toNotes = (page: Page) => page.getByRole('link', { name: 'Back to the notes' }).click()

  test('a guest becomes a regular user, signs in with a code on a second device, and is a guest again', async () => {
    const demo = await startDemo()
    const phone = await open(demo)
    const name = await continueAsGuest(phone.page)
    await write(phone.page, 'milk')
    await addAddress(phone.page, demo, 'Ada@Example.com')
    await shows(phone.page, 'ada@example.com')
    await inInk(phone.page)
    await toNotes(phone.page)
    await shows(phone.page, 'milk')
    await choose(phone.page, 'Sign out')
    await nobody(phone.page)

    const laptop = await open(demo)
    await press(laptop.page, 'More ways')
    await giveAddress(laptop.page, 'E-mail address or passkey', 'ada@example.com')
    await giveCode(laptop.page, demo)
    expect(await label(laptop.page)).toBe(name)
    await shows(laptop.page, 'milk')
    await inInk(laptop.page)

    await choose(laptop.page, 'Account')
    await laptop.page
      .getByRole('region', { name: 'Addresses' })
      .getByRole('button', { name: /^Remove/ })
      .click()
    await answer(laptop.page, 'Remove')
    await shows(laptop.page, `nothing brings ${name} back`)
    await answer(laptop.page, 'Remove')
    await laptop.page.locator('body[data-written=pencil]').waitFor()
    await laptop.page.reload()
    expect(await label(laptop.page)).toBe(name)
    await toNotes(laptop.page)
    await shows(laptop.page, 'milk')
  })

  test('a guest who already has an account signs in to it, and the notes come along', async () => {
    const demo = await startDemo()
    const phone = await open(demo)
    const name = await continueAsGuest(phone.page)
    await write(phone.page, 'milk')
    await addAddress(phone.page, demo, 'ada@example.com')
    await shows(phone.page, 'ada@example.com')

    const laptop = await open(demo)
    await continueAsGuest(laptop.page)
    await write(laptop.page, 'eggs')
    await addAddress(laptop.page, demo, 'ada@example.com')
    await press(laptop.page, 'Send me six digits')
    await shows(laptop.page, 'Check your e-mail')
    await giveCode(laptop.page, demo)
    await expect.poll(() => label(laptop.page)).toBe(name)
    await shows(laptop.page, /^Merged with/)
    await toNotes(laptop.page)
    await shows(laptop.page, 'milk')
    expect(await notes(laptop.page)).toEqual(['eggs', 'milk'])
  })

  test('no code is sent to an unknown address, and the page does not tell', async () => {
    const demo = await startDemo()
    const { page } = await open(demo)
    await press(page, 'More ways')
    await giveAddress(page, 'E-mail address or passkey', 'nobody@example.com')
    expect(await (await fetch(`${demo.origin}/mailbox`)).json()).toEqual({ mails: [] })
    await page.getByLabel('Six digits').fill('123456')
    await shows(page, 'That is not the code.')
    await page.locator('#welcome').waitFor()
  })

  test('the demo mailbox is empty if mail is sent, and does not exist in production', async () => {
    const { url, codeTo } = await startMailbox()
    const sending = await startService({ GUESTKEY_OPTIONS: JSON.stringify({ loginIds: { send: url } }) })
    const guest = sending.browser()
    await guest.signIn()
    const address = { type: 'email', value: 'ada@example.com' }
    expect((await guest.post('/guest/promotion/start', address)).status).toBe(200)
    expect(codeTo('ada@example.com')).toMatch(/^\d{6}$/)
    expect(await (await sending.ask('/mailbox')).json()).toEqual({ mails: [] })
    const production = await startService({
      ...{ NODE_ENV: 'production', GUESTKEY_ORIGIN: 'https://jotter.example' },
      GUESTKEY_SECRET: 'a secret of production that is long enough',
    })
    expect((await production.ask('/mailbox')).status).toBe(404)
  })
})

type Mode = [name: string, own: boolean, client: Partial<GuestClientOptions>]
const modes: Mode[] = [
  ['a page of the service, in cookie mode', true, { mode: 'cookie' }],
  ['a page of another origin, in token mode', false, {}],
]

describe.each(modes)('on the pages of the service, from %s', (_name, own, client) => {
  async function start(service: object = {}) {
    const mailbox = await startMailbox()
    const spa = await startSpa(browser, {
      own,
      service: { loginIds: { send: mailbox.url }, rpName: 'Jotter', ...service },
    })
    return { spa, mailbox, open: (options?: DeviceOptions) => spa.open(options, client) }
  }
  type Started = Awaited<ReturnType<typeof start>>

  const leaveFor = async (page: Page, { redirectUri }: Spa, purpose: 'promote' | 'signInWithRedirect') => {
    await page.evaluate(
      `void window.guests.${purpose}({ redirectUri: ${JSON.stringify(redirectUri)} })` as string,
    )
    await page.waitForURL('**/guest/authorize?*')
  }

  async function proveAddress(page: Page, { mailbox }: Started, address: string): Promise<void> {
    const before = mailbox.mails.length
    await page.getByLabel('E-mail address').fill(address)
    await page.getByRole('button', { name: 'Send code' }).click()
    await page.getByText(`If ${address} can be reached`).waitFor()
    // For a sign-in, the service sends the code after it has answered with the page.
    await eventually(() => expect(mailbox.mails.length).toBeGreaterThan(before))
    await page.getByLabel('Code').fill(mailbox.codeTo(address)!)
    await page.getByRole('button', { name: 'Confirm' }).click()
  }

  const finish = (page: Page) => inPage(page, (guests) => guests.finishPromotion())
  const signIn = (page: Page) => inPage(page, (guests) => guests.signInAnonymously())
  const user = (page: Page) => inPage(page, (guests) => guests.user())

  async function promote(page: Page, started: Started, address: string): Promise<void> {
    await leaveFor(page, started.spa, 'promote')
    await proveAddress(page, started, address)
    await started.spa.comeBack(page, client)
  }

  async function promoted(started: Started, device: Device, address: string) {
    const { sub } = await signIn(device.page)
    await promote(device.page, started, address)
    const guest = await finish(device.page)
    expect(guest).toMatchObject({ sub, is_anonymous: false, is_verified: true, expires_at: null })
    return { sub }
  }

  test('a guest becomes a regular user, and signs in on a second device', async () => {
    const started = await start()
    const { spa } = started
    const phone = await started.open()
    const { sub } = await promoted(started, phone, 'ada@example.com')
    expect(phone.page.url()).toBe(spa.redirectUri)
    expect(await finish(phone.page)).toBeNull()
    expect(await user(phone.page)).toMatchObject({ sub, is_anonymous: false })
    expect(await inPage(phone.page, (guests) => guests.loginIds.list())).toMatchObject([
      { type: 'email', value: 'ada@example.com', primary: true },
    ])

    const laptop = await started.open()
    await leaveFor(laptop.page, spa, 'signInWithRedirect')
    await proveAddress(laptop.page, started, 'ada@example.com')
    await spa.comeBack(laptop.page, client)
    expect(await finish(laptop.page)).toMatchObject({ sub, is_anonymous: false })
    expect(await inPage(laptop.page, async (guests) => (await guests.sessions.list()).length)).toBe(2)
    const demoted = await inPage(laptop.page, (guests) => guests.promotion.undo({ force: true }))
    expect(demoted).toMatchObject({ sub, is_anonymous: true })
  })

  test('Cancel leads back to the same guest', async () => {
    const { spa, open } = await start()
    const { page } = await open()
    const { sub } = await signIn(page)
    await leaveFor(page, spa, 'promote')
    await page.getByRole('link', { name: 'Cancel' }).click()
    await spa.comeBack(page, client)
    expect(await codeInPage(page, (guests) => guests.finishPromotion())).toBe('cancelled')
    expect(page.url()).toBe(spa.redirectUri)
    expect(await user(page)).toMatchObject({ sub, is_anonymous: true })
  })

  test('the guest can correct a wrong code, and give another address', async () => {
    const started = await start()
    const { page } = await started.open()
    await signIn(page)
    await leaveFor(page, started.spa, 'promote')
    await page.getByLabel('E-mail address').fill('ada@wrong.example')
    await page.getByRole('button', { name: 'Send code' }).click()
    await page.getByRole('link', { name: 'Use another address' }).click()
    await page.getByLabel('E-mail address').fill('ada@localhost')
    await page.getByRole('button', { name: 'Send code' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByRole('button', { name: 'Send code' }).click()
    await page.getByText('If ada@example.com can be reached').waitFor()
    const code = started.mailbox.codeTo('ada@example.com')!
    await page.getByLabel('Code').fill(code === '000000' ? '111111' : '000000')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Code').fill(code)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await started.spa.comeBack(page, client)
    expect(await finish(page)).toMatchObject({ is_anonymous: false })
  })

  test('two tabs can begin at once, and each finishes only what it began', async () => {
    const started = await start()
    const { spa } = started
    const device = await started.open()
    const { sub } = await signIn(device.page)
    const other = await spa.openTab(device, client)
    await leaveFor(device.page, spa, 'promote')
    await leaveFor(other, spa, 'promote')
    await proveAddress(device.page, started, 'ada@example.com')
    await spa.comeBack(device.page, client)

    const stray = await spa.openTab(device, client)
    await stray.goto(device.page.url())
    await spa.comeBack(stray, client)
    expect(await codeInPage(stray, (guests) => guests.finishPromotion())).toBe('flow_invalid')

    expect(await finish(device.page)).toMatchObject({ sub, is_anonymous: false })
    await proveAddress(other, started, 'ada@work.example')
    await spa.comeBack(other, client)
    expect(await finish(other)).toMatchObject({ sub, is_anonymous: false })
    expect(await inPage(device.page, (guests) => guests.loginIds.list())).toMatchObject([
      { value: 'ada@example.com' },
      { value: 'ada@work.example' },
    ])
  })

  test('a guest who already has an account signs in to it, and is merged into it', async () => {
    const started = await start()
    const { spa } = started
    const { sub } = await promoted(started, await started.open(), 'ada@example.com')
    const { page } = await started.open()
    const left = await signIn(page)
    await promote(page, started, 'ada@example.com')
    const refused = (await page.evaluate(
      'window.guests.finishPromotion().catch(({ code, ticket }) => ({ code, ticket }))',
    )) as { code: string; ticket: string }
    expect(refused).toEqual({ code: 'login_id_taken', ticket: expect.any(String) })
    expect(await user(page)).toMatchObject({ sub: left.sub, is_anonymous: true })
    await leaveFor(page, spa, 'signInWithRedirect')
    await proveAddress(page, started, 'ada@example.com')
    await spa.comeBack(page, client)
    const back = await finish(page)
    expect(back).toMatchObject({ sub, previous: { anonymous_id: left.sub } })
    if (!back?.merged) {
      const merged = await inPage(page, (guests, ticket) => guests.merge(ticket), refused.ticket)
      expect(merged).toMatchObject({ sub, merged: { anonymous_id: left.sub } })
    }
  })

  test('a provider promotes and signs in, and the guest can cancel there', async () => {
    const provider = await startProvider(['https://stands.example/for-now'])
    const started = await start({
      loginIds: {
        providers: [{ id: 'example', name: 'Example', issuer: provider.issuer, ...providerClient }],
      },
    })
    const { spa } = started
    await provider.sendBackTo([`${spa.baseUrl}/authorize/callback/example`])
    const logIn = async (page: Page) => {
      await page.getByRole('link', { name: 'Continue with Example' }).click()
      await page.locator('input[name=login]').fill('ada')
      await page.locator('input[name=password]').fill('any')
      await page.getByRole('button').click()
      await page.getByRole('button', { name: 'Continue' }).click()
    }
    const phone = await started.open()
    const { sub } = await signIn(phone.page)
    await leaveFor(phone.page, spa, 'promote')
    await phone.page.getByRole('link', { name: 'Continue with Example' }).click()
    await phone.page.getByRole('link', { name: /cancel/i }).click()
    await spa.comeBack(phone.page, client)
    expect(await codeInPage(phone.page, (guests) => guests.finishPromotion())).toBe('cancelled')
    await leaveFor(phone.page, spa, 'promote')
    await logIn(phone.page)
    await spa.comeBack(phone.page, client)
    expect(await finish(phone.page)).toMatchObject({ sub, is_anonymous: false })
    expect(await inPage(phone.page, (guests) => guests.loginIds.list())).toMatchObject([{ type: 'oidc' }])

    const laptop = await started.open()
    await leaveFor(laptop.page, spa, 'signInWithRedirect')
    await logIn(laptop.page)
    await spa.comeBack(laptop.page, client)
    expect(await finish(laptop.page)).toMatchObject({ sub, is_anonymous: false })
  })

  test('a guest with a passkey proves it first', async () => {
    let ahead = 0
    const started = await start({ stepUpSeconds: 10, now: () => Date.now() + ahead })
    const { page, credentials } = await started.open()
    const { sub } = await inPage(page, (guests) => guests.passkeys.add())
    const [before] = await credentials()
    ahead += 12_000
    await leaveFor(page, started.spa, 'promote')
    const [after] = await credentials()
    expect(after!.signCount).toBeGreaterThan(before!.signCount)
    await proveAddress(page, started, 'ada@example.com')
    await started.spa.comeBack(page, client)
    expect(await finish(page)).toMatchObject({ sub, is_anonymous: false, recoverability: 'passkey' })
  })

  test('the pages need no script', async () => {
    const started = await start()
    const { spa } = started
    const { page } = await started.open()
    const { sub } = await signIn(page)
    await leaveFor(page, spa, 'promote')
    const plain = await newDevice(browser, { window: { javaScriptEnabled: false } })
    onTestFinished(async () => {
      await plain.close()
      expect(plain.problems).toEqual([])
    })
    await plain.page.goto(page.url())
    await proveAddress(plain.page, started, 'ada@example.com')
    await plain.page.waitForURL(`${spa.redirectUri}?*`)
    await page.goto(plain.page.url())
    await spa.comeBack(page, client)
    expect(await finish(page)).toMatchObject({ sub, is_anonymous: false })
  })
})

test.each([
  ['light', '#ffd400'],
  ['dark', undefined],
] as const)(
  'axe finds no accessibility problem on the pages of the service in %s mode',
  async (colorScheme, accent) => {
    const mailbox = await startMailbox()
    const issuer = 'http://localhost:1'
    const spa = await startSpa(browser, {
      own: true,
      service: {
        ...{ rpName: 'Jotter', pages: { accent } },
        loginIds: {
          send: mailbox.url,
          providers: [{ id: 'example', name: 'Example', issuer, ...providerClient }],
        },
      },
    })
    const { page } = await spa.open({ window: { colorScheme, locale: 'de' } }, { mode: 'cookie' })
    const check = () => expectNothingAmiss(page)
    await inPage(page, (guests) => guests.signInAnonymously())
    await page.evaluate(`void window.guests.promote({ redirectUri: '${spa.redirectUri}' })`)
    await page.waitForURL('**/guest/authorize?*')
    await check()
    await page.getByLabel('E-Mail-Adresse').fill('ada@localhost')
    await page.getByRole('button', { name: 'Code senden' }).click()
    await page.getByText('Das ist keine E-Mail-Adresse.').waitFor()
    await check()
    await page.getByLabel('E-Mail-Adresse').fill('ada@example.com')
    await page.getByRole('button', { name: 'Code senden' }).click()
    await page.getByLabel('Code').waitFor()
    await check()
    await page.goto(`${spa.baseUrl}/authorize?resume=none`)
    await page.getByText('Dieser Link funktioniert nicht').waitFor()
    await check()
  },
)
