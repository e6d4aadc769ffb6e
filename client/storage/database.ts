// The database of this client in the browser: it outlives the page, and no script can read the private keys in it.
import { GuestClientError, isCode } from '../lib/errors.ts'
import { within } from '../lib/within.ts'
import type { Transact, Work } from '../platform/platform.ts'

const stores = 'sessions'

export const storageError = (cause: unknown) => new GuestClientError('storage', cause)

/**
 * The longest that a transaction may take: some browsers never answer until the page is loaded again. After a wait in vain
 * it is shorter, until there is an answer.
 */
let patienceMilliseconds = 5000

/**
 * Runs one transaction about the record of this `name`; with `work`, it may write. Resolves to the record from before in
 * an array, or to undefined if this browser has no IndexedDB that may be used. Rejects with `storage`.
 */
export const transact: Transact = (name, work) =>
  within(patienceMilliseconds, () => run(name, work)).then(
    (stored) => {
      patienceMilliseconds = 5000
      return stored
    },
    (error) => {
      if (isCode(error, 'timeout')) patienceMilliseconds = 200
      throw storageError(error)
    },
  )

async function run<Stored>(name: string, work?: Work<Stored>): Promise<[Stored | undefined] | undefined> {
  const db = await openDatabase()
  if (!db) return undefined
  return new Promise<[Stored | undefined]>((resolve, reject) => {
    // Durability is strict: the old refresh token is used up, and must not come back after a power cut.
    const transaction = db.transaction(stores, work ? 'readwrite' : 'readonly', { durability: 'strict' })
    const store = transaction.objectStore(stores)
    const reading: IDBRequest<Stored | undefined> = store.get(name)
    reading.onsuccess = () => work?.(reading.result, store, transaction)
    transaction.oncomplete = () => resolve([reading.result])
    transaction.onabort = () => reject(transaction.error)
  }).finally(() => db.close())
}

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
    if (!/Reference|Type|Security|InvalidState/.test(error.name)) throw error
  })
