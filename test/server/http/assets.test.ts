// The public files as bytes on the wire: compressed as Accept-Encoding says, cached by ETag. Needs `npm run build:client`.

import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readClient } from '../../../server/http/assets/client-files.ts'
import { endpoints } from '../../../server/http/router.ts'
import { notesApp } from '../../../server/service/demo/notes-app.ts'
import { startApp } from '../../support/app.ts'
import { storeWithTables, temporaryFolder } from '../../support/engine.ts'
import { authorizationOf, pkce } from '../../support/promotion.ts'
import { sendRaw } from '../../support/raw-http.ts'
import { sharedInFile } from '../../support/when-over.ts'

const [chunk] = globSync('other-parts-*.js', { cwd: 'client/dist/browser/client' })
const files = [
  '/guest/client.js',
  '/guest/client-small.js',
  `/guest/client/${chunk}`,
  '/guest/openapi.json',
  '/',
  '/demo.css',
  '/demo.js',
]
const cachingOf = (path: string) =>
  path.includes('/client/') ? 'public, max-age=31536000, immutable' : 'public, no-cache'

/** A host with guestkey, and with the demo behind it. */
const shared = sharedInFile(() =>
  startApp(
    { redirectUris: ['https://app.example/back'] },
    (app, guests) => void app.use(notesApp(join(temporaryFolder(), 'notes.db')).serve(guests)),
  ),
)

type Wire = { status: number; headers: Record<string, string>; body: Buffer }

/** Asks without a client that changes the request or decodes the answer. Headers of one name are joined. */
async function ask(
  path: string,
  headers: Record<string, string | undefined> = {},
  { method = 'GET', server = shared().server as Server } = {},
): Promise<Wire> {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${value}`,
  )
  const { status, text, body } = await sendRaw(server, { method, path, lines })
  const answered: Record<string, string> = {}
  for (const line of text.split('\r\n\r\n', 1)[0]!.split('\r\n').slice(1)) {
    const [, name, value] = /^([^:]+): (.*)$/.exec(line)!
    const known = answered[name!.toLowerCase()]
    answered[name!.toLowerCase()] = known === undefined ? value! : `${known}, ${value}`
  }
  return { status, headers: answered, body }
}

const decode = { br: brotliDecompressSync, gzip: gunzipSync, plain: (body: Buffer) => body }
type Coding = keyof typeof decode

/** Expects the whole file in this coding, with headers that are true of it. */
function expectFile(
  { status, headers, body }: Wire,
  plain: Buffer,
  coding: Coding,
  caching = 'public, no-cache',
): void {
  expect(status).toBe(200)
  expect(headers['content-encoding']).toBe(coding === 'plain' ? undefined : coding)
  expect(headers['content-length']).toBe(String(body.length))
  expect(headers.vary).toBe('Origin, Accept-Encoding')
  expect(headers['cache-control']).toBe(caching)
  expect(decode[coding](body).equals(plain)).toBe(true) // a diff of such buffers would take minutes
}

describe.each(files)('%s', (path) => {
  test('is sent in each coding, compressed to less than half of its size', async () => {
    const plain = await ask(path)
    expectFile(plain, plain.body, 'plain', cachingOf(path))
    expect(plain.body.length).toBeGreaterThan(2_000)
    const gzip = await ask(path, { 'Accept-Encoding': 'gzip' })
    expectFile(gzip, plain.body, 'gzip', cachingOf(path))
    const br = await ask(path, { 'Accept-Encoding': 'br' })
    expectFile(br, plain.body, 'br', cachingOf(path))
    expect(br.body.length).toBeLessThan(gzip.body.length)
    expect(gzip.body.length).toBeLessThan(plain.body.length / 2)
  })

  test('has an ETag of its own in each coding, and is 304 only by that of the coding that is asked for', async () => {
    const codings = ['br', 'gzip', 'identity']
    const answers = await Promise.all(codings.map((coding) => ask(path, { 'Accept-Encoding': coding })))
    const etags = answers.map(({ headers }) => headers.etag!)
    for (const etag of etags) expect(etag).toMatch(/^"[\w-]+"$/)
    expect(new Set(etags).size).toBe(3)
    for (const [i, coding] of codings.entries())
      for (const etag of etags) {
        const { status, headers, body } = await ask(path, {
          'Accept-Encoding': coding,
          'If-None-Match': etag,
        })
        expect(status, `${coding} with ${etag}`).toBe(etag === etags[i] ? 304 : 200)
        expect(headers.etag).toBe(etags[i])
        expect(headers.vary).toBe('Origin, Accept-Encoding')
        expect(headers['cache-control']).toBe(cachingOf(path))
        if (status === 200) continue
        expect(body.length).toBe(0)
        for (const name of ['content-encoding', 'content-length', 'content-type'])
          expect(headers[name], name).toBeUndefined()
      }
  })

  test('is 304 by a list of tags, a weak tag and *, and not by a tag of another file', async () => {
    const { etag } = (await ask(path, { 'Accept-Encoding': 'br' })).headers
    const by = async (tags: string) =>
      (await ask(path, { 'Accept-Encoding': 'br', 'If-None-Match': tags })).status
    for (const tags of [`"other", ${etag}`, `W/${etag}`, '*']) expect(await by(tags), tags).toBe(304)
    for (const tags of ['"other"', etag!.replaceAll('"', ''), '']) expect(await by(tags), tags).toBe(200)
  })

  test.each(['br', 'gzip', undefined])('has the same headers for HEAD and no body (%s)', async (coding) => {
    const asked = { 'Accept-Encoding': coding }
    const got = await ask(path, asked)
    const head = await ask(path, asked, { method: 'HEAD' })
    expect(head.body.length).toBe(0)
    expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' })
    const known = await ask(path, { ...asked, 'If-None-Match': got.headers.etag }, { method: 'HEAD' })
    expect(known.status).toBe(304)
  })

  test.each(['br', 'gzip', undefined])('is sent whole if a part is asked for (%s)', async (coding) => {
    const plain = await ask(path)
    const part = { 'Accept-Encoding': coding, Range: 'bytes=0-99' }
    const answer = await ask(path, part)
    expectFile(answer, plain.body, (coding ?? 'plain') as Coding, cachingOf(path))
    expect(answer.headers).not.toHaveProperty('content-range')
    expect(answer.headers['accept-ranges'] ?? 'none').toBe('none')
    const still = await ask(path, { ...part, 'If-Range': answer.headers.etag })
    expectFile(still, plain.body, (coding ?? 'plain') as Coding, cachingOf(path))
  })
})

test('a part of the client that this version does not have is not found, and no cache keeps that', async () => {
  for (const name of ['other-parts-AAAAAAAA.js', 'guestkey.js', '..%2fguestkey.js', 'x']) {
    const { status, headers } = await ask(`/guest/client/${name}`)
    expect([status, headers['cache-control']], name).toEqual([404, 'no-store'])
  }
})

test('the client is read whole and at once, and folders beside its parts are passed over', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'client/older'), { recursive: true })
  writeFileSync(join(folder, 'guestkey.js'), 'entry')
  writeFileSync(join(folder, 'client/part-1.js'), 'part')
  const { entries, chunks } = readClient(() => folder)
  writeFileSync(join(folder, 'guestkey.js'), 'next')
  rmSync(join(folder, 'client/part-1.js'))
  const textsOf = (files: typeof entries) =>
    Promise.all([...files].map(async ([name, asset]) => [name, String((await asset({})).text.content)]))
  expect(await textsOf(entries)).toEqual([['guestkey.js', 'entry']])
  expect(await textsOf(chunks)).toEqual([['part-1.js', 'part']])
})

describe('Accept-Encoding', () => {
  const plain = sharedInFile(async () => (await ask('/guest/client.js')).body)

  test.each<[string | undefined, Coding]>([
    [undefined, 'plain'],
    ['', 'plain'],
    ['gzip, deflate', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['BR', 'br'],
    ['x-gzip', 'gzip'],
    ['*', 'br'],
    ['gzip;q=0.8, br;q=0.5', 'gzip'],
    ['gzip;q=0.5, br;q=0.501', 'br'],
    ['gzip;q=0.5, *;q=0.8', 'br'],
    ['gzip ; Q=0.001', 'gzip'],
    ['gzip;q=1.000,\tbr;q=0.999', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0, *', 'gzip'],
    ['br;q=0, gzip;q=0', 'plain'],
    ['identity', 'plain'],
    ['identity, br;q=0.9', 'plain'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['br;q=0.1, gzip;q=0.1, *', 'plain'],
    ['identity;q=0, *', 'br'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['deflate, zstd', 'plain'],
  ])('%j asks for %s', async (header, coding) => {
    expectFile(await ask('/guest/client.js', { 'Accept-Encoding': header }), plain(), coding)
  })

  test.each<[string, Coding]>([
    ['br;q=2', 'plain'],
    ['br;q=-1', 'plain'],
    ['br;q=high', 'plain'],
    ['br;q=', 'plain'],
    ['br;q=0.0001', 'plain'],
    ['br;level=11', 'plain'],
    ['br q=1', 'plain'],
    ['"br"', 'plain'],
    ['br/gzip', 'plain'],
    [';;,,=,q=1', 'plain'],
    ['br;q=1e0, gzip;q=0.1', 'gzip'],
    [`${'a,'.repeat(4000)}gzip`, 'gzip'],
    [`br;${' '.repeat(8000)}q`, 'plain'],
  ])('of %j counts what is well formed: %s', async (header, coding) => {
    expectFile(await ask('/guest/client.js', { 'Accept-Encoding': header }), plain(), coding)
  })

  test.each(['identity;q=0', '*;q=0', 'identity;q=0, br;q=0, gzip;q=0'])(
    '%j, which refuses all that there is, gets the plain file',
    async (header) => {
      expectFile(await ask('/guest/client.js', { 'Accept-Encoding': header }), plain(), 'plain')
    },
  )
})

test('what a guest may read, and every page, is never compressed', async () => {
  const paths = [...new Set(endpoints.filter(({ method }) => method === 'GET').map(({ path }) => path))]
  const others = paths.filter((path) => !/^\/(client.*\.js|elements\.js|openapi\.json)$/.test(path))
  const page = `/guest/authorize?${new URLSearchParams(authorizationOf(pkce().challenge))}`
  const browser = shared().browser()
  await browser.post('/guest/sign-in')
  const readable = new Set<string>()
  for (const path of [...others.map((one) => `/guest${one.replace(':id', 'abc')}`), page, '/notes']) {
    const answer = await ask(path, { 'Accept-Encoding': 'br, gzip', Cookie: browser.cookie })
    expect(answer.headers['content-encoding'], path).toBeUndefined()
    if (answer.status === 200) readable.add(path)
  }
  for (const path of ['/guest/userinfo', '/guest/sessions', page, '/notes']) expect(readable).toContain(path)
})

test('Vary of the host stays', async () => {
  const host = await startApp()
  host.server.prependListener('request', (_req, res) => res.setHeader('Vary', 'Accept-Language'))
  const { headers } = await ask('/guest/client.js', {}, { server: host.server })
  expect(headers.vary).toBe('Accept-Language, Origin, Accept-Encoding')
})

describe('the OpenAPI document at a path with a param', () => {
  test('is compressed for the first eight paths and plain for all others, and true for each', async () => {
    const store = await storeWithTables()
    const host = await startApp({ store }, (app, guests) => void app.use('/:tenant', guests.router))
    const openApiAt = async (tenant: string) => {
      const answer = await ask(
        `/${tenant}/guest/openapi.json`,
        { 'Accept-Encoding': 'br' },
        { server: host.server },
      )
      const coding = answer.headers['content-encoding'] === 'br' ? 'br' : 'plain'
      expect(JSON.parse(decode[coding](answer.body).toString()).servers).toEqual([
        { url: `${host.origin}/${tenant}` },
      ])
      return coding
    }
    const codings: Coding[] = []
    for (let tenant = 0; tenant < 10; tenant++) codings.push(await openApiAt(`t${tenant}`))
    expect(codings).toEqual([...Array(8).fill('br'), 'plain', 'plain'])
    expect(await openApiAt('t3')).toBe('br')
    expect(await openApiAt('t9')).toBe('plain')
  })
})
