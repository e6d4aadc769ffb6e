// Locks that all tabs of an origin share (Web Locks); where the browser has none, there is nothing to wait for.

/** Does some work, in the `exclusive` mode while nobody else with a lock of this name is at it. */
export const lock = <T>(name: string, mode: LockMode, work: () => Promise<T>): Promise<T> =>
  globalThis.navigator?.locks ? navigator.locks.request(name, { mode }, work) : work()
