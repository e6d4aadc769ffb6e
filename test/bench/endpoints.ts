// The requests that a browser sends to each contender, and the units of work that they form.

import { SoftwareAuthenticator } from '../support/authenticator.ts'
import { type Answer, open, type Send } from './load.ts'

/** The origin that every contender is configured with. It need not match the port on which the contender listens. */
export const origin = 'http://localhost:3000'

/** A request from a page on the origin. With a body, it is JSON. `bearer`: an access token. */
export function request(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  cookie = '',
  bearer = '',
): string {
  const text = body && JSON.stringify(body)
  return [
    `${method} ${path} HTTP/1.1`,
    `host: ${new URL(origin).host}`,
    'accept: */*',
    'user-agent: Mozilla/5.0 (bench)',
    'sec-fetch-site: same-origin',
    'sec-fetch-mode: cors',
    'sec-fetch-dest: empty',
    ...(method === 'GET' ? [] : [`origin: ${origin}`]),
    ...(text ? ['content-type: application/json', `content-length: ${text.length}`] : []),
    ...(cookie ? [`cookie: ${cookie}`] : []),
    ...(bearer ? [`authorization: Bearer ${bearer}`] : []),
    `\r\n${text ?? ''}`,
  ].join('\r\n')
}

/** A refusal ends the bench: it would be fast, but it would measure nothing. */
export async function ask(send: Send, text: string): Promise<Answer> {
  const answer = await send(text)
  if (answer.status < 200 || answer.status > 299) {
    const line = text.slice(0, text.indexOf('\r\n'))
    throw new Error(`${line} was answered ${answer.status}: ${answer.body.slice(0, 300)}`)
  }
  return answer
}

/** The cookies that a response sets, in the form of the next request. */
export const cookiesOf = ({ head }: Answer): string =>
  [...head.matchAll(/\r\nset-cookie: ([^;\r]*)/gi)].map((match) => match[1]).join('; ')

export type Endpoints = {
  signIn: () => string
  userinfo: (cookie: string) => string
  registerOptions: (cookie: string) => string
  register: (response: object, cookie: string) => string
  authenticateOptions: () => string
  authenticate: (response: object, cookie: string) => string
}

export const guestEndpoints: Endpoints = {
  signIn: () => request('POST', '/guest/sign-in', {}),
  userinfo: (cookie) => request('GET', '/guest/userinfo', undefined, cookie),
  registerOptions: (cookie) => request('POST', '/guest/passkeys/register/options', {}, cookie),
  register: (response, cookie) => request('POST', '/guest/passkeys/register', response, cookie),
  authenticateOptions: () => request('POST', '/guest/passkeys/authenticate/options', {}),
  authenticate: (response, cookie) => request('POST', '/guest/passkeys/authenticate', response, cookie),
}

export const betterAuthEndpoints: Endpoints = {
  signIn: () => request('POST', '/api/auth/sign-in/anonymous', {}),
  userinfo: (cookie) => request('GET', '/api/auth/get-session', undefined, cookie),
  registerOptions: (cookie) =>
    request('GET', '/api/auth/passkey/generate-register-options', undefined, cookie),
  register: (response, cookie) =>
    request('POST', '/api/auth/passkey/verify-registration', { response }, cookie),
  authenticateOptions: () => request('GET', '/api/auth/passkey/generate-authenticate-options'),
  authenticate: (response, cookie) =>
    request('POST', '/api/auth/passkey/verify-authentication', { response }, cookie),
}

/** A guest with a passkey, and a session cookie. */
export type Guest = { cookie: string; device: SoftwareAuthenticator }

/** Creates a guest without a passkey. Returns the cookie. */
export const signIn = async (send: Send, doors: Endpoints): Promise<string> =>
  cookiesOf(await ask(send, doors.signIn()))

/** Creates a guest, who adds a passkey. */
export async function register(send: Send, doors: Endpoints): Promise<Guest> {
  const device = new SoftwareAuthenticator({ origin, synced: true })
  const anonymous = await signIn(send, doors)
  const options = await ask(send, doors.registerOptions(anonymous))
  const response = await device.create(JSON.parse(options.body))
  const asked = [anonymous, cookiesOf(options)].filter(Boolean).join('; ')
  return { cookie: cookiesOf(await ask(send, doors.register(response, asked))) || anonymous, device }
}

/** Signs in with a passkey: the options and the verification. */
export async function authenticate(
  send: Send,
  doors: Endpoints,
  device: SoftwareAuthenticator,
): Promise<void> {
  const options = await ask(send, doors.authenticateOptions())
  const response = await device.get(JSON.parse(options.body))
  await ask(send, doors.authenticate(response, cookiesOf(options)))
}

/** Makes `count` of something, over a few connections at once. */
export async function makeMany<T>(
  ports: number[],
  count: number,
  make: (send: Send) => Promise<T>,
): Promise<T[]> {
  const made: T[] = []
  let begun = 0
  const lane = async (_: unknown, i: number) => {
    const connection = await open(ports[i % ports.length]!)
    while (begun++ < count) made.push(await make(connection.send))
    connection.close()
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  return made
}
