// The methods that guestkey calls on a logger.

/** The part of pino's interface that guestkey uses. Any logger with these four methods works. */
export type Logger = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>
