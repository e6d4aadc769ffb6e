// An app that asks who is signed in (OpenID Connect). Its library is openid-client, which nobody here wrote.

import * as openid from 'openid-client'
import { expect } from 'vitest'
import { type Browser, startApp, type TestApp } from './app.ts'
import { fieldOf, postForm } from './promotion.ts'

const secret = 'a secret of a client, of more than 32 characters'
export const secretOf = (id: string) => `${secret} ${id}`
export const callback = 'https://wiki.example/cb'

/** Registers an app under this id. */
export const openIdClient = <More extends object>(id: string, more = {} as More) => ({
  id,
  kind: 'confidential' as const,
  secret: secretOf(id),
  pairwise: `${secret} for ${id}`,
  scopes: ['openid'],
  redirectUris: [callback],
  ...more,
})

export const openIdClients = ['wiki', 'chat'].map((id) => openIdClient(id))

/** A host whose apps are a wiki and a chat. */
export const startProviding = (options: Parameters<typeof startApp>[0] = {}) =>
  startApp({ rpName: 'Jotter', clients: openIdClients, ...options })

/** The app, as its library sees it after discovery. */
export const discover = (app: TestApp, id = 'wiki'): Promise<openid.Configuration> =>
  openid.discovery(new URL(app.origin), id, undefined, openid.ClientSecretBasic(secretOf(id)), {
    execute: [openid.allowInsecureRequests],
  })

/** A request of the app, as its library makes it. */
export async function request(config: openid.Configuration, more: Record<string, string> = {}) {
  const verifier = openid.randomPKCECodeVerifier()
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const url = openid.buildAuthorizationUrl(config, {
    ...{ redirect_uri: callback, scope: 'openid', state, nonce },
    ...{ code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    ...more,
  })
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  }
  return { path: url.pathname + url.search, checks, verifier }
}

/** Sends a form of our pages. The browser keeps the cookies that come back, and forgets those that the answer removes. */
export async function sendForm(app: TestApp, browser: Browser, path: string, fields: Record<string, string>) {
  const answer = await postForm(app, browser, path, fields)
  for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
    if (value) browser.cookies.set(name!, value)
    else browser.cookies.delete(name!)
  }
  return answer
}

/** Presses the button of the page. */
export async function press(
  app: TestApp,
  browser: Browser,
  page: { text: string },
  more: Record<string, string> = {},
) {
  const fields: Record<string, string> = { request: fieldOf(page as never, 'request'), ...more }
  if (page.text.includes('name="whom"')) fields.whom ??= fieldOf(page as never, 'whom')
  return sendForm(app, browser, '/guest/authorize/approve', fields)
}

/** Lets the app know who is in this browser, by the page or at once if it knows already. Returns what the app gets. */
export async function letKnow(
  app: TestApp,
  browser: Browser,
  id = 'wiki',
  more: Record<string, string> = {},
) {
  const config = await discover(app, id)
  const { path, checks, verifier } = await request(config, more)
  const page = await browser.get(path)
  const back = page.status === 303 ? page : await press(app, browser, page)
  expect(back.status, back.text).toBe(303)
  const url = new URL(back.headers.location!)
  return { config, checks, verifier, page, url }
}

/** What the app gets for its code. */
export const tokensOf = async ({ config, checks, url }: Awaited<ReturnType<typeof letKnow>>) =>
  openid.authorizationCodeGrant(config, url, checks)
