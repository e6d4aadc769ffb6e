// Signing in as a regular user by a code, which is sent to a login ID.
import type { Call } from '../lib/http.ts'
import type { CodeAddress, CodeTransaction, GivenCode, SignedInGuest } from '../lib/types.ts'

/** Signing in by a code. Everything rejects with GuestClientError. */
export interface GuestCodeSignIn {
  /**
   * Sends a code, if anybody has this login ID: the answer does not tell. Rejects with `invalid_login_id`, `no_codes`,
   * `too_many_codes` and others.
   */
  start(address: CodeAddress): Promise<CodeTransaction>
  /**
   * Signs in whoever has the login ID. Rejects with `code_wrong` (which may be put right a few times), `code_expired`,
   * `guest_merged`, `too_many_sessions` and others.
   */
  verify(given: GivenCode): Promise<SignedInGuest>
}

/** What of it the doors take: callers may hand in all that they were given. */
export const givenCode = ({ transaction, code }: GivenCode) => ({ transaction, code })

/** The functions of a client for signing in by a code; `change` asks a door for what changes who is signed in. */
export const createCodeSignIn = (
  call: Call,
  change: (path: string, body: object) => Promise<SignedInGuest>,
): GuestCodeSignIn => ({
  start: ({ type, value }) => call('POST', '/sign-in/code/start', { type, value }),
  verify: (given) => change('/sign-in/code', givenCode(given)),
})
