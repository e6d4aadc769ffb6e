// Promotion and sign-in on the service's own pages: a redirect leads there, and another one back with a code. Only
// the tab that began can use that code (RFC 6749, 4.1; RFC 7636; RFC 9126).
import { base64url } from '../lib/base64url.ts'
import { GuestClientError } from '../lib/errors.ts'
import type { Call } from '../lib/http.ts'
import { hash } from '../lib/jws.ts'
import { once } from '../lib/once.ts'
import { refuseUnknown } from '../lib/options.ts'
import type { SignedInGuest } from '../lib/types.ts'
import type { Leaving, Platform } from '../platform/platform.ts'
import { showAddress } from './link-address.ts'

/** What the redirect functions need from the rest of the client. */
export interface RedirectContext {
  baseUrl: string
  /** The name under which the tab stores what it began. */
  name: string
  /** The ID of the client to which the page belongs. */
  clientId: string
  callWithStepUp: Call
  /** Sends a request that changes who is signed in. */
  change: (path: string, body: object) => Promise<SignedInGuest>
  platform: Platform
}

/** Which page to come back to, and the language of the pages until then. */
export interface RedirectOptions {
  /** The page that calls `finishPromotion`: an absolute URL, exactly as the service has it registered. */
  redirectUri: string
  /**
   * A language tag such as `de`, or several, separated by spaces, the preferred one first (`ui_locales`). Default:
   * the languages of the browser.
   */
  locale?: string | undefined
}

/** What the tab stores until the browser is back. */
interface PendingRedirect {
  state: string
  verifier: string
  redirectUri: string
}

/** The parameters that an answer adds to the address (RFC 6749, 4.1.2 and 4.1.2.1; RFC 9207). */
const parameters = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri']

/** Works in sessionStorage, which each tab has for itself: tabs do not disturb each other. Errors: `storage`. */
function inStorage<T>(work: (storage: Storage) => T): T {
  try {
    return work(sessionStorage)
  } catch (error) {
    throw new GuestClientError('storage', error)
  }
}

/** Takes the answer out of the address bar if it is still there: a reload would hand it in again. */
function clearAddress(state: string) {
  const url = new URL(location.href)
  if (url.searchParams.get('state') !== state) return
  for (const name of parameters) url.searchParams.delete(name)
  showAddress(url)
}

/** How a page leaves. */
const pageLeaving: Leaving = {
  write: (name, begun) => inStorage((storage) => storage.setItem(name, JSON.stringify(begun))),
  take: (name, state) =>
    inStorage((storage) => {
      const begun = JSON.parse(storage.getItem(name) ?? 'null')
      if (begun?.state !== state) return undefined
      storage.removeItem(name)
      return begun
    }),
  leave: (url) => location.assign(url),
  clear: clearAddress,
}

/** The redirect functions of a client. */
export function createRedirects({
  baseUrl,
  name,
  clientId,
  callWithStepUp,
  change,
  platform: { leaving = pageLeaving },
}: RedirectContext) {
  const key = `${name}:redirect`
  /** The start of every `state` that this client makes: an address may hold the answer to another client or flow. */
  const prefix = `${clientId}.`

  const leaveFor = (purpose: 'promote' | 'sign_in') => async (options: RedirectOptions) => {
    const { redirectUri, locale, ...unknown } = options
    refuseUnknown(unknown)
    // WebCrypto exists only in secure contexts.
    if (!crypto.subtle) throw new GuestClientError('not_allowed_here')
    const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
    const state = prefix + crypto.randomUUID()
    const answer = await callWithStepUp<{ request_uri: string } | undefined>('POST', '/par', {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      state,
      code_challenge: await hash(verifier),
      code_challenge_method: 'S256',
      purpose,
    })
    const request_uri = answer?.request_uri
    // Something else than guestkey answered: the page must not leave for nowhere.
    if (!request_uri) throw new GuestClientError('server_error', answer)
    const begun: PendingRedirect = { state, verifier, redirectUri }
    await leaving.write(key, begun)
    const query = new URLSearchParams({
      client_id: clientId,
      request_uri,
      ...(locale && { ui_locales: locale }),
    })
    // A page is gone then. An app gets the address of the answer.
    return leaving.leave(`${baseUrl}/authorize?${query}`) as undefined
  }

  const finish = once(async (url: string): Promise<SignedInGuest | null> => {
    const answer = new URL(url, globalThis.location?.href).searchParams
    const state = answer.get('state')
    const code = answer.get('code')
    const error = answer.get('error')
    if (!state?.startsWith(prefix) || !(code || error)) return null
    leaving.clear?.(state)
    const begun = await leaving.take<PendingRedirect>(key, state)
    if (!begun) throw new GuestClientError('flow_invalid')
    if (error) throw new GuestClientError(error === 'access_denied' ? 'cancelled' : 'server_error', error)
    const { verifier: code_verifier, redirectUri: redirect_uri } = begun
    // Not repeated: a code that comes a second time ends the session that the first one began (RFC 6749, 4.1.2).
    return change('/promotion/finish', { code, code_verifier, redirect_uri })
  })

  return {
    promote: leaveFor('promote'),
    signInWithRedirect: leaveFor('sign_in'),
    finishPromotion: finish,
  }
}
