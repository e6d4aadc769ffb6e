// <guestkey-link> on two devices, in Chromium, with real ceremonies. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { readQr } from '../support/qr.ts'
import { heard, listen, press, shows, startElements } from './elements-page.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const body = '<guestkey-button></guestkey-button><guestkey-link></guestkey-link>'
const words = (page: Page) => page.locator('.words span').allInnerTexts()

/** A device that is signed in and shows a code, and another one. */
async function start(other = '<guestkey-link></guestkey-link>') {
  const host = await startElements(browser)
  const phone = await host.open(body)
  await press(phone.page, 'Continue as guest')
  const label = await phone.page.locator('.chip .guest').innerText()
  await press(phone.page, 'Link a device')
  const code = await phone.page.locator('.code').innerText()
  const laptop = await host.open(other)
  return { ...host, phone, laptop, label, code }
}

async function type(page: Page, code: string) {
  await page.getByRole('textbox', { name: 'Code' }).fill(code)
  await page.keyboard.press('Enter')
}

test('a device that is signed in lets another one in: both show the same words, and one says yes', async () => {
  const { phone, laptop, label, code } = await start()
  await listen(laptop.page)
  await shows(phone.page, /^Good for \d+ more minutes?$/)
  await shows(phone.page, 'This address works on this computer only.')
  await type(laptop.page, code)
  await shows(laptop.page, `Signing in as ${label}`)
  await shows(phone.page, 'Is this your other device?')
  expect((await words(phone.page)).length).toBe(2)
  expect(await words(laptop.page)).toEqual(await words(phone.page))
  // Nobody says yes by pressing Enter.
  await phone.page.keyboard.press('Enter')
  await shows(laptop.page, 'Waiting for your yes')
  await press(phone.page, 'Yes, sign it in')
  await shows(laptop.page, `You are signed in as ${label}.`)
  await shows(phone.page, 'Linked')
  expect(await heard(laptop.page)).toEqual(['signed-in'])
})

/** The address in the QR code that the page shows, as a camera sees it. */
async function scan(page: Page): Promise<string> {
  await page.getByRole('img', { name: /^QR code that opens localhost:\d+\/page$/ }).waitFor()
  return readQr(await page.screenshot())
}

test('a QR code opens the page of the new device, which asks at once; there it can be given a passkey', async () => {
  const { phone, laptop, label } = await start('')
  const url = await scan(phone.page)
  await laptop.page.goto(url)
  await shows(laptop.page, `Signing in as ${label}`)
  expect(laptop.page.url()).not.toContain('guestkey-link=')
  await press(phone.page, 'Yes, sign it in')
  await shows(laptop.page, `You are signed in as ${label}.`)
  await press(laptop.page, 'Add a passkey here')
  await shows(laptop.page, 'Kept.')
})

test('pages with the button alone link devices, too: both sides are dialogs', async () => {
  const button = '<guestkey-button></guestkey-button>'
  const { open } = await startElements(browser)
  const phone = await open(button)
  await press(phone.page, 'Continue as guest')
  const label = await phone.page.locator('.chip .guest').innerText()
  await press(phone.page, /not saved yet$/)
  await press(phone.page, 'Link another device')
  const laptop = await open('')
  await laptop.page.goto(await scan(phone.page))
  await laptop.page.getByRole('dialog', { name: `Signing in as ${label}` }).waitFor()
  await press(phone.page, 'Yes, sign it in')
  await laptop.page.getByRole('dialog', { name: `You are signed in as ${label}.` }).waitFor()
  await laptop.page.keyboard.press('Escape')
  await laptop.page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await laptop.page.locator('.chip .guest').innerText()).toBe(label)
  await phone.page.getByRole('dialog', { name: 'Linked' }).waitFor()
  await press(phone.page, 'Done')
  await phone.page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('a code that is withdrawn is good for nothing', async () => {
  const { phone, laptop, code } = await start()
  await press(phone.page, 'Cancel')
  await phone.page.getByRole('button', { name: 'Link a device' }).waitFor()
  await type(laptop.page, code)
  await shows(laptop.page, 'No device shows this code.')
})

test('without the QR code, which could not be loaded, there is the code to type', async () => {
  const { open } = await startElements(browser)
  const { page } = await open(body)
  await page.route(/link-qr/, (route) => route.abort())
  await press(page, 'Continue as guest')
  await press(page, 'Link a device')
  await page.locator('.code').waitFor()
  expect(await page.getByRole('img', { name: /^QR/ }).count()).toBe(0)
})

test.each([
  ['/link', '/link'],
  ['javascript:alert(1)', '/page'],
])('the other device is sent to a page of the web: %s', async (url, path) => {
  const { app, open } = await startElements(browser)
  const { page } = await open(
    `<guestkey-button></guestkey-button><guestkey-link link-url="${url}"></guestkey-link>`,
  )
  await press(page, 'Continue as guest')
  await page.locator('guestkey-link').evaluate(async (element) => {
    const from = '/guest/client.js'
    const client = (await import(from)).createGuestClient()
    const start = (options: { url: string }) => {
      Object.assign(window, { asked: options.url })
      return client.deviceLinks.start(options)
    }
    const deviceLinks = { value: { ...client.deviceLinks, start } }
    Object.assign(element, { client: Object.create(client, { deviceLinks }) })
  })
  await press(page, 'Link a device')
  await page.locator('.code').waitFor()
  const asked = await page.evaluate(() => (window as never as { asked: string }).asked)
  expect(new URL(asked)).toMatchObject({ origin: app.origin, pathname: path })
})

test('a device that is refused is told so, and nobody is signed in', async () => {
  const { phone, laptop, code } = await start()
  await type(laptop.page, code)
  await press(phone.page, 'No, refuse')
  await shows(phone.page, 'Nobody was signed in.')
  await shows(laptop.page, 'The other device refused.')
  expect(await laptop.page.evaluate(async () => (await fetch('/guest/userinfo')).status)).toBe(401)
})

test('a code that no device shows is said', async () => {
  const { laptop } = await start()
  await type(laptop.page, 'ZZZZ-ZZZZ')
  await shows(laptop.page, 'No device shows this code.')
})

test('is one of the ways to sign in', async () => {
  const { phone, laptop, label, code } = await start('<guestkey-sign-in></guestkey-sign-in>')
  await press(laptop.page, 'More ways')
  await press(laptop.page, /^Another device/)
  await type(laptop.page, code)
  await press(phone.page, 'Yes, sign it in')
  await shows(laptop.page, `Signed in as ${label}.`)
})

test('of a sign-in has the client and the texts of that', async () => {
  const { phone, laptop, label, code } = await start('')
  const by: (string | undefined)[] = []
  laptop.page.on('request', (request) => {
    if (/device-links/.test(request.url())) by.push(request.headers()['x-page'])
  })
  await laptop.page.evaluate(async () => {
    const { createGuestClient } = await import(`${location.origin}/guest/client.js`)
    const signIn = document.createElement('guestkey-sign-in')
    signIn.client = createGuestClient({ headers: { 'X-Page': 'ours' } })
    signIn.texts = { linkHere: 'Join the other one' }
    document.body.append(signIn)
  })
  await press(laptop.page, 'More ways')
  await press(laptop.page, /^Another device/)
  await shows(laptop.page, 'Join the other one')
  await type(laptop.page, code)
  await press(phone.page, 'Yes, sign it in')
  await shows(laptop.page, `Signed in as ${label}.`)
  expect(by.length).toBeGreaterThan(1)
  expect(new Set(by)).toEqual(new Set(['ours']))
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const host = await startElements(browser)
  const window = { colorScheme, reducedMotion: 'reduce' } as const
  const phone = await host.open(body, { window })
  const laptop = await host.open('<guestkey-link></guestkey-link>', { window })
  await shows(laptop.page, 'Link this device')
  await expectNothingAmiss(laptop.page)
  await press(phone.page, 'Continue as guest')
  await press(phone.page, 'Link a device')
  await expectNothingAmiss(phone.page)
  await type(laptop.page, await phone.page.locator('.code').innerText())
  await shows(phone.page, 'Is this your other device?')
  await expectNothingAmiss(phone.page)
  await expectNothingAmiss(laptop.page)
  await press(phone.page, 'Yes, sign it in')
  await shows(laptop.page, 'You are signed in')
  await expectNothingAmiss(laptop.page)
})
