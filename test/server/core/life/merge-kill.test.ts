// A process is killed in the middle of a merge: another one does the whole merge, once, or it is not done at all.

import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Options } from '../../../../server/index.ts'
import { type Browser, createClock, startApp, type TestApp } from '../../../support/app.ts'
import { storeWithTables } from '../../../support/engine.ts'
import { startHost } from '../../../support/hosts.ts'
import { livingSessions, pass, recordingHost, rowsOf } from '../../../support/merging.ts'

const origin = 'http://localhost:4000'
const profile = z.object({ nickname: z.string() })

type Deployment = { store: string; secret: string; origin: string }

async function newDeployment(): Promise<Deployment> {
  return { store: await storeWithTables(), secret: randomBytes(32).toString('base64'), origin }
}

/** The same deployment in this process, with a host that records the calls of its hooks. */
async function restart(deployment: Deployment, options: Partial<Options> = {}) {
  const host = recordingHost()
  const clock = createClock()
  const app = await startApp({ ...deployment, profile, now: clock.now, merge: host.hooks, ...options })
  return { app: { ...app, clock } as TestApp, ...host }
}

type Host = Pick<Awaited<ReturnType<typeof startHost>>, 'browser' | 'device'>

async function newWinner(host: Host) {
  const browser = host.browser()
  const device = host.device()
  const guest = await browser.signIn()
  const added = await browser.addPasskey(device)
  expect(added.status, added.text).toBe(201)
  return { browser, device, guest }
}

/** The state of a merge: its status, the stage of the guest, and how many sessions and audit lines there are. */
async function found(app: Pick<TestApp, 'store'>, from: string, into: string) {
  const [merge] = await rowsOf(app, 'merges', `from_id = '${from}'`)
  const [guest] = await rowsOf(app, 'guests', `anonymous_id = '${from}'`)
  const sessions = await livingSessions(app, from)
  const audit = await rowsOf(app, 'audit', `anonymous_id = '${into}' AND action = 'guest.merged'`)
  return { status: merge?.status, stage: guest?.stage, sessions: sessions.length, audit: audit.length }
}

/** The response, or undefined if the process died before it responded. */
const broken = (sent: Promise<Response>): Promise<Response | undefined> => sent.catch(() => undefined)

async function named(browser: Browser): Promise<void> {
  const answer = await browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
  expect(answer.status, answer.text).toBe(200)
}

test.each([
  ['without a row', async () => {}],
  ['with a profile', named],
])('after a kill in the hook, the next process merges a guest %s with the same ticket', async (_, keep) => {
  const deployment = await newDeployment()
  const host = await startHost({ ...deployment, hookMilliseconds: 60_000 })
  const winner = await newWinner(host)
  const browser = host.browser()
  const guest = await browser.signIn()
  await keep(browser)
  const called = host.hookCalled()
  const lost = broken(browser.signInWithPasskey(winner.device))
  await called
  await host.kill()
  await lost

  const { app, merges, undone } = await restart(deployment)
  const events: unknown[] = []
  app.guests.on('guest.merged', (event) => events.push(event))
  const before = { status: 'pending', audit: 0, sessions: 0 }
  expect(await found(app, guest.sub, winner.guest.sub)).toMatchObject(before)
  // The dead process still holds the claim for a minute.
  await app.guests.runChores()
  await pass(app, 30)
  expect(merges).toEqual([])
  expect(await found(app, guest.sub, winner.guest.sub)).toMatchObject(before)
  await pass(app, 61)
  expect(merges).toEqual(host.merges)
  expect(merges[0]!.into.recoverability).toBe('passkey')
  expect(await found(app, guest.sub, winner.guest.sub)).toMatchObject({
    status: 'merged',
    audit: 1,
    sessions: 0,
  })
  expect(events).toMatchObject([{ ticket: merges[0]!.ticket }])
  for (let i = 0; i < 5; i++) await pass(app, 120)
  expect([merges.length, undone.length, events.length]).toEqual([1, 0, 1])
  // The host can undo the merge by the ticket that its hook got.
  await app.guests.undoMerge(merges[0]!.ticket)
  expect(undone).toEqual(merges)
})

test('after a kill in the hook of a merge that the guest asked for, it is done with the same ticket', async () => {
  const deployment = await newDeployment()
  const host = await startHost({ ...deployment, hookMilliseconds: 60_000 })
  const [winner, loser] = [await newWinner(host), await newWinner(host)]
  const { body } = await loser.browser.signInWithPasskey(winner.device)
  const called = host.hookCalled()
  const lost = broken(loser.browser.post('/guest/merge', { ticket: body.ticket }))
  await called
  await host.kill()
  await lost

  const { app, merges } = await restart(deployment)
  const again = app.browser()
  for (const [name, value] of loser.browser.cookies) again.cookies.set(name, value)
  app.clock.forward(61)
  // The guest asks again before the job runs.
  const answer = await again.post('/guest/merge', { ticket: body.ticket })
  expect(answer.body, answer.text).toMatchObject({
    sub: winner.guest.sub,
    merged: { anonymous_id: loser.guest.sub },
  })
  expect(merges).toEqual(host.merges)
  await pass(app, 120)
  expect(merges).toHaveLength(1)
  expect(await found(app, loser.guest.sub, winner.guest.sub)).toMatchObject({
    status: 'merged',
    stage: 'merged',
    audit: 1,
  })
})

test('one of two processes that find an unfinished merge at once does it', async () => {
  const deployment = await newDeployment()
  const host = await startHost({ ...deployment, hookMilliseconds: 60_000 })
  const winner = await newWinner(host)
  const browser = host.browser()
  const guest = await browser.signIn()
  const called = host.hookCalled()
  const lost = broken(browser.signInWithPasskey(winner.device))
  await called
  await host.kill()
  await lost
  const nodes = [await restart(deployment), await restart(deployment)] as const
  for (let i = 0; i < 3; i++) await Promise.all(nodes.map(({ app }) => pass(app, 61)))
  const told = nodes.flatMap(({ merges }) => merges)
  expect(told).toEqual(host.merges)
  expect(await found(nodes[0].app, guest.sub, winner.guest.sub)).toMatchObject({ status: 'merged', audit: 1 })
})

test('after kills at any moment, each merge is done wholly or not at all, and all are done in the end', async () => {
  const deployment = await newDeployment()
  const tickets = new Map<string, string>()
  // The first process leaves merges undone, because its hooks never end. The last one finishes at least one.
  for (const [i, milliseconds] of [0, 3, 8, 15, 25, 40].entries()) {
    const host = await startHost({ ...deployment, hookMilliseconds: i === 0 ? 60_000 : 2 })
    const winner = await newWinner(host)
    const visitors = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const browser = host.browser()
        const guest = await browser.signIn()
        if (i % 2) await named(browser)
        const options = await browser.post('/guest/passkeys/authenticate/options')
        return { browser, guest, proof: await winner.device.get(options.body) }
      }),
    )
    const called = host.hookCalled()
    const sent = visitors.map(({ browser, proof }) =>
      broken(browser.post('/guest/passkeys/authenticate', proof)),
    )
    await called
    await setTimeout(milliseconds)
    if (i === 5) await Promise.race(sent)
    await host.kill()
    const answers = await Promise.all(sent)
    for (const { ticket, from } of host.merges) tickets.set(from.anonymous_id, ticket)
    let done = 0
    for (const [i, { guest }] of visitors.entries()) {
      const { status, stage, sessions } = await found(deployment, guest.sub, winner.guest.sub)
      // Either the sign-in and the decision are both written, or the guest is as it was.
      if (status === undefined) expect([stage, sessions]).toEqual(i % 2 ? ['active', 1] : [undefined, 0])
      else expect([sessions, stage === 'merged']).toEqual([0, i % 2 === 1 && status === 'merged'])
      // A response that was sent stays true.
      const answer = answers[i]
      if (answer) expect([answer.status, answer.body.merged, status]).toEqual([200, true, 'merged'])
      if (status === 'merged') done++
    }
    const { audit } = await found(deployment, '', winner.guest.sub)
    expect(audit).toBe(done)
  }
  const before = await rowsOf(deployment, 'merges')

  const { app, merges } = await restart(deployment)
  for (let i = 0; i < 3; i++) await pass(app, 61)
  const pending = before.filter(({ status }) => status === 'pending').map(({ id }) => id)
  expect(merges.map(({ ticket }) => ticket).toSorted()).toEqual(pending.toSorted())
  expect(pending.length, 'some were left').toBeGreaterThan(0)
  expect(pending.length, 'some were done').toBeLessThan(before.length)
  for (const { ticket, from } of merges) expect(tickets.get(from.anonymous_id) ?? ticket).toBe(ticket)
  const after = await rowsOf(deployment, 'merges')
  expect(after.map(({ status }) => status)).toEqual(before.map(() => 'merged'))
  expect(await rowsOf(deployment, 'audit', "action = 'guest.merged'")).toHaveLength(after.length)
})
