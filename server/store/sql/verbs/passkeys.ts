// The SQL of passkeys: registration, and how they are listed, renamed and removed. A sign-in is in sign-in.ts.

import { decideRegistration } from '../../../rules/registration.ts'
import type { RegistrationOutcome } from '../../store.ts'
import { toWhoIs, whoIs } from '../about-guest.ts'
import {
  insertGuest,
  insertNotes,
  insertPasskey,
  insertSpent,
  joinSnoozes,
  lockGuest,
  numberOrNull,
  passkeyColumns,
  toPasskeyRow,
} from '../rows.ts'
import { learnGuest, retainedWith, seeGuest } from '../seen.ts'
import {
  ask,
  nothing,
  noWrites,
  type Reads,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findConfirmedCode } from '../way-back.ts'
import { deviceKeyIdsOf } from './device-keys.ts'
import { endByFirst, replaceSessions } from './first-credential.ts'
import { countCodes } from './recovery-codes.ts'
import { insertEnd } from './sealed-ends.ts'
import { findSessionState, hasEnded } from './session-state.ts'

export const passkeyReads = {
  listPasskeys: ({ anonymousId }) =>
    ask(
      sql(
        `SELECT ${passkeyColumns} FROM passkeys WHERE anonymous_id = ? ORDER BY created_at, credential_id`,
        anonymousId,
      ),
      (rows) => rows.map(toPasskeyRow),
    ),
  findPasskey: ({ credentialId }) =>
    ask(
      sql(
        `SELECT ${passkeyColumns}, ${whoIs('p.anonymous_id')},
          (SELECT g.user_handle FROM guests g WHERE g.anonymous_id = p.anonymous_id) AS user_handle
        FROM passkeys p WHERE p.credential_id = ?`,
        credentialId,
      ),
      ([row]) => row && { ...toPasskeyRow(row), ...toWhoIs(row), userHandle: row.user_handle as string },
    ),
} satisfies Partial<Reads>

export const passkeyWrites = {
  *registerPasskey({
    guest,
    passkey,
    snoozes,
    from,
    to,
    spent,
    maxPasskeys,
    retained,
    revocation,
    ending,
    wayInEnded,
    notes,
  }): Steps<RegistrationOutcome> {
    // There may be no guest to lock yet, so another node can write between these reads, and only the later ones see it.
    // The spent challenge is therefore read after what refuses: a repeated registration is recognised, not refused.
    const [[known], [taken], found, [earlier], passkeys, [codes] = []] = yield [
      lockGuest(guest.anonymousId),
      sql('SELECT 1 AS taken FROM passkeys WHERE credential_id = ?', passkey.credentialId),
      from ? findSessionState(from) : nothing,
      findSpent(spent.id),
      passkeysOf(guest.anonymousId),
      countCodes(guest.anonymousId),
    ]
    const decision = decideRegistration({
      session: from && { kind: from.kind, hasEnded: hasEnded(from, found) },
      isKept: known !== undefined,
      usedFor: earlier && (earlier.result as string | null),
      isTaken: taken !== undefined,
      passkeys: passkeys.map((one) => ({
        credentialId: one.credential_id as string,
        backedUp: Boolean(one.backed_up),
      })),
      maxPasskeys,
      backedUp: passkey.backedUp,
    })
    if (decision.outcome !== 'added') {
      const isOver = decision.outcome === 'repeated' || decision.outcome === 'session_ended'
      return {
        ...noWrites(decision),
        foundEnded: isOver && from?.kind === 'sealed' ? from.anonymousId : undefined,
      }
    }
    const { first, keeps, ends } = decision
    const { anonymousId } = guest
    const promised = retainedWith(retained, decision.recoverability, known?.promoted_at)
    const sealed = from?.kind === 'sealed'
    const now = passkey.createdAt
    const revoked = yield* endByFirst(anonymousId, ends, { revocation, ending, wayInEnded, sealed, now })
    const kept = keeps ? notes.kept : []
    return {
      statements: [
        keeps ? insertGuest(guest, promised) : seeGuest(anonymousId, now, promised),
        ...(keeps && from?.kind === 'sealed' ? [insertEnd(from)] : []),
        ...(first && !keeps ? [learnGuest(guest)] : []),
        ...(first ? joinSnoozes(anonymousId, snoozes) : []),
        insertPasskey(passkey),
        insertSpent(spent, passkey.credentialId),
        ...replaceSessions(anonymousId, ends, to),
        ...insertNotes([...kept, ...revoked.notes, ...(first ? notes.first : notes.further)]),
      ],
      outcome: () => ({
        outcome: 'added',
        first,
        kept: keeps,
        revoked: revoked.ids,
        guestExpiresAt: promised.expiresAt,
        ...(first && Number(codes!.n) > 0 && { codesLeft: Number(codes!.n) }),
      }),
      foundEnded: ends.sessions && !keeps ? anonymousId : undefined,
      trace: findSpent(spent.id, passkey.credentialId),
    }
  },

  renamePasskey: ({ anonymousId, credentialId, name }) =>
    ask(
      sql(
        'UPDATE passkeys SET name = ? WHERE credential_id = ? AND anonymous_id = ? RETURNING credential_id',
        name,
        credentialId,
        anonymousId,
      ),
      (rows) => rows.length > 0,
    ),

  *removePasskey({ anonymousId, credentialId, force, notes }): Steps<'removed' | 'last' | 'not_found'> {
    const [[guest], passkeys, [key], [code]] = yield [
      lockGuest(anonymousId),
      passkeysOf(anonymousId),
      deviceKeyIdsOf(anonymousId),
      findConfirmedCode(anonymousId),
    ]
    if (!passkeys.some(({ credential_id }) => credential_id === credentialId)) return noWrites('not_found')
    const isLast = passkeys.length === 1 && !key && !code && numberOrNull(guest?.promoted_at) === null
    if (isLast && !force) return noWrites('last')
    return {
      statements: [sql('DELETE FROM passkeys WHERE credential_id = ?', credentialId), ...insertNotes(notes)],
      outcome: () => 'removed',
    }
  },
} satisfies Partial<Writes>

/** The use of a challenge or code; `result`: only if it led to this. */
export const findSpent = (id: string, result?: string): Statement =>
  result === undefined
    ? sql('SELECT result FROM spent WHERE id = ?', id)
    : sql('SELECT result FROM spent WHERE id = ? AND result = ?', id, result)

/** What a sign-in or registration needs to know of the guest's passkeys. */
export const passkeysOf = (anonymousId: string) =>
  sql('SELECT credential_id, sign_count, backed_up FROM passkeys WHERE anonymous_id = ?', anonymousId)
