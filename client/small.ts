// The exports of `@guestkey/client/small`: as `@guestkey/client`, for pages that only continue as guest. Passkeys come
// later too.
import { loadPasskeys } from './chunks.ts'
import { makeClient } from './client.ts'
import type { GuestClient, GuestClientOptions } from './index.ts'

/** As that of `@guestkey/client`. */
export function createGuestClient<Attributes = Record<string, unknown>>(
  options: GuestClientOptions = {},
): GuestClient<Attributes> {
  return makeClient(options, loadPasskeys)
}

export type * from './index.ts'
export { GuestClientError, type GuestClientErrorCode } from './lib/errors.ts'
