// The SQL of recovery codes: found, counted, replaced and removed. A sign-in, which uses one up, is in sign-in.ts.

import { hasPasskey } from '../../../rules/recoverability.ts'
import type { RemovedCodesOutcome, ReplacedCodesOutcome } from '../../store.ts'
import { toWhoIs } from '../about-guest.ts'
import { insertNotes, lockGuest, numberOrNull } from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import {
  ask,
  insert,
  noWrites,
  type Reads,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findWayBack, toRecoverability } from '../way-back.ts'
import { insertKept } from './guests.ts'
import { findSessionState, hasEnded } from './session-state.ts'

export const recoveryCodeReads = {
  findRecoveryCode: ({ id }) =>
    ask(
      sql(
        `SELECT anonymous_id, label, collection, promoted_at FROM guests
        WHERE anonymous_id = (SELECT r.anonymous_id FROM recovery_codes r WHERE r.id = ?)`,
        id,
      ),
      ([row]) => row && { anonymousId: row.anonymous_id as string, ...toWhoIs(row) },
    ),

  countRecoveryCodes: ({ anonymousId }) =>
    ask(countCodes(anonymousId), ([row]) => ({
      left: Number(row!.n),
      createdAt: numberOrNull(row!.created_at),
    })),
} satisfies Partial<Reads>

export const recoveryCodeWrites = {
  *replaceRecoveryCodes(input): Steps<ReplacedCodesOutcome> {
    const { anonymousId, ids, by, keep, now, retained, notes } = input
    const [[known], found, [wayBack]] = yield [
      lockGuest(anonymousId),
      findSessionState(by.session),
      findWayBack(anonymousId),
    ]
    if (hasEnded(by.session, found) || (!known && !keep)) return noWrites({ outcome: 'ended' })
    const before = toRecoverability(wayBack)
    if (hasPasskey(before) && !by.isProven) return noWrites({ outcome: 'unproven' })
    const promised = retainedWith(retained, before === 'none' ? 'device' : before, known?.promoted_at)
    return {
      statements: [
        ...(known
          ? [seeGuest(anonymousId, now, promised), deleteCodes(anonymousId)]
          : insertKept({ ...keep!, retained: promised })),
        ...ids.map((id) => insert('recovery_codes', { id, anonymous_id: anonymousId, created_at: now })),
        ...insertNotes(notes),
      ],
      outcome: () => ({ outcome: 'replaced', kept: !known, guestExpiresAt: promised.expiresAt }),
      trace: sql('SELECT id FROM recovery_codes WHERE id = ?', ids[0]!),
    }
  },

  *removeRecoveryCodes(input): Steps<RemovedCodesOutcome> {
    const { anonymousId, by, force, now, retained, notes } = input
    const [[known], found, [wayBack], [codes], [deviceKey]] = yield [
      lockGuest(anonymousId),
      findSessionState(by.session),
      findWayBack(anonymousId),
      countCodes(anonymousId),
      sql('SELECT id FROM device_keys WHERE anonymous_id = ? LIMIT 1', anonymousId),
    ]
    if (hasEnded(by.session, found)) return noWrites('ended')
    if (!known || Number(codes!.n) === 0) return noWrites('none')
    const before = toRecoverability(wayBack)
    if (hasPasskey(before) && !by.isProven) return noWrites('unproven')
    const after = hasPasskey(before) || deviceKey ? before : 'none'
    if (after === 'none' && known.promoted_at === null && !force) return noWrites('last')
    return {
      statements: [
        deleteCodes(anonymousId),
        seeGuest(anonymousId, now, retainedWith(retained, after, known.promoted_at)),
        ...insertNotes(notes),
      ],
      outcome: () => 'removed',
    }
  },
} satisfies Partial<Writes>

/** How many recovery codes the guest has, and when they were made. */
export const countCodes = (anonymousId: string): Statement =>
  sql(
    'SELECT COUNT(*) AS n, MAX(created_at) AS created_at FROM recovery_codes WHERE anonymous_id = ?',
    anonymousId,
  )

const deleteCodes = (anonymousId: string): Statement =>
  sql('DELETE FROM recovery_codes WHERE anonymous_id = ?', anonymousId)
