// A public file that the server sends: compressed as the client can read it, and cached by its ETag.

import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { TextAnswer } from '../contract/endpoint.ts'
import { isKnown } from '../request/etags.ts'
import { type Coding, codings, preferredCoding } from './content-coding.ts'

/** Answers a request for the file, by its headers. */
export type Asset = (headers: IncomingHttpHeaders) => Promise<TextAnswer>

/** As small as can be, in a thread of Node's pool: it takes up to a quarter of a second, once for each file and coding. */
const compressors: Record<Coding, (content: string) => Promise<Uint8Array>> = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      },
    }),
  gzip: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
}

type AssetOptions = {
  /** The codings in which it is sent. Default: all that we have. */
  available?: readonly Coding[]
  /**
   * Whether a cache may keep it for a year without asking, because its name changes with its content (RFC 8246). Default:
   * false. Caches store it and ask each time whether it has changed (ETag).
   */
  immutable?: boolean
}

/**
 * A text that is the same for everybody. It is compressed when a client first asks for a coding, and kept.
 *
 * Only public files are compressed. The length of a compressed body tells whether a text that an attacker chose is also
 * elsewhere in it (BREACH), so pages and JSON with secrets, or about a guest, are sent as they are.
 */
export function createAsset(
  content: string,
  type: string,
  { available = codings, immutable = false }: AssetOptions = {},
): Asset {
  const caching = immutable ? 'public, max-age=31536000, immutable' : 'public, no-cache'
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 22)
  const compressed: Partial<Record<Coding, Promise<Uint8Array>>> = {}

  return async (request) => {
    const coding = preferredCoding(request['accept-encoding'], available)
    // Each coding has a tag of its own, because the bytes differ (RFC 9110, 8.8.3.3).
    const etag = coding ? `"${hash}-${coding}"` : `"${hash}"`
    // A 304 has these too (RFC 9110, 15.4.5). There is no Accept-Ranges, and Range is ignored (RFC 9110, 14.2).
    const headers = { ETag: etag, 'Cache-Control': caching, Vary: 'Accept-Encoding' }
    if (isKnown(request['if-none-match'], etag)) return { status: 304, text: { content: '', type, headers } }
    if (!coding) return { status: 200, text: { content, type, headers } }
    compressed[coding] ??= compressors[coding](content)
    const body = await compressed[coding]
    return { status: 200, text: { content: body, type, headers: { ...headers, 'Content-Encoding': coding } } }
  }
}
