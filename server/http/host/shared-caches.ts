// Keeps our cookies out of responses that shared caches may store (RFC 9111, 3): a cache would give them to other visitors.

import type { ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { cookieName, seenName, unsetCookie } from '../request/cookies.ts'
import { createMemory } from '../request/remember.ts'

/** Headers that let caches store a response; the last two are for shared caches alone (RFC 9213, 2.2). */
export const CACHE_HEADERS = ['Cache-Control', 'CDN-Cache-Control', 'Surrogate-Control']
const PRIVATE = 'private, no-store'

/** With fields, as in `private="X-Name"`, the rest of the response may be stored (RFC 9111, 5.2.2.7). */
const isPrivate = (value: string): boolean => /\b(?:private|no-store)\b(?!\s*=)/i.test(value)

/**
 * Whether shared caches may store the response by the headers that the host has set so far. `max-age` or `no-cache` is
 * enough for that. A response that is not Node's own may have no getHeader().
 */
export const isShared = (res: ServerResponse): boolean =>
  CACHE_HEADERS.map((name) => res.getHeader?.(name)).some(
    (value) => value !== undefined && !isPrivate(String(value)),
  )

/** The responses that hold a cookie of ours, and whether they must keep it. */
const watched = createMemory<ServerResponse, { must: boolean }>()

/**
 * Call it after a cookie of ours was set in a response of the host, which may set headers until they are sent. If shared
 * caches may store the response then: `must` makes it private, as after a sign-in; without it, the cookie is left out,
 * because the next use will set it.
 */
export function keepFromCaches(ctx: Context, res: ServerResponse, { must = false } = {}): void {
  const known = watched.get(res)
  if (known) {
    known.must ||= must
    return
  }
  const cookie = { must }
  watched.set(res, cookie)
  beforeHeaders(res, () => {
    if (cookie.must) return makePrivate(res)
    if (isShared(res))
      for (const name of [cookieName(ctx.config), seenName(ctx.config)]) unsetCookie(res, name)
  })
}

function makePrivate(res: ServerResponse): void {
  if (res.hasHeader('Cache-Control') && !isShared(res)) return
  res.setHeader('Cache-Control', PRIVATE)
  for (const name of CACHE_HEADERS.slice(1)) res.removeHeader(name)
}

/** Calls `look` when the headers are about to be sent, whoever sends them. */
export function beforeHeaders(res: ServerResponse, look: () => void): void {
  const { writeHead } = res
  if (!writeHead) return // not Node's own
  res.writeHead = (status: number, ...more: unknown[]) => {
    const headers = more.at(-1)
    if (typeof headers === 'object' && headers !== null) setAll(res, more.pop() as object)
    look()
    return writeHead.call(res, status, ...(more as []))
  }
}

/** Sets the headers that were given to writeHead(), as it does: those in an array may have one name several times. */
function setAll(res: ServerResponse, headers: object): void {
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value)
    return
  }
  const flat: string[] = headers.flat()
  const pairs = flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]!] as const] : []))
  for (const [name] of pairs) res.removeHeader(name)
  for (const [name, value] of pairs) res.appendHeader(name, value)
}
