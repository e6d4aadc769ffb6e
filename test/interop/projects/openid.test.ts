// Apps that others wrote, at the service, in a browser: each signs a new guest in, and knows the guest again. The table in
// test/interop/README.md says what was tried.

import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { freePort } from '../../support/free-port.ts'
import { findProgram } from '../../support/programs.ts'
import { startService } from '../../support/service.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { type Project, projectOf } from './project.ts'

type Settings = { id: string; secret: string; issuer: string; origin: string; port: number }

/** An app of the folder `openid`, by the name of its file. */
type App = {
  name: string
  /** What is unusual in the registration of its client. */
  registered?: object
  /** Where it takes the code. Default: `/callback`. */
  callback?: string
  /** What the person presses at the app, one after the other. Default: its only link. */
  presses?: string[]
  /** How it is started, if it is no module for `start.mjs`. */
  start?: (project: Project, settings: Settings) => Promise<unknown>
}

const ofNode: App[] = [
  { name: 'openid-client' },
  { name: 'oauth4webapi' },
  { name: 'express-openid-connect' },
  { name: 'auth-express', callback: '/auth/callback/guestkey', presses: ['#sign-in', 'button'] },
  { name: 'passport-openidconnect', registered: { pkce: 'optional' } },
  { name: 'fastify-oauth2' },
  { name: 'oidc-client-ts', registered: { kind: 'public', secret: undefined }, callback: '/' },
]

const [apache, apacheModules] = [findProgram('apache2'), '/usr/lib/apache2/modules']
/** Debian's Apache with mod_auth_openidc. Its workers have another account, which must be able to read the pages. */
const ofApache: App = {
  name: 'apache',
  callback: '/user/callback',
  async start({ folder, serve }, { id, secret, issuer, origin, port }) {
    chmodSync(folder, 0o755)
    const names = { ID: id, SECRET: secret, ISSUER: issuer, ORIGIN: origin, PORT: String(port) }
    const environment = { ...names, FOLDER: folder, MODULES: apacheModules }
    await serve(origin, environment, apache!, '-f', `${folder}/apache.conf`, '-DFOREGROUND')
  },
}

const python = '/usr/bin/python3'
const ofPython: App = {
  name: 'flask-authlib',
  start: (_project, settings) =>
    _project.serve(settings.origin, { APP: JSON.stringify(settings) }, python, 'flask-authlib.py'),
}

/** Whether it is there. Prints a line if not. */
function isInstalled(what: string, check: () => unknown): boolean {
  try {
    if (check()) return true
  } catch {}
  console.log(`${what} is not installed: what needs it is skipped`)
  return false
}

const hasApache = isInstalled('libapache2-mod-auth-openidc', () =>
  existsSync(`${apacheModules}/mod_auth_openidc.so`),
)
const hasAuthlib = isInstalled('python3-authlib with python3-flask', () =>
  execFileSync(python, ['-c', 'import authlib, flask, requests; print(1)'], { stdio: 'pipe' }),
)
const apps = [...ofNode, ...(apache && hasApache ? [ofApache] : []), ...(hasAuthlib ? [ofPython] : [])]
const missing = [ofApache, ofPython].filter((app) => !apps.includes(app))

const secretOf = (name: string) => `a secret of more than 32 characters & a + 100 %: ${name}`

/** The service, and the apps. */
async function start() {
  const project = await projectOf('openid')
  const placed = await Promise.all(
    apps.map(async (app) => {
      const port = await freePort()
      return { ...app, port, origin: `http://localhost:${port}` }
    }),
  )
  const clients = placed.map(({ name, origin, callback = '/callback', registered }) => ({
    id: name,
    kind: 'confidential',
    secret: secretOf(name),
    pairwise: secretOf(`pairwise, ${name}`),
    scopes: ['openid'],
    origins: [origin],
    redirectUris: [origin + callback],
    ...registered,
  }))
  const { origin: issuer } = await startService({ GUESTKEY_CLIENTS: JSON.stringify(clients) })
  const settingsOf = ({ name, origin, port }: (typeof placed)[number]) => ({
    ...{ id: name, secret: secretOf(name), issuer, origin, port },
  })
  const modules = JSON.stringify(placed.filter((app) => !app.start).map(settingsOf))
  const port = String(await freePort())
  const environment = { APPS: modules, PORT: port }
  await project.serve(`http://localhost:${port}`, environment, process.execPath, 'start.mjs')
  for (const app of placed) await app.start?.(project, settingsOf(app))
  return { issuer, origins: new Map(placed.map(({ name, origin }) => [name, origin])) }
}

const shared = sharedInFile(start)

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test.each(apps)(
  '$name signs a new guest in, and knows the guest again',
  async ({ name, presses = ['#sign-in'] }) => {
    const { issuer, origins } = shared()
    const origin = origins.get(name)!
    const { page, context, problems, close } = await newDevice(browser)
    /** Goes to the app, and signs in there. Returns what the app says of the person, and whether our page asked before. */
    async function signIn() {
      await page.goto(origin)
      await page.evaluate(() => document.documentElement.setAttribute('data-old', '')) // one visitor's app may say #who
      const asked = page.waitForRequest((request) => request.url().startsWith(`${issuer}/guest/authorize?`))
      for (const what of presses) await page.click(what)
      await asked
      const [button, who] = [page.locator('.button.primary'), page.locator('html:not([data-old]) #who')]
      await button.or(who).first().waitFor()
      const isAsked = await button.isVisible()
      if (isAsked) await button.click()
      await who.waitFor()
      expect(new URL(page.url()).origin).toBe(origin)
      return { isAsked, guest: JSON.parse((await who.textContent())!) }
    }
    const { isAsked, guest } = await signIn()
    expect(isAsked).toBe(true)
    expect(guest.sub).toMatch(/^[\w-]{22}$/)
    await context.clearCookies({ name: /^(?!guestkey$)/ }) // the app's own session is over, that of our page is not
    expect((await signIn()).guest.sub).toBe(guest.sub)
    await context.clearCookies()
    expect((await signIn()).guest.sub).not.toBe(guest.sub)
    expect(problems).toEqual([])
    await close()
  },
)

if (missing.length > 0) test.skip.each(missing)('$name signs a new guest in', () => {})
