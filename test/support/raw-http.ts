// Sends HTTP as bytes on a socket, for requests that a client library refuses to send.

import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

/** Sends these header lines as they are (latin1). Returns the whole response as text, and its body as bytes. */
export async function sendRaw(
  server: Server,
  { method = 'GET', path, lines }: { method?: string; path: string; lines: string[] },
): Promise<{ status: number; text: string; body: Buffer }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const head = [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...lines, '', '']
  socket.write(head.join('\r\n'), 'latin1')
  let text = ''
  for await (const chunk of socket) text += (chunk as Buffer).toString('latin1')
  const body = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1')
  return { status: Number(text.split(' ')[1]), text, body }
}
