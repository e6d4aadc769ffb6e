// The examples of the pages, as they are. They print what the comment beside their last line says.

import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/engine.ts'
import { newProject, runModule } from '../support/examples.ts'
import { startIssuer } from '../support/issuer.ts'
import { example, readPage } from '../support/pages.ts'
import { findProgram } from '../support/programs.ts'
import { startService } from '../support/service.ts'

/** What the comment in the last line of an example says that it prints. */
const promised = (code: string): string => `${/ \/\/ (.*)\n$/.exec(code)![1]}\n`

/** The example, with another address of the service. */
const at = (origin: string, code: string): string => code.replaceAll('http://localhost:3000', origin)

const python = '/usr/bin/python3'

test('the example of all options gives a guestkey that is ready', async () => {
  const options = example('server/options/README.md', 'options')
  const more = 'await guests.ready(); await guests.close(); console.log(Object.keys(guests.profile))'
  const folder = newProject('zod')
  expect(await runModule(folder, options + more, { GUESTKEY_SECRET: 's'.repeat(32) })).toContain('get')
})

test('the first request of the endpoints signs a guest in', async () => {
  const { origin } = await startService()
  const code = example('server/http/README.md', 'first-request')
  expect(await runModule(newProject(), at(origin, code))).toBe(promised(code))
})

test('the example of the store finds no row of guests who are not kept', async () => {
  const folder = newProject('better-sqlite3')
  const { origin, browser } = await startService({ GUESTKEY_DATA: join(folder, 'guestkey-data') })
  await browser().signIn()
  await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(200)
  const code = example('server/store/README.md', 'count')
  expect(await runModule(folder, code)).toBe(promised(code))
})

test('the app that speaks the Fetch API answers by itself what is not for guestkey', async () => {
  const code = example('server/frameworks.md', 'fetch')
  expect(await runModule(newProject(), code)).toBe(promised(code))
})

test('the app of the device keys signs its guest in again', async () => {
  const { origin } = await startService({ GUESTKEY_CLIENTS: '[{"id":"my-app"}]' })
  const code = example('server/core/device-keys/README.md', 'native-app')
  expect(await runModule(newProject(), at(origin, code))).toBe(promised(code))
})

test('the native client in TypeScript is the same guest at every start', async () => {
  const { origin } = await startService({ GUESTKEY_CLIENTS: '[{"id":"my-app"}]' })
  const code = at(origin, example('client/README.md', 'native'))
  const folder = newProject('@guestkey/client')
  const started = async () => {
    expect(await runModule(folder, code)).toBe(promised(code))
    const texts = Object.values<string>(JSON.parse(readFileSync(join(folder, 'guest.json'), 'utf8')))
    return texts.map((text) => JSON.parse(text).anonymousId).find(Boolean)
  }
  const first = await started()
  expect(first).toMatch(/^[\w-]{22}$/)
  expect(await started()).toBe(first)
})

const java = findProgram('java')

test.skipIf(!java)('the app in Java signs its guest in again', async () => {
  const { origin } = await startService({ GUESTKEY_CLIENTS: '[{"id":"my-app"}]' })
  const file = join(temporaryFolder(), 'App.java')
  writeFileSync(file, at(origin, example('client/native.md', 'java')))
  const { stdout } = await promisify(execFile)(java!, [file])
  expect(stdout).toBe('true device\n')
  expect(readPage('client/native.md')).toContain('It prints `true device`.')
})

describe('the examples of guests who come with a token', () => {
  test('name issuers', async () => {
    const more = 'await guests.ready(); await guests.close(); console.log("ready")'
    const code = example('server/core/exchange/README.md', 'issuers') + more
    const env = { NODE_ENV: 'production', GUESTKEY_SECRET: 's'.repeat(32) }
    const withSecret = code.replace('origin:', 'secret: process.env.GUESTKEY_SECRET, origin:')
    expect(await runModule(newProject(), withSecret, env)).toBe('ready\n')
  })

  test('exchange a token', async () => {
    const issuer = await startIssuer()
    const { origin } = await startService({
      GUESTKEY_CLIENTS: '[{"id":"web"}]',
      GUESTKEY_OPTIONS: JSON.stringify({
        trustedIssuers: [
          {
            ...{ issuer: issuer.issuer, audience: 'my-project', algorithms: ['ES256'] },
            isAnonymous: { 'firebase.sign_in_provider': 'anonymous' },
          },
        ],
      }),
    })
    const code = at(origin, example('server/core/exchange/README.md', 'exchange'))
    const claims = { aud: 'my-project', firebase: { sign_in_provider: 'anonymous' } }
    const TOKEN = await issuer.sign(claims, { typ: 'JWT' })
    expect(await runModule(newProject(), code, { TOKEN })).toBe(promised(code))
  })
})

describe('the examples of the tokens', () => {
  const api = 'https://api.example.com'

  /** The issuer, and an access token for the API with the guest whom it names. */
  async function tokenOf() {
    const { origin } = await startService({
      GUESTKEY_CLIENTS: JSON.stringify([{ id: 'shop', audiences: [api] }]),
      GUESTKEY_CLAIMS_NAMESPACE: 'https://auth.example.com',
    })
    const body = { grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous', client_id: 'shop' }
    const post = { method: 'POST', body: new URLSearchParams(body) }
    const { access_token } = await (await fetch(`${origin}/guest/token`, post)).json()
    const { sub } = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString())
    return { origin, token: access_token as string, sub: sub as string }
  }

  /** The example with the issuer of the test. */
  const by = (origin: string, code: string) =>
    code.replace(/issuer = (["'])https:\/\/auth\.example\.com\1/, `issuer = $1${origin}$1`)

  test('register clients', async () => {
    const more = 'await guests.ready(); await guests.close(); console.log("ready")'
    const code = example('server/core/tokens/README.md', 'clients') + more
    expect(await runModule(newProject(), code, { ORDERS_SECRET: 's'.repeat(32) })).toBe('ready\n')
  })

  test('verify a token in Node', async () => {
    const { origin, token, sub } = await tokenOf()
    const code = by(origin, example('server/core/tokens/README.md', 'verify'))
    const more = 'console.log(await guestOf(process.env.TOKEN))'
    expect(await runModule(newProject('jose'), code + more, { TOKEN: token })).toBe(`${sub}\n`)
  })

  test('verify a token in Express', async () => {
    const { origin, token, sub } = await tokenOf()
    const code = by(origin, example('server/core/tokens/README.md', 'verify-express'))
    const more = `
      const server = app.listen(0, async () => {
        const headers = { Authorization: 'Bearer ' + process.env.TOKEN }
        const ask = (init) => fetch('http://localhost:' + server.address().port + '/notes', init)
        console.log(await (await ask({ headers })).json(), (await ask()).status)
        server.close()
      })`
    const folder = newProject('express', 'express-oauth2-jwt-bearer')
    expect(await runModule(folder, code + more, { TOKEN: token })).toBe(`${sub} 401\n`)
  })

  test('verify a token in a handler of the Fetch API', async () => {
    const { origin, token, sub } = await tokenOf()
    const code = example('server/verify/README.md', 'fetch').replace('https://auth.example.com', origin)
    const folder = newProject()
    writeFileSync(join(folder, 'worker.mjs'), code)
    const more = `
      import worker from './worker.mjs'
      const ask = (headers) => worker.fetch(new Request('https://api.example.com/', { headers }))
      const answer = await ask({ Authorization: 'Bearer ' + process.env.TOKEN })
      console.log((await answer.json()).id, (await ask()).status)`
    expect(await runModule(folder, more, { TOKEN: token })).toBe(`${sub} 401\n`)
  })

  test('verify a token in Express by the guards', async () => {
    const { origin, token, sub } = await tokenOf()
    const code = example('server/verify/README.md', 'express').replace('https://auth.example.com', origin)
    const more = `
      const server = app.listen(0, async () => {
        const headers = { Authorization: 'Bearer ' + process.env.TOKEN }
        const ask = (path, init) => fetch('http://localhost:' + server.address().port + path, init)
        console.log(await (await ask('/notes', { headers })).json(), (await ask('/notes')).status)
        console.log((await ask('/orders', { method: 'POST', headers })).status)
        server.close()
      })`
    expect(await runModule(newProject('express'), code + more, { TOKEN: token })).toBe(`${sub} 401\n403\n`)
  })

  test.skipIf(!hasPyJwt())('verify a token in Python', async () => {
    const { origin, token, sub } = await tokenOf()
    const code = by(origin, example('server/core/tokens/README.md', 'verify-python'))
    const more = 'import sys\nprint(guest_of(sys.argv[1]))\n'
    const { stdout } = await promisify(execFile)(python, ['-c', code + more, token])
    expect(stdout).toBe(`${sub}\n`)
  })
})

/** Whether Python with PyJWT is there (Debian: python3-jwt). */
function hasPyJwt(): boolean {
  try {
    execFileSync(python, ['-c', 'import jwt, cryptography'], { stdio: 'ignore' })
    return true
  } catch {
    console.log('PyJWT is not installed: what needs it is skipped')
    return false
  }
}
