// The whole of what the service keeps of a guest: to take along, and to erase.
import type { Call } from '../lib/http.ts'
import type { WithStepUp } from './passkeys.ts'

/** What the account functions need of the client around them. */
export interface AccountContext {
  call: Call
  /** With no other request under way in any tab: for requests whose answer sets the cookie. */
  exclusive<T>(work: (call: Call) => Promise<T>): Promise<T>
  withStepUp: WithStepUp
  /** Nobody is signed in any more. */
  leave(): Promise<void>
}

/** The account of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestAccount {
  /** Everything that the service keeps of the guest, as JSON. */
  export(): Promise<object>
  /**
   * Erases the guest, after a step-up if there is a passkey and its last proof is too old. There is no way back;
   * nobody is signed in then, here or anywhere.
   */
  delete(): Promise<void>
}

/** The account functions of a client. */
export const createAccount = ({ call, exclusive, withStepUp, leave }: AccountContext): GuestAccount => ({
  export: () => call('GET', '/account/export'),
  delete: () =>
    // The step-up needs the lock for itself.
    withStepUp(() =>
      exclusive(async (call) => {
        await call('DELETE', '/account', {})
        await leave()
      }),
    ),
})
