// What an operator does in a session is done only if that session is there in the same transaction. An operator who was
// removed or demoted, or whose session was ended, does nothing more once the answer to that has arrived.

import { GuestError } from '../../errors.ts'
import type { ActingSession, Store, StoreWrites } from '../store.ts'
import { writes } from './all-verbs.ts'
import { lockOperators } from './operators/lock.ts'
import { findLiveSession } from './operators/rows.ts'
import { type Ask, noWrites, type Steps } from './statement.ts'

/** A write as a driver gets it. `acting`: the session of the operator who does it. */
export type Write = { verb: keyof StoreWrites; input: unknown; acting?: ActingSession | undefined }

/** What a verb resolves to if the session has ended. It is cloned on its way from another thread, so it is no symbol. */
const ENDED = 'the session of the operator has ended'

/** The verb of a write. */
export function verbOf({ verb, input, acting }: Write): Ask<unknown> | Steps<unknown> {
  const begin = () => writes[verb](input as never) as Ask<unknown> | Steps<unknown>
  return acting ? inSession(acting, begin) : begin()
}

/** Every verb that ends an operator's session locks that operator, so it is done before this, or waits. */
function* inSession(
  { id, operatorId, now }: ActingSession,
  begin: () => Ask<unknown> | Steps<unknown>,
): Steps<unknown> {
  const [, [session]] = yield [lockOperators, findLiveSession(id, operatorId, now)]
  if (!session) return noWrites(ENDED)
  const verb = begin()
  return 'next' in verb ? yield* verb : verb
}

/** Gives a store its writes. `write` does one. Errors: `session_invalid`, by a write in a session that has ended. */
export function withWrites(
  store: Record<string, unknown>,
  write: (request: Write) => Promise<unknown>,
): Store {
  const writesOf = (acting?: ActingSession) =>
    Object.fromEntries(
      (Object.keys(writes) as (keyof StoreWrites)[]).map((verb) => [
        verb,
        async (input: unknown) => {
          const result = await write({ verb, input, acting })
          if (result === ENDED) throw new GuestError('session_invalid', { reason: ENDED })
          return result
        },
      ]),
    )
  Object.assign(store, writesOf())
  store.actingIn = (session: ActingSession) => ({ ...store, ...writesOf(session) })
  return store as unknown as Store
}
