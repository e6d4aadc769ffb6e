// The client of guestkey: who is signed in, in this browser, and how that changes.
import { createAccount } from './api/account.ts'
import { createCodeSignIn } from './api/code-sign-in.ts'
import { createDeviceKey } from './api/device-key.ts'
import { createDeviceLinks } from './api/device-links.ts'
import { createLoginIds } from './api/login-ids.ts'
import { createPasskeys } from './api/passkeys.ts'
import { createProfiles } from './api/profile.ts'
import { createPromotion } from './api/promotion.ts'
import { createPrompts } from './api/prompts.ts'
import { createRecoveryCodes } from './api/recovery-codes.ts'
import { createRedirects } from './api/redirects.ts'
import { createSessions } from './api/sessions.ts'
import type { ContinueOptions, GuestClient, GuestClientOptions } from './guest-client.ts'
import { codeOf, GuestClientError, isSessionOver } from './lib/errors.ts'
import { asksForStepUp, type Call, createCall, defaultBaseUrl } from './lib/http.ts'
import { lock } from './lib/lock.ts'
import type { MergedGuest, SignedInGuest, UserInfo } from './lib/types.ts'
import { createGuestState } from './state/guest-state.ts'
import { createSessionToken } from './tokens/session-token.ts'
import { createTokens } from './tokens/tokens.ts'
import { createSignals } from './webauthn/signals.ts'

/** The client that the service's own pages are of, which is signed in by its cookie. */
const ownClient = 'guestkey'

const isNobody = (error: unknown) =>
  /^(not_signed_in|no_guest)$/.test(codeOf(error) ?? '') || isSessionOver(error)

/** Whether there is no passkey to sign in with at once, or none that somebody wants to. */
const isNone = (error: unknown) =>
  codeOf(error) === 'unsupported' || ((error as Error).cause as Error | undefined)?.name === 'NotAllowedError'

/** Makes a client. Does nothing by itself: the first request is the first call. Throws TypeError for unknown options. */
export function createGuestClient<Attributes = Record<string, unknown>>(
  options: GuestClientOptions = {},
): GuestClient<Attributes> {
  const {
    baseUrl = defaultBaseUrl,
    mode = 'cookie',
    clientId = ownClient,
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
  let signingIn: Promise<UserInfo> | undefined
  /** By path. */
  const reading: Record<string, Promise<UserInfo | null>> = {}

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
  const unlocked: Call = async <T>(...asked: Parameters<Call>) => {
    try {
      return await ask<T>(...asked)
    } catch (error) {
      if (isNobody(error)) {
        ofSession?.forget()
        state.settle(null)
      }
      throw error
    }
  }
  const call: Call = (...asked) => lock(name, 'shared', () => unlocked(...asked))
  const exclusive = <T>(work: (call: Call) => Promise<T>) => lock(name, 'exclusive', () => work(unlocked))
  const ofSession = tokens ? undefined : createSessionToken(call, clientId, name)

  async function adopt<G extends UserInfo>(answer: G): Promise<G> {
    const { passkey, device_key, previous, merged, ticket, offer_passkey, recovery_codes_left, ...guest } =
      answer as SignedInGuest & Record<string, unknown>
    ofSession?.forget()
    await heed(guest.anonymous_id)
    state.settle(guest)
    if (offer_passkey) state.offerPasskey(answer)
    state.tellTabs()
    return answer
  }

  /** Takes the guest of an answer, with no other request under way. */
  const take = <G extends UserInfo>(ask: (call: Call) => Promise<G>, path: string) =>
    exclusive(async (call) => {
      const answer = await adopt(await ask(call))
      // A first passkey or login ID has revoked every device key, this browser's too.
      if (/(register|verify|finish)$/.test(path)) await renew(call)
      return answer
    })

  /** Asks for what may change who is signed in, or what is due for them. */
  const change = <G extends UserInfo>(path: string, body: object, method = 'POST') =>
    take((call) => call<G>(method, path, body), path)

  async function leave() {
    await (tokens ?? ofSession)?.forget()
    state.settle(null)
    state.tellTabs()
  }

  async function whoIsThere(call: Call, path = '/userinfo', moment?: string): Promise<UserInfo | null> {
    try {
      const guest = await call<UserInfo>('GET', path)
      state.settle(guest, moment)
      return guest
    } catch (error) {
      if (isNobody(error)) return null
      throw error
    }
  }

  const read = (path: string, moment?: string) => {
    reading[path] ??= whoIsThere(call, path, moment).finally(() => {
      delete reading[path]
    })
    return reading[path]
  }
  const user = () => read('/userinfo')
  const moment = (name: string) => read(`/userinfo?moment=${encodeURIComponent(name)}`, name)

  function recheck() {
    state.tellTabs()
    return user().catch(() => {})
  }

  const signals = createSignals(call)
  const { passkeys, watchProofs, withStepUp, callWithStepUp, close } = createPasskeys({
    call,
    take,
    user,
    recheck,
    signals,
  })
  const { deviceKey, deviceKeys, canResume, resume, renew, heed, drop } = createDeviceKey({
    name,
    call,
    exclusive,
    withStepUp,
    adopt,
    whoIsThere,
    recheck,
  })

  /** Who is signed in, or is so again by the key of this browser; null where nobody is. */
  async function comeBack(call: Call, collection?: string): Promise<UserInfo | null> {
    try {
      return await adopt(await call<UserInfo>('POST', '/sign-in', { collection, lookup_only: true }))
    } catch (error) {
      if (!isNobody(error)) throw error
    }
    const guest = await resume(call)
    if (guest && collection && guest.collection !== collection)
      throw new GuestClientError('collection_mismatch')
    return guest
  }

  /** Who is signed in, or a new guest. */
  async function begin(call: Call, collection?: string): Promise<UserInfo> {
    const signIn = async () => {
      await tokens?.begin(collection)
      return call<UserInfo>('POST', '/sign-in', { collection, ...(tokens && { lookup_only: true }) })
    }
    return adopt(
      await signIn().catch((error) => {
        // That answer took back what showed a session that is over; only now is a new guest what was asked for.
        if (!isSessionOver(error)) throw error
        return signIn()
      }),
    )
  }

  async function continueAsGuest({ collection, immediate }: ContinueOptions): Promise<UserInfo> {
    const known = await exclusive(async (call) => {
      const guest = immediate || (await canResume()) ? await comeBack(call, collection) : null
      return guest ?? (immediate ? null : begin(call, collection))
    })
    if (known) return known
    // Not within the lock: other tabs need not wait for the user.
    const guest = await passkeys.signIn({ immediate: true }).catch((error) => {
      if (!isNone(error)) throw error
    })
    return guest ?? exclusive((call) => begin(call, collection))
  }

  return {
    signInAnonymously(options = {}) {
      signingIn ??= continueAsGuest(options).finally(() => {
        signingIn = undefined
      })
      return signingIn
    },
    signInWithRecoveryCode: (code) => change('/sign-in/recovery-code', { code }),
    async rename(label) {
      const guest = await change('/label', { label }, 'PATCH')
      signals.current()
      return guest
    },
    user,
    moment,
    onChange: state.onChange,
    on: (_event, listener) => state.onOfferPasskey(listener),
    async signOut(options = {}) {
      const { everywhere, force } = options
      await exclusive(async (call) => {
        await call('POST', '/sign-out', { everywhere, force }).catch(async (error) => {
          // Signed out already; but nobody can say so of the other places, nor of a session begun meanwhile.
          if (everywhere || !isNobody(error) || (await whoIsThere(call))) throw error
        })
        await heed()
        await leave()
      })
    },
    passkeys,
    deviceKey,
    deviceKeys,
    deviceLinks: createDeviceLinks({ call, callWithStepUp, exclusive, adopt, recheck }),
    recoveryCodes: createRecoveryCodes(call, callWithStepUp, recheck),
    sessions: createSessions(call, async () => {
      // The guest ended the session of this page: that is a way of signing out.
      if ((await recheck()) === null) await heed()
    }),
    profile: createProfiles(call, recheck),
    prompts: createPrompts(change, state),
    account: createAccount({
      call,
      exclusive,
      withStepUp,
      async leave() {
        await drop()
        await leave()
      },
    }),
    promotion: createPromotion({ callWithStepUp, withStepUp, change }),
    codeSignIn: createCodeSignIn(call, change),
    loginIds: createLoginIds(call, callWithStepUp, recheck),
    ...createRedirects({
      baseUrl: base,
      name,
      // Where a client is named, the answer is tokens.
      clientId: tokens ? clientId : ownClient,
      callWithStepUp,
      change,
    }),
    merge: (ticket) => change<MergedGuest>('/merge', { ticket }),
    undoMerge: (ticket) => change<UserInfo>('/merge/undo', { ticket }),
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
      let response = await send(request)
      if (asksForStepUp(response)) {
        await prove()
        response = await send(again)
      } else if (response.status === 401) {
        // The host's own doors may be the first to notice that a session is over.
        void user().catch(() => {})
      }
      const name = response.headers.get('guest-moment')
      if (name) void moment(name).catch(() => {})
      return response
    },
    close() {
      state.close()
      ;(tokens ?? ofSession)?.close()
      close()
    },
  }
}
