// Our own pages as people see them, in Chromium: in both schemes and directions, on a narrow and on a wide screen.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Options } from '../../server/index.ts'
import { type DeviceOptions, launchBrowser, newDevice } from '../support/browser.ts'
import { authorizationOf, pkce, startPromotingApp } from '../support/promotion.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#2a45c4"/><path d="M4 16c3 1 4-9 7-9s0 10 3 10 3-6 6-8" fill="none" stroke="#fff" stroke-width="2.4"/></svg>'

/** A service whose pages have a logo and a provider that does not answer. `open` opens the first page. */
async function start(pages: Options['pages'] = {}) {
  const providers = [{ id: 'example', name: 'Example ID', issuer: 'http://localhost:1', clientId: 'x' }]
  const started = await startPromotingApp(
    {
      ...{ rpName: 'Jotter', redirectUris: ['https://app.example/back'], loginIds: { providers } },
      ...{ pages: { logo: '/logo.svg', privacy: '/privacy', ...pages }, now: Date.now },
    } as Partial<Options>,
    (app) => void app.get('/logo.svg', (_req, res) => void res.type('svg').send(logo)),
  )
  const { app } = started
  const first = (more: Record<string, string> = {}) =>
    `${app.origin}/guest/authorize?${new URLSearchParams(authorizationOf(pkce().challenge, { purpose: 'sign_in', ...more }))}`
  return {
    ...started,
    first,
    async open(window: DeviceOptions['window'] = {}, url = first()) {
      const device = await newDevice(browser, { window })
      onTestFinished(async () => {
        await device.close()
        expect(device.problems).toEqual([])
      })
      await device.page.goto(url)
      return device.page
    },
  }
}

/** Goes through our pages, and calls `look` on each, with its name. */
async function walk(
  { open, app }: Awaited<ReturnType<typeof start>>,
  window: DeviceOptions['window'],
  look: (page: Page, name: string) => Promise<void>,
) {
  const page = await open(window)
  await look(page, 'choose')
  const send = page.locator('button.primary')
  await page.locator('#value').fill('ada@localhost')
  await send.click()
  await page.getByRole('alert').waitFor()
  await look(page, 'wrong-address')
  await page.locator('#value').fill('a-rather-long-address-for-a-narrow-screen@mail.example.com')
  await send.click()
  await page.locator('#code').waitFor()
  await look(page, 'code')
  await page.locator('#code').fill('000000')
  await send.click()
  await page.getByRole('alert').waitFor()
  await look(page, 'wrong-code')
  await page.locator('.ways button').click()
  await page.getByRole('status').waitFor()
  await look(page, 'sent-again')
  await page.locator('.ways a').click()
  await page.locator('.ways a').first().click()
  await page.getByRole('alert').waitFor()
  await look(page, 'provider-away')
  await page.goto(`${app.origin}/guest/authorize?client_id=nobody`)
  await look(page, 'unknown-app')
}

/** Whether nothing is wider than the narrowest screen, and every target is as large as it must be (WCAG 2.2, 2.5.8). */
async function expectRoomFor(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  const heights = await page
    .locator('.button, input:not([type=hidden])')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
  for (const height of heights) expect(height).toBeGreaterThanOrEqual(44)
}

describe.each([
  ['light', 'en-GB', undefined],
  ['dark', 'ar', undefined],
  ['light', 'he', '#ffd400'],
  ['dark', 'de', '#111111'],
] as const)('in %s mode, in %s, with the accent %s', (colorScheme, locale, accent) => {
  test('axe finds nothing on any page, and all fit on a narrow screen', { timeout: 240_000 }, async () => {
    const started = await start({ accent })
    await walk(started, { colorScheme, locale }, async (page) => {
      await expectNothingAmiss(page)
      await expectRoomFor(page)
    })
  })
})

test('the pages are read from right to left in Arabic, but an address from left to right', async () => {
  const { open } = await start()
  const page = await open({ locale: 'ar' })
  expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
  expect(await page.locator('#value').evaluate((one) => getComputedStyle(one).direction)).toBe('ltr')
})

test('the theme is that of the options: scheme, radius, colour and font', async () => {
  const { open } = await start({ accent: '#0a7d4f', radius: '0px', font: 'Courier', theme: 'light' })
  const page = await open({ colorScheme: 'dark' })
  const styleOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((one) => {
        const { backgroundColor, borderRadius, fontFamily, colorScheme } = getComputedStyle(one)
        return { backgroundColor, borderRadius, fontFamily, colorScheme }
      })
  expect(await styleOf('.primary')).toMatchObject({ borderRadius: '0px', fontFamily: 'Courier' })
  expect((await styleOf('html')).colorScheme).toBe('light')
  const { backgroundColor } = await styleOf('.primary')
  const rgb = await page.evaluate((colour) => {
    const [pixel] = [document.createElement('canvas').getContext('2d')!]
    pixel!.fillStyle = colour
    pixel!.fillRect(0, 0, 1, 1)
    return [...pixel!.getImageData(0, 0, 1, 1).data]
  }, backgroundColor)
  const wanted = [0x0a, 0x7d, 0x4f, 255]
  for (const [i, part] of rgb.entries()) expect(Math.abs(part - wanted[i]!)).toBeLessThanOrEqual(2)
  await page.locator('.name img').evaluate((one) => (one as HTMLImageElement).decode())
})

test('the keyboard reaches everything, in the order in which it is read', async () => {
  const { open } = await start()
  const page = await open()
  const reached: string[] = []
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.id)
  reached.push(`${await focused()}`)
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('Tab')
    reached.push(`${await focused()}`)
  }
  expect(reached).toEqual(['value', 'Send code', 'Continue with Example ID', 'Cancel', 'Privacy'])
})

describe('for an app that asks who is signed in', () => {
  const wiki = {
    ...{ id: 'wiki', pairwise: 'a secret of more than 32 characters', scopes: ['openid'] },
    ...{ redirectUris: ['http://127.0.0.1/cb'] },
  }

  /** A service, the request of the app, and where the app is. */
  async function startForApp() {
    const started = await startPromotingApp(
      { rpName: 'Jotter', clients: [wiki], now: Date.now } as Partial<Options>,
      (app) => {
        app.get('/cb', (_req, res) => void res.send('<!doctype html><title>Wiki</title><h1>Wiki</h1>'))
        app.get('/page', (_req, res) => {
          res.send(
            '<!doctype html><title>Page</title><link rel="icon" href="data:,"><script type="module" src="/guest/client.js"></script>',
          )
        })
      },
    )
    const { port } = new URL(started.app.origin)
    const redirect_uri = `http://127.0.0.1:${port}/cb`
    const asked = authorizationOf(pkce().challenge, { client_id: 'wiki', scope: 'openid', redirect_uri })
    const url = `${started.app.origin}/guest/authorize?${new URLSearchParams(asked)}`
    const open = async (options: DeviceOptions = {}, to = url) => {
      const device = await newDevice(browser, options)
      onTestFinished(async () => {
        await device.close()
        expect(device.problems).toEqual([])
      })
      await device.page.goto(to)
      return device
    }
    return { ...started, open, url, redirect_uri }
  }

  test('a new guest continues, without a script', async () => {
    const { open, redirect_uri, app } = await startForApp()
    const { page } = await open({ window: { javaScriptEnabled: false } })
    await page.getByRole('heading', { name: /^Sign in to 127\.0\.0\.1/ }).waitFor()
    await page.getByRole('button', { name: 'Continue as guest' }).click()
    await page.waitForURL(`${redirect_uri}?code=*`)
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0 })
  })

  test('somebody comes back with a passkey, and then sees what the app will learn', async () => {
    const { open, app, url, redirect_uri } = await startForApp()
    const phone = await open({ synced: true }, `${app.origin}/page`)
    const label = await phone.page.evaluate(async () => {
      const path = '/guest/client.js'
      const guests = (await import(path)).createGuestClient()
      await guests.passkeys.add()
      return (await guests.user()).label as string
    })
    const { page } = await open({ passkeys: await phone.credentials() }, url)
    await expectNothingAmiss(page)
    await expectRoomFor(page)
    await page.getByRole('link', { name: 'Been here before?' }).click()
    const button = page.getByRole('button', { name: 'Sign in with a passkey' })
    await button.waitFor()
    await expectNothingAmiss(page)
    await button.click()
    await page.getByRole('heading', { name: /^Continue to 127\.0\.0\.1/ }).waitFor()
    await page.getByText(label).waitFor()
    await expectNothingAmiss(page)
    await page.getByRole('button', { name: 'Continue as guest' }).click()
    await page.waitForURL(`${redirect_uri}?code=*`)
  })
})
