// For Next.js with the App Router: route handlers, the proxy (middleware before Next 16), and functions for Server Components
// and Server Actions. `import … from 'guestkey/next'`.

import type { GuestKey, SignIn } from '../host-api.ts'
import type {
  RequireGuestOptions,
  RequirePasskeyOptions,
  SignInOptions,
  SignOutOptions,
} from '../http/host-options.ts'
import type { Guard } from '../http/request-guest.ts'
import type { GuestInSession } from '../types.ts'
import { admit } from './admission.ts'

/** All copies of a module in one process share the guests. */
const MADE = Symbol.for('guestkey.next')

/** A cookie as `cookies().set()` of 'next/headers' takes it. */
export type NextCookie = {
  name: string
  value: string
  path: string
  maxAge: number
  httpOnly: boolean
  secure: boolean
  sameSite: 'lax'
}
/** `cookies` and `headers` of 'next/headers', and `redirect` of 'next/navigation'. */
export type NextFunctions = {
  cookies: () => Promise<{ set: (cookie: NextCookie) => unknown }>
  headers: () => Promise<Headers>
  redirect: (path: string) => never
}
type Guests = Pick<
  GuestKey,
  'fetch' | 'guestOf' | 'requireGuest' | 'requirePasskey' | 'signInAnonymously' | 'signOut'
>
type Handler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>
type Answer = (request: Request) => Promise<Response>
/** `redirect`: a page of the app for people who are not let in. `returnTo`: the path to which it sends them back. */
export type NextPageOptions = { redirect: string; returnTo?: string | undefined }

export type NextGuests<All> = {
  /** What `make` returned: all other methods. */
  guests: () => All
  /** The endpoints, for `app/guest/[...path]/route.ts` and `app/.well-known/[...path]/route.ts`. */
  handlers: Record<'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS', Answer>
  /**
   * For `proxy.ts`: refuses a dead session, whose cookie no Server Component can remove, and sets the cookies that are
   * due. `next`: what lets the request go on, `() => NextResponse.next()`.
   */
  proxy: (request: Request, next: () => Response | Promise<Response>) => Promise<Response>
  /** A route handler that only guests reach. Others are answered as by the guard in Express. */
  withGuest: <Rest extends unknown[]>(handler: Handler<Rest>, options?: RequireGuestOptions) => Handler<Rest>
  /** The same for guests who have proven a passkey lately. The client answers the refusal with a ceremony. */
  withPasskey: <Rest extends unknown[]>(
    handler: Handler<Rest>,
    options: RequirePasskeyOptions,
  ) => Handler<Rest>
  /** The guest, in Server Components and Actions; null if nobody is signed in, or the session is over. */
  getGuest: () => Promise<GuestInSession | null>
  /** The guest, in Server Components and Actions. Redirects everybody else. */
  requireGuest: (options: NextPageOptions) => Promise<GuestInSession>
  /** The same for guests who have proven a passkey lately. */
  requirePasskey: (options: NextPageOptions & { maxAgeSeconds: number }) => Promise<GuestInSession>
  /** Continue as guest, in a Server Action: sets the cookie. Errors: as for `guests.signInAnonymously`. */
  signInAnonymously: (options?: SignInOptions) => Promise<SignIn>
  /** Signs out, in a Server Action: removes the cookies. Errors: as for `guests.signOut`. */
  signOut: (options?: SignOutOptions) => Promise<void>
}

/**
 * What Next.js needs for the guests that `make` returns. It is called once in a process, when they are first needed, because
 * Next loads the modules of an app several times, and while it builds. Give `cookies` and `headers` of 'next/headers', and
 * `redirect` of 'next/navigation'.
 */
export function nextGuests<All extends Guests>(
  make: () => All,
  { cookies, headers, redirect }: NextFunctions,
): NextGuests<All> {
  const guests = (): All => {
    const all = globalThis as { [MADE]?: Guests }
    all[MADE] ??= make()
    return all[MADE] as All
  }

  const answer: Answer = (request) =>
    guests().fetch(/^(GET|HEAD)$/.test(request.method) ? asPlain(request) : request)
  const guarded =
    <Rest extends unknown[]>(handler: Handler<Rest>, guard: () => Guard): Handler<Rest> =>
    (request, ...rest) =>
      guests().fetch(request, { guard: guard(), next: () => handler(request, ...rest) })

  async function require(guard: () => Guard, { redirect: page, returnTo = '/' }: NextPageOptions) {
    // In a Server Action this is a change, which has an Origin: one of another site is refused, as its cookie is.
    const sent = await headers()
    const asked = { headers: sent, method: sent.has('origin') ? 'POST' : 'GET' }
    const answer = await admit(guests(), guard(), asked, { redirect: page, returnTo })
    if ('guest' in answer) return answer.guest
    if ('redirectTo' in answer) return redirect(answer.redirectTo)
    throw Object.assign(new Error(await answer.refused.text()), { status: answer.refused.status })
  }

  /** Calls a method with the request of a Server Action, and sets the cookies that it returns or removes. */
  async function act<Result extends { headers: Headers }>(method: (request: Request) => Promise<Result>) {
    // An Action is always a POST; a cookie is taken from pages of the option `origin` alone.
    const request = new Request('http://localhost/', { method: 'POST', headers: await headers() })
    const store = await cookies()
    const set = (lines: string[]) => {
      for (const line of lines) store.set(cookieIn(line))
    }
    try {
      const result = await method(request)
      set(result.headers.getSetCookie())
      return result
    } catch (error) {
      set([(error as { headers?: Record<string, string> }).headers?.['Set-Cookie'] ?? []].flat())
      throw error
    }
  }

  return {
    guests,
    handlers: { GET: answer, HEAD: answer, POST: answer, PATCH: answer, DELETE: answer, OPTIONS: answer },
    async proxy(request, next) {
      const response = await guests().fetch(request, { next })
      const location = response.headers.get('location')
      if (location === null) return response
      const headers = new Headers(response.headers)
      headers.set('location', new URL(location, request.url).href) // Next fails if it is relative
      return new Response(response.body, { status: response.status, headers })
    },
    withGuest: (handler, options) => guarded(handler, () => guests().requireGuest(options)),
    withPasskey: (handler, options) => guarded(handler, () => guests().requirePasskey(options)),
    async getGuest() {
      const asked = await headers() // first, so that a build learns that the page is made for each request
      return guests()
        .guestOf(asked)
        .catch((error: { code?: string }) => {
          if (error.code === 'session_invalid' || error.code === 'guest_merged') return null
          throw error
        })
    },
    requireGuest: (options) => require(() => guests().requireGuest(), options),
    requirePasskey: ({ maxAgeSeconds, ...page }) =>
      require(() => guests().requirePasskey({ maxAgeSeconds }), page),
    async signInAnonymously(options) {
      const { token, guest } = await act((request) => guests().signInAnonymously(request, options))
      return { token, guest } as SignIn
    },
    async signOut(options) {
      await act((request) => guests().signOut(request, options))
    },
  }
}

/** The request for a file as it is: Next drops Content-Encoding of responses, and compresses them itself. */
function asPlain({ url, method, headers }: Request): Request {
  const others = new Headers(headers)
  others.delete('accept-encoding')
  return new Request(url, { method, headers: others })
}

/** A Set-Cookie header of guestkey. */
function cookieIn(line: string): NextCookie {
  const [, name = '', value = '', path = '/', maxAge = '0'] =
    /^([^=]+)=([^;]*); Path=([^;]*); Max-Age=(\d+)/.exec(line) ?? []
  return {
    name,
    value,
    path,
    maxAge: Number(maxAge),
    httpOnly: true,
    secure: line.includes('; Secure'),
    sameSite: 'lax',
  }
}
