// Other sites and apps that use the same passkeys: only those in the options may run ceremonies.

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import { Browser, startApp, type TestApp } from '../../../support/app.ts'
import type { Misbehaviour } from '../../../support/authenticator.ts'
import { askToRegister, askToSignIn, sendAssertion, sendRegistration } from '../../../support/ceremonies.ts'
import { androidOrigin, places, relatedOrigin, rpOrigin } from '../../../support/places.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { pageOrigin, sendJson } from '../../../support/tokens.ts'

/** A device that answers for a page or an app of this origin, as if its browser had let that origin use the RP ID. */
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
  test('registers a passkey of the RP ID and signs in with it, as do the pages of the other origins', async () => {
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
  ])('is not %s, where every ceremony is refused', async (origin) => {
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

  test('is refused if the options name no related origins', async () => {
    const app = await startApp({ origin: rpOrigin })
    const device = await deviceAt(app, relatedOrigin)
    await expectRefusal(app, () => device.register(app.browser()), 400, 'registration_failed')
  })

  test('is refused if only a client names its origin', async () => {
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
  /** Sends what a native app sends: no Origin header and no cookie. */
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
  ])('on %s registers and signs in', async (_system, origin) => {
    const { android, apple } = places.wellKnown
    const app = await startApp({
      ...{ clients, wellKnown: { android, apple } },
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
    ['is signed with another certificate', otherHash],
    ['has its hash in hex', 'android:apk-key-hash:146de983'],
    ['has padding after its hash', `${androidOrigin}=`],
    ['has a hash as short as SHA-1', androidOrigin.slice(0, 48)],
    ['has another scheme', androidOrigin.replace('android', 'ios')],
  ])('that %s neither registers nor signs in', async (_what, origin) => {
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
  ])('on %s is refused if the options do not name it', async (_system, origin) => {
    const app = await startApp({ clients, origin: 'https://www.example.com', rpId: 'example.com' })
    const { send } = await register(app, origin)
    await expectRefusal(app, send, 400, 'registration_failed')
  })
})
