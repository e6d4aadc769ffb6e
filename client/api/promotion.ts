// Promotion: a guest becomes a regular user by a login ID that a code has verified. Demotion: the user becomes a
// guest again.

import type { Call } from '../lib/http.ts'
import { type ForceOptions, isForced } from '../lib/options.ts'
import type { WithStepUp } from '../lib/step-up.ts'
import type { CodeAddress, CodeTransaction, GivenCode, PromotedGuest, UserInfo } from '../lib/types.ts'
import { givenAddress, givenCode } from './code-sign-in.ts'

/** What the promotion functions need from the rest of the client. */
export interface PromotionContext {
  callWithStepUp: Call
  withStepUp: WithStepUp
  /** Sends a request that changes who is signed in. */
  change: <G extends UserInfo>(path: string, body: object) => Promise<G>
}

/** Promotion with a code, without leaving the page. Everything rejects with GuestClientError. */
export interface GuestPromotion {
  /**
   * Sends a code to the address that is going to be the login ID. Asks for a passkey first if there is one and its
   * last proof is too old. Rejects with `login_id_invalid`, `no_codes`, `not_sent`, `too_many_codes` and others.
   */
  start(address: CodeAddress): Promise<CodeTransaction>
  /**
   * Makes the guest a regular user with the same `sub`; adds a further login ID if the guest is a user already.
   * Rejects with `code_wrong` (the user may try again: five attempts in all), `code_expired`, `promotion_refused`,
   * `too_many_login_ids` and others. Rejects with `login_id_taken` if another account has the login ID. The `ticket`
   * of that error is for `merge`, after the guest has signed in to that account.
   */
  verify(given: GivenCode): Promise<PromotedGuest>
  /**
   * Makes the user a guest again: deletes the login IDs and the profile; `sub` and passkeys stay. Asks for a passkey
   * first as `start` does. Rejects with `not_promoted`; with `would_lose_account` if nothing else brings the guest
   * back (passkey, device key or recovery code), unless `force` is set; and others.
   */
  undo(options?: ForceOptions): Promise<UserInfo>
}

/** The promotion functions of a client. */
export const createPromotion = ({
  callWithStepUp,
  withStepUp,
  change,
}: PromotionContext): GuestPromotion => ({
  start: (address) => callWithStepUp('POST', '/promotion/start', givenAddress(address)),
  verify: (given) => change('/promotion/verify', givenCode(given)),
  // The step-up takes the lock itself, so it must run outside of it.
  undo: (options) => withStepUp(async () => change('/promotion/undo', { force: isForced(options) })),
})
