// What a web page imports of guestkey.
export { createGuestClient, type GuestClient, type GuestClientOptions } from './client.ts'
export { GuestClientError, type GuestClientErrorCode } from './errors.ts'
export type { GuestListener } from './guest-state.ts'
export type { GuestPasskeys } from './passkeys.ts'
export type { GuestSessions } from './sessions.ts'
export type {
  Guest,
  GuestSession,
  GuestWithPasskey,
  Passkey,
  PreviousGuest,
  Recoverability,
  SignedInGuest,
} from './types.ts'
