// A store in IndexedDB for a session and its key. Both outlive the page, and no script can read the private key.
import { GuestClientError } from './errors.ts'

/** One record that all tabs share. Everything rejects with GuestClientError `storage`. */
export interface BrowserStore<Stored> {
  read(): Promise<Stored | undefined>
  /**
   * Replaces the record, or deletes it if `next` is undefined. With `expected`, only if the `id` of the record is
   * that one. Resolves to whether it did.
   */
  replace(next: Stored | undefined, expected?: number | string): Promise<boolean>
}

const stores = 'sessions'

/**
 * Opens the store of this `name`. The caller gives a record a new `id` with every change that other tabs must be able
 * to notice. If the browser cannot store the record, it lives in memory as long as the page does; with `mustLast`,
 * the attempt to store it rejects instead.
 */
export function openBrowserStore<Stored extends { id: number | string }>(
  name: string,
  mustLast = false,
): BrowserStore<Stored> {
  type Change = (stored: Stored | undefined, put: (next?: Stored) => void) => void
  let memory: { stored?: Stored | undefined } | undefined

  /** Runs one transaction: `change` may replace the record. Resolves to the record from before. */
  async function transact(change?: Change): Promise<Stored | undefined> {
    const db = memory ? undefined : await openDatabase()
    if (db) return inDatabase(db, change).finally(() => db.close())
    memory ??= {}
    const { stored } = memory
    change?.(stored, (next) => {
      if (next && mustLast) throw storageError('no IndexedDB')
      memory = { stored: next }
    })
    return stored
  }

  const inDatabase = (db: IDBDatabase, change?: Change) =>
    new Promise<Stored | undefined>((resolve, reject) => {
      // Durability is strict: the old refresh token is used up, and must not come back after a power cut.
      const transaction = db.transaction(stores, change ? 'readwrite' : 'readonly', { durability: 'strict' })
      const store = transaction.objectStore(stores)
      const reading: IDBRequest<Stored | undefined> = store.get(name)
      reading.onsuccess = () =>
        change?.(reading.result, (next) => {
          try {
            if (next) store.put(next, name)
            else store.delete(name)
          } catch {
            // DataCloneError: this browser cannot store keys, as some in private windows.
            if (mustLast) transaction.abort()
            else memory = { stored: next }
          }
        })
      transaction.oncomplete = () => resolve(reading.result)
      transaction.onabort = () => reject(storageError(transaction.error))
    })

  return {
    read: () => transact(),
    async replace(next, expected) {
      const fits = (stored?: Stored) => expected === undefined || stored?.id === expected
      return fits(await transact((stored, put) => fits(stored) && put(next)))
    },
  }
}

const storageError = (cause: unknown) => new GuestClientError('storage', cause)

/**
 * Opens the database. This is done for each transaction, since some browsers lose the connection of a page in the
 * background. Resolves to undefined if this browser has no IndexedDB that may be used. Any other failure may pass and
 * rejects with `storage`: if it were taken for an empty store, a new guest would be made.
 */
const openDatabase = () =>
  new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('guestkey', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(stores)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  }).catch((error: Error) => {
    if (!/Reference|Type|Security|InvalidState/.test(error.name)) throw storageError(error)
  })
