// Reads the body (JSON or a form) and the query of a request, and refuses those that are too large or hostile.

import type { IncomingMessage } from 'node:http'
import { GuestError } from '../../errors.ts'
import type { z } from '../../zod.ts'

const MAX_DEPTH = 8
const MAX_VALUES = 1000

/** A request whose body a parser of the host may have read already. */
type MaybeParsed = IncomingMessage & { body?: unknown }

type Limits = { maxBodyBytes: number; bodySeconds: number }
type BodyFormat = { is: (type: string) => boolean; parse: (text: string) => unknown }

const json: BodyFormat = { is: (type) => /^application\/json *(;|$)/i.test(type), parse: parseJson }
const form: BodyFormat = {
  is: (type) => /^application\/x-www-form-urlencoded *(;|$)/i.test(type),
  parse: (text) => parameters(new URLSearchParams(text)),
}

/**
 * The JSON body; `{}` if it is empty. Only a DELETE may leave out Content-Type. It also accepts what a body parser of the
 * host has put in `req.body`.
 * Errors: `unsupported_media_type`, `body_too_large`, `request_timeout`, `invalid_request`.
 */
export const readJson = (req: MaybeParsed, limits: Limits): Promise<unknown> => readAs(req, [json], limits)

/** The params of an OAuth request, from a form (RFC 6749, 4) or from JSON. Errors: as for `readJson`. */
export const readForm = (req: MaybeParsed, limits: Limits): Promise<unknown> =>
  readAs(req, [form, json], limits)

async function readAs(
  req: MaybeParsed,
  formats: BodyFormat[],
  { maxBodyBytes, bodySeconds }: Limits,
): Promise<unknown> {
  const length = req.headers['content-length']
  const hasBody = req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
  const type = req.headers['content-type']
  const format = formats.find(({ is }) => type !== undefined && is(type))
  if (!format && (type !== undefined || hasBody || req.method !== 'DELETE')) {
    throw new GuestError('unsupported_media_type')
  }
  const encoding = req.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw new GuestError('unsupported_media_type')
  if (Number(length) > maxBodyBytes) throw new GuestError('body_too_large', closing)
  const value = hasBody ? await parsedOrRead(req, format!.parse, maxBodyBytes, bodySeconds) : {}
  refuseHostile(value)
  return value
}

async function parsedOrRead(
  req: MaybeParsed,
  parse: BodyFormat['parse'],
  maxBytes: number,
  seconds: number,
): Promise<unknown> {
  const { body } = req
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    if (Buffer.byteLength(body) > maxBytes) throw new GuestError('body_too_large', closing)
    return parse(body.toString())
  }
  // Express 4's parsers set {} even if they did not read the body; then the stream can still be read.
  if (body !== undefined && (req.readableEnded || req.readableDidRead)) return body
  if (req.readableDidRead)
    throw invalidRequest('Another middleware read the body and did not put it in req.body.')
  return parse(await readText(req, maxBytes, seconds))
}

function parseJson(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new GuestError('invalid_request', { detail: 'The body is not valid JSON.' })
  }
}

function readText(req: IncomingMessage, maxBytes: number, seconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const fail = (error: GuestError) => {
      stop()
      req.resume() // discard the rest, so that the client gets to read the response
      reject(error)
    }
    const timer = setTimeout(() => fail(new GuestError('request_timeout', closing)), seconds * 1000)
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) return fail(new GuestError('body_too_large', closing))
      chunks.push(chunk)
    }
    const onEnd = () => {
      stop()
      resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString())
    }
    const onGone = () =>
      fail(
        new GuestError('invalid_request', {
          detail: 'The connection closed before the whole body arrived. Send it again.',
        }),
      )
    const stop = () => {
      clearTimeout(timer)
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
    }
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

const closing = { headers: { Connection: 'close' } }

/** Refuses deep nesting, too many values, the key `__proto__`, NUL and lone surrogates, before any other code sees the value. */
function refuseHostile(root: unknown): void {
  let values = 0
  const visit = (value: unknown, depth: number): void => {
    if (++values > MAX_VALUES || depth > MAX_DEPTH)
      throw invalidRequest('The body is nested deeper than 8 levels or holds more than 1,000 values.')
    if (typeof value === 'string') refuseText('body', value)
    if (typeof value !== 'object' || value === null) return
    for (const key of Object.keys(value)) {
      if (key === '__proto__') throw invalidRequest('The body holds the key __proto__, which is not allowed.')
      refuseText('body', key)
      visit((value as Record<string, unknown>)[key], depth + 1)
    }
  }
  visit(root, 0)
}

function refuseText(where: 'body' | 'query', text: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw invalidRequest(`The ${where} holds a text that is not valid Unicode or contains NUL.`)
}

const invalidRequest = (detail: string) => new GuestError('invalid_request', { detail })

/**
 * The query as an object. Errors: `invalid_request` for a param that is given twice or holds NUL, or a query of more than
 * 2,048 characters.
 */
export function readQuery(search: string): Record<string, string> {
  if (search === '') return {}
  if (search.length > 2048) throw invalidRequest('The query is longer than 2,048 characters.')
  const params = new URLSearchParams(search)
  for (const text of [...params].flat()) refuseText('query', text)
  return parameters(params)
}

function parameters(params: URLSearchParams): Record<string, string> {
  const named: Record<string, string> = Object.create(null)
  for (const [name, value] of params) {
    if (name in named) throw invalidRequest('A parameter is given twice. Give each one once.')
    named[name] = value
  }
  return { ...named }
}

/** The value, if the schema accepts it. Errors: `invalid_request`, whose detail names the first problem. */
export function validate<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const at = issue!.path.length > 0 ? `${issue!.path.join('.')}: ` : ''
  throw invalidRequest(`${at}${issue!.message}.`)
}
