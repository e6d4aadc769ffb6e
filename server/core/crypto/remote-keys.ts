// The public keys that another server publishes (RFC 7517, 5): read when they are needed, within limits, and kept.

import type { JWK, JWTVerifyGetKey } from 'jose'
import { GuestError } from '../../errors.ts'
import { isLoopback } from '../../localhost.ts'
import { jose } from './jose.ts'

/** How long keys are kept before they are read again, and after an attempt, until the next one for an unknown `kid`. */
const FRESH_SECONDS = 10 * 60
const PAUSE_SECONDS = 30
/** How long keys count that could not be read again. */
const STALE_SECONDS = 24 * 60 * 60
const TIMEOUT_MILLISECONDS = 5000
/** A key is about 400 bytes. */
const MAX_BYTES = 256 * 1024

/** Where the keys are: at `jwksUri`, or where the metadata of the issuer says (OpenID Connect Discovery 1.0, 4). */
export type KeysOf = { issuer: string; jwksUri?: string | undefined }

/**
 * Finds the key of a token. Its errors are those of jose; `unavailable` if the keys cannot be read, and none of the last day
 * are known. `now` is in Unix seconds.
 */
export function createRemoteKeys({ issuer, jwksUri }: KeysOf, now: () => number): JWTVerifyGetKey {
  let known: JWTVerifyGetKey | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let failure: unknown
  let reading: Promise<void> | undefined

  async function read(): Promise<void> {
    triedAt = now()
    try {
      const { createLocalJWKSet } = await jose()
      known = createLocalJWKSet((await readJson(jwksUri ?? (await discover(issuer)))) as { keys: JWK[] })
      readAt = triedAt
      failure = undefined
    } catch (error) {
      failure = error
    }
  }

  /** Reads the keys, unless that was tried a short time ago. */
  async function refresh(): Promise<void> {
    if (!reading && now() - triedAt < PAUSE_SECONDS) return
    reading ??= read().finally(() => {
      reading = undefined
    })
    await reading
  }

  return async (header, token) => {
    if (now() - readAt >= FRESH_SECONDS) await refresh()
    const before = usable()
    const { errors } = await jose()
    try {
      return await before(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await refresh()
      return usable()(header, token)
    }
  }

  function usable(): JWTVerifyGetKey {
    if (known && now() - readAt < STALE_SECONDS) return known
    throw new GuestError('unavailable', { reason: `no keys of ${issuer}`, cause: failure })
  }
}

async function discover(issuer: string): Promise<string> {
  const document = await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  if (document.issuer !== issuer) throw new Error(`the metadata is of ${document.issuer}, not of ${issuer}`)
  const url = new URL(String(document.jwks_uri))
  if (url.protocol !== 'https:' && !isLoopback(url))
    throw new Error(`the keys at ${url.href} are not at https`)
  return url.href
}

/** Follows no redirect, which could lead to anybody's keys. */
async function readJson(url: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) })
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}, not 200`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new Error(`${url} answered more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString())
}
