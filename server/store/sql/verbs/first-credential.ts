// The SQL of what a guest's first passkey and first login ID end: see `endedByNew` in server/rules/first-credential.ts.

import type { Ended } from '../../../rules/first-credential.ts'
import type { RevocableKey, SessionRow } from '../../store.ts'
import { insertSession } from '../rows.ts'
import type { RowSets, Statement } from '../statement.ts'
import { revokeDeviceKeys } from './device-keys.ts'
import { deleteSessions } from './session-state.ts'

/** Removes the device keys if they end. The caller must have locked the guest. */
export function* endDeviceKeys(
  anonymousId: string,
  { deviceKeys }: Ended,
  keys: RevocableKey[],
): Generator<Statement[], { ids: string[]; statements: Statement[] }, RowSets> {
  if (!deviceKeys) return { ids: [], statements: [] }
  return yield* revokeDeviceKeys(anonymousId, { except: undefined }, keys)
}

/** Deletes the sessions if they end, and begins `to` in their place. */
export const replaceSessions = (
  anonymousId: string,
  { sessions }: Ended,
  to: SessionRow | undefined,
): Statement[] =>
  sessions ? [deleteSessions(anonymousId, undefined), ...(to ? [insertSession(to)] : [])] : []
