// Requests to the operators' API. The page is at the path of the API, so all addresses are relative to it.
import { noteTime } from './clock.ts'

/** An answer that is no success, or none at all. */
export class ApiError extends Error {
  readonly code: string
  /** What the server says was wrong, and what would be right. */
  readonly detail: string | undefined
  /** After how many seconds to try again. */
  readonly retryAfter: number | undefined

  constructor(code: string, detail?: string, retryAfter?: number, cause?: unknown) {
    super(detail ?? code, { cause })
    this.code = code
    this.detail = detail
    this.retryAfter = retryAfter
  }
}

export const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof ApiError && codes.includes(error.code)

/** How long the page waits for an answer. */
const WAIT_MILLISECONDS = 30_000

/** A request as it is, without asking for a passkey. Errors: ApiError. */
export async function send<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const answer = await fetch(new URL(path, document.baseURI), {
    method,
    cache: 'no-store',
    signal: AbortSignal.timeout(WAIT_MILLISECONDS),
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(navigator.onLine ? 'no_answer' : 'offline')
  })
  noteTime(answer.headers.get('date'))
  if (answer.ok) return answer.status === 204 ? (undefined as T) : read(answer)
  const problem = await read<{ code?: string; detail?: string }>(answer)
  const after = answer.headers.get('retry-after')
  throw new ApiError(problem.code ?? 'no_answer', problem.detail, after ? Number(after) : undefined)
}

/** What is not JSON is not from guestkey: a proxy has answered. */
async function read<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T
  } catch {
    throw new ApiError('no_answer')
  }
}

/** Proves what the server wants: a passkey, or a new session. Resolves when the request can be sent again. */
type Regain = (what: 'proof' | 'session') => Promise<void>

let regain: Regain | undefined

/** Says how to prove what the server wants. */
export const whenRefused = (by: Regain): void => {
  regain = by
}

/** A request that goes on by itself when the person has proven what the server wants. Errors: ApiError. */
async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  try {
    return await send<T>(method, path, body)
  } catch (error) {
    const isSessionOver = isCode(error, 'not_signed_in', 'session_invalid')
    if (!regain || !(isSessionOver || isCode(error, 'insufficient_user_authentication'))) throw error
    await regain(isSessionOver ? 'session' : 'proof')
    return send<T>(method, path, body)
  }
}

export const get = <T>(path: string): Promise<T> => ask('GET', path)
export const post = <T = void>(path: string, body: object = {}): Promise<T> => ask('POST', path, body)

/** An id as it stands in a path. One with unusual characters stands there as ~ and its base64url. */
export function inPath(id: string): string {
  if (/^[\w-]+$/.test(id)) return id
  const bytes = String.fromCharCode(...new TextEncoder().encode(id))
  return `~${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}
