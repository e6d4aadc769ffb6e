// An app on Express 4, in CommonJS, with tests by Jest.

import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../../support/free-port.ts'
import { example } from '../../support/pages.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { pack, projectOf } from './project.ts'

const packed = sharedInFile(pack)
const shared = sharedInFile(() => projectOf('jest', packed()))

/** Its own time limit is longer than Jest's five seconds, for a busy machine. */
const testOf = (load: string) => `
  const express = require('express')

  test('a guest signs in and is kept', async () => {
    const { guestkey } = ${load}
    const guests = guestkey({ origin: 'http://localhost', store: 'data/guestkey.db' })
    const app = express()
    app.use(guests.router)
    const server = app.listen(0)
    try {
      const url = 'http://localhost:' + server.address().port + '/guest/sign-in'
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' } })
      const { sub } = await answer.json()
      await guests.keep(sub)
    } finally {
      server.close()
      await guests.close()
    }
  }, 200_000)
`

test('has no second Express', () => {
  const { folder } = shared()
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/express/package.json'), 'utf8'))
  expect(version).toMatch(/^4\./)
  expect(existsSync(join(folder, 'node_modules/guestkey/node_modules/express'))).toBe(false)
})

test('can start the service with its demo, which then is on Express 4', async () => {
  const { serve } = shared()
  const port = await freePort()
  const url = `http://localhost:${port}`
  await serve(url, { PORT: String(port) }, 'npx', 'guestkey', 'start')
  expect(await (await fetch(url)).text()).toContain('<html')
  expect((await fetch(`${url}/notes`)).status).toBe(401)
  const headers = { 'Content-Type': 'application/json' }
  const signedIn = await fetch(`${url}/guest/sign-in`, { method: 'POST', headers })
  const Cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  const own = { ...headers, Cookie, Origin: url, 'Sec-Fetch-Site': 'same-origin' }
  const added = await fetch(`${url}/notes`, { method: 'POST', headers: own, body: '{"text":"a note"}' })
  expect(added.status).toBe(201)
  const { notes } = (await (await fetch(`${url}/notes`, { headers: own })).json()) as { notes: object[] }
  expect(notes).toMatchObject([{ text: 'a note' }])
})

test('says that the demo needs Express if a package manager has installed no peer dependencies', async () => {
  const { folder, type } = shared()
  const express = join(folder, 'node_modules/express')
  renameSync(express, `${express}.away`)
  try {
    await expect(type('PORT=0 npx guestkey 2>&1')).rejects.toMatchObject({
      stdout: expect.stringMatching(/^guestkey: The demo needs Express: install it \(npm install express\)/m),
    })
  } finally {
    renameSync(`${express}.away`, express)
  }
})

test('tests a page with the client by Jest, which takes the CommonJS on any Node', async () => {
  const { write, type } = shared()
  write(
    'app.test.js',
    `const { createGuestClient } = require('@guestkey/client')

    test('nobody is remembered here', async () => {
      globalThis.window = globalThis
      const error = await createGuestClient().deviceKey.signIn().catch((error) => error)
      expect(error.code).toBe('no_device_key')
      expect(error.message).toBe('This device is not remembered.')
    })`,
  )
  await expect(type('npx jest --silent 2>&1')).resolves.toContain('1 passed')
})

// Before Node 24.9, Jest cannot `require` an ES module.
const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
const canRequire = major > 24 || (major === 24 && minor >= 9)

test.each([...(canRequire ? ["require('guestkey')"] : []), "await import('guestkey')"])(
  'is tested by Jest, with %s',
  async (load) => {
    const { write, type } = shared()
    write('app.test.js', testOf(load))
    const command = example('server/embedding.md', 'jest').trim()
    await expect(type(`${command} --silent 2>&1`)).resolves.toContain('1 passed')
  },
)
