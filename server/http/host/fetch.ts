// Requests of the Fetch API, made into Node's own, so that there is one way to read a request and to set cookies.

import type * as http from 'node:http'
import { Readable } from 'node:stream'

// Not imported: an ES import of node:http makes Node load all of fetch and WebSocket, which takes 16 MB.
const { ServerResponse } = process.getBuiltinModule('node:http')

/** A request as a host may give it. */
export type AnyRequest = http.IncomingMessage | Request | Headers

export type Pair = {
  req: http.IncomingMessage
  res: http.ServerResponse
  /** How many calls of guests.fetch() are under way for it: see respond.ts. */
  calls: number
}
/** One for each request, so that a second call knows what a first one did, and a DPoP proof is used only once. */
const pairs = new WeakMap<Request | Headers, Pair>()

/** A Headers of Next.js has the headers of Node in a property `headers`, and a request of Express has a `get()` too. */
export const isFetch = (source: AnyRequest): source is Request | Headers =>
  typeof ('entries' in source ? source : source.headers)?.get === 'function'

/** The request as Node's own. Errors: TypeError if it is none. */
export function nodeRequestOf(source: AnyRequest): http.IncomingMessage {
  if (typeof source === 'object' && source !== null) {
    if (isFetch(source)) return pairOf(source).req
    if (typeof source.headers === 'object') return source
  }
  const given = source === null ? 'null' : typeof source
  throw new TypeError(`Give a request of Node, Express or the Fetch API, or its Headers, not ${given}`)
}

/** The request as Node's own, and a response that holds the headers to set. */
export function pairOf(source: Request | Headers): Pair {
  const known = pairs.get(source)
  if (known) return known
  const req = 'url' in source ? fromRequest(source) : fromHeaders(source)
  const pair = { req, res: new ServerResponse(req), calls: 0 }
  pairs.set(source, pair)
  return pair
}

function fromRequest(request: Request): http.IncomingMessage {
  const { method, url, headers } = request
  const { pathname, search } = new URL(url)
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  const req = requestWith(headers, {
    method,
    url: pathname + search,
    read() {
      if (!request.body) return void this.push(null)
      reader ??= request.body.getReader()
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        () => this.destroy(), // without an error: nobody may listen any more, and `close` says enough
      )
    },
  })
  // HTTP/2 and a Request that a program made may state no length. A body without a type is none that we read.
  const isStated = headers.has('content-length') || headers.has('transfer-encoding')
  if (request.body && !isStated && headers.has('content-type')) req.headers['transfer-encoding'] = 'chunked'
  return Object.defineProperty(req, 'readableDidRead', {
    get: () => reader === undefined && (request.bodyUsed || request.body?.locked === true), // by the app itself
  })
}

/**
 * Headers do not tell the method. A browser names the origin of the page in every change (Fetch Standard, 3.2), so
 * Headers without it are those of a page view. No DPoP proof fits them, because it is for a method and a URL.
 */
const fromHeaders = (headers: Headers): http.IncomingMessage =>
  requestWith(headers, {
    method: headers.has('origin') ? 'POST' : 'GET',
    url: '',
    read() {
      this.push(null)
    },
  })

type Head = { method: string; url: string; read: (this: Readable) => void }

/** What guestkey reads of a request of Node. Not an IncomingMessage, which reads its body from a socket alone. */
function requestWith(headers: Headers, { method, url, read }: Head): http.IncomingMessage {
  const lines = [...headers]
  const parts = {
    method,
    url,
    headers: Object.fromEntries(lines),
    rawHeaders: lines.flatMap((line) => (wasSeveral(line) ? [...line, ...line] : line)),
    upgrade: headers.has('upgrade'),
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    socket: { remoteAddress: undefined },
  }
  return Object.assign(new Readable({ read }), parts) as unknown as http.IncomingMessage
}

/** Headers join several lines of one name. No token has a comma in it (RFC 6750, 2.1), so there were several. */
const wasSeveral = ([name, value]: [string, string]): boolean =>
  name === 'authorization' && value.includes(',') && /(^|,)\s*(bearer|dpop)\b/i.test(value)

/** The cookies that a response sets, as Headers for a Response of the Fetch API. */
export function cookiesOf(res: http.ServerResponse): Headers {
  const headers = new Headers()
  for (const line of [res.getHeader('Set-Cookie') ?? []].flat()) headers.append('Set-Cookie', String(line))
  return headers
}
