// Token mode: requests carry an access token. All tabs share it, and one tab at a time refreshes it.
import type { Tokens } from '../../server/types.ts'
import { GuestClientError, isCode } from '../lib/errors.ts'
import {
  asksForStepUp,
  type Call,
  createCall,
  insist,
  type RequestOptions,
  type Versioned,
} from '../lib/http.ts'
import { browserKeys } from '../lib/jws.ts'
import { once } from '../lib/once.ts'
import type { Platform, SigningKey } from '../platform/platform.ts'
import { openBrowserStore } from '../storage/browser-store.ts'
import { createChannel } from '../tabs/channel.ts'
import { lock as webLock } from '../tabs/lock.ts'
import { type AccessToken, type AccessTokens, isAlive, isGood, passedOn, received } from './access-token.ts'
import { createProof } from './dpop.ts'

/** The record in the browser with which the session goes on. */
interface Stored {
  /** New with every change, so that a tab can tell whether what it holds is still current. */
  id: number
  refreshToken: string
  key: SigningKey | undefined
}

/** How long a tab that waited for the refresh of another one waits for the new token, before it refreshes by itself. */
const arrivalMilliseconds = 500
/**
 * The longest that a refresh request may take, and that a tab waits for the refresh of another one. If an answer is lost,
 * its tab asks again after that time, and a tab that waited asks again after twice that time. Both are within the server's
 * `tokens.refreshGraceSeconds`; after that, a used refresh token ends the session.
 */
export const refreshPatienceSeconds = 10
/**
 * A difference of at most 30 seconds between two clocks does no harm, since servers allow for it. A proof that was
 * refused is made anew only if the server shows a larger one.
 */
const skewMilliseconds = 30_000

/**
 * The requests that name the client: their answer may bring the tokens of another session. These are all endpoints of
 * the server that take a `client_id` and are not OAuth's own, which a test holds.
 */
export const beginning =
  /^(POST \/(passkeys\/(register|authenticate|unknown)|promotion\/(verify|finish)|sign-in\/(recovery-)?code|device-keys\/sign-in|device-links\/(open|claim)|prompts\/snooze|merge\/undo|way-in)|PATCH \/label)$/

/** See createTokens. */
export interface TokenOptions extends RequestOptions {
  /** The absolute URL of the endpoints. */
  baseUrl: string
  name: string
  clientId: string
  /** The other origins that get the access token. Default: none. */
  apis?: string[] | undefined
  /** Whether new sessions are bound to a key (RFC 9449). Default: true. */
  dpop?: boolean | undefined
  platform?: Platform
}

/** The tokens of a page, and requests that carry them. */
export function createTokens(options: TokenOptions) {
  const { baseUrl, name, clientId, apis = [], dpop = true, timeoutSeconds = 30, platform = {} } = options
  const { keys = browserKeys, lock = webLock, hasTabs = true } = platform
  const fetch = platform.fetch ?? ((request: Request) => globalThis.fetch(request))
  const store = openBrowserStore<Stored>(name, false, platform.transact)
  const origins = [new URL(baseUrl).origin, ...apis]
  const patienceSeconds = Math.min(timeoutSeconds, refreshPatienceSeconds)
  let access: AccessToken | null = null
  let isClosed = false
  let arrived = () => {}
  /** How many milliseconds the clock of the server is ahead of ours. */
  let skew = 0

  const keyIfWanted = async () => (dpop ? keys.create() : undefined)

  const channel = hasTabs
    ? createChannel(`${name}:tokens`, (passed: AccessToken | null) => {
        access = passed && passedOn(passed)
        arrived()
      })
    : undefined

  function hold(next: AccessToken | null) {
    access = next
    channel?.post(next)
  }

  /**
   * Stores the tokens of an answer for all tabs; with `expected`, only if that session is still the stored one, or with null
   * if none is. Resolves to whether it did.
   */
  async function take(
    answer: Tokens,
    key: SigningKey | undefined,
    expected?: number | null,
  ): Promise<boolean> {
    const id = Math.random()
    const next = received(answer, { id, key })
    const kept = await store.replace({ id, key, refreshToken: answer.refresh_token! }, expected)
    if (kept) hold(next)
    return kept
  }

  /** Errors: `server_error` if something else than guestkey answered, and others. */
  async function askToken(body: object, key: SigningKey | undefined, given: RequestOptions = options) {
    const call = createCall(baseUrl, given, (url, init) =>
      dispatch(new Request(url, { ...init, credentials: 'omit' }), key),
    )
    const answer = await call<Tokens | undefined>('POST', '/token', { ...body, client_id: clientId })
    if (!answer?.access_token) throw new GuestClientError('server_error', answer)
    return answer
  }

  /**
   * Sends a request with its token and its proof. If it is refused because our clock was too wrong for the proof,
   * sends it once more.
   */
  async function dispatch(
    request: Request,
    key?: SigningKey,
    access?: AccessToken | null,
    isFirst = true,
  ): Promise<Response> {
    const again = request.clone()
    const headers = new Headers(request.headers)
    if (access) headers.set('authorization', `${access.type} ${access.token}`)
    const proves = key && access?.type !== 'Bearer'
    if (proves) headers.set('dpop', await createProof(keys, key, request, Date.now() + skew, access?.token))
    // Some browsers keep the token when a redirect leads to another origin, and a proof is good for its own URL only.
    const redirect = request.redirect === 'manual' ? 'manual' : 'error'
    const response = await fetch(new Request(request, { headers, redirect }))
    const refused = response.status === 400 || response.status === 401
    return isFirst && proves && refused && learnsTime(response)
      ? dispatch(again, key, access, false)
      : response
  }

  function learnsTime(response: Response): boolean {
    const ahead = Date.parse(response.headers.get('date') ?? '') - Date.now()
    const isNews = Math.abs(ahead - skew) > skewMilliseconds
    if (isNews) skew = ahead
    return isNews
  }

  /** Sends a request for whoever is signed in; `key` is for a request that may begin a session. */
  async function deliver(request: Request, key?: SigningKey): Promise<Response> {
    const access = await current()
    if (!access && !key) return fetch(request)
    const again = request.clone()
    const response = await dispatch(request, access?.key ?? key, access)
    if (!access || response.status !== 401 || asksForStepUp(response)) return response
    const next = await renew(access)
    return next ? dispatch(again, next.key, next) : response
  }

  async function current(): Promise<AccessToken | null> {
    if (access && isGood(access)) return access
    const last = access
    return renew(last).catch((error) => {
      if (last && last === access && isAlive(last)) return last
      throw error
    })
  }

  /** A newer access token than this one; null if nobody is signed in. */
  const renew = once(renewForAllTabs)

  async function renewForAllTabs(stale: AccessToken | null): Promise<AccessToken | null> {
    // A request that is still under way after `close` goes on without hearing the other tabs.
    if (!isClosed) channel?.listen()
    let seen = await store.read()
    return lock(`${name}:tokens`, 'exclusive', patienceSeconds * 1000, async () => {
      for (;;) {
        const stored = await store.read()
        if (!stored) {
          access = null
          return null
        }
        if (stored.id !== seen?.id && stored.id !== access?.id) await arrival()
        if (access && access !== stale && access.id === stored.id && isGood(access)) return access
        seen = stored
        const { id, refreshToken } = stored
        const key = stored.key ?? (await keyIfWanted())
        const body = { grant_type: 'refresh_token', refresh_token: refreshToken }
        const ask = () => askToken(body, key, { ...options, timeoutSeconds: patienceSeconds })
        try {
          // Asking again is safe: the server repeats an answer that was lost. If another session has begun meanwhile,
          // this token is no longer wanted, and the loop looks again.
          if (await take(await insist(ask), key, id)) return access
        } catch (error) {
          if (!isCode(error, 'invalid_grant')) throw error
          if (await store.replace(undefined, id)) hold(null)
        }
      }
    })
  }

  const arrival = () =>
    new Promise<void>((resolve) => {
      arrived = resolve
      setTimeout(resolve, arrivalMilliseconds)
    })

  /** A Call that stores the tokens which its answers bring. */
  const ask: Call = async <T>(method: string, path: string, body?: object, versioned?: Versioned) => {
    // What anybody may read is asked for even if nobody is signed in.
    if (method === 'GET' && !path.startsWith('/.well-known') && !(await current()))
      throw new GuestClientError('not_signed_in')
    const begins = beginning.test(`${method} ${path}`)
    const key = begins ? ((await current())?.key ?? (await keyIfWanted())) : undefined
    const call = createCall(baseUrl, options, (url, init) =>
      deliver(new Request(url, { ...init, credentials: 'omit' }), key),
    )
    if (!begins) return call<T>(method, path, body, versioned)
    const { tokens, ...answer } = await call<{ tokens?: Tokens }>(method, path, {
      ...body,
      client_id: clientId,
    })
    if (tokens) await take(tokens, key)
    return answer as T
  }

  return {
    ask,
    current,
    /** Makes a new guest if nobody is signed in. */
    async begin(collection: string | undefined) {
      if (await current()) return
      const key = await keyIfWanted()
      const grant_type = 'urn:guestkey:params:oauth:grant-type:anonymous'
      // If another tab has taken the lock away meanwhile, its guest stays.
      await take(await askToken({ grant_type, collection }, key), key, null)
    },
    /** `fetch`, with the token if the request goes to an origin that may have it. */
    send: (request: Request) =>
      origins.includes(new URL(request.url).origin) && !request.headers.has('authorization')
        ? deliver(request)
        : fetch(request),
    async forget() {
      await store.replace(undefined)
      hold(null)
    },
    close() {
      isClosed = true
      channel?.close()
    },
  } satisfies AccessTokens & Record<string, unknown>
}
