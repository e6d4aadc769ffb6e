// The demo where its script does not run: it says so, once, and does not wait for ever. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { startDemo } from '../../support/demo.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** The texts that a person sees in the main part of the page. */
const seen = (page: Page) => page.locator('#main').innerText()

async function open(prepare: (page: Page) => Promise<unknown>, window = {}) {
  const { page, close } = await newDevice(browser, { window })
  onTestFinished(close)
  await prepare(page)
  await page.goto((await startDemo()).origin)
  return page
}

/** Ends the ten seconds for which the page waits. */
const endWait = (page: Page) =>
  page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish()
  })

const stalled = /Load the page again, or open it in a newer browser/

test.each<[string, (page: Page) => Promise<unknown>]>([
  ['is lost', (page) => page.route('**/demo.js', (route) => route.abort())],
  [
    'is newer than the browser',
    (page) =>
      page.route('**/demo.js', (route) =>
        route.fulfill({ contentType: 'text/javascript', body: 'new syntax' }),
      ),
  ],
])('says what to do if its script %s', async (_how, prepare) => {
  const page = await open(prepare)
  expect(await seen(page)).not.toMatch(stalled)
  await endWait(page)
  expect(await seen(page)).toMatch(stalled)
})

test('says one thing without JavaScript', async () => {
  const page = await open(async () => {}, { javaScriptEnabled: false })
  expect((await seen(page)).trim()).toBe('Jotter needs JavaScript: passkeys are made and used by it.')
})

test('opens if the browser never says what it can', async () => {
  const page = await open((page) =>
    page.addInitScript(() => {
      const never = () => new Promise<never>(() => {})
      Object.assign(PublicKeyCredential, {
        getClientCapabilities: never,
        isConditionalMediationAvailable: never,
      })
    }),
  )
  await page.locator('#welcome').waitFor()
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.locator('#who').waitFor()
  await page.getByLabel('New note').waitFor()
  expect(await seen(page)).not.toMatch(stalled)
})
