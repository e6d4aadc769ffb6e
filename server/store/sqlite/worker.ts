// The only writer of the SQLite file, in its own thread, so that neither a disk flush nor another process's lock blocks
// the event loop. Verbs that arrive together share one durable commit. When idle, the writer moves the log (WAL) into
// the file, and after an erasure it empties the log. The thread has one file open at a time.

import { parentPort } from 'node:worker_threads'
import { verbOf, type Write } from '../sql/acting.ts'
import { type Done, runVerb } from '../sql/statement.ts'
import { createExecute, reopenFile } from './file.ts'
import { emptyLog, moveLog } from './log.ts'
import { refuseOthers } from './place.ts'
import { mark } from './stray-log.ts'

/**
 * `tryWriting` changes nothing that anybody asks for, and commits as every other one does. Its input is a write to try
 * and to undo, or undefined.
 */
export type WriteRequest = Write | { verb: 'tryWriting'; input: Write | undefined }
/** `lockMilliseconds`: how long the batch may wait for another process's lock. */
export type Batch = { requests: WriteRequest[]; lockMilliseconds: number }
export type WriteReply = { done: Done<unknown> } | { failure: { message: string; code: string | undefined } }
/** `place`: which files were at the path when the store was opened. */
export type Opening = { file: string; place: string; busyMilliseconds: number }

/** How long nothing is written before the log is moved. */
const LOG_IDLE_MILLISECONDS = 2

/** The log still has the pages from before these verbs, with what they deleted. */
const erases: ReadonlySet<WriteRequest['verb']> = new Set(['eraseGuest', 'eraseGuests'])

/** Opens the file for writing. `commit` runs the verbs of a batch in one transaction. */
function openForWriting({ file, place, busyMilliseconds }: Opening) {
  refuseOthers(file, place)
  const db = reopenFile(file, busyMilliseconds)
  const execute = createExecute(db)
  const doVerb = (write: Write) => runVerb(verbOf(write), execute)

  const undone = new Error('done, and to be undone')
  const doAndUndo = db.transaction((write: Write) => {
    doVerb(write)
    throw undone
  })

  function tryWriting(write: Write | undefined): Done<unknown> {
    try {
      if (write) doAndUndo(write)
    } catch (error) {
      if (error !== undone) throw error
    }
    return { result: mark(db), events: [] }
  }

  const run = (request: WriteRequest): Done<unknown> =>
    request.verb === 'tryWriting' ? tryWriting(request.input) : doVerb(request)

  /** Within the batch each verb has a savepoint: one that fails undoes only itself. */
  const runAlone = db.transaction(run)

  const changes = db.prepare<[], number>('SELECT total_changes()').pluck()

  const runBatch = db.transaction((requests: WriteRequest[]) => {
    const before = changes.get()
    const replies = requests.map((request): WriteReply => {
      try {
        return { done: runAlone(request) }
      } catch (error) {
        if (!db.inTransaction) throw error // SQLite undid the whole batch, for example on a full disk
        return failure(error)
      }
    })
    if (changes.get() !== before) mark(db) // what changes nothing is not written
    return replies
  }).immediate

  let idle: NodeJS.Timeout | undefined
  let mustEmpty = false

  function tidyLog(): void {
    if (mustEmpty && emptyLog(db)) mustEmpty = false
    else moveLog(db)
  }

  return {
    commit({ requests, lockMilliseconds }: Batch): WriteReply[] {
      clearTimeout(idle)
      idle = setTimeout(tidyLog, LOG_IDLE_MILLISECONDS)
      mustEmpty ||= requests.some(({ verb }) => erases.has(verb))
      try {
        db.pragma(`busy_timeout = ${lockMilliseconds}`)
        const replies = runBatch(requests)
        refuseOthers(file, place) // what was committed to a file that nobody finds again is not acknowledged
        return replies
      } catch (error) {
        return requests.map(() => failure(error))
      }
    },
    close(): void {
      clearTimeout(idle)
      emptyLog(db) // SQLite removes it only if no other process has the file open
      db.close()
    },
  }
}

const failure = (error: unknown): WriteReply => ({
  failure: { message: String(error), code: (error as { code?: string }).code },
})

let writing: ReturnType<typeof openForWriting>

// An error that is thrown here ends the thread: the event loop's side sees it, and starts another one.
parentPort!.on('message', (message: Opening | Batch | 'close') => {
  if (message === 'close') {
    writing.close()
    parentPort!.postMessage('closed')
  } else if ('requests' in message) parentPort!.postMessage(writing.commit(message))
  else writing = openForWriting(message)
})
