// Adding a passkey: what its options ask for, which registrations are refused, and what a repeated one is answered.

import { randomBytes } from 'node:crypto'
import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { newChallenge } from '../../../../server/core/crypto/challenges.ts'
import { deriveKeys, longMac } from '../../../../server/core/crypto/secrets.ts'
import { registerPasskey } from '../../../../server/core/passkeys/register.ts'
import type { Presented, Session } from '../../../../server/core/sessions/sessions.ts'
import type { Options } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import {
  extensionFlagWithoutData,
  flipFlags,
  hollowCbor,
  type Misbehaviour,
  nestedCbor,
  SoftwareAuthenticator,
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

describe('what a registration asks of the store, and makes of its outcome', () => {
  const day = 24 * 60 * 60
  const now = 200 * day
  const origin = 'https://app.example'
  const id = 'A'.repeat(22)
  const keys = deriveKeys('a secret of more than 32 characters')
  const snoozes = [{ prompt: 'add_passkey', times: 1, snoozedUntil: now + day }]
  const sealed = {
    ...{ kind: 'sealed', id, anonymousId: id, label: 'amber-fox-42', collection: 'users' },
    ...{ recoverability: 'none', createdAt: 500, lastSeenAt: now - day, expiresAt: now + day },
    ...{ endsAt: now + day, authTime: null, enrolUntil: null, grant: null, promotedAt: null },
    carried: { datedAt: now - day, lastsUntil: now + day, daysSeen: 3, snoozes },
  } as unknown as Session
  const stored = {
    ...{ ...sealed, kind: 'stored', id: 'the session', carried: null, recoverability: 'synced' },
    guestExpiresAt: null,
  } as unknown as Session
  const valid = (session: Session): Presented => ({ status: 'valid', session, token: 'token' })
  const absent: Presented = { status: 'absent' }
  const forGuest = (session: Session, more: object = {}) => ({
    ...{ purpose: 'register', anonymousId: id, sessionId: session.id, userHandle: 'AAAA' },
    ...{ conditional: false, ...more },
  })
  const forNobody = {
    ...{ purpose: 'register_new_guest', anonymousId: id, label: 'amber-fox-42', collection: 'users' },
    userHandle: 'AAAA',
  }

  type Asked = Parameters<Context['store']['registerPasskey']>[0]
  type World = {
    outcome?: object
    off?: string
    store?: object
    wrong?: Misbehaviour
  }

  /** Registers a passkey with a challenge for this purpose. */
  async function registered(wanted: object, presented: Presented, world: World = {}) {
    const { outcome = { outcome: 'added', first: true, guestExpiresAt: null }, off, store, wrong } = world
    const asked: Asked[] = []
    const write = async (input: Asked) => {
      asked.push(input)
      return outcome
    }
    const retention = { none: 10, device: 10, passkey: 5 * day, synced: false, warnSeconds: 10 }
    const config = {
      ...{
        origins: [origin],
        appOrigins: [],
        ceremonyOrigins: [origin],
        topOrigins: [],
        rpId: 'app.example',
      },
      ...{
        challengeSeconds: 300,
        passkeys: { max: 5 },
        sessions: { idleSeconds: 100, absoluteSeconds: 1000 },
      },
      ...{ webhooks: [], clients: [], operators: false },
      ...{ defaultCollection: 'users', collections: { users: { retention } } },
    }
    const ctx = {
      ...{ now: () => now, keys, keyring: [keys], config, store: { registerPasskey: write, ...store } },
      settings: { value: async (name: string) => name !== off },
      counters: { count() {} },
    } as unknown as Context
    const challenge = Buffer.from(newChallenge(ctx, wanted as never)).toString('base64url')
    const proof = await new SoftwareAuthenticator({ origin }).create(
      {
        ...{
          challenge,
          rp: { id: 'app.example', name: 'App' },
          user: { id: 'AAAA', name: '', displayName: '' },
        },
        pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      },
      wrong,
    )
    const answer = await registerPasskey(ctx, presented, proof)
    return { answer, asked: asked[0]!, passkeyId: proof.id }
  }

  test('the first passkey of a guest without a row keeps all that the session knew', async () => {
    const { answer, asked, passkeyId } = await registered(forGuest(sealed), valid(sealed))
    expect(asked).toMatchObject({
      guest: {
        ...{ anonymousId: id, userHandle: 'AAAA', createdAt: 500, lastSeenAt: now, daysSeen: 4 },
        expiresAt: now + 5 * day,
      },
      ...{ snoozes, from: { kind: 'sealed', anonymousId: id }, to: { authTime: now } },
    })
    expect(answer).toMatchObject({ repeated: false, token: expect.any(String), session: { id: asked.to.id } })
    const { kept, first, further } = asked.notes
    expect(kept).toMatchObject([{ audit: null, event: { name: 'guest.kept' } }])
    expect(first).toMatchObject([
      {
        audit: { action: 'passkey.added', sessionId: id },
        event: { name: 'passkey.added', data: { anonymous_id: id, passkey_id: passkeyId, first: true } },
      },
    ])
    expect(further).toMatchObject([{ event: { name: 'passkey.added', data: { first: false } } }])
  })

  test('the passkey of a new guest is a sign-in, and its audit line names the new session', async () => {
    const { asked } = await registered(forNobody, absent)
    expect(asked).toMatchObject({ guest: { createdAt: now, daysSeen: 1 }, snoozes: [] })
    expect(asked.from).toBeUndefined()
    expect(asked.notes.first).toMatchObject([
      {
        audit: null,
        event: { name: 'guest.signed_in', data: { session_id: asked.to.id, method: 'passkey' } },
      },
      { audit: { action: 'passkey.added', sessionId: asked.to.id } },
    ])
  })

  test.each<[string, object, Presented]>([
    ['a guest', forGuest(sealed, { userHandle: undefined }), valid(sealed)],
    ['nobody', { ...forNobody, userHandle: undefined }, absent],
  ])(
    'if an earlier version made the challenge for %s, the handle is the one that it gave the authenticator',
    async (_, wanted, presented) => {
      const { asked } = await registered(wanted, presented)
      expect(asked.guest.userHandle).toBe(longMac(keys.userHandle, id))
    },
  )

  test('a passkey that was made without verifying the user is no proof in the new session', async () => {
    const wrong = { userPresent: false, userVerified: false }
    const { asked } = await registered(forGuest(sealed, { conditional: true }), valid(sealed), { wrong })
    expect(asked.to.authTime).toBeNull()
    await expect(registered(forGuest(sealed), valid(sealed), { wrong })).rejects.toMatchObject({
      code: 'registration_failed',
    })
  })

  test('a stored session goes on, unless this was the first passkey', async () => {
    const further = { outcome: { outcome: 'added', first: false, guestExpiresAt: 7 } }
    const same = await registered(forGuest(stored), valid(stored), further)
    expect(same.answer).toMatchObject({ session: { id: 'the session', guestExpiresAt: 7 } })
    expect(same.answer).not.toHaveProperty('token')
    for (const one of [
      await registered(forGuest(stored), valid(stored)),
      await registered(forGuest(sealed), valid(sealed), further),
    ])
      expect(one.answer).toMatchObject({ session: { id: one.asked.to.id }, token: expect.any(String) })
  })

  test('the answer says how many recovery codes from before still work, if there are any', async () => {
    const leftOf = async (codesLeft?: number) => {
      const outcome = { outcome: 'added', first: true, guestExpiresAt: null, codesLeft }
      return (await registered(forGuest(sealed), valid(sealed), { outcome })).answer
    }
    expect(await leftOf(3)).toMatchObject({ recovery_codes_left: 3 })
    for (const none of [0, undefined]) expect(await leftOf(none)).not.toHaveProperty('recovery_codes_left')
  })

  test.each([
    ['passkeyRegistration', 'registration_off'],
    ['guestSignIn.users', 'guest_sign_in_off'],
  ])('a new guest is refused if the setting %s was switched off meanwhile', async (off, code) => {
    await expect(registered(forNobody, absent, { off })).rejects.toMatchObject({ code })
  })

  test('the log says if the session that asked for the challenge was not presented', async () => {
    await expect(registered(forGuest(sealed), absent)).rejects.toMatchObject({
      code: 'registration_failed',
      reason: 'challenge of a session, but no session was presented',
    })
  })

  describe('of a registration that was sent again', () => {
    const row = { credentialId: 'the passkey', aaguid: '', createdAt: 1000, name: 'Passkey' }
    const codes = { left: 9, createdAt: 1000 as number | null }
    const asItIs = { session: { ...stored, expiresAt: now + 1, grant: null }, row, passkeys: [row], codes }

    /** Sends it again, when the store holds this. `found`: the id of the session that the store was asked for. */
    async function again(presented: Session, has: object = {}) {
      const { session, row, passkeys, codes } = { ...asItIs, ...has }
      const found: string[] = []
      const outcome = {
        outcome: 'repeated',
        get credentialId() {
          return repeated
        },
      }
      let repeated = ''
      const store = {
        async findSession({ id: one }: { id: string }) {
          found.push(one)
          return session
        },
        findPasskey: async () => row,
        listPasskeys: async () => passkeys,
        countRecoveryCodes: async () => codes,
      }
      const register = async (input: Asked) => {
        repeated = input.passkey.credentialId
        return outcome
      }
      const world = { store: { ...store, registerPasskey: register } }
      const { answer } = await registered(forGuest(presented), valid(presented), world)
      return { answer, found: found[0]! }
    }

    test('the answer is the passkey and the session as the store has them now', async () => {
      const first = await again(sealed)
      expect(first.answer).toMatchObject({
        repeated: true,
        passkey: { id: 'the passkey' },
        token: expect.any(String),
      })
      const further = await again(stored)
      expect(further.found).toBe('the session')
      expect(further.answer).not.toHaveProperty('token')
    })

    test.each<[string, object]>([
      ['the session has expired', { session: { ...stored, expiresAt: now, grant: null } }],
      ['the session has ended', { session: undefined }],
      ['the passkey was removed', { row: undefined }],
    ])('it is refused if %s', async (_, has) => {
      await expect(again(sealed, has)).rejects.toMatchObject({ code: 'session_invalid' })
    })

    test('the recovery codes are counted only if they are from before the only passkey', async () => {
      const leftIf = async (has: object) => (await again(sealed, has)).answer.recovery_codes_left
      expect(await leftIf({})).toBe(9)
      expect(await leftIf({ codes: { left: 9, createdAt: 999 } })).toBe(9)
      expect(await leftIf({ codes: { left: 9, createdAt: 1001 } })).toBeUndefined()
      expect(await leftIf({ codes: { left: 0, createdAt: null } })).toBeUndefined()
      expect(await leftIf({ passkeys: [row, row] })).toBeUndefined()
    })
  })
})
