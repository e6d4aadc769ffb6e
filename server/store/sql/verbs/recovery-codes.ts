// The SQL of recovery codes: found, counted, replaced, confirmed and removed. A sign-in, which uses one up, is in
// sign-in.ts.

import { hasPasskey } from '../../../rules/recoverability.ts'
import type { Recoverability } from '../../../types.ts'
import type { ConfirmedCodesOutcome, RemovedCodesOutcome, ReplacedCodesOutcome } from '../../store.ts'
import { toWhoIs } from '../about-guest.ts'
import { noteWith } from '../notes.ts'
import { insertNotes, lockGuest, numberOrNull } from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import {
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

  countRecoveryCodes: ({ anonymousId }) => ask(countCodes(anonymousId), ([row]) => toCounted(row!)),
} satisfies Partial<Reads>

export const recoveryCodeWrites = {
  *replaceRecoveryCodes(input): Steps<ReplacedCodesOutcome> {
    const { anonymousId, ids, by, keep, now, retained, notes } = input
    const [[known], found, [wayBack], [deviceKey]] = yield [
      lockGuest(anonymousId),
      findSessionState(by.session),
      findWayBack(anonymousId),
      findDeviceKey(anonymousId),
    ]
    if (hasEnded(by.session, found) || (!known && !keep)) return noWrites({ outcome: 'ended' })
    const before = toRecoverability(wayBack)
    if (hasPasskey(before) && !by.isProven) return noWrites({ outcome: 'unproven' })
    // The new codes do not count yet, and the earlier ones are gone.
    const promised = retainedWith(retained, withoutCodes(before, deviceKey), known?.promoted_at)
    return {
      statements: [
        ...(known
          ? [seeGuest(anonymousId, now, promised), deleteCodes(anonymousId)]
          : insertKept({ ...keep!, retained: promised })),
        ...ids.map((id) =>
          insert('recovery_codes', { id, anonymous_id: anonymousId, created_at: now, confirmed: 0 }),
        ),
        ...insertNotes(notes),
      ],
      outcome: () => ({ outcome: 'replaced', kept: !known, guestExpiresAt: promised.expiresAt }),
      trace: sql('SELECT id FROM recovery_codes WHERE id = ?', ids[0]!),
    }
  },

  *confirmRecoveryCodes({ anonymousId, session, now, retained, notes }): Steps<ConfirmedCodesOutcome> {
    const [[known], found, [wayBack], [codes]] = yield [
      lockGuest(anonymousId),
      findSessionState(session),
      findWayBack(anonymousId),
      countCodes(anonymousId),
    ]
    if (hasEnded(session, found)) return noWrites({ outcome: 'ended' })
    const { left, createdAt, confirmed } = toCounted(codes!)
    if (!known || left === 0) return noWrites({ outcome: 'none' })
    const outcome = { outcome: 'confirmed', left, createdAt } as const
    if (confirmed) return noWrites(outcome)
    const before = toRecoverability(wayBack)
    const promised = retainedWith(retained, before === 'none' ? 'device' : before, known.promoted_at)
    return {
      statements: [
        confirmCodes(anonymousId),
        seeGuest(anonymousId, now, promised),
        ...insertNotes(notes.map((note) => noteWith(note, { left }))),
      ],
      outcome: () => outcome,
    }
  },

  *removeRecoveryCodes(input): Steps<RemovedCodesOutcome> {
    const { anonymousId, by, force, now, retained, notes } = input
    const [[known], found, [wayBack], [codes], [deviceKey]] = yield [
      lockGuest(anonymousId),
      findSessionState(by.session),
      findWayBack(anonymousId),
      countCodes(anonymousId),
      findDeviceKey(anonymousId),
    ]
    if (hasEnded(by.session, found)) return noWrites('ended')
    if (!known || Number(codes!.n) === 0) return noWrites('none')
    const before = toRecoverability(wayBack)
    if (hasPasskey(before) && !by.isProven) return noWrites('unproven')
    const after = withoutCodes(before, deviceKey)
    if (after !== before && known.promoted_at === null && !force) return noWrites('last')
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

/** How many recovery codes the guest has, when they were made, and whether they are confirmed: all of them, or none. */
export const countCodes = (anonymousId: string): Statement =>
  sql(
    `SELECT COUNT(*) AS n, MAX(created_at) AS created_at, MIN(confirmed) AS confirmed
    FROM recovery_codes WHERE anonymous_id = ?`,
    anonymousId,
  )

const toCounted = (row: Row) => ({
  left: Number(row.n),
  createdAt: numberOrNull(row.created_at),
  confirmed: Boolean(row.confirmed),
})

/** Lets the codes count as a way back. Signing in with one of them proves that they were kept. */
export const confirmCodes = (anonymousId: string): Statement =>
  sql('UPDATE recovery_codes SET confirmed = 1 WHERE anonymous_id = ? AND confirmed = 0', anonymousId)

const findDeviceKey = (anonymousId: string): Statement =>
  sql('SELECT id FROM device_keys WHERE anonymous_id = ? LIMIT 1', anonymousId)

/** How the guest could come back without its recovery codes. */
const withoutCodes = (recoverability: Recoverability, deviceKey: Row | undefined): Recoverability =>
  hasPasskey(recoverability) || deviceKey ? recoverability : 'none'

export const deleteCodes = (anonymousId: string): Statement =>
  sql('DELETE FROM recovery_codes WHERE anonymous_id = ?', anonymousId)
