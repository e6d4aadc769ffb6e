// Cookies that the browser does not keep: it is said before anything is made. Needs `npm run build:client`.

import type { Browser, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { listen } from '../spa.ts'
import { openFaulty, startFaulty } from './page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const allow = 'publickey-credentials-get *; publickey-credentials-create *'

/** The page in a frame with these attributes, of another site if `host` is not localhost. */
async function openFrame(host: string, attributes: string) {
  const site = await startFaulty()
  const frame = `<iframe id="frame" ${attributes} allow="${allow}" src="${site.address({})}"></iframe>`
  const outer = await listen((_req, res) =>
    res
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><title>Outer</title><link rel="icon" href="data:,">${frame}`),
  )
  const device = await newDevice(browser, { synced: true })
  onTestFinished(() => device.close())
  await device.page.goto(outer.origin.replace('localhost', host))
  const inner = (await (await device.page.waitForSelector('#frame')).contentFrame())!
  await inner.waitForFunction(() => 'guests' in window)
  return { ...site, device, inner }
}

const codeOf = (page: Page | Frame, call: string): Promise<string> =>
  page.evaluate(`guests.${call}.then(() => 'value', ({ name, code }) => code ?? name)`)

describe('in a frame of another site', () => {
  test('what would make a guest or a passkey says that cookies are blocked, and makes nothing', async () => {
    const { inner, asked, device } = await openFrame('127.0.0.1', '')
    expect(await inner.evaluate('guests.user()')).toBeNull()
    for (const call of [
      'signInAnonymously()',
      'signInAnonymously({ immediate: true })',
      'passkeys.add()',
      'passkeys.signIn()',
      'passkeys.signIn({ autofill: true })',
      `signInWithRecoveryCode('7M2K-ZQ4X-0R8T-C5VB')`,
      'deviceLinks.open({ code: "BCDF-GHJK" })',
    ])
      expect([call, await codeOf(inner, call)]).toEqual([call, 'cookies_blocked'])
    expect(asked.filter((one) => one.startsWith('POST'))).toEqual([])
    expect(await device.credentials()).toEqual([])
  })

  test('the error names token mode', async () => {
    const { inner } = await openFrame('127.0.0.1', '')
    const error = (await inner.evaluate(
      'guests.signInAnonymously().catch(({ message, detail }) => ({ message, detail }))',
    )) as Record<string, string>
    expect(error.message).toMatch(/cookies/)
    expect(error.detail).toMatch(/mode: 'token'/)
  })

  test('a page in token mode signs in', async () => {
    const { inner } = await openFrame('127.0.0.1', '')
    await inner.evaluate(`open({ mode: 'token' }), 0`)
    expect(await codeOf(inner, 'signInAnonymously()')).toBe('value')
    expect(await inner.evaluate('guests.user().then(Boolean)')).toBe(true)
  })
})

test('in a frame of its own site, the page signs in with its cookie', async () => {
  const { inner } = await openFrame('localhost', '')
  expect(await codeOf(inner, 'signInAnonymously()')).toBe('value')
  expect(await inner.evaluate('guests.user().then(Boolean)')).toBe(true)
})

test.each(['throws', 'keeps nothing'])(
  'a document whose cookie %s says that cookies are blocked',
  async (how) => {
    const install = (page: Page) =>
      page.addInitScript((how) => {
        const denied = () => {
          throw new DOMException('denied', 'SecurityError')
        }
        const descriptor = how === 'throws' ? { get: denied, set: denied } : { get: () => '', set: () => {} }
        Object.defineProperty(Document.prototype, 'cookie', descriptor)
      }, how)
    const { page, asked } = await openFaulty(browser, { install })
    expect(await codeOf(page, 'passkeys.add()')).toBe('cookies_blocked')
    expect(asked.filter((one) => one.startsWith('POST'))).toEqual([])
  },
)

test('the attempt leaves no cookie behind', async () => {
  const { page } = await openFaulty(browser)
  expect(await codeOf(page, 'signInAnonymously()')).toBe('value')
  expect((await page.context().cookies()).filter(({ name }) => name.includes('try'))).toEqual([])
})
