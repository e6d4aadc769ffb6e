// Locks that all tabs of an origin share (Web Locks).

/** In which modes a wait was in vain. The next one is short, until a lock is given again. */
const stuck = new Set<LockMode>()

/**
 * Does work while holding the lock of this name; in `exclusive` mode no other work holds it. Work waits for the lock at
 * most this long, because a frozen tab never releases it: then it goes on without. In `exclusive` mode it takes the lock
 * away from the others, so that they alone are too late. Without Web Locks, or if these fail, work does not wait.
 */
export const lock = <T>(
  name: string,
  mode: LockMode,
  milliseconds: number,
  work: () => Promise<T>,
): Promise<T> =>
  new Promise((resolve) => {
    let working: Promise<T> | undefined
    // Whoever loses the lock goes on: what counts is the work, and not the lock.
    const begin = () => {
      clearTimeout(timer)
      working ??= work()
      resolve(working)
      return working
    }
    const hold = async (steal = false) => {
      const granted = () => {
        stuck.clear()
        return begin()
      }
      return navigator.locks.request(name, { mode, steal }, granted)
    }
    const ignored = () => {}
    const timer = setTimeout(
      () => {
        stuck.add(mode)
        begin()
        if (mode === 'exclusive') hold(true).catch(ignored)
      },
      stuck.has(mode) ? 100 : milliseconds,
    )
    hold().catch(begin).catch(ignored)
  })
