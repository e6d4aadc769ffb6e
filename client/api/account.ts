// The account: export everything that the service keeps about the guest, or erase the guest.
import type { Call } from '../lib/http.ts'
import type { WithStepUp } from '../lib/step-up.ts'
import { forgetLastGuest } from '../state/last-guest.ts'

/** What the account functions need from the rest of the client. */
export interface AccountContext {
  call: Call
  /** Does work while no other request is under way in any tab: for requests whose answer sets the cookie. */
  exclusive<T>(work: (call: Call) => Promise<T>): Promise<T>
  withStepUp: WithStepUp
  /** To be called when nobody is signed in any more. */
  leave(): Promise<void>
}

/** The account of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestAccount {
  /** Everything that the service keeps about the guest, as JSON. */
  export(): Promise<object>
  /**
   * Erases the guest for good, and ends all sessions. Asks for a passkey first if there is one and its last proof is
   * too old.
   */
  delete(): Promise<void>
}

/** The account functions of a client. */
export const createAccount = ({ call, exclusive, withStepUp, leave }: AccountContext): GuestAccount => ({
  export: () => call('GET', '/account/export'),
  delete: () =>
    // The step-up takes the lock itself, so it must run outside of it.
    withStepUp(() =>
      exclusive(async (call) => {
        await call('DELETE', '/account', {})
        forgetLastGuest()
        await leave()
      }),
    ),
})
