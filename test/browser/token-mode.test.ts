import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import {
  allowAll,
  codeInPage,
  inPage,
  listenOpen,
  type Spa,
  setClockOff,
  startSpa,
  storedSession,
} from './spa.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const signIn = (page: Page) => inPage(page, (guests) => guests.signInAnonymously())
const user = (page: Page) => inPage(page, (guests) => guests.user())
const accessToken = (page: Page) => inPage(page, (guests) => guests.accessToken())
const reload = async (page: Page) => {
  await page.reload()
  await page.waitForFunction(() => 'guests' in window)
}
const claims = (token: string | null) =>
  JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>

/** Delays every request to the token endpoint, so that somebody else has time to ask as well. */
async function holdTokens(page: Page, milliseconds = 400) {
  await page.context().route('**/guest/token', async (route) => {
    await wait(milliseconds)
    await route.continue()
  })
}

describe('a page of another origin', () => {
  test('signs in, and finds its guest again after a reload', async () => {
    const spa = await startSpa(browser)
    const { page, context } = await spa.open()
    expect(await user(page)).toBeNull()
    expect(spa.seen).toEqual([])
    const guest = await signIn(page)
    expect(guest).toMatchObject({ is_anonymous: true, recoverability: 'none' })
    await reload(page)
    expect(await user(page)).toEqual(expect.objectContaining({ sub: guest.sub }))
    await reload(page)
    expect((await signIn(page)).sub).toBe(guest.sub)
    expect(claims(await accessToken(page))).toMatchObject({
      sub: guest.sub,
      client_id: 'spa',
      cnf: { jkt: expect.any(String) },
    })
    const elsewhere = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    expect([elsewhere, await context.cookies()]).toEqual(['[{},{}]', []])
    expect(spa.seen.flatMap(({ headers }) => headers.cookie ?? [])).toEqual([])
  })

  test('adds a passkey, signs in with it on a second device, and signs out', async () => {
    const spa = await startSpa(browser)
    const phone = await spa.open({ synced: true })
    const guest = await signIn(phone.page)
    const added = await inPage(phone.page, (guests) => guests.passkeys.add())
    expect(added).toMatchObject({ sub: guest.sub, recoverability: 'synced', passkey: { backed_up: true } })
    expect(added).not.toHaveProperty('tokens')
    await reload(phone.page)
    expect(await user(phone.page)).toMatchObject({ sub: guest.sub, recoverability: 'synced' })

    const laptop = await spa.open({ synced: true, passkeys: await phone.credentials() })
    const left = await signIn(laptop.page)
    const back = await inPage(laptop.page, (guests) => guests.passkeys.signIn())
    expect(back).toMatchObject({ sub: guest.sub, previous: { anonymous_id: left.sub } })
    expect(await inPage(laptop.page, async (guests) => (await guests.sessions.list()).length)).toBe(2)
    await reload(laptop.page)
    expect((await signIn(laptop.page)).sub).toBe(guest.sub)

    await inPage(laptop.page, (guests) => guests.signOut())
    expect(await storedSession(laptop.page)).toBeUndefined()
    expect(await user(laptop.page)).toBeNull()
    expect(await accessToken(laptop.page)).toBeNull()
    expect(await user(phone.page)).toMatchObject({ sub: guest.sub })
    expect(await spa.app.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
    expect((await inPage(laptop.page, (guests) => guests.passkeys.signIn())).sub).toBe(guest.sub)
  })

  test('makes a new guest by adding a passkey', async () => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    const guest = await inPage(page, (guests) => guests.passkeys.add())
    await reload(page)
    expect(await user(page)).toMatchObject({ sub: guest.sub, recoverability: 'passkey' })
    expect(claims(await accessToken(page))).toMatchObject({ cnf: { jkt: expect.any(String) } })
  })

  test('needs force to sign out a guest who could not come back, and signs out everywhere', async () => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    const { sub } = await signIn(page)
    expect(await codeInPage(page, (guests) => guests.signOut())).toBe('would_lose_account')
    expect((await user(page))?.sub).toBe(sub)
    await inPage(page, (guests) => guests.signOut({ everywhere: true, force: true }))
    expect((await signIn(page)).sub).not.toBe(sub)
  })

  test('proves a passkey if an endpoint or a route of the host asks for it', async () => {
    let ahead = 0
    const spa = await startSpa(browser, {
      service: { stepUpSeconds: 10, now: () => Date.now() + ahead },
      routes(host, guests) {
        host.use('/vault', (req, res, next) => allowAll(req, res) || next())
        host.post('/vault', guests.requirePasskey({ maxAgeSeconds: 10 }), (req, res) => {
          req.setEncoding('utf8').on('data', (text) => res.json({ text, sub: req.guest?.sub }))
        })
      },
    })
    const { page, credentials } = await spa.open()
    const { sub, passkey } = await inPage(page, (guests) => guests.passkeys.add())
    const signCount = async () => (await credentials())[0]?.signCount
    ahead += 12_000
    const before = await signCount()
    const opened = await inPage(
      page,
      async (guests, url) => (await guests.fetch(url, { method: 'POST', body: 'open' })).json(),
      `${spa.app.origin}/vault`,
    )
    expect(opened).toEqual({ text: 'open', sub })
    expect(await signCount()).toBeGreaterThan(before!)
    ahead += 12_000
    await inPage(page, (guests, id) => guests.passkeys.remove(id, { force: true }), passkey.id)
    expect(await inPage(page, (guests) => guests.passkeys.list())).toEqual([])
    expect(await user(page)).toMatchObject({ sub, recoverability: 'none' })
  })

  test('finds the endpoints beside the client that it loads from the service', async () => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    await page.evaluate(`import('${spa.baseUrl}/client.js').then(({ createGuestClient }) => {
      window.guests = createGuestClient({ mode: 'token', clientId: 'spa' })
    })`)
    const { sub } = await signIn(page)
    expect((await user(page))?.sub).toBe(sub)
  })

  test('is kept out by the browser if it is not registered', async () => {
    const spa = await startSpa(browser)
    const stranger = await startSpa(browser)
    const { page, problems } = await stranger.open({}, { baseUrl: spa.baseUrl })
    expect(await codeInPage(page, (guests) => guests.signInAnonymously())).toBe('network')
    expect(spa.tokenRequests()).toBe(0)
    expect(problems.splice(0)).toEqual([expect.stringContaining('blocked by CORS policy')])
  })
})

test('a page of the service itself is the client guestkey, and does not change the cookie', async () => {
  const spa = await startSpa(browser, { own: true })
  const { page, context } = await spa.open()
  await inPage(page, async (guests) => {
    await guests.signInAnonymously()
    await guests.passkeys.add()
  })
  expect(claims(await accessToken(page))).toMatchObject({ client_id: 'guestkey' })
  expect(await context.cookies()).toEqual([])
  await page.evaluate(() => (window as never as { open(options?: object): void }).open())
  const other = await signIn(page)
  expect(await context.cookies()).toHaveLength(1)
  expect((await user(page))?.sub).toBe(other.sub)
  await reload(page)
  expect((await user(page))?.sub).not.toBe(other.sub)
})

test('in cookie mode a page gets access tokens for other services, always of the guest who is signed in', async () => {
  const spa = await startSpa(browser, { own: true })
  const device = await spa.open({}, { mode: 'cookie' })
  const { page } = device
  expect(await accessToken(page)).toBeNull()
  const { sub } = await signIn(page)
  const token = await accessToken(page)
  const asked = spa.tokenRequests()
  expect(await accessToken(page)).toBe(token)
  expect(spa.tokenRequests()).toBe(asked)
  const headers = { authorization: `Bearer ${token}` }
  expect(await (await fetch(`${spa.baseUrl}/userinfo`, { headers })).json()).toMatchObject({ sub })
  const other = await spa.openTab(device, { mode: 'cookie' })
  await inPage(other, (guests) => guests.signOut({ force: true }))
  await eventually(async () => expect(await accessToken(page)).toBeNull())
  const next = await signIn(other)
  expect(claims(await accessToken(page)).sub).toBe(next.sub)
  await inPage(page, (guests) => guests.signOut({ force: true }))
  expect(await accessToken(page)).toBeNull()
})

describe('tabs', () => {
  test.each([
    ['', () => {}],
    [
      ', even if the message about it is slow',
      () => {
        const { prototype } = BroadcastChannel
        const post = prototype.postMessage
        prototype.postMessage = function (message) {
          setTimeout(() => post.call(this, message), 150)
        }
      },
    ],
  ])('that refresh at once send one request, and all use its token%s', async (_, slowDown) => {
    const spa = await startSpa(browser)
    const device = await spa.open()
    await device.context.addInitScript(slowDown)
    await signIn(device.page)
    const others = [await spa.openTab(device), await spa.openTab(device)]
    for (const page of [device.page, ...others]) await reload(page)
    await holdTokens(device.page)
    const before = spa.tokenRequests()
    const asked = [device.page, ...others, ...others].map(accessToken)
    const tokens = new Set(await Promise.all(asked))
    expect([tokens.size, spa.tokenRequests() - before]).toEqual([1, 1])
    // Each tab has the key too: its proofs are accepted.
    for (const page of others) expect(await user(page)).not.toBeNull()
    expect(spa.tokenRequests() - before).toBe(1)
  })

  test('go on if the one that refreshes is closed', async () => {
    const spa = await startSpa(browser)
    const device = await spa.open()
    const { sub } = await signIn(device.page)
    const doomed = await spa.openTab(device)
    await reload(device.page)
    let held = 0
    await device.context.route('**/guest/token', async (route) => {
      if (held++ === 0) await wait(600)
      await route.continue().catch(() => {})
    })
    const lost = accessToken(doomed).catch(() => {})
    await eventually(() => expect(held).toBe(1))
    const token = accessToken(device.page)
    await doomed.close()
    await lost
    expect(claims(await token).sub).toBe(sub)
  })

  test('that sign in at once are one guest, and hear when one of them signs out', async () => {
    const spa = await startSpa(browser)
    const device = await spa.open()
    const other = await spa.openTab(device)
    await holdTokens(device.page)
    const guests = await Promise.all([signIn(device.page), signIn(other), signIn(other)])
    expect(new Set(guests.map(({ sub }) => sub)).size).toBe(1)
    await other.evaluate(() => {
      const page = window as never as { guests: { onChange(listener: (guest: unknown) => void): void } }
      page.guests.onChange((guest) => Object.assign(window, { heard: guest }))
    })
    await inPage(device.page, (guests) => guests.signOut({ force: true }))
    await other.waitForFunction(() => 'heard' in window && window.heard === null)
    expect(await accessToken(other)).toBeNull()
  })
})

describe('an access token', () => {
  test('is refreshed before it expires, once for three callers', async () => {
    const spa = await startSpa(browser, { client: { accessTokenSeconds: 8 } })
    const { page } = await spa.open()
    const { sub } = await signIn(page)
    const before = spa.tokenRequests()
    const first = await accessToken(page)
    expect(await accessToken(page)).toBe(first)
    await wait(6100)
    const three = () =>
      inPage(page, (guests) =>
        Promise.all([guests.accessToken(), guests.accessToken(), guests.accessToken()]),
      )
    const tokens = new Set(await three())
    expect([tokens.size, tokens.has(first), spa.tokenRequests() - before]).toEqual([1, false, 1])
    expect(claims([...tokens][0]!).sub).toBe(sub)
  })

  test('is refreshed once after an API refused it, and each request is repeated once', async () => {
    const refused = new Set<string>()
    let stubborn = false
    const api = await listenOpen((req, res) => {
      const isFirst = refused.size === 0 || refused.has(String(req.headers.authorization))
      if (isFirst) refused.add(String(req.headers.authorization))
      let text = ''
      req.on('data', (chunk) => {
        text += chunk
      })
      req.on('end', () => res.writeHead(isFirst || stubborn ? 401 : 200).end(text))
    })
    const spa = await startSpa(browser)
    const { page } = await spa.open({}, { apis: [api.origin] })
    await signIn(page)
    const before = spa.tokenRequests()
    const post = (url: string) =>
      inPage(
        page,
        async (guests, url) => {
          const send = async (body: string) => {
            const response = await guests.fetch(url, { method: 'POST', body })
            return [response.status, await response.text()]
          }
          return Promise.all([send('milk'), send('bread')])
        },
        url,
      )
    expect(await post(`${api.origin}/things`)).toEqual([
      [200, 'milk'],
      [200, 'bread'],
    ])
    expect([api.seen.length, spa.tokenRequests() - before]).toEqual([4, 1])
    stubborn = true
    expect((await post(`${api.origin}/things`)).map(([status]) => status)).toEqual([401, 401])
    expect([api.seen.length, spa.tokenRequests() - before]).toEqual([8, 2])
    expect(await user(page)).not.toBeNull()
  })

  test('of a session that ended elsewhere cannot be refreshed, and the next sign-in makes a new guest', async () => {
    const spa = await startSpa(browser)
    const phone = await spa.open({ synced: true })
    const { sub } = await inPage(phone.page, (guests) => guests.passkeys.add())
    const laptop = await spa.open({ synced: true, passkeys: await phone.credentials() })
    await inPage(laptop.page, (guests) => guests.passkeys.signIn())
    await inPage(laptop.page, (guests) => guests.sessions.endOthers())
    expect(await user(phone.page)).toBeNull()
    expect(await storedSession(phone.page)).toBeUndefined()
    expect((await signIn(phone.page)).sub).not.toBe(sub)
  })
})

describe('a wrong clock', () => {
  test.each([
    ['an hour ahead', 3_600_000, false],
    ['an hour behind', -3_600_000, false],
    ['a day ahead, on the origin of the service', 86_400_000, true],
  ])('does no harm: %s', async (_by, off, own) => {
    const spa = await startSpa(browser, { own })
    const device = await spa.open()
    const { page } = device
    await setClockOff(device, off)
    await reload(page)
    expect(Math.abs((await page.evaluate(() => Date.now())) - Date.now() - off)).toBeLessThan(10_000)
    const { sub } = await signIn(page)
    const token = await accessToken(page)
    expect(await accessToken(page)).toBe(token)
    await reload(page)
    expect((await user(page))?.sub).toBe(sub)
    const asked = spa.tokenRequests()
    await inPage(page, (guests) => guests.passkeys.add())
    expect((await user(page))?.sub).toBe(sub)
    expect(spa.tokenRequests()).toBe(asked)
  })

  test('is noticed even if the clock changes while the page is open', async () => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    const { sub } = await signIn(page)
    for (const off of [-3_600_000, 3_600_000]) {
      await page.evaluate((off) => {
        const real = performance.timeOrigin
        Date.now = () => real + performance.now() + off
      }, off)
      expect((await user(page))?.sub).toBe(sub)
    }
  })
})

describe('a cut network connection', () => {
  const atOnce = (route: Route) => route.abort('connectionreset')
  const afterwards = async (route: Route) => {
    // Sent on by the test, so that the browser gets nothing of the answer.
    const request = route.request()
    const headers = await request.allHeaders()
    const answered = await fetch(request.url(), { method: 'POST', headers, body: request.postData()! })
    expect(answered.ok).toBe(true)
    await route.abort('connectionreset')
  }

  test.each([
    ['before a refresh arrives', atOnce],
    ['before its answer arrives', afterwards],
  ])('%s makes the client ask again', async (_when, cut) => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    const { sub } = await inPage(page, (guests) => guests.passkeys.add())
    await reload(page)
    let cuts = 0
    await page.route('**/guest/token', async (route) => {
      if (cuts++ < 2) await cut(route)
      else await route.continue()
    })
    expect(claims(await accessToken(page)).sub).toBe(sub)
    expect(cuts).toBe(3)
    await reload(page)
    expect((await signIn(page)).sub).toBe(sub)
  })

  test('does no harm while the first passkey is added', async () => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    const { sub } = await signIn(page)
    let cuts = 0
    await page.route('**/guest/passkeys/register', async (route) => {
      if (cuts++ === 0) await afterwards(route)
      else await route.continue()
    })
    expect((await inPage(page, (guests) => guests.passkeys.add())).sub).toBe(sub)
    expect(cuts).toBe(2)
    expect(await spa.app.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
    await reload(page)
    expect(await user(page)).toMatchObject({ sub, recoverability: 'passkey' })
  })

  test.each([
    ['that stays cut', 'network', atOnce],
    ['to a server that is down', 'server_error', (route: Route) => route.fulfill({ status: 502 })],
    [
      'to a service without its store',
      'unavailable',
      (route: Route) =>
        route.fulfill({
          status: 503,
          json: { error: 'temporarily_unavailable', code: 'unavailable' },
        }),
    ],
  ])('%s signs nobody out, and makes no new guest', async (_how, code, answer) => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    const { sub } = await signIn(page)
    await reload(page)
    await page.route('**/guest/token', answer)
    expect(await codeInPage(page, (guests) => guests.signInAnonymously())).toBe(code)
    expect(await codeInPage(page, (guests) => guests.accessToken())).toBe(code)
    expect(await codeInPage(page, (guests) => guests.user())).toBe(code)
    await page.unroute('**/guest/token')
    expect((await signIn(page)).sub).toBe(sub)
  })

  test('leaves the old access token in use until it expires', async () => {
    const spa = await startSpa(browser, { client: { accessTokenSeconds: 16 } })
    const { page } = await spa.open()
    await signIn(page)
    const token = await accessToken(page)
    await page.route('**/guest/token', atOnce)
    await wait(12_100)
    expect(await accessToken(page)).toBe(token)
  })
})

describe('a browser', () => {
  const breakStore = (page: Page, method: 'open' | 'put', error: string) =>
    page.evaluate(
      ([method, error]) => {
        const { prototype } = method === 'open' ? IDBFactory : IDBObjectStore
        Object.assign(prototype, {
          [method]: () => {
            throw new DOMException('', error)
          },
        })
      },
      [method, error] as const,
    )

  test('that cannot read its storage makes no new guest', async () => {
    const spa = await startSpa(browser)
    const { page } = await spa.open()
    const { sub } = await signIn(page)
    await reload(page)
    const asked = spa.seen.length
    await breakStore(page, 'open', 'UnknownError')
    expect(await codeInPage(page, (guests) => guests.signInAnonymously())).toBe('storage')
    expect(await codeInPage(page, (guests) => guests.user())).toBe('storage')
    expect(spa.seen.length).toBe(asked)
    await reload(page)
    expect((await signIn(page)).sub).toBe(sub)
  })

  test.each([
    ['store anything', 'open', 'SecurityError'],
    ['store keys', 'put', 'DataCloneError'],
  ] as const)(
    'that cannot %s has its guest for as long as the page is open',
    async (_what, method, error) => {
      const spa = await startSpa(browser)
      const { page } = await spa.open()
      await breakStore(page, method, error)
      const { sub } = await signIn(page)
      expect(await inPage(page, (guests) => guests.passkeys.add())).toMatchObject({ sub })
      expect((await signIn(page)).sub).toBe(sub)
      expect(claims(await accessToken(page))).toMatchObject({ sub, cnf: { jkt: expect.any(String) } })
      await inPage(page, (guests) => guests.signOut())
      expect(await user(page)).toBeNull()
    },
  )
})

describe('a stolen refresh token', () => {
  const use = async (spa: Spa, refresh_token: string) => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'spa', refresh_token })
    const answer = await fetch(`${spa.baseUrl}/token`, { method: 'POST', body })
    return { status: answer.status, error: ((await answer.json()) as { error?: string }).error }
  }

  test('is useless without the key, which cannot be taken out of the browser', async () => {
    const spa = await startSpa(browser)
    const thief = await startSpa(browser)
    const { page } = await spa.open()
    const { sub } = await inPage(page, (guests) => guests.passkeys.add())
    const { refreshToken } = (await storedSession(page))!
    expect(await use(spa, refreshToken)).toEqual({ status: 400, error: 'invalid_grant' })
    const { page: den } = await thief.open()
    const proof = await forgeProof(den, `${spa.baseUrl}/token`)
    const forged = await fetch(`${spa.baseUrl}/token`, {
      method: 'POST',
      headers: { dpop: proof },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'spa',
        refresh_token: refreshToken,
      }),
    })
    expect(await forged.json()).toMatchObject({ error: 'invalid_grant' })
    expect(await takeKey(page)).toBe('InvalidAccessError')
    await reload(page)
    expect((await user(page))?.sub).toBe(sub)
  })

  test('works for the thief if the client has set dpop to false', async () => {
    const spa = await startSpa(browser)
    const { page } = await spa.open({}, { dpop: false })
    await signIn(page)
    expect(claims(await accessToken(page))).not.toHaveProperty('cnf')
    expect(spa.seen.flatMap(({ headers }) => headers.dpop ?? [])).toEqual([])
    await reload(page)
    expect(await user(page)).not.toBeNull()
    expect((await use(spa, (await storedSession(page))!.refreshToken)).status).toBe(200)
  })

  /** A proof by a key of the thief's own. */
  const forgeProof = (page: Page, url: string) =>
    page.evaluate(async (url) => {
      const text = (data: ArrayBuffer | Uint8Array<ArrayBuffer>) =>
        btoa(String.fromCharCode(...new Uint8Array(data)))
          .replace(/\+/g, '-')
          .replace(/\//g, '_')
          .replace(/=+$/, '')
      const part = (content: object) => text(new TextEncoder().encode(JSON.stringify(content)))
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
      const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
      const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
      const iat = Math.floor(Date.now() / 1000)
      const signed = `${part(header)}.${part({ jti: crypto.randomUUID(), htm: 'POST', htu: url, iat })}`
      const signature = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(signed))
      return `${signed}.${text(signature)}`
    }, url)

  /** The error that a script gets if it tries to export the stored key. */
  const takeKey = (page: Page) =>
    page.evaluate(async () => {
      const opening = indexedDB.open('guestkey')
      await new Promise((resolve) => {
        opening.onsuccess = resolve
      })
      const reading = opening.result.transaction('sessions').objectStore('sessions').getAll()
      await new Promise((resolve) => {
        reading.onsuccess = resolve
      })
      opening.result.close()
      return crypto.subtle.exportKey('jwk', reading.result[0].key.privateKey).then(
        () => 'exported',
        (error: Error) => error.name,
      )
    })
})

test('tokens go to the service and the APIs in the options, and to nobody else, not even by a redirect', async () => {
  const foreign = await listenOpen((_req, res) => res.end('thanks'))
  const api = await listenOpen((req, res) => {
    if (req.url === '/away') res.writeHead(307, { location: `${foreign.origin}/by-redirect` }).end()
    else res.end('fine')
  })
  const spa = await startSpa(browser, {
    routes: (host) =>
      host.use('/away', (req, res) => allowAll(req, res) || res.redirect(`${foreign.origin}/by-the-service`)),
  })
  const { page } = await spa.open({}, { apis: [api.origin] })
  await signIn(page)
  const get = (url: string, init: RequestInit = {}) =>
    codeInPage(page, (guests, [url, init]) => guests.fetch(url, init), [url, init] as const)
  expect(await get(`${api.origin}/things`)).toBe('no error')
  expect(await get(`${foreign.origin}/directly`)).toBe('no error')
  expect(await get(`${api.origin}/away`)).toBe('TypeError')
  expect(await get(`${api.origin}/away`, { method: 'POST', body: 'x', redirect: 'follow' })).toBe('TypeError')
  expect(await get(`${api.origin}/away`, { redirect: 'manual' })).toBe('no error')
  expect(await get(`${spa.app.origin}/away`)).toBe('TypeError')
  expect(await get(`${api.origin}/things`, { headers: { authorization: 'Basic own' } })).toBe('no error')
  const sent = ({ headers: { authorization = '', dpop = '' } }: { headers: Record<string, unknown> }) =>
    `${String(authorization).split(' ')[0]} ${dpop ? 'with proof' : ''}`
  expect(api.seen.map(sent)).toEqual(['DPoP with proof', ...Array(3).fill('DPoP with proof'), 'Basic '])
  expect(foreign.seen.map((seen) => `${seen.door}: ${sent(seen)}`)).toEqual(['GET /directly:  '])
})
