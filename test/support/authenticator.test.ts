// Tests the software authenticator with an independent verifier: it accepts good responses and refuses wrong ones.

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type VerifiedAuthenticationResponse,
  type VerifiedRegistrationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decode, encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import {
  type AuthenticatorOptions,
  extensionFlagWithoutData,
  flipFlags,
  hollowCbor,
  type Misbehaviour,
  nestedCbor,
  SoftwareAuthenticator,
  trailing,
  truncated,
  withoutAttestedData,
} from './authenticator.ts'

const origin = 'http://localhost:3000'
const rpID = 'localhost'
const userID = new Uint8Array(64).fill(7)
const aaguid = 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd'
const fromBase64url = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))

function newDevice(options: Partial<AuthenticatorOptions> = {}) {
  return new SoftwareAuthenticator({ origin, ...options })
}

function creationOptions(more: Partial<Parameters<typeof generateRegistrationOptions>[0]> = {}) {
  return generateRegistrationOptions({
    rpName: 'Guests',
    rpID,
    userName: 'amber-fox-42',
    userID,
    supportedAlgorithmIDs: [-8, -7, -257],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    ...more,
  })
}

const requestOptions = () => generateAuthenticationOptions({ rpID, userVerification: 'required' })

/** If the verifier refuses, `verified` is false, even if it threw. If the device refuses, this throws. */
async function register(
  device: SoftwareAuthenticator,
  wrong: Misbehaviour = {},
  options?: PublicKeyCredentialCreationOptionsJSON,
) {
  const asked = options ?? (await creationOptions())
  const response = await device.create(asked, wrong)
  const verification = await verifyRegistrationResponse({
    response,
    expectedChallenge: asked.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    supportedAlgorithmIDs: asked.pubKeyCredParams.map(({ alg }) => alg),
  }).catch((): VerifiedRegistrationResponse => ({ verified: false }))
  return { response, verification }
}

async function signIn(
  device: SoftwareAuthenticator,
  credential: Parameters<typeof verifyAuthenticationResponse>[0]['credential'],
  wrong: Misbehaviour = {},
) {
  const asked = await requestOptions()
  const response = await device.get(asked, wrong)
  const verification = await verifyAuthenticationResponse({
    response,
    expectedChallenge: asked.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential,
  }).catch(() => ({ verified: false }) as VerifiedAuthenticationResponse)
  return { response, verification }
}

/** A device with one passkey, and the data that a server would store for it. */
async function registered(options: Partial<AuthenticatorOptions> = {}) {
  const device = newDevice(options)
  const { response, verification } = await register(device)
  return { device, response, credential: verification.registrationInfo!.credential }
}

describe('an obedient device', () => {
  for (const alg of [-7, -8, -257, -35] as const) {
    for (const attestation of ['none', 'packed'] as const) {
      it(`registers and signs in with COSE algorithm ${alg} and attestation ${attestation}`, async () => {
        const device = newDevice({ alg, attestation, aaguid })
        const options = await creationOptions({ attestationType: 'direct', supportedAlgorithmIDs: [alg] })
        const { response, verification } = await register(device, {}, options)
        expect(verification).toMatchObject({
          verified: true,
          registrationInfo: { fmt: attestation, aaguid, userVerified: true, origin, rpID },
        })
        const { credential } = verification.registrationInfo!
        expect(credential).toMatchObject({ id: response.id, counter: 0, transports: ['internal'] })

        const signedIn = await signIn(device, credential)
        expect(signedIn.verification).toMatchObject({
          verified: true,
          authenticationInfo: { newCounter: 0, credentialDeviceType: 'singleDevice', userVerified: true },
        })
        expect(fromBase64url(signedIn.response.response.userHandle!)).toEqual(userID)
      })
    }
  }

  it('leaves out the attestation unless the options ask for it', async () => {
    const { verification } = await register(newDevice({ attestation: 'packed' }))
    expect(verification.registrationInfo?.fmt).toBe('none')
  })

  it('uses the first offered algorithm that it supports', async () => {
    const { response } = await register(newDevice({ alg: [-257, -7] }))
    expect(response.response.publicKeyAlgorithm).toBe(-7)
    const options = await creationOptions({ supportedAlgorithmIDs: [-8] })
    await expect(newDevice().create(options)).rejects.toMatchObject({ name: 'NotSupportedError' })
  })

  it('creates no second passkey if the options exclude its first one', async () => {
    const { device, credential } = await registered()
    const options = await creationOptions({ excludeCredentials: [{ id: credential.id }] })
    await expect(device.create(options)).rejects.toMatchObject({ name: 'InvalidStateError' })
    await expect(newDevice().create(options)).resolves.toBeDefined()
    await expect(device.create(options, { ignoreExcludeCredentials: true })).resolves.toBeDefined()
  })

  it('holds one passkey for each user handle, and answers with the newest of several', async () => {
    const { device, credential } = await registered()
    const again = await register(device)
    expect(device.credentials.map(({ id }) => id)).toEqual([again.response.id])
    const other = await creationOptions({ userID: new Uint8Array(64).fill(8), userName: 'green-owl-7' })
    const { id } = await device.create(other)
    expect(device.credentials[1]).toMatchObject({ id, rpId: rpID, userName: 'green-owl-7', signCount: 0 })
    expect((await device.get(await requestOptions())).id).toBe(id)
    const allowed = { ...(await requestOptions()), allowCredentials: [again.response] }
    expect((await device.get(allowed)).id).toBe(again.response.id)
    allowed.allowCredentials = [{ ...again.response, id: credential.id }]
    await expect(device.get(allowed)).rejects.toMatchObject({ name: 'NotAllowedError' })
  })

  it('answers a request without a credential id only with a discoverable passkey', async () => {
    const device = newDevice()
    const options = await creationOptions({ authenticatorSelection: { residentKey: 'discouraged' } })
    const response = await device.create(options)
    expect(response.clientExtensionResults).toEqual({ credProps: { rk: false } })
    await expect(device.get(await requestOptions())).rejects.toMatchObject({ name: 'NotAllowedError' })
    const allowed = { ...(await requestOptions()), allowCredentials: [response] }
    expect((await device.get(allowed)).response.userHandle).toBeUndefined()
  })

  it('reports credProps only if asked', async () => {
    const options = await creationOptions()
    expect((await newDevice().create(options)).clientExtensionResults).toEqual({ credProps: { rk: true } })
    delete options.extensions
    expect((await newDevice().create(options)).clientExtensionResults).toEqual({})
  })

  it('refuses an RP ID that does not belong to its origin, and an attachment that it does not have', async () => {
    const options = await creationOptions()
    for (const elsewhere of ['http://notlocalhost', 'http://127.0.0.1', 'https://rp.example.evil']) {
      const device = newDevice({ origin: elsewhere })
      await expect(device.create(options)).rejects.toMatchObject({ name: 'SecurityError' })
      await expect(device.get(await requestOptions())).rejects.toMatchObject({ name: 'SecurityError' })
    }
    await expect(newDevice({ origin: 'http://a.localhost' }).create(options)).resolves.toBeDefined()
    const roaming = await creationOptions({
      authenticatorSelection: { authenticatorAttachment: 'cross-platform' },
    })
    await expect(newDevice().create(roaming)).rejects.toMatchObject({ name: 'NotAllowedError' })
    await expect(newDevice({ attachment: 'cross-platform' }).create(roaming)).resolves.toBeDefined()
  })

  it('counts its uses if it has a counter, and a clone falls behind', async () => {
    const { device, credential } = await registered({ counter: 'increasing' })
    expect(credential.counter).toBe(1)
    const clone = device.copy()
    const { verification } = await signIn(device, credential)
    expect(verification.authenticationInfo.newCounter).toBe(2)
    expect((await signIn(clone, { ...credential, counter: 2 })).verification.verified).toBe(false)
  })

  it('shares synced passkeys with a second device', async () => {
    const { device, credential } = await registered({ synced: true })
    const second = device.copy({ transports: ['hybrid'] })
    const { verification } = await signIn(second, credential)
    expect(verification.verified).toBe(true)
    expect(verification.authenticationInfo).toMatchObject({
      credentialDeviceType: 'multiDevice',
      credentialBackedUp: true,
    })
    second.credentials.length = 0
    expect(device.credentials).toHaveLength(1)
  })

  it('may send extension outputs', async () => {
    const { verification } = await register(newDevice(), { extensions: encode({ credProtect: 2 }) })
    expect(verification.registrationInfo?.authenticatorExtensionResults).toEqual({ credProtect: 2 })
  })
})

const wrongInBoth: Record<string, Misbehaviour> = {
  'another type': { type: 'webauthn.other' },
  'another challenge': { challenge: 'AAAA' },
  'another origin': { origin: 'https://localhost:3000' },
  'client data that is not JSON': { clientDataJSON: (json) => json.slice(1) },
  'client data that is not UTF-8': { clientDataJSON: () => Uint8Array.of(0xff) },
  'another rpIdHash': { rpId: 'rp.example.evil' },
  'no user present': { userPresent: false },
  'no user verified': { userVerified: false },
  'backed up though not eligible': { backupEligible: false, backupState: true },
  'an id that is not the rawId': { rawId: 'AAAA' },
  'extension data announced and absent': { authData: extensionFlagWithoutData },
  'extension data nested deeply': { extensions: nestedCbor(20_000, 'map') },
  'extension data that promises too much': { extensions: hollowCbor('map') },
  'authenticator data cut short': { authData: (bytes) => bytes.slice(0, 36) },
  'extra bytes after the authenticator data': { authData: trailing },
}

describe('a misbehaving device is refused at registration', () => {
  const cases: Record<string, Misbehaviour> = {
    ...wrongInBoth,
    'an algorithm that was not offered': { alg: -35 },
    'no attested data': { authData: withoutAttestedData },
    'attested data not announced': { authData: (bytes) => flipFlags(bytes, 0x40) },
    'an empty attestation object': { attestationObject: () => new Uint8Array() },
    'nested arrays': { attestationObject: () => nestedCbor(20_000) },
    'nested maps': { attestationObject: () => nestedCbor(20_000, 'map') },
    'nested tags': { attestationObject: () => nestedCbor(20_000, 'tag') },
    'an attestation statement nested deeply': { attStmt: nestedCbor(20_000) },
    'an attestation statement with attestation none': { attStmt: encode({ sig: new Uint8Array(8) }) },
    'an array that promises too much': { attestationObject: () => hollowCbor() },
    'a key without its algorithm': { publicKey: (key) => new Map([...key].filter(([label]) => label !== 3)) },
    'a wrong attestation signature': { attestation: 'packed', badSignature: 'wrong' },
    'a malformed attestation signature': { attestation: 'packed', badSignature: 'malformed-der' },
    'an empty attestation signature': { attestation: 'packed', badSignature: 'empty' },
  }
  for (const [name, wrong] of Object.entries(cases))
    it(name, async () => {
      expect((await register(newDevice(), wrong)).verification.verified).toBe(false)
    })
})

describe('a misbehaving device is refused at sign-in', () => {
  const cases: Record<string, Misbehaviour> = {
    ...wrongInBoth,
    'a foreign top origin': { crossOrigin: true, topOrigin: 'https://rp.example.evil' },
    'a signature over other bytes': { badSignature: 'wrong' },
    'a signature that is not DER': { badSignature: 'malformed-der' },
    'no signature': { badSignature: 'empty' },
    'a signature with one bit changed': { badSignature: (bytes) => bytes.with(-1, bytes.at(-1)! ^ 1) },
    'a sign count that went back': { signCount: 0 },
  }
  for (const alg of [-7, -8, -257] as const)
    for (const [name, wrong] of Object.entries(cases))
      it(`${name} (COSE algorithm ${alg})`, async () => {
        const { device, credential } = await registered({ alg, counter: 'increasing' })
        expect((await signIn(device, credential)).verification.verified).toBe(true)
        expect((await signIn(device, credential, wrong)).verification.verified).toBe(false)
      })
})

describe('a misbehaving device also sends what this verifier does not check:', () => {
  const passed: Record<string, Misbehaviour> = {
    'a foreign top origin': { crossOrigin: true, topOrigin: 'https://rp.example.evil' },
    'a credential id of 1,024 bytes': { credentialIdLength: 1024 },
    'another id in the response': { responseId: 'AAAA' },
    'extra bytes after the attestation object': { attestationObject: trailing },
    'an attestation object cut short, and with it the key': { attestationObject: truncated },
    'authenticator data cut short, and with it the key': { authData: truncated },
    'a key that is not on its curve': { publicKey: (key) => new Map([...key, [-3, new Uint8Array(32)]]) },
    'a key of another type': { publicKey: (key) => new Map([...key, [1, 3]]) },
    'an attestation statement of nested arrays': { attStmt: nestedCbor(500) },
  }
  for (const [name, wrong] of Object.entries(passed))
    it(`${name}, at registration`, async () => {
      expect((await register(newDevice(), wrong)).verification.verified).toBe(true)
    })

  it('an empty credential id, one of 1,024 bytes, and one of another passkey', async () => {
    const asked = await creationOptions()
    for (const length of [0, 1024]) {
      const { id, response } = await newDevice().create(asked, { credentialIdLength: length })
      expect(fromBase64url(id)).toHaveLength(length)
      const { authData } = decode(fromBase64url(response.attestationObject))
      expect(Buffer.from(authData).readUInt16BE(53)).toBe(length)
    }
    expect((await newDevice().create(asked, { credentialId: 'AAAA' })).id).toBe('AAAA')
  })

  it('credProps with rk: false', async () => {
    const { response } = await register(newDevice(), { credProps: { rk: false } })
    expect(response.clientExtensionResults).toEqual({ credProps: { rk: false } })
  })

  it('a missing or foreign user handle, another credential, and a changed backup eligibility', async () => {
    const { device, credential } = await registered()
    const none = await signIn(device, credential, { userHandle: undefined })
    expect(none.response.response).not.toHaveProperty('userHandle')
    const other = await signIn(device, credential, { userHandle: 'AAAA' })
    expect(other.response.response.userHandle).toBe('AAAA')
    const renamed = await signIn(device, credential, { responseId: 'AAAA' })
    expect(renamed.response).toMatchObject({ id: 'AAAA', rawId: 'AAAA' })
    const changed = await signIn(device, credential, { backupEligible: true })
    expect(changed.verification.authenticationInfo.credentialDeviceType).toBe('multiDevice')
    for (const { verification } of [none, other, renamed, changed]) expect(verification.verified).toBe(true)
  })

  it('its own credential instead of the one that the options ask for', async () => {
    const { device, credential } = await registered()
    const asked = {
      ...(await requestOptions()),
      allowCredentials: [{ id: 'AAAA', type: 'public-key' as const }],
    }
    expect((await device.get(asked, { credentialId: credential.id })).id).toBe(credential.id)
  })
})
