// The client as the service sends it, in Chromium: what a page first loads, and what happens if a later part is slow, fails
// or is gone. Needs `npm run build:client`.

import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { GuestClient, GuestClientError, GuestClientOptions } from '../../client/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type DeviceOptions, launchBrowser, newDevice } from '../support/browser.ts'
import { codeInPage, inPage, listen } from './spa.ts'

const dist = join(import.meta.dirname, '../../client/dist/browser')
const chunks = readdirSync(join(dist, 'client'))
/** The file name of a chunk. */
const chunk = (name: string) => chunks.find((file) => file.startsWith(`${name}-`))!

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** What a test does to a request for a chunk: whatever it does not answer, the service does. */
type Fault = (res: ServerResponse, file: string) => unknown

const slow: Fault = () => new Promise((resolve) => setTimeout(resolve, 3000))
const cut: Fault = (res) => res.destroy()
const fails: Fault = (res) => void res.writeHead(503).end()
const gone: Fault = (res) => void res.writeHead(404).end()
const isHtml: Fault = (res) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome')

/** A page with the strictest policy, whose client is of this file, and what the page has loaded. */
async function start({
  file = 'client.js',
  client = {} as GuestClientOptions,
  options = {} as DeviceOptions,
} = {}) {
  let fault: Fault | undefined
  let app: TestApp
  const loaded: string[] = []
  const { origin } = await listen(async (req: IncomingMessage, res: ServerResponse) => {
    const [, name] = /^\/guest\/(client[-\w./]*\.js)/.exec(req.url!) ?? []
    if (name && req.method === 'GET') loaded.push(name.replace(/-[\w-]{8}\.js$/, '.js'))
    if (name?.startsWith('client/')) await fault?.(res, name)
    if (!res.writableEnded && !res.destroyed) app.server.emit('request', req, res)
  })
  app = await startApp({ origin, now: Date.now }, (host) => {
    host.get('/page.js', (_req, res) => {
      res.type('js').send(`
        import { createGuestClient } from '/guest/${file}'
        window.guests = createGuestClient(${JSON.stringify(client)})
        const onClick = (id, work) => {
          document.getElementById(id).onclick = () => {
            window.ended = work().then(({ sub }) => sub, ({ code }) => code)
          }
        }
        onClick('add', () => guests.passkeys.add())
        onClick('back', () => guests.passkeys.signIn())`)
    })
    host.get('/', (_req, res) => {
      const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:"
      res
        .set('Content-Security-Policy', policy)
        .type('html')
        .send(`<!doctype html><title>Page</title>
        <link rel="icon" href="data:,"><input id="draft"><button id="add">Save</button><button id="back">Sign in</button>
        <script type="module" src="/page.js"></script>`)
    })
  })
  const device = await newDevice(browser, options)
  onTestFinished(() => device.close())
  const { page } = device
  await page.goto(origin)
  await page.waitForFunction(() => 'guests' in window)
  return {
    app,
    origin,
    device,
    page,
    loaded,
    setFault(next: Fault | undefined) {
      fault = next
    },
  }
}

const user = (page: Page) => inPage(page, (guests) => guests.user())
const signIn = (page: Page) => inPage(page, (guests) => guests.signInAnonymously())
const listSessions = (guests: GuestClient) => guests.sessions.list()
const messageOf = (page: Page, work: string) =>
  page.evaluate(`(${work})(window.guests).then(() => '', ({ message }) => message)`) as Promise<string>

describe('a page', () => {
  test.each(['client.js', 'client-small.js'])('of %s first loads that file alone', async (file) => {
    const { page, loaded } = await start({ file })
    expect(await user(page)).toBeNull()
    await inPage(page, (guests) => {
      guests.onChange(() => {})
      return [guests.passkeys.supported(), guests.deviceLinks.pending()]
    })
    expect(await inPage(page, (guests) => guests.finishPromotion())).toBeNull()
    expect(await inPage(page, async (guests) => (await guests.fetch('/')).status)).toBe(200)
    expect(loaded).toEqual([file])
    expect((await signIn(page)).recoverability).toBe('none')
    expect((await user(page))?.recoverability).toBe('none')
    expect(loaded).toEqual([file])
  })

  test('loads each later part once, when it is first called, and never again', async () => {
    const { page, loaded, device } = await start()
    await signIn(page)
    await inPage(page, (guests) => Promise.all([guests.sessions.list(), guests.recoveryCodes.status()]))
    await inPage(page, (guests) => guests.sessions.list())
    expect(loaded).toEqual(['client.js', 'client/other-parts.js'])
    await page.reload()
    await page.waitForFunction(() => 'guests' in window)
    await inPage(page, (guests) => guests.sessions.list())
    // The browser has kept it, and asked for the client again.
    expect(loaded).toEqual(['client.js', 'client/other-parts.js', 'client.js'])
    expect(device.problems).toEqual([])
  })

  test('has the sentence of an error when it gets the error', async () => {
    const { page, loaded } = await start()
    const work = '(guests) => guests.merge("nonsense")'
    expect(await messageOf(page, work)).toBe('Nobody is signed in.')
    expect(loaded).toContain('client/explain.js')
  })

  test('tells a GuestClientError of a later part by instanceof', async () => {
    const { page } = await start()
    const isOne = await page.evaluate(`import('/guest/client.js').then(({ GuestClientError }) =>
      guests.deviceKey.signIn().catch((error) => [error instanceof GuestClientError, error instanceof Error, error.code]))`)
    expect(isOne).toEqual([true, true, 'no_device_key'])
  })
})

describe('with parts that take three seconds', () => {
  /** Notes, when a passkey dialog is about to be shown, whether the click still counts and which parts there are. */
  const watchDialogs = (page: Page) =>
    page.evaluate(() => {
      for (const name of ['create', 'get'] as const) {
        const show = navigator.credentials[name]
        navigator.credentials[name] = function (options?: object) {
          const parts = performance
            .getEntriesByType('resource')
            .filter((one) => one.name.includes('/client/'))
          Object.assign(window, { atDialog: [navigator.userActivation.isActive, parts.length] })
          return show.call(this, options)
        }
      }
    })

  test('no part is loaded between a click and the dialog of passkeys.add and passkeys.signIn', async () => {
    const first = await start({ options: { synced: true } })
    first.setFault(slow)
    await watchDialogs(first.page)
    await first.page.click('#add')
    const sub = await first.page.evaluate('window.ended')
    expect(await first.page.evaluate('window.atDialog')).toEqual([true, 0])
    const passkeys = await first.device.credentials()
    expect(passkeys.length).toBe(1)
    expect((await user(first.page))?.sub).toBe(sub)

    const { page } = await newDevice(browser, { passkeys })
    onTestFinished(() => page.context().close())
    await page.goto(first.origin)
    await page.waitForFunction(() => 'guests' in window)
    await watchDialogs(page)
    await page.click('#back')
    expect(await page.evaluate('window.ended')).toBe(sub)
    expect(await page.evaluate('window.atDialog')).toEqual([true, 0])
  })

  test('a page in token mode loads the part for tokens at once, and can sign in by a click meanwhile', async () => {
    const { page, loaded, setFault } = await start({ client: { mode: 'token' }, options: { synced: true } })
    expect(loaded).toEqual(['client.js', 'client/tokens.js'])
    setFault(slow)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.clearBrowserCache')
    await page.reload()
    await page.waitForFunction(() => 'guests' in window)
    await page.click('#add')
    const sub = await page.evaluate('window.ended')
    expect((await user(page))?.sub).toBe(sub)
  })

  test('every function of a later part works', async () => {
    const { page, setFault } = await start()
    const { sub } = await signIn(page)
    setFault(slow)
    expect((await inPage(page, (guests) => guests.recoveryCodes.create())).codes.length).toBe(10)
    const name = await inPage(page, async (guests) => (await guests.deviceKey.enable({ name: 'Desk' })).name)
    expect(name).toBe('Desk')
    await page.context().clearCookies()
    expect((await signIn(page)).sub).toBe(sub)
  })
})

describe('a part that cannot be loaded', () => {
  test('is asked for once more', async () => {
    const { page, loaded, setFault } = await start()
    await signIn(page)
    let failures = 0
    setFault((res, file) => failures++ === 0 && fails(res, file))
    expect((await inPage(page, listSessions)).length).toBe(1)
    expect(loaded).toEqual(['client.js', 'client/other-parts.js', 'client/other-parts.js'])
  })

  test.each([
    ['the connection breaks', cut],
    ['a captive portal answers', isHtml],
    ['the server fails', fails],
  ])('is client_incomplete if %s, and loses nothing', async (_if, fault) => {
    const { page, loaded, setFault } = await start()
    const { sub } = await signIn(page)
    await page.fill('#draft', 'half a note')
    setFault(fault)
    expect(await codeInPage(page, listSessions)).toBe('client_incomplete')
    // Chromium itself repeats a request whose connection breaks.
    expect(loaded.length).toBeGreaterThanOrEqual(3)
    expect(await messageOf(page, `${listSessions}`)).toBe(
      'A part of this page could not be loaded: please try again.',
    )
    expect([(await user(page))?.sub, await page.inputValue('#draft')]).toEqual([sub, 'half a note'])
    setFault(undefined)
    expect((await inPage(page, listSessions)).length).toBe(1)
  })

  test('is client_outdated if the service does not have it any more, and loses nothing', async () => {
    const { page, setFault } = await start()
    const { sub } = await signIn(page)
    await page.fill('#draft', 'half a note')
    setFault(gone)
    expect(await codeInPage(page, listSessions)).toBe('client_outdated')
    expect(await messageOf(page, `${listSessions}`)).toBe('This page is out of date: please load it again.')
    expect([(await user(page))?.sub, await page.inputValue('#draft')]).toEqual([sub, 'half a note'])
    setFault(undefined)
    expect((await inPage(page, listSessions)).length).toBe(1)
  })

  test('keeps nobody from signing out, and the key of this browser does not bring them back', async () => {
    const { page, setFault } = await start()
    const { sub } = await signIn(page)
    await inPage(page, (guests) => guests.deviceKey.enable())
    await page.reload()
    await page.waitForFunction(() => 'guests' in window)
    setFault(gone)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.clearBrowserCache')
    await page.reload()
    await page.waitForFunction(() => 'guests' in window)
    await inPage(page, (guests) => guests.signOut())
    expect(await user(page)).toBeNull()
    expect((await signIn(page)).sub).not.toBe(sub)
  })

  test('makes no new guest if the key of this browser cannot be used for want of it', async () => {
    const { page, setFault } = await start()
    const { sub } = await signIn(page)
    await inPage(page, (guests) => guests.deviceKey.enable())
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.clearBrowserCache')
    await page.context().clearCookies()
    await page.reload()
    await page.waitForFunction(() => 'guests' in window)
    setFault(cut)
    expect(await codeInPage(page, (guests) => guests.signInAnonymously())).toBe('client_incomplete')
    expect(await user(page)).toBeNull()
    setFault(undefined)
    expect((await signIn(page)).sub).toBe(sub)
  })

  test('gives an error a plain sentence if it is the one with the sentences', async () => {
    const { page, setFault } = await start()
    setFault((res, file) => file.includes('explain') && cut(res, file))
    expect(await codeInPage(page, (guests) => guests.merge('nonsense'))).toBe('not_signed_in')
    expect(await messageOf(page, '(guests) => guests.merge("nonsense")')).toBe(
      'That did not work: please try again.',
    )
  })
})

describe('a page of client-small.js', () => {
  test('loads the passkeys when they are first used', async () => {
    const { page, loaded, device } = await start({ file: 'client-small.js', options: { synced: true } })
    const { sub } = await signIn(page)
    expect((await inPage(page, (guests) => guests.passkeys.add())).sub).toBe(sub)
    expect(loaded).toContain('client/passkeys.js')
    await inPage(page, (guests) => guests.signOut())
    expect((await inPage(page, (guests) => guests.passkeys.signIn())).sub).toBe(sub)
    expect(device.problems).toEqual([])
  })
})

test('the files of the build are those that the pages load', () => {
  // The test of the brake loads `prove`.
  for (const name of ['explain', 'other-parts', 'passkey-extras', 'passkeys', 'prove', 'tokens'])
    expect(readFileSync(join(dist, 'client', chunk(name)), 'utf8')).toMatch(/export\{/)
  expect(chunks.filter((file) => !file.startsWith('elements-')).length).toBe(6)
})

test('a client without an address is client_incomplete when it needs a part, and not before', async () => {
  const code = readFileSync(join(dist, 'guestkey.js'))
  const { createGuestClient } = await import(`data:text/javascript;base64,${code.toString('base64')}`)
  vi.stubGlobal('window', globalThis)
  const client = createGuestClient({ baseUrl: 'http://127.0.0.1:9/guest' })
  expect(await client.user().catch(({ code }: GuestClientError) => code)).toBe('network')
  expect(await client.sessions.list().catch(({ code }: GuestClientError) => code)).toBe('client_incomplete')
})
