// Device links: a device that is signed in shows a code, and a new device that hands it in is signed in as the same
// guest. The new device polls until the guest has approved; a network or a server that fails in between does not end
// the wait.

import { GuestClientError, isCode } from '../lib/errors.ts'
import { type Call, itemPath } from '../lib/http.ts'
import { type OldExpiry, withOldNames } from '../lib/old-names.ts'
import { refuseUnknown } from '../lib/options.ts'
import type { DeviceLink, SignedInGuest, UserInfo } from '../lib/types.ts'
import { deviceName } from './device-name.ts'
import { type LinkAddress, marker } from './link-address.ts'

/** What the device link functions need from the rest of the client. */
export interface DeviceLinksContext {
  call: Call
  callWithStepUp: Call
  /** Does work while no other request is under way in any tab: for requests whose answer sets the cookie. */
  exclusive<T>(work: (call: Call) => Promise<T>): Promise<T>
  /** Takes the guest of an answer as the one who is signed in, and returns the answer. */
  adopt<G extends UserInfo>(guest: G): Promise<G>
  /** Asks again who is signed in, in all tabs, after something about the guest may have changed. */
  recheck(): Promise<unknown>
  links: LinkAddress
  /** Gives the errors of a function their sentences. */
  withSentences<Part>(part: Part): Part
}

/** A link that this device made; `expires_at` is in Unix seconds. */
export interface StartedLink extends OldExpiry {
  id: string
  /** To be typed on the other device, for example `BCDF-GHJK`. */
  code: string
  /**
   * For a QR code: the address of the page that calls `pending`. It holds the link in its fragment, which browsers
   * send to no server.
   */
  url: string
  expires_at: number
}

/** A link that this device opened and the other one has not approved yet; `expires_at` is in Unix seconds. */
export interface PendingLink extends OldExpiry {
  /** Both devices show the same two words. If they are equal, nobody else has come in between. */
  words: string[]
  /** The label of the guest who is going to be signed in here. */
  label: string
  expires_at: number
  /**
   * Waits for the approval, then signs in. Rejects with `link_refused`; with `link_invalid` if the link has expired
   * or was withdrawn; with `aborted` if `signal` aborts; with `too_many_sessions`, `guest_merged` and others. May be
   * called again after a failure.
   */
  claim(options?: ClaimLinkOptions): Promise<SignedInGuest>
}

/** How long `claim` waits: until `signal` aborts. */
export interface ClaimLinkOptions {
  signal?: AbortSignal | undefined
}

/** `url`: the page to open on the other device. Default: this page. */
export interface StartLinkOptions {
  url?: string | undefined
}

/** Who is told of each change of a link, and how long: until `signal` aborts. */
export interface WatchLinkOptions {
  onChange?: ((state: DeviceLink) => void) | undefined
  signal?: AbortSignal | undefined
}

/** Links between devices. Everything rejects with GuestClientError. */
export interface GuestDeviceLinks {
  /**
   * Makes a link. It must be opened within ten minutes, and claimed within two minutes after that. Asks for a passkey
   * first if there is one and its last proof is too old. `url` is the page to open on the other device. Default: this
   * page.
   */
  start(options?: StartLinkOptions): Promise<StartedLink>
  /**
   * Polls the link every two seconds and calls `onChange` with each change, until the link is done or refused;
   * returns that last state. Goes on if the network or the server fails, for twelve minutes. Rejects with `not_found` if the link has
   * expired or was withdrawn, and with `aborted` if `signal` aborts.
   */
  watch(id: string, options?: WatchLinkOptions): Promise<DeviceLink>
  /**
   * Signs the other device in; first ask the guest whether both devices show the same words. Rejects with
   * `not_found`, with `link_invalid` if no device waits for this, and others.
   */
  approve(id: string): Promise<DeviceLink>
  refuse(id: string): Promise<DeviceLink>
  /** Withdraws the link. Rejects with `not_found` and others. */
  cancel(id: string): Promise<void>
  /**
   * On the new device: the link with which this page was opened, or null. Takes it out of the address bar, and
   * returns it on every call until `open` has succeeded.
   */
  pending(): string | null
  /**
   * On the new device: opens the `link` from `pending`, or the `code` that was typed. A link can be opened once.
   * Rejects with `link_invalid`, `too_many_guesses` and others; with `would_leave_guest` if another guest is signed
   * in here, unless `leave` is set.
   */
  open(what: {
    code?: string | undefined
    link?: string | undefined
    leave?: boolean | undefined
  }): Promise<PendingLink>
}

type ClaimOptions = NonNullable<Parameters<PendingLink['claim']>[0]>

/** What the endpoints answer. */
interface Started {
  id: string
  code: string
  link: string
  expires_at: number
}

interface OpenedLink {
  /** Shows, in the claim, that this device opened the link; nobody else may see it. */
  secret: string
  words: string[]
  label: string
  expires_at: number
  interval: number
}

/** How long to wait between two requests about a link. */
const watchSeconds = 2
/** After failures for so long, nobody is asked any more: a link lives for twelve minutes at most. */
const patienceMilliseconds = 12 * 60_000

function pause(seconds: number, signal?: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new GuestClientError('aborted', signal?.reason))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, seconds * 1000)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Whether the failure may pass, so that it is worth asking again. */
const passes = (error: unknown) =>
  isCode(error, 'network', 'timeout', 'server_error') ||
  [408, 429].includes((error as GuestClientError).status ?? 0) ||
  ((error as GuestClientError).status ?? 0) >= 500

/**
 * Asks every `seconds` until there is an answer, also after failures that may pass, unless there were only such ones for
 * twelve minutes. Rejects with `aborted` if `signal` aborts, and with any other failure of `ask`.
 */
async function poll<T>(seconds: number, ask: () => Promise<T | undefined>, signal?: AbortSignal): Promise<T> {
  for (let heardAt = Date.now(); ; ) {
    if (signal?.aborted) await pause(0, signal)
    const answer = await ask().then(
      (answer) => {
        heardAt = Date.now()
        return answer
      },
      (error) => {
        if (!passes(error) || Date.now() - heardAt > patienceMilliseconds) throw error
      },
    )
    if (answer) return answer
    await pause(seconds, signal)
  }
}

/** The device link functions of a client. */
export function createDeviceLinks({
  call,
  callWithStepUp,
  exclusive,
  adopt,
  recheck,
  links,
  withSentences,
}: DeviceLinksContext): Omit<GuestDeviceLinks, 'pending'> {
  async function decide(id: string, approve: boolean) {
    const state = await call<DeviceLink>('PATCH', itemPath('/device-links', id), { approve })
    // The approval keeps a guest who was not kept before, which may show in userinfo.
    if (approve) await recheck()
    return state
  }

  return {
    async start({ url: page = '', ...unknown } = {}) {
      refuseUnknown(unknown)
      const { id, code, link, expires_at } = await callWithStepUp<Started>('POST', '/device-links', {})
      const url = new URL(page, globalThis.location?.href)
      url.hash = marker + link
      return withOldNames<StartedLink>({ id, code, url: url.href, expires_at })
    },
    async watch(id, { onChange, signal, ...unknown } = {}) {
      refuseUnknown(unknown)
      let before = ''
      return poll(
        watchSeconds,
        async () => {
          const state = await call<DeviceLink>('GET', itemPath('/device-links', id))
          const now = JSON.stringify(state)
          if (now !== before) onChange?.(state)
          before = now
          return state.status === 'done' || state.status === 'refused' ? state : undefined
        },
        signal,
      )
    },
    approve: (id) => decide(id, true),
    refuse: (id) => decide(id, false),
    cancel: (id) => call('DELETE', itemPath('/device-links', id)),
    async open({ code, link, leave, ...unknown }: Parameters<GuestDeviceLinks['open']>[0]) {
      refuseUnknown(unknown)
      const body = { code, link, leave, device: deviceName() }
      const opened = await call<OpenedLink>('POST', '/device-links/open', body)
      links.forget()
      const { secret, words, label, expires_at, interval } = opened
      return withOldNames<PendingLink>({
        words,
        label,
        expires_at,
        claim: withSentences(async ({ signal, ...unknown }: ClaimOptions = {}) => {
          refuseUnknown(unknown)
          return poll(
            interval,
            () =>
              exclusive(async (call) => {
                const answer = await call<SignedInGuest | { status: string }>('POST', '/device-links/claim', {
                  secret,
                })
                return 'sub' in answer ? adopt(answer) : undefined
              }),
            signal,
          )
        }),
      })
    },
  }
}
