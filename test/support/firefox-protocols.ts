// The two protocols by which tests drive Firefox. Marionette, which is Firefox's own, has virtual authenticators. WebDriver
// BiDi (W3C) tells of errors, and opens tabs with cookies of their own.

import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends a command. Rejects with the error that Firefox answers, or if the connection ends before. */
export type Send = <T = unknown>(command: string, params?: object) => Promise<T>

/** Numbers the commands, and gives each answer to the caller who waits for it. */
function createCommands(write: (id: number, command: string, params: object) => void) {
  const waiting = new Map<number, { command: string } & PromiseWithResolvers<never>>()
  let last = 0
  const send: Send = (command, params = {}) => {
    const waits = Promise.withResolvers<never>()
    waiting.set(++last, { command, ...waits })
    write(last, command, params)
    return waits.promise
  }
  return {
    send,
    answer(id: number, error: string | null, result?: unknown) {
      const waits = waiting.get(id)
      waiting.delete(id)
      if (error === null) waits?.resolve(result as never)
      else waits?.reject(new Error(`${waits.command}: ${error}`))
    },
    end() {
      for (const { command, reject } of waiting.values()) reject(new Error(`${command}: Firefox ended`))
      waiting.clear()
    },
  }
}

/** Marionette: each message is JSON with its length in bytes before it, such as `2:[]`. */
export async function connectMarionette(port: number): Promise<Send> {
  const socket = connect(port, '127.0.0.1')
  const { send, answer, end } = createCommands((...asked) => {
    const message = Buffer.from(JSON.stringify([0, ...asked]))
    socket.write(Buffer.concat([Buffer.from(`${message.length}:`), message]))
  })
  let unread: Buffer = Buffer.alloc(0)
  socket.on('data', (more: Buffer) => {
    unread = Buffer.concat([unread, more])
    for (;;) {
      const start = unread.indexOf(':') + 1
      const stop = start + Number(unread.subarray(0, start - 1))
      if (start === 0 || unread.length < stop) return
      const message = JSON.parse(unread.toString('utf8', start, stop))
      unread = unread.subarray(stop)
      // The first message is an object: the greeting.
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message
      answer(id, error && `${error.error}: ${error.message}`, result)
    }
  })
  socket.on('close', end)
  // A broken connection also closes.
  socket.on('error', () => {})
  await once(socket, 'connect')
  return send
}

/** WebDriver BiDi at this address; `hear` gets each event. */
export async function connectBidi(
  address: string,
  hear: (event: string, params: Record<string, unknown>) => void,
): Promise<Send> {
  const socket = new WebSocket(address)
  const { send, answer, end } = createCommands((id, method, params) =>
    socket.send(JSON.stringify({ id, method, params })),
  )
  socket.onmessage = ({ data }) => {
    const { type, id, error, message, result, method, params } = JSON.parse(data)
    if (type === 'event') hear(method, params)
    else answer(id, type === 'error' ? `${error}: ${message}` : null, result)
  }
  socket.onclose = end
  await once(socket, 'open')
  return send
}
