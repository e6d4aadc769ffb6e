import { createHash } from 'node:crypto'
import { EmbeddedJWK, jwtVerify } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createGuestClient,
  type Guest,
  type GuestClient,
  type GuestClientOptions,
} from '../../../client/index.ts'
import { createTokens } from '../../../client/tokens/tokens.ts'
import { codeOf } from '../../support/client/clients.ts'
import {
  type Answer,
  type Asked,
  guest,
  ok,
  problem,
  startFakeServer,
  stepUp,
  tokens,
} from '../../support/client/fake-server.ts'
import { plugInIndexedDb } from '../../support/client/indexed-db.ts'
import { eventually } from '../../support/eventually.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const refused: Answer = { status: 400, body: { error: 'invalid_grant', code: 'invalid_grant' } }

/** A server whose token endpoint answers request n with tokens n, unless `token` says otherwise. */
async function setUp({
  token = (n: number): Answer | Promise<Answer> => ok(tokens(n)),
  others = (_door: string, _asked: Asked[]): Answer => ok(guest('a')),
  options = {} as GuestClientOptions,
} = {}) {
  let n = 0
  const doors = await startFakeServer((door, _body, asked) =>
    door === 'POST /token' ? token(++n) : others(door, asked),
  )
  cleanUps.push(doors.close)
  const client = createGuestClient({ baseUrl: doors.baseUrl, mode: 'token', clientId: 'spa', ...options })
  cleanUps.push(client.close)
  return {
    doors,
    client,
    things: `${doors.origin}/things`,
    tokenBodies: () => doors.asked.flatMap(({ door, body }) => (door === 'POST /token' ? [body] : [])),
    sent: (door: string) => doors.headers.filter((_, i) => doors.asked[i]?.door === door),
  }
}

function withoutLocks() {
  Object.defineProperty(navigator, 'locks', { configurable: true, value: undefined })
  cleanUps.push(() => Reflect.deleteProperty(navigator, 'locks'))
}

/** Tokens without a client around them, signed in. */
async function beginTokens(answers: Parameters<typeof startFakeServer>[0]) {
  const doors = await startFakeServer(answers)
  cleanUps.push(doors.close)
  const held = createTokens({
    baseUrl: doors.baseUrl,
    name: doors.origin,
    clientId: 'spa',
    apis: [],
    dpop: true,
    timeoutSeconds: 30,
  })
  cleanUps.push(held.close)
  await held.begin(undefined)
  return { doors, held }
}

describe('signing in in token mode', () => {
  it('does not replace the guest of a tab that waited long enough for it', async () => {
    plugInIndexedDb()
    const held = Promise.withResolvers<void>()
    const { doors, client, sent } = await setUp({
      token: async (n) => {
        if (n === 1) await held.promise
        return ok(tokens(n))
      },
    })
    const first = client.signInAnonymously()
    await eventually(() => expect(doors.asked.length).toBe(1))
    const options = { baseUrl: doors.baseUrl, mode: 'token', clientId: 'spa', timeoutSeconds: 0.2 } as const
    const other = createGuestClient(options)
    cleanUps.push(other.close)
    await other.signInAnonymously()
    held.resolve()
    await first
    expect(await client.accessToken()).not.toBe('access-1')
    for (const { authorization } of sent('POST /sign-in')) expect(authorization).not.toContain('access-1')
  })

  it('sends one token request for 50 callers, and then asks who the guest is', async () => {
    const { client, doors } = await setUp()
    const guests = await Promise.all(
      Array.from({ length: 50 }, () => client.signInAnonymously({ collection: 'visitors' })),
    )
    expect(new Set(guests.map(({ sub }) => sub))).toEqual(new Set(['a']))
    expect(doors.asked).toEqual([
      {
        door: 'POST /token',
        body: {
          grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous',
          client_id: 'spa',
          collection: 'visitors',
        },
      },
      { door: 'POST /sign-in', body: { collection: 'visitors', lookup_only: true } },
    ])
    await client.signInAnonymously()
    expect(doors.doors().slice(2)).toEqual(['POST /sign-in'])
  })

  it.each<[string, Answer, string]>([
    ['a connection that breaks', 'cut', 'network'],
    ['a server that is down', problem(503, 'unavailable'), 'unavailable'],
    ['a captive portal', { status: 200, body: '<h1>Welcome to our Wi-Fi</h1>' }, 'server_error'],
    ['a client that is not registered', { status: 401, body: { code: 'invalid_client' } }, 'invalid_client'],
  ])('rejects, and does not ask again, after %s', async (_, answer, code) => {
    const { client, doors } = await setUp({ token: () => answer })
    expect(await codeOf(client.signInAnonymously())).toBe(code)
    expect(doors.asked.length).toBe(1)
  })

  it('goes on after close', async () => {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const { client, doors } = await setUp({ token: () => promise })
    const signingIn = client.signInAnonymously()
    await eventually(() => expect(doors.asked.length).toBe(1))
    client.close()
    resolve(ok(tokens(1)))
    expect((await signingIn).sub).toBe('a')
  })

  it('keeps the tokens of a new guest if it cannot learn who that is', async () => {
    let isDown = true
    const { client, tokenBodies } = await setUp({
      others: () => (isDown ? problem(503, 'unavailable') : ok(guest('a'))),
    })
    expect(await codeOf(client.signInAnonymously())).toBe('unavailable')
    isDown = false
    expect((await client.signInAnonymously()).sub).toBe('a')
    expect(tokenBodies().length).toBe(1)
  })

  it('sends nothing to find out that nobody is signed in', async () => {
    const { client, doors } = await setUp()
    expect(await client.user()).toBeNull()
    expect(await client.accessToken()).toBeNull()
    expect(await codeOf(client.passkeys.list())).toBe('not_signed_in')
    expect(doors.asked).toEqual([])
  })
})

describe('an access token', () => {
  it.each([
    ['', () => {}],
    [', in a browser without locks too', withoutLocks],
  ])('is asked for once by 20 callers, and not again while it is good%s', async (_, prepare) => {
    prepare()
    const { client, tokenBodies } = await setUp()
    await client.signInAnonymously()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 550_000 })
    cleanUps.push(vi.useRealTimers)
    expect(await Promise.all(Array.from({ length: 20 }, client.accessToken))).toEqual(
      Array(20).fill('access-2'),
    )
    expect(await client.accessToken()).toBe('access-2')
    expect(tokenBodies().slice(1)).toEqual([
      { grant_type: 'refresh_token', refresh_token: 'refresh-1', client_id: 'spa' },
    ])
  })

  it.each([
    ['by performance.now(), which nobody can set', 550, -3600, 'access-2'],
    ['by Date.now(), after the machine slept and performance.now() stood still', 0, 550, 'access-2'],
    ['but not because the clock was set back', 100, -3600, 'access-1'],
  ])('is renewed a minute before it ends, %s', async (_, passed, set, token) => {
    const { client } = await setUp()
    await client.signInAnonymously()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + set * 1000 })
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + passed * 1000)
    cleanUps.push(vi.useRealTimers, vi.restoreAllMocks)
    expect(await client.accessToken()).toBe(token)
  })

  it.each<[string, Answer]>([
    ['lost', 'cut'],
    ['cut off', 'cut in the middle'],
  ])('is asked for again with the same refresh token if the answer is %s', async (_, answer) => {
    const { client, tokenBodies } = await setUp({
      token: (n) => (n === 2 || n === 3 ? answer : ok(tokens(n, { expires_in: n === 1 ? 0 : 600 }))),
    })
    await client.signInAnonymously()
    expect(tokenBodies().slice(1)).toEqual(
      Array(3).fill({ grant_type: 'refresh_token', refresh_token: 'refresh-1', client_id: 'spa' }),
    )
  })

  it('signs out, and tells listeners, if the refresh is refused for good', async () => {
    const { client } = await setUp({ token: (n) => (n === 1 ? ok(tokens(1, { expires_in: 1 })) : refused) })
    await client.signInAnonymously()
    const changes: (Guest | null)[] = []
    client.onChange((now) => changes.push(now))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(await client.accessToken()).toBeNull()
    expect(changes).toEqual([null])
  })

  it.each<[string, Answer, string]>([
    ['connection cut', 'cut', 'network'],
    ['unavailable', problem(503, 'unavailable'), 'unavailable'],
    ['too many requests', problem(429, 'too_many_requests'), 'too_many_requests'],
    ['client unknown', { status: 401, body: { code: 'invalid_client' } }, 'invalid_client'],
  ])('signs nobody out if it cannot be refreshed for now: %s', async (_, answer, code) => {
    let isDown = true
    const { client, tokenBodies } = await setUp({
      token: (n) => (n === 1 ? ok(tokens(1, { expires_in: 0 })) : isDown ? answer : ok(tokens(n))),
    })
    expect(await codeOf(client.signInAnonymously())).toBe(code)
    expect(await codeOf(client.accessToken())).toBe(code)
    isDown = false
    expect((await client.signInAnonymously()).sub).toBe('a')
    expect(tokenBodies().filter((body) => (body as { collection?: string }).collection)).toEqual([])
    expect(JSON.stringify(tokenBodies().slice(1))).not.toContain('anonymous')
  })

  it.each<[string, Answer]>([
    ['refused', refused],
    ['answered late', ok(tokens('late'))],
  ])('of a session that another one has replaced is not used when its refresh is %s', async (_, answer) => {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const { held, doors } = await beginTokens((door, _body, asked) => {
      if (door === 'POST /passkeys/authenticate') return ok({ ...guest('b'), tokens: tokens('b') })
      if (door !== 'POST /token') return problem(401, 'nonsense')
      return asked.length === 1 ? ok(tokens(1)) : promise
    })
    const refresh = held.send(new Request(`${doors.origin}/things`))
    const asksForTokens = () => doors.doors().filter((door) => door === 'POST /token').length
    await eventually(() => expect(asksForTokens()).toBe(2))
    expect(await held.ask('POST', '/passkeys/authenticate', { id: 'p' })).toEqual(guest('b'))
    resolve(answer)
    await refresh
    expect(doors.headers.at(-1)?.authorization).toBe('DPoP access-b')
    expect((await held.current())?.token).toBe('access-b')
    expect(asksForTokens()).toBe(2)
  })
})

describe('an answer that may bring tokens', () => {
  it.each<[string, (client: GuestClient) => Promise<unknown>, object]>([
    ['POST /prompts/snooze', (client) => client.prompts.snooze('promote'), { prompt: 'promote' }],
    ['POST /merge/undo', (client) => client.undoMerge('t'), { ticket: 't' }],
    [
      'POST /promotion/verify',
      (client) => client.promotion.verify({ transaction: 'x', code: '123456' }),
      { transaction: 'x', code: '123456' },
    ],
    [
      'POST /sign-in/code',
      (client) => client.codeSignIn.verify({ transaction: 'x', code: '123456' }),
      { transaction: 'x', code: '123456' },
    ],
  ])('names the client, and its tokens replace those from before: %s', async (door, work, body) => {
    const { client, doors, sent, things } = await setUp({
      others: (asked) => ok(asked === door ? { ...guest('b'), tokens: tokens('b') } : guest('a')),
    })
    await client.signInAnonymously()
    const changes: (Guest | null)[] = []
    client.onChange((now) => changes.push(now))
    expect(await work(client)).toEqual(guest('b'))
    expect(doors.asked.at(-1)).toEqual({ door, body: { ...body, client_id: 'spa' } })
    expect(changes).toEqual([guest('b')])
    await client.fetch(things)
    expect(sent('GET /things')[0]?.authorization).toBe('DPoP access-b')
  })

  it.each([
    ['POST /prompts/snooze', (client: GuestClient) => client.prompts.snooze('promote')],
    ['POST /merge/undo', (client: GuestClient) => client.undoMerge('t')],
    ['POST /merge', (client: GuestClient) => client.merge('t')],
    [
      'POST /promotion/verify',
      (client: GuestClient) => client.promotion.verify({ transaction: 'x', code: '123456' }),
    ],
    ['POST /promotion/undo', (client: GuestClient) => client.promotion.undo()],
  ])('leaves the tokens as they are if it brings none: %s', async (_, work) => {
    const { client } = await setUp()
    await client.signInAnonymously()
    await work(client)
    expect(await client.accessToken()).toBe('access-1')
  })
})

describe('in token mode', () => {
  it('a profile is read with its version, and changed in that version', async () => {
    const { client, sent } = await setUp({
      others: (door) =>
        door.endsWith('/profile') ? ok({ attributes: {} }, { etag: '"3"' }) : ok(guest('a')),
    })
    await client.signInAnonymously()
    expect(await client.profile.get()).toEqual({ attributes: {}, etag: '"3"' })
    await client.profile.update({}, { ifMatch: '"3"' })
    expect(sent('PATCH /profile')[0]).toMatchObject({
      'if-match': '"3"',
      authorization: 'DPoP access-1',
    })
  })

  it('erasing the account deletes the tokens', async () => {
    const { client, doors } = await setUp({
      others: (door) => (door === 'DELETE /account' ? { status: 204 } : ok(guest('a'))),
    })
    await client.signInAnonymously()
    await client.account.delete()
    const asked = doors.asked.length
    expect([await client.accessToken(), await client.user()]).toEqual([null, null])
    expect(doors.asked.length).toBe(asked)
  })
})

describe('fetch in token mode', () => {
  const signedIn = async (set: Parameters<typeof setUp>[0]) => {
    const it = await setUp(set)
    await it.client.signInAnonymously()
    return it
  }

  it('refreshes once after three requests get a 401, and repeats them with their bodies', async () => {
    const { client, things, doors, tokenBodies } = await signedIn({
      others: (door, asked) =>
        door === 'PUT /things' && asked.filter((one) => one.door === door).length < 4
          ? problem(401, 'nonsense')
          : ok(guest('a')),
    })
    const put = async (body: string) => (await client.fetch(things, { method: 'PUT', body })).status
    expect(await Promise.all([put('milk'), put('bread'), put('jam')])).toEqual([200, 200, 200])
    const bodies = doors.asked.flatMap(({ door, body }) => (door === 'PUT /things' ? [body] : []))
    expect(bodies.toSorted()).toEqual(['bread', 'bread', 'jam', 'jam', 'milk', 'milk'])
    expect(tokenBodies().length).toBe(2)
  })

  it('repeats a request once after a 401, and returns a second 401', async () => {
    const { client, things, sent, tokenBodies } = await signedIn({
      others: (door) => (door.endsWith('/things') ? problem(401, 'nonsense') : ok(guest('a'))),
    })
    expect((await client.fetch(things, { method: 'PUT', body: 'milk' })).status).toBe(401)
    expect(sent('PUT /things').map(({ authorization }) => authorization)).toEqual([
      'DPoP access-1',
      'DPoP access-2',
    ])
    expect(tokenBodies().length).toBe(2)
  })

  it('does not refresh if the host asks for a fresh proof', async () => {
    const { client, things, tokenBodies } = await signedIn({
      others: (door) => (door.endsWith('/things') ? stepUp : ok(guest('a'))),
    })
    expect(await codeOf(client.fetch(things))).toBe('unsupported')
    expect(tokenBodies().length).toBe(1)
  })

  it('keeps the caller’s own Authorization header, and sends no token to other origins', async () => {
    const { client, things, sent } = await signedIn({})
    await client.fetch(things, { headers: { authorization: 'Basic own' } })
    expect(sent('GET /things')[0]).toMatchObject({ authorization: 'Basic own' })
    expect(sent('GET /things')[0]).not.toHaveProperty('dpop')
    const foreign = await startFakeServer(() => ok({}))
    cleanUps.push(foreign.close)
    await client.fetch(`${foreign.origin}/things`)
    expect(foreign.headers[0]).not.toHaveProperty('authorization')
    expect(foreign.headers[0]).not.toHaveProperty('dpop')
  })

  it('follows no redirect with a token', async () => {
    const { client, things, doors } = await signedIn({
      others: (door) =>
        door.endsWith('/things') ? { status: 302, headers: { location: '/elsewhere' } } : ok(guest('a')),
    })
    await expect(client.fetch(things)).rejects.toThrow(TypeError)
    expect((await client.fetch(things, { redirect: 'manual' })).status).toBe(302)
    expect(doors.doors()).not.toContain('GET /elsewhere')
  })

  it('sends bearer tokens without proofs if dpop is false', async () => {
    const { client, things, sent } = await signedIn({
      token: (n) => ok(tokens(n, { token_type: 'Bearer' })),
      options: { dpop: false },
    })
    await client.fetch(things)
    expect(sent('GET /things')[0]).toMatchObject({ authorization: 'Bearer access-1' })
    expect([...sent('POST /token'), ...sent('GET /things')].flatMap(({ dpop }) => dpop ?? [])).toEqual([])
  })
})

describe('a DPoP proof', () => {
  const verify = (proof: unknown) =>
    jwtVerify(String(proof), EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] })

  it('is bound to its request and access token, and is a new one each time (RFC 9449)', async () => {
    const { client, things, sent } = await setUp()
    await client.signInAnonymously()
    await client.fetch(`${things}?page=2#top`)
    await client.fetch(`${things}?page=2`)
    const [first, second] = await Promise.all(sent('GET /things?page=2').map(({ dpop }) => verify(dpop)))
    expect(first?.payload).toEqual({
      htm: 'GET',
      htu: things,
      jti: expect.any(String),
      iat: expect.closeTo(Date.now() / 1000, -1),
      ath: createHash('sha256').update('access-1').digest('base64url'),
    })
    expect(Object.keys(first?.protectedHeader.jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(second?.payload.jti).not.toBe(first?.payload.jti)
    const [asked] = await Promise.all(sent('POST /token').map(({ dpop }) => verify(dpop)))
    expect(asked?.payload).not.toHaveProperty('ath')
    expect(asked?.protectedHeader.jwk).toEqual(first?.protectedHeader.jwk)
  })

  it.each([
    ['once, by the clock of the server', 1, 3_600_000, 2],
    ['only once, even if the clock of the server differs more each time', Infinity, 3_600_000, 2],
    ['not at all if the clocks agree', Infinity, 1000, 1],
  ])('is made anew after a refusal: %s', async (_, refusals, off, requests) => {
    const bad = (n: number): Answer => ({
      status: 400,
      body: { code: 'invalid_dpop_proof' },
      headers: { date: new Date(Date.now() + off * n).toUTCString() },
    })
    const { client, sent } = await setUp({ token: (n) => (n > refusals ? ok(tokens(n)) : bad(n)) })
    const code = await codeOf(client.signInAnonymously())
    expect([code, sent('POST /token').length]).toEqual([
      refusals === 1 ? 'no error' : 'invalid_dpop_proof',
      requests,
    ])
    if (refusals > 1) return
    const { payload } = await verify(sent('POST /token')[1]?.dpop)
    expect(payload.iat! - Date.now() / 1000).toBeCloseTo(3600, -1)
  })
})

describe('in cookie mode an access token', () => {
  const setUpCookie = (token?: (n: number) => Answer) =>
    setUp({ ...(token && { token }), options: { mode: 'cookie' } })

  it('belongs to the session, and is asked for once', async () => {
    const { client, tokenBodies } = await setUpCookie()
    expect(await Promise.all([client.accessToken(), client.accessToken()])).toEqual(['access-1', 'access-1'])
    expect(await client.accessToken()).toBe('access-1')
    expect(tokenBodies()).toEqual([
      { grant_type: 'urn:guestkey:params:oauth:grant-type:session', client_id: 'spa' },
    ])
  })

  it('is a new one after somebody signs in or out', async () => {
    const { client } = await setUpCookie()
    await client.accessToken()
    await client.signInAnonymously()
    expect(await client.accessToken()).toBe('access-2')
    await client.signOut()
    expect(await client.accessToken()).toBe('access-3')
  })

  it('is null if nobody is signed in, and rejects if the server cannot tell', async () => {
    const { client } = await setUpCookie((n) => (n === 1 ? refused : 'cut'))
    expect(await client.accessToken()).toBeNull()
    expect(await codeOf(client.accessToken())).toBe('network')
  })

  it('is not sent along by fetch', async () => {
    const { client, things, sent } = await setUpCookie()
    await client.accessToken()
    await client.fetch(things)
    expect(sent('GET /things')[0]).not.toHaveProperty('authorization')
  })
})

describe('options', () => {
  it.each([
    [{ mode: 'tokens' }, 'Unknown mode: tokens'],
    [
      { mode: 'token', baseUrl: 'http://localhost/guest', apis: ['https://api.example.com/'] },
      'Not an origin',
    ],
    [{ mode: 'token', baseUrl: 'http://localhost/guest', apis: ['api.example.com'] }, 'Invalid URL'],
  ])('%j throw an error', (options, message) => {
    expect(() => createGuestClient(options as GuestClientOptions)).toThrow(message)
  })
})
