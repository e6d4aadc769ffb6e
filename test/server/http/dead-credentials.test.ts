// What a session that is over does to the routes of a host: the option deadCredentials, a host's own Authorization header,
// and the sign-in that removes the cookie.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Options } from '../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { cookiesSet } from '../../support/refusals.ts'

const start = (options: Partial<Options> = {}) =>
  startApp(options, (host, guests) => {
    host.get('/public', (_req, res) => void res.send('hello'))
    host.get('/who', (req, res) => void res.json({ guest: req.guest }))
    host.get('/guests', guests.requireGuest(), (_req, res) => void res.json({}))
    host.get('/vault', guests.requirePasskey({ maxAgeSeconds: 60 }), (_req, res) => void res.json({}))
    host.post('/join', async (req, res) => void res.json(await guests.signInAnonymously(req, res)))
  })

/** Sessions that are over, as headers. */
async function dead(app: TestApp): Promise<Record<string, Record<string, string>>> {
  const [left, idle] = [app.browser(), app.browser()] as [Browser, Browser]
  await Promise.all([left.signIn(), idle.signIn()])
  const ended = left.token!
  await left.post('/guest/sign-out', { force: true })
  return {
    ended: { Cookie: `guestkey=${ended}` },
    'ended, as bearer': { Authorization: `Bearer ${ended}` },
    'of another secret': { Cookie: `guestkey=${idle.token!.slice(0, -3)}AAA` },
    'never issued': { Cookie: `guestkey=gkt_${'A'.repeat(22)}.${'A'.repeat(43)}` },
    'no token of ours': { Cookie: 'guestkey=x' },
  }
}

const get = (app: TestApp, path: string, headers: Record<string, string>) =>
  supertest(app.server).get(path).set(headers)

describe('a dead credential on a route of the host', () => {
  test('is refused, unless the option deadCredentials says otherwise', async () => {
    const app = await start()
    for (const [name, headers] of Object.entries(await dead(app)))
      for (const path of ['/public', '/who', '/guests', '/vault'])
        expect((await get(app, path, headers)).status, `${name} ${path}`).toBe(401)
  })

  test('with deadCredentials: ignore is nobody’s, and only the guards refuse it', async () => {
    const app = await start({ deadCredentials: 'ignore' })
    for (const [name, headers] of Object.entries(await dead(app))) {
      expect((await get(app, '/public', headers)).text, name).toBe('hello')
      expect((await get(app, '/who', headers)).body).toEqual({ guest: null })
      for (const path of ['/guests', '/vault', '/guest/userinfo', '/guest/verify']) {
        const { status, body } = await get(app, path, headers)
        expect(status, `${name} ${path}`).toBe(401)
        if (path !== '/guest/verify') expect(body.code).toBe('session_invalid')
      }
      expect((await supertest(app.server).post('/join').set(headers)).status).toBe(401)
    }
  })

  test('with deadCredentials: ignore is still removed from a browser that opens a page', async () => {
    const app = await start({ deadCredentials: 'ignore' })
    const answer = await get(app, '/public', { Cookie: 'guestkey=x', Accept: 'text/html' })
    expect(answer.status).toBe(303)
    expect(cookiesSet(answer)).toEqual([expect.stringMatching(/^guestkey=; .*Max-Age=0/)])
  })

  test('with deadCredentials: ignore does not let two credentials through', async () => {
    const app = await start({ deadCredentials: 'ignore' })
    const [one, another] = [app.browser(), app.browser()]
    await Promise.all([one.signIn(), another.signIn()])
    const two = [
      { Cookie: `guestkey=${one.token}; guestkey=${another.token}` },
      { Cookie: `guestkey=${one.token}`, Authorization: `Bearer ${another.token}` },
      { Cookie: 'guestkey=x', Authorization: `Bearer ${one.token}` },
    ]
    for (const headers of two) expect((await get(app, '/public', headers)).status).toBe(400)
  })
})

describe("a dead cookie beside a host's own Authorization header", () => {
  const jwt = ['{"alg":"HS256","typ":"JWT"}', '{"sub":"a user"}', 'x'].map((part) =>
    Buffer.from(part).toString('base64url'),
  )
  test.each([`Bearer ${jwt.join('.')}`, 'Basic dXNlcjpwYXNz', 'Bearer opaque', 'Token x'])(
    'is nobody’s: the host knows who asks (%s)',
    async (authorization) => {
      const app = await start()
      for (const [name, headers] of Object.entries(await dead(app))) {
        if ('Authorization' in headers) continue
        const both = { ...headers, Authorization: authorization }
        expect((await get(app, '/public', both)).text, name).toBe('hello')
        expect((await get(app, '/who', both)).body).toEqual({ guest: null })
        expect((await get(app, '/guests', both)).status).toBe(401)
      }
    },
  )
})

test('a sign-in that only looks up has the browser delete the dead cookie, as the client asks for', async () => {
  const app = await start()
  const browser = app.browser()
  await browser.signIn()
  const token = browser.token!
  await browser.post('/guest/sign-out', { force: true })
  browser.cookies.set('guestkey', token)
  expect((await browser.get('/public')).status).toBe(401)
  expect((await browser.get('/guest/userinfo')).status).toBe(401)
  expect(browser.cookie).toBeDefined()
  expect((await browser.post('/guest/sign-in', { lookup_only: true })).status).toBe(401)
  expect(browser.cookie).toBeUndefined()
  expect((await browser.get('/public')).status).toBe(200)
})

test('a cookie lives no longer than the session in it can', async () => {
  const app = await start({ sessions: { idleSeconds: 1000, absoluteSeconds: 5000 } })
  const browser = app.browser()
  const maxAgeOf = (answer: supertest.Response) =>
    Number(/^guestkey=[^;].*Max-Age=(\d+)/.exec(cookiesSet(answer).join('\n'))![1])
  expect(maxAgeOf(await browser.post('/guest/sign-in'))).toBe(5000)
  app.clock.forward(900)
  expect(maxAgeOf(await browser.post('/guest/sign-in'))).toBe(4100)
  expect(maxAgeOf(await browser.addPasskey(app.device()))).toBe(5000)
})
