// The deployment itself, as operators see and change it: settings, webhooks, signing keys, jobs and the audit trail.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { keptGuest } from '../../../support/ceremonies.ts'
import {
  admin,
  join,
  linesOf,
  machines,
  machineToken,
  refusal,
  startAdmin,
  why,
} from '../../../support/operators.ts'

const nowOf = (app: { clock: { now: () => number } }) => Math.floor(app.clock.now() / 1000)

describe('settings', () => {
  test('are changed by an owner, and say by whom and why', async () => {
    const app = await startAdmin()
    const { id, browser } = await join(app, 'owner')
    const changed = await browser.post(`${admin}/settings`, { values: { guestSignIn: false }, ...why })
    expect(changed.status, changed.text).toBe(200)
    const expected = { value: false, changed_at: nowOf(app), changed_by: id, reason: 'test T-1' }
    expect(changed.body.settings.guestSignIn).toEqual(expected)
    expect((await browser.get(`${admin}/settings`)).body.settings.guestSignIn).toEqual(expected)
    expect(refusal(await app.browser().post('/guest/sign-in'))).toBe('403 guest_sign_in_off')
    expect((await linesOf(app, 'setting.changed'))[0]).toMatchObject({
      outcome: 'guestSignIn=false',
      operator: { by: id, role: 'owner', reason: 'test', case: 'T-1' },
    })
  })

  test('are as in the options again after a reset', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'owner')
    await browser.post(`${admin}/settings`, { values: { 'rateLimit.perMinute': 7 }, ...why })
    const reset = await browser.post(`${admin}/settings/rateLimit.perMinute/reset`, why)
    expect(reset.status, reset.text).toBe(200)
    expect(reset.body.settings['rateLimit.perMinute']).toEqual({
      value: false,
      changed_at: null,
      changed_by: null,
      reason: null,
    })
    expect(await linesOf(app, 'setting.changed')).toHaveLength(2)
  })

  test('take no value that they cannot have, and no name that there is not', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'owner')
    for (const values of [{ guestSignIn: 'no' }, { secret: 'x' }, { __proto__: 1, codes: 0 }])
      expect(refusal(await browser.post(`${admin}/settings`, { values, ...why }))).toBe('400 invalid_request')
    expect(refusal(await browser.post(`${admin}/settings/secret/reset`, why))).toBe('400 invalid_request')
  })
})

test('webhooks that were given up are listed and sent again', async () => {
  let status = 500
  const received: string[] = []
  const receiver = createServer((req, res) => {
    received.push(String(req.headers['webhook-id']))
    res.writeHead(status).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void receiver.close())
  const url = `http://localhost:${(receiver.address() as AddressInfo).port}/hook`
  const app = await startAdmin({
    webhooks: [{ url, secret: 'whsec_'.padEnd(50, 'A'), events: ['guest.kept'] }],
  })
  const { id, browser } = await join(app, 'owner')
  await keptGuest(app)
  for (let i = 0; i < 12; i++) {
    await app.guests.runChores()
    app.clock.forward(25 * 60 * 60)
  }
  const owner = await join(app, 'owner', 'another')
  const { webhooks } = (await owner.browser.get(`${admin}/webhooks/failed`)).body
  expect(webhooks).toMatchObject([{ url, event: 'guest.kept', attempts: 10 }])
  status = 204
  const retried = await owner.browser.post(`${admin}/webhooks/retry`, { id: webhooks[0].id, ...why })
  expect(retried.body).toEqual({ retried: 1 })
  await app.guests.runChores()
  expect(received.at(-1)).toBe(webhooks[0].id)
  expect((await owner.browser.get(`${admin}/webhooks/failed`)).body).toEqual({ webhooks: [] })
  expect((await owner.browser.post(`${admin}/webhooks/retry`, why)).body).toEqual({ retried: 0 })
  expect((await linesOf(app, 'webhooks.retried')).map(({ outcome }) => outcome).toSorted()).toEqual(
    [webhooks[0].id, 'all'].toSorted(),
  )
  expect(browser.cookie, id).toBeDefined()
})

test('signing keys are listed and rotated, once until the new one signs', async () => {
  const app = await startAdmin()
  const { id, browser } = await join(app, 'owner')
  const listed = async () => (await browser.get(`${admin}/signing-keys`)).body.keys
  const [first] = await listed()
  expect(first).toEqual({
    kid: expect.any(String),
    algorithm: 'ES256',
    signs_from: nowOf(app),
    retires_at: null,
    signs: true,
  })
  const rotated = await browser.post(`${admin}/signing-keys/rotate`, why)
  expect(rotated.body).toEqual({
    kid: expect.any(String),
    signs_from: nowOf(app) + 15 * 60,
    previous_retires_at: expect.any(Number),
  })
  expect((await browser.post(`${admin}/signing-keys/rotate`, why)).body).toEqual(rotated.body)
  expect((await listed()).map(({ kid, signs }: { kid: string; signs: boolean }) => [kid, signs])).toEqual([
    [first.kid, true],
    [rotated.body.kid, false],
  ])
  expect(await linesOf(app, 'signing_keys.rotated')).toMatchObject([{ operator: { by: id } }])
  expect(JSON.stringify(await listed())).not.toMatch(/private|"d":/)
})

test('jobs are listed with when they last began', async () => {
  const app = await startAdmin()
  const { browser } = await join(app, 'viewer')
  expect((await browser.get(`${admin}/jobs`)).body).toEqual({ jobs: [] })
  await app.guests.runChores()
  const { jobs } = (await browser.get(`${admin}/jobs`)).body
  expect(jobs.map(({ name }: { name: string }) => name)).toContain('rotate signing keys')
  for (const job of jobs) {
    expect(job.last_run_at).toBeGreaterThan(0)
    expect(job.due_at).toBeGreaterThan(job.last_run_at)
  }
})

describe('the audit trail', () => {
  test('is read by pages, each line once, though others are written and deleted meanwhile', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'viewer')
    for (let i = 0; i < 12; i++) {
      await keptGuest(app)
      if (i % 4 === 3) app.clock.forward(1)
    }
    const before = (await app.guests.auditTrail({ limit: 1000 })).map((line) => JSON.stringify(line))
    expect(before.length).toBeGreaterThan(12)
    const read: string[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
      const page = await browser.get(`${admin}/audit?limit=5${query}`)
      expect(page.status, page.text).toBe(200)
      expect(page.body.entries.length).toBeLessThanOrEqual(5)
      read.push(...page.body.entries.map((line: object) => JSON.stringify(line)))
      cursor = page.body.next
      await keptGuest(app)
      app.clock.forward(1)
    } while (cursor)
    expect(read.toSorted()).toEqual(before.toSorted())
    const times = read.map((line) => (JSON.parse(line) as { at: number }).at)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  test('is read for one guest', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'viewer')
    const { guest } = await keptGuest(app)
    await keptGuest(app)
    const { body } = await browser.get(`${admin}/audit?anonymous_id=${guest.sub}`)
    expect(body.next).toBeNull()
    expect(body.entries.length).toBeGreaterThan(0)
    for (const { anonymous_id } of body.entries) expect(anonymous_id).toBe(guest.sub)
    expect((await browser.get(`${admin}/audit?anonymous_id=nobody%00`)).status).toBe(400)
    expect((await browser.get(`${admin}/audit?anonymous_id=nobody`)).body.entries).toEqual([])
  })

  test('is read for one operator or machine, page by page, and for one guest with it', async () => {
    const app = await startAdmin({ clients: machines })
    const [ada, grace] = [await join(app, 'owner'), await join(app, 'support')]
    const [first, second] = [await keptGuest(app), await keptGuest(app)]
    const token = await machineToken(app, 'admin:guests')
    const machine = {
      post: (path: string, body: object) =>
        supertest(app.server).post(path).auth(token, { type: 'bearer' }).send(body),
    }
    for (const by of [ada.browser, grace.browser, machine, ada.browser, ada.browser, grace.browser])
      for (const { guest } of [first, second].slice(by === machine ? 1 : 0)) {
        const body = { disabled_reason: 'abuse', ...why }
        expect((await by.post(`${admin}/guests/${guest.sub}/disable`, body)).status).toBe(204)
      }
    const read = async (query: string) => {
      const { status, text, body } = await ada.browser.get(`${admin}/audit?${query}`)
      expect(status, text).toBe(200)
      return body as {
        entries: { action: string; anonymous_id: string; operator: { by: string } }[]
        next: string | null
      }
    }
    for (const [id, disabled] of [
      [ada.id, 6],
      [grace.id, 4],
      ['admin-guests', 1],
    ] as const) {
      const { entries, next } = await read(`operator_id=${id}&limit=1000`)
      expect(next).toBeNull()
      expect([...new Set(entries.map(({ operator }) => operator.by))]).toEqual([id])
      expect(entries.filter(({ action }) => action === 'guest.disabled')).toHaveLength(disabled)
      const paged: object[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await read(`operator_id=${id}&limit=2${cursor && `&cursor=${cursor}`}`)
        paged.push(...page.entries)
        cursor = page.next
      }
      expect(paged).toEqual(entries)
      const ofGuest = await read(`operator_id=${id}&anonymous_id=${second.guest.sub}&limit=1000`)
      expect(ofGuest.entries).toEqual(entries.filter(({ anonymous_id: of }) => of === second.guest.sub))
      expect(ofGuest.entries.length).toBeGreaterThan(0)
    }
    for (const nobody of ['nobody', ''])
      expect(await read(`operator_id=${nobody}`)).toEqual({ entries: [], next: null })
  })

  test.each(['cursor=x', 'cursor=1.2', 'limit=0', 'limit=1001', 'limit=x', 'other=1'])(
    'refuses ?%s',
    async (query) => {
      const app = await startAdmin()
      const { browser } = await join(app, 'viewer')
      expect(refusal(await browser.get(`${admin}/audit?${query}`))).toBe('400 invalid_request')
    },
  )
})
