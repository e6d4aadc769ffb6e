import { describe, expect, it, vi } from 'vitest'
import { createGuestClient, type Guest, type GuestClientError } from '../../client/index.ts'
import { codeOf, requestsUnderWay, setUp, waitingForLock } from '../support/client/clients.ts'
import { type Answer, guest, inTurn, ok, problem } from '../support/client/fake-server.ts'
import { eventually } from '../support/eventually.ts'

/** Endpoints that hold their answers until `release()`. */
async function setUpHeld() {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const set = await setUp(async () => {
    await held
    return ok(guest('a'))
  })
  return { ...set, release }
}

describe('signInAnonymously', () => {
  it('sends one request for 50 callers at once', async () => {
    const { client, doors } = await setUp(() => ok(guest('a')))
    const guests = await Promise.all(Array.from({ length: 50 }, () => client.signInAnonymously()))
    expect(new Set(guests.map(({ sub }) => sub))).toEqual(new Set(['a']))
    expect(doors.asked).toEqual([{ door: 'POST /sign-in', body: {} }])
  })

  it('has one request at a time under way in five tabs', async () => {
    const { doors, open, release } = await setUpHeld()
    const guests = Array.from({ length: 5 }, () => open().signInAnonymously())
    await waitingForLock(4)
    release()
    await Promise.all(guests)
    expect([doors.asked.length, doors.mostOpen()]).toEqual([5, 1])
  })

  it('sends the collection', async () => {
    const { client, doors } = await setUp(() => ok(guest('a')))
    await client.signInAnonymously({ collection: 'visitors' })
    expect(doors.asked[0]?.body).toEqual({ collection: 'visitors' })
  })

  it.each<[string, Answer, string]>([
    ['a connection that breaks', 'cut', 'network'],
    ['an answer that breaks off', 'cut in the middle', 'network'],
    ['a server that is unavailable for a moment', problem(503, 'unavailable'), 'unavailable'],
    ['a proxy with nothing behind it', { status: 502, body: '<h1>Bad Gateway</h1>' }, 'server_error'],
    ['a captive portal', { status: 200, body: '<h1>Welcome to our Wi-Fi</h1>' }, 'server_error'],
    ['a code that this client does not know', problem(418, 'teapot'), 'server_error'],
    ['a code that is the name of a member of every object', problem(400, 'constructor'), 'server_error'],
  ])('rejects, and does not ask again, after %s', async (_, answer, code) => {
    const { client, doors } = await setUp(() => answer)
    expect(await codeOf(client.signInAnonymously())).toBe(code)
    expect(doors.asked.length).toBe(1)
  })

  it.each(['session_invalid', 'guest_merged'])(
    'makes a new guest after the server has ended the old session: %s',
    async (code) => {
      const { client, doors } = await setUp(inTurn(problem(401, code), ok(guest('b'))))
      expect((await client.signInAnonymously()).sub).toBe('b')
      expect(doors.asked.length).toBe(2)
    },
  )

  it('asks only once more after a session has ended', async () => {
    const { client, doors } = await setUp(() => problem(401, 'session_invalid'))
    expect(await codeOf(client.signInAnonymously())).toBe('session_invalid')
    expect(doors.asked.length).toBe(2)
  })

  it('works again after a failure', async () => {
    const { client } = await setUp(inTurn('cut', ok(guest('a'))))
    await client.signInAnonymously().catch(() => {})
    expect((await client.signInAnonymously()).sub).toBe('a')
  })
})

describe('user', () => {
  it.each(['not_signed_in', 'session_invalid', 'guest_merged'])('is null on %s', async (code) => {
    const { client } = await setUp(() => problem(401, code))
    expect(await client.user()).toBeNull()
  })

  it('has the cookie of a session that is over deleted, by a sign-in that makes nobody new', async () => {
    for (const code of ['session_invalid', 'guest_merged']) {
      const { client, doors } = await setUp(() => problem(401, code))
      expect(await client.user()).toBeNull()
      expect(doors.asked).toEqual([
        { door: 'GET /userinfo', body: '' },
        { door: 'POST /sign-in', body: { lookup_only: true } },
      ])
    }
    const { client, doors } = await setUp(() => problem(401, 'not_signed_in'))
    expect(await client.user()).toBeNull()
    expect(doors.doors()).toEqual(['GET /userinfo'])
  })

  it('is whoever has signed in meanwhile if the session of the request is over', async () => {
    const { client } = await setUp((door) =>
      door === 'POST /sign-in' ? ok(guest('b')) : problem(401, 'session_invalid'),
    )
    expect((await client.user())?.sub).toBe('b')
  })

  it('does not wait for a request that sets the cookie for longer than a second or two, and then asks again', async () => {
    const [renamed, read] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let reads = 0
    const { client, doors } = await setUp(async (door) => {
      await (door === 'PATCH /label' ? renamed : reads++ ? undefined : read)?.promise
      return ok(guest('a', { label: door === 'GET /userinfo' && reads < 2 ? 'old' : 'new' }))
    })
    const renaming = client.rename('new')
    await requestsUnderWay(doors, 1)
    const changes: (string | undefined)[] = []
    client.onChange((now) => changes.push(now?.label))
    const reading = client.user()
    await requestsUnderWay(doors, 2)
    renamed.resolve()
    await renaming
    read.resolve()
    expect((await reading)?.label).toBe('new')
    expect(doors.doors()).toEqual(['PATCH /label', 'GET /userinfo', 'GET /userinfo'])
    expect(changes).not.toContain('old')
  })

  it('is null on a dead session even if the cookie cannot be deleted', async () => {
    const { client } = await setUp(inTurn(problem(401, 'session_invalid'), 'cut'))
    expect(await client.user()).toBeNull()
  })

  it('rejects if the server cannot tell, and signs nobody out', async () => {
    const { client } = await setUp(inTurn(ok(guest('a')), 'cut', problem(500, 'internal_error')))
    const changes: (Guest | null)[] = []
    client.onChange((now) => changes.push(now))
    await client.user()
    expect(await codeOf(client.user())).toBe('network')
    expect(await codeOf(client.user())).toBe('internal_error')
    expect(changes).toEqual([guest('a')])
  })

  it('takes a 401 that does not come from the service for an error', async () => {
    const { client } = await setUp(() => ({ status: 401, body: 'proxy password, please' }))
    expect(await codeOf(client.user())).toBe('server_error')
  })

  it('sends one request for three callers at once', async () => {
    const { client, doors } = await setUp(() => ok(guest('a')))
    await Promise.all([client.user(), client.user(), client.user()])
    expect(doors.asked.length).toBe(1)
  })

  it('waits for a request that sets the cookie', async () => {
    const { client, doors, open, release } = await setUpHeld()
    const all = [client.user(), open().signInAnonymously(), open().user(), open().signOut({ force: true })]
    await waitingForLock(3)
    release()
    await Promise.all(all)
    expect([doors.asked.length, doors.mostOpen()]).toEqual([4, 1])
  })
})

describe('on', () => {
  it('refuses an event that there is not, and names those that there are', async () => {
    const { client } = await setUp(() => ok(guest('a')))
    for (const event of ['guest.change', 'constructor', '', undefined])
      expect(() => client.on(event as never, () => {})).toThrow(
        new TypeError(`Unknown event: ${event}. There are guest.changed, prompts.due, passkey.offered`),
      )
    // @ts-expect-error: no such event
    expect(() => client.on('guest.chnaged', () => {})).toThrow(TypeError)
    // @ts-expect-error: a prompt comes before the guest
    client.on('prompts.due', (guest: Guest) => guest.sub)
  })

  it('calls back with guest.changed as onChange does, each listener once for each time it was given', async () => {
    const { client } = await setUp(inTurn(ok(guest('a')), problem(401, 'not_signed_in')))
    const [byName, short] = [vi.fn(), vi.fn()]
    client.on('guest.changed', byName)
    const stop = client.on('guest.changed', byName)
    client.onChange(short)
    await client.user()
    stop()
    await client.user()
    expect(byName.mock.calls).toEqual([[guest('a')], [guest('a')], [null]])
    expect(short.mock.calls).toEqual([[guest('a')], [null]])
  })

  it('calls the other listeners if one throws, and the request goes on', async () => {
    const { client } = await setUp(() => ok(guest('a')))
    const thrown = vi.fn()
    process.once('uncaughtException', thrown)
    const heard = vi.fn()
    client.onChange(() => {
      throw new Error('of the page')
    })
    client.onChange(heard)
    expect((await client.user())?.sub).toBe('a')
    await eventually(() => expect([heard.mock.calls, thrown.mock.calls.length]).toEqual([[[guest('a')]], 1]))
  })
})

describe('onChange', () => {
  it('calls back only after changes; a later expiry of the session is none', async () => {
    const { client } = await setUp(
      inTurn(
        ok(guest('a')),
        ok(guest('a', { expires_at: 2_000_000_060 })),
        ok(guest('a', { recoverability: 'synced' })),
        problem(401, 'not_signed_in'),
      ),
    )
    const changes: (Guest | null)[] = []
    client.onChange((now) => changes.push(now))
    for (let i = 0; i < 5; i++) await client.user()
    expect(changes).toEqual([guest('a'), guest('a', { recoverability: 'synced' }), null])
  })

  it('calls back when another tab signs in or out', async () => {
    let signedIn = false
    const { client, open } = await setUp((door) => {
      if (door === 'POST /sign-in') signedIn = true
      if (door === 'POST /sign-out') signedIn = false
      if (door === 'POST /sign-out') return { status: 204 }
      return signedIn ? ok(guest('a')) : problem(401, 'not_signed_in')
    })
    const heard = vi.fn()
    client.onChange(heard)
    const other = open()
    await other.signInAnonymously()
    await eventually(() => expect(heard).toHaveBeenLastCalledWith(guest('a')))
    await other.signOut()
    await eventually(() => expect(heard).toHaveBeenLastCalledWith(null))
    expect(heard).toHaveBeenCalledTimes(2)
  })

  it('calls back with null when any answer says that the session has ended', async () => {
    const { client } = await setUp((door) =>
      door === 'GET /userinfo' ? ok(guest('a')) : problem(401, 'session_invalid'),
    )
    await client.user()
    const heard = vi.fn()
    client.onChange(heard)
    expect(await codeOf(client.passkeys.list())).toBe('session_invalid')
    await eventually(() => expect(heard.mock.calls).toEqual([[null]]))
  })

  it('stops after unsubscribing, and after close', async () => {
    const { client } = await setUp(() => ok(guest('a')))
    const [left, closed] = [vi.fn(), vi.fn()]
    client.onChange(left)()
    client.onChange(closed)
    client.close()
    await client.user()
    expect(left).not.toHaveBeenCalled()
    expect(closed).not.toHaveBeenCalled()
  })
})

describe('signOut', () => {
  it('rejects if the account would be lost, and goes on with force', async () => {
    const { client, doors } = await setUp((_, body) =>
      (body as { force?: boolean }).force ? { status: 204 } : problem(409, 'would_lose_account'),
    )
    const error = await client.signOut().catch((error: GuestClientError) => error)
    expect(error).toMatchObject({
      name: 'GuestClientError',
      code: 'would_lose_account',
      status: 409,
      message: 'There would be no way back into this account.',
      cause: { detail: 'words for developers' },
    })
    await client.signOut({ force: true, everywhere: true })
    expect(doors.asked.map(({ body }) => body)).toEqual([{}, { everywhere: true, force: true }])
  })

  it('resolves if the session has ended already, but with everywhere it rejects', async () => {
    const { client } = await setUp(() => problem(401, 'session_invalid'))
    await client.signOut()
    expect(await codeOf(client.signOut({ everywhere: true }))).toBe('session_invalid')
  })

  it('rejects if somebody has signed in meanwhile, because that session was not ended', async () => {
    const { client, doors } = await setUp((door) =>
      door === 'POST /sign-out' ? problem(401, 'session_invalid') : ok(guest('b')),
    )
    expect(await codeOf(client.signOut())).toBe('session_invalid')
    expect(doors.asked.map(({ door }) => door)).toEqual(['POST /sign-out', 'GET /userinfo'])
  })
})

describe('passkeys and sessions', () => {
  it('lists, renames and removes passkeys, and escapes their IDs', async () => {
    const { client, doors } = await setUp((door) => {
      if (door === 'GET /passkeys') return ok({ passkeys: [{ id: 'p' }] })
      if (door.startsWith('PATCH')) return ok({ id: 'p', name: 'Key' })
      return door.startsWith('DELETE') ? { status: 204 } : ok(guest('a'))
    })
    expect(await client.passkeys.list()).toEqual([{ id: 'p' }])
    expect(await client.passkeys.rename('a/b?', 'Key')).toEqual({ id: 'p', name: 'Key' })
    await client.passkeys.remove('p')
    await client.passkeys.remove('p', { force: true })
    expect(doors.doors()).toEqual([
      'GET /passkeys',
      'PATCH /passkeys/a%2Fb%3F',
      'DELETE /passkeys/p',
      'GET /userinfo',
      'DELETE /passkeys/p?force=true',
      'GET /userinfo',
    ])
  })

  it('lists and ends sessions, and notices the end of its own', async () => {
    const { client, doors } = await setUp((door) => {
      if (door === 'GET /sessions') return ok({ sessions: [{ id: 's' }] })
      if (door === 'DELETE /sessions') return ok({ ended: 3 })
      return door.startsWith('DELETE') ? { status: 204 } : problem(401, 'not_signed_in')
    })
    const heard = vi.fn()
    client.onChange(heard)
    expect(await client.sessions.list()).toEqual([{ id: 's' }])
    expect(await client.sessions.endOthers()).toBe(3)
    await client.sessions.end('s', { force: true })
    expect(doors.doors()).toContain('DELETE /sessions/s?force=true')
    await eventually(() => expect(heard.mock.calls).toEqual([[null]]))
  })
})

describe('createGuestClient', () => {
  it('sends nothing by itself, and accepts a base URL that ends with a slash', async () => {
    const { doors } = await setUp(() => ok(guest('a')))
    const client = createGuestClient({ baseUrl: `${doors.baseUrl}/` })
    expect(doors.asked).toEqual([])
    await client.user()
    expect(doors.doors()).toEqual(['GET /userinfo'])
  })

  it('throws for an option that it does not know', () => {
    expect(() => createGuestClient({ baseURL: '/guest' } as object)).toThrow('Unknown option: baseURL')
  })

  it('rejects with unsupported if the browser has no passkeys', async () => {
    const { client, doors } = await setUp(() => ok({}))
    expect(client.passkeys.supported()).toBe(false)
    expect(await client.passkeys.autofillSupported()).toBe(false)
    expect(await codeOf(client.passkeys.add())).toBe('unsupported')
    expect(await codeOf(client.passkeys.signIn())).toBe('unsupported')
    expect(await codeOf(client.passkeys.signIn({ autofill: true }))).toBe('unsupported')
    expect(doors.asked).toEqual([])
  })
})
