// How a guest could come back, as it is read from the store.

import { byPasskeys } from '../../rules/recoverability.ts'
import type { Recoverability } from '../../types.ts'
import { type Row, type Statement, sql } from './statement.ts'

/**
 * How a guest could come back: 1 by a backed-up passkey, 0 by another passkey, -1 by something else, null not at all.
 * Recovery codes count once they are confirmed.
 */
export const wayBack = (id: string) =>
  `COALESCE((SELECT MAX(p.backed_up) FROM passkeys p WHERE p.anonymous_id = ${id}),
    (SELECT -1 FROM device_keys d WHERE d.anonymous_id = ${id} LIMIT 1),
    (SELECT -1 FROM recovery_codes r WHERE r.anonymous_id = ${id} AND r.confirmed = 1 LIMIT 1)) AS way_back`

export const findWayBack = (anonymousId: string): Statement =>
  sql(`SELECT ${wayBack('guests.anonymous_id')} FROM guests WHERE anonymous_id = ?`, anonymousId)

/** One recovery code that the guest confirmed, if there is any. */
export const findConfirmedCode = (anonymousId: string): Statement =>
  sql('SELECT 1 AS found FROM recovery_codes WHERE anonymous_id = ? AND confirmed = 1 LIMIT 1', anonymousId)

export function toRecoverability({ way_back }: Row = {}): Recoverability {
  if (way_back === null || way_back === undefined) return 'none'
  return Number(way_back) < 0 ? 'device' : byPasskeys({ backedUp: Boolean(way_back) })
}
