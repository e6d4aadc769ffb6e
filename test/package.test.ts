// The package as users get it: packed, installed in an empty folder, imported, required, started, and type-checked.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, posix } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { packInto } from './support/packed.ts'
import { linksOf, pages } from './support/pages.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'))
const manifest = read('package.json')
/** Everything runs on the Node that runs the tests, whatever the machine has. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` }

let folder: string
let packed: string[]

const run = async (command: string, args: string[], cwd = folder) =>
  (await promisify(execFile)(command, args, { cwd, env })).stdout
const runScript = (type: 'module' | 'commonjs', script: string) => {
  const file = join(folder, type === 'module' ? 'script.mjs' : 'script.cjs')
  writeFileSync(file, script)
  return run(process.execPath, [file])
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guestkey-package-'))
  const { guestkey, client } = await packInto(folder)
  packed = guestkey.files
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const quietly = ['--no-audit', '--no-fund', '--omit=dev', '--prefer-offline']
  await run('npm', ['install', ...quietly, guestkey.tarball, client.tarball])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('guestkey and @guestkey/client have one version, and guestkey depends on exactly that one', () => {
  const { version } = manifest
  const { packages } = read('package-lock.json')
  expect(manifest.dependencies['@guestkey/client']).toBe(version)
  expect([read('client/package.json'), packages[''], packages.client].map((one) => one.version)).toEqual([
    version,
    version,
    version,
  ])
  expect(packages[''].dependencies['@guestkey/client']).toBe(version)
})

test('npm version gives both packages the new version, and changes nothing else', async () => {
  const clone = join(folder, 'clone')
  const lines = (from: string, file: string) => readFileSync(join(from, file), 'utf8').split('\n')
  const [own, dependency] = ['"version": "9.9.9",', '"@guestkey/client": "9.9.9",']
  const changes = {
    'package.json': [own, dependency],
    'client/package.json': [own],
    'package-lock.json': [own, own, dependency, own],
  }
  for (const path of [...Object.keys(changes), 'client/build'])
    cpSync(join(root, path), join(clone, path), { recursive: true })
  await run('git', ['init', '--quiet'], clone)
  await run('npm', ['version', '9.9.9', '--no-git-tag-version'], clone)
  for (const [file, expected] of Object.entries(changes)) {
    const before = lines(root, file)
    const changed = lines(clone, file).filter((line, i) => line !== before[i])
    expect(changed.map((line) => line.trim())).toEqual(expected)
  }
})

test('package-lock.json names no registry, so that npm asks the one that is set, and takes the client from here', () => {
  const { packages } = read('package-lock.json')
  const named = Object.entries(packages as Record<string, { resolved?: string; link?: boolean }>)
  expect(named.filter(([, { resolved }]) => resolved)).toEqual([
    ['node_modules/@guestkey/client', { resolved: 'client', link: true }],
  ])
})

/** The frameworks that have an export of their own. */
const adapters = ['fastify', 'hono', 'koa', 'next', 'sveltekit']

describe('the packed package', () => {
  test('contains the build, the licence and the pages, but no source, test or data', () => {
    const others = packed.filter((path) => !/^dist\/(server|client|console|demo|verify)\//.test(path))
    const isPage = (path: string) =>
      pages.includes(path) ||
      /^(client\/demo\/jotter\.png|client\/pictures\/[\w-]+\.webp|server\/console-\w+\.png|server\/service\/grafana\/\w+\.(json|yml))$/.test(
        path,
      )
    expect(others.filter((path) => !/^(package\.json|LICENSE)$/.test(path) && !isPage(path))).toEqual([])
    expect(pages.filter((page) => !packed.includes(page))).toEqual([])
    const named = ['LICENSE', 'README.md', 'package.json', 'dist/server/LICENSE-zod']
    for (const file of named) expect(packed).toContain(file)
    expect(packed.filter((path) => /(?<!\.d)\.ts$|\.(test|db|tgz)\b|\/secret$/.test(path))).toEqual([])
  })

  test('has every page and picture that its pages lead to, but for those about the work on it', () => {
    const targets = packed
      .filter((path) => /^(README\.md|(client|server)\/.*\.md)$/.test(path))
      .flatMap((page) =>
        linksOf(page).map(({ path }) => (path === '' ? page : posix.join(dirname(page), path))),
      )
    expect(targets.filter((target) => !packed.includes(target))).toEqual([])
  })

  test('has the types of its entry points in one file each, and of the demo page only what the service sends', () => {
    const types = packed.filter((path) => /\.d\.[cm]?ts$/.test(path))
    expect(types.sort()).toEqual(
      [
        ...['client/index', 'client/native', 'client/small'],
        ...adapters.map((name) => `server/adapters/${name}`),
        ...['server/index', 'verify/index'],
      ].flatMap((name) => [`dist/${name}.d.cts`, `dist/${name}.d.ts`]),
    )
    const page = packed.filter((path) => path.startsWith('dist/demo/'))
    expect(page.map((path) => path.split('/').at(-1)).sort()).toEqual([
      'demo.css',
      'demo.js',
      'gallery.css',
      'gallery.html',
      'gallery.js',
      'index.html',
    ])
  })

  test('has every file that package.json names', () => {
    const named = [manifest.bin, manifest.exports].flatMap(function files(value): string[] {
      return typeof value === 'string' ? [value] : Object.values(value as object).flatMap(files)
    })
    for (const file of named) expect(packed).toContain(file.replace(/^\.\//, ''))
  })
})

describe('the package, installed in an empty folder,', () => {
  test('can be imported', async () => {
    const script = `import * as all from 'guestkey'; console.log(Object.keys(all).sort().join())`
    expect(await runScript('module', script)).toBe('GuestError,OptionsError,guestkey\n')
  })

  test('can be required, and is the same module', async () => {
    const script = `
      const { guestkey, GuestError } = require('guestkey')
      import('guestkey').then((all) => console.log(all.guestkey === guestkey && all.GuestError === GuestError))`
    expect(await runScript('commonjs', script)).toBe('true\n')
  })

  test.each(['guestkey/client', 'guestkey/client/small'])(
    'has a client that can be imported: %s',
    async (name) => {
      const script = `
      import * as all from '${name}'
      console.log(Object.keys(all).sort().join(), typeof all.createGuestClient().signInAnonymously)`
      expect(await runScript('module', script)).toBe('GuestClientError,createGuestClient function\n')
      const required = `console.log(Object.keys(require('${name}')).sort().join())`
      expect(await runScript('commonjs', required)).toBe('GuestClientError,createGuestClient\n')
    },
  )

  test('verifies tokens with a module that needs no other file, imported or required', async () => {
    const names = 'VerifyError,createVerifier,isRecoverable\n'
    const script = `import * as all from 'guestkey/verify'; console.log(Object.keys(all).sort().join())`
    expect(await runScript('module', script)).toBe(names)
    const required = `console.log(Object.keys(require('guestkey/verify')).sort().join())`
    expect(await runScript('commonjs', required)).toBe(names)
    const files = packed.filter((path) => /^dist\/verify\/.*\.c?js$/.test(path))
    expect(files.sort()).toEqual(['dist/verify/index.cjs', 'dist/verify/index.js'])
    for (const file of files)
      expect(readFileSync(join(folder, 'node_modules/guestkey', file), 'utf8')).not.toMatch(
        /\b(import|require)\b/,
      )
  })

  test('has a client whose later parts are loaded when they are called', async () => {
    const script = `
      import { createGuestClient } from 'guestkey/client'
      globalThis.window = globalThis
      const { code, message } = await createGuestClient().deviceKey.signIn().catch((error) => error)
      console.log(code, message)`
    expect(await runScript('module', script)).toBe('no_device_key This device is not remembered.\n')
  })

  test.each(adapters)('has guests for %s, by import and require, without the framework', async (name) => {
    const all = await runScript(
      'module',
      `import * as all from 'guestkey/${name}'; console.log(Object.keys(all).join())`,
    )
    expect(all.toLowerCase()).toBe(`${name}guests\n`)
    const required = `console.log(Object.keys(require('guestkey/${name}')).join())`
    expect(await runScript('commonjs', required)).toBe(all)
  })

  test('lets nothing else be imported', async () => {
    for (const path of ['guestkey/dist/server/guestkey.js', 'guestkey/server', 'guestkey/core/secrets.js'])
      await expect(runScript('module', `import '${path}'`)).rejects.toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/)
  })

  test('signs a guest in, stores nothing about it, and exits by itself', async () => {
    const script = `
      import { createServer } from 'node:http'
      import { guestkey } from 'guestkey'
      const guests = guestkey({ origin: 'http://localhost', store: 'data/guestkey.db' })
      const server = createServer((req, res) => guests.router(req, res, () => res.end()))
      server.listen(0, async () => {
        const url = 'http://localhost:' + server.address().port + '/guest'
        const post = (path) => fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' } })
        const guest = await (await post('/sign-in')).json()
        const options = await (await post('/passkeys/register/options')).json()
        console.log(guest.isAnonymous, options.rp.id, (await fetch(url + '/client.js')).status)
        server.close()
        await guests.close()
      })`
    expect(await runScript('module', script)).toBe('true localhost 200\n')
  })

  test('starts the service, with client, endpoints and demo', async () => {
    const service = spawn(process.execPath, [join(folder, 'node_modules/.bin/guestkey')], {
      cwd: folder,
      env: { PATH: env.PATH, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void service.kill('SIGKILL'))
    let url: string | undefined
    for await (const line of createInterface(service.stdout)) {
      url = /^guestkey is at (\S+)$/.exec(line)?.[1]
      if (url) break
    }
    const client = await fetch(`${url}/guest/client.js`)
    expect(client.headers.get('content-type')).toMatch(/^text\/javascript/)
    const source = await client.text()
    expect(source).toContain('createGuestClient')
    const [chunk] = /other-parts-[\w-]{8}\.js/.exec(source)!
    expect((await fetch(`${url}/guest/client/${chunk}`)).headers.get('content-type')).toMatch(
      /^text\/javascript/,
    )
    for (const path of ['/readyz', '/guest/openapi.json', '/', '/demo.js', '/demo.css'])
      expect((await fetch(url + path)).status, path).toBe(200)
    service.kill('SIGTERM')
    expect((await once(service, 'exit'))[0]).toBe(0)
  })
})

describe('the types of the package', () => {
  const host = `
    import express, { type NextFunction, type Request, type Response } from 'express'
    import { type Guest, type GuestEvents, GuestError, type GuestKey, guestkey, type Options } from 'guestkey'
    import { fastifyGuests } from 'guestkey/fastify'
    import { honoGuests } from 'guestkey/hono'
    import { koaGuests } from 'guestkey/koa'
    import { nextGuests } from 'guestkey/next'
    import { svelteKitGuests } from 'guestkey/sveltekit'

    const options: Options = { origin: 'http://localhost:3000', rateLimit: { perMinute: 60 } }
    const guests: GuestKey = guestkey(options)
    const app = express()
    app.use(guests.router)
    app.get('/', guests.requireGuest(), (req, res) => {
      const guest: Guest | null = req.guest
      res.json({ sub: guest?.sub, recoverability: guest?.recoverability })
    })
    app.get('/vault', guests.requirePasskey({ maxAgeSeconds: 60 }), (req, res) => void res.json(req.guest!.label))
    app.post('/join', async (req, res) => {
      const { token, guest } = await guests.signInAnonymously(req, res, { collection: 'users' })
      const both: [string, Guest] = [token, guest]
      res.json(both)
    })
    const stop: () => void = guests.on('guest.signed_in', ({ guest, method, previous }) => {
      const left: string | undefined = previous?.anonymous_id
      type ByKey = 'device_key' | 'device_link' | 'recovery_code' | 'way_in'
      console.log(guest.sub, method satisfies 'anonymous' | 'passkey' | 'code' | 'host' | ByKey, left)
    })
    guests.on('guest.kept', (event: GuestEvents['guest.kept']) => event.guest.sub)
    app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
      if (error instanceof GuestError && error.code === 'session_invalid') res.status(error.status).json(error)
      else next(error)
    })
    await guests.ready()
    stop()
    // Their types hold without the frameworks.
    const { plugin, requireGuest } = fastifyGuests(guests)
    console.log(plugin, requireGuest(), honoGuests(guests).router, koaGuests(guests).router)
    const kit = { error: null as never, redirect: null as never }
    const { handlers } = nextGuests(() => guests, { cookies: null as never, headers: null as never, redirect: null as never })
    console.log(handlers.GET, svelteKitGuests(() => guests, kit).all().on)

    // @ts-expect-error: a misspelt option
    guestkey({ orign: 'http://localhost:3000' })
    // @ts-expect-error: the age must be given
    guests.requirePasskey()
    // @ts-expect-error: no such event
    guests.on('guest.signed', () => {})
    // @ts-expect-error: no such code
    new GuestError('nonsense')
  `
  const page = `
    import { createGuestClient, type Guest, GuestClientError, type GuestClientEvents } from 'guestkey/client'

    const client = createGuestClient({ baseUrl: '/guest' })
    const guest: Guest = await client.signInAnonymously()
    const stop: () => void = client.onChange((now) => console.log(now?.label))
    try {
      const { passkey } = await client.passkeys.add()
      console.log(passkey.provider, guest.sub)
    } catch (error) {
      if (error instanceof GuestClientError && error.code === 'cancelled') stop()
      if (error instanceof GuestClientError && error.code === 'login_id_taken') await client.merge(error.ticket!)
      // @ts-expect-error: the code must be checked first
      if (error instanceof GuestClientError) console.log(error.ticket)
    }
    const heard: () => void = client.on('prompts.due', (prompt, { label }) => console.log(prompt, label))
    const due = (...[prompt]: GuestClientEvents['prompts.due']) => prompt
    client.on('prompts.due', due)
    const { expires_at, expiresAt } = await client.deviceLinks.start({ url: undefined })
    console.log(heard, expires_at - expiresAt)
    // @ts-expect-error: no such event
    client.on('prompts.dew', () => {})
    // @ts-expect-error: no such option of the function
    await client.signInAnonymously({ immediat: true })
    // @ts-expect-error: no such option
    createGuestClient({ url: '/guest' })
  `
  const elsewhere = `
    import express from 'express'
    import { createVerifier, type GuestClaims, type Proof, VerifyError } from 'guestkey/verify'

    const isNewProof = async ({ thumbprint, id, until }: Proof) => (thumbprint + id).length > until
    const api = createVerifier({ issuer: 'https://auth.example.com', audience: 'https://api.example.com', isNewProof })
    const app = express()
    app.get('/', api.requireGuest(), async (req, res) => {
      const guest: GuestClaims | null = await api.guestOf(req)
      res.json({ sub: guest?.sub, recoverability: guest?.recoverability satisfies string | undefined })
    })
    app.get('/orders', api.requireRecoverable(), (_req, res) => void res.json({}))
    export const worker = { fetch: api.requireGuest((_request, guest, env: { KV: string }) => Response.json([guest.sub, env.KV])) }
    try {
      await api.verifyToken('a token')
    } catch (error) {
      if (error instanceof VerifyError && error.code === 'invalid_token') console.log(error.status, error.toResponse())
      // @ts-expect-error: no such code
      if (error instanceof VerifyError) console.log(error.code === 'nonsense')
    }
    // @ts-expect-error: the audience must be given
    createVerifier({ issuer: 'https://auth.example.com' })
    // @ts-expect-error: a misspelt option
    createVerifier({ issuer: 'https://auth.example.com', audience: 'a', isNewProff: isNewProof })
  `
  const oldHost = `
    import express = require('express')
    import guestkey = require('guestkey')

    const guests = guestkey.guestkey({ origin: 'http://localhost:3000' })
    const app = express()
    app.use(guests.router)
    app.get('/', guests.requireGuest(), (req, res) => void res.json(req.guest?.sub))
  `

  test.each([
    ['a host in ESM', 'host.mts', host, 'NodeNext'],
    ['a host in CommonJS', 'host.cts', oldHost, 'NodeNext'],
    ['an API elsewhere', 'api.mts', elsewhere, 'NodeNext'],
    ['a page that is bundled', 'page.ts', page, 'ESNext'],
  ])('compile with %s in strict mode', async (_who, name, source, module) => {
    mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
    for (const types of ['node', 'express', 'express-serve-static-core', 'serve-static', 'body-parser'])
      linkTypes(types)
    for (const types of ['connect', 'qs', 'range-parser', 'send', 'http-errors']) linkTypes(types)
    writeFileSync(join(folder, name), source)
    const config = {
      compilerOptions: {
        ...{ target: 'ES2024', lib: ['ES2024', 'DOM', 'DOM.Iterable'], noEmit: true, strict: true },
        ...{ module, moduleResolution: module === 'ESNext' ? 'bundler' : module },
        ...{ types: module === 'ESNext' ? [] : ['node'], skipLibCheck: false },
        ...{ noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, moduleDetection: 'force' },
      },
      files: [name],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const said = await run(process.execPath, [tsc, '-p', '.']).catch(({ stdout }) => stdout)
    expect(said).toBe('')
  })

  function linkTypes(name: string) {
    const link = join(folder, 'node_modules/@types', name)
    rmSync(link, { force: true, recursive: true })
    symlinkSync(join(root, 'node_modules/@types', name), link, 'dir')
  }
})
