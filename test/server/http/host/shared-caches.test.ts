// Cookies of ours in responses of the host that shared caches may store: a cache would give them to other visitors.

import type { ServerResponse } from 'node:http'
import express from 'express'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'

const list = ['Cache-Control', 'max-age=60', 'X-Name', 'a', 'X-Name', 'b']

/** How a host may say that caches may store a response, after our middleware ran. */
const answers: Record<string, (res: ServerResponse) => void> = {
  'setHeader()': (res) => void res.setHeader('Cache-Control', 'public, max-age=60').end(),
  'writeHead()': (res) => void res.writeHead(200, { 'cache-control': 'max-age=60' }).end(),
  'writeHead() with a list': (res) => void res.writeHead(200, 'OK', list).end(),
  'a header for CDNs': (res) => void res.setHeader('CDN-Cache-Control', 'max-age=60').end(),
}

test.each(Object.entries(answers))(
  'a use sets no cookie if the host says so later: %s',
  async (how, answer) => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    app.clock.forward(24 * 60 * 60)
    const host = express()
    host.use(app.guests.router)
    host.get('/who', (_req, res) => answer(res.cookie('hosts', 'own')))
    host.get('/guests', app.guests.requireGuest(), (_req, res) => answer(res.cookie('hosts', 'own')))
    for (const path of ['/who', '/guests']) {
      for (const mode of ['cors', 'navigate']) {
        const asked = supertest(host).get(path).set({ Cookie: browser.cookie!, 'Sec-Fetch-Mode': mode })
        const { headers } = await asked
        expect(headers['set-cookie'], `${path} ${mode}`).toEqual(['hosts=own; Path=/'])
        if (how === 'writeHead() with a list') expect(headers['x-name']).toBe('a, b')
      }
    }
  },
)

test.each([
  ['no header', {}],
  ['Cache-Control: public', { 'Cache-Control': 'public, max-age=60' }],
  ['a header for CDNs', { 'Cache-Control': 'private', 'CDN-Cache-Control': 'max-age=60' }],
])('a response in which the host signs somebody in or out becomes private: %s', async (_, headers) => {
  const app = await startApp({}, (host, guests) => {
    host.post('/in', async (req, res) => {
      await guests.signInAnonymously(req, res)
      res.set(headers).json({})
    })
    host.post('/in-as', async (req, res) => {
      await guests.signInAs(req, res, String(req.query.sub))
      res.set(headers).json({})
    })
    host.post('/promote', async (req, res) => {
      await guests.promote(req, { loginId: { type: 'email', value: 'fox@example.org' }, verified: true })
      res.set(headers).json({})
    })
    host.post('/out', async (req, res) => {
      await guests.signOut(req, res, { force: true })
      res.set(headers).json({})
    })
  })
  const browser = app.browser()
  const { guest } = await keptGuest(app)
  for (const path of ['/in', '/promote', '/out', `/in-as?sub=${guest.sub}`]) {
    const answer = await browser.post(path)
    expect(answer.headers['set-cookie'], path).toHaveLength(1)
    expect(answer.headers['cache-control'], path).toBe('private, no-store')
    expect(answer.headers['cdn-cache-control'], path).toBeUndefined()
  }
})

test('the Cache-Control of a host that is private stays', async () => {
  const app = await startApp({}, (host, guests) => {
    host.post('/in', async (req, res) => {
      await guests.signInAnonymously(req, res)
      res.set('Cache-Control', 'private, max-age=5').json({})
    })
  })
  const { headers } = await app.browser().post('/in')
  expect(headers['cache-control']).toBe('private, max-age=5')
  expect(headers['set-cookie']).toHaveLength(1)
})
