// A page of the service's own client, with something broken in its browser or at its server, and how each function of the
// client ends there.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import type { GuestClientOptions } from '../../../client/index.ts'
import { sentences } from '../../../client/lib/sentences.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { type DeviceOptions, newDevice } from '../../support/browser.ts'
import { listen } from '../spa.ts'

/** Answers a request in place of the service, or leaves it to the service. `path` is without the mount path. */
export type Answerer = (req: IncomingMessage, res: ServerResponse, path: string) => unknown

export type FaultyOptions = {
  client?: GuestClientOptions
  device?: DeviceOptions
  /** What is broken in the browser, before any script of the page runs. */
  install?: (page: Page) => Promise<unknown>
  /** What answers in place of the service, from the start. */
  answer?: Answerer | undefined
  /** The script of a service worker, at `/worker.js`. */
  worker?: string
}

/** An app with the router, and a front door in which a test can answer in its place. `worker` is for a service worker. */
export async function startFaulty(worker = '') {
  let answer: Answerer | undefined
  let app: TestApp
  const asked: string[] = []
  /** All passkeys that were ever registered. */
  const registered: string[] = []
  const { origin } = await listen(async (req, res) => {
    const [, path] = /^\/guest(\/.*)/.exec(req.url!) ?? []
    if (path) asked.push(`${req.method} ${path}`)
    if (path && !path.startsWith('/client')) await answer?.(req, res, path)
    if (!res.writableEnded && !res.headersSent && !res.destroyed) app.server.emit('request', req, res)
  })
  app = await startApp({ origin, now: Date.now }, (host, guests) => {
    guests.on('passkey.added', ({ passkey_id }) => void registered.push(passkey_id))
    host.get('/worker.js', (_req, res) => void res.type('js').send(worker))
    host.get('/page', (_req, res) => {
      res
        .type('html')
        .send(`<!doctype html><title>Page</title><link rel="icon" href="data:,"><script type="module">
        import { createGuestClient } from '/guest/client.js'
        window.open = (options) => { window.guests = createGuestClient(options) }
        open(JSON.parse(decodeURIComponent(location.hash.slice(1)) || '{}'))
      </script>`)
    })
  })
  return {
    app,
    origin,
    asked,
    registered,
    setAnswer(next: Answerer | undefined) {
      answer = next
    },
    /** The address of a page with this client. */
    address: (client: GuestClientOptions) => `${origin}/page#${encodeURIComponent(JSON.stringify(client))}`,
  }
}

/** One such app, and a device at its page. */
export async function openFaulty(browser: Browser, options: FaultyOptions = {}) {
  const site = await startFaulty(options.worker)
  const device = await newDevice(browser, { synced: true, ...options.device })
  onTestFinished(() => device.close())
  await options.install?.(device.page)
  await device.page.goto(site.address(options.client ?? {}))
  await device.page.waitForFunction(() => 'guests' in window)
  site.setAnswer(options.answer)
  return { ...site, device, page: device.page }
}

/** How a function ended: with a value, with a code, or in a way in which none may end. */
export type Outcome = { ended: string; seconds: number }

/** The longest that any function may take in a page whose requests end after one second. */
const mostSeconds = 14

/** Given to functions that need something. A function that is not here is called without anything. */
const given: Record<string, string> = {
  signInWithRecoveryCode: `'7M2K-ZQ4X-0R8T-C5VB'`,
  rename: `'fox'`,
  moment: `'checkout'`,
  on: `'guest.changed', () => {}`,
  onChange: '() => {}',
  merge: `'ticket'`,
  undoMerge: `'ticket'`,
  promote: `{ redirectUri: 'https://elsewhere.example/' }`,
  signInWithRedirect: `{ redirectUri: 'https://elsewhere.example/' }`,
  finishPromotion: 'location.origin + "/?code=c&state=guestkey.s"',
  // `fetch` has no limit but that of its caller.
  fetch: `'/guest/userinfo', { signal: AbortSignal.timeout(2000) }`,
  signOut: '{ force: true }',
  'passkeys.secret': `'notes'`,
  'passkeys.rename': `'id', 'key'`,
  'passkeys.remove': `'id'`,
  'deviceKeys.rename': `'id', 'key'`,
  'deviceKeys.remove': `'id'`,
  // It waits as long as a link lives, unless it is stopped.
  'deviceLinks.watch': `'id', { signal: soon() }`,
  'deviceLinks.approve': `'id'`,
  'deviceLinks.refuse': `'id'`,
  'deviceLinks.cancel': `'id'`,
  'deviceLinks.open': `{ code: 'BCDF-GHJK' }`,
  'sessions.end': `'id'`,
  'profile.update': '{ nickname: null }',
  'prompts.snooze': `'add_passkey'`,
  'prompts.onDue': '() => {}',
  'promotion.start': `{ type: 'email', value: 'a@example.com' }`,
  'promotion.verify': `{ transaction: 't', code: '123456' }`,
  'codeSignIn.start': `{ type: 'email', value: 'a@example.com' }`,
  'codeSignIn.verify': `{ transaction: 't', code: '123456' }`,
  'wayIn.signIn': `'7M2K-ZQ4X-0R8T-C5VB'`,
  'loginIds.setPrimary': `{ type: 'email', value: 'a@example.com' }`,
  'loginIds.remove': `{ type: 'email', value: 'a@example.com' }`,
}

/** What `npm test` calls. `npm run test:full` calls every function. */
const few =
  /^(user|signInAnonymously|fetch|signOut|onChange|(passkeys\.(add|signIn|supported)|deviceKey\.enable|sessions\.list))$/

/** The names of all functions of the client, from the client itself. */
export async function functionsIn(page: Page, isFull = inject('isFull')): Promise<string[]> {
  const all: string[] = await page.evaluate(`(() => {
    const walk = (object, path) => Object.entries(object).flatMap(([name, member]) =>
      typeof member === 'function' ? [path + name] : walk(member, path + name + '.'))
    return walk(guests, '')
  })()`)
  expect(all.length).toBeGreaterThan(50)
  return isFull ? all : all.filter((name) => few.test(name))
}

/** Calls a function of the client in the page. */
export const end = (page: Page, name: string, args = given[name] ?? ''): Promise<Outcome> =>
  page.evaluate(`(async () => {
    const began = performance.now()
    const soon = () => {
      const stop = new AbortController()
      setTimeout(() => stop.abort(), 1000)
      return stop.signal
    }
    const late = new Promise((resolve) => setTimeout(resolve, ${mostSeconds * 1000}, 'hangs'))
    const work = async () => {
      try {
        await guests.${name}(${args})
        return 'value'
      } catch (error) {
        return error?.name === 'GuestClientError' && error.code ? error.code : 'raw ' + error
      }
    }
    const ended = await Promise.race([work(), late])
    return { ended, seconds: (performance.now() - began) / 1000 }
  })()`)

/** The `sub` of the guest that this function of the client resolves to; null for nobody; undefined if it fails. */
export const subOf = (page: Page, name: string): Promise<string | null | undefined> =>
  page.evaluate(`guests.${name}().then((guest) => guest && guest.sub, () => undefined)`)

/** Functions after which nobody or somebody else may be signed in. */
const changesGuest = /^(signOut|account\.delete|passkeys\.signIn|close)$/

/**
 * Calls each function of the client, and expects that it ends with a value or a code that has a sentence; that no second
 * guest is made; and that the service knows all passkeys that were made.
 */
export async function expectSoundEnds({
  page,
  device,
  registered,
}: Pick<Awaited<ReturnType<typeof openFaulty>>, 'page' | 'device' | 'registered'>) {
  const unsound: string[] = []
  const outcomes: Record<string, string> = {}
  for (const name of await functionsIn(page)) {
    const before = await subOf(page, 'signInAnonymously')
    const { ended } = await end(page, name)
    outcomes[name] = ended
    // `fetch` fails as that of the browser does.
    const isSound =
      ended === 'value' || Object.hasOwn(sentences, ended) || (name === 'fetch' && /^raw/.test(ended))
    if (!isSound) unsound.push(`${name}: ${ended}`)
    const after = await subOf(page, 'user')
    if (before && after && before !== after && !changesGuest.test(name))
      unsound.push(`${name}: made a second guest`)
    if (before && after === null && !changesGuest.test(name)) unsound.push(`${name}: lost the guest`)
  }
  expect(unsound).toEqual([])
  for (const { credentialId } of await device.credentials())
    expect(registered).toContain(Buffer.from(credentialId, 'base64').toString('base64url'))
  const raw = device.problems.filter((problem) => !/Failed to load resource|ERR_/.test(problem))
  expect(raw).toEqual([])
  return outcomes
}
