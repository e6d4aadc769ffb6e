// What all refusals have in common: a problem document that no cache keeps, no session, and a store as it was.

import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { ErrorCode } from '../../server/index.ts'
import type { TestApp } from './app.ts'
import { tables } from './tables.ts'

/** The Set-Cookie headers of an answer. */
export const cookiesSet = (response: Response): string[] =>
  [(response.headers['set-cookie'] as unknown as string[] | undefined) ?? []].flat()

/** Sends, and expects this refusal and no trace of it. */
export async function expectRefusal(
  app: Pick<TestApp, 'store'>,
  send: () => Promise<Response>,
  status: number,
  code: ErrorCode,
): Promise<Response> {
  const before = await tables(app.store)
  expect(before).toHaveProperty('guests')
  const response = await send()
  expect(`${response.status} ${response.body?.code}`, response.text).toBe(`${status} ${code}`)
  expect(response.body).toEqual({
    type: `urn:guestkey:problem:${code}`,
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
  })
  expect(response.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  for (const cookie of cookiesSet(response)) expect(cookie).toMatch(/^[\w-]+=; .*Max-Age=0\b/)
  expect(await tables(app.store)).toEqual(before)
  return response
}
