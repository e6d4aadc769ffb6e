// What the errors of PostgreSQL mean for the store, and what an operator can do about them (PostgreSQL, Appendix A).

import type { Verdict } from '../readiness.ts'

/** Each SQLSTATE, or the class that it begins with. */
const advice: [string, string][] = [
  ['53100', 'the disk of the database server is full: free some space there'],
  ['25006', 'the database is read-only: connect to the primary, or end what made it read-only'],
  ['42501', 'let the account of DATABASE_URL read and write the tables, or give them to it'],
  ['42P01', 'a table is missing: restore a backup'],
  [
    '57014',
    'it took too long: look for what holds locks in pg_stat_activity, and for a standby that is gone',
  ],
  ['58', 'the database server had an error of its system: look into its log'],
  ['XX', 'the database may be damaged: look into the log of the server, and restore a backup if it is'],
]

const stateOf = (cause: unknown): string => String((cause as { code?: unknown } | undefined)?.code ?? '')

/** The error with what to do about it. */
export function withAdvice(cause: unknown): unknown {
  const found = advice.find(([start]) => stateOf(cause).startsWith(start))
  if (!found) return cause
  const { message } = cause as Error
  return Object.assign(new Error(`${message}; ${found[1]}`, { cause }), { code: stateOf(cause) })
}

/** Data, a constraint or a limit (22, 23, 54) may refuse one input; a conflict (40) passes. The rest is a fault. */
export function verdictOn(error: unknown): Verdict {
  const { cause } = error as { cause?: unknown }
  const isOurs = cause instanceof TypeError || cause instanceof RangeError
  return isOurs || /^(22|23|40|54)/.test(stateOf(cause)) ? 'refused' : 'broken'
}
