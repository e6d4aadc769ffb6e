// What asks for a fresh passkey proof, as the other parts of the client see it.

/**
 * Notes which proofs there are when a request begins. If that request is refused for want of a fresh proof, call the
 * function that it returns: it asks for one, unless one has come in between.
 */
export type WatchProofs = () => () => Promise<void>

/** Does some work. If the server asks for a fresh proof (RFC 9470), asks for a passkey and does the work once more. */
export type WithStepUp = <T>(work: () => Promise<T>) => Promise<T>
