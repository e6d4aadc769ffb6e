// Loose encodings and unfit keys are refused: of ECDSA signatures, only exact DER is accepted (WebAuthn Level 3, 6.5.5).

import { generateKeyPairSync } from 'node:crypto'
import { encode } from 'cborg'
import { expect, test } from 'vitest'
import { ownAttestation, refuseLooseDer, refuseUnusableKey } from '../../../../server/core/passkeys/strict.ts'

/** The first bytes of COSE keys: of an elliptic curve with two coordinates, and of RSA. */
const [ec2, rsa] = [Buffer.from('a50102', 'hex'), Buffer.from('a40103', 'hex')]
const long = `0241${'01'.repeat(65)}`
const half = `023e${'01'.repeat(62)}`
const refuse = (signature: string, key = ec2) => refuseLooseDer(key, Buffer.from(signature, 'hex'))

test.each([
  ['two small integers', '3006020101020101'],
  ['the greatest of one byte', '300602017f02017f'],
  ['integers whose first bit needs a zero before it', '300802020080020200ff'],
  ['a length of more than 127 bytes', `308186${long}${long}`],
  ['a length of 128 bytes', `308180${half}${half}`],
])('accepts %s', (_, signature) => {
  expect(() => refuse(signature)).not.toThrow()
})

test.each([
  ['nothing', ''],
  ['another tag around it', '3106020101020101'],
  ['another tag of the first integer', '3006030101020101'],
  ['another tag of the second integer', '3006020101030101'],
  ['a length that is too short', '3005020101020101'],
  ['a length that is too long', '3007020101020101'],
  ['a byte after it', '300602010102010100'],
  ['a byte after it, within its length', '300702010102010100'],
  ['a negative first integer', '3006020180020101'],
  ['a negative second integer', '30060201010201ff'],
  ['a zero that the first integer does not need', '300702020001020101'],
  ['a zero that the second integer does not need', '30070201010202007f'],
  ['integers without bytes', '300402000200'],
  ['a first integer without bytes', '30050200020101'],
  ['a second integer without bytes', '30050201010200'],
  ['a length of less than 128 in the long form', '308106020101020101'],
  ['a length of more than 127 in the short form', `3086${long}${long}`],
  ['a length of 128 in the short form', `3080${half}${half}`],
  ['an integer of 128 bytes with its length in the short form', `3081850280${'01'.repeat(128)}020101`],
  ['an integer with a length in the long form', `30080281010102020001`],
  ['one integer alone', '3003020101'],
  ['a third integer', '3009020101020101020101'],
])('refuses %s', (_, signature) => {
  expect(() => refuse(signature)).toThrow('signature is not exact DER')
})

test('leaves signatures of other kinds of keys alone', () => {
  expect(() => refuse('00', rsa)).not.toThrow()
})

type CoseKey = Map<number, unknown>

/** A new key as a COSE_Key, for this algorithm. */
function ecKey(alg: number, crv: number, namedCurve: string): CoseKey {
  const { x, y } = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })
  return new Map<number, unknown>([
    [1, 2],
    [3, alg],
    [-1, crv],
    [-2, Buffer.from(x!, 'base64url')],
    [-3, Buffer.from(y!, 'base64url')],
  ])
}

const edKey = (alg = -8, kty = 1, crv = 6): CoseKey =>
  new Map<number, unknown>([
    [1, kty],
    [3, alg],
    [-1, crv],
    [-2, Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!, 'base64url')],
  ])

/** A modulus of ones alone is no product of two primes. An RSA key with it can be imported all the same. */
const rsaKey = (bytes: number, exponent = '010001', kty = 3): CoseKey =>
  new Map<number, unknown>([
    [1, kty],
    [3, -257],
    [-1, Buffer.alloc(bytes, 0xff)],
    [-2, Buffer.from(exponent, 'hex')],
  ])

const p256 = () => ecKey(-7, 1, 'P-256')
const usable = (key: CoseKey) => {
  const publicKey = new Uint8Array(encode(key))
  return refuseUnusableKey(publicKey, Buffer.concat([Buffer.from('before'), publicKey, Buffer.from('after')]))
}

test.each([
  ['ES256', p256()],
  ['EdDSA', edKey()],
  ['ES384', ecKey(-35, 2, 'P-384')],
  ['ES512', ecKey(-36, 3, 'P-521')],
  ['RS256 with 2,048 bits', rsaKey(256)],
  ['RS256 with 4,096 bits', rsaKey(512)],
])('a key for %s is usable', async (_, key) => {
  await expect(usable(key)).resolves.toBeUndefined()
})

const misfit = 'key type or curve does not fit the algorithm'
const wrongRsa = 'RSA key is not of 2048 to 4096 bits with exponent 65537'
test.each([
  ['ES256 on the curve of ES384', ecKey(-7, 2, 'P-384'), misfit],
  ['ES384 on the curve of ES256', ecKey(-35, 1, 'P-256'), misfit],
  ['ES512 on the curve of ES384', ecKey(-36, 2, 'P-384'), misfit],
  ['EdDSA on the curve Ed448', edKey(-8, 1, 7), misfit],
  ['EdDSA of the key type of ES256', edKey(-8, 2), misfit],
  ['ES256 of the key type of EdDSA', p256().set(1, 1), misfit],
  ['RS256 of the key type of ES256', rsaKey(256, '010001', 2), misfit],
  ['RS256 with 2,040 bits', rsaKey(255), wrongRsa],
  ['RS256 with 4,104 bits', rsaKey(513), wrongRsa],
  ['RS256 with the exponent 3', rsaKey(256, '03'), wrongRsa],
  ['RS256 with an exponent that has a zero before it', rsaKey(256, '00010001'), wrongRsa],
])('a key for %s is refused', async (_, key, reason) => {
  await expect(usable(key)).rejects.toThrow(reason)
})

test('a key for ES256 whose point is off its curve is refused', async () => {
  await expect(usable(p256().set(-3, Buffer.alloc(32, 1)))).rejects.toThrow()
})

test('a key that the attestation object does not hold as it was read is refused', async () => {
  const publicKey = new Uint8Array(encode(p256()))
  const attestation = Buffer.from(publicKey.subarray(0, -1))
  await expect(refuseUnusableKey(publicKey, attestation)).rejects.toThrow('public key is not canonical')
})

/** An attestation object in its canonical form. */
const attestationOf = (format: unknown, statement: unknown, authData = Buffer.alloc(37, 7)) =>
  Buffer.concat([
    ...[Buffer.of(0xa3), encode('fmt'), encode(format)],
    ...[encode('attStmt'), encode(statement)],
    ...[encode('authData'), encode(authData)],
  ])

test.each([
  ['none', {}],
  ['packed', { alg: -7, sig: Buffer.alloc(70, 1) }],
])('an attestation of the format %s without certificates is left as it is', async (format, statement) => {
  const attestation = attestationOf(format, statement)
  expect(await ownAttestation(attestation)).toEqual(attestation)
})

test.each(['packed', 'tpm', 'android-key', 'android-safetynet', 'fido-u2f', 'apple'])(
  'an attestation of the format %s with certificates is taken for none, with the same authenticator data',
  async (format) => {
    const statement = { alg: -7, sig: Buffer.alloc(70, 1), x5c: [Buffer.alloc(500, 2)] }
    expect(await ownAttestation(attestationOf(format, statement))).toEqual(attestationOf('none', {}))
  },
)

test.each([
  ['of a format that is not registered', attestationOf('selfmade', {}), 'unknown attestation format'],
  ['without a format', attestationOf(null, {}), 'unknown attestation format'],
  ['whose statement is a list', attestationOf('none', []), 'attestation statement is not a map'],
  ['with a byte after it', Buffer.concat([attestationOf('none', {}), Buffer.of(0)]), 'not canonical'],
  ['that is cut short', attestationOf('none', {}).subarray(0, -1), 'not canonical'],
])('an attestation object %s is refused', async (_, attestation, reason) => {
  await expect(ownAttestation(attestation)).rejects.toThrow(reason)
})
