// How a guest could come back: by which kind of passkey, by something else, or not at all.

import type { Recoverability } from '../types.ts'

/** How a guest with these passkeys could come back. One that is backed up is enough for `synced`. */
export const byPasskeys = (...passkeys: { backedUp: boolean }[]): Recoverability =>
  passkeys.some(({ backedUp }) => backedUp) ? 'synced' : 'passkey'

/** Whether a passkey could bring the guest back, so that there is one to prove. */
export const hasPasskey = (recoverability: Recoverability): boolean =>
  recoverability === 'passkey' || recoverability === 'synced'
