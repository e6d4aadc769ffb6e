// Sign-in as a regular user with a code that the service sends to a login ID.
import type { Call } from '../lib/http.ts'
import type { CodeAddress, CodeTransaction, GivenCode, LoginIdKey, SignedInGuest } from '../lib/types.ts'

/** Sign-in with a code. Everything rejects with GuestClientError. */
export interface GuestCodeSignIn {
  /**
   * Sends a code if an account has this login ID; the answer does not tell whether one has. Rejects with
   * `login_id_invalid`, `no_codes`, `too_many_codes` and others.
   */
  start(address: CodeAddress): Promise<CodeTransaction>
  /**
   * Signs in the user who has the login ID. Rejects with `code_wrong` (the user may try again: five attempts in all),
   * `code_expired`, `login_id_unknown`, `guest_merged`, `too_many_sessions` and others.
   */
  verify(given: GivenCode): Promise<SignedInGuest>
}

/** The members that the endpoints accept: a caller may pass an object with more. */
export const givenAddress = ({ type, value }: LoginIdKey) => ({ type, value })
export const givenCode = ({ transaction, code }: GivenCode) => ({ transaction, code })

/** The functions of a client for sign-in with a code; `change` sends a request that changes who is signed in. */
export const createCodeSignIn = (
  call: Call,
  change: (path: string, body: object) => Promise<SignedInGuest>,
): GuestCodeSignIn => ({
  start: (address) => call('POST', '/sign-in/code/start', givenAddress(address)),
  verify: (given) => change('/sign-in/code', givenCode(given)),
})
