// A line to PostgreSQL that the test controls: it can cut it, hold it up, lead it to another server, or cut one message.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { createSplitter } from './postgres-messages.ts'

export type Wire = {
  port: number
  /** The SQLSTATE of every error that the server has reported. */
  errors: string[]
  /** The URL that reaches a database through this line. */
  through: (url: string) => string
  /** Leads the line to another server, like a virtual address that moves, or to none. Cuts all connections. */
  leadTo: (port: number | undefined) => void
  /** Until `release`, nothing gets through in either direction, but no connection is cut. */
  hold: () => void
  release: () => void
  /**
   * Cuts a connection once, when this text first comes. The text is a query, which then never arrives (`asked`), or a
   * command tag, so that the result never arrives (`done`). Resolves when the connection is cut.
   */
  cutAt: (message: Message) => Promise<void>
  /** The same, but holds up the whole line at that message until `release`. */
  holdAt: (message: Message) => Promise<void>
}

type Message = { asked: RegExp } | { done: RegExp }
type Pair = { near: Socket; far: Socket }
type Trap = {
  direction: 'to' | 'from'
  matches: (frame: Buffer) => boolean
  act: 'cut' | 'hold'
  sprung: () => void
}

/** Leads to this port of 127.0.0.1 until the test ends. */
export async function startWire(target: number): Promise<Wire> {
  const pairs = new Set<Pair>()
  let far: number | undefined = target
  let held = false
  let trap: Trap | undefined
  const errors: string[] = []

  const server = createServer((near) => join(near))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  function join(near: Socket): void {
    if (far === undefined) return void near.resetAndDestroy()
    const pair = { near: near.setNoDelay(), far: connect(far, '127.0.0.1').setNoDelay() }
    pairs.add(pair)
    for (const socket of [pair.near, pair.far]) {
      socket.on('error', () => {}).on('close', () => cut(pair))
      if (held) socket.pause()
    }
    pass(pair, 'to', createSplitter('client'))
    pass(pair, 'from', createSplitter('server'))
  }

  function pass(pair: Pair, direction: Trap['direction'], split: (chunk: Buffer) => Buffer[]): void {
    const [source, sink] = direction === 'to' ? [pair.near, pair.far] : [pair.far, pair.near]
    source.on('data', (chunk: Buffer) => {
      for (const frame of split(chunk)) {
        if (trap?.direction === direction && trap.matches(frame)) {
          const { act, sprung } = trap
          trap = undefined
          sprung()
          if (act === 'cut') return cut(pair)
          hold(true)
          sink.cork() // until the line is released, with everything that comes after
        }
        if (direction === 'from' && frame[0] === ERROR) errors.push(sqlState(frame))
        sink.write(frame)
      }
    })
  }

  function cut(pair: Pair): void {
    pairs.delete(pair)
    pair.far.destroy()
    pair.near.destroy()
  }

  function cutAll(): void {
    for (const pair of pairs) cut(pair)
  }

  function hold(yes: boolean): void {
    held = yes
    for (const socket of [...pairs].flatMap(({ near, far }) => [near, far])) {
      if (yes) socket.pause()
      else socket.resume().uncork()
    }
  }

  const setTrap = (act: Trap['act'], message: Message) =>
    new Promise<void>((sprung) => {
      trap =
        'asked' in message
          ? { direction: 'to', matches: named('Q', message.asked), act, sprung }
          : { direction: 'from', matches: named('C', message.done), act, sprung }
    })

  onTestFinished(() => {
    server.close()
    cutAll()
  })
  return {
    ...{ port, errors },
    through(url) {
      const through = new URL(url)
      through.port = String(port)
      return through.href
    },
    leadTo(next) {
      far = next
      cutAll()
    },
    hold: () => hold(true),
    release: () => hold(false),
    cutAt: (message) => setTrap('cut', message),
    holdAt: (message) => setTrap('hold', message),
  }
}

/** Query and CommandComplete contain one text (PostgreSQL, 54.7). */
const named = (type: string, pattern: RegExp) => (frame: Buffer) =>
  frame[0] === type.charCodeAt(0) && pattern.test(frame.toString('utf8', 5, frame.length - 1))

const ERROR = 'E'.charCodeAt(0)
/** The fields of ErrorResponse are a letter and a text each; C is the SQLSTATE (PostgreSQL, 54.8). */
const sqlState = (frame: Buffer) => /\0C(\w{5})\0/.exec(frame.toString('latin1'))![1]!
