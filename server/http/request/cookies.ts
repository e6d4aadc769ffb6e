// The session's cookie, and the mark beside it: how they are named, read and set.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../../options/options.ts'

const HOST_PREFIX = '__Host-'

/**
 * `__Host-` binds the cookie to this host and to https (RFC 6265bis, 4.1.3.2). Only a deployment that is nowhere but on
 * http://localhost goes without. With one origin on https every request has the prefix: which origin a request is for
 * stands in its `Host` alone, which a proxy may have replaced by its own name for us, as `localhost:3000`.
 */
export const cookieName = (config: Config): string =>
  config.origins.some((origin) => origin.startsWith('https:'))
    ? HOST_PREFIX + config.cookieName
    : config.cookieName

/** The cookie with the mark of when a session without a row was last used: no credential, and of no use by itself. */
export const markName = (config: Config): string => `${cookieName(config)}-seen`

/** Browsers cap a cookie's life at 400 days (RFC 6265bis, 5.5). */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60

/** The values of all cookies of this very name (names are case-sensitive), as they came. */
export function readCookies(req: IncomingMessage, name: string): string[] {
  const header = req.headers.cookie
  if (header === undefined) return []
  const start = `${name}=`
  const values: string[] = []
  for (const pair of header.split(';')) {
    const trimmed = trimBlanks(pair)
    if (trimmed.startsWith(start)) values.push(trimmed.slice(start.length))
  }
  return values
}

/**
 * Without the spaces and tabs around it, and those alone (RFC 6265, 5.2). trim() takes more: to a browser, a name
 * behind the byte 0xA0 is another name without our prefix, which any subdomain may set for its siblings.
 */
function trimBlanks(text: string): string {
  const isBlank = (i: number) => text[i] === ' ' || text[i] === '\t'
  let [start, end] = [0, text.length]
  while (start < end && isBlank(start)) start++
  while (end > start && isBlank(end - 1)) end--
  return text.slice(start, end)
}

/**
 * Headers that remove every cookie of this name from a browser that sent several. All of them go, because nobody can
 * tell whose is whose: if only ours went, another host's would be taken for the guest's.
 */
export function removeAll(req: IncomingMessage, name: string): Record<string, string | string[]> {
  // A browser keeps one cookie with this prefix. A second one is a forgery, of which we know neither domain nor path.
  if (name.startsWith(HOST_PREFIX))
    return { 'Set-Cookie': cookie(name, '', 0), 'Clear-Site-Data': '"cookies"' }
  return { 'Set-Cookie': pathsOf(req).map((path) => cookie(name, '', 0, path)) }
}

/** Browsers ignore a longer Path (RFC 6265bis, 5.6). */
const MAX_PATH_LENGTH = 1024
const MAX_PATHS = 20

/** The paths of cookies that a browser sends with this request (RFC 6265, 5.1.4); at most MAX_PATHS. */
function pathsOf(req: IncomingMessage & { originalUrl?: string }): string[] {
  const [path = '/'] = /^\/[^?#;]*/.exec(req.originalUrl ?? req.url ?? '/') ?? []
  const paths = new Set(['/'])
  for (let end = 1; end <= Math.min(path.length, MAX_PATH_LENGTH) && paths.size < MAX_PATHS; end++) {
    if (end === path.length || path[end] === '/') paths.add(path.slice(0, end)).add(path.slice(0, end + 1))
  }
  return [...paths]
}

/** A Set-Cookie value; with an age of 0 it removes the cookie. */
export function cookie(name: string, value: string, maxAgeSeconds: number, path = '/'): string {
  const secure = name.startsWith(HOST_PREFIX) ? '; Secure' : ''
  return `${name}=${value}; Path=${path}; Max-Age=${Math.min(maxAgeSeconds, MAX_AGE_SECONDS)}; HttpOnly; SameSite=Lax${secure}`
}

/** Adds to the response's cookies and leaves those of others alone; ours replaces an earlier one of ours. */
export function setCookie(res: ServerResponse, name: string, value: string, maxAgeSeconds: number): void {
  unsetCookie(res, name)
  const others = [res.getHeader('Set-Cookie') ?? []].flat()
  const mine = cookie(name, value, maxAgeSeconds)
  res.setHeader('Set-Cookie', others.length > 0 ? [...others.map(String), mine] : mine)
}

/** Takes a cookie out of the response, before it is sent. */
export function unsetCookie(res: ServerResponse, name: string): void {
  const set = [res.getHeader('Set-Cookie') ?? []].flat().map(String)
  const others = set.filter((one) => !one.startsWith(`${name}=`))
  if (others.length === set.length) return
  if (others.length > 0) res.setHeader('Set-Cookie', others)
  else res.removeHeader('Set-Cookie')
}
