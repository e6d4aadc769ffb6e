// The option requestProperty: another name for req.guest, in an app that has a `req.guest` of its own.

import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import express5, { type ErrorRequestHandler, type Express } from 'express'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type GuestKey, guestkey, OptionsError } from '../../../../server/index.ts'
import { resolveOptions } from '../../../../server/options/options.ts'
import { guestOf, startApp } from '../../../support/app.ts'
import { brokenStore } from '../../../support/engine.ts'

// The alias `express4` has no types; what this file uses is the same in both versions.
const express4 = createRequire(import.meta.url)('express4') as typeof express5

/** Both properties of a request. TypeScript knows only the default name here. */
const both = (req: object) => {
  const { guest, visitor } = req as { guest?: unknown; visitor?: unknown }
  return { guest: guest ?? 'none', visitor }
}

function routes(host: Express, guests: GuestKey) {
  host.get('/who', (req, res) => void res.json(both(req)))
  host.get('/members', guests.requireGuest(), (req, res) => void res.json(both(req)))
  host.post('/join', async (req, res) => {
    const { guest } = await guests.signInAnonymously(req, res)
    res.json({ signedIn: guest, ...both(req) })
  })
  host.post('/leave', async (req, res) => {
    await guests.signOut(req, res, { force: true })
    res.json(both(req))
  })
  host.post('/promote', async (req, res) => {
    await guests.promote(req, { loginId: { type: 'email', value: 'ada@example.org' }, verified: true })
    res.json(both(req))
  })
}

describe('with the option requestProperty', () => {
  test('everything sets and reads that property, and leaves req.guest to the host', async () => {
    const app = await startApp({ requestProperty: 'visitor' }, routes)
    const browser = app.browser()
    expect((await browser.get('/who')).body).toEqual({ guest: 'none', visitor: null })
    const joined = (await browser.post('/join')).body
    expect(joined).toEqual({ signedIn: joined.signedIn, guest: 'none', visitor: joined.signedIn })
    for (const path of ['/who', '/members'])
      expect((await browser.get(path)).body).toEqual({ guest: 'none', visitor: joined.signedIn })
    const promoted = (await browser.post('/promote')).body
    expect(promoted).toMatchObject({
      guest: 'none',
      visitor: { sub: joined.signedIn.sub, isAnonymous: false },
    })
    expect((await browser.post('/leave')).body).toEqual({ guest: 'none', visitor: null })
  })

  test('a host keeps a req.guest that it has made read-only', async () => {
    const app = await startApp({ requestProperty: 'visitor' })
    const host = express5()
    host.use((req, _res, next) => {
      Object.defineProperty(req, 'guest', { value: 'of the hotel', enumerable: true })
      next()
    })
    host.use(app.guests.router)
    routes(host, app.guests)
    const browser = app.browser()
    const visitor = guestOf(await browser.signIn())
    for (const path of ['/who', '/members']) {
      const { body } = await supertest(host).get(path).set('Cookie', browser.cookie!)
      expect(body).toEqual({ guest: 'of the hotel', visitor })
    }
  })

  test('reading it throws while the store cannot be reached', async () => {
    const secret = 'a secret of more than 32 characters'
    const well = await startApp({ secret })
    const browser = well.browser()
    await browser.signIn()
    const guests = guestkey({
      ...{ origin: well.origin, store: brokenStore(), secret, cookieName: 'guestkey' },
      ...{ requestProperty: 'visitor', logger: { debug() {}, info() {}, warn() {}, error() {} } },
    })
    onTestFinished(() => guests.close())
    const host = express5()
    host.use(guests.router)
    host.get('/guest', (req, res) => void res.json({ guest: (req as { guest?: unknown }).guest ?? 'none' }))
    routes(host, guests)
    host.use(((error, _req, res, _next) => void res.json({ thrown: error.code })) as ErrorRequestHandler)
    const get = async (path: string) => (await supertest(host).get(path).set('Cookie', browser.cookie!)).body
    expect(await get('/guest')).toEqual({ guest: 'none' })
    expect(await get('/who')).toEqual({ thrown: 'unavailable' })
  })
})

describe('the option requestProperty', () => {
  const check = (requestProperty: string) => () =>
    resolveOptions({ origin: 'https://app.example', secret: 'x'.repeat(32), requestProperty })

  test.each([
    ['Express 5', express5],
    ['Express 4', express4],
  ])('refuses every name that a request of %s has', async (_name, express) => {
    let names: string[] = []
    const host = express()
    host.use(express.json())
    host.use((req, res) => {
      names = namesOf(req)
      res.end()
    })
    await supertest(host).get('/')
    expect(names).toEqual(expect.arrayContaining(['headers', 'url', 'on', 'pipe', 'query', 'baseUrl', 'ip']))
    const allowed = names.filter((name) => {
      try {
        check(name)()
        return true
      } catch (error) {
        expect(error).toBeInstanceOf(OptionsError)
        return false
      }
    })
    expect(allowed).toEqual([])
  })

  test.each(['body', 'params', 'cookies', '__proto__', 'constructor', 'socket'])('refuses %s', (name) => {
    expect(check(name)).toThrow(`must not be '${name}', which every request has`)
  })

  test.each(['', 'a b', '1st', 'a.b', 'naïve'])('refuses %j, which is no name', (name) => {
    expect(check(name)).toThrow(/must be a name such as 'visitor'/)
  })

  test.each(['guest', 'visitor', 'user', '$guest', '_guest2'])('accepts %s', (name) => {
    expect(check(name)().requestProperty).toBe(name)
  })
})

/** The names of all properties of a request, inherited ones too. */
function namesOf(req: IncomingMessage): string[] {
  const names: string[] = []
  for (let one: object | null = req; one; one = Object.getPrototypeOf(one))
    names.push(...Object.getOwnPropertyNames(one))
  return [...new Set(names)]
}
