// Locks within one process, which is all that there is of an app.
import type { Lock } from '../platform/platform.ts'

/** What work for a lock waits for: the last exclusive work, and the shared work since. */
interface Queue {
  last: Promise<unknown>
  shared: Set<Promise<unknown>>
}

/** Waits for this, which does not reject, but no longer than so many milliseconds. */
const atMost = (milliseconds: number, before: Promise<unknown>) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    void before.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })

/** Locks as those of Web Locks: exclusive work runs alone, in the order in which it asked. */
export function createLocks(): Lock {
  const queues = new Map<string, Queue>()

  return async (name, mode, milliseconds, work) => {
    const queue = queues.get(name) ?? { last: Promise.resolve(), shared: new Set() }
    queues.set(name, queue)
    const before = mode === 'shared' ? queue.last : Promise.all([queue.last, ...queue.shared])
    const result = atMost(milliseconds, before).then(work)
    const ended = result.then(
      () => {},
      () => {},
    )
    if (mode === 'shared') {
      queue.shared.add(ended)
      void ended.then(() => queue.shared.delete(ended))
    } else {
      queue.last = ended
      queue.shared = new Set()
    }
    return result
  }
}
