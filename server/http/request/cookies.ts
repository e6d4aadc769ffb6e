// The session cookie, and the seen and the apps cookie beside it: their names, and how they are read, set and removed. Two session
// cookies in one request are refused in session-cookie.ts.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../../options/options.ts'

const HOST_PREFIX = '__Host-'

/**
 * The name of the session cookie. `__Host-` binds it to this host and to https (RFC 6265bis, 4.1.3.2). It is used
 * for all requests as soon as one origin is https: only `Host` says which origin a request is for, and a proxy may have
 * replaced it, for example by `localhost:3000`. Without an https origin, all are http on localhost.
 */
export const cookieName = (config: Config): string => namesOf(config).session

/** The name of the seen cookie, which says when a sealed session was last used. It is no credential. */
export const seenName = (config: Config): string => namesOf(config).seen

/** The name of the cookie with the apps that know who is signed in here. It is no credential either. */
export const appsName = (config: Config): string => namesOf(config).apps

/** Every request asks for them. */
const made = new WeakMap<Config, { session: string; seen: string; apps: string }>()

function namesOf(config: Config) {
  const known = made.get(config)
  if (known) return known
  const isHttps = config.origins.some((origin) => origin.startsWith('https:'))
  const session = isHttps ? HOST_PREFIX + config.cookieName : config.cookieName
  const names = { session, seen: `${session}-seen`, apps: `${session}-apps` }
  made.set(config, names)
  return names
}

/** 400 days: browsers keep no cookie longer (RFC 6265bis, 5.5). */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60

/** The values of all cookies with exactly this name (names are case-sensitive), in their order. */
export function readCookies(req: IncomingMessage, name: string): string[] {
  const header = req.headers.cookie
  const start = `${name}=`
  if (!header?.includes(start)) return []
  const values: string[] = []
  for (let at = 0, end = 0; end < header.length; at = end + 1) {
    end = header.indexOf(';', at)
    if (end < 0) end = header.length
    while (at < end && isBlank(header, at)) at++
    if (header.startsWith(start, at)) values.push(withoutBlanksAfter(header.slice(at + start.length, end)))
  }
  return values
}

/**
 * A space or a tab (RFC 6265, 5.2). trim() would remove more: to a browser, the byte 0xA0 is part of a name. A name that
 * begins with it lacks the prefix, so any subdomain may set such a cookie for this host.
 */
const isBlank = (text: string, i: number): boolean => text[i] === ' ' || text[i] === '\t'

function withoutBlanksAfter(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text, end - 1)) end--
  return text.slice(0, end)
}

/**
 * Headers that remove every cookie of this name from a browser that sent several. All of them go, because nobody can tell
 * which is ours. If we removed one alone, it might be ours, and the cookie of another host would count as the guest's.
 * With the prefix `__Host-`, all other cookies of the site go too.
 */
export function removeAll(req: IncomingMessage, name: string): Record<string, string | string[]> {
  // A browser keeps only one cookie with this prefix. A second one is forged, and we know neither its domain nor its path.
  if (name.startsWith(HOST_PREFIX))
    return { 'Set-Cookie': cookie(name, '', 0), 'Clear-Site-Data': '"cookies"' }
  return { 'Set-Cookie': pathsOf(req).map((path) => cookie(name, '', 0, path)) }
}

/** Browsers ignore a Path that is longer (RFC 6265bis, 5.6). */
const MAX_PATH_LENGTH = 1024
const MAX_PATHS = 20

/** The paths of the cookies that a browser sends with this request (RFC 6265, 5.1.4), at most MAX_PATHS + 1. */
function pathsOf(req: IncomingMessage & { originalUrl?: string }): string[] {
  const [path = '/'] = /^\/[^?#;]*/.exec(req.originalUrl ?? req.url ?? '/') ?? []
  const paths = new Set(['/'])
  for (let end = 1; end <= Math.min(path.length, MAX_PATH_LENGTH) && paths.size < MAX_PATHS; end++) {
    if (end === path.length || path[end] === '/') paths.add(path.slice(0, end)).add(path.slice(0, end + 1))
  }
  return [...paths]
}

/** The name of the cookie with the session of an operator. With an https origin of operators it has the prefix, too. */
export function operatorCookieName({ operators, cookieName }: Config): string {
  const isHttps = operators !== false && operators.origins.some((origin) => origin.startsWith('https:'))
  return `${isHttps ? HOST_PREFIX : ''}${cookieName}-operator`
}

/** A Set-Cookie value. If `maxAgeSeconds` is 0, it removes the cookie. */
export function cookie(
  name: string,
  value: string,
  maxAgeSeconds: number,
  path = '/',
  sameSite: 'Lax' | 'Strict' = 'Lax',
): string {
  const secure = name.startsWith(HOST_PREFIX) ? '; Secure' : ''
  return `${name}=${value}; Path=${path}; Max-Age=${Math.min(maxAgeSeconds, MAX_AGE_SECONDS)}; HttpOnly; SameSite=${sameSite}${secure}`
}

/** Sets a cookie in the response. It replaces an earlier one of this name, and leaves all others. */
export function setCookie(res: ServerResponse, name: string, value: string, maxAgeSeconds: number): void {
  unsetCookie(res, name)
  const others = [res.getHeader('Set-Cookie') ?? []].flat()
  const mine = cookie(name, value, maxAgeSeconds)
  res.setHeader('Set-Cookie', others.length > 0 ? [...others.map(String), mine] : mine)
}

/** Takes a cookie out of the response that is not sent yet. */
export function unsetCookie(res: ServerResponse, name: string): void {
  const set = [res.getHeader('Set-Cookie') ?? []].flat().map(String)
  const others = set.filter((one) => !one.startsWith(`${name}=`))
  if (others.length === set.length) return
  if (others.length > 0) res.setHeader('Set-Cookie', others)
  else res.removeHeader('Set-Cookie')
}
