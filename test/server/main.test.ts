// The service as it is started: by its environment, on a folder of its own, until it is told to stop.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Agent, createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Browser, temporaryFolder } from '../support/app.ts'
import { SoftwareAuthenticator } from '../support/authenticator.ts'

const root = join(import.meta.dirname, '../..')
const secret = 'a secret of more than 32 characters'
const production = { NODE_ENV: 'production', GUESTKEY_SECRET: secret, GUESTKEY_ORIGIN: 'https://example.com' }

/** Starts the service with this environment and no other; it ends with the test. */
function launch(env: Record<string, string>) {
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: '0', GUESTKEY_DATA: join(temporaryFolder(), 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  return { child, said }
}

async function start(env: Record<string, string> = {}) {
  const { child, said } = launch(env)
  const lines = createInterface(child.stdout)
  let port = 0
  let origin = ''
  for await (const line of lines) {
    if (line.startsWith('{')) port = JSON.parse(line).port
    else origin = /^guestkey is at (\S+)$/.exec(line)![1]!
    if (port && origin) break
  }
  if (!port) throw new Error(`did not start: ${said.err}`)
  const url = `http://localhost:${port}`
  return {
    ...{ child, said, port, origin, url },
    browser: () => new Browser(url as unknown as Server, origin),
    device: () => new SoftwareAuthenticator({ origin, synced: true }),
    ask: (path: string) => fetch(url + path),
  }
}

/** How it ended, once it has: the exit code, and after how many milliseconds. */
async function ended(child: ChildProcess) {
  const start = performance.now()
  const [code, signal] = await once(child, 'exit')
  return { code: code ?? signal, milliseconds: performance.now() - start }
}

/** Takes over the cookies of a browser, as the browser itself does after a restart of the service. */
function sameBrowser(before: Browser, now: Browser): Browser {
  for (const [name, value] of before.cookies) now.cookies.set(name, value)
  return now
}

describe('the service', () => {
  test('says where it is, and is healthy and ready there', async () => {
    const { origin, url, ask } = await start()
    expect(origin).toBe(url)
    for (const path of ['/healthz', '/readyz']) {
      const answer = await ask(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('serves the doors, the client and the demo to a newcomer who sets nothing', async () => {
    const { ask, browser } = await start()
    expect((await browser().signIn()).isAnonymous).toBe(true)
    expect((await ask('/guest/client.js')).headers.get('content-type')).toMatch(/^text\/javascript/)
    const page = await ask('/')
    expect(page.status).toBe(200)
    expect(await page.text()).toMatch(/^<!doctype html>/i)
    expect(page.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/)
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|\*/)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await ask('/nothing')).status).toBe(404)
  })

  test('has no demo in production, and its cookie is for https', async () => {
    const { ask, browser, origin } = await start(production)
    expect(origin).toBe('https://example.com')
    expect((await ask('/readyz')).status).toBe(200)
    for (const path of ['/', '/index.html', '/demo.js', '/notes']) {
      const answer = await ask(path)
      expect(answer.status, path).toBe(404)
      expect(await answer.text()).toBe('not found\n')
    }
    const signedIn = await browser().post('/guest/sign-in')
    expect(signedIn.headers['set-cookie']?.[0]).toMatch(/^__Host-guestkey=.*; Secure\b/)
  })

  test('keeps its data for its own user alone', async () => {
    const data = join(temporaryFolder(), 'deep', 'data')
    const { browser, device } = await start({ GUESTKEY_DATA: data })
    await browser().addPasskey(device())
    expect(statSync(data).mode & 0o777).toBe(0o700)
    for (const file of ['secret', 'guestkey.db', 'guestkey.db-wal'])
      expect(statSync(join(data, file)).mode & 0o777, file).toBe(0o600)
  })

  test('writes no secret, address or user agent to its log', async () => {
    const { browser, device, said } = await start({ GUESTKEY_LOG_LEVEL: 'trace' })
    const [phone, laptop] = [browser(), browser()]
    const key = device()
    await phone.signIn()
    const sealed = phone.token!
    await phone.addPasskey(key)
    const { body: options } = await laptop.post('/guest/passkeys/authenticate/options')
    await laptop.post('/guest/passkeys/authenticate', await key.get(options, { badSignature: 'wrong' }))
    await laptop.signInWithPasskey(key)
    const tokens = [sealed, phone.token!, laptop.token!].map((token) => token.slice(4, 40))
    await expect.poll(() => said.out).toMatch(/authentication_failed/)
    for (const word of [...tokens, options.challenge, '127.0.0.1', '::1', 'node-superagent'])
      expect(said.out).not.toContain(word)
    expect(said.err).toBe('')
  })
})

describe('what is wrong with the environment is said in one line, with exit code 1', () => {
  const wrong: [string, Record<string, string>, RegExp][] = [
    [
      'no secret and no origin in production',
      { NODE_ENV: 'production' },
      /GUESTKEY_ORIGIN and GUESTKEY_SECRET must be set/,
    ],
    ['no secret in production', { ...production, GUESTKEY_SECRET: '' }, /GUESTKEY_SECRET/],
    [
      'no origin in production',
      { NODE_ENV: 'production', GUESTKEY_SECRET: secret },
      /GUESTKEY_ORIGIN must be set/,
    ],
    ['a misspelt variable', { GUESTKEY_ORGIN: 'x' }, /unknown variable GUESTKEY_ORGIN; .*GUESTKEY_ORIGIN/],
    ['a variable in another case', { GUESTKEY_origin: 'x' }, /unknown variable GUESTKEY_origin/],
    ['PORT that is a name', { PORT: 'http' }, /PORT must be a port number, 0 to 65535/],
    ['PORT out of range', { PORT: '65536' }, /PORT must be a port number, 0 to 65535/],
    ['PORT below range', { PORT: '-1' }, /PORT must be a port number, 0 to 65535/],
    ['PORT that is no integer', { PORT: '80.5' }, /PORT must be a port number, 0 to 65535/],
    ['PORT that is empty', { PORT: '' }, /PORT must be a port number, 0 to 65535/],
    ['HOST that is not here', { HOST: '203.0.113.1' }, /203\.0\.113\.1/],
    ['an origin with a path', { GUESTKEY_ORIGIN: 'https://example.com/app' }, /must be an origin like/],
    ['an origin without https', { GUESTKEY_ORIGIN: 'http://example.com' }, /must be https/],
    [
      'one of several origins',
      { GUESTKEY_ORIGIN: 'https://example.com,example.com' },
      /must be an origin like/,
    ],
    [
      'an RP ID of others',
      { ...production, GUESTKEY_RP_ID: 'example.org' },
      /not within the RP ID example\.org/,
    ],
    ['a short secret', { GUESTKEY_SECRET: 'short' }, /at least 32 characters/],
    ['a limit that is no number', { GUESTKEY_RATE_LIMIT: 'many' }, /GUESTKEY_RATE_LIMIT/],
    ['a limit of nothing', { GUESTKEY_RATE_LIMIT: '0' }, /rateLimit|GUESTKEY_RATE_LIMIT/],
    [
      'proxies that are no number',
      { GUESTKEY_TRUST_PROXY: 'yes' },
      /GUESTKEY_TRUST_PROXY must be the number/,
    ],
    [
      'a level that is none',
      { GUESTKEY_LOG_LEVEL: 'loud' },
      /GUESTKEY_LOG_LEVEL must be one of fatal, error/,
    ],
    ['a database elsewhere', { DATABASE_URL: 'postgres://db/x' }, /DATABASE_URL is not supported yet/],
  ]
  test.each(wrong)('%s', async (_what, env, message) => {
    const { child, said } = launch(env)
    const { code } = await ended(child)
    expect(said.err).toMatch(message)
    expect(said.err).toMatch(/^guestkey: /)
    expect(said.err, 'a stack').not.toMatch(/^\s+at /m)
    expect(said.err).not.toContain(secret)
    expect(said.out).not.toMatch(/guestkey is at/)
    expect(code).toBe(1)
  })

  test('a port in use', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { child, said } = launch({ PORT: String(port) })
    expect((await ended(child)).code).toBe(1)
    expect(said.err).toBe(`guestkey: Port ${port} of 127.0.0.1 is in use. Set PORT to another one.\n`)
  })

  test.each<[string, (folder: string) => string, RegExp]>([
    [
      'a data folder that is a file',
      (folder) => {
        writeFileSync(join(folder, 'data'), '')
        return join(folder, 'data')
      },
      /data/,
    ],
    [
      'a database that is a folder',
      (folder) => {
        mkdirSync(join(folder, 'guestkey.db'))
        return folder
      },
      /guestkey\.db/,
    ],
    [
      'a database that is none',
      (folder) => {
        writeFileSync(
          join(folder, 'guestkey.db'),
          'not a database, but long enough to be taken for one'.repeat(99),
        )
        return folder
      },
      /guestkey\.db.*not a database/,
    ],
  ])('%s', async (_what, prepare, message) => {
    const { child, said } = launch({ GUESTKEY_DATA: prepare(temporaryFolder()) })
    expect((await ended(child)).code).toBe(1)
    expect(said.err).toMatch(/^guestkey: /)
    expect(said.err).toMatch(message)
    expect(said.err, 'a stack').not.toMatch(/^\s+at /m)
  })
})

describe('a restart', () => {
  test('leaves everybody signed in: those in the store and those who are not', async () => {
    const data = temporaryFolder()
    const env = { GUESTKEY_DATA: data, GUESTKEY_ORIGIN: 'http://localhost:3000' }
    const first = await start(env)
    const [kept, sealed] = [first.browser(), first.browser()]
    const device = first.device()
    const { body: guest } = await kept.addPasskey(device)
    const visitor = await sealed.signIn()
    first.child.kill('SIGTERM')
    expect((await ended(first.child)).code).toBe(0)
    expect(readdirSync(data).sort()).toEqual(['guestkey.db', 'secret'])
    const made = readFileSync(join(data, 'secret'), 'utf8')

    const second = await start(env)
    const back = sameBrowser(kept, second.browser())
    expect((await back.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect((await sameBrowser(sealed, second.browser()).get('/guest/userinfo')).body).toEqual(visitor)
    expect((await second.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
    expect(readFileSync(join(data, 'secret'), 'utf8')).toBe(made)
  })

  test('after kill -9 finds every guest whose passkey was acknowledged', async () => {
    const env = { GUESTKEY_DATA: temporaryFolder(), GUESTKEY_ORIGIN: 'http://localhost:3000' }
    const first = await start(env)
    const device = first.device()
    const acknowledged: string[] = []
    // Killed in the middle of others' registrations.
    const registrations = Array.from({ length: 20 }, async () => {
      const answer = await first.browser().addPasskey(device)
      if (answer.status === 201) acknowledged.push(answer.body.passkey.id)
      if (acknowledged.length === 5) first.child.kill('SIGKILL')
    })
    await Promise.allSettled(registrations)
    expect(acknowledged.length).toBeGreaterThanOrEqual(5)

    const second = await start(env)
    for (const id of acknowledged) {
      const { body: options } = await second.browser().post('/guest/passkeys/authenticate/options')
      const proof = await device.get(options, { credentialId: id })
      expect((await second.browser().post('/guest/passkeys/authenticate', proof)).status).toBe(200)
    }
  })

  test('two at once on one folder agree on the secret and the guests', async () => {
    const env = { GUESTKEY_DATA: join(temporaryFolder(), 'data'), GUESTKEY_ORIGIN: 'http://localhost:3000' }
    const [one, other] = await Promise.all([start(env), start(env)])
    const browser = one.browser()
    const guest = await browser.signIn()
    expect((await sameBrowser(browser, other.browser()).get('/guest/userinfo')).body).toEqual(guest)
    const device = one.device()
    await browser.addPasskey(device)
    expect((await other.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
  })
})

describe('SIGTERM', () => {
  /** A sign-in of which all but the last byte of the body has been sent, and the server has begun to read. */
  async function halfSent(port: number): Promise<{ finish: () => Promise<string> }> {
    const socket: Socket = connect({ port })
    onTestFinished(() => void socket.destroy())
    const head = ['POST /guest/sign-in HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
    socket.write(`${[...head, 'Content-Length: 2', 'Expect: 100-continue'].join('\r\n')}\r\n\r\n`)
    await once(socket.setEncoding('utf8'), 'data') // 100 Continue
    socket.write('{')
    return {
      finish: async () => {
        socket.write('}')
        return ((await once(socket, 'data')) as [string])[0]
      },
    }
  }

  test('drops none of 200 requests in flight, and then ends at once with 0', async () => {
    const { child, port, url } = await start({ GUESTKEY_RATE_LIMIT: 'off' })
    const requests = await Promise.all(Array.from({ length: 200 }, () => halfSent(port)))
    const end = ended(child)
    child.kill('SIGTERM')
    // It has noticed when it no longer says that it is ready.
    await expect
      .poll(() =>
        fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(false)
    const answers = await Promise.all(requests.map(({ finish }) => finish()))
    expect(new Set(answers.map((answer) => answer.slice(0, 15)))).toEqual(new Set(['HTTP/1.1 200 OK']))
    const { code, milliseconds } = await end
    expect(code).toBe(0)
    expect(milliseconds).toBeLessThan(4000)
  })

  test('is answered by not ready, on new connections too, before anybody is turned away', async () => {
    const { child, port, ask } = await start()
    await halfSent(port)
    expect((await ask('/readyz')).status).toBe(200)
    child.kill('SIGTERM')
    const statuses = new Set<number>()
    await expect
      .poll(
        async () => {
          const { status } = await ask('/readyz') // rejects where the connection is refused
          statuses.add(status)
          return status
        },
        { interval: 5 },
      )
      .toBe(503)
    expect((await ask('/healthz')).status).toBe(200)
    expect((await ask('/guest/client.js')).status).toBe(200)
  })

  test('does not wait for connections that are merely kept open', async () => {
    const { child, port } = await start()
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    for (let i = 0; i < 3; i++) {
      const [res] = await once(request({ port, path: '/healthz', agent }).end(), 'response')
      await res.toArray()
    }
    const idle = connect({ port })
    await once(idle, 'connect')
    onTestFinished(() => void idle.destroy())
    const end = ended(child)
    child.kill('SIGTERM')
    const { code, milliseconds } = await end
    expect(code).toBe(0)
    expect(milliseconds).toBeLessThan(4000)
  })

  test('sent twice is SIGTERM', async () => {
    const { child } = await start()
    const end = ended(child)
    child.kill('SIGTERM')
    child.kill('SIGTERM')
    child.kill('SIGINT')
    expect((await end).code).toBe(0)
  })
})
