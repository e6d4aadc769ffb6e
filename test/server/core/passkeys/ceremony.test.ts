// Which registrations and assertions are accepted, which were made on a page of ours, and the key that belongs to nobody.

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import { expect, test } from 'vitest'
import {
  decoyPublicKey,
  type Expected,
  expectedIn,
  refuseForeignAssertion,
  verifyAssertion,
  verifyRegistration,
} from '../../../../server/core/passkeys/ceremony.ts'
import { refuseUnusableKey } from '../../../../server/core/passkeys/strict.ts'
import type { Client, Config } from '../../../../server/options/options.ts'
import { type Misbehaviour, SoftwareAuthenticator, trailing } from '../../../support/authenticator.ts'

const origin = 'https://app.example'
const rpId = 'app.example'
const challenge = 'AAAA'
const expected: Expected = {
  challenge,
  origins: [origin],
  rpId,
  topOrigins: ['https://portal.example'],
  requireUserVerification: true,
}

const creation: PublicKeyCredentialCreationOptionsJSON = {
  challenge,
  rp: { id: rpId, name: 'App' },
  user: { id: 'AAAA', name: 'amber-fox-42', displayName: 'amber-fox-42' },
  pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
  authenticatorSelection: { residentKey: 'required' },
}

/** Makes an assertion with one thing wrong, and checks it. */
async function check(wrong: Misbehaviour): Promise<void> {
  const device = new SoftwareAuthenticator({ origin })
  await device.create(creation)
  refuseForeignAssertion(await device.get({ challenge, rpId }, wrong), expected)
}

const framed = { crossOrigin: true, topOrigin: 'https://portal.example' }

test.each<[string, Misbehaviour]>([
  ['on a page of ours', {}],
  ['in a frame of a configured page', framed],
  [
    'by a browser that says nothing of frames',
    { clientDataJSON: (json) => json.replace(',"crossOrigin":false', '') },
  ],
])('an assertion is not foreign if it was made %s', async (_, wrong) => {
  await expect(check(wrong)).resolves.toBeUndefined()
})

test.each<[string, Misbehaviour, string]>([
  ['on another page', { origin: 'https://evil.example' }, 'the origin of the page is not configured'],
  ['as a registration', { type: 'webauthn.create' }, 'client data is not of type webauthn.get'],
  ['with another rawId', { rawId: 'AAAA' }, 'id and rawId differ'],
  ['for another RP ID', { rpId: 'evil.example' }, 'authenticator data is for another RP ID'],
  [
    'with authenticator data of 36 bytes',
    { authData: (bytes) => bytes.slice(0, 36) },
    'authenticator data is for another RP ID',
  ],
  ['with no user present', { userPresent: false }, 'user not present or not verified'],
  ['with no user verified', { userVerified: false }, 'user not present or not verified'],
  [
    'in a frame of another page',
    { crossOrigin: true, topOrigin: 'https://evil.example' },
    'topOrigin is not configured',
  ],
  ['in a frame that is none', { ...framed, crossOrigin: false }, 'topOrigin without crossOrigin'],
  ['in a frame that does not say whose', { crossOrigin: true }, 'cross-origin ceremony without topOrigin'],
  [
    'with a crossOrigin that is a text',
    { clientDataJSON: (json) => json.replace('"crossOrigin":false', '"crossOrigin":"false"') },
    'cross-origin ceremony without topOrigin',
  ],
])('an assertion is foreign if it was made %s', async (_, wrong, reason) => {
  await expect(check(wrong)).rejects.toThrow(reason)
})

test("pages of our origins and of apps run ceremonies for everybody, and a client's pages only for that client", () => {
  const config = {
    ceremonyOrigins: [origin, 'https://spa.example', 'android:apk-key-hash:x', 'https://other.example'],
    origins: [origin],
    appOrigins: ['android:apk-key-hash:x'],
    rpId,
    topOrigins: [],
  } as unknown as Config
  const ours = [origin, 'android:apk-key-hash:x']
  const clientData = Buffer.from(JSON.stringify({ challenge })).toString('base64url')
  const originsFor = (client?: object) => expectedIn(config, clientData, client as Client).origins
  expect(originsFor().toSorted()).toEqual(ours.toSorted())
  expect(originsFor({ origins: ['https://spa.example'] }).toSorted()).toEqual(
    [...ours, 'https://spa.example'].toSorted(),
  )
  expect(expectedIn(config, clientData, undefined)).toMatchObject({
    ...{ challenge, rpId, topOrigins: [], requireUserVerification: true },
  })
})

/** Makes a registration with one thing wrong, and verifies it. */
async function verified(wrong: Misbehaviour, more: Partial<Expected> = {}) {
  const device = new SoftwareAuthenticator({ origin })
  const proof = await device.create(creation, wrong)
  return verifyRegistration(proof, { ...expected, ...more })
}

test.each<[string, Misbehaviour, string]>([
  [
    'whose attestation is of other bytes',
    { attestation: 'packed', badSignature: 'wrong' },
    'attestation signature wrong',
  ],
  ['with an id of 1,024 bytes', { credentialIdLength: 1024 }, 'credential id has 1024 bytes, not 1 to 1023'],
  ['with the id of another credential', { responseId: 'AAAA' }, 'response.id is not the attested credential'],
  ['of a credential that is not discoverable', { credProps: { rk: false } }, 'not a discoverable credential'],
  ['on another page', { origin: 'https://evil.example' }, 'the origin of the page is not configured'],
])('a registration %s is refused', async (_, wrong, reason) => {
  await expect(verified(wrong)).rejects.toThrow(reason)
})

test('a registration has a credential id of 1 to 1,023 bytes, whatever its browser says of discoverability', async () => {
  for (const credentialIdLength of [1, 1023])
    expect((await verified({ credentialIdLength })).id).toHaveLength(Math.ceil((credentialIdLength * 4) / 3))
  for (const credProps of [{}, { rk: true }])
    expect(await verified({ credProps })).toMatchObject({ userVerified: true })
})

test('only a conditional registration needs no user, neither present nor verified', async () => {
  for (const wrong of [{ userVerified: false }, { userPresent: false, userVerified: false }]) {
    expect(await verified(wrong, { conditional: true })).toMatchObject({ userVerified: false })
    await expect(verified(wrong)).rejects.toThrow()
    await expect(verified(wrong, { conditional: false })).rejects.toThrow()
  }
  await expect(verified({ userPresent: false }), 'verified, but not present').rejects.toThrow()
})

test('an assertion is accepted with exact DER alone', async () => {
  const device = new SoftwareAuthenticator({ origin })
  const { id, publicKey } = await verifyRegistration(await device.create(creation), expected)
  const verify = async (wrong: Misbehaviour = {}) =>
    verifyAssertion(await device.get({ challenge, rpId }, wrong), { id, publicKey }, expected)
  expect(await verify()).toEqual({ signCount: 0, backupEligible: false, backedUp: false })
  await expect(verify({ badSignature: trailing })).rejects.toThrow('signature is not exact DER')
  await expect(verify({ badSignature: 'wrong' })).rejects.toThrow('assertion signature wrong')
})

test('the key of nobody could be that of a passkey, and is the same for every unknown credential', async () => {
  const key = new Uint8Array(Buffer.from(decoyPublicKey(), 'base64url'))
  await expect(refuseUnusableKey(key, Buffer.from(key))).resolves.toBeUndefined()
  expect(decoyPublicKey()).toBe(decoyPublicKey())
})
