// Refuses what @simplewebauthn/server would accept: loose encodings, and keys that do not fit their algorithm.
// Drops attestation certificates, which nobody asked for.

import { CeremonyError, helpers } from './webauthn.ts'

/** COSE key types (RFC 9053, 7; RFC 8230, 4). */
const [OKP, EC2, RSA] = [1, 2, 3]
/** Labels in a COSE key: its type, its curve (for RSA: modulus), and the RSA exponent. */
const [KTY, CRV_OR_N, E] = [1, -1, -2]

/**
 * The key type and curve of each offered algorithm: ES256, EdDSA (Ed25519), ES384, ES512 and RS256. Pinned to what
 * every supported Node verifies, because the library's default depends on the runtime.
 */
const keyTypes: Record<number, { kty: number; crv?: number }> = {
  [-7]: { kty: EC2!, crv: 1 },
  [-8]: { kty: OKP!, crv: 6 },
  [-35]: { kty: EC2!, crv: 2 },
  [-36]: { kty: EC2!, crv: 3 },
  [-257]: { kty: RSA! },
}

/** The offered COSE algorithms, preferred ones first. */
export const algorithms = [-7, -8, -35, -36, -257]

/** Registered formats whose statements carry certificates (IANA, WebAuthn Attestation Statement Format Identifiers). */
const certifiedFormats = ['packed', 'tpm', 'android-key', 'android-safetynet', 'fido-u2f', 'apple']

/**
 * The attestation object to verify. The options ask for no attestation (5.4.7). A statement that the passkey's own key
 * signed is verified. A statement with certificates is replaced by none, as the browser should have done: the library
 * would fetch the revocation lists that such certificates name, wherever they point.
 *
 * The object must be in CTAP2's canonical form (8.), which has one encoding for each value. The library's decoder
 * shortens a byte string that runs past the end, and ignores bytes after the object.
 */
export async function ownAttestation(attestationObject: Buffer): Promise<Buffer> {
  const { decodeAttestationObject, isoCBOR } = await helpers()
  const decoded = decodeAttestationObject(new Uint8Array(attestationObject))
  if (!attestationObject.equals(isoCBOR.encode(decoded as never)))
    throw new CeremonyError('attestation object is not canonical')
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

/**
 * Refuses a key that is cut short or cannot be imported (a point off its curve): such a passkey could never sign in.
 */
export async function refuseUnusableKey(
  publicKey: Uint8Array<ArrayBuffer>,
  attestationObject: Buffer,
): Promise<void> {
  if (!attestationObject.includes(publicKey)) throw new CeremonyError('public key is not canonical')
  const { decodeCredentialPublicKey, verifySignature } = await helpers()
  const key = decodeCredentialPublicKey(publicKey) as unknown as Map<number, unknown>
  const { kty, crv } = keyTypes[key.get(3) as number]!
  if (key.get(KTY) !== kty || (crv && key.get(CRV_OR_N) !== crv))
    throw new CeremonyError('key type or curve does not fit the algorithm')
  if (kty === RSA) {
    const bits = (key.get(CRV_OR_N) as Uint8Array).length * 8
    const exponent = Buffer.from(key.get(E) as Uint8Array).toString('hex')
    if (bits < 2048 || bits > 4096 || exponent !== '010001')
      throw new CeremonyError('RSA key is not of 2048 to 4096 bits with exponent 65537')
  }
  // Any well-formed DER signature serves here: only an unusable key makes this throw.
  const signature = Buffer.from('3006020101020101', 'hex')
  await verifySignature({ credentialPublicKey: publicKey, signature, data: signature })
}

/**
 * Refuses an ECDSA signature that is not exact DER (WebAuthn Level 3, 6.5.5). DER has one encoding for each value
 * (X.690, 8.3, 10.1); the library also accepts others, and bytes after the signature.
 */
export function refuseLooseDer(publicKey: Buffer, signature: Buffer): void {
  if (publicKey[2] !== EC2) return // a canonical COSE_Key begins with its type: map, 1, kty
  const header = signature[1] === 0x81 ? 3 : 2 // a length of 128 or more takes one more byte
  const length = signature[header - 1]!
  const r = derInteger(signature, header)
  const s = derInteger(signature, r)
  const exact =
    signature[0] === 0x30 && length === signature.length - header && length < 0x80 === (header === 2)
  if (!exact || s !== signature.length) throw new CeremonyError('signature is not exact DER')
}

/** The offset after the positive DER integer that begins at `at`; NaN if there is no such integer. */
function derInteger(der: Buffer, at: number): number {
  const [tag, length, first, second] = der.subarray(at)
  const minimal = first! > 0 ? first! < 0x80 : length === 1 || second! >= 0x80
  return tag === 2 && length! > 0 && length! < 0x80 && minimal ? at + 2 + length! : Number.NaN
}
