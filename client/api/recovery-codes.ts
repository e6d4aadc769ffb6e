// Recovery codes: ten texts to write down. Each one signs the guest in once.
import type { Call } from '../lib/http.ts'
import type { RecoveryCodes, RecoveryCodesLeft } from '../lib/types.ts'

/** The recovery codes of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestRecoveryCodes {
  /**
   * Makes ten new codes; the earlier ones stop working. They are returned only this once: the page must show them.
   * Asks for a passkey first if there is one and its last proof is too old.
   */
  create(): Promise<RecoveryCodes>
  /** How many codes are left, and when they were made. */
  status(): Promise<RecoveryCodesLeft>
  /**
   * Removes all codes, which stop working. Asks for a passkey first as `create` does. Rejects with
   * `would_lose_account` if they are the only way back, unless `force` is set.
   */
  remove(options?: { force?: boolean }): Promise<void>
}

const path = '/recovery-codes'

/** The recovery code functions of a client. `changeWithStepUp` then asks again who is signed in. */
export const createRecoveryCodes = (call: Call, changeWithStepUp: Call): GuestRecoveryCodes => ({
  create: () => changeWithStepUp('POST', path, {}),
  status: () => call('GET', path),
  remove: (options) => changeWithStepUp('DELETE', `${path}${options?.force ? '?force=true' : ''}`),
})
