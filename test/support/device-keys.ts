// Device keys step by step, in a browser or by tokens, for tests that go wrong somewhere in them.

import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { Browser, TestApp } from './app.ts'
import { type About, DeviceKey, type Kind, type Wrong } from './device-key.ts'

/** What a proof for this app is about. The challenge is requested in this browser. */
export async function askForChallenge(
  browser: Browser,
  purpose: 'register' | 'sign_in',
  anonymousId: string,
): Promise<About> {
  const asked = await browser.post('/guest/device-keys/challenge', { purpose })
  expect(asked.status, asked.text).toBe(200)
  return { ...asked.body, issuer: browser.origin, anonymousId }
}

export const sendProof = (browser: Browser, proof: string, name?: string): Promise<Response> =>
  browser.post('/guest/device-keys', { proof, ...(name !== undefined && { name }) })

export const sendAssertion = (browser: Browser, assertion: string): Promise<Response> =>
  browser.post('/guest/device-keys/sign-in', { assertion })

const subOf = async (browser: Browser) => (await browser.get('/guest/userinfo')).body.sub as string

/** Runs the whole registration, with the given mistakes. */
export const addDeviceKey = async (browser: Browser, key: DeviceKey, wrong?: Wrong): Promise<Response> =>
  sendProof(
    browser,
    key.registration(await askForChallenge(browser, 'register', await subOf(browser)), wrong),
  )

/** Runs the whole sign-in, with the given mistakes. */
export const signInByDeviceKey = async (
  browser: Browser,
  key: DeviceKey,
  anonymousId: string,
  wrong?: Wrong,
): Promise<Response> =>
  sendAssertion(browser, key.assertion(await askForChallenge(browser, 'sign_in', anonymousId), wrong))

/** A guest with a device key. */
export async function guestWithKey(app: Pick<TestApp, 'browser'>, kind: Kind = 'ES256') {
  const browser = app.browser()
  const guest = await browser.signIn()
  const key = new DeviceKey(kind)
  const added = await addDeviceKey(browser, key)
  expect(added.status, added.text).toBe(201)
  return { browser, guest, key }
}
