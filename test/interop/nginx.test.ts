// Forward-auth with a real nginx. The backend behind it learns who is signed in only from headers.

import { describe, expect, test } from 'vitest'
import { findProgram } from '../support/programs.ts'
import { type Service, startService } from '../support/service.ts'
import { type Answer, type Seen, send, startBackend, startForwardAuth } from './nginx.ts'

const nginx = findProgram('nginx')

const names = [
  ...['X-Guest-Id', 'X-Guest-Is-Anonymous', 'X-Guest-Is-Verified', 'X-Guest-Recoverability'],
  ...['X-Guest-Label', 'X-Guest-Collection', 'X-Guest-Session-Id', 'X-Guest-Auth-Time', 'X-Guest-Acr'],
]

/** What a visitor might send to pose as somebody else: the header lines of one request each. */
const spoofs: Record<string, string[]> = {
  'every header': names.map((name) => `${name}: spoofed`),
  'in small letters': names.map((name) => `${name.toLowerCase()}: spoofed`),
  'in capitals': names.map((name) => `${name.toUpperCase()}: spoofed`),
  'with underscores': names.map((name) => `${name.replaceAll('-', '_')}: spoofed`),
  'with one underscore': ['X-Guest_Id: spoofed', 'X_Guest-Id: spoofed', 'HTTP_X_GUEST_ID: spoofed'],
  twice: ['X-Guest-Id: spoofed', 'X-Guest-Id: spoofed', 'x-guest-id: spoofed'],
  empty: names.map((name) => `${name}:`),
  'as hop by hop': ['Connection: X-Guest-Id, X-Guest-Is-Anonymous', 'X-Guest-Id: spoofed'],
  'in a folded line': ['X-Other: a', ' X-Guest-Id: spoofed'],
  'with a space before the colon': ['X-Guest-Id : spoofed'],
  'with a tab before the colon': ['X-Guest-Id\t: spoofed'],
  'as a trailer': ['Trailer: X-Guest-Id'],
  'of the request to the service': ['X-Original-URL: /guest/verify?optional=true', 'X-Guest-Optional: true'],
}

/** The headers about a guest that reached the backend, and any header that a framework could take for one. */
const told = ({ headers }: Seen) =>
  headers
    .filter(([name]) => /guest[-_]/i.test(name) && !/^x[-_]guest[-_]optional$/i.test(name))
    .map(([name, value]) => `${name}: ${value}`)
    .sort()

const parse = ({ body }: Answer) => JSON.parse(body) as Seen

async function start() {
  const [service, backend] = await Promise.all([startService(), startBackend()])
  const port = await startForwardAuth(nginx!, { guestkey: service.port, app: backend.port })
  return { service, backend, port }
}

/** A guest's two credentials, and the headers that the backend must get for them. */
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
  const identity = (session: string) =>
    [
      ...[`X-Guest-Id: ${sub}`, 'X-Guest-Is-Anonymous: true', 'X-Guest-Is-Verified: false'],
      ...[`X-Guest-Recoverability: ${recoverability}`, `X-Guest-Label: ${label}`],
      ...['X-Guest-Collection: users', `X-Guest-Session-Id: ${session}`],
    ].sort()
  const { sessions } = (await browser.get('/guest/sessions')).body
  const session = sessions.find(({ current }: { current: boolean }) => current).id
  return [`Cookie: ${browser.cookie}`, `Authorization: Bearer ${access_token}`].map((credential) => ({
    credential,
    identity: identity(session),
  }))
}

/** Without the headers that only a stored session has: when and how the passkey was used. */
const withoutProof = (lines: string[]) => lines.filter((line) => !/^X-Guest-(Auth-Time|Acr): \S+$/.test(line))

describe.skipIf(!nginx)('nginx with forward-auth', () => {
  test.each(['sealed', 'stored'] as const)(
    'tells the backend who is signed in, by cookie and by bearer token: a %s session',
    async (kind) => {
      const { service, backend, port } = await start()
      for (const { credential, identity } of await credentialsOf(service, kind)) {
        for (const path of ['/notes', '/open/page']) {
          const answer = await send(port, path, [credential])
          expect(answer.status).toBe(200)
          const lines = told(parse(answer))
          expect(withoutProof(lines)).toEqual(identity)
          expect(lines.length - identity.length).toBe(kind === 'stored' ? 2 : 0)
        }
        // The same check lets a POST through, with its body.
        const posted = await send(port, '/notes', [credential], { method: 'POST', body: 'a note' })
        expect(parse(posted)).toMatchObject({ method: 'POST', body: 'a note' })
        expect(withoutProof(told(parse(posted)))).toEqual(identity)
      }
      // On this path nginx does not ask who is signed in, and sends no headers about a guest.
      expect(told(parse(await send(port, '/assets/app.css')))).toEqual([])
      expect(backend.seen.map(({ url }) => url)).not.toContain('/_guest')
    },
  )

  test.each(Object.entries(spoofs))('lets no made-up identity through: %s', async (...of) => {
    const [, lines] = of
    const { service, backend, port } = await start()
    const everybody = [
      ...(await credentialsOf(service, 'sealed')),
      ...(await credentialsOf(service, 'stored')),
    ]
    for (const { credential, identity } of everybody) {
      for (const path of ['/notes', '/open/page']) {
        for (const order of [
          [credential, ...lines],
          [...lines, credential],
        ]) {
          const answer = await send(port, path, order)
          // nginx either refuses such a line, or accepts and drops it.
          if (answer.status !== 400) expect(withoutProof(told(parse(answer)))).toEqual(identity)
        }
      }
    }
    const before = backend.seen.length
    const refused = [await send(port, '/notes', lines), await send(port, '/notes?optional=true', lines)]
    for (const { status } of refused) expect([400, 401]).toContain(status)
    expect(backend.seen).toHaveLength(before)
    for (const path of ['/open/page', '/assets/app.css']) {
      const answer = await send(port, path, lines)
      if (answer.status !== 400) expect(told(parse(answer))).toEqual([])
    }
    expect(backend.seen.some(({ headers }) => headers.some(([, value]) => value === 'spoofed'))).toBe(false)
  })

  test('keeps out a visitor without a session, with an ended session, and with a made-up one', async () => {
    const { service, backend, port } = await start()
    const browser = service.browser()
    await browser.signIn()
    const cookie = `Cookie: ${browser.cookie}`
    const [, { credential: bearer }] = (await credentialsOf(service, 'stored')) as [Credentials, Credentials]
    expect((await send(port, '/notes', [cookie])).status).toBe(200)
    await browser.post('/guest/sign-out', { force: true })
    const before = backend.seen.length
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
    expect(backend.seen).toHaveLength(before)
  })

  test('clears a dead cookie in the response to the page that the browser asked for', async () => {
    const { service, port } = await start()
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

  test('passes the largest cookie on', async () => {
    const prompts = Array.from({ length: 20 }, (_, i) => ({
      prompt: `${'x'.repeat(50)}-${10 + i}:${'x'.repeat(63)}`,
    }))
    const service = await startService({ GUESTKEY_OPTIONS: JSON.stringify({ prompts }) })
    const port = await startForwardAuth(nginx!, { guestkey: service.port, app: 1 })
    const browser = service.browser()
    await browser.signIn()
    for (const { prompt } of prompts) await browser.post('/guest/prompts/snooze', { prompt })
    const lines = [`Cookie: ${browser.cookie}`, `Origin: ${service.origin}`, 'Content-Type: application/json']
    const body = JSON.stringify({ label: 'x'.repeat(64) })
    const { status, head } = await send(port, '/guest/label', lines, { method: 'PATCH', body })
    expect(status).toBe(200)
    expect(/^set-cookie: (.*)$/im.exec(head)![1]!.length).toBeGreaterThan(3900)
  })

  test('lets nobody through while the service is down', async () => {
    const { service, backend, port } = await start()
    const credentials = await credentialsOf(service, 'stored')
    await service.stop('SIGKILL')
    const before = backend.seen.length
    for (const path of ['/notes', '/open/page']) {
      for (const line of ['X-Guest-Id: spoofed', ...credentials.map(({ credential }) => credential)]) {
        expect((await send(port, path, [line])).status).toBeGreaterThanOrEqual(500)
      }
    }
    expect(backend.seen).toHaveLength(before)
  })
})
