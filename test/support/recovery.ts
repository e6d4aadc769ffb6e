// Guests with recovery codes, as browsers see them.

import Database from 'better-sqlite3'
import type { Response } from 'supertest'
import { expect } from 'vitest'
import { isPostgres } from '../../server/options/options.ts'
import type { Browser, TestApp } from './app.ts'
import { ask } from './cluster.ts'

/** Ten new codes, which the guest does not confirm. */
export async function unconfirmedCodes(browser: Browser): Promise<[string, ...string[]]> {
  const { status, body, text } = await browser.post('/guest/recovery-codes')
  expect(status, text).toBe(201)
  return body.codes
}

export const confirmCodes = (browser: Browser): Promise<Response> =>
  browser.post('/guest/recovery-codes/confirm')

/** Ten new codes that the guest has written down. */
export async function newCodes(browser: Browser): Promise<[string, ...string[]]> {
  const codes = await unconfirmedCodes(browser)
  const { status, text } = await confirmCodes(browser)
  expect(status, text).toBe(200)
  return codes
}

export const useCode = (browser: Browser, code: string, more: object = {}): Promise<Response> =>
  browser.post('/guest/sign-in/recovery-code', { code, ...more })

/** How many codes are left, as the guest sees it. */
export const codesLeft = async (browser: Browser): Promise<number> =>
  (await browser.get('/guest/recovery-codes')).body.left

/** A guest whose only way back is recovery codes. */
export async function guestWithCodes(app: Pick<TestApp, 'browser'>) {
  const browser = app.browser()
  const guest = await browser.signIn()
  return { browser, guest, codes: await newCodes(browser) }
}

/** Uses up all recovery codes, each in a new browser that then signs out. Other ways back stay. */
export async function useAllBut(
  app: Pick<TestApp, 'browser'>,
  codes: string[],
  count: number,
): Promise<void> {
  for (const code of codes.slice(0, codes.length - count)) {
    const browser = app.browser()
    expect((await useCode(browser, code)).status).toBe(200)
    await browser.post('/guest/sign-out')
  }
}

/** Read directly from the store, past the server. */
export async function execute({ store }: Pick<TestApp, 'store'>, statement: string): Promise<void> {
  if (isPostgres(store)) return void (await ask(store, statement))
  const db = new Database(store)
  db.exec(statement)
  db.close()
}
