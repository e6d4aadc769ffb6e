// The schemas of origins and URLs in options. Their errors name the value that would do.

import { isLocalhost, isLoopback } from '../localhost.ts'
import { z } from '../zod.ts'

/** A text that must have no problem. `problemOf` says what is wrong with it, and what would be right. */
export const textWithout = (problemOf: (value: string) => string | undefined, schema = z.string()) =>
  schema.check(
    z.superRefine((value, ctx) => {
      const message = problemOf(value)
      if (message) ctx.addIssue({ code: 'custom', message, input: undefined }) // the value may hold a password
    }),
  )

const parse = (value: string): URL | undefined => (URL.canParse(value) ? new URL(value) : undefined)

const isHttps = (url: URL): boolean => url.protocol === 'https:'

const isAddress = (hostname: string): boolean => /^[\d.]+$|:/.test(hostname)

/** Whether a name can be that of a host. URL takes more characters, such as the `*` of a wildcard. */
const isHost = (hostname: string): boolean =>
  hostname.length <= 253 && /^(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))*$/.test(hostname)

/** The origin that was probably meant; undefined if that cannot be said. */
function originFor(value: string): string | undefined {
  const url = parse(value.includes('://') ? value : `https://${value}`)
  if (!url) return undefined
  if (isLoopback(url)) url.hostname = 'localhost'
  url.hostname = url.hostname.replace(/\.$/, '')
  const { hostname } = url
  if (isAddress(hostname) || !isHost(hostname) || !/\.|^localhost$/.test(hostname)) return undefined
  url.protocol = isLocalhost(url) && !value.startsWith('https://') ? 'http:' : 'https:'
  return url.origin
}

/** What is wrong with an origin; undefined if nothing is. */
function problemOfOrigin(value: string): string | undefined {
  const url = parse(value)
  const right = originFor(value)
  const instead = right === undefined || right === value ? '' : `; write ${right}`
  if (url?.origin !== value)
    return `must be an origin like https://example.com: scheme, host and port, and nothing after them${instead}`
  if (!isHttps(url) && !(url.protocol === 'http:' && isLocalhost(url)))
    return `must be https; browsers allow passkeys over http on localhost only${instead}`
  if (isAddress(url.hostname))
    return 'must name a host, because passkeys do not work on IP addresses (use http://localhost to try)'
  if (url.hostname.includes('*'))
    return 'must name one host, and no wildcard; list each origin, such as https://app.example.com'
  return isHost(url.hostname) ? undefined : `must name a host, such as https://example.com${instead}`
}

/** A web origin (RFC 6454, 6.2) on which passkeys work, as browsers write it. */
export const origin = textWithout(problemOfOrigin)

/**
 * The origin that the pages in an app or a browser extension send, such as `capacitor://localhost`. Not one of a scheme
 * whose pages anybody can make, or whose origin is `null`.
 */
const APP_ORIGIN =
  /^(?!(https?|wss?|ftp|file|filesystem|blob|data|about|javascript|null):)[a-z][a-z\d+.-]*:\/\/[\w.-]+(:\d{1,5})?$/

/** The origin of a website, of an app or of a browser extension. */
export const pageOrigin = textWithout((value) => {
  if (APP_ORIGIN.test(value)) return undefined
  const [right = ''] = /^\w[^/]*:\/\/[^/?#]+/.exec(value) ?? []
  return APP_ORIGIN.test(right)
    ? `must be an origin like capacitor://localhost: scheme and host, and nothing after them; write ${right}`
    : problemOfOrigin(value)
})

/** The URL without user name and password. */
function withoutCredentials(url: URL): string {
  const plain = new URL(url)
  plain.username = plain.password = ''
  return plain.href
}

const hasCredentials = ({ username, password }: URL): boolean => username !== '' || password !== ''

const noCredentials = (url: URL): string =>
  `must have no user name and password; write ${withoutCredentials(url)}`

/** The URL of a server that guestkey asks: https, or http on this machine. Node's fetch() refuses credentials in URLs. */
export const serverUrl = textWithout((value) => {
  const url = parse(value)
  if (!url || !(isHttps(url) || (url.protocol === 'http:' && isLoopback(url))))
    return 'must be an https URL; plain http is allowed only for localhost'
  if (hasCredentials(url)) return noCredentials(url)
  return url.hash === '' ? undefined : `must have no fragment; write ${url.href.slice(0, -url.hash.length)}`
})

/** The URL of a page that people open. */
export const pageUrl = textWithout((value) => {
  const url = parse(value)
  if (!url || !(isHttps(url) || (url.protocol === 'http:' && isLocalhost(url))))
    return 'must be the URL of a page: https, or http on localhost'
  return hasCredentials(url) ? noCredentials(url) : undefined
})

/** A path at our own origin, as browsers write it, so that no other host can be meant (`//host`, `/\\host`). */
const isOwnPath = (value: string): boolean =>
  value.startsWith('/') &&
  URL.canParse(value, 'https://own.example') &&
  hrefOf(value) === `https://own.example${value}`

const hrefOf = (path: string): string => new URL(path, 'https://own.example').href

/** A path at our own origin, or the URL of what is elsewhere: https, or http on localhost. */
export const ownUrl = (what: string) =>
  textWithout((value) => {
    if (isOwnPath(value)) return undefined
    const url = parse(value)
    if (!url || !(isHttps(url) || (url.protocol === 'http:' && isLocalhost(url))))
      return `must be ${what}, or an https URL`
    return hasCredentials(url) ? noCredentials(url) : undefined
  })

const problemOfUri = (uri: string): string | undefined =>
  parse(uri) && !uri.includes('#') ? undefined : 'must be an absolute URI without a fragment'

export const absoluteUri = textWithout(problemOfUri)

/** Schemes that browsers do not follow in a redirect (Fetch Standard, 4.5). */
const NEVER_FOLLOWED = ['javascript:', 'data:', 'blob:', 'about:', 'file:']

/** A redirect URI (RFC 6749, 3.1.2; RFC 8252, 7): of a web page, or of an app. */
export const redirectUri = textWithout((value) => {
  const url = parse(value)
  const problem = problemOfUri(value)
  if (!url || problem) return problem
  if (NEVER_FOLLOWED.includes(url.protocol))
    return `must be a URI that browsers follow in a redirect, which they do not with ${url.protocol}`
  if (url.hostname.includes('*')) return 'must be a whole URI, and no wildcard; list each redirect URI'
  return hasCredentials(url) ? noCredentials(url) : undefined
})
