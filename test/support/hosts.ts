// Runs hosts in separate processes, so that a test can kill them.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Merge, Options } from '../../server/index.ts'
import { Browser } from './app.ts'
import { SoftwareAuthenticator } from './authenticator.ts'

const program = fileURLToPath(new URL('./merging-host.ts', import.meta.url))

/** Starts a host. It ends when the test ends, unless it was killed before. */
export async function startHost(options: Partial<Options> & { origin: string; hookMilliseconds?: number }) {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const gone = once(child, 'exit')
  const merges: Merge[] = []
  let onMerge = () => {}
  const listening = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { port?: number; merge?: Merge }
      if (said.port) resolve(said.port)
      if (said.merge) {
        merges.push(said.merge)
        onMerge()
      }
    })
  })
  const url = `http://127.0.0.1:${await listening}`
  return {
    /** The arguments with which its hook was called. */
    merges,
    browser: () => new Browser(url as unknown as Server, options.origin),
    device: () => new SoftwareAuthenticator({ origin: options.origin }),
    /** Resolves when the hook is called next. */
    hookCalled: () =>
      new Promise<void>((resolve) => {
        onMerge = resolve
      }),
    /** Kills the process (kill -9) and waits until it is gone. */
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
