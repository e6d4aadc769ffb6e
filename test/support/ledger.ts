// A steady load of whole ceremonies, with a ledger of every response. Afterwards the store must agree with the ledger.

import { setTimeout } from 'node:timers/promises'
import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { Browser } from './app.ts'
import { ask, type Cluster } from './cluster.ts'

/** What the nodes acknowledged. */
export type Ledger = {
  /** By credential id: the guest of the passkey, and whether the passkey exists. */
  passkeys: Map<string, { sub: string; there: boolean }>
  /** By token: the guest of the session, and whether the session is alive. */
  sessions: Map<string, { sub: string; alive: boolean }>
  /** Responses that no fault excuses. */
  wrong: string[]
  /** The number of responses with each status. */
  answers: Record<number, number>
  /** Sign-ins that happened although the response was 503. Each may have left a session that nobody holds. */
  lost: number
  /** The longest wait for a response, in milliseconds. */
  slowest: number
}

export type Load = { ledger: Ledger; stop: () => Promise<Ledger> }

/** How long 503 is accepted: longer than any fault in these tests. */
const PATIENCE_MILLISECONDS = 30_000

/** Plays guests, one after the other in each lane, until the test stops it. The last guests still finish. */
export function startLoad(cluster: Cluster, lanes = 6): Load {
  const ledger: Ledger = {
    passkeys: new Map(),
    sessions: new Map(),
    wrong: [],
    answers: {},
    lost: 0,
    slowest: 0,
  }
  let stopped = false
  const lane = async () => {
    while (!stopped) await comeAndGo(cluster, ledger).catch((error) => ledger.wrong.push(String(error)))
  }
  const running = Promise.all(Array.from({ length: lanes }, lane))
  return {
    ledger,
    async stop() {
      stopped = true
      await running
      return ledger
    },
  }
}

/** One guest: becomes one, signs in on a second device, adds and removes a passkey, signs out on the first. */
async function comeAndGo(cluster: Cluster, ledger: Ledger): Promise<void> {
  const [phone, device] = [cluster.browser(), cluster.device()]
  const { sub } = (await insist(ledger, () => phone.post('/guest/sign-in'), [200])).body
  await addPasskey(ledger, phone, device, sub)
  ledger.sessions.set(phone.token!, { sub, alive: true })

  const laptop = cluster.browser()
  await signIn(ledger, laptop, device.copy(), sub)
  const second = await addPasskey(ledger, phone, cluster.device(), sub)
  const rename = () => phone.patch(`/guest/passkeys/${second}`, { name: 'The second one' })
  await insist(ledger, rename, [200])
  await insist(ledger, () => phone.delete(`/guest/passkeys/${second}`), [204], [404])
  ledger.passkeys.set(second, { sub, there: false })

  const { token } = phone
  await insist(ledger, () => phone.post('/guest/sign-out'), [204], [401])
  ledger.sessions.set(token!, { sub, alive: false })
  expectSub(await insist(ledger, () => laptop.get('/guest/userinfo'), [200]), sub)
}

async function addPasskey(
  ledger: Ledger,
  browser: Browser,
  device: ReturnType<Cluster['device']>,
  sub: string,
): Promise<string> {
  const options = await insist(ledger, () => browser.post('/guest/passkeys/register/options'), [200])
  const proof = await device.create(options.body)
  // The same request again returns the same passkey.
  const { body } = await insist(ledger, () => browser.post('/guest/passkeys/register', proof), [201], [200])
  expect(body).toMatchObject({ sub, passkey: { id: proof.id } })
  ledger.passkeys.set(proof.id, { sub, there: true })
  return proof.id
}

async function signIn(
  ledger: Ledger,
  browser: Browser,
  device: ReturnType<Cluster['device']>,
  sub: string,
): Promise<void> {
  for (;;) {
    const options = await insist(ledger, () => browser.post('/guest/passkeys/authenticate/options'), [200])
    const proof = await device.get(options.body)
    const signed = await insist(
      ledger,
      () => browser.post('/guest/passkeys/authenticate', proof),
      [200],
      [401],
    )
    if (signed.status === 200) {
      expectSub(signed, sub)
      ledger.sessions.set(browser.token!, { sub, alive: true })
      return
    }
    ledger.lost++ // the sign-in happened, but its response was lost: an assertion counts only once
  }
}

function expectSub({ body }: Response, sub: string): void {
  if (body.sub !== sub) throw new Error(`answered for ${body.sub} instead of ${sub}`)
}

/**
 * Sends until the status is not 503. `afterFault` is the response that a repetition may get if the first request was done
 * after all. Any other response is wrong.
 */
async function insist(
  ledger: Ledger,
  send: () => Promise<Response>,
  expected: number[],
  afterFault: number[] = [],
): Promise<Response> {
  const start = performance.now()
  for (let faults = 0; ; faults++) {
    const sent = performance.now()
    const response = await send()
    ledger.slowest = Math.max(ledger.slowest, performance.now() - sent)
    const { status, text, headers } = response
    ledger.answers[status] = (ledger.answers[status] ?? 0) + 1
    if (expected.includes(status) || (faults > 0 && afterFault.includes(status))) return response
    const excused = status === 503 && response.body.code === 'unavailable' && headers['retry-after']
    const patient = performance.now() - start < PATIENCE_MILLISECONDS
    if (!excused || !patient) throw new Error(`${status} ${text} after ${faults} faults`)
    await setTimeout(50)
  }
}

/** Expects that nothing acknowledged is lost and nothing is doubled, at every node. */
export async function expectKept(cluster: Cluster, ledger: Ledger, database: string): Promise<void> {
  expect(ledger.wrong).toEqual([])
  const { passkeys, sessions, lost } = ledger
  const guests = [...passkeys.values()].map(({ sub }) => sub)
  const there = [...passkeys].filter(([, one]) => one.there).map(([id, { sub }]) => `${id} of ${sub}`)
  expect(await column(database, 'SELECT anonymous_id FROM guests')).toEqual([...new Set(guests)].toSorted())
  const found = "SELECT credential_id || ' of ' || anonymous_id FROM passkeys"
  expect(await column(database, found)).toEqual(there.toSorted())
  const alive = [...sessions.values()].filter(({ alive }) => alive).length
  const rows = (await column(database, 'SELECT id FROM sessions')).length
  expect(rows, 'sessions').toBeGreaterThanOrEqual(alive)
  expect(rows, 'sessions').toBeLessThanOrEqual(alive + lost)
  for (const node of cluster.nodes) await expectSessions(cluster, node, sessions)
}

async function expectSessions(cluster: Cluster, node: Cluster['nodes'][0], sessions: Ledger['sessions']) {
  for (const [token, { sub, alive }] of sessions) {
    const browser = cluster.at(node)
    browser.cookies.set('guestkey', token)
    const { status, body } = await browser.get('/guest/userinfo')
    expect([status, body.sub]).toEqual(alive ? [200, sub] : [401, undefined])
  }
}

const column = async (database: string, sql: string): Promise<string[]> =>
  (await ask<Record<string, string>>(database, sql)).map((row) => Object.values(row)[0]!).toSorted()
