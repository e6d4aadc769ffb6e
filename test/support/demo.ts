// The demo as a host: the notes app on a real port, with a clock that the test moves.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type GuestKey, guestkey } from '../../server/index.ts'
import { notesApp } from '../../server/service/demo/notes-app.ts'
import { type Clock, createClock } from './app.ts'
import { temporaryDeployment } from './engine.ts'
import { countRows } from './tables.ts'

export type Demo = {
  origin: string
  guests: GuestKey
  clock: Clock
  rows: () => Promise<Record<string, number>>
  /** How many notes the host has, for all guests together. */
  notes: () => number
  /** The rows of the notes in the host's database, as text. */
  written: () => string[]
}

/** Starts the demo on a free port of localhost. It stops when the test ends. */
export async function startDemo(): Promise<Demo> {
  const { folder, store } = await temporaryDeployment()
  const databaseFile = join(folder, 'notes.db')
  const demo = notesApp(databaseFile)
  const clock = createClock()
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const guests = guestkey({ ...demo.options, origin, store, now: clock.now, logger: silent })
  server.on('request', demo.serve(guests))
  await guests.ready()
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await guests.close()
  })
  const written = () => readNotes(databaseFile)
  return { origin, guests, clock, rows: () => countRows(store), notes: () => written().length, written }
}

function readNotes(databaseFile: string): string[] {
  const database = new Database(databaseFile, { readonly: true })
  const rows = database.prepare('SELECT * FROM notes').all()
  database.close()
  return rows.map((row) => JSON.stringify(row))
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }
