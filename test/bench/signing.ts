// The row that compares the cost of an access token with that of the bare signature in it.

import { generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { generateKeyPair, SignJWT } from 'jose'
import type { Context } from '../../server/context.ts'
import { deriveKeys } from '../../server/core/crypto/secrets.ts'
import { createAttemptLimiter } from '../../server/core/device-links/attempts.ts'
import { createEvents } from '../../server/core/events/events.ts'
import { createClaimClock } from '../../server/core/jobs/claim-clock.ts'
import { createFleet } from '../../server/core/jobs/fleet.ts'
import { createSender } from '../../server/core/login-ids/sender.ts'
import type { Session } from '../../server/core/sessions/sessions.ts'
import { createSettings } from '../../server/core/settings/settings.ts'
import { createCounters } from '../../server/core/statistics/counters.ts'
import { issueAccessToken } from '../../server/core/tokens/access-tokens.ts'
import { createSigningKeys } from '../../server/core/tokens/signing-keys.ts'
import { resolveOptions } from '../../server/options/options.ts'
import { openSqlite } from '../../server/store/sqlite/driver.ts'
import { newDirectory, removeDirectory } from './contenders.ts'
import { origin } from './endpoints.ts'
import { type Columns, median } from './report.ts'
import type { Effort } from './throughput.ts'

/** How many signatures are under way at once, as in a busy service. */
const AT_ONCE = 64

const session: Session = {
  ...{ kind: 'stored', id: 'c2Vzc2lvbi1pZC1vZi10aGUtYmVuY2gtd2l0aC0zMi1ieXRlcw' },
  ...{ anonymousId: 'Z3Vlc3Qtb2YtYmVuY2gtMQ', label: 'amber-fox-42', collection: 'users' },
  ...{ recoverability: 'synced', grant: null, promotedAt: null },
  ...{
    createdAt: 0,
    lastSeenAt: 0,
    expiresAt: 2 ** 40,
    endsAt: 2 ** 40,
    authTime: 1_800_000_000,
    enrolUntil: null,
  },
  ...{ guestExpiresAt: null, carried: null },
}

/** Microseconds: CPU time of all threads, and time by the clock, one after another and with many under way. */
export async function measureSigning({ rounds, seconds }: Effort): Promise<Columns> {
  const directory = newDirectory('signing')
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const config = resolveOptions({ origin, store: join(directory, 'guestkey.db'), secret: 'x'.repeat(32) })
  const store = openSqlite(config.store)
  try {
    const keyring = config.secrets.map(deriveKeys)
    const now = () => Math.floor(Date.now() / 1000)
    const signingKeys = createSigningKeys({ config, keyring, store, logger, now })
    const events = createEvents(logger)
    const sender = createSender(config, logger)
    const ctx: Context = {
      ...{ config, keyring, keys: keyring[0]!, store, signingKeys, events, sender, logger, now },
      fleet: createFleet({ store, logger }),
      settings: createSettings({ config, store }),
      attempts: createAttemptLimiter(config),
      counters: createCounters({ store, logger, now }),
      claims: createClaimClock({ store, logger, now }),
    }
    const audience = { client: config.clients[0]!, audience: config.tokens.issuer, scope: [], jkt: null }
    const issue = () => issueAccessToken(ctx, session, audience)

    const input = (await issue()).token.replace(/\.[^.]*$/, '')
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const bytes = Buffer.from(input)
    const raw = async () => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
    const [header, payload] = input.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    const pair = await generateKeyPair('ES256')
    const bare = () =>
      new SignJWT(JSON.parse(payload!)).setProtectedHeader(JSON.parse(header!)).sign(pair.privateKey)
    return await takeTurns({ 'raw ES256': raw, jose: bare, 'access token': issue }, rounds, seconds)
  } finally {
    await store.close()
    removeDirectory(directory)
  }
}

type Work = () => Promise<unknown>

async function takeTurns(works: Record<string, Work>, rounds: number, seconds: number): Promise<Columns> {
  const order = Object.entries(works)
  const results = new Map(order.map(([name]) => [name, [] as Awaited<ReturnType<typeof time>>[]]))
  for (const [, work] of order) await time(work, seconds * 100)
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of order) results.get(name)!.push(await time(work, seconds * 200))
    order.push(order.shift()!)
  }
  const columns: Columns = {}
  for (const [name, times] of results) {
    const of = (figure: keyof (typeof times)[number]) => median(times.map((one) => one[figure]))
    columns[name] = { 'CPU, µs': of('cpu'), 'µs, many at once': of('many'), 'µs, alone': of('alone') }
  }
  return columns
}

async function time(work: Work, milliseconds: number) {
  const alone = await repeat(work, 1, milliseconds)
  const many = await repeat(work, AT_ONCE, milliseconds)
  return { cpu: many.cpu, many: many.wall, alone: alone.wall }
}

async function repeat(work: Work, lanes: number, milliseconds: number) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  let count = 0
  const lane = async () => {
    for (; performance.now() - start < milliseconds; count++) await work()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const { user, system } = process.cpuUsage(cpu)
  return { wall: ((performance.now() - start) * 1000) / count, cpu: (user + system) / count }
}
