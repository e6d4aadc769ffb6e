// A store for a session, or for a key.
import type { Transact, Work } from '../platform/platform.ts'
import { transact as inIndexedDb, storageError } from './database.ts'

/** One record that all tabs share. Everything rejects with GuestClientError `storage`. */
export interface BrowserStore<Stored> {
  read(): Promise<Stored | undefined>
  /**
   * Replaces the record, or deletes it if `next` is undefined. With `expected`, only if the `id` of the record is
   * that one; with null, only if there is none. Resolves to whether it did.
   */
  replace(next: Stored | undefined, expected?: number | string | null): Promise<boolean>
}

/**
 * Opens the store of this `name`. The caller gives a record a new `id` with every change that other tabs must be able
 * to notice. If the browser cannot store the record, it lives in memory as long as the page does; with `mustLast`,
 * the attempt to store it rejects instead.
 */
export function openBrowserStore<Stored extends { id: number | string }>(
  name: string,
  mustLast = false,
  transact: Transact = inIndexedDb,
): BrowserStore<Stored> {
  type Change = (stored: Stored | undefined, put: (next?: Stored) => void) => void
  let memory: { stored?: Stored | undefined } | undefined

  /** Runs one transaction: `change` may replace the record. Resolves to the record from before. */
  async function run(change?: Change): Promise<Stored | undefined> {
    const kept = memory ? undefined : await transact<Stored>(name, change && inDatabase(change))
    if (kept) return kept[0]
    memory ??= {}
    const { stored } = memory
    change?.(stored, (next) => {
      if (next && mustLast) throw storageError('no IndexedDB')
      memory = { stored: next }
    })
    return stored
  }

  const inDatabase =
    (change: Change): Work<Stored> =>
    (stored, store, transaction) =>
      change(stored, (next) => {
        try {
          if (next) store.put(next, name)
          else store.delete(name)
        } catch {
          // DataCloneError: this browser cannot store keys, as some in private windows.
          if (mustLast) transaction.abort()
          else memory = { stored: next }
        }
      })

  return {
    read: () => run(),
    async replace(next, expected) {
      const fits = (stored?: Stored) => expected === undefined || (stored?.id ?? null) === expected
      return fits(await run((stored, put) => fits(stored) && put(next)))
    },
  }
}
