// The public face of the server: what `import … from 'guestkey'` gives.

export type { Logger } from './context.ts'
export type { GuestEvents, LeftGuest } from './core/events.ts'
export type { Guest, Recoverability } from './core/guests.ts'
export type { Passkey } from './core/passkeys.ts'
export { type ErrorCode, GuestError } from './errors.ts'
export { type GuestKey, guestkey } from './guestkey.ts'
export type { Middleware } from './http/router.ts'
export { type Options, OptionsError } from './options.ts'
