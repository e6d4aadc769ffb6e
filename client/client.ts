// The client of guestkey: who is signed in, in this browser, and how that changes.
import { codeOf } from './errors.ts'
import { createGuestState, type GuestListener } from './guest-state.ts'
import { asksForStepUp, type Call, createCall, defaultBaseUrl } from './http.ts'
import { createPasskeys, type GuestPasskeys } from './passkeys.ts'
import { createSessions, type GuestSessions } from './sessions.ts'
import type { Guest } from './types.ts'

/** The options of createGuestClient. */
export interface GuestClientOptions {
  /**
   * Where guestkey's doors are. Default: the folder that this module was loaded from, if it was loaded as
   * `client.js`; `/guest` otherwise.
   */
  baseUrl?: string
}

/** A guestkey client. Every function but `fetch` rejects with GuestClientError, and needs no `this`. */
export interface GuestClient {
  /**
   * Continue as guest: returns the guest who is signed in, or makes one. However many callers and tabs ask at once,
   * one request is under way. No failure ever makes another guest: it rejects (`network`, `server_error`, …).
   */
  signInAnonymously(options?: { collection?: string }): Promise<Guest>
  /** Asks who is signed in; null if nobody is. Rejects if the server cannot tell, which signs nobody out. */
  user(): Promise<Guest | null>
  /**
   * Calls back whenever another guest, or nobody, is signed in, or something about the guest changes; also for
   * what other tabs do. Not for what was known before. Returns the way to stop it.
   */
  onChange(listener: GuestListener): () => void
  /**
   * Ends this session, or with `everywhere` all of the guest's. Rejects with `would_lose_account` if the guest could
   * not come back, unless `force` is set.
   */
  signOut(options?: { everywhere?: boolean; force?: boolean }): Promise<void>
  passkeys: GuestPasskeys
  sessions: GuestSessions
  /**
   * `fetch`, with one addition: if the answer wants a fresh proof (RFC 9470), asks for a passkey and repeats the
   * request once; and a 401 of any other kind has onChange told, if nobody is signed in any more. Rejects as `fetch` does, or with GuestClientError if the proof fails.
   */
  fetch: typeof globalThis.fetch
  /** Drops all listeners and ends autofill; requests under way go on. */
  close(): void
}

const isNobody = (error: unknown) => /^(not_signed_in|session_invalid)$/.test(codeOf(error) ?? '')

/** Makes a client. Does nothing by itself: the first request is the first call. Throws TypeError for unknown options. */
export function createGuestClient(options: GuestClientOptions = {}): GuestClient {
  const { baseUrl = defaultBaseUrl, ...unknown } = options
  for (const key in unknown) throw new TypeError(`Unknown option: ${key}`)
  const base = baseUrl.replace(/\/+$/, '')
  // Locks and channels are the origin's own; a page may name the same doors with its origin or without.
  const name = `guestkey:${base.replace(/^\w+:\/\/[^/]+/, '')}`
  const ask = createCall(base)
  const state = createGuestState(name, () => void user().catch(() => {}))
  let signingIn: Promise<Guest> | undefined
  let reading: Promise<Guest | null> | undefined

  // An answer that sets the cookie must not cross another one on its way: a request with the cookie from before is
  // told that its session is over, and that answer would take the new cookie away again.
  const lock = <T>(mode: LockMode, work: () => Promise<T>): Promise<T> =>
    globalThis.navigator?.locks ? navigator.locks.request(name, { mode }, work) : work()

  const unlocked: Call = async <T>(method: string, path: string, body?: unknown) => {
    try {
      return await ask<T>(method, path, body)
    } catch (error) {
      if (isNobody(error)) state.settle(null)
      throw error
    }
  }
  const call: Call = (method, path, body) => lock('shared', () => unlocked(method, path, body))
  const exclusive = <T>(work: (call: Call) => Promise<T>) => lock('exclusive', () => work(unlocked))

  function adopt<G extends Guest>(answer: G): G {
    const { passkey, previous, ...guest } = answer as Guest & { passkey?: unknown; previous?: unknown }
    state.settle(guest)
    state.tellTabs()
    return answer
  }

  async function whoIsThere(call: Call): Promise<Guest | null> {
    try {
      const guest = await call<Guest>('GET', '/userinfo')
      state.settle(guest)
      return guest
    } catch (error) {
      if (isNobody(error)) return null
      throw error
    }
  }

  function user() {
    reading ??= whoIsThere(call).finally(() => {
      reading = undefined
    })
    return reading
  }

  function recheck() {
    state.tellTabs()
    return user().catch(() => {})
  }

  const { passkeys, watchProofs, close } = createPasskeys({ call, exclusive, adopt, user, recheck })

  return {
    signInAnonymously(options) {
      signingIn ??= exclusive(async (call) => {
        const signIn = () => call<Guest>('POST', '/sign-in', { collection: options?.collection })
        return adopt(
          await signIn().catch((error) => {
            // That answer cleared the cookie of a session that is over; only now is a new guest what was asked for.
            if (codeOf(error) !== 'session_invalid') throw error
            return signIn()
          }),
        )
      }).finally(() => {
        signingIn = undefined
      })
      return signingIn
    },
    user,
    onChange: state.onChange,
    async signOut(options = {}) {
      const { everywhere, force } = options
      await exclusive(async (call) => {
        await call('POST', '/sign-out', { everywhere, force }).catch(async (error) => {
          // Signed out already; but nobody can say so of the other places, nor of a session begun meanwhile.
          if (everywhere || !isNobody(error) || (await whoIsThere(call))) throw error
        })
        state.settle(null)
        state.tellTabs()
      })
    },
    passkeys,
    sessions: createSessions(call, recheck),
    async fetch(input, init) {
      const request = new Request(input, init)
      // A body can be read once only.
      const again = request.clone()
      const prove = watchProofs()
      const response = await fetch(request)
      if (!asksForStepUp(response)) {
        // The host's own doors may be the first to notice that a session is over.
        if (response.status === 401) void user().catch(() => {})
        return response
      }
      await prove()
      return fetch(again)
    },
    close() {
      state.close()
      close()
    },
  }
}
