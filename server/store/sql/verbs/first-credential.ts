// The SQL of what a guest's first passkey and first login ID end: see `endedByNew` in server/rules/first-credential.ts.

import type { Ended } from '../../../rules/first-credential.ts'
import type { Note, SessionRow } from '../../store.ts'
import { endWayIn } from '../end-way-in.ts'
import { notesOfEnds } from '../notes.ts'
import { insertSession } from '../rows.ts'
import type { RowSets, Statement } from '../statement.ts'
import { deleteDeviceKeys, type RevokedKeys, revokedAmong } from './device-keys.ts'
import { deleteSessions, endedAmong } from './session-state.ts'

/**
 * Removes the sessions and device keys that end. The caller must have locked the guest. The sealed session of a guest who
 * is kept now ends too: it has no row, and another statement ends it.
 */
export function* endByFirst(
  anonymousId: string,
  { sessions, deviceKeys }: Ended,
  { revocation, ending, sealed }: { revocation: Note | undefined; ending: Note | undefined; sealed: boolean },
): Generator<Statement[], RevokedKeys, RowSets> {
  if (!sessions) return { ids: [], notes: [] }
  if (!deviceKeys) {
    const ended = sealed ? [{ anonymousId, id: anonymousId }] : []
    return { ids: [], notes: notesOfEnds(ending, ended) }
  }
  const [keys, rows] = yield [
    deleteDeviceKeys(anonymousId, undefined),
    deleteSessions(anonymousId, undefined),
  ]
  const revoked = revokedAmong(keys, revocation)
  return { ...revoked, notes: [...notesOfEnds(ending, endedAmong(rows)), ...revoked.notes] }
}

/** Deletes the sessions if they end, and the way in with them, and begins `to` in their place. */
export const replaceSessions = (
  anonymousId: string,
  { sessions }: Ended,
  to: SessionRow | undefined,
): Statement[] =>
  sessions
    ? [deleteSessions(anonymousId, undefined), endWayIn(anonymousId), ...(to ? [insertSession(to)] : [])]
    : []
