// The files of the console on the wire: where they are, what browsers may do with them, and how long they keep them. Needs
// `npm run build:client`.

import { readdirSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import express from 'express'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { admin, startAdmin } from '../../../support/operators.ts'
import { sendRaw } from '../../../support/raw-http.ts'

const parts = readdirSync('dist/console/parts')

test('the page may load and ask nothing but what is at its own origin, and is shown in no frame', async () => {
  const app = await startAdmin({ rpName: 'Tom & "Jerry"' })
  const { status, headers, text } = await supertest(app.server).get(`${admin}/`)
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  )
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'public, no-cache',
  })
  expect(text).toContain('data-name="Tom &#38; &#34;Jerry&#34;"')
  expect(text).not.toMatch(/<style|style=|<script(?! type="module" src="console.js"><\/script>)/)
})

test('the address without the slash, as in the link of an invitation, leads to the page wherever the router is', async () => {
  const app = await startAdmin()
  const plain = await supertest(app.server).get(admin)
  expect([plain.status, plain.headers.location]).toEqual([307, 'admin/'])
  const host = express().use('/inner', app.guests.router)
  expect((await supertest(host).get('/inner/guest/admin').redirects(1)).text).toContain('console.js')
})

test('each file is there, small on the wire, and kept for ever if its name has a hash', async () => {
  const app = await startAdmin()
  expect(parts.length).toBeGreaterThan(9)
  for (const name of ['console.js', ...parts.map((one) => `parts/${one}`)]) {
    const path = `${admin}/${name}`
    const { body, text } = await sendRaw(app.server, { method: 'GET', path, lines: ['Accept-Encoding: br'] })
    expect(text, name).toContain('HTTP/1.1 200')
    expect(text).toContain('Content-Type: text/javascript; charset=utf-8')
    expect(text).toContain(
      `Cache-Control: ${name === 'console.js' ? 'public, no-cache' : 'public, max-age=31536000, immutable'}`,
    )
    expect(brotliDecompressSync(body).length).toBeGreaterThan(0)
  }
})

test.each([
  ['a part that there is not', 'GET', '/parts/gone-AAAAAAAA.js'],
  ['a file of the package', 'GET', '/LICENSE-uplot'],
  ['a way out of the folder', 'GET', '/parts/..%2f..%2fpackage.json'],
  ['another method', 'POST', '/'],
])('%s is not found', async (_, method, path) => {
  const app = await startAdmin()
  const answer =
    method === 'GET' ? supertest(app.server).get(admin + path) : supertest(app.server).post(admin + path)
  const { status, body } = await answer
  expect([status, body.code]).toEqual([404, 'not_found'])
})

test('nothing of it is there if the operators are off, or beside the guests if they have an app of their own', async () => {
  for (const options of [{ operators: false as const }, { operators: { separate: true } }]) {
    const app = await startApp(options)
    for (const path of ['', '/', '/console.js', `/parts/${parts[0]}`])
      expect((await supertest(app.server).get(admin + path)).status).toBe(404)
    if (!options.operators) continue
    const own = express().use(app.guests.operators.router)
    expect((await supertest(own).get(`${admin}/`)).status).toBe(200)
    expect((await supertest(own).get(`${admin}/console.js`)).status).toBe(200)
  }
})
