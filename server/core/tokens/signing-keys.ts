// The keys that sign access tokens. All nodes share them through the store. The next key is published 15 minutes before
// it signs, and every key stays published until the last token that it signed has expired.

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

type SigningKey = { row: SigningKeyRow; publicJwk: JWK; publicKey: CryptoKey; privateKey?: KeyObject }
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
      rows.map(async (row) => ({ ...(before.get(row.kid) ?? (await open(row))), row })),
    )
    loadedAt = now()
    askedAt = performance.now()
  }

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

  async function open(row: SigningKeyRow): Promise<SigningKey> {
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
   * Adds the key of this generation, unless another node has added it already. `signsFrom` is in Unix seconds.
   * `retiresOthers`: the earlier keys retire RETIRE_BEHIND_SECONDS after it.
   */
  async function add(
    generation: number,
    signsFrom: number,
    { retiresOthers, notes = [], by = store }: { retiresOthers: boolean; notes?: Note[]; by?: Store },
  ): Promise<void> {
    const { generateKeyPair, exportJWK, calculateJwkThumbprint } = await jose()
    const algorithm = config.tokens.signingAlgorithm
    const pair = await generateKeyPair(algorithm, { extractable: true })
    const jwk = await exportJWK(pair.publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    await by.addSigningKey({
      key: {
        generation,
        kid,
        algorithm,
        signsFrom,
        retiresAt: null,
        publicKey: JSON.stringify({ ...jwk, kid, alg: algorithm, use: 'sig' }),
        privateKey: await encrypt(await exportJWK(pair.privateKey)),
      },
      previousRetiresAt: retiresOthers ? signsFrom + RETIRE_BEHIND_SECONDS : null,
      notes,
    })
    await reload()
  }

  const newest = () => known.at(-1)

  async function current(): Promise<{ kid: string; algorithm: string; key: KeyObject }> {
    const usable = (await keys()).filter((key) => isAlive(key) && key.privateKey)
    const key = usable.findLast(({ row }) => row.signsFrom <= now()) ?? usable[0]
    if (key) return { kid: key.row.kid, algorithm: key.row.algorithm, key: key.privateKey! }
    // The other keys do not retire: if this node has a wrong secret, all other nodes still sign with them.
    await add((newest()?.row.generation ?? 0) + 1, now(), { retiresOthers: false })
    return current()
  }

  /** Reads the keys again, unless they were read in the last five seconds. */
  async function askAgain(): Promise<void> {
    if (performance.now() - askedAt >= MIN_RELOAD_MILLISECONDS) await reload()
  }

  const published = async (kid: string) =>
    (await keys()).find((key) => key.row.kid === kid && isAlive(key))?.publicKey

  return {
    /** The key to sign with: the newest one that signs already. Makes the first key of a deployment. */
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
      await current()
      return { keys: known.filter(isAlive).map(({ publicJwk }) => publicJwk) }
    },

    /**
     * Adds a key that takes over in 15 minutes, unless such a key is there already. In Unix seconds: `signsFrom` is when
     * it begins to sign, and `previousRetiresAt` is when the previous key is no longer accepted. Writes the notes if it
     * adds a key.
     * Throws an `Error` without a code, and changes nothing, if this node's secret opens none of the keys. `by`: the store
     * in which an operator acts, if one asks for it.
     */
    async rotate({ notes = [], by = store }: { notes?: Note[]; by?: Store } = {}): Promise<{
      kid: string
      signsFrom: number
      previousRetiresAt: number
    }> {
      await keys()
      if (known.some(isAlive) && !known.some((key) => isAlive(key) && key.privateKey)) {
        throw new Error('the signing keys cannot be opened with this secret; nothing was changed')
      }
      await current()
      if (newest()!.row.signsFrom <= now()) {
        const signsFrom = now() + PUBLISH_AHEAD_SECONDS
        await add(newest()!.row.generation + 1, signsFrom, { retiresOthers: true, notes, by })
      }
      const { kid, signsFrom } = newest()!.row
      return { kid, signsFrom, previousRetiresAt: signsFrom + RETIRE_BEHIND_SECONDS }
    },

    /** All keys that have not retired, the oldest first. `signs`: it is the one that signs now. */
    async list(): Promise<(Omit<SigningKeyRow, 'publicKey' | 'privateKey'> & { signs: boolean })[]> {
      await askAgain()
      const { kid } = await current()
      return known.filter(isAlive).map(({ row }) => ({
        generation: row.generation,
        kid: row.kid,
        algorithm: row.algorithm,
        signsFrom: row.signsFrom,
        retiresAt: row.retiresAt,
        signs: row.kid === kid,
      }))
    },

    /** Whether the newest key has signed for `tokens.signingKeySeconds`, or has another algorithm than the configured one. */
    async isDue(): Promise<boolean> {
      await keys()
      const row = newest()?.row
      const { signingKeySeconds, signingAlgorithm } = config.tokens
      return (
        row !== undefined &&
        (now() - row.signsFrom >= signingKeySeconds || row.algorithm !== signingAlgorithm)
      )
    },
  }
}

export type SigningKeys = ReturnType<typeof createSigningKeys>
