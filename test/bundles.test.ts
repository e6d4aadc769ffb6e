// A server that is bundled into one file with guestkey in it, and the bundle for browsers. Needs `npm run build`.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { startApp } from './support/app.ts'
import { firstLoadBy } from './support/bundlers.ts'
import { temporaryFolder } from './support/engine.ts'
import { newProject } from './support/examples.ts'
import { bundlers, mostFirstLoaded, pageWith } from './support/first-loads.ts'
import { rowsIn, section } from './support/pages.ts'
import { sendRaw } from './support/raw-http.ts'

const root = join(import.meta.dirname, '..')

/** A server that asks itself, and prints what came of it. */
const server = `
  import { createServer } from 'node:http'
  import { guestkey } from 'guestkey'

  async function main() {
    const guests = guestkey({ origin: 'http://localhost', store: 'data/guestkey.db' })
    const server = createServer((req, res) => guests.router(req, res, () => res.end()))
    const ready = await guests.ready().then(() => 'ready', ({ cause }) => cause.message)
    await new Promise((resolve) => server.listen(0, resolve))
    const url = 'http://localhost:' + server.address().port + '/guest'
    const headers = { 'content-type': 'application/json' }
    const { sub } = await (await fetch(url + '/sign-in', { method: 'POST', headers })).json()
    const kept = await guests.keep(sub).then(() => 'kept', ({ code }) => code)
    const client = await fetch(url + '/client.js')
    const { type, detail } = client.ok ? { type: client.headers.get('content-type') } : await client.json()
    console.log(JSON.stringify({ ready, kept, client: detail ?? type }))
    server.close()
    await guests.close()
  }
  main()
`

/** esbuild makes no `require` for the CommonJS packages in an ES module: its manual gives this line. */
const banner = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

type Format = 'esm' | 'cjs'

/** A folder in which these packages are installed, and the bundled server in `dist/`, beside a worker of its own. */
async function bundled(format: Format, external: string[]): Promise<string> {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'node_modules'))
  mkdirSync(join(folder, 'dist'))
  symlinkSync(root, join(folder, 'node_modules/guestkey'))
  symlinkSync(join(root, 'node_modules/better-sqlite3'), join(folder, 'node_modules/better-sqlite3'))
  await build({
    stdin: { contents: server, resolveDir: folder },
    outfile: join(folder, 'dist/server.js'),
    bundle: true,
    platform: 'node',
    format,
    external,
    logLevel: 'error',
    ...(format === 'esm' && { banner: { js: banner } }),
  })
  writeFileSync(join(folder, 'package.json'), `{ "type": "${format === 'esm' ? 'module' : 'commonjs'}" }`)
  writeFileSync(join(folder, 'dist/worker.js'), `require('node:fs').writeFileSync('taken', '')`)
  return folder
}

async function run(folder: string): Promise<{ ready: string; kept: string; client: string }> {
  const args = [join(folder, 'dist/server.js')]
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env })
  return JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('{"ready"'))!)
}

const isWell = { ready: 'ready', kept: 'kept', client: 'text/javascript; charset=utf-8' }

describe.each(['esm', 'cjs'] as const)('a server that esbuild bundles (%s)', (format) => {
  test('works if guestkey is left out of the bundle, as the papers say', async () => {
    expect(await run(await bundled(format, ['guestkey']))).toEqual(isWell)
  })

  test('works with guestkey in it if guestkey is installed beside it, and starts no worker of the host', async () => {
    const folder = await bundled(format, ['better-sqlite3'])
    expect(await run(folder)).toEqual(isWell)
    expect(existsSync(join(folder, 'taken'))).toBe(false)
  })

  test('says what to do if guestkey is installed without its client', async () => {
    const folder = await bundled(format, ['better-sqlite3'])
    const installed = join(folder, 'node_modules/guestkey')
    rmSync(installed)
    mkdirSync(installed)
    cpSync(join(root, 'package.json'), join(installed, 'package.json'))
    symlinkSync(join(root, 'dist'), join(installed, 'dist'))
    const { client, ...others } = await run(folder)
    expect(others).toEqual({ ready: 'ready', kept: 'kept' })
    expect(client).toBe(
      'The browser client is missing. The package @guestkey/client is not there: install guestkey again, which brings it.',
    )
  })

  test('is not ready if guestkey is in it and installed nowhere, and says what to do', async () => {
    const folder = await bundled(format, ['better-sqlite3'])
    rmSync(join(folder, 'node_modules/guestkey'))
    const { ready, kept, client } = await run(folder)
    expect(ready).toMatch(/part of a bundle.*external: \['guestkey'\]/)
    expect(kept).toBe('unavailable')
    expect(client).toMatch(/part of a bundle.*external: \['guestkey'\]/)
    for (const text of [ready, client]) expect(text).not.toContain(folder)
    expect(existsSync(join(folder, 'taken'))).toBe(false)
  })
})

const filesOf = (folder: string) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.js'))

describe('the browser client', () => {
  test('is not larger on the wire than its page says', async () => {
    const { server } = await startApp()
    const rows = rowsIn(section('client/README.md', 'Size'))
    expect(rows.length).toBe(2)
    for (const [, file, ...most] of rows)
      for (const [i, coding] of ['gzip', 'br'].entries()) {
        const path = `/guest/${file!.replaceAll('`', '')}`
        const { text, body } = await sendRaw(server, { path, lines: [`Accept-Encoding: ${coding}`] })
        expect(text).toContain(`\r\nContent-Encoding: ${coding}\r\n`)
        expect(body.length).toBeGreaterThan(3 * 1024)
        expect(body.length).toBeLessThanOrEqual(Number.parseFloat(most[i]!) * 1024)
      }
  })

  test('has the hashes that the build writes down', async () => {
    const written = JSON.parse(readFileSync(join(root, 'client/dist/browser/integrity.json'), 'utf8'))
    const { server } = await startApp()
    const chunks = filesOf('client/dist/browser/client').map((name) => `client/${name}`)
    for (const file of ['guestkey.js', 'guestkey-small.js', 'guestkey-elements.js', ...chunks]) {
      const path = `/guest/${file.replace(/^guestkey-(?=elements)/, '').replace(/^guestkey/, 'client')}`
      const { status, body } = await sendRaw(server, { path, lines: [] })
      expect([status, written[file]], file).toEqual([
        200,
        `sha384-${createHash('sha384').update(body).digest('base64')}`,
      ])
    }
    expect(Object.keys(written).length).toBe(chunks.length + 3)
  })

  test('has what is under way in one file of a page: no other chunk has a copy of it', () => {
    const isThere = (file: string) =>
      readFileSync(join(root, file), 'utf8').includes('parseRequestOptionsFromJSON')
    const files = ['', 'client/'].flatMap((folder) =>
      filesOf(`client/dist/browser/${folder}`).map((name) => `client/dist/browser/${folder}${name}`),
    )
    expect(files.filter(isThere).map((file) => file.replace(/^.*\/|-[\w-]{8}(?=\.js$)/g, ''))).toEqual([
      'guestkey.js',
      'passkeys.js',
    ])
  })
})

test('guestkey/verify is at most 3,000 bytes with gzip in a bundle for an edge', async () => {
  const stdin = { contents: `export * from 'guestkey/verify'`, resolveDir: newProject() }
  const options = { bundle: true, minify: true, write: false, format: 'esm', logLevel: 'error' } as const
  const { outputFiles } = await build({ stdin, ...options, platform: 'neutral', target: 'es2022' })
  const bytes = gzipSync(outputFiles[0]!.contents, { level: 9 }).length
  expect(bytes).toBeGreaterThan(2000)
  expect(bytes).toBeLessThanOrEqual(3000)
})

describe('a page that is bundled with the client that guestkey brings', () => {
  test.each(bundlers)('by %s, first loads only what it needs', async (bundler) => {
    for (const [name, most] of Object.entries(mostFirstLoaded)) {
      const script = pageWith(name.replace('@guestkey', 'guestkey'))
      const bytes = await firstLoadBy(bundler, newProject(), script)
      expect(bytes, script).toBeGreaterThan(4 * 1024)
      expect(bytes, script).toBeLessThanOrEqual(most[bundler] * 1024)
    }
  })
})
