// Imported before a program by NODE_OPTIONS, so that worker threads import it too. It prints the settings of each SQLite
// connection when that closes.

import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import Database from 'better-sqlite3'

const { close } = Database.prototype
Database.prototype.close = function (this: Database.Database) {
  const set = (name: string) => this.pragma(name, { simple: true })
  const told = {
    thread: isMainThread ? 'main' : 'writer',
    journal_mode: set('journal_mode'),
    synchronous: set('synchronous'),
    foreign_keys: set('foreign_keys'),
    temp_store: set('temp_store'),
    secure_delete: set('secure_delete'),
  }
  writeSync(2, `${JSON.stringify(told)}\n`)
  return close.call(this)
}
