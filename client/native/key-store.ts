// The records of a client in the key store of an app: each one is a JSON text under a name.
import { GuestClientError } from '../lib/errors.ts'
import { within } from '../lib/within.ts'
import type { Lock, Transact } from '../platform/platform.ts'

/** Where an app keeps texts: the Keychain, the Keystore, or a file that nobody else can read. */
export interface KeyStore {
  /** The text of this name; null or undefined if there is none. */
  get(name: string): Promise<string | null | undefined>
  /** Stores a text of at most 2,048 characters. It must be there when the promise resolves, after a power cut too. */
  set(name: string, text: string): Promise<unknown>
  delete(name: string): Promise<unknown>
}

/** The name in the key store: of letters, digits and `.`, `_`, `-` alone, since some key stores take no others. */
const nameIn = (name: string) => name.replace(/[^\w.-]+/g, '_')

/**
 * The longest that a transaction waits for the key store: a person may have to unlock it. What a key store does after that
 * is still done.
 */
const patienceMilliseconds = 60_000

/**
 * Transactions about these records: one at a time, since an app may have all of them in one file. A store that fails, or a text that is no JSON, rejects
 * with `storage`: if that were taken for an empty store, a new guest would be made.
 */
export const transactIn =
  (store: KeyStore, lock: Lock): Transact =>
  (name, work) =>
    lock('records', 'exclusive', patienceMilliseconds, async () => {
      try {
        const text = await within(patienceMilliseconds, async () => store.get(nameIn(name)))
        const stored = text ? JSON.parse(text) : undefined
        let change: (() => Promise<unknown>) | undefined
        work?.(
          stored,
          {
            put: (next) => {
              change = async () => store.set(nameIn(name), JSON.stringify(next))
              return undefined as never
            },
            delete: () => {
              change = async () => store.delete(nameIn(name))
              return undefined as never
            },
          },
          {
            abort() {
              change = undefined
            },
          },
        )
        if (change) await within(patienceMilliseconds, change)
        return [stored]
      } catch (error) {
        throw new GuestClientError('storage', error)
      }
    })
