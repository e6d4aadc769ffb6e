// The keys that sign access tokens: kept in the store, shared by all nodes, published before they are used.

import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { CryptoKey, JWK } from 'jose'
import type { Logger } from '../../logger.ts'
import type { Config } from '../../options/options.ts'
import type { SigningKeyRow, Store } from '../../store/store.ts'
import { jose } from '../crypto/jose.ts'
import type { Keys } from '../crypto/secrets.ts'

/** How long others may keep the JWKS (its max-age). */
export const JWKS_SECONDS = 5 * 60
/** How long a node may go without asking what the other ones added. */
const RELOAD_SECONDS = 60
/** Published for so long before it signs, a key is known to every node and every cache. */
const PUBLISH_AHEAD_SECONDS = 3 * JWKS_SECONDS
/** A key outlives the last token that it signed: no token lives for more than an hour. */
const RETIRE_BEHIND_SECONDS = 60 * 60 + 2 * RELOAD_SECONDS
/** What nobody knows has us ask the store again, but no more often than this. */
const MIN_RELOAD_MILLISECONDS = 5000

type SigningKey = { row: SigningKeyRow; publicJwk: JWK; publicKey: CryptoKey; privateKey?: KeyObject }
type SigningKeyDeps = {
  config: Config
  keyring: readonly Keys[]
  store: Store
  logger: Logger
  now: () => number
}

/** The deployment's signing keys as this node knows them. */
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

  /** All keys, no older than a minute. */
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
      logger.warn({ kid: row.kid }, 'a signing key cannot be opened with this secret: it only verifies')
      return { row, publicJwk, publicKey }
    }
    // An earlier secret may go once nothing is encrypted under it any more.
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

  /** Adds the next generation, unless another node has done so. */
  async function add(
    generation: number,
    signsFrom: number,
    { retiresOthers }: { retiresOthers: boolean },
  ): Promise<void> {
    const { generateKeyPair, exportJWK, calculateJwkThumbprint } = await jose()
    const algorithm = config.signingAlgorithm
    const pair = await generateKeyPair(algorithm, { extractable: true })
    const jwk = await exportJWK(pair.publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    await store.addSigningKey({
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
    })
    await reload()
  }

  const newest = () => known.at(-1)

  async function current(): Promise<{ kid: string; algorithm: string; key: KeyObject }> {
    const usable = (await keys()).filter((key) => isAlive(key) && key.privateKey)
    const key = usable.findLast(({ row }) => row.signsFrom <= now()) ?? usable[0]
    if (key) return { kid: key.row.kid, algorithm: key.row.algorithm, key: key.privateKey! }
    // Keys that this node cannot open are perhaps those of all others: they stay.
    await add((newest()?.row.generation ?? 0) + 1, now(), { retiresOthers: false })
    return current()
  }

  /** Asks the store again, unless it was asked a moment ago. */
  async function askedAgain(): Promise<boolean> {
    if (performance.now() - askedAt < MIN_RELOAD_MILLISECONDS) return false
    await reload()
    return true
  }

  const published = async (kid: string) =>
    (await keys()).find((key) => key.row.kid === kid && isAlive(key))?.publicKey

  return {
    /** The key to sign with: the newest whose time has come. The first one of a deployment is made here. */
    current,

    /** The public key of this kid, while it counts. */
    async find(kid: string): Promise<CryptoKey | undefined> {
      const found = await published(kid)
      return found ?? ((await askedAgain()) ? published(kid) : undefined)
    },

    /** What is published (RFC 7517, 5). */
    async jwks(): Promise<{ keys: JWK[] }> {
      await askedAgain() // another node may have made the first one a moment ago
      await current()
      return { keys: known.filter(isAlive).map(({ publicJwk }) => publicJwk) }
    },

    /**
     * Has a new key take over, in time for every node and cache to know it: when it begins to sign, and until when
     * the one before is believed. While that is under way already, it adds no other.
     */
    async rotate(): Promise<{ kid: string; signsFrom: number; previousRetiresAt: number }> {
      await keys()
      if (known.some(isAlive) && !known.some((key) => isAlive(key) && key.privateKey)) {
        throw new Error('the signing keys cannot be opened with this secret; nothing was changed')
      }
      await current()
      if (newest()!.row.signsFrom <= now()) {
        await add(newest()!.row.generation + 1, now() + PUBLISH_AHEAD_SECONDS, { retiresOthers: true })
      }
      const { kid, signsFrom } = newest()!.row
      return { kid, signsFrom, previousRetiresAt: signsFrom + RETIRE_BEHIND_SECONDS }
    },

    /** Whether the newest key has signed for as long as it should, or signs otherwise than is set now. */
    async isDue(): Promise<boolean> {
      await keys()
      const row = newest()?.row
      const age = config.signingKeyDays * 24 * 60 * 60
      return row !== undefined && (now() - row.signsFrom >= age || row.algorithm !== config.signingAlgorithm)
    },
  }
}

export type SigningKeys = ReturnType<typeof createSigningKeys>
