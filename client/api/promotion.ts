// Promotion: the guest becomes a regular user, known by a login ID; and the way back.

import type { Call } from '../lib/http.ts'
import type { CodeAddress, CodeTransaction, GivenCode, PromotedGuest, UserInfo } from '../lib/types.ts'
import { givenCode } from './code-sign-in.ts'
import type { WithStepUp } from './passkeys.ts'

/** What the promotion functions need of the client around them. */
export interface PromotionContext {
  callWithStepUp: Call
  withStepUp: WithStepUp
  /** Asks a door for what changes who is signed in. */
  change: <G extends UserInfo>(path: string, body: object) => Promise<G>
}

/** Promotion by a code, without leaving the page. Everything rejects with GuestClientError. */
export interface GuestPromotion {
  /**
   * Sends a code to what the guest wants to be known by, after a step-up if there is a passkey and its last proof is
   * too old. Rejects with `invalid_login_id`, `no_codes`, `not_sent`, `too_many_codes` and others.
   */
  start(address: CodeAddress): Promise<CodeTransaction>
  /**
   * Makes the guest a regular user, with the same `sub`; of a user, adds another login ID. Rejects with `code_wrong`
   * (which may be put right a few times), `code_expired`, `promotion_refused`, `too_many_login_ids` and others; and with
   * `login_id_taken`, whose `ticket` is what `merge` takes once the guest has signed in to the account that has it.
   */
  verify(given: GivenCode): Promise<PromotedGuest>
  /**
   * Makes the user a guest again: the login IDs and the profile go, `sub` and passkeys stay. After a step-up, as for
   * `start`. Rejects with `not_promoted`, or with `would_lose_account` if there is no passkey, unless `force` is set.
   */
  undo(options?: { force?: boolean }): Promise<UserInfo>
}

/** The promotion functions of a client. */
export const createPromotion = ({
  callWithStepUp,
  withStepUp,
  change,
}: PromotionContext): GuestPromotion => ({
  start: ({ type, value }) => callWithStepUp('POST', '/promotion/start', { type, value }),
  verify: (given) => change('/promotion/verify', givenCode(given)),
  // The step-up needs the lock for itself.
  undo: (options) => withStepUp(() => change('/promotion/undo', { force: options?.force })),
})
