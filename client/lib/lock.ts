// Locks that all tabs of an origin share (Web Locks).

/**
 * Does work while holding the lock of this name; in `exclusive` mode no other work holds it. In a browser without Web
 * Locks, work does not wait.
 */
export const lock = <T>(name: string, mode: LockMode, work: () => Promise<T>): Promise<T> =>
  globalThis.navigator?.locks ? navigator.locks.request(name, { mode }, work) : work()
