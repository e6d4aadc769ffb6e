// <guestkey-account> as a person uses it, in Chromium, with real ceremonies. Needs `npm run build:client`.

import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { type ElementsHost, heard, listen, press, shows, startElements } from './elements-page.ts'
import { answer, expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const account = '<guestkey-account></guestkey-account>'
const phone = { viewport: { width: 360, height: 740 } }
const nameOf = (page: Page) => page.locator('#title').innerText()
const verdict = (page: Page) => page.locator('.verdict')
const ways = (page: Page) => page.locator('.way').allInnerTexts()
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const link = (page: Page, name: RegExp) => page.getByRole('navigation').getByRole('link', { name })

/** A device on which a guest is signed in, on the page of the account. */
async function opened({ open }: ElementsHost, options: DeviceOptions = {}, body = account) {
  const device = await open(body, options)
  await press(device.page, 'Continue as guest')
  await verdict(device.page).waitFor()
  return device
}

describe('what would bring the guest back', () => {
  test('nothing, then a passkey that is synced, which is one way', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host, { synced: true })
    await listen(page)
    await shows(page, 'If this browser forgot you, everything would be gone.')
    await verdict(page)
      .getByText(`Nothing keeps ${await nameOf(page)} yet.`)
      .waitFor()
    await press(page, 'Save with a passkey')
    await shows(page, 'If this device were lost, one way would be left.')
    expect(await ways(page)).toEqual([expect.stringContaining('In your password manager')])
    expect(await page.locator('.way.gone').count()).toBe(0)
    expect(await heard(page)).toContain('saved')
    // Screen readers hear it without the picture.
    expect(await page.locator('.way').first().textContent()).toContain('would hold')
  })

  test('a passkey and a key that go with the device, until there are recovery codes', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host)
    await press(page, 'Save with a passkey')
    await shows(page, 'If this device were lost, everything would be gone.')
    await page.getByRole('switch').click()
    await expect.poll(() => page.locator('.way.gone').count()).toBe(2)
    await page.locator('.lost').getByRole('button', { name: 'Make recovery codes' }).click()
    await page.getByRole('dialog', { name: 'Your recovery codes' }).waitFor()
    await answer(page, 'I have kept them')
    await shows(page, 'If this device were lost, one way would be left.')
    expect(await ways(page)).toEqual([
      expect.stringContaining('Recovery codes · 10 left'),
      expect.anything(),
      expect.anything(),
    ])
  })

  test('is told again when a section changes something', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host, { synced: true })
    await press(page, 'Save with a passkey')
    await shows(page, 'If this device were lost, one way would be left.')
    expect(await link(page, /^Passkeys/).innerText()).toMatch(/1$/)
    // Nothing that userinfo tells of.
    await section(page, 'Passkeys')
      .getByRole('button', { name: /^Rename/ })
      .click()
    await page.getByRole('dialog', { name: 'Rename' }).getByLabel('Name').fill('Blue one')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await ways(page))[0]).toMatch(/^Blue one/)
    await section(page, 'Passkeys')
      .getByRole('button', { name: /^Remove/ })
      .click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await shows(page, 'If this browser forgot you, everything would be gone.')
    expect(await link(page, /^Passkeys/).innerText()).toMatch(/none$/)
  })

  test('that the server does not answer is said, and asked again', async () => {
    const host = await startElements(browser)
    const { page } = await host.open('<guestkey-button></guestkey-button>')
    await press(page, 'Continue as guest')
    await shows(page, 'not saved yet')
    await page.route('**/account/export', (route) => route.abort())
    await page.goto(`${host.app.origin}/page?body=${encodeURIComponent(account)}`)
    await shows(page, 'The server did not answer.')
    await page.unroute('**/account/export')
    await press(page, 'Try again')
    await verdict(page).waitFor()
  })
})

describe('sections', () => {
  test('stand one below the other where it is wide; their list says what is in each', async () => {
    const host = await startElements(browser, { loginIds: { send: () => {} } })
    const { page } = await opened(host)
    for (const name of ['Getting back', 'Passkeys', 'Devices', 'Recovery codes', 'Addresses', 'Leave'])
      await page.getByRole('region', { name, exact: true }).waitFor()
    const texts = await page.getByRole('navigation').getByRole('link').allInnerTexts()
    expect(texts.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      'Getting back',
      'Passkeys none',
      'Devices 1',
      'Recovery codes none',
      'Addresses none',
      'Leave',
    ])
    await link(page, /^Devices/).click()
    expect(new URL(page.url()).hash).toBe('#guestkey-devices')
    await expect.poll(() => link(page, /^Devices/).getAttribute('aria-current')).toBe('true')
  })

  test('without codes by mail, addresses are not offered', async () => {
    const host = await startElements(browser)
    await host.app.guests.settings.set({ codes: false })
    const { page } = await opened(host)
    await page.getByRole('region', { name: 'Leave' }).waitFor()
    await link(page, /^Addresses/).waitFor({ state: 'detached' })
    expect(await page.getByRole('region', { name: 'Addresses' }).count()).toBe(0)
  })

  test.each([phone, { viewport: { width: 1280, height: 800 } }])(
    'are not covered by a toast to their last button, in %j',
    async (window) => {
      const host = await startElements(browser)
      const { page } = await opened(host, { window })
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
      await press(page, 'Save with a passkey')
      await page.locator('.toast').waitFor()
      const space = () => page.evaluate(() => document.documentElement.style.paddingBlockEnd)
      if (window === phone) await link(page, /^Leave/).click()
      const last = page.getByRole('button', { name: 'Delete…' })
      await last.scrollIntoViewIfNeeded()
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
      await last.click({ trial: true, timeout: 3000 })
      await page.locator('.toast').getByRole('button', { name: 'Close' }).click()
      await page.locator('.toast').waitFor({ state: 'detached' })
      expect(await space()).toBe('')
    },
  )

  test('are pages of their own on a phone, which the button “back” of the browser leaves', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host, { window: phone })
    expect(await page.getByRole('region', { name: 'Passkeys' }).count()).toBe(0)
    await link(page, /^Passkeys/).click()
    await page.getByRole('region', { name: 'Passkeys' }).waitFor()
    expect(await page.getByRole('region', { name: 'Getting back' }).count()).toBe(0)
    expect(new URL(page.url()).hash).toBe('#guestkey-passkeys')
    await page.goBack()
    await page.getByRole('region', { name: 'Getting back' }).waitFor()
    await link(page, /^Leave/).click()
    await page.getByRole('region', { name: 'Leave' }).waitFor()
    await page.getByRole('link', { name: 'Account' }).click()
    await page.getByRole('region', { name: 'Getting back' }).waitFor()
  })

  test('fit into 320 px, each of them, in German too', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host, { window: { viewport: { width: 320, height: 640 } } })
    await page.locator('guestkey-account').evaluate((element) => element.setAttribute('lang', 'de'))
    await shows(page, 'Zurückkommen')
    const isFitting = () => page.evaluate(() => document.documentElement.scrollWidth <= 320)
    expect(await isFitting()).toBe(true)
    for (const name of ['Passkeys', 'Geräte', 'Wiederherstellungscodes', 'Adressen', 'Gehen']) {
      await link(page, new RegExp(`^${name}`)).click()
      await section(page, name).waitFor()
      expect(await isFitting(), name).toBe(true)
      await page.getByRole('link', { name: 'Konto' }).click()
    }
  })

  test('are found by the address of the page', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host, { window: phone })
    await page.goto(`${page.url()}#guestkey-codes`)
    await page.reload()
    await page.getByRole('region', { name: 'Recovery codes' }).waitFor()
    const focused = () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('data-key'))
    await expect.poll(focused).toBe('at-codes')
  })
})

describe('leaving', () => {
  const lead = /^Guest of Jotter since /

  test('everything as a file', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host)
    await shows(page, lead)
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')])
    expect(download.suggestedFilename()).toBe(`${await nameOf(page)}.json`)
    const file = JSON.parse(await readFile(await download.path(), 'utf8'))
    expect(file).toMatchObject({ guest: { label: await nameOf(page) }, sessions: [{ current: true }] })
  })

  test('a page can add what it keeps itself to that file', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host)
    await page.evaluate(() => {
      document.addEventListener('guestkey-export', (event) => {
        event.preventDefault()
        Object.assign(window, { taken: (event as CustomEvent).detail.account })
      })
    })
    let downloads = 0
    page.on('download', () => downloads++)
    await press(page, 'Download')
    await expect
      .poll(() => page.evaluate(() => (window as never as { taken?: object }).taken))
      .toMatchObject({ guest: { label: await nameOf(page) } })
    expect(downloads).toBe(0)
  })

  test('the guest is erased only after a question, which says what goes with it', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host, { synced: true })
    await press(page, 'Save with a passkey')
    await shows(page, 'If this device were lost, one way would be left.')
    await press(page, 'Close') // the toast
    const name = await nameOf(page)
    await press(page, 'Delete…')
    const dialog = page.getByRole('alertdialog', { name: `Delete ${name}?` })
    await dialog.waitFor()
    expect(await dialog.getByRole('listitem').allInnerTexts()).toContain('Passkeys · 1')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await host.app.rows()).toMatchObject({ guests: 1 })
    await listen(page)
    await press(page, 'Delete…')
    await press(page, 'Delete for good')
    await shows(page, 'Start right away')
    expect(await host.app.rows()).toMatchObject({ guests: 0, passkeys: 0, sessions: 0 })
    expect(await heard(page)).toContain('signed-out')
  })

  test('a guest who is not saved is asked before signing out, and can save in place of it', async () => {
    const host = await startElements(browser)
    const { page } = await opened(
      host,
      { synced: true },
      '<guestkey-account what="notes"></guestkey-account>',
    )
    const name = await nameOf(page)
    await press(page, 'Sign out…')
    const dialog = page.getByRole('alertdialog', { name: 'Sign out and lose your notes?' })
    await dialog.getByRole('button', { name: 'Stay signed in' }).click()
    await press(page, 'Sign out…')
    await dialog.getByRole('button', { name: 'Save with a passkey' }).click()
    await shows(page, 'If this device were lost, one way would be left.')
    await press(page, 'Sign out')
    await press(page, 'Continue with your passkey')
    await verdict(page).waitFor()
    expect(await nameOf(page)).toBe(name)
  })

  test('a guest who loses everything by it is another one afterwards', async () => {
    const host = await startElements(browser)
    const { page } = await opened(host)
    const name = await nameOf(page)
    await press(page, 'Sign out…')
    await press(page, 'Sign out and lose it')
    await press(page, 'Continue as guest')
    await verdict(page).waitFor()
    expect(await nameOf(page)).not.toBe(name)
  })
})

test('a guest is renamed', async () => {
  const host = await startElements(browser)
  const { page } = await opened(host)
  await press(page, 'Rename')
  const dialog = page.getByRole('dialog', { name: 'Rename' })
  await dialog.getByLabel('Name').fill('Ada')
  await page.keyboard.press('Enter')
  await expect.poll(() => nameOf(page)).toBe('Ada')
})

describe('as a dialog of the button', () => {
  const openIt = async (page: Page) => {
    await press(page, /not saved yet$/)
    await press(page, 'Account')
    await page.getByRole('dialog').waitFor()
  }

  test('shows the account without a page of its own, and gives the focus back', async () => {
    const host = await startElements(browser)
    const { page } = await host.open('<guestkey-button></guestkey-button>')
    await press(page, 'Continue as guest')
    const url = page.url()
    await openIt(page)
    await shows(page, 'If this browser forgot you, everything would be gone.')
    await link(page, /^Leave/).click()
    expect(page.url()).toBe(url)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const focused = () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('part'))
    await expect.poll(focused).toBe('trigger')
  })

  test('is closed by signing out in it', async () => {
    const host = await startElements(browser)
    const { page } = await host.open('<guestkey-button></guestkey-button>')
    await press(page, 'Continue as guest')
    await openIt(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out…' }).click()
    await press(page, 'Sign out and lose it')
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})

test.each([
  ['light', 'ltr'],
  ['dark', 'ltr'],
  ['light', 'rtl'],
  ['dark', 'rtl'],
] as const)('axe finds nothing, in %s mode, %s', async (colorScheme, dir) => {
  const host = await startElements(browser, { loginIds: { send: () => {} } })
  const { page } = await opened(host, {
    synced: true,
    window: { colorScheme, reducedMotion: 'reduce' },
  })
  await expectNothingAmiss(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await press(page, 'Save with a passkey')
  await shows(page, 'If this device were lost, one way would be left.')
  await page.evaluate((dir) => {
    document.documentElement.dir = dir
  }, dir)
  await expectNothingAmiss(page)
  for (const name of ['Passkeys', 'Devices', 'Recovery codes', 'Addresses', 'Leave']) {
    await page.setViewportSize(phone.viewport)
    await link(page, new RegExp(`^${name}`)).click()
    await page.getByRole('region', { name }).waitFor()
    await expectNothingAmiss(page)
    await page.setViewportSize(phone.viewport)
    await page.getByRole('link', { name: 'Account' }).click()
  }
})
