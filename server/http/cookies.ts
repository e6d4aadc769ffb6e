// The one cookie: how it is named, read and set.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../options.ts'

/** `__Host-` binds the cookie to this host and to https (RFC 6265bis, 4.1.3.2); http://localhost cannot have it. */
export const cookieName = (config: Config): string =>
  config.origins.every((origin) => origin.startsWith('https:'))
    ? `__Host-${config.cookieName}`
    : config.cookieName

/** Browsers cap a cookie's life at 400 days (RFC 6265bis, 5.5). */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60

/** The values of all cookies of this very name (names are case-sensitive), as they came. */
export function readCookies(req: IncomingMessage, name: string): string[] {
  const header = req.headers.cookie
  if (header === undefined) return []
  const start = `${name}=`
  const values: string[] = []
  for (const pair of header.split(';')) {
    const trimmed = pair.trim()
    if (trimmed.startsWith(start)) values.push(trimmed.slice(start.length))
  }
  return values
}

/** A Set-Cookie value; with an age of 0 it removes the cookie. */
export function cookie(name: string, value: string, maxAgeSeconds: number): string {
  const secure = name.startsWith('__Host-') ? '; Secure' : ''
  return `${name}=${value}; Path=/; Max-Age=${Math.min(maxAgeSeconds, MAX_AGE_SECONDS)}; HttpOnly; SameSite=Lax${secure}`
}

/** Adds to the response's cookies and leaves those of others alone; ours replaces an earlier one of ours. */
export function setCookie(res: ServerResponse, name: string, value: string, maxAgeSeconds: number): void {
  const others = [res.getHeader('Set-Cookie') ?? []]
    .flat()
    .filter((one) => !String(one).startsWith(`${name}=`))
  const mine = cookie(name, value, maxAgeSeconds)
  res.setHeader('Set-Cookie', others.length > 0 ? [...others.map(String), mine] : mine)
}
