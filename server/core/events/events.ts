// The events that hosts can listen to. If a listener fails, that is logged, and the request goes on.

import type { Logger } from '../../logger.ts'
import { hintFor } from '../../names/unknown.ts'
import type { Merge } from '../../options/options.ts'
import type { NotedEvent } from '../../store/store.ts'
import type { DisableReason, Guest, LoginIdType, PreviousGuest, Setting } from '../../types.ts'

/**
 * Why a session ended. `signed_out`: by the guest or its client, there or everywhere. `revoked`: by the guest, in another
 * session. `replaced`: by a sign-in in the same browser or client, or ten minutes after a merge was undone there.
 * `passkey_added`: by the guest's first passkey; `promoted`: by its first login ID. `merged`, `disabled`, `erased`: its
 * guest was. `operator`: an operator ended it. `way_in`: its
 * guest came in by a way in, which ends all others. `expired`: it was unused for too long, reached its absolute end, or its guest expired. `refresh_reused`, `code_reused`: a refresh token or an
 * authorization code was used a second time, so it may have been stolen.
 */
export type SessionEnd =
  | 'signed_out'
  | 'revoked'
  | 'replaced'
  | 'passkey_added'
  | 'promoted'
  | 'merged'
  | 'disabled'
  | 'operator'
  | 'way_in'
  | 'erased'
  | 'expired'
  | 'refresh_reused'
  | 'code_reused'

/**
 * All events and their fields. `anonymous_id` is the guest that the event is about, as in the audit trail. No event holds
 * anything that names a person. Times are Unix seconds.
 */
export type GuestEvents = {
  /**
   * Somebody signed in by `method`; `host` is the host's own check (`signInAs`). `previous` is the other guest who was
   * signed in before, if any. `session_id` is the new session.
   */
  'guest.signed_in': {
    anonymous_id: string
    guest: Guest
    session_id: string
    method:
      | 'anonymous'
      | 'passkey'
      | 'code'
      | 'host'
      | 'device_key'
      | 'device_link'
      | 'recovery_code'
      | 'way_in'
    previous?: PreviousGuest
  }
  /** The guest ended a session, or all of them (`everywhere`), by signing out in the session `session_id`. */
  'guest.signed_out': { anonymous_id: string; session_id: string; everywhere: boolean }
  /**
   * A session ended, whatever ended it: close what is open for it, such as WebSockets. A stored session that expires is told
   * by the clean-up, about an hour later. Nobody notices when the session of a guest who is not kept expires. If a merge
   * is undone, the sessions that it ended are alive again.
   */
  'session.ended': { anonymous_id: string; session_id: string; reason: SessionEnd }
  /** The guest has a row from now on, because there is something to keep. */
  'guest.kept': { anonymous_id: string; guest: Guest }
  /** A warning: the guest was not seen for long, and expires at `expires_at` unless it comes back before. */
  'guest.expiring': Pick<Guest, 'anonymous_id' | 'collection' | 'recoverability'> & { expires_at: number }
  /** The guest was not seen in time: it is signed out everywhere, and erased at `erased_at` unless it comes back. */
  'guest.expired': Pick<Guest, 'anonymous_id' | 'collection' | 'recoverability'> & { erased_at: number }
  /** An expired guest came back. */
  'guest.restored': { anonymous_id: string; guest: Guest }
  /** The operator disabled the guest, until this time or (null) until it is enabled: it is signed out everywhere. */
  'guest.disabled': { anonymous_id: string; reason: DisableReason; until: number | null }
  /** The operator enabled the guest again. Nothing is told of a guest whose `until` is over. */
  'guest.enabled': { anonymous_id: string }
  /** An operator lets the guest expire later: at `expires_at`, unless it is seen before then. */
  'guest.extended': { anonymous_id: string; expires_at: number }
  /** Everything about the guest was deleted: it `left`, `expired`, was `merged` long ago, or the `host` erased it. */
  'guest.erased': { anonymous_id: string; reason: 'left' | 'expired' | 'merged' | 'host' }
  /**
   * `from` was merged into `into`: move what you keep for `from`. The same `ticket` means the same merge. `anonymous_id` is
   * that of `into`.
   */
  'guest.merged': { anonymous_id: string } & Merge & { undo_until: number }
  /** The merge was undone: `from` is a guest of its own again. `anonymous_id` is that of `from`. */
  'guest.merge_undone': { anonymous_id: string } & Merge
  /** The guest is a regular user from now on, with the same `sub` and a verified login ID of this `type`. */
  'guest.promoted': { anonymous_id: string; guest: Guest; type: LoginIdType }
  /** The regular user is a guest again: every login ID and the profile were deleted. */
  'guest.demoted': { anonymous_id: string; guest: Guest }
  /** A regular user's login ID was added or removed. Its value stands only in the account. */
  'login_id.added': { anonymous_id: string; type: LoginIdType }
  'login_id.removed': { anonymous_id: string; type: LoginIdType }
  /** The names of the attributes that changed. Their values stand only in the profile. */
  'profile.changed': { anonymous_id: string; attributes: string[] }
  /** A refresh token was used a second time, so it may have been stolen. Its session was ended. */
  'session.refresh_reused': { anonymous_id: string; client_id: string; session_id: string }
  /** A key of a browser or an app, which signs the guest in without a prompt, was added or removed. */
  'device_key.added': { anonymous_id: string; device_key_id: string }
  'device_key.removed': { anonymous_id: string; device_key_id: string }
  /** Another device was signed in by a link; `session_id` is its session. */
  'device.linked': { anonymous_id: string; session_id: string }
  /** New recovery codes replaced the earlier ones, or all were removed: then `left` is 0. */
  'recovery_codes.changed': { anonymous_id: string; left: number }
  /** The guest said that the recovery codes were written down. A sign-in with one confirms them too. */
  'recovery_codes.confirmed': { anonymous_id: string; left: number }
  'recovery_code.used': { anonymous_id: string; left: number }
  /** The guest has another label, which stands only in the account. */
  'guest.renamed': { anonymous_id: string }
  /**
   * The operator changed a setting, or took a change back: then `from_options` is true. `value` counts from now on. This
   * event is about no guest.
   */
  'setting.changed': { setting: string; value: Setting['value']; from_options: boolean }
  /** An operator opened a way in for the guest, which lets somebody in from `opens_at` on: tell the guest. */
  'way_in.opened': { anonymous_id: string; opens_at: number; expires_at: number }
  /** Another operator approved it. */
  'way_in.approved': { anonymous_id: string }
  /** The guest or an operator cancelled it, or whoever opened it is no owner any more. */
  'way_in.cancelled': { anonymous_id: string }
  /** Somebody came in by it, in this session. */
  'way_in.used': { anonymous_id: string; session_id: string }
  'passkey.added': { anonymous_id: string; passkey_id: string; first: boolean }
  'passkey.removed': { anonymous_id: string; passkey_id: string }
  /** A passkey's counter went back, so it may have been cloned. The sign-in was refused; nothing is locked. */
  'passkey.counter_regressed': { anonymous_id: string; passkey_id: string }
  /**
   * A passkey's provider changed whether it may be backed up, which never changes. The sign-in was refused, and each later
   * one will be: the guest needs another passkey, or another way in.
   */
  'passkey.backup_eligibility_changed': { anonymous_id: string; passkey_id: string }
}

/** The names of all events. */
export const eventNames = Object.keys({
  'guest.signed_in': true,
  'guest.signed_out': true,
  'session.ended': true,
  'guest.kept': true,
  'guest.expiring': true,
  'guest.expired': true,
  'guest.restored': true,
  'guest.disabled': true,
  'guest.enabled': true,
  'guest.extended': true,
  'guest.erased': true,
  'guest.merged': true,
  'guest.merge_undone': true,
  'guest.promoted': true,
  'guest.demoted': true,
  'login_id.added': true,
  'login_id.removed': true,
  'profile.changed': true,
  'session.refresh_reused': true,
  'device_key.added': true,
  'device_key.removed': true,
  'device.linked': true,
  'recovery_codes.changed': true,
  'recovery_codes.confirmed': true,
  'recovery_code.used': true,
  'guest.renamed': true,
  'setting.changed': true,
  'way_in.opened': true,
  'way_in.approved': true,
  'way_in.cancelled': true,
  'way_in.used': true,
  'passkey.added': true,
  'passkey.removed': true,
  'passkey.counter_regressed': true,
  'passkey.backup_eligibility_changed': true,
} satisfies Record<keyof GuestEvents, true>) as (keyof GuestEvents)[]

/** What is called for an event. What it returns is not used, but if it is a promise that rejects, that is logged. */
export type GuestEventListener<Name extends keyof GuestEvents = keyof GuestEvents> = (
  event: GuestEvents[Name],
) => unknown

/** A small typed emitter. `on` returns the function that stops listening. */
export function createEvents(logger: Logger) {
  const listeners = new Map<keyof GuestEvents, Set<GuestEventListener<never>>>()
  const writeListeners = new Set<(written: NotedEvent[]) => void>()

  function emit<K extends keyof GuestEvents>(name: K, event: GuestEvents[K]): void {
    for (const listener of listeners.get(name) ?? []) {
      // In an async function, so that one catch() handles a listener that throws and one that rejects.
      void (async () => (listener as GuestEventListener<K>)(event))().catch((error: unknown) =>
        logger.error({ err: error, event: name }, 'an event listener failed'),
      )
    }
  }

  return {
    /** Errors: TypeError if there is no event of this name. */
    on<K extends keyof GuestEvents>(name: K, listener: GuestEventListener<K>): () => void {
      if (!eventNames.includes(name))
        throw new TypeError(`on: unknown event ${name}${hintFor(name, eventNames)}`)
      const of = listeners.get(name) ?? new Set()
      listeners.set(name, of.add(listener as GuestEventListener<never>))
      return () => void of.delete(listener as GuestEventListener<never>)
    },
    /** Emits an event that is not written. Those that are written come from the store: see `note`. */
    emit,
    /** Listens to all events of each write together. */
    onWritten: (listener: (written: NotedEvent[]) => void) => void writeListeners.add(listener),
    /** Emits what the store has written. */
    tell(written: NotedEvent[]): void {
      for (const listener of writeListeners) listener(written)
      for (const { name, data } of written) emit(name as keyof GuestEvents, data as never)
    },
  }
}

export type Events = ReturnType<typeof createEvents>
