// How a guest could come back, and what else about a guest is read together with a credential or a session.

import { byPasskeys } from '../../rules/recoverability.ts'
import type { Recoverability } from '../../types.ts'
import type { AboutGuest } from '../store.ts'
import { numberOrNull } from './rows.ts'
import { type Row, type Statement, sql } from './statement.ts'

/**
 * How a guest could come back: 1 by a backed-up passkey, 0 by another passkey, -1 by something else, null not at all.
 */
export const wayBack = (id: string) =>
  `COALESCE((SELECT MAX(p.backed_up) FROM passkeys p WHERE p.anonymous_id = ${id}),
    (SELECT -1 FROM device_keys d WHERE d.anonymous_id = ${id} LIMIT 1),
    (SELECT -1 FROM recovery_codes r WHERE r.anonymous_id = ${id} LIMIT 1)) AS way_back`

export const findWayBack = (anonymousId: string): Statement =>
  sql(`SELECT ${wayBack('guests.anonymous_id')} FROM guests WHERE anonymous_id = ?`, anonymousId)

/** Who the guest is. Sub-selects: SQLite takes five times as long for the same join. */
export const whoIs = (id: string) =>
  `(SELECT g.label FROM guests g WHERE g.anonymous_id = ${id}) AS label,
  (SELECT g.collection FROM guests g WHERE g.anonymous_id = ${id}) AS collection,
  (SELECT g.promoted_at FROM guests g WHERE g.anonymous_id = ${id}) AS promoted_at`

export const toWhoIs = (row: Row) => ({
  label: row.label as string,
  collection: row.collection as string,
  promotedAt: numberOrNull(row.promoted_at),
})

/** Who the guest is, what it is promised, and how it could come back. */
export const aboutGuest = (id: string) =>
  `${whoIs(id)},
  (SELECT g.expires_at FROM guests g WHERE g.anonymous_id = ${id}) AS guest_expires_at,
  ${wayBack(id)}`

export function toRecoverability({ way_back }: Row = {}): Recoverability {
  if (way_back === null || way_back === undefined) return 'none'
  return Number(way_back) < 0 ? 'device' : byPasskeys({ backedUp: Boolean(way_back) })
}

export const toAboutGuest = (row: Row): AboutGuest => ({
  ...toWhoIs(row),
  guestExpiresAt: numberOrNull(row.guest_expires_at),
  recoverability: toRecoverability(row),
})
