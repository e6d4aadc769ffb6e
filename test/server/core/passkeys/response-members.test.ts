// Every member of the two responses of a browser, absent, null, empty and unknown (WebAuthn Level 3, 5.1, 5.2.1). The
// authenticator has the passkey already, so what does not matter to the proof must not refuse it.

import { describe, expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  keptGuest,
  sendAssertion,
  sendRegistration,
} from '../../../support/ceremonies.ts'

type Json = Record<string, unknown>
const absent = Symbol('absent')

/** The response with another value for one member; `at` is its path. */
function withMember(response: object, at: string, value: unknown): Json {
  const changed = structuredClone(response) as Json
  const names = at.split('.')
  const last = names.pop()!
  const parent = names.reduce((of, name) => of[name] as Json, changed)
  if (value === absent) delete parent[last]
  else parent[last] = value
  return changed
}

/** [member, value] */
type Case = [string, unknown]
const inBoth: Case[] = [
  ...[absent, null, '', 'hybrid', 'platform', 'cross-platform', 'on the moon'].map(
    (value): Case => ['authenticatorAttachment', value],
  ),
  ...[absent, null, {}, { appid: false, largeBlob: { supported: true }, 'made.up': [1] }].map(
    (value): Case => ['clientExtensionResults', value],
  ),
  ...[null, '', 'a', { of: ['depth'] }].map((value): Case => ['madeUp', value]),
  ...[null, '', 'a', { of: ['depth'] }].map((value): Case => ['response.madeUp', value]),
]

const inRegistration: Case[] = [
  ...inBoth,
  ...[null, {}, { rk: null }, { rk: 'yes' }, { rk: true, more: 1 }, 'yes', []].map(
    (credProps): Case => ['clientExtensionResults', { credProps }],
  ),
  ...[absent, null, '', 'AAAA'].map((value): Case => ['response.authenticatorData', value]),
  ...[absent, null, '', 'AAAA'].map((value): Case => ['response.publicKey', value]),
  ...[absent, null, 0, -65535, 'ES256'].map((value): Case => ['response.publicKeyAlgorithm', value]),
]

const inAuthentication: Case[] = [
  ...inBoth,
  ...[null, '', 'AAAA'].map((value): Case => ['response.attestationObject', value]),
]

describe('a registration', () => {
  test.each(inRegistration)('is accepted with %s: %o', async (at, value) => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    const proof = await app.device().create(await askToRegister(browser))
    const { status, text } = await sendRegistration(browser, withMember(proof, at, value) as never)
    expect(status, text).toBe(201)
  })

  test.each<[unknown, string[]]>([
    [absent, []],
    [null, []],
    [[], []],
    [[''], []],
    [['internal', ''], ['internal']],
    [['telepathy'], ['telepathy']],
    ['usb', []],
    [
      ['usb', 'smart-card', 'quantum_2', 'USB'],
      ['usb', 'smart-card', 'quantum_2', 'USB'],
    ],
    [['two words', 'ümläut', 'a'.repeat(33), null, 1, {}, 'nfc'], ['nfc']],
    [Array.from({ length: 20 }, (_, i) => `t${i}`), Array.from({ length: 16 }, (_, i) => `t${i}`)],
  ])('with the transports %o keeps %o', async (transports, kept) => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    const device = app.device()
    const proof = await device.create(await askToRegister(browser))
    const sent = withMember(proof, 'response.transports', transports) as never
    const { status, body } = await sendRegistration(browser, sent)
    expect(status).toBe(201)
    expect(body.passkey.transports).toEqual(kept)
    const { allowCredentials, excludeCredentials } = {
      ...(await askToSignIn(browser, { stepUp: true })),
      ...(await askToRegister(browser)),
    }
    for (const [listed] of [allowCredentials!, excludeCredentials!])
      expect(listed?.transports ?? []).toEqual(kept)
    expect((await browser.signInWithPasskey(device)).status).toBe(200)
  })

  test.each<Case>([
    ...[absent, null, '', 1, {}].map((value): Case => ['id', value]),
    ...[absent, null, 'AAAA'].map((value): Case => ['rawId', value]),
    ...[absent, null, '', 'private-key'].map((value): Case => ['type', value]),
    ...[absent, null, ''].map((value): Case => ['response', value]),
    ...[absent, null, '', 'AAAA'].map((value): Case => ['response.clientDataJSON', value]),
    ...[absent, null, '', 'AAAA'].map((value): Case => ['response.attestationObject', value]),
    ['clientExtensionResults', { credProps: { rk: false } }],
  ])('is refused with %s: %o, which its proof needs', async (at, value) => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    const proof = await app.device().create(await askToRegister(browser))
    const { status } = await sendRegistration(browser, withMember(proof, at, value) as never)
    expect(status).toBe(400)
  })
})

describe('an authentication', () => {
  test.each(inAuthentication)('is accepted with %s: %o', async (at, value) => {
    const app = await startApp()
    const { device, guest } = await keptGuest(app)
    const browser = app.browser()
    const proof = await device.get(await askToSignIn(browser))
    const { status, body, text } = await sendAssertion(browser, withMember(proof, at, value) as never)
    expect(status, text).toBe(200)
    expect(body.sub).toBe(guest.sub)
    const isElsewhere = at === 'authenticatorAttachment' && value === 'cross-platform'
    expect(body.offer_passkey).toBe(isElsewhere ? true : undefined)
  })

  test.each([absent, null, ''])('of a step-up is accepted with the user handle %o', async (value) => {
    const app = await startApp()
    const { browser, device } = await keptGuest(app)
    const proof = await device.get(await askToSignIn(browser, { stepUp: true }))
    const sent = withMember(proof, 'response.userHandle', value) as never
    expect((await sendAssertion(browser, sent)).status).toBe(200)
  })

  test.each<Case>([
    ...[absent, null, '', 'AAAA'].map((value): Case => ['response.userHandle', value]),
    ...[absent, null, '', 'AAAA'].map((value): Case => ['id', value]),
    ...[absent, null, '', 'private-key'].map((value): Case => ['type', value]),
    ...[absent, null, ''].map((value): Case => ['response', value]),
    ...[absent, null, '', 'AAAA'].map((value): Case => ['response.clientDataJSON', value]),
    ...[absent, null, '', 'AAAA'].map((value): Case => ['response.authenticatorData', value]),
    ...[absent, null, '', 'AAAA'].map((value): Case => ['response.signature', value]),
  ])('is refused with %s: %o, which its proof needs', async (at, value) => {
    const app = await startApp()
    const { device } = await keptGuest(app)
    const browser = app.browser()
    const proof = await device.get(await askToSignIn(browser))
    const { status } = await sendAssertion(browser, withMember(proof, at, value) as never)
    expect(status).toBeOneOf([400, 401])
  })
})
