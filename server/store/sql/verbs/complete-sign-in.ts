// The part that every sign-in has in common: it begins the new session, and ends or merges the previous one.

import type { NewMerge, Note, SessionRef, SessionRow } from '../../store.ts'
import { insertMerge, insertNotes, insertSession } from '../rows.ts'
import type { Row, RowSets, Statement } from '../statement.ts'
import { moveDeviceKey } from './device-keys.ts'
import { endStatements } from './session-state.ts'

export type WrittenSignIn = {
  statements: Statement[]
  /** The guest had expired. */
  restored: boolean
  /** The merge of the guest who was signed in before was written. */
  mergeable: boolean
  foundEnded: string | undefined
}

/** Writes a sign-in, whatever the proof was. `guest`: the locked row of the guest who signs in. */
export function* writeSignIn(
  guest: Row,
  {
    from,
    to,
    merge,
    notes,
    restored,
  }: {
    from: SessionRef | undefined
    to: SessionRow
    merge: NewMerge | undefined
    notes: Note[]
    restored: Note[]
  },
): Generator<Statement[], WrittenSignIn, RowSets> {
  // Only within one collection, which a guest never changes. If two sign-ins leave the same session at once, only the
  // one that ends it writes a merge.
  const isOffered = merge !== undefined && merge.collection === guest.collection
  const left = isOffered && from ? yield endStatements(from) : []
  const mergeable = left.some(({ length }) => length > 0)
  // Only a kept guest has a session with a row: then the last statement has deleted it.
  const isKept = left.at(-1)?.length === 1
  const isRestored = guest.stage === 'expired'
  return {
    statements: [
      ...(from && !isOffered ? endStatements(from) : []),
      insertSession(to),
      ...moveDeviceKey(from, to),
      ...(mergeable && merge ? [insertMerge(isKept && merge.offerIfKept ? asOffer(merge) : merge)] : []),
      ...insertNotes(isRestored ? [...notes, ...restored] : notes),
    ],
    restored: isRestored,
    mergeable,
    foundEnded: from && from.kind !== 'stored' ? from.anonymousId : undefined,
  }
}

const asOffer = (merge: NewMerge): NewMerge => ({ ...merge, status: 'offered', claimedUntil: 0 })
