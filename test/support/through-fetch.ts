// Answers guestkey's own paths by guests.fetch(), as a runtime that speaks the Fetch API would.

import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { RequestHandler } from 'express'
import type { GuestKey } from '../../server/index.ts'

/** Whether it is for guestkey, and can be a Request, which has its path resolved. */
const isOurs = (url: string) => {
  const { pathname, search } = new URL(`http://localhost${url}`)
  return /^\/(guest|\.well-known)\//.test(url) && pathname + search === url
}

/** A middleware for Express, which leaves all other paths to what follows. */
export const throughFetch =
  ({ fetch }: GuestKey): RequestHandler =>
  async (req, res, next) => {
    if (!isOurs(req.url) || !/^(GET|HEAD|POST|PATCH|PUT|DELETE|OPTIONS)$/.test(req.method)) return next()
    const headers = new Headers()
    for (let i = 0; i < req.rawHeaders.length; i += 2)
      headers.append(req.rawHeaders[i]!, req.rawHeaders[i + 1]!)
    const hasBody = !/^(GET|HEAD)$/.test(req.method)
    const request = new Request(`http://localhost${req.url}`, {
      method: req.method,
      headers,
      ...(hasBody && { body: Readable.toWeb(req) as BodyInit, duplex: 'half' }),
    })
    let isOutside = false
    const outside = () => {
      isOutside = true
      return new Response()
    }
    const response = await fetch(request, { address: req.socket.remoteAddress, next: outside })
    if (isOutside) return next()
    res.statusCode = response.status
    for (const [name, value] of response.headers) res.appendHeader(name, value)
    if (response.body) Readable.fromWeb(response.body as ReadableStream).pipe(res)
    else res.end()
  }
