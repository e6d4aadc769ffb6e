// The verification of WebAuthn responses: @simplewebauthn/server, and what it leaves to the relying party.

import { createHash, generateKeyPairSync } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Client, Config } from '../../options/options.ts'
import { challengeIn } from '../crypto/challenges.ts'
import { algorithms, ownAttestation, refuseLooseDer, refuseUnusableKey } from './strict.ts'
import { CeremonyError, webauthn } from './webauthn.ts'

/** What a response is held against. */
export type Expected = {
  /** base64url */
  challenge: string
  origins: string[]
  rpId: string
  topOrigins: string[]
  requireUserVerification: boolean
  /** Whether the browser may make the passkey by itself, with nobody there (conditional create). Default: not. */
  conditional?: boolean
}

/** What a response to this client data is held against in a deployment. */
export const expectedIn = (
  { ceremonyOrigins, origins, appOrigins, rpId, topOrigins }: Config,
  clientDataJSON: string,
  client: Client | undefined,
): Expected => ({
  challenge: challengeIn(clientDataJSON) ?? '',
  // A client's page proves a guest to that client, and to nobody else.
  origins: ceremonyOrigins.filter((one) =>
    [...origins, ...appOrigins, ...(client?.origins ?? [])].includes(one),
  ),
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
  /** Somebody was there, and was verified. */
  userVerified: boolean
}

export type VerifiedAssertion = { signCount: number; backupEligible: boolean; backedUp: boolean }

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
  // 7.1: user presence is asked for, unless mediation was conditional.
  const { conditional = false } = expected
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      ...response,
      response: { ...response.response, attestationObject: attestationObject.toString('base64url') },
    },
    expectedChallenge: expected.challenge,
    expectedOrigin: expected.origins,
    expectedRPID: expected.rpId,
    requireUserPresence: !conditional,
    requireUserVerification: expected.requireUserVerification && !conditional,
    supportedAlgorithmIDs: algorithms,
  })
  if (!verified) throw new CeremonyError('attestation signature wrong')
  const { credential, aaguid, credentialDeviceType, credentialBackedUp, userVerified } = registrationInfo
  // 7.1: a credential id has at most 1023 bytes.
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
    userVerified,
  }
}

/** Verifies an assertion (WebAuthn Level 3, 7.2) but for its count, which the store compares. Throws likewise. */
export async function verifyAssertion(
  response: AuthenticationResponseJSON,
  credential: { id: string; publicKey: string },
  expected: Expected,
): Promise<VerifiedAssertion> {
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

/** The flags of authenticator data that say that somebody was there, and was verified (WebAuthn Level 3, 6.1). */
const UP_AND_UV = 0b101

/**
 * What of an assertion can be verified without the key (WebAuthn Level 3, 7.2): that it was made here, for this RP ID,
 * by somebody who was verified. Throws where it was not.
 */
export function refuseForeignAssertion(
  { id, rawId, response: { clientDataJSON, authenticatorData } }: AuthenticationResponseJSON,
  expected: Expected,
): void {
  refuseForeignPage(clientDataJSON, expected)
  const { type } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { type?: unknown }
  if (type !== 'webauthn.get') throw new CeremonyError('no assertion')
  if (id !== rawId) throw new CeremonyError('two ids')
  const data = Buffer.from(authenticatorData, 'base64url')
  if (data.length < 37 || !data.subarray(0, 32).equals(createHash('sha256').update(expected.rpId).digest()))
    throw new CeremonyError('of another RP ID')
  if ((data[32]! & UP_AND_UV) !== UP_AND_UV) throw new CeremonyError('nobody there')
}

/**
 * The page must be of a configured origin; a frame of another origin may run a ceremony only below one that was
 * configured for that (WebAuthn Level 3, 7.1 and 7.2; 13.4.9).
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
