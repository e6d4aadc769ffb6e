// Guests who are folded into others, as browsers and hosts see it.

import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { Merge, Options } from '../../server/index.ts'
import type { Browser, TestApp, Userinfo } from './app.ts'
import { copyOf, keptGuest } from './ceremonies.ts'
import { execute, rowsOf as rowsOfStore } from './tables.ts'

export const minute = 60
export const hour = 60 * minute
export const day = 24 * hour

/** A host that brings along what it keeps: what its hooks were called with, in order. */
export function recordingHost() {
  const merges: Merge[] = []
  const undone: Merge[] = []
  const hooks = {
    onMerge: (merge: Merge) => void merges.push(merge),
    onUndoMerge: (merge: Merge) => void undone.push(merge),
  } satisfies Partial<Options>
  return { merges, undone, hooks }
}

export type Row = Record<string, unknown>

/** Rows of a table, read past the server. */
export const rowsOf = ({ store }: Pick<TestApp, 'store'>, table: string, where?: string): Promise<Row[]> =>
  rowsOfStore(store, table, where)

/** The row of this guest; undefined where there is none. */
export const rowOf = async (app: Pick<TestApp, 'store'>, { sub }: { sub: string }) =>
  (await rowsOf(app, 'guests', `anonymous_id = '${sub}'`))[0]

/** The guest's sessions; those of one who was merged are put aside until that cannot be undone. */
export const livingSessions = (app: Pick<TestApp, 'store'>, sub: string) =>
  rowsOf(app, 'sessions', `anonymous_id = '${sub}' AND id NOT LIKE 'merged:%'`)

/** What is done every minute is done after this time. */
export async function pass(app: TestApp, seconds: number): Promise<void> {
  app.clock.forward(seconds)
  await app.guests.runChores()
}

/** A guest as hooks, events and answers name it. */
export const asPrevious = ({ anonymous_id, label, collection, recoverability }: Userinfo) => ({
  ...{ anonymous_id, label, collection, recoverability },
})

/** What there may be to keep of a guest who could not come back. */
export const keepings = {
  'in no row': async () => {},
  'kept by the host': async (app, _, { sub }) => void expect(await app.guests.keep(sub)).toBe(true),
  'kept for its profile': async (_, browser) => {
    const changed = await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
    expect(changed.status, changed.text).toBe(200)
  },
} satisfies Record<string, (app: TestApp, browser: Browser, guest: Userinfo) => Promise<void>>

type Winner = Awaited<ReturnType<typeof keptGuest>>

/** A guest who could not come back signs in to another one; `old` has the cookie of before. */
export async function foldedIn(
  app: TestApp,
  keep: (app: TestApp, browser: Browser, guest: Userinfo) => Promise<void> = async () => {},
  winner?: Winner,
) {
  const into = winner ?? (await keptGuest(app))
  const browser = app.browser()
  const guest = await browser.signIn()
  await keep(app, browser, guest)
  const old = copyOf(app, browser)
  const answer = await signedIn(browser.signInWithPasskey(into.device), into.guest.sub)
  return { browser, old, guest, winner: into, answer, ticket: answer.body.ticket as string }
}

/**
 * A guest with a passkey signs in to another one in the same browser; `left` has the cookie of before, and `old` is
 * another browser where it is signed in.
 */
export async function offered(app: TestApp, into?: Winner, from?: Winner) {
  const loser = from ?? (await keptGuest(app))
  const winner = into ?? (await keptGuest(app))
  const { browser } = loser
  const left = copyOf(app, browser)
  const old = app.browser()
  await signedIn(old.signInWithPasskey(loser.device), loser.guest.sub)
  const { body: guest } = await old.get('/guest/userinfo')
  const answer = await signedIn(browser.signInWithPasskey(winner.device), winner.guest.sub)
  return {
    browser,
    left,
    old,
    guest: guest as Userinfo,
    loser,
    winner,
    answer,
    ticket: answer.body.ticket as string,
  }
}

/** The same, and it is merged as well. */
export async function merged(app: TestApp, into?: Winner, from?: Winner) {
  const offer = await offered(app, into, from)
  const done = await offer.browser.post('/guest/merge', { ticket: offer.ticket })
  expect(done.status, done.text).toBe(200)
  return { ...offer, done }
}

export async function signedIn(answer: Promise<Response>, sub: string): Promise<Response> {
  const response = await answer
  expect(response.status, response.text).toBe(200)
  expect(response.body.sub).toBe(sub)
  return response
}

/** The guest's time is over, as the clean-up finds it: it was not seen for as long as was promised, and warned. */
export const makeDue = ({ store }: Pick<TestApp, 'store'>, sub: string): Promise<void> =>
  execute(
    store,
    `UPDATE guests SET stage = 'warned', expires_at = 400000000, due_at = 1, last_seen_at = 0
      WHERE anonymous_id = '${sub}'`,
  )
