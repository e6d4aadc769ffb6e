// A limit for work that nothing else would end.
import { GuestClientError } from './errors.ts'

/**
 * Waits for the work, at most this long: then its signal aborts. It counts by a timer, since older browsers have no
 * `AbortSignal.timeout`. Errors: `timeout`, and those of the work.
 */
export async function within<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  let timer: ReturnType<typeof setTimeout>
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new GuestClientError('timeout'))
      ending.abort()
    }, milliseconds)
  })
  return Promise.race([end, (async () => work(ending.signal))()]).finally(() => clearTimeout(timer))
}

/** What the browser says within two seconds; undefined if it cannot say, or fails. */
export const ifPossible = <T>(work: () => T | Promise<T>): Promise<T | undefined> =>
  within<T | undefined>(2000, work).catch(() => undefined)
