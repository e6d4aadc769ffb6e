// Reads and verifies what a device key signs: a JWS with one `typ` for its registration and another for a sign-in.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import type { Context } from '../../context.ts'
import type { DeviceKey } from '../../types.ts'
import { type Challenge, type ChallengePurpose, isFor, openChallenge } from '../crypto/challenges.ts'
import { jose } from '../crypto/jose.ts'

type Algorithm = DeviceKey['algorithm']

class ProofError extends Error {}

/**
 * Why a proof is refused, for the log only. A library's message may quote the proof, so only its error's name is given.
 */
export const reasonIn = (error: unknown): string =>
  error instanceof ProofError ? error.message : `not verified: ${(error as Error).name}`

/** How far a device's clock may be off, either way. */
const DEVICE_CLOCK_SKEW_SECONDS = 60
/** How old a proof's `iat` may be, and how far ahead its `exp`; the clock skew is allowed on top. */
const KEY_PROOF_SECONDS = 5 * 60
/** Enough for an RSA key of 4,096 bits and its signature. */
const MAX_PROOF_CHARACTERS = 8192
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

const REGISTRATION = { typ: 'device-key-registration+jwt', purpose: 'register_device_key' } as const
const ASSERTION = { typ: 'device-key-assertion+jwt', purpose: 'device_key_sign_in' } as const

/** The form of a key's id: a SHA-256 in base64url. */
const KEY_ID = /^[\w-]{43}$/

/** The key type and curve of each algorithm, and the other members of its public key (RFC 7638, 3.2). */
const keyShapes: Record<Algorithm, { kty: string; crv?: string; others: string[] }> = {
  ES256: { kty: 'EC', crv: 'P-256', others: ['x', 'y'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', others: ['x'] },
  RS256: { kty: 'RSA', others: ['n', 'e'] },
}
/** Members that libraries add to a public key. They are ignored, because they do not tell which key it is. */
const decorations = ['alg', 'use', 'key_ops', 'ext', 'kid']

/** A verified registration: the key to add (`publicKey`: a JWK as JSON) and the challenge that it answers. */
export type KeyRegistration = {
  id: string
  algorithm: Algorithm
  publicKey: string
  challenge: Challenge<'register_device_key'>
}

/**
 * Reads and verifies a registration, which holds the public key and is signed with it. Throws if anything is wrong.
 */
export async function verifyKeyRegistration(
  ctx: Context,
  proof: string,
  { audiences, subject }: { audiences: string[]; subject: string },
): Promise<KeyRegistration> {
  const { header, claims } = await decodeProof(proof, REGISTRATION.typ, ['alg', 'jwk', 'typ'])
  const algorithm = algorithmOf(header)
  const publicKey = publicKeyOf(algorithm, header.jwk)
  const challenge = readClaims(ctx, claims, audiences, REGISTRATION.purpose)
  if (claims.sub !== subject) throw new ProofError('sub is not the guest of this session')
  if (!(await isSigned(proof, algorithm, publicKey))) throw new ProofError('signature wrong')
  const { calculateJwkThumbprint } = await jose()
  const id = await calculateJwkThumbprint(publicKey as JWK)
  return { id, algorithm, publicKey: JSON.stringify(publicKey), challenge }
}

/** What an assertion (RFC 7523, 3) claims, before its key is looked up and its signature verified. */
export type KeyAssertion = {
  text: string
  keyId: string
  algorithm: Algorithm
  anonymousId: string
  challenge: Challenge<'device_key_sign_in'>
}

/**
 * Reads an assertion, but does not verify its signature: `isSignedBy` does. Throws if anything else is wrong with it.
 */
export async function readKeyAssertion(
  ctx: Context,
  text: string,
  audiences: string[],
): Promise<KeyAssertion> {
  const { header, claims } = await decodeProof(text, ASSERTION.typ, ['alg', 'kid', 'typ'])
  const algorithm = algorithmOf(header)
  const challenge = readClaims(ctx, claims, audiences, ASSERTION.purpose)
  const { iss, sub, exp } = claims
  // The store is asked for well-formed ids only: PostgreSQL takes no NUL in a text.
  if (typeof header.kid !== 'string' || !KEY_ID.test(header.kid)) throw new ProofError('kid is not a key id')
  if (typeof sub !== 'string' || sub === '' || iss !== sub)
    throw new ProofError('iss and sub do not name one guest')
  if (exp === undefined) throw new ProofError('exp missing') // RFC 7523, 3: required
  return { text, keyId: header.kid, algorithm, anonymousId: sub, challenge }
}

/**
 * Whether this key signed the assertion. If the key is unknown, the signature is verified against a key of nobody, so
 * that both cases take the same time. Throws if the key cannot be used.
 */
export async function isSignedBy(
  { text, algorithm }: KeyAssertion,
  key: { publicKey: string; algorithm: Algorithm } | undefined,
): Promise<boolean> {
  const isIts = key?.algorithm === algorithm
  const publicKey = isIts ? JSON.parse(key.publicKey) : decoyKey(algorithm, text)
  return (await isSigned(text, algorithm, publicKey)) && isIts
}

type Members = Record<string, unknown>

/** The header and the claims, not yet verified. */
async function decodeProof(
  text: string,
  typ: string,
  members: string[],
): Promise<{ header: Members; claims: Members }> {
  if (text.length > MAX_PROOF_CHARACTERS) throw new ProofError('longer than 8192 characters')
  if (!COMPACT_JWS.test(text)) throw new ProofError('not a compact JWS')
  const { decodeJwt, decodeProtectedHeader } = await jose()
  const header: Members = decodeProtectedHeader(text)
  // Only these members are accepted: no key from elsewhere (jku, x5c, …), no extension (crit).
  if (Object.keys(header).toSorted().join() !== members.join())
    throw new ProofError('header has missing or unknown members')
  // A JWS that was signed for another purpose has another type (RFC 8725, 3.11).
  if (header.typ !== typ) throw new ProofError('typ of another purpose')
  return { header, claims: decodeJwt(text) }
}

function algorithmOf({ alg }: Members): Algorithm {
  if (typeof alg !== 'string' || !Object.hasOwn(keyShapes, alg)) throw new ProofError('alg not supported')
  return alg as Algorithm
}

/**
 * The challenge that the claims answer. Throws unless they are for us, recent, and for the purpose of the challenge.
 */
function readClaims<P extends ChallengePurpose>(
  ctx: Context,
  { aud, exp, iat, nbf, nonce }: Members,
  audiences: string[],
  purpose: P,
): Challenge<P> {
  // If there were several audiences, any other one could use the proof here.
  const [audience, ...more] = [aud].flat()
  if (more.length > 0 || !audiences.includes(audience as string))
    throw new ProofError('aud is not this service alone')
  const now = ctx.now()
  const [earliest, latest] = [now - DEVICE_CLOCK_SKEW_SECONDS, now + DEVICE_CLOCK_SKEW_SECONDS]
  if (!isWithin(iat, earliest - KEY_PROOF_SECONDS, latest))
    throw new ProofError('iat too old, or in the future')
  if (exp !== undefined && !isWithin(exp, earliest + 1, latest + KEY_PROOF_SECONDS))
    throw new ProofError('exp past, or too far ahead')
  if (nbf !== undefined && !isWithin(nbf, 0, latest)) throw new ProofError('nbf in the future')
  const challenge = typeof nonce === 'string' ? openChallenge(ctx, nonce) : undefined
  if (!challenge) throw new ProofError('challenge unknown or expired')
  if (!isFor(challenge, purpose)) throw new ProofError('challenge of another purpose')
  return challenge
}

const isWithin = (time: unknown, from: number, to: number): boolean =>
  typeof time === 'number' && time >= from && time <= to

/**
 * The members that make up the public key. Throws if it is not a key of this algorithm, in its one exact encoding.
 */
function publicKeyOf(algorithm: Algorithm, jwk: unknown): Record<string, string> {
  const { kty, crv, others } = keyShapes[algorithm]
  const members = (typeof jwk === 'object' && jwk !== null ? jwk : {}) as Members
  if (members.kty !== kty || members.crv !== crv)
    throw new ProofError('key type or curve does not fit the algorithm')
  const known = ['kty', ...(crv ? ['crv'] : []), ...others]
  // This also refuses a private key.
  if (!Object.keys(members).every((name) => known.includes(name) || decorations.includes(name)))
    throw new ProofError('unknown member of the key')
  const values = Object.fromEntries(others.map((name) => [name, exactBytes(members[name])]))
  if (kty === 'RSA') {
    // A large exponent or modulus would take long to verify.
    if (members.e !== 'AQAB' || !isModulus(values.n!))
      throw new ProofError('RSA key is not of 2048 to 4096 bits with exponent 65537')
  } else if (Object.values(values).some(({ length }) => length !== 32))
    throw new ProofError('key coordinate is not of 32 bytes')
  if (kty === 'OKP' && isOfSmallOrder(values.x!)) throw new ProofError('point of small order')
  return Object.fromEntries(known.map((name) => [name, members[name] as string]))
}

/**
 * The bytes of a base64url text. The encoding must be exact: base64url has spare bits, and a second text for the same
 * bytes would give the same key a second id.
 */
function exactBytes(value: unknown): Buffer {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64url')
  if (bytes.length === 0 || bytes.toString('base64url') !== value)
    throw new ProofError('key is not exact base64url')
  return bytes
}

/** Whether a modulus has 2,048 (RFC 7518, 3.3) to 4,096 bits, without leading zeros (RFC 7518, 6.3.1.1). */
const isModulus = (n: Buffer): boolean =>
  n[0] !== 0 && (n.length > 256 || (n.length === 256 && n[0]! >= 0x80)) && n.length <= 512

/**
 * The y of all Ed25519 points with an order of 8 or less. Anybody can sign as such a key, at least for older OpenSSL.
 */
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

function isOfSmallOrder(point: Buffer): boolean {
  const y = Buffer.from(point)
  y[31]! &= 0x7f // the highest bit is the sign of x
  return smallOrder.includes(y.toString('hex'))
}

/** Whether this public key signed a JWS. Throws if the key cannot be used (a point off its curve). */
async function isSigned(text: string, algorithm: Algorithm, publicKey: object): Promise<boolean> {
  const { compactVerify, errors, importJWK } = await jose()
  const key = await importJWK(publicKey as JWK, algorithm)
  try {
    await compactVerify(text, key, { algorithms: [algorithm] })
    return true
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return false
    throw error
  }
}

const decoys = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
const noise = randomBytes(512)

/**
 * A public key of nobody. For RSA, any odd modulus of the same length takes as long to verify as a product of primes.
 */
function decoyKey(algorithm: Algorithm, text: string): object {
  if (algorithm === 'RS256') {
    const signature = Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url')
    const n = Buffer.from(noise.subarray(0, Math.min(Math.max(signature.length, 256), 512)))
    n[0]! |= 0x80
    n[n.length - 1]! |= 1
    return { kty: 'RSA', n: n.toString('base64url'), e: 'AQAB' }
  }
  return decoys[algorithm].publicKey.export({ format: 'jwk' })
}
