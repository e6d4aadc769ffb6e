// A proxy that counts the statements that an app sends to PostgreSQL, and how often the app waits for it.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { createSplitter, textsOf } from './postgres-messages.ts'

export type Traffic = {
  /** The texts of the statements, in order. */
  statements: string[]
  /** How often it waited for the results of what it had sent. */
  roundTrips: number
  /** How many transactions began with BEGIN. A single statement does not count. */
  transactions: number
}

export type Counter = {
  /** The URL of the database through the proxy. */
  url: string
  /** Counts what went through during this work, and in the background after it. */
  during: (work: () => Promise<unknown>) => Promise<Traffic>
  close: () => void
}

/** What a node asks by itself all the time: which sealed sessions have ended, and which settings. It is not counted. */
const inBackground = /ended_at >|live_settings/

/** How long a result is delayed, as between two machines. So statements that are sent without waiting show. */
const LATENCY_MILLISECONDS = 10

/** Starts the proxy in front of the database of this URL, which is on 127.0.0.1. */
export async function countRoundTrips(url: string): Promise<Counter> {
  const through = new URL(url)
  const target = Number(through.port)
  const sockets = new Set<Socket>()
  let traffic = nothing()
  let waiting = 0

  function join(near: Socket): void {
    const far = connect(target, '127.0.0.1')
    let counted = false
    listen(near, far, createSplitter('client'), (messages, piece) => {
      far.write(piece)
      for (const [type, message] of messages) {
        if (type === 'X') continue // Terminate
        if (isWaitedFor(type)) waiting++
        note(type, message)
      }
    })
    const note = createReader((text) => {
      if (inBackground.test(text)) return
      if (!counted) traffic.roundTrips++
      counted = true
      traffic.statements.push(text)
    })
    let state = 'I'
    listen(far, near, createSplitter('server'), async (messages, piece) => {
      await setTimeout(LATENCY_MILLISECONDS)
      near.write(piece)
      counted = false
      for (const [type, message] of messages) {
        if (type !== 'Z') continue
        const next = String.fromCharCode(message[5]!)
        if (state === 'I' && next === 'T') traffic.transactions++
        state = next
        waiting--
      }
    })
  }

  function listen(socket: Socket, other: Socket, split: Split, hear: Hear): void {
    sockets.add(socket.setNoDelay())
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
    socket.on('data', (piece: Buffer) => {
      hear(
        split(piece).map((message) => [String.fromCharCode(message[0]!), message]),
        piece,
      )
    })
  }

  const proxy = createServer(join).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  through.port = String((proxy.address() as AddressInfo).port)
  return {
    url: through.href,
    async during(work) {
      traffic = nothing()
      await work()
      while (waiting > 0) await setTimeout(LATENCY_MILLISECONDS)
      return traffic
    },
    close() {
      proxy.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

type Split = ReturnType<typeof createSplitter>
/** The messages, with their types, that end in this piece of the stream. */
type Hear = (messages: [type: string, message: Buffer][], piece: Buffer) => void

/** The messages that a ReadyForQuery answers: the start-up (which has no type), Query and Sync. */
const isWaitedFor = (type: string) => ['\0', 'Q', 'S'].includes(type)

const nothing = (): Traffic => ({ statements: [], roundTrips: 0, transactions: 0 })

/** Reports the text of every statement that is executed, prepared or not. */
function createReader(tell: (text: string) => void): (type: string, message: Buffer) => void {
  const prepared = new Map<string, string>()
  let bound = ''
  return (type, message) => {
    const [first, second] = textsOf(message)
    if (type === 'Q') tell(first!)
    else if (type === 'P') prepared.set(first!, second!)
    else if (type === 'B') bound = prepared.get(second!)!
    else if (type === 'E') tell(bound)
  }
}
