// Adding a passkey: what its options ask for, which registrations are refused, and what a repeated one is answered.

import { randomBytes } from 'node:crypto'
import { encode } from 'cborg'
import { expect, test } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import {
  extensionFlagWithoutData,
  flipFlags,
  hollowCbor,
  type Misbehaviour,
  nestedCbor,
  type SoftwareAuthenticator,
  trailing,
  truncated,
  withoutAttestedData,
} from '../../../support/authenticator.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  flipBit,
  keptGuest,
  register,
  sendRegistration,
  wrongInBoth,
} from '../../../support/ceremonies.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'

const https = { origin: 'https://app.example' }
const base64url = (text: string) => Buffer.from(text).toString('base64url')

/** Expects the refusal of a registration: always the same detail, whatever was wrong. */
async function expectFailed(app: TestApp, send: () => ReturnType<Browser['post']>) {
  const response = await expectRefusal(app, send, 400, 'registration_failed')
  expect(response.body.detail).toBe('The passkey could not be verified. Ask for new options and try again.')
  return response
}

test('the options ask for a discoverable credential with user verification, and write nothing', async () => {
  const app = await startApp()
  const browser = app.browser()
  const guest = await browser.signIn()
  const before = await tables(app.store)
  const [first, second] = [await askToRegister(browser), await askToRegister(browser)]
  expect(first).toMatchObject({
    rp: { id: 'localhost' },
    user: { name: guest.label, displayName: guest.label },
    attestation: 'none',
    excludeCredentials: [],
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
  })
  expect(first.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-7, -8, -35, -36, -257])
  expect(second).toEqual({ ...first, challenge: expect.any(String) })
  expect(second.challenge).not.toBe(first.challenge)
  expect(await tables(app.store)).toEqual(before)
})

test('a user handle has 64 bytes, and all passkeys of a guest have the same one', async () => {
  const app = await startApp()
  const { browser, device, guest, passkeyId } = await keptGuest(app)
  const options = await askToRegister(browser)
  expect(options.user.id).toBe(device.credentials[0]!.userHandle)
  expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(64)
  expect(options.user.name).not.toContain(guest.anonymous_id)
  expect(options.excludeCredentials).toEqual([
    { id: passkeyId, type: 'public-key', transports: ['internal'] },
  ])
  await expect(device.create(options)).rejects.toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
  const other = app.browser()
  await other.signIn()
  expect((await askToRegister(other)).user.id).not.toBe(options.user.id)
})

test('if nobody is signed in, a valid passkey makes a new guest, and an invalid one does not', async () => {
  const app = await startApp()
  const browser = app.browser()
  await expectFailed(app, () => register(browser, app.device(), { userVerified: false }))
  expect(browser.token).toBeUndefined()
  const made = await browser.addPasskey(app.device())
  expect(made.status, made.text).toBe(201)
  expect(made.body).toMatchObject({
    isAnonymous: true,
    recoverability: 'passkey',
    passkey: { name: 'Passkey' },
  })
  expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(made.body.sub)
})

test.each([-7, -8, -35, -257] as const)('a passkey with algorithm %i is added and signs in', async (alg) => {
  const app = await startApp()
  const { device, guest } = await keptGuest(app, { alg })
  const back = await app.browser().signInWithPasskey(device)
  expect(back.body.sub, back.text).toBe(guest.sub)
})

test.each([1, 1023])('a credential id may have %i bytes', async (credentialIdLength) => {
  const app = await startApp()
  const { browser, device, guest, passkeyId } = await keptGuest(app, { credentialIdLength })
  expect((await browser.get(`/guest/passkeys/${passkeyId}`)).body.id).toBe(passkeyId)
  expect((await app.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

test('a self-attestation that nobody asked for is accepted', async () => {
  const app = await startApp()
  expect((await register(app.browser(), app.device(), { attestation: 'packed' })).status).toBe(201)
})

test('an attestation certificate that nobody asked for is ignored', async () => {
  const app = await startApp()
  const statement = encode({ alg: -7, sig: randomBytes(70), x5c: [randomBytes(500)] })
  const added = await register(app.browser(), app.device(), { attestation: 'packed', attStmt: statement })
  expect(added.status, added.text).toBe(201)
})

const moveOffCurve = (key: Map<number, unknown>) => key.set(-3, Buffer.alloc(32, 1))
const without = (label: number) => (key: Map<number, unknown>) =>
  new Map([...key].filter(([known]) => known !== label))
const wrongs: Record<string, Misbehaviour> = {
  ...wrongInBoth,
  'the type of an assertion': { type: 'webauthn.get' },
  'an origin with a path': { origin: 'https://app.example/' },
  'an empty origin': { origin: '' },
  'a crossOrigin that is not a boolean': {
    clientDataJSON: (json) => json.replace('"crossOrigin":false', '"crossOrigin":"false"'),
  },
  'the RP ID of a parent domain': { rpId: 'example' },
  'an RSA key for an algorithm not offered': { alg: -257, publicKey: (key) => key.set(3, -65535) },
  'an EC key for an algorithm not offered': { publicKey: (key) => key.set(3, -47) },
  'an RSA key of 1,024 bits': { alg: -257, publicKey: (key) => key.set(-1, randomBytes(128)) },
  'an RSA key of 8,192 bits': { alg: -257, publicKey: (key) => key.set(-1, randomBytes(1024)) },
  'an RSA exponent of 1': { alg: -257, publicKey: (key) => key.set(-2, Buffer.of(1)) },
  'a key without an algorithm': { publicKey: without(3) },
  'an ES256 key on another curve': { alg: -35, publicKey: (key) => key.set(3, -7) },
  'a point off its curve': { publicKey: moveOffCurve },
  'a compressed point': { publicKey: (key) => key.set(-3, true) },
  'a point without y': { publicKey: without(-3) },
  'a coordinate cut short': { publicKey: (key) => key.set(-2, Buffer.alloc(31, 1)) },
  'a key that is not a map': { publicKey: () => [1, 2] as never },
  'an empty key': { publicKey: () => new Map() },
  'a credential id of 0 bytes': { credentialIdLength: 0 },
  'a credential id of 1,024 bytes': { credentialIdLength: 1024 },
  'an id that is not the credential': { responseId: base64url('another credential') },
  'a rawId other than its id': { rawId: base64url('another credential') },
  'a credential that is not discoverable': { credProps: { rk: false } },
  'an attestation signature over other bytes': { attestation: 'packed', badSignature: 'wrong' },
  'a malformed attestation signature': { attestation: 'packed', badSignature: 'malformed-der' },
  'an empty attestation signature': { attestation: 'packed', badSignature: 'empty' },
  'a statement in the format none': { attStmt: encode({ sig: Buffer.alloc(64) }) },
  'a statement that is not a map': { attStmt: encode([]) },
  'an unknown attestation format': {
    attestationObject: (bytes) =>
      Buffer.from(Buffer.from(bytes).toString('latin1').replace('dnone', 'dnine'), 'latin1'),
  },
  'an empty attestation object': { attestationObject: () => new Uint8Array() },
  'a truncated attestation object': { attestationObject: truncated },
  'bytes after the attestation object': { attestationObject: trailing },
  'an attestation object of nested arrays': { attestationObject: () => nestedCbor(20_000) },
  'an attestation object of nested maps': { attestationObject: () => nestedCbor(10_000, 'map') },
  'an attestation object of nested tags': { attestationObject: () => nestedCbor(20_000, 'tag') },
  'a hollow attestation object': { attestationObject: () => hollowCbor('map') },
  'a nested statement': { attStmt: nestedCbor(15_000) },
  'a hollow statement': { attStmt: hollowCbor('map') },
  'a hollow byte string': { attStmt: hollowCbor('bytes') },
  'empty authenticator data': { authData: () => new Uint8Array() },
  'truncated authenticator data': { authData: truncated },
  'authenticator data of 36 bytes': { authData: (bytes) => bytes.slice(0, 36) },
  'bytes after the authenticator data': { authData: trailing },
  'no attested credential': { authData: withoutAttestedData },
  'an attested credential without its flag': { authData: (bytes) => flipFlags(bytes, 0x40) },
  'the flag for extensions but no extensions': { authData: extensionFlagWithoutData },
  'nested extensions': { extensions: nestedCbor(15_000) },
  'hollow extensions': { extensions: hollowCbor() },
  'client data that is not JSON': { clientDataJSON: () => 'hello' },
  'client data that is not an object': { clientDataJSON: () => 'null' },
  'empty client data': { clientDataJSON: () => '' },
  'client data that is not UTF-8': {
    clientDataJSON: (json) => Buffer.concat([Buffer.of(0xff), Buffer.from(json)]),
  },
}

test.each(Object.entries(wrongs))('a registration with %s is refused', async (_name, wrong) => {
  const app = await startApp(https)
  const browser = app.browser()
  const guest = await browser.signIn()
  await expectFailed(app, () => register(browser, app.device(), wrong))
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
})

test('a registration in a frame is accepted only under a page whose origin is in topOrigins', async () => {
  const app = await startApp({ ...https, topOrigins: ['https://portal.example'] })
  const framed = { crossOrigin: true, topOrigin: 'https://portal.example' }
  await expectFailed(app, () => register(app.browser(), app.device(), { crossOrigin: true }))
  await expectFailed(app, () => register(app.browser(), app.device(), { ...framed, crossOrigin: false }))
  await expectFailed(app, () =>
    register(app.browser(), app.device(), { ...framed, topOrigin: 'https://portal.example.evil' }),
  )
  expect((await register(app.browser(), app.device(), framed)).status).toBe(201)
})

test.each<[string, (app: TestApp, browser: Browser) => Promise<string>]>([
  ['that the server never made', async () => randomBytes(32).toString('base64url')],
  [
    'of another deployment',
    async (app) => (await askToRegister((await startApp({ origin: app.origin })).browser())).challenge,
  ],
  ['for signing in', async (_app, browser) => (await askToSignIn(browser)).challenge],
  [
    'of another guest',
    async (app) => {
      const other = app.browser()
      await other.signIn()
      return (await askToRegister(other)).challenge
    },
  ],
  ['made while nobody was signed in', async (app) => (await askToRegister(app.browser())).challenge],
  [
    'with padding',
    async (_app, browser) => {
      const { challenge } = await askToRegister(browser)
      return `${challenge}=`
    },
  ],
])('a registration with a challenge %s is refused', async (_name, challengeOf) => {
  const app = await startApp(https)
  const browser = app.browser()
  await browser.signIn()
  const challenge = await challengeOf(app, browser)
  await expectFailed(app, () => register(browser, app.device(), { challenge }))
})

test('a registration with a challenge for signing in makes no guest', async () => {
  const app = await startApp()
  const { challenge } = await askToSignIn(app.browser())
  await expectFailed(app, () => register(app.browser(), app.device(), { challenge }))
})

test('a registration with a challenge of a step-up is refused', async () => {
  const app = await startApp()
  const { browser } = await keptGuest(app)
  const { challenge } = await askToSignIn(browser, { stepUp: true })
  await expectFailed(app, () => register(browser, app.device(), { challenge }))
})

test('a registration with a challenge of another session is refused, even for the same guest', async () => {
  const app = await startApp()
  const { browser, device } = await keptGuest(app)
  const fresh = app.browser()
  app.clock.forward(301)
  await fresh.signInWithPasskey(device)
  const proof = await app.device().create(await askToRegister(fresh))
  await expectFailed(app, () => sendRegistration(browser, proof))
  expect((await sendRegistration(fresh, proof)).status).toBe(201)
})

test("a registration with a guest's challenge is refused if nobody is signed in", async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const proof = await app.device().create(await askToRegister(browser))
  await expectFailed(app, () => sendRegistration(app.browser(), proof))
})

test('a registration with one bit of its challenge changed is refused', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const options = await askToRegister(browser)
  const bytes = Buffer.from(options.challenge, 'base64url').length
  for (let byte = 0; byte < bytes; byte++) {
    const challenge = flipBit(options.challenge, byte, byte % 8)
    const refused = await sendRegistration(browser, await app.device().create(options, { challenge }))
    expect(refused.body.code, `byte ${byte}`).toBe('registration_failed')
  }
  expect(await app.rows()).toMatchObject({ guests: 0, passkeys: 0, spent: 0 })
})

test('a challenge is valid for challengeSeconds, and not a second longer', async () => {
  const app = await startApp({ challengeSeconds: 300 })
  const browser = app.browser()
  await browser.signIn()
  const [late, inTime] = [await askToRegister(browser), await askToRegister(browser)]
  app.clock.forward(299)
  const added = await sendRegistration(browser, await app.device().create(inTime))
  expect(added.status, added.text).toBe(201)
  app.clock.forward(1)
  await expectFailed(app, async () => sendRegistration(browser, await app.device().create(late)))
})

test('a credential id that is taken already is refused, for another guest and for the same one', async () => {
  const app = await startApp()
  const { browser, device, guest, passkeyId } = await keptGuest(app)
  const thief = app.browser()
  await thief.signIn()
  await expectFailed(app, () => register(thief, app.device(), { credentialId: passkeyId }))
  await expectFailed(app, () => register(app.browser(), app.device(), { credentialId: passkeyId }))
  await expectFailed(app, () => register(browser, app.device(), { credentialId: passkeyId }))
  expect((await app.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

/** A guest who sent a registration and has not seen the answer. */
async function lostAnswer(options: Partial<Options> = {}) {
  const app = await startApp(options)
  const browser = app.browser()
  const guest = await browser.signIn()
  const before = copyOf(app, browser)
  const device = app.device({ synced: true })
  const proof = await device.create(await askToRegister(browser))
  const answer = await sendRegistration(browser, proof)
  expect(answer.status, answer.text).toBe(201)
  const again = (from: Browser) => sendRegistration(from, proof)
  return { app, browser, before, guest, device: device as SoftwareAuthenticator, answer, again }
}

test('a guest who lost the answer sends the registration again and gets the same passkey and session', async () => {
  const { app, browser, before, answer, again } = await lostAnswer()
  const state = await tables(app.store)
  const repeated = await again(before)
  expect(repeated.status, repeated.text).toBe(200)
  expect(repeated.body).toEqual(answer.body)
  expect(before.token).toBe(browser.token)
  expect((await again(browser)).body).toEqual(answer.body)
  expect(browser.token).toBe(before.token)
  expect(await tables(app.store)).toEqual(state)
})

test('the same registration from another browser is refused', async () => {
  const { app, again } = await lostAnswer()
  await expectFailed(app, () => again(app.browser()))
  const other = app.browser()
  await other.signIn()
  await expectFailed(app, () => again(other))
  const { browser: kept } = await keptGuest(app)
  await expectFailed(app, () => again(kept))
})

test('a registration sent again after the sign-out is refused', async () => {
  const { app, browser, before, again } = await lostAnswer()
  expect((await browser.post('/guest/sign-out')).status).toBe(204)
  await expectFailed(app, () => again(browser))
  await expectRefusal(app, () => again(before), 401, 'session_invalid')
})

test('a registration sent again after its passkey was removed is refused', async () => {
  const { app, browser, before, answer, again } = await lostAnswer()
  expect((await browser.delete(`/guest/passkeys/${answer.body.passkey.id}?force=true`)).status).toBe(204)
  await expectFailed(app, () => again(browser))
  await expectFailed(app, () => again(before))
})

test('a registration sent again after its session has expired is refused', async () => {
  const { app, browser, before, again } = await lostAnswer({ sessions: { idleSeconds: 60 } })
  app.clock.forward(60)
  for (const one of [browser, before]) await expectRefusal(app, () => again(one), 401, 'session_invalid')
})

test('a registration sent again after its challenge has expired is refused', async () => {
  const { app, browser, again } = await lostAnswer()
  app.clock.forward(301)
  await expectFailed(app, () => again(browser))
})

test('a registration that made its guest is answered again only in the new session', async () => {
  const app = await startApp()
  const browser = app.browser()
  const proof = await app.device().create(await askToRegister(browser))
  const made = await sendRegistration(browser, proof)
  expect(made.status).toBe(201)
  await expectFailed(app, () => sendRegistration(app.browser(), proof))
  expect((await sendRegistration(browser, proof)).body).toEqual(made.body)
})

test('a used challenge registers no second passkey', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const options = await askToRegister(browser)
  expect((await sendRegistration(browser, await app.device().create(options))).status).toBe(201)
  await expectFailed(app, async () => sendRegistration(browser, await app.device().create(options)))
})

test('a failed registration does not use up its challenge', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const options = await askToRegister(browser)
  await expectFailed(app, async () =>
    sendRegistration(browser, await app.device().create(options, { userVerified: false })),
  )
  expect((await sendRegistration(browser, await app.device().create(options))).status).toBe(201)
})

test('a passkey belongs to the guest of the session, whatever guest the body names', async () => {
  const app = await startApp()
  const { guest: victim } = await keptGuest(app)
  const browser = app.browser()
  const guest = await browser.signIn()
  const proof = await app.device().create(await askToRegister(browser))
  const response = { ...proof.response, anonymous_id: victim.sub, userHandle: 'AAAA' }
  const extra = { ...proof, sub: victim.sub, response }
  expect((await sendRegistration(browser, extra)).body.sub).toBe(guest.sub)
})
