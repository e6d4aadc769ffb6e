// Merges of guests, as browsers and hosts see them.

import type { Response } from 'supertest'
import { expect } from 'vitest'
import { z } from 'zod'
import type { GuestEvents, Merge, Options } from '../../server/index.ts'
import { type Browser, startApp, type TestApp, type Userinfo } from './app.ts'
import { copyOf, keptGuest } from './ceremonies.ts'
import { execute, rowsOf as rowsOfStore } from './tables.ts'

export const minute = 60
export const hour = 60 * minute
export const day = 24 * hour

/** A host with merge hooks: the arguments of their calls, in order. */
export function recordingHost() {
  const merges: Merge[] = []
  const undone: Merge[] = []
  const hooks = {
    onMerge: (merge: Merge) => void merges.push(merge),
    onUndoMerge: (merge: Merge) => void undone.push(merge),
  } satisfies Options['merge']
  return { merges, undone, hooks }
}

export type Row = Record<string, unknown>

/** The rows of a table, read directly, past the server. */
export const rowsOf = ({ store }: Pick<TestApp, 'store'>, table: string, where?: string): Promise<Row[]> =>
  rowsOfStore(store, table, where)

/** The row of this guest; undefined if it has none. */
export const rowOf = async (app: Pick<TestApp, 'store'>, { sub }: { sub: string }) =>
  (await rowsOf(app, 'guests', `anonymous_id = '${sub}'`))[0]

/** The sessions of the guest. Those of a merged guest are put aside until the merge cannot be undone any more. */
export const livingSessions = (app: Pick<TestApp, 'store'>, sub: string) =>
  rowsOf(app, 'sessions', `anonymous_id = '${sub}' AND id NOT LIKE 'merged:%'`)

/** The jobs that run every minute have run after this time. */
export async function pass(app: TestApp, seconds: number): Promise<void> {
  app.clock.forward(seconds)
  await app.guests.runChores()
}

/** A guest as hooks, events and responses show it. */
export const asPrevious = ({ anonymous_id, label, collection, recoverability }: Userinfo) => ({
  ...{ anonymous_id, label, collection, recoverability },
})

/** The ways in which a guest who could not come back has something to keep. */
export const keepings = {
  'in no row': async () => {},
  'kept by the host': async (app, _, { sub }) => void expect(await app.guests.keep(sub)).toBe(true),
  'kept for its profile': async (_, browser) => {
    const changed = await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
    expect(changed.status, changed.text).toBe(200)
  },
} satisfies Record<string, (app: TestApp, browser: Browser, guest: Userinfo) => Promise<void>>

type Winner = Awaited<ReturnType<typeof keptGuest>>

/** A guest who could not come back signs in as another guest. `old` still has the earlier cookie. */
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
 * A guest with a passkey signs in as another guest in the same browser. `left` still has the earlier cookie, and `old` is
 * another browser where the first guest is signed in.
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

/** The same, and the two guests are merged. */
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

/** Makes the guest due for the clean-up: it was warned, and not seen for the promised time. */
export const makeDue = ({ store }: Pick<TestApp, 'store'>, sub: string): Promise<void> =>
  execute(
    store,
    `UPDATE guests SET stage = 'warned', expires_at = 400000000, due_at = 1, last_seen_at = 0
      WHERE anonymous_id = '${sub}'`,
  )

export const profile = z.object({ nickname: z.string(), language: z.string(), size: z.number() })

/** An app whose host records the calls of its hooks. */
export async function startMergingApp(options: Partial<Options> = {}) {
  const host = recordingHost()
  const app = await startApp({ profile, ...options, merge: { ...host.hooks, ...options.merge } })
  const events: GuestEvents['guest.merged'][] = []
  app.guests.on('guest.merged', (event) => events.push(event))
  return { app, ...host, events }
}

export const subOf = async (browser: Browser) =>
  (await browser.get('/guest/userinfo')).body.sub as string | undefined

/** The rows of all merges, or of those from one guest, without times and flags. */
export const merges = async (app: TestApp, from?: { sub: string }) =>
  (await rowsOf(app, 'merges', from && `from_id = '${from.sub}'`)).map(({ from_id, into_id, status }) => ({
    from_id,
    into_id,
    status,
  }))

export const auditOf = async (app: TestApp, { sub }: { sub: string }, action: string) =>
  (await app.guests.auditTrail({ anonymousId: sub })).filter((line) => line.action === action)
