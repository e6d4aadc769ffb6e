// An app on an origin of its own, in a real browser. Its page shows nothing, and holds a client that tests use.

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { GuestClient, GuestClientOptions } from '../../client/index.ts'
import type { ClientOptions, Options } from '../../server/options/options.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Device, type DeviceOptions, newDevice } from '../support/browser.ts'

/** One request that a server got. */
export type Seen = { door: string; headers: IncomingMessage['headers'] }

const html = `<!doctype html><title>SPA</title><link rel="icon" href="data:,"><script type="module">
  const version = new URLSearchParams(location.search).get('client') ?? 'now'
  const { createGuestClient } = await import('/client-of-' + version + '.js')
  window.open = (options) => { window.guests = createGuestClient(options) }
  open(JSON.parse(decodeURIComponent(location.hash.slice(1)) || '{}'))
</script>`

let bundle: Promise<string> | undefined

async function bundled(): Promise<string> {
  const entryPoints = [fileURLToPath(import.meta.resolve('../../client/index.ts'))]
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false })
  return outputFiles[0]!.text
}

/** The client as it was built for an earlier version. */
const recorded = (version: string) =>
  readFile(join(import.meta.dirname, '../recordings', version, 'client.js'), 'utf8')

/** Serves the page and its script. */
export const servePage: RequestListener = async (req, res) => {
  bundle ??= bundled()
  const version = /^\/client-of-([\w.]+)\.js$/.exec(req.url ?? '')?.[1]
  res.setHeader('content-type', version ? 'text/javascript' : 'text/html')
  res.end(version ? await (version === 'now' ? bundle : recorded(version)) : html)
}

/** Starts a server on a free port of localhost until the test is over; `seen` lists its requests in order. */
export async function listen(answer: RequestListener): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((req, res) => {
    if (req.method !== 'OPTIONS') seen.push({ door: `${req.method} ${req.url}`, headers: req.headers })
    answer(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, seen }
}

/**
 * Allows requests from any page with the headers of the client. Returns true if it was a preflight, which it answers.
 */
export function allowAll(req: IncomingMessage, res: ServerResponse): boolean {
  res.setHeader('access-control-allow-origin', req.headers.origin ?? '*')
  res.setHeader('access-control-allow-headers', 'authorization, dpop, content-type')
  res.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE')
  res.setHeader('access-control-expose-headers', 'www-authenticate')
  if (req.method !== 'OPTIONS') return false
  res.writeHead(204).end()
  return true
}

/** Starts an API that is open to all pages. */
export const listenOpen = (answer: RequestListener) =>
  listen((req, res) => {
    if (!allowAll(req, res)) answer(req, res)
  })

export type Spa = {
  app: TestApp
  /** The origin of the page. */
  origin: string
  baseUrl: string
  /** The requests that the service got, in order. */
  seen: Seen[]
  /** How many requests for tokens the service got. */
  tokenRequests: () => number
  /** Opens the page on a new device. */
  open: (options?: DeviceOptions, client?: Partial<GuestClientOptions>) => Promise<Device>
  /** Opens the page in this tab, with the client of now or of an earlier version. */
  visit: (page: Page, client?: Partial<GuestClientOptions>, version?: string) => Promise<Page>
  /** Opens the page in another tab. */
  openTab: (device: Device, client?: Partial<GuestClientOptions>) => Promise<Page>
  /** The address to which the pages of the service lead back. */
  redirectUri: string
  /** Waits until the service has led a tab back, and makes a client there. */
  comeBack: (page: Page, client?: Partial<GuestClientOptions>) => Promise<void>
}

type SpaOptions = {
  /** Further options with which the app is registered, beside its ID and origin. */
  client?: Partial<ClientOptions>
  service?: Partial<Options>
  /** Whether the page is on the origin of the service itself. */
  own?: boolean
  routes?: Parameters<typeof startApp>[1]
}

/** Starts the service on one port, and a registered app on another. Both use the clock of the machine. */
export async function startSpa(browser: Browser, options: SpaOptions = {}): Promise<Spa> {
  const { client, service, own = false, routes } = options
  // The address to come back to must be known before the service starts.
  const pages = await listen((req, res) => (own ? app.server.emit('request', req, res) : servePage(req, res)))
  const redirectUri = `${pages.origin}/back`
  const clients = [{ id: 'spa', origins: [pages.origin], redirectUris: [redirectUri], ...client }]
  const placed = own ? { origin: pages.origin, redirectUris: [redirectUri] } : { clients }
  const app: TestApp = await startApp({ ...placed, now: Date.now, ...service }, (host, guests) => {
    routes?.(host, guests)
    host.use(servePage)
  })
  const seen: Seen[] = []
  app.server.on('request', (req) => {
    if (req.method !== 'OPTIONS') seen.push({ door: `${req.method} ${req.url}`, headers: req.headers })
  })
  const { origin } = pages
  const baseUrl = `${app.origin}/guest`
  const defaults = own ? { mode: 'token' } : { mode: 'token', baseUrl, clientId: 'spa' }
  const visit = async (page: Page, client?: Partial<GuestClientOptions>, version = 'now') => {
    const hash = encodeURIComponent(JSON.stringify({ ...defaults, ...client }))
    await page.goto(`${origin}/?client=${version}#${hash}`)
    await page.waitForFunction(() => 'guests' in window)
    return page
  }
  return {
    app,
    origin,
    baseUrl,
    seen,
    tokenRequests: () => seen.filter(({ door }) => door === 'POST /guest/token').length,
    async open(options, client) {
      const device = await newDevice(browser, options)
      onTestFinished(async () => {
        await device.close()
        expect(device.problems).toEqual([])
      })
      await visit(device.page, client)
      return device
    },
    visit,
    openTab: async (device, client) => visit((await device.openTab()).page, client),
    redirectUri,
    async comeBack(page, client) {
      await page.waitForURL(`${redirectUri}?*`)
      await page.waitForFunction(() => 'guests' in window)
      await page.evaluate((options) => (window as never as { open(options: object): void }).open(options), {
        ...defaults,
        ...client,
      })
    },
  }
}

/** Runs `work` in the page with its client; `work` is sent there as source text. */
export const inPage = <T, A = undefined>(
  page: Page,
  work: (guests: GuestClient, argument: A) => Promise<T> | T,
  argument?: A,
): Promise<T> => page.evaluate(`(${work})(window.guests, ${JSON.stringify(argument)})`) as Promise<T>

/** The code of the error with which `work` ends in the page, or `no error`. */
export const codeInPage = <A = undefined>(
  page: Page,
  work: (guests: GuestClient, argument: A) => unknown,
  argument?: A,
): Promise<string> =>
  page.evaluate(
    `Promise.resolve((${work})(window.guests, ${JSON.stringify(argument)}))
      .then(() => 'no error', ({ name, code }) => code ?? name)`,
  )

/** Makes the clock of all pages of the device wrong by this many milliseconds, from their next load on. */
export const setClockOff = (device: Device, milliseconds: number) =>
  device.context.addInitScript((off) => {
    const RealDate = Date
    globalThis.Date = class extends RealDate {
      constructor(...given: [number]) {
        super(...((given.length ? given : [RealDate.now() + off]) as [number]))
      }
      static override now = () => RealDate.now() + off
    } as DateConstructor
  }, milliseconds)

/** The session of the app as the browser stores it. */
export const storedSession = (page: Page): Promise<{ refreshToken: string } | undefined> =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('guestkey')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction('sessions').objectStore('sessions').getAll()
          reading.onsuccess = () => {
            opening.result.close()
            resolve(reading.result[0] && { refreshToken: reading.result[0].refreshToken })
          }
        }
      }),
  )
