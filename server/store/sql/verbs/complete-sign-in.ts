// Signing in, by whatever proof: the session that begins, and what becomes of the one that was there.

import type { NewMerge, Note, SessionRef, SessionRow } from '../../store.ts'
import { insertMerge, insertNotes, insertSession } from '../rows.ts'
import type { Row, RowSets, Statement } from '../statement.ts'
import { endStatements, isCarriedRef, moveDeviceKey } from './sessions.ts'

export type WrittenSignIn = {
  statements: Statement[]
  /** The guest had expired already. */
  restored: boolean
  /** The guest who was there before may be taken along: the merge was written. */
  mergeable: boolean
  foundEnded: string | undefined
}

/** The part of a sign-in that is the same for every proof; `guest` is the row of who signs in, locked. */
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
  // Of another collection it may not be: a guest never changes that. And of two who leave one session, one takes
  // its guest along.
  const isOffered = merge !== undefined && merge.collection === guest.collection
  const left = isOffered && from ? yield endStatements(from) : []
  const mergeable = left.some(({ length }) => length > 0)
  // Of a guest without a row no session has one.
  const isKept = left.at(-1)?.length === 1
  const isRestored = guest.stage === 'expired'
  return {
    statements: [
      ...(from && !isOffered ? endStatements(from) : []),
      insertSession(to),
      ...moveDeviceKey(from, to),
      ...(mergeable && merge ? [insertMerge(isKept && merge.unlessKept ? asOffer(merge) : merge)] : []),
      ...insertNotes(isRestored ? [...notes, ...restored] : notes),
    ],
    restored: isRestored,
    mergeable,
    foundEnded: from && isCarriedRef(from) ? from.anonymousId : undefined,
  }
}

const asOffer = (merge: NewMerge): NewMerge => ({ ...merge, status: 'offered', claimedUntil: 0 })
