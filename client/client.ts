// createGuestClient: puts the browser client together, and says who is signed in and how that changes.
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
import type { GuestClient, GuestClientOptions } from './guest-client.ts'
import { GuestClientError, isNobody, isSessionOver } from './lib/errors.ts'
import { asksForStepUp, type Call, createCall, defaultBaseUrl, followedBy } from './lib/http.ts'
import { lock } from './lib/lock.ts'
import { once } from './lib/once.ts'
import { isForced, refuseUnknown } from './lib/options.ts'
import type { MergedGuest, SignedInGuest, UserInfo } from './lib/types.ts'
import { createGuestState } from './state/guest-state.ts'
import { createSessionToken } from './tokens/session-token.ts'
import { createTokens } from './tokens/tokens.ts'
import { isNone } from './webauthn/ceremonies.ts'
import { createSignals } from './webauthn/signals.ts'

/** The client ID of the service's own pages, which the cookie signs in. */
const ownClient = 'guestkey'

/**
 * Makes a client. It sends nothing until one of its functions is called. Throws TypeError for an unknown option, an
 * unknown `mode`, or an entry of `apis` that is not an origin.
 */
export function createGuestClient<Attributes = Record<string, unknown>>(
  options: GuestClientOptions = {},
): GuestClient<Attributes> {
  const {
    baseUrl = defaultBaseUrl,
    mode = 'cookie',
    clientId = ownClient,
    apis = [],
    dpop = true,
    headers,
    ...unknown
  } = options
  refuseUnknown(unknown)
  if (!/^(cookie|token)$/.test(mode)) throw new TypeError(`Unknown mode: ${mode}`)
  for (const api of apis) if (new URL(api).origin !== api) throw new TypeError(`Not an origin: ${api}`)
  const base = baseUrl.replace(/\/+$/, '')
  const { name, tokens } = mode === 'token' ? byTokens() : byCookie()
  const ask = tokens?.ask ?? createCall(base, headers)
  const state = createGuestState(name, () => void user().catch(() => {}))
  /** The requests for userinfo that are under way, by path. */
  const reading: Record<string, Promise<UserInfo | null>> = {}

  // Locks and channels belong to the origin of the page, while the endpoints may be on another one: the name has the
  // whole URL.
  function byTokens() {
    const url = new URL(base, globalThis.location?.href).href
    const name = `guestkey:${clientId}@${url}`
    return { name, tokens: createTokens({ baseUrl: url, name, clientId, apis, dpop, headers }) }
  }

  // The name leaves the origin out: one page may give `baseUrl` with its origin, another one without.
  function byCookie(): { name: string; tokens?: undefined } {
    return { name: `guestkey:${base.replace(/^\w+:\/\/[^/]+/, '')}` }
  }

  // No other request may be under way while an answer sets the cookie. A request with the old cookie would be
  // answered that its session has ended, and that answer would delete the new cookie.
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

  /** Sends a request while no other one is under way, and adopts the guest of its answer. */
  const take = <G extends UserInfo>(ask: (call: Call) => Promise<G>, path: string) =>
    exclusive(async (call) => {
      const answer = await adopt(await ask(call))
      // A first passkey or login ID has revoked every device key of the guest, with this browser's.
      if (/(register|verify|finish)$/.test(path)) await renew(call)
      return answer
    })

  /** Sends a request that may change who is signed in, or which prompts are due. */
  const change = <G extends UserInfo>(path: string, body: object, method = 'POST') =>
    take((call) => call<G>(method, path, body), path)

  async function leave() {
    await (tokens ?? ofSession)?.forget()
    state.settle(null)
    state.tellTabs()
  }

  async function whoIsThere(ask: Call, path = '/userinfo', moment?: string): Promise<UserInfo | null> {
    try {
      const guest = await ask<UserInfo>('GET', path)
      state.settle(guest, moment)
      return guest
    } catch (error) {
      if (!isNobody(error)) throw error
      // Has the dead cookie removed, or else every route of the host refuses it. Only the answer to a sign-in does that,
      // for which no lock may be held yet.
      if (ask === call && isSessionOver(error))
        await exclusive((call) => call('POST', '/sign-in', { lookup_only: true })).catch(() => {})
      return null
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
  const changing = (call: Call) => followedBy(call, recheck)

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

  /** The guest who is signed in, or whom the key of this browser signs in again; null if there is neither. */
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

  /** The guest who is signed in, or a new one. */
  async function begin(call: Call, collection?: string): Promise<UserInfo> {
    const signIn = async () => {
      await tokens?.begin(collection)
      return call<UserInfo>('POST', '/sign-in', { collection, lookup_only: tokens && true })
    }
    return adopt(
      await signIn().catch((error) => {
        // This answer deleted the cookie or the tokens of the ended session. Asking again makes a new guest, as was
        // asked for.
        if (!isSessionOver(error)) throw error
        return signIn()
      }),
    )
  }

  const continueAsGuest = once(async (collection?: string, immediate?: boolean): Promise<UserInfo> => {
    const known = await exclusive(async (call) => {
      const guest = immediate || (await canResume()) ? await comeBack(call, collection) : null
      return guest ?? (immediate ? null : begin(call, collection))
    })
    if (known) return known
    // Outside the lock, so that other tabs need not wait for the user.
    const guest = await passkeys.signIn({ immediate: true }).catch((error) => {
      if (!isNone(error)) throw error
    })
    return guest ?? exclusive((call) => begin(call, collection))
  })

  return {
    async signInAnonymously({ collection, immediate, ...unknown } = {}) {
      refuseUnknown(unknown)
      return continueAsGuest(collection, immediate)
    },
    signInWithRecoveryCode: (code) => change('/sign-in/recovery-code', { code }),
    async rename(label) {
      const guest = await change('/label', { label }, 'PATCH')
      signals.current()
      return guest
    },
    user,
    moment,
    on: state.on,
    onChange: (listener) => state.on('guest.changed', listener),
    async signOut({ everywhere, force, ...unknown } = {}) {
      refuseUnknown(unknown)
      await exclusive(async (call) => {
        await call('POST', '/sign-out', { everywhere, force }).catch(async (error) => {
          // Signed out already, which is what was wanted. But `everywhere` was not done then, and if somebody has
          // signed in meanwhile, that session was not ended.
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
    recoveryCodes: createRecoveryCodes(call, changing(call), changing(callWithStepUp)),
    sessions: createSessions(
      call,
      followedBy(call, async () => {
        // The guest ended the session of this page, which is a sign-out.
        if ((await recheck()) === null) await heed()
      }),
    ),
    profile: createProfiles(call, changing(call)),
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
    loginIds: createLoginIds(call, changing(callWithStepUp)),
    ...createRedirects({
      baseUrl: base,
      name,
      // In cookie mode the page is one of the service's own, whatever client its access tokens are for.
      clientId: tokens ? clientId : ownClient,
      callWithStepUp,
      change,
    }),
    merge: (ticket) => change<MergedGuest>('/merge', { ticket }),
    undoMerge: async (ticket, options) => change('/merge/undo', { ticket, force: isForced(options) }),
    async accessToken() {
      const access = await (tokens ?? ofSession)!.current()
      if (!access) state.settle(null)
      return access?.token ?? null
    },
    async fetch(input, init) {
      const send = tokens?.send ?? fetch
      const request = new Request(input, init)
      // A body can be read only once.
      const again = request.clone()
      const prove = watchProofs()
      let response = await send(request)
      if (asksForStepUp(response)) {
        await prove()
        response = await send(again)
      } else if (response.status === 401) {
        // A route of the host may be the first to notice that a session has ended.
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
