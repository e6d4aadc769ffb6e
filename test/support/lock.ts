import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'

/** Takes the write lock of the file, as another process would, until it is released. */
export function holdLock(file: string): () => void {
  const db = new Database(file)
  onTestFinished(() => void db.close())
  db.exec('BEGIN IMMEDIATE')
  return () => void db.exec('ROLLBACK')
}
