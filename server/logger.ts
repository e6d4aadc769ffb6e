// What guestkey asks of a logger.

/** The part of pino's interface that guestkey uses; any logger with these methods will do. */
export type Logger = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>
