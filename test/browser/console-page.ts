// The console in a real browser, at a real app. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { OperatorRole, Options } from '../../server/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Device, type DeviceOptions, newDevice } from '../support/browser.ts'

export type ConsoleHost = {
  app: TestApp
  /** Opens an address of the console on a new device. The test fails if the page reports any problem, such as one of its policy. */
  open: (address?: string, options?: DeviceOptions) => Promise<Device>
  /** A new operator on a new device, who has just made a passkey with the link. */
  join: (role: OperatorRole, options?: DeviceOptions & { name?: string }) => Promise<Device>
}

export async function startConsole(browser: Browser, options: Partial<Options> = {}): Promise<ConsoleHost> {
  const app = await startApp({ operators: {}, rpName: 'Jotter', now: Date.now, ...options })
  const open: ConsoleHost['open'] = async (address = `${app.origin}/guest/admin/`, device = {}) => {
    const opened = await newDevice(browser, device)
    onTestFinished(async () => {
      await opened.close()
      expect(opened.problems).toEqual([])
    })
    await opened.page.goto(address)
    return opened
  }
  return {
    app,
    open,
    async join(role, { name = role, ...device } = {}) {
      const { link } = await app.guests.operators.add(name, role)
      const opened = await open(link, device)
      await press(opened.page, 'Make a passkey')
      await heading(opened.page, 'Overview')
      return opened
    },
  }
}

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click()
export const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1, exact: typeof name === 'string' }).waitFor()

/** Goes to a place of the side bar, or to the operator below it. */
export const goTo = (page: Page, name: string) =>
  page.locator('.side').getByRole('link', { name }).first().click()

/** Answers the question that is open: its fields, the reason and the case, then its button. */
export async function answer(
  page: Page,
  button: string,
  { reason = 'Test', reference = 'T-1' }: { reason?: string; reference?: string } = {},
): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason', { exact: true }).selectOption(reason)
  await dialog.getByLabel('Case').fill(reference)
  await dialog.getByRole('button', { name: button, exact: true }).click()
}

/** Searches by the field at the top. */
export async function find(page: Page, text: string): Promise<void> {
  if (await page.locator('.find input:focus').count()) await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

/** Opens the guest who was found: the first one has the focus. */
export async function openFound(page: Page): Promise<void> {
  await page.locator('a[data-guest]:focus').waitFor()
  await page.keyboard.press('Enter')
}
