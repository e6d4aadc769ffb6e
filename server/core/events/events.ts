// What hosts can listen to. A listener's failure is logged and never fails the request that it was told of.

import type { Logger } from '../../logger.ts'
import type { Merge } from '../../options/options.ts'
import type { Guest, PreviousGuest } from '../../types.ts'

type EventGuest = Pick<Guest, 'anonymous_id' | 'collection' | 'recoverability'>

/** All events and their fields. They hold ids, never anything personal. */
export type GuestEvents = {
  /** Somebody signed in: `method` says how, `host` by a check of the host's own (`signInAs`); `previous` is the other guest whose session was left, if any. */
  'guest.signed_in': {
    guest: Guest
    method: 'anonymous' | 'passkey' | 'code' | 'host' | 'device_key' | 'device_link' | 'recovery_code'
    previous?: PreviousGuest
  }
  'guest.signed_out': { anonymous_id: string; everywhere: boolean }
  /** The guest's row was written: there is something to keep. */
  'guest.kept': { guest: Guest }
  /** The guest was not seen for long, and is forgotten then unless it comes back before. */
  'guest.expiring': EventGuest & { expires_at: number }
  /** It was not seen: signed out everywhere, and erased then unless it comes back before. */
  'guest.expired': EventGuest & { erased_at: number }
  /** An expired guest came back. */
  'guest.restored': { guest: Guest }
  /** Everything is gone: because the guest `left`, was not seen (`expired`), was `merged` long ago, or by the `host`. */
  'guest.erased': { anonymous_id: string; reason: 'left' | 'expired' | 'merged' | 'host' }
  /** `from` was folded into `into`: bring along what you keep for it. The same `ticket` is the same merge. */
  'guest.merged': Merge & { undo_until: number }
  'guest.merge_undone': Merge
  /** The guest is a regular user from now on, the same `sub`: it has a verified login ID of this type. */
  'guest.promoted': { guest: Guest; type: string }
  /** The regular user is a guest again: every login ID and the profile are gone. */
  'guest.demoted': { guest: Guest }
  /** A login ID was added to a regular user or removed; which one is in the account alone. */
  'login_id.added': { anonymous_id: string; type: string }
  'login_id.removed': { anonymous_id: string; type: string }
  /** The names of what was changed; what it is now is in the profile alone. */
  'profile.changed': { anonymous_id: string; attributes: string[] }
  /** A refresh token came back that had been used: it may have been stolen. Its session was ended. */
  'session.refresh_reused': { anonymous_id: string; client_id: string }
  /** A key of a browser or an app, which signs the guest in without a prompt. */
  'device_key.added': { anonymous_id: string; device_key_id: string }
  'device_key.removed': { anonymous_id: string; device_key_id: string }
  /** Another device was let in: `session_id` is its session. */
  'device.linked': { anonymous_id: string; session_id: string }
  /** New recovery codes, in place of those that there were; `left` is 0 where there are none any more. */
  'recovery_codes.changed': { anonymous_id: string; left: number }
  'recovery_code.used': { anonymous_id: string; left: number }
  /** The guest has another label; which one is in the account alone. */
  'guest.renamed': { anonymous_id: string }
  'passkey.added': { anonymous_id: string; passkey_id: string; first: boolean }
  'passkey.removed': { anonymous_id: string; passkey_id: string }
  /** A passkey's counter went back: it may have been cloned. The sign-in was refused; nothing is locked. */
  'passkey.counter_regressed': { anonymous_id: string; passkey_id: string }
}

type Listener<K extends keyof GuestEvents> = (event: GuestEvents[K]) => unknown

/** A small typed emitter. `on` returns the function that stops listening. */
export function createEvents(logger: Logger) {
  const listeners = new Map<keyof GuestEvents, Set<Listener<never>>>()
  return {
    on<K extends keyof GuestEvents>(name: K, listener: Listener<K>): () => void {
      const of = listeners.get(name) ?? new Set()
      listeners.set(name, of.add(listener as Listener<never>))
      return () => void of.delete(listener as Listener<never>)
    },
    emit<K extends keyof GuestEvents>(name: K, event: GuestEvents[K]): void {
      for (const listener of listeners.get(name) ?? []) {
        // In a promise, so that a listener that throws and one that rejects meet the same end.
        void (async () => (listener as Listener<K>)(event))().catch((error: unknown) =>
          logger.error({ err: error, event: name }, 'an event listener failed'),
        )
      }
    },
  }
}

export type Events = ReturnType<typeof createEvents>
