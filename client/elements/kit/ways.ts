// The ways in which a guest could come back.
import type { GuestClient, UserInfo } from '../../index.ts'

/** How many there are: passkeys, keys of browsers, and the recovery codes as one. Without the login IDs. */
export async function countWays({ passkeys, deviceKeys, recoveryCodes }: GuestClient): Promise<number> {
  const [some, codes, keys] = await Promise.all([passkeys.list(), recoveryCodes.status(), deviceKeys.list()])
  return some.length + keys.length + (codes.confirmed && codes.left > 0 ? 1 : 0)
}

/** Whether this browser has the key of this guest. A browser may refuse its storage: then it has none. */
export const hasKeyOf = async (
  { deviceKey }: GuestClient,
  guest: UserInfo | null | undefined,
): Promise<boolean> => (await deviceKey.held().catch(() => null))?.anonymous_id === guest?.anonymous_id

/** Whether something would bring this guest back: a passkey, a key, codes or, for a regular user, an address. */
export const isSaved = (guest: UserInfo): boolean => !guest.is_anonymous || guest.recoverability !== 'none'
