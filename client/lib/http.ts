// Requests to guestkey's doors: JSON in, JSON or a coded error out.
import { answerError, codeOf, GuestClientError } from './errors.ts'

/** No answer by then is a `timeout`: a request that hangs must not hold the lock for all tabs. */
const patienceMilliseconds = 30_000

/** For what has versions: the answer has its `etag` then. */
export interface Versioned {
  /** The version that it has to have, or the request is refused (RFC 9110, 13.1.1). */
  ifMatch?: string | undefined
}

/** Asks one door. Rejects with a GuestClientError: `network`, `timeout`, the server's own code, or `server_error`. */
export type Call = <T = void>(
  method: string,
  path: string,
  body?: object,
  versioned?: Versioned,
) => Promise<T>

/** Served by guestkey itself, the module lies beside the doors; bundled into an app, it cannot know. */
export const defaultBaseUrl = /^(.*)\/client\.js(?:[?#]|$)/.exec(import.meta.url)?.[1] ?? '/guest'

/** A Call for the doors under `baseUrl`; `send` sends its requests. */
export const createCall =
  (baseUrl: string, send = (url: string, init: RequestInit) => fetch(url, init)): Call =>
  async <T>(method: string, path: string, body?: object, versioned?: Versioned) => {
    let response: Response
    let text: string
    try {
      response = await send(baseUrl + path, {
        method,
        ...(body && { body: JSON.stringify(body) }),
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(versioned?.ifMatch && { 'if-match': versioned.ifMatch }),
        },
        cache: 'no-store',
        signal: AbortSignal.timeout?.(patienceMilliseconds),
      })
      // Inside the try: an answer cut off in the middle is a lost answer.
      text = await response.text()
    } catch (error) {
      if (codeOf(error)) throw error
      throw new GuestClientError((error as Error).name === 'TimeoutError' ? 'timeout' : 'network', error)
    }
    const { ok, status } = response
    if (status === 204) return undefined as T
    let answer: unknown
    try {
      answer = JSON.parse(text)
    } catch (error) {
      // A captive portal or a proxy: whatever it is, it is no guest.
      throw new GuestClientError('server_error', error, status)
    }
    if (!ok) throw answerError(status, answer)
    return (versioned ? { ...(answer as object), etag: response.headers.get('etag') } : answer) as T
  }

const retryDelaysMilliseconds = [300, 900]

/** Does what is safe to repeat, and again if the network fails. */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (const delay of retryDelaysMilliseconds) {
    try {
      return await work()
    } catch (error) {
      if (codeOf(error) !== 'network') throw error
      await new Promise((resolve) => setTimeout(resolve, delay))
    }
  }
  return work()
}

/** Whether a resource server wants a fresh proof before it answers (RFC 9470 §3). */
export const asksForStepUp = (response: Response) =>
  response.status === 401 &&
  /[\s,]error\s*=\s*"?insufficient_user_authentication\b/i.test(
    response.headers.get('www-authenticate') ?? '',
  )
