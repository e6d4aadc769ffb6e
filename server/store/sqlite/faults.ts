// What the errors of SQLite mean for the store, and what an operator can do about them.

import type { Verdict } from '../readiness.ts'

/** Each error code and those that begin with it (https://sqlite.org/rescode.html). */
const advice: [string, string][] = [
  ['SQLITE_FULL', 'the disk is full: free some space on it'],
  ['SQLITE_READONLY', 'let the account of the service write to the file and its folder'],
  ['SQLITE_CANTOPEN', 'let the account of the service write to the folder, and make files in it'],
  [
    'SQLITE_IOERR',
    'the disk refuses it: look for its errors in the log of the system, and whether it is full',
  ],
  ['SQLITE_CORRUPT', 'the file is damaged: stop the service and run guestkey restore <backup>'],
  ['SQLITE_NOTADB', 'the file is damaged: stop the service and run guestkey restore <backup>'],
  ['SQLITE_BUSY', 'another process holds the lock: end what writes to the file, such as a forgotten shell'],
]

/** What SQLite says about a write that failed, and what to do. */
export function inWords(message: string, code = ''): string {
  const found = advice.find(([start]) => code.startsWith(start))
  return found ? `${message}; ${found[1]}` : message
}

/** The store fails with `unavailable`; its `reason` names SQLite's code. One without a code is a fault of ours. */
export function verdictOn(error: unknown): Verdict {
  const { reason = '', cause } = error as { reason?: string; cause?: { name?: string } }
  if (/: SQLITE_BUSY/.test(reason)) return 'busy'
  const isOfInput = /: (undefined|SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE))/.test(reason)
  return isOfInput || cause?.name === 'DataCloneError' ? 'refused' : 'broken'
}
