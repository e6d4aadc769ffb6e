import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  EmbeddedJWK,
  importJWK,
  jwtVerify,
} from 'jose'
import { describe, expect, it, vi } from 'vitest'
import type { Guest, GuestClient, GuestClientOptions } from '../../../client/index.ts'
import { codeOf, plugInAuthenticator, setUp, waitingForLock } from '../../support/client/clients.ts'
import { type Answer, guest, ok, problem, stepUp, tokens } from '../../support/client/fake-server.ts'
import { plugInIndexedDb } from '../../support/client/indexed-db.ts'

const issuer = 'https://auth.example'
const now = 1_900_000_000
const known = guest('a', { recoverability: 'device' })

/** A service with device keys: who is signed in, which keys there are, and `answer`, which may replace its answers. */
async function setUpKeys({ options = {} as GuestClientOptions, mode = 'cookie' as 'cookie' | 'token' } = {}) {
  const db = plugInIndexedDb()
  const server = {
    /** The guest who is signed in in this browser. */
    here: 'a' as string | null,
    /** The `anonymous_id` of the guest of each key, by the ID of the key. */
    keys: new Map<string, string>(),
    guests: 0,
    /** The audience that assertions must name. */
    issuer,
    proofs: [] as string[],
    answer: undefined as ((door: string) => Answer | undefined | Promise<Answer | undefined>) | undefined,
  }
  const who = () =>
    server.here
      ? ok({ ...known, sub: server.here, anonymous_id: server.here })
      : problem(401, 'not_signed_in')
  const signedIn = (sub: string) => {
    server.here = sub
    return ok({
      ...known,
      ...{ sub, anonymous_id: sub },
      ...(mode === 'token' && { tokens: tokens(`key-${server.proofs.length}`) }),
    })
  }
  const set = await setUp(
    async (door, body) => {
      const said = (body ?? {}) as Record<string, string>
      const instead = await server.answer?.(door)
      if (instead) return instead
      switch (door) {
        case 'GET /.well-known/oauth-authorization-server':
          return ok({ issuer: server.issuer })
        case 'POST /device-keys/challenge':
          return ok({ challenge: `challenge to ${said.purpose}`, expires_at: now + 300, now })
        case 'POST /device-keys': {
          server.proofs.push(said.proof!)
          const id = await calculateJwkThumbprint(decodeProtectedHeader(said.proof!).jwk!)
          server.keys.set(id, server.here!)
          return ok({ ...known, device_key: { id, name: said.name ?? 'This device' } })
        }
        case 'POST /device-keys/sign-in': {
          server.proofs.push(said.assertion!)
          if (decodeJwt(said.assertion!).aud !== server.issuer) return problem(400, 'device_key_invalid')
          const { kid } = decodeProtectedHeader(said.assertion!)
          const sub = server.keys.get(kid!)
          return sub ? signedIn(sub) : problem(401, 'device_key_refused')
        }
        case 'GET /device-keys':
          return ok({ device_keys: [...server.keys.keys()].map((id) => ({ id })) })
        case 'POST /token':
          server.here = `new-${++server.guests}`
          return ok(tokens(server.here))
        case 'POST /sign-in':
          if (server.here) return who()
          if (said.lookup_only) return problem(404, 'no_guest')
          return signedIn(`new-${++server.guests}`)
        case 'POST /sign-out':
          server.here = null
          return { status: 204 }
        case 'DELETE /account':
          server.here = null
          return { status: 204 }
        case 'POST /sign-in/code':
          return signedIn('b')
        default:
          if (!door.startsWith('DELETE /device-keys/')) return who()
          return server.keys.delete(door.slice(20).replace(/\?.*/, ''))
            ? { status: 204 }
            : problem(404, 'not_found')
      }
    },
    { ...options, mode },
  )
  const changing = () => set.doors.doors().filter((door) => !door.startsWith('GET'))
  return { ...set, db, server, changing }
}

/** As above, with a key of guest `a` in the browser. The session of `a` is gone. */
async function setUpGone(options: Parameters<typeof setUpKeys>[0] = {}) {
  const set = await setUpKeys(options)
  if (options.mode === 'token') await set.client.signInAnonymously()
  set.server.here = 'a'
  await set.client.deviceKey.enable()
  set.server.here = null
  set.doors.asked.length = 0
  return set
}

describe('deviceKey.enable', () => {
  it('stores a key that no script can read, and proves it as the protocol says', async () => {
    const { client, db, server, doors } = await setUpKeys()
    const key = await client.deviceKey.enable({ name: 'Kitchen' })
    const [held] = [...db.kept.values()] as { id: string; key: CryptoKeyPair }[]
    expect(key).toEqual({ id: held?.id, name: 'Kitchen' })
    expect(held?.key.privateKey.extractable).toBe(false)
    const { payload, protectedHeader } = await jwtVerify(server.proofs[0]!, EmbeddedJWK, {
      currentDate: new Date(now * 1000),
    })
    expect(protectedHeader).toEqual({
      alg: 'ES256',
      typ: 'device-key-registration+jwt',
      jwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
    })
    expect(payload).toEqual({
      sub: 'a',
      aud: issuer,
      iat: now,
      exp: now + 300,
      nonce: 'challenge to register',
    })
    expect(doors.asked.at(-1)?.body).toEqual({ proof: server.proofs[0], name: 'Kitchen' })
    expect(await client.deviceKey.isEnabled()).toBe(true)
  })

  it('tells listeners what has changed', async () => {
    const { client } = await setUpKeys()
    const changes: (Guest | null)[] = []
    client.onChange((now) => changes.push(now))
    await client.deviceKey.enable()
    expect(changes.at(-1)).toEqual(known)
  })

  it('returns the stored key if the server knows it too, and makes another one if not', async () => {
    const { client, server } = await setUpKeys()
    const first = await client.deviceKey.enable()
    expect((await client.deviceKey.enable()).id).toBe(first.id)
    expect(server.proofs.length).toBe(1)
    server.keys.clear()
    expect((await client.deviceKey.enable()).id).not.toBe(first.id)
  })

  it('replaces the key of another guest only with replace', async () => {
    const { client, server, db } = await setUpKeys()
    await client.deviceKey.enable()
    const before = [...db.kept.values()]
    server.here = 'b'
    expect(await codeOf(client.deviceKey.enable())).toBe('would_leave_guest')
    expect([...db.kept.values()]).toEqual(before)
    await client.deviceKey.enable({ replace: true })
    expect([...db.kept.values()]).toMatchObject([{ anonymousId: 'b' }])
  })

  it.each<[string, () => void]>([
    ['there is no IndexedDB', () => vi.stubGlobal('indexedDB', undefined)],
    [
      'IndexedDB may not be opened',
      () => {
        const open = () => {
          throw new DOMException('no', 'SecurityError')
        }
        vi.stubGlobal('indexedDB', { open })
      },
    ],
  ])('rejects with storage if %s, and registers nothing with the server', async (_, prepare) => {
    const { client, changing } = await setUpKeys()
    prepare()
    expect(await codeOf(client.deviceKey.enable())).toBe('storage')
    expect(changing()).toEqual([])
    expect(await client.deviceKey.isEnabled()).toBe(false)
  })

  it('rejects with storage if the browser cannot store keys', async () => {
    const { client, db, changing } = await setUpKeys()
    db.failPut = new DOMException('no', 'DataCloneError')
    expect(await codeOf(client.deviceKey.enable())).toBe('storage')
    expect(changing()).toEqual([])
  })

  it('rejects with not_allowed_here outside of secure contexts', async () => {
    const { client } = await setUpKeys()
    vi.stubGlobal('crypto', {})
    expect(await codeOf(client.deviceKey.enable())).toBe('not_allowed_here')
  })

  it('puts back what was stored if the server refuses the key', async () => {
    const { client, server, db } = await setUpKeys()
    server.answer = (door) =>
      door === 'POST /device-keys' ? problem(409, 'too_many_device_keys') : undefined
    expect(await codeOf(client.deviceKey.enable())).toBe('too_many_device_keys')
    expect(db.kept.size).toBe(0)
  })

  it('sends the same proof again if the answer is lost, and keeps the key if all three answers are', async () => {
    const { client, server, doors } = await setUpKeys()
    server.answer = (door) => (door === 'POST /device-keys' ? 'cut' : undefined)
    expect(await codeOf(client.deviceKey.enable())).toBe('network')
    const bodies = doors.asked.filter(({ door }) => door === 'POST /device-keys').map(({ body }) => body)
    expect(bodies.length).toBe(3)
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect(await client.deviceKey.isEnabled()).toBe(true)
  })

  it('asks for a new challenge after a step-up, in the session that it began', async () => {
    plugInAuthenticator()
    const { client, server, changing } = await setUpKeys()
    let proven = false
    server.answer = (door) => {
      if (door === 'GET /userinfo') return ok({ ...known, recoverability: 'synced' })
      if (door === 'POST /device-keys/challenge' && !proven) return stepUp
      if (door === 'POST /passkeys/authenticate/options') return ok({ challenge: 'AA' })
      if (door === 'POST /passkeys/authenticate') proven = true
      return undefined
    }
    await client.deviceKey.enable()
    expect(changing()).toEqual([
      'POST /device-keys/challenge',
      'POST /passkeys/authenticate/options',
      'POST /passkeys/authenticate',
      'POST /device-keys/challenge',
      'POST /device-keys',
    ])
  })
})

describe('the key of this browser, after a first passkey or login ID has revoked it,', () => {
  const create = {
    id: 'p',
    rawId: new ArrayBuffer(1),
    type: 'public-key',
    response: { clientDataJSON: new ArrayBuffer(1), attestationObject: new ArrayBuffer(1) },
    getClientExtensionResults: () => ({}),
  }
  const gains: Record<string, (client: GuestClient) => Promise<unknown>> = {
    'passkeys.add': (client) => client.passkeys.add(),
    'promotion.verify': (client) => client.promotion.verify({ transaction: 't', code: '123456' }),
  }

  /** A service that revokes all keys at a first passkey or login ID. */
  async function setUpGain() {
    const authenticator = plugInAuthenticator()
    authenticator.prompt = async () => create
    const set = await setUpKeys()
    const first = await set.client.deviceKey.enable({ name: 'Kitchen' })
    set.server.answer = (door) => {
      if (door === 'POST /passkeys/register/options')
        return ok({ challenge: 'AA', rp: { name: 'r' }, user: { id: 'AA', name: 'a' }, pubKeyCredParams: [] })
      if (/register$|verify$/.test(door)) set.server.keys.clear()
      return undefined
    }
    return { ...set, authenticator, first }
  }

  it.each(Object.entries(gains))(
    'is made anew by %s, with its name and without a further prompt',
    async (_, gain) => {
      const { client, server, db, authenticator, first } = await setUpGain()
      await gain(client)
      expect([...server.keys.keys()]).toEqual([(await client.deviceKey.held())?.id])
      expect(server.keys.has(first.id)).toBe(false)
      expect(authenticator.prompts).toBeLessThan(2)
      expect([...db.kept.values()]).toMatchObject([{ anonymousId: 'a', name: 'Kitchen', mayResume: true }])
      server.here = null
      expect((await client.signInAnonymously()).sub).toBe('a')
    },
  )

  it.each(Object.entries(gains))(
    'is not made anew by %s if there was none, or only that of another guest',
    async (_, gain) => {
      const { client, server, doors } = await setUpGain()
      server.here = 'b'
      server.keys.clear()
      await client.promotion.verify({ transaction: 't', code: '123456' })
      expect((await client.deviceKey.held())?.anonymous_id).toBe('a')
      await client.deviceKey.disable({ force: true }).catch(() => {})
      await gain(client)
      expect(server.keys.size).toBe(0)
      expect(doors.doors()).not.toContain('POST /passkeys/authenticate/options')
    },
  )

  it.each([problem(401, 'insufficient_user_authentication'), problem(409, 'too_many_device_keys')])(
    'is deleted without an error or a prompt if the server refuses a new one',
    async (refusal) => {
      const { client, server, db, authenticator } = await setUpGain()
      const answer = server.answer
      server.answer = (door) => (door === 'POST /device-keys' ? refusal : answer?.(door))
      await client.promotion.verify({ transaction: 't', code: '123456' })
      expect(authenticator.prompts).toBe(0)
      expect(db.kept.size).toBe(0)
    },
  )
})

describe('signInAnonymously, with a device key', () => {
  it('brings the guest back when the session is gone, with a proof as the protocol says', async () => {
    const { client, server, db, changing } = await setUpGone()
    expect((await client.signInAnonymously()).sub).toBe('a')
    expect(changing()).toEqual(['POST /sign-in', 'POST /device-keys/challenge', 'POST /device-keys/sign-in'])
    const [{ id, key }] = [...db.kept.values()] as [{ id: string; key: CryptoKeyPair }]
    const jwk = await crypto.subtle.exportKey('jwk', key.publicKey)
    const { payload, protectedHeader } = await jwtVerify(
      server.proofs.at(-1)!,
      await importJWK(jwk, 'ES256'),
      {
        currentDate: new Date(now * 1000),
      },
    )
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'device-key-assertion+jwt', kid: id })
    expect(payload).toEqual({
      ...{ iss: 'a', sub: 'a', aud: issuer },
      ...{ iat: now, exp: now + 300, nonce: 'challenge to sign_in' },
    })
  })

  it('asks for no proof if somebody is signed in', async () => {
    const { client, server, doors } = await setUpGone()
    server.here = 'a'
    expect((await client.signInAnonymously()).sub).toBe('a')
    expect(doors.asked).toEqual([{ door: 'POST /sign-in', body: { lookup_only: true } }])
  })

  it('signs in once for four callers in three tabs', async () => {
    const { client, open, server } = await setUpGone()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    server.answer = async (door) => {
      if (door === 'POST /device-keys/sign-in') await held
      return undefined
    }
    const asked = [client, client, open(), open()].map((tab) => tab.signInAnonymously())
    await waitingForLock(2)
    release()
    expect((await Promise.all(asked)).map(({ sub }) => sub)).toEqual(['a', 'a', 'a', 'a'])
    // The first one is the registration.
    expect(server.proofs.length).toBe(2)
  })

  it.each<[string, string, Answer, string]>([
    ['the connection breaks', 'POST /device-keys/sign-in', 'cut', 'network'],
    ['the answer breaks off', 'POST /device-keys/sign-in', 'cut in the middle', 'network'],
    ['the server fails', 'POST /device-keys/sign-in', problem(500, 'internal_error'), 'internal_error'],
    ['the store is busy', 'POST /device-keys/sign-in', problem(503, 'unavailable'), 'unavailable'],
    [
      'there is a captive portal',
      'POST /device-keys/sign-in',
      { status: 200, body: '<h1>Hi</h1>' },
      'server_error',
    ],
    [
      'there were too many requests',
      'POST /device-keys/sign-in',
      problem(429, 'too_many_requests'),
      'too_many_requests',
    ],
    ['no challenge arrives', 'POST /device-keys/challenge', 'cut', 'network'],
    ['the server cannot say who is signed in', 'POST /sign-in', problem(502, 'whatever'), 'server_error'],
  ])('makes no new guest and keeps the key if %s', async (_, failing, answer, code) => {
    const { client, server, doors } = await setUpGone()
    server.answer = (door) => (door === failing ? answer : undefined)
    expect(await codeOf(client.signInAnonymously())).toBe(code)
    expect(server.guests).toBe(0)
    expect(
      doors.asked.filter(
        ({ door, body }) => door === 'POST /sign-in' && !('lookup_only' in (body as object)),
      ),
    ).toEqual([])
    server.answer = undefined
    expect((await client.signInAnonymously()).sub).toBe('a')
  })

  it('deletes a key that was refused for two challenges, and makes a new guest', async () => {
    const { client, server, changing, db } = await setUpGone()
    server.keys.clear()
    expect((await client.signInAnonymously()).sub).toBe('new-1')
    expect(changing()).toEqual([
      'POST /sign-in',
      ...['POST /device-keys/challenge', 'POST /device-keys/sign-in'],
      ...['POST /device-keys/challenge', 'POST /device-keys/sign-in'],
      'POST /sign-in',
    ])
    expect(db.kept.size).toBe(0)
    expect(await client.deviceKey.isEnabled()).toBe(false)
  })

  it('keeps the key if the browser repeats a request and the second one is refused', async () => {
    const { client, server } = await setUpGone()
    let refusals = 1
    server.answer = (door) =>
      door === 'POST /device-keys/sign-in' && refusals-- > 0 ? problem(401, 'device_key_refused') : undefined
    expect((await client.signInAnonymously()).sub).toBe('a')
    expect(await client.deviceKey.isEnabled()).toBe(true)
  })

  it('asks three times if the answer says nothing about the key, keeps it and makes no new guest', async () => {
    const { client, server, changing } = await setUpGone()
    server.answer = (door) =>
      door === 'POST /device-keys/sign-in' ? problem(400, 'device_key_invalid') : undefined
    expect(await codeOf(client.signInAnonymously())).toBe('device_key_invalid')
    expect(changing()).toEqual([
      'POST /sign-in',
      ...['POST /device-keys/challenge', 'POST /device-keys/sign-in'],
      ...['POST /device-keys/challenge', 'POST /device-keys/sign-in'],
      ...['POST /device-keys/challenge', 'POST /device-keys/sign-in'],
    ])
    expect(server.guests).toBe(0)
    expect(await codeOf(client.deviceKey.signIn())).toBe('device_key_invalid')
    server.answer = undefined
    expect((await client.signInAnonymously()).sub).toBe('a')
  })

  it.each<[string, string[], string, boolean]>([
    ['comes back', ['invalid', 'invalid'], 'a', true],
    ['comes back', ['refused', 'invalid'], 'a', true],
    ['comes back', ['invalid', 'refused'], 'a', true],
    ['is not known yet', ['invalid', 'invalid', 'refused'], 'device_key_invalid', true],
    ['is not known yet', ['invalid', 'refused', 'invalid'], 'device_key_invalid', true],
    ['is not known without a connection', ['refused', 'cut'], 'network', true],
    ['is not known without a connection', ['refused', 'invalid', 'cut'], 'network', true],
    ['is a new one', ['refused', 'refused'], 'new-1', false],
    ['is a new one', ['refused', 'invalid', 'refused'], 'new-1', false],
    ['is a new one', ['invalid', 'refused', 'refused'], 'new-1', false],
  ])('the guest %s after the answers %j of nodes that disagree', async (_, said, expected, isKept) => {
    const { client, server } = await setUpGone()
    const answers: Answer[] = said.map((one) =>
      one === 'cut' ? one : problem(one === 'refused' ? 401 : 400, `device_key_${one}`),
    )
    server.answer = (door) => (door === 'POST /device-keys/sign-in' ? answers.shift() : undefined)
    const outcome = await client.signInAnonymously().then(
      ({ sub }) => sub,
      ({ code }) => code,
    )
    expect(outcome).toBe(expected)
    expect(await client.deviceKey.isEnabled()).toBe(isKept)
  })

  it('works after the service has moved to another issuer', async () => {
    const { client, server } = await setUpGone()
    server.issuer = 'https://moved.example'
    expect((await client.signInAnonymously()).sub).toBe('a')
    expect(decodeJwt(server.proofs.at(-1)!).aud).toBe('https://moved.example')
  })

  describe('for a guest who was merged into another account,', () => {
    const merged = (door: string) =>
      door === 'POST /device-keys/sign-in' ? problem(401, 'guest_merged') : undefined

    it('makes a new guest; the key stays, and is not used unasked', async () => {
      const { client, server, changing } = await setUpGone()
      server.answer = merged
      expect((await client.signInAnonymously()).sub).toBe('new-1')
      expect(changing()).toEqual([
        ...['POST /sign-in', 'POST /device-keys/challenge', 'POST /device-keys/sign-in'],
        'POST /sign-in',
      ])
      expect(await client.deviceKey.held()).toMatchObject({ anonymous_id: 'a', may_resume: false })
      server.here = null
      server.answer = undefined
      expect((await client.signInAnonymously()).sub).toBe('new-2')
      expect(await codeOf(client.deviceKey.enable())).toBe('would_leave_guest')
    })

    it('does not use the key unasked later, even if the new guest could not be made', async () => {
      const { client, server } = await setUpGone()
      let signIns = 0
      server.answer = (door) => (door === 'POST /sign-in' && ++signIns === 2 ? 'cut' : merged(door))
      expect(await codeOf(client.signInAnonymously())).toBe('network')
      expect(await client.deviceKey.held()).toMatchObject({ anonymous_id: 'a', may_resume: false })
    })

    it('lets deviceKey.signIn reject with guest_merged until the merge is undone', async () => {
      const { client, server } = await setUpGone()
      server.answer = merged
      expect(await codeOf(client.deviceKey.signIn())).toBe('guest_merged')
      expect(await client.deviceKey.held()).toMatchObject({ anonymous_id: 'a', may_resume: false })
      server.answer = undefined
      expect((await client.deviceKey.signIn()).sub).toBe('a')
      server.here = null
      expect((await client.signInAnonymously()).sub).toBe('a')
      expect(server.guests).toBe(0)
    })

    it('does not sign out somebody else who is signed in', async () => {
      const { client, server } = await setUpGone()
      await client.codeSignIn.verify({ transaction: 't', code: '1' })
      const changes: (Guest | null)[] = []
      client.onChange((now) => changes.push(now))
      server.answer = merged
      expect(await codeOf(client.deviceKey.signIn())).toBe('guest_merged')
      expect(changes.at(-1)?.sub).toBe('b')
    })
  })

  it('rejects with collection_mismatch if the guest of the key belongs to another collection', async () => {
    const { client } = await setUpGone()
    expect(await codeOf(client.signInAnonymously({ collection: 'visitors' }))).toBe('collection_mismatch')
  })

  it.each(['session_invalid', 'guest_merged', 'not_signed_in'])(
    'uses the key if the session has ended: %s',
    async (code) => {
      const { client, server } = await setUpGone()
      server.answer = (door) => (door === 'POST /sign-in' ? problem(401, code) : undefined)
      expect((await client.signInAnonymously()).sub).toBe('a')
    },
  )

  it('does not use the key after a sign-out, until the page asks for it', async () => {
    const { client, server, open } = await setUpGone()
    server.here = 'a'
    await client.signOut()
    expect((await open().signInAnonymously()).sub).toBe('new-1')
    server.here = null
    expect((await open().deviceKey.signIn()).sub).toBe('a')
    server.here = null
    expect((await client.signInAnonymously()).sub).toBe('a')
  })

  it('held() names the guest of the key, and whether that guest may come back unasked', async () => {
    const { client, db, server } = await setUpKeys()
    expect(await client.deviceKey.held()).toBeNull()
    const { id } = await client.deviceKey.enable()
    expect(await client.deviceKey.held()).toEqual({ id, anonymous_id: 'a', may_resume: true })
    const { anonymousId, mayResume } = (await client.deviceKey.held())! // as 0.5 called them
    expect([anonymousId, mayResume]).toEqual(['a', true])
    expect([...db.kept.values()]).toHaveLength(1)
    await client.signOut()
    expect(server.here).toBeNull()
    expect(await client.deviceKey.held()).toEqual({ id, anonymous_id: 'a', may_resume: false })
  })

  it('does not use the key after somebody else has signed in', async () => {
    const { client, server } = await setUpGone()
    await client.codeSignIn.verify({ transaction: 't', code: '1' })
    server.here = null
    expect((await client.signInAnonymously()).sub).toBe('new-1')
    expect(await client.deviceKey.isEnabled()).toBe(true)
  })

  it('the key is deleted when the account is erased', async () => {
    const { client, server, db } = await setUpGone()
    server.here = 'a'
    await client.account.delete()
    expect(db.kept.size).toBe(0)
  })

  it('makes no new guest if the store fails in a browser that had a key', async () => {
    const { client, db, server } = await setUpGone()
    db.fail = new DOMException('lost', 'UnknownError')
    expect(await codeOf(client.signInAnonymously())).toBe('storage')
    expect(server.guests).toBe(0)
  })

  it('makes a new guest if the store fails in a browser that never had a key', async () => {
    const { client, db, server } = await setUpKeys()
    server.here = null
    db.fail = new DOMException('broken', 'UnknownError')
    expect((await client.signInAnonymously()).sub).toBe('new-1')
  })

  it('takes the tokens of the guest in token mode', async () => {
    const { client, server, doors } = await setUpGone({ mode: 'token', options: { clientId: 'spa' } })
    server.answer = (door) => (door === 'POST /token' ? problem(400, 'invalid_grant') : undefined)
    const again = await client.signInAnonymously()
    expect(again.sub).toBe('a')
    expect(doors.asked.find(({ door }) => door === 'POST /device-keys/sign-in')?.body).toMatchObject({
      client_id: 'spa',
    })
    expect(await client.accessToken()).toMatch(/^access-key-/)
  })
})

describe('deviceKey.signIn', () => {
  it('rejects with no_device_key if there is none', async () => {
    const { client, doors } = await setUpKeys()
    expect(await codeOf(client.deviceKey.signIn())).toBe('no_device_key')
    expect(doors.asked).toEqual([])
  })

  it('rejects with device_key_refused if the key is refused, and deletes it', async () => {
    const { client, server } = await setUpGone()
    server.keys.clear()
    expect(await codeOf(client.deviceKey.signIn())).toBe('device_key_refused')
    expect(await client.deviceKey.isEnabled()).toBe(false)
  })

  it('works in token mode too, when there are no tokens left', async () => {
    const { client, server } = await setUpGone({ mode: 'token', options: { clientId: 'spa' } })
    server.here = 'a'
    await client.signOut()
    expect((await client.deviceKey.signIn()).sub).toBe('a')
    expect(await client.accessToken()).toMatch(/^access-key-/)
  })

  it('signs in once for two tabs', async () => {
    const { client, open, server } = await setUpGone()
    const guests = await Promise.all([client.deviceKey.signIn(), open().deviceKey.signIn()])
    expect(guests.map(({ sub }) => sub)).toEqual(['a', 'a'])
    expect(server.proofs.length).toBe(2)
  })
})

describe("replacing another guest's key", () => {
  /** A browser with the key of guest `a`. Guest `b` has asked for one instead, and the answer was lost. */
  async function setUpReplacing({ arrives = false } = {}) {
    const set = await setUpKeys()
    const { client, server } = set
    const { id } = await client.deviceKey.enable()
    await client.codeSignIn.verify({ transaction: 't', code: '1' })
    server.answer = async (door) => {
      if (door !== 'POST /device-keys') return undefined
      const { proof } = set.doors.asked.at(-1)!.body as { proof: string }
      if (arrives) server.keys.set(await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk!), 'b')
      return 'cut'
    }
    expect(await codeOf(client.deviceKey.enable({ replace: true }))).toBe('network')
    server.answer = undefined
    return { ...set, id }
  }

  it('leaves the old key if the server has not accepted the new one', async () => {
    const { client, server, id } = await setUpReplacing()
    server.here = null
    expect((await client.deviceKey.signIn()).sub).toBe('a')
    expect(await client.deviceKey.held()).toEqual({ id, anonymous_id: 'a', may_resume: true })
  })

  it('leaves the new key if the server has accepted it', async () => {
    const { client, server, db } = await setUpReplacing({ arrives: true })
    server.here = null
    expect((await client.signInAnonymously()).sub).toBe('b')
    expect([...db.kept.values()]).toMatchObject([{ anonymousId: 'b', before: undefined }])
  })

  it('does not bring back the guest of the old key unasked', async () => {
    const { client, server } = await setUpReplacing()
    server.here = null
    expect((await client.signInAnonymously()).sub).toBe('new-1')
    server.here = null
    expect((await client.deviceKey.signIn()).sub).toBe('a')
  })

  it.each([true, false])('can be asked for again (first request arrived: %j)', async (arrives) => {
    const { client, server, db } = await setUpReplacing({ arrives })
    server.answer = (door) =>
      door === 'POST /device-keys' ? problem(409, 'too_many_device_keys') : undefined
    expect(await codeOf(client.deviceKey.enable())).toBe(arrives ? 'no error' : 'too_many_device_keys')
    expect(await client.deviceKey.held()).toMatchObject({ anonymous_id: arrives ? 'b' : 'a' })
    server.answer = undefined
    await client.deviceKey.enable({ replace: true })
    expect([...db.kept.values()]).toMatchObject([{ anonymousId: 'b', before: undefined }])
  })

  it.each<[string, (set: Awaited<ReturnType<typeof setUpReplacing>>) => Promise<unknown>]>([
    ['is disabled', ({ client }) => client.deviceKey.disable()],
    ['goes with its erased account', ({ client }) => client.account.delete()],
  ])('leaves the old key if the new one %s', async (_, end) => {
    const set = await setUpReplacing()
    await end(set)
    expect(await set.client.deviceKey.held()).toMatchObject({ id: set.id, anonymous_id: 'a' })
  })
})

describe('deviceKey.disable', () => {
  it('revokes the key, then deletes it', async () => {
    const { client, server, db } = await setUpKeys()
    await client.deviceKey.enable()
    await client.deviceKey.disable({ force: true })
    expect([server.keys.size, db.kept.size]).toEqual([0, 0])
    await client.deviceKey.disable()
  })

  it.each<[string, Answer, string]>([
    ['it is the only way back', problem(409, 'would_lose_account'), 'would_lose_account'],
    ['the server is out of reach', 'cut', 'network'],
  ])('keeps the key if %s', async (_, answer, code) => {
    const { client, server } = await setUpKeys()
    await client.deviceKey.enable()
    server.answer = (door) => (door.startsWith('DELETE') ? answer : undefined)
    expect(await codeOf(client.deviceKey.disable())).toBe(code)
    expect(await client.deviceKey.isEnabled()).toBe(true)
  })

  it('deletes a key that was revoked elsewhere; the key of another guest only with force', async () => {
    const { client, server } = await setUpKeys()
    await client.deviceKey.enable()
    server.keys.clear()
    await client.codeSignIn.verify({ transaction: 't', code: '1' })
    expect(await codeOf(client.deviceKey.disable())).toBe('not_found')
    await client.deviceKey.disable({ force: true })
    expect(await client.deviceKey.isEnabled()).toBe(false)
  })
})

describe('deviceKeys', () => {
  it('lists, renames and revokes keys, and deletes a revoked one that this browser holds', async () => {
    const { client, doors, db } = await setUpKeys()
    const { id } = await client.deviceKey.enable()
    expect(await client.deviceKeys.list()).toEqual([{ id }])
    await client.deviceKeys.rename('a/b', 'Kitchen')
    expect(doors.asked.at(-1)).toEqual({ door: 'PATCH /device-keys/a%2Fb', body: { name: 'Kitchen' } })
    expect(await codeOf(client.deviceKeys.remove('another'))).toBe('not_found')
    expect(db.kept.size).toBe(1)
    await client.deviceKeys.remove(id, { force: true })
    expect(doors.doors()).toContain(`DELETE /device-keys/${id}?force=true`)
    expect(db.kept.size).toBe(0)
  })
})

it('the proof of a registration and that of a sign-in have different types', async () => {
  const { client, server } = await setUpGone()
  await client.signInAnonymously()
  expect(server.proofs.map((proof) => [decodeProtectedHeader(proof).typ, decodeJwt(proof).iss])).toEqual([
    ['device-key-registration+jwt', undefined],
    ['device-key-assertion+jwt', 'a'],
  ])
})
