// The copy of the project that the mutants are written into, and the vitest processes that run its tests.

import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { stalledSeconds } from './config.ts'

export const root = join(import.meta.dirname, '../..')
export const results = join(root, '.mutants')
const copy = join(results, 'copy')

/** All current files of the project: the ones that git knows, and new ones. */
export const projectFiles = execFileSync('git', ['ls-files', '-z', '-c', '-o', '--exclude-standard'], {
  cwd: root,
})
  .toString()
  .split('\0')
  .filter((file) => file && existsSync(join(root, file)))

/** Makes the copy. Returns its folder. */
export function makeCopy(): string {
  rmSync(copy, { recursive: true, force: true })
  for (const file of projectFiles) cpSync(join(root, file), join(copy, file))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

const running = new Set<number>()
process.on('exit', () => running.forEach(end))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

/** Ends a process and all processes that it started. */
function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // They have ended already.
  }
}

/** `outcome`: `stalled` if `grows`, a file that the tests write, did not grow for a while; else how the tests went. */
export type Run = { outcome: 'passed' | 'failed' | 'stalled'; said: string }

/** Runs test files in the copy. */
export function runTests(
  files: string[],
  options: string[],
  environment: NodeJS.ProcessEnv,
  grows?: string,
): Promise<Run> {
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
  const given = ['run', '--project=sqlite', '--reporter=dot', ...options, ...files]
  const env = { ...process.env, ...environment }
  const child = spawn(process.execPath, [vitest, ...given], { cwd: copy, detached: true, env })
  const pid = child.pid!
  running.add(pid)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-10_000)
    })
  }
  return new Promise((resolve) => {
    let isStalled = false
    let size = 0
    let grewAt = performance.now()
    const timer = setInterval(() => {
      const now = grows && existsSync(grows) ? statSync(grows).size : 0
      if (now > size) grewAt = performance.now()
      size = now
      isStalled = performance.now() - grewAt > stalledSeconds * 1000
      if (isStalled) end(pid)
    }, 1000)
    child.on('exit', (code) => {
      clearInterval(timer)
      running.delete(pid)
      end(pid)
      resolve({ outcome: isStalled ? 'stalled' : code === 0 ? 'passed' : 'failed', said })
    })
  })
}
