// guests.watchSession(): a connection that stays open is told when its session is over, on whichever node it was ended.

import { type AddressInfo, connect } from 'node:net'
import type { Express } from 'express'
import { describe, expect, test, vi } from 'vitest'
import type { GuestKey } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { whenOver } from '../../../support/when-over.ts'

/** A route of server-sent events that ends with the session. `/quiet` is one whose client has stopped the watch. */
function events(app: Express, guests: GuestKey): void {
  app.get('/events', (req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    const stop = guests.watchSession(req, () => res.end('event: signed-out\n\n'))
    res.on('close', stop)
  })
}

async function startNodes(): Promise<[TestApp, TestApp]> {
  const secret = 'the secret of both nodes of this test'
  const one = await startApp({ secret }, events)
  const other = await startApp({ secret, store: one.store, origin: one.origin, now: one.clock.now }, events)
  return [one, other]
}

/** Opens the events at a node with the cookie of a browser. `said`: what came so far, and `over` once it has ended. */
function open(node: TestApp, { cookie }: Browser) {
  const { port } = node.server.address() as AddressInfo
  const stream = { said: '', over: false }
  const socket = connect(port, '127.0.0.1')
  whenOver(() => socket.destroy())
  socket.write(`GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ${cookie}\r\n\r\n`)
  socket.setEncoding('utf8').on('data', (text) => {
    stream.said += text
  })
  socket.on('close', () => {
    stream.over = true
  })
  return stream
}

const endings: Record<string, (app: TestApp, browser: Browser, sub: string) => unknown> = {
  'is signed out': (_, browser) => browser.post('/guest/sign-out', { force: true }),
  'is of a guest who is erased': (app, _, sub) => app.guests.erase(sub),
  'is of a guest who is disabled': (app, _, sub) => app.guests.disable(sub, { reason: 'abuse' }),
  'is over by the clock': (app) => app.clock.forward(400 * 24 * 60 * 60),
}

const guests: Record<string, (app: TestApp, browser: Browser) => Promise<string>> = {
  'a guest without a row': async (_, browser) => (await browser.signIn()).sub,
  'a guest whom the host keeps': async (app, browser) => {
    const { sub } = await browser.signIn()
    await app.guests.keep(sub)
    return sub
  },
  'a guest with a passkey': async (app, browser) => {
    const { sub } = await browser.signIn()
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    return sub
  },
}

describe.each(Object.entries(guests))('a connection of %s', (_, makeGuest) => {
  test.each(Object.entries(endings))('is told, at each node, when its session %s', async (_ending, end) => {
    const [one, other] = await startNodes()
    const browser = one.browser()
    const sub = await makeGuest(one, browser)
    const streams = [open(one, browser), open(other, browser)]
    for (const stream of streams) await expect.poll(() => stream.said).toContain('200 OK')
    const bystander = one.browser()
    await bystander.signIn()
    const apart = open(other, bystander)
    await expect.poll(() => apart.said).toContain('200 OK')
    await end(one, browser, sub)
    for (const stream of streams) await expect.poll(() => stream.said).toContain('signed-out')
    if (!_ending.includes('clock')) expect(apart.over).toBe(false)
  })
})

test('a connection whose credential may not act here is over at once', async () => {
  const [app] = await startNodes()
  const ended = vi.fn()
  const headers = { Cookie: 'guestkey=one; guestkey=another' }
  app.guests.watchSession(new Request(app.origin, { headers }), ended)
  await expect.poll(() => ended.mock.calls.length).toBe(1)
  expect(app.logs.filter(({ level }) => level === 'warn')).toEqual([])
})

test('a connection stays open when its guest is kept meanwhile', async () => {
  const [one, other] = await startNodes()
  const browser = one.browser()
  const { sub } = await browser.signIn()
  const stream = open(other, browser)
  await expect.poll(() => stream.said).toContain('200 OK')
  await one.guests.keep(sub)
  const marker = open(other, other.browser()) // of nobody: told at once, and again looked at with the others
  await expect.poll(() => marker.over).toBe(true)
  const late = one.browser()
  await late.signIn()
  const next = open(other, late)
  await expect.poll(() => next.said).toContain('200 OK')
  await late.post('/guest/sign-out', { force: true })
  await expect.poll(() => next.over).toBe(true) // so a look was done after the guest was kept
  expect(stream.over).toBe(false)
})
