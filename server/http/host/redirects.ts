// Redirects of people who open a page of the host: to the same page without a dead cookie, or to a page for those whom a
// guard refuses, and from there back. Who gets the first redirect is decided in load-guest.ts, and what a page view is in
// request/navigation.ts.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { GuestError } from '../../errors.ts'
import { addHeaders } from '../contract/send.ts'
import { presentsOurToken } from '../request/credentials.ts'
import { isNavigation } from '../request/navigation.ts'

/** The query parameter in which a page learns where people wanted to go. */
const RETURN_TO = 'return_to'
/** A longer path is left out, because proxies and browsers limit the length of URLs. */
const MAX_RETURN_CHARACTERS = 2000

/** Answers a refused request with a redirect, if a person opens a page. Returns whether it did. */
export type Redirect = (req: IncomingMessage, res: ServerResponse, error: GuestError) => boolean

/**
 * Redirects people to `page`, a path of the host, with `return_to`: the path and query that they wanted to open. Only for
 * refusals that a person can do something about there. A program with a bearer token of ours gets the error; so does
 * whoever comes from `page`, or is there, because the redirect would lead in a circle.
 */
export function redirectTo(ctx: Context, page: string): Redirect {
  const [, path, query = '', fragment] = /^([^?#]*)(\?[^#]*)?(.*)$/.exec(page)!
  return (req, res, error) => {
    const asked = askedPath(req)
    const isPerson = isNavigation(req) && !presentsOurToken(ctx, req)
    if (!isPerson || !isForPeople(error) || wayTo(asked).includes(path!)) return false
    const back = encodeURIComponent(asked)
    const parameter = back.length > MAX_RETURN_CHARACTERS ? '' : `${RETURN_TO}=${back}`
    const search = [query.slice(1), parameter].filter(Boolean).join('&')
    redirect(res, `${path}${search && `?${search}`}${fragment}`, error.headers)
    return true
  }
}

/** Whether a person can sign in or prove a passkey to get further. A dead cookie is one that the response removes. */
const isForPeople = ({ code, headers }: GuestError): boolean =>
  code === 'not_signed_in' || code === 'insufficient_user_authentication' || 'Set-Cookie' in headers

/** The paths on the way of a person: the one that is asked for, and those to which it is to lead back. */
function wayTo(asked: string): string[] {
  const url = URL.parse(asked, ANY_HOST)
  const back = url?.searchParams.get(RETURN_TO)
  return [url?.pathname ?? '/', ...(back ? wayTo(back) : [])]
}

/** The path that people are to go back to, from `return_to` of this request; `/` if it is not a path of this host. */
export function returnTo({ originalUrl, url }: { originalUrl?: string; url?: string | undefined }): string {
  const wanted = URL.parse(originalUrl ?? url ?? '', ANY_HOST)?.searchParams.get(RETURN_TO)
  return pathOnHost(wanted ?? '') ?? '/'
}

/** Stands for the host, whatever its name is. */
const ANY_HOST = 'http://host.invalid'

/**
 * The text as path, query and fragment of a URL of this host; undefined if a browser would go to another host.
 * Browsers read a backslash as a slash, and leave out tabs and line breaks (URL Standard, 4.4).
 */
export function pathOnHost(text: string): string | undefined {
  const url = text.startsWith('/') ? URL.parse(text, ANY_HOST) : null
  if (url?.origin !== ANY_HOST || url.pathname.startsWith('//')) return undefined
  return url.pathname + url.search + url.hash
}

/** Redirects a browser to the page that it asked for, and removes its invalid cookie. */
export const askAgain = (req: IncomingMessage, res: ServerResponse, { headers }: GuestError): void =>
  redirect(res, askedPath(req), headers)

/** The path and query of a request. `/` if it asks for another host: by two slashes, or by an absolute URL. */
function askedPath(req: IncomingMessage & { originalUrl?: string }): string {
  const asked = req.originalUrl ?? req.url ?? '/'
  return /^\/(?![/\\])/.test(asked) ? asked : '/'
}

/** Adds to the cookies that the host has set, and replaces other headers. */
function redirect(res: ServerResponse, location: string, headers: GuestError['headers']): void {
  const { 'WWW-Authenticate': _challenge, ...others } = headers
  addHeaders(res, others)
  res.writeHead(303, { Location: location, 'Cache-Control': 'no-store' })
  res.end() // not chained, because writeHead() returns nothing on some responses that are not Node's own
}
