// Ways in, as a test opens and uses them: the operators' API on one side, the guest's browser on the other.

import { expect } from 'vitest'
import type { Options } from '../../server/index.ts'
import type { Browser, TestApp } from './app.ts'
import type { SoftwareAuthenticator } from './authenticator.ts'
import { day } from './merging.ts'
import { admin, join, prove, type TestOperator, why } from './operators.ts'
import { anotherNode, startTokenApp } from './tokens.ts'

/** With ways in, which open after a day. */
export const operators = { wayIn: {} }

/** A deployment with one owner, or with another one who was there long before. */
export async function start({ owners = 1, ...more }: Partial<Options> & { owners?: number } = {}) {
  const app = await startTokenApp({ operators, ...more })
  const node = await anotherNode(app, { operators, ...more })
  const owner = await join(app, 'owner')
  const other = owners > 1 ? await join(app, 'owner', 'other') : undefined
  await later(app, day + 1, owner, other)
  return { app, node, owner, other: other! }
}

/** Lets time pass, after which these operators sign in again. */
export async function later(app: TestApp, seconds: number, ...who: (TestOperator | undefined)[]) {
  app.clock.forward(seconds)
  for (const one of who) if (one) await signInAgain(one)
}

async function signInAgain({ browser, device }: TestOperator) {
  const { status, text } = await prove(browser, device)
  expect(status, text).toBe(200)
}

/** Asks the operators' API to do this to a guest. */
export const act = (
  { browser }: TestOperator,
  { sub }: { sub: string },
  path: string,
  more: Record<string, string> = {},
) => browser.post(`${admin}/guests/${sub}/${path}`, { ...why, ...more })

/** Looks at the guest, and approves the way in that it has. */
export async function approve(by: TestOperator, guest: { sub: string }) {
  const { body } = await by.browser.get(`${admin}/guests/${guest.sub}`)
  return act(by, guest, 'way-in/approve', { way_in: body.way_in?.id ?? 'none' })
}

/** Opens a way in. Returns its code. */
export async function open(by: TestOperator, guest: { sub: string }): Promise<string> {
  const { status, body, text } = await act(by, guest, 'way-in')
  expect(status, text).toBe(201)
  return body.code
}

/** Comes in by a code with this device. Returns the answer to the last step. */
export async function enter(browser: Browser, device: SoftwareAuthenticator, code: string) {
  const options = await browser.post('/guest/way-in/options', { code })
  if (options.status !== 200) return options
  return browser.post('/guest/way-in', await device.create(options.body))
}
