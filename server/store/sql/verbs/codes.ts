// The SQL of codes that prove login IDs: sent, checked and spent. Also of the other proof, an authorization code.

import { type CodeFacts, type LoginProofFacts, refuseCode } from '../../../rules/login-proof.ts'
import type { CodeOutcome, LoginProof } from '../../store.ts'
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
  isSpent: ({ id }) => ask(sql('SELECT 1 FROM spent WHERE id = ?', id), ([row]) => row !== undefined),
  isRightCode: ({ id, code, now }) =>
    ask(sql(codeText, id), ([sent]) => !refuseCode(codeFacts(sent, code, now))),

  findSpent: ({ id, now }) =>
    ask(
      sql('SELECT result FROM spent WHERE id = ? AND expires_at > ?', id, now),
      ([row]) => (row?.result as string | null | undefined) ?? undefined,
    ),
} satisfies Partial<Reads>

export const codeWrites = {
  *addCode({ code, limits: given, now }): Steps<{ retryAt: number } | undefined> {
    // In the order of their ids: two nodes whose secrets differ would otherwise lock the same rows in another order each.
    const limits = given.toSorted((a, b) => (a.id < b.id ? -1 : 1))
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
    const outcome = refuseCode(codeFacts(sent, code, now))
    if (outcome) return { statements: [countAttempt(id)], outcome: () => outcome }
    return { statements: [useLoginProof({ id, code }, null)], outcome: () => 'right' }
  },

  *spendOnce({ result, ...spent }): Steps<boolean> {
    const [[earlier]] = yield [findLoginProof({ spent })]
    if (earlier) return noWrites(false)
    // If another request inserts the same row first, this fails as a duplicate and the verb starts again.
    return { statements: [insertSpent(spent, result ?? null)], outcome: () => true }
  },
} satisfies Partial<Writes>

const codeText = 'SELECT code, tries_left, expires_at FROM codes WHERE id = ?'

/** Locks the code, so that attempts at once wait for each other and each one counts. */
const findCode = (id: string): Statement => ({ ...sql(codeText, id), lock: true })

export const findLoginProof = (proof: LoginProof): Statement =>
  'spent' in proof ? sql('SELECT result FROM spent WHERE id = ?', proof.spent.id) : findCode(proof.id)

export const useLoginProof = (proof: LoginProof, sessionId: string | null): Statement =>
  'spent' in proof ? insertSpent(proof.spent, sessionId) : sql('DELETE FROM codes WHERE id = ?', proof.id)

/** What the rules need to know about a code: it is right, wrong or dead. */
const codeFacts = (sent: Row | undefined, given: string, now: number): CodeFacts => ({
  given,
  sent: sent && {
    code: sent.code as string,
    triesLeft: Number(sent.tries_left),
    expiresAt: Number(sent.expires_at),
  },
  now,
})

/** What the rules need to know about a proof. `found`: the row that `findLoginProof` found. */
export const loginProofFacts = (proof: LoginProof, found: Row | undefined, now: number): LoginProofFacts =>
  'spent' in proof
    ? { kind: 'authorization_code', use: found && { sessionId: found.result as string | null } }
    : { kind: 'code', ...codeFacts(found, proof.code, now) }

/** Refuses, and writes nothing; but a wrong code counts as an attempt, which is committed. */
export const refuseWith = <R extends { outcome: string }>(
  proof: LoginProof | undefined,
  refusal: R,
): Ask<R> => {
  const isAttempt = refusal.outcome === 'wrong_code' || refusal.outcome === 'dead_code'
  if (!isAttempt || !proof || 'spent' in proof) return noWrites(refusal)
  return { statements: [countAttempt(proof.id)], outcome: () => refusal }
}

const countAttempt = (id: string) =>
  sql('UPDATE codes SET tries_left = tries_left - 1 WHERE id = ? AND tries_left > 0', id)
