// The metrics: what is counted, by the text that a real app answers with, and that no label grows or names anybody.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { type Family, families } from '../../../server/metrics/families.ts'
import { createRegistry } from '../../../server/metrics/registry.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import { readPage, rowsIn, section } from '../../support/pages.ts'
import { startReceiver } from '../../support/receiver.ts'

const page = 'server/service/metrics.md'
const folder = join(import.meta.dirname, '../../../server/service/grafana')

const start = (options: Parameters<typeof startApp>[0] = {}) =>
  startApp({ metrics: true, ...options }, (host, guests) => void host.get('/metrics', guests.metrics))

type Sample = { name: string; labels: Record<string, string>; value: number }

/** The samples of a scrape. The test fails if a line has another form, or the text does not end as it must. */
async function scrape(app: TestApp): Promise<Sample[]> {
  const { status, text, headers } = await supertest(app.server).get('/metrics').buffer(true)
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(text.endsWith('\n# EOF\n')).toBe(true)
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => {
      const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      expect(name, line).toBeDefined()
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)]
      expect(pairs.map(([pair]) => pair).join(''), line).toBe(labels)
      expect(Number.isFinite(Number(value)), line).toBe(true)
      return {
        name: name!,
        labels: Object.fromEntries(pairs.map(([, label, one]) => [label, one])),
        value: Number(value),
      }
    })
}

const sampleOf = (samples: Sample[], name: string, labels: Record<string, string> = {}) =>
  samples.find(
    (one) =>
      one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  )?.value

const familyOf = (name: string): [string, Family] => {
  const base = name in families ? name : name.replace(/_(total|bucket|count|sum)$/, '')
  return [base, families[base as keyof typeof families]]
}

test('without the option nothing is counted, and a scrape is 404', async () => {
  const app = await start({ metrics: false })
  expect((await supertest(app.server).get('/metrics')).status).toBe(404)
})

describe('a scrape', () => {
  test('says what requests, sign-ins, passkeys, refusals and the store did', async () => {
    const app = await start()
    const { browser, device } = await keptGuest(app)
    expect((await browser.signInWithPasskey(device)).status).toBe(200)
    const gone = await keptGuest(app)
    await app.guests.erase(gone.guest.sub)
    expect((await app.browser().signInWithPasskey(gone.device)).status).toBe(401)
    await app.browser().get('/guest/userinfo')
    const samples = await scrape(app)
    const requests = (endpoint: string, status: string) =>
      sampleOf(samples, 'guestkey_http_requests_total', { endpoint, status })
    expect(requests('GET /userinfo', '401')).toBe(1)
    expect(requests('POST /passkeys/register', '201')).toBe(2)
    const timed = { endpoint: 'GET /userinfo' }
    expect(sampleOf(samples, 'guestkey_http_request_duration_seconds_count', timed)).toBe(1)
    expect(sampleOf(samples, 'guestkey_sign_ins_total', { method: 'passkey' })).toBe(1)
    expect(sampleOf(samples, 'guestkey_sign_ins_total', { method: 'anonymous' })).toBe(2)
    const ceremonies = (ceremony: string, outcome: string) =>
      sampleOf(samples, 'guestkey_passkey_ceremonies_total', { ceremony, outcome })
    expect(ceremonies('registration', 'done')).toBe(2)
    expect(ceremonies('authentication', 'done')).toBe(1)
    expect(ceremonies('authentication', 'authentication_failed')).toBe(1)
    expect(sampleOf(samples, 'guestkey_refusals_total', { code: 'not_signed_in' })).toBe(1)
    expect(sampleOf(samples, 'guestkey_store_duration_seconds_count', { kind: 'write' })).toBeGreaterThan(1)
    expect(sampleOf(samples, 'guestkey_store_duration_seconds_count', { kind: 'read' })).toBeGreaterThan(1)
    expect(sampleOf(samples, 'guestkey_store_readable')).toBe(1)
    const isPostgres = app.store.startsWith('postgres')
    const commits = sampleOf(samples, 'guestkey_store_commit_writes_count')
    const idle = sampleOf(samples, 'guestkey_postgres_connections', { state: 'idle' })
    if (isPostgres) expect([commits, idle! > 0]).toEqual([undefined, true])
    else expect([commits! > 0, idle]).toEqual([true, undefined])
  })

  test('has the guests in steps of ten, the jobs, and the webhooks that are due and dead', async () => {
    const receiver = await startReceiver()
    receiver.behaviour = 503
    const app = await start({
      webhooks: [{ url: receiver.url, secret: receiver.secret, events: ['guest.kept'] }],
    })
    for (let i = 0; i < 11; i++) await keptGuest(app, { synced: true })
    await app.guests.runChores()
    const due = await scrape(app)
    expect(sampleOf(due, 'guestkey_guests', { collection: 'users', recoverability: 'synced' })).toBe(10)
    expect(due.filter(({ name, value }) => name === 'guestkey_guests' && value % 10 !== 0)).toEqual([])
    const now = Math.floor(app.clock.now() / 1000)
    const swept = sampleOf(due, 'guestkey_job_last_run_timestamp_seconds', { name: 'sweep' })
    expect(Math.abs(swept! - now)).toBeLessThan(60)
    for (let tries = 0; tries < 12; tries++) {
      app.clock.forward(24 * 60 * 60)
      await app.guests.runChores()
    }
    const dead = await scrape(app)
    expect(sampleOf(dead, 'guestkey_webhooks', { state: 'dead' })).toBe(11)
    expect(sampleOf(dead, 'guestkey_webhooks', { state: 'due' })).toBe(0)
  })

  test('says that the store cannot be read, and leaves out what is read from it', async () => {
    const app = await start()
    await keptGuest(app)
    expect(sampleOf(await scrape(app), 'guestkey_webhooks', { state: 'due' })).toBe(0)
    await app.guests.close()
    const samples = await scrape(app)
    expect(sampleOf(samples, 'guestkey_store_readable')).toBe(0)
    expect(samples.filter(({ name }) => name === 'guestkey_webhooks')).toEqual([])
    expect(sampleOf(samples, 'guestkey_sign_ins_total', { method: 'anonymous' })).toBe(1)
  })

  test('has only the metrics and labels of the list, each described before its samples', async () => {
    const app = await start({ operators: {} })
    await keptGuest(app)
    await app.browser().get('/guest/admin/me')
    for (const { name, labels } of await scrape(app)) {
      const [base, family] = familyOf(name)
      expect(family, name).toBeDefined()
      const given = Object.keys(labels).filter((label) => label !== 'le')
      expect([base, given]).toEqual([base, [...family.labels]])
    }
    const { text } = await supertest(app.server).get('/metrics').buffer(true)
    const described = [...text.matchAll(/^# TYPE (\w+) (\w+)\n# HELP \1 \S/gm)].map(([, name, type]) => [
      name,
      type,
    ])
    expect(described).toEqual(Object.entries(families).map(([name, { type }]) => [name, type]))
  })

  test('has as many series whatever visitors send, and none of what they are', async () => {
    const app = await start()
    const secrets: string[] = []
    async function visit(i: number): Promise<void> {
      const { browser, guest, device, passkeyId } = await keptGuest(app)
      secrets.push(guest.sub, guest.label, passkeyId)
      await browser.signInWithPasskey(device)
      await browser.get(`/guest/passkeys/${passkeyId}`)
      await browser.delete(`/guest/sessions/made-up-${i}`)
      await browser.get(`/guest/nowhere-${i}?q=${i}`)
      const odd = ['PURGE', 'LOCK', 'SEARCH', 'REPORT', 'TRACE'][i % 5]!.toLowerCase() as 'purge'
      await supertest(app.server)[odd](`/guest/x-${i}`)
    }
    await visit(0)
    const seriesOf = (samples: Sample[]) =>
      samples.map(({ name, labels }) => JSON.stringify([name, labels])).toSorted()
    const before = seriesOf(await scrape(app))
    for (let i = 1; i < 12; i++) await visit(i)
    const after = await scrape(app)
    const later = (name: string) => /guestkey_(guests|job_last)/.test(name) // the first run of the jobs
    expect(seriesOf(after).filter((one) => !later(one))).toEqual(before.filter((one) => !later(one)))
    expect(secrets.filter((one) => JSON.stringify(after).includes(one))).toEqual([])
  })
})

test('values of labels are escaped, and buckets add up', () => {
  const registry = createRegistry()
  registry.set('guestkey_guests', ['a"b\\c\nd', 'none'], 10)
  for (const seconds of [0.0005, 0.02, 0.02, 100])
    registry.observe('guestkey_http_request_duration_seconds', ['GET /x'], seconds)
  const text = registry.text()
  expect(text).toContain('guestkey_guests{collection="a\\"b\\\\c\\nd",recoverability="none"} 10\n')
  const bucket = (limit: string) =>
    text.match(new RegExp(`_bucket\\{endpoint="GET /x",le="${limit.replace('+', '\\+')}"\\} (\\d+)`))?.[1]
  expect(['0.001', '0.01', '0.025', '10.0', '+Inf'].map(bucket)).toEqual(['1', '1', '3', '3', '4'])
  expect(text).toContain('_count{endpoint="GET /x"} 4\n')
})

describe('the page', () => {
  test('lists every metric with its type and labels', () => {
    const rows = rowsIn(section(page, 'All metrics')).map(([name, type, labels, help]) => [
      name,
      type,
      labels,
      help,
    ])
    expect(rows).toEqual(
      Object.entries(families).map(([name, { type, labels, help }]) => [
        `\`${name}\``,
        type,
        labels.map((label) => `\`${label}\``).join(', '),
        help,
      ]),
    )
  })

  test('lists every alert with what to do', () => {
    const rules = readFileSync(join(folder, 'alerts.yml'), 'utf8')
    const alerts = [...rules.matchAll(/alert: (.*)[\s\S]*?summary: (.*)\s+action: (.*)/g)]
    expect(alerts).toHaveLength(rules.split('- alert:').length - 1)
    expect(rowsIn(section(page, 'Alerts, and what to do'))).toEqual(
      alerts.map(([, name, when, action]) => [`\`${name}\``, when, action]),
    )
  })

  test('and the dashboard and the alerts use only metrics and labels of the list', () => {
    for (const file of ['dashboard.json', 'alerts.yml']) {
      const text = readFileSync(join(folder, file), 'utf8')
      const used = [...new Set(text.match(/guestkey_\w+/g))]
      expect(used.length).toBeGreaterThan(8)
      for (const name of used)
        expect([file, name, familyOf(name)[1] !== undefined]).toEqual([file, name, true])
    }
    expect(readPage(page)).toContain('grafana/dashboard.json')
  })
})
