// P: better-auth with its anonymous and passkey plugins on Express, from the folder where the bench installed it.

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import express from 'express'
import { listen } from './listen.ts'

const { resolve } = createRequire(process.env.BENCH_PEER!)
const load = (name: string) => import(pathToFileURL(resolve(name)).href)
const [{ betterAuth }, { anonymous }, { passkey }, { toNodeHandler }, { getMigrations }] = await Promise.all([
  load('better-auth'),
  load('better-auth/plugins'),
  load('@better-auth/passkey'),
  load('better-auth/node'),
  load('better-auth/db/migration'),
])

const database = new Database(process.env.BENCH_DATABASE!)
// The same pragmas as for F. They are faster than SQLite's default, which better-auth does not change.
database.pragma('journal_mode = WAL')
database.pragma('synchronous = NORMAL')

const options = {
  baseURL: process.env.BENCH_ORIGIN,
  secret: process.env.BENCH_SECRET,
  database,
  plugins: [anonymous(), passkey()],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
}
await (await getMigrations(options)).runMigrations()

const app = express()
app.all('/api/auth/{*any}', toNodeHandler(betterAuth(options)))
listen(app)
