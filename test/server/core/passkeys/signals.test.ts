// What a browser learns to tell authenticators: which passkeys are taken, and that one is not, but only when that is sure.

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

  test('names all passkeys of the guest, as the authenticator knows the guest', async () => {
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

  test('is for the guest alone', async () => {
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

  test('of a guest who is not kept names none, and writes nothing', async () => {
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

/** The refusal, with everything in it that another kind of failure could show. */
const told = ({ status, text, headers }: Response) => {
  const { date: _date, ...others } = headers
  return { status, text, others }
}

describe('a passkey is unknown', () => {
  const ask = async (browser: Browser, proof: AuthenticationResponseJSON) => {
    const { status, body, text } = await browser.post('/guest/passkeys/unknown', proof)
    expect(status, text).toBe(200)
    return body
  }

  /** Asks as the client does: after the sign-in was refused, by the very bytes that were. */
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

  test('once it was removed, or never was here; and that is told whoever asks, as often', async () => {
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
    'of another page': { origin: 'https://app.example.evil' },
    'of a subdomain': { origin: 'https://sub.app.example' },
    'in a foreign frame': { crossOrigin: true, topOrigin: 'https://evil.example' },
    'for another RP ID': { rpId: 'evil.example' },
    'of a registration': { type: 'webauthn.create' },
    'with nobody there': { userPresent: false },
    'with nobody verified': { userVerified: false },
    'with two ids': { rawId: randomBytes(32).toString('base64url') },
    'with no authenticator data': { authData: () => new Uint8Array() },
    'with authenticator data cut short': { authData: (bytes) => bytes.slice(0, 36) },
    'with a challenge of nobody': { challenge: randomBytes(64).toString('base64url') },
    'with client data that is none': { clientDataJSON: () => 'null' },
  }
  test.each(Object.entries(notSure))('not by a proof %s', async (_what, wrong) => {
    const app = await startApp(https)
    const device = await orphan(app)
    const browser = app.browser()
    const proof = await device.get(await askToSignIn(browser), wrong)
    expect(await afterRefusal(app, browser, proof)).toEqual({ unknown: false })
  })

  test('not by a challenge that is over, for something else, of others, or changed', async () => {
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

  test('not where it is known, whatever else was wrong', async () => {
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

  test('not where another device has one of the same guest', async () => {
    const app = await startApp()
    const { browser, device, passkeyId } = await keptGuest(app)
    const second = app.device()
    await browser.addPasskey(second)
    await browser.delete(`/guest/passkeys/${passkeyId}`)
    const visitor = app.browser()
    expect(await ask(visitor, await second.get(await askToSignIn(visitor)))).toEqual({ unknown: false })
    expect(await ask(visitor, await device.get(await askToSignIn(visitor)))).toEqual({ unknown: true })
  })

  test('for the page of a client, where that may run ceremonies', async () => {
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

  test('not while the store cannot be asked: then nobody knows', async () => {
    const app = await startApp(https)
    const device = await orphan(app)
    const proof = await device.get(await askToSignIn(app.browser()))
    await app.guests.close()
    const { status, body, headers } = await app.browser().post('/guest/passkeys/unknown', proof)
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' })
    expect(body).not.toHaveProperty('unknown')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  test('and the sign-in itself does not tell: the same bytes as for a wrong signature', async () => {
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

describe('a passkey on this device is offered', () => {
  const cross = { attachment: 'cross-platform' } as const

  test('to whoever signed in by that of another device', async () => {
    const app = await startApp()
    const { device, guest } = await keptGuest(app, { synced: true })
    const { body } = await app.browser().signInWithPasskey(device.copy(cross))
    expect(body).toMatchObject({ sub: guest.sub, offer_passkey: true })
  })

  test('and not by one of this device, nor where it only confirms who is there', async () => {
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

  test('to a client as well', async () => {
    const app = await startTokenApp()
    const { device, guest } = await keptGuest(app, { synced: true })
    const { body: options } = await sendJson(app, 'passkeys/authenticate/options', {})
    const proof = { ...(await device.copy(cross).get(options)), client_id: 'app' }
    const { body } = await sendJson(app, 'passkeys/authenticate', proof)
    expect(body).toMatchObject({ sub: guest.sub, offer_passkey: true, tokens: { token_type: 'Bearer' } })
  })
})
