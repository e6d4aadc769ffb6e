// The gallery of the demo: each state of the elements, one beside the other. Needs `npm run build:client`.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, newDevice } from '../support/browser.ts'
import { startDemo } from '../support/demo.ts'
import { elements } from './gallery-views.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test.each(elements)('no state of <%s> is left without its element and its icons', async (element) => {
  const demo = await startDemo()
  const { page, problems, close } = await newDevice(browser)
  await page.goto(`${demo.origin}/elements#element=${element}&lang=de`)
  await page.waitForSelector('html[data-shown]')
  expect(Number(await page.locator('html').getAttribute('data-shown'))).toBeGreaterThan(4)
  for (const figure of await page.locator('figure').all())
    if (element !== 'guestkey-button')
      expect(await figure.getByRole('heading').count(), await figure.innerText()).toBeGreaterThan(0)
  expect(await page.locator('.icon path').count()).toBeGreaterThan(0)
  expect(await page.locator('.icon path:not([d])').count()).toBe(0)
  await close()
  expect(problems).toEqual([])
})

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
