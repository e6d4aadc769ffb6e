// Webhooks (Standard Webhooks 1.0): each event reaches the host at least once, signed, even if something is down.

import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../../server/context.ts'
import { createEvents } from '../../../../server/core/events/events.ts'
import { startDeliveries } from '../../../../server/core/events/webhooks.ts'
import type { Guest, Options, WebhookOptions } from '../../../../server/index.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { authenticate, keptGuest, register } from '../../../support/ceremonies.ts'
import { storeWithTables } from '../../../support/engine.ts'
import { eventually } from '../../../support/eventually.ts'
import { startHost } from '../../../support/hosts.ts'
import {
  day,
  foldedIn,
  hour,
  makeDue,
  merged,
  minute,
  offered,
  pass,
  rowsOf,
  signedIn,
} from '../../../support/merging.ts'
import { newSecret, type Receiver, startReceiver, verify } from '../../../support/receiver.ts'
import { tables } from '../../../support/tables.ts'

const profile = z.object({ nickname: z.string() })

/** An app whose webhooks go to this receiver, or to a new one. */
async function startTellingApp(
  options: Partial<Options> = {},
  webhook: Partial<WebhookOptions> = {},
  to?: Receiver,
) {
  const receiver = to ?? (await startReceiver())
  const { url, secret } = receiver
  const app = await startApp({ profile, webhooks: [{ url, secret, ...webhook }], ...options })
  return { app, receiver }
}

/** Causes one event, guest.kept, whose delivery is then under way. */
async function keepSomebody(app: TestApp) {
  const browser = app.browser()
  const guest = await browser.signIn()
  await app.guests.keep(guest as Guest)
  return { browser, guest }
}

const outbox = (app: TestApp) => rowsOf(app, 'outbox')
const nowOf = (app: TestApp) => Math.floor(app.clock.now() / 1000)

/** Waits until all that is due was sent, and the result is in the store. */
const settled = (app: TestApp) => app.guests.runChores()

describe('a webhook', () => {
  test('says what happened, is signed, and is sent at once', async () => {
    const { app, receiver } = await startTellingApp()
    const { guest } = await keepSomebody(app)
    await eventually(() => expect(receiver.sent).toHaveLength(1)) // by itself, without a job
    const [sent] = receiver.sent
    const payload = verify(receiver.secret, sent!, app.clock)
    expect(payload).toEqual({
      type: 'guest.kept',
      timestamp: new Date(nowOf(app) * 1000).toISOString(),
      data: {
        anonymous_id: guest.sub,
        guest: { ...guest, prompts: undefined, expires_at: expect.any(Number) },
      },
    })
    expect(sent!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': expect.stringMatching(/^msg_[\w-]{22}$/),
      'webhook-timestamp': String(nowOf(app)),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
      'user-agent': 'guestkey',
    })
    await settled(app)
    expect(await outbox(app)).toEqual([])
  })

  test('is sent for each event from keeping to erasure, and holds no personal value', async () => {
    const { app, receiver } = await startTellingApp({
      retention: { passkey: 100 * day, warnSeconds: 10 * day, graceSeconds: 30 * day },
    })
    const { browser, ticket, winner, guest } = await merged(app)
    await browser.post('/guest/merge/undo', { ticket })
    await browser.patch('/guest/profile', { attributes: { nickname: 'Secret Fox' } })
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    await browser.delete(`/guest/passkeys/${winner.passkeyId}`)
    await keepSomebody(app)
    const away = await keptGuest(app)
    await pass(app, 90 * day + hour)
    await pass(app, 11 * day)
    await signedIn(app.browser().signInWithPasskey(away.device), away.guest.sub)
    await settled(app) // erasing the guest would delete what was not sent yet
    await app.guests.erase(away.guest.sub)
    await settled(app)
    expect(new Set(receiver.types())).toEqual(
      new Set([
        ...[
          'guest.kept',
          'guest.expiring',
          'guest.expired',
          'guest.restored',
          'guest.erased',
          'guest.merged',
        ],
        ...['guest.merge_undone', 'passkey.added', 'passkey.removed', 'profile.changed', 'session.ended'],
      ]),
    )
    for (const sent of receiver.sent) {
      expect(Object.keys(sent.payload)).toEqual(['type', 'timestamp', 'data'])
      expect(sent.body).not.toContain('Secret')
    }
    const byType = (type: string) => receiver.sent.find(({ payload }) => payload.type === type)!.payload.data
    expect(byType('profile.changed')).toEqual({ anonymous_id: winner.guest.sub, attributes: ['nickname'] })
    expect(receiver.sent.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({
        type: 'guest.erased',
        data: { anonymous_id: away.guest.sub, reason: 'host' },
      }),
    )
    expect(byType('guest.merged')).toMatchObject({
      ...{ ticket: expect.any(String), undo_until: expect.any(Number) },
      ...{ from: { anonymous_id: guest.sub }, into: { anonymous_id: winner.guest.sub } },
    })
    expect(receiver.sent.map(({ body }) => body).join()).not.toContain(ticket)
    expect(await outbox(app)).toEqual([])
  })

  test('about two guests is in the store for both, and any other one for its guest alone', async () => {
    const { app, receiver } = await startTellingApp({}, { events: ['guest.kept', 'guest.merged'] })
    await receiver.stop()
    const { winner, guest } = await merged(app)
    const about = (await outbox(app)).map((row) => [row.event, row.anonymous_id, row.other_id])
    expect(about).toContainEqual(['guest.merged', winner.guest.sub, guest.sub])
    expect(about).toContainEqual(['guest.kept', winner.guest.sub, null])
  })

  test('about a guest who is restored by one of two passkeys says what the other one promises', async () => {
    const { app, receiver } = await startTellingApp(
      { retention: { passkey: day, synced: 2 * day, graceSeconds: 30 * day } },
      { events: ['guest.restored'] },
    )
    const told: unknown[] = []
    app.guests.on('guest.restored', ({ guest }) => told.push(guest))
    const { browser, device, guest } = await keptGuest(app)
    expect((await browser.addPasskey(app.device({ synced: true }))).status).toBe(201)
    await pass(app, 3 * day) // warned, and then expired
    await pass(app, 3 * day)
    expect((await app.browser().signInWithPasskey(device)).body).toMatchObject({ recoverability: 'synced' })
    await settled(app)
    expect(told).toMatchObject([{ recoverability: 'synced', expires_at: nowOf(app) + 2 * day }])
    expect(receiver.sent.map(({ payload }) => payload.data)).toEqual([
      { anonymous_id: guest.sub, guest: told[0] },
    ])
  })

  test('is sent only for the events that the receiver wants', async () => {
    const { app, receiver } = await startTellingApp({}, { events: ['passkey.added'] })
    await keepSomebody(app)
    await keptGuest(app)
    await settled(app)
    expect(receiver.types()).toEqual(['passkey.added'])
    expect(await outbox(app)).toEqual([])
  })

  test('goes to each receiver, even if another one is down', async () => {
    const [one, other, deaf] = [await startReceiver(), await startReceiver(), await startReceiver()]
    await deaf.stop()
    const app = await startApp({
      profile,
      webhooks: [
        { url: deaf.url, secret: deaf.secret },
        { url: one.url, secret: one.secret },
        { url: other.url, secret: other.secret, events: ['passkey.added'] },
      ],
    })
    await keptGuest(app)
    await settled(app)
    expect(one.types().toSorted()).toEqual(['guest.kept', 'passkey.added', 'session.ended'])
    expect(other.types()).toEqual(['passkey.added'])
    verify(one.secret, one.sent[0]!, app.clock)
    verify(other.secret, other.sent[0]!, app.clock)
    expect(() => verify(one.secret, other.sent[0]!, app.clock)).toThrow('No matching signature')
    expect(new Set([...one.ids(), ...other.ids()]).size).toBe(4)
    expect((await outbox(app)).map(({ url }) => url)).toEqual([deaf.url, deaf.url, deaf.url])
  })

  test('is signed with each of two secrets, so that a receiver can change its secret', async () => {
    const receiver = await startReceiver()
    const next = newSecret()
    const { app } = await startTellingApp({}, { secret: [next, receiver.secret] }, receiver)
    await keepSomebody(app)
    await settled(app)
    const [sent] = receiver.sent
    expect(String(sent!.headers['webhook-signature']).split(' ')).toHaveLength(2)
    for (const secret of [receiver.secret, next])
      expect(verify(secret, sent!, app.clock)).toMatchObject({ type: 'guest.kept' })
    expect(() => verify(newSecret(), sent!, app.clock)).toThrow('No matching signature')
    const forged = { ...sent!, body: sent!.body.replace('guest.kept', 'guest.erased') }
    expect(() => verify(next, forged, app.clock)).toThrow('No matching signature')
    app.clock.forward(10 * minute)
    expect(() => verify(next, sent!, app.clock)).toThrow('too old')
  })

  test('is not sent for anything that was refused or came to nothing', async () => {
    const { app, receiver } = await startTellingApp({
      merge: {
        onMerge() {
          throw new Error('no')
        },
      },
      beforeExpire: () => false,
    })
    const { browser, device, guest } = await keptGuest(app)
    await foldedIn(app, undefined, { browser, device, guest, passkeyId: '' }) // ends the session of the guest who was there
    await settled(app)
    receiver.sent.length = 0
    await register(browser, app.device(), { origin: 'https://evil.example' })
    await authenticate(app.browser(), device, { badSignature: 'wrong' })
    await browser.patch('/guest/profile', { attributes: { role: 'admin' } })
    await makeDue(app, guest.sub)
    await pass(app, hour)
    expect(receiver.sent).toEqual([])
    expect(await outbox(app)).toEqual([])
  })

  test('leaves no secret in the store or in the log', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviour = 500
    await keepSomebody(app)
    await settled(app)
    expect(receiver.sent).toHaveLength(1)
    const all = JSON.stringify([await tables(app.store), app.logs])
    expect(all).not.toContain(receiver.secret.slice('whsec_'.length))
    expect(all).not.toContain(String(receiver.sent[0]!.headers['webhook-signature']).slice(3))
    // A URL may hold a key of the receiver's.
    expect(JSON.stringify(app.logs)).not.toContain('of=guests')
  })
})

describe('a receiver that is down', () => {
  const waits = [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]

  test('gets each webhook again after longer and longer waits, and then only if the host asks', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviour = 503
    const { guest } = await keepSomebody(app)
    await settled(app)
    expect(receiver.sent).toHaveLength(1)
    for (const [i, wait] of waits.entries()) {
      app.clock.forward(wait - 1)
      await settled(app)
      expect(receiver.sent, `before ${wait} s`).toHaveLength(i + 1)
      expect(await app.guests.webhooks.failed()).toEqual([])
      app.clock.forward(1)
      await settled(app)
      expect(receiver.sent, `after ${wait} s`).toHaveLength(i + 2)
    }
    // The webhook is given up after more than three days.
    const [first] = receiver.sent
    expect(new Set(receiver.ids()).size).toBe(1)
    expect(new Set(receiver.sent.map(({ body }) => body)).size).toBe(1)
    for (const [i, sent] of receiver.sent.entries()) {
      const at = waits.slice(0, i).reduce((sum, wait) => sum + wait, 0)
      expect(Number(sent.headers['webhook-timestamp']) - Number(first!.headers['webhook-timestamp'])).toBe(at)
    }
    verify(receiver.secret, receiver.sent.at(-1)!, app.clock)
    for (const seconds of [day, 30 * day]) await pass(app, seconds)
    expect(receiver.sent).toHaveLength(10)
    const dead = await app.guests.webhooks.failed()
    expect(dead).toEqual([
      {
        ...{ id: first!.id, url: receiver.url, event: 'guest.kept', payload: first!.body, attempts: 10 },
        ...{ failure: 'the receiver answered 503', created_at: Number(first!.headers['webhook-timestamp']) },
      },
    ])
    expect(JSON.parse(dead[0]!.payload).data.guest.sub).toBe(guest.sub)
    const gaveUp = app.logs.filter(({ level }) => level === 'error')
    expect(gaveUp).toMatchObject([{ message: 'a webhook was given up', fields: { id: first!.id } }])

    receiver.behaviour = 204
    expect(await app.guests.webhooks.retry('msg_another')).toBe(0)
    expect(await app.guests.webhooks.retry(first!.id)).toBe(1)
    await settled(app)
    expect(receiver.sent).toHaveLength(11)
    expect(new Set(receiver.ids()).size).toBe(1)
    expect(await app.guests.webhooks.failed()).toEqual([])
    expect(await outbox(app)).toEqual([])
  })

  test('gets all that happened meanwhile, each webhook with the id of its first attempt', async () => {
    const { app, receiver } = await startTellingApp()
    await receiver.stop()
    const kept = [await keepSomebody(app), await keepSomebody(app), await keepSomebody(app)]
    await settled(app)
    app.clock.forward(5)
    await settled(app)
    const waiting = await outbox(app)
    expect(waiting.map(({ attempts, failure }) => [attempts, failure])).toEqual(
      Array(3).fill([2, 'not reached: ECONNREFUSED']),
    )
    await receiver.start()
    app.clock.forward(5 * minute)
    await settled(app)
    expect(receiver.ids().toSorted()).toEqual(waiting.map(({ id }) => id).toSorted())
    const told = receiver.sent.map(({ payload }) => (payload.data.guest as { sub: string }).sub)
    expect(told.toSorted()).toEqual(kept.map(({ guest }) => guest.sub).toSorted())
    expect(await outbox(app)).toEqual([])
  })

  test('and answers in the end, gets the webhook no more', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviours = [500, 429, 404]
    await keepSomebody(app)
    await settled(app)
    for (const wait of waits) {
      app.clock.forward(wait)
      await settled(app)
    }
    expect(receiver.sent).toHaveLength(4)
    expect(await app.guests.webhooks.failed()).toEqual([])
  })

  test('after it has received a webhook gets it again, with the same id', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviours = [(response) => response.destroy()]
    await keepSomebody(app)
    await settled(app)
    app.clock.forward(5)
    await settled(app)
    const [first, second, ...more] = receiver.ids()
    expect([first, more]).toEqual([second, []])
  })

  test('for long gets all that was given up again, if the host asks, with as many attempts as before', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviour = 500
    for (let i = 0; i < 3; i++) await keepSomebody(app)
    await settled(app)
    for (const wait of waits) {
      app.clock.forward(wait)
      await settled(app)
    }
    expect(await app.guests.webhooks.failed()).toHaveLength(3)
    expect(await app.guests.webhooks.failed({ limit: 2 })).toHaveLength(2)
    expect(await app.guests.webhooks.retry()).toBe(3)
    await settled(app)
    expect(await app.guests.webhooks.failed()).toEqual([])
    expect((await outbox(app)).map(({ attempts }) => attempts)).toEqual([1, 1, 1])
    receiver.behaviour = 204
    app.clock.forward(5)
    await settled(app)
    expect(await outbox(app)).toEqual([])
    expect(new Set(receiver.ids()).size).toBe(3)
    expect(await app.guests.webhooks.retry()).toBe(0)
  })

  test('fails no request: guests are answered meanwhile', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviour = () => {} // the receiver never answers
    const began = performance.now()
    const { browser, guest } = await keptGuest(app)
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect(performance.now() - began, 'an attempt waits 15 seconds for the receiver').toBeLessThan(14_000)
    await eventually(() => expect(receiver.sent.length).toBeGreaterThan(0))
    await receiver.stop()
  })
})

describe('an answer of the receiver', () => {
  test('of 410 gives the webhook up at once', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviour = 410
    await keepSomebody(app)
    await settled(app)
    expect(await app.guests.webhooks.failed()).toMatchObject([
      { attempts: 1, failure: 'the receiver answered 410' },
    ])
    await pass(app, 30 * day)
    expect(receiver.sent).toHaveLength(1)
  })

  test.each([301, 302, 303, 307, 308])('of %i is not followed as a redirect', async (status) => {
    const elsewhere = await startReceiver()
    const { app, receiver } = await startTellingApp()
    receiver.behaviour = (response) => response.writeHead(status, { Location: elsewhere.url }).end()
    await keepSomebody(app)
    await settled(app)
    app.clock.forward(5)
    await settled(app)
    expect([receiver.sent.length, elsewhere.sent.length]).toEqual([2, 0])
    expect(await outbox(app)).toMatchObject([{ attempts: 2, failure: `the receiver answered ${status}` }])
  })

  test('is waited for 15 seconds at most', async () => {
    const { app, receiver } = await startTellingApp()
    let took = 0
    receiver.behaviours = [
      (response) => {
        const began = performance.now()
        response.on('close', () => {
          took = performance.now() - began
        })
      },
    ]
    await keepSomebody(app)
    await settled(app)
    await eventually(() => expect(took).toBeGreaterThan(0))
    expect(took).toBeGreaterThan(14_000)
    expect(took).toBeLessThan(20_000)
    expect(await outbox(app)).toMatchObject([{ attempts: 1, failure: 'no answer in time' }])
    app.clock.forward(5)
    await settled(app)
    expect(receiver.ids()).toEqual([receiver.ids()[0], receiver.ids()[0]])
    expect(await outbox(app)).toEqual([])
  })

  test('that does not come in time is a failure that says so, after 15 seconds', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviours = [() => {}]
    const { timeout } = AbortSignal
    const limits = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout.call(AbortSignal, 50))
    onTestFinished(() => limits.mockRestore())
    await keepSomebody(app)
    await settled(app)
    expect(limits.mock.calls).toEqual([[15_000]])
    expect(await outbox(app)).toMatchObject([{ attempts: 1, failure: 'no answer in time' }])
  })

  test('without an end is not read, and its connection is closed', async () => {
    const { app, receiver } = await startTellingApp()
    let written = 0
    let isClosed = false
    receiver.behaviours = [
      async (response) => {
        response.on('close', () => {
          isClosed = true
        })
        response.writeHead(200)
        while (response.writable && written < 1e9) {
          written += 65_536
          if (!response.write(Buffer.alloc(65_536)))
            await Promise.race([new Promise((resolve) => response.once('drain', resolve)), setTimeout(1000)])
          if (response.destroyed) return
        }
      },
    ]
    await keepSomebody(app)
    await settled(app)
    expect(await outbox(app)).toEqual([])
    await eventually(() => expect(isClosed).toBe(true))
    expect(written).toBeLessThan(50e6)
  })
})

describe('a process that is killed', () => {
  const origin = 'http://localhost:4000'

  test('while it waits for the answer leaves the webhook to another one, which sends it with the same id', async () => {
    const receiver = await startReceiver()
    const deployment = { store: await storeWithTables(), secret: randomBytes(32).toString('base64'), origin }
    const webhooks = [{ url: receiver.url, secret: receiver.secret, events: ['passkey.added' as const] }]
    const host = await startHost({ ...deployment, webhooks })
    receiver.behaviour = () => {} // the process is killed while it waits
    const browser = host.browser()
    await browser.signIn()
    expect((await browser.addPasskey(host.device())).status).toBe(201)
    await eventually(() => expect(receiver.sent).toHaveLength(1))
    await host.kill()
    receiver.behaviour = 204

    const app = await startApp({ ...deployment, webhooks })
    await settled(app)
    expect(receiver.sent, 'the killed process holds its claim for a minute').toHaveLength(1)
    app.clock.forward(61)
    await settled(app)
    expect(receiver.ids()).toEqual([receiver.ids()[0], receiver.ids()[0]])
    expect(await outbox(app)).toEqual([])
  })

  test('at any moment loses no event of a write that was acknowledged: another one sends it', async () => {
    const receiver = await startReceiver()
    const deployment = { store: await storeWithTables(), secret: randomBytes(32).toString('base64'), origin }
    const webhooks = [{ url: receiver.url, secret: receiver.secret, events: ['passkey.added' as const] }]
    const kept = new Set<string>()
    for (const milliseconds of [30, 80, 150]) {
      const host = await startHost({ ...deployment, webhooks })
      let killed = false
      const lane = async () => {
        while (!killed) {
          const browser = host.browser()
          const answer = await browser.addPasskey(host.device()).catch(() => undefined)
          if (answer?.status === 201) kept.add(answer.body.sub)
        }
      }
      const lanes = Array.from({ length: 8 }, lane)
      await eventually(() => expect(kept.size).toBeGreaterThan(0))
      await setTimeout(milliseconds)
      await host.kill()
      killed = true
      await Promise.all(lanes)
    }
    const app = await startApp({ ...deployment, webhooks })
    app.clock.forward(61)
    await settled(app)
    expect(await outbox(app)).toEqual([])
    const told = receiver.sent.map(({ payload }) => payload.data.anonymous_id as string)
    for (const sub of kept) expect(told).toContain(sub)
    // And all that was sent was done: nothing was sent about a write that was rolled back.
    const guests = (await rowsOf(app, 'guests')).map(({ anonymous_id }) => anonymous_id)
    expect(new Set(told)).toEqual(new Set(guests))
    expect(new Set(receiver.ids()).size).toBe(guests.length)
  })
})

describe('two nodes', () => {
  test('do not send a webhook twice', async () => {
    const secret = randomBytes(32).toString('base64')
    const { app, receiver } = await startTellingApp({ secret })
    const { app: node } = await startTellingApp(
      { secret, store: app.store, origin: app.origin, now: app.clock.now },
      {},
      receiver,
    )
    receiver.behaviour = (response) => void setTimeout(20).then(() => response.writeHead(200).end())
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        [app, node, app, node, app].map(async (one) => {
          await keepSomebody(one)
          await Promise.all([settled(app), settled(node)])
        }),
      )
    }
    await Promise.all([settled(app), settled(node)])
    expect(receiver.sent).toHaveLength(50)
    expect(new Set(receiver.ids()).size).toBe(50)
    expect(await outbox(app)).toEqual([])
    // Nor after the receiver was down.
    receiver.behaviour = 500
    for (let i = 0; i < 25; i++) await keepSomebody(i % 2 ? app : node)
    await Promise.all([settled(app), settled(node)])
    expect(receiver.sent).toHaveLength(75)
    receiver.behaviour = 204
    app.clock.forward(5)
    await Promise.all([settled(app), settled(node)])
    expect(receiver.sent).toHaveLength(100)
    expect(new Set(receiver.ids()).size).toBe(75)
  })

  test('leave a webhook to the one that is sending it, however slow the receiver is', async () => {
    const secret = randomBytes(32).toString('base64')
    const { app, receiver } = await startTellingApp({ secret })
    const { app: node } = await startTellingApp(
      { secret, store: app.store, origin: app.origin, now: app.clock.now },
      {},
      receiver,
    )
    let answer = () => {}
    receiver.behaviour = (response) => {
      answer = () => void response.writeHead(200).end()
    }
    await keepSomebody(app)
    await eventually(() => expect(receiver.sent).toHaveLength(1))
    app.clock.forward(59)
    await settled(node)
    answer()
    await settled(app)
    expect(receiver.sent).toHaveLength(1)
    expect(await outbox(app)).toEqual([])
  })

  test('share the work: if one does not know the receiver, another one sends the webhook', async () => {
    const { app, receiver } = await startTellingApp()
    receiver.behaviour = 500
    await keepSomebody(app)
    await settled(app)
    await app.close()
    receiver.behaviour = 204
    const quiet = await startApp({ store: app.store, now: app.clock.now, webhooks: [] })
    app.clock.forward(5)
    await quiet.guests.runChores()
    expect(
      (await outbox(app)).map(({ attempts }) => attempts),
      'this node does not send it',
    ).toEqual([1])
    const { app: next } = await startTellingApp({ store: app.store, now: app.clock.now }, {}, receiver)
    await settled(next)
    expect(receiver.ids()).toEqual([receiver.ids()[0], receiver.ids()[0]])
    expect(await outbox(app)).toEqual([])
  })
})

describe('a node', () => {
  /** A node that sends webhooks, with a store in which `claim` looks for what is due. `did`: what it asked, in order. */
  function startNode(claim: () => Promise<never[]>) {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const did: string[] = []
    const events = createEvents({} as Context['logger'])
    const sender = startDeliveries(
      {
        events,
        config: { webhooks: [{ url: 'https://host.example', secrets: [], events: ['guest.enabled'] }] },
        claims: { measure: async () => void did.push('measure'), now: () => 0 },
        store: {
          claimDeliveries() {
            did.push('claim')
            return claim()
          },
        },
      } as unknown as Context,
      [],
    )
    return { did, sender, happens: () => events.emit('guest.enabled', { anonymous_id: 'guest' }) }
  }

  test('looks for webhooks at each event and every five seconds, by a clock that it measures, until it stops', async () => {
    const { did, sender, happens } = startNode(async () => [])
    happens()
    await vi.advanceTimersByTimeAsync(4999)
    expect(did).toEqual(['measure', 'claim'])
    await vi.advanceTimersByTimeAsync(1)
    expect(did).toHaveLength(4)
    await sender.close()
    expect(vi.getTimerCount()).toBe(0)
    happens()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(did).toHaveLength(4)
  })

  test('looks once more if something happens while it looks, but not if it stops then', async () => {
    let looks = 0
    const node = startNode(async () => {
      if (++looks === 1) node.happens()
      return []
    })
    node.happens()
    await vi.advanceTimersByTimeAsync(0)
    expect(looks).toBe(2)

    const stopping = startNode(async () => {
      stopping.happens()
      void stopping.sender.close()
      return []
    })
    stopping.happens()
    await vi.advanceTimersByTimeAsync(0)
    expect(stopping.did).toEqual(['measure', 'claim'])
  })

  test('waits for a store that does not answer three seconds at most when it stops', async () => {
    const { sender, happens } = startNode(() => new Promise(() => {}))
    happens()
    let isClosed = false
    void sender.close().then(() => {
      isClosed = true
    })
    await vi.advanceTimersByTimeAsync(2999)
    expect(isClosed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(isClosed).toBe(true)
  })
})

test('a service that stops waits for the webhooks that it is sending', async () => {
  const { app, receiver } = await startTellingApp()
  receiver.behaviour = (response) => void setTimeout(300).then(() => response.writeHead(200).end())
  await keepSomebody(app)
  await eventually(() => expect(receiver.sent).toHaveLength(1))
  await app.close()
  expect(await outbox(app)).toEqual([])
})

test('a service that stops ends what a receiver does not answer, and gives it back unless another node has it', async () => {
  const { app, receiver } = await startTellingApp()
  receiver.behaviour = () => {}
  await keepSomebody(app)
  await eventually(() => expect(receiver.sent).toHaveLength(1))
  const start = performance.now()
  await app.close()
  expect(performance.now() - start).toBeLessThan(4000)
  expect((await outbox(app)).map(({ attempts, failure }) => [attempts, failure])).toEqual([[0, null]])
  const { app: next } = await startTellingApp({ store: app.store, now: app.clock.now }, {}, receiver)
  void settled(next)
  await eventually(() => expect(receiver.ids()).toEqual([receiver.ids()[0], receiver.ids()[0]]))
  app.clock.forward(61) // the claim is over, and a third node takes the delivery
  receiver.behaviour = 500
  const { app: third } = await startTellingApp({ store: app.store, now: app.clock.now }, {}, receiver)
  await settled(third)
  await next.close()
  expect((await outbox(app)).map(({ attempts }) => attempts)).toEqual([2])
})

test('an offer of a merge that nobody takes sends no webhook', async () => {
  const { app, receiver } = await startTellingApp({}, { events: ['guest.merged'] })
  await offered(app)
  await pass(app, hour)
  expect(receiver.sent).toEqual([])
})
