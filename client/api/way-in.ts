// A way in: the code that an operator gives to somebody who has lost everything. It is good once, after a delay.
import type { Call } from '../lib/http.ts'
import type { SignedInGuest } from '../lib/types.ts'

/** The way in that an operator opened for a guest; `user()` has it as `way_in`. Everything rejects with GuestClientError. */
export interface GuestWayIn {
  /**
   * Makes a passkey, and signs in with it the guest for whom an operator opened a way in with this `code`. Uses the code
   * up, and ends all other sessions of the guest. Call it in a click. Rejects with `way_in_waiting` if its delay is not
   * over, or if no other operator has approved it; with `way_in_invalid`; with `cancelled`, `too_many_passkeys`,
   * `registration_off`, `guest_merged`, `guest_disabled` and others.
   */
  signIn(code: string): Promise<SignedInGuest>
  /** Cancels the way in of the guest who is signed in. Rejects with `not_found` if there is none. */
  cancel(): Promise<void>
}

/** The functions of a client for ways in. `change` then asks again who is signed in. */
export const createWayIn = (signIn: GuestWayIn['signIn'], change: Call): GuestWayIn => ({
  signIn,
  cancel: () => change('DELETE', '/way-in', {}),
})
