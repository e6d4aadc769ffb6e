// The service of its own, in a process of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { Browser } from './app.ts'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))

export type Service = {
  /** Where it listens: http://127.0.0.1:PORT. */
  url: string
  port: number
  origin: string
  browser: () => Browser
  /** Ends the process and waits until it is gone. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

/** Starts the service on a free port with this environment; it stops with the test. */
export async function startService(environment: Record<string, string>): Promise<Service> {
  const service = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', GUESTKEY_RATE_LIMIT: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const gone = once(service, 'exit')
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    service.kill(signal)
    await gone
  }
  onTestFinished(() => stop('SIGKILL'))
  let said = ''
  service.stderr.on('data', (chunk) => (said += chunk))
  const port = await new Promise<number>((resolve, reject) => {
    service.stdout.on('data', (chunk) => {
      said += chunk
      const told = environment.GUESTKEY_ORIGIN ? /"port":(\d+)/ : /is at http:\/\/localhost:(\d+)/
      const port = told.exec(said)?.[1]
      if (port) resolve(Number(port))
    })
    gone.then(() => reject(new Error(`the service ended: ${said}`)))
  })
  service.stdout.removeAllListeners('data').resume()
  const url = `http://127.0.0.1:${port}`
  const origin = environment.GUESTKEY_ORIGIN ?? `http://localhost:${port}`
  return { url, port, origin, stop, browser: () => new Browser(url as unknown as Server, origin) }
}
