// Where the refresh token and its key outlive the page: IndexedDB, which keeps keys that nobody can read.
import { GuestClientError } from './errors.ts'

/** What a session goes on with. */
export interface Stored {
  /** Another one with every change, so that a tab can tell whether what it knows still holds. */
  id: number
  refreshToken: string
  key: CryptoKeyPair | undefined
}

/** The session of all tabs. Everything rejects with GuestClientError `storage`. */
export interface TokenStore {
  read(): Promise<Stored | undefined>
  /** Replaces what is there, or with `expected` only the one of that id; whether it did. */
  replace(next: Stored | undefined, expected?: number): Promise<boolean>
}

const stores = 'sessions'

type Change = (stored: Stored | undefined, put: (next?: Stored) => void) => void

/** The store of this `name`. Where the browser refuses to keep anything, it lives as long as the page. */
export function openTokenStore(name: string): TokenStore {
  let memory: { stored?: Stored | undefined } | undefined

  /** One transaction: what was there, after `change` had its say about what is to be there. */
  async function transact(change?: Change): Promise<Stored | undefined> {
    const db = memory ? undefined : await openDatabase()
    if (db) return inDatabase(db, change).finally(() => db.close())
    memory ??= {}
    const { stored } = memory
    change?.(stored, (next) => {
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
            memory = { stored: next }
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
    if (!/Reference|Security|InvalidState/.test(error.name)) throw storageError(error)
  })
