// Recovery codes: ten texts to write down. Each one signs the guest in once.
import type { Call } from '../lib/http.ts'
import { type ForceOptions, forceQuery } from '../lib/options.ts'
import type { RecoveryCodes, RecoveryCodesLeft } from '../lib/types.ts'

/** The recovery codes of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestRecoveryCodes {
  /**
   * Makes ten new codes; the earlier ones stop working. They are returned only this once: the page must show them, and
   * call `confirm` when the person says that they were written down. Asks for a passkey first if there is one and its
   * last proof is too old.
   */
  create(): Promise<RecoveryCodes>
  /**
   * Confirms that the codes were written down: only then do they count as a way back, in `recoverability` and at a
   * sign-out. Rejects with `not_found` if there are none.
   */
  confirm(): Promise<RecoveryCodesLeft>
  /** How many codes are left, when they were made, and whether they are confirmed. */
  status(): Promise<RecoveryCodesLeft>
  /**
   * Removes all codes, which stop working. Asks for a passkey first as `create` does. Rejects with
   * `would_lose_account` if they are the only way back, unless `force` is set.
   */
  remove(options?: ForceOptions): Promise<void>
}

const path = '/recovery-codes'

/** The recovery code functions of a client. `change` and `changeWithStepUp` then ask again who is signed in. */
export const createRecoveryCodes = (
  call: Call,
  change: Call,
  changeWithStepUp: Call,
): GuestRecoveryCodes => ({
  create: () => changeWithStepUp('POST', path, {}),
  confirm: () => change('POST', `${path}/confirm`, {}),
  status: () => call('GET', path),
  remove: async (options) => changeWithStepUp('DELETE', path + forceQuery(options)),
})
