// What the bindings share: the client of a part of the page, and what its components see. Uses no more of the client than
// any page can.
import {
  createGuestClient,
  type GuestClient,
  type GuestClientOptions,
  type GuestPasskeys,
  type InitialGuest,
  type SnoozeOptions,
  type UserInfo,
} from '../index.ts'

/** What a page gives to the bindings: its own client, or the options of one. */
export interface GuestProviderOptions {
  /** A client that the page has made. Default: one is made of `options`. */
  client?: GuestClient | undefined
  /** The options of the client that is made. Default: those of createGuestClient. */
  options?: GuestClientOptions | undefined
  /**
   * Who is signed in, as the server of the page knows it: see `initialGuest` of createGuestClient. A `client` that knows
   * better is believed. Default: not known.
   */
  initialGuest?: InitialGuest | null | undefined
}

/** The functions for passkeys; whether there are any is a value that components get. */
export type PasskeyFunctions = Omit<GuestPasskeys, 'supported'>

/** See createGuestSource. */
export interface GuestSource {
  client: GuestClient
  passkeys: PasskeyFunctions
  /** Who is signed in, as far as the page knows; null for nobody, undefined if that is not known yet. */
  guest(): UserInfo | null | undefined
  /** The same at the start, as the server of the page rendered it. */
  firstGuest(): UserInfo | null | undefined
  /** The most important prompt that is due, perhaps only at the present moment. */
  prompt(): string | undefined
  /** The same at the start. */
  firstPrompt(): string | undefined
  /** Puts that prompt off. */
  snooze(options?: SnoozeOptions): Promise<void>
  /** Calls back after each change, until what it returns is called. The first listener has the service asked. */
  listen(listener: () => void): () => void
  /** Closes the client if it was made here. */
  close(): void
}

/**
 * The source of what components show. It sends nothing, and opens nothing, until somebody listens or calls the client.
 * Throws TypeError for an unknown option, for a client beside options, and for what createGuestClient refuses.
 */
export function createGuestSource(given: GuestProviderOptions): GuestSource {
  const { client: own, options, initialGuest = options?.initialGuest, ...unknown } = given
  for (const name in unknown)
    throw new TypeError(`Unknown option: ${name}. There are client, options, initialGuest`)
  if (own && options) throw new TypeError('Give a client or the options of one, not both')
  // With a client of the page, this one is only for its start value, which it checks.
  const made = createGuestClient({ ...options, initialGuest })
  const client = own ?? made
  const start = initialGuest === undefined ? client.current : made.current
  const { supported, ...passkeys } = client.passkeys
  const listeners = new Set<() => void>()
  /** The prompts of the last moment that had a new one. */
  let atMoment: string[] | undefined
  let stops: (() => void)[] = []

  const tell = () => {
    for (const listener of listeners) listener()
  }
  const guest = () => (client.current === undefined ? start : client.current)
  const prompt = () => (atMoment ?? guest()?.prompts)?.[0]

  function show(prompts?: string[]) {
    atMoment = prompts
    tell()
  }

  function listen(listener: () => void) {
    if (!listeners.size) {
      stops = [client.onChange(() => show()), client.on('prompts.due', (_, { prompts }) => show(prompts))]
      client.user().catch(() => {}) // the server cannot tell: what the page knows stays
    }
    const one = () => listener()
    listeners.add(one)
    return () => {
      listeners.delete(one)
      if (!listeners.size) for (const stop of stops) stop()
    }
  }

  return {
    client,
    passkeys,
    guest,
    firstGuest: () => start,
    prompt,
    firstPrompt: () => start?.prompts[0],
    async snooze(options) {
      const due = prompt()
      if (due === undefined) return
      await client.prompts.snooze(due, options)
      show()
    },
    listen,
    close: made.close,
  }
}
