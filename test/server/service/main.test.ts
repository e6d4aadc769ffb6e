// The service as a process: start, restart, kill -9 and SIGTERM, with a data folder of its own.

import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Browser } from '../../support/app.ts'
import { guestkeyAlone } from '../../support/command.ts'
import { engine, temporaryDeployment, temporaryFolder } from '../../support/engine.ts'
import { ended, startService } from '../../support/service.ts'

const secret = 'a secret of more than 32 characters'
const production = { NODE_ENV: 'production', GUESTKEY_SECRET: secret, GUESTKEY_ORIGIN: 'https://example.com' }

/** Copies the cookies of a browser: the same browser after a restart of the service. */
function sameBrowser(before: Browser, now: Browser): Browser {
  for (const [name, value] of before.cookies) now.cookies.set(name, value)
  return now
}

describe('the service', () => {
  test('prints its address, and is healthy and ready there', async () => {
    const { origin, url, ask } = await startService()
    expect(origin).toBe(url)
    for (const path of ['/healthz', '/readyz']) {
      const answer = await ask(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('serves the endpoints, the client and the demo without any setting', async () => {
    const { ask, browser } = await startService()
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

  test('serves no demo in production, and its cookie needs https', async () => {
    const { ask, browser, origin } = await startService(production)
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

  // Another account could create the folder of Node's compile cache first, and so choose the code that runs.
  test('neither reads nor leaves anything in the shared temporary folder', async () => {
    const { environment } = await temporaryDeployment()
    const TMPDIR = temporaryFolder()
    const service = await startService({ ...environment, TMPDIR, NODE_COMPILE_CACHE: '' })
    await service.browser().signIn()
    await service.stop()
    expect(readdirSync(TMPDIR)).toEqual([])
    const command = await guestkeyAlone(['--version'], { ...environment, TMPDIR, NODE_COMPILE_CACHE: '' })
    expect(command.code).toBe(0)
    expect(readdirSync(TMPDIR)).toEqual([])
  })

  test('makes its data readable only for its own account', async () => {
    const { environment, folder } = await temporaryDeployment()
    const data = join(folder, 'deep', 'data')
    const { browser, device } = await startService({ ...environment, GUESTKEY_DATA: data })
    await browser().addPasskey(device())
    expect(statSync(data).mode & 0o777).toBe(0o700)
    const files = readdirSync(data)
    const ofStore = engine === 'sqlite' ? ['guestkey.db', 'guestkey.db-wal'] : []
    expect(files).toEqual(expect.arrayContaining(['secret', ...ofStore]))
    for (const file of files) expect(statSync(join(data, file)).mode & 0o777, file).toBe(0o600)
  })

  test('keeps compiled code in the folder of its data, if no other account can write there', async () => {
    const { environment, folder } = await temporaryDeployment()
    const compiled = (data: string) => existsSync(join(data, 'compiled'))
    const start = async (data: string) =>
      (await startService({ ...environment, GUESTKEY_DATA: data, NODE_COMPILE_CACHE: '' })).stop()
    const data = join(folder, 'data')
    await start(data)
    expect(compiled(data), 'at the start that makes the folder').toBe(false)
    await start(data)
    expect(compiled(data)).toBe(true)
    const open = join(folder, 'open')
    mkdirSync(open)
    chmodSync(open, 0o770)
    await start(open)
    expect(compiled(open), 'where a group can write').toBe(false)
  })

  test('writes no secret, address or user agent to its log', async () => {
    const { browser, device, said } = await startService({ GUESTKEY_LOG_LEVEL: 'trace' })
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

describe('a restart', () => {
  test('leaves everybody signed in, with stored and with sealed sessions', async () => {
    const { environment, folder } = await temporaryDeployment()
    const env = { ...environment, GUESTKEY_ORIGIN: 'http://localhost:3000' }
    const first = await startService(env)
    const [kept, sealed] = [first.browser(), first.browser()]
    const device = first.device()
    const { body: guest } = await kept.addPasskey(device)
    const visitor = await sealed.signIn()
    first.child.kill('SIGTERM')
    expect((await ended(first.child)).code).toBe(0)
    expect(readdirSync(folder).sort()).toEqual([...(engine === 'sqlite' ? ['guestkey.db'] : []), 'secret'])
    const made = readFileSync(join(folder, 'secret'), 'utf8')

    const second = await startService(env)
    const back = sameBrowser(kept, second.browser())
    expect((await back.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect((await sameBrowser(sealed, second.browser()).get('/guest/userinfo')).body).toEqual(visitor)
    expect((await second.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(made)
  })

  test('after kill -9 finds every guest whose passkey was acknowledged', async () => {
    const { environment } = await temporaryDeployment()
    const env = { ...environment, GUESTKEY_ORIGIN: 'http://localhost:3000' }
    const first = await startService(env)
    const device = first.device()
    const acknowledged: string[] = []
    // The kill comes while other registrations are under way.
    const registrations = Array.from({ length: 20 }, async () => {
      const answer = await first.browser().addPasskey(device)
      if (answer.status === 201) acknowledged.push(answer.body.passkey.id)
      if (acknowledged.length === 5) first.child.kill('SIGKILL')
    })
    await Promise.allSettled(registrations)
    expect(acknowledged.length).toBeGreaterThanOrEqual(5)

    const second = await startService(env)
    for (const id of acknowledged) {
      const { body: options } = await second.browser().post('/guest/passkeys/authenticate/options')
      const proof = await device.get(options, { credentialId: id })
      expect((await second.browser().post('/guest/passkeys/authenticate', proof)).status).toBe(200)
    }
  })

  test('two services that start at once in one folder agree on the secret and the guests', async () => {
    const { environment, folder } = await temporaryDeployment()
    const GUESTKEY_DATA = join(folder, 'data')
    const env = { ...environment, GUESTKEY_DATA, GUESTKEY_ORIGIN: 'http://localhost:3000' }
    const [one, other] = await Promise.all([startService(env), startService(env)])
    const browser = one.browser()
    const guest = await browser.signIn()
    expect((await sameBrowser(browser, other.browser()).get('/guest/userinfo')).body).toEqual(guest)
    const device = one.device()
    await browser.addPasskey(device)
    expect((await other.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
  })
})

describe('SIGTERM', () => {
  /** A sign-in that lacks only the last byte of its body. The server has begun to read it. */
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

  test('drops none of 200 requests in flight, and then exits at once with 0', async () => {
    const { child, port, url } = await startService({ GUESTKEY_RATE_LIMIT: 'off' })
    const requests = await Promise.all(Array.from({ length: 200 }, () => halfSent(port)))
    const end = ended(child)
    child.kill('SIGTERM')
    // It has received the signal when it is no longer ready.
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

  test('makes /readyz answer 503, on new connections too, before any connection is refused', async () => {
    const { child, port, ask } = await startService()
    await halfSent(port)
    expect((await ask('/readyz')).status).toBe(200)
    child.kill('SIGTERM')
    const statuses = new Set<number>()
    await expect
      .poll(
        async () => {
          const { status } = await ask('/readyz') // rejects if the connection is refused
          statuses.add(status)
          return status
        },
        { interval: 5 },
      )
      .toBe(503)
    expect((await ask('/healthz')).status).toBe(200)
    expect((await ask('/guest/client.js')).status).toBe(200)
  })

  test('does not wait for idle keep-alive connections', async () => {
    const { child, port } = await startService()
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

  test('that comes twice has the same effect as once', async () => {
    const { child } = await startService()
    const end = ended(child)
    child.kill('SIGTERM')
    child.kill('SIGTERM')
    child.kill('SIGINT')
    expect((await end).code).toBe(0)
  })
})
