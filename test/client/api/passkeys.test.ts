import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { GuestClientOptions } from '../../../client/index.ts'
import { closed, codeOf, plugInAuthenticator, setUp } from '../../support/client/clients.ts'
import { type Answer, guest, ok, problem, tokens } from '../../support/client/fake-server.ts'
import { plugInIndexedDb } from '../../support/client/indexed-db.ts'

const saved = guest('saved', { recoverability: 'synced' })

/** A browser with these capabilities, and a service in which nobody is signed in yet. */
async function setUpBrowser(capabilities: object | undefined, options: GuestClientOptions = {}) {
  const authenticator = plugInAuthenticator()
  const asked: (CredentialRequestOptions & CredentialCreationOptions & { uiMode?: string })[] = []
  const ceremony = async (options: object) => {
    asked.push(options)
    return authenticator.prompt()
  }
  Object.defineProperty(navigator, 'credentials', {
    configurable: true,
    value: { get: ceremony, create: ceremony },
  })
  const json = {
    ...authenticator.assertion,
    getClientExtensionResults: undefined,
    clientExtensionResults: {},
  }
  authenticator.prompt = async () => ({
    ...authenticator.assertion,
    response: { ...authenticator.assertion.response, attestationObject: new ArrayBuffer(1) },
    toJSON: () => json,
  })
  Object.assign(globalThis.PublicKeyCredential, {
    ...(capabilities && { getClientCapabilities: async () => capabilities }),
    parseRequestOptionsFromJSON: (options: object) => ({ ...options, parsed: true }),
  })
  const server = {
    here: null as string | null,
    answer: (_door: string, _body: unknown): Answer | undefined => undefined,
  }
  const set = await setUp(async (door, body) => {
    const instead = server.answer(door, body)
    if (instead) return instead
    if (door.endsWith('/options')) return ok({ challenge: 'AA', user: { id: 'AA' }, pubKeyCredParams: [] })
    if (door === 'POST /passkeys/authenticate') {
      server.here = 'saved'
      return ok({ ...saved, ...(options.mode === 'token' && { tokens: tokens('passkey') }) })
    }
    if (door === 'POST /token') {
      server.here = 'new'
      return ok(tokens('new'))
    }
    if (door === 'POST /sign-in' && !server.here) {
      if ((body as { lookup_only?: boolean }).lookup_only) return problem(404, 'no_guest')
      server.here = 'new'
    }
    return server.here
      ? ok(server.here === 'saved' ? saved : guest(server.here))
      : problem(401, 'not_signed_in')
  }, options)
  return { ...set, authenticator, asked, server }
}

const immediateGet = { immediateGet: true }

describe('signInAnonymously, immediately', () => {
  it('offers the passkeys on this device, and signs in with the one that the user picks', async () => {
    const { client, asked, doors } = await setUpBrowser(immediateGet)
    expect((await client.signInAnonymously({ immediate: true })).sub).toBe('saved')
    // Such a request must not have a signal.
    expect(asked).toEqual([{ publicKey: expect.objectContaining({ parsed: true }), uiMode: 'immediate' }])
    expect(doors.doors()).toEqual([
      'POST /sign-in',
      'POST /passkeys/authenticate/options',
      'POST /passkeys/authenticate',
    ])
  })

  it('signs in with a passkey in token mode too', async () => {
    const { client, doors } = await setUpBrowser(immediateGet, { mode: 'token', clientId: 'spa' })
    expect((await client.signInAnonymously({ immediate: true })).sub).toBe('saved')
    expect(await client.accessToken()).toBe('access-passkey')
    expect(doors.doors()).not.toContain('POST /token')
  })

  it('offers nothing if somebody is signed in', async () => {
    const { client, asked, server } = await setUpBrowser(immediateGet)
    server.here = 'a'
    expect((await client.signInAnonymously({ immediate: true })).sub).toBe('a')
    expect(asked).toEqual([])
  })

  it.each<['cookie' | 'token']>([['cookie'], ['token']])(
    'makes a guest if there is no passkey, or the user picks none: %s mode',
    async (mode) => {
      const { client, authenticator } = await setUpBrowser(immediateGet, { mode })
      authenticator.prompt = closed
      expect((await client.signInAnonymously({ immediate: true })).sub).toBe('new')
    },
  )

  it.each<[string, object | undefined]>([
    ['that does not tell its capabilities', undefined],
    ['that does not know the capability', {}],
    ['that says that it cannot', { immediateGet: false }],
  ])('makes a guest in a browser %s, and shows nothing', async (_, capabilities) => {
    const { client, asked, doors } = await setUpBrowser(capabilities)
    expect((await client.signInAnonymously({ immediate: true })).sub).toBe('new')
    expect(asked).toEqual([])
    expect(doors.doors()).toEqual(['POST /sign-in', 'POST /sign-in'])
  })

  it('makes a guest in a browser without passkeys', async () => {
    const { client } = await setUp((_, body) =>
      (body as { lookup_only?: boolean }).lookup_only ? problem(404, 'no_guest') : ok(guest('new')),
    )
    expect((await client.signInAnonymously({ immediate: true })).sub).toBe('new')
  })

  it.each<[string, string, Answer, string]>([
    [
      'the passkey is refused',
      'authenticate',
      problem(401, 'authentication_failed'),
      'authentication_failed',
    ],
    [
      'the guest has too many sessions',
      'authenticate',
      problem(409, 'too_many_sessions'),
      'too_many_sessions',
    ],
    ['the server fails', 'authenticate', problem(500, 'internal_error'), 'internal_error'],
    ['no options arrive', 'authenticate/options', 'cut', 'network'],
    ['the server is busy', 'authenticate/options', problem(503, 'unavailable'), 'unavailable'],
  ])('rejects, and makes no guest, if %s', async (_, door, answer, code) => {
    const { client, server } = await setUpBrowser(immediateGet)
    server.answer = (asked) => (asked === `POST /passkeys/${door}` ? answer : undefined)
    expect(await codeOf(client.signInAnonymously({ immediate: true }))).toBe(code)
    expect(server.here).toBeNull()
  })

  it('does not hold the lock while it waits for the user', async () => {
    const { client, open, authenticator } = await setUpBrowser(immediateGet)
    const { promise: thinking, resolve: decide } = Promise.withResolvers<void>()
    const prompt = authenticator.prompt
    authenticator.prompt = () => thinking.then(prompt)
    const signingIn = client.signInAnonymously({ immediate: true })
    await vi.waitFor(async () => expect((await navigator.locks.query()).held).toEqual([]))
    expect(await open().user()).toBeNull()
    decide()
    expect((await signingIn).sub).toBe('saved')
  })

  it('prefers the key of this browser, which needs no prompt', async () => {
    plugInIndexedDb()
    const { client, asked, server } = await setUpBrowser(immediateGet)
    server.here = 'a'
    server.answer = (door) => {
      if (door === 'POST /device-keys') return ok({ ...guest('a'), device_key: { id: 'k' } })
      if (door.startsWith('GET /.well-known')) return ok({ issuer: 'https://auth.example' })
      if (door === 'POST /device-keys/challenge') return ok({ challenge: 'c', now: 1 })
      return door === 'POST /device-keys/sign-in' ? ok(guest('a')) : undefined
    }
    await client.deviceKey.enable()
    server.here = null
    expect((await client.signInAnonymously({ immediate: true })).sub).toBe('a')
    expect(asked).toEqual([])
  })
})

describe('passkeys.signIn, immediately', () => {
  it('rejects with cancelled if there are none', async () => {
    const { client, authenticator } = await setUpBrowser(immediateGet)
    authenticator.prompt = closed
    expect(await codeOf(client.passkeys.signIn({ immediate: true }))).toBe('cancelled')
  })

  it('rejects with unsupported if the browser cannot do this, and shows no other dialog', async () => {
    const { client, asked, doors } = await setUpBrowser({})
    expect(await codeOf(client.passkeys.signIn({ immediate: true }))).toBe('unsupported')
    expect([asked, doors.asked]).toEqual([[], []])
  })

  it('interrupts autofill, which goes on after this has failed', async () => {
    const { client, authenticator, asked } = await setUpBrowser(immediateGet)
    Object.assign(globalThis.PublicKeyCredential, { isConditionalMediationAvailable: async () => true })
    vi.stubGlobal('document', { querySelectorAll: () => [], removeEventListener() {} })
    onTestFinished(() => void vi.unstubAllGlobals())
    const order: string[] = []
    authenticator.prompt = () => {
      const { mediation, signal } = asked.at(-1)!
      order.push(mediation ?? 'immediate')
      if (!signal) return closed()
      return new Promise((_, reject) => {
        signal.onabort = () => {
          order.push('ended')
          reject(signal.reason)
        }
      })
    }
    const autofill = client.passkeys.signIn({ autofill: true })
    await vi.waitFor(() => expect(order).toEqual(['conditional']))
    expect(await codeOf(client.passkeys.signIn({ immediate: true }))).toBe('cancelled')
    await vi.waitFor(() => expect(order).toEqual(['conditional', 'ended', 'immediate', 'conditional']))
    client.close()
    expect(await codeOf(autofill)).toBe('aborted')
  })
})

describe('passkeys.add, conditionally', () => {
  const conditionalCreate = { conditionalCreate: true }

  it('lets the browser make a passkey by itself', async () => {
    const { client, asked, doors, server } = await setUpBrowser(conditionalCreate)
    server.here = 'saved'
    expect((await client.passkeys.add({ conditional: true }))?.sub).toBe('saved')
    expect(asked).toMatchObject([{ mediation: 'conditional' }])
    expect(doors.asked[0]).toEqual({ door: 'POST /passkeys/register/options', body: { conditional: true } })
  })

  it.each([undefined, {}, { conditionalCreate: false }])(
    'resolves to null, and asks nothing, in a browser that cannot: %j',
    async (capabilities) => {
      const { client, asked, doors } = await setUpBrowser(capabilities)
      expect(await client.passkeys.add({ conditional: true })).toBeNull()
      expect([asked, doors.asked]).toEqual([[], []])
    },
  )

  it('resolves to null if the password manager makes none', async () => {
    const { client, authenticator, server } = await setUpBrowser(conditionalCreate)
    server.here = 'saved'
    authenticator.prompt = closed
    expect(await client.passkeys.add({ conditional: true })).toBeNull()
  })

  it('resolves to null, and shows no dialog, if the server asks for a step-up', async () => {
    const { client, asked, server, doors } = await setUpBrowser(conditionalCreate)
    server.answer = () => problem(401, 'insufficient_user_authentication')
    expect(await client.passkeys.add({ conditional: true })).toBeNull()
    expect([asked, doors.asked.length]).toEqual([[], 1])
  })
})

describe('passkeys.add', () => {
  it('shows a dialog, and asks for a passkey that can keep secrets', async () => {
    const { client, asked, server, doors } = await setUpBrowser({})
    server.here = 'saved'
    await client.passkeys.add()
    expect(asked[0]).not.toHaveProperty('mediation')
    expect(asked[0]?.publicKey?.extensions).toEqual({ prf: {} })
    expect(doors.asked[0]?.body).toEqual({})
  })
})

it('hints go to the browser, and not to the server', async () => {
  const { client, asked, doors, server } = await setUpBrowser({})
  await client.passkeys.signIn({ hints: ['hybrid'] })
  server.here = 'saved'
  await client.passkeys.add({ hints: ['client-device'] })
  expect(asked.map(({ publicKey }) => (publicKey as { hints?: string[] }).hints)).toEqual([
    ['hybrid'],
    ['client-device'],
  ])
  expect(JSON.stringify(doors.asked)).not.toContain('hints')
})

it('a sign-in with a passkey of another device tells listeners to offer one on this device', async () => {
  const { client, server } = await setUpBrowser({})
  server.answer = (door) =>
    door === 'POST /passkeys/authenticate' ? ok({ ...saved, offer_passkey: true }) : undefined
  const [offered, changed] = [vi.fn(), vi.fn()]
  client.on('passkey.offered', offered)
  client.onChange(changed)
  await client.passkeys.signIn()
  await vi.waitFor(() => expect(offered.mock.calls).toEqual([[{ ...saved, offer_passkey: true }]]))
  expect(changed.mock.calls).toEqual([[saved]])
  client.close()
  await client.passkeys.signIn()
  expect(offered).toHaveBeenCalledTimes(1)
})
