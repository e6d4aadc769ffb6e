// How a guest could come back: by which kind of passkey, by something else, or not at all.

import type { Recoverability } from '../types.ts'

/** How a guest with these passkeys could come back. One that is backed up is enough for `synced`. */
export const byPasskeys = (...passkeys: { backedUp: boolean }[]): Recoverability =>
  passkeys.some(({ backedUp }) => backedUp) ? 'synced' : 'passkey'

/** Whether a passkey could bring the guest back, so that there is one to prove. */
export const hasPasskey = (recoverability: Recoverability): boolean =>
  recoverability === 'passkey' || recoverability === 'synced'

/** Which of these promises is a guest's: a regular user's, or the one for how the guest could come back. */
export const promisedTo = <P>(
  promises: Record<Recoverability | 'promoted', P>,
  recoverability: Recoverability,
  promotedAt: number | null,
): P => promises[promotedAt === null ? recoverability : 'promoted']
