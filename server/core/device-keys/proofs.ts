// What a device key signs: a JWS of its own type for each purpose, and the keys that may sign one.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import type { Context } from '../../context.ts'
import type { DeviceKey } from '../../types.ts'
import { type Challenge, type ChallengePurpose, openChallenge } from '../crypto/challenges.ts'
import { jose } from '../crypto/jose.ts'

type Algorithm = DeviceKey['algorithm']

class ProofError extends Error {}

/** Why a proof is refused, for the log only. What others throw may hold what was sent. */
export const reasonIn = (error: unknown): string =>
  error instanceof ProofError ? error.message : `not verified: ${(error as Error).name}`

/** How far the clock of a device may be off. */
const DEVICE_CLOCK_SKEW_SECONDS = 60
/** How old a proof may be, and how long it may say that it is good for. */
const KEY_PROOF_SECONDS = 5 * 60
/** Takes a key of 4,096 bits with its signature. */
const MAX_PROOF_CHARACTERS = 8192
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

const REGISTRATION = { typ: 'device-key-registration+jwt', purpose: 'register_device_key' } as const
const ASSERTION = { typ: 'device-key-assertion+jwt', purpose: 'device_key_sign_in' } as const

/** What a key's id looks like: an SHA-256 in base64url. */
const KEY_ID = /^[\w-]{43}$/

/** The key type and curve that go with each algorithm, and what else makes up the public key (RFC 7638, 3.2). */
const keyShapes: Record<Algorithm, { kty: string; crv?: string; others: string[] }> = {
  ES256: { kty: 'EC', crv: 'P-256', others: ['x', 'y'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', others: ['x'] },
  RS256: { kty: 'RSA', others: ['n', 'e'] },
}
/** What libraries put beside a public key, and what says nothing about which key it is. */
const decorations = ['alg', 'use', 'key_ops', 'ext', 'kid']

/** Proof that somebody has a key, which is to be added to a guest. */
export type KeyRegistration = { id: string; algorithm: Algorithm; publicKey: string; challenge: Challenge }

/** Reads and verifies a registration, in which the key vouches for itself. Throws, whatever is wrong with it. */
export async function verifyKeyRegistration(
  ctx: Context,
  proof: string,
  { audiences, subject }: { audiences: string[]; subject: string },
): Promise<KeyRegistration> {
  const { header, claims } = await decodeProof(proof, REGISTRATION.typ, ['alg', 'jwk', 'typ'])
  const algorithm = algorithmOf(header)
  const publicKey = publicKeyOf(algorithm, header.jwk)
  const challenge = readClaims(ctx, claims, audiences, REGISTRATION.purpose)
  if (claims.sub !== subject) throw new ProofError('sub')
  if (!(await isSigned(proof, algorithm, publicKey))) throw new ProofError('signature')
  const { calculateJwkThumbprint } = await jose()
  const id = await calculateJwkThumbprint(publicKey as JWK)
  return { id, algorithm, publicKey: JSON.stringify(publicKey), challenge }
}

/** What an assertion (RFC 7523, 3) says, before the key that it names has been asked for. */
export type KeyAssertion = {
  text: string
  keyId: string
  algorithm: Algorithm
  anonymousId: string
  challenge: Challenge
}

/** Reads an assertion; its signature is verified by `isSignedBy`. Throws, whatever is wrong with it. */
export async function readKeyAssertion(
  ctx: Context,
  text: string,
  audiences: string[],
): Promise<KeyAssertion> {
  const { header, claims } = await decodeProof(text, ASSERTION.typ, ['alg', 'kid', 'typ'])
  const algorithm = algorithmOf(header)
  const challenge = readClaims(ctx, claims, audiences, ASSERTION.purpose)
  const { iss, sub, exp } = claims
  // Nothing else is asked for: PostgreSQL takes no NUL in a text.
  if (typeof header.kid !== 'string' || !KEY_ID.test(header.kid)) throw new ProofError('kid')
  if (typeof sub !== 'string' || sub === '' || iss !== sub) throw new ProofError('iss or sub')
  if (exp === undefined) throw new ProofError('exp') // RFC 7523, 3: required
  return { text, keyId: header.kid, algorithm, anonymousId: sub, challenge }
}

/**
 * Whether this key has signed the assertion. Where there is no such key it is verified against nobody's, so that
 * both take the same time.
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

/** Header and claims, before anything of them is believed. */
async function decodeProof(
  text: string,
  typ: string,
  members: string[],
): Promise<{ header: Members; claims: Members }> {
  if (text.length > MAX_PROOF_CHARACTERS) throw new ProofError('too long')
  if (!COMPACT_JWS.test(text)) throw new ProofError('no compact JWS')
  const { decodeJwt, decodeProtectedHeader } = await jose()
  const header: Members = decodeProtectedHeader(text)
  // Nothing else is understood: no key but the registered one (jku, x5c, …), no extension (crit).
  if (Object.keys(header).toSorted().join() !== members.join()) throw new ProofError('header')
  // What was signed for another purpose is of another type (RFC 8725, 3.11).
  if (header.typ !== typ) throw new ProofError('typ')
  return { header, claims: decodeJwt(text) }
}

function algorithmOf({ alg }: Members): Algorithm {
  if (typeof alg !== 'string' || !Object.hasOwn(keyShapes, alg)) throw new ProofError('alg')
  return alg as Algorithm
}

/** The challenge that was answered, where the proof is for us, of now, and for what the challenge was made for. */
function readClaims(
  ctx: Context,
  { aud, exp, iat, nbf, nonce }: Members,
  audiences: string[],
  purpose: ChallengePurpose,
): Challenge {
  // For several, any of the others could be its thief.
  const [audience, ...more] = [aud].flat()
  if (more.length > 0 || !audiences.includes(audience as string)) throw new ProofError('aud')
  const now = ctx.now()
  const [earliest, latest] = [now - DEVICE_CLOCK_SKEW_SECONDS, now + DEVICE_CLOCK_SKEW_SECONDS]
  if (!isWithin(iat, earliest - KEY_PROOF_SECONDS, latest)) throw new ProofError('iat')
  if (exp !== undefined && !isWithin(exp, earliest + 1, latest + KEY_PROOF_SECONDS))
    throw new ProofError('exp')
  if (nbf !== undefined && !isWithin(nbf, 0, latest)) throw new ProofError('nbf')
  const challenge = typeof nonce === 'string' ? openChallenge(ctx, nonce) : undefined
  if (!challenge) throw new ProofError('challenge unknown or expired')
  if (challenge.purpose !== purpose) throw new ProofError('challenge of another purpose')
  return challenge
}

const isWithin = (time: unknown, from: number, to: number): boolean =>
  typeof time === 'number' && time >= from && time <= to

/** A public key of this algorithm and nothing else, in the one way that it can be written. */
function publicKeyOf(algorithm: Algorithm, jwk: unknown): Record<string, string> {
  const { kty, crv, others } = keyShapes[algorithm]
  const given = (typeof jwk === 'object' && jwk !== null ? jwk : {}) as Members
  if (given.kty !== kty || given.crv !== crv) throw new ProofError('key not of its algorithm')
  const known = ['kty', ...(crv ? ['crv'] : []), ...others]
  // A private member, for one.
  if (!Object.keys(given).every((name) => known.includes(name) || decorations.includes(name)))
    throw new ProofError('unknown member of the key')
  const values = Object.fromEntries(others.map((name) => [name, exactBytes(given[name])]))
  if (kty === 'RSA') {
    // A large exponent takes long to verify, and so does a large modulus.
    if (given.e !== 'AQAB' || !isModulus(values.n!)) throw new ProofError('unusual RSA key')
  } else if (Object.values(values).some(({ length }) => length !== 32)) throw new ProofError('coordinate')
  if (kty === 'OKP' && isOfSmallOrder(values.x!)) throw new ProofError('point of small order')
  return Object.fromEntries(known.map((name) => [name, given[name] as string]))
}

/** base64url has spare bits: another text of the same bytes would be another id of the same key. */
function exactBytes(value: unknown): Buffer {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64url')
  if (bytes.length === 0 || bytes.toString('base64url') !== value) throw new ProofError('key not base64url')
  return bytes
}

/** From 2,048 bits (RFC 7518, 3.3) to 4,096, without leading zeros (RFC 7518, 6.3.1.1). */
const isModulus = (n: Buffer): boolean =>
  n[0] !== 0 && (n.length > 256 || (n.length === 256 && n[0]! >= 0x80)) && n.length <= 512

/** The y of the points of Ed25519 whose order is 8 or less: anybody can sign as such a key, by older OpenSSL at least. */
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

/** Whether a JWS was signed with this public key. Throws where there is no such key: a point off its curve. */
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

const decoys = new Map<Algorithm, object>()
const noise = randomBytes(512)

/** A public key of nobody. To verify takes as long for any odd modulus, which need not be a product of primes. */
function decoyKey(algorithm: Algorithm, text: string): object {
  if (algorithm === 'RS256') {
    const signature = Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url')
    const n = Buffer.from(noise.subarray(0, Math.min(Math.max(signature.length, 256), 512)))
    n[0]! |= 0x80
    n[n.length - 1]! |= 1
    return { kty: 'RSA', n: n.toString('base64url'), e: 'AQAB' }
  }
  const decoy = decoys.get(algorithm) ?? newPublicKey(algorithm)
  decoys.set(algorithm, decoy)
  return decoy
}

const newPublicKey = (algorithm: 'ES256' | 'EdDSA'): object =>
  (algorithm === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('ed25519')
  ).publicKey.export({ format: 'jwk' })
