// Pairwise clients: each knows a guest by its own name, and nothing that it gets leads to another client's name.

import { randomBytes } from 'node:crypto'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { idFor, nameFor } from '../../../../server/core/guests/pairwise.ts'
import { endpoints } from '../../../../server/http/router.ts'
import type { Client, Options } from '../../../../server/options/options.ts'
import type { TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { authorizationOf, email, openPage, pkce } from '../../../support/promotion.ts'
import { expectErrorPage, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  ask,
  askToken,
  bearer,
  bySession,
  claimsOf,
  clients,
  granted,
  refresh,
  registerAs,
  sendJson,
  signInAs,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

/** An app whose pages get tokens for several clients in one browser. */
const startPages = () => {
  const base = clients.filter(({ id }) => ['diary', 'shop', 'spa'].includes(id))
  return startTokenApp({
    clients: base.map((client) => ({
      id: client.id,
      ...('pairwise' in client && { pairwise: client.pairwise }),
    })),
  })
}

/** Every text and number in a value, as texts. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string' || typeof value === 'number'
    ? [String(value)]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : []

/** The access token that this client gets for a browser's session. Sent by a program, so that no page counts. */
const drawn = async (app: TestApp, token: string, client_id: string) =>
  (await granted(bySession(app, undefined, { client_id }, bearer(token)))).access_token

describe('two clients and one guest', () => {
  test.each(['sealed', 'stored'])(
    'share no name in a %s session: neither sub, nor anonymous_id, nor sid',
    async (kind) => {
      const app = await startPages()
      const browser = app.browser()
      if (kind === 'stored') await browser.addPasskey(app.device())
      else await browser.signIn()
      const { sub } = (await browser.get('/guest/userinfo')).body
      const said: ReturnType<typeof claimsOf>[] = []
      for (const id of ['spa', 'diary', 'shop']) {
        app.clock.forward(1000)
        said.push(claimsOf(await drawn(app, browser.token!, id)))
      }
      const [plain, diary, shop] = said as [(typeof said)[0], (typeof said)[0], (typeof said)[0]]
      expect(plain.sub).toBe(sub)
      for (const name of ['sub', 'anonymous_id', 'sid', 'label', 'jti']) {
        const values = said.map((claims) => claims[name])
        expect(new Set(values).size, name).toBe(3)
      }
      for (const claims of said) expect(claims.anonymous_id).toBe(claims.sub)
      const session = [sub, plain.sid as string]
      for (const one of [diary, shop])
        for (const text of textsIn(one))
          expect(
            session.some((id) => text.includes(id)),
            text,
          ).toBe(false)
      const shared = textsIn(diary).filter((text) => textsIn(shop).includes(text))
      const known = [
        'cookie',
        'users',
        app.origin,
        diary.recoverability,
        // OpenID Connect tells every client when and how somebody was authenticated.
        ...textsIn([diary.auth_time, diary.acr, diary.amr]),
      ]
      expect(shared.filter((text) => !known.includes(text))).toEqual([])
    },
  )

  test('get the same names in each token, from each node, after a refresh and after a first passkey', async () => {
    const app = await startPages()
    const browser = app.browser()
    await browser.signIn()
    const first = claimsOf(await drawn(app, browser.token!, 'diary'))
    app.clock.forward(1000)
    const node = await anotherNode(app)
    expect(claimsOf(await drawn(node, browser.token!, 'diary')).sub).toBe(first.sub)
    await browser.addPasskey(app.device())
    const kept = claimsOf(await drawn(app, browser.token!, 'diary'))
    expect(kept.sub).toBe(first.sub)
    expect(kept.sid).not.toBe(first.sid)
    const own = await granted(anonymously(app, { client_id: 'diary' }))
    const next = await granted(refresh(app, own.refresh_token, { client_id: 'diary' }))
    for (const name of ['sub', 'sid', 'anonymous_id'])
      expect(claimsOf(next.access_token)[name]).toBe(claimsOf(own.access_token)[name])
  })

  test('get names that differ by secret and client, and lead back only with the same secret and client', () => {
    const secrets = ['x'.repeat(32), `${'x'.repeat(31)}y`]
    const made = ['diary', 'shop'].flatMap((id) => secrets.map((pairwise) => ({ id, pairwise }) as Client))
    for (const bytes of [16, 32]) {
      const id = randomBytes(bytes).toString('base64url')
      const names = made.map((client) => nameFor(client, id))
      expect(new Set([...names, id]).size).toBe(5)
      for (const [i, client] of made.entries()) {
        expect(Buffer.from(names[i]!, 'base64url')).toHaveLength(bytes)
        expect(idFor(client, names[i]!)).toBe(id)
        expect(idFor(made[(i + 1) % 4]!, names[i]!)).not.toBe(id)
      }
    }
  })
})

describe('the name of a guest with an id that is not ours', () => {
  const [diary, shop] = ['diary', 'shop'].map(
    (id) => ({ id, pairwise: `the secret of the names that the ${id} has` }) as Client,
  ) as [Client, Client]

  test.each([
    '8f14e45f-ceea-467f-a9d0-3c1f0b7a2e61',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    'Zoë 🦊',
    '~tilde',
    'ü'.repeat(255),
    'x',
    'x'.repeat(15),
    'x'.repeat(16),
    'AAAAAAAAAAAAAAAAAAAAAB', // 22 characters that are not the base64url of any 16 bytes
  ])('leads back to %j, with the same secret and client only', (id) => {
    const name = nameFor(diary, id)
    expect(name).toMatch(/^~[\w-]+$/)
    expect(name).not.toContain(id)
    expect(nameFor(diary, id)).toBe(name)
    expect(idFor(diary, name)).toBe(id)
    expect(nameFor(shop, id)).not.toBe(name)
    expect(idFor(shop, name)).toBe('')
  })

  test('leads to nobody if any of its bytes is changed or cut off', () => {
    const bytes = Buffer.from(nameFor(diary, 'auth0|5f7c8ec7c33c6c004bbafe82').slice(1), 'base64url')
    for (const at of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      expect(idFor(diary, `~${changed.toString('base64url')}`), `byte ${at}`).toBe('')
      expect(idFor(diary, `~${bytes.subarray(0, at).toString('base64url')}`), `${at} bytes`).toBe('')
    }
  })

  test('has the length of the next whole block of 16 bytes, so that it says little about the id', () => {
    const bytesOf = (length: number) =>
      Buffer.from(nameFor(diary, 'x'.repeat(length)).slice(1), 'base64url').length - 16
    expect([1, 15, 16, 31, 32].map(bytesOf)).toEqual([16, 16, 32, 32, 48])
  })

  test('stays the same in later versions, as that of an id of ours does', () => {
    expect(nameFor(diary, '42')).toBe('~jD0qJz-GFhvtOdUQmZnaPct44UbG1djUj6E3hzYGmhs')
    expect(nameFor(diary, 'AAAAAAAAAAAAAAAAAAAAAA')).toBe('qYmDyQ-XW6xPF3-KV-E85Q')
  })
})

test('what a pairwise client gets holds no other name of the guest, not even inside its refresh token', async () => {
  const app = await startTokenApp()
  const given = await granted(anonymously(app, { client_id: 'diary' }))
  const { sub, label } = claimsOf(given.access_token)
  const diary = clients.find(({ id }) => id === 'diary') as unknown as Client
  const id = idFor(diary, sub as string)
  const { body: guest } = await userinfo(app, given.access_token)
  expect(guest).toMatchObject({ sub, anonymous_id: sub, label })
  const [sealed] = given.refresh_token.slice('gkrs_'.length).split('.')
  const inside = Buffer.from(sealed!, 'base64url').toString()
  expect(inside).toContain(sub)
  for (const text of [inside, JSON.stringify(claimsOf(given.access_token)), JSON.stringify(guest)])
    expect(text).not.toContain(id)
})

describe('a pairwise client', () => {
  test('may ask who the guest is, and gets its own names', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, { client_id: 'diary' }))
    const { status, body } = await userinfo(app, access_token)
    expect(status).toBe(200)
    expect(body).toMatchObject({ sub: claimsOf(access_token).sub, anonymous_id: claimsOf(access_token).sub })
  })

  test('may sign out, for good', async () => {
    const app = await startTokenApp()
    const { access_token, refresh_token } = await granted(anonymously(app, { client_id: 'diary' }))
    expect((await sendJson(app, 'sign-out', { force: true }, bearer(access_token))).status).toBe(204)
    await expectRefusal(app, () => userinfo(app, access_token), 401, 'session_invalid')
    expect((await refresh(app, refresh_token, { client_id: 'diary' })).body.error).toBe('invalid_grant')
  })

  test('gets 403 insufficient_scope at every other endpoint that knows a guest', async () => {
    const app = await startTokenApp({ operators: { wayIn: {} } })
    const { browser } = await keptGuest(app)
    const { body } = await browser.get('/guest/passkeys')
    const stored = await drawn(app, browser.token!, 'diary')
    const sealed = (await granted(anonymously(app, { client_id: 'diary' }))).access_token
    const others = endpoints.filter(
      (door) => door.session !== 'none' && !door.anyToken && door.path !== '/device',
    )
    expect(others.length).toBeGreaterThan(10)
    const authenticate = await sendJson(app, 'passkeys/authenticate/options', {})
    const bodies: Record<string, object> = {
      'PATCH /passkeys/:id': { name: 'Phone' },
      'PATCH /profile': { attributes: {} },
      'POST /prompts/snooze': { prompt: 'add_passkey' },
      'POST /promotion/start': email('ada@example.org'),
      'POST /promotion/verify': { transaction: 'A', code: '123456' },
      'POST /promotion/finish': { code: 'A', code_verifier: 'A'.repeat(43) },
      'POST /sign-in/code/start': email('ada@example.org'),
      'POST /sign-in/code': { transaction: 'A', code: '123456' },
      'PATCH /login-ids': email('ada@example.org'),
      'DELETE /login-ids': email('ada@example.org'),
      'POST /par': authorizationOf(pkce().challenge),
      'PATCH /label': { label: 'Fox' },
      'POST /sign-in/recovery-code': { code: 'AAAA-AAAA-AAAA-AAAA' },
      'POST /device-keys/challenge': { purpose: 'register' },
      'POST /device-keys': { proof: 'a.b.c' },
      'PATCH /device-keys/:id': { name: 'Kitchen' },
      'POST /device-keys/sign-in': { assertion: 'a.b.c' },
      'POST /device-links/open': { code: 'A', device: { platform: 'iOS', browser: 'Safari' } },
      'POST /device-links/claim': { secret: 'A' },
      'PATCH /device-links/:id': { approve: true },
      'POST /merge': { ticket: 'A'.repeat(43) },
      'POST /merge/undo': { ticket: 'A'.repeat(43) },
      'POST /way-in': {
        id: 'AAAA',
        rawId: 'AAAA',
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' },
      },
      'POST /passkeys/register': await app
        .device()
        .create((await browser.post('/guest/passkeys/register/options')).body),
      'POST /passkeys/unknown': {
        ...{ id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
      },
      'POST /passkeys/authenticate': await app
        .device()
        .get(authenticate.body)
        .catch(() => ({})),
    }
    for (const token of [stored, sealed]) {
      for (const { method, path, oauth, page } of others) {
        const url = `/guest${path.replace(':id', body.passkeys[0].id)}`
        if (page) {
          const shown = await supertest(app.server)
            .post(url)
            .set(bearer(token))
            .type('form')
            .send('request=A&whom=A')
          expect(shown.status, path).toBe(403)
          expectErrorPage(shown, 'insufficient_scope')
          continue
        }
        const given = bodies[`${method} ${path}`] ?? {}
        if (path === '/passkeys/authenticate' && Object.keys(given).length === 0) continue
        const send = () => {
          const asked = supertest(app.server)[method.toLowerCase() as 'get'](url).set(bearer(token))
          return (
            method === 'GET'
              ? asked
              : asked.set('Content-Type', 'application/json').send(JSON.stringify(given))
          ) as never
        }
        const refused = oauth
          ? expectOAuthRefusal(app, send, 403, 'insufficient_scope', 'invalid_request')
          : expectRefusal(app, send, 403, 'insufficient_scope')
        await refused.catch((error) => {
          throw new Error(`${method} ${path}: ${error.message}`)
        })
      }
    }
    expect((await browser.get('/guest/passkeys')).body).toEqual(body)
  })

  test('is refused on our sign-in pages, because its refresh token would hold our name for the guest', async () => {
    const redirectUris = ['https://diary.example/back']
    const all = clients.map((client) => ({ ...client, ...(client.id === 'diary' && { redirectUris }) }))
    const app = await startTokenApp({ clients: all } as Partial<Options>)
    const wish = { client_id: 'diary', redirect_uri: redirectUris[0]!, purpose: 'sign_in' }
    const asked = authorizationOf(pkce().challenge, wish)
    const error = 'unauthorized_client'
    await expectOAuthRefusal(app, () => sendJson(app, 'par', asked), 400, 'invalid_client', error)
    const { headers } = await openPage(app.browser(), asked)
    expect(headers.location).toMatch(/^https:\/\/diary\.example\/back\?error=unauthorized_client&/)
  })

  test('is refused as the holder of a passkey sign-in, before anything is written', async () => {
    const app = await startTokenApp()
    const { device } = await keptGuest(app)
    await expectRefusal(app, () => signInAs(app, device, 'diary'), 401, 'invalid_client')
    await expectRefusal(
      app,
      () => registerAs(app, app.device(), { clientId: 'diary' }),
      401,
      'invalid_client',
    )
    expect((await signInAs(app, device, 'spa')).status).toBe(200)
  })

  test('gets names that stand in no row', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    const claims = claimsOf(await drawn(app, browser.token!, 'diary'))
    const rows = JSON.stringify(await tables(app.store))
    for (const name of ['sub', 'sid']) expect(rows).not.toContain(claims[name])
  })

  test('has a name for a guest that opens nothing elsewhere', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    const claims = claimsOf(await drawn(app, browser.token!, 'diary'))
    for (const client_id of ['spa', 'shop']) {
      const answer = await askToken(app, {
        grant_type: 'refresh_token',
        client_id,
        refresh_token: String(claims.sid),
      })
      expect(answer.body.error).toBe('invalid_grant')
    }
    const id = claims.sid as string
    const end = () =>
      supertest(app.server).delete(`/guest/sessions/${id}`).set(bearer(browser.token!)) as never
    await expectRefusal(app, end, 404, 'not_found')
    expect((await ask(app, '/guest/userinfo', bearer(browser.token!))).status).toBe(200)
  })
})

describe('a client', () => {
  test.each([
    ['made pairwise', {}, { pairwise: 'x'.repeat(40) }],
    ['no longer pairwise', { pairwise: 'x'.repeat(40) }, {}],
  ])('%s cannot open another guest with a token from before', async (_, before, after) => {
    const app = await startTokenApp({ clients: [{ id: 'spa', ...before }] })
    const given = await granted(anonymously(app))
    const other = await anotherNode(app, { clients: [{ id: 'spa', ...after }] })
    expect((await userinfo(other, given.access_token)).status).toBe(401)
    expect((await refresh(other, given.refresh_token!)).status).toBe(400)
    expect((await userinfo(app, given.access_token)).status).toBe(200)
  })
})
