// The SQL of a sign-in by the host, a recovery code, a device key or a device link.

import type { ProofSignInOutcome, SignInProof } from '../../store.ts'
import { insertNotes, insertSpent, lockGuest, numberOrNull } from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import { nothing, noWrites, type Row, type Statement, type Steps, sql, type Writes } from '../statement.ts'
import { findWayBack, toRecoverability } from '../way-back.ts'
import { writeSignIn } from './complete-sign-in.ts'
import { findApproved } from './device-links.ts'
import { countCodes } from './recovery-codes.ts'
import { countSessions, deleteSession, findSessionState, sessionIdOf } from './session-state.ts'

export const signInWrites = {
  *signInByProof({
    proof,
    from,
    to,
    maxSessions,
    now,
    retained,
    merge,
    notes,
    restored,
  }): Steps<ProofSignInOutcome> {
    const { anonymousId } = to
    const [[guest], [found], [spent], [others]] = yield [
      lockGuest(anonymousId),
      findProof(proof, now),
      'spent' in proof ? sql('SELECT result FROM spent WHERE id = ?', proof.spent.id) : nothing,
      countSessions(to, from),
    ]
    if (!guest) return noWrites({ outcome: 'unknown' })
    if (spent || !isGood(proof, found, anonymousId)) return noWrites({ outcome: 'refused' })
    if (guest.stage === 'merged') return noWrites({ outcome: 'merged' })
    // The last session that this key began is replaced: its browser is the one that signs in now.
    const before = found?.last_used_at ? found : undefined
    const isCounted = before?.alive && before.session_id !== (from && sessionIdOf(from))
    const left = Number(others!.n) - Number(isCounted ?? 0)
    if (left >= maxSessions) return noWrites({ outcome: 'too_many_sessions' })
    // The way back is read after the proof is used up: the recovery code may have been the last one.
    const used = useProof(proof, to.id, now)
    const isByCode = proof.by === 'recovery_code'
    const after = yield [...used, findWayBack(anonymousId), isByCode ? countCodes(anonymousId) : nothing]
    const [[wayBack] = [], [codes] = []] = after.slice(used.length)
    const recoverability = toRecoverability(wayBack)
    const codesLeft = Number(codes?.n)
    const promised = retainedWith(retained, recoverability, guest.promoted_at)
    const arrival = yield* writeSignIn(guest, { from, to, merge, notes, restored: restored[recoverability] })
    return {
      statements: [
        seeGuest(anonymousId, now, promised),
        ...(before ? [deleteSession(anonymousId, before.session_id as string)] : []),
        ...arrival.statements,
        ...(isByCode ? insertNotes(proof.used[codesLeft] ?? []) : []),
      ],
      outcome: () => ({
        outcome: 'signed_in',
        restored: arrival.restored,
        mergeable: arrival.mergeable,
        recoverability,
        ...(isByCode && { codesLeft }),
        label: guest.label as string,
        collection: guest.collection as string,
        guestExpiresAt: promised.expiresAt,
        promotedAt: numberOrNull(guest.promoted_at),
      }),
      trace: findSessionState({ kind: 'stored', ...to }),
      foundEnded: before?.session_id === anonymousId ? anonymousId : arrival.foundEnded,
    }
  },
} satisfies Partial<Writes>

/** Finds the row that a valid proof needs. */
function findProof(proof: SignInProof, now: number): Statement {
  switch (proof.by) {
    case 'host':
      return nothing
    case 'recovery_code':
      return sql('SELECT anonymous_id FROM recovery_codes WHERE id = ?', proof.id)
    case 'device_key':
      return sql(
        `SELECT anonymous_id, session_id, last_used_at, (SELECT 1 FROM sessions s WHERE s.anonymous_id = d.anonymous_id
          AND s.id = d.session_id AND s.expires_at > ?) AS alive FROM device_keys d WHERE id = ?`,
        now,
        proof.id,
      )
    case 'device_link':
      return findApproved(proof.id, now)
  }
}

const isGood = (proof: SignInProof, found: Row | undefined, anonymousId: string): boolean =>
  proof.by === 'host' || found?.anonymous_id === anonymousId

/** Uses up the proof. */
function useProof(proof: SignInProof, sessionId: string, now: number): Statement[] {
  switch (proof.by) {
    case 'host':
      return []
    case 'recovery_code':
      return [sql('DELETE FROM recovery_codes WHERE id = ?', proof.id)]
    case 'device_key':
      return [
        sql('UPDATE device_keys SET last_used_at = ?, session_id = ? WHERE id = ?', now, sessionId, proof.id),
        insertSpent(proof.spent, sessionId),
      ]
    case 'device_link':
      return [sql(`UPDATE device_links SET status = 'done', result = ? WHERE id = ?`, sessionId, proof.id)]
  }
}
