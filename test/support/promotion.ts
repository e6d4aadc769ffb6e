// Promotion of guests, as browsers see it: codes that are sent and entered, and our own pages.

import { createHash, randomBytes } from 'node:crypto'
import supertest, { type Response } from 'supertest'
import { expect } from 'vitest'
import type { CodeMessage, Options } from '../../server/index.ts'
import { type Browser, startApp, type TestApp } from './app.ts'

/** Reads all mailboxes and all telephones. */
export function codeBook() {
  const sent: CodeMessage[] = []
  return {
    sent,
    send: (message: CodeMessage) => void sent.push(message),
    codeTo: (value: string): string => sent.findLast((one) => one.value === value)!.code,
  }
}

/** An app whose codes go into a book that the test reads. */
export async function startPromotingApp(
  options: Partial<Options> = {},
  routes?: Parameters<typeof startApp>[1],
) {
  const codes = codeBook()
  const app = await startApp({ ...options, loginIds: { send: codes.send, ...options.loginIds } }, routes)
  return { app, ...codes }
}

type Book = Pick<ReturnType<typeof codeBook>, 'codeTo'>

export const email = (value: string) => ({ type: 'email' as const, value })

/** A code that differs from this one. */
export const not = (code: string) => (code === '000000' ? '000001' : '000000')

/** Asks for a code. Returns the transaction of the code. */
export async function askForCode(
  browser: Browser,
  value: string,
  door: 'promotion/start' | 'sign-in/code/start' = 'promotion/start',
): Promise<string> {
  const type = value.startsWith('+') ? 'phone' : 'email'
  const { status, body, text } = await browser.post(`/guest/${door}`, { type, value })
  expect(status, text).toBe(200)
  return body.transaction
}

/** The guest of this browser enters an address and the code sent to it. Returns the last response. */
export async function promote({ codeTo }: Book, browser: Browser, value: string): Promise<Response> {
  const transaction = await askForCode(browser, value)
  return browser.post('/guest/promotion/verify', { transaction, code: codeTo(value) })
}

/** Signs in with a code. Returns the last response. */
export async function signInByCode({ codeTo }: Book, browser: Browser, value: string): Promise<Response> {
  const transaction = await askForCode(browser, value, 'sign-in/code/start')
  return browser.post('/guest/sign-in/code', { transaction, code: codeTo(value) })
}

/** A regular user with this address. */
export async function promotedUser(promoting: Book & { app: TestApp }, value: string) {
  const browser = promoting.app.browser()
  const guest = await browser.signIn()
  const done = await promote(promoting, browser, value)
  expect(done.status, done.text).toBe(200)
  expect(done.body.sub).toBe(guest.sub)
  return { browser, guest, value }
}

export const loginIdsOf = async (browser: Browser): Promise<{ value: string; primary: boolean }[]> =>
  (await browser.get('/guest/login-ids')).body.login_ids

/** A verifier and its challenge (RFC 7636, 4). */
export function pkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** The authorization request of a client (RFC 6749, 4.1.1). */
export const authorizationOf = (challenge: string, more: Record<string, string> = {}) => ({
  ...{ response_type: 'code', client_id: 'guestkey', redirect_uri: 'https://app.example/back' },
  ...{ state: 'a state', code_challenge: challenge, code_challenge_method: 'S256', ...more },
})

/** A form as a browser sends it from our page. */
export function postForm(
  app: TestApp,
  browser: Browser,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const asked = supertest(app.server)
    .post(path)
    .set({ Origin: app.origin, 'Sec-Fetch-Site': 'same-origin', ...headers })
    .type('form')
  if (browser.cookie) asked.set('Cookie', browser.cookie)
  return asked.send(new URLSearchParams(fields).toString()) as unknown as Promise<Response>
}

const decoded = (text: string) => text.replace(/&#(\d+);/g, (_, sign) => String.fromCharCode(Number(sign)))

/** The value that the page would send in this field. */
export const fieldOf = ({ text }: Response, name: string): string =>
  decoded(new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(text)![1]!)

/** Opens our page with a client's authorization request. Returns the page. */
export const openPage = (browser: Browser, asked: Record<string, string>, mount = ''): Promise<Response> =>
  browser.get(`${mount}/guest/authorize?${new URLSearchParams(asked)}`)

/** Goes from our first page to the URL at which the browser returns to the client, with the response in it. */
export async function throughPages(
  { app, codeTo }: Book & { app: TestApp },
  browser: Browser,
  first: Response,
  value: string,
): Promise<URL> {
  expect(first.status, first.text).toBe(200)
  const request = fieldOf(first, 'request')
  const actionOf = ({ text }: Response) => /<form method="post" action="([^"]+)"/.exec(text)![1]!
  const second = await postForm(app, browser, actionOf(first), { request, type: 'email', value })
  expect(second.status, second.text).toBe(200)
  const back = await postForm(app, browser, actionOf(second), {
    request: fieldOf(second, 'request'),
    transaction: fieldOf(second, 'transaction'),
    value,
    code: codeTo(value),
  })
  expect(back.status, back.text).toBe(303)
  return new URL(back.headers.location!)
}

/** Goes through our pages and back. Returns the authorization code, and the verifier to redeem it with. */
export async function authorized(
  promoting: Book & { app: TestApp },
  browser: Browser,
  value: string,
  more: Record<string, string> = {},
) {
  const { verifier, challenge } = pkce()
  const asked = authorizationOf(challenge, more)
  const to = await throughPages(promoting, browser, await openPage(browser, asked), value)
  return { verifier, to, code: to.searchParams.get('code')!, redirectUri: asked.redirect_uri }
}

export const finish = (
  browser: Browser,
  { code, verifier, redirectUri }: { code: string; verifier: string; redirectUri?: string },
  more: object = {},
) =>
  browser.post('/guest/promotion/finish', {
    ...{ code, code_verifier: verifier, ...(redirectUri && { redirect_uri: redirectUri }), ...more },
  })
