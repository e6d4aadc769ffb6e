// Apps of other server frameworks than Express, by the examples of server/frameworks.md: the whole ceremony over HTTP, what
// each must refuse, and a page in Chromium.

import { mkdirSync, symlinkSync } from 'node:fs'
import type { Server } from 'node:http'
import { dirname, join } from 'node:path'
import type { Browser as Chromium } from 'playwright-core'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../../support/app.ts'
import { SoftwareAuthenticator } from '../../support/authenticator.ts'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { freePort } from '../../support/free-port.ts'
import { example } from '../../support/pages.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { playWholeStory } from '../../support/whole-story.ts'
import { type Project, pack, projectOf } from './project.ts'

const root = join(import.meta.dirname, '../../..')

type Framework = {
  name: string
  /** The files of its app that the page has. */
  files: Record<string, string>
  /** Builds the app. */
  build?: string
  start: string
  /** A file with the types that an app uses. */
  types: string
}

const frameworks: Framework[] = [
  {
    name: 'hono',
    files: { 'app.ts': example('server/frameworks.md', 'hono') },
    start: 'exec node app.ts',
    types: 'app.ts',
  },
  {
    name: 'fastify',
    files: { 'app.ts': example('server/frameworks.md', 'fastify') },
    start: 'exec node app.ts',
    types: 'app.ts',
  },
  {
    name: 'koa',
    files: { 'app.ts': example('server/frameworks.md', 'koa') },
    start: 'exec node app.ts',
    types: 'app.ts',
  },
  {
    name: 'next',
    files: {
      'lib/guests.js': example('server/frameworks.md', 'next-guests'),
      'app/guest/[...path]/route.js': example('server/frameworks.md', 'next-route'),
      'proxy.js': example('server/frameworks.md', 'next-proxy'),
      'next.config.mjs': example('server/frameworks.md', 'next-config'),
      'app/page.jsx': example('server/frameworks.md', 'next-page'),
      'app/cart/page.jsx': example('server/frameworks.md', 'next-cart'),
      'app/vault/route.js': example('server/frameworks.md', 'next-vault'),
    },
    build: 'NEXT_TELEMETRY_DISABLED=1 npx next build',
    start: 'exec npx next start -p $PORT',
    types: 'types.ts',
  },
  {
    name: 'sveltekit',
    files: {
      'src/lib/server/guests.js': example('server/frameworks.md', 'sveltekit-guests'),
      'src/hooks.server.js': example('server/frameworks.md', 'sveltekit-hooks'),
      'src/routes/+page.server.js': example('server/frameworks.md', 'sveltekit-page'),
      'src/routes/cart/+page.server.js': example('server/frameworks.md', 'sveltekit-cart'),
      'src/routes/vault/+server.js': example('server/frameworks.md', 'sveltekit-vault'),
    },
    build: 'npx vite build',
    start: 'exec node build/index.js',
    types: 'types.ts',
  },
]

const packed = sharedInFile(pack)

let chromium: Chromium
beforeAll(async () => {
  chromium = await launchBrowser()
})
afterAll(() => chromium.close())

async function built({ name, files, build }: Framework, origin: string): Promise<Project> {
  const project = await projectOf(name, packed())
  for (const [file, code] of Object.entries(files)) {
    mkdirSync(join(project.folder, dirname(file)), { recursive: true })
    project.write(file, code)
  }
  if (build) await project.type(`ORIGIN=${origin} ${build}`)
  return project
}

async function started(framework: Framework) {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const project = await built(framework, origin)
  const environment = { PORT: String(port), ORIGIN: origin, GUESTKEY_SECRET: 's'.repeat(32) }
  await project.serve(origin, environment, 'sh', '-c', framework.start)
  return { project, origin, server: origin as unknown as Server }
}

describe.each(frameworks)('$name', (framework) => {
  const app = sharedInFile(() => started(framework))
  const browser = () => new Browser(app().server, app().origin)
  const device = () => new SoftwareAuthenticator({ origin: app().origin, synced: true })
  /** Opens a page as a browser does. fetch() cannot, because it says `Sec-Fetch-Mode: cors`. */
  const open = (path: string, headers: Record<string, string> = {}) =>
    supertest(app().origin)
      .get(path)
      .set({ Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', ...headers })
      .redirects(0)
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(app().origin + path, { redirect: 'manual', ...init })

  test('compiles with the types of the adapter, in strict mode', async () => {
    const { project } = app()
    symlinkSync(join(root, 'node_modules/@types'), join(project.folder, 'types-of-node'))
    project.write(
      'tsconfig.check.json',
      JSON.stringify({
        compilerOptions: {
          ...{ target: 'es2024', lib: ['es2024', 'dom', 'dom.iterable'], module: 'esnext' },
          ...{ moduleResolution: 'bundler', strict: true, exactOptionalPropertyTypes: true, noEmit: true },
          ...{ skipLibCheck: true, types: ['node'], typeRoots: ['types-of-node'] },
        },
        files: [framework.types],
      }),
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const said = await project
      .run(process.execPath, tsc, '-p', 'tsconfig.check.json')
      .catch(({ stdout }) => stdout)
    expect(said).toBe('')
  })

  test('has the whole ceremony, on several devices', () => playWholeStory({ browser, device }))

  test('knows its guest in routes, behind guards and without', async () => {
    const [visitor, key] = [browser(), device()]
    const textOf = async () => (await visitor.get('/')).text.replaceAll(/<!--.*?-->/g, '')
    expect(await textOf()).toMatch(/Hello, stranger|Continue as guest/)
    expect((await visitor.get('/me')).body).toMatchObject({ status: 401, code: 'not_signed_in' })
    const { anonymous_id, label } = await visitor.signIn()
    expect(await textOf()).toContain(`Hello, ${label}`)
    const me = await visitor.get('/me')
    expect([me.body, me.headers['cache-control']]).toEqual([{ id: anonymous_id }, 'private, no-store'])

    const refused = await visitor.get('/vault')
    expect(refused.body).toMatchObject({ status: 401, code: 'insufficient_user_authentication' })
    expect(refused.headers['www-authenticate']).toContain('max_age=300')
    expect((await visitor.addPasskey(key)).status).toBe(201)
    expect((await visitor.get('/vault')).text).toBe('Yours alone')
    expect((await visitor.get('/cart')).status).toBe(200)
  })

  test('sends people from a page for guests to one where they can sign in', async () => {
    const sent = await open('/cart')
    expect(String(sent.status)).toMatch(/^30[37]$/)
    expect(sent.headers.location).toMatch(/^\/(welcome)?\?return_to=%2Fcart$/)
  })

  test('removes a dead cookie when a page is opened, and refuses it elsewhere', async () => {
    const visitor = browser()
    await visitor.signIn()
    const [name] = visitor.cookies.keys()
    const Cookie = `${name}=gks_dead`
    const again = await open('/', { Cookie })
    expect([again.status, new URL(again.headers.location!, app().origin).pathname]).toEqual([303, '/'])
    expect(again.headers['set-cookie']).toEqual([expect.stringMatching(/^guestkey-\w+=; .*Max-Age=0/)])
    expect((await ask('/me', { headers: { Cookie } })).status).toBe(401)
  })

  test('refuses changes of other origins, bodies that are too large, and methods that are none', async () => {
    const post = async (headers: Record<string, string>, body: string) =>
      ask('/guest/sign-in', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body,
      })
    expect((await post({ Origin: 'https://evil.example' }, '{}')).status).toBe(403)
    expect((await post({}, JSON.stringify({ collection: 'x'.repeat(70_000) }))).status).toBe(413)
    expect((await post({}, '{')).status).toBe(400)
    expect((await ask('/guest/sign-in')).status).toBe(405)
    expect((await ask('/guest/nothing')).status).toBe(404)
  })

  test('sends the client compressed, with an ETag, and to HEAD without a body', async () => {
    const headers = { 'Accept-Encoding': 'gzip, br' }
    const client = await ask('/guest/client.js', { headers })
    expect(client.headers.get('content-encoding')).toMatch(/^(br|gzip)$/)
    expect(await client.text()).toContain('guestkey')
    const known = { ...headers, 'If-None-Match': client.headers.get('etag')! }
    expect((await ask('/guest/client.js', { headers: known })).status).toBe(304)
    const head = await ask('/guest/client.js', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('works in Chromium: continue as guest, save, leave, come back, prove the passkey again', async () => {
    const { page: tab, problems } = await newDevice(chromium, { synced: true })
    await tab.goto(`${app().origin}/cart`)
    await tab.click('text=Continue as guest')
    await expect.poll(async () => (await tab.context().cookies()).length).toBe(1)
    await tab.goto(`${app().origin}/cart`)
    expect((await tab.textContent('body'))!.toLowerCase()).toMatch(/cart/)
    expect(new URL(tab.url()).pathname).toBe('/cart')
    const said = await tab.evaluate(async () => {
      const { createGuestClient } = await import('/guest/client.js' as string)
      const client = createGuestClient()
      const guest = await client.user()
      await client.passkeys.add()
      await client.signOut()
      const back = await client.passkeys.signIn()
      const vault = await client.fetch('/vault')
      return [back.sub === guest!.sub, vault.status, await vault.text()]
    })
    expect(said).toEqual([true, 200, 'Yours alone'])
    expect(problems).toEqual([])
  })
})
