// The two ceremonies step by step, for tests that go wrong somewhere in them.

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { Browser, TestApp } from './app.ts'
import type { AuthenticatorOptions, Misbehaviour, SoftwareAuthenticator } from './authenticator.ts'

export async function askToRegister(
  browser: Browser,
  { conditional = false } = {},
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { status, body, text } = await browser.post(
    '/guest/passkeys/register/options',
    conditional ? { conditional } : {},
  )
  expect(status, text).toBe(200)
  return body
}

export async function askToSignIn(
  browser: Browser,
  { stepUp = false } = {},
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const asked = await browser.post('/guest/passkeys/authenticate/options', stepUp ? { step_up: true } : {})
  expect(asked.status, asked.text).toBe(200)
  return asked.body
}

export const sendRegistration = (browser: Browser, proof: RegistrationResponseJSON): Promise<Response> =>
  browser.post('/guest/passkeys/register', proof)

export const sendAssertion = (browser: Browser, proof: AuthenticationResponseJSON): Promise<Response> =>
  browser.post('/guest/passkeys/authenticate', proof)

/** Runs the whole registration with one thing wrong. */
export const register = async (browser: Browser, device: SoftwareAuthenticator, wrong?: Misbehaviour) =>
  sendRegistration(browser, await device.create(await askToRegister(browser), wrong))

/** Runs the whole sign-in with one thing wrong. */
export const authenticate = async (browser: Browser, device: SoftwareAuthenticator, wrong?: Misbehaviour) =>
  sendAssertion(browser, await device.get(await askToSignIn(browser), wrong))

/** A guest with a passkey: the browser is signed in, the device holds the passkey. */
export async function keptGuest(app: TestApp, options: Partial<AuthenticatorOptions> = {}) {
  const browser = app.browser()
  const device = app.device(options)
  const guest = await browser.signIn()
  const added = await browser.addPasskey(device)
  expect(added.status, added.text).toBe(201)
  return { browser, device, guest, passkeyId: added.body.passkey.id as string }
}

/** Another browser with a copy of this one's cookies. */
export function copyOf(app: Pick<TestApp, 'browser'>, browser: Browser): Browser {
  const copy = app.browser()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

/** The base64url text with one bit of its bytes flipped. */
export function flipBit(text: string, byte: number, bit = 0): string {
  const bytes = Buffer.from(text, 'base64url')
  bytes[byte]! ^= 1 << bit
  return bytes.toString('base64url')
}

/** Mistakes that the server refuses in registrations and in assertions, for a page at https://app.example. */
export const wrongInBoth: Record<string, Misbehaviour> = {
  'no type': { type: '' },
  'the origin over http': { origin: 'http://app.example' },
  'another port': { origin: 'https://app.example:444' },
  'a subdomain': { origin: 'https://sub.app.example' },
  'a look-alike origin behind': { origin: 'https://app.example.evil' },
  'a look-alike origin in front': { origin: 'https://evilapp.example' },
  'an origin in capitals': { origin: 'https://APP.example' },
  'the origin null': { origin: 'null' },
  'a frame of another origin': { crossOrigin: true },
  'a foreign page around the frame': { crossOrigin: true, topOrigin: 'https://evil.example' },
  'its own page around a foreign frame': { crossOrigin: true, topOrigin: 'https://app.example' },
  'a page around no frame': { topOrigin: 'https://evil.example' },
  'the RP ID of another site': { rpId: 'evil.example' },
  'user presence off': { userPresent: false },
  'user verification off': { userVerified: false },
  'both flags off': { userPresent: false, userVerified: false },
  'a backup that was not eligible': { backupEligible: false, backupState: true },
}
