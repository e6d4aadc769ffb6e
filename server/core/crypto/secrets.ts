// Secrets: how they are made, hashed, compared, and derived from the deployment's one secret.

import { createHmac, hash, hkdfSync, randomFillSync, timingSafeEqual } from 'node:crypto'

/** A deployment's keys, each for one purpose, all derived from its secret by HKDF-SHA-256 (RFC 5869). */
export type Keys = Readonly<
  Record<
    | 'session'
    | 'challenge'
    | 'userHandle'
    | 'successor'
    | 'refresh'
    | 'sealedRefresh'
    | 'signing'
    | 'code'
    | 'authorization'
    | 'authorizationCode'
    | 'flow'
    | 'seen'
    | 'work'
    | 'apps',
    Buffer
  >
>

export function deriveKeys(secret: string): Keys {
  const key = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `guestkey ${purpose}`, 32))
  return {
    session: key('sealed session'),
    challenge: key('challenge'),
    userHandle: key('user handle'),
    successor: key('successor token'),
    refresh: key('refresh token'),
    sealedRefresh: key('sealed refresh token'),
    signing: key('signing keys at rest'),
    code: key('codes'),
    authorization: key('authorization requests'),
    authorizationCode: key('authorization codes'),
    flow: key('flows at providers'),
    seen: key('last seen'),
    work: key('proof of work'),
    apps: key('known apps'),
  }
}

// One call to the system for many ids is much cheaper than one call for each id.
const pool = Buffer.allocUnsafe(4096)
let used = pool.length

/** Random bits as base64url: 128 for ids, 256 for tokens. */
export function randomId(bits: 128 | 256): string {
  const bytes = bits / 8
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const id = pool.toString('base64url', used, used + bytes)
  pool.fill(0, used, used + bytes) // no copy of the id stays in the pool
  used += bytes
  return id
}

/** The hash by which the store knows a token: SHA-256, base64url. A random 256-bit token needs no slow hash. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url')

/** HMAC-SHA-256, base64url. */
export const mac = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url')

/** HMAC-SHA-512, base64url: 64 bytes that only the holder of the key can compute. */
export const longMac = (key: Buffer, text: string): string =>
  createHmac('sha512', key).update(text).digest('base64url')

/** Compares texts in constant time. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
