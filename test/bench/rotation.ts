// The row in which signing keys rotate under load, with two nodes and two verifiers. Their clocks run fast, because a
// key is published a quarter of an hour before it signs.

import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { JWKS_SECONDS } from '../../server/core/tokens/signing-keys.ts'
import {
  absent,
  newDirectory,
  removeDirectory,
  runCommand,
  start,
  startDatabase,
  startNode,
} from './contenders.ts'
import { origin, request } from './endpoints.ts'
import { open, type Send } from './load.ts'
import type { Columns, Figures } from './report.ts'
import { newStoredTokens, newTokens, refresh, type Tokens } from './tokens.ts'

const SPEED = 120
/** How far the other node's clock is ahead, so it uses a new key sooner. Below the 30 seconds that are tolerated. */
const AHEAD_MILLISECONDS = 20_000
/** A key is added, published for 900 s, and signs: 7.5 s at this speed. */
const ROTATE_EVERY_SECONDS = 9
const LANES = 16

type Nodes = { ports: number[]; rotate: () => Promise<void>; stop: () => Promise<void> }
type Clock = { now: () => number; preload: (ahead: number) => string[] }

/** The number of requests, of refused ones, and of tokens that the verifiers could not verify. */
export async function measureRotation(seconds: number): Promise<Columns> {
  const columns: Columns = { sqlite: await run(onSqlite, seconds) }
  if (!absent.postgres) columns.postgres = await run(onPostgres, seconds)
  return columns
}

function fastClock(): Clock {
  const from = Date.now()
  const script = pathToFileURL(join(import.meta.dirname, 'servers/fast-clock.ts'))
  return {
    now: () => from + (Date.now() - from) * SPEED,
    preload: (ahead) => [`--import=${script}?speed=${SPEED}&from=${from}&ahead=${ahead}`],
  }
}

async function onSqlite({ preload }: Clock, directory: string): Promise<Nodes> {
  const nodes = [await start('standalone', directory, preload(0))]
  nodes.push(await start('standalone', directory, preload(AHEAD_MILLISECONDS)))
  return {
    ports: nodes.flatMap(({ ports }) => ports),
    rotate: () => runCommand('rotate-keys', directory, { nodeArguments: preload(0) }),
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}

async function onPostgres({ preload }: Clock, directory: string): Promise<Nodes> {
  const { url, stop } = await startDatabase(directory)
  const nodes = [await startNode(directory, url, preload(0))]
  nodes.push(await startNode(directory, url, preload(AHEAD_MILLISECONDS)))
  return {
    ports: nodes.map(({ port }) => port),
    rotate: () => runCommand('rotate-keys', directory, { databaseUrl: url, nodeArguments: preload(0) }),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()))
      await stop()
    },
  }
}

/** How often each thing happened. */
class Tally {
  requests = 0
  refused = 0
  failed = 0
  verified = 0
  notVerified = 0
  readonly keys = new Set<string>()

  /** A connection whose responses are counted. None of them ends the run. */
  counting(send: Send): Send {
    return async (text) => {
      const answer = await send(text)
      this.requests++
      if (answer.status === 401) this.refused++
      else if (answer.status !== 200 && answer.status !== 201) this.failed++
      return answer
    }
  }
}

async function run(
  startNodes: (clock: Clock, directory: string) => Promise<Nodes>,
  seconds: number,
): Promise<Figures> {
  const directory = newDirectory('rotation')
  const clock = fastClock()
  const nodes = await startNodes(clock, directory)
  try {
    const tally = new Tally()
    const verifiers = nodes.ports.flatMap((port) => [
      keeping(port, JWKS_SECONDS),
      keeping(port, 2 * JWKS_SECONDS),
    ])
    const end = performance.now() + seconds * 1000
    const lanes = Array.from({ length: LANES }, (_, lane) => drive(lane, nodes, verifiers, clock, tally, end))
    const rotations = rotateUntil(nodes, end)
    await Promise.all(lanes)
    return {
      requests: tally.requests,
      '401s': tally.refused,
      'other refusals': tally.failed,
      verifications: tally.verified,
      'not verified': tally.notVerified,
      rotations: await rotations,
      'keys that signed': tally.keys.size,
      'still published': (await publishedKeys(nodes.ports[0]!)).length,
    }
  } finally {
    await nodes.stop()
    removeDirectory(directory)
  }
}

async function rotateUntil({ rotate }: Nodes, end: number): Promise<number> {
  let count = 0
  // A rotation that begins later would not reach the time at which its key signs.
  while (performance.now() < end - ROTATE_EVERY_SECONDS * 1000) {
    await rotate()
    count++
    await setTimeout(ROTATE_EVERY_SECONDS * 1000)
  }
  return count
}

const jwksUri = (port: number) => new URL(`http://127.0.0.1:${port}/.well-known/jwks.json`)

async function publishedKeys(port: number): Promise<object[]> {
  return ((await (await fetch(jwksUri(port))).json()) as { keys: object[] }).keys
}

type Verifier = ReturnType<typeof createRemoteJWKSet>

/** A backend that caches the keys this long by the fast clock, and does not fetch others until then. */
const keeping = (port: number, seconds: number): Verifier =>
  createRemoteJWKSet(jwksUri(port), {
    cacheMaxAge: (seconds * 1000) / SPEED,
    cooldownDuration: (seconds * 1000) / SPEED,
  })

/** Plays one client after another: sessions that continue at either node, and tokens verified early and late. */
async function drive(
  lane: number,
  { ports }: Nodes,
  verifiers: Verifier[],
  clock: Clock,
  tally: Tally,
  end: number,
): Promise<void> {
  const connections = await Promise.all(ports.map(open))
  const sends = connections.map(({ send }) => tally.counting(send))
  const at = (turn: number) => sends[turn % sends.length]!
  const show = async (token: string, turn: number) => {
    await at(turn)(request('GET', '/guest/userinfo', undefined, '', token))
    const currentDate = new Date(clock.now())
    const keys = verifiers[turn % verifiers.length]!
    await jwtVerify(token, keys, { issuer: origin, audience: origin, typ: 'at+jwt', currentDate }).then(
      () => tally.verified++,
      () => tally.notVerified++,
    )
  }
  let stored: Tokens = await newStoredTokens(at(lane))
  let late = stored.access_token
  for (let turn = lane; performance.now() < end; turn++) {
    stored = await refresh(at(turn), stored)
    const fresh = await newTokens(at(turn + 1))
    for (const { access_token } of [stored, fresh]) {
      tally.keys.add(decodeProtectedHeader(access_token).kid!)
      await show(access_token, turn)
      await show(access_token, turn + 1)
    }
    // The token is verified again when two of its ten minutes are left. Another key may sign by then.
    const left = decodeJwt(late).exp! - clock.now() / 1000
    if (left < 120) {
      if (left > 0) for (let i = 0; i < 4; i++) await show(late, turn + i)
      late = fresh.access_token
    }
  }
  for (const { close } of connections) close()
}
