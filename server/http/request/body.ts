// Reading a request: its JSON body and its query, within bounds, and refused where they are hostile.

import type { IncomingMessage } from 'node:http'
import { GuestError } from '../../errors.ts'
import type { z } from '../../zod.ts'

const MAX_DEPTH = 8
const MAX_VALUES = 1000

/** A request as Express hands it on: a body parser of the host may have read the body already. */
type MaybeParsed = IncomingMessage & { body?: unknown }

type Limits = { maxBodyBytes: number; bodySeconds: number }
type BodyFormat = { is: (type: string) => boolean; parse: (text: string) => unknown }

const json: BodyFormat = { is: (type) => /^application\/json *(;|$)/i.test(type), parse: parseJson }
const form: BodyFormat = {
  is: (type) => /^application\/x-www-form-urlencoded *(;|$)/i.test(type),
  parse: (text) => parameters(new URLSearchParams(text)),
}

/**
 * The JSON body; `{}` where there is none. A host's body parser may have been there first.
 * Errors: `unsupported_media_type`, `body_too_large`, `request_timeout`, `invalid_request`.
 */
export const readJson = (req: MaybeParsed, limits: Limits): Promise<unknown> => readAs(req, [json], limits)

/** The parameters of an OAuth request, as a form (RFC 6749, 4) or as JSON. Errors: as for `readJson`. */
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
  // Express 4's parsers leave {} where they did not read; then the stream is still there.
  if (body !== undefined && (req.readableEnded || req.readableDidRead)) return body
  if (req.readableDidRead)
    throw invalidRequest('The body was read before it came here, and is not in req.body.')
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
      req.resume() // let the rest go by, so that the answer can be read
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
    const onGone = () => fail(new GuestError('invalid_request', { detail: 'The request broke off.' }))
    const stop = () => {
      clearTimeout(timer)
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
    }
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

const closing = { headers: { Connection: 'close' } }

/** Refuses nests, masses of values, `__proto__`, NUL and lone surrogates, before anything looks at the value. */
function refuseHostile(root: unknown): void {
  let values = 0
  const visit = (value: unknown, depth: number): void => {
    if (++values > MAX_VALUES || depth > MAX_DEPTH)
      throw invalidRequest('The body is nested too deeply or holds too many values.')
    if (typeof value === 'string') refuseText(value)
    if (typeof value !== 'object' || value === null) return
    for (const key of Object.keys(value)) {
      if (key === '__proto__') throw invalidRequest('The body holds a key that is not allowed.')
      refuseText(key)
      visit((value as Record<string, unknown>)[key], depth + 1)
    }
  }
  visit(root, 0)
}

function refuseText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw invalidRequest('The body holds text that is not valid Unicode, or NUL.')
}

const invalidRequest = (detail: string) => new GuestError('invalid_request', { detail })

/** The query as an object. Errors: `invalid_request` for a parameter that is given twice or cannot be decoded. */
export function readQuery(search: string): Record<string, string> {
  if (search === '') return {}
  if (search.length > 2048) throw invalidRequest('The query is too long.')
  return parameters(new URLSearchParams(search))
}

function parameters(given: URLSearchParams): Record<string, string> {
  const named: Record<string, string> = Object.create(null)
  for (const [name, value] of given) {
    if (name in named) throw invalidRequest('A parameter is given twice.')
    named[name] = value
  }
  return { ...named }
}

/** Validates a value. Errors: `invalid_request` that names the first thing that is wrong. */
export function validate<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const at = issue!.path.length > 0 ? `${issue!.path.join('.')}: ` : ''
  throw invalidRequest(`${at}${issue!.message}.`)
}
