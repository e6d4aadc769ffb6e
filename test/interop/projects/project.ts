// Projects of other people: a folder far from this repository, in which the packed package is installed.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../support/engine.ts'
import { packInto } from '../../support/packed.ts'
import { whenOver } from '../../support/when-over.ts'

const { NODE_ENV: _mode, NODE_COMPILE_CACHE: _cache, VITEST: _vitest, ...others } = process.env
/** Everything runs on the Node that runs the tests, whatever the machine has. */
export const env: NodeJS.ProcessEnv = {
  ...others,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
}
const quietly = ['--no-audit', '--no-fund', '--prefer-offline']

export type Project = {
  folder: string
  write: (name: string, text: string) => void
  read: (name: string) => string
  /** Runs a program. Resolves to what it printed to stdout. Rejects with `stdout` and `stderr` if it fails. */
  run: (program: string, ...args: string[]) => Promise<string>
  /** The same through a shell, as a person types it. */
  type: (line: string) => Promise<string>
  /** Starts a program, which ends with the test, and waits until `url` answers. */
  serve: (url: string, environment: object, program: string, ...args: string[]) => Promise<ChildProcess>
}

/** Packs the tarballs that npm would publish: of guestkey, and of the browser client. Needs `npm run build`. */
export async function pack(): Promise<string[]> {
  const { guestkey, client } = await packInto(temporaryFolder())
  return [guestkey.tarball, client.tarball]
}

/** An empty folder. */
export function emptyProject(): Project {
  const folder = temporaryFolder()
  const run = async (program: string, ...args: string[]) =>
    (await promisify(execFile)(program, args, { cwd: folder, env, maxBuffer: 2 ** 26 })).stdout
  return {
    folder,
    run,
    type: (line) => run('sh', '-c', line),
    write: (name, text) => writeFileSync(join(folder, name), text),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    serve: (url, environment, program, ...args) =>
      serve(
        url,
        spawn(program, args, {
          cwd: folder,
          env: { ...env, ...environment },
          stdio: ['ignore', 'ignore', 'pipe'],
          detached: true, // npx and npm start it as a process of their own
        }),
      ),
  }
}

/**
 * A project with what its lock file here says, and with these tarballs. `app`: the project from which it takes the files
 * that it does not have.
 */
export async function projectOf(name: string, tarballs: string[] = [], app = name): Promise<Project> {
  const project = emptyProject()
  for (const one of [app, name]) cpSync(join(import.meta.dirname, one), project.folder, { recursive: true })
  await project.run('npm', 'ci', ...quietly)
  if (tarballs.length > 0) await project.run('npm', 'install', ...quietly, ...tarballs)
  return project
}

async function serve(url: string, child: ChildProcess): Promise<ChildProcess> {
  const gone = once(child, 'exit')
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  whenOver(async () => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL')
    await gone
  })
  while (child.exitCode === null && child.signalCode === null) {
    if (await fetch(url).catch(() => undefined)) return child
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`it ended with ${child.exitCode}: ${said}`)
}
