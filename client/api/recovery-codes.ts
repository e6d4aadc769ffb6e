// Recovery codes: texts to write down, each of which signs the guest in once.
import type { Call } from '../lib/http.ts'
import type { RecoveryCodes, RecoveryCodesLeft } from '../lib/types.ts'

/** The recovery codes of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestRecoveryCodes {
  /**
   * Makes ten new ones, after a step-up if there is a passkey and its last proof is too old; those from before are good
   * no more. They are told this once: the page has to show them.
   */
  create(): Promise<RecoveryCodes>
  /** How many are left. */
  status(): Promise<RecoveryCodesLeft>
  /**
   * Makes them good no more, after a step-up as for `create`. Rejects with `would_lose_account` if they are the only
   * way back, unless `force` is set.
   */
  remove(options?: { force?: boolean }): Promise<void>
}

const path = '/recovery-codes'

/** The recovery code functions of a client; `recheck` asks again who is signed in. */
export const createRecoveryCodes = (
  call: Call,
  callWithStepUp: Call,
  recheck: () => Promise<unknown>,
): GuestRecoveryCodes => ({
  async create() {
    const codes = await callWithStepUp<RecoveryCodes>('POST', path, {})
    await recheck()
    return codes
  },
  status: () => call('GET', path),
  async remove(options) {
    await callWithStepUp('DELETE', options?.force ? `${path}?force=true` : path)
    await recheck()
  },
})
