// The keys that sign access tokens and ID tokens. All nodes share them through the store. The next key is published 15 minutes
// before it signs, and every key stays published until the last token that it signed has expired. Each algorithm that is in
// use has a current key: access tokens have `tokens.signingAlgorithm`, and ID tokens that of their client.

import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { CryptoKey, JWK } from 'jose'
import type { Logger } from '../../logger.ts'
import type { Config } from '../../options/options.ts'
import type { Note, SigningKeyRow, Store } from '../../store/store.ts'
import { jose } from '../crypto/jose.ts'
import type { Keys } from '../crypto/secrets.ts'

/** How long others may cache the JWKS (its max-age): 5 minutes. */
export const JWKS_SECONDS = 5 * 60
/** After how long a node reads the keys again, because another node may have added one. */
const RELOAD_SECONDS = 60
/** How long a key is published before it signs: 15 minutes, so that every node and every cache knows it by then. */
const PUBLISH_AHEAD_SECONDS = 3 * JWKS_SECONDS
/** How long a key stays published after it stops signing: no token lives for more than an hour. */
const RETIRE_BEHIND_SECONDS = 60 * 60 + 2 * RELOAD_SECONDS
/** An unknown `kid` makes a node read the keys again, but at most this often. */
const MIN_RELOAD_MILLISECONDS = 5000
const MAX_TRIES = 5

/**
 * A node of 0.5 signs access tokens with the newest key that signs already, whatever its algorithm is. So the row of a key for
 * ID tokens alone says that it signs this many seconds later than it does: such a node publishes the key, and never signs with
 * it.
 */
const HIDDEN_SECONDS = 2 ** 40

/** `row` as the store has it, but for `signsFrom`. `forIdTokens`: it signs no access tokens. */
type SigningKey = {
  row: SigningKeyRow
  forIdTokens: boolean
  publicJwk: JWK
  publicKey: CryptoKey
  privateKey?: KeyObject
}
type SigningKeyDeps = {
  config: Config
  keyring: readonly Keys[]
  store: Store
  logger: Logger
  now: () => number
}

/** This node's view of the deployment's signing keys. */
export function createSigningKeys({ config, keyring, store, logger, now }: SigningKeyDeps) {
  let known: SigningKey[] = []
  let loadedAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined

  async function load(): Promise<void> {
    const rows = await store.listSigningKeys({})
    const before = new Map(known.map((key) => [key.row.kid, key]))
    known = await Promise.all(
      rows.map(async (stored) => {
        const forIdTokens = stored.signsFrom >= HIDDEN_SECONDS
        const signsFrom = stored.signsFrom - (forIdTokens ? HIDDEN_SECONDS : 0)
        const row = { ...stored, signsFrom }
        return { ...(before.get(row.kid) ?? (await open(row))), row, forIdTokens }
      }),
    )
    loadedAt = now()
    askedAt = performance.now()
  }

  /** The algorithms that are in use: that of access tokens, and those of the clients that get ID tokens. */
  const algorithms = [...new Set([config.tokens.signingAlgorithm, ...idTokenAlgorithms(config)])]

  const reload = () => {
    loading ??= load().finally(() => {
      loading = undefined
    })
    return loading
  }

  /** All keys, read from the store at most a minute ago. */
  async function keys(): Promise<SigningKey[]> {
    if (Math.abs(now() - loadedAt) >= RELOAD_SECONDS) await reload()
    return known
  }

  async function open(row: SigningKeyRow): Promise<Omit<SigningKey, 'forIdTokens'>> {
    const { importJWK } = await jose()
    const publicJwk = JSON.parse(row.publicKey) as JWK
    const publicKey = (await importJWK(publicJwk, row.algorithm)) as CryptoKey
    const opened = await decrypt(row.privateKey)
    if (!opened) {
      logger.warn(
        { kid: row.kid },
        'a signing key cannot be opened with this secret: it can only verify tokens',
      )
      return { row, publicJwk, publicKey }
    }
    // Encrypted anew under the newest secret, so that the operator can remove the earlier one.
    if (opened.keys !== keyring[0]) {
      const privateKey = await encrypt(opened.jwk)
      await store.reencryptSigningKey({ generation: row.generation, privateKey })
    }
    const privateKey = createPrivateKey({ key: opened.jwk, format: 'jwk' })
    return { row, publicJwk, publicKey, privateKey }
  }

  async function decrypt(text: string): Promise<{ jwk: JWK; keys: Keys } | undefined> {
    const { compactDecrypt, errors } = await jose()
    for (const keys of keyring) {
      try {
        const { plaintext } = await compactDecrypt(text, keys.signing)
        return { jwk: JSON.parse(new TextDecoder().decode(plaintext)) as JWK, keys }
      } catch (error) {
        if (!(error instanceof errors.JWEDecryptionFailed)) throw error
      }
    }
    return undefined
  }

  async function encrypt(jwk: JWK): Promise<string> {
    const { CompactEncrypt } = await jose()
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(jwk)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(keyring[0]!.signing)
  }

  const isAlive = ({ row }: SigningKey) => row.retiresAt === null || row.retiresAt > now()

  /**
   * The keys that may sign with this algorithm, the oldest first. Until a new algorithm of access tokens has its first key, the
   * keys of the former one go on.
   */
  const candidates = (algorithm: string): SigningKey[] =>
    known.filter(({ row, forIdTokens }) =>
      algorithm === config.tokens.signingAlgorithm ? !forIdTokens : row.algorithm === algorithm,
    )

  /**
   * Adds the next key of an algorithm, unless another node has added one meanwhile. `signsFrom` is in Unix seconds.
   * `retiresOthers`: its earlier keys retire RETIRE_BEHIND_SECONDS after that.
   */
  async function add(
    algorithm: string,
    signsFrom: number,
    { retiresOthers, notes = [], by = store }: { retiresOthers: boolean; notes?: Note[]; by?: Store },
  ): Promise<boolean> {
    // Before anything else is waited for: if another node adds a key meanwhile, it has this generation.
    const generation = (known.at(-1)?.row.generation ?? 0) + 1
    const isForAccess = algorithm === config.tokens.signingAlgorithm
    const isInUseElsewhere = ({ row }: SigningKey) =>
      row.algorithm !== algorithm && algorithms.includes(row.algorithm)
    const retiring = candidates(algorithm).filter((key) => !isInUseElsewhere(key))
    const kept = known.filter((key) => !retiring.includes(key)).map(({ row }) => row.generation)
    const { generateKeyPair, exportJWK, calculateJwkThumbprint } = await jose()
    const pair = await generateKeyPair(algorithm, { extractable: true })
    const jwk = await exportJWK(pair.publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    const isAdded = await by.addSigningKey({
      key: {
        generation,
        kid,
        algorithm,
        signsFrom: signsFrom + (isForAccess ? 0 : HIDDEN_SECONDS),
        retiresAt: null,
        publicKey: JSON.stringify({ ...jwk, kid, alg: algorithm, use: 'sig' }),
        privateKey: await encrypt(await exportJWK(pair.privateKey)),
      },
      previousRetiresAt: retiresOthers ? signsFrom + RETIRE_BEHIND_SECONDS : null,
      kept,
      notes,
    })
    await reload()
    return isAdded
  }

  const newest = (algorithm: string) => candidates(algorithm).at(-1)

  async function current(
    algorithm: string = config.tokens.signingAlgorithm,
  ): Promise<{ kid: string; algorithm: string; key: KeyObject }> {
    await keys()
    const usable = candidates(algorithm).filter((key) => isAlive(key) && key.privateKey)
    const key = usable.findLast(({ row }) => row.signsFrom <= now()) ?? usable[0]
    if (key) return { kid: key.row.kid, algorithm: key.row.algorithm, key: key.privateKey! }
    // The other keys do not retire: if this node has a wrong secret, all other nodes still sign with them.
    await add(algorithm, now(), { retiresOthers: false })
    return current(algorithm)
  }

  /** Reads the keys again, unless they were read in the last five seconds. */
  async function askAgain(): Promise<void> {
    if (performance.now() - askedAt >= MIN_RELOAD_MILLISECONDS) await reload()
  }

  const published = async (kid: string) =>
    (await keys()).find((key) => key.row.kid === kid && isAlive(key))?.publicKey

  return {
    /**
     * The key to sign with: the newest one of this algorithm that signs already. Makes the first one.
     * `algorithm`: default, that of access tokens.
     */
    current,

    /** The public key with this `kid`, until it retires. */
    async find(kid: string): Promise<CryptoKey | undefined> {
      const found = await published(kid)
      if (found) return found
      await askAgain()
      return published(kid)
    },

    /** The JWK set to publish (RFC 7517, 5): all keys that have not retired. */
    async jwks(): Promise<{ keys: JWK[] }> {
      await askAgain() // another node may have just made the first key
      for (const algorithm of algorithms) await current(algorithm)
      return { keys: known.filter(isAlive).map(({ publicJwk }) => publicJwk) }
    },

    /**
     * Adds a key that takes over in 15 minutes for each of these algorithms (default: all in use), unless such a key is there
     * already. What it resolves to is about the key for access tokens. In Unix seconds: `signsFrom` is when it begins to sign,
     * and `previousRetiresAt` is when the previous key is no longer accepted. Writes the notes with the first key that it adds.
     * Throws an `Error` without a code, and changes nothing, if this node's secret opens none of the keys. `by`: the store
     * in which an operator acts, if one asks for it.
     */
    async rotate({
      due = algorithms,
      notes = [],
      by = store,
    }: {
      due?: string[]
      notes?: Note[]
      by?: Store
    } = {}): Promise<{
      kid: string
      signsFrom: number
      previousRetiresAt: number
    }> {
      await keys()
      if (known.some(isAlive) && !known.some((key) => isAlive(key) && key.privateKey)) {
        throw new Error('the signing keys cannot be opened with this secret; nothing was changed')
      }
      let unwritten = notes
      for (const algorithm of due) {
        await current(algorithm)
        // Another node may add the key of another algorithm at the same moment. Then this one is added after it.
        for (let tries = 0; tries < MAX_TRIES && newest(algorithm)!.row.signsFrom <= now(); tries++) {
          const signsFrom = now() + PUBLISH_AHEAD_SECONDS
          const isAdded = await add(algorithm, signsFrom, { retiresOthers: true, notes: unwritten, by })
          if (isAdded) unwritten = []
        }
      }
      await current()
      const { kid, signsFrom } = newest(config.tokens.signingAlgorithm)!.row
      return { kid, signsFrom, previousRetiresAt: signsFrom + RETIRE_BEHIND_SECONDS }
    },

    /** All keys that have not retired, the oldest first. `signs`: it is the one of its algorithm that signs now. */
    async list(): Promise<(Omit<SigningKeyRow, 'publicKey' | 'privateKey'> & { signs: boolean })[]> {
      await askAgain()
      const signing = await Promise.all(algorithms.map(async (one) => (await current(one)).kid))
      return known.filter(isAlive).map(({ row }) => ({
        generation: row.generation,
        kid: row.kid,
        algorithm: row.algorithm,
        signsFrom: row.signsFrom,
        retiresAt: row.retiresAt,
        signs: signing.includes(row.kid),
      }))
    },

    /**
     * The algorithms whose newest key has signed for `tokens.signingKeySeconds`, or is to retire without a successor; that of
     * access tokens also if its newest key has the former algorithm.
     */
    async due(): Promise<string[]> {
      await keys()
      return algorithms.filter((algorithm) => {
        const row = newest(algorithm)?.row
        if (!row) return false
        const isOld = now() - row.signsFrom >= config.tokens.signingKeySeconds
        return isOld || row.algorithm !== algorithm || row.retiresAt !== null
      })
    },
  }
}

/** The algorithms of the ID tokens of all clients that get any. */
const idTokenAlgorithms = ({ clients }: Config): string[] =>
  clients
    .filter(({ pairwise, scopes }) => pairwise !== undefined && scopes.includes('openid'))
    .map(({ idTokenAlgorithm }) => idTokenAlgorithm)

export type SigningKeys = ReturnType<typeof createSigningKeys>
