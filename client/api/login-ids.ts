// The login IDs of the user: list them, choose the primary one, remove one.
import type { Call } from '../lib/http.ts'
import { type ForceOptions, forceQuery } from '../lib/options.ts'
import type { LoginId, LoginIdKey } from '../lib/types.ts'
import { givenAddress } from './code-sign-in.ts'

/** The login IDs of the user who is signed in; a guest has none. Everything rejects with GuestClientError. */
export interface GuestLoginIds {
  /** The primary one first. */
  list(): Promise<LoginId[]>
  /** Makes this one the primary one; returns all login IDs after that. Rejects with `not_found` and others. */
  setPrimary(loginId: LoginIdKey): Promise<LoginId[]>
  /**
   * Removes one; without any, the user is a guest again. Asks for a passkey first if there is one and its last proof
   * is too old. Rejects with `not_found`, and with `would_lose_account` if it is the last way in, unless `force` is
   * set.
   */
  remove(loginId: LoginIdKey, options?: ForceOptions): Promise<void>
}

type Answer = { login_ids: LoginId[] }

/** The login ID functions of a client. `changeWithStepUp` then asks again who is signed in. */
export const createLoginIds = (call: Call, changeWithStepUp: Call): GuestLoginIds => ({
  list: async () => (await call<Answer>('GET', '/login-ids')).login_ids,
  setPrimary: async (loginId) => (await call<Answer>('PATCH', '/login-ids', givenAddress(loginId))).login_ids,
  remove: async (loginId, options) =>
    changeWithStepUp('DELETE', `/login-ids${forceQuery(options)}`, givenAddress(loginId)),
})
