// The rows that count how much each contender does per second. The contenders take turns.

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { absent, type Name, newDirectory, removeDirectory, type Server, start } from './contenders.ts'
import { ask, authenticate, type Guest, makeMany, register, request, signIn } from './endpoints.ts'
import { load, type Round, type Send } from './load.ts'
import { type Columns, median } from './report.ts'
import { newStoredTokens, newTokens, refresh, type Tokens } from './tokens.ts'

export type Effort = { rounds: number; seconds: number }
export type Work = (send: Send, lane: number, turn: number) => Promise<unknown>

export type Row = {
  title: string
  who: Name[]
  lanes: number
  /** Makes what the work needs, e.g. guests who are signed in. */
  prepare: (server: Server, all: Server[]) => Promise<Work>
}

const everybody: Name[] = ['B', 'P', 'Fe', 'Fh', 'embedded', 'standalone']
/** Also run on PostgreSQL, because the endpoint uses the database. */
const onPostgres: Name[] = ['postgres', 'postgres2']
/** Enough guests that none reaches the maximum of 100 live sessions. */
const passkeyGuests = 1000

const hello = (cookie?: string): Work => {
  const text = request('POST', '/', {}, cookie)
  return (send) => ask(send, text)
}

/** The same with access tokens. Each lane has its own. */
const helloBy = (tokens: Tokens[]): Work => {
  const texts = tokens.map(({ access_token }) => request('POST', '/', {}, '', access_token))
  return (send, lane) => ask(send, texts[lane % texts.length]!)
}

/** Every lane has its own session. */
const goOn = (tokens: Tokens[]): Work => {
  const latest = [...tokens]
  return async (send, lane) => {
    latest[lane] = await refresh(send, latest[lane]!)
  }
}

type MakeTokens = (send: Send) => Promise<Tokens>

/** Refreshing, where tokens come from `make`; B says hello. */
const refreshing = (make: MakeTokens) => async (server: Server) =>
  server.name === 'B' ? hello() : goOn(await makeMany(server.ports, 64, make))

/** The host's route, by access tokens that come from `make`; B is sent them too. */
const helloByTokens = (make: MakeTokens) => async (server: Server, all: Server[]) => {
  const { ports } = server.name === 'B' ? (all.find(({ name }) => name === 'host') ?? server) : server
  return helloBy(await makeMany(ports, 64, make))
}

export const userinfo = ({ doors }: Server, cookies: string[]): Work => {
  const texts = cookies.map((cookie) => doors.userinfo(cookie))
  return (send, lane, turn) => ask(send, texts[(lane + turn * 64) % texts.length]!)
}

/** Every lane has its own guests, so that no passkey is used twice at once. */
export const comeBack = ({ doors }: Server, guests: Guest[], lanes: number): Work => {
  const shares = Array.from({ length: lanes }, (_, lane) => guests.filter((_, i) => i % lanes === lane))
  return (send, lane, turn) => {
    const share = shares[lane]!
    return authenticate(send, doors, share[turn % share.length]!.device)
  }
}

export const newGuests = ({ ports, doors }: Server, count: number): Promise<Guest[]> =>
  makeMany(ports, count, (send) => register(send, doors))

export const throughputRows: Record<string, Row> = {
  'sign-in': {
    title: 'new anonymous sign-in',
    who: everybody,
    lanes: 64,
    prepare: async ({ name, doors }) => (name === 'B' ? hello() : (send) => ask(send, doors.signIn())),
  },

  'userinfo-sealed': {
    title: 'userinfo, sealed session',
    who: [...everybody, ...onPostgres],
    lanes: 64,
    prepare: async (server) => {
      if (server.name === 'B') return hello()
      return userinfo(server, await makeMany(server.ports, 64, (send) => signIn(send, server.doors)))
    },
  },

  'userinfo-stored': {
    title: 'userinfo, stored session',
    who: [...everybody, ...onPostgres],
    lanes: 64,
    prepare: async (server) => {
      if (server.name === 'B') return hello()
      const guests = await newGuests(server, 64)
      return userinfo(
        server,
        guests.map(({ cookie }) => cookie),
      )
    },
  },

  passkey: {
    title: 'passkey sign-in, options and verify, 32 at once',
    who: [...everybody.filter((name) => name !== 'B'), 'workers', ...onPostgres],
    lanes: 32,
    prepare: async (server) => comeBack(server, await newGuests(server, passkeyGuests), 32),
  },

  'load-guest': {
    title: "loadGuest in a host's route, sealed session",
    // `embedded` for comparison: there the router runs before every route and has already loaded the guest.
    who: ['B', 'host', 'embedded'],
    lanes: 64,
    prepare: async (server, all) => {
      const { ports, doors } = all.find(({ name }) => name === 'host') ?? server
      const [cookie] = await makeMany(ports, 1, (send) => signIn(send, doors))
      return hello(cookie)
    },
  },

  'load-guest-bearer-sealed': {
    title: "loadGuest in a host's route, access token of a sealed session",
    who: ['B', 'host', 'embedded'],
    lanes: 64,
    prepare: helloByTokens(newTokens),
  },

  'load-guest-bearer-stored': {
    title: "loadGuest in a host's route, access token of a stored session",
    who: ['B', 'host', 'embedded'],
    lanes: 64,
    prepare: helloByTokens(newStoredTokens),
  },

  'token-refresh': {
    title: 'token by refresh, stored session',
    who: ['B', 'embedded', 'standalone', ...onPostgres],
    lanes: 64,
    prepare: refreshing(newStoredTokens),
  },

  'token-refresh-sealed': {
    title: 'token by refresh, sealed session',
    who: ['B', 'embedded', 'standalone'],
    lanes: 64,
    prepare: refreshing(newTokens),
  },
}

/** Runs one row: a warm-up, then rounds in which every contender has its turn. */
export async function measureThroughput(row: Row, effort: Effort): Promise<Columns> {
  const directories: string[] = []
  const servers: Server[] = []
  try {
    for (const name of row.who.filter((name) => !absent[name])) {
      const directory = newDirectory(name)
      directories.push(directory)
      servers.push(await start(name, directory))
    }
    const works = new Map<string, [Server, Work]>()
    for (const server of servers) works.set(server.name, [server, await row.prepare(server, servers)])
    return await interleave(works, row.lanes, effort)
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    directories.forEach(removeDirectory)
  }
}

/** CPU time in microseconds for one unit of work, of the server and of its database. */
type Measured = Round & { cpu: number; databaseCpu: number }

/** The medians of the rounds, by contender. Each round begins with another contender. */
export async function interleave(
  works: Map<string, [Server, Work]>,
  lanes: number,
  { rounds, seconds }: Effort,
): Promise<Columns> {
  const done = new Map<string, Measured[]>([...works.keys()].map((name) => [name, []]))
  const order = [...works]
  for (const [, [{ ports }, work]] of order) await load({ ports, lanes, seconds: Math.min(seconds, 2), work })
  for (let round = 0; round < rounds; round++) {
    for (const [name, [server, work]] of order) {
      const before = cpuSeconds(server)
      const result = await load({ ports: server.ports, lanes, seconds, work })
      const after = cpuSeconds(server)
      const each = (used: number) => (used * 1e6) / result.count
      done.get(name)!.push({
        ...result,
        cpu: each(after.own - before.own),
        databaseCpu: each(after.database - before.database),
      })
    }
    order.push(order.shift()!)
  }
  const columns: Columns = {}
  for (const [name, results] of done) {
    const of = (figure: keyof Measured) => median(results.map((round) => round[figure]))
    columns[name] = {
      perSecond: of('perSecond'),
      perSecondAlone: aloneOf(name, of('perSecond'), of('generatorCpu')),
      p50: of('p50'),
      p99: of('p99'),
      cpu: of('cpu'),
      ...(works.get(name)![0].database && { databaseCpu: of('databaseCpu') }),
      generatorCpu: of('generatorCpu'),
    }
  }
  return columns
}

/**
 * What a contender would do a second if the load used no part of the cores. One process has a core of its own anyway.
 * Several processes use all of them, and would use that part, too.
 */
function aloneOf(name: string, perSecond: number, generatorCpu: number): number {
  const cores = availableParallelism()
  return name === 'workers' ? (perSecond * cores) / (cores - generatorCpu) : perSecond
}

/** The CPU time that the processes of a server and of its database have used so far, on all cores. */
const cpuSeconds = ({ pids, database }: Server) => ({
  own: pids.reduce((sum, pid) => sum + cpuOf(pid).own + childrenOf(pid), 0),
  // The database's processes are children of the postmaster, which takes over the CPU time of those that have ended.
  database: database ? cpuOf(database.pid).withEnded + childrenOf(database.pid) : 0,
})

const childrenOf = (pid: number) =>
  readProc(`${pid}/task/${pid}/children`)
    .split(' ')
    .filter(Boolean)
    .reduce((sum, child) => sum + cpuOf(Number(child)).own, 0)

/** CPU time in seconds. /proc counts in hundredths of a second. NaN if there is no /proc. */
function cpuOf(pid: number): { own: number; withEnded: number } {
  const fields = readProc(`${pid}/stat`).split(') ')[1]?.split(' ').slice(11, 15).map(Number) ?? []
  const [user = Number.NaN, system = 0, ofEnded = 0, systemOfEnded = 0] = fields
  return { own: (user + system) / 100, withEnded: (user + system + ofEnded + systemOfEnded) / 100 }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}
