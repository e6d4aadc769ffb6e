// How Chromium loads our files: compressed, asked for again by ETag, and as a copy whose hash the page knows. Needs
// `npm run build:client`.

import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { notesApp } from '../../server/service/demo/notes-app.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { launchBrowser, newDevice } from '../support/browser.ts'
import { selfSigned } from '../support/certificate.ts'
import { temporaryFolder } from '../support/engine.ts'
import { continueAsGuest, label } from './jotter.ts'

const host = 'jotter.example'
const browserFiles = join(import.meta.dirname, '../../client/dist/browser')

let browser: Browser
let app: TestApp
/** The answers to requests for files, in order: path, status and coding. */
let sent: string[]

const certificate = selfSigned([host])
const secure = createServer(certificate, (req, res) => void app.server.emit('request', req, res))
/** The same host over plain http. */
const plain = createHttpServer((req, res) => void app.server.emit('request', req, res))

beforeAll(async () => {
  for (const server of [secure, plain])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await launchBrowser([
    `--host-resolver-rules=MAP ${host} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1`,
    `--ignore-certificate-errors-spki-list=${certificate.pin}`,
  ])
})
afterAll(async () => {
  await browser.close()
  for (const server of [secure, plain]) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

const portOf = (server: Pick<typeof plain, 'address'>) => (server.address() as AddressInfo).port

/** Starts the demo for this origin. */
async function startDemo(origin: string): Promise<void> {
  const demo = notesApp(join(temporaryFolder(), 'notes.db'))
  app = await startApp({ origin, now: Date.now }, (express, guests) => void express.use(demo.serve(guests)))
  sent = []
  app.server.prependListener('request', (req, res: ServerResponse) => {
    res.once('finish', () => {
      if (!/^\/($|demo\.|guest\/(client|elements)\.js)/.test(req.url!)) return
      sent.push(`${req.url} ${res.statusCode} ${res.getHeader('content-encoding') ?? 'plain'}`)
    })
  })
}

async function openPage() {
  const device = await newDevice(browser)
  onTestFinished(() => device.close())
  return device
}

const files = ['/', '/demo.css', '/demo.js', '/guest/client.js', '/guest/elements.js']
const loadClient = "import('/guest/client.js').then(({ createGuestClient }) => typeof createGuestClient)"

test('over https a page loads with brotli, works, and is 304 when it is loaded again', async () => {
  const origin = `https://${host}:${portOf(secure)}`
  await startDemo(origin)
  const { page, problems } = await openPage()
  await page.goto(origin)
  await page.locator('#loading').waitFor({ state: 'hidden' })
  expect(await page.evaluate(loadClient)).toBe('function')
  expect(sent.toSorted()).toEqual(files.map((file) => `${file} 200 br`))
  expect(await continueAsGuest(page)).toMatch(/^\w+-\w+-\d+$/)

  sent.length = 0
  await page.reload()
  await page.locator('#loading').waitFor({ state: 'hidden' })
  expect(await page.evaluate(loadClient)).toBe('function')
  expect(sent.toSorted()).toEqual(files.map((file) => `${file} 304 plain`))
  expect(await label(page)).toMatch(/^\w+-\w+-\d+$/)
  expect(problems).toEqual([])
})

test('over http a browser does not ask for brotli, and a page loads with gzip', async () => {
  const origin = `http://${host}:${portOf(plain)}`
  await startDemo('http://localhost')
  const { page } = await openPage()
  await page.goto(origin)
  expect(await page.evaluate(loadClient)).toBe('function')
  await page.waitForFunction(() => getComputedStyle(document.body).margin !== '8px') // its style is there
  await expect.poll(() => sent.toSorted()).toEqual(files.map((file) => `${file} 200 gzip`))
})

/** The files of the client on a CDN; `tampered` names those that somebody has changed. */
async function openCopy(tampered: RegExp) {
  const asked: string[] = []
  const cdn = createHttpServer((req, res) => {
    asked.push(req.url!)
    const path = req.url!.replace(/^\/1\/|\?.*$/g, '')
    const file = readFileSync(join(browserFiles, path), 'utf8') + (tampered.test(path) ? ' ' : '')
    res.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }).end(file)
  })
  const site = createHttpServer((_req, res) => {
    const at = (file: string) => `http://localhost:${portOf(cdn)}/1/${file}`
    const hashes = JSON.parse(readFileSync(join(browserFiles, 'integrity.json'), 'utf8')) as object
    const integrity = Object.fromEntries(Object.entries(hashes).map(([file, hash]) => [at(file), hash]))
    const map = { imports: { guestkey: at('guestkey.js') }, integrity }
    const script = `<script type="importmap">${JSON.stringify(map)}</script>`
    res.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Page</title>${script}`)
  })
  for (const server of [cdn, site])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const server of [cdn, site]) server.close()
  })
  const { page } = await openPage()
  await page.goto(`http://localhost:${portOf(site)}/`)
  return { page, asked }
}

test.each([
  ['loads a copy of the client from a CDN if the hashes are those of the build', /^$/, 'no_device_key'],
  ['refuses a copy that differs in one byte', /^guestkey/, 'refused'],
  ['refuses a later part that differs in one byte, under whatever address', /^client\//, 'client_incomplete'],
])('a page %s', async (_does, tampered, code) => {
  const { page, asked } = await openCopy(tampered)
  const ended = await page.evaluate(`import('guestkey').then(
    ({ createGuestClient }) => createGuestClient({ baseUrl: '/guest' }).deviceKey.signIn().catch(({ code }) => code),
    () => 'refused')`)
  expect(ended).toBe(code)
  expect(asked.filter((path) => path.includes('?'))).toEqual([])
})
