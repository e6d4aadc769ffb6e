// The SQL of passkeys: registration, and how they are listed, renamed and removed. A sign-in is in sign-in.ts.

import { byPasskeys } from '../../../rules/recoverability.ts'
import type { RegistrationOutcome } from '../../store.ts'
import {
  insertGuest,
  insertNotes,
  insertPasskey,
  insertSession,
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
import { revokeDeviceKeys } from './device-keys.ts'
import { countCodes } from './recovery-codes.ts'
import { insertEnd } from './sealed-ends.ts'
import { deleteSessions, findSessionState, hasEnded } from './session-state.ts'

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
        `SELECT ${passkeyColumns}, (SELECT g.user_handle FROM guests g WHERE g.anonymous_id = p.anonymous_id) AS user_handle,
          (SELECT g.label FROM guests g WHERE g.anonymous_id = p.anonymous_id) AS label,
          (SELECT g.collection FROM guests g WHERE g.anonymous_id = p.anonymous_id) AS collection,
          (SELECT g.promoted_at FROM guests g WHERE g.anonymous_id = p.anonymous_id) AS promoted_at
        FROM passkeys p WHERE p.credential_id = ?`,
        credentialId,
      ),
      ([row]) =>
        row && {
          ...toPasskeyRow(row),
          userHandle: row.user_handle as string,
          label: row.label as string,
          collection: row.collection as string,
          promotedAt: numberOrNull(row.promoted_at),
        },
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
    keys = [],
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
    const foundEnded = from?.kind === 'sealed' ? from.anonymousId : undefined
    if (earlier) {
      const mine = passkeys.some(({ credential_id }) => credential_id === earlier.result)
      return mine
        ? { ...noWrites({ outcome: 'repeated', credentialId: earlier.result as string }), foundEnded }
        : noWrites({ outcome: 'spent' })
    }
    if (from && hasEnded(from, found)) return { ...noWrites({ outcome: 'session_ended' }), foundEnded }
    if (taken) return noWrites({ outcome: 'credential_taken' })
    if (passkeys.length >= maxPasskeys) return noWrites({ outcome: 'too_many_passkeys' })
    // A guest who begins with this passkey must have no row: otherwise another tab was first. A stored session needs a
    // row. A sealed session works with and without one.
    const keep = !known
    if (from === undefined ? known : keep && from.kind !== 'sealed')
      return noWrites({ outcome: 'session_ended' })
    const first = passkeys.length === 0
    const others = passkeys.map((one) => ({ backedUp: Boolean(one.backed_up) }))
    const promised = retainedWith(retained, byPasskeys(passkey, ...others), known?.promoted_at)
    const { anonymousId } = guest
    // That of this session too: whoever had a copy of it may have added that key.
    const revoked =
      first && !keep
        ? yield* revokeDeviceKeys(anonymousId, { except: undefined }, keys)
        : { ids: [], statements: [] }
    return {
      statements: [
        keep ? insertGuest(guest, promised) : seeGuest(guest.anonymousId, passkey.createdAt, promised),
        ...(keep && from?.kind === 'sealed' ? [insertEnd(from)] : []),
        ...(first && !keep ? [learnGuest(guest)] : []),
        ...(first ? joinSnoozes(guest.anonymousId, snoozes) : []),
        insertPasskey(passkey),
        insertSpent(spent, passkey.credentialId),
        ...(first ? [deleteSessions(guest.anonymousId, undefined), insertSession(to)] : []),
        ...insertNotes([...(keep ? notes.kept : []), ...(first ? notes.first : notes.further)]),
        ...revoked.statements,
      ],
      outcome: () => ({
        outcome: 'added',
        first,
        kept: keep,
        revoked: revoked.ids,
        guestExpiresAt: promised.expiresAt,
        ...(first && Number(codes!.n) > 0 && { codesLeft: Number(codes!.n) }),
      }),
      foundEnded: first && !keep ? guest.anonymousId : undefined,
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
    const [, passkeys] = yield [lockGuest(anonymousId), passkeysOf(anonymousId)]
    if (!passkeys.some(({ credential_id }) => credential_id === credentialId)) return noWrites('not_found')
    if (passkeys.length === 1 && !force) return noWrites('last')
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
