// Requests to guestkey's endpoints: send JSON, and get JSON or an error with a code.
import { answerError, GuestClientError, isCode } from './errors.ts'
import { type ForceOptions, forceQuery } from './options.ts'
import { within } from './within.ts'

/**
 * A request without an answer after 30 seconds fails with `timeout`: it must not hold the lock of all tabs for
 * longer.
 */
const patienceMilliseconds = 30_000

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

/** A Call for the endpoints under `baseUrl` that adds the headers of the app; `send` sends its requests. */
export const createCall =
  (
    baseUrl: string,
    added?: AddedHeaders,
    send = (url: string, init: RequestInit) => fetch(url, init),
  ): Call =>
  async <T>(method: string, path: string, body?: object, versioned?: Versioned) => {
    let response: Response
    let text: string
    try {
      const signal = AbortSignal.timeout?.(patienceMilliseconds)
      const headers = new Headers(await within(signal, typeof added === 'function' ? added() : added))
      if (body) headers.set('content-type', 'application/json')
      if (versioned?.ifMatch) headers.set('if-match', versioned.ifMatch)
      response = await send(baseUrl + path, {
        method,
        ...(body && { body: JSON.stringify(body) }),
        headers,
        cache: 'no-store',
        signal,
      })
      // Inside the `try`: an answer that breaks off is a lost answer.
      text = await response.text()
    } catch (error) {
      if (error instanceof GuestClientError) throw error
      throw new GuestClientError((error as Error).name === 'TimeoutError' ? 'timeout' : 'network', error)
    }
    const { ok, status } = response
    if (status === 204) return undefined as T
    let answer: unknown
    try {
      answer = JSON.parse(text)
    } catch (error) {
      // This answer comes from the app, a captive portal or a proxy, and says nothing about the guest.
      throw answerError(status, error, text)
    }
    if (!ok) throw answerError(status, answer, text)
    return (versioned ? { ...(answer as object), etag: response.headers.get('etag') } : answer) as T
  }

const retryDelaysMilliseconds = [300, 900]

/** Does work that is safe to repeat: up to three times, as long as the network fails. */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (const delay of retryDelaysMilliseconds) {
    try {
      return await work()
    } catch (error) {
      if (!isCode(error, 'network')) throw error
      await new Promise((resolve) => setTimeout(resolve, delay))
    }
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
