// Operators of a test's app: they join by a real invitation, and sign in with a passkey of a software authenticator.

import supertest from 'supertest'
import { expect } from 'vitest'
import type { OperatorRole, Options } from '../../server/index.ts'
import { type OperatorScope, operatorScopes } from '../../server/options/options.ts'
import { type Browser, startApp, type TestApp } from './app.ts'
import type { SoftwareAuthenticator } from './authenticator.ts'

/** The paths of the API begin with this. */
export const admin = '/guest/admin'

/** What everything that changes something says. */
export const why = { reason: 'test', case: 'T-1' } as const

export type TestOperator = {
  id: string
  name: string
  browser: Browser
  device: SoftwareAuthenticator
}

export const startAdmin = (options: Partial<Options> = {}): Promise<TestApp> =>
  startApp({ operators: {}, ...options })

/** The token in the link of an invitation. */
export const tokenIn = (link: string): string => new URL(link).hash.slice('#invitation='.length)

/** Uses an invitation with this device. Returns the answer to its last step. */
export async function accept(browser: Browser, device: SoftwareAuthenticator, invitation: string) {
  const options = await browser.post(`${admin}/invitations/options`, { invitation })
  if (options.status !== 200) return options
  const passkey = await device.create(options.body)
  return browser.post(`${admin}/invitations/accept`, { invitation, passkey })
}

/** A new operator with a passkey, signed in just now. */
export async function join(app: TestApp, role: OperatorRole, name: string = role): Promise<TestOperator> {
  const { link, id } = await app.guests.operators.add(name, role)
  const browser = app.browser()
  const device = app.device()
  const { status, text } = await accept(browser, device, tokenIn(link))
  expect(status, text).toBe(201)
  return { id, name, browser, device }
}

/** Signs an operator in, or proves the passkey again. Returns the answer to the last step. */
export async function prove(browser: Browser, device: SoftwareAuthenticator, path = '/sign-in') {
  const options = await browser.post(`${admin}${path}/options`)
  if (options.status !== 200) return options
  return browser.post(`${admin}${path}`, await device.get(options.body))
}

export const stepUp = ({ browser, device }: TestOperator) => prove(browser, device, '/step-up')

/** The lines of the audit trail that operators wrote, the latest first. */
export const linesOf = async (app: TestApp, action?: string) =>
  (await app.guests.auditTrail({ limit: 1000 })).filter(
    (line) => line.operator && (action === undefined || line.action === action),
  )

/** The status and the code of a refusal, such as `401 session_invalid`. */
export const refusal = ({ status, body }: { status: number; body: { type?: string } }): string =>
  `${status} ${body.type?.split(':').at(-1)}`

const secret = 'the secret of a machine, of 32 characters and more'

/** Machines: one for each scope, and one with none. Give these to `startAdmin`. */
export const machines = [
  ...operatorScopes.map((scope) => ({ id: scope.replace(':', '-'), scopes: [scope] })),
  { id: 'backend', scopes: ['read'] },
].map((one) => ({ ...one, kind: 'confidential' as const, secret }))

/** Asks for a token of a machine (RFC 6749, 4.4). */
export const askMachineToken = (app: TestApp, id: string, more: Record<string, string> = {}) =>
  supertest(app.server)
    .post('/guest/token')
    .type('form')
    .send({ grant_type: 'client_credentials', client_id: id, client_secret: secret, ...more })

/** The access token of a machine with this scope. */
export async function machineToken(app: TestApp, scope: OperatorScope): Promise<string> {
  const { status, body, text } = await askMachineToken(app, scope.replace(':', '-'))
  expect(status, text).toBe(200)
  return body.access_token
}
