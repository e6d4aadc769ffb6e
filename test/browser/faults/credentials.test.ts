// Password managers and extensions that answer in place of the browser, and passkeys that the service does not take. Needs
// `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { end, openFaulty, subOf } from './page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** Runs in the page: what `change` does to each credential, in the way of an extension that makes objects of its own. */
const replaceCredentials = (page: Page, change: string) =>
  page.addInitScript(`{
    const { credentials } = navigator
    const ownResponse = (response) => ({
      clientDataJSON: response.clientDataJSON,
      attestationObject: response.attestationObject,
      authenticatorData: response.authenticatorData ?? response.getAuthenticatorData?.(),
      signature: response.signature,
      userHandle: response.userHandle,
      getTransports: response.getTransports && (() => response.getTransports()),
    })
    const own = ({ id, rawId, type, authenticatorAttachment, response }) => {
      const made = { id, rawId, type, authenticatorAttachment, response: ownResponse(response), getClientExtensionResults: () => ({}) }
      ;(${change})(made)
      return made
    }
    for (const name of ['create', 'get']) {
      const real = credentials[name].bind(credentials)
      credentials[name] = async (options) => own(await real(options))
    }
  }`)

const changes: [string, string][] = [
  ['no getClientExtensionResults', '(made) => { delete made.getClientExtensionResults }'],
  ['extension results that are null', '(made) => { made.getClientExtensionResults = () => null }'],
  ['transports that are null', '(made) => { made.response.getTransports = () => null }'],
  ['no transports', '(made) => { made.response.getTransports = () => [] }'],
  ['transports that nobody knows', `(made) => { made.response.getTransports = () => ['', 'telepathy'] }`],
  ['no getTransports', '(made) => { delete made.response.getTransports }'],
  ['an attachment that nobody knows', `(made) => { made.authenticatorAttachment = 'implanted' }`],
  ['an attachment that is null', '(made) => { made.authenticatorAttachment = null }'],
]

describe('a password manager that answers in place of the browser', () => {
  test.each(changes)('with %s makes a passkey that signs in', async (_what, change) => {
    const { page, registered } = await openFaulty(browser, {
      install: (page) => replaceCredentials(page, change),
    })
    const sub = await subOf(page, 'passkeys.add')
    expect(sub).toBeTruthy()
    expect(registered.length).toBe(1)
    await end(page, 'signOut')
    expect(await subOf(page, 'passkeys.signIn')).toBe(sub)
  })

  test('without toJSON signs in with a passkey that it offers at once', async () => {
    const { page } = await openFaulty(browser, {
      device: { takesOffered: true },
      install: (page) => replaceCredentials(page, '(made) => {}'),
    })
    const sub = await subOf(page, 'passkeys.add')
    await end(page, 'signOut')
    await page.evaluate(() => {
      // Chromium of the tests does not say that it can.
      PublicKeyCredential.getClientCapabilities = async () => ({ immediateGet: true })
    })
    expect(
      await page.evaluate(
        'guests.passkeys.signIn({ immediate: true }).then(({ sub }) => sub, ({ code }) => code)',
      ),
    ).toBe(sub)
  })

  test.each([
    ['nothing', '() => null'],
    ['an empty object', '() => ({})'],
    ['an error of its own', '() => { throw new Error("extension") }'],
  ])('with %s is an error with a code', async (_what, answer) => {
    const { page } = await openFaulty(browser, {
      install: (page) =>
        page.addInitScript(
          `navigator.credentials.create = navigator.credentials.get = async () => (${answer})()`,
        ),
    })
    for (const name of ['passkeys.add', 'passkeys.signIn'])
      expect([name, (await end(page, name)).ended]).toEqual([name, 'authenticator_error'])
  })
})

test('a browser without navigator.credentials has no passkeys, and says so', async () => {
  const install = (page: Page) =>
    page.addInitScript(() => Object.defineProperty(navigator, 'credentials', { value: undefined }))
  const { page } = await openFaulty(browser, { install })
  expect(await page.evaluate('guests.passkeys.supported()')).toBe(false)
  for (const name of ['passkeys.add', 'passkeys.signIn'])
    expect([name, (await end(page, name)).ended]).toEqual([name, 'unsupported'])
})

/** Notes what the page signals to the authenticator. */
const noteSignals = (page: Page) =>
  page.evaluate(() => {
    const signals: string[] = []
    Object.assign(window, { signals })
    const real = PublicKeyCredential.signalUnknownCredential.bind(PublicKeyCredential)
    PublicKeyCredential.signalUnknownCredential = async (options) => {
      signals.push(options.credentialId)
      await real(options)
    }
  })

describe('a passkey that was made and not registered', () => {
  test('is told to the authenticator as unknown if the service refused it', async () => {
    const { page, device, setAnswer, registered } = await openFaulty(browser)
    await noteSignals(page)
    setAnswer((_req, res, path) => {
      if (path === '/passkeys/register')
        res.writeHead(403, { 'content-type': 'application/problem+json' }).end('{"code":"registration_off"}')
    })
    expect((await end(page, 'passkeys.add')).ended).toBe('registration_off')
    await expect.poll(() => page.evaluate('signals.length')).toBe(1)
    await expect.poll(() => device.credentials()).toEqual([])
    expect(registered).toEqual([])
  })

  test('is not told so if the service may have taken it', async () => {
    const { page, device, setAnswer, registered } = await openFaulty(browser, {
      client: { timeoutSeconds: 1 },
    })
    await noteSignals(page)
    setAnswer((_req, res, path) => {
      if (path !== '/passkeys/register') return
      // The service does its work, but no answer arrives.
      for (const name of ['writeHead', 'write', 'end'] as const) res[name] = (() => res) as never
    })
    expect((await end(page, 'passkeys.add')).ended).toBe('timeout')
    expect(registered.length).toBe(1)
    expect((await device.credentials()).length).toBe(1)
    // By then the part that signals is there.
    await end(page, 'passkeys.list')
    expect(await page.evaluate('signals')).toEqual([])
  })
})
