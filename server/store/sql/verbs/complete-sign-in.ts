// The part that every sign-in has in common: it begins the new session, and ends or merges the previous one.

import type { NewMerge, Note, SessionRef, SessionRow } from '../../store.ts'
import { type EndedSession, notesOfEnds } from '../notes.ts'
import { insertMerge, insertNotes, insertSession } from '../rows.ts'
import type { Row, RowSets, Statement } from '../statement.ts'
import { moveDeviceKey } from './device-keys.ts'
import { withdrawOffers } from './merges.ts'
import { endedBy, endStatements } from './session-state.ts'

export type WrittenSignIn = {
  statements: Statement[]
  /** The guest had expired. */
  restored: boolean
  /** The merge of the guest who was signed in before was written. */
  mergeable: boolean
  foundEnded: string | undefined
}

/**
 * Writes a sign-in, whatever the proof was. `guest`: the locked row of the guest who signs in. `found`: what
 * `findSessionState` found of `from`, locked; unused if that is a sealed session, which has no row to lock. `alsoEnded`:
 * another session that the caller ends.
 */
export function* writeSignIn(
  guest: Row,
  {
    from,
    found,
    alsoEnded,
    to,
    merge,
    ending,
    notes,
    restored,
  }: {
    from: SessionRef | undefined
    found: Row[]
    alsoEnded: EndedSession[]
    to: SessionRow
    merge: NewMerge | undefined
    ending: Note | undefined
    notes: Note[]
    restored: Note[]
  },
): Generator<Statement[], WrittenSignIn, RowSets> {
  // Only within one collection, which a guest never changes. If two sign-ins leave the same session at once, only the
  // one that ends it writes a merge.
  const isOffered = merge !== undefined && merge.collection === guest.collection
  const endsFirst = from && (isOffered || from.kind === 'sealed')
  const left = endsFirst ? yield endStatements(from) : []
  const ended = from ? endedBy(from, endsFirst ? left : [found]) : []
  const mergeable = isOffered && ended.length > 0
  // Only a kept guest has a session with a row: then the last statement has deleted it.
  const isKept = left.at(-1)?.length === 1
  const isRestored = guest.stage === 'expired'
  const others = alsoEnded.filter(({ id }) => id !== ended[0]?.id)
  const ends = notesOfEnds(ending, [...ended, ...others])
  // What a copy of this session has begun ends with it, so the offers to merge the guest do, too.
  const comesBack = from !== undefined && from.anonymousId === to.anonymousId && ended.length > 0
  return {
    statements: [
      ...(from && !endsFirst ? endStatements(from) : []),
      insertSession(to),
      ...moveDeviceKey(from, to),
      ...(comesBack ? [withdrawOffers(from.anonymousId)] : []),
      ...(mergeable && merge ? [insertMerge(isKept && merge.offerIfKept ? asOffer(merge) : merge)] : []),
      ...insertNotes([...ends, ...notes, ...(isRestored ? restored : [])]),
    ],
    restored: isRestored,
    mergeable,
    foundEnded: from && from.kind !== 'stored' ? from.anonymousId : undefined,
  }
}

const asOffer = (merge: NewMerge): NewMerge => ({ ...merge, status: 'offered', claimedUntil: 0 })
