// guests.fetch(): the endpoints, guards and the app's own responses for a Request of the Fetch API. That the endpoints answer
// as they do in Express is tested by `npm run test:full`: see the project `fetch` in vitest.config.ts.

import { describe, expect, test } from 'vitest'
import { type FetchOptions, GuestError, type Options } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'

type Init = Omit<RequestInit, 'headers'> & { headers?: Record<string, string>; duplex?: 'half' }

const cookieOf = (browser: Browser) => ({ Cookie: browser.cookie! })
const asPage = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' }

/** Asks as a browser does that has these headers. */
const ask = (app: TestApp, path: string, init: Init = {}, options: FetchOptions = {}) =>
  app.guests.fetch(
    new Request(app.origin + path, {
      ...init,
      headers: { Origin: app.origin, 'Sec-Fetch-Site': 'same-origin', ...init.headers },
    }),
    { address: '192.0.2.1', ...options },
  )

const json = { 'Content-Type': 'application/json' }
const signIn = { method: 'POST', headers: json }
const hello = (headers: Record<string, string> = {}) => ({ next: () => new Response('hello', { headers }) })

/** A body whose parts come when they are asked for. */
const streamOf = (parts: Iterable<Uint8Array>) => {
  const each = parts[Symbol.iterator]()
  return new ReadableStream({
    pull(to) {
      const { done, value } = each.next()
      if (done) to.close()
      else to.enqueue(value)
    },
  })
}

describe('guests.fetch()', () => {
  test('answers an endpoint, and 404 for what is none', async () => {
    const app = await startApp()
    const made = await ask(app, '/guest/sign-in', signIn)
    expect(made.status).toBe(200)
    const [cookie] = made.headers.getSetCookie()
    expect(cookie).toMatch(/^guestkey=.*; HttpOnly; SameSite=Lax$/)
    const headers = { Cookie: cookie!.split(';')[0]! }
    expect(await (await ask(app, '/guest/userinfo', { headers })).json()).toEqual(await made.json())
    for (const path of ['/guest/nothing', '/page']) {
      const refused = await ask(app, path)
      expect(refused.status).toBe(404)
      expect(await refused.json()).toMatchObject({ code: 'not_found' })
    }
  })

  test('answers HEAD without a body, and 304 to a known ETag', async () => {
    const app = await startApp()
    const whole = await ask(app, '/guest/openapi.json')
    const head = await ask(app, '/guest/openapi.json', { method: 'HEAD' })
    expect(head.body).toBeNull()
    expect(head.headers.get('content-length')).toBe(whole.headers.get('content-length'))
    const known = await ask(app, '/guest/openapi.json', {
      headers: { 'If-None-Match': whole.headers.get('etag')! },
    })
    expect([known.status, known.body]).toEqual([304, null])
  })

  test('reads a body of which no length is stated, and no more of it than is allowed', async () => {
    const app = await startApp({ maxBodyBytes: 1000 })
    const parts = ['{"collection":', '"users"}'].map((text) => new TextEncoder().encode(text))
    const streamed = { ...signIn, duplex: 'half' as const }
    expect((await ask(app, '/guest/sign-in', { ...streamed, body: streamOf(parts) })).status).toBe(200)
    let sent = 0
    const endless = (function* () {
      while (sent++ < 1000) yield new Uint8Array(100)
    })()
    const refused = await ask(app, '/guest/sign-in', { ...streamed, body: streamOf(endless) })
    expect(refused.status).toBe(413)
    expect(sent).toBeLessThan(1000)
  })

  test('waits for a body no longer than bodySeconds', async () => {
    const app = await startApp({ bodySeconds: 1 })
    const body = new ReadableStream() // of which nothing ever comes
    const refused = await ask(app, '/guest/sign-in', { ...signIn, body, duplex: 'half' })
    expect(refused.status).toBe(408)
  })

  test('refuses a body that broke off, and one that the app has read', async () => {
    const app = await startApp()
    const broken = new ReadableStream({
      pull(to) {
        to.error(new Error('gone'))
      },
    })
    const cut = await ask(app, '/guest/sign-in', { ...signIn, body: broken, duplex: 'half' })
    expect(await cut.json()).toMatchObject({ status: 400, detail: expect.stringContaining('closed before') })
    const request = new Request(`${app.origin}/guest/sign-in`, { ...signIn, body: '{}' })
    await request.text()
    const read = await app.guests.fetch(request)
    expect(await read.json()).toMatchObject({ status: 400, detail: expect.stringContaining('read the body') })
  })

  test('refuses a change from a page of another origin', async () => {
    const app = await startApp()
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      const refused = await ask(app, '/guest/sign-in', { ...signIn, headers: { ...json, ...headers } })
      expect(refused.status).toBe(403)
      expect(refused.headers.getSetCookie()).toEqual([])
    }
  })

  test('refuses two tokens, which Headers have joined to one', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    for (const other of [browser.token, 'of-the-host']) {
      const headers = new Headers({ Authorization: `Bearer ${browser.token}` })
      headers.append('Authorization', `Bearer ${other}`)
      const refused = await ask(app, '/guest/userinfo', { headers: Object.fromEntries(headers) })
      expect(await refused.json()).toMatchObject({
        status: 400,
        type: expect.stringMatching(/:credentials_ambiguous$/),
      })
      await expect(app.guests.guestOf(headers)).rejects.toMatchObject({ code: 'credentials_ambiguous' })
    }
  })

  test('refuses a misspelt option', async () => {
    const app = await startApp()
    await expect(ask(app, '/page', {}, { nxt: () => new Response() } as FetchOptions)).rejects.toThrow(
      'did you mean next?',
    )
  })
})

describe('the address of a request', () => {
  /** How many of three guests are let in at once, if one network may have one in a minute. */
  async function letIn(
    options: Partial<Options>,
    addresses: (i: number) => [FetchOptions['address'], string?],
  ) {
    const app = await startApp({ rateLimit: { perMinute: 1 }, ...options })
    const answers = await Promise.all(
      [1, 2, 3].map((i) => {
        const [address, forwarded] = addresses(i)
        const headers = { ...json, ...(forwarded && { 'X-Forwarded-For': forwarded }) }
        return ask(app, '/guest/sign-in', { method: 'POST', headers }, { address })
      }),
    )
    const warnings = app.logs.filter(({ message }) => /^guests\.fetch\(\) was not told/.test(message))
    return [answers.filter(({ status }) => status === 200).length, warnings.length]
  }

  test('counts for the rate limit, as a text or as a function', async () => {
    expect(await letIn({}, (i) => [`192.0.2.${i}`])).toEqual([3, 0])
    expect(await letIn({}, (i) => [() => `192.0.2.${i}`])).toEqual([3, 0])
    expect(await letIn({}, () => ['192.0.2.1'])).toEqual([1, 0])
  })

  test('is warned of once if nobody knows it', async () => {
    expect(await letIn({}, () => [undefined])).toEqual([1, 1])
    expect(await letIn({ trustProxy: 1 }, () => [undefined])).toEqual([1, 1])
  })

  test('may be in X-Forwarded-For only behind a trusted proxy', async () => {
    expect(await letIn({}, (i) => ['192.0.2.1', `198.51.100.${i}`])).toEqual([1, 0])
    expect(await letIn({ trustProxy: 1 }, (i) => ['192.0.2.1', `198.51.100.${i}`])).toEqual([3, 0])
    expect(await letIn({ trustProxy: 1 }, (i) => [undefined, `198.51.100.${i}, 203.0.113.1`])).toEqual([1, 0])
  })
})

describe('what next() makes', () => {
  test('is returned as it is, if there is nothing to add', async () => {
    const app = await startApp()
    const response = new Response('hello')
    expect(await ask(app, '/page', {}, { next: () => response })).toBe(response)
  })

  test('gets the cookies that are due, beside its own', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    app.clock.forward(2 * 24 * 60 * 60)
    const init = { headers: cookieOf(browser) }
    const response = await ask(app, '/page', init, hello({ 'Set-Cookie': 'own=1' }))
    expect(response.headers.getSetCookie()).toEqual(['own=1', expect.stringMatching(/^guestkey-seen=/)])
    expect(await response.text()).toBe('hello')
  })

  test('gets no such cookie if shared caches may store it, and is private after a sign-in', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    app.clock.forward(2 * 24 * 60 * 60)
    const shared = await ask(
      app,
      '/page',
      { headers: cookieOf(browser) },
      hello({ 'Cache-Control': 'max-age=60' }),
    )
    expect([...shared.headers.getSetCookie(), shared.headers.get('cache-control')]).toEqual(['max-age=60'])

    const request = new Request(`${app.origin}/page`, { method: 'POST' })
    const next = async () => {
      const { headers } = await app.guests.signInAnonymously(request)
      headers.set('Cache-Control', 'public, max-age=60')
      return new Response('hello', { headers })
    }
    const response = await app.guests.fetch(request, { next })
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^guestkey=gks_/)])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })

  test('is not asked for if the credential is dead: a page view comes again without its cookie', async () => {
    const app = await startApp()
    const headers = { Cookie: 'guestkey=gks_dead' }
    const next = () => {
      throw new Error('asked')
    }
    const refused = await ask(app, '/page', { headers }, { next })
    expect(await refused.json()).toMatchObject({ status: 401, code: 'session_invalid' })
    const again = await ask(app, '/page?a=b', { headers: { ...headers, ...asPage } }, { next })
    expect([again.status, again.headers.get('location')]).toEqual([303, '/page?a=b'])
    expect(again.headers.getSetCookie()).toEqual([expect.stringMatching(/^guestkey=; .*Max-Age=0/)])
  })

  test('may be a GuestError, which is answered, and any other error, which is thrown on', async () => {
    const app = await startApp()
    const refused = await ask(
      app,
      '/page',
      {},
      {
        next: () => {
          throw new GuestError('not_signed_in')
        },
      },
    )
    expect(await refused.json()).toMatchObject({ status: 401, code: 'not_signed_in' })
    const failure = new Error('of the app')
    const thrown = ask(app, '/page', {}, { next: () => Promise.reject(failure) })
    await expect(thrown).rejects.toBe(failure)
  })

  test('is asked for while the store cannot be reached, and guestOf() tells', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    await browser.addPasskey(app.device())
    await app.guests.close()
    const request = new Request(`${app.origin}/page`, { headers: cookieOf(browser) })
    const next = async () => {
      await expect(app.guests.guestOf(request)).rejects.toMatchObject({ code: 'unavailable' })
      return new Response('hello')
    }
    expect(await (await app.guests.fetch(request, { next })).text()).toBe('hello')
  })
})

describe('a guard', () => {
  test('lets a guest through, and makes the response private', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    const guard = app.guests.requireGuest()
    const nobody = await ask(app, '/page', {}, { guard, ...hello() })
    expect(await nobody.json()).toMatchObject({ status: 401, code: 'not_signed_in' })
    const response = await ask(app, '/page', { headers: cookieOf(browser) }, { guard, ...hello() })
    expect([await response.text(), response.headers.get('cache-control')]).toEqual([
      'hello',
      'private, no-store',
    ])
  })

  test('redirects people to a page, and back', async () => {
    const app = await startApp()
    const guard = app.guests.requireGuest({ redirect: '/welcome' })
    const sent = await ask(app, '/page?a=b', { headers: asPage }, { guard, ...hello() })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/welcome?return_to=%2Fpage%3Fa%3Db'])
    expect(app.guests.returnTo(new Request(new URL(sent.headers.get('location')!, app.origin)))).toBe(
      '/page?a=b',
    )
  })

  test('wants a passkey that was proven lately, by the challenge of RFC 9470', async () => {
    const app = await startApp()
    const [browser, device] = [app.browser(), app.device()]
    await browser.signIn()
    const guard = app.guests.requirePasskey({ maxAgeSeconds: 60 })
    const enter = () => ask(app, '/vault', { headers: cookieOf(browser) }, { guard, ...hello() })
    const refused = await enter()
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_user_authentication')
    await browser.addPasskey(device)
    expect((await enter()).status).toBe(200)
    app.clock.forward(61)
    expect((await enter()).status).toBe(401)
  })

  test('within the next() of another call lets that one set the headers, once', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    app.clock.forward(2 * 24 * 60 * 60)
    const request = new Request(`${app.origin}/page`, { headers: cookieOf(browser) })
    const guard = app.guests.requireGuest()
    const inner = () => app.guests.fetch(request, { guard, next: () => new Response('hello') })
    const response = await app.guests.fetch(request, { address: '192.0.2.1', next: inner })
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^guestkey-seen=/)])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })
})
