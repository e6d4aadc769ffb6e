// Hosts that run in processes of their own, so that they can be killed.

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

/** Starts one; it ends with the test, if it was not killed before. */
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
    /** What its hook was called with. */
    merges,
    browser: () => new Browser(url as unknown as Server, options.origin),
    device: () => new SoftwareAuthenticator({ origin: options.origin }),
    /** Resolves when the hook is called next. */
    hookCalled: () =>
      new Promise<void>((resolve) => {
        onMerge = resolve
      }),
    /** kill -9, and it is gone. */
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
