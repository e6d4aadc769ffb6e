// The keys of the issuer: read when they are needed, and kept for five minutes.

import { VerifyError } from './errors.ts'
import { expect, importKey, type Jwk } from './jws.ts'

/** As long as the issuer lets them be cached. A new key is published fifteen minutes before it signs. */
const FRESH_MILLISECONDS = 5 * 60_000
/** After an attempt, however it ended, the next one waits this long: an unknown `kid` costs the issuer no more. */
const PAUSE_MILLISECONDS = 10_000
/** How long keys count that could not be read again. */
const STALE_MILLISECONDS = 24 * 60 * 60_000
const TIMEOUT_MILLISECONDS = 5000

/** On Cloudflare, a request must not wait for what another one has begun. */
const sharesRequests = () => globalThis.navigator?.userAgent !== 'Cloudflare-Workers'

export type KeySource = {
  url: string
  algorithms: readonly string[]
  fetch: (url: string, init: RequestInit) => Promise<Response>
  now: () => number
}

/**
 * Finds keys by `kid`: undefined if the issuer has no such key. If reading fails, the keys of before count for a day.
 * Throws a VerifyError: `unavailable`.
 */
export function createKeys({ url, algorithms, fetch, now }: KeySource) {
  let known = new Map<unknown, Jwk & { key?: Promise<CryptoKey> }>()
  let readAt = Number.NEGATIVE_INFINITY
  let triedAt = readAt
  let failure: unknown
  let reading: Promise<void> | undefined

  async function read(): Promise<void> {
    triedAt = now()
    try {
      // Followed redirects could lead to anybody's keys. Not 'error', which Cloudflare does not know.
      const init: RequestInit = { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) }
      const answer = await fetch(url, init)
      expect(answer.ok, `its status is ${answer.status}`)
      const { keys } = (await answer.json()) as { keys: Jwk[] }
      known = new Map(keys.filter(({ alg }) => algorithms.includes(alg!)).map((key) => [key.kid, key]))
      readAt = triedAt
      failure = undefined
    } catch (error) {
      failure = error
    }
    reading = undefined
  }

  return async (kid: unknown, alg: string): Promise<CryptoKey | undefined> => {
    const isDue = now() - readAt >= FRESH_MILLISECONDS || !known.has(kid)
    if (isDue && (reading || now() - triedAt >= PAUSE_MILLISECONDS)) {
      if (!reading || !sharesRequests()) reading = read()
      await reading
    }
    const jwk = now() - readAt < STALE_MILLISECONDS ? known.get(kid) : undefined
    if (!jwk && failure) throw new VerifyError('unavailable', `no keys from ${url}`, failure)
    if (jwk?.alg !== alg) return undefined
    jwk.key ??= importKey(alg, jwk)
    return jwk.key
  }
}
