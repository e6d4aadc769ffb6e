// Notes that are completed while they are written. A note is an audit line, its event and its deliveries (port/trail.ts).
// Some fields of the event are known only in the transaction.

import type { Note } from '../store.ts'

/** A session that was ended, by its guest and its id. */
export type EndedSession = { anonymousId: string; id: string }

/** The note with these fields in its event, and so in the payloads of its deliveries. */
export function noteWith(note: Note, fields: object): Note {
  const { event, deliveries } = note
  if (!event) return note
  const data = { ...event.data, ...fields }
  const payloadOf = (payload: string) => JSON.stringify({ ...(JSON.parse(payload) as object), data })
  return {
    ...note,
    event: { ...event, data },
    deliveries: deliveries.map((delivery) => ({ ...delivery, payload: payloadOf(delivery.payload) })),
  }
}

/** A note for each of these, with its fields in the event. `note` is the model for all of them. */
export const noteForEach = (note: Note, each: object[]): Note[] =>
  each.map((fields) => {
    const { audit, deliveries, ...rest } = noteWith(note, fields)
    return {
      ...rest,
      audit: audit && { ...audit, id: randomText(6) },
      deliveries: deliveries.map((delivery) => ({ ...delivery, id: `msg_${randomText(16)}` })),
    }
  })

/** A note for each session that was ended, with its ids. `ending` is the model for all of them. */
export function notesOfEnds(ending: Note | undefined, ended: EndedSession[]): Note[] {
  if (!ending) return []
  const ids = ended.map(({ anonymousId, id }) => ({ anonymous_id: anonymousId, session_id: id }))
  return noteForEach(ending, ids).map(({ audit, deliveries, ...rest }, i) => {
    const { anonymousId, id: sessionId } = ended[i]!
    return {
      ...rest,
      audit: audit && { ...audit, anonymousId, sessionId },
      deliveries: deliveries.map((delivery) => ({ ...delivery, anonymousId })),
    }
  })
}

/** `bytes` random bytes, as base64url. */
const randomText = (bytes: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url')
