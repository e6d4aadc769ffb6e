// Forward-auth with real proxies. The apps behind them learn who is signed in only from headers.

import { describe, expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { findProgram } from '../support/programs.ts'
import { type Service, startService } from '../support/service.ts'
import { sharedInFile } from '../support/when-over.ts'
import { type Seen, startNodeApp, startWsgiApp } from './backends.ts'
import { type Answer, type ProxyServer, proxies, send } from './proxies.ts'

const python = findProgram('python3')

const names = [
  ...['X-Guest-Id', 'X-Guest-Is-Anonymous', 'X-Guest-Is-Verified', 'X-Guest-Recoverability'],
  ...['X-Guest-Label', 'X-Guest-Collection', 'X-Guest-Session-Id', 'X-Guest-Auth-Time', 'X-Guest-Acr'],
]
const spoofed = (change: (name: string) => string) => names.map((name) => `${change(name)}: spoofed`)

/** What a visitor might send to pose as somebody else: the header lines of one request each. */
const spoofs: Record<string, string[]> = {
  'every header': spoofed((name) => name),
  'in small letters': spoofed((name) => name.toLowerCase()),
  'in capitals': spoofed((name) => name.toUpperCase()),
  'in mixed letters': spoofed((name) => name.replace(/[aeiou]/gi, (letter) => letter.toUpperCase())),
  'with underscores': spoofed((name) => name.replaceAll('-', '_')),
  'with one underscore': ['X-Guest_Id: spoofed', 'X_Guest-Id: spoofed', 'HTTP_X_GUEST_ID: spoofed'],
  'with dots': spoofed((name) => name.replaceAll('-', '.')),
  'with other characters': ['X~Guest~Id: spoofed', "X'Guest'Id: spoofed", 'X!Guest|Id: spoofed'],
  twice: ['X-Guest-Id: spoofed', 'X-Guest-Id: spoofed', 'x-guest-id: spoofed'],
  empty: names.map((name) => `${name}:`),
  'as hop by hop': ['Connection: X-Guest-Id, X-Guest-Is-Anonymous', 'X-Guest-Id: spoofed'],
  'as hop by hop, all of them': [`Connection: ${names.join(',').toLowerCase()}`],
  'as hop by hop, with an underscore': ['Connection: X-Guest-Id', 'X_Guest_Id: spoofed'],
  'as hop by hop, in an upgrade': ['Connection: Upgrade, X-Guest-Id', 'Upgrade: websocket'],
  'as hop by hop, in another upgrade': ['Connection: Upgrade, X-Guest-Id', 'Upgrade: h2c'],
  'as hop by hop of a proxy': ['Proxy-Connection: X-Guest-Id', 'X-Guest-Id: spoofed'],
  'in a folded line': ['X-Other: a', ' X-Guest-Id: spoofed'],
  'with a space before the colon': ['X-Guest-Id : spoofed'],
  'with a tab before the colon': ['X-Guest-Id\t: spoofed'],
  'as a trailer': ['Trailer: X-Guest-Id'],
  'of the request to the service': [
    ...['X-Original-URL: /guest/verify?optional=true', 'X-Forwarded-Uri: /guest/verify?optional=true'],
    ...['X-Forwarded-Method: OPTIONS', 'X-HTTP-Method-Override: OPTIONS', 'X-Guest-Optional: true'],
  ],
}

/**
 * The headers about a guest that reached the app on Node, and any header that a framework could take for one. nginx leaves
 * out the empty ones, Caddy does not.
 */
const toldNode = (answer: Answer) =>
  (JSON.parse(answer.body) as Seen).headers
    .filter(([name, value]) => /guest/i.test(name) && !/optional$/i.test(name) && value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .sort()

/** The same for the app on WSGI, by the names that it has for them. */
const toldWsgi = (answer: Answer) =>
  Object.entries(JSON.parse(answer.body) as Record<string, string>)
    .filter(([name, value]) => name.includes('GUEST') && !name.endsWith('OPTIONAL') && value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .sort()

/** How WSGI names the header of each line. */
const inWsgi = (lines: string[]) =>
  lines.map((line) => `HTTP_${line.replace(/^[^:]+/, (name) => name.replaceAll('-', '_').toUpperCase())}`)

/** Without the headers that only a stored session has: when and how the passkey was used. */
const withoutProof = (lines: string[]) =>
  lines.filter((line) => !/^(HTTP_)?X[-_]Guest[-_](Auth[-_]Time|Acr): \S+$/i.test(line))

/** A guest's two credentials, and the headers that an app must get for them. */
type Credentials = { credential: string; identity: string[] }

async function credentialsOf(service: Service, kind: 'sealed' | 'stored'): Promise<Credentials[]> {
  const browser = service.browser()
  const guest = await browser.signIn()
  if (kind === 'stored') await browser.addPasskey(service.device())
  const { sub, recoverability, label } = (await browser.get('/guest/userinfo')).body
  const asked = {
    grant_type: 'urn:guestkey:params:oauth:grant-type:session',
    client_id: 'guestkey',
  }
  const { access_token } = (await browser.post('/guest/token', asked)).body
  expect(sub).toBe(guest.sub)
  const { sessions } = (await browser.get('/guest/sessions')).body
  const session = sessions.find(({ current }: { current: boolean }) => current).id
  const identity = [
    ...[`X-Guest-Id: ${sub}`, 'X-Guest-Is-Anonymous: true', 'X-Guest-Is-Verified: false'],
    ...[`X-Guest-Recoverability: ${recoverability}`, `X-Guest-Label: ${label}`],
    ...['X-Guest-Collection: users', `X-Guest-Session-Id: ${session}`],
  ].sort()
  return [`Cookie: ${browser.cookie}`, `Authorization: Bearer ${access_token}`].map((credential) => ({
    credential,
    identity,
  }))
}

/** The service, and the proxy twice: in front of an app on Node, and of one on WSGI. */
async function startAll({ program, start }: ProxyServer) {
  const [service, app, wsgi] = await Promise.all([
    startService(),
    startNodeApp(),
    python ? startWsgiApp(python) : undefined,
  ])
  const before = (port: number) => start(program!, { guestkey: service.port, app: port })
  return { service, app, port: await before(app.port), wsgiPort: wsgi && (await before(wsgi.port)) }
}

for (const proxy of proxies) {
  describe.skipIf(!proxy.program)(`${proxy.name} with forward-auth`, () => {
    const shared = sharedInFile(() => startAll(proxy))
    const start = proxy.start.bind(undefined, proxy.program!)

    test.each(['sealed', 'stored'] as const)(
      'tells the app who is signed in, by cookie and by bearer token: a %s session',
      async (kind) => {
        const { service, app, port } = shared()
        for (const { credential, identity } of await credentialsOf(service, kind)) {
          for (const path of ['/notes', '/open/page']) {
            const answer = await send(port, path, [credential])
            expect(answer.status).toBe(200)
            const lines = toldNode(answer)
            expect(withoutProof(lines)).toEqual(identity)
            expect(lines.length - identity.length).toBe(kind === 'stored' ? 2 : 0)
          }
          // The same check lets a POST through, with its body.
          const posted = await send(port, '/notes', [credential], { method: 'POST', body: 'a note' })
          expect(JSON.parse(posted.body)).toMatchObject({ method: 'POST', body: 'a note' })
          expect(withoutProof(toldNode(posted))).toEqual(identity)
        }
        // On this path the proxy does not ask who is signed in, and sends no headers about a guest.
        expect(toldNode(await send(port, '/assets/app.css'))).toEqual([])
        expect(app.seen.map(({ url }) => url)).not.toContain('/_guest')
      },
    )

    test.each(Object.entries(spoofs))('lets no made-up identity through: %s', async (...of) => {
      const [, lines] = of
      const { service, app, port, wsgiPort } = shared()
      const first = app.seen.length
      const apps = [{ at: port, told: toldNode, named: (identity: string[]) => identity }]
      if (wsgiPort) apps.push({ at: wsgiPort, told: toldWsgi, named: inWsgi })
      const everybody = [
        ...(await credentialsOf(service, 'sealed')),
        ...(await credentialsOf(service, 'stored')),
      ]
      for (const { at, told, named } of apps) {
        for (const { credential, identity } of everybody) {
          for (const path of ['/notes', '/open/page']) {
            for (const order of [
              [credential, ...lines],
              [...lines, credential],
            ]) {
              const answer = await send(at, path, order)
              // The proxy either refuses such a line, or accepts and drops it.
              if (answer.status !== 400) expect(withoutProof(told(answer))).toEqual(named(identity))
            }
          }
        }
        const before = app.seen.length
        const refused = [await send(at, '/notes', lines), await send(at, '/notes?optional=true', lines)]
        for (const { status } of refused) expect([400, 401]).toContain(status)
        expect(app.seen).toHaveLength(before)
        for (const path of ['/open/page', '/assets/app.css']) {
          const answer = await send(at, path, lines)
          if (answer.status !== 400) expect(told(answer)).toEqual([])
        }
      }
      const values = app.seen.slice(first).flatMap(({ headers }) => headers.map(([, value]) => value))
      expect(values).not.toContain('spoofed')
    })

    test('lets nobody in by what the request adds to the question', async () => {
      const { app, port } = shared()
      const before = app.seen.length
      const queries = ['?optional=true', '?optional=true&audience=x', '?%6fptional=true', '?x#?optional=true']
      const paths = ['/assets/../notes', '/assets/%2e%2e/notes', '/assets/..%2fnotes', '/open/..//notes']
      for (const path of [...queries.map((query) => `/notes${query}`), ...paths])
        expect([400, 401], path).toContain((await send(port, path)).status)
      expect(app.seen).toHaveLength(before)
    })

    // Each is an open path to the one and a path with a guest to the other, as Express, URL() or Tomcat read them.
    test('refuses a path that it and the app could read in two ways', async () => {
      const { app, port } = shared()
      const before = app.seen.length
      const ends = [
        '/notes/../O/x',
        '/notes/..%2fO/x',
        '/notes/..%2FO/x',
        '/notes/%2e%2e/O/x',
        '/notes/.%2E/O/x',
      ]
      const more = [
        '/notes//../../O/x',
        '/notes/./../O/x',
        '/notes/../O/..',
        '/notes/../O/x?a=b',
        '/O/.;/../notes',
      ]
      const begins = [
        '//O/notes',
        '/O//notes',
        '/O/..\\notes',
        '/O/..%5cnotes',
        '/O/..;/notes',
        '/O/..;x=y/notes',
      ]
      for (const path of [...ends, ...more, ...begins])
        for (const open of ['assets', 'open'])
          expect([400, 401], path).toContain((await send(port, path.replace('O', open))).status)
      expect(app.seen).toHaveLength(before)
      // What looks alike and is read in one way goes on.
      const query = '/assets/a%20b?to=/a/../%2fb//c'
      for (const path of ['/assets/.well-known/x', '/assets/a..b/x', '/assets/...', query])
        expect((await send(port, path)).status, path).toBe(200)
    })

    test('refuses a change that a page of another origin sends, whatever method the request names', async () => {
      const { service, app, port } = shared()
      const [{ credential }] = (await credentialsOf(service, 'stored')) as [Credentials]
      const before = app.seen.length
      for (const lines of [
        ['Origin: https://other.example.com'],
        ['Origin: https://other.example.com', 'X-Forwarded-Method: GET'],
        ['Origin: https://other.example.com', 'Connection: Origin, X-Forwarded-Method'],
        ['Origin: null', 'X-HTTP-Method-Override: GET'],
      ]) {
        const answer = await send(port, '/notes', [credential, ...lines], { method: 'POST', body: 'a note' })
        expect(answer.status, lines.join()).toBe(401)
      }
      expect(app.seen).toHaveLength(before)
      const own = [credential, `Origin: ${service.origin}`]
      expect((await send(port, '/notes', own, { method: 'POST', body: 'a note' })).status).toBe(200)
    })

    // The nginx configuration passes no WebSockets on.
    test.runIf(proxy.name === 'Caddy')('passes a WebSocket on, but not that of another origin', async () => {
      const { service, port } = shared()
      const [{ credential, identity }] = (await credentialsOf(service, 'sealed')) as [Credentials]
      const handshake = ['Upgrade: websocket', 'Connection: keep-alive, Upgrade', 'Sec-WebSocket-Version: 13']
      const lines = [credential, ...handshake, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
      const answer = await send(port, '/notes', [...lines, `Origin: ${service.origin}`])
      const { headers } = JSON.parse(answer.body) as Seen
      expect(headers).toContainEqual(['Connection', 'Upgrade'])
      expect(toldNode(answer)).toEqual(identity)
      expect((await send(port, '/notes', [...lines, 'Origin: https://other.example.com'])).status).toBe(401)
    })

    test('takes nothing that a guest is called for a setting of its own', async () => {
      const { service, port } = shared()
      const browser = service.browser()
      await browser.signIn()
      for (const label of ['{http.request.uri} {env.PATH}', '$http_cookie $request_uri', '%{PATH}']) {
        await browser.patch('/guest/label', { label })
        const lines = toldNode(await send(port, '/notes', [`Cookie: ${browser.cookie}`]))
        expect(decodeURIComponent(lines.find((line) => line.startsWith('X-Guest-Label: '))!)).toBe(
          `X-Guest-Label: ${label}`,
        )
      }
    })

    test('keeps out a visitor without a session, with an ended session, and with a made-up one', async () => {
      const { service, app, port } = shared()
      const browser = service.browser()
      await browser.signIn()
      const cookie = `Cookie: ${browser.cookie}`
      const [, { credential: bearer }] = (await credentialsOf(service, 'stored')) as [
        Credentials,
        Credentials,
      ]
      expect((await send(port, '/notes', [cookie])).status).toBe(200)
      await browser.post('/guest/sign-out', { force: true })
      const before = app.seen.length
      const nobody = await send(port, '/notes')
      expect(nobody.status).toBe(401)
      expect(nobody.head).toMatch(/^www-authenticate: bearer$/im)
      for (const path of ['/notes', '/open/page']) {
        for (const line of [
          cookie,
          `${bearer}x`,
          'Authorization: Bearer nonsense',
          'Cookie: guestkey=nonsense',
        ]) {
          expect((await send(port, path, [line])).status, `${path} ${line.slice(0, 30)}`).toBe(401)
        }
      }
      // A visitor who requests nginx's own check path gets 404.
      for (const path of ['/_guest', '/_guest_or_nobody', '/%5Fguest', '//_guest']) {
        expect((await send(port, path)).status).not.toBe(200)
      }
      expect(app.seen).toHaveLength(before)
    })

    test('clears a dead cookie in the response to the page that the browser asked for', async () => {
      const { service, port } = shared()
      const browser = service.browser()
      await browser.signIn()
      const cookie = `Cookie: ${browser.cookie}`
      await browser.post('/guest/sign-out', { force: true })
      const page = ['Sec-Fetch-Mode: navigate', 'Accept: text/html', cookie]
      const refused = await send(port, '/open/page', page)
      expect(refused.status).toBe(401)
      expect(refused.head).toMatch(/^set-cookie: guestkey=;.*max-age=0/im)
      expect((await send(port, '/open/page', page.slice(0, 2))).status).toBe(200)
    })

    // Caddy gives no cookie back.
    test.runIf(proxy.name === 'nginx').each([
      ['', 'private, no-store'],
      ['private, max-age=60', 'private, max-age=60'],
      ['no-store', 'no-store'],
      ['public, max-age=60', undefined],
      ['max-age=60', undefined],
      ['private="X-Name", max-age=60', undefined],
    ])('gives the cookie back unless a shared cache may store it: %s', async (given, expected) => {
      const guests = await startApp()
      const app = await startNodeApp()
      const port = await start({ guestkey: Number(new URL(guests.origin).port), app: app.port })
      const browser = guests.browser()
      await browser.signIn()
      guests.clock.forward(24 * 60 * 60)
      const lines = [`Cookie: ${browser.cookie}`, 'Sec-Fetch-Mode: navigate']
      const { status, head } = await send(port, `/notes?cache=${encodeURIComponent(given)}`, lines)
      expect(status).toBe(200)
      const linesOf = (name: string) =>
        [...head.matchAll(new RegExp(`^${name}: (.*)$`, 'gim'))].map(([, value]) => value)
      expect(linesOf('set-cookie')).toEqual(expected ? [expect.stringMatching(/^guestkey=gks_/)] : [])
      expect(linesOf('cache-control')).toEqual([expected ?? given])
    })

    test('passes the largest cookie on', async () => {
      const prompts = Array.from({ length: 20 }, (_, i) => ({
        prompt: `${'x'.repeat(50)}-${10 + i}:${'x'.repeat(63)}`,
      }))
      const service = await startService({ GUESTKEY_OPTIONS: JSON.stringify({ prompts }) })
      const port = await start({ guestkey: service.port, app: 1 })
      const browser = service.browser()
      await browser.signIn()
      for (const { prompt } of prompts) await browser.post('/guest/prompts/snooze', { prompt })
      const lines = [
        `Cookie: ${browser.cookie}`,
        `Origin: ${service.origin}`,
        'Content-Type: application/json',
      ]
      const body = JSON.stringify({ label: 'x'.repeat(64) })
      const { status, head } = await send(port, '/guest/label', lines, { method: 'PATCH', body })
      expect(status).toBe(200)
      expect(/^set-cookie: (.*)$/im.exec(head)![1]!.length).toBeGreaterThan(3900)
    })

    test('lets nobody through while the service is down', async () => {
      const service = await startService()
      const app = await startNodeApp()
      const port = await start({ guestkey: service.port, app: app.port })
      const credentials = await credentialsOf(service, 'stored')
      await service.stop('SIGKILL')
      for (const path of ['/notes', '/open/page']) {
        for (const line of ['X-Guest-Id: spoofed', ...credentials.map(({ credential }) => credential)]) {
          expect((await send(port, path, [line])).status).toBeGreaterThanOrEqual(500)
        }
      }
      expect(app.seen).toEqual([])
    })
  })
}
