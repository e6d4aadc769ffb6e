// Runs the test vectors of WebAuthn Level 3 (https://www.w3.org/TR/webauthn-3/#sctn-test-vectors) through the functions
// with which the endpoints verify. The file of vectors lies beside the repository; without it, the tests are skipped.

import { existsSync, readFileSync } from 'node:fs'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { decode, encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { type Expected, verifyAssertion, verifyRegistration } from '../../server/core/passkeys/ceremony.ts'
import { algorithms } from '../../server/core/passkeys/strict.ts'
import { roundsOf } from '../support/rounds.ts'

/** A recorded ceremony. Bytes are hexadecimal. */
type Ceremony = {
  challenge: string
  clientDataJSON: string
  flags: { uv: boolean; be: boolean; bs: boolean }
}
type Vector = {
  name: string
  fmt: string
  alg: number
  rpId: string
  origin: string
  topOrigin: string | null
  registration: Ceremony & { credential_id: string; aaguid: string; attestationObject: string }
  authentication: Ceremony & { authenticatorData: string; signature: string }
  expected: { crossOrigin: boolean }
}

const file = new URL('../../../shared/webauthn/webauthn-l3-test-vectors.json', import.meta.url)
const present = existsSync(file)
const vectors: Vector[] = present ? JSON.parse(readFileSync(file, 'utf8')).vectors : []

const isOffered = ({ alg }: Vector) => algorithms.includes(alg)
/** A ceremony in a frame whose top page is not named. Our policy refuses it. */
const isNamelessFrame = ({ expected, topOrigin }: Vector) => expected.crossOrigin && topOrigin === null
const accepted = vectors.filter((vector) => isOffered(vector) && !isNamelessFrame(vector))

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const base64url = (hex: string | Uint8Array) =>
  (typeof hex === 'string' ? bytes(hex) : Buffer.from(hex)).toString('base64url')

/** The attestation object with the same authenticator data but no attestation, as a browser sends it. */
function withoutAttestation(attestationObject: string): string {
  const { authData } = decode(bytes(attestationObject), { tags: {} }) as { authData: Uint8Array }
  const entries = [
    [encode('fmt'), encode('none')],
    [encode('attStmt'), encode({})],
    [encode('authData'), encode(authData)],
  ]
  return base64url(Buffer.concat([Buffer.of(0xa3), ...entries.flat()]))
}

/** The members that both kinds of responses have. */
function credential<R>({ registration }: Vector, response: R) {
  const id = base64url(registration.credential_id)
  return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {}, response }
}

const creation = (vector: Vector): RegistrationResponseJSON =>
  credential(vector, {
    clientDataJSON: base64url(vector.registration.clientDataJSON),
    attestationObject: withoutAttestation(vector.registration.attestationObject),
  })

const request = (vector: Vector): AuthenticationResponseJSON =>
  credential(vector, {
    clientDataJSON: base64url(vector.authentication.clientDataJSON),
    authenticatorData: base64url(vector.authentication.authenticatorData),
    signature: base64url(vector.authentication.signature),
  })

/** The expectations for a ceremony: as strict as it can pass, unless the caller changes them. */
const expectation = (
  vector: Vector,
  { challenge, flags }: Ceremony,
  more: Partial<Expected> = {},
): Expected => ({
  challenge: base64url(challenge),
  origins: [vector.origin],
  rpId: vector.rpId,
  topOrigins: vector.topOrigin === null ? [] : [vector.topOrigin],
  requireUserVerification: flags.uv,
  ...more,
})

const register = (vector: Vector, more?: Partial<Expected>) =>
  verifyRegistration(creation(vector), expectation(vector, vector.registration, more))

const authenticate = async (vector: Vector, more?: Partial<Expected>, response = request(vector)) =>
  verifyAssertion(response, await register(vector), expectation(vector, vector.authentication, more))

/** Copies of the bytes, each with one bit flipped: every bit, or only every `step`-th bit. */
function* flipped(text: string, step = 1): Generator<[bit: number, text: string]> {
  const original = Buffer.from(text, 'base64url')
  for (let bit = 0; bit < original.length * 8; bit += step) {
    const changed = Buffer.from(original)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    yield [bit, changed.toString('base64url')]
  }
}

test('the vectors cover every algorithm that we offer', ({ skip }) => {
  const reason = `W3C test vectors not run: there is no ${file.pathname}`
  if (!present) console.log(reason)
  skip(!present, reason)
  expect(accepted.map(({ alg }) => alg)).toEqual(expect.arrayContaining(algorithms))
  expect(vectors.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['none.ES256.crossOrigin', 'none.ES256.topOrigin', 'packed.Ed448']),
  )
})

describe.each(accepted.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  const { registration, authentication } = vector

  test('registers and signs in', async () => {
    expect(await register(vector)).toMatchObject({
      id: base64url(registration.credential_id),
      aaguid: registration.aaguid.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      signCount: 0,
      backupEligible: registration.flags.be,
      backedUp: registration.flags.bs,
    })
    expect(await authenticate(vector)).toEqual({
      signCount: 0,
      backupEligible: authentication.flags.be,
      backedUp: authentication.flags.bs,
    })
  })

  test.each<[string, (ceremony: Ceremony) => Partial<Expected>]>([
    ['another challenge', () => ({ challenge: base64url('00') })],
    ['another origin', () => ({ origins: ['https://example.com'] })],
    ['another RP ID', () => ({ rpId: 'example.com' })],
  ])('is refused if the server expects %s', async (_what, wrong) => {
    await expect(register(vector, wrong(registration))).rejects.toThrow()
    await expect(authenticate(vector, wrong(authentication))).rejects.toThrow()
  })

  test('is refused if user verification is required and was not done', async () => {
    const required = { requireUserVerification: true }
    if (!registration.flags.uv) await expect(register(vector, required)).rejects.toThrow()
    if (!authentication.flags.uv) await expect(authenticate(vector, required)).rejects.toThrow()
  })

  test('is refused if a bit of the signature, or of the signed bytes, is flipped', async () => {
    const credential = await register(vector)
    const response = request(vector)
    const survived: string[] = []
    for (const [field, step] of [
      ['signature', roundsOf(7, 1)], // with 7 a bit of every byte, and each of the eight in turn
      ['authenticatorData', 5],
      ['clientDataJSON', 41],
    ] as const) {
      for (const [bit, text] of flipped(response.response[field], step)) {
        const changed = { ...response, response: { ...response.response, [field]: text } }
        await verifyAssertion(changed, credential, expectation(vector, authentication)).then(
          () => survived.push(`${field} bit ${bit}`),
          () => {},
        )
      }
    }
    expect(survived).toEqual([])
  })
})

test.each(vectors.filter(isNamelessFrame).map((vector) => [vector.name, vector] as const))(
  '%s is refused: a frame of another origin must name a page that was configured',
  async (_name, vector) => {
    await expect(register(vector)).rejects.toThrow('cross-origin ceremony')
    await expect(register(vector, { topOrigins: [vector.origin] })).rejects.toThrow('cross-origin ceremony')
    const credential = { id: base64url(vector.registration.credential_id), publicKey: '' }
    await expect(
      verifyAssertion(request(vector), credential, expectation(vector, vector.authentication)),
    ).rejects.toThrow('cross-origin ceremony')
  },
)

test.each(
  accepted.filter(({ topOrigin }) => topOrigin !== null).map((vector) => [vector.name, vector] as const),
)('%s is refused unless its page was configured', async (_name, vector) => {
  for (const topOrigins of [[], ['https://example.net'], [`${vector.topOrigin}.evil`]]) {
    await expect(register(vector, { topOrigins })).rejects.toThrow('topOrigin is not configured')
    await expect(authenticate(vector, { topOrigins })).rejects.toThrow('topOrigin is not configured')
  }
})

test.each(vectors.filter((vector) => !isOffered(vector)).map((vector) => [vector.name, vector] as const))(
  '%s is refused: its algorithm is not offered',
  async (_name, vector) => {
    await expect(register(vector)).rejects.toThrow()
  },
)
