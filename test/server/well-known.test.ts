// Where discovery and keys are found: at the root, unless the app has its own there, and below the base path.

import type { Express } from 'express'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { startApp } from '../support/app.ts'

const own = (app: Express) =>
  app.get('/.well-known/jwks.json', (_req, res) => void res.json({ keys: [], by: 'the app' }))

test('at the root of the issuer, which is where they say that they are', async () => {
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

test('below the base path alone, where the app has its own at the root', async () => {
  const { server, origin } = await startApp({ wellKnown: false }, own)
  expect((await supertest(server).get('/.well-known/jwks.json')).body.by).toBe('the app')
  expect((await supertest(server).get('/.well-known/oauth-authorization-server')).status).toBe(404)
  const { body } = await supertest(server).get('/guest/.well-known/oauth-authorization-server')
  expect(body.jwks_uri).toBe(`${origin}/guest/.well-known/jwks.json`)
  const keys = await supertest(server).get(new URL(body.jwks_uri).pathname)
  expect(keys.body.keys).toHaveLength(1)
})

test('what else is well known is for the app to answer', async () => {
  const { server } = await startApp({}, (app) =>
    app.get('/.well-known/change-password', (_req, res) => void res.send('here')),
  )
  expect((await supertest(server).get('/.well-known/change-password')).text).toBe('here')
})
