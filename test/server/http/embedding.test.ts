// Guestkey in a host's Express app: Express 5 and 4, ESM and CommonJS, at any mount path and behind any middleware.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import express5, { type Express, type RequestHandler } from 'express'
import session from 'express-session'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type GuestKey, guestkey, type Options } from '../../../server/index.ts'
import { isPostgres } from '../../../server/options/options.ts'
import { Browser, guestOf } from '../../support/app.ts'
import { SoftwareAuthenticator } from '../../support/authenticator.ts'
import { storeWithTables, temporaryFolder, temporaryStore } from '../../support/engine.ts'

// The alias `express4` has no types; what this file uses is the same in both versions.
const express4 = createRequire(import.meta.url)('express4') as typeof express5
const versions: [string, typeof express5][] = [
  ['Express 5', express5],
  ['Express 4', express4],
]

const secret = 'a secret of more than 32 characters'

type Host = { browser: () => Browser; device: () => SoftwareAuthenticator; server: Server; origin: string }

/** An app that a host builds, on a free port, until the test ends. */
async function serve(
  express: typeof express5,
  build: (app: Express, make: (options?: Partial<Options>) => Promise<GuestKey>) => Promise<void>,
): Promise<Host> {
  const app = express()
  app.set('env', 'test') // keeps Express's own error handler from printing to the console
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const made: GuestKey[] = []
  await build(app, async (options) => {
    const store = options?.store ?? (await storeWithTables())
    const guests = guestkey({
      origin,
      store,
      cookieName: 'guestkey',
      ...(isPostgres(store) && { secret }),
      rateLimit: false,
      ...options,
    })
    made.push(guests)
    return guests
  })
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all(made.map((guests) => guests.close()))
  })
  return {
    ...{ server, origin },
    browser: () => new Browser(server, origin),
    device: () => new SoftwareAuthenticator({ origin, synced: true }),
  }
}

/** The host's own routes, after the router. */
function routes(app: Express, guests: GuestKey) {
  app.get('/who', (req, res) => void res.json({ guest: req.guest }))
  app.get('/vault', guests.requirePasskey({ maxAgeSeconds: 60 }), (req, res) => {
    res.json({ sub: req.guest!.sub })
  })
}

/** A guest signs in, keeps the account with a passkey, renames it, leaves, comes back, and removes the passkey. */
async function liveTheStory(host: Pick<Host, 'browser' | 'device'>, doors = '/guest', sees = '') {
  const browser = host.browser()
  const device = host.device()
  const who = async () => (await browser.get(`${sees}/who`)).body
  expect(await who()).toEqual({ guest: null })

  const { body: guest } = await browser.post(`${doors}/sign-in`, { lookup_only: false })
  expect(guest).toMatchObject({ isAnonymous: true, recoverability: 'none' })
  expect(await who()).toEqual({ guest: guestOf(guest) })
  expect((await browser.get(`${sees}/vault`)).body.code).toBe('insufficient_user_authentication')

  const creation = await browser.post(`${doors}/passkeys/register/options`)
  const added = await browser.post(`${doors}/passkeys/register`, await device.create(creation.body))
  expect(added.status, added.text).toBe(201)
  expect(added.body).toMatchObject({ sub: guest.sub, recoverability: 'synced' })
  const passkey = `${doors}/passkeys/${added.body.passkey.id}`
  expect((await browser.patch(passkey, { name: 'My phone' })).body.name).toBe('My phone')

  expect((await browser.post(`${doors}/sign-out`)).status).toBe(204)
  expect(await who()).toEqual({ guest: null })

  const assertion = await browser.post(`${doors}/passkeys/authenticate/options`)
  const back = await browser.post(`${doors}/passkeys/authenticate`, await device.get(assertion.body))
  expect(back.status, back.text).toBe(200)
  expect(back.body.sub).toBe(guest.sub)
  expect((await browser.get(`${sees}/vault`)).body).toEqual({ sub: guest.sub })

  expect((await browser.delete(passkey)).body.code).toBe('would_lose_account')
  expect((await browser.delete(`${passkey}?force=true`)).status).toBe(204)
  expect((await browser.get(`${doors}/passkeys`)).body).toEqual({ passkeys: [] })
  expect((await browser.get(`${doors}/client.js`)).headers['content-type']).toMatch(/^text\/javascript/)
}

describe.each(versions)('in %s', (_name, express) => {
  test('a guest can sign in, add a passkey, leave, come back and remove the passkey', async () => {
    await liveTheStory(
      await serve(express, async (app, make) => {
        const guests = await make()
        app.use(guests.router)
        routes(app, guests)
      }),
    )
  })

  test.each<[string, string, string, Partial<Options>]>([
    ['under a path', '/sub', '/sub/guest', {}],
    ['with a base path', '/', '/auth/guests', { basePath: '/auth/guests' }],
    ['under a path, with a base path', '/a/b', '/a/b/c.d', { basePath: '/c.d' }],
    ['under a path that is the base path', '/guest', '/guest', { basePath: '' }],
    ['under a path with a parameter', '/:tenant', '/acme/guest', {}],
  ])('the endpoints may be %s', async (_where, mount, doors, options) => {
    const host = await serve(express, async (app, make) => {
      const guests = await make(options)
      app.use(mount, guests.router)
      app.use(guests.loadGuest)
      routes(app, guests)
    })
    await liveTheStory(host, doors)
    const elsewhere = await host.browser().post('/elsewhere/sign-in')
    expect(elsewhere.status).toBe(404)
    expect(elsewhere.headers['set-cookie']).toBeUndefined()
  })

  test('the endpoints may be in a router, and at two mount paths at once', async () => {
    const host = await serve(express, async (app, make) => {
      const guests = await make()
      const router = express.Router()
      router.use(guests.router)
      router.get('/who', (req, res) => void res.json({ guest: req.guest }))
      router.get('/vault', guests.requirePasskey({ maxAgeSeconds: 60 }), (req, res) => {
        res.json({ sub: req.guest!.sub })
      })
      app.use(['/one', '/two'], router)
    })
    await liveTheStory(host, '/one/guest', '/two')
    await liveTheStory(host, '/two/guest', '/one')
  })

  const parsers: [string, (of: typeof express5) => RequestHandler[]][] = [
    ['express.json()', (of) => [of.json()]],
    ['express.json() for everything', (of) => [of.json({ type: '*/*', strict: false })]],
    ['express.urlencoded()', (of) => [of.urlencoded({ extended: true })]],
    ['express.urlencoded() and express.json()', (of) => [of.urlencoded({ extended: true }), of.json()]],
    ['express.text() for everything', (of) => [of.text({ type: '*/*' })]],
    ['express.raw() for everything', (of) => [of.raw({ type: '*/*' })]],
    ['all of them', (of) => [of.json(), of.text(), of.raw(), of.urlencoded({ extended: false })]],
  ]
  const withParsers = (parsersOf: (of: typeof express5) => RequestHandler[]) =>
    serve(express, async (app, make) => {
      const guests = await make()
      for (const parser of parsersOf(express)) app.use(parser)
      app.use(guests.router)
      routes(app, guests)
    })

  test.each(parsers)('%s may run before the endpoints', async (_parser, parsersOf) => {
    await liveTheStory(await withParsers(parsersOf))
  })

  test.each(parsers)('a body that %s has read is checked by the same rules', async (_parser, parsersOf) => {
    const host = await withParsers(parsersOf)
    const post = (body: string, type = 'application/json') =>
      supertest(host.server)
        .post('/guest/sign-in')
        .set({ Origin: host.origin, 'Content-Type': type })
        .send(body)
    expect((await post('{"role":"admin"}')).body.code).toBe('invalid_request')
    expect((await post('{"__proto__":{"lookup_only":true}}')).body.code).toBe('invalid_request')
    expect((await post(`${'[['.repeat(100)}${']]'.repeat(100)}`)).body.code).toBe('invalid_request')
    expect((await post('{}'.padEnd(70_000))).body.code).toBe('body_too_large')
    expect((await post('{}', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await post('{"lookup_only":true}')).body.code).toBe('no_guest')
    expect((await post('')).status).toBe(200)
  })

  test.each(['text', 'raw'] as const)(
    'a body that express.%s() has read may not exceed maxBodyBytes either',
    async (parser) => {
      const host = await withParsers((of) => [of[parser]({ type: '*/*', limit: '1mb' })])
      const headers = { Origin: host.origin, 'Content-Type': 'application/json' }
      const asked = request(`${host.origin}/guest/sign-in`, { method: 'POST', headers })
      asked.write('{}'.padEnd(70_000)) // before end(): chunked, with no Content-Length
      asked.end()
      const [{ statusCode }] = await once(asked, 'response')
      expect(statusCode).toBe(413)
    },
  )

  test('a session of the host works beside ours, and one response sets both cookies', async () => {
    const host = await serve(express, async (app, make) => {
      const guests = await make()
      app.use(session({ secret: 'of the host', resave: false, saveUninitialized: true }) as RequestHandler)
      app.use(guests.router)
      app.get('/views', (req, res) => {
        const own = req.session as unknown as { views?: number }
        own.views = (own.views ?? 0) + 1
        res.json({ views: own.views, sub: req.guest?.sub })
      })
      routes(app, guests)
    })
    const browser = host.browser()
    const guest = await browser.signIn()
    expect([...browser.cookies.keys()].sort()).toEqual(['connect.sid', 'guestkey'])
    expect((await browser.get('/views')).body).toEqual({ views: 1, sub: guest.sub })
    await browser.post('/guest/sign-out', { force: true })
    expect((await browser.get('/views')).body).toEqual({ views: 2 })
    await liveTheStory(host)
  })

  test('a cookie of the host stays beside ours, at endpoints, in refusals and in its own routes', async () => {
    const host = await serve(express, async (app, make) => {
      const guests = await make()
      app.use((_req, res, next) => {
        res.cookie('theme', 'dark')
        res.append('Set-Cookie', 'guestkeys=not-ours; Path=/')
        next()
      })
      app.use(guests.router)
      app.post('/join', (req, res, next) => {
        guests.signInAnonymously(req, res).then(({ guest }) => {
          res.cookie('later', '1')
          res.json(guest)
        }, next)
      })
    })
    const names = (answer: supertest.Response) =>
      (answer.headers['set-cookie'] as unknown as string[]).map((line) => line.split('=')[0])
    const ours = ['theme', 'guestkeys', 'guestkey']
    expect(names(await host.browser().post('/guest/sign-in'))).toEqual(ours)
    expect(names(await host.browser().post('/join'))).toEqual([...ours, 'later'])
    const bad = { Cookie: 'guestkey=x', Origin: host.origin, 'Content-Type': 'application/json' }
    const refused = await supertest(host.server).post('/guest/sign-in').set(bad).send('{}')
    expect(refused.status).toBe(401)
    expect(names(refused)).toEqual(ours)
  })

  test.each<[string, (name: string) => [mount: string, options: Partial<Options>]]>([
    ['under a path of its own', (name) => [`/${name}`, { cookieName: name }]],
    ['with a base path of its own', (name) => ['/', { basePath: `/${name}/guest`, cookieName: name }]],
  ])('several instances, each %s and with a cookie of its own, work in one browser', async (_how, of) => {
    const host = await serve(express, async (app, make) => {
      for (const name of ['staff', 'public']) {
        const [mount, options] = of(name)
        const guests = await make(options)
        const router = express.Router()
        router.use(guests.loadGuest)
        routes(router as unknown as Express, guests)
        app.use(mount, guests.router)
        app.use(`/${name}`, router)
      }
    })
    await liveTheStory(host, '/staff/guest', '/staff')
    await liveTheStory(host, '/public/guest', '/public')
    const browser = host.browser()
    const { body: staff } = await browser.post('/staff/guest/sign-in')
    expect((await browser.get('/public/who')).body).toEqual({ guest: null })
    const { body: visitor } = await browser.post('/public/guest/sign-in')
    expect((await browser.get('/staff/who')).body).toEqual({ guest: guestOf(staff) })
    expect((await browser.get('/public/who')).body).toEqual({ guest: guestOf(visitor) })
    expect(visitor.sub).not.toBe(staff.sub)
  })

  test('several instances with one store and secret share their guests', async () => {
    const store = await storeWithTables()
    const host = await serve(express, async (app, make) => {
      app.use((await make({ store, basePath: '/one' })).router)
      app.use((await make({ store, basePath: '/two' })).router)
    })
    const browser = host.browser()
    const { body: guest } = await browser.post('/one/sign-in')
    expect((await browser.get('/two/userinfo')).body).toEqual(guest)
    const creation = await browser.post('/two/passkeys/register/options')
    const added = await browser.post('/one/passkeys/register', await host.device().create(creation.body))
    expect(added.status, added.text).toBe(201)
    expect((await browser.get('/two/userinfo')).body.recoverability).toBe('synced')
  })

  test.each([
    ['from a file', []],
    ['from the command line', ['--input-type=commonjs', '-e']],
  ])('require() works in CommonJS, %s', async (_how, flags) => {
    const script = `
      const required = require('node:module').createRequire(${JSON.stringify(import.meta.filename)})
      const express = required('${express === express4 ? 'express4' : 'express'}')
      const { guestkey, GuestError, OptionsError } = required('../../../server/index.ts')
      const app = express()
      const server = app.listen(0, '127.0.0.1', () => {
        const origin = 'http://localhost:' + server.address().port
        const guests = guestkey({ origin, store: process.argv.at(-1), secret: '${secret}', rateLimit: false })
        app.use(guests.router)
        ;(${routes})(app, guests)
        console.log(JSON.stringify({ origin, names: [GuestError.name, OptionsError.name] }))
      })`
    const file = join(temporaryFolder(), 'host.cjs')
    writeFileSync(file, script)
    const args = [...flags, flags.length > 0 ? script : file, await temporaryStore()]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [line] = await once(createInterface(child.stdout), 'line')
    const { origin, names } = JSON.parse(line)
    expect(names).toEqual(['GuestError', 'OptionsError'])
    await liveTheStory({
      browser: () => new Browser(origin, origin),
      device: () => new SoftwareAuthenticator({ origin, synced: true }),
    })
  })
})
