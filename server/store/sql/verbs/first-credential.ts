// The SQL of what a guest's first passkey and first login ID end: see `endedByNew` in server/rules/first-credential.ts.

import type { Ended } from '../../../rules/first-credential.ts'
import type { Note, SessionRow } from '../../store.ts'
import { endWayIn, notesOfWayIn } from '../end-way-in.ts'
import { notesOfEnds } from '../notes.ts'
import { insertSession } from '../rows.ts'
import type { RowSets, Statement } from '../statement.ts'
import { deleteDeviceKeys, type RevokedKeys, revokedAmong } from './device-keys.ts'
import { deleteSessions, endedAmong } from './session-state.ts'

/** What to write about all that ends. `wayInEnded`: undefined if the way in is used. */
type EndByFirst = {
  revocation: Note | undefined
  ending: Note | undefined
  wayInEnded?: Note | undefined
  sealed: boolean
  now: number
}

/**
 * Removes the sessions, the device keys and the way in that end. The caller must have locked the guest. The sealed session
 * of a guest who is kept now ends too: it has no row, and another statement ends it.
 */
export function* endByFirst(
  anonymousId: string,
  { sessions, deviceKeys }: Ended,
  { revocation, ending, sealed, wayInEnded, now }: EndByFirst,
): Generator<Statement[], RevokedKeys, RowSets> {
  if (!sessions) return { ids: [], notes: [] }
  if (!deviceKeys) {
    const ended = sealed ? [{ anonymousId, id: anonymousId }] : []
    return { ids: [], notes: notesOfEnds(ending, ended) }
  }
  const [keys, rows, [wayIn]] = yield [
    deleteDeviceKeys(anonymousId, undefined),
    deleteSessions(anonymousId, undefined),
    endWayIn(anonymousId),
  ]
  const revoked = revokedAmong(keys, revocation)
  const notes = [
    ...notesOfEnds(ending, endedAmong(rows)),
    ...revoked.notes,
    ...notesOfWayIn(wayInEnded, wayIn, now),
  ]
  return { ...revoked, notes }
}

/** Deletes the sessions if they end, and begins `to` in their place. */
export const replaceSessions = (
  anonymousId: string,
  { sessions }: Ended,
  to: SessionRow | undefined,
): Statement[] =>
  sessions ? [deleteSessions(anonymousId, undefined), ...(to ? [insertSession(to)] : [])] : []
