// What all refusals have in common: an error document that no cache keeps, no session, and a store as it was.

import type { IncomingMessage } from 'node:http'
import type { Response } from 'supertest'
import { expect } from 'vitest'
import { errorCodes, GuestError } from '../../server/errors.ts'
import { textOfError, textsFor } from '../../server/http/pages/texts.ts'
import type { ErrorCode } from '../../server/index.ts'
import type { Config } from '../../server/options/options.ts'
import type { TestApp } from './app.ts'
import { tables } from './tables.ts'

/** The Set-Cookie headers of an answer. */
export const cookiesSet = (response: Response): string[] =>
  [(response.headers['set-cookie'] as unknown as string[] | undefined) ?? []].flat()

type Send = () => Promise<Response>

/** Sends, and expects this refusal, a problem document (RFC 9457), and no trace of it. */
export const expectRefusal = (
  app: Pick<TestApp, 'store'>,
  send: Send,
  status: number,
  code: ErrorCode,
): Promise<Response> =>
  expectNoTrace(app, send, status, 'application/problem+json', {
    type: `urn:guestkey:problem:${code}`,
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
  })

/** The same of an OAuth door, which answers as RFC 6749, 5.2 has it; `error` is OAuth's word for our code. */
export const expectOAuthRefusal = (
  app: Pick<TestApp, 'store'>,
  send: Send,
  status: number,
  code: ErrorCode,
  error: string = code,
): Promise<Response> =>
  expectNoTrace(app, send, status, 'application/json', {
    error,
    error_description: expect.any(String),
    code,
  })

/** What pages say to a browser that asks for no language. */
const { texts } = textsFor({ pages: {} } as Config, { headers: {} } as IncomingMessage, undefined)

/** Which error a page tells a person of, by its sentence. */
export const codeOnPage = (html: string): ErrorCode | undefined =>
  errorCodes.find((code) => html.includes(`role="alert">${textOfError(texts, new GuestError(code))}</p>`))

/** Expects a page that says what is wrong, stands in nobody's frame, and runs and loads nothing. */
export function expectErrorPage(
  { text, headers }: { text: string; headers: Record<string, unknown> },
  code: ErrorCode,
): void {
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': expect.stringMatching(/^default-src 'none';.* frame-ancestors 'none';/),
    'x-frame-options': 'DENY',
  })
  // What is more particular than the table's sentence says what it is about.
  const particular: Partial<Record<ErrorCode, RegExp>> = {
    cross_site_request: /are accepted only from .*\. Open the page there/,
    invalid_request: /role="alert">[^<]*[:.]/,
  }
  if (codeOnPage(text) !== code)
    expect(text).toMatch(particular[code] ?? textOfError(texts, new GuestError(code)))
}

async function expectNoTrace(
  app: Pick<TestApp, 'store'>,
  send: Send,
  status: number,
  type: string,
  body: { code: ErrorCode; [member: string]: unknown },
): Promise<Response> {
  const before = await rowsOfGuests(app)
  expect(before).toHaveProperty('guests')
  const response = await send()
  expect(`${response.status} ${response.body?.code}`, response.text).toBe(`${status} ${body.code}`)
  expect(response.body).toEqual(body)
  expect(response.headers).toMatchObject({
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  for (const cookie of cookiesSet(response)) expect(cookie).toMatch(/^[\w-]+=; .*Max-Age=0\b/)
  expect(await rowsOfGuests(app)).toEqual(before)
  return response
}

/** All but who does what every minute, which a test that lasts may see being done. */
async function rowsOfGuests({ store }: Pick<TestApp, 'store'>): Promise<Record<string, string[]>> {
  const { chores: _chores, ...rest } = await tables(store)
  return rest
}
