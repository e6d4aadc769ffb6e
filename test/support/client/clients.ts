// Clients at endpoints whose responses a test writes, with as much of an authenticator as they need.
import { expect, onTestFinished, vi } from 'vitest'
import { createGuestClient, GuestClientError, type GuestClientOptions } from '../../../client/index.ts'
import { eventually } from '../eventually.ts'
import { type Answer, type Answers, guest, ok, startFakeServer, stepUp } from './fake-server.ts'

/** Endpoints, a client, and `open` for more clients, like other tabs. They last until the test ends. */
export async function setUp<Attributes = Record<string, unknown>>(
  answers: Answers,
  options: GuestClientOptions = {},
) {
  const doors = await startFakeServer(answers)
  onTestFinished(async () => void (await doors.close()))
  const open = () => {
    const client = createGuestClient<Attributes>({ baseUrl: doors.baseUrl, ...options })
    onTestFinished(client.close)
    return client
  }
  return { doors, client: open(), open }
}

/** The code of the error with which this ends. */
export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => (error instanceof GuestClientError ? error.code : error),
  )

/** Waits until the endpoints have got this many requests: a function may first load its part of the client. */
export const requestsUnderWay = ({ asked }: { asked: unknown[] }, count: number) =>
  eventually(() => expect(asked.length).toBe(count))

/** Waits until this many requests wait for the lock. */
export const waitingForLock = (count: number) =>
  eventually(async () => expect((await navigator.locks.query()).pending?.length).toBe(count))

// The browser tests run real ceremonies.
const bytes = new ArrayBuffer(1)
const assertion = {
  id: 'p',
  rawId: bytes,
  type: 'public-key',
  response: { authenticatorData: bytes, clientDataJSON: bytes, signature: bytes, userHandle: bytes },
  getClientExtensionResults: () => ({}),
}

/** As much of a browser as a sign-in needs, until the test ends. `prompts` counts prompts; `prompt` is what one does. */
export function plugInAuthenticator() {
  const authenticator = { prompts: 0, prompt: async (): Promise<unknown> => assertion, assertion }
  const show = () => {
    authenticator.prompts++
    return authenticator.prompt()
  }
  Object.assign(globalThis, { PublicKeyCredential: class {} })
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { get: show, create: show } })
  onTestFinished(() => {
    Reflect.deleteProperty(globalThis, 'PublicKeyCredential')
    Reflect.deleteProperty(navigator, 'credentials')
  })
  return authenticator
}

/** The effect of a prompt that the guest closes. */
export const closed = () => Promise.reject(new DOMException('no', 'NotAllowedError'))

/** Endpoints that demand a passkey if `wanted` says yes. `proven` says whether the guest has used one. */
export const setUpStepUp = async (wanted: string, answer: Answer) => {
  const authenticator = plugInAuthenticator()
  const saved = guest('a', { recoverability: 'synced' })
  let proven = false
  const set = await setUp((door) => {
    if (door === wanted) return proven ? answer : stepUp
    if (door === 'POST /passkeys/authenticate/options') return ok({ challenge: 'AA' })
    if (door === 'POST /passkeys/authenticate') proven = true
    return ok(saved)
  })
  await set.client.user()
  return { ...set, authenticator, asked: () => set.doors.doors().filter((door) => !door.startsWith('GET')) }
}

/** The requests to such endpoints if the guest uses a passkey. */
export const askedWithStepUp = (wanted: string) => [
  wanted,
  'POST /passkeys/authenticate/options',
  'POST /passkeys/authenticate',
  wanted,
]

/** As much of a tab as leaving and coming back need, until the test ends or opens another tab. */
export function openTab(href = 'https://app.example/') {
  const kept = new Map<string, string>()
  const tab = {
    kept,
    location: { href, assign: vi.fn<(url: string) => void>() },
    history: {
      state: { router: 'of the page' },
      replaceState: vi.fn((_state: unknown, _: string, url: URL) => {
        tab.location.href = url.href
      }),
    },
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
    /** Makes this tab the active one. */
    show() {
      for (const name of ['location', 'history', 'sessionStorage'] as const) vi.stubGlobal(name, tab[name])
    },
  }
  tab.show()
  onTestFinished(() => void vi.unstubAllGlobals())
  return tab
}
