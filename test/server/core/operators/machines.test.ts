// Machines: a confidential client gets a token for itself (RFC 6749, 4.4), and no guest's token is one.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import type { TestApp } from '../../../support/app.ts'
import {
  admin,
  askMachineToken,
  linesOf,
  machines,
  machineToken,
  refusal,
  startAdmin,
  why,
} from '../../../support/operators.ts'
import { claimsOf, dpopKey, encode, forge, headerOf, secret } from '../../../support/tokens.ts'

const startMachines = (options: Partial<Options> = {}) =>
  startAdmin({ secret, clients: machines, ...options })

const get = (app: TestApp, token: string, path = '/jobs', scheme = 'Bearer') =>
  supertest(app.server)
    .get(admin + path)
    .set('Authorization', `${scheme} ${token}`)

describe('a token of a machine', () => {
  test('names the client, the API and the scopes, and lives for ten minutes', async () => {
    const app = await startMachines()
    const { status, body, headers } = await askMachineToken(app, 'admin-read')
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'admin:read',
    })
    expect(headers['cache-control']).toBe('no-store')
    const { exp, iat, jti, ...claims } = claimsOf(body.access_token)
    expect(exp - iat).toBe(600)
    expect(claims).toEqual({
      iss: app.origin,
      sub: 'admin-read',
      client_id: 'admin-read',
      aud: `${app.origin}/guest/admin`,
      scope: 'admin:read',
    })
    expect(headerOf(body.access_token)).toMatchObject({ typ: 'at+jwt' })
    expect((await get(app, body.access_token)).status).toBe(200)
    app.clock.forward(600 + 30)
    expect(refusal(await get(app, body.access_token))).toBe('401 session_invalid')
  })

  test('has the scopes that it asks for, if the client is registered for them', async () => {
    const clients = [{ ...machines[0]!, id: 'two', scopes: ['admin:read', 'admin:upkeep', 'read'] }]
    const app = await startMachines({ clients })
    expect((await askMachineToken(app, 'two')).body.scope).toBe('admin:read admin:upkeep')
    expect((await askMachineToken(app, 'two', { scope: 'admin:upkeep' })).body.scope).toBe('admin:upkeep')
    for (const scope of ['admin:settings', 'read', 'admin:read admin:settings'])
      expect((await askMachineToken(app, 'two', { scope })).body.error, scope).toBe('invalid_scope')
  })

  test.each<[string, string, Record<string, string>, string]>([
    ['a client without such scopes', 'backend', {}, 'invalid_scope'],
    ['a client that there is not', 'nobody', {}, 'invalid_client'],
    ['a wrong secret', 'admin-read', { client_secret: 'wrong' }, 'invalid_client'],
    ['another audience', 'admin-read', { resource: 'https://api.example' }, 'invalid_target'],
  ])('is refused to %s', async (_what, id, more, error) => {
    const app = await startMachines()
    expect((await askMachineToken(app, id, more)).body.error).toBe(error)
  })

  test('is refused to a public client', async () => {
    const app = await startMachines()
    const answer = await supertest(app.server)
      .post('/guest/token')
      .type('form')
      .send({ grant_type: 'client_credentials', client_id: 'guestkey' })
    expect(answer.body.error).toBe('invalid_client')
  })

  test('is refused without operators, and then the scopes are scopes as any other', async () => {
    const clients = [{ id: 'spa', scopes: ['admin:read'] }, ...machines]
    const app = await startMachines({ operators: false, clients })
    expect((await askMachineToken(app, 'admin-read')).body.error).toBe('unsupported_grant_type')
    const { body } = await supertest(app.server).get('/.well-known/oauth-authorization-server')
    expect(body.grant_types_supported).not.toContain('client_credentials')
    const granted = await supertest(app.server).post('/guest/token').send({
      grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous',
      client_id: 'spa',
    })
    expect(granted.body.scope).toBe('admin:read')
  })

  test('is announced in the metadata', async () => {
    const app = await startMachines()
    const { body } = await supertest(app.server).get('/.well-known/oauth-authorization-server')
    expect(body.grant_types_supported).toContain('client_credentials')
    expect(body.scopes_supported).toEqual(expect.arrayContaining(['admin:read', 'admin:guests']))
  })

  test('means nothing to the endpoints of guests', async () => {
    const app = await startMachines()
    const token = await machineToken(app, 'admin:read')
    const userinfo = await supertest(app.server)
      .get('/guest/userinfo')
      .set('Authorization', `Bearer ${token}`)
    expect(refusal(userinfo)).toBe('401 session_invalid')
    const introspected = await supertest(app.server)
      .post('/guest/introspect')
      .type('form')
      .send({ client_id: 'admin-read', client_secret: machines[0]!.secret, token })
    expect(introspected.body).toEqual({ active: false })
  })

  test('is good only with its key if it is bound to one', async () => {
    const app = await startMachines()
    const { prove } = await dpopKey()
    const proof = await prove(app, 'POST', '/guest/token')
    const { body } = await supertest(app.server)
      .post('/guest/token')
      .set('DPoP', proof)
      .type('form')
      .send({ grant_type: 'client_credentials', client_id: 'admin-read', client_secret: machines[0]!.secret })
    expect(body.token_type).toBe('DPoP')
    const token = body.access_token as string
    expect(refusal(await get(app, token))).toBe('401 session_invalid')
    const good = await prove(app, 'GET', `${admin}/jobs`, { token })
    expect((await get(app, token, '/jobs', 'DPoP').set('DPoP', good)).status).toBe(200)
    const other = await (await dpopKey()).prove(app, 'GET', `${admin}/jobs`, { token })
    expect(refusal(await get(app, token, '/jobs', 'DPoP').set('DPoP', other))).toBe('401 session_invalid')
  })
})

describe('a token that is none of a machine', () => {
  test('of a guest is refused, though its audience and scope are those of a machine', async () => {
    const app = await startMachines({
      clients: [...machines, { id: 'spa', audiences: ['https://elsewhere.example'], scopes: ['read'] }],
    })
    const { body } = await supertest(app.server).post('/guest/token').send({
      grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous',
      client_id: 'spa',
    })
    expect(refusal(await get(app, body.access_token))).toBe('401 session_invalid')
    const aud = `${app.origin}/guest/admin`
    for (const claims of [
      { aud },
      { aud: [aud, app.origin] },
      { aud, client_id: 'admin-read', scope: 'admin:read' },
    ])
      expect(
        refusal(await get(app, await forge(app, body.access_token, { claims }))),
        JSON.stringify(claims),
      ).toBe('401 session_invalid')
  })

  test.each<[string, object, object]>([
    ['for another audience', {}, { aud: 'https://api.example' }],
    ['for several audiences', {}, { aud: ['self'] }],
    ['of another issuer', {}, { iss: 'https://evil.example' }],
    ['of another subject', {}, { sub: 'somebody' }],
    ['with a session', {}, { sid: 'session' }],
    ['of a client that there is not', {}, { sub: 'nobody', client_id: 'nobody' }],
    ['of a public client', {}, { sub: 'guestkey', client_id: 'guestkey' }],
    ['that is over', {}, { exp: 1 }],
    ['without an end', {}, { exp: undefined }],
    ['with an end that is no number', {}, { exp: '9999999999' }],
    ['of another type', { typ: 'JWT' }, {}],
    ['of no type', { typ: undefined }, {}],
    ['bound to a key that was not proven', {}, { cnf: { jkt: 'x' } }],
  ])('%s is refused', async (_what, header, claims) => {
    const app = await startMachines()
    const token = await machineToken(app, 'admin:read')
    expect((await get(app, await forge(app, token, {}))).status).toBe(200)
    const aud = (claims as { aud?: unknown }).aud
    const said = Array.isArray(aud) ? { aud: [`${app.origin}/guest/admin`] } : claims
    expect(refusal(await get(app, await forge(app, token, { header, claims: said })))).toBe(
      '401 session_invalid',
    )
  })

  test('is refused, whatever was done to its text', async () => {
    const app = await startMachines()
    const token = await machineToken(app, 'admin:read')
    const [header, , signature] = token.split('.')
    const wider = encode({ ...claimsOf(token), scope: 'admin:read admin:settings' })
    for (const text of [`${header}.${wider}.${signature}`, `${token}x`, 'a.b.c', 'x'.repeat(9000)])
      expect(refusal(await get(app, text))).toBe('401 session_invalid')
  })
})

test('a guest never gets a scope of a machine, though the client of the guest has it', async () => {
  const app = await startMachines({
    clients: [{ ...machines[0]!, id: 'both', scopes: ['admin:read', 'read'] }],
  })
  const asGuest = (more: object) =>
    supertest(app.server)
      .post('/guest/token')
      .send({
        grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous',
        client_id: 'both',
        client_secret: machines[0]!.secret,
        ...more,
      })
  expect((await asGuest({})).body.scope).toBe('read')
  expect((await asGuest({ scope: 'admin:read' })).body.error).toBe('invalid_scope')
})

test('a scope that the client has lost is gone from the tokens that it has', async () => {
  const app = await startMachines()
  const token = await machineToken(app, 'admin:read')
  const clients = machines.map((one) => ({
    ...one,
    scopes: one.scopes.filter((scope) => scope !== 'admin:read'),
  }))
  const { store, origin, clock } = app
  const after = await startMachines({ store, origin, now: clock.now, clients })
  expect(refusal(await get(after, token))).toBe('403 insufficient_scope')
})

test('what a machine does is in the audit trail, with its id, the reason and the case', async () => {
  const app = await startMachines()
  const token = await machineToken(app, 'admin:settings')
  const answer = await supertest(app.server)
    .post(`${admin}/settings`)
    .set('Authorization', `Bearer ${token}`)
    .send({ values: { guestSignIn: false }, ...why })
  expect(answer.status, answer.text).toBe(200)
  expect(await linesOf(app)).toEqual([
    expect.objectContaining({
      action: 'setting.changed',
      outcome: 'guestSignIn=false',
      operator: { by: 'admin-settings', role: 'machine', reason: 'test', case: 'T-1' },
    }),
  ])
})

test('a public client with a scope of the API stops the start', async () => {
  await expect(startMachines({ clients: [{ id: 'spa', scopes: ['admin:read'] }] })).rejects.toThrow(
    /the client spa is public, so it must not have the scope admin:read/,
  )
})
