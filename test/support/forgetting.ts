// Guests who are forgotten soon, and an app that forgets them.

import { expect } from 'vitest'
import { z } from 'zod'
import type { Options } from '../../server/index.ts'
import { type Browser, startApp, type TestApp } from './app.ts'
import { expectRefusal } from './refusals.ts'
import { secret } from './tokens.ts'

export const hour = 60 * 60
export const day = 24 * hour
export const profile = z.object({ nickname: z.string(), note: z.string() })
export const retention = {
  ...{ none: 20 * day, passkey: 100 * day, synced: 200 * day },
  ...{ warnSeconds: 10 * day, graceSeconds: 30 * day },
}
/** How much later than due the clean-up acts, so that a clock that is ahead does nothing early. */
export const margin = hour

export const forgetful: Partial<Options> = {
  secret,
  profile,
  retention,
  sessions: { absoluteSeconds: 1000 * day },
}
export const start = (options: Partial<Options> = {}) => startApp({ ...forgetful, ...options })

export const whoIs = async (browser: Browser) => (await browser.get('/guest/userinfo')).body
export const give = (browser: Browser, nickname = 'Fox') =>
  browser.patch('/guest/profile', { attributes: { nickname } })

export async function sealedGuest(app: TestApp) {
  const browser = app.browser()
  return { browser, guest: await browser.signIn() }
}

/** A kept guest without a passkey. */
export async function keptGuest(app: TestApp) {
  const { browser, guest } = await sealedGuest(app)
  expect((await give(browser)).status).toBe(200)
  return { browser, guest }
}

export const expectDead = (app: TestApp, browser: Browser) =>
  expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'session_invalid')
