// The gallery of the demo: each state of the elements, one beside the other. Needs `npm run build:client`.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, newDevice } from '../support/browser.ts'
import { startDemo } from '../support/demo.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const elements = [
  'guestkey-sign-in',
  'guestkey-prompt',
  'guestkey-link',
  'guestkey-passkeys',
  'guestkey-devices',
  'guestkey-recovery-codes',
  'guestkey-login-ids',
  'guestkey-account',
]
const schemes = ['light', 'dark'] as const
const shown = elements.flatMap((element) => schemes.map((scheme) => [element, scheme] as const))

test.each(shown)(
  'axe finds nothing in any state of <%s> in the gallery, in %s mode',
  async (element, colorScheme) => {
    const demo = await startDemo()
    const device = await newDevice(browser, { window: { colorScheme, reducedMotion: 'reduce' } })
    await device.page.goto(`${demo.origin}/elements#element=${element}&lang=de`)
    await device.page.waitForSelector('html[data-shown]')
    expect(Number(await device.page.locator('html').getAttribute('data-shown'))).toBeGreaterThan(4)
    // No state is left without its element.
    for (const figure of await device.page.locator('figure').all())
      expect(await figure.getByRole('heading').count(), await figure.innerText()).toBeGreaterThan(0)
    expect(await device.page.locator('.icon path').count()).toBeGreaterThan(0)
    expect(await device.page.locator('.icon path:not([d])').count()).toBe(0)
    // Several states have the same title, which no page of a host would have twice.
    await expectNothingAmiss(device.page, 'landmark-unique')
    await device.close()
    expect(device.problems).toEqual([])
  },
)

test('no two menus of the gallery are over each other: each is shown alone, when it is chosen', async () => {
  const demo = await startDemo()
  const device = await newDevice(browser)
  const { page, problems } = device
  await page.goto(`${demo.origin}/elements#element=guestkey-button`)
  await page.waitForSelector('html[data-shown]')
  const menus = page.locator('guestkey-button .menu:popover-open')
  expect(Number(await page.locator('html').getAttribute('data-shown'))).toBeGreaterThan(4)
  expect(await menus.count()).toBe(0)
  await page.locator('select[name=state]').selectOption('saved, menu')
  await page.waitForSelector('html[data-shown="1"]')
  expect(await menus.count()).toBe(1)
  await device.close()
  expect(problems).toEqual([])
})
