// The SQL of a sign-in, whatever proves who the guest is.

import { guestOf } from '../../../rules/guest.ts'
import { byPasskeys, hasPasskey } from '../../../rules/recoverability.ts'
import { decideSignIn, type SignInProofFacts } from '../../../rules/sign-in.ts'
import type { SignInOutcome, SignInProof, Spent } from '../../store.ts'
import { isDisabled } from '../disabled.ts'
import { endWayIn, findWayInOf, notesOfWayIn } from '../end-way-in.ts'
import { noteWith } from '../notes.ts'
import { insertNotes, insertSpent, lockGuest, numberOrNull } from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import { nothing, type Row, type Statement, type Steps, sql, type Writes } from '../statement.ts'
import { findWayBack, toRecoverability } from '../way-back.ts'
import { findLoginProof, loginProofFacts, refuseWith, useLoginProof } from './codes.ts'
import { writeSignIn } from './complete-sign-in.ts'
import { findApproved } from './device-links.ts'
import { findLoginId } from './login-ids.ts'
import { findSpent, passkeysOf } from './passkeys.ts'
import { confirmCodes, countCodes } from './recovery-codes.ts'
import { carriedAmong, countSessions, deleteSession, findSessionState, sessionIdOf } from './session-state.ts'

export const signInWrites = {
  *signInByProof({
    proof,
    from,
    to,
    maxSessions,
    now,
    retained,
    merge,
    ending,
    notes,
    restored,
    used = [],
    wayInEnded,
  }): Steps<SignInOutcome> {
    const { anonymousId } = to
    const isByRecoveryCode = proof.by === 'recovery_code'
    const [[row], [others], found, more, left, [wayBack] = [], [wayIn] = []] = yield [
      lockGuest(anonymousId),
      countSessions(to, from),
      findProof(proof, anonymousId, now),
      findMore(proof),
      from && from.kind !== 'sealed' ? { ...findSessionState(from), lock: true as const } : nothing,
      isByRecoveryCode || proof.by === 'passkey' ? nothing : findWayBack(anonymousId),
      endsWayIn(proof) ? findWayInOf(anonymousId) : nothing,
    ]
    // The last session that this key began is replaced: its browser is the one that signs in now.
    const before = proof.by === 'device_key' && found[0]?.last_used_at ? found[0] : undefined
    const isAlive = Number(before?.session_expires_at) > now
    const isCounted = isAlive && before?.session_id !== (from && sessionIdOf(from))
    const decision = decideSignIn({
      guest: row && { isMerged: row.stage === 'merged', isDisabled: isDisabled(row, now) },
      proof: factsAbout(proof, { anonymousId, found, more, isSaved: isSaved(row, wayBack), now }),
      sessions: Number(others!.n) - Number(isCounted),
      maxSessions,
    })
    if (decision.outcome !== 'signed_in')
      return refuseWith(proof.by === 'code' ? proof.proof : undefined, decision)
    const guest = row!
    const uses = useProof(proof, to.id, now)
    // The recovery code may have been the last one: the way back is read after it is used up.
    const [, , [remaining], [codes]] = isByRecoveryCode
      ? yield [...uses, confirmCodes(anonymousId), findWayBack(anonymousId), countCodes(anonymousId)]
      : [[], [], [wayBack], []]
    const codesLeft = Number(codes?.n)
    const recoverability =
      proof.by === 'passkey'
        ? byPasskeys(...found.map((one) => (isOf(proof, one) ? proof : { backedUp: Boolean(one.backed_up) })))
        : toRecoverability(remaining)
    const promised = retainedWith(retained, recoverability, guest.promoted_at)
    const after = {
      label: guest.label as string,
      collection: guest.collection as string,
      guestExpiresAt: promised.expiresAt,
      promotedAt: numberOrNull(guest.promoted_at),
      recoverability,
    }
    const signedIn = { guest: guestOf({ kind: 'stored', anonymousId, ...after }) }
    const replaced = before && numberOrNull(before.session_expires_at) !== null
    const arrival = yield* writeSignIn(guest, {
      from,
      found: left,
      alsoEnded: replaced ? [{ anonymousId, id: before.session_id as string }] : [],
      to,
      merge,
      ending,
      notes: notes.map((note) => noteWith(note, signedIn)),
      restored: restored.map((note) => noteWith(note, signedIn)),
    })
    const spent = spentBy(proof)
    return {
      statements: [
        seeGuest(anonymousId, now, promised),
        ...(wayIn ? [endWayIn(anonymousId), ...insertNotes(notesOfWayIn(wayInEnded, wayIn, now))] : []),
        ...(isByRecoveryCode ? [] : uses),
        ...(before ? [deleteSession(anonymousId, before.session_id as string)] : []),
        ...arrival.statements,
        ...insertNotes(isByRecoveryCode ? used.map((note) => noteWith(note, { left: codesLeft })) : used),
      ],
      outcome: () => ({
        outcome: 'signed_in',
        restored: arrival.restored,
        mergeable: arrival.mergeable,
        ...(isByRecoveryCode && { codesLeft }),
        ...after,
      }),
      trace: spent ? findSpent(spent.id, to.id) : findSessionState({ kind: 'stored', ...to }),
      foundEnded: (before && carriedAmong(anonymousId, [{ id: before.session_id! }])) ?? arrival.foundEnded,
    }
  },
} satisfies Partial<Writes>

/** Finds what a valid proof needs: its row, or all passkeys of the guest. */
function findProof(proof: SignInProof, anonymousId: string, now: number): Statement {
  switch (proof.by) {
    case 'host':
      return nothing
    case 'recovery_code':
      return sql('SELECT anonymous_id FROM recovery_codes WHERE id = ?', proof.id)
    case 'device_key':
      return sql(
        `SELECT anonymous_id, session_id, last_used_at, (SELECT s.expires_at FROM sessions s
          WHERE s.anonymous_id = d.anonymous_id AND s.id = d.session_id) AS session_expires_at
        FROM device_keys d WHERE id = ?`,
        proof.id,
      )
    case 'device_link':
      // The lock of the guest is not enough: a guest who is kept with the approval had no row when a refusal began.
      return { ...findApproved(proof.id, now), lock: true }
    case 'passkey':
      return passkeysOf(anonymousId)
    case 'code':
      return findLoginProof(proof.proof)
  }
}

/** Finds an earlier use of the challenge that was signed, or the login ID that the code proves. */
function findMore(proof: SignInProof): Statement {
  if (proof.by === 'code') return findLoginId(proof.loginId)
  return 'spent' in proof ? findSpent(proof.spent.id) : nothing
}

const isOf = ({ credentialId }: { credentialId: string }, { credential_id }: Row): boolean =>
  credential_id === credentialId

type Found = { anonymousId: string; found: Row[]; more: Row[]; isSaved: boolean; now: number }

/** Whether the guest has a passkey or a login ID. */
const isSaved = (guest: Row | undefined, wayBack: Row | undefined): boolean =>
  (guest !== undefined && guest.promoted_at !== null) || hasPasskey(toRecoverability(wayBack))

/** What the rules need to know about a proof. */
function factsAbout(proof: SignInProof, { anonymousId, found, more, isSaved, now }: Found): SignInProofFacts {
  const isMine = (one: Row | undefined) => one?.anonymous_id === anonymousId
  switch (proof.by) {
    case 'host':
      return { by: proof.by, isTaken: !(proof.onlyUnsaved && isSaved) }
    case 'recovery_code':
    case 'device_link':
      return { by: proof.by, isOfGuest: isMine(found[0]) }
    case 'device_key':
      return { by: proof.by, isOfGuest: isMine(found[0]), isSpent: more.length > 0 }
    case 'passkey': {
      const passkey = found.find((one) => isOf(proof, one))
      const known = passkey && { signCount: Number(passkey.sign_count) }
      return { by: proof.by, isSpent: more.length > 0, signCount: proof.signCount, known }
    }
    case 'code': {
      const facts = loginProofFacts(proof.proof, found[0], now)
      return { by: proof.by, proof: facts, isOfGuest: isMine(more[0]) }
    }
  }
}

/** Whoever comes in by what it keeps itself has not lost everything. */
const endsWayIn = ({ by }: SignInProof): boolean =>
  by === 'passkey' || by === 'recovery_code' || by === 'code'

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
    case 'passkey':
      return [
        sql(
          'UPDATE passkeys SET sign_count = ?, backed_up = ?, last_used_at = ? WHERE credential_id = ?',
          proof.signCount,
          Number(proof.backedUp),
          now,
          proof.credentialId,
        ),
        insertSpent(proof.spent, sessionId),
      ]
    case 'code':
      return [useLoginProof(proof.proof, sessionId)]
  }
}

/** What only this proof may use, which tells whether the sign-in was written. */
function spentBy(proof: SignInProof): Spent | undefined {
  const by = proof.by === 'code' ? proof.proof : proof
  return 'spent' in by ? by.spent : undefined
}
