// A limit for work that nothing else would end.

/**
 * Waits for the work, at most until the signal aborts; then rejects with its reason. A browser without
 * `AbortSignal.timeout` has no signal, and waits.
 */
export const within = <T>(signal: AbortSignal | undefined, work: T | Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  ])
