// What the doors answer, as the browser sees it: the server's own types.

import type { Guest, Passkey, PreviousGuest } from '../server/types.ts'

export type { Guest, GuestSession, Passkey, PreviousGuest, Recoverability } from '../server/types.ts'

/** The guest that a passkey signed in; `previous` is there if the browser was another guest until then. */
export type SignedInGuest = Guest & { previous?: PreviousGuest }

/** The guest, and the passkey that has just been added. */
export type GuestWithPasskey = Guest & { passkey: Passkey }
