// The client of guestkey: who is signed in, in this browser, and how that changes.
import { codeOf } from './errors.ts'
import { createGuestState, type GuestListener } from './guest-state.ts'
import { asksForStepUp, type Call, createCall, defaultBaseUrl } from './http.ts'
import { lock } from './lock.ts'
import { createPasskeys, type GuestPasskeys } from './passkeys.ts'
import { createSessionToken } from './session-token.ts'
import { createSessions, type GuestSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'
import type { Guest } from './types.ts'

/** The options of createGuestClient. */
export interface GuestClientOptions {
  /**
   * Where guestkey's doors are. Default: the folder that this module was loaded from, if it was loaded as
   * `client.js`; `/guest` otherwise.
   */
  baseUrl?: string
  /**
   * How this page shows who is signed in: by the `cookie` of the service, for pages of its own origin; or by tokens,
   * for pages of other origins as well. Default: `cookie`.
   */
  mode?: 'cookie' | 'token'
  /** The client that the page is of, as the service has it registered. Default: `guestkey`, the service's own pages. */
  clientId?: string
  /**
   * In token mode: origins, as `https://api.example.com`, that `fetch` sends the access token to, beside that of
   * `baseUrl`. Default: none.
   */
  apis?: string[]
  /**
   * In token mode: binds tokens to a key that does not leave this browser (RFC 9449), so that a stolen one is of no
   * use. False where an API takes bearer tokens alone. Default: true.
   */
  dpop?: boolean
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
   * An access token that is good for a while yet, refreshed if need be, or null if nobody is signed in. In token mode
   * it may be bound to this browser's key: `fetch` sends the proof along.
   */
  accessToken(): Promise<string | null>
  /**
   * `fetch`, with one addition: if the answer wants a fresh proof (RFC 9470), asks for a passkey and repeats the
   * request once; and a 401 of any other kind has onChange told, if nobody is signed in any more. In token mode it
   * sends the access token to the origins that may have it, repeats the request once with a fresh one after a 401,
   * and fails on a redirect, which might lead elsewhere. Rejects as `fetch` does, or with GuestClientError.
   */
  fetch: typeof globalThis.fetch
  /** Drops all listeners and ends autofill; requests under way go on. */
  close(): void
}

const isNobody = (error: unknown) => /^(not_signed_in|session_invalid)$/.test(codeOf(error) ?? '')

/** Makes a client. Does nothing by itself: the first request is the first call. Throws TypeError for unknown options. */
export function createGuestClient(options: GuestClientOptions = {}): GuestClient {
  const {
    baseUrl = defaultBaseUrl,
    mode = 'cookie',
    clientId = 'guestkey',
    apis = [],
    dpop = true,
    ...unknown
  } = options
  for (const key in unknown) throw new TypeError(`Unknown option: ${key}`)
  if (!/^(cookie|token)$/.test(mode)) throw new TypeError(`Unknown mode: ${mode}`)
  for (const api of apis) if (new URL(api).origin !== api) throw new TypeError(`Not an origin: ${api}`)
  const base = baseUrl.replace(/\/+$/, '')
  const { name, tokens } = mode === 'token' ? byTokens() : byCookie()
  const ask = tokens?.ask ?? createCall(base)
  const state = createGuestState(name, () => void user().catch(() => {}))
  let signingIn: Promise<Guest> | undefined
  let reading: Promise<Guest | null> | undefined

  // Locks and channels are the page's origin's own; the doors that they are about may be another's.
  function byTokens() {
    const url = new URL(base, globalThis.location?.href).href
    const name = `guestkey:${clientId}@${url}`
    return { name, tokens: createTokens({ baseUrl: url, name, clientId, apis, dpop }) }
  }

  // A page may name the same doors with its origin or without.
  function byCookie() {
    return { name: `guestkey:${base.replace(/^\w+:\/\/[^/]+/, '')}`, tokens: undefined }
  }

  // An answer that sets the cookie must not cross another one on its way: a request with the cookie from before is
  // told that its session is over, and that answer would take the new cookie away again.
  const unlocked: Call = async <T>(method: string, path: string, body?: object) => {
    try {
      return await ask<T>(method, path, body)
    } catch (error) {
      if (isNobody(error)) {
        ofSession?.forget()
        state.settle(null)
      }
      throw error
    }
  }
  const call: Call = (method, path, body) => lock(name, 'shared', () => unlocked(method, path, body))
  const exclusive = <T>(work: (call: Call) => Promise<T>) => lock(name, 'exclusive', () => work(unlocked))
  const ofSession = tokens ? undefined : createSessionToken(call, clientId, name)

  function adopt<G extends Guest>(answer: G): G {
    const { passkey, previous, ...guest } = answer as Guest & { passkey?: unknown; previous?: unknown }
    ofSession?.forget()
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
        const collection = options?.collection
        const signIn = async () => {
          await tokens?.begin(collection)
          return call<Guest>('POST', '/sign-in', { collection, ...(tokens && { lookup_only: true }) })
        }
        return adopt(
          await signIn().catch((error) => {
            // That answer took back what showed a session that is over; only now is a new guest what was asked for.
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
        await (tokens ?? ofSession)?.forget()
        state.settle(null)
        state.tellTabs()
      })
    },
    passkeys,
    sessions: createSessions(call, recheck),
    async accessToken() {
      const access = await (tokens ?? ofSession)!.current()
      if (!access) state.settle(null)
      return access?.token ?? null
    },
    async fetch(input, init) {
      const send = tokens?.send ?? fetch
      const request = new Request(input, init)
      // A body can be read once only.
      const again = request.clone()
      const prove = watchProofs()
      const response = await send(request)
      if (!asksForStepUp(response)) {
        // The host's own doors may be the first to notice that a session is over.
        if (response.status === 401) void user().catch(() => {})
        return response
      }
      await prove()
      return send(again)
    },
    close() {
      state.close()
      ;(tokens ?? ofSession)?.close()
      close()
    },
  }
}
