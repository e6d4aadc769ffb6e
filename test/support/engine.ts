// The database engine of this test run: SQLite, or PostgreSQL if the vitest project says so.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openFile } from '../../server/store/sqlite/file.ts'
import { databaseUrl, databaseWithTables, temporaryDatabase } from './database.ts'
import { whenOver } from './when-over.ts'

declare module 'vitest' {
  interface ProvidedContext {
    engine: 'sqlite' | 'postgres'
    /** How test apps mount the endpoints. Default: as the router, in Express. */
    mount?: 'fetch'
  }
}

export const engine = inject('engine')

/** Creates a folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guestkey-test-'))
  whenOver(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An empty store for the test, as `guestkey({ store })` takes it: a file, or the URL of a database. */
export async function temporaryStore(): Promise<string> {
  return engine === 'postgres' ? temporaryDatabase() : join(temporaryFolder(), 'guestkey.db')
}

/** The same with our tables in it, as after a first start, so that it opens faster. */
export async function storeWithTables(): Promise<string> {
  if (engine === 'postgres') return databaseWithTables()
  const file = join(temporaryFolder(), 'guestkey.db')
  writeFileSync(file, fileWithTables(), { mode: 0o600 })
  return file
}

let made: Buffer | undefined

/** A SQLite file with our tables, made once. */
function fileWithTables(): Buffer {
  if (made) return made
  const folder = mkdtempSync(join(tmpdir(), 'guestkey-test-'))
  const file = join(folder, 'guestkey.db')
  openFile(file, 0).close()
  made = readFileSync(file)
  rmSync(folder, { recursive: true })
  return made
}

/** A store that cannot be opened. */
export function brokenStore(): string {
  if (engine === 'postgres') return databaseUrl('not_there')
  const folder = join(temporaryFolder(), 'guestkey.db')
  mkdirSync(folder)
  return folder
}

/** The environment of a service with its own data folder and, on PostgreSQL, its own database. */
export async function temporaryDeployment(): Promise<{
  folder: string
  store: string
  environment: Record<string, string>
}> {
  const folder = temporaryFolder()
  if (engine === 'sqlite') {
    return { folder, store: join(folder, 'guestkey.db'), environment: { GUESTKEY_DATA: folder } }
  }
  const store = await temporaryDatabase()
  return { folder, store, environment: { GUESTKEY_DATA: folder, DATABASE_URL: store } }
}
