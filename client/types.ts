// What the doors answer, as the browser sees it: the server's own types.

import type { GuestProfile as Answered, Passkey, PreviousGuest, UserInfo } from '../server/types.ts'

export type {
  Guest,
  GuestSession,
  Passkey,
  PreviousGuest,
  Recoverability,
  UserInfo,
} from '../server/types.ts'

/**
 * The guest that a passkey signed in. `previous` is there if the browser was another guest until then: `merged` says
 * that what that one did is this guest's now, and `ticket` is what merge or undoMerge takes, where there is a choice.
 */
export type SignedInGuest = UserInfo & { previous?: PreviousGuest; merged?: boolean; ticket?: string }

/** The guest, and the other one who is a part of them from now on. */
export type MergedGuest = UserInfo & { merged: PreviousGuest }

/** The guest, and the passkey that has just been added. */
export type GuestWithPasskey = UserInfo & { passkey: Passkey }

/** What the guest chose to tell; `etag` names this version of it. */
export type GuestProfile<Attributes = Record<string, unknown>> = Answered<Attributes> & { etag: string }
