// Two tabs of one browser, one of which stands still or crashes while it signs in. Needs `npm run build:client`.
//
// Chromium does not freeze a page that a test drives (Page.setWebLifecycleState), since that counts as visible. The debugger
// stops all of its scripts and timers, as freezing does.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { startFaulty, subOf } from './page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const timeoutSeconds = 3

/** A tab that holds the lock, because its first sign-in is not answered yet, and another tab. */
async function start(mode: 'cookie' | 'token') {
  const site = await startFaulty()
  const device = await newDevice(browser)
  onTestFinished(() => device.close())
  const open = async (page: Page) => {
    await page.goto(site.address({ mode, timeoutSeconds }))
    await page.waitForFunction(() => 'guests' in window)
    return page
  }
  const first = await open(device.page)
  const other = await open((await device.openTab()).page)
  const held = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  onTestFinished(() => held.resolve())
  site.setAnswer((req) => {
    if (req.method !== 'POST') return
    site.setAnswer(undefined)
    begun.resolve()
    return held.promise
  })
  await first.evaluate(
    'window.signing = guests.signInAnonymously().then(({ sub }) => sub, ({ code }) => code), 0',
  )
  await begun.promise
  const cdp = await first.context().newCDPSession(first)
  return { ...site, first, other, cdp, answer: held.resolve }
}

const timed = async <T>(work: Promise<T>) => {
  const began = Date.now()
  return { value: await work, seconds: (Date.now() - began) / 1000 }
}

describe.each(['cookie', 'token'] as const)(
  'in %s mode, a tab that stands still while it signs in',
  (mode) => {
    test('holds up nobody for longer than one request may take, and there is one guest', async () => {
      const { first, other, cdp, answer } = await start(mode)
      await cdp.send('Debugger.enable')
      await cdp.send('Debugger.pause')
      answer()
      const reading = await timed(subOf(other, 'user'))
      expect(reading.seconds).toBeLessThan(timeoutSeconds)
      // It must have waited: the first tab does stand still, and holds the lock.
      expect(reading.seconds).toBeGreaterThan(1)
      const { value: sub, seconds } = await timed(subOf(other, 'signInAnonymously'))
      expect(sub).toBeTruthy()
      expect(seconds).toBeLessThan(timeoutSeconds + 2)
      expect((await timed(subOf(other, 'signInAnonymously'))).seconds).toBeLessThan(1)
      await cdp.send('Debugger.resume')
      expect([sub, 'timeout']).toContain(await first.evaluate('window.signing'))
      for (const page of [first, other]) expect(await subOf(page, 'user')).toBe(sub)
    })
  },
)

test('a tab that crashes while it signs in holds up nobody', async () => {
  const { other, cdp, answer } = await start('cookie')
  cdp.send('Page.crash').catch(() => {})
  const { value: sub, seconds } = await timed(subOf(other, 'signInAnonymously'))
  expect(sub).toBeTruthy()
  expect(seconds).toBeLessThan(timeoutSeconds)
  answer()
  expect(await subOf(other, 'user')).toBe(sub)
})

test('two deployments on one host do not wait for each other, and have guests of their own', async () => {
  const { address, origin } = await startFaulty()
  const device = await newDevice(browser)
  onTestFinished(() => device.close())
  await device.page.goto(address({}))
  await device.page.waitForFunction(() => 'guests' in window)
  await device.page.evaluate(`navigator.locks.request('guestkey:/other', () => new Promise(() => {})), 0`)
  const { value, seconds } = await timed(subOf(device.page, 'signInAnonymously'))
  expect(value).toBeTruthy()
  expect(seconds).toBeLessThan(timeoutSeconds)
  expect(
    await device.page.evaluate(`navigator.locks.query().then(({ held }) => held.map(({ name }) => name))`),
  ).toEqual(['guestkey:/other'])
  expect(origin).toMatch(/^http/)
})
