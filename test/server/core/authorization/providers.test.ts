// "Continue with …": sign-in through an OpenID provider. The tests run a real one on this machine.

import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ProviderOptions } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { providerClient, signInAt, startProvider } from '../../../support/openid-provider.ts'
import { sendRaw } from '../../../support/raw-http.ts'

const redirectUri = 'https://app.example/back'

/** An app with a running provider. The provider gets the app's callback URL once the app has a port. */
async function appWithProvider(
  options: Parameters<typeof startApp>[0] = {},
  more: Partial<ProviderOptions> = {},
) {
  const callbacks: string[] = []
  const { issuer, provider } = await startProvider(['https://stands.example/for-now'])
  const app = await startApp({
    redirectUris: [redirectUri],
    loginIds: { providers: [{ id: 'example', name: 'Example', issuer, ...providerClient, ...more }] },
    ...options,
  })
  callbacks.push(`${app.origin}/guest/authorize/callback/example`)
  // Replaces the placeholder from above.
  const { Client } = provider as unknown as {
    Client: { find: (id: string) => Promise<{ redirectUris: string[] }> }
  }
  ;(await Client.find(providerClient.clientId)).redirectUris = callbacks
  return { app, issuer }
}

const pkce = () => {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** Follows the link on our page to the provider. */
async function leaveForProvider(browser: Browser, purpose: 'promote' | 'sign_in') {
  const { verifier, challenge } = pkce()
  const pushed = await browser.post('/guest/par', {
    ...{ response_type: 'code', client_id: 'guestkey', redirect_uri: redirectUri, state: 'state', purpose },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  })
  expect(pushed.status, pushed.text).toBe(201)
  const page = await browser.get(
    `/guest/authorize?client_id=guestkey&request_uri=${encodeURIComponent(pushed.body.request_uri)}`,
  )
  expect(page.text).toContain('Continue with Example')
  const href = /href="([^"]*\/authorize\/provider[^"]*)"/.exec(page.text)![1]!.replaceAll('&#38;', '&')
  return { verifier, href, away: await browser.get(href) }
}

/** Goes from our page to the provider. `location` is its URL; the browser now has the flow cookie. */
async function goToProvider(browser: Browser, purpose: 'promote' | 'sign_in') {
  const { verifier, href, away } = await leaveForProvider(browser, purpose)
  expect(away.status, away.text).toBe(303)
  return { verifier, location: away.headers.location!, href }
}

/** Comes back from the provider. `to` is the client's redirect URI with the authorization code, if we redirect there. */
async function comeBack(app: TestApp, browser: Browser, url: string) {
  const back = await browser.get(url.replace(app.origin, ''))
  return { back, to: back.status === 303 ? new URL(back.headers.location!) : undefined }
}

const finish = (browser: Browser, code: string | null | undefined, verifier: string) =>
  browser.post('/guest/promotion/finish', { code, code_verifier: verifier, redirect_uri: redirectUri })

describe('a guest', () => {
  test('becomes a regular user with an account at a provider, and signs in with it on another device, unless disabled', async () => {
    const { app, issuer } = await appWithProvider()
    const browser = app.browser()
    const guest = await browser.signIn()
    const { verifier, location } = await goToProvider(browser, 'promote')
    const { to } = await comeBack(app, browser, await signInAt(location, 'somebody'))
    expect(to!.origin + to!.pathname).toBe(redirectUri)
    expect(to!.searchParams.get('state')).toBe('state')
    expect(to!.searchParams.get('iss')).toBe(app.origin)
    const done = await finish(browser, to!.searchParams.get('code'), verifier)
    expect(done.body).toMatchObject({ sub: guest.sub, isAnonymous: false, isVerified: true })
    expect((await browser.get('/guest/login-ids')).body.login_ids).toMatchObject([
      { type: 'oidc', value: `${issuer} somebody`, primary: true },
    ])

    const laptop = app.browser()
    const away = await goToProvider(laptop, 'sign_in')
    const { to: there } = await comeBack(app, laptop, await signInAt(away.location, 'somebody'))
    const code = there!.searchParams.get('code')
    await app.guests.disable(guest.sub)
    expect((await finish(laptop, code, away.verifier)).body.code).toBe('guest_disabled')
    await app.guests.enable(guest.sub)
    const back = await finish(laptop, code, away.verifier)
    expect(back.body).toMatchObject({ sub: guest.sub, isAnonymous: false })
  })

  test('who declines at the provider is sent back with access_denied, and stays a guest', async () => {
    const { app } = await appWithProvider()
    const browser = app.browser()
    await browser.signIn()
    const { location } = await goToProvider(browser, 'promote')
    const { to } = await comeBack(app, browser, await signInAt(location, 'somebody', { cancel: true }))
    expect(to!.searchParams.get('error')).toBe('access_denied')
    expect((await browser.get('/guest/userinfo')).body.isAnonymous).toBe(true)
  })
})

describe('a flow that one browser began', () => {
  test('cannot be finished in another browser, neither at the callback nor with the code', async () => {
    const { app } = await appWithProvider()
    const [attacker, victim] = [app.browser(), app.browser()]
    await attacker.signIn()
    const guest = await victim.signIn()
    const { verifier, location } = await goToProvider(attacker, 'promote')
    const url = await signInAt(location, 'victim')
    const { back } = await comeBack(app, victim, url)
    expect(back.status).toBe(400)
    expect(back.headers['content-type']).toContain('text/html')
    const { to } = await comeBack(app, attacker, url)
    const refused = await finish(victim, to!.searchParams.get('code'), verifier)
    expect(refused.body.code).toBe('invalid_grant')
    expect((await victim.get('/guest/userinfo')).body).toMatchObject({ sub: guest.sub, isAnonymous: true })
  })

  test('works only once, at the callback and with the code', async () => {
    const { app } = await appWithProvider()
    const browser = app.browser()
    await browser.signIn()
    const { verifier, location } = await goToProvider(browser, 'promote')
    const url = await signInAt(location, 'somebody')
    const { to } = await comeBack(app, browser, url)
    expect((await comeBack(app, browser, url)).back.status).toBe(400)
    const code = to!.searchParams.get('code')
    expect((await finish(browser, code, verifier)).status).toBe(200)
    expect((await finish(browser, code, verifier)).body.code).toBe('code_expired')
    expect((await browser.get('/guest/userinfo')).status, 'the session that the code led to has ended').toBe(
      401,
    )
  })

  test('is refused at the callback of another provider, and if another site’s page starts it', async () => {
    const { app } = await appWithProvider()
    const browser = app.browser()
    await browser.signIn()
    const { location, href } = await goToProvider(browser, 'promote')
    const url = await signInAt(location, 'somebody')
    const elsewhere = url.replace('/callback/example', '/callback/another')
    expect(elsewhere).not.toBe(url)
    expect((await comeBack(app, browser, elsewhere)).back.status).toBe(400)
    const sent = { redirect: 'manual', headers: { 'sec-fetch-site': 'cross-site' } } as const
    expect((await fetch(app.origin + href, sent)).status).toBe(400)
  })

  test('is over after 15 minutes', async () => {
    const { app } = await appWithProvider()
    for (const [seconds, status] of [
      [15 * 60 - 1, 303],
      [15 * 60, 400],
    ] as const) {
      const browser = app.browser()
      await browser.signIn()
      const { location } = await goToProvider(browser, 'promote')
      const url = await signInAt(location, 'somebody')
      app.clock.forward(seconds)
      expect((await comeBack(app, browser, url)).back.status, `${seconds} seconds`).toBe(status)
    }
  })

  test('is refused with another state', async () => {
    const { app } = await appWithProvider()
    const browser = app.browser()
    await browser.signIn()
    const { location } = await goToProvider(browser, 'promote')
    const url = new URL(await signInAt(location, 'somebody'))
    url.searchParams.set('state', 'another')
    expect((await comeBack(app, browser, url.href)).back.status).toBe(400)
  })
})

describe('a browser with two flow cookies', () => {
  /** Two flows, the attacker's and the victim's: for each its cookie and its callback URL from the provider. */
  async function plant() {
    const { app } = await appWithProvider()
    const [attacker, victim] = [app.browser(), app.browser()]
    await Promise.all([attacker.signIn(), victim.signIn()])
    const begin = async (browser: Browser, user: string) => {
      const { location } = await goToProvider(browser, 'promote')
      const url = (await signInAt(location, user)).replace(app.origin, '')
      return { url, flow: browser.cookies.get('guestkey-flow')! }
    }
    const [theirs, own] = [await begin(attacker, 'attacker'), await begin(victim, 'victim')]
    const ask = (url: string, cookies: string[]) =>
      sendRaw(app.server, { path: url, lines: [`Cookie: ${cookies.join('; ')}`] })
    return { theirs, own, ask }
  }

  test('is refused in either order, and told to delete both', async () => {
    const { theirs, own, ask } = await plant()
    const cookies = [theirs, own].map(({ flow }) => `guestkey-flow=${flow}`)
    for (const given of [cookies, cookies.toReversed()]) {
      for (const { url } of [theirs, own]) {
        const { status, text } = await ask(url, given)
        expect(status, text).toBe(400)
        for (const path of ['/', '/guest', '/guest/authorize/callback'])
          expect(text).toContain(`Set-Cookie: guestkey-flow=; Path=${path}; Max-Age=0;`)
      }
    }
  })

  test('has one if the name of the other begins with the byte 0xA0', async () => {
    const { theirs, own, ask } = await plant()
    const cookies = [`\u00a0guestkey-flow=${theirs.flow}`, `guestkey-flow=${own.flow}`]
    expect((await ask(theirs.url, [cookies[0]!])).status).toBe(400)
    expect((await ask(theirs.url, cookies)).status).toBe(400)
    expect((await ask(own.url, cookies)).status).toBe(303)
  })
})

describe('a provider that answers by a form (response_mode=form_post), as Apple does', () => {
  const byForm = { responseMode: 'form_post' } as const

  /** The form that the provider's page sends: from another site, and so without our cookies. */
  const sendForm = (app: TestApp, answer: string, more: Record<string, string> = {}) => {
    const { pathname, searchParams, origin } = new URL(answer)
    expect(origin).toBe(app.origin)
    return fetch(app.origin + pathname, {
      ...{ method: 'POST', redirect: 'manual' },
      headers: { origin: 'https://provider.example', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams([...searchParams, ...Object.entries(more)]),
    })
  }

  test('signs a guest in, by a redirect to the callback that has the cookie', async () => {
    const { app, issuer } = await appWithProvider({}, byForm)
    const browser = app.browser()
    const guest = await browser.signIn()
    const { verifier, location } = await goToProvider(browser, 'promote')
    expect(new URL(location).searchParams.get('response_mode')).toBe('form_post')
    const user = { user: '{"name":{"firstName":"Amber"}}', id_token: 'x' }
    const posted = await sendForm(app, await signInAt(location, 'somebody'), user)
    expect(posted.status).toBe(303)
    expect(posted.headers.getSetCookie()).toEqual([])
    const url = new URL(posted.headers.get('location')!)
    expect([...url.searchParams.keys()].toSorted(), 'and nothing about the person').toEqual([
      'code',
      'iss',
      'state',
    ])
    const { to } = await comeBack(app, browser, url.href)
    const done = await finish(browser, to!.searchParams.get('code'), verifier)
    expect(done.body).toMatchObject({ sub: guest.sub, isAnonymous: false })
    expect((await browser.get('/guest/login-ids')).body.login_ids).toMatchObject([
      { type: 'oidc', value: `${issuer} somebody` },
    ])
  })

  test.each([undefined, 'user_cancelled_authorize'])('tells who declines: %s', async (error) => {
    const { app } = await appWithProvider({}, byForm)
    const browser = app.browser()
    await browser.signIn()
    const { location } = await goToProvider(browser, 'promote')
    const answer = new URL(await signInAt(location, 'somebody', { cancel: true }))
    if (error) answer.searchParams.set('error', error)
    const posted = await sendForm(app, answer.href)
    const { to } = await comeBack(app, browser, posted.headers.get('location')!)
    expect(to!.searchParams.get('error')).toBe('access_denied')
  })

  test('leads nowhere in a browser that did not begin, or with a form that another flow made', async () => {
    const { app } = await appWithProvider({}, byForm)
    const [attacker, victim, other] = [app.browser(), app.browser(), app.browser()]
    const begin = async (browser: Browser) => {
      await browser.signIn()
      return goToProvider(browser, 'promote')
    }
    const answer = await signInAt((await begin(attacker)).location, 'attacker')
    const own = await begin(victim)
    await other.signIn()
    const { headers } = await sendForm(app, answer)
    for (const browser of [victim, other]) {
      const { back } = await comeBack(app, browser, headers.get('location')!)
      expect(back.status).toBe(400)
      expect((await browser.get('/guest/userinfo')).body.isAnonymous).toBe(true)
    }
    expect(own.verifier).toHaveLength(43)
  })

  test('is the only one whose callback takes a form', async () => {
    const { app, issuer } = await appWithProvider()
    const answer = `${app.origin}/guest/authorize/callback/example?code=a&state=b`
    expect((await sendForm(app, answer)).status, 'no provider does').toBe(405)
    const one = { id: 'example', name: 'Example', issuer, ...providerClient }
    const both = await startApp({ loginIds: { providers: [one, { ...one, id: 'apple', ...byForm }] } })
    const statusOf = async (id: string) =>
      (await sendForm(both, `${both.origin}/guest/authorize/callback/${id}?code=a&state=b`)).status
    expect([await statusOf('apple'), await statusOf('example'), await statusOf('none')]).toEqual([
      303, 405, 404,
    ])
  })
})

test.each(['at once', 'later'])(
  'the secret at a provider may come from a function, %s, for each sign-in',
  async (when) => {
    const { clientSecret } = providerClient
    const given: string[] = []
    const { app } = await appWithProvider(
      {},
      {
        clientSecret() {
          const secret = given.length === 1 ? 'one that has expired' : clientSecret
          given.push(secret)
          return when === 'later' ? Promise.resolve(secret) : secret
        },
      },
    )
    const statuses = []
    for (const user of ['first', 'second', 'third']) {
      const browser = app.browser()
      await browser.signIn()
      const { location } = await goToProvider(browser, 'promote')
      statuses.push((await comeBack(app, browser, await signInAt(location, user))).back.status)
    }
    expect(statuses).toEqual([303, 503, 303])
    expect(given).toHaveLength(3)
  },
)

test('a function for the secret that throws is a provider that cannot be used, and its error is in the log', async () => {
  const { app } = await appWithProvider({}, { clientSecret: () => Promise.reject(new Error('no key file')) })
  const browser = app.browser()
  await browser.signIn()
  const { location } = await goToProvider(browser, 'promote')
  const { back } = await comeBack(app, browser, await signInAt(location, 'somebody'))
  expect(back.status).toBe(503)
  expect(back.text).not.toContain('no key file')
  expect(inspect(app.logs, { depth: 9 })).toContain('no key file')
})

test('a provider that cannot be reached leads to an error page that says so, and the session stays', async () => {
  const { app } = await appWithProvider({
    loginIds: {
      providers: [{ id: 'example', name: 'Example', issuer: 'http://localhost:1', ...providerClient }],
    },
  })
  const browser = app.browser()
  await browser.signIn()
  const { away } = await leaveForProvider(browser, 'promote')
  expect(away.status).toBe(503)
  expect(away.text).toContain('did not answer')
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
})

/** A provider whose token endpoint answers as the test says. `asked`: the path and the form of each request. */
async function startForgingProvider(
  answer: (claims: object) => { status?: number; body: unknown } | undefined,
  isDown: () => boolean = () => false,
) {
  const asked: { path: string; form: URLSearchParams }[] = []
  const server = createServer(async (req, res) => {
    asked.push({ path: req.url!, form: new URLSearchParams(await text(req)) })
    if (isDown()) return void res.destroy()
    const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: providerClient.clientId, sub: 'somebody', iat: now, exp: now + 300 }
    const { status = 200, body } = req.url!.startsWith('/.well-known/')
      ? {
          body: {
            issuer,
            authorization_endpoint: `${issuer}/auth`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/jwks`,
            response_types_supported: ['code'],
          },
        }
      : (answer(claims) ?? { status: 0 })
    if (status === 0) return void res.destroy()
    res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, issuer: `http://localhost:${(server.address() as AddressInfo).port}` }
}

const appWithForger = (issuer: string, more: Partial<ProviderOptions> = {}) =>
  startApp({
    redirectUris: [redirectUri],
    loginIds: { providers: [{ id: 'example', name: 'Example', issuer, ...providerClient, ...more }] },
  })

test("the provider's metadata is fetched once, and again after a failure", async () => {
  let isDown = true
  const { issuer, asked } = await startForgingProvider(
    () => undefined,
    () => isDown,
  )
  const app = await appWithForger(issuer)
  const browser = app.browser()
  await browser.signIn()
  const statuses = []
  for (isDown of [true, true, false, false]) {
    const { away } = await leaveForProvider(browser, 'promote')
    statuses.push(away.status)
  }
  expect(statuses).toEqual([503, 503, 303, 303])
  expect(asked.map(({ path }) => path)).toEqual(Array(3).fill('/.well-known/openid-configuration'))
})

test.each([
  ['with its secret', providerClient.clientSecret],
  ['without one if the options give none', undefined],
])('the code is redeemed at a provider by a client %s', async (_, clientSecret) => {
  const { issuer, asked } = await startForgingProvider(() => undefined)
  const app = await appWithForger(issuer, { clientSecret })
  const browser = app.browser()
  await browser.signIn()
  const { location } = await goToProvider(browser, 'promote')
  const state = new URL(location).searchParams.get('state')!
  await comeBack(
    app,
    browser,
    `/guest/authorize/callback/example?${new URLSearchParams({ code: 'a', state })}`,
  )
  const { form } = asked.find(({ path }) => path === '/token')!
  expect(form.get('client_id')).toBe(providerClient.clientId)
  expect(form.get('client_secret') ?? undefined).toBe(clientSecret)
})

describe('the answer of a provider', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const idToken = (claims: object) => `${encode({ alg: 'RS256' })}.${encode(claims)}.c2lnbmVk`
  let nonce = ''
  const tokens = (claims: object) => ({
    body: { access_token: 'a', token_type: 'Bearer', id_token: idToken({ nonce, ...claims }) },
  })

  /** The page at which a browser ends that comes back from this provider with this query. */
  async function comeBackWith(
    answer: Parameters<typeof startForgingProvider>[0],
    query: Record<string, string> = { code: 'a code' },
  ) {
    const { issuer } = await startForgingProvider(answer)
    const app = await appWithForger(issuer)
    const browser = app.browser()
    await browser.signIn()
    const { location } = await goToProvider(browser, 'promote')
    const asked = new URL(location).searchParams
    nonce = asked.get('nonce')!
    const params = new URLSearchParams({ ...query, state: asked.get('state')! })
    const { back, to } = await comeBack(app, browser, `/guest/authorize/callback/example?${params}`)
    expect((await browser.get('/guest/userinfo')).body.isAnonymous).toBe(true)
    return { back, to, app }
  }

  test('that is valid leads back to the client', async () => {
    const { to } = await comeBackWith(tokens)
    expect(to?.searchParams.get('code')).toMatch(/./)
  })

  test.each<[string, Parameters<typeof startForgingProvider>[0], Record<string, string>?]>([
    ['with a code that it did not issue', () => ({ status: 400, body: { error: 'invalid_grant' } })],
    ['without an ID token', () => ({ body: { access_token: 'a', token_type: 'Bearer' } })],
    [
      'with an ID token that is no JWT',
      (claims) => ({ body: { ...tokens(claims).body, id_token: 'a.b.c' } }),
    ],
    ['with the nonce of another flow', (claims) => tokens({ ...claims, nonce: 'another' })],
    ['for another client', (claims) => tokens({ ...claims, aud: 'another' })],
    ['of another issuer', (claims) => tokens({ ...claims, iss: 'https://evil.example' })],
    ['that has expired', (claims) => tokens({ ...claims, iat: 1000, exp: 2000 })],
    ['with NUL in its subject', (claims) => tokens({ ...claims, sub: 'some\0body' })],
    ['with a subject of 3,000 characters', (claims) => tokens({ ...claims, sub: 'a'.repeat(3000) })],
    ['that refuses the sign-in', tokens, { error: 'login_required' }],
    ['of another issuer, in its query', tokens, { code: 'a code', iss: 'https://evil.example' }],
  ])('%s is refused, and not called unreachable', async (_name, answer, query) => {
    const { back, app } = await comeBackWith(answer, query)
    expect(back.status, back.text).toBe(401)
    expect(back.text).toContain('did not confirm who you are')
    expect(back.text).not.toContain('did not answer')
    const line = app.logs.findLast(({ message }) => message === 'refused')
    expect(line?.fields).toMatchObject({
      code: 'authentication_failed',
      reason: expect.stringMatching(/^provider: /),
    })
  })

  test.each<[string, Parameters<typeof startForgingProvider>[0], Record<string, string>?]>([
    ['that breaks off', () => undefined],
    ['with status 500', () => ({ status: 500, body: {} })],
    ['that does not know us', () => ({ status: 401, body: { error: 'invalid_client' } })],
    ['that asks to try later', tokens, { error: 'temporarily_unavailable' }],
  ])('%s is a 503', async (_name, answer, query) => {
    const { back } = await comeBackWith(answer, query)
    expect(back.status, back.text).toBe(503)
    expect(back.text).toContain('did not answer')
  })
})
