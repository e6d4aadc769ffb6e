import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { closed, codeOf, plugInAuthenticator, setUp } from '../../support/client/clients.ts'
import { type Answer, guest, ok, problem } from '../../support/client/fake-server.ts'

const told = {
  ...{ rp_id: 'app.example', user_id: 'dXNlcg', credential_ids: ['p', 'q'] },
  ...{ name: 'amber-fox-42', display_name: 'Amber' },
}
const accepted = { rpId: 'app.example', userId: 'dXNlcg', allAcceptedCredentialIds: ['p', 'q'] }
const details = { rpId: 'app.example', userId: 'dXNlcg', name: 'amber-fox-42', displayName: 'Amber' }

/** A browser with these signals, and a server that answers as the service does unless `answer` says otherwise. */
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

/** Waits long enough for work that the client does not wait for. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))

describe('signals about the passkeys and the label of the guest', () => {
  type Client = Awaited<ReturnType<typeof setUpSignals>>['client']
  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['are sent after a sign-in', (client) => client.passkeys.signIn()],
    ['are sent after a passkey was removed', (client) => client.passkeys.remove('r')],
    ['are sent after a passkey was renamed', (client) => client.passkeys.rename('p', 'Key')],
    ['are sent after the guest was renamed', (client) => client.rename('Amber')],
  ])('%s', async (_, act) => {
    const { client, signals } = await setUpSignals()
    await act(client)
    await vi.waitFor(() => expect(signals.signalCurrentUserDetails!.mock.calls).toEqual([[details]]))
    expect(signals.signalAllAcceptedCredentials!.mock.calls).toEqual([[accepted]])
    expect(signals.signalUnknownCredential).not.toHaveBeenCalled()
  })

  it('are sent after a passkey was added', async () => {
    const { client, signals, authenticator } = await setUpSignals()
    authenticator.prompt = async () => ({
      ...{ id: 'q', rawId: new ArrayBuffer(1), type: 'public-key' },
      response: { attestationObject: new ArrayBuffer(1), clientDataJSON: new ArrayBuffer(1) },
      getClientExtensionResults: () => ({}),
    })
    await client.passkeys.add()
    await vi.waitFor(() => expect(signals.signalAllAcceptedCredentials!.mock.calls).toEqual([[accepted]]))
  })

  it('are sent as far as the browser has their methods', async () => {
    const { client, signals } = await setUpSignals(['signalCurrentUserDetails'])
    await client.passkeys.signIn()
    await vi.waitFor(() => expect(signals.signalCurrentUserDetails!.mock.calls).toEqual([[details]]))
  })

  it('are not sent, and nothing is asked, if the browser has none of their methods', async () => {
    const { client, doors } = await setUpSignals([])
    await client.passkeys.signIn()
    await client.rename('Amber')
    await settled()
    expect(doors.doors()).not.toContain('GET /passkeys/signal')
  })

  it('are not sent from a list that may be older than the newest passkey', async () => {
    const { client, signals, doorOf, authenticator, doors } = await setUpSignals()
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>()
    doorOf.answer = (door) => (door === 'GET /passkeys/signal' ? (held as Promise<never>) : undefined)
    await client.rename('Amber')
    await vi.waitFor(() => expect(doors.doors()).toContain('GET /passkeys/signal'))
    // This dialog may make a passkey that is not on that list.
    authenticator.prompt = closed
    await client.passkeys.add().catch(() => {})
    release(undefined)
    await settled()
    expect(signals.signalAllAcceptedCredentials).not.toHaveBeenCalled()
  })

  it('are not sent while a dialog is open', async () => {
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
  ])('do not disturb the sign-in if %s', async (_, answer) => {
    const { client, doorOf } = await setUpSignals()
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    doorOf.answer = (door) => (door === 'GET /passkeys/signal' ? answer : undefined)
    expect((await client.passkeys.signIn()).sub).toBe('a')
    await settled()
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('do not disturb the sign-in if the browser refuses them', async () => {
    const { client, signals } = await setUpSignals()
    signals.signalAllAcceptedCredentials!.mockRejectedValue(new DOMException('no', 'SecurityError'))
    expect((await client.passkeys.signIn()).sub).toBe('a')
    await vi.waitFor(() => expect(signals.signalAllAcceptedCredentials).toHaveBeenCalled())
    await settled()
  })
})

describe('the signal that a passkey is unknown', () => {
  const refuse = (unknown: Answer) => (door: string) => {
    if (door === 'POST /passkeys/authenticate') return problem(401, 'authentication_failed')
    return door === 'POST /passkeys/unknown' ? unknown : undefined
  }

  it('is sent if the server says so about the proof that it refused', async () => {
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
    ['is older and has no such endpoint', problem(404, 'not_found')],
    ['is out of reach', 'cut'],
  ])('is not sent if the server %s', async (_, answer) => {
    const { client, signals, doorOf } = await setUpSignals()
    doorOf.answer = refuse(answer)
    expect(await codeOf(client.passkeys.signIn())).toBe('authentication_failed')
    await settled()
    expect(signals.signalUnknownCredential).not.toHaveBeenCalled()
  })

  it.each<[string, Answer]>([
    ['was merged into another account', problem(401, 'guest_merged')],
    ['has too many sessions', problem(409, 'too_many_sessions')],
  ])('is not sent, and nothing is asked, if its guest %s', async (_, answer) => {
    const { client, doorOf, doors } = await setUpSignals()
    doorOf.answer = (door) => (door === 'POST /passkeys/authenticate' ? answer : undefined)
    await client.passkeys.signIn().catch(() => {})
    await settled()
    expect(doors.doors()).not.toContain('POST /passkeys/unknown')
  })

  it('is not sent, and nothing is asked, if the browser has no method for it', async () => {
    const { client, doorOf, doors } = await setUpSignals(['signalAllAcceptedCredentials'])
    doorOf.answer = refuse(ok({ unknown: true }))
    await client.passkeys.signIn().catch(() => {})
    await settled()
    expect(doors.doors()).not.toContain('POST /passkeys/unknown')
  })

  it('is asked for with the client_id in token mode', async () => {
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
