// Where a page may be: behind a development server, behind a service worker, at a wrong address, on a device whose clock is
// wrong, and in the back/forward cache. Needs `npm run build:client`.

import { request } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { listen, setClockOff } from '../spa.ts'
import { end, openFaulty, startFaulty, subOf } from './page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

describe('behind a development server', () => {
  /** A page whose server passes all requests on, as the proxy of Vite does. */
  async function openBehind(host = 'localhost') {
    const { origin } = await startFaulty()
    const dev = await listen((req, res) => {
      const { method, headers, url } = req
      const onward = request(
        origin + url,
        { method, headers: { ...headers, host: new URL(origin).host } },
        (answer) => {
          res.writeHead(answer.statusCode!, answer.headers)
          answer.pipe(res)
        },
      )
      onward.on('error', () => res.destroy())
      req.pipe(onward)
    })
    const device = await newDevice(browser)
    onTestFinished(() => device.close())
    const warnings: string[] = []
    device.page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
    await device.page.goto(`${dev.origin.replace('localhost', host)}/page`)
    await device.page.waitForFunction(() => 'guests' in window)
    return { page: device.page, warnings, dev: dev.origin.replace('localhost', host), origin }
  }

  test.each(['localhost', '127.0.0.1'])('on %s, the console says once which origin to set', async (host) => {
    const { page, warnings, dev, origin } = await openBehind(host)
    for (const name of ['signInAnonymously', 'passkeys.add', 'signInAnonymously'])
      expect((await end(page, name)).ended).toBe('cross_site_request')
    expect(warnings.length).toBe(1)
    expect(warnings[0]).toContain(`GUESTKEY_ORIGIN=${dev}`)
    expect(warnings[0]).toContain(origin)
  })
})

test.each([
  ['-10 years', -10],
  ['+10 years', 10],
])(
  'with a clock that is off by %s, a guest signs in, saves and comes back, in both modes',
  async (_by, years) => {
    const { address } = await startFaulty()
    const device = await newDevice(browser, { synced: true })
    onTestFinished(() => device.close())
    await setClockOff(device, years * 365 * 86_400_000)
    for (const mode of ['cookie', 'token'] as const) {
      await device.page.goto('about:blank')
      await device.page.goto(address({ mode }))
      await device.page.waitForFunction(() => 'guests' in window)
      const sub = await subOf(device.page, 'signInAnonymously')
      expect(sub).toBeTruthy()
      expect(await subOf(device.page, 'passkeys.add')).toBe(sub)
      await end(device.page, 'signOut')
      expect(await subOf(device.page, 'passkeys.signIn')).toBe(sub)
      await end(device.page, 'signOut')
      await device.lose()
    }
  },
)

test('a client at a wrong address rejects with a code, and its detail shows what answered', async () => {
  const { page } = await openFaulty(browser)
  await page.evaluate(`open({ baseUrl: '/gest' }), 0`)
  const error = (await page.evaluate(
    'guests.user().catch(({ code, status, detail }) => ({ code, status, detail }))',
  )) as object
  expect(error).toMatchObject({
    code: 'server_error',
    status: 404,
    detail: expect.stringContaining('Cannot GET /gest'),
  })
  for (const name of ['signInAnonymously', 'passkeys.add', 'sessions.list'])
    expect([name, (await end(page, name)).ended]).toEqual([name, 'server_error'])
})

/** A service worker that keeps each answer for ever. */
const cacheFirst = `
      oninstall = () => skipWaiting()
      onactivate = (event) => event.waitUntil(clients.claim())
      onfetch = (event) => {
        if (event.request.method !== 'GET') return
        event.respondWith((async () => {
          const cache = await caches.open('all')
          const kept = await cache.match(event.request)
          if (kept) return kept
          const answer = await fetch(event.request)
          await cache.put(event.request, answer.clone())
          return answer
        })())
      }`

test('behind a service worker that answers each GET from its cache, there is one guest, who can sign out', async () => {
  const { page } = await openFaulty(browser, { worker: cacheFirst })
  await page.evaluate(`navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)
    .then(() => navigator.serviceWorker.controller || new Promise((resolve) => { navigator.serviceWorker.oncontrollerchange = resolve })).then(() => 0)`)
  const sub = await subOf(page, 'signInAnonymously')
  expect(await subOf(page, 'user')).toBe(sub)
  expect(await subOf(page, 'signInAnonymously')).toBe(sub)
  expect(await subOf(page, 'passkeys.add')).toBe(sub)
  expect((await end(page, 'signOut')).ended).toBe('value')
  // What is over shows in the answers that no cache can give.
  expect(await subOf(page, 'signInAnonymously')).not.toBe(sub)
})

test('a page that comes back from the back/forward cache tells its listeners that nobody is signed in any more', async () => {
  const { page, origin, address } = await openFaulty(browser)
  await subOf(page, 'signInAnonymously')
  await page.evaluate('window.heard = []; guests.onChange((guest) => heard.push(guest && guest.sub)); 0')
  await page.evaluate('guests.user().then(() => 0)')
  await page.context().clearCookies()
  // Chromium keeps no page that a test drives, so the event comes without it.
  await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`)
  await expect.poll(() => page.evaluate('heard.at(-1)')).toBeNull()
  expect(address({})).toContain(origin)
})
