// Requests at the same time on two nodes with one store: one of them wins, and nothing is half done.

import { setTimeout } from 'node:timers/promises'
import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import type { Options } from '../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { SoftwareAuthenticator } from '../../support/authenticator.ts'
import { askToRegister, askToSignIn, sendAssertion, sendRegistration } from '../../support/ceremonies.ts'
import { storeWithTables, temporaryDeployment } from '../../support/engine.ts'
import { holdLock } from '../../support/lock.ts'
import { createMeeting, inLanes, inRounds, roundsOf } from '../../support/rounds.ts'
import { startService } from '../../support/service.ts'
import { countRows, rowsOf } from '../../support/tables.ts'

const origin = 'http://localhost:4000'
const secret = 'a secret that both nodes share, of more than 32 characters'
const rounds = roundsOf(24, 200)

/** What a race needs from its two nodes. */
type Node = Pick<TestApp, 'browser'>
type Nodes = { nodes: [Node, Node]; store: string }

/** Two servers in this process, each with its own connections to the store. */
async function twoNodes(options: Partial<Options> = {}): Promise<Nodes & { nodes: [TestApp, TestApp] }> {
  const store = await storeWithTables()
  const start = () => startApp({ store, origin, secret, ...options })
  return { nodes: [await start(), await start()], store }
}

/** Two services, each in its own process, that start at once on an empty store. */
async function twoProcesses(): Promise<Nodes> {
  const { store, environment } = await temporaryDeployment()
  const start = () => startService({ ...environment, GUESTKEY_SECRET: secret, GUESTKEY_ORIGIN: origin })
  return { nodes: await Promise.all([start(), start()]), store }
}

const newDevice = (counter: 'zero' | 'increasing' = 'zero') => new SoftwareAuthenticator({ origin, counter })

/** The tabs of one browser, one at each node. They have the same cookies until the responses come. */
function tabs(
  { nodes: [a, b] }: Nodes,
  { cookies }: { cookies: ReadonlyMap<string, string> },
): [Browser, Browser] {
  const open = (node: Node) => {
    const tab = node.browser()
    for (const [name, value] of cookies) tab.cookies.set(name, value)
    return tab
  }
  return [open(a), open(b)]
}

/** Sends after this many milliseconds. */
const after = <T>(milliseconds: number, send: () => Promise<T>) => setTimeout(milliseconds).then(send)

const statuses = (responses: Response[]) => responses.map(({ status }) => status).toSorted()
const subOf = async (browser: Browser) =>
  (await browser.get('/guest/userinfo')).body.sub as string | undefined
const passkeysOf = async (browser: Browser) =>
  ((await browser.get('/guest/passkeys')).body.passkeys as { id: string }[]).map(({ id }) => id)

async function keptGuest({ nodes: [a] }: Nodes, device = newDevice()) {
  const browser = a.browser()
  const guest = await browser.signIn()
  const added = await browser.addPasskey(device)
  expect(added.status, added.text).toBe(201)
  return { browser, device, guest }
}

/** Two registrations, both ready before either is sent. */
async function registerAtOnce(one: Browser, other: Browser): Promise<[Response, Response]> {
  const proofs = [
    await newDevice().create(await askToRegister(one)),
    await newDevice().create(await askToRegister(other)),
  ] as const
  return Promise.all([sendRegistration(one, proofs[0]), sendRegistration(other, proofs[1])])
}

/** Sends the same registration to both nodes at once: one passkey, one session, and both responses say so. */
async function registerTwice(both: Nodes): Promise<void> {
  const visitor = both.nodes[0].browser()
  const guest = await visitor.signIn()
  const proof = await newDevice().create(await askToRegister(visitor))
  const [one, other] = tabs(both, visitor)
  const answers = await Promise.all([sendRegistration(one, proof), sendRegistration(other, proof)])
  expect(statuses(answers), answers.map(({ text }) => text).join()).toEqual([200, 201])
  expect(answers[0].body).toEqual(answers[1].body)
  expect(one.token).toBe(other.token)
  expect(await passkeysOf(one)).toEqual([proof.id])
  expect(await subOf(other)).toBe(guest.sub)
}

/** Sends the same assertion many times at once, to both nodes: one succeeds. */
async function assertOften(both: Nodes, kept: Awaited<ReturnType<typeof keptGuest>>, times: number) {
  const proof = await kept.device.get(await askToSignIn(both.nodes[0].browser()))
  const visitors = Array.from({ length: times }, (_, i) => both.nodes[i % 2]!.browser())
  const answers = await Promise.all(visitors.map((visitor) => sendAssertion(visitor, proof)))
  expect(statuses(answers)).toEqual([200, ...Array(times - 1).fill(401)])
  const [winner, ...more] = visitors.filter(({ token }) => token !== undefined)
  expect(more).toEqual([])
  expect(await subOf(winner!)).toBe(kept.guest.sub)
  expect((await winner!.post('/guest/sign-out')).status).toBe(204)
}

test('the same registration at two nodes makes one passkey', async () => {
  const both = await twoNodes()
  await inRounds(rounds, () => registerTwice(both))
  expect(await countRows(both.store)).toMatchObject({ guests: rounds, passkeys: rounds, sessions: rounds })
})

test('the same registration of a new guest at two nodes makes one guest', async () => {
  const both = await twoNodes()
  await inRounds(rounds, async () => {
    const [one, other] = tabs(both, { cookies: new Map() })
    const proof = await newDevice().create(await askToRegister(one))
    const answers = await Promise.all([sendRegistration(one, proof), sendRegistration(other, proof)])
    expect(statuses(answers)).toEqual([201, 400])
  })
  expect(await countRows(both.store)).toMatchObject({ guests: rounds, passkeys: rounds, sessions: rounds })
})

test('one assertion, sent fifty times at once to two nodes, signs in once', async () => {
  const both = await twoNodes()
  const kept = await keptGuest(both)
  await inRounds(roundsOf(10, 40), () => assertOften(both, kept, 50), 2)
})

test('one assertion, sent to two nodes, signs in once', async () => {
  const both = await twoNodes()
  const kept = await keptGuest(both)
  await inRounds(rounds, () => assertOften(both, kept, 2))
})

test('the counter keeps the greater of two sign counts that come at once', async () => {
  const both = await twoNodes()
  const newGuest = () => keptGuest(both, newDevice('increasing'))
  await inLanes(rounds, newGuest, async ({ device, guest }, round) => {
    const [lower, higher] = [2 * round, 2 * round + 1]
    const [one, other] = tabs(both, { cookies: new Map() })
    const proofs = [
      await device.get(await askToSignIn(one), { signCount: lower }),
      await device.get(await askToSignIn(other), { signCount: higher }),
    ] as const
    const [first, second] = await Promise.all([
      sendAssertion(one, proofs[0]),
      sendAssertion(other, proofs[1]),
    ])
    expect([200, 401]).toContain(first.status)
    expect(second.status).toBe(200)
    const [passkey] = await rowsOf(both.store, 'passkeys', `anonymous_id = '${guest.sub}'`)
    expect(passkey!.sign_count).toBe(higher)
    for (const tab of [one, other]) if (tab.token) await tab.post('/guest/sign-out')
  })
})

test('two tabs that keep one guest at once keep it once, and the other tab must retry', async () => {
  const both = await twoNodes()
  await inRounds(rounds, async () => {
    const visitor = both.nodes[0].browser()
    const guest = await visitor.signIn()
    const [one, other] = tabs(both, visitor)
    const answers = await registerAtOnce(one, other)
    expect(statuses(answers)).toEqual([201, 401])
    const [winner, loser] = answers[0].status === 201 ? [one, other] : [other, one]
    expect(await subOf(winner)).toBe(guest.sub)
    expect(await passkeysOf(winner)).toHaveLength(1)
    expect(await subOf(loser)).toBeUndefined()
    expect(loser.token, 'the losing response, if it comes last, leaves the cookie alone').toBeDefined()
  })
  expect(await countRows(both.store)).toMatchObject({ guests: rounds, passkeys: rounds, sessions: rounds })
})

test('a guest who signs out and registers at once is kept completely or is gone', async () => {
  const both = await twoNodes()
  const meet = createMeeting()
  let kept = 0
  await inRounds(rounds, async () => {
    const visitor = both.nodes[0].browser()
    const guest = await visitor.signIn()
    const proof = await newDevice().create(await askToRegister(visitor))
    const [one, other] = tabs(both, visitor)
    const [registered, signedOut] = await meet(
      () => sendRegistration(one, proof),
      () => other.post('/guest/sign-out', { force: true }),
      ([{ status }]) => status === 201,
    )
    const stays = registered.status === 201
    expect([registered.status, signedOut.status]).toEqual(stays ? [201, 401] : [401, 204])
    expect(await subOf(visitor), 'the old session has ended').toBeUndefined()
    expect(await subOf(one)).toBe(stays ? guest.sub : undefined)
    kept += Number(stays)
  })
  expect(await countRows(both.store)).toMatchObject({ guests: kept, passkeys: kept, sessions: kept })
  expect(kept, 'either came first at least once').toBeGreaterThan(0)
  expect(kept).toBeLessThan(rounds)
})

test('a guest who signs out and adds a second passkey at once has two passkeys or one, and no session', async () => {
  const both = await twoNodes()
  const meet = createMeeting()
  await inRounds(rounds, async () => {
    const { browser, device, guest } = await keptGuest(both)
    const proof = await newDevice().create(await askToRegister(browser))
    const [one, other] = tabs(both, browser)
    const [registered, signedOut] = await meet(
      () => sendRegistration(one, proof),
      () => other.post('/guest/sign-out'),
      ([{ status }]) => status === 201,
    )
    expect([201, 401]).toContain(registered.status)
    expect(signedOut.status).toBe(204)
    expect(await subOf(browser)).toBeUndefined()
    const back = both.nodes[1].browser()
    expect((await back.signInWithPasskey(device)).body.sub).toBe(guest.sub)
    const passkeys = await passkeysOf(back)
    expect(passkeys.includes(proof.id), registered.text).toBe(registered.status === 201)
  })
})

test('if a second passkey and a sign-out wait for one lock, the response says whether the passkey exists', async () => {
  const { nodes, store } = await twoNodes()
  const { browser, device } = await keptGuest({ nodes, store })
  const proof = await newDevice().create(await askToRegister(browser))
  const [, other] = tabs({ nodes: [nodes[0], nodes[0]], store }, browser)
  const release = await holdLock(store)
  const answers = Promise.all([
    browser.patch('/guest/passkeys/nobodys', { name: 'x' }), // makes the writer wait, and the others behind it
    after(200, () => sendRegistration(browser, proof)),
    after(400, () => other.post('/guest/sign-out')),
  ])
  await after(600, release)
  const [, registered, signedOut] = await answers
  expect(signedOut.status).toBe(204)
  const back = nodes[1].browser()
  await back.signInWithPasskey(device)
  const isThere = (await passkeysOf(back)).includes(proof.id)
  expect(isThere, registered.text).toBe(registered.status === 201)
})

test('one of the last two passkeys stays if both are removed at once', async () => {
  const both = await twoNodes()
  await inRounds(rounds / 2, async () => {
    const { browser } = await keptGuest(both)
    await browser.addPasskey(newDevice())
    const [first, second] = await passkeysOf(browser)
    const [one, other] = tabs(both, browser)
    const answers = await Promise.all([
      one.delete(`/guest/passkeys/${first}`),
      other.delete(`/guest/passkeys/${second}`),
    ])
    expect(statuses(answers)).toEqual([204, 409])
    expect(await passkeysOf(browser)).toHaveLength(1)
  })
})

test('maximum numbers hold for requests that come at once', async () => {
  const both = await twoNodes({ passkeys: { max: 2 }, sessions: { max: 2 } })
  await inRounds(rounds / 2, async () => {
    const { browser, device } = await keptGuest(both)
    const [one, other] = tabs(both, browser)
    expect(statuses(await registerAtOnce(one, other))).toEqual([201, 409])
    const [laptop, tablet] = tabs(both, { cookies: new Map() })
    const proofs = [
      await device.get(await askToSignIn(laptop)),
      await device.get(await askToSignIn(tablet)),
    ] as const
    const signedIn = await Promise.all([sendAssertion(laptop, proofs[0]), sendAssertion(tablet, proofs[1])])
    expect(statuses(signedIn)).toEqual([200, 409])
  })
})

test('two processes that start at once on an empty store keep the same promises', async () => {
  const both = await twoProcesses()
  const kept = await keptGuest(both)
  await inRounds(rounds, () => registerTwice(both))
  await inRounds(roundsOf(5, 20), () => assertOften(both, kept, 50), 2)
  expect(await countRows(both.store)).toMatchObject({ guests: rounds + 1, passkeys: rounds + 1 })
})
