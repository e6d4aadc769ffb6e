// A page of a host with nothing but elements in it, under the strictest policy that a host may have. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { Options } from '../../server/options/options.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Device, type DeviceOptions, newDevice } from '../support/browser.ts'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'"

export type ElementsHost = {
  app: TestApp
  /** Opens the page with this content, on a new device. The test fails if the page reports any problem. */
  open: (body: string, options?: DeviceOptions) => Promise<Device>
}

/** Starts a host whose pages load `elements.js` and have what is in their address: `/page?body=…`. */
export async function startElements(browser: Browser, options: Partial<Options> = {}): Promise<ElementsHost> {
  const app = await startApp({ rpName: 'Jotter', now: Date.now, ...options }, (host) => {
    // Some tools take a page without a background for white.
    host.get('/page.css', (_req, res) => {
      res.type('css').send('body { background: light-dark(white, #16181d); color: CanvasText }')
    })
    host.get('/page', (req, res) => {
      res
        .set('Content-Security-Policy', policy)
        .type('html')
        .send(`<!doctype html>
        <html lang="${req.query.lang ?? 'en'}" dir="${req.query.dir ?? 'ltr'}">
        <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><title>A page</title>
        <script type="module" src="/guest/elements.js"></script>
        <main><h1>A page</h1>${req.query.body}</main>`)
    })
  })
  return {
    app,
    async open(body, device = {}) {
      const opened = await newDevice(browser, device)
      onTestFinished(async () => {
        await opened.close()
        expect(opened.problems).toEqual([])
      })
      await opened.page.goto(`${app.origin}/page?${new URLSearchParams({ body })}`)
      return opened
    },
  }
}

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click()
export const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

/** The events of elements that the page has heard since `listen`, by name. */
export async function heard(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as never as { heard: string[] }).heard)
}

/** Has the page write down which events of elements it hears. */
export async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const names: string[] = []
    Object.assign(window, { heard: names })
    for (const name of ['signed-in', 'saved', 'signed-out', 'closed', 'error', 'account', 'link'])
      document.addEventListener(`guestkey-${name}`, ({ type }) => names.push(type.slice(9)))
  })
}

/** What the page does with a client of its own, as another script of the page or another tab would. */
export async function byClient(page: Page, work: string): Promise<void> {
  await page.evaluate(async (work) => {
    const url = '/guest/client.js'
    const { createGuestClient } = await import(url)
    const client = createGuestClient()
    const [group, name] = work.split('.') as [string, string]
    await (name ? client[group][name]() : client[group]())
  }, work)
}

/** What the element that has the focus is called, or says. */
export const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => {
    const element = document.activeElement?.shadowRoot?.activeElement
    return element?.ariaLabel ?? element?.textContent
  })

export const dialog = (page: Page, name: string) =>
  page.getByRole(/\?$/.test(name) ? 'alertdialog' : 'dialog', { name })
export const answer = (page: Page, name: string) =>
  page.locator('dialog[open]').getByRole('button', { name, exact: true }).click()
export const isClosed = (page: Page) => page.locator('dialog').waitFor({ state: 'detached' })
