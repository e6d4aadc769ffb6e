// server/README.md and server/embedding.md: the table of events has each event, and the examples work.

import { execFile, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { webhookEvents } from '../../server/options/webhooks.ts'
import { Browser, startApp, type Userinfo } from '../support/app.ts'
import { SoftwareAuthenticator } from '../support/authenticator.ts'
import { newProject, runModule } from '../support/examples.ts'
import { freePort } from '../support/free-port.ts'
import { example, functionsIn, functionsOf, rowsIn, section } from '../support/pages.ts'

const page = 'server/README.md'

/** The members of a type in events.ts, as written there. */
function typeOf(pattern: RegExp, member: RegExp): string[] {
  const source = readFileSync(join(import.meta.dirname, '../../server/core/events/events.ts'), 'utf8')
  return [...pattern.exec(source)![1]!.matchAll(member)].map(([, name]) => name!)
}

describe('the table of events', () => {
  const rows = rowsIn(section(page, 'Events')).filter(([name]) => /`\w+\.\w+`/.test(name!))
  const nameOf = (cell: string) => cell.replaceAll('`', '')

  test('has each event once, and no other', () => {
    const events = typeOf(/export type GuestEvents = \{([\s\S]*?)^\}/m, /^ {2}'([\w.]+)':/gm)
    expect(rows.map(([name]) => nameOf(name!)).toSorted()).toEqual(events.toSorted())
  })

  test('marks those that webhooks can receive', () => {
    const marked = rows.filter(([, , , mark]) => mark === '✓').map(([name]) => nameOf(name!))
    expect(marked.toSorted()).toEqual(webhookEvents.toSorted())
  })

  test('is followed by each reason for the end of a session', () => {
    const reasons = typeOf(/export type SessionEnd =([\s\S]*?)\n\n/, /'(\w+)'/g)
    const named = rowsIn(section(page, 'Why a session ended')).map(([reason]) => nameOf(reason!))
    expect(named).toEqual(reasons)
  })
})

/** Runs an app of the page on a free port, until the test ends. Returns its origin. */
async function startExample(code: string, name = 'app.mjs'): Promise<string> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const folder = newProject('express')
  const file = join(folder, name)
  writeFileSync(
    file,
    code.replaceAll('http://localhost:3000', origin).replace('listen(3000)', `listen(${port})`),
  )
  const child = spawn(process.execPath, [file], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: 'inherit',
  })
  onTestFinished(() => void child.kill())
  await expect
    .poll(() =>
      fetch(origin).then(
        () => true,
        () => child.exitCode ?? false,
      ),
    )
    .toBe(true)
  return origin
}

test('the page on embedding names each function of guestkey(), and no other', async () => {
  const { guests } = await startApp()
  const rows = rowsIn(section('server/embedding.md', 'Functions'))
  const named = rows.flatMap(([cell]) => functionsIn(cell!))
  const middleware = ['router', 'loadGuest', 'metrics', 'operators.router'] // named without brackets
  expect([...named, ...middleware].toSorted()).toEqual(functionsOf(guests).toSorted())
  for (const name of middleware) expect(rows.some(([cell]) => cell === `\`guests.${name}\``)).toBe(true)
})

test('the example of server-sent events ends them with the session', async () => {
  const origin = await startExample(example('server/embedding.md', 'events'))
  const browser = new Browser(origin as unknown as Server, origin)
  await browser.signIn()
  const answer = await fetch(`${origin}/events`, { headers: { Cookie: browser.cookie! } })
  expect(answer.status).toBe(200)
  await browser.post('/guest/sign-out', { force: true })
  expect(await answer.text()).toBe('event: signed-out\ndata: \n\n')
})

describe('the examples of the guide', () => {
  test('move the cart of a guest to the account that signs in', async () => {
    const origin = await startExample(example('server/README.md', 'cart'))
    const browser = () => new Browser(origin as unknown as Server, origin)
    const put = async (one: Browser, item: string) => (await one.post(`/cart/${item}`)).body as string[]

    const device = new SoftwareAuthenticator({ origin, synced: true })
    const home = browser()
    const { sub } = await home.signIn()
    expect((await home.addPasskey(device)).status).toBe(201)
    expect(await put(home, 'tea')).toEqual(['tea'])

    const elsewhere = browser()
    await elsewhere.signIn()
    expect(await put(elsewhere, 'tea')).toEqual(['tea'])
    expect(await put(elsewhere, 'cake')).toEqual(['tea', 'cake'])
    const signedIn = (await elsewhere.signInWithPasskey(device)).body as Userinfo & Record<string, string>
    expect(signedIn).toMatchObject({ sub, merged: true })
    expect(await put(elsewhere, 'milk')).toEqual(['tea', 'tea', 'cake', 'milk'])
    expect((await elsewhere.post('/guest/merge/undo', { ticket: signedIn.ticket })).status).toBe(200)
    expect(await put(elsewhere, 'bread')).toEqual(['tea', 'cake', 'bread'])
    expect(await put(home, 'jam')).toEqual(['tea', 'milk', 'jam'])
  })

  test('send a code by the mailer of the app', async () => {
    const code = example('server/README.md', 'send')
    const more = `
      const sent = []
      const guests = createGuests({ send: (mail) => sent.push(mail) })
      const { createServer } = await import('node:http')
      const server = createServer((req, res) => guests.router(req, res, () => res.end())).listen(0)
      const url = 'http://localhost:' + server.address().port + '/guest'
      const post = (path, body, cookie = '') => fetch(url + path, {
        method: 'POST', body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', Origin: 'http://localhost:3000', Cookie: cookie },
      })
      const cookie = (await post('/sign-in', {})).headers.getSetCookie()[0].split(';')[0]
      const started = await post('/promotion/start', { type: 'email', value: 'ada@example.com' }, cookie)
      console.log(started.status, sent[0].to, /^\\d{6} is your code$/.test(sent[0].subject), sent[0].text.split(' at ')[1])
      server.close()
      await guests.close()`
    expect(await runModule(newProject(), code + more)).toBe(
      '200 ada@example.com true localhost to keep your account.\n',
    )
  })

  test('make a guestkey for several sites, and one with webhooks', async () => {
    const closed = 'await guests.ready(); await guests.close(); console.log("ready")'
    const env = { HOOK_SECRET: `whsec_${Buffer.alloc(32, 's').toString('base64')}` }
    expect(await runModule(newProject(), example('server/README.md', 'sites') + closed)).toBe('ready\n')
    expect(await runModule(newProject(), example('server/README.md', 'webhooks') + closed, env)).toBe(
      'ready\n',
    )
  })
})

describe('the examples of embedding', () => {
  test('answer who is there, and a dead session as the pages of the app do', async () => {
    const origin = await startExample(example('server/embedding.md', 'app'))
    const browser = new Browser(origin as unknown as Server, origin)
    expect((await browser.get('/some-page')).text).toBe('Hello, stranger')
    expect((await browser.get('/me')).status).toBe(401)
    const { sub, label } = await browser.signIn()
    expect((await browser.get('/me')).body).toEqual({ id: sub })
    expect((await browser.get('/some-page')).text).toBe(`Hello, ${label}`)
    const cookies = new Map(browser.cookies)
    await browser.post('/guest/sign-out', { force: true })
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    const dead = await browser.get('/some-page')
    expect(dead.status).toBe(401)
    expect(dead.text).toBe('Please sign in again.')
  })

  test('run as CommonJS', async () => {
    const origin = await startExample(example('server/embedding.md', 'commonjs'), 'app.cjs')
    const browser = new Browser(origin as unknown as Server, origin)
    const { label } = await browser.signIn()
    expect((await browser.get('/hello')).text).toBe(`Hello, ${label}`)
  })

  test.each([
    ['with req.guest', false],
    ['with another name for it', true],
  ])('compile as TypeScript in strict mode %s', async (_how, isVisitor) => {
    const source = 'app.mts'
    const folder = newProject('express', '@types/express', '@types/node')
    const app = example('server/embedding.md', 'typescript')
    const visitor = example('server/embedding.md', 'visitor')
    writeFileSync(
      join(folder, source),
      isVisitor ? `${app.replaceAll('req.guest', 'req.visitor')}${visitor}` : app,
    )
    const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
    const options = ['--strict', '--noEmit', '--module', 'NodeNext', '--target', 'ES2024', '--types', 'node']
    const said = await promisify(execFile)(process.execPath, [tsc, ...options, source], {
      cwd: folder,
    }).catch(({ stdout }) => ({ stdout }))
    expect(said.stdout).toBe('')
  })

  test('send people to a page of the app and back, and sign them out', async () => {
    const origin = await startExample(example('server/embedding.md', 'pages'))
    const browser = new Browser(origin as unknown as Server, origin)
    const opened = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'none' }
    const asked = await supertest(origin).get('/cart?step=2').set(opened)
    const welcome = asked.headers.location!
    expect([asked.status, welcome]).toEqual([303, `/welcome?return_to=${encodeURIComponent('/cart?step=2')}`])
    expect((await browser.get('/cart')).status).toBe(401)
    const back = await browser.post(welcome)
    expect([back.status, back.headers.location]).toEqual([303, '/cart?step=2'])
    expect((await browser.get('/cart')).text).toContain('The cart of ')
    expect((await browser.post('/logout')).headers.location).toBe('/welcome')
    expect((await browser.get('/cart')).status).toBe(401)
  })

  test('warn a guest by a clock that the test moves', async () => {
    const code = example('server/embedding.md', 'clock')
    const [, promised] = /sweep\(\)\) \/\/ (.*)/.exec(code)!
    expect(await runModule(newProject(), code)).toBe(`${promised}\n`)
  })
})
