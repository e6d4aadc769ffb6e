// Other sites and apps that use the same passkeys: those that are named run ceremonies, and nobody else does.

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import { Browser, startApp, type TestApp } from '../../../support/app.ts'
import type { Misbehaviour } from '../../../support/authenticator.ts'
import { askToRegister, askToSignIn, sendAssertion, sendRegistration } from '../../../support/ceremonies.ts'
import { androidOrigin, places, relatedOrigin, rpOrigin } from '../../../support/places.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { pageOrigin, sendJson } from '../../../support/tokens.ts'

/** A device that answers as from a page or an app of this origin, once its browser has let that use the RP ID. */
async function deviceAt(app: TestApp, origin: string) {
  const device = app.device({ origin: rpOrigin })
  const from: Misbehaviour = { origin }
  return {
    register: async (browser: Browser) =>
      sendRegistration(browser, await device.create(await askToRegister(browser), from)),
    signIn: async (browser: Browser, wrong?: Misbehaviour) =>
      sendAssertion(browser, await device.get(await askToSignIn(browser), { ...from, ...wrong })),
    create: (options: never) => device.create(options, from),
    get: (options: never) => device.get(options, from),
  }
}

describe('a page of a related origin', () => {
  test('registers and signs in with passkeys of the RP ID, which are those of its other pages too', async () => {
    const app = await startApp(places)
    const browser = new Browser(app.server, relatedOrigin)
    expect((await askToRegister(browser)).rp).toEqual({ id: 'example.com', name: 'example.com' })
    const { sub } = await browser.signIn()
    const device = await deviceAt(app, relatedOrigin)
    const added = await device.register(browser)
    expect(added.status, added.text).toBe(201)
    const back = await device.signIn(new Browser(app.server, relatedOrigin))
    expect(back.body.sub, back.text).toBe(sub)
    const elsewhere = await device.signIn(app.browser(), { origin: rpOrigin })
    expect(elsewhere.body.sub, elsewhere.text).toBe(sub)
  })

  test.each([
    'https://app.example.org',
    'https://example.de',
    'https://sub.app.example.de',
    'http://app.example.de',
    'https://app.example.de:8443',
    'https://app.example.de.evil.example',
  ])('is not one of %s, wherever it is sent from', async (origin) => {
    const app = await startApp(places)
    const device = await deviceAt(app, origin)
    for (const browser of [app.browser(), new Browser(app.server, relatedOrigin)])
      await expectRefusal(app, () => device.register(browser), 400, 'registration_failed')
    const asked = await askToRegister(app.browser())
    const foreign = new Browser(app.server, origin)
    const proof = await device.create(asked as never)
    await expectRefusal(app, () => sendRegistration(foreign, proof), 403, 'cross_site_request')
    const kept = await deviceAt(app, relatedOrigin)
    await kept.register(app.browser())
    await expectRefusal(app, () => kept.signIn(app.browser(), { origin }), 401, 'authentication_failed')
  })

  test('is none where the deployment is of one site', async () => {
    const app = await startApp({ origin: rpOrigin })
    const device = await deviceAt(app, relatedOrigin)
    await expectRefusal(app, () => device.register(app.browser()), 400, 'registration_failed')
  })

  test("that is a client's and not of the deployment runs no ceremony", async () => {
    const clients = [{ id: 'spa', origins: [pageOrigin] }]
    const app = await startApp({ ...places, clients })
    const headers = { Origin: pageOrigin, 'Sec-Fetch-Site': 'cross-site' }
    const { body } = await sendJson(app, 'passkeys/register/options', {}, headers)
    const device = await deviceAt(app, pageOrigin)
    const send = async () =>
      sendJson(
        app,
        'passkeys/register',
        { ...(await device.create(body as never)), client_id: 'spa' },
        headers,
      )
    await expectRefusal(app, send, 400, 'registration_failed')
  })
})

describe('an app on a phone', () => {
  const clients = [{ id: 'app' }]
  /** As a native app asks: it has no origin, and no cookie. */
  const ask = (app: TestApp, door: string, body: object = {}): Promise<Response> => sendJson(app, door, body)

  async function register(app: TestApp, origin: string) {
    const device = await deviceAt(app, origin)
    const { body } = await ask(app, 'passkeys/register/options')
    const proof: RegistrationResponseJSON = await device.create(body as never)
    return { device, send: () => ask(app, 'passkeys/register', { ...proof, client_id: 'app' }) }
  }

  test.each([
    ['Android', androidOrigin],
    ["Apple's systems", rpOrigin],
  ])('for %s registers and signs in', async (_system, origin) => {
    const { android, apple } = places
    const app = await startApp({
      ...{ clients, android, apple },
      ...{ origin: 'https://www.example.com', rpId: 'example.com' },
    })
    const { device, send } = await register(app, origin)
    const added = await send()
    expect(added.status, added.text).toBe(201)
    expect(added.body.tokens).toHaveProperty('refresh_token')
    const { body } = await ask(app, 'passkeys/authenticate/options')
    const proof = { ...(await device.get(body as never)), client_id: 'app' }
    const back = await ask(app, 'passkeys/authenticate', proof)
    expect(back.body, back.text).toMatchObject({ sub: added.body.sub, tokens: { token_type: 'Bearer' } })
  })

  const otherHash = `android:apk-key-hash:${Buffer.alloc(32, 7).toString('base64url')}`
  test.each([
    ['is signed by others', otherHash],
    ['says it in hex', 'android:apk-key-hash:146de983'],
    ['pads its hash', `${androidOrigin}=`],
    ['hashes with SHA-1', androidOrigin.slice(0, 48)],
    ['names another scheme', androidOrigin.replace('android', 'ios')],
  ])('that %s does neither', async (_what, origin) => {
    const app = await startApp({ ...places, clients })
    const { send } = await register(app, origin)
    await expectRefusal(app, send, 400, 'registration_failed')
    const kept = await register(app, androidOrigin)
    expect((await kept.send()).status).toBe(201)
    const browser = app.browser()
    await expectRefusal(app, () => kept.device.signIn(browser, { origin }), 401, 'authentication_failed')
  })

  test.each([
    ['Android', androidOrigin],
    ["Apple's systems", rpOrigin],
  ])('for %s is none where it is not set up', async (_system, origin) => {
    const app = await startApp({ clients, origin: 'https://www.example.com', rpId: 'example.com' })
    const { send } = await register(app, origin)
    await expectRefusal(app, send, 400, 'registration_failed')
  })
})
