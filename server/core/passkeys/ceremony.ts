// Verifies WebAuthn responses: with @simplewebauthn/server, and with the checks that it leaves to the relying party.

import { createHash, generateKeyPairSync } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Client, Config } from '../../options/options.ts'
import { challengeIn } from '../crypto/challenges.ts'
import { algorithms, ownAttestation, refuseLooseDer, refuseUnusableKey } from './strict.ts'
import { CeremonyError, webauthn } from './webauthn.ts'

/** The values that a response must match. */
export type Expected = {
  /** base64url */
  challenge: string
  origins: string[]
  rpId: string
  topOrigins: string[]
  requireUserVerification: boolean
  /** Whether the browser may make the passkey by itself, with no user present (conditional create). Default: false. */
  conditional?: boolean
}

/**
 * The values that a response must match in this deployment. The challenge is the response's own: the caller has
 * opened it before.
 */
export const expectedIn = (
  { ceremonyOrigins, origins, appOrigins, rpId, topOrigins }: Config,
  clientDataJSON: string,
  client: Client | undefined,
): Expected => ({
  challenge: challengeIn(clientDataJSON) ?? '',
  // A page of a client's origin may sign guests in to that client only.
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
  /** Whether the authenticator verified the user (the flag UV). */
  userVerified: boolean
}

export type VerifiedAssertion = { signCount: number; backupEligible: boolean; backedUp: boolean }

/** Verifies a registration (WebAuthn Level 3, 7.1). Throws if anything is wrong with it. */
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
    // 7.1: user presence is required, unless mediation was conditional.
    requireUserPresence: !expected.conditional,
    requireUserVerification: expected.requireUserVerification && !expected.conditional,
    supportedAlgorithmIDs: algorithms,
  })
  if (!verified) throw new CeremonyError('attestation signature wrong')
  const { credential, aaguid, credentialDeviceType, credentialBackedUp, userVerified } = registrationInfo
  // 7.1: a credential id has at most 1023 bytes.
  const idBytes = Buffer.from(credential.id, 'base64url').length
  if (idBytes < 1 || idBytes > 1023)
    throw new CeremonyError(`credential id has ${idBytes} bytes, not 1 to 1023`)
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

/**
 * Verifies an assertion (WebAuthn Level 3, 7.2), except its signature counter, which the store compares. Throws if
 * anything is wrong with it.
 */
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
    // A counter of 0 turns off the library's own comparison, which it makes before it verifies the signature.
    credential: { id: credential.id, publicKey, counter: 0 },
  })
  if (!verified) throw new CeremonyError('assertion signature wrong')
  return {
    signCount: authenticationInfo.newCounter,
    backupEligible: authenticationInfo.credentialDeviceType === 'multiDevice',
    backedUp: authenticationInfo.credentialBackedUp,
  }
}

/** The flags UP (user present) and UV (user verified) of authenticator data (WebAuthn Level 3, 6.1). */
const UP_AND_UV = 0b101

/**
 * Checks all that can be checked of an assertion without its public key (WebAuthn Level 3, 7.2): it was made on one of
 * our pages, for our RP ID, by a verified user. Throws if it was not.
 */
export function refuseForeignAssertion(
  { id, rawId, response: { clientDataJSON, authenticatorData } }: AuthenticationResponseJSON,
  expected: Expected,
): void {
  refuseForeignPage(clientDataJSON, expected)
  const { type } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { type?: unknown }
  if (type !== 'webauthn.get') throw new CeremonyError('client data is not of type webauthn.get')
  if (id !== rawId) throw new CeremonyError('id and rawId differ')
  const data = Buffer.from(authenticatorData, 'base64url')
  if (data.length < 37 || !data.subarray(0, 32).equals(createHash('sha256').update(expected.rpId).digest()))
    throw new CeremonyError('authenticator data is for another RP ID')
  if ((data[32]! & UP_AND_UV) !== UP_AND_UV) throw new CeremonyError('user not present or not verified')
}

/**
 * Refuses a page whose origin is not configured. A page in a cross-origin frame may run a ceremony only if the origin
 * of the top page is in `topOrigins` (WebAuthn Level 3, 7.1 and 7.2; 13.4.9).
 */
function refuseForeignPage(clientDataJSON: string, { origins, topOrigins }: Expected): void {
  const { origin, crossOrigin, topOrigin } = JSON.parse(
    Buffer.from(clientDataJSON, 'base64url').toString(),
  ) as {
    origin?: unknown
    crossOrigin?: unknown
    topOrigin?: unknown
  }
  if (!origins.includes(origin as string)) throw new CeremonyError('the origin of the page is not configured')
  if (topOrigin !== undefined && !topOrigins.includes(topOrigin as string))
    throw new CeremonyError('topOrigin is not configured')
  if (topOrigin !== undefined && crossOrigin !== true)
    throw new CeremonyError('topOrigin without crossOrigin')
  if (crossOrigin !== undefined && crossOrigin !== false && topOrigin === undefined) {
    throw new CeremonyError('cross-origin ceremony without topOrigin')
  }
}

let decoy: string | undefined

/**
 * A public key that belongs to nobody. The assertion of an unknown credential is verified against it, so that it takes
 * as long as that of a known one.
 */
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
