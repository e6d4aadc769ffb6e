// Helpers that use the demo as a person does: press, write and read on its page.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { type Device, type DeviceOptions, newDevice } from '../support/browser.ts'
import type { Demo } from '../support/demo.ts'

export const screens = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } }

/** Opens the demo on a new device. The test fails if the page reports any problem. */
export async function openJotter(browser: Browser, demo: Demo, options: DeviceOptions = {}): Promise<Device> {
  const device = await newDevice(browser, options)
  onTestFinished(async () => {
    await device.close()
    expect(device.problems).toEqual([])
  })
  await device.page.goto(demo.origin)
  await device.page.locator('#loading').waitFor({ state: 'hidden' })
  return device
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
export const answer = (page: Page, name: string) =>
  page.locator('dialog[open]').getByRole('button', { name, exact: true }).click()
export const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
export const notes = (page: Page) => page.locator('#list .note > p').allTextContents()

/** The label of the guest who is signed in. */
export const label = (page: Page) => page.locator('#who .chip .guest').innerText()

/** Presses this in the menu of the guest. */
export async function choose(page: Page, name: string): Promise<void> {
  await page.locator('#who .chip').click()
  await page.locator('#who .menu').getByRole('button', { name, exact: true }).click()
}

/** Goes to the button of this name by Tab alone, and presses it by Enter. */
export async function reach(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const focused = await page.evaluate(() => {
      let at = document.activeElement as HTMLElement | null
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement as HTMLElement
      return at?.innerText?.replaceAll(/\s+/g, ' ').trim() ?? ''
    })
    if (typeof name === 'string' ? focused === name : name.test(focused)) return page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
  }
  throw new Error(`${name} cannot be reached by Tab`)
}

/** Waits until nobody is signed in. */
export const nobody = (page: Page) => page.locator('#welcome').waitFor()

export async function continueAsGuest(page: Page): Promise<string> {
  await press(page, 'Continue as guest')
  return label(page)
}

/** Writes notes one after the other. */
export async function write(page: Page, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await page.getByLabel('New note').fill(text)
    await press(page, 'Add note')
    await page.locator('#list').getByText(text).waitFor()
  }
}

/** Waits until the notes are in ink. */
export const inInk = (page: Page) => page.locator('body[data-written=ink]').waitFor()

export async function save(page: Page): Promise<void> {
  await page.locator('#save').click()
  await inInk(page)
}

/** The source of axe-core: it gives `axe` to the page. */
export const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * Expects that axe finds nothing on the page as it is, at the width of a phone and of a desktop, and that nothing is
 * wider than the screen. `except` names the rules that the page breaks on purpose.
 */
export async function expectNothingAmiss(page: Page, ...except: string[]): Promise<void> {
  await page.evaluate(axe)
  for (const viewport of Object.values(screens)) {
    await page.setViewportSize(viewport)
    const violations = await page.evaluate(async (except) => {
      const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]))
      const { violations } = await (window as never as { axe: typeof import('axe-core') }).axe.run({ rules })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    }, except)
    expect(violations).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      viewport.width,
    )
  }
}
