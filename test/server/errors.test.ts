// The table of errors, and unexpected errors: the caller learns nothing about their cause, the log learns all of it.

import { readFileSync } from 'node:fs'
import express, { type ErrorRequestHandler } from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { errorCodes, GuestError } from '../../server/errors.ts'
import { createClock, startApp } from '../support/app.ts'

describe('the table of errors', () => {
  test.each(errorCodes)('%s has the members of an http-errors error', (code) => {
    for (const init of [{}, { status: 401 }, { status: 502, headers: { 'Retry-After': '1' } }]) {
      const error = new GuestError(code, init)
      expect(error.statusCode).toBe(error.status)
      expect(error.expose).toBe(error.status < 500)
      expect(error.headers).toEqual(init.headers ?? {})
      expect(Object.keys(JSON.parse(JSON.stringify(error)))).not.toContain('statusCode')
    }
  })

  test.each(errorCodes)('%s has a status, a title and a detail that is a sentence', (code) => {
    const error = new GuestError(code)
    expect(error.status).toBeGreaterThanOrEqual(400)
    expect(error.status).toBeLessThan(600)
    expect(error.title).toMatch(/^[A-Z].*[^.]$/)
    expect(error.message).toMatch(/^[A-Z].*\.$/)
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
  })

  test.each(errorCodes)('%s has a link to its entry in the papers, which is there', (code) => {
    const { help } = new GuestError(code)
    const { protocol, hash } = new URL(help)
    expect([protocol, hash]).toEqual(['file:', `#${code}`])
    expect(readFileSync(new URL(help), 'utf8')).toMatch(
      new RegExp(`^\\| <a id="${code}"></a>\`${code}\` \\|`, 'm'),
    )
    expect(JSON.stringify(new GuestError(code))).not.toContain('file:')
  })

  test('gives no two codes the same title', () => {
    expect(new Set(errorCodes.map((code) => new GuestError(code).title)).size).toBe(errorCodes.length)
  })
})

/** What codes of our own begin or end with. The others are those of OAuth and HTTP. */
const pattern =
  /^(no|not|too_many|would)_|_(invalid|unknown|ambiguous|wrong|expired|failed|refused|taken|merged|mismatch|too_large|off|disabled|waiting|changed|replaced)$/
const ofStandards = [
  ...[
    'invalid_request',
    'invalid_grant',
    'unsupported_grant_type',
    'unsupported_token_type',
    'unauthorized_client',
    'invalid_scope',
  ],
  ...['authorization_pending', 'slow_down'],
  ...['invalid_target', 'invalid_dpop_proof', 'invalid_client', 'insufficient_user_authentication'],
  ...['insufficient_scope', 'method_not_allowed', 'request_timeout', 'precondition_failed'],
  ...['unsupported_media_type', 'internal_error', 'unavailable', 'provider_unavailable'],
]

describe('the names of codes', () => {
  test('say the thing first and then what is the matter, unless a standard named them', () => {
    const others = errorCodes.filter((code) => !pattern.test(code) && !ofStandards.includes(code))
    // A request across sites is what it is; one begins with what cannot be done, and one is what the field calls it.
    expect(others).toEqual(['cross_site_request', 'nothing_to_merge', 'proof_of_work_required'])
  })

  test.each([
    ['attribute_invalid', 'invalid_attribute'],
    ['collection_unknown', 'unknown_collection'],
    ['credentials_ambiguous', 'ambiguous_credentials'],
    ['login_id_invalid', 'invalid_login_id'],
    ['prompt_unknown', 'unknown_prompt'],
  ] as const)('%s is answered as %s too, until 0.7', (code, old) => {
    const { type, code: answered } = new GuestError(code).toJSON()
    expect([type, answered]).toEqual([`urn:guestkey:problem:${code}`, old])
  })
})

describe('a GuestError', () => {
  test('has a ticket if its code is login_id_taken, which TypeScript knows', () => {
    const error: unknown = new GuestError('login_id_taken', { members: { ticket: 't' } })
    const ticket = error instanceof GuestError && error.code === 'login_id_taken' ? error.ticket : null
    expect(ticket).toBe('t')
    expect([(error as Error).name, (error as Error).constructor.name]).toEqual(['GuestError', 'GuestError'])
    // @ts-expect-error: which code it is must be known first
    expect(error instanceof GuestError && error.ticket).toBe('t')
  })

  test('becomes a problem document (RFC 9457) without its reason, cause and headers', () => {
    const error = new GuestError('unavailable', {
      reason: 'sqlite write failed',
      cause: new Error('SQLITE_FULL at /srv/data'),
      headers: { 'Retry-After': '1' },
    })
    expect(error).toBeInstanceOf(Error)
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      type: 'urn:guestkey:problem:unavailable',
      title: 'Temporarily unavailable',
      status: 503,
      code: 'unavailable',
      detail: error.message,
    })
  })

  test("is answered with its status and headers by Express's own error handler", async () => {
    const app = express()
    app.set('env', 'test')
    app.get('/', () => {
      throw new GuestError('too_many_requests', { headers: { 'Retry-After': '7' } })
    })
    const { status, headers } = await supertest(app).get('/')
    expect(status).toBe(429)
    expect(headers['retry-after']).toBe('7')
  })
})

describe('a session that has ended, in an app with its own error handler,', () => {
  type HttpError = Error & { status?: number; statusCode?: number; expose?: boolean; headers?: object }
  /** Error handlers, each of which reads other members of an error. */
  const handlers: Record<string, ErrorRequestHandler | undefined> = {
    "Express's own": undefined,
    'one that reads statusCode, like those of NestJS and Fastify': (error: HttpError, _req, res, _next) => {
      const isHttpError = error.statusCode !== undefined && error.message !== ''
      res.status(isHttpError ? error.statusCode! : 500).json({ message: error.message })
    },
    'one that reads status': (error: HttpError, _req, res, _next) => {
      res.status(error.status ?? 500).json({ message: error.message })
    },
    'one that reads isHttpError() of http-errors and expose, like that of Koa': (
      error: HttpError,
      _req,
      res,
      _next,
    ) => {
      const isHttpError = typeof error.expose === 'boolean' && typeof error.statusCode === 'number'
      if (!isHttpError || error.status !== error.statusCode) return void res.status(500).end()
      res.status(error.statusCode!).set(error.headers as Record<string, string>)
      res.json({ message: error.expose ? error.message : 'failed' })
    },
  }

  test.each(Object.entries(handlers))('is answered with 401 by this handler: %s', async (name, handler) => {
    const app = await startApp({}, (host) => {
      host.get('/who', (req, res) => void res.json({ guest: req.guest }))
      if (handler) host.use(handler)
      else host.set('env', 'production')
    })
    const browser = app.browser()
    await browser.signIn()
    const { token } = browser
    await browser.post('/guest/sign-out', { force: true })
    const { status, body } = await supertest(app.server).get('/who').set('Cookie', `guestkey=${token}`)
    expect(status).toBe(401)
    if (handler) expect(body.message, name).toBe(new GuestError('session_invalid').message)
  })
})

/** An app whose clock throws inside an endpoint, which no endpoint expects. */
async function startBroken() {
  const clock = createClock()
  let asked = Number.NaN
  const now = () => {
    // The router makes the first call, the endpoint the second.
    if (++asked === 2) throw new Error('SELECT secret FROM /srv/data at eyJjaGFsbGVuZ2UiOiJ4In0xMjM0NTY3ODkw')
    return clock.now()
  }
  const app = await startApp({ now })
  const breakNext = () => {
    asked = 0
  }
  return { app, breakNext }
}

describe('an unexpected error', () => {
  test('is answered as internal_error and tells the caller nothing about its cause', async () => {
    const { app, breakNext } = await startBroken()
    const browser = app.browser()
    breakNext()
    const { status, headers, body } = await browser.post('/guest/sign-in')
    expect(status).toBe(500)
    expect(body).toEqual({
      type: 'urn:guestkey:problem:internal_error',
      title: 'Internal error',
      status: 500,
      code: 'internal_error',
      detail: new GuestError('internal_error').message,
    })
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('is logged as an error with its stack, without what looks like a secret', async () => {
    const { app, breakNext } = await startBroken()
    const browser = app.browser()
    breakNext()
    await browser.post('/guest/sign-in')
    const [{ fields }] = app.logs.filter(({ level }) => level === 'error') as [(typeof app.logs)[number]]
    expect(fields).toMatchObject({ endpoint: 'POST /sign-in', code: 'internal_error', status: 500 })
    expect(fields.help).toMatch(/^file:.*\/server\/http\/README\.md#internal_error$/)
    expect(fields.cause).toMatch(/^Error: SELECT secret FROM/)
    expect(fields.stack).toMatch(/\bat .+:\d+:\d+/)
    expect(JSON.stringify(app.logs)).not.toContain('eyJjaGFsbGVuZ2Ui')
  })

  test('does not end the session, and the next request is answered as usual', async () => {
    const { app, breakNext } = await startBroken()
    const browser = app.browser()
    const guest = await browser.signIn()
    breakNext()
    expect((await browser.post('/guest/sign-in')).status).toBe(500)
    expect((await browser.get('/guest/userinfo')).body).toEqual(guest)
  })
})

describe('a mistake of the caller', () => {
  test('is logged as a refusal with its code, at a level below warning', async () => {
    const app = await startApp()
    await app.browser().get('/guest/userinfo')
    await app.browser().post('/guest/sign-in', { nonsense: true })
    const codes = app.logs.map(({ fields }) => fields.code)
    expect(codes).toEqual(['not_signed_in', 'invalid_request'])
    for (const { level } of app.logs) expect(level).toBeOneOf(['info', 'debug'])
  })

  test('that is a 401 is answered with a way to authenticate (RFC 9110, RFC 6750)', async () => {
    const app = await startApp()
    const nobody = await app.browser().get('/guest/userinfo')
    expect(nobody.headers['www-authenticate']).toBe('Bearer')
    const invalid = await supertest(app.server).get('/guest/userinfo').set('Authorization', 'Bearer gks_x')
    expect(invalid.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })

  test('in the path is a 404 of guestkey below the base path, and of the host elsewhere', async () => {
    const app = await startApp({}, (host) => void host.use((_req, res) => void res.status(404).send('host')))
    const { status, body } = await app.browser().get('/guest/nothing')
    expect(`${status} ${body.code}`).toBe('404 not_found')
    expect((await app.browser().get('/guests')).text).toBe('host')
  })
})
