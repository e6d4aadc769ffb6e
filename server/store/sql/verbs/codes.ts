// The SQL of codes that prove login IDs: sent, checked and spent. Also of the other proof, an authorization code.

import type { CodeOutcome, LoginProof, UsedOutcome } from '../../store.ts'
import { insertSpent } from '../rows.ts'
import {
  type Ask,
  ask,
  insert,
  noWrites,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'

export const codeReads = {
  isRightCode: ({ id, code, now }) => ask(sql(codeText, id), ([sent]) => !refuseCode(sent, code, now)),
} satisfies Partial<Reads>

export const codeWrites = {
  *addCode({ code, limits, now }): Steps<{ retryAt: number } | undefined> {
    const found = yield limits.map(({ id }) => ({
      ...sql('SELECT used, expires_at FROM limits WHERE id = ?', id),
      lock: true as const,
    }))
    const reached = limits.flatMap(({ most }, i) => {
      const [row] = found[i]!
      return row && Number(row.expires_at) > now && Number(row.used) >= most ? [Number(row.expires_at)] : []
    })
    if (reached.length > 0) return noWrites({ retryAt: Math.max(...reached) })
    return {
      statements: [
        ...limits.map(({ id, until }, i) => {
          const [row] = found[i]!
          // If another process inserts the same row first, this fails as a duplicate and the verb starts again.
          if (!row) return insert('limits', { id, used: 1, expires_at: until })
          const goesOn = Number(row.expires_at) > now
          return sql(
            'UPDATE limits SET used = ?, expires_at = ? WHERE id = ?',
            goesOn ? Number(row.used) + 1 : 1,
            goesOn ? Number(row.expires_at) : until,
            id,
          )
        }),
        insert('codes', {
          id: code.id,
          code: code.code,
          tries_left: code.triesLeft,
          expires_at: code.expiresAt,
        }),
      ],
      outcome: () => undefined,
    }
  },

  *spendCode({ id, code, now }): Steps<'right' | CodeOutcome> {
    const [[sent]] = yield [findCode(id)]
    const outcome = refuseCode(sent, code, now)
    if (outcome) return { statements: [countAttempt(id)], outcome: () => outcome }
    return { statements: [useLoginProof({ id, code }, null)], outcome: () => 'right' }
  },
} satisfies Partial<Writes>

const codeText = 'SELECT code, tries_left, expires_at FROM codes WHERE id = ?'

/** Locks the code, so that attempts at once wait for each other and each one counts. */
const findCode = (id: string): Statement => ({ ...sql(codeText, id), lock: true })

export const findLoginProof = (proof: LoginProof): Statement =>
  'spent' in proof ? sql('SELECT result FROM spent WHERE id = ?', proof.spent.id) : findCode(proof.id)

export const useLoginProof = (proof: LoginProof, sessionId: string | null): Statement =>
  'spent' in proof ? insertSpent(proof.spent, sessionId) : sql('DELETE FROM codes WHERE id = ?', proof.id)

function refuseCode(sent: Row | undefined, code: string, now: number): CodeOutcome | undefined {
  if (!sent || Number(sent.expires_at) <= now || Number(sent.tries_left) <= 0) return 'dead_code'
  return sent.code === code ? undefined : 'wrong_code'
}

/** Refuses an invalid proof; undefined if it is valid. A wrong code counts as an attempt, which is committed. */
export function refuseLoginProof(
  proof: LoginProof,
  found: Row | undefined,
  now: number,
): Ask<{ outcome: CodeOutcome } | UsedOutcome> | undefined {
  if ('spent' in proof) {
    return found && noWrites({ outcome: 'used', sessionId: found.result as string | null })
  }
  const outcome = refuseCode(found, proof.code, now)
  return outcome && { statements: [countAttempt(proof.id)], outcome: () => ({ outcome }) }
}

const countAttempt = (id: string) =>
  sql('UPDATE codes SET tries_left = tries_left - 1 WHERE id = ? AND tries_left > 0', id)
