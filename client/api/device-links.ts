// Device links: a device that is signed in shows a code, and lets the one that hands it in be the same guest.
import { deviceName } from '../lib/device-name.ts'
import { codeOf, GuestClientError } from '../lib/errors.ts'
import type { Call } from '../lib/http.ts'
import type { DeviceLink, SignedInGuest, UserInfo } from '../lib/types.ts'
import { itemPath } from './passkeys.ts'

/** What the device link functions need of the client around them. */
export interface DeviceLinksContext {
  call: Call
  callWithStepUp: Call
  /** With no other request under way in any tab: for requests whose answer sets the cookie. */
  exclusive<T>(work: (call: Call) => Promise<T>): Promise<T>
  /** Takes the guest of an answer as the one who is signed in, and hands the answer on. */
  adopt<G extends UserInfo>(guest: G): Promise<G>
  /** Asks again who is signed in, in all tabs: something that may show there has changed. */
  recheck(): Promise<unknown>
}

/** A link that was made here; `expiresAt` is in Unix seconds. */
export interface StartedLink {
  id: string
  /** For typing on the other device, as `BCDF-GHJK`. */
  code: string
  /** For a QR code: the page that calls `pending`, with the link in its fragment, which no server is sent. */
  url: string
  expiresAt: number
}

/** A link that was opened here, and is not approved yet; `expiresAt` is in Unix seconds. */
export interface PendingLink {
  /** The other device shows the same: whoever compares them knows that nobody else has come in between. */
  words: string[]
  /** Of the guest who is to be signed in here. */
  label: string
  expiresAt: number
  /**
   * Waits for the approval and signs in. Rejects with `link_refused`, with `link_invalid` where it is too late, with
   * `aborted` by the `signal`, and others. May be called again after a failure.
   */
  claim(options?: { signal?: AbortSignal }): Promise<SignedInGuest>
}

/** Links between devices. Everything rejects with GuestClientError. */
export interface GuestDeviceLinks {
  /**
   * Makes a link, good for ten minutes, after a step-up if there is a passkey and its last proof is too old. `url` is
   * the page to open on the other device. Default: this one.
   */
  start(options?: { url?: string }): Promise<StartedLink>
  /**
   * Tells `onChange` how far the link is, until it is done or refused, and returns that. Outlasts a network or a server
   * that fails. Rejects with `not_found` where the link is over, and with `aborted` by the `signal`.
   */
  watch(
    id: string,
    options?: { onChange?: (state: DeviceLink) => void; signal?: AbortSignal },
  ): Promise<DeviceLink>
  /** Lets the other device in; ask first whether its words are the same. */
  approve(id: string): Promise<DeviceLink>
  refuse(id: string): Promise<DeviceLink>
  /** Takes the link back. */
  cancel(id: string): Promise<void>
  /**
   * On the new device: the link that this page was opened by, or null. Takes it out of the address bar, and gives it
   * until it is opened.
   */
  pending(): string | null
  /**
   * On the new device: opens what `pending` gave, or the `code` that was typed; once. Rejects with `link_invalid`, with
   * `too_many_guesses`, and with `would_leave_guest` where somebody else is signed in here, unless `leave` is set.
   */
  open(what: { code?: string; link?: string; leave?: boolean }): Promise<PendingLink>
}

/** What the doors answer. */
interface Started {
  id: string
  code: string
  link: string
  expires_at: number
}

interface OpenedLink {
  /** For asking how it went, and for nobody else to see. */
  secret: string
  words: string[]
  label: string
  expires_at: number
  interval: number
}

/** How often to ask how far a link is. */
const watchSeconds = 2

const marker = 'guestkey-link='

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

/** Whether asking again may help. */
const passes = (error: unknown) =>
  /^(network|(request_)?timeout|(server|internal)_error|unavailable|too_many_requests)$/.test(
    codeOf(error) ?? '',
  )

/** Asks every so many seconds until there is an answer; what fails in between may pass. */
async function poll<T>(seconds: number, ask: () => Promise<T | undefined>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    if (signal?.aborted) await pause(0, signal)
    const answer = await ask().catch((error) => {
      if (!passes(error)) throw error
    })
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
}: DeviceLinksContext): GuestDeviceLinks {
  let found: string | null = null

  async function decide(id: string, approve: boolean) {
    const state = await call<DeviceLink>('PATCH', itemPath('/device-links', id), { approve })
    // A guest of whom nothing was kept so far is kept by it.
    if (approve) await recheck()
    return state
  }

  return {
    async start(options) {
      const { id, code, link, expires_at } = await callWithStepUp<Started>('POST', '/device-links', {})
      const url = new URL(options?.url ?? '', globalThis.location?.href)
      url.hash = marker + link
      return { id, code, url: url.href, expiresAt: expires_at }
    },
    watch(id, { onChange, signal } = {}) {
      let before = ''
      return poll(
        watchSeconds,
        async () => {
          const state = await call<DeviceLink>('GET', itemPath('/device-links', id))
          const now = JSON.stringify(state)
          if (now !== before) onChange?.(state)
          before = now
          return /done|refused/.test(state.status) ? state : undefined
        },
        signal,
      )
    },
    approve: (id) => decide(id, true),
    refuse: (id) => decide(id, false),
    cancel: (id) => call('DELETE', itemPath('/device-links', id)),
    pending() {
      const parts = (globalThis.location?.hash ?? '').slice(1).split('&')
      const part = parts.find((part) => part.startsWith(marker))
      if (part) {
        found = part.slice(marker.length)
        // A reload would hand it in again, and whoever looks at the screen might. A router may keep what it needs.
        const url = new URL(location.href)
        url.hash = parts.filter((other) => other !== part).join('&')
        history.replaceState(history.state, '', url)
      }
      return found
    },
    async open({ code, link, leave }) {
      const body = { code, link, leave, device: deviceName() }
      const opened = await call<OpenedLink>('POST', '/device-links/open', body)
      found = null
      const { secret, words, label, expires_at, interval } = opened
      return {
        words,
        label,
        expiresAt: expires_at,
        claim: ({ signal } = {}) =>
          poll(
            interval,
            () =>
              exclusive(async (call) => {
                const answer = await call<SignedInGuest | { status: string }>('POST', '/device-links/claim', {
                  secret,
                })
                return 'sub' in answer ? adopt(answer) : undefined
              }),
            signal,
          ),
      }
    },
  }
}
