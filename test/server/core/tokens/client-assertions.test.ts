// Clients that prove who they are by a key of their own (RFC 7523, 2.2 and 3): private_key_jwt, at each OAuth endpoint.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as openid from 'openid-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ANONYMOUS_GRANT } from '../../../../server/core/tokens/grants.ts'
import type { Options } from '../../../../server/index.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { expectOAuthRefusal } from '../../../support/refusals.ts'
import { send } from '../../../support/tokens.ts'

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

async function keyPair(alg: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, privateKey, jwk: await exportJWK(publicKey) }
}
const pairs = await Promise.all(['ES256', 'EdDSA', 'RS256'].map(keyPair))
const [own] = pairs as [(typeof pairs)[0]]
const foreign = await keyPair('ES256')

const signing = { kind: 'confidential', tokenEndpointAuthMethod: 'private_key_jwt' } as const
const secret = 'a secret of a client, of more than 32 characters'
const clients: Options['clients'] = [
  { id: 'signer', ...signing, jwks: { keys: pairs.map(({ jwk }) => jwk as { kty: string }) } },
  { id: 'other', ...signing, jwks: { keys: [foreign.jwk as { kty: string }] } },
  { id: 'secretive', kind: 'confidential', secret },
]
const start = () => startApp({ clients })

let made = 0
/** An assertion as the client should make it, with the given mistakes. */
async function assertion(
  app: TestApp,
  claims: Record<string, unknown> = {},
  { key = own, header = {} }: { key?: typeof own; header?: object } = {},
): Promise<string> {
  const now = Math.floor(app.clock.now() / 1000)
  const whole = { iss: 'signer', sub: 'signer', aud: app.origin, exp: now + 60, jti: `${++made}`, ...claims }
  return new SignJWT(JSON.parse(JSON.stringify(whole)))
    .setProtectedHeader({ alg: key.alg, ...header })
    .sign(key.privateKey)
}

const ask = (app: TestApp, client_assertion: string, more: Record<string, string> = {}, door = 'token') =>
  send(app, door, {
    ...{ grant_type: ANONYMOUS_GRANT, client_assertion, client_assertion_type: TYPE },
    ...more,
  })

describe('a client that signs', () => {
  test('gets tokens by an assertion, for the issuer or the token endpoint, in each algorithm of its keys', async () => {
    const app = await start()
    for (const key of pairs) {
      const { status, text } = await ask(app, await assertion(app, {}, { key }))
      expect(status, text).toBe(200)
    }
    const aud = [`${app.origin}/guest/token`, 'https://elsewhere.example']
    expect((await ask(app, await assertion(app, { aud }), { client_id: 'signer' })).status).toBe(200)
    const { body } = await send(app, 'token', {
      ...{ grant_type: ANONYMOUS_GRANT, client_assertion: await assertion(app) },
      client_assertion_type: TYPE,
    })
    const token = body.access_token
    const known = await ask(app, await assertion(app), { token }, 'introspect')
    expect([known.status, known.body.active, known.body.client_id]).toEqual([200, true, 'signer'])
    expect((await ask(app, await assertion(app), { token }, 'revoke')).status).toBe(200)
    expect((await ask(app, await assertion(app), { token }, 'introspect')).body).toEqual({ active: false })
  })

  test('is refused with an assertion that is old, for another, of another or not whole, and nothing is spent', async () => {
    const app = await start()
    const now = Math.floor(app.clock.now() / 1000)
    const wrong: [string, Parameters<typeof assertion>[1], Parameters<typeof assertion>[2]?][] = [
      ['another audience', { aud: 'https://elsewhere.example' }],
      ['the authorization endpoint as audience', { aud: `${app.origin}/guest/authorize` }],
      ['no audience', { aud: undefined }],
      ['expired', { exp: now - 30 }],
      ['no expiry', { exp: undefined }],
      ['good for more than ten minutes', { exp: now + 631 }],
      ['not yet good', { nbf: now + 31 }],
      ['no jti', { jti: undefined }],
      ['an empty jti', { jti: '' }],
      ['a jti that is no text', { jti: 5 }],
      ['another issuer', { iss: 'other' }],
      ['no issuer', { iss: undefined }],
      ['another subject', { sub: 'other' }],
      ['no subject', { sub: undefined }],
      ['a client with a secret', { iss: 'secretive', sub: 'secretive' }],
      ['an unknown client', { iss: 'nobody', sub: 'nobody' }],
      ['the key of another client', {}, { key: foreign }],
      ['too long', { more: 'x'.repeat(4096) }],
    ]
    for (const [name, claims, how] of wrong) {
      const text = await assertion(app, claims, how)
      await expectOAuthRefusal(app, () => ask(app, text), 401, 'invalid_client').catch((error) => {
        throw new Error(`${name}: ${error.message}`)
      })
    }
    const fine = await assertion(app)
    const [header, payload] = fine.split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const text of [`${header}.${payload}.`, `${none}.${payload}.`, 'x', '', `${fine}x`])
      await expectOAuthRefusal(app, () => ask(app, text), 401, 'invalid_client')
    const { spent } = await app.rows()
    expect(spent).toBe(0)
    expect((await ask(app, fine)).status).toBe(200)
  })

  test('can use an assertion once, also if it sends it many times at once', async () => {
    const app = await start()
    const text = await assertion(app)
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(app, text)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(401)])
    const same = await assertion(app, { jti: 'same' })
    expect((await ask(app, same)).status).toBe(200)
    const of = { iss: 'other', sub: 'other', jti: 'same' }
    const others = await assertion(app, of, { key: foreign })
    expect((await ask(app, others)).status, 'a jti is of one client').toBe(200)
  })

  test('is not let in without one, by a secret, or in two ways', async () => {
    const app = await start()
    const by =
      (more: Record<string, string>, headers = {}) =>
      () =>
        send(app, 'token', { grant_type: ANONYMOUS_GRANT, ...more }, headers)
    const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    await expectOAuthRefusal(app, by({ client_id: 'signer' }), 401, 'invalid_client')
    await expectOAuthRefusal(app, by({ client_id: 'signer', client_secret: '' }), 401, 'invalid_client')
    await expectOAuthRefusal(app, by({ client_id: 'signer', client_secret: secret }), 401, 'invalid_client')
    await expectOAuthRefusal(app, by({}, basic('signer:')), 401, 'invalid_client')
    const text = await assertion(app)
    const both = { client_assertion: text, client_assertion_type: TYPE }
    await expectOAuthRefusal(app, by({ ...both, client_secret: secret }), 400, 'invalid_request')
    await expectOAuthRefusal(app, by(both, basic(`secretive:${secret}`)), 400, 'invalid_request')
    await expectOAuthRefusal(app, by({ ...both, client_id: 'secretive' }), 401, 'invalid_client')
    await expectOAuthRefusal(app, by({ client_assertion: text }), 401, 'invalid_client')
  })

  test('is known by the keys at its jwksUri; while they cannot be fetched, it shall try again', async () => {
    let status = 500
    const server = createServer((_, res) => {
      res.writeHead(status, { 'Content-Type': 'application/json' })
      res.end(JSON.stringify({ keys: [own.jwk] }))
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((done) => server.once('listening', done))
    const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
    const app = await startApp({ clients: [{ id: 'signer', ...signing, jwksUri }] })
    const failed = await ask(app, await assertion(app))
    expect([failed.status, failed.body.error]).toEqual([503, 'temporarily_unavailable'])
    status = 200
    app.clock.forward(30)
    expect((await ask(app, await assertion(app))).status).toBe(200)
    expect((await ask(app, await assertion(app, {}, { key: foreign }))).status).toBe(401)
  })

  test('is let in by openid-client', async () => {
    const app = await start()
    const config = await openid.discovery(
      new URL(app.origin),
      'signer',
      { [openid.clockSkew]: Math.floor(app.clock.now() / 1000) - Math.floor(Date.now() / 1000) },
      openid.PrivateKeyJwt(own.privateKey),
      { execute: [openid.allowInsecureRequests] },
    )
    const tokens = await openid.genericGrantRequest(config, ANONYMOUS_GRANT, {})
    expect(tokens.access_token).toBeTruthy()
  })
})

test('a client is let in by its secret only in the way that it is registered for', async () => {
  type Way = 'client_secret_basic' | 'client_secret_post'
  const by = (tokenEndpointAuthMethod: Way) => ({ tokenEndpointAuthMethod })
  const app = await startApp({
    clients: [
      { id: 'basic', kind: 'confidential', secret, ...by('client_secret_basic') },
      { id: 'post', kind: 'confidential', secret, ...by('client_secret_post') },
    ],
  })
  const grant = { grant_type: ANONYMOUS_GRANT }
  const inHeader = (id: string) => () =>
    send(app, 'token', grant, {
      Authorization: `Basic ${Buffer.from(`${id}:${encodeURIComponent(secret)}`).toString('base64')}`,
    })
  const inBody = (id: string) => () => send(app, 'token', { ...grant, client_id: id, client_secret: secret })
  expect((await inHeader('basic')()).status).toBe(200)
  expect((await inBody('post')()).status).toBe(200)
  await expectOAuthRefusal(app, inHeader('post'), 401, 'invalid_client')
  await expectOAuthRefusal(app, inBody('basic'), 401, 'invalid_client')
})
