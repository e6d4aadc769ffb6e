// Real proxies with the forward-auth configurations of the papers, and requests sent as bytes.

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { example } from '../support/pages.ts'
import { findProgram, spawnNginx, untilListening, writeConfiguration } from '../support/programs.ts'

/** Starts the proxy in front of the service and of the app. Returns the port that it listens on. */
export type Start = (program: string, ports: { guestkey: number; app: number }) => Promise<number>

export type ProxyServer = { name: string; program: string | undefined; start: Start }

const startNginx: Start = async (program, { guestkey, app }) => {
  const port = await freePort()
  const server = example('server/service/forward-auth.md', 'forward-auth.nginx')
    .replace('127.0.0.1:3000', `127.0.0.1:${guestkey}`)
    .replace('127.0.0.1:8000', `127.0.0.1:${app}`)
    .replace('127.0.0.1:80;', `127.0.0.1:${port};`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const main = `daemon off; pid nginx.pid; error_log stderr; events {}
http { access_log off; ${temporary.map((name) => `${name}_temp_path ${name};`).join(' ')} include server.conf; }`
  const file = writeConfiguration('nginx.conf', main)
  const folder = join(file, '..')
  writeFileSync(join(folder, 'server.conf'), server)
  const headers = example('server/service/forward-auth.md', 'guest-headers.nginx')
  const request = example('server/service/forward-auth.md', 'guest-request.nginx')
  writeFileSync(join(folder, 'guest-headers.conf'), headers)
  writeFileSync(join(folder, 'guest-request.conf'), request)
  await untilListening(spawnNginx(program, folder, file), port)
  return port
}

/** The options come before what the papers show, which has other addresses here. */
const startCaddy: Start = async (program, { guestkey, app }) => {
  const port = await freePort()
  const site = example('server/service/forward-auth.md', 'Caddyfile')
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${guestkey}`)
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${app}`)
    .replace('app.example.com {', `http://app.example.com:${port} {`)
  const options = '{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n'
  const file = writeConfiguration('Caddyfile', options + site)
  const env = { PATH: process.env.PATH, HOME: join(file, '..') }
  const arguments_ = ['run', '--config', file, '--adapter', 'caddyfile']
  const child = spawn(program, arguments_, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  await untilListening(child, port)
  return port
}

export const proxies: ProxyServer[] = [
  { name: 'nginx', program: findProgram('nginx'), start: startNginx },
  { name: 'Caddy', program: findProgram('caddy'), start: startCaddy },
]

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
