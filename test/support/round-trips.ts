// Counts what an app asks of PostgreSQL, and how often it waits for it: a proxy between the two.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { createSplitter, textsOf } from './postgres-messages.ts'

export type Traffic = {
  /** The texts of the statements, in their order. */
  statements: string[]
  /** How often it waited: for the answers to whatever it had sent by then. */
  roundTrips: number
  /** How many it began by BEGIN; a statement by itself is none. */
  transactions: number
}

export type Counter = {
  /** The database's URL through the proxy. */
  url: string
  /** What went through during this work, and what it left to be answered behind it. */
  during: (work: () => Promise<unknown>) => Promise<Traffic>
  close: () => void
}

/** What a node asks by itself, many times a second and for no request: which sealed sessions have ended. */
const inBackground = /ended_at >/

/** Answers are on their way for so long, as between two machines: what is sent without waiting for them shows. */
const LATENCY_MILLISECONDS = 10

/** Counts between here and the database of this URL, which is on 127.0.0.1. */
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
        if (type === 'X') continue // it ends
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
/** Messages with their types, which end in this piece of the stream. */
type Hear = (messages: [type: string, message: Buffer][], piece: Buffer) => void

/** What a ReadyForQuery answers: the start-up, which has no type, a Query and a Sync. */
const isWaitedFor = (type: string) => ['\0', 'Q', 'S'].includes(type)

const nothing = (): Traffic => ({ statements: [], roundTrips: 0, transactions: 0 })

/** Tells of every statement that is executed, by its text, whether it was prepared or not. */
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
