// Runs programs that a machine may have, such as a connection pooler (PgBouncer) and a proxy (nginx), each on its own port.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { temporaryFolder } from './engine.ts'
import { freePort } from './free-port.ts'
import { whenOver } from './when-over.ts'

/** The path of the program. If it is not installed, prints a line that says so and returns undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (!found) console.log(`${name} is not installed: what needs it is skipped`)
  return found
}

/** Starts PgBouncer in front of a database, with transaction pooling. Returns the URL of the database through it. */
export async function startPgBouncer(program: string, database: string): Promise<string> {
  const { port, pathname, username } = new URL(database)
  const through = new URL(database)
  through.port = String(await freePort())
  const file = writeConfiguration(
    'pgbouncer.ini',
    `[databases]
${pathname.slice(1)} = host=127.0.0.1 port=${port} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${through.port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
`,
  )
  const child = spawn(program, [file], { ...notRoot(), stdio: ['ignore', 'ignore', 'pipe'] })
  await untilListening(child, Number(through.port))
  return through.href
}

/** Starts nginx in front of these nodes with its default balancing: each request goes to the next node. */
export async function startNginx(program: string, port: number, nodes: number[]): Promise<{ log: string }> {
  const upstream = nodes.map((node) => `server 127.0.0.1:${node};`).join(' ')
  const file = writeConfiguration(
    'nginx.conf',
    `daemon off;
pid nginx.pid;
error_log stderr;
events {}
http {
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  log_format nodes '$upstream_addr $status $request';
  access_log access.log nodes;
  upstream guestkey { ${upstream} keepalive 16; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://guestkey;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`,
  )
  const folder = join(file, '..')
  await untilListening(spawnNginx(program, folder, file), port)
  return { log: join(folder, 'access.log') }
}

/** nginx with this folder for its files and this configuration. */
export const spawnNginx = (program: string, folder: string, file: string): ChildProcess =>
  spawn(program, ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] })

/** Writes a file in a new folder. Another account can read it too: as root, the workers of nginx have one. */
export function writeConfiguration(name: string, text: string): string {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** PgBouncer refuses to run as root. */
function notRoot(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Waits until the program listens. It ends when the test ends. Throws what it wrote to stderr if it ends before. */
export async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const gone = once(child, 'exit')
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  whenOver(async () => {
    child.kill('SIGTERM')
    await gone
  })
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}: ${said}`)
    await setTimeout(20)
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return isOpen
}
