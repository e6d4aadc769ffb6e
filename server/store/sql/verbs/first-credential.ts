// The SQL of what a guest's first passkey and first login ID end: see `endedByNew` in server/rules/first-credential.ts.

import type { Ended } from '../../../rules/first-credential.ts'
import type { Note, SessionRow } from '../../store.ts'
import { insertSession } from '../rows.ts'
import type { RowSets, Statement } from '../statement.ts'
import { type RevokedKeys, revokeDeviceKeys } from './device-keys.ts'
import { deleteSessions } from './session-state.ts'

/** Removes the device keys if they end. The caller must have locked the guest. */
export function* endDeviceKeys(
  anonymousId: string,
  { deviceKeys }: Ended,
  revocation: Note | undefined,
): Generator<Statement[], RevokedKeys, RowSets> {
  if (!deviceKeys) return { ids: [], notes: [] }
  return yield* revokeDeviceKeys(anonymousId, { except: undefined }, revocation)
}

/** Deletes the sessions if they end, and begins `to` in their place. */
export const replaceSessions = (
  anonymousId: string,
  { sessions }: Ended,
  to: SessionRow | undefined,
): Statement[] =>
  sessions ? [deleteSessions(anonymousId, undefined), ...(to ? [insertSession(to)] : [])] : []
