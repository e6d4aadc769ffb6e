// What is read about a guest together with its credential or session.

import type { AboutGuest } from '../store.ts'
import { numberOrNull } from './rows.ts'
import type { Row } from './statement.ts'
import { toRecoverability, wayBack } from './way-back.ts'

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

export const toAboutGuest = (row: Row): AboutGuest => ({
  ...toWhoIs(row),
  guestExpiresAt: numberOrNull(row.guest_expires_at),
  recoverability: toRecoverability(row),
})
