// The engine that the tests of this run keep guests in: SQLite, or PostgreSQL where the project says so.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { openFile } from '../../server/store/sqlite/file.ts'
import { databaseUrl, databaseWithTables, temporaryDatabase } from './database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    engine: 'sqlite' | 'postgres'
  }
}

export const engine = inject('engine')

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guestkey-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store of the test's own with nothing in it, as `guestkey({ store })` takes it: a file, or a database's URL. */
export async function temporaryStore(): Promise<string> {
  return engine === 'postgres' ? temporaryDatabase() : join(temporaryFolder(), 'guestkey.db')
}

/** The same with our tables in it, as a first start leaves it: whoever opens it has less to do. */
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

/** What a service keeps its guests in: a folder of its own and, on PostgreSQL, a database. */
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
