// What every refusal must have: an error document that no cache keeps, no session, and an unchanged store.

import type { Response } from 'supertest'
import { expect } from 'vitest'
import { errorCodes } from '../../server/errors.ts'
import { languages } from '../../server/http/pages/languages.ts'
import type { ErrorCode } from '../../server/index.ts'
import { codeOnTheWire } from '../../server/old-names.ts'
import type { TestApp } from './app.ts'
import { tables } from './tables.ts'

/** The Set-Cookie headers of a response. */
export const cookiesSet = ({ headers }: { headers: object }): string[] =>
  [(headers as { 'set-cookie'?: string[] })['set-cookie'] ?? []].flat()

type Send = () => Promise<Response>

/** Sends, and expects this refusal: a problem document (RFC 9457) and an unchanged store. */
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
    code: codeOnTheWire(code),
    detail: expect.any(String),
  })

/** The same at an OAuth endpoint, which answers as in RFC 6749, 5.2. `error` is the OAuth error for our code. */
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
    type: `urn:guestkey:problem:${code}`,
    code: codeOnTheWire(code),
  })

/** The code of the error that a page shows: in its last line, or, in a form that can be corrected, by its sentence. */
export const codeOnPage = (html: string): string | undefined =>
  /<code[^>]*>(\w+)/.exec(html)?.[1] ??
  errorCodes.find((code) => languages.en![code] && html.includes(`<span>${languages.en![code]}`))

/** Expects a page that says what is wrong, refuses to be framed, and runs and loads nothing. */
export function expectErrorPage(
  { text, headers }: { text: string; headers: Record<string, unknown> },
  code: ErrorCode,
): void {
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': expect.stringMatching(/^default-src 'none';.* frame-ancestors 'none';/),
    'x-frame-options': 'DENY',
  })
  expect(text).toMatch(/role="alert">./)
  expect(codeOnPage(text)).toBe(code)
}

async function expectNoTrace(
  app: Pick<TestApp, 'store'>,
  send: Send,
  status: number,
  type: string,
  body: { code: string; [member: string]: unknown },
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

/** All rows except the holders of the jobs that run every minute, which change during a long test. */
async function rowsOfGuests({ store }: Pick<TestApp, 'store'>): Promise<Record<string, string[]>> {
  const { chores: _chores, ...rest } = await tables(store)
  return rest
}
