// Signing in with a passkey, and stepping up: which assertions are refused, and what becomes of the session before.

import { randomBytes } from 'node:crypto'
import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { newChallenge } from '../../../../server/core/crypto/challenges.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import { verifyAssertion, verifyRegistration } from '../../../../server/core/passkeys/ceremony.ts'
import { signInByPasskey } from '../../../../server/core/passkeys/sign-in.ts'
import type { GuestEvents } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import {
  extensionFlagWithoutData,
  hollowCbor,
  type Misbehaviour,
  nestedCbor,
  SoftwareAuthenticator,
  trailing,
  truncated,
} from '../../../support/authenticator.ts'
import {
  askToRegister,
  askToSignIn,
  authenticate,
  copyOf,
  flipBit,
  keptGuest,
  sendAssertion,
  wrongInBoth,
} from '../../../support/ceremonies.ts'
import { rowsOf } from '../../../support/merging.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'

const https = { origin: 'https://app.example' }
const base64url = (text: string) => Buffer.from(text).toString('base64url')

/** Expects the refusal of an assertion: always the same detail, whatever was wrong. */
async function expectFailed(app: TestApp, send: () => Promise<Response>) {
  const response = await expectRefusal(app, send, 401, 'authentication_failed')
  expect(response.body.detail).toBe('The passkey could not be verified. Ask for new options and try again.')
  return response
}

async function expectSignedIn(send: Promise<Response>, sub: string) {
  const response = await send
  expect(response.status, response.text).toBe(200)
  expect(response.body.sub).toBe(sub)
  return response
}

test('options for a sign-in list no credential, and write nothing', async () => {
  const app = await startApp()
  const { browser } = await keptGuest(app)
  const before = await tables(app.store)
  for (const visitor of [app.browser(), browser]) {
    const options = await askToSignIn(visitor)
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required', allowCredentials: [] })
    expect(Buffer.from(options.challenge, 'base64url').length).toBeGreaterThanOrEqual(16)
  }
  expect(await tables(app.store)).toEqual(before)
})

test("options for a step-up list the guest's passkeys, and are refused if there is none", async () => {
  const app = await startApp()
  const { browser, passkeyId } = await keptGuest(app)
  const { allowCredentials } = await askToSignIn(browser, { stepUp: true })
  expect(allowCredentials).toEqual([{ id: passkeyId, type: 'public-key', transports: ['internal'] }])
  const stepUp = (visitor: Browser) => () =>
    visitor.post('/guest/passkeys/authenticate/options', { step_up: true })
  await expectRefusal(app, stepUp(app.browser()), 401, 'not_signed_in')
  const unkept = app.browser()
  await unkept.signIn()
  await expectRefusal(app, stepUp(unkept), 401, 'insufficient_user_authentication')
})

const wrongs: Record<string, Misbehaviour> = {
  ...wrongInBoth,
  'the type of a registration': { type: 'webauthn.create' },
  'a crossOrigin that is not a boolean': {
    clientDataJSON: (json) => json.replace('"crossOrigin":false', '"crossOrigin":1'),
  },
  'a backup eligibility that it did not have before': { backupEligible: true },
  'a wrong signature': { badSignature: 'wrong' },
  'a malformed signature': { badSignature: 'malformed-der' },
  'an empty signature': { badSignature: 'empty' },
  'a truncated signature': { badSignature: truncated },
  'bytes after the signature': { badSignature: trailing },
  'a signature of zeros': { badSignature: (bytes) => new Uint8Array(bytes.length) },
  'a signature of r = s = 0': { badSignature: () => Buffer.from('3006020100020100', 'hex') },
  'no user handle': { userHandle: undefined },
  'an empty user handle': { userHandle: '' },
  'a user handle that belongs to nobody': { userHandle: randomBytes(64).toString('base64url') },
  'an id that is not the credential': { responseId: base64url('another credential') },
  'a rawId other than its id': { rawId: base64url('another credential') },
  'empty authenticator data': { authData: () => new Uint8Array() },
  'truncated authenticator data': { authData: truncated },
  'bytes after the authenticator data': { authData: trailing },
  'the flag for extensions but no extensions': { authData: extensionFlagWithoutData },
  'nested extensions': { extensions: nestedCbor(15_000) },
  'nested tags for extensions': { extensions: nestedCbor(15_000, 'tag') },
  'hollow extensions': { extensions: hollowCbor('map') },
  'hollow bytes for extensions': { extensions: hollowCbor('bytes') },
  'client data that is not JSON': { clientDataJSON: () => 'hello' },
  'client data that is not an object': { clientDataJSON: () => 'null' },
  'empty client data': { clientDataJSON: () => '' },
}

test.each(Object.entries(wrongs))('an assertion with %s is refused', async (_name, wrong) => {
  const app = await startApp(https)
  const { device, guest } = await keptGuest(app)
  const visitor = app.browser()
  const unkept = await visitor.signIn()
  await expectFailed(app, () => authenticate(visitor, device, wrong))
  // Both guests can go on.
  expect((await visitor.get('/guest/userinfo')).body.sub).toBe(unkept.sub)
  await expectSignedIn(authenticate(visitor, device), guest.sub)
})

test('a passkey that lost its backup eligibility is refused; one that lost only its backup signs in', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app, { synced: true })
  await expectFailed(app, () =>
    authenticate(app.browser(), device, { backupEligible: false, backupState: false }),
  )
  await expectSignedIn(authenticate(app.browser(), device, { backupState: false }), guest.sub)
  expect((await browser.get('/guest/userinfo')).body.recoverability).toBe('passkey')
  await expectSignedIn(authenticate(app.browser(), device), guest.sub)
  expect((await browser.get('/guest/userinfo')).body.recoverability).toBe('synced')
})

test('a sign-in in a frame is accepted only under a page whose origin is in topOrigins', async () => {
  const app = await startApp({ ...https, topOrigins: ['https://portal.example'] })
  const { device, guest } = await keptGuest(app)
  const framed = { crossOrigin: true, topOrigin: 'https://portal.example' }
  await expectFailed(app, () => authenticate(app.browser(), device, { crossOrigin: true }))
  await expectFailed(app, () => authenticate(app.browser(), device, { ...framed, crossOrigin: false }))
  await expectFailed(app, () =>
    authenticate(app.browser(), device, { ...framed, topOrigin: 'https://portal.example.evil' }),
  )
  await expectSignedIn(authenticate(app.browser(), device, framed), guest.sub)
})

test("an assertion with another guest's user handle or credential id is refused", async () => {
  const app = await startApp()
  const [mine, theirs] = [await keptGuest(app), await keptGuest(app)]
  const { userHandle } = theirs.device.credentials[0]!
  await expectFailed(app, () => authenticate(app.browser(), mine.device, { userHandle }))
  await expectFailed(app, () =>
    authenticate(app.browser(), mine.device, { responseId: theirs.passkeyId, userHandle }),
  )
  await expectFailed(app, () => authenticate(app.browser(), mine.device, { responseId: theirs.passkeyId }))
})

test('an assertion with the id of another passkey is refused, even of the same guest', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  const second = app.device()
  const { body } = await browser.addPasskey(second)
  await expectFailed(app, () => authenticate(app.browser(), device, { responseId: body.passkey.id }))
  await expectSignedIn(authenticate(app.browser(), second), guest.sub)
})

test.each<[string, (app: TestApp, browser: Browser) => Promise<string>]>([
  ['that the server never made', async () => randomBytes(32).toString('base64url')],
  [
    'of another deployment',
    async ({ origin }) => (await askToSignIn((await startApp({ origin })).browser())).challenge,
  ],
  ['for registering', async (_app, browser) => (await askToRegister(browser)).challenge],
  ['for a new guest to register', async (app) => (await askToRegister(app.browser())).challenge],
  [
    'of another guest',
    async (app) => {
      const other = app.browser()
      await other.signIn()
      return (await askToSignIn(other)).challenge
    },
  ],
  [
    "of another guest's step-up",
    async (app) => (await askToSignIn((await keptGuest(app)).browser, { stepUp: true })).challenge,
  ],
  ['with padding', async (_app, browser) => `${(await askToSignIn(browser)).challenge}=`],
])('an assertion with a challenge %s is refused', async (_name, challengeOf) => {
  const app = await startApp(https)
  const { device } = await keptGuest(app)
  const visitor = app.browser()
  await visitor.signIn()
  const challenge = await challengeOf(app, visitor)
  await expectFailed(app, () => authenticate(visitor, device, { challenge }))
})

test('an assertion with one bit of its challenge changed is refused', async () => {
  const app = await startApp()
  const { device } = await keptGuest(app)
  const before = await tables(app.store)
  const visitor = app.browser()
  const options = await askToSignIn(visitor)
  const bytes = Buffer.from(options.challenge, 'base64url').length
  for (let byte = 0; byte < bytes; byte++) {
    const challenge = flipBit(options.challenge, byte, byte % 8)
    const refused = await sendAssertion(visitor, await device.get(options, { challenge }))
    expect(refused.body.code, `byte ${byte}`).toBe('authentication_failed')
  }
  expect(await tables(app.store)).toEqual(before)
})

test('a challenge is valid for challengeSeconds, and not a second longer', async () => {
  const app = await startApp({ challengeSeconds: 300 })
  const { device, guest } = await keptGuest(app)
  const visitor = app.browser()
  const [inTime, late] = [await askToSignIn(visitor), await askToSignIn(visitor)]
  app.clock.forward(299)
  await expectSignedIn(sendAssertion(app.browser(), await device.get(inTime)), guest.sub)
  app.clock.forward(1)
  const proof = await device.get(late)
  await expectFailed(app, () => sendAssertion(visitor, proof))
})

test('an assertion signs in once: a replay is refused, in the same browser and in another', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  const proof = await device.get(await askToSignIn(browser))
  await expectSignedIn(sendAssertion(browser, proof), guest.sub)
  await expectFailed(app, () => sendAssertion(browser, proof))
  await expectFailed(app, () => sendAssertion(app.browser(), proof))
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
})

test('a failed assertion does not use up its challenge', async () => {
  const app = await startApp()
  const { device, guest } = await keptGuest(app)
  const options = await askToSignIn(app.browser())
  const wrong = await device.get(options, { badSignature: 'wrong' })
  await expectFailed(app, () => sendAssertion(app.browser(), wrong))
  await expectSignedIn(sendAssertion(app.browser(), await device.get(options)), guest.sub)
})

test('a removed passkey signs nobody in', async () => {
  const app = await startApp()
  const { browser, device, passkeyId } = await keptGuest(app)
  await browser.addPasskey(app.device())
  expect((await browser.delete(`/guest/passkeys/${passkeyId}`)).status).toBe(204)
  await expectFailed(app, () => authenticate(app.browser(), device))
})

test('a sign-in is for the guest of the passkey, whatever guest the body names', async () => {
  const app = await startApp()
  const [mine, victim] = [await keptGuest(app), await keptGuest(app)]
  const proof = await mine.device.get(await askToSignIn(app.browser()))
  const hinted = { ...proof, sub: victim.guest.sub, response: { ...proof.response, sub: victim.guest.sub } }
  await expectSignedIn(sendAssertion(app.browser(), hinted), mine.guest.sub)
})

test('a counter that went back is refused, emits an event and is logged; a higher one still signs in', async () => {
  const app = await startApp()
  const told: GuestEvents['passkey.counter_regressed'][] = []
  app.guests.on('passkey.counter_regressed', (event) => told.push(event))
  const { device, guest, passkeyId } = await keptGuest(app, { counter: 'increasing' })
  const signIn = (signCount: number) => authenticate(app.browser(), device, { signCount })
  await expectSignedIn(signIn(5), guest.sub)
  for (const signCount of [4, 5, 1, 0]) await expectFailed(app, () => signIn(signCount))
  expect(told).toEqual(Array(4).fill({ anonymous_id: guest.sub, passkey_id: passkeyId }))
  expect(app.logs.filter(({ level }) => level === 'warn')).toHaveLength(4)
  await expectSignedIn(signIn(6), guest.sub)
  await expectSignedIn(signIn(2 ** 32 - 1), guest.sub)
  expect(told).toHaveLength(4)
})

test.each([
  ['became', false, { backupEligible: true }],
  ['is no longer', true, { backupEligible: false, backupState: false }],
])(
  'a passkey that %s backup eligible is refused each time, and the host is told',
  async (_, synced, wrong) => {
    const app = await startApp()
    const told: GuestEvents['passkey.backup_eligibility_changed'][] = []
    app.guests.on('passkey.backup_eligibility_changed', (event) => told.push(event))
    const { browser, device, guest, passkeyId } = await keptGuest(app, { synced })
    for (let i = 0; i < 2; i++) await expectFailed(app, () => authenticate(app.browser(), device, wrong))
    expect(told).toEqual(Array(2).fill({ anonymous_id: guest.sub, passkey_id: passkeyId }))
    expect(app.logs.filter(({ level }) => level === 'warn')).toHaveLength(2)
    // Only a passkey that proves itself says anything about the guest's passkey.
    await expectFailed(app, () => authenticate(app.browser(), device, { ...wrong, badSignature: 'wrong' }))
    await expectFailed(app, () => authenticate(app.browser(), device, { ...wrong, userHandle: undefined }))
    expect(told).toHaveLength(2)
    // Nothing is locked: the passkey as it was signs in, and so does another one.
    await expectSignedIn(authenticate(app.browser(), device), guest.sub)
    const other = app.device()
    expect((await browser.addPasskey(other)).status).toBe(201)
    await expectSignedIn(authenticate(app.browser(), other), guest.sub)
  },
)

test('a counter with a wrong signature is ignored', async () => {
  const app = await startApp()
  const told: unknown[] = []
  app.guests.on('passkey.counter_regressed', (event) => told.push(event))
  const { device, guest } = await keptGuest(app, { counter: 'increasing' })
  await expectSignedIn(authenticate(app.browser(), device, { signCount: 5 }), guest.sub)
  for (const signCount of [1, 1000]) {
    await expectFailed(app, () => authenticate(app.browser(), device, { signCount, badSignature: 'wrong' }))
  }
  expect(told).toEqual([])
  await expectSignedIn(authenticate(app.browser(), device, { signCount: 6 }), guest.sub)
})

test('a passkey that begins to count may not go back to 0', async () => {
  const app = await startApp()
  const { device, guest } = await keptGuest(app)
  await expectSignedIn(authenticate(app.browser(), device, { signCount: 0 }), guest.sub)
  await expectSignedIn(authenticate(app.browser(), device, { signCount: 3 }), guest.sub)
  await expectFailed(app, () => authenticate(app.browser(), device, { signCount: 0 }))
})

/** All that a client can see of an answer. */
const seen = ({ status, headers, text }: Response) => {
  const { date: _date, ...rest } = headers as Record<string, string>
  return { status, headers: rest, text }
}

test('an unknown credential, a bad signature and every other fault get the same body and headers', async () => {
  const app = await startApp(https)
  const known = await keptGuest(app, { counter: 'increasing' })
  const removed = await keptGuest(app)
  await removed.browser.delete(`/guest/passkeys/${removed.passkeyId}?force=true`)
  const refused = (device: SoftwareAuthenticator, wrong?: Misbehaviour) =>
    expectFailed(app, () => authenticate(app.browser(), device, wrong))
  const unknown = seen(await refused(removed.device))
  expect(unknown.headers['www-authenticate']).toBe('Bearer')
  for (const wrong of [
    { badSignature: 'wrong' },
    { badSignature: 'malformed-der' },
    { userHandle: undefined },
    { challenge: 'AAAA' },
    { signCount: 0 },
    { backupEligible: true },
    { origin: 'https://evil.example' },
  ] satisfies Misbehaviour[]) {
    expect(seen(await refused(known.device, wrong)), JSON.stringify(wrong)).toEqual(unknown)
  }
})

test('an unknown credential takes about as long as a bad signature', async () => {
  const app = await startApp()
  const { device } = await keptGuest(app)
  const visitor = app.browser()
  const options = await askToSignIn(visitor)
  const proofs = {
    bad: await device.get(options, { badSignature: 'wrong' }),
    unknown: await device.get(options, {
      badSignature: 'wrong',
      responseId: randomBytes(32).toString('base64url'),
    }),
  }
  const times = { bad: [] as number[], unknown: [] as number[] }
  for (let round = 0; round < 300; round++) {
    for (const kind of ['bad', 'unknown'] as const) {
      const start = performance.now()
      await sendAssertion(visitor, proofs[kind])
      times[kind].push(performance.now() - start)
    }
  }
  // The first quartile leaves out times that other load has lengthened. Without the verification an unknown credential
  // takes about half the time.
  const usual = (values: number[]) => values.toSorted((a, b) => a - b)[values.length / 4]!
  expect(usual(times.unknown) / usual(times.bad)).toBeGreaterThan(0.7)
  expect(usual(times.unknown) / usual(times.bad)).toBeLessThan(1.4)
})

test('signing in to another guest ends the session before, and names the previous guest', async () => {
  const app = await startApp()
  const signedIn: GuestEvents['guest.signed_in'][] = []
  app.guests.on('guest.signed_in', (event) => signedIn.push(event))
  const { browser, device, guest } = await keptGuest(app)
  const unkept = app.browser()
  const left = await unkept.signIn()
  for (const [visitor, previous] of [
    [unkept, left],
    [(await keptGuest(app)).browser, undefined],
  ] as const) {
    const { anonymous_id, label, collection, recoverability } =
      previous ?? (await visitor.get('/guest/userinfo')).body
    const copy = copyOf(app, visitor)
    const answer = await expectSignedIn(visitor.signInWithPasskey(device), guest.sub)
    expect(answer.body.previous).toEqual({ anonymous_id, label, collection, recoverability })
    // A guest who could not come back is merged at once; for the other one the merge is offered.
    expect(answer.body).toMatchObject({ ticket: expect.any(String), ...(previous && { merged: true }) })
    if (!previous) expect(answer.body).not.toHaveProperty('merged')
    expect(signedIn.at(-1)).toMatchObject({ method: 'passkey', previous: answer.body.previous })
    const code = previous ? 'guest_merged' : 'session_invalid'
    await expectRefusal(app, () => copy.get('/guest/userinfo'), 401, code)
    await expectRefusal(app, () => copy.post('/guest/sign-in'), 401, code)
  }
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
})

test('signing in to the same guest again, or with nobody signed in, names no previous guest', async () => {
  const app = await startApp()
  const signedIn: GuestEvents['guest.signed_in'][] = []
  app.guests.on('guest.signed_in', (event) => signedIn.push(event))
  const { browser, device, guest } = await keptGuest(app)
  for (const visitor of [browser, app.browser()]) {
    const answer = await expectSignedIn(visitor.signInWithPasskey(device), guest.sub)
    expect(answer.body).not.toHaveProperty('previous')
    expect(signedIn.at(-1)).not.toHaveProperty('previous')
  }
})

test('a session that has ended does not prevent a sign-in', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  const old = copyOf(app, browser)
  await browser.post('/guest/sign-out')
  const answer = await expectSignedIn(old.signInWithPasskey(device), guest.sub)
  expect(answer.body).not.toHaveProperty('previous')
  expect((await old.get('/guest/userinfo')).body.sub).toBe(guest.sub)
})

test('a step-up accepts only a passkey of the guest who is signed in', async () => {
  const app = await startApp()
  const [mine, other] = [await keptGuest(app), await keptGuest(app)]
  const options = await askToSignIn(mine.browser, { stepUp: true })
  const { challenge } = options
  const foreign = await other.device.get(await askToSignIn(other.browser), { challenge })
  await expectFailed(app, () => sendAssertion(mine.browser, foreign))
  await expectFailed(app, () => sendAssertion(other.browser, foreign))
  const own = await mine.device.get(options)
  await expectFailed(app, () => sendAssertion(app.browser(), own))
  await expectFailed(app, () => sendAssertion(other.browser, own))
  await expectSignedIn(sendAssertion(mine.browser, own), mine.guest.sub)
})

test('a step-up needs no user handle, but refuses that of another guest', async () => {
  const app = await startApp()
  const [mine, other] = [await keptGuest(app), await keptGuest(app)]
  const prove = async (wrong: Misbehaviour) =>
    sendAssertion(
      mine.browser,
      await mine.device.get(await askToSignIn(mine.browser, { stepUp: true }), wrong),
    )
  const { userHandle } = other.device.credentials[0]!
  await expectFailed(app, () => prove({ userHandle }))
  await expectSignedIn(prove({ userHandle: undefined }), mine.guest.sub)
})

test('a step-up in a session that has ended is refused as session_invalid', async () => {
  const app = await startApp()
  const { browser } = await keptGuest(app)
  const old = copyOf(app, browser)
  await browser.post('/guest/sign-out')
  await expectRefusal(
    app,
    () => old.post('/guest/passkeys/authenticate/options', { step_up: true }),
    401,
    'session_invalid',
  )
})

test('a sign-in is refused while the guest has sessions.max sessions, and accepted once one has ended', async () => {
  const app = await startApp({ sessions: { max: 3 } })
  const { browser, device, guest } = await keptGuest(app)
  const [second, third, fourth] = [app.browser(), app.browser(), app.browser()]
  await expectSignedIn(second.signInWithPasskey(device), guest.sub)
  await expectSignedIn(third.signInWithPasskey(device), guest.sub)
  await expectRefusal(app, () => authenticate(fourth, device), 409, 'too_many_sessions')
  await expectSignedIn(third.signInWithPasskey(device), guest.sub) // it replaces its own session
  expect((await browser.post('/guest/sign-out')).status).toBe(204)
  await expectSignedIn(fourth.signInWithPasskey(device), guest.sub)
})

test('expired sessions do not count for sessions.max', async () => {
  const app = await startApp({ sessions: { max: 1, idleSeconds: 1000 } })
  const { device, guest } = await keptGuest(app)
  await expectRefusal(app, () => authenticate(app.browser(), device), 409, 'too_many_sessions')
  app.clock.forward(1000)
  await expectSignedIn(authenticate(app.browser(), device), guest.sub)
})

test('last_used_at is the time of the last successful sign-in with a passkey', async () => {
  const app = await startApp()
  const { browser, device, passkeyId } = await keptGuest(app)
  const lastUsed = async () => (await browser.get(`/guest/passkeys/${passkeyId}`)).body.last_used_at
  expect(await lastUsed()).toBeNull()
  app.clock.forward(60)
  await authenticate(app.browser(), device, { badSignature: 'wrong' })
  expect(await lastUsed()).toBeNull()
  await authenticate(app.browser(), device)
  expect(await lastUsed()).toBe(Math.floor(app.clock.now() / 1000))
})

test('an assertion is verified only as that of the credential that it names', async () => {
  const app = await startApp()
  const { browser, device, passkeyId } = await keptGuest(app)
  const options = await askToSignIn(browser)
  const response = await device.get(options)
  const [{ public_key }] = (await rowsOf(app, 'passkeys')) as [{ public_key: string }]
  const expected = {
    challenge: options.challenge,
    origins: [app.origin],
    rpId: 'localhost',
    topOrigins: [],
    requireUserVerification: true,
  }
  const verify = (id: string) => verifyAssertion(response, { id, publicKey: public_key }, expected)
  expect(await verify(passkeyId)).toMatchObject({ signCount: expect.any(Number) })
  await expect(verify('another')).rejects.toThrow('response.id is not the credential')
})

test('the options of both ceremonies expire when their challenge does', async () => {
  const app = await startApp({ challengeSeconds: 77 })
  const browser = app.browser()
  expect((await askToSignIn(browser)).timeout).toBe(77_000)
  expect((await askToRegister(browser)).timeout).toBe(77_000)
})

test('an assertion that is refused for another reason tells nobody of a counter that went back', async () => {
  const app = await startApp()
  const told: unknown[] = []
  app.guests.on('passkey.counter_regressed', (event) => told.push(event))
  const { device } = await keptGuest(app)
  const proof = await device.get(await askToSignIn(app.browser()))
  expect((await sendAssertion(app.browser(), proof)).status).toBe(200)
  await expectFailed(app, () => sendAssertion(app.browser(), proof))
  expect(told).toEqual([])
  expect(app.logs.filter(({ level }) => level === 'warn')).toEqual([])
})

test.each([
  { purpose: 'register', anonymousId: 'guest', sessionId: 's', userHandle: undefined, conditional: false },
  { purpose: 'register_device_key', anonymousId: 'guest', sessionId: 's' },
  { purpose: 'device_key_sign_in' },
] as const)('an assertion for the challenge of another ceremony is refused: $purpose', async (wanted) => {
  const origin = 'https://app.example'
  const keys = deriveKeys('a secret of more than 32 characters')
  const device = new SoftwareAuthenticator({ origin })
  const rp = { id: 'app.example', name: 'App' }
  const registered = await device.create({
    ...{ challenge: 'AAAA', rp, user: { id: 'AAAA', name: 'fox', displayName: 'fox' } },
    pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
    authenticatorSelection: { residentKey: 'required' },
  })
  const config = {
    ...{ origins: [origin], appOrigins: [], ceremonyOrigins: [origin], topOrigins: [], rpId: rp.id },
    challengeSeconds: 300,
  }
  const expected = { ...config, challenge: 'AAAA', requireUserVerification: true }
  const { publicKey } = await verifyRegistration(registered, expected)
  const passkey = {
    ...{ anonymousId: 'guest', credentialId: registered.id, publicKey },
    ...{ userHandle: 'AAAA', backupEligible: false },
  }
  const store = { findPasskey: async () => passkey }
  const ctx = { now: () => 1000, keys, keyring: [keys], config, store } as unknown as Context
  const challenge = Buffer.from(newChallenge(ctx, wanted)).toString('base64url')
  const proof = await device.get({ challenge, rpId: rp.id })
  await expect(signInByPasskey(ctx, undefined, proof)).rejects.toMatchObject({
    code: 'authentication_failed',
    reason: 'challenge of another purpose',
  })
})
