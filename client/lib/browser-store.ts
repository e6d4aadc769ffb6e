// Where a session and its key outlive the page: IndexedDB, which keeps keys that nobody can read.
import { GuestClientError } from './errors.ts'

/** What all tabs share, of which one record is current at a time. Everything rejects with GuestClientError `storage`. */
export interface BrowserStore<Stored> {
  read(): Promise<Stored | undefined>
  /** Replaces what is there, or with `expected` only the one of that id; whether it did. */
  replace(next: Stored | undefined, expected?: number | string): Promise<boolean>
}

const stores = 'sessions'

/**
 * The store of this `name`; records have another `id` with every change that a tab must be able to tell. Where the
 * browser refuses to keep anything, it lives as long as the page; or, if it `mustLast`, is empty and takes nothing.
 */
export function openBrowserStore<Stored extends { id: number | string }>(
  name: string,
  mustLast = false,
): BrowserStore<Stored> {
  type Change = (stored: Stored | undefined, put: (next?: Stored) => void) => void
  let memory: { stored?: Stored | undefined } | undefined

  /** One transaction: what was there, after `change` had its say about what is to be there. */
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
      // Strict: the refresh token of before is used up, and must not come back after a power cut.
      const transaction = db.transaction(stores, change ? 'readwrite' : 'readonly', { durability: 'strict' })
      const store = transaction.objectStore(stores)
      const reading: IDBRequest<Stored | undefined> = store.get(name)
      reading.onsuccess = () =>
        change?.(reading.result, (next) => {
          try {
            if (next) store.put(next, name)
            else store.delete(name)
          } catch {
            // DataCloneError: a browser that keeps no keys, as some do not in private windows.
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
 * Opened each time: some browsers lose the connection of a page in the background. Undefined where there is none to
 * be had; any other failure may pass, and taking it for an empty store would make a new guest.
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
