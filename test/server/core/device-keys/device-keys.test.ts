// Device keys, by the protocol in server/core/device-keys/README.md: each key has one guest, each proof works once, for
// one purpose.

import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import pino from 'pino'
import type { Response } from 'supertest'
import { describe, expect, test, vi } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import {
  addDeviceKey as addKeyInSession,
  deviceKeyChallenge,
} from '../../../../server/core/device-keys/manage.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { GuestEvents } from '../../../../server/index.ts'
import { type Browser, guestOf, startApp, type TestApp, type Userinfo } from '../../../support/app.ts'
import { askToRegister, askToSignIn, copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { DeviceKey, type Kind, kinds, NativeApp, type Wrong } from '../../../support/device-key.ts'
import {
  addDeviceKey,
  askForChallenge,
  guestWithKey,
  sendAssertion,
  sendProof,
  signInByDeviceKey,
} from '../../../support/device-keys.ts'
import { tracesOf, unixSeconds } from '../../../support/guest-rows.ts'
import { day, hour, pass, rowsOf } from '../../../support/merging.ts'
import { readPage } from '../../../support/pages.ts'
import { promotedUser, startPromotingApp } from '../../../support/promotion.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { countRows, execute, tables } from '../../../support/tables.ts'
import {
  anonymously,
  askToken,
  bearer,
  claimsOf,
  clients,
  dpopKey,
  granted,
  pageOrigin,
  refresh,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

vi.setConfig({ testTimeout: 60_000 })

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const stepUp = 'insufficient_user_authentication'

const keysOf = async (browser: Browser): Promise<{ id: string; last_used_at: number | null }[]> =>
  (await browser.get('/guest/device-keys')).body.device_keys
const who = async (browser: Browser): Promise<Userinfo> => (await browser.get('/guest/userinfo')).body

/** All events with these names, in order. */
function told(app: TestApp, ...names: (keyof GuestEvents)[]) {
  const events: unknown[] = []
  for (const name of names) app.guests.on(name, (event) => events.push([name, event]))
  return events
}

describe.each(kinds)('a key of kind %s', (kind) => {
  test('is added and signs the same guest in again, in an app that knows only the protocol', async () => {
    const app = await startApp({ clients: [{ id: 'my-app' }] })
    const device = new NativeApp(app.origin, 'my-app', kind)
    await device.discover()
    expect((await device.continueAsGuest()).status).toBe(200)
    const added = await device.addKey('Pixel of the kitchen')
    expect(added).toMatchObject({
      status: 201,
      body: {
        ...{ anonymous_id: device.anonymousId, recoverability: 'device' },
        device_key: {
          ...{ id: device.key.id, name: 'Pixel of the kitchen', algorithm: kind },
          ...{ created_at: unixSeconds(app), last_used_at: null },
        },
      },
    })
    expect((await device.ask('GET', 'userinfo')).body, 'the token is still good').toMatchObject({
      anonymous_id: device.anonymousId,
      recoverability: 'device',
    })
    app.clock.forward(300 * day)
    const signedIn = await device.signIn()
    expect(signedIn.status, JSON.stringify(signedIn.body)).toBe(200)
    expect(claimsOf(signedIn.body.access_token as string)).toMatchObject({
      ...{ sub: device.anonymousId, client_id: 'my-app', recoverability: 'device' },
    })
    expect(claimsOf(signedIn.body.access_token as string)).not.toHaveProperty('auth_time')
    const { body } = await device.ask('GET', 'device-keys')
    expect(body.device_keys).toEqual([
      { ...(added.body.device_key as object), last_used_at: unixSeconds(app) },
    ])
    expect((await device.ask('DELETE', `device-keys/${device.key.id}?force=true`)).status).toBe(204)
    expect(await device.signIn()).toMatchObject({
      ...{ status: 400, body: { error: 'invalid_grant', code: 'device_key_refused' } },
    })
  })

  test('signs in to a browser that has no cookie', async () => {
    const app = await startApp()
    const { guest, key } = await guestWithKey(app, kind)
    const back = app.browser()
    const answer = await signInByDeviceKey(back, key, guest.sub)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ sub: guest.sub, label: guest.label, recoverability: 'device' })
    expect(await who(back)).toEqual(answer.body)
  })
})

test('the key in the README has signed the assertion in the README', () => {
  const readme = readPage('server/core/device-keys/README.md')
  const [, x, id] = /whose `x` is `([\w-]+)`, the id is `([\w-]+)`/.exec(readme)!
  const [, input, signature] = /^(eyJ[\w-]+\.[\w-]+)\.([\w-]+)$/m.exec(readme)!
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: x! }, format: 'jwk' })
  expect(verify(null, Buffer.from(input!), publicKey, Buffer.from(signature!, 'base64url'))).toBe(true)
  expect(new DeviceKey('EdDSA', { publicKey, privateKey: undefined as never }).id).toBe(id)
  const [header, claims] = input!
    .split('.')
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  const said = {
    ...{ issuer: claims.aud, anonymousId: claims.sub },
    ...{ challenge: claims.nonce, now: claims.iat },
  }
  const made = new DeviceKey('EdDSA').assertion(said).split('.', 2)
  const [ours, ourClaims] = made.map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  expect(header).toEqual({ ...ours, kid: id })
  expect(claims).toEqual(ourClaims)
})

describe('adding a key', () => {
  test('keeps the guest, who stays signed in with the same cookie', async () => {
    const app = await startApp()
    const events = told(app, 'guest.kept', 'device_key.added')
    const browser = app.browser()
    const guest = await browser.signIn()
    const { token } = browser
    const key = new DeviceKey('ES256')
    const added = await addDeviceKey(browser, key)
    expect(added.status, added.text).toBe(201)
    const { device_key, ...info } = added.body
    expect(info).toEqual({
      ...{ ...guest, recoverability: 'device' },
      expires_at: unixSeconds(app) + 365 * day,
    })
    expect(device_key).toMatchObject({ id: key.id, name: 'Device key' })
    expect(cookiesSet(added)).toEqual([])
    expect(browser.token).toBe(token)
    expect(await who(browser)).toEqual(info)
    expect(await app.rows()).toMatchObject({ guests: 1, device_keys: 1, sessions: 1, passkeys: 0 })
    expect(events).toEqual([
      ['guest.kept', { anonymous_id: guest.sub, guest: guestOf(info) }],
      ['device_key.added', { anonymous_id: guest.sub, device_key_id: key.id }],
    ])
    const trail = await app.guests.auditTrail({ anonymousId: guest.sub })
    expect(trail.map(({ action, outcome }) => [action, outcome]).toSorted()).toEqual([
      ['device_key.added', 'done'],
      ['guest.kept', 'done'],
    ])
  })

  test('needs a challenge, which writes nothing, and is refused if nobody is signed in', async () => {
    const app = await startApp()
    const browser = app.browser()
    await expectRefusal(
      app,
      () => browser.post('/guest/device-keys/challenge', { purpose: 'register' }),
      401,
      'not_signed_in',
    )
    await browser.signIn()
    const before = await tables(app.store)
    for (const purpose of ['register', 'sign_in'] as const) {
      expect((await browser.post('/guest/device-keys/challenge', { purpose })).body).toEqual({
        challenge: expect.stringMatching(/^[\w-]+$/),
        expires_at: unixSeconds(app) + 300,
        now: unixSeconds(app),
      })
    }
    expect(await tables(app.store)).toEqual(before)
    for (const body of [{}, { purpose: 'step_up' }, { purpose: 'register', anonymous_id: 'x' }])
      await expectRefusal(
        app,
        () => browser.post('/guest/device-keys/challenge', body),
        400,
        'invalid_request',
      )
  })

  test('repeated after a lost answer gives the same key', async () => {
    const app = await startApp()
    const events = told(app, 'guest.kept', 'device_key.added')
    const browser = app.browser()
    const guest = await browser.signIn()
    const key = new DeviceKey('EdDSA')
    const proof = key.registration(await askForChallenge(browser, 'register', guest.sub))
    const first = await sendProof(browser, proof, 'Kitchen')
    expect(first.status).toBe(201)
    const before = await tables(app.store)
    const again = await sendProof(browser, proof, 'Kitchen')
    expect([again.status, again.body]).toEqual([200, first.body])
    const anew = await addDeviceKey(browser, key)
    expect([anew.status, anew.body]).toEqual([200, first.body])
    expect(await tables(app.store)).toEqual(before)
    expect(events).toHaveLength(2)
  })

  test('needs a new proof once the key was revoked', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const other = new DeviceKey('EdDSA')
    const proof = other.registration(await askForChallenge(browser, 'register', guest.sub))
    expect((await sendProof(browser, proof)).status).toBe(201)
    expect((await browser.delete(`/guest/device-keys/${other.id}`)).status).toBe(204)
    await expectRefusal(app, () => sendProof(browser, proof), 400, 'device_key_invalid')
    expect((await addDeviceKey(browser, other)).status).toBe(201)
    expect((await keysOf(browser)).map(({ id }) => id).toSorted()).toEqual([key.id, other.id].toSorted())
  })

  test('uses up its challenge: a second key needs a new one', async () => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const asked = await askForChallenge(browser, 'register', guest.sub)
    expect((await sendProof(browser, new DeviceKey('EdDSA').registration(asked))).status).toBe(201)
    const second = new DeviceKey('EdDSA').registration(asked)
    await expectRefusal(app, () => sendProof(browser, second), 400, 'device_key_invalid')
  })

  test('is refused in another session, and for another guest, than those of the challenge', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const there = app.browser()
    await signInByDeviceKey(there, key, guest.sub) // the same guest in another session
    const stranger = app.browser()
    const strange = await stranger.signIn()
    const mine = new DeviceKey('ES256')
    const asked = await askForChallenge(browser, 'register', guest.sub)
    for (const [visitor, anonymousId] of [
      [there, guest.sub],
      [stranger, guest.sub],
      [stranger, strange.sub],
      [browser, strange.sub],
    ] as const)
      await expectRefusal(
        app,
        () => sendProof(visitor, mine.registration({ ...asked, anonymousId })),
        400,
        'device_key_invalid',
      )
    await expectRefusal(app, () => sendProof(app.browser(), mine.registration(asked)), 401, 'not_signed_in')
    expect((await sendProof(browser, mine.registration(asked))).status, 'nothing was used up').toBe(201)
  })

  test('is refused if another guest has the key', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const thief = app.browser()
    await thief.signIn()
    await expectRefusal(app, () => addDeviceKey(thief, key), 400, 'device_key_invalid')
    expect(await keysOf(thief)).toEqual([])
    expect(await keysOf(browser)).toHaveLength(1)
    expect((await signInByDeviceKey(app.browser(), key, guest.sub)).body.sub).toBe(guest.sub)
  })

  test('is refused at deviceKeys.max, even with a challenge from before the limit was reached', async () => {
    const app = await startApp({ deviceKeys: { max: 2 } })
    const { browser, guest, key } = await guestWithKey(app)
    const early = await askForChallenge(browser, 'register', guest.sub)
    expect((await addDeviceKey(browser, new DeviceKey('ES256'))).status).toBe(201)
    const third = new DeviceKey('ES256').registration(early)
    await expectRefusal(app, () => sendProof(browser, third), 409, 'too_many_device_keys')
    expect((await browser.delete(`/guest/device-keys/${key.id}`)).status).toBe(204)
    expect((await sendProof(browser, third)).status).toBe(201)
  })

  test('to a guest with a passkey needs a proof with it from the last five minutes', async () => {
    const app = await startApp()
    const { browser, device, guest } = await keptGuest(app)
    const key = new DeviceKey('ES256')
    const late = key.registration(await askForChallenge(browser, 'register', guest.sub), {
      claims: { iat: unixSeconds(app) + 60 },
    })
    app.clock.forward(301)
    const refused = await expectRefusal(
      app,
      () => browser.post('/guest/device-keys/challenge', { purpose: 'register' }),
      401,
      stepUp,
    )
    expect(refused.headers['www-authenticate']).toMatch(/acr_values="phr", max_age=300$/)
    await expectRefusal(app, () => sendProof(browser, late), 400, 'device_key_invalid')
    await browser.signInWithPasskey(device, { stepUp: true })
    const added = await addDeviceKey(browser, key)
    expect(added.status, added.text).toBe(201)
    expect(added.body.recoverability, 'the passkey counts for more').toBe('passkey')
    expect((await browser.get('/guest/passkeys')).body.passkeys).toHaveLength(1)
  })

  test('to a guest with a passkey needs that proof at the registration, not only at the challenge', async () => {
    const app = await startApp({ challengeSeconds: 600 })
    const { browser, guest } = await keptGuest(app)
    const asked = await askForChallenge(browser, 'register', guest.sub)
    app.clock.forward(301)
    const proof = new DeviceKey('ES256').registration({ ...asked, now: unixSeconds(app) })
    const refused = await expectRefusal(app, () => sendProof(browser, proof), 401, stepUp)
    expect(refused.headers['www-authenticate']).toMatch(/acr_values="phr"/)
  })

  test('is prompted for until a key was added', async () => {
    const app = await startApp({ prompts: [{ prompt: 'add_device_key' }, { prompt: 'add_passkey' }] })
    const browser = app.browser()
    expect((await browser.signIn()).prompts).toEqual(['add_device_key', 'add_passkey'])
    expect((await addDeviceKey(browser, new DeviceKey('EdDSA'))).body.prompts).toEqual(['add_passkey'])
    expect((await who(browser)).prompts).toEqual(['add_passkey'])
    const { browser: kept } = await keptGuest(app)
    expect((await who(kept)).prompts).toEqual(['add_device_key'])
  })
})

type Faults = Record<string, (app: TestApp, kind: Kind) => Wrong>

/** Faults for which a registration and an assertion are both refused as invalid, by the reason that the log gives. */
const wrongInBoth: Record<string, Faults> = {
  'aud is not this service alone': {
    'another audience': () => ({ claims: { aud: 'https://other.example' } }),
    'no audience': () => ({ claims: { aud: undefined } }),
    'several audiences': ({ origin }) => ({ claims: { aud: [origin, 'https://other.example'] } }),
    'the same audience twice': ({ origin }) => ({ claims: { aud: [origin, origin] } }),
    'an audience that begins alike': ({ origin }) => ({ claims: { aud: `${origin}.evil.example` } }),
    'an audience with a slash': ({ origin }) => ({ claims: { aud: `${origin}/` } }),
    'an audience in capitals': ({ origin }) => ({ claims: { aud: origin.toUpperCase() } }),
  },
  'challenge unknown or expired': {
    'no nonce': () => ({ claims: { nonce: undefined } }),
    'a nonce that the server never made': () => ({
      claims: { nonce: Buffer.from('e30.mac').toString('base64url') },
    }),
    'an empty nonce': () => ({ claims: { nonce: '' } }),
    'a nonce of another type': () => ({ claims: { nonce: { $ne: null } } }),
  },
  'iat too old, or in the future': {
    'no iat': () => ({ claims: { iat: undefined } }),
    'iat as a string': (app) => ({ claims: { iat: String(unixSeconds(app)) } }),
    'iat minus infinity': () => ({ claims: { iat: -1e308 * 10 } }),
    'iat more than 60 seconds ahead': (app) => ({ claims: { iat: unixSeconds(app) + 61 } }),
    'iat more than 360 seconds ago': (app) => ({ claims: { iat: unixSeconds(app) - 361 } }),
  },
  'exp past, or too far ahead': {
    'exp 60 seconds ago': (app) => ({ claims: { exp: unixSeconds(app) - 60 } }),
    'exp more than 360 seconds ahead': (app) => ({ claims: { exp: unixSeconds(app) + 361 } }),
    'exp as a string': (app) => ({ claims: { exp: String(unixSeconds(app) + 60) } }),
  },
  'nbf in the future': {
    'nbf more than 60 seconds ahead': (app) => ({ claims: { nbf: unixSeconds(app) + 61 } }),
    'nbf as a string': (app) => ({ claims: { nbf: String(unixSeconds(app)) } }),
  },
  'typ of another purpose': {
    'typ JWT': () => ({ header: { typ: 'JWT' } }),
    'typ of an access token': () => ({ header: { typ: 'at+jwt' } }),
    'typ of a DPoP proof': () => ({ header: { typ: 'dpop+jwt' } }),
    'typ in capitals': () => ({ header: { typ: 'DEVICE-KEY-ASSERTION+JWT' } }),
  },
  'alg not supported': {
    'alg none with a signature': () => ({ header: { alg: 'none' } }),
    'alg HS256': () => ({ header: { alg: 'HS256' } }),
    'alg PS256': () => ({ header: { alg: 'PS256' } }),
    'alg ES384': () => ({ header: { alg: 'ES384' } }),
    'alg __proto__': () => ({ header: { alg: '__proto__' } }),
    'alg of another type': (_, kind) => ({ header: { alg: [kind] } }),
  },
  'header has missing or unknown members': {
    'no typ': () => ({ header: { typ: undefined } }),
    'no alg': () => ({ header: { alg: undefined } }),
    'the address of a key': () => ({ header: { jku: 'https://evil.example/jwks.json' } }),
    'a certificate': () => ({ header: { x5c: ['MIIB'] } }),
    'the address of a certificate': () => ({ header: { x5u: 'https://evil.example/cert' } }),
    'an unknown crit': () => ({ header: { crit: ['exp'] } }),
    'an unencoded payload': () => ({ header: { b64: false, crit: ['b64'] } }),
    'both a key and a key id': (_, kind) => ({ header: { jwk: new DeviceKey(kind).jwk, kid: 'x' } }),
  },
  'not a compact JWS': {
    'alg none': () => ({ header: { alg: 'none' }, signature: '' }),
    'an empty signature': () => ({ signature: '' }),
    'a signature with padding': () => ({ signature: 'AA==' }),
    'a signature in base64, not base64url': () => ({ signature: 'A+/A' }),
  },
}

/** Faults in the name of the guest: both are refused as invalid, each for a reason of its own. */
const wrongSubjects: Faults = {
  'no subject': () => ({ claims: { sub: undefined } }),
  'an empty subject': () => ({ claims: { sub: '', iss: '' } }),
  'another subject': () => ({ claims: { sub: 'AAAAAAAAAAAAAAAAAAAAAA' } }),
  'a subject of another type': () => ({ claims: { sub: 1, iss: 1 } }),
}

/** Faults that only the key shows: a registration is refused as invalid, an assertion as not by its key. */
const wrongForTheKey: Faults = {
  'alg of another kind': (_, kind) => ({ header: { alg: kind === 'ES256' ? 'EdDSA' : 'ES256' } }),
  "another key's signature": (_, kind) => ({ by: new DeviceKey(kind) }),
  'no signature': () => ({ signature: 'AA' }),
  'a signature of zeros': (_, kind) => ({
    signature: Buffer.alloc(kind === 'RS256' ? 256 : 64).toString('base64url'),
  }),
}

/** Why the last request was refused, as the log tells the operator. */
const reasonOf = ({ logs }: TestApp) => logs.findLast(({ message }) => message === 'refused')!.fields.reason

describe('a wrong proof', () => {
  test.each(kinds)('with any fault, by a %s key, is refused and writes nothing', async (kind) => {
    const { app, browser, guest, key } = await startWithKey(kind)
    const mine = new DeviceKey(kind)
    const toRegister = await askForChallenge(browser, 'register', guest.sub)
    const toSignIn = await askForChallenge(browser, 'sign_in', guest.sub)
    for (const [reason, faults] of Object.entries(wrongInBoth))
      await inTurn(app, Object.entries(faults), async (wrong) => {
        const misbehaviour = wrong(app, kind)
        expectInvalid(await sendProof(browser, mine.registration(toRegister, misbehaviour)))
        expect(reasonOf(app)).toBe(reason)
        expectInvalid(await sendAssertion(app.browser(), key.assertion(toSignIn, misbehaviour)))
        expect(reasonOf(app)).toBe(reason)
      })
    await inTurn(app, Object.entries(wrongSubjects), async (wrong) => {
      const misbehaviour = wrong(app, kind)
      expectInvalid(await sendProof(browser, mine.registration(toRegister, misbehaviour)))
      expect(reasonOf(app)).toBe('sub is not the guest of this session')
      expectInvalid(await sendAssertion(app.browser(), key.assertion(toSignIn, misbehaviour)))
      expect(reasonOf(app)).toBe('iss and sub do not name one guest')
    })
    await inTurn(app, Object.entries(wrongForTheKey), async (wrong) => {
      const misbehaviour = wrong(app, kind)
      expectInvalid(await sendProof(browser, mine.registration(toRegister, misbehaviour)))
      expectRefused(await sendAssertion(app.browser(), key.assertion(toSignIn, misbehaviour)))
    })
    // A failed proof does not use up its challenge.
    expect((await sendProof(browser, mine.registration(toRegister))).status).toBe(201)
    expect((await sendAssertion(app.browser(), key.assertion(toSignIn))).status).toBe(200)
  })

  test('is refused if it is an assertion with a fault that no registration can have', async () => {
    const { app, guest, key } = await startWithKey('ES256')
    const faults: Record<string, Record<string, Wrong>> = {
      'exp missing': { 'no exp': { claims: { exp: undefined } } },
      'iss and sub do not name one guest': {
        'another iss': { claims: { iss: 'AAAAAAAAAAAAAAAAAAAAAA' } },
        'no iss': { claims: { iss: undefined } },
        'iss that is the issuer': { claims: { iss: app.origin } },
      },
      'kid is not a key id': {
        'kid with a path': { header: { kid: '../../etc/passwd' } },
        'kid with SQL': { header: { kid: "' OR 1=1 --" } },
        'kid of another type': { header: { kid: [key.id] } },
        'kid cut short': { header: { kid: key.id.slice(1) } },
        'kid with more': { header: { kid: `${key.id}A` } },
        'kid with a line end': { header: { kid: `${key.id}\n` } },
        'kid with a NUL': { header: { kid: `\u0000${key.id.slice(1)}` } },
      },
      'header has missing or unknown members': { 'no kid': { header: { kid: undefined } } },
      'typ of another purpose': {
        'typ of a registration': { header: { typ: 'device-key-registration+jwt' } },
      },
    }
    for (const [reason, cases] of Object.entries(faults))
      await inTurn(app, Object.entries(cases), async (wrong) => {
        expectInvalid(await signInByDeviceKey(app.browser(), key, guest.sub, wrong))
        expect(reasonOf(app)).toBe(reason)
      })
  })

  test('is refused if it is an assertion that holds a public key, even the registered one', async () => {
    const { app, guest, key } = await startWithKey('ES256')
    const stranger = new DeviceKey('ES256')
    for (const wrong of [
      { header: { jwk: stranger.jwk }, by: stranger },
      { header: { jwk: stranger.jwk, kid: undefined }, by: stranger },
      { header: { jwk: key.jwk } },
    ])
      await refusedAlike(
        app,
        () => signInByDeviceKey(app.browser(), key, guest.sub, wrong),
        400,
        'device_key_invalid',
      )
  })

  test('is refused if it uses HS256 with the public key as its secret', async () => {
    const { app, guest, key } = await startWithKey('RS256')
    const asked = await askForChallenge(app.browser(), 'sign_in', guest.sub)
    const [header, claims] = key.assertion(asked, { header: { alg: 'HS256' } }).split('.')
    const secrets = [JSON.stringify(key.jwk), key.jwk.n!]
    for (const secret of secrets) {
      const mac = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url')
      await refusedAlike(
        app,
        () => sendAssertion(app.browser(), `${header}.${claims}.${mac}`),
        400,
        'device_key_invalid',
      )
    }
  })

  test('is refused if it is not a JWS, or is longer than 8192 characters', async () => {
    const { app, browser } = await startWithKey('ES256')
    for (const text of [`a.${'b'.repeat(9000)}.c`, 'a.b.c\u0000']) {
      await refusedAlike(app, () => sendProof(browser, text), 400, 'invalid_request')
      await refusedAlike(app, () => sendAssertion(browser, text), 400, 'invalid_request')
    }
    const nest = Buffer.from(`${'['.repeat(1000)}${']'.repeat(1000)}`).toString('base64url')
    const malformed = ['', 'a', 'a.b', 'a.b.c', 'a.b.c.d', '..', 'a.b.ü', ' a.b.c']
    for (const text of [
      ...malformed,
      `${nest}.${nest}.AA`,
      'bnVsbA.bnVsbA.AA',
      'e30.e30.AA',
      'WzFd.WzFd.AA',
    ]) {
      await refusedAlike(app, () => sendProof(browser, text), 400, 'device_key_invalid')
      await refusedAlike(app, () => sendAssertion(browser, text), 400, 'device_key_invalid')
    }
  })

  test('is refused at every endpoint if it is longer than 8192 characters, which an honest one may have', async () => {
    const app = await startTokenApp()
    const { guest, key } = await guestWithKey(app)
    /** The shortest assertion with at least so many characters. */
    const withLength = async (least: number) => {
      const asked = await askForChallenge(app.browser(), 'sign_in', guest.sub)
      const padded = (pad: number) => key.assertion(asked, { claims: { pad: 'x'.repeat(pad) } })
      let pad = Math.floor(((least - padded(0).length) * 3) / 4) - 4
      while (padded(pad).length < least) pad++
      return padded(pad)
    }
    const longest = await withLength(8192)
    expect(longest).toHaveLength(8192)
    expect((await sendAssertion(app.browser(), longest)).status).toBe(200)
    const assertion = await withLength(8193)
    await refusedAlike(app, () => sendAssertion(app.browser(), assertion), 400, 'invalid_request')
    const byGrant = () => askToken(app, { grant_type: JWT_BEARER, client_id: 'app', assertion })
    await expectOAuthRefusal(app, byGrant, 400, 'device_key_invalid', 'invalid_grant')
    expect(reasonOf(app)).toBe('longer than 8192 characters')
  })

  test.each(['register', 'sign_in'] as const)('is refused if its challenge is to %s', async (purpose) => {
    const { app, browser, guest, key } = await startWithKey('EdDSA')
    const asked = await askForChallenge(browser, purpose, guest.sub)
    if (purpose === 'register')
      await refusedAlike(
        app,
        () => sendAssertion(app.browser(), key.assertion(asked)),
        400,
        'device_key_invalid',
      )
    else
      await refusedAlike(
        app,
        () => sendProof(browser, new DeviceKey('EdDSA').registration(asked)),
        400,
        'device_key_invalid',
      )
    // A challenge of a passkey ceremony is refused as well.
    const challenge =
      purpose === 'register'
        ? (await askToRegister(app.browser())).challenge
        : (await askToSignIn(app.browser())).challenge
    await refusedAlike(
      app,
      () => sendAssertion(app.browser(), key.assertion({ ...asked, challenge })),
      400,
      'device_key_invalid',
    )
    await refusedAlike(
      app,
      () => sendProof(browser, new DeviceKey('EdDSA').registration({ ...asked, challenge })),
      400,
      'device_key_invalid',
    )
  })

  test('is refused if it is a registration sent as an assertion, or the reverse', async () => {
    const { app, browser, guest, key } = await startWithKey('EdDSA')
    const [toRegister, toSignIn] = [
      await askForChallenge(browser, 'register', guest.sub),
      await askForChallenge(browser, 'sign_in', guest.sub),
    ]
    for (const asked of [toRegister, toSignIn]) {
      await refusedAlike(
        app,
        () => sendAssertion(app.browser(), key.registration(asked)),
        400,
        'device_key_invalid',
      )
      await refusedAlike(app, () => sendProof(browser, key.assertion(asked)), 400, 'device_key_invalid')
    }
  })

  test('is refused if its challenge is five minutes old, by the clock of the server', async () => {
    const app = await startApp()
    const { guest, key } = await guestWithKey(app)
    const asked = await askForChallenge(app.browser(), 'sign_in', guest.sub)
    app.clock.forward(299)
    expect((await sendAssertion(app.browser(), key.assertion(asked))).status).toBe(200)
    const late = await askForChallenge(app.browser(), 'sign_in', guest.sub)
    app.clock.forward(300)
    await expectRefusal(
      app,
      () => sendAssertion(app.browser(), key.assertion({ ...late, now: unixSeconds(app) })),
      400,
      'device_key_invalid',
    )
  })

  test.each<[string, (app: TestApp) => object, (app: TestApp) => object]>([
    ['exp in the past', (app) => ({ exp: unixSeconds(app) - 59 }), (app) => ({ exp: unixSeconds(app) - 60 })],
    ['exp ahead', (app) => ({ exp: unixSeconds(app) + 360 }), (app) => ({ exp: unixSeconds(app) + 361 })],
    ['iat ahead', (app) => ({ iat: unixSeconds(app) + 60 }), (app) => ({ iat: unixSeconds(app) + 61 })],
    [
      'iat in the past',
      (app) => ({ iat: unixSeconds(app) - 360 }),
      (app) => ({ iat: unixSeconds(app) - 361 }),
    ],
    ['nbf ahead', (app) => ({ nbf: unixSeconds(app) + 60 }), (app) => ({ nbf: unixSeconds(app) + 61 })],
  ])('with %s is refused only outside the clock skew', async (_what, inside, outside) => {
    const { app, guest, key } = await startWithKey('EdDSA')
    const attempt = (claims: object) => signInByDeviceKey(app.browser(), key, guest.sub, { claims })
    expect((await attempt(inside(app))).status).toBe(200)
    await refusedAlike(app, () => attempt(outside(app)), 400, 'device_key_invalid')
  })

  test('is refused if its audience is not the issuer, the origin, or the token endpoint of either', async () => {
    const app = await startApp({
      tokens: { issuer: 'https://auth.localhost' },
      origin: 'http://localhost:4000',
    })
    const browser = app.browser()
    const guest = await browser.signIn()
    const key = new DeviceKey('EdDSA')
    const good = ['https://auth.localhost', 'http://localhost:4000']
    for (const aud of [...good, ...good.map((one) => `${one}/guest/token`), [good[0]]]) {
      expect((await addDeviceKey(browser, key, { claims: { aud } })).status).toBeLessThan(300)
      expect((await signInByDeviceKey(app.browser(), key, guest.sub, { claims: { aud } })).status).toBe(200)
    }
    for (const aud of ['https://auth.localhost/token', 'https://auth.localhost/guest', 'http://localhost'])
      await expectRefusal(
        app,
        () => signInByDeviceKey(app.browser(), key, guest.sub, { claims: { aud } }),
        400,
        'device_key_invalid',
      )
  })
})

/** An app, and a guest with a key of this kind. */
async function startWithKey(kind: Kind) {
  const app = await startApp()
  return { app, ...(await guestWithKey(app, kind)) }
}

/** Runs one case after another. Names the case that failed, and expects that no case writes anything. */
async function inTurn<T>(
  app: TestApp,
  cases: [string, T][],
  attempt: (one: T) => Promise<unknown>,
): Promise<void> {
  const before = await tables(app.store)
  for (const [what, one] of cases) {
    try {
      await attempt(one)
    } catch (cause) {
      throw new Error(`${what}: ${cause}`, { cause })
    }
  }
  expect(await tables(app.store)).toEqual(before)
}

/** Expects the one problem document that answers every fault. */
function expectAlike(answer: Response, status: number, code: keyof typeof details): void {
  expect(answer.body, answer.text).toMatchObject({ status, code, detail: details[code] })
  expect([answer.status, cookiesSet(answer)]).toEqual([status, []])
}
const expectInvalid = (answer: Response) => expectAlike(answer, 400, 'device_key_invalid')
const expectRefused = (answer: Response) => expectAlike(answer, 401, 'device_key_refused')

/** Expects the same problem document for every fault. */
async function refusedAlike(...of: Parameters<typeof expectRefusal>) {
  const { body } = await expectRefusal(...of)
  if (body.code !== 'invalid_request') expect(body.detail).toBe(details[body.code as keyof typeof details])
}

const details = {
  device_key_invalid:
    'The device key or its proof is malformed, has expired, or was made for another request. Ask for a new challenge and try again.',
  device_key_refused:
    'The device key could not be verified, or was removed. Try once more with a new challenge. If that fails, sign in another way.',
}

describe('an unusable key', () => {
  const { publicKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const n = (rsa.export({ format: 'jwk' }) as { n: string }).n
  const bytes = (hex: string) => Buffer.from(hex, 'hex').toString('base64url')
  const zeros = '00'.repeat(32)
  const small = 'ff'.repeat(30)

  /** By the reason that the log gives; the last ones are found when the key is imported or the signature verified. */
  const unusable: Record<string, [string, Kind, (jwk: Record<string, string>) => unknown][]> = {
    'key coordinate is not of 32 bytes': [
      ['a coordinate cut short', 'ES256', (jwk) => ({ ...jwk, x: jwk.x!.slice(0, 40) })],
      ['a coordinate with a leading zero', 'ES256', ({ x, ...jwk }) => ({ ...jwk, x: zeroBefore(x!) })],
      [
        'P-384 under the name of P-256',
        'ES256',
        () => ({ ...publicJwk('ec', { namedCurve: 'P-384' }), crv: 'P-256' }),
      ],
      ['a point of Ed25519 that is too long', 'EdDSA', (jwk) => ({ ...jwk, x: bytes(`${zeros}00`) })],
    ],
    'key is not exact base64url': [
      ['no y', 'ES256', ({ y, ...jwk }) => jwk],
      ['an empty y', 'ES256', (jwk) => ({ ...jwk, y: '' })],
      ['an inexact encoding of the same bytes', 'ES256', (jwk) => ({ ...jwk, x: otherLetters(jwk.x!) })],
      ['padding', 'ES256', (jwk) => ({ ...jwk, x: `${jwk.x}=` })],
      ['members of another type', 'ES256', (jwk) => ({ ...jwk, x: [jwk.x] })],
    ],
    'unknown member of the key': [
      ['a private member', 'ES256', (jwk) => ({ ...jwk, d: jwk.x })],
      ['a private member', 'EdDSA', (jwk) => ({ ...jwk, d: jwk.x })],
      ['a private member', 'RS256', (jwk) => ({ ...jwk, d: jwk.n })],
      ['a prime factor', 'RS256', (jwk) => ({ ...jwk, p: 'AQAB' })],
      ['an unknown member', 'ES256', (jwk) => ({ ...jwk, x5u: 'https://evil.example' })],
      ['a coordinate of an RSA key', 'RS256', (jwk) => ({ ...jwk, y: 'AQAB' })],
    ],
    'key type or curve does not fit the algorithm': [
      ['a symmetric key', 'ES256', () => ({ kty: 'oct', k: 'c2VjcmV0' })],
      ['another key type with the right curve', 'ES256', (jwk) => ({ ...jwk, kty: 'oct' })],
      ['the right key type with another curve', 'ES256', (jwk) => ({ ...jwk, crv: 'secp256k1' })],
      ['an RSA key with a curve', 'RS256', (jwk) => ({ ...jwk, crv: 'P-256' })],
      ['P-384', 'ES256', () => publicJwk('ec', { namedCurve: 'P-384' })],
      ['secp256k1', 'ES256', () => publicJwk('ec', { namedCurve: 'secp256k1' })],
      ['Ed448', 'EdDSA', () => publicJwk('ed448')],
      ['X25519', 'EdDSA', () => publicJwk('x25519')],
      ['a key of another kind', 'ES256', () => publicJwk('ed25519')],
      ['a string', 'ES256', () => 'key'],
      ['a list', 'ES256', (jwk) => [jwk]],
      ['null', 'ES256', () => null],
    ],
    'RSA key is not of 2048 to 4096 bits with exponent 65537': [
      ['RSA-512', 'RS256', () => publicJwk('rsa', { modulusLength: 512 })],
      ['RSA-1024', 'RS256', () => publicJwk('rsa', { modulusLength: 1024 })],
      ['RSA-2040', 'RS256', () => publicJwk('rsa', { modulusLength: 2040 })],
      ['2,047 bits', 'RS256', (jwk) => ({ ...jwk, n: modulus(0x7f, 256) })],
      ['4,097 bits', 'RS256', (jwk) => ({ ...jwk, n: modulus(0x01, 513) })],
      ['a modulus with a leading zero', 'RS256', (jwk) => ({ ...jwk, n: zeroBefore(jwk.n!) })],
      ['the exponent 3', 'RS256', (jwk) => ({ ...jwk, e: 'Aw' })],
      ['a huge exponent', 'RS256', (jwk) => ({ ...jwk, e: n })],
      ['an exponent with a leading zero', 'RS256', (jwk) => ({ ...jwk, e: 'AAEAAQ' })],
    ],
    'header has missing or unknown members': [['no key', 'ES256', () => undefined]],
    'not verified: DataError': [
      ['a point off its curve', 'ES256', (jwk) => ({ ...jwk, y: jwk.x })],
      ['the point at infinity', 'ES256', (jwk) => ({ ...jwk, x: bytes(zeros), y: bytes(zeros) })],
    ],
    'signature wrong': [
      [
        'a text that is not a point of Ed25519',
        'EdDSA',
        (jwk) => ({ ...jwk, x: bytes(`02${zeros.slice(2)}`) }),
      ],
      // Of a good length, but not the key that signed.
      ['2,048 bits of another key', 'RS256', (jwk) => ({ ...jwk, n: modulus(0x80, 256) })],
      ['2,049 bits', 'RS256', (jwk) => ({ ...jwk, n: modulus(0x01, 257) })],
      ['4,096 bits', 'RS256', (jwk) => ({ ...jwk, n: modulus(0xff, 512) })],
    ],
  }

  test('is refused, whatever makes it unusable', async () => {
    const { app, browser } = await startWithKey('EdDSA')
    const keys = {
      ES256: new DeviceKey('ES256'),
      EdDSA: new DeviceKey('EdDSA'),
      RS256: new DeviceKey('RS256'),
    }
    for (const [reason, cases] of Object.entries(unusable))
      await inTurn(
        app,
        cases.map(([what, kind, change]) => [`${what}, ${kind}`, { kind, jwk: change(keys[kind].jwk) }]),
        async ({ kind, jwk }) => {
          expectInvalid(await addDeviceKey(browser, keys[kind], { header: { jwk } }))
          expect(reasonOf(app)).toBe(reason)
        },
      )
    for (const kind of kinds) expect((await addDeviceKey(browser, keys[kind])).status).toBe(201)
  })

  test('is refused if it is an RSA key of less than 2,048 bits, even with a good signature', async () => {
    const { app, browser } = await startWithKey('EdDSA')
    const short = (modulusLength: number) =>
      new DeviceKey('RS256', generateKeyPairSync('rsa', { modulusLength }))
    await refusedAlike(app, () => addDeviceKey(browser, short(1024)), 400, 'device_key_invalid')
    await refusedAlike(app, () => addDeviceKey(browser, short(2040)), 400, 'device_key_invalid')
    const large = new DeviceKey('RS256', generateKeyPairSync('rsa', { modulusLength: 3072 }))
    expect((await addDeviceKey(browser, large)).status).toBe(201)
  })

  const points = [
    `00${zeros.slice(2)}`,
    `01${zeros.slice(2)}`,
    `${zeros.slice(2)}80`,
    `01${zeros.slice(4)}80`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    `ec${small}7f`,
    `ed${small}7f`,
    `ee${small}7f`,
    `ec${small}ff`,
  ]

  test('is refused if it is an Ed25519 point of small order, as which anybody can sign', async () => {
    const { app, browser } = await startWithKey('ES256')
    const key = new DeviceKey('EdDSA')
    // For the neutral element this signature holds for every message: R is that element too, S is 0.
    const signature = bytes(`01${zeros.slice(2)}${zeros}`)
    await inTurn(
      app,
      points.map((hex) => [hex, { kty: 'OKP', crv: 'Ed25519', x: bytes(hex) }]),
      async (jwk) => {
        expectInvalid(await addDeviceKey(browser, key, { header: { jwk }, signature }))
        // Older versions of OpenSSL accept that signature, so the key must be refused before they see it.
        expect(reasonOf(app)).toBe('point of small order')
      },
    )
  })

  test('does not come of members that libraries add: these are dropped', async () => {
    const { app, browser, guest } = await startWithKey('EdDSA')
    const key = new DeviceKey('ES256')
    const jwk = { ...key.jwk, ext: true, key_ops: ['verify'], use: 'sig', alg: 'ES256', kid: 'mine' }
    expect((await addDeviceKey(browser, key, { header: { jwk } })).body.device_key.id).toBe(key.id)
    const [row] = await rowsOf(app, 'device_keys', `id = '${key.id}'`)
    expect(JSON.parse(row!.public_key as string)).toEqual(key.jwk)
    expect((await signInByDeviceKey(app.browser(), key, guest.sub)).status).toBe(200)
  })
})

const publicJwk = (type: string, options: object = {}) =>
  (generateKeyPairSync as (type: string, options: object) => { publicKey: KeyObject })(
    type,
    options,
  ).publicKey.export({ format: 'jwk' })
/** An odd modulus of so many bytes, of which this is the first. */
const modulus = (first: number, length: number) =>
  Buffer.from([first, ...Array(length - 1).fill(0xff)]).toString('base64url')
const zeroBefore = (text: string) =>
  Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]).toString('base64url')
/** The same bytes in base64url with other spare bits: 32 bytes leave two of them. */
const otherLetters = (text: string) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + letters[letters.indexOf(text.at(-1)!) + 1]
}

describe('signing in by a key', () => {
  test('works once for each proof, at whichever endpoint', async () => {
    const app = await startTokenApp()
    const { guest, key } = await guestWithKey(app)
    const assertion = key.assertion(await askForChallenge(app.browser(), 'sign_in', guest.sub))
    const byGrant = () => askToken(app, { grant_type: JWT_BEARER, client_id: 'app', assertion })
    expect((await sendAssertion(app.browser(), assertion)).status).toBe(200)
    await expectRefusal(app, () => sendAssertion(app.browser(), assertion), 401, 'device_key_refused')
    await expectOAuthRefusal(app, byGrant, 400, 'device_key_refused', 'invalid_grant')

    const another = key.assertion(await askForChallenge(app.browser(), 'sign_in', guest.sub))
    await granted(askToken(app, { grant_type: JWT_BEARER, client_id: 'app', assertion: another }))
    await expectRefusal(app, () => sendAssertion(app.browser(), another), 401, 'device_key_refused')
    // Another signature over the same challenge is refused as well.
    const resigned = key.assertion(await askForChallenge(app.browser(), 'sign_in', guest.sub))
    const { nonce } = claimsOf(resigned)
    expect((await sendAssertion(app.browser(), resigned)).status).toBe(200)
    const again = () =>
      signInByDeviceKey(app.browser(), key, guest.sub, { claims: { nonce, jti: 'another' } })
    await expectRefusal(app, again, 401, 'device_key_refused')
  })

  test('is refused with the same answer for a key that is unknown, revoked, or did not sign', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const revoked = new DeviceKey('ES256')
    await addDeviceKey(browser, revoked)
    expect((await browser.delete(`/guest/device-keys/${revoked.id}`)).status).toBe(204)
    const refusals = []
    for (const [by, wrong] of [
      [new DeviceKey('ES256'), {}],
      [revoked, {}],
      [key, { by: revoked }],
      [key, { claims: { iss: 'nobody', sub: 'nobody' } }],
      [new DeviceKey('RS256'), {}],
      [new DeviceKey('EdDSA'), {}],
      [new DeviceKey('EdDSA'), { header: { kid: key.id } }],
    ] as const) {
      const refused = await expectRefusal(
        app,
        () => signInByDeviceKey(app.browser(), by, guest.sub, wrong),
        401,
        'device_key_refused',
      )
      const { date, ...headers } = refused.headers
      refusals.push({ text: refused.text, headers })
    }
    expect(new Set(refusals.map((one) => JSON.stringify(one))).size).toBe(1)
  })

  /** The keys with which signatures are verified meanwhile. */
  async function keysThatVerify(work: () => Promise<unknown>): Promise<CryptoKey[]> {
    const { subtle } = globalThis.crypto
    const keys: CryptoKey[] = []
    const original = subtle.verify
    subtle.verify = function (this: typeof subtle, ...of: Parameters<typeof original>) {
      keys.push(of[1])
      return original.apply(subtle, of)
    } as typeof original
    try {
      await work()
    } finally {
      subtle.verify = original
    }
    return keys
  }

  test('verifies a signature even if the key is unknown', async () => {
    const app = await startApp()
    const { guest, key } = await guestWithKey(app, 'RS256')
    for (const by of [key, new DeviceKey('RS256'), new DeviceKey('ES256'), new DeviceKey('EdDSA')]) {
      const signIn = () => signInByDeviceKey(app.browser(), by, guest.sub, { by: new DeviceKey(by.kind) })
      expect(await keysThatVerify(signIn)).toHaveLength(1)
    }
  })

  test('verifies with the same key of nobody each time, because a new one would take longer', async () => {
    const app = await startApp()
    const { guest } = await guestWithKey(app)
    for (const kind of ['ES256', 'EdDSA'] as const) {
      const signIn = () => signInByDeviceKey(app.browser(), new DeviceKey(kind), guest.sub)
      const [first, second] = [await keysThatVerify(signIn), await keysThatVerify(signIn)].flat()
      expect(first!.algorithm.name).toBe(kind === 'ES256' ? 'ECDSA' : 'Ed25519')
      const { subtle } = globalThis.crypto
      expect(await subtle.exportKey('jwk', first!)).toEqual(await subtle.exportKey('jwk', second!))
    }
  })

  test('of an unknown RSA key verifies with an odd modulus as long as the signature, of 2,048 to 4,096 bits', async () => {
    const app = await startApp()
    const { guest } = await guestWithKey(app)
    const stranger = new DeviceKey('RS256')
    const { subtle } = globalThis.crypto
    for (const [length, verifies] of [
      ...[
        [1, 256],
        [256, 256],
        [257, 257],
        [300, 300],
        [333, 333],
        [384, 384],
        [401, 401],
      ],
      ...[
        [450, 450],
        [511, 511],
        [512, 512],
        [513, 512],
        [800, 512],
      ],
    ] as [number, number][]) {
      const signature = Buffer.alloc(length, 1).toString('base64url')
      const signIn = () => signInByDeviceKey(app.browser(), stranger, guest.sub, { signature })
      const [key] = await keysThatVerify(signIn)
      expect(key!.algorithm, `${length} bytes`).toMatchObject({ modulusLength: 8 * verifies })
      const modulus = Buffer.from((await subtle.exportKey('jwk', key!)).n!, 'base64url')
      expect(modulus.at(-1)! % 2, `${length} bytes`).toBe(1)
    }
  })

  test('is refused if the stored key cannot be used, and the log says so', async () => {
    const { app, guest, key } = await startWithKey('RS256')
    const short = new DeviceKey('RS256', generateKeyPairSync('rsa', { modulusLength: 1024 }))
    for (const jwk of [short.jwk, { ...short.jwk, n: '' }]) {
      await execute(app.store, `UPDATE device_keys SET public_key = '${JSON.stringify(jwk)}'`)
      const signIn = () => signInByDeviceKey(app.browser(), key, guest.sub, { by: short })
      await refusedAlike(app, signIn, 401, 'device_key_refused')
      expect(reasonOf(app)).toMatch(/^not verified: /)
    }
  })

  test("is refused if the assertion names another guest than the key's", async () => {
    const app = await startApp()
    const mine = await guestWithKey(app)
    const theirs = await guestWithKey(app)
    for (const [key, anonymousId] of [
      [mine.key, theirs.guest.sub],
      [theirs.key, mine.guest.sub],
    ] as const)
      await expectRefusal(
        app,
        () => signInByDeviceKey(app.browser(), key, anonymousId),
        401,
        'device_key_refused',
      )
  })

  test('begins a new session and ends the one before, and is no proof of a passkey', async () => {
    const app = await startApp()
    const { browser, device, guest } = await keptGuest(app)
    const key = new DeviceKey('ES256')
    await addDeviceKey(browser, key)
    const events = told(app, 'guest.signed_in')
    const before = copyOf(app, browser)
    const answer = await signInByDeviceKey(browser, key, guest.sub)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).not.toHaveProperty('previous')
    expect(events).toMatchObject([['guest.signed_in', { guest: { sub: guest.sub }, method: 'device_key' }]])
    expect(browser.token).not.toBe(before.token)
    await expectRefusal(app, () => before.get('/guest/userinfo'), 401, 'session_invalid')
    const { sessions } = (await browser.get('/guest/sessions')).body
    expect(sessions).toMatchObject([{ auth_time: null, current: true }])
    await expectRefusal(app, () => browser.post('/guest/passkeys/register/options'), 401, stepUp)
    await expectRefusal(app, () => browser.delete('/guest/account'), 401, stepUp)
    expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
  })

  test('merges a previous guest who could not come back, and offers to merge one who could', async () => {
    const app = await startApp()
    const { guest, key } = await guestWithKey(app)
    const visitor = app.browser()
    const fleeting = await visitor.signIn()
    const answer = await signInByDeviceKey(visitor, key, guest.sub)
    expect(answer.body).toMatchObject({
      ...{ sub: guest.sub, merged: true, ticket: expect.any(String) },
      previous: { anonymous_id: fleeting.sub },
    })
    const { browser: other, guest: lasting } = await guestWithKey(app)
    const offered = await signInByDeviceKey(other, key, guest.sub)
    expect(offered.body).toMatchObject({
      ...{ sub: guest.sub, ticket: expect.any(String) },
      previous: { anonymous_id: lasting.sub, recoverability: 'device' },
    })
    expect(offered.body).not.toHaveProperty('merged')
  })

  test('is refused as guest_merged for a guest who was merged, until that is undone', async () => {
    const app = await startApp()
    const { guest, key } = await guestWithKey(app)
    const { browser: other, guest: from, key: theirs } = await guestWithKey(app)
    const { ticket } = (await signInByDeviceKey(other, key, guest.sub)).body
    const merged = await other.post('/guest/merge', { ticket })
    expect(merged.status, merged.text).toBe(200)
    await expectRefusal(app, () => signInByDeviceKey(app.browser(), theirs, from.sub), 401, 'guest_merged')
    expect((await other.post('/guest/merge/undo', { ticket })).status).toBe(200)
    expect((await signInByDeviceKey(app.browser(), theirs, from.sub)).body.sub).toBe(from.sub)
  })

  test('works at sessions.max if the session that the key began before makes room', async () => {
    const app = await startApp({ sessions: { max: 2 } })
    const { guest, key } = await guestWithKey(app)
    for (let i = 0; i < 3; i++)
      expect((await signInByDeviceKey(app.browser(), key, guest.sub)).status).toBe(200)
    expect((await countRows(app.store)).sessions).toBe(2)
  })

  test('is refused at sessions.max', async () => {
    const app = await startApp({ sessions: { max: 2 } })
    const { browser, guest, key } = await guestWithKey(app)
    const another = new DeviceKey('ES256')
    await addDeviceKey(browser, another)
    expect((await signInByDeviceKey(app.browser(), key, guest.sub)).status).toBe(200)
    const signIn = () => signInByDeviceKey(app.browser(), another, guest.sub)
    await expectRefusal(app, signIn, 409, 'too_many_sessions')
  })

  test('restores an expired guest until graceSeconds have passed', async () => {
    const retention = { device: 30 * day, warnSeconds: day, graceSeconds: 10 * day }
    const app = await startApp({ retention })
    const events: string[] = []
    for (const name of ['guest.expiring', 'guest.expired', 'guest.restored', 'guest.erased'] as const)
      app.guests.on(name, () => events.push(name))
    const { browser, guest, key } = await guestWithKey(app)
    const expire = async () => {
      await pass(app, 29 * day + hour)
      await pass(app, day + hour)
    }
    await expire()
    await expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'session_invalid')
    const back = await signInByDeviceKey(app.browser(), key, guest.sub)
    expect(back.body, back.text).toMatchObject({
      ...{ sub: guest.sub, expires_at: unixSeconds(app) + 30 * day },
    })
    expect(events).toEqual(['guest.expiring', 'guest.expired', 'guest.restored'])
    await expire()
    await pass(app, 10 * day + hour)
    expect(events.slice(3)).toEqual(['guest.expiring', 'guest.expired', 'guest.erased'])
    await expectRefusal(
      app,
      () => signInByDeviceKey(app.browser(), key, guest.sub),
      401,
      'device_key_refused',
    )
    expect(await rowsOf(app, 'device_keys')).toEqual([])
  })

  test('works if the deployment has a new secret since the challenge', async () => {
    const secrets = ['the first secret, of more than 32 characters', 'the second secret, of more than 32']
    const app = await startApp({ secret: secrets[0]! })
    const { guest, key } = await guestWithKey(app)
    const asked = await askForChallenge(app.browser(), 'sign_in', guest.sub)
    const next = await startApp({
      ...{ secret: secrets.toReversed(), store: app.store, origin: app.origin, now: app.clock.now },
    })
    expect((await sendAssertion(next.browser(), key.assertion(asked))).status).toBe(200)
  })

  test('answers device_key_invalid for every key at a node that does not have the new secret yet', async () => {
    const secrets = ['the first secret, of more than 32 characters', 'the second secret, of more than 32']
    const app = await startApp({ secret: secrets[0]! })
    const { guest, key } = await guestWithKey(app)
    const next = await startApp({
      ...{ secret: secrets.toReversed(), store: app.store, origin: app.origin, now: app.clock.now },
    })
    for (const by of [key, new DeviceKey('ES256')]) {
      const asked = await askForChallenge(next.browser(), 'sign_in', guest.sub)
      await refusedAlike(
        app,
        () => sendAssertion(app.browser(), by.assertion(asked)),
        400,
        'device_key_invalid',
      )
    }
  })
})

describe('the JWT bearer grant', () => {
  const byKey = async (app: TestApp, key: DeviceKey, sub: string, more: object = {}, headers = {}) =>
    askToken(
      app,
      {
        ...{ grant_type: JWT_BEARER, client_id: 'app' },
        assertion: key.assertion(await askForChallenge(app.browser(), 'sign_in', sub)),
        ...more,
      },
      headers,
    )

  test('is in the metadata, and gives tokens that can be refreshed', async () => {
    const app = await startTokenApp()
    const { body } = await app.browser().get('/.well-known/oauth-authorization-server')
    expect(body.grant_types_supported).toContain(JWT_BEARER)
    const { guest, key } = await guestWithKey(app)
    const tokens = await granted(byKey(app, key, guest.sub, { client_id: 'spa', scope: 'read' }))
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'read' })
    expect((await userinfo(app, tokens.access_token)).body).toMatchObject({ sub: guest.sub })
    const next = await granted(refresh(app, tokens.refresh_token))
    expect(claimsOf(next.access_token)).toMatchObject({ sub: guest.sub, scope: 'read' })
  })

  test('binds the tokens to the key of a DPoP proof, which it requires if the client must send one', async () => {
    const app = await startTokenApp()
    const { guest, key } = await guestWithKey(app)
    const bound = await dpopKey()
    const DPoP = await bound.prove(app, 'POST', '/guest/token')
    const tokens = await granted(byKey(app, key, guest.sub, { client_id: 'bound' }, { DPoP }))
    expect(tokens.token_type).toBe('DPoP')
    expect(claimsOf(tokens.access_token)).toMatchObject({ cnf: { jkt: bound.jkt } })
    await expectOAuthRefusal(
      app,
      () => byKey(app, key, guest.sub, { client_id: 'bound' }),
      400,
      'invalid_dpop_proof',
    )
  })

  test('is answered 503, not 400, if the store cannot be asked', async () => {
    const app = await startTokenApp()
    const { guest, key } = await guestWithKey(app)
    await execute(app.store, 'ALTER TABLE device_keys RENAME TO away')
    const refused = await byKey(app, key, guest.sub)
    expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable'])
    expect(refused.headers['retry-after']).toBeDefined()
  })

  test('is refused with the code for what is wrong', async () => {
    const app = await startTokenApp({ sessions: { max: 1 } })
    const { guest, key } = await guestWithKey(app)
    const stranger = new DeviceKey('ES256')
    const refusals = [
      [() => byKey(app, stranger, guest.sub), 400, 'device_key_refused', 'invalid_grant'],
      [() => byKey(app, key, 'another'), 400, 'device_key_refused', 'invalid_grant'],
      [() => byKey(app, key, guest.sub, { assertion: undefined }), 400, 'invalid_request'],
      [() => byKey(app, key, guest.sub, { assertion: 'a.b.c' }), 400, 'device_key_invalid', 'invalid_grant'],
      [
        () => byKey(app, key, guest.sub, { assertion: 'x'.repeat(9000) }),
        ...([400, 'device_key_invalid', 'invalid_grant'] as const),
      ],
      [() => byKey(app, key, guest.sub, { client_id: 'nobody' }), 401, 'invalid_client'],
      [() => byKey(app, key, guest.sub, { client_id: 'backend' }), 401, 'invalid_client'],
      [() => byKey(app, key, guest.sub, { scope: 'admin' }), 400, 'invalid_scope'],
      [() => byKey(app, key, guest.sub, { resource: 'https://evil.example' }), 400, 'invalid_target'],
      // The key is good: the error must not be one for which an app would delete it.
      [() => byKey(app, key, guest.sub), 400, 'too_many_sessions', 'temporarily_unavailable'],
    ] as const
    for (const [attempt, status, code, error] of refusals)
      await expectOAuthRefusal(app, attempt, status, code, error)
    expect(reasonOf(app), 'the code, if nothing says more').toBe('too_many_sessions')
    await byKey(app, stranger, guest.sub)
    expect(reasonOf(app)).toBe('key unknown, or it did not sign')
    // A pairwise client must not learn the anonymous_id.
    await expectOAuthRefusal(
      app,
      () => byKey(app, key, guest.sub, { client_id: 'diary' }),
      401,
      'invalid_client',
    )
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect((await byKey(app, key, guest.sub, { client_id: 'spa' }, foreign)).status).toBe(403)
    const ofAnother = { Origin: pageOrigin, 'Sec-Fetch-Site': 'cross-site' }
    await expectOAuthRefusal(app, () => byKey(app, key, guest.sub, {}, ofAnother), 401, 'invalid_client')
  })

  test('is refused as guest_merged for a guest who was merged, until that is undone', async () => {
    const app = await startTokenApp()
    const { guest, key } = await guestWithKey(app)
    const { browser: other, guest: from, key: theirs } = await guestWithKey(app)
    const { ticket } = (await signInByDeviceKey(other, key, guest.sub)).body
    expect((await other.post('/guest/merge', { ticket })).status).toBe(200)
    await expectOAuthRefusal(app, () => byKey(app, theirs, from.sub), 400, 'guest_merged', 'invalid_grant')
    expect((await other.post('/guest/merge/undo', { ticket })).status).toBe(200)
    await granted(byKey(app, theirs, from.sub))
  })

  test.each<[string, (id: string) => unknown]>([
    ['a NUL', (id) => `${id.slice(1)}\u0000`],
    ['half of a surrogate pair', (id) => `${id.slice(1)}\ud800`],
    ['one letter too few', (id) => id.slice(1)],
    ['one letter too many', (id) => `${id}A`],
    ['another type', (id) => [id]],
  ])('and the sign-in endpoint refuse a key id with %s', async (_what, change) => {
    const app = await startTokenApp()
    const { guest, key } = await guestWithKey(app)
    const asked = await askForChallenge(app.browser(), 'sign_in', guest.sub)
    const assertion = key.assertion(asked, { header: { kid: change(key.id) } })
    await refusedAlike(app, () => sendAssertion(app.browser(), assertion), 400, 'device_key_invalid')
    const byGrant = () => askToken(app, { grant_type: JWT_BEARER, client_id: 'app', assertion })
    await expectOAuthRefusal(app, byGrant, 400, 'device_key_invalid', 'invalid_grant')
  })

  test('goes on for a client that adds a key: its refresh token is still good', async () => {
    const app = await startTokenApp()
    const tokens = await granted(anonymously(app))
    const headers = bearer(tokens.access_token)
    const { sub } = claimsOf(tokens.access_token) as unknown as { sub: string }
    const key = new DeviceKey('EdDSA')
    const asked = await sendJson(app, 'device-keys/challenge', { purpose: 'register' }, headers)
    const proof = key.registration({ ...asked.body, issuer: app.origin, anonymousId: sub })
    const added = await sendJson(app, 'device-keys', { proof }, headers)
    expect(added.status, added.text).toBe(201)
    const next = await granted(refresh(app, tokens.refresh_token))
    expect(claimsOf(next.access_token)).toMatchObject({ sub, recoverability: 'device' })
    const { body, status } = await sendJson(app, 'device-keys/sign-in', {
      assertion: key.assertion({
        ...(await sendJson(app, 'device-keys/challenge', { purpose: 'sign_in' })).body,
        ...{ issuer: app.origin, anonymousId: sub },
      }),
      client_id: 'spa',
    })
    expect(status).toBe(200)
    expect(claimsOf(body.tokens.access_token)).toMatchObject({ sub, client_id: 'spa' })
  })

  test('adds no key if its token is for another service', async () => {
    const app = await startTokenApp()
    const tokens = await granted(anonymously(app, { client_id: 'front' }))
    await expectRefusal(
      app,
      () => sendJson(app, 'device-keys/challenge', { purpose: 'register' }, bearer(tokens.access_token)),
      403,
      'insufficient_scope',
    )
  })

  test('is tested with clients that the test app has', () => {
    expect(clients.map(({ id }) => id)).toEqual(expect.arrayContaining(['app', 'spa', 'diary', 'bound']))
  })
})

describe('the list of keys', () => {
  test('holds the keys oldest first, and only their own guest may rename and revoke them', async () => {
    const app = await startApp()
    await expectRefusal(app, () => app.browser().get('/guest/device-keys'), 401, 'not_signed_in')
    const { browser, guest, key } = await guestWithKey(app)
    app.clock.forward(1)
    const second = new DeviceKey('RS256')
    await addDeviceKey(browser, second)
    const list = await keysOf(browser)
    expect(list).toMatchObject([
      { id: key.id, name: 'Device key', algorithm: 'ES256', last_used_at: null },
      { id: second.id, name: 'Device key', algorithm: 'RS256', created_at: unixSeconds(app) },
    ])
    const renamed = await browser.patch(`/guest/device-keys/${key.id}`, { name: ' Kitchen ' })
    expect([renamed.status, renamed.body]).toEqual([200, { ...list[0], name: 'Kitchen' }])
    for (const name of ['', '   ', 'x'.repeat(65), 1])
      await expectRefusal(
        app,
        () => browser.patch(`/guest/device-keys/${key.id}`, { name } as object),
        400,
        'invalid_request',
      )
    const { browser: theirs } = await guestWithKey(app)
    const unkept = app.browser()
    await unkept.signIn()
    for (const visitor of [theirs, unkept]) {
      for (const id of [key.id, 'nobodys']) {
        const path = `/guest/device-keys/${id}`
        const answers = [
          await expectRefusal(app, () => visitor.patch(path, { name: 'mine' }), 404, 'not_found'),
          await expectRefusal(app, () => visitor.delete(path), 404, 'not_found'),
          await expectRefusal(app, () => visitor.delete(`${path}?force=true`), 404, 'not_found'),
        ]
        expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      }
    }
    const events = told(app, 'device_key.removed')
    expect((await browser.delete(`/guest/device-keys/${second.id}`)).status).toBe(204)
    expect(events).toEqual([['device_key.removed', { anonymous_id: guest.sub, device_key_id: second.id }]])
    expect((await keysOf(browser)).map(({ id }) => id)).toEqual([key.id])
    await expectRefusal(app, () => browser.delete(`/guest/device-keys/${second.id}`), 404, 'not_found')
  })

  test('is empty for a guest who is not kept', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    expect(await keysOf(browser)).toEqual([])
    expect(await countRows(app.store)).toMatchObject({ guests: 0 })
  })

  test('gives up the last way back only with force; the guest stays', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const path = `/guest/device-keys/${key.id}`
    await expectRefusal(app, () => browser.delete(path), 409, 'would_lose_account')
    await expectRefusal(app, () => browser.delete(`${path}?force=false`), 409, 'would_lose_account')
    expect((await browser.delete(`${path}?force=true`)).status).toBe(204)
    expect(await who(browser)).toMatchObject({ sub: guest.sub, recoverability: 'none' })
  })

  test('gives up a key without ending the session that the key began', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const lost = app.browser()
    await signInByDeviceKey(lost, key, guest.sub)
    await browser.delete(`/guest/device-keys/${key.id}?force=true`)
    expect((await who(lost)).sub).toBe(guest.sub)
    expect((await browser.delete('/guest/sessions')).status).toBe(200)
    await expectRefusal(app, () => lost.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test('gives up its only key without force if the guest has a login ID', async () => {
    const promoting = await startPromotingApp()
    const { browser } = await promotedUser(promoting, 'ada@example.org')
    const key = new DeviceKey('ES256')
    expect((await addDeviceKey(browser, key)).status).toBe(201)
    expect((await browser.delete(`/guest/device-keys/${key.id}`)).status).toBe(204)
  })

  test('gives up its only key after a step-up, without force, if the guest has a passkey', async () => {
    const app = await startApp()
    const { browser, device } = await keptGuest(app)
    const key = new DeviceKey('EdDSA')
    await addDeviceKey(browser, key)
    app.clock.forward(301)
    const path = `/guest/device-keys/${key.id}`
    for (const one of [path, `${path}?force=true`]) {
      const refused = await expectRefusal(app, () => browser.delete(one), 401, stepUp)
      expect(refused.headers['www-authenticate']).toMatch(/acr_values="phr"/)
    }
    await browser.signInWithPasskey(device, { stepUp: true })
    expect((await browser.delete(path)).status).toBe(204)
  })

  test('keeps its key when the only passkey is removed; the key is then the way back', async () => {
    const app = await startApp()
    const { browser, guest, passkeyId } = await keptGuest(app)
    const key = new DeviceKey('EdDSA')
    await addDeviceKey(browser, key)
    expect((await browser.delete(`/guest/passkeys/${passkeyId}?force=true`)).status).toBe(204)
    expect(await who(browser)).toMatchObject({ sub: guest.sub, recoverability: 'device' })
    expect((await signInByDeviceKey(app.browser(), key, guest.sub)).status).toBe(200)
  })
})

describe('what the store says', () => {
  const keys = deriveKeys('a secret of more than 32 characters, for this test')
  const retention = { none: 1, device: 2, passkey: 3, synced: 4, warnSeconds: 0 }
  const session = {
    kind: 'stored',
    anonymousId: 'guest',
    id: 'here',
    collection: 'users',
    recoverability: 'none',
    authTime: null,
    enrolUntil: null,
    carried: null,
  } as unknown as Session

  test.each([
    ['ended', 'session_invalid'],
    ['unproven', stepUp],
    ['too_many', 'too_many_device_keys'],
    ['spent', 'device_key_invalid'],
  ])('after the proof was verified, %s, refuses the key as %s', async (outcome, code) => {
    const ctx = {
      now: () => 1_700_000_000,
      keys,
      keyring: [keys],
      config: {
        challengeSeconds: 300,
        stepUpSeconds: 300,
        deviceKeys: { max: 10 },
        webhooks: [],
        collections: { users: { retention } },
      },
      store: { addDeviceKey: async () => ({ outcome }) },
    } as unknown as Context
    const issuer = 'https://auth.example'
    const asked = deviceKeyChallenge(ctx, session, 'register')
    const proof = new DeviceKey('EdDSA').registration({ ...asked, issuer, anonymousId: 'guest' })
    await expect(addKeyInSession(ctx, session, { proof, audiences: [issuer] })).rejects.toMatchObject({
      code,
    })
  })
})

describe('a guest with a key', () => {
  test('signs out without force, for the key brings back; and beside a passkey it is added anew', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    expect((await browser.post('/guest/sign-out')).status).toBe(204)
    expect((await signInByDeviceKey(browser, key, guest.sub)).body.sub).toBe(guest.sub)
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    expect(await keysOf(browser)).toHaveLength(0)
    expect((await addDeviceKey(browser, key)).status).toBe(201)
    expect((await signInByDeviceKey(app.browser(), key, guest.sub)).body).toMatchObject({
      ...{ sub: guest.sub, recoverability: 'passkey' },
    })
  })

  test('finds the keys in the export, and leaves none behind with the account', async () => {
    const app = await startApp()
    const { browser, guest, key } = await guestWithKey(app)
    const { body } = await browser.get('/guest/account/export')
    expect(body.device_keys).toEqual([{ ...(await keysOf(browser))[0], public_key: key.jwk }])
    const asked = await askForChallenge(app.browser(), 'sign_in', guest.sub)
    expect((await browser.delete('/guest/account')).status).toBe(204)
    expect(await rowsOf(app, 'device_keys')).toEqual([])
    expect(await tracesOf(app, guest.sub)).toEqual({ audit: 1, spent: 1 })
    await expectRefusal(
      app,
      () => sendAssertion(app.browser(), key.assertion(asked)),
      401,
      'device_key_refused',
    )
    expect((await addDeviceKey(await signedInAnew(app), key)).status, 'the key is free again').toBe(201)
  })

  test('cannot add a key in a session that ended meanwhile', async () => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const proof = new DeviceKey('EdDSA').registration(await askForChallenge(browser, 'register', guest.sub))
    const stale = copyOf(app, browser)
    await browser.post('/guest/sign-out', { force: true })
    await expectRefusal(app, () => sendProof(stale, proof), 401, 'session_invalid')
    expect(await countRows(app.store)).toMatchObject({ guests: 0, device_keys: 0 })
  })

  test('cannot sign in by a key from the page of another site', async () => {
    const app = await startApp()
    const { guest, key } = await guestWithKey(app)
    const assertion = key.assertion(await askForChallenge(app.browser(), 'sign_in', guest.sub))
    const foreign = { Origin: 'https://evil.example' }
    await expectRefusal(
      app,
      () => sendJson(app, 'device-keys/sign-in', { assertion }, foreign),
      403,
      'cross_site_request',
    )
  })
})

test('no log line holds a proof, a challenge or the name of a key, and no row holds a proof', async () => {
  const log: string[] = []
  const app = await startApp({ logger: pino({ level: 'trace' }, { write: (line) => log.push(line) }) })
  const { browser, guest, key } = await guestWithKey(app)
  const secrets: string[] = ['the kitchen']
  const noted = (proof: string) => {
    const [, claims, signature] = proof.split('.')
    secrets.push(signature!, claims!, JSON.parse(Buffer.from(claims!, 'base64url').toString()).nonce)
    return proof
  }
  for (const wrong of [
    ...[{}, { claims: { sub: 'x' } }, { header: { typ: 'x' } }, { by: new DeviceKey('ES256') }],
    ...[{ header: { alg: 'EdDSA' } }, { signature: 'AA' }],
  ]) {
    const mine = new DeviceKey('ES256')
    const asked = await askForChallenge(browser, 'register', guest.sub)
    await sendProof(browser, noted(mine.registration(asked, wrong)), 'the kitchen')
    const assertion = noted(key.assertion(await askForChallenge(browser, 'sign_in', guest.sub), wrong))
    await sendAssertion(app.browser(), assertion)
    await sendAssertion(app.browser(), assertion)
  }
  expect(log.length).toBeGreaterThan(20)
  const rows = JSON.stringify(await tables(app.store))
  for (const secret of secrets.filter((one) => one.length > 2)) {
    expect(log.join('')).not.toContain(secret)
    if (secret !== 'the kitchen') expect(rows).not.toContain(secret)
  }
})

async function signedInAnew(app: TestApp): Promise<Browser> {
  const browser = app.browser()
  await browser.signIn()
  return browser
}
