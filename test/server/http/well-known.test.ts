// The /.well-known/ documents: at the root unless the option wellKnown.atRoot is false, and always below the base path.

import type { Express } from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { fingerprint, places, relatedOrigin } from '../../support/places.ts'
import { startService } from '../../support/service.ts'

const own = (app: Express) =>
  app.get('/.well-known/jwks.json', (_req, res) => void res.json({ keys: [], by: 'the app' }))

test('metadata and keys are at the root of the issuer, as the metadata says', async () => {
  const { server, origin } = await startApp({}, own)
  const { body } = await supertest(server).get('/.well-known/oauth-authorization-server')
  expect(body).toMatchObject({
    issuer: origin,
    jwks_uri: `${origin}/.well-known/jwks.json`,
    token_endpoint: `${origin}/guest/token`,
    authorization_endpoint: `${origin}/guest/authorize`,
    pushed_authorization_request_endpoint: `${origin}/guest/par`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  })
  expect(body.grant_types_supported).toContain('authorization_code')
  const keys = await supertest(server).get('/.well-known/jwks.json')
  expect(keys.body.keys).toHaveLength(1)
  expect((await supertest(server).get('/guest/.well-known/jwks.json')).body).toEqual(keys.body)
})

test('metadata and keys are only below the base path if wellKnown.atRoot is false', async () => {
  const { server, origin } = await startApp({ wellKnown: { atRoot: false } }, own)
  expect((await supertest(server).get('/.well-known/jwks.json')).body.by).toBe('the app')
  expect((await supertest(server).get('/.well-known/oauth-authorization-server')).status).toBe(404)
  const { body } = await supertest(server).get('/guest/.well-known/oauth-authorization-server')
  expect(body.jwks_uri).toBe(`${origin}/guest/.well-known/jwks.json`)
  const keys = await supertest(server).get(new URL(body.jwks_uri).pathname)
  expect(keys.body.keys).toHaveLength(1)
})

test('the app answers other well-known paths', async () => {
  const { server } = await startApp({}, (app) =>
    app.get('/.well-known/change-password', (_req, res) => void res.send('here')),
  )
  expect((await supertest(server).get('/.well-known/change-password')).text).toBe('here')
})

const documents: [string, { origin?: string[]; wellKnown?: object }, string][] = [
  ['webauthn', { origin: places.origin }, JSON.stringify({ origins: [relatedOrigin] })],
  [
    'assetlinks.json',
    {
      wellKnown: {
        android: [{ ...places.wellKnown.android[0]!, sha256CertFingerprints: [fingerprint.toLowerCase()] }],
      },
    },
    `[{"relation":["delegate_permission/common.get_login_creds","delegate_permission/common.handle_all_urls"],"target":{"namespace":"android_app","package_name":"com.example.app","sha256_cert_fingerprints":["${fingerprint}"]}}]`,
  ],
  [
    'apple-app-site-association',
    { wellKnown: { apple: places.wellKnown.apple } },
    '{"webcredentials":{"apps":["A1B2C3D4E5.com.example.app"]}}',
  ],
  [
    'passkey-endpoints',
    { wellKnown: { passkeyEndpoints: places.wellKnown.passkeyEndpoints } },
    '{"enroll":"https://example.com/account/passkeys/new","manage":"https://example.com/account/passkeys"}',
  ],
]

describe.each(documents)('/.well-known/%s', (name, options, content) => {
  const path = `/.well-known/${name}`
  const ownDocument = (app: Express) => app.get(path, (_req, res) => void res.json({ by: 'the app' }))

  test('is published if it is set up, and caches may store it for an hour', async () => {
    const { server } = await startApp(options, ownDocument)
    for (const at of [path, `/guest${path}`]) {
      const { status, text, headers } = await supertest(server).get(at)
      expect({ status, text }).toEqual({ status: 200, text: content })
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'cache-control': 'public, max-age=3600',
        'x-content-type-options': 'nosniff',
      })
      expect(headers).not.toHaveProperty('set-cookie')
    }
    const changed = await supertest(server).post(path).set('Content-Type', 'application/json').send('{}')
    expect([changed.status, changed.headers.allow]).toEqual([405, 'GET, HEAD'])
  })

  test('is left to the app if it is not set up', async () => {
    const { loginIds, wellKnown } = places
    const isOther = ([name]: [string, unknown]) => !(name in (options.wellKnown ?? {}))
    const others = Object.fromEntries(Object.entries(wellKnown).filter(isOther))
    const set = { loginIds, wellKnown: others }
    const { server } = await startApp(set)
    for (const at of [path, `/guest${path}`]) expect((await supertest(server).get(at)).status).toBe(404)
    const host = await startApp(set, ownDocument)
    expect((await supertest(host.server).get(path)).body).toEqual({ by: 'the app' })
  })

  test('is published only below the base path if wellKnown.atRoot is false', async () => {
    const { server } = await startApp(
      { ...options, wellKnown: { ...options.wellKnown, atRoot: false } },
      ownDocument,
    )
    expect((await supertest(server).get(path)).body).toEqual({ by: 'the app' })
    expect((await supertest(server).get(`/guest${path}`)).text).toBe(content)
  })
})

test('a deployment with one site and no apps publishes none of these documents', async () => {
  const { server } = await startApp({ origin: ['https://example.com', 'https://www.example.com'] })
  for (const [name] of documents)
    expect((await supertest(server).get(`/.well-known/${name}`)).status, name).toBe(404)
})

test('the service publishes the documents that its environment sets up', async () => {
  const { origin, clients, ...options } = places
  const service = await startService({
    GUESTKEY_ORIGIN: origin.join(),
    GUESTKEY_CLIENTS: JSON.stringify(clients),
    GUESTKEY_OPTIONS: JSON.stringify(options),
  })
  for (const [name, , content] of documents) {
    const answer = await service.ask(`/.well-known/${name}`)
    expect(await answer.text(), name).toBe(content)
  }
})
