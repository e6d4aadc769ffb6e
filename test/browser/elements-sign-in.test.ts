// <guestkey-sign-in> as a person uses it, in Chromium, with real ceremonies. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CodeMessage } from '../../server/index.ts'
import type { Options } from '../../server/options/options.ts'
import { launchBrowser } from '../support/browser.ts'
import { byClient, type ElementsHost, heard, listen, press, shows, startElements } from './elements-page.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const card = '<guestkey-sign-in></guestkey-sign-in>'
const title = (page: Page) => page.locator('.title').innerText()
const signedIn = (page: Page) => shows(page, /^Signed in as [a-z]+-[a-z]+-\d\d\.$/)

/** A host that sends codes by e-mail; `codes` are those that it has sent. */
async function withCodes(options: Partial<Options> = {}) {
  const codes: string[] = []
  const send = ({ code }: CodeMessage) => void codes.push(code)
  const host = await startElements(browser, { loginIds: { send, types: ['email'] }, ...options })
  return { ...host, codes }
}

/** A device on which a guest has made this passkey, and signed out. */
async function savedElsewhere({ open }: ElementsHost) {
  const device = await open('<guestkey-button></guestkey-button>', { synced: true })
  await press(device.page, 'Continue as guest')
  await press(device.page, /not saved yet$/)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, '1 way back')
  const label = await device.page.locator('.chip .guest').innerText()
  return { device, label, passkeys: await device.credentials() }
}

describe('on a first visit', () => {
  test('continues as guest, and tells the page', async () => {
    const { app, open } = await startElements(browser, { loginIds: { send: () => {} } })
    const { page } = await open(card)
    await listen(page)
    expect(await title(page)).toBe('Start right away')
    await shows(page, 'Jotter knows a guest by a random number, and nothing else.')
    await press(page, 'Continue as guest')
    await signedIn(page)
    expect(await heard(page)).toEqual(['signed-in'])
    expect(await app.rows()).toMatchObject({ guests: 0 })
  })

  test('signs in with a passkey of another device', async () => {
    const host = await startElements(browser)
    const { passkeys, label } = await savedElsewhere(host)
    const { page } = await host.open(card, { passkeys })
    await press(page, 'Sign in with a passkey')
    await shows(page, `Signed in as ${label}.`)
  })

  test('offers the passkeys of this device in the suggestions of its field', async () => {
    const host = await withCodes()
    const { passkeys, label } = await savedElsewhere(host)
    const laptop = await host.open(card, { passkeys })
    await press(laptop.page, 'More ways')
    await laptop.page.getByLabel('E-mail address or passkey').focus()
    await laptop.pickFromAutofill()
    await shows(laptop.page, `Signed in as ${label}.`)
  })
})

describe('in a browser that knows a guest', () => {
  test('says who was here and when, and continues with the passkey', async () => {
    const host = await startElements(browser)
    const { device, label } = await savedElsewhere(host)
    await press(device.page, 'Sign out')
    await device.page.getByRole('button', { name: 'Continue with your passkey' }).waitFor()
    await device.page.goto(`${host.app.origin}/page?body=${encodeURIComponent(card)}`)
    expect(await title(device.page)).toBe('Welcome back')
    await shows(device.page, `${label}, last here today`)
    await press(device.page, 'Continue with your passkey')
    await shows(device.page, `Signed in as ${label}.`)
  })

  test('uses the key of the browser, without a prompt', async () => {
    const host = await startElements(browser)
    const { device, label } = await savedElsewhere(host)
    await device.page.evaluate(async () => {
      const url = '/guest/client.js'
      const { createGuestClient } = await import(url)
      const client = createGuestClient()
      await client.deviceKey.enable()
      await client.signOut()
    })
    await device.lose()
    await device.page.goto(`${host.app.origin}/page?body=${encodeURIComponent(card)}`)
    await press(device.page, `Continue as ${label}`)
    await shows(device.page, `Signed in as ${label}.`)
  })

  test('can begin as somebody new', async () => {
    const host = await startElements(browser)
    const { device, label } = await savedElsewhere(host)
    await press(device.page, 'Sign out')
    await device.page.getByRole('button', { name: 'Continue with your passkey' }).waitFor()
    await device.page.goto(`${host.app.origin}/page?body=${encodeURIComponent(card)}`)
    await press(device.page, 'Start as a new guest')
    await signedIn(device.page)
    expect(await title(device.page)).not.toContain(label)
  })
})

describe('what went wrong is said, with what to do', () => {
  test('a passkey that was not used: in grey, with the same button again', async () => {
    const { open } = await startElements(browser)
    const device = await open(card)
    await press(device.page, 'Sign in with a passkey')
    await shows(device.page, 'The passkey was not used.')
    expect(await device.page.locator('.note').getAttribute('role')).toBe('status')
    await press(device.page, 'Try again')
    await shows(device.page, 'The passkey was not used.')
  })

  test('a passkey that the service does not know: other ways', async () => {
    const host = await startElements(browser)
    const { device, passkeys } = await savedElsewhere(host)
    await device.page.evaluate(async () => {
      const url = '/guest/client.js'
      await (await import(url)).createGuestClient().account.delete()
    })
    const { page } = await host.open(card, { passkeys })
    await press(page, 'Sign in with a passkey')
    await shows(page, 'This passkey is no longer valid.')
  })

  test('no network: goes on by itself when it is back', async () => {
    const { open } = await startElements(browser)
    const { context, page } = await open(card)
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
    await context.setOffline(true)
    await press(page, 'Continue as guest')
    await shows(page, 'You are offline.')
    await context.setOffline(false)
    await signedIn(page)
  })

  test('a service that lets nobody new in says so, and lets others come back', async () => {
    const host = await startElements(browser)
    const { passkeys, label } = await savedElsewhere(host)
    await host.app.guests.settings.set({ guestSignIn: false })
    const { page } = await host.open(card, { passkeys })
    await shows(page, 'No new guests at the moment.')
    expect(await title(page)).toBe('Come back to Jotter')
    expect(await page.getByRole('button', { name: 'Continue as guest' }).count()).toBe(0)
    await press(page, 'Sign in with a passkey')
    await shows(page, `Signed in as ${label}.`)
  })

  test('whoever is disabled is told so, and can start as a new guest', async () => {
    const host = await startElements(browser)
    const { device, label } = await savedElsewhere(host)
    const { page } = device
    const sub: string = await page.evaluate(async () => {
      const url = '/guest/client.js'
      return (await (await import(url)).createGuestClient().user()).sub
    })
    await byClient(page, 'signOut')
    await host.app.guests.disable(sub, { reason: 'abuse' })
    await page.goto(`${host.app.origin}/page?${new URLSearchParams({ body: card })}`)
    await press(page, 'Continue with your passkey')
    await shows(page, 'This guest is disabled.')
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    await press(page, 'Start as a new guest')
    await signedIn(page)
    expect(await page.getByText(`Signed in as ${label}.`).count()).toBe(0)
  })
})

describe('more ways', () => {
  test('are those that the service and the browser have, and no others', async () => {
    const { open } = await startElements(browser, { loginIds: { send: 'smtp://127.0.0.1:2525' } })
    const { page } = await open(card)
    await press(page, 'More ways')
    await page.getByLabel('E-mail address or passkey').waitFor()
    const without = await startElements(browser, { loginIds: { send: () => {} } })
    await without.app.guests.settings.set({ codes: false })
    const other = await without.open(card)
    await press(other.page, 'More ways')
    await shows(other.page, 'Recovery code')
    expect(await other.page.getByRole('textbox').count()).toBe(0)
    const old = await without.open('')
    await old.page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'))
    await old.page.goto(`${without.app.origin}/page?body=${encodeURIComponent(card)}`)
    await shows(old.page, 'This browser does not do passkeys, so they are not offered here.')
    expect(await old.page.getByRole('button', { name: /passkey|Security key/ }).count()).toBe(0)
  })

  test('a recovery code signs in; a wrong one is said', async () => {
    const host = await startElements(browser)
    const { device, label } = await savedElsewhere(host)
    const [code] = await device.page.evaluate(async () => {
      const url = '/guest/client.js'
      return (await (await import(url)).createGuestClient().recoveryCodes.create()).codes as string[]
    })
    const { page } = await host.open(card)
    await press(page, 'More ways')
    await press(page, /^Recovery code/)
    const field = page.getByRole('textbox', { name: 'Recovery code' })
    const hasFocus = () => field.evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one)
    await expect.poll(hasFocus).toBe(true)
    await field.fill('7M2K-ZQ4X-0R8T-C5VB')
    await page.keyboard.press('Enter')
    await shows(page, 'That is not a recovery code.')
    // It stays where it was typed, so that it can be corrected.
    expect(await field.inputValue()).toBe('7M2K-ZQ4X-0R8T-C5VB')
    expect(await hasFocus()).toBe(true)
    await field.fill(code!)
    await page.keyboard.press('Enter')
    await shows(page, `Signed in as ${label}.`)
  })

  test('six digits by e-mail: the sixth one submits; a wrong one is said at the digits', async () => {
    const host = await withCodes()
    const { device, label } = await savedElsewhere(host)
    await device.page.evaluate(async () => {
      const url = '/guest/client.js'
      const client = (await import(url)).createGuestClient()
      Object.assign(window, {
        client,
        sent: await client.promotion.start({ type: 'email', value: 'you@example.com' }),
      })
    })
    await device.page.evaluate(async (code) => {
      const { client, sent } = window as never as { client: never; sent: { transaction: string } }
      await (client as { promotion: { verify(given: object): Promise<void> } }).promotion.verify({
        ...sent,
        code,
      })
    }, host.codes.at(-1))

    const { page } = await host.open(card)
    await press(page, 'More ways')
    const address = page.getByLabel('E-mail address or passkey')
    await address.fill('you@example')
    await page.keyboard.press('Enter')
    await shows(page, 'Something is missing after “example”, such as “.com”.')
    await address.fill('you@example.com')
    await page.keyboard.press('Enter')
    await shows(page, 'Check your e-mail')
    await expect.poll(() => host.codes.length).toBe(2)
    const right = host.codes.at(-1)!
    const wrong = right === '111111' ? '222222' : '111111'
    await page.keyboard.type(wrong)
    await shows(page, 'That is not the code. 4 tries left.')
    expect(await page.locator('.digits span').allInnerTexts()).toEqual([...wrong])
    await page.keyboard.type(right)
    await shows(page, `Signed in as ${label}.`)
  })
})

describe('as a dialog', () => {
  const modal = '<guestkey-sign-in modal></guestkey-sign-in><p id="came"></p>'
  const openIt = (page: Page) =>
    page.evaluate(async () => {
      await customElements.whenDefined('guestkey-sign-in')
      const guest = document.querySelector('guestkey-sign-in')!.open()
      void guest.then((one) => {
        document.querySelector('#came')!.textContent = one?.label ?? 'nobody'
      })
    })

  test('shows nothing until it is opened, and resolves to the guest', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(modal)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await openIt(page)
    await page.getByRole('dialog', { name: 'Start right away' }).waitFor()
    await press(page, 'Continue as guest')
    await expect.poll(() => page.locator('#came').innerText()).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('resolves to null if the person closes it', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(modal)
    await openIt(page)
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('#came').innerText()).toBe('nobody')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('is what “More ways” of the button opens, and gives the focus back', async () => {
    const { open } = await startElements(browser)
    const { page } = await open('<guestkey-button></guestkey-button>')
    await press(page, 'Been here before?')
    await press(page, 'More ways')
    await page.getByRole('dialog').waitFor()
    await press(page, 'Close')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.ariaLabel))
      .toBe('Been here before?')
  })
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const { open } = await withCodes()
  const device = await open(card, { window: { colorScheme, reducedMotion: 'reduce' } })
  const { page } = device
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await expectNothingAmiss(page)
  await press(page, 'Sign in with a passkey')
  await shows(page, 'The passkey was not used.')
  await expectNothingAmiss(page)
  await device.setPresent(false)
  await press(page, 'Try again')
  await shows(page, 'Waiting for your passkey')
  await expectNothingAmiss(page)
  await press(page, 'Cancel')
  await press(page, 'More ways')
  await expectNothingAmiss(page)
  await press(page, /^Recovery code/)
  await expectNothingAmiss(page)
  await press(page, 'Use another way')
  await page.getByLabel('E-mail address or passkey').fill('you@example.com')
  await page.keyboard.press('Enter')
  await shows(page, 'Check your e-mail')
  await expectNothingAmiss(page)
})
