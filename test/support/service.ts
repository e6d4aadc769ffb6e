// Runs the standalone service as a process.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Browser } from './app.ts'
import { SoftwareAuthenticator } from './authenticator.ts'
import { temporaryDeployment } from './engine.ts'
import { whenOver } from './when-over.ts'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))

/** The environment variables that every program gets from ours: the path of programs, and the compile cache. */
export const inherited = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
}

export type Service = {
  child: ChildProcess
  /** Everything that it has printed so far. */
  said: { out: string; err: string }
  /** The address at which it listens: http://localhost:PORT. */
  url: string
  port: number
  origin: string
  browser: () => Browser
  device: () => SoftwareAuthenticator
  ask: (path: string) => Promise<Response>
  /** Ends the process and waits until it is gone. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

/**
 * Runs the program with only this environment, `through` another program and with `flags` of Node if given. It ends when
 * the test ends.
 */
export function launch(environment: Record<string, string>, through: string[] = [], flags: string[] = []) {
  const [command, ...args] = [...through, process.execPath, ...flags, main]
  const child = spawn(command!, args, {
    env: { ...inherited, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  whenOver(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  return { child, said }
}

/**
 * Starts the service on a free port, with a new deployment unless the environment names one. It has no rate limit
 * unless the environment sets one.
 */
export async function startService(
  environment: Record<string, string> = {},
  through: string[] = [],
): Promise<Service> {
  const own = environment.GUESTKEY_DATA ? {} : (await temporaryDeployment()).environment
  const { child, said } = launch(
    { GUESTKEY_RATE_LIMIT: 'off', GUESTKEY_COOKIE_NAME: 'guestkey', ...own, ...environment },
    through,
  )
  const gone = once(child, 'exit')
  const { port, origin } = await addressOf(child, environment.GUESTKEY_ORIGIN)
  if (!port) throw new Error(`the service ended: ${said.err}`)
  const url = `http://localhost:${port}`
  return {
    ...{ child, said, url, port, origin },
    browser: () => new Browser(url as unknown as Server, origin),
    device: () => new SoftwareAuthenticator({ origin, synced: true }),
    ask: (path) => fetch(url + path),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await gone
    },
  }
}

/** Waits until it has ended. Returns the exit code, and after how many milliseconds. */
export async function ended(child: ChildProcess) {
  const start = performance.now()
  const [code, signal] = await once(child, 'exit')
  return { code: code ?? signal, milliseconds: performance.now() - start }
}

/** The origin that it prints, and the port from its log, which differs if the origin is that of a proxy. */
async function addressOf(
  { stdout }: ChildProcess,
  given?: string,
): Promise<{ port: number; origin: string }> {
  let port = 0
  let origin = ''
  for await (const line of createInterface(stdout!)) {
    if (line.startsWith('{')) port = JSON.parse(line).port ?? port
    else origin = /^guestkey is at (\S+)$/.exec(line)![1]!
    if (!given && origin) port = Number(new URL(origin).port)
    if (port && origin) break
  }
  return { port, origin }
}
