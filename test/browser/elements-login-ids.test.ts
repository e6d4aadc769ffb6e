// <guestkey-login-ids> as a person uses it, in Chromium, with real ceremonies. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CodeMessage } from '../../server/index.ts'
import type { Options } from '../../server/options/options.ts'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { heard, listen, press, shows, startElements } from './elements-page.ts'
import { answer, expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const body = '<guestkey-button></guestkey-button><guestkey-login-ids></guestkey-login-ids>'
const section = (page: Page) => page.getByRole('region', { name: 'Addresses' })
const rows = (page: Page) => section(page).getByRole('listitem').allInnerTexts()
const nameOf = (page: Page) => page.locator('.chip .guest').innerText()

/** A host that sends codes, which `codes` has, and a device on which a guest is signed in. */
async function start(options: Partial<Options> = {}, device: DeviceOptions = {}) {
  const codes: string[] = []
  const send = ({ code }: CodeMessage) => void codes.push(code)
  const host = await startElements(browser, { loginIds: { send, types: ['email'] }, ...options })
  const first = await host.open(body, device)
  await press(first.page, 'Continue as guest')
  await section(first.page).waitFor()
  return { ...host, ...first, codes }
}

type Started = Awaited<ReturnType<typeof start>>

async function give(page: Page, address: string) {
  await press(page, 'Add an address')
  await page.getByLabel('E-mail address').fill(address)
  await page.keyboard.press('Enter')
}
/** Types the last code; the sixth digit submits. */
async function typeCode(page: Page, { codes }: Started, count: number) {
  await shows(page, 'Check your e-mail')
  await expect.poll(() => codes.length).toBe(count)
  await page.keyboard.type(codes.at(-1)!)
}

test('an address is added by six digits, which submit themselves', async () => {
  const started = await start()
  const { app, page } = started
  await listen(page)
  await shows(page, 'None. You are known by nothing, and may stay so.')
  await give(page, 'you@example')
  await shows(page, 'Something is missing after “example”, such as “.com”.')
  await page.getByLabel('E-mail address').fill('you@example.com')
  await page.keyboard.press('Enter')
  await shows(page, /^Nothing there\? Send again in 0:\d\d$/)
  await expect.poll(() => started.codes.length).toBe(1)
  const wrong = started.codes[0] === '111111' ? '222222' : '111111'
  await page.keyboard.type(wrong)
  await shows(page, 'That is not the code. 4 tries left.')
  await typeCode(page, started, 1)
  await shows(page, 'Address added.')
  expect(await rows(page)).toEqual([expect.stringMatching(/^you@example\.com\s+Confirmed on today/)])
  expect(await app.rows()).toMatchObject({ guests: 1, login_ids: 1 })
  expect(await heard(page)).toEqual(['error', 'saved'])
})

/** The addresses of the guest, as the service has them. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const url = '/guest/client.js'
    const all = await (await import(url)).createGuestClient().loginIds.list()
    return all.map(({ type, value }: { type: string; value: string }) => `${type} ${value}`)
  })

test('a telephone number is added as an address is, if codes can be sent there', async () => {
  const codes: string[] = []
  const send = ({ code }: CodeMessage) => void codes.push(code)
  const started = await start({ loginIds: { send, types: ['phone'] } })
  const { page } = started
  await press(page, 'Add a phone number')
  await page.getByRole('textbox', { name: 'Phone number' }).fill('044 668 18 00')
  await page.keyboard.press('Enter')
  await shows(page, 'A phone number begins with + and its country code, such as +41 44 668 18 00.')
  await page.getByRole('textbox', { name: 'Phone number' }).fill('+41 44 668 18 00')
  await page.keyboard.press('Enter')
  await shows(page, 'Check your phone')
  await expect.poll(() => codes.length).toBe(1)
  await page.keyboard.type(codes[0]!)
  await shows(page, 'Phone number added.')
  expect(await rows(page)).toEqual([expect.stringMatching(/^\+41446681800\s+Confirmed on today/)])
})

test('one field takes addresses and numbers, if codes can be sent to both', async () => {
  const codes: string[] = []
  const send = ({ code }: CodeMessage) => void codes.push(code)
  const { page } = await start({ loginIds: { send } })
  const given = ['you@example.com', '+41 44 668 18 00']
  for (const [i, value] of given.entries()) {
    await press(page, 'Add an address')
    await page.getByLabel('E-mail address or phone number').fill(value)
    await page.keyboard.press('Enter')
    await shows(page, ['Check your e-mail', 'Check your phone'][i]!)
    await expect.poll(() => codes.length).toBe(i + 1)
    await page.keyboard.type(codes[i]!)
    await expect.poll(() => rows(page)).toHaveLength(i + 1)
  }
  expect(await kept(page)).toEqual(['email you@example.com', 'phone +41446681800'])
})

test('an address can be changed before the digits, and is forgotten by a cancel', async () => {
  const started = await start()
  const { page } = started
  await give(page, 'me@example.com')
  await shows(page, 'We sent six digits to me@example.com.')
  await press(page, 'Change')
  await page.getByLabel('E-mail address').fill('you@example.com')
  await page.keyboard.press('Enter')
  await shows(page, 'We sent six digits to you@example.com.')
  await answer(page, 'Cancel')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await press(page, 'Add an address')
  expect(await page.getByLabel('E-mail address').inputValue()).toBe('')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent)
  await expect.poll(focused).toBe('Add an address')
})

test('a countdown in a dialog takes the focus from nobody who goes through it by Tab', async () => {
  const started = await start()
  const { page } = started
  await give(page, 'you@example.com')
  await shows(page, /^Nothing there\? Send again in 0:\d\d$/)
  const focused = () =>
    page.evaluate(() => {
      const one = document.activeElement?.shadowRoot?.activeElement
      return one?.ariaLabel ?? one?.textContent
    })
  await expect.poll(focused).toBe('Six digits')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Cancel')
  // The next place is the browser's own, outside of the page.
  await page.keyboard.press('Tab')
  expect(await focused()).toBeUndefined()
  const countdown = page.getByText(/Send again in/)
  const before = await countdown.innerText()
  await expect.poll(() => countdown.innerText()).not.toBe(before)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Change')
})

test('one of several addresses is the main one; the last one goes after a question', async () => {
  const started = await start({}, { synced: true })
  const { app, page } = started
  await give(page, 'you@example.com')
  await typeCode(page, started, 1)
  await shows(page, 'Address added.')
  await give(page, 'me@example.com')
  await typeCode(page, started, 2)
  await expect.poll(() => rows(page)).toHaveLength(2)
  await press(page, 'Make main')
  await expect.poll(async () => (await rows(page))[0]).toMatch(/^me@example\.com\s.*\smain$/s)

  await section(page).getByRole('button', { name: 'Remove' }).first().click()
  await page.getByRole('alertdialog', { name: 'Remove “me@example.com”?' }).waitFor()
  await press(page, 'Keep it')
  expect(await rows(page)).toHaveLength(2)
  await section(page).getByRole('button', { name: 'Remove' }).first().click()
  await answerIt(page, 'Remove')
  await expect.poll(() => rows(page)).toEqual([expect.stringContaining('you@example.com')])

  // Nothing else brings the guest back: the server says so, and the question is asked again.
  await section(page).getByRole('button', { name: 'Remove' }).click()
  await shows(page, 'Without an address you are a guest again. What you made stays.')
  await answerIt(page, 'Remove')
  await shows(page, /^Without it, nothing brings .* back\./)
  expect(await app.rows()).toMatchObject({ login_ids: 1 })
  await answerIt(page, 'Remove')
  await shows(page, 'None. You are known by nothing, and may stay so.')
  expect(await app.rows()).toMatchObject({ login_ids: 0 })
})

const answerIt = (page: Page, name: string) =>
  page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()

test('an address of another guest: sign in as that one, and what was made here comes along; that can be undone', async () => {
  const started = await start()
  const { page, open } = started
  await give(page, 'you@example.com')
  await typeCode(page, started, 1)
  await shows(page, 'Address added.')
  const first = await nameOf(page)

  const other = await open(body)
  await press(other.page, 'Continue as guest')
  const second = await nameOf(other.page)
  await give(other.page, 'you@example.com')
  await typeCode(other.page, started, 2)
  await shows(other.page, 'You have been here with this address.')
  await press(other.page, 'Send me six digits')
  await typeCode(other.page, started, 3)
  await shows(other.page, `Merged with ${second}.`)
  await expect.poll(() => nameOf(other.page)).toBe(first)
  await section(other.page).getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => nameOf(other.page)).toBe(second)
})

test('a service that sends no codes and a page that providers do not come back to: nothing is shown', async () => {
  const { app, open } = await startElements(browser)
  await app.guests.settings.set({ codes: false })
  const { page } = await open(body)
  // A heading that is shown for a moment would be seen.
  await page.evaluate(() => {
    const root = document.querySelector('guestkey-login-ids')!.shadowRoot!
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => seen.push(root.textContent ?? '')).observe(root, {
      childList: true,
      subtree: true,
    })
  })
  const answered = page.waitForResponse(/\/login-ids$/)
  await press(page, 'Continue as guest')
  await answered
  await expect.poll(() => section(page).count()).toBe(0)
  expect(await page.evaluate(() => (window as never as { seen: string[] }).seen.join(''))).toBe('')
  expect(await app.rows()).toMatchObject({ login_ids: 0 })
})

test('a step-up by the passkey says what it waits for', async () => {
  const started = await start({ now: () => Date.now() }, { synced: true })
  const { page } = started
  await press(page, /not saved yet$/)
  await press(page, 'Save with a passkey')
  await shows(page, '1 way back')
  await page.keyboard.press('Escape')
  await page.route('**/promotion/start', (route) =>
    new Promise((resolve) => setTimeout(resolve, 500)).then(() => route.continue()),
  )
  await give(page, 'you@example.com')
  await shows(page, 'Your device is asking for your face, your fingerprint or its PIN.')
  await typeCode(page, started, 1)
  await shows(page, 'Address added.')
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const started = await start({}, { window: { colorScheme, reducedMotion: 'reduce' } })
  const { page } = started
  await expectNothingAmiss(page)
  await press(page, 'Add an address')
  await expectNothingAmiss(page)
  await page.keyboard.press('Escape')
  await give(page, 'you@example.com')
  await shows(page, 'Check your e-mail')
  await expectNothingAmiss(page)
  await page.keyboard.type('111111')
  await shows(page, /tries left|Address added/)
  await expectNothingAmiss(page)
  await typeCode(page, started, 1)
  await shows(page, 'Address added.')
  await expectNothingAmiss(page)
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })
  await expectNothingAmiss(page)
})
