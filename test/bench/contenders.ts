// The servers under test. Each is a child process on 127.0.0.1 with its own folder.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { betterAuthEndpoints, type Endpoints, guestEndpoints, origin } from './endpoints.ts'

const root = join(import.meta.dirname, '../..')
/** The folder for everything that the bench leaves. It is on a disk: /tmp may be memory, where a flush is free. */
export const benchDir = join(root, '.bench')
const peerDir = join(benchDir, 'better-auth')
const dist = join(root, 'dist/server/main.js')

const service = '../../../server/main.ts'

/** `nodes`: the number of its processes, which share one PostgreSQL database. `workers`: how many serve one address. */
type Contender = { script: string; doors: Endpoints; nodes?: number; workers?: number }

export const contenders = {
  /** A bare Express 5 app. */
  B: { script: 'bare.js', doors: guestEndpoints },
  /** Written by hand, on Express and on node:http. */
  Fe: { script: 'hand-written-express.ts', doors: guestEndpoints },
  Fh: { script: 'hand-written-http.ts', doors: guestEndpoints },
  /** better-auth. */
  P: { script: 'better-auth.ts', doors: betterAuthEndpoints },
  /** guestkey in an Express app with a route that loads the guest, and guestkey on its own. */
  embedded: { script: 'embedded.ts', doors: guestEndpoints },
  host: { script: 'host.ts', doors: guestEndpoints },
  standalone: { script: service, doors: guestEndpoints },
  /** On its own, with two processes. */
  workers: { script: service, doors: guestEndpoints, workers: 2 },
  /** The same, as published. */
  built: { script: dist, doors: guestEndpoints },
  /** guestkey on its own, on a PostgreSQL with its default durability: as one node, and as two. */
  postgres: { script: service, doors: guestEndpoints, nodes: 1 },
  postgres2: { script: service, doors: guestEndpoints, nodes: 2 },
} satisfies Record<string, Contender>

export type Name = keyof typeof contenders

/** The ports on which it listens, and its processes: one each, or several if it has several nodes. */
export type Server = {
  name: Name
  ports: number[]
  pids: number[]
  doors: Endpoints
  /** The URL of the database, and the process id of its postmaster. */
  database?: { url: string; pid: number }
  stop: () => Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Why a contender cannot take part, or undefined. */
export const absent: Partial<Record<Name, string>> = existsSync(dist)
  ? {}
  : { built: 'not built: run npm run build first' }

/** Starts a contender, with its own PostgreSQL if it needs one. */
export async function start(
  name: Name,
  directory: string,
  nodeArguments: string[] = [],
  more: NodeJS.ProcessEnv = {},
): Promise<Server> {
  const { script, doors, nodes, workers = 1 }: Contender = contenders[name]
  if (!nodes) {
    const environment = { GUESTKEY_WORKERS: String(workers), ...more }
    const { port, pid, stop } = await startProcess(name, script, directory, { nodeArguments, environment })
    return { name, ports: [port], pids: [pid], doors, stop }
  }
  const { url, pid, stop } = await startDatabase(directory)
  const started: Process[] = []
  const stopAll = async () => {
    await Promise.all(started.map((node) => node.stop()))
    await stop()
  }
  try {
    while (started.length < nodes) started.push(await startNode(directory, url, nodeArguments))
  } catch (error) {
    await stopAll()
    throw error
  }
  return {
    ...{ name, doors, database: { url, pid }, stop: stopAll },
    ports: started.map(({ port }) => port),
    pids: started.map((node) => node.pid),
  }
}

/** Starts a PostgreSQL whose files are in this folder, which stays. */
export function startDatabase(directory: string): Promise<PostgresServer> {
  const dataFolder = join(directory, 'postgres')
  mkdirSync(dataFolder)
  chmodSync(directory, 0o755) // if the bench runs as root, PostgreSQL runs as another account
  return startPostgres({ dataFolder })
}

type Process = { port: number; pid: number; stop: () => Promise<void> }

/** Starts one node of guestkey on its own. */
export const startNode = (directory: string, databaseUrl: string, nodeArguments: string[] = []) =>
  startProcess('a node', service, directory, { nodeArguments, environment: { DATABASE_URL: databaseUrl } })

const secret = 'a secret of the bench, long enough for everybody'

/** The environment of every process that uses this folder. */
const environmentOf = (directory: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: 'production',
  NODE_NO_WARNINGS: '1',
  BENCH_ORIGIN: origin,
  BENCH_DATABASE: join(directory, 'bench.db'),
  BENCH_SECRET: secret,
  BENCH_PEER: join(peerDir, 'package.json'),
  HOST: '127.0.0.1',
  PORT: '0',
  GUESTKEY_ORIGIN: origin,
  GUESTKEY_DATA: directory,
  GUESTKEY_SECRET: secret,
  GUESTKEY_RATE_LIMIT: 'off',
  DATABASE_URL: undefined,
  ...more,
})

/** Runs a command of guestkey on the store of a node. */
export async function runCommand(
  command: string,
  directory: string,
  { databaseUrl, nodeArguments = [] }: { databaseUrl?: string | undefined; nodeArguments?: string[] },
): Promise<void> {
  const program = resolve(import.meta.dirname, 'servers', service)
  await promisify(execFile)(process.execPath, [...nodeArguments, program, command], {
    env: environmentOf(directory, { DATABASE_URL: databaseUrl }),
  })
}

/** Starts one process and waits until it says which port it listens on. */
async function startProcess(
  name: string,
  script: string,
  directory: string,
  { nodeArguments = [], environment = {} }: { nodeArguments?: string[]; environment?: NodeJS.ProcessEnv },
): Promise<Process> {
  const child = spawn(process.execPath, [...nodeArguments, resolve(import.meta.dirname, 'servers', script)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentOf(directory, environment),
  })
  running.add(child)
  const exited = once(child, 'exit').then(() => running.delete(child))
  const port = await new Promise<number>((found, reject) => {
    const give = (why: string) => reject(new Error(`${name} ${why}`))
    exited.then(() => give('ended before it listened'))
    setTimeout(give, 30_000, 'did not say where it listens').unref()
    let said = ''
    child.stdout.setEncoding('utf8').on('data', function hear(text: string) {
      said += text
      const port = /"port":(\d+)\b/.exec(said)?.[1]
      if (!port) return
      child.stdout.off('data', hear).resume() // drains the log, which nobody reads
      found(Number(port))
    })
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  return { port, pid: child.pid!, stop }
}

/** Creates an empty folder for one contender. */
export function newDirectory(name: string): string {
  mkdirSync(benchDir, { recursive: true })
  return mkdtempSync(join(benchDir, `run-${name}-`))
}

export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true })

/** Finds out whether PostgreSQL runs here. */
export async function tryPostgres(): Promise<void> {
  const directory = newDirectory('try')
  try {
    await (await startDatabase(directory)).stop()
  } catch (error) {
    absent.postgres = absent.postgres2 = `PostgreSQL does not run here: ${(error as Error).message}`
  } finally {
    removeDirectory(directory)
  }
}

/** Installs better-auth once, beside the results. It is never a dependency of this package. */
export async function installPeer(): Promise<void> {
  if (existsSync(join(peerDir, 'node_modules/better-auth'))) return
  mkdirSync(peerDir, { recursive: true })
  const dependencies = { 'better-auth': '1.7.6', '@better-auth/passkey': '1.7.6' }
  writeFileSync(join(peerDir, 'package.json'), JSON.stringify({ private: true, dependencies }))
  try {
    await promisify(execFile)('npm', ['install', '--legacy-peer-deps', '--no-audit', '--no-fund'], {
      cwd: peerDir,
    })
  } catch (error) {
    const lines = ((error as { stderr?: string }).stderr || String(error)).split('\n')
    absent.P = `not installed: ${lines.find((line) => /^npm error (?!code|syscall|errno)/.test(line)) ?? lines[0]}`
  }
}
