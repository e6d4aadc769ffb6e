// The device key that this browser holds, of whatever guest: a page reads and marks it at each sign-in. What else can be done
// with it comes later, see `api/device-key.ts`.
import type { SigningKey, Transact } from '../platform/platform.ts'
import { transact as inIndexedDb } from '../storage/database.ts'

/** The stored record: the key, and which guest it signs in. `mayResume` as `may_resume` of HeldKey. */
export interface Held {
  id: string
  anonymousId: string
  mayResume: boolean
  key: SigningKey
  /** The issuer when the key was made. Clients of 0.5 read it here; this one asks for it. */
  issuer?: string
  /** What the guest called the device. Also undefined if an earlier version of this client made the key. */
  name?: string | undefined
  /** The key that this one replaces, kept until it is certain that the server has accepted this one. */
  before?: Held | undefined
}

/** Where the key is in the database. An entry of that name is in localStorage while there is a key. */
export const placeOf = (name: string) => `${name}:key`

/** The key of the client of this `name`, if there is one. Rejects with `storage`. */
export const readHeld = async (name: string, transact: Transact = inIndexedDb): Promise<Held | undefined> =>
  (await transact<Held>(placeOf(name)))?.[0]

/** The key, if its guest may come back unasked. Rejects with `storage` if there may be one that cannot be read. */
export async function readResumable(name: string, transact?: Transact): Promise<Held | undefined> {
  const held = await readHeld(name, transact).catch((error) => {
    if (transact || wasKept(name)) throw error
  })
  return held?.mayResume ? held : undefined
}

/**
 * Notes who is signed in here from now on, by an action of the user; undefined if nobody is. Only that guest may come back
 * unasked. Rejects with `storage`.
 */
export const mark = (name: string, anonymousId?: string, transact: Transact = inIndexedDb) =>
  transact<Held>(placeOf(name), (held, store) => {
    const mayResume = held?.anonymousId === anonymousId
    if (held && held.mayResume !== mayResume) store.put({ ...held, mayResume }, placeOf(name))
  })

/** If the key store fails, the entry tells whether it ever held a key. */
function wasKept(name: string) {
  try {
    return localStorage.getItem(placeOf(name)) !== null
  } catch {
    return true
  }
}
