// What a browser may tell authenticators: a guest's passkeys, and that one is unknown, but only if that is certain.

import { randomBytes } from 'node:crypto'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import type { Misbehaviour } from '../../../support/authenticator.ts'
import { askToRegister, askToSignIn, flipBit, keptGuest, sendAssertion } from '../../../support/ceremonies.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import { anonymously, bearer, granted, sendJson, startTokenApp } from '../../../support/tokens.ts'

const https = { origin: 'https://app.example' }

describe('the signal', () => {
  const signalOf = async (browser: Browser) => (await browser.get('/guest/passkeys/signal')).body

  test('lists all passkeys of the guest, under the user handle that the authenticator has', async () => {
    const app = await startApp()
    const { browser, device, guest, passkeyId } = await keptGuest(app)
    const second = (await browser.addPasskey(app.device())).body.passkey.id
    const answer = await browser.get('/guest/passkeys/signal')
    expect(answer.body).toEqual({
      rp_id: 'localhost',
      user_id: device.credentials[0]!.userHandle,
      credential_ids: expect.arrayContaining([passkeyId, second]),
      name: guest.label,
      display_name: guest.label,
    })
    expect(answer.body.credential_ids).toHaveLength(2)
    expect(answer.headers['cache-control']).toBe('no-store')
    await browser.delete(`/guest/passkeys/${passkeyId}`)
    expect((await signalOf(browser)).credential_ids).toEqual([second])
  })

  test('lists only passkeys of the guest who is signed in', async () => {
    const app = await startApp()
    const { passkeyId, device } = await keptGuest(app)
    const other = await keptGuest(app)
    const signal = await signalOf(other.browser)
    expect(signal.credential_ids).toEqual([other.passkeyId])
    expect(JSON.stringify(signal)).not.toContain(passkeyId)
    expect(signal.user_id).not.toBe(device.credentials[0]!.userHandle)
    const ask = () => app.browser().get('/guest/passkeys/signal')
    await expectRefusal(app, ask, 401, 'not_signed_in')
    await other.browser.post('/guest/sign-out')
    await expectRefusal(app, () => other.browser.get('/guest/passkeys/signal'), 401, 'not_signed_in')
  })

  test('lists no passkeys for a guest who is not kept, and writes nothing', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    const before = await tables(app.store)
    const signal = await signalOf(browser)
    expect(signal.credential_ids).toEqual([])
    expect(signal.user_id).toBe((await askToRegister(browser)).user.id)
    expect(await tables(app.store)).toEqual(before)
  })
})

/** All of a refusal that could differ from another one. */
const told = ({ status, text, headers }: Response) => {
  const { date: _date, ...others } = headers
  return { status, text, others }
}

describe('the answer whether a passkey is unknown', () => {
  const ask = async (browser: Browser, proof: AuthenticationResponseJSON) => {
    const { status, body, text } = await browser.post('/guest/passkeys/unknown', proof)
    expect(status, text).toBe(200)
    return body
  }

  /** Asks as the client does: after the sign-in was refused, with exactly the same proof. */
  async function afterRefusal(app: TestApp, browser: Browser, proof: AuthenticationResponseJSON) {
    await expectRefusal(app, () => sendAssertion(browser, proof), 401, 'authentication_failed')
    const before = await tables(app.store)
    const answer = await ask(browser, proof)
    expect(await tables(app.store)).toEqual(before)
    return answer
  }

  /** A device with a passkey that was removed. */
  async function orphan(app: TestApp) {
    const { browser, device, passkeyId } = await keptGuest(app)
    expect((await browser.delete(`/guest/passkeys/${passkeyId}?force=true`)).status).toBe(204)
    return device
  }

  test('is true for a removed passkey, for whoever asks, and as often as they ask', async () => {
    const app = await startApp(https)
    const device = await orphan(app)
    const browser = app.browser()
    const proof = await device.get(await askToSignIn(browser))
    expect(await afterRefusal(app, browser, proof)).toEqual({ unknown: true })
    expect(await ask(app.browser(), proof)).toEqual({ unknown: true })
    const { browser: signedIn } = await keptGuest(app)
    expect(await afterRefusal(app, signedIn, await device.get(await askToSignIn(signedIn)))).toEqual({
      unknown: true,
    })
  })

  const notSure: Record<string, Misbehaviour> = {
    'from another origin': { origin: 'https://app.example.evil' },
    'from a subdomain': { origin: 'https://sub.app.example' },
    'in a foreign frame': { crossOrigin: true, topOrigin: 'https://evil.example' },
    'for another RP ID': { rpId: 'evil.example' },
    'of a registration': { type: 'webauthn.create' },
    'with no user present': { userPresent: false },
    'with no user verified': { userVerified: false },
    'whose id and rawId differ': { rawId: randomBytes(32).toString('base64url') },
    'with no authenticator data': { authData: () => new Uint8Array() },
    'with authenticator data cut short': { authData: (bytes) => bytes.slice(0, 36) },
    'with a challenge that the server never made': { challenge: randomBytes(64).toString('base64url') },
    'with client data that is not an object': { clientDataJSON: () => 'null' },
  }
  test.each(Object.entries(notSure))('is false for a proof %s', async (_what, wrong) => {
    const app = await startApp(https)
    const device = await orphan(app)
    const browser = app.browser()
    const proof = await device.get(await askToSignIn(browser), wrong)
    expect(await afterRefusal(app, browser, proof)).toEqual({ unknown: false })
  })

  test('is false for a challenge that has expired, was changed, or is for another purpose or deployment', async () => {
    const app = await startApp(https)
    const device = await orphan(app)
    const { browser: kept } = await keptGuest(app)
    const unkept = app.browser()
    await unkept.signIn()
    const browser = app.browser()
    const options = await askToSignIn(browser)
    const challenges = {
      step_up: (await askToSignIn(kept, { stepUp: true })).challenge,
      registration: (await askToRegister(unkept)).challenge,
      'registration of a new guest': (await askToRegister(browser)).challenge,
      'conditional registration': (await askToRegister(unkept, { conditional: true })).challenge,
      'another deployment': (await askToSignIn((await startApp(https)).browser())).challenge,
      'one bit changed': flipBit(options.challenge, 10),
      padded: `${options.challenge}=`,
    }
    for (const [what, challenge] of Object.entries(challenges)) {
      const proof = await device.get(options, { challenge })
      expect(await afterRefusal(app, browser, proof), what).toEqual({ unknown: false })
    }
    const proof = await device.get(options)
    expect(await ask(browser, proof)).toEqual({ unknown: true })
    app.clock.forward(300)
    expect(await afterRefusal(app, browser, proof)).toEqual({ unknown: false })
  })

  test('is false for a known passkey, whatever else was wrong', async () => {
    const app = await startApp(https)
    const { device } = await keptGuest(app)
    const browser = app.browser()
    const wrongs: Misbehaviour[] = [
      { badSignature: 'wrong' },
      { badSignature: 'empty' },
      { userHandle: undefined },
      { userHandle: randomBytes(64).toString('base64url') },
      { backupEligible: true },
    ]
    for (const wrong of wrongs) {
      const proof = await device.get(await askToSignIn(browser), wrong)
      expect(await afterRefusal(app, browser, proof), JSON.stringify(wrong)).toEqual({ unknown: false })
    }
    const used = await device.get(await askToSignIn(browser))
    expect((await sendAssertion(browser, used)).status).toBe(200)
    expect(await ask(browser, used)).toEqual({ unknown: false })
  })

  test('is false for a passkey of the same guest that was not removed', async () => {
    const app = await startApp()
    const { browser, device, passkeyId } = await keptGuest(app)
    const second = app.device()
    await browser.addPasskey(second)
    await browser.delete(`/guest/passkeys/${passkeyId}`)
    const visitor = app.browser()
    expect(await ask(visitor, await second.get(await askToSignIn(visitor)))).toEqual({ unknown: false })
    expect(await ask(visitor, await device.get(await askToSignIn(visitor)))).toEqual({ unknown: true })
  })

  test('is true on the page of a client only for that client', async () => {
    const clients = [{ id: 'spa', origins: ['https://spa.app.example'] }, { id: 'other' }]
    const app = await startApp({ ...https, clients })
    const device = await orphan(app)
    const headers = { Origin: 'https://spa.app.example', 'Sec-Fetch-Site': 'same-site' }
    const { body: options } = await sendJson(app, 'passkeys/authenticate/options', {}, headers)
    const proof = await device.get(options, { origin: 'https://spa.app.example' })
    const unknown = async (more: object) =>
      (await sendJson(app, 'passkeys/unknown', { ...proof, ...more }, headers)).body
    expect(await unknown({ client_id: 'spa' })).toEqual({ unknown: true })
    for (const more of [{}, { client_id: 'other' }, { client_id: 'nobody' }])
      expect(await unknown(more)).toEqual({ unknown: false })
    const { access_token } = await granted(anonymously(app, {}, headers))
    const signedIn = await sendJson(app, 'passkeys/unknown', proof, { ...headers, ...bearer(access_token) })
    expect(signedIn.body).toEqual({ unknown: true })
  })

  test('is an error while the store is unavailable', async () => {
    const app = await startApp(https)
    const device = await orphan(app)
    const proof = await device.get(await askToSignIn(app.browser()))
    await app.guests.close()
    const { status, body, headers } = await app.browser().post('/guest/passkeys/unknown', proof)
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' })
    expect(body).not.toHaveProperty('unknown')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  test('is not given by the sign-in itself, which answers as for a wrong signature', async () => {
    const app = await startApp(https)
    const gone = await orphan(app)
    const { device } = await keptGuest(app)
    const send = async (from: typeof gone, wrong?: Misbehaviour) => {
      const browser = app.browser()
      return told(await sendAssertion(browser, await from.get(await askToSignIn(browser), wrong)))
    }
    const unknown = await send(gone)
    expect(unknown.text).toBe(
      '{"type":"urn:guestkey:problem:authentication_failed","title":"Sign-in failed","status":401,"code":"authentication_failed","detail":"The passkey could not be verified. Ask for new options and try again."}',
    )
    expect(await send(device, { badSignature: 'wrong' })).toEqual(unknown)
    expect(await send(gone, { badSignature: 'wrong' })).toEqual(unknown)
  })
})

describe('offer_passkey', () => {
  const cross = { attachment: 'cross-platform' } as const

  test('is true after a sign-in with a passkey of another device', async () => {
    const app = await startApp()
    const { device, guest } = await keptGuest(app, { synced: true })
    const { body } = await app.browser().signInWithPasskey(device.copy(cross))
    expect(body).toMatchObject({ sub: guest.sub, offer_passkey: true })
  })

  test('is absent after a sign-in with a passkey of this device, and after a step-up', async () => {
    const app = await startApp()
    const { browser, device } = await keptGuest(app, { synced: true })
    expect((await app.browser().signInWithPasskey(device)).body).not.toHaveProperty('offer_passkey')
    const confirmed = await browser.signInWithPasskey(device.copy(cross), { stepUp: true })
    expect(confirmed.status).toBe(200)
    expect(confirmed.body).not.toHaveProperty('offer_passkey')
    for (const authenticatorAttachment of [null, undefined]) {
      const visitor = app.browser()
      const asked = await device.get(await askToSignIn(visitor))
      const { body } = await sendAssertion(visitor, { ...asked, authenticatorAttachment } as never)
      expect(body.sub).toBeDefined()
      expect(body).not.toHaveProperty('offer_passkey')
    }
  })

  test('is true for a client as well', async () => {
    const app = await startTokenApp()
    const { device, guest } = await keptGuest(app, { synced: true })
    const { body: options } = await sendJson(app, 'passkeys/authenticate/options', {})
    const proof = { ...(await device.copy(cross).get(options)), client_id: 'app' }
    const { body } = await sendJson(app, 'passkeys/authenticate', proof)
    expect(body).toMatchObject({ sub: guest.sub, offer_passkey: true, tokens: { token_type: 'Bearer' } })
  })
})
