// ECDSA signatures: only exact DER is accepted (WebAuthn Level 3, 6.5.5).

import { expect, test } from 'vitest'
import { refuseLooseDer } from '../../../../server/core/passkeys/strict.ts'

/** The first bytes of COSE keys: of an elliptic curve with two coordinates, and of RSA. */
const [ec2, rsa] = [Buffer.from('a50102', 'hex'), Buffer.from('a40103', 'hex')]
const long = `0241${'01'.repeat(65)}`
const refuse = (signature: string, key = ec2) => refuseLooseDer(key, Buffer.from(signature, 'hex'))

test.each([
  ['two small integers', '3006020101020101'],
  ['the greatest of one byte', '300602017f02017f'],
  ['integers whose first bit needs a zero before it', '300802020080020200ff'],
  ['a length of more than 127 bytes', `308186${long}${long}`],
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
  ['an integer with a length in the long form', `30080281010102020001`],
  ['one integer alone', '3003020101'],
  ['a third integer', '3009020101020101020101'],
])('refuses %s', (_, signature) => {
  expect(() => refuse(signature)).toThrow('signature is not exact DER')
})

test('leaves signatures of other kinds of keys alone', () => {
  expect(() => refuse('00', rsa)).not.toThrow()
})
