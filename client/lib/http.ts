// Requests to guestkey's endpoints: send JSON, and get JSON or an error with a code.
import { answerError, GuestClientError, isCode } from './errors.ts'
import { type ForceOptions, forceQuery } from './options.ts'
import { within } from './within.ts'

/** For a resource with versions: then the answer gets the member `etag`. */
export interface Versioned {
  /** The version that the resource must still have; otherwise the server refuses the request (RFC 9110, 13.1.1). */
  ifMatch?: string | undefined
}

/**
 * Sends a request to one endpoint. Rejects with GuestClientError: `network`, `timeout`, the code of the server, or
 * what the status says (see answerError).
 */
export type Call = <T = void>(
  method: string,
  path: string,
  body?: object,
  versioned?: Versioned,
) => Promise<T>

/** What an app adds to the headers of each request. See GuestClientOptions. */
export type AddedHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined

/** How an app wants all requests. See GuestClientOptions. */
export interface RequestOptions {
  headers?: AddedHeaders
  timeoutSeconds?: number | undefined
  /** The proof of work to send (ALTCHA), if the server has asked for one. */
  proof?: () => string | undefined
}

/** A Call for the endpoints under `baseUrl`; `send` sends its requests. */
export const createCall =
  (
    baseUrl: string,
    { headers: added, timeoutSeconds = 30, proof }: RequestOptions = {},
    send = (url: string, init: RequestInit) => fetch(url, init),
  ): Call =>
  async <T>(method: string, path: string, body?: object, versioned?: Versioned) => {
    const exchange = async (signal: AbortSignal) => {
      const headers = new Headers(await (typeof added === 'function' ? added() : added))
      if (proof?.()) headers.set('altcha', proof()!)
      if (body) headers.set('content-type', 'application/json')
      if (versioned?.ifMatch) headers.set('if-match', versioned.ifMatch)
      const response = await send(baseUrl + path, {
        method,
        ...(body && { body: JSON.stringify(body) }),
        headers,
        cache: 'no-store',
        signal,
      })
      // An answer that breaks off is a lost answer.
      return { response, text: await response.text() }
    }
    const { response, text } = await within(timeoutSeconds * 1000, exchange).catch((error) => {
      throw error instanceof GuestClientError ? error : new GuestClientError('network', error)
    })
    if (response.status === 204 && method !== 'GET') return undefined as T
    let answer: unknown
    try {
      answer = JSON.parse(text)
    } catch (error) {
      // This answer comes from the app, a captive portal or a proxy, and says nothing about the guest.
      throw answerError(response, error, text)
    }
    // Each of our answers is an object.
    if (!response.ok || Object(answer) !== answer) throw answerError(response, answer, text)
    return (versioned ? { ...(answer as object), etag: response.headers.get('etag') } : answer) as T
  }

const retryDelaysMilliseconds = [300, 900]

/**
 * Does work that is safe to repeat: up to three times as long as the network fails, and once more after a request that was
 * not answered in time. The server may have done either.
 */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (const delay of retryDelaysMilliseconds) {
    let isLate = false
    try {
      return await work()
    } catch (error) {
      isLate = isCode(error, 'timeout')
      if (!isLate && !isCode(error, 'network')) throw error
    }
    if (isLate) break
    await new Promise((resolve) => setTimeout(resolve, delay))
  }
  return work()
}

/** Whether a resource server asks for a fresh proof (RFC 9470, section 3). */
export const asksForStepUp = (response: Response) =>
  response.status === 401 &&
  /[\s,]error\s*=\s*"?insufficient_user_authentication\b/i.test(
    response.headers.get('www-authenticate') ?? '',
  )

/** The path of one item in a list; the options are for deleting it, see forceQuery. */
export const itemPath = (list: string, id: string, options?: ForceOptions) =>
  `${list}/${encodeURIComponent(id)}${forceQuery(options)}`

/** The same call, with `then` done after it. */
export const followedBy =
  (call: Call, then: () => Promise<unknown>): Call =>
  async (...request) => {
    const answer = await call<never>(...request)
    await then()
    return answer
  }
