// Related origins (WebAuthn Level 3, 5.11) over https in a real browser: it asks the host of the RP ID which origins
// may use its passkeys.

import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { launchBrowser, newDevice } from '../support/browser.ts'
import { askToRegister, askToSignIn } from '../support/ceremonies.ts'
import { selfSigned } from '../support/certificate.ts'
import { inPage, servePage } from './spa.ts'

const hosts = ['example.com', 'www.example.com', 'app.example.de', 'example.org']
const [rp, www, related, unrelated] = hosts.map((host) => `https://${host}`) as [
  string,
  string,
  string,
  string,
]

let app: TestApp | undefined
let browser: Browser
/** The requests for well-known paths: host and path. */
const asked: string[] = []

const certificate = selfSigned(hosts)
const server = createServer(certificate, (req, res) => {
  if (req.url!.startsWith('/.well-known/')) asked.push(`${req.headers.host}${req.url}`)
  app!.server.emit('request', req, res)
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  // All our hosts resolve to this server, whatever the port; no other host is found.
  const rules = [...hosts.map((host) => `MAP ${host} 127.0.0.1:${port}`), 'MAP * ~NOTFOUND']
  browser = await launchBrowser([
    `--host-resolver-rules=${rules.join(', ')}, EXCLUDE 127.0.0.1`,
    `--ignore-certificate-errors-spki-list=${certificate.pin}`,
  ])
})
afterAll(async () => {
  await browser.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** Deploys the service for these origins, behind all the hosts; every page has a client of it. */
async function deploy(origin: string[]) {
  app = await startApp({ origin, rpId: 'example.com', now: Date.now }, (host) => void host.use(servePage))
  asked.length = 0
  return app
}

async function open(origin: string) {
  const device = await newDevice(browser, { synced: true })
  onTestFinished(() => device.close())
  const goTo = async (place: string) => {
    await device.page.goto(`${place}/#%7B%7D`)
    await device.page.waitForFunction(() => 'guests' in window)
  }
  await goTo(origin)
  return { ...device, goTo }
}

type Ceremony = { create?: object; get?: object }

/** How the browser of the page answers the options of a ceremony. */
const answerTo = (page: Awaited<ReturnType<typeof open>>['page'], { create, get }: Ceremony) =>
  page.evaluate(
    ([create, get]) => {
      const made = create
        ? navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(create as never),
          })
        : navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(get as never),
          })
      return made.then(
        () => 'done',
        ({ name, message }: Error) => `${name}: ${message}`,
      )
    },
    [create, get],
  )

test('a page of a related origin registers and signs in with passkeys of the RP ID', async () => {
  await deploy([rp, www, related])
  const { page, credentials, goTo } = await open(related)
  const guest = await inPage(page, (guests) => guests.signInAnonymously())
  const added = await inPage(page, (guests) => guests.passkeys.add())
  expect(added).toMatchObject({ sub: guest.sub, recoverability: 'synced' })
  expect((await credentials()).map(({ rpId }) => rpId)).toEqual(['example.com'])
  expect(new Set(asked)).toEqual(new Set(['example.com/.well-known/webauthn']))

  await inPage(page, (guests) => guests.signOut())
  expect((await inPage(page, (guests) => guests.passkeys.signIn())).sub).toBe(guest.sub)

  // The same passkey works on the domain of the RP ID itself, where the browser need not ask.
  asked.length = 0
  for (const origin of [rp, www]) {
    await goTo(origin)
    expect(await inPage(page, (guests) => guests.user())).toBeNull()
    expect((await inPage(page, (guests) => guests.passkeys.signIn())).sub).toBe(guest.sub)
  }
  expect(asked).toEqual([])
})

test('the browser refuses a page of any other origin', async () => {
  const { browser: visitor, rows } = await deploy([rp, www, related])
  const { page, credentials } = await open(unrelated)
  const create: PublicKeyCredentialCreationOptionsJSON = await askToRegister(visitor())
  expect(await answerTo(page, { create })).toMatch(/^SecurityError: .*no listed origin matched the caller/)
  expect(await answerTo(page, { get: await askToSignIn(visitor()) })).toMatch(/^SecurityError/)
  expect(asked).toContain('example.com/.well-known/webauthn')
  expect(await credentials()).toEqual([])
  expect(await rows()).toMatchObject({ guests: 0, passkeys: 0 })
})

test('the browser refuses a page of an origin that the deployment no longer names', async () => {
  const { browser: visitor } = await deploy([rp, www])
  const { page } = await open(related)
  expect(await answerTo(page, { create: await askToRegister(visitor()) })).toMatch(/^SecurityError/)
  expect(asked).toContain('example.com/.well-known/webauthn')
})
