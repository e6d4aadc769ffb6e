// What an app gives the client in place of what a browser has. Whatever it leaves out is that of the browser.

/** Gets the record when it has been read, and may replace or delete it; `abort` undoes that. */
export type Work<Stored> = (
  stored: Stored | undefined,
  store: Pick<IDBObjectStore, 'put' | 'delete'>,
  transaction: Pick<IDBTransaction, 'abort'>,
) => void

/**
 * Runs one transaction about the record of this `name`; with `work`, it may write. Resolves to the record from before in
 * an array, or to undefined if nothing can be stored here at all. Rejects with `storage`.
 */
export type Transact = <Stored>(
  name: string,
  work?: Work<Stored>,
) => Promise<[Stored | undefined] | undefined>

/**
 * Does work while holding the lock of this name; in `exclusive` mode no other work holds it. Work waits for the lock at
 * most this long, and then goes on without.
 */
export type Lock = <T>(
  name: string,
  mode: LockMode,
  milliseconds: number,
  work: () => Promise<T>,
) => Promise<T>

/** The public half of a P-256 key. Its members are in the order of RFC 7638, 3, so the hash of its JSON is its thumbprint. */
export type PublicJwk = Record<'crv' | 'kty' | 'x' | 'y', string>

/** A P-256 key of an app: its public half, and what the app knows the private half by. */
export interface AppKey {
  jwk: PublicJwk
  handle: string
}

/** A key as records and tokens have it: that of a browser, or of an app. */
export type SigningKey = CryptoKeyPair | AppKey

/** P-256 keys. Each implementation gets only the keys that it made. */
export interface Keys<Key extends SigningKey = SigningKey> {
  /** A new key; undefined if none can be made here. */
  create(): Promise<Key | undefined>
  publicJwk(key: Key): PublicJwk | Promise<PublicJwk>
  /** The ES256 signature of these bytes: R and S, 32 bytes each. */
  sign(key: Key, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer | Uint8Array>
}

/** How a client leaves for the service's own page, and what it remembers until it is back. */
export interface Leaving {
  /** Stores what was begun under this name. Rejects with `storage`. */
  write(name: string, begun: { state: string }): unknown
  /** What was begun with this `state`: once, then undefined. Rejects with `storage`. */
  take<Begun extends { state: string }>(
    name: string,
    state: string,
  ): Begun | undefined | Promise<Begun | undefined>
  /** Opens the page. An app returns a promise of the URL with the answer. */
  leave(url: string): unknown
  /** The answer with this `state` is being handed in: nobody must hand it in again. */
  clear?(state: string): void
}

/** What an app gives in place of what a browser has. */
export interface Platform {
  transact?: Transact
  lock?: Lock
  /** Whether somebody is to be signed in here. Default: whether this is a browser, and no server. */
  isHere?: () => boolean
  /** Whether other tabs have the same store. Default: true. */
  hasTabs?: boolean
  fetch?: typeof fetch
  keys?: Keys
  leaving?: Leaving
}
