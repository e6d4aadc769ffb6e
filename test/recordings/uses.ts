// Uses of recorded things: cookies, tokens, codes and passkeys.

import { expect } from 'vitest'
import type { Node } from './deployment.ts'
import { deviceOf, type Passkey, type Use } from './story.ts'
import type { Visitor } from './visitor.ts'

export const isRead = ({ steps }: Use): boolean => steps.every(({ method }) => method === 'GET')

/** Responses that differ on purpose since the recording. */
const answersNow: Record<string, { status: number; body: object }> = {
  // A merge offer of 0.5.0 does not say when the passkey was used. That counts for five minutes, so it is asked again.
  'the ticket of a merge that is offered': {
    status: 401,
    body: { code: 'insufficient_user_authentication' },
  },
}

/** Does what was recorded, and expects the same answers. */
export async function expectUse(node: Node, { name, cookies, steps }: Use): Promise<void> {
  const visitor = cookies ? node.browser(cookies) : node.program()
  for (const { expects: recorded, ...question } of steps) {
    const expects: (typeof steps)[number]['expects'] = answersNow[name] ?? recorded
    const { status, body, text, headers } = await visitor.ask(question)
    expect(status, `${name}: ${text}`).toBe(expects.status)
    if (expects.body !== undefined) expect(body, name).toMatchObject(expects.body as object)
    if (expects.headers) expect(headers, name).toMatchObject(expects.headers)
    if (expects.cookies) expect(visitor.jar, name).toMatchObject(expects.cookies)
    if (expects.location) expect(headers.location, name).toContain(expects.location)
  }
}

/** Signs in with a recorded passkey. Returns the last answer. */
export async function signIn(browser: Visitor, passkey: Passkey) {
  const { body } = await browser.post('/guest/passkeys/authenticate/options')
  const json = await deviceOf(passkey).get(body)
  return browser.ask({ method: 'POST', path: '/guest/passkeys/authenticate', json })
}
