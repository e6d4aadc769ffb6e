// Runs the command `guestkey`, and makes stores for it.

import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { openFile } from '../../server/store/sqlite/file.ts'
import type { Ran, Task } from './command-runner.ts'
import { temporaryFolder } from './engine.ts'
import { inherited } from './service.ts'

const main = join(import.meta.dirname, '../../server/main.ts')
const writer = join(import.meta.dirname, './store-writer.ts')

export type Run = { out: string; err: string; code: number | NodeJS.Signals }

/**
 * Runs the command with only this environment, in a process that has run other commands before. To start a process
 * costs more than most commands. A command that gets a signal, or ends its process itself, needs `guestkeyAlone`.
 */
export async function guestkey(args: string[], environment: Record<string, string> = {}): Promise<Run> {
  const runner = idle.pop() ?? startRunner()
  const task = { args, folder: temporaryFolder(), environment: { ...inherited, ...environment } }
  const { out, err, code, isLast } = await perform(runner, task)
  if (!isLast) idle.push(runner)
  return { out, err, code }
}

/** The processes that wait for a command. */
const idle: ChildProcess[] = []

/** Starts a process for commands. It keeps the process of the tests alive only during a command, and ends with it. */
function startRunner(): ChildProcess {
  const runner = fork(join(import.meta.dirname, './command-runner.ts'), { execArgv: [], stdio: 'inherit' })
  runner.unref()
  return runner
}

const perform = (runner: ChildProcess, task: Task): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const lose = () => reject(new Error(`guestkey ${task.args.join(' ')} ended its process`))
    runner.channel!.ref()
    runner.once('exit', lose).once('message', (ran: Ran) => {
      runner.removeListener('exit', lose)
      runner.channel?.unref()
      resolve(ran)
    })
    runner.send(task)
  })

/**
 * The same in a process of its own. After each output it calls `onOut` with the whole output so far; `onOut` may send a
 * signal. `through`: another program that starts the command.
 */
export async function guestkeyAlone(
  args: string[],
  environment: Record<string, string> = {},
  onOut: (out: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
  through: string[] = [],
): Promise<Run> {
  const [command, ...before] = [...through, process.execPath, main]
  const child = spawn(command!, [...before, ...args], {
    cwd: temporaryFolder(),
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text
    onOut(said.out, (signal) => void child.kill(signal))
  })
  const [code, signal] = await once(child, 'close')
  return { ...said, code: code ?? signal }
}

/** A new SQLite store with this many guests, each with a passkey, a session and one of everything else. */
export async function storeWithGuests(count: number): Promise<string> {
  const file = join(temporaryFolder(), 'guestkey.db')
  openFile(file, 0).close()
  change(
    file,
    'BEGIN',
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, expires_at, due_at)
      SELECT lower(hex(randomblob(16))), hex(randomblob(64)), 'amber-fox-' || n, 'users', 1800000000 + n,
        1800000000 + n, 1900000000 + n, 1890000000 + n FROM numbers`,
    `INSERT INTO passkeys SELECT hex(randomblob(16)), anonymous_id, hex(randomblob(77)), created_at % 7,
      '00000000-0000-0000-0000-000000000000', 'Schlüssel 🔑, "' || label || '"\\', 'hybrid internal', 1,
      created_at % 2, created_at, CASE created_at % 3 WHEN 0 THEN NULL ELSE created_at END FROM guests`,
    `INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at)
      SELECT anonymous_id, hex(randomblob(32)), created_at, created_at, created_at + 1000, created_at + 3000
      FROM guests`,
    `UPDATE sessions SET client_id = 'spa', scope = 'read write', jkt = hex(randomblob(32)),
      refreshes = created_at % 9, refreshed_at = created_at WHERE created_at % 2 = 0`,
    `INSERT INTO spent (id, expires_at, result) SELECT 'sealed:' || hex(randomblob(16)), created_at, NULL FROM guests`,
    `INSERT INTO profiles (anonymous_id, version, attributes, updated_at) SELECT anonymous_id, created_at % 9 + 1, '{"nickname":"Füchsin \\"🦊\\""}', created_at FROM guests`,
    `INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) SELECT anonymous_id, 'add_passkey', created_at % 3 + 1, created_at + 100 FROM guests`,
    `INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, status, claimed_until,
        expires_at, replaced)
      SELECT hex(randomblob(32)), lower(hex(randomblob(16))), anonymous_id, label, 'users', 'none', 1,
      'merged', 0, created_at + 700, CASE created_at % 2 WHEN 0 THEN NULL ELSE '{"before":{},"after":{}}' END
      FROM guests`,
    `UPDATE guests SET promoted_at = created_at + 5 WHERE created_at % 2 = 1`,
    `INSERT INTO login_ids (type, value, anonymous_id, verified_at, is_primary)
      SELECT CASE created_at % 3 WHEN 0 THEN 'oidc' ELSE 'email' END, 'füchsin.' || label || '@example.org',
      anonymous_id, created_at + 5, created_at % 2 FROM guests`,
    `INSERT INTO codes (id, code, tries_left, expires_at) SELECT hex(randomblob(32)), hex(randomblob(32)), created_at % 6, created_at + 600 FROM guests`,
    `INSERT INTO limits (id, used, expires_at) SELECT hex(randomblob(32)), created_at % 9 + 1, created_at + 3600 FROM guests`,
    `UPDATE sessions SET enrol_until = created_at + 600 WHERE created_at % 3 = 0`,
    `INSERT INTO device_keys (id, anonymous_id, public_key, algorithm, name, created_at, last_used_at, session_id)
      SELECT hex(randomblob(32)), anonymous_id, '{"kty":"EC"}', 'ES256', 'Browser', created_at,
      CASE created_at % 3 WHEN 0 THEN NULL ELSE created_at END, hex(randomblob(32)) FROM guests`,
    `INSERT INTO recovery_codes (id, anonymous_id, created_at) SELECT hex(randomblob(32)), anonymous_id, created_at FROM guests`,
    `INSERT INTO device_links (id, locator, code, secret, tries_left, anonymous_id, session_id, label, status,
        expires_at)
      SELECT hex(randomblob(16)), hex(randomblob(8)), hex(randomblob(32)), hex(randomblob(32)), created_at % 6,
      anonymous_id, hex(randomblob(32)), label, 'waiting', created_at + 600 FROM guests`,
    `INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) SELECT anonymous_id, created_at, lower(hex(randomblob(4))), NULL, 'guest.kept', 'done' FROM guests`,
    `INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure) SELECT 'msg_' || hex(randomblob(16)), 'https://example.com/hooks', 'guest.kept', '{}',
      created_at, 9, CASE created_at % 2 WHEN 0 THEN NULL ELSE created_at + 5 END, 'not reached: ECONNREFUSED'
      FROM guests`,
    'COMMIT',
  )
  return file
}

/** Changes a SQLite store directly, past any service that uses it. */
export function change(file: string, ...statements: string[]): void {
  const db = new Database(file)
  db.pragma('foreign_keys = ON')
  for (const statement of statements) db.exec(statement)
  db.close()
}

/** Another process that keeps guests until the test stops it, and the passkeys of the guests that it acknowledged. */
export async function keepWriting(store: string) {
  const child = spawn(process.execPath, [writer, store, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  await once(child.stdout, 'data')
  return {
    acknowledged: () => said.split('\n').slice(0, -1),
    async stop(signal: NodeJS.Signals = 'SIGKILL') {
      child.kill(signal)
      await once(child, 'close')
    },
  }
}
