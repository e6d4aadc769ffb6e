// <guestkey-prompt> as a person meets it, in Chromium, with real ceremonies. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Options } from '../../server/options/options.ts'
import { launchBrowser } from '../support/browser.ts'
import { heard, listen, press, shows, startElements } from './elements-page.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const page = '<guestkey-button></guestkey-button><guestkey-prompt what="notes"></guestkey-prompt>'
/** Due as soon as a guest is there. */
const prompts: NonNullable<Options['prompts']> = [{ prompt: 'add_passkey' }]
const banner = (page: Page) => page.getByRole('region', { name: 'Keep these notes?' })
const show = (page: Page) => page.evaluate(() => document.querySelector('guestkey-prompt')!.show())

test('comes when the service says that it is due, saves, and says what the passkey does', async () => {
  const { app, open } = await startElements(browser, { prompts })
  const device = await open(page, { synced: true })
  await listen(device.page)
  expect(await banner(device.page).count()).toBe(0)
  await press(device.page, 'Continue as guest')
  await banner(device.page).waitFor()
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'Kept.')
  await shows(device.page, 'here and on your other devices.')
  expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1 })
  expect(await heard(device.page)).toEqual(['signed-in', 'saved'])
  await press(device.page, 'Close')
  expect(await device.page.getByRole('region').count()).toBe(0)
})

test('is not shown on load, nor by the host to a guest who is saved', async () => {
  const { open } = await startElements(browser, { prompts: [] })
  const device = await open(page)
  await press(device.page, 'Continue as guest')
  await shows(device.page, 'not saved yet')
  expect(await banner(device.page).count()).toBe(0)
  await show(device.page)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'Your passkey brings')
  await press(device.page, 'Close')
  await show(device.page)
  expect(await device.page.getByRole('region').count()).toBe(0)
})

describe('“Later”', () => {
  test('is believed: not in this session, then after 7 days, then after 30, then no more', async () => {
    const { app, open } = await startElements(browser, { prompts: [] })
    const device = await open(page)
    await press(device.page, 'Continue as guest')
    await shows(device.page, 'not saved yet')
    const isAsked = async (days: number, session: 'same' | 'new' = 'new') => {
      const tab = session === 'same' ? device.page : (await device.openTab()).page
      await tab.addInitScript((days) => {
        const RealDate = Date
        globalThis.Date = class extends RealDate {
          constructor(...given: [number]) {
            super(...((given.length ? given : [RealDate.now() + days * 864e5]) as [number]))
          }
          static override now = () => RealDate.now() + days * 864e5
        } as DateConstructor
      }, days)
      await tab.goto(`${app.origin}/page?body=${encodeURIComponent(page)}`)
      await shows(tab, 'not saved yet')
      await show(tab)
      const asked = await banner(tab)
        .waitFor({ timeout: 1500 })
        .then(
          () => true,
          () => false,
        )
      if (asked) await press(tab, 'Later')
      return asked
    }
    expect(await isAsked(0, 'same')).toBe(true)
    expect(await isAsked(8, 'same')).toBe(false)
    expect(await isAsked(6)).toBe(false)
    expect(await isAsked(8)).toBe(true)
    expect(await isAsked(37)).toBe(false)
    expect(await isAsked(39)).toBe(true)
    expect(await isAsked(400)).toBe(false)
  })

  test('tells the service, too', async () => {
    const { open } = await startElements(browser, { prompts })
    const device = await open(page)
    await listen(device.page)
    const snoozed = device.page.waitForResponse('**/guest/prompts/snooze')
    await press(device.page, 'Continue as guest')
    await press(device.page, 'Later')
    expect((await (await snoozed).json()).prompts).toEqual([])
    expect(await heard(device.page)).toEqual(['signed-in', 'closed'])
  })
})

test('a passkey that was not used changes nothing, and can be tried again', async () => {
  const { app, open } = await startElements(browser, { prompts })
  const device = await open(page)
  await press(device.page, 'Continue as guest')
  await device.setUserVerified(false)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'The passkey was not used.')
  // What is said comes before the button, which keeps the focus.
  const focused = await device.page.evaluate(
    () => (document.querySelector('guestkey-prompt')!.shadowRoot!.activeElement as HTMLElement).innerText,
  )
  expect(focused).toBe('Save with a passkey')
  expect(await app.rows()).toMatchObject({ guests: 0 })
  await device.setUserVerified(true)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'Kept.')
})

test('offers a passkey of its own to a device that signed in by another one, once', async () => {
  const { open } = await startElements(browser, { prompts: [] })
  const phone = await open(page)
  await press(phone.page, 'Continue as guest')
  await press(phone.page, /not saved yet$/)
  await press(phone.page, 'Save with a passkey')
  await shows(phone.page, '1 way back')
  const laptop = await open(page, { transport: 'hybrid', passkeys: await phone.credentials() })
  await press(laptop.page, 'Been here before?')
  await press(laptop.page, 'Sign in with a passkey')
  await shows(laptop.page, 'Add a passkey on this device?')
  await press(laptop.page, 'No, thanks')
  await laptop.page.evaluate(() => sessionStorage.clear())
  await press(laptop.page, /saved$/)
  await press(laptop.page, 'Sign out')
  await press(laptop.page, 'Continue with your passkey')
  await shows(laptop.page, 'saved')
  expect(await laptop.page.getByRole('region').count()).toBe(0)
})

test('asks for recovery codes where passkeys do not work', async () => {
  const { app, open } = await startElements(browser, { prompts })
  const device = await open('')
  await device.page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'))
  await device.page.goto(`${app.origin}/page?body=${encodeURIComponent(page)}`)
  await press(device.page, 'Continue as guest')
  await shows(device.page, 'Ten codes to write down bring them back anywhere.')
  await device.page.getByRole('button', { name: 'Make recovery codes' }).waitFor()
})

test('says that what is here is from a guest who is gone, and goes on as a new one', async () => {
  const { open } = await startElements(browser, { prompts: [] })
  const device = await open('<guestkey-prompt what="notes"></guestkey-prompt>')
  await device.page.waitForFunction(() => customElements.get('guestkey-prompt'))
  await device.page.evaluate(() => document.querySelector('guestkey-prompt')!.show('lost'))
  await shows(device.page, 'These notes are from a guest who was not saved.')
  await press(device.page, 'Continue as a new guest')
  await device.page.getByRole('region').waitFor({ state: 'detached' })
  const guest = await device.page.evaluate(async () => (await fetch('/guest/userinfo')).status)
  expect(guest).toBe(200)
})

test('is a sheet from below on a phone: Escape is “Later”', async () => {
  const { open } = await startElements(browser, { prompts })
  const device = await open(page, {
    window: { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true },
  })
  await press(device.page, 'Continue as guest')
  const sheet = device.page.getByRole('dialog', { name: 'Keep these notes?' })
  await sheet.waitFor()
  const bottom = async () => {
    const { y, height } = (await sheet.boundingBox())!
    return Math.round(y + height)
  }
  await expect.poll(bottom).toBe(800)
  await device.page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const { open } = await startElements(browser, { prompts })
  const device = await open(page, { window: { colorScheme, reducedMotion: 'reduce' } })
  await press(device.page, 'Continue as guest')
  await banner(device.page).waitFor()
  await expectNothingAmiss(device.page)
  await device.setUserVerified(false)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'The passkey was not used.')
  await expectNothingAmiss(device.page)
  await device.setUserVerified(true)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'Kept.')
  await expectNothingAmiss(device.page)
})
