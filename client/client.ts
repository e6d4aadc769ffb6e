// makeClient: puts the browser client together, and says who is signed in and how that changes. What is imported here is
// in the first load of every page, so it is little: see the head of build.ts.
import { createFetch } from './api/fetch.ts'
import { createLinkAddress } from './api/link-address.ts'
import { loadOtherParts, loadPasskeyExtras, loadProve, loadSentences, loadTokens } from './chunks.ts'
import type { GuestClient, GuestClientOptions } from './guest-client.ts'
import { defaultBaseUrl } from './lib/base-url.ts'
import { GuestClientError, isCode, isNobody, isSessionOver, oncePerSession } from './lib/errors.ts'
import { type Call, createCall } from './lib/http.ts'
import { functionsOf, groupsOf, type Load, later, loadChunk } from './lib/later.ts'
import { once } from './lib/once.ts'
import { refuseUnknown } from './lib/options.ts'
import type { SignedInGuest, UserInfo } from './lib/types.ts'
import { withSentences } from './lib/with-sentences.ts'
import type { Platform } from './platform/platform.ts'
import { keepsCookies } from './state/cookies.ts'
import { createGuestState } from './state/guest-state.ts'
import { mark, readResumable } from './state/held-key.ts'
import { forgetLastGuest } from './state/last-guest.ts'
import { lock as webLock } from './tabs/lock.ts'
import { hasPasskeys } from './webauthn/supported.ts'

/**
 * The longest that a request which does not change who is signed in waits for one that does, which takes less time unless
 * its tab is frozen or the server is slow.
 */
const readPatienceMilliseconds = 1500

/** Errors: `server_error` if the answer is no guest, because something else than guestkey gave it. */
function requireGuest(answer: UserInfo | undefined) {
  if (!answer?.sub) throw new GuestClientError('server_error', answer)
}

/**
 * Makes a client, which gets its passkey functions from this chunk. It sends nothing until one of its functions is
 * called, but in token mode it loads what handles tokens. `platform` is what an app gives in place of what a browser has.
 * Throws TypeError for an option that is unknown or wrong.
 */
export function makeClient<Attributes>(
  options: GuestClientOptions,
  passkeysChunk: Load<Pick<typeof import('./api/passkeys.ts'), 'createPasskeys'>>,
  platform: Platform = {},
): GuestClient<Attributes> {
  const {
    baseUrl = defaultBaseUrl(),
    mode = 'cookie',
    clientId = 'guestkey',
    apis = [],
    dpop,
    headers,
    initialGuest,
    timeoutSeconds = 30,
    ...unknown
  } = options
  refuseUnknown(unknown)
  if (!/^(cookie|token)$/.test(mode)) throw new TypeError(`Unknown mode: ${mode}`)
  for (const api of apis) if (new URL(api).origin !== api) throw new TypeError(`Not an origin: ${api}`)
  // A timer that is set to more than 24 days does not wait at all.
  if (!(timeoutSeconds > 0 && timeoutSeconds < 1e6))
    throw new TypeError(`Not a number of seconds: ${timeoutSeconds}`)
  const base = baseUrl.replace(/\/+$/, '')
  const { lock = webLock, transact } = platform
  let proof: string | undefined
  const { name, tokens } = mode === 'token' ? byTokens() : byCookie()
  const ask: Call = tokens
    ? async <T>(...asked: Parameters<Call>) => (await tokens.get()).ask<T>(...asked)
    : createCall(base, { headers, timeoutSeconds, proof: () => proof })
  const send = async (request: Request) => (tokens ? (await tokens.get()).send(request) : fetch(request))
  const state = createGuestState(name, () => void user().catch(() => {}), initialGuest)
  /** Grows when somebody else or nobody is signed in by this page: an answer from before says nothing any more. */
  let changes = 0
  /** The requests for userinfo that are under way, by path. */
  const reading: Record<string, Promise<UserInfo | null>> = {}

  // Locks and channels belong to the origin of the page, while the endpoints may be on another one: the name has the
  // whole URL.
  function byTokens() {
    // On a server, where no function is called, a page may be made.
    const url = new URL(base, globalThis.location?.href ?? 'http://localhost').href
    const name = `guestkey:${clientId}@${url}`
    const tokens = later(loadTokens, ({ createTokens }) =>
      createTokens({ ...options, proof: () => proof, baseUrl: url, name, clientId, platform }),
    )
    // Each request needs them, also one that a click makes: nothing may be loaded between that and a passkey dialog.
    tokens.get().catch(() => {})
    return { name, tokens }
  }

  // The name leaves the origin out: one page may give `baseUrl` with its origin, another one without.
  function byCookie(): { name: string; tokens?: undefined } {
    return { name: `guestkey:${base.replace(/^\w+:\/\/[^/]+/, '')}` }
  }

  // No other request may be under way while an answer sets the cookie. A request with the old cookie would be
  // answered that its session has ended, and that answer would delete the new cookie.
  const unlocked: Call = async <T>(...asked: Parameters<Call>) => {
    // Before anything is made that would be lost with the cookie: a guest, a passkey, a code that is used up.
    if (!tokens && asked[0] !== 'GET' && !keepsCookies()) throw new GuestClientError('cookies_blocked')
    const seen = changes
    try {
      return await ask<T>(...asked)
    } catch (error) {
      if (isNobody(error) && seen === changes) {
        others.made?.forgetToken()
        state.settle(null)
      }
      throw error
    }
  }
  /** Does some work, and does it again with the proof that the server may ask for in a flood. */
  const proving = <T>(work: () => Promise<T>) =>
    work().catch(async (error) => {
      if (!isCode(error, 'proof_of_work_required')) throw error
      const { prove } = await loadChunk(loadProve)
      return prove(error, work, (given) => {
        proof = given
      })
    })
  // No part is loaded, and nothing proven, while a lock is held: all tabs wait for that.
  const call: Call = async (...asked) => {
    await tokens?.get()
    return proving(() => lock(name, 'shared', readPatienceMilliseconds, () => unlocked(...asked)))
  }
  async function exclusive<T>(work: (call: Call) => Promise<T>) {
    await tokens?.get()
    return proving(() => lock(name, 'exclusive', timeoutSeconds * 1000, () => work(unlocked)))
  }

  async function adopt<G extends UserInfo>(answer: G): Promise<G> {
    requireGuest(answer)
    changes++
    const { passkey, device_key, previous, merged, ticket, offer_passkey, recovery_codes_left, ...guest } =
      answer as SignedInGuest & Record<string, unknown>
    others.made?.forgetToken()
    await heed(guest.anonymous_id)
    state.settle(guest)
    if (offer_passkey) state.offerPasskey(answer)
    state.tellTabs()
    return answer
  }

  /** Sends a request while no other one is under way, and adopts the guest of its answer. */
  async function take<G extends UserInfo>(ask: (call: Call) => Promise<G>, path: string): Promise<G> {
    // A first passkey or login ID revokes every device key of the guest, with this browser's.
    const mayRevoke = /(register|verify|finish)$/.test(path)
    if (mayRevoke) void partsForKey()
    const answer = await exclusive(async (call) => adopt(await ask(call)))
    if (mayRevoke) await (await partsForKey())?.renew()
    return answer
  }

  /** The parts that use the key of this browser; undefined if there is no key whose guest may come back unasked. */
  async function partsForKey() {
    try {
      if (await readResumable(name, transact)) return await others.get()
    } catch {}
  }

  /** Who is signed in, without making anybody. */
  const lookUp = (call: Call, collection?: string) =>
    call<UserInfo>('POST', '/sign-in', { collection, lookup_only: true })

  async function leave() {
    changes++
    if (tokens) await (await tokens.get()).forget()
    others.made?.forgetToken()
    state.settle(null)
    state.tellTabs()
  }

  async function whoIsThere(ask: Call, path = '/userinfo', moment?: string): Promise<UserInfo | null> {
    const seen = changes
    try {
      const guest = await ask<UserInfo>('GET', path)
      requireGuest(guest)
      if (seen !== changes) return whoIsThere(ask, path, moment)
      state.settle(guest, moment)
      return guest
    } catch (error) {
      if (!isNobody(error)) throw error
      // Has the dead cookie removed, or else every route of the host refuses it. Only the answer to a sign-in does that,
      // for which no lock may be held yet. Somebody may have signed in while this request did not wait for the lock.
      if (ask === call && isSessionOver(error))
        return exclusive(async (call) => adopt(await lookUp(call))).catch(() => null)
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
    return user().catch(() => undefined)
  }

  const links = createLinkAddress()
  let closing = new AbortController()
  const told = <Part>(part: Part) => withSentences(part, loadSentences, platform.isHere)

  /** See `mark`. It needs no part: whoever was here before must not come back because a part is missing. */
  const heed = (anonymousId?: string) => mark(name, anonymousId, transact).catch(() => {})

  /** What the parts that come later work with. */
  const inner = {
    baseUrl: base,
    name,
    clientId,
    links,
    state,
    platform,
    call,
    exclusive,
    adopt,
    take,
    user,
    whoIsThere,
    recheck,
    leave,
    heed,
    loadExtras: loadPasskeyExtras,
    loadSentences,
    withSentences: told,
  }
  const passkeys = later(passkeysChunk, ({ createPasskeys }) => createPasskeys(inner))
  const others = later(loadOtherParts, async ({ createOtherParts }) =>
    createOtherParts<Attributes>({ ...(await passkeys.get()), ...inner, tokens: await tokens?.get() }),
  )

  // The guest who is signed in, or whom this browser's key signs in again; null: neither; undefined: its part is missing.
  async function comeBack(call: Call, collection?: string): Promise<UserInfo | null | undefined> {
    try {
      return await adopt(await lookUp(call, collection))
    } catch (error) {
      if (!isNobody(error)) throw error
    }
    const guest = (await readResumable(name, transact)) ? await others.made?.resume(call) : null
    if (guest && collection && guest.collection !== collection)
      throw new GuestClientError('collection_mismatch')
    return guest
  }

  /** The guest who is signed in, or a new one. */
  async function begin(call: Call, collection?: string): Promise<UserInfo> {
    const signIn = async () => {
      if (tokens) await (await tokens.get()).begin(collection)
      return call<UserInfo>('POST', '/sign-in', { collection, lookup_only: tokens && true })
    }
    // The second time makes a new guest, as was asked for.
    return adopt(await oncePerSession(signIn))
  }

  // `once` makes one guest of many callers, and the lock one of many tabs.
  const continueAsGuest = once(async (collection?: string, immediate?: boolean): Promise<UserInfo> => {
    const begun = () =>
      exclusive(async (call) => {
        const guest =
          immediate || (await readResumable(name, transact)) ? await comeBack(call, collection) : null
        return guest === null && !immediate ? begin(call, collection) : guest
      })
    let known = await begun()
    if (known === undefined) {
      await others.get()
      known = await begun()
    }
    if (known) return known
    // Outside the lock, so that other tabs need not wait for the user.
    const guest = await (await passkeys.get()).signInIfAny()
    return guest ?? exclusive((call) => begin(call, collection))
  })

  const groups = groupsOf(others, {
    deviceKey: ['enable', 'disable', 'signIn', 'isEnabled', 'held'],
    deviceKeys: ['list', 'rename', 'remove'],
    deviceLinks: ['start', 'watch', 'approve', 'refuse', 'cancel', 'open'],
    recoveryCodes: ['create', 'confirm', 'status', 'remove'],
    sessions: ['list', 'end', 'endOthers'],
    profile: ['get', 'update'],
    prompts: ['snooze'],
    account: ['export', 'delete'],
    promotion: ['start', 'verify', 'undo'],
    codeSignIn: ['start', 'verify'],
    loginIds: ['list', 'setPrimary', 'remove'],
    wayIn: ['signIn', 'cancel'],
  })
  const client = told<Omit<GuestClient<Attributes>, 'current'>>({
    ...groups,
    ...functionsOf(others.get, [
      'signInWithRecoveryCode',
      'rename',
      'promote',
      'signInWithRedirect',
      'merge',
      'undoMerge',
      'accessToken',
      'signInMethods',
    ]),
    async signInAnonymously({ collection, immediate, ...unknown } = {}) {
      refuseUnknown(unknown)
      return continueAsGuest(collection, immediate)
    },
    async finishPromotion(url = location.href) {
      // Most pages that ask have no answer in their address.
      return /[?&]state=/.test(url) ? (await others.get()).finishPromotion(url) : null
    },
    fetch: createFetch({ send, passkeys, user, moment }),
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
        // Whoever ends all sessions leaves no name behind, as on a machine that others use.
        if (everywhere) forgetLastGuest()
        await leave()
      })
    },
    passkeys: {
      // The signal is that of now: the client may be closed before the part is there.
      async signIn(options, { signal } = closing) {
        return (await passkeys.get()).signIn(options, signal)
      },
      supported: hasPasskeys,
      cancel: async () => passkeys.made?.cancel(),
      ...functionsOf(passkeys.get, ['add', 'list', 'rename', 'remove', 'secret', 'autofillSupported']),
    },
    deviceLinks: { ...groups.deviceLinks, pending: links.pending },
    prompts: { ...groups.prompts, onDue: (listener) => state.on('prompts.due', listener) },
    close() {
      state.close()
      tokens?.made?.close()
      others.made?.close()
      closing.abort()
      closing = new AbortController()
    },
  })
  return state.shownBy(client)
}
