import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { closed, codeOf, plugInAuthenticator, setUp } from '../../support/client/clients.ts'
import { type Answer, guest, ok, problem } from '../../support/client/fake-server.ts'

const told = {
  ...{ rp_id: 'app.example', user_id: 'dXNlcg', credential_ids: ['p', 'q'] },
  ...{ name: 'amber-fox-42', display_name: 'Amber' },
}
const accepted = { rpId: 'app.example', userId: 'dXNlcg', allAcceptedCredentialIds: ['p', 'q'] }
const details = { rpId: 'app.example', userId: 'dXNlcg', name: 'amber-fox-42', displayName: 'Amber' }

/** A browser with these signals, and doors that answer as a service does unless `answer` says otherwise. */
async function setUpSignals(
  methods: string[] = ['signalAllAcceptedCredentials', 'signalCurrentUserDetails', 'signalUnknownCredential'],
) {
  const authenticator = plugInAuthenticator()
  const signals = methods.map((name) => [name, vi.fn(async (_: object) => {})] as const)
  Object.assign(globalThis.PublicKeyCredential, Object.fromEntries(signals))
  const doorOf = { answer: (_door: string): Answer | Promise<Answer> | undefined => undefined }
  const set = await setUp(async (door) => {
    const instead = await doorOf.answer(door)
    if (instead) return instead
    if (door === 'GET /passkeys/signal') return ok(told)
    if (door === 'POST /passkeys/unknown') return ok({ unknown: true })
    if (door.endsWith('/options'))
      return ok({ challenge: 'AA', rpId: 'app.example', user: { id: 'AA' }, pubKeyCredParams: [] })
    if (door.startsWith('DELETE')) return { status: 204 }
    if (door.startsWith('PATCH /passkeys')) return ok({ id: 'p' })
    return ok(guest('a', { recoverability: 'synced' }))
  })
  return {
    ...set,
    authenticator,
    doorOf,
    signals: Object.fromEntries(signals) as Record<string, ReturnType<typeof vi.fn>>,
  }
}

/** Long enough for what nobody waits for. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))

describe('authenticators hear which passkeys there are, and of whom,', () => {
  type Client = Awaited<ReturnType<typeof setUpSignals>>['client']
  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['after a sign-in', (client) => client.passkeys.signIn()],
    ['after a passkey was removed', (client) => client.passkeys.remove('r')],
    ['after a passkey was renamed', (client) => client.passkeys.rename('p', 'Key')],
    ['after the guest was renamed', (client) => client.rename('Amber')],
  ])('%s', async (_, act) => {
    const { client, signals } = await setUpSignals()
    await act(client)
    await vi.waitFor(() => expect(signals.signalCurrentUserDetails!.mock.calls).toEqual([[details]]))
    expect(signals.signalAllAcceptedCredentials!.mock.calls).toEqual([[accepted]])
    expect(signals.signalUnknownCredential).not.toHaveBeenCalled()
  })

  it('after a passkey was added', async () => {
    const { client, signals, authenticator } = await setUpSignals()
    authenticator.prompt = async () => ({
      ...{ id: 'q', rawId: new ArrayBuffer(1), type: 'public-key' },
      response: { attestationObject: new ArrayBuffer(1), clientDataJSON: new ArrayBuffer(1) },
      getClientExtensionResults: () => ({}),
    })
    await client.passkeys.add()
    await vi.waitFor(() => expect(signals.signalAllAcceptedCredentials!.mock.calls).toEqual([[accepted]]))
  })

  it('where the browser has one of the signals only', async () => {
    const { client, signals } = await setUpSignals(['signalCurrentUserDetails'])
    await client.passkeys.signIn()
    await vi.waitFor(() => expect(signals.signalCurrentUserDetails!.mock.calls).toEqual([[details]]))
  })

  it('but not where the browser has none: nothing is asked then', async () => {
    const { client, doors } = await setUpSignals([])
    await client.passkeys.signIn()
    await client.rename('Amber')
    await settled()
    expect(doors.doors()).not.toContain('GET /passkeys/signal')
  })

  it('but not of a list that may be older than the newest passkey', async () => {
    const { client, signals, doorOf, authenticator, doors } = await setUpSignals()
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>()
    doorOf.answer = (door) => (door === 'GET /passkeys/signal' ? (held as Promise<never>) : undefined)
    await client.rename('Amber')
    await vi.waitFor(() => expect(doors.doors()).toContain('GET /passkeys/signal'))
    // A dialog, which may make a passkey that is not on that list.
    authenticator.prompt = closed
    await client.passkeys.add().catch(() => {})
    release(undefined)
    await settled()
    expect(signals.signalAllAcceptedCredentials).not.toHaveBeenCalled()
  })

  it('and not while a dialog is open', async () => {
    const { client, signals, authenticator } = await setUpSignals()
    const { promise: held, resolve: close } = Promise.withResolvers<void>()
    authenticator.prompt = () => held.then(closed)
    const adding = client.passkeys.add().catch(() => {})
    await vi.waitFor(() => expect(authenticator.prompts).toBe(1))
    await client.rename('Amber')
    await settled()
    expect(signals.signalAllAcceptedCredentials).not.toHaveBeenCalled()
    close()
    await adding
  })

  it.each<[string, Answer]>([
    ['the server is out of reach', 'cut'],
    ['the server refuses', problem(500, 'internal_error')],
  ])('and it is nobody’s concern where %s', async (_, answer) => {
    const { client, doorOf } = await setUpSignals()
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    doorOf.answer = (door) => (door === 'GET /passkeys/signal' ? answer : undefined)
    expect((await client.passkeys.signIn()).sub).toBe('a')
    await settled()
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('and it is nobody’s concern where the browser refuses', async () => {
    const { client, signals } = await setUpSignals()
    signals.signalAllAcceptedCredentials!.mockRejectedValue(new DOMException('no', 'SecurityError'))
    expect((await client.passkeys.signIn()).sub).toBe('a')
    await vi.waitFor(() => expect(signals.signalAllAcceptedCredentials).toHaveBeenCalled())
    await settled()
  })
})

describe('an authenticator is told that a passkey is not known', () => {
  const refuse = (unknown: Answer) => (door: string) => {
    if (door === 'POST /passkeys/authenticate') return problem(401, 'authentication_failed')
    return door === 'POST /passkeys/unknown' ? unknown : undefined
  }

  it('where the server says so of the proof that it refused', async () => {
    const { client, signals, doorOf, doors } = await setUpSignals()
    doorOf.answer = refuse(ok({ unknown: true }))
    expect(await codeOf(client.passkeys.signIn())).toBe('authentication_failed')
    await vi.waitFor(() =>
      expect(signals.signalUnknownCredential!.mock.calls).toEqual([
        [{ rpId: 'app.example', credentialId: 'p' }],
      ]),
    )
    const [refused, looked] = doors.asked.slice(-2)
    expect(looked).toEqual({ door: 'POST /passkeys/unknown', body: refused?.body })
    expect(signals.signalAllAcceptedCredentials).not.toHaveBeenCalled()
  })

  it.each<[string, Answer]>([
    ['says otherwise', ok({ unknown: false })],
    ['does not say', ok({})],
    ['is an older one', problem(404, 'not_found')],
    ['is out of reach', 'cut'],
  ])('but not where the server %s', async (_, answer) => {
    const { client, signals, doorOf } = await setUpSignals()
    doorOf.answer = refuse(answer)
    expect(await codeOf(client.passkeys.signIn())).toBe('authentication_failed')
    await settled()
    expect(signals.signalUnknownCredential).not.toHaveBeenCalled()
  })

  it.each<[string, Answer]>([
    ['is part of another account', problem(401, 'guest_merged')],
    ['is signed in in too many places', problem(409, 'too_many_sessions')],
  ])('but not where its guest %s: nothing is asked then', async (_, answer) => {
    const { client, doorOf, doors } = await setUpSignals()
    doorOf.answer = (door) => (door === 'POST /passkeys/authenticate' ? answer : undefined)
    await client.passkeys.signIn().catch(() => {})
    await settled()
    expect(doors.doors()).not.toContain('POST /passkeys/unknown')
  })

  it('but not where the browser cannot: nothing is asked then', async () => {
    const { client, doorOf, doors } = await setUpSignals(['signalAllAcceptedCredentials'])
    doorOf.answer = refuse(ok({ unknown: true }))
    await client.passkeys.signIn().catch(() => {})
    await settled()
    expect(doors.doors()).not.toContain('POST /passkeys/unknown')
  })

  it('with the name of the client, in token mode: the page may be its own', async () => {
    plugInAuthenticator()
    Object.assign(globalThis.PublicKeyCredential, { signalUnknownCredential: vi.fn() })
    const { client, doors } = await setUp(
      (door) => {
        if (door.endsWith('/options')) return ok({ challenge: 'AA', rpId: 'app.example' })
        return door === 'POST /passkeys/unknown'
          ? ok({ unknown: false })
          : problem(401, 'authentication_failed')
      },
      { mode: 'token', clientId: 'spa' },
    )
    await client.passkeys.signIn().catch(() => {})
    await vi.waitFor(() => expect(doors.doors()).toContain('POST /passkeys/unknown'))
    expect(doors.asked.at(-1)?.body).toMatchObject({ id: 'p', client_id: 'spa' })
  })
})
