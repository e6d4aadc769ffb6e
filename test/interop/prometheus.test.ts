// A real Prometheus scrapes two nodes under load: it takes every line, each query of the dashboard gives a series, and the alerts
// are rules that it understands. Skipped, with a line that says so, if it is not installed.

import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/engine.ts'
import { freePort } from '../support/free-port.ts'
import { startPostgres, unflushed } from '../support/postgres.ts'
import { findProgram, untilListening, writeConfiguration } from '../support/programs.ts'
import { type Service, startService } from '../support/service.ts'
import { whenOver } from '../support/when-over.ts'

const folder = join(import.meta.dirname, '../../server/service/grafana')
const [prometheus, promtool] = [findProgram('prometheus'), findProgram('promtool')]
const token = 'the token of the metrics, of 32 characters'

type Panel = { title: string; targets: { expr: string }[] }
const { panels } = JSON.parse(readFileSync(join(folder, 'dashboard.json'), 'utf8')) as { panels: Panel[] }

/** Two nodes on one database, each with its metrics at a port of their own. */
async function startNodes() {
  const server = await startPostgres({ settings: unflushed })
  whenOver(() => server.stop())
  const nodes: { service: Service; metrics: number }[] = []
  for (let i = 0; i < 2; i++) {
    const metrics = await freePort()
    const service = await startService({
      DATABASE_URL: server.url,
      GUESTKEY_SECRET: 'a secret of two nodes, of 32 characters',
      GUESTKEY_DATA: temporaryFolder(),
      GUESTKEY_METRICS_PORT: String(metrics),
      GUESTKEY_METRICS_TOKEN: token,
    })
    nodes.push({ service, metrics })
  }
  return { nodes, url: server.url }
}

/** The picture of stored guests is taken once a day. This one is as if it had just been. */
async function takePicture(url: string): Promise<void> {
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  const day = Math.floor(Date.now() / 864e5) * 86_400
  const guests = [{ collection: 'users', recoverability: 'synced', guests: 120 }]
  await db.query(
    `INSERT INTO counting (id, day, value) VALUES ('recoverability', $1, $2)
    ON CONFLICT (id) DO UPDATE SET day = excluded.day, value = excluded.value`,
    [day, JSON.stringify(guests)],
  )
  await db.end()
}

async function load({ service }: { service: Service }): Promise<void> {
  const [browser, device] = [service.browser(), service.device()]
  await browser.addPasskey(device)
  await browser.signInWithPasskey(device)
  await service.browser().get('/guest/userinfo')
}

describe.skipIf(!prometheus || !promtool)('Prometheus', () => {
  test('takes the alerts as rules', () => {
    const said = execFileSync(promtool!, ['check', 'rules', join(folder, 'alerts.yml')], { encoding: 'utf8' })
    const rules = readFileSync(join(folder, 'alerts.yml'), 'utf8').split('- alert:').length - 1
    expect(said).toContain(`SUCCESS: ${rules} rules found`)
  })

  test('scrapes two nodes under load, and each query of the dashboard gives a series', async () => {
    const { nodes, url } = await startNodes()
    await takePicture(url)
    const port = await freePort()
    const config = writeConfiguration(
      'prometheus.yml',
      `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ['${join(folder, 'alerts.yml')}']
scrape_configs:
  - job_name: guestkey
    authorization: { credentials: '${token}' }
    static_configs: [{ targets: [${nodes.map(({ metrics }) => `'127.0.0.1:${metrics}'`)}] }]
`,
    )
    const child = spawn(
      prometheus!,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${temporaryFolder()}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    await untilListening(child, port)
    const ask = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
      return ((await answer.json()) as { data: never }).data
    }
    const query = async (expr: string) => {
      const { result } = (await ask(`query?query=${encodeURIComponent(expr)}`)) as { result: object[] }
      return result.length
    }
    let isOver = false
    const loading = (async () => {
      while (!isOver) await Promise.all(nodes.map(load))
    })()
    const exprs = panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '10s')] as const),
    )
    try {
      await expect.poll(() => query('up{job="guestkey"} == 1'), { timeout: 60_000 }).toBe(2)
      for (const [title, expr] of exprs)
        await expect
          .poll(() => query(expr), { timeout: 90_000, message: `${title}: ${expr}` })
          .toBeGreaterThan(0)
    } finally {
      isOver = true
      await loading
    }
    const { activeTargets } = (await ask('targets')) as { activeTargets: { lastError: string }[] }
    expect(activeTargets.map(({ lastError }) => lastError)).toEqual(['', ''])
    expect(await query('sum by (instance) (guestkey_http_requests_total)')).toBe(2)
    const { groups } = (await ask('rules')) as {
      groups: { rules: { health: string; lastError?: string }[] }[]
    }
    const rules = groups.flatMap((group) => group.rules)
    expect(rules.length).toBeGreaterThan(8)
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
  })
})

test('the service answers scrapes at their own port, and only with the token', async () => {
  const metrics = await freePort()
  const service = await startService({
    GUESTKEY_METRICS_PORT: String(metrics),
    GUESTKEY_METRICS_TOKEN: token,
  })
  const at = async (port: number, path: string, authorization?: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers: authorization ? { authorization } : {} }))
      .status
  expect(await at(metrics, '/metrics', `Bearer ${token}`)).toBe(200)
  for (const wrong of [undefined, 'Bearer x', `Basic ${token}`, token])
    expect([wrong, await at(metrics, '/metrics', wrong)]).toEqual([wrong, 401])
  expect(await at(metrics, '/guest/sign-in-methods', `Bearer ${token}`)).toBe(404)
  expect(await at(service.port, '/metrics', `Bearer ${token}`)).toBe(404)
})

test('the service answers scrapes at the port of guests if there is a token alone', async () => {
  const service = await startService({ GUESTKEY_METRICS_TOKEN: token })
  const { status, headers } = await fetch(`${service.url}/metrics`)
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  const answer = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  expect(answer.headers.get('content-type')).toMatch(/^application\/openmetrics-text/)
  expect(await answer.text()).toContain('guestkey_build_info{version=')
})

test('the service without such a variable has no metrics', async () => {
  const service = await startService()
  expect((await fetch(`${service.url}/metrics`)).status).toBe(404)
})
