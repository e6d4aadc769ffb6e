// The public face of the server: what `import … from 'guestkey'` gives.

export type { Logger } from './context.ts'
export type { GuestEvents } from './core/events.ts'
export { type ErrorCode, GuestError } from './errors.ts'
export { type GuestKey, guestkey } from './guestkey.ts'
export type { Middleware } from './http/router.ts'
export { type ClientOptions, type Options, OptionsError, type PostgresOptions } from './options.ts'
export type { Guest, GuestSession, Passkey, PreviousGuest, Recoverability, Tokens } from './types.ts'
