// A real nginx with our forward-auth configuration, a backend behind it, and requests sent as bytes.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/engine.ts'
import { freePort } from '../support/free-port.ts'

/** The headers of a request, in the order in which they came. */
export type Seen = { method: string; url: string; headers: [string, string][]; body: string }

/** A backend on plain node:http that records its requests and answers with what it got. */
export async function startBackend(): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req.setEncoding('utf8')) body += chunk
    const names = req.rawHeaders.filter((_, i) => i % 2 === 0)
    const headers = names.map((name, i): [string, string] => [name, req.rawHeaders[2 * i + 1]!])
    seen.push({ method: req.method!, url: req.url!, headers, body })
    const text = JSON.stringify(seen.at(-1))
    res.setHeader('Content-Length', Buffer.byteLength(text)).end(text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, seen }
}

const shown = (name: string) => readFileSync(join(import.meta.dirname, `${name}.nginx.conf`), 'utf8')

/** Starts nginx with the configuration from the documentation, with other ports. Returns the port that it listens on. */
export async function startForwardAuth(
  program: string,
  ports: { guestkey: number; app: number },
): Promise<number> {
  const port = await freePort()
  const server = shown('forward-auth')
    .replace('127.0.0.1:3000', `127.0.0.1:${ports.guestkey}`)
    .replace('127.0.0.1:8000', `127.0.0.1:${ports.app}`)
    .replace('127.0.0.1:80;', `127.0.0.1:${port};`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const main = `daemon off; pid nginx.pid; error_log stderr; events {}
http { access_log off; ${temporary.map((name) => `${name}_temp_path ${name};`).join(' ')} include server.conf; }`
  const folder = temporaryFolder()
  chmodSync(folder, 0o755) // if the tests run as root, nginx's workers run as another account
  const files = {
    ...{ 'nginx.conf': main, 'server.conf': server },
    ...{ 'guest-headers.conf': shown('guest-headers'), 'guest-request.conf': shown('guest-request') },
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const arguments_ = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']
  const nginx = spawn(program, arguments_, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  nginx.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const gone = once(nginx, 'exit')
  onTestFinished(async () => {
    nginx.kill('SIGTERM')
    await gone
  })
  while (!(await listens(port))) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`)
    await setTimeout(20)
  }
  return port
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

export type Answer = { status: number; head: string; body: string }

/** Sends one request with these header lines, byte for byte (latin1). */
export async function send(
  port: number,
  path: string,
  lines: string[] = [],
  { method = 'GET', body = '' } = {},
): Promise<Answer> {
  const socket = connect(port, '127.0.0.1')
  const length = body ? [`Content-Length: ${body.length}`] : []
  const head = [`${method} ${path} HTTP/1.1`, 'Host: app.example.com', 'Connection: close', ...length]
  socket.write([...head, ...lines, '', body].join('\r\n'), 'latin1')
  let text = ''
  for await (const chunk of socket) text += (chunk as Buffer).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  return { status: Number(text.split(' ')[1]), head: text.slice(0, end), body: text.slice(end + 4) }
}
