// What all refusals have in common: a problem document that no cache keeps, no session, and a store as it was.

import Database from 'better-sqlite3'
import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { ErrorCode } from '../../server/index.ts'
import type { TestApp } from './app.ts'

/** Every row of every table, as texts. */
export function tables(storeFile: string): Record<string, string[]> {
  const db = new Database(storeFile, { readonly: true })
  try {
    const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
    return Object.fromEntries(
      names.map((name) => [
        name,
        db
          .prepare(`SELECT * FROM ${name}`)
          .all()
          .map((row) => JSON.stringify(row))
          .sort(),
      ]),
    )
  } finally {
    db.close()
  }
}

/** The Set-Cookie headers of an answer. */
export const cookiesSet = (response: Response): string[] =>
  [(response.headers['set-cookie'] as unknown as string[] | undefined) ?? []].flat()

/** Sends, and expects this refusal and no trace of it. */
export async function expectRefusal(
  app: Pick<TestApp, 'storeFile'>,
  send: () => Promise<Response>,
  status: number,
  code: ErrorCode,
): Promise<Response> {
  const before = tables(app.storeFile)
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
  expect(tables(app.storeFile)).toEqual(before)
  return response
}
