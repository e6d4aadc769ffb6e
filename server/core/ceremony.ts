// The verification of WebAuthn responses: @simplewebauthn/server, and what it leaves to the relying party.

import { generateKeyPairSync } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Config } from '../options.ts'
import { challengeIn } from './challenges.ts'

/** COSE key types and curves (RFC 9053, 7; RFC 8230, 4). */
const [OKP, EC2, RSA] = [1, 2, 3]
/** COSE key parameters: type, curve (or modulus, for RSA), and exponent. */
const [KTY, CRV_OR_N, E] = [1, -1, -2]

/**
 * What is offered: ES256, EdDSA (Ed25519), ES384, ES512 and RS256, each with the key that it goes with. Pinned to what
 * every supported Node verifies, because the library's default depends on the runtime.
 */
const keyOf: Record<number, { kty: number; crv?: number }> = {
  [-7]: { kty: EC2!, crv: 1 },
  [-8]: { kty: OKP!, crv: 6 },
  [-35]: { kty: EC2!, crv: 2 },
  [-36]: { kty: EC2!, crv: 3 },
  [-257]: { kty: RSA! },
}

/** COSE algorithms that are offered, the preferred ones first. */
export const algorithms = [-7, -8, -35, -36, -257]

/** The library, loaded with the first ceremony: it is most of what a service would otherwise start with. */
export const webauthn = once(() => import('@simplewebauthn/server'))
const helpers = once(() => import('@simplewebauthn/server/helpers'))

/** An import that failed is tried again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined
      throw error
    })
    return loaded
  }
}

/** What a response is held against. */
export type Expected = {
  /** base64url */
  challenge: string
  origins: string[]
  rpId: string
  topOrigins: string[]
  requireUserVerification: boolean
}

/** What a response to this client data is held against in a deployment. */
export const expectedIn = ({ origins, rpId, topOrigins }: Config, clientDataJSON: string): Expected => ({
  challenge: challengeIn(clientDataJSON) ?? '',
  origins,
  rpId,
  topOrigins,
  requireUserVerification: true,
})

export type NewCredential = {
  /** base64url */
  id: string
  /** COSE_Key, base64url */
  publicKey: string
  signCount: number
  aaguid: string
  backupEligible: boolean
  backedUp: boolean
}

export type Assertion = { signCount: number; backupEligible: boolean; backedUp: boolean }

/** Why a response was refused; for the log, never for the caller. */
export class CeremonyError extends Error {
  override readonly name = 'CeremonyError'
}

/** Verifies a registration (WebAuthn Level 3, 7.1). Throws, whatever is wrong with it. */
export async function verifyRegistration(
  response: RegistrationResponseJSON,
  expected: Expected,
): Promise<NewCredential> {
  refuseForeignPage(response.response.clientDataJSON, expected)
  const attestationObject = await ownAttestation(
    Buffer.from(response.response.attestationObject, 'base64url'),
  )
  const { verifyRegistrationResponse } = await webauthn()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      ...response,
      response: { ...response.response, attestationObject: attestationObject.toString('base64url') },
    },
    expectedChallenge: expected.challenge,
    expectedOrigin: expected.origins,
    expectedRPID: expected.rpId,
    requireUserVerification: expected.requireUserVerification,
    supportedAlgorithmIDs: algorithms,
  })
  if (!verified) throw new CeremonyError('attestation signature wrong')
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo
  // 7.1 step 27: a credential id is at most 1023 bytes.
  const idBytes = Buffer.from(credential.id, 'base64url').length
  if (idBytes < 1 || idBytes > 1023) throw new CeremonyError(`credential id of ${idBytes} bytes`)
  if (response.id !== credential.id) throw new CeremonyError('response.id is not the attested credential')
  if (response.clientExtensionResults.credProps?.rk === false)
    throw new CeremonyError('not a discoverable credential')
  await refuseUnusableKey(credential.publicKey, attestationObject)
  return {
    id: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    signCount: credential.counter,
    aaguid,
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
  }
}

/** Verifies an assertion (WebAuthn Level 3, 7.2) but for its count, which the store compares. Throws likewise. */
export async function verifyAssertion(
  response: AuthenticationResponseJSON,
  credential: { id: string; publicKey: string },
  expected: Expected,
): Promise<Assertion> {
  refuseForeignPage(response.response.clientDataJSON, expected)
  const { verifyAuthenticationResponse } = await webauthn()
  if (response.id !== credential.id) throw new CeremonyError('response.id is not the credential')
  const publicKey = Buffer.from(credential.publicKey, 'base64url')
  refuseLooseDer(publicKey, Buffer.from(response.response.signature, 'base64url'))
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: expected.challenge,
    expectedOrigin: expected.origins,
    expectedRPID: expected.rpId,
    expectedTopOrigin: expected.topOrigins,
    requireUserVerification: expected.requireUserVerification,
    // A count of 0 turns off the library's comparison, which comes before the signature is verified.
    credential: { id: credential.id, publicKey, counter: 0 },
  })
  if (!verified) throw new CeremonyError('assertion signature wrong')
  return {
    signCount: authenticationInfo.newCounter,
    backupEligible: authenticationInfo.credentialDeviceType === 'multiDevice',
    backedUp: authenticationInfo.credentialBackedUp,
  }
}

/**
 * The page must be of a configured origin; a frame of another origin may run a ceremony only below one that was
 * configured for that (WebAuthn Level 3, 7.1 steps 9 to 11, 7.2 steps 12 to 14).
 */
function refuseForeignPage(clientDataJSON: string, { origins, topOrigins }: Expected): void {
  const { origin, crossOrigin, topOrigin } = JSON.parse(
    Buffer.from(clientDataJSON, 'base64url').toString(),
  ) as {
    origin?: unknown
    crossOrigin?: unknown
    topOrigin?: unknown
  }
  if (!origins.includes(origin as string))
    throw new CeremonyError('the page is of an origin that is not configured')
  if (topOrigin !== undefined && !topOrigins.includes(topOrigin as string))
    throw new CeremonyError('foreign topOrigin')
  if (topOrigin !== undefined && crossOrigin !== true)
    throw new CeremonyError('topOrigin without crossOrigin')
  if (crossOrigin !== undefined && crossOrigin !== false && topOrigin === undefined) {
    throw new CeremonyError('cross-origin ceremony')
  }
}

/** Registered formats whose statements carry certificates (IANA, WebAuthn Attestation Statement Format Identifiers). */
const certifiedFormats = ['packed', 'tpm', 'android-key', 'android-safetynet', 'fido-u2f', 'apple']

/**
 * The attestation object to verify. No attestation was asked for (5.4.7): one that an authenticator makes with the
 * passkey's own key is verified, one with certificates is left unread, as a browser should have done. The library
 * would follow the revocation lists that such certificates name, to wherever they point.
 *
 * It must be in CTAP2's canonical form (8.), which has one text for each value: the library's decoder shortens a byte
 * string that runs past the end, and ignores what follows the object.
 */
async function ownAttestation(attestationObject: Buffer): Promise<Buffer> {
  const { decodeAttestationObject, isoCBOR } = await helpers()
  const decoded = decodeAttestationObject(new Uint8Array(attestationObject))
  if (!attestationObject.equals(isoCBOR.encode(decoded as never))) throw new CeremonyError('not canonical')
  const [format, statement] = [decoded.get('fmt'), decoded.get('attStmt')]
  if (!(statement instanceof Map)) throw new CeremonyError('attestation statement is not a map')
  if (format === 'none' || (format === 'packed' && !statement.has('x5c'))) return attestationObject
  if (!certifiedFormats.includes(format)) throw new CeremonyError('unknown attestation format')
  const none = [
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', decoded.get('authData')],
  ] as const
  return Buffer.from(isoCBOR.encode(new Map<string, never>(none as never)))
}

/** A key that is cut short or cannot be imported (a point off its curve) would make a passkey that never signs in. */
async function refuseUnusableKey(
  publicKey: Uint8Array<ArrayBuffer>,
  attestationObject: Buffer,
): Promise<void> {
  if (!attestationObject.includes(publicKey)) throw new CeremonyError('public key not canonical')
  const { decodeCredentialPublicKey, verifySignature } = await helpers()
  const key = decodeCredentialPublicKey(publicKey) as unknown as Map<number, unknown>
  const { kty, crv } = keyOf[key.get(3) as number]!
  if (key.get(KTY) !== kty || (crv && key.get(CRV_OR_N) !== crv))
    throw new CeremonyError('key not of its algorithm')
  if (kty === RSA) {
    const bits = (key.get(CRV_OR_N) as Uint8Array).length * 8
    const exponent = Buffer.from(key.get(E) as Uint8Array).toString('hex')
    if (bits < 2048 || bits > 4096 || exponent !== '010001') throw new CeremonyError('unusual RSA key')
  }
  // Any well-formed DER signature will do: only an unusable key makes this throw.
  const signature = Buffer.from('3006020101020101', 'hex')
  await verifySignature({ credentialPublicKey: publicKey, signature, data: signature })
}

/**
 * ECDSA signatures come in DER (WebAuthn Level 3, 6.5.5), which has one text for each value (X.690, 8.3, 10.1); the
 * library also takes others, and what follows them.
 */
function refuseLooseDer(publicKey: Buffer, signature: Buffer): void {
  if (publicKey[2] !== EC2) return // a canonical COSE_Key begins with its type: map, 1, kty
  const header = signature[1] === 0x81 ? 3 : 2 // lengths from 128 on take a byte more
  const length = signature[header - 1]!
  const r = derInteger(signature, header)
  const s = derInteger(signature, r)
  const exact =
    signature[0] === 0x30 && length === signature.length - header && length < 0x80 === (header === 2)
  if (!exact || s !== signature.length) throw new CeremonyError('signature not DER')
}

/** The end of the positive DER integer that begins at `at`. */
function derInteger(der: Buffer, at: number): number {
  const [tag, length, first, second] = der.subarray(at)
  const minimal = first! > 0 ? first! < 0x80 : length === 1 || second! >= 0x80
  return tag === 2 && length! > 0 && length! < 0x80 && minimal ? at + 2 + length! : Number.NaN
}

let decoy: string | undefined

/** The public key of nobody: verified against where a credential is unknown, so that both take the same time. */
export function decoyPublicKey(): string {
  decoy ??= (() => {
    const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
    const coordinate = (text: string) => Buffer.from(text, 'base64url')
    return Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      coordinate(x!),
      Buffer.from('225820', 'hex'),
      coordinate(y!),
    ]).toString('base64url')
  })()
  return decoy
}
