// Several nodes of one deployment on one PostgreSQL database, each a process of its own, behind a load balancer.

import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { Browser } from './app.ts'
import { SoftwareAuthenticator } from './authenticator.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { temporaryFolder } from './engine.ts'
import { type Service, startService } from './service.ts'

export type Cluster = {
  nodes: Service[]
  balancer: Balancer
  origin: string
  /** A browser whose requests each go to the next node. */
  browser: () => Browser
  /** A browser at one node alone, with the cookies of another browser. */
  at: (node: Service, like?: Pick<Browser, 'cookies'>) => Browser
  /** A device with synced passkeys. */
  device: (options?: { counter: 'increasing' }) => SoftwareAuthenticator
  /** One more node with the same secret. It gets no requests until the test adds it to the balancer. */
  start: (environment?: Record<string, string>) => Promise<Service>
}

/** Starts all nodes at once, and waits until all are ready. They stop when the test ends. */
export async function startCluster({
  database,
  size = 2,
  environment = {},
  origin: given,
}: {
  /** The URL of the database. */
  database: string
  size?: number
  environment?: Record<string, string>
  /** The origin at which browsers reach the nodes. Default: the load balancer. */
  origin?: string
}): Promise<Cluster> {
  const balancer = await startBalancer()
  const origin = given ?? balancer.origin
  const common = {
    NODE_ENV: 'production', // without the demo, whose Express is a third of the start
    ...{ DATABASE_URL: database, GUESTKEY_DATA: temporaryFolder(), GUESTKEY_ORIGIN: origin },
    ...{ GUESTKEY_SECRET: randomBytes(32).toString('base64'), ...environment },
  }
  const start = (more: Record<string, string> = {}) => startService({ ...common, ...more })
  const nodes = await Promise.all(Array.from({ length: size }, () => start()))
  balancer.nodes = nodes.map(({ port }) => port)
  await Promise.all(nodes.map((node) => until(() => isReady(node))))
  return {
    ...{ nodes, balancer, origin, start },
    browser: () => new Browser(origin as unknown as Server, origin),
    at(node, like) {
      const browser = node.browser()
      for (const [name, value] of like?.cookies ?? []) browser.cookies.set(name, value)
      return browser
    },
    device: (options) => new SoftwareAuthenticator({ origin, synced: true, ...options }),
  }
}

export const isReady = async (node: Service): Promise<boolean> => (await node.ask('/readyz')).status === 200
export const isAlive = async (node: Service): Promise<boolean> => (await node.ask('/healthz')).status === 200

/** Asks again and again until the answer is true. The timeout of the test is the limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(20)
}

/** Creates an empty database on this server, which ends with the server. */
export async function createDatabase(serverUrl: string): Promise<string> {
  const url = new URL(serverUrl)
  url.pathname = `/guestkey_${randomBytes(6).toString('hex')}`
  await ask(serverUrl, `CREATE DATABASE ${url.pathname.slice(1)} TEMPLATE template0 STRATEGY file_copy`)
  return url.href
}

/** The rows of one statement, or of the last of several, on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // the statement reports it
  await client.connect()
  try {
    return [await client.query<Row>(sql)].flat().at(-1)!.rows
  } finally {
    await client.end()
  }
}

/** A connection that stays open until the test ends, or the server does. */
export async function connection(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** Ends every connection of the nodes to this database. Returns how many there were. */
export async function endBackends(database: string): Promise<number> {
  const ended = await ask(
    database,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'guestkey/%'`,
  )
  return ended.length
}
