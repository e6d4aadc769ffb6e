// Apps are told of sign-outs (OpenID Connect Back-Channel Logout 1.0): those that know the guest, and no others.

import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { freePort } from '../../../support/free-port.ts'
import { letKnow, openIdClient, startProviding, tokensOf } from '../../../support/openid-app.ts'
import { rowsOf } from '../../../support/tables.ts'

/** An app that is told: it keeps the requests, and answers with the next status. Default: 200. */
async function startTold() {
  const got: { type: string | undefined; body: string }[] = []
  const statuses: number[] = []
  const server = createServer(async (req, res) => {
    got.push({ type: req.headers['content-type'], body: await text(req) })
    res.writeHead(statuses.shift() ?? 200, { Location: 'http://127.0.0.1:1/' }).end()
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { got, statuses, uri: `http://127.0.0.1:${port}/logout` }
}

async function start() {
  const told = await startTold()
  const other = await startTold()
  const app = await startProviding({
    clients: [
      openIdClient('wiki', { backchannelLogoutUri: told.uri }),
      openIdClient('chat', { backchannelLogoutUri: other.uri }),
    ],
  })
  const deliver = () => app.guests.runChores()
  return { app, told, other, deliver }
}

/** What a logout token says to an app that checks it (2.6). */
async function claimsIn(app: TestApp, { body, type }: { body: string; type: string | undefined }) {
  expect(type).toBe('application/x-www-form-urlencoded')
  const token = new URLSearchParams(body).get('logout_token')!
  const keys = createRemoteJWKSet(new URL(`${app.origin}/guest/.well-known/jwks.json`))
  const { payload } = await jwtVerify(token, keys, {
    ...{ issuer: app.origin, audience: 'wiki', typ: 'logout+jwt', currentDate: new Date(app.clock.now()) },
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
  })
  expect(payload.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
  expect(payload).not.toHaveProperty('nonce')
  return payload
}

describe('an app that knows the guest', () => {
  test('is told of the sign-out of a guest without a row, and of its own session alone; no other app is', async () => {
    const { app, told, other, deliver } = await start()
    const browser = app.browser()
    await browser.signIn()
    const { sub, sid } = (await tokensOf(await letKnow(app, browser))).claims()!
    expect((await browser.post('/guest/sign-out', { force: true })).status).toBe(204)
    await deliver()
    expect([told.got.length, other.got.length]).toEqual([1, 0])
    expect(await claimsIn(app, told.got[0]!)).toMatchObject({ sub, sid })
    expect((await app.rows()).outbox).toBe(0)
  })

  test('is told of a kept guest that signs out here, everywhere or from another device, is disabled or erased', async () => {
    const { app, told, other, deliver } = await start()
    for (const end of ['here', 'everywhere', 'elsewhere', 'disabled', 'erased']) {
      const { browser, device, guest } = await keptGuest(app)
      const { sub, sid } = (await tokensOf(await letKnow(app, browser))).claims()!
      const [own] = (await browser.get('/guest/sessions')).body.sessions
      if (end === 'here') await browser.post('/guest/sign-out', {})
      if (end === 'everywhere') await browser.post('/guest/sign-out', { everywhere: true, force: true })
      if (end === 'disabled') await app.guests.disable(guest.sub)
      if (end === 'erased') await app.guests.erase(guest.sub)
      if (end === 'elsewhere') {
        const phone = app.browser()
        await phone.signInWithPasskey(device)
        expect((await phone.delete(`/guest/sessions/${own.id}`, {})).status).toBe(204)
      }
      await deliver()
      expect(told.got.length, end).toBe(1)
      expect(await claimsIn(app, told.got.pop()!), end).toMatchObject({ sub, sid })
    }
    expect(other.got).toEqual([])
    expect((await app.rows()).outbox).toBe(0)
  })

  test('is not told when the session expires, or when the guest goes on with a passkey', async () => {
    const { app, told, deliver } = await start()
    const browser = app.browser()
    await browser.signIn()
    await tokensOf(await letKnow(app, browser))
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    app.clock.forward(400 * 24 * 60 * 60)
    await deliver()
    expect(told.got).toEqual([])
  })

  test('is told again until it takes it, at that URL and no other, and gets a new token each time', async () => {
    const { app, told, deliver } = await start()
    const { browser } = await keptGuest(app)
    await tokensOf(await letKnow(app, browser))
    told.statuses.push(503, 302, 200)
    await browser.post('/guest/sign-out', {})
    for (const wait of [0, 6, 301]) {
      app.clock.forward(wait)
      await deliver()
    }
    expect(told.got).toHaveLength(3)
    const tokens = await Promise.all(
      told.got.map(({ body }) => new URLSearchParams(body).get('logout_token')),
    )
    expect(new Set(tokens).size).toBe(3)
    await claimsIn(app, told.got[2]!)
    expect((await app.rows()).outbox).toBe(0)
  })

  test('that refuses it with 400 is not asked again', async () => {
    const { app, told, deliver } = await start()
    const { browser } = await keptGuest(app)
    await tokensOf(await letKnow(app, browser))
    told.statuses.push(400)
    await browser.post('/guest/sign-out', {})
    await deliver()
    app.clock.forward(24 * 60 * 60)
    await deliver()
    expect(told.got).toHaveLength(1)
    expect((await app.guests.webhooks.failed()).length).toBe(1)
  })

  test('is remembered for a kept guest in one row that says neither the app nor the guest', async () => {
    const { app } = await start()
    const { browser, guest } = await keptGuest(app)
    for (const tab of [browser, copyOf(app, browser)]) {
      const { sub } = (await tokensOf(await letKnow(app, tab))).claims()!
      const rows = (await rowsOf(app.store, 'spent')).filter(({ id }) => String(id).startsWith('told:'))
      expect(rows).toHaveLength(1)
      for (const said of ['wiki', guest.sub, sub]) expect(JSON.stringify(rows)).not.toContain(said)
    }
  })
})
