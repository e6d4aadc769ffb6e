// Whether a guest is saved.
import type { UserInfo } from '../../index.ts'

/** Whether something would bring this guest back: a passkey, a key, codes or, for a regular user, an address. */
export const isSaved = (guest: UserInfo): boolean => !guest.is_anonymous || guest.recoverability !== 'none'
