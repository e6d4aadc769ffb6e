// The rate limit: how many changes one network may request in a minute, and what counts as one network.

import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { networkOf } from '../../../server/http/request/rate-limit.ts'
import { guestkey, type Options } from '../../../server/index.ts'
import { createClock, startApp } from '../../support/app.ts'
import { storeWithTables } from '../../support/engine.ts'
import { countRows } from '../../support/tables.ts'

type Answer = { status: number; headers: Record<string, string | undefined>; body: { code?: string } }
type Ask = (path: string, forwardedFor?: string, method?: string) => Promise<Answer>

/** Sends requests as a program does, over connections that stay open. */
function asking(port: number): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  onTestFinished(() => agent.destroy())
  return (path, forwardedFor, method = 'POST') =>
    new Promise((resolve, reject) => {
      const from = forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor }
      const headers = { 'Content-Type': 'application/json', ...from }
      const asked = request({ port, path, method, headers, agent }, async (res) => {
        const text = Buffer.concat(await res.toArray()).toString()
        resolve({ status: res.statusCode!, headers: res.headers as never, body: JSON.parse(text || '{}') })
      })
      asked.on('error', reject).end()
    })
}

/** The router on bare node:http, as in the service. */
async function startService(options: Partial<Options> = {}) {
  const store = await storeWithTables()
  const clock = createClock()
  const guests = guestkey({
    origin: 'http://localhost',
    store,
    now: clock.now,
    proofOfWork: false,
    ...options,
  })
  const server = createServer((req, res) => guests.router(req, res, () => res.writeHead(404).end()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await guests.close()
  })
  await guests.ready()
  return { ask: asking((server.address() as AddressInfo).port), rows: () => countRows(store), clock }
}

const signIn = '/guest/sign-in'
const two = { rateLimit: { perMinute: 2 } }

/** The statuses of sign-ins, one from each of these addresses in turn. */
async function signInsFrom(ask: Ask, addresses: (string | undefined)[]) {
  const statuses: number[] = []
  for (const address of addresses) statuses.push((await ask(signIn, address)).status)
  return statuses
}

describe('the limit', () => {
  test('is 600 changes a minute by default; the next is a 429 with Retry-After, and makes no guest', async () => {
    const { ask, rows } = await startService()
    const before = await rows()
    const answers = await Promise.all(Array.from({ length: 600 }, () => ask(signIn)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(600)
    const { status, headers, body } = await ask(signIn)
    expect(status).toBe(429)
    expect(body).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(headers['content-type']).toBe('application/problem+json')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['set-cookie']).toBeUndefined()
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(await rows()).toEqual(before)
  })

  test('counts 10,000 sign-ins and ceremony options together, and none of them writes a row', async () => {
    const { ask, rows } = await startService({ rateLimit: { perMinute: 10_000 } })
    const before = await rows()
    const doors = [signIn, '/guest/passkeys/register/options', '/guest/passkeys/authenticate/options']
    const statuses: number[] = []
    for (let round = 0; round < 100; round++) {
      const asked = Array.from({ length: 100 }, (_, i) => ask(doors[i % doors.length]!))
      statuses.push(...(await Promise.all(asked)).map(({ status }) => status))
    }
    expect(new Set(statuses)).toEqual(new Set([200]))
    for (const door of doors) expect((await ask(door)).status).toBe(429)
    expect(await rows()).toEqual(before)
  })

  test('starts anew with each minute of the clock', async () => {
    const { ask, clock } = await startService(two)
    expect(await signInsFrom(ask, Array(3).fill(undefined))).toEqual([200, 200, 429])
    const { headers } = await ask(signIn)
    clock.forward(Number(headers['retry-after']))
    expect((await ask(signIn)).status).toBe(200)
  })

  test('does not apply to reading userinfo', async () => {
    const { ask } = await startService(two)
    for (let i = 0; i < 5; i++) expect((await ask('/guest/userinfo', undefined, 'GET')).status).toBe(401)
    expect((await ask(signIn)).status).toBe(200)
  })

  test.each(['provider?request=x&provider=x', 'callback/x'])(
    'counts GETs that ask a provider: /authorize/%s',
    async (path) => {
      const { ask } = await startService(two)
      for (let i = 0; i < 2; i++)
        expect((await ask(`/guest/authorize/${path}`, undefined, 'HEAD')).status).toBeLessThan(429)
      expect((await ask(`/guest/authorize/${path}`, undefined, 'HEAD')).status).toBe(429)
      expect((await ask(signIn)).status).toBe(429)
    },
  )

  test('counts requests that fail as well', async () => {
    const { ask } = await startService(two)
    for (let i = 0; i < 2; i++) expect((await ask('/guest/passkeys/authenticate')).status).toBe(400)
    expect((await ask(signIn)).status).toBe(429)
  })

  test('does not apply to routes of the host', async () => {
    const app = await startApp(two, (host) => void host.post('/notes', (_req, res) => void res.json({})))
    const browser = app.browser()
    for (let i = 0; i < 5; i++) expect((await browser.post('/notes')).status).toBe(200)
    expect((await browser.post(signIn)).status).toBe(200)
  })

  test('can be turned off', async () => {
    const { ask } = await startService({ rateLimit: false })
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(signIn)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })
})

describe('the service behind proxies', () => {
  test('does not believe X-Forwarded-For unless trustProxy is set', async () => {
    const { ask } = await startService(two)
    expect(await signInsFrom(ask, ['192.0.2.1', '192.0.2.2', '192.0.2.3'])).toEqual([200, 200, 429])
  })

  test('counts each client of its proxy separately', async () => {
    const { ask } = await startService({ ...two, trustProxy: 1 })
    const one = Array(3).fill('192.0.2.1')
    expect(await signInsFrom(ask, [...one, '192.0.2.2'])).toEqual([200, 200, 429, 200])
  })

  test('believes as many hops as trustProxy says, and not what the client wrote before them', async () => {
    const { ask } = await startService({ ...two, trustProxy: 2 })
    const spoofed = ['1.1.1.1', '2.2.2.2', '3.3.3.3'].map((fake) => `${fake}, 192.0.2.1, 10.0.0.1`)
    expect(await signInsFrom(ask, spoofed)).toEqual([200, 200, 429])
  })

  test('counts the addresses of one IPv6 network as one client', async () => {
    const { ask } = await startService({ ...two, trustProxy: 1 })
    const one = ['2001:db8:0:1::1', '2001:db8:0:1:ffff::', '2001:0DB8:0:1:1:2:3:4']
    expect(await signInsFrom(ask, [...one, '2001:db8:0:2::1'])).toEqual([200, 200, 429, 200])
  })

  test.each(['x', '', '999.1.1.1', ', ,', 'unknown', '_hidden', '<b>', ','.repeat(5000)])(
    'counts requests with X-Forwarded-For: %j as one unknown client',
    async (address) => {
      const { ask } = await startService({ ...two, trustProxy: 1 })
      expect(await signInsFrom(ask, [address, address, address])).toEqual([200, 200, 429])
    },
  )
})

describe('the setting trust proxy of an Express app', () => {
  const appTrusting = async (trust: unknown) => {
    const app = await startApp({ ...two, trustProxy: 3 }, (host) => void host.set('trust proxy', trust))
    return asking(Number(new URL(app.origin).port))
  }

  test('false: X-Forwarded-For is not believed', async () => {
    const ask = await appTrusting(false)
    expect(await signInsFrom(ask, ['192.0.2.1', '192.0.2.2', '192.0.2.3'])).toEqual([200, 200, 429])
  })

  test('1: the last entry is believed', async () => {
    const ask = await appTrusting(1)
    const spoofed = ['1.1.1.1, 192.0.2.1', '2.2.2.2, 192.0.2.1', '3.3.3.3, 192.0.2.1']
    expect(await signInsFrom(ask, [...spoofed, '192.0.2.2'])).toEqual([200, 200, 429, 200])
  })

  test('a network: entries that come from it are believed', async () => {
    const ask = await appTrusting('loopback')
    expect(await signInsFrom(ask, ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'])).toEqual([
      ...[200, 200, 429, 200],
    ])
  })
})

describe('networkOf', () => {
  const same: [string, string][] = [
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['192.0.2.1', '::ffff:c000:201'],
    ['2001:db8::1', '2001:db8:0:0:ffff:ffff:ffff:ffff'],
    ['2001:db8::1', '2001:0DB8:0000:0000:0000:0000:0000:0002'],
    ['fe80::1', 'fe80::2%eth0'],
    ['', 'not an address'],
  ]
  test.each(same)('%s and %s count as one client', (a, b) => {
    expect(networkOf(a)).toBe(networkOf(b))
  })

  const different: [string, string][] = [
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['2001:db8::1', '2001:db8:1::1'],
    ['::1', '127.0.0.1'],
    ['192.0.2.1', 'not an address'],
  ]
  test.each(different)('%s and %s count as two clients', (a, b) => {
    expect(networkOf(a)).not.toBe(networkOf(b))
  })
})
