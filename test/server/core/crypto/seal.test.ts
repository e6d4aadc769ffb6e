// Sealed texts: anybody can read one, and only the deployment can make or change one.

import { expect, test } from 'vitest'
import { seal, unseal, unsealSession } from '../../../../server/core/crypto/seal.ts'
import { deriveKeys, mac } from '../../../../server/core/crypto/secrets.ts'

const keys = deriveKeys('the secret of the deployment, of 32 characters and more')
const earlier = deriveKeys('the secret before that one, of 32 characters and more')
const foreign = deriveKeys('the secret of another deployment, of 32 characters')
const keyring = [keys, earlier]
const payload = { a: 'guest', e: 1000 }

test('a sealed text opens with the keys that sealed it, current or earlier, and says which', () => {
  expect(unseal(keyring, 'session', seal(keys.session, payload))).toEqual({ payload, keys })
  expect(unseal(keyring, 'session', seal(earlier.session, payload))).toEqual({ payload, keys: earlier })
})

test('a sealed text opens neither with another secret nor for another purpose', () => {
  expect(unseal(keyring, 'session', seal(foreign.session, payload))).toBeUndefined()
  expect(unseal([], 'session', seal(keys.session, payload))).toBeUndefined()
  expect(unseal(keyring, 'session', seal(keys.challenge, payload))).toBeUndefined()
})

test('a sealed text is refused if any character of it was changed, added or left out', () => {
  const sealed = seal(keys.session, payload)
  for (let at = 0; at <= sealed.length; at++) {
    const [before, after] = [sealed.slice(0, at), sealed.slice(at + 1)]
    for (const other of ['', 'A', 'B', '.', ' ', `${sealed[at] ?? ''}A`]) {
      const text = before + other + after
      if (text !== sealed) expect(unseal(keyring, 'session', text), text).toBeUndefined()
    }
  }
})

test.each(['', '.', 'x', '.x', 'x.', 'x.y'])('the text %j is sealed by nobody', (text) => {
  expect(unseal(keyring, 'session', text)).toBeUndefined()
  expect(unsealSession(keyring, text)).toBeUndefined()
})

test('a text with a good MAC is refused if it is no base64url, as the texts of other MACs with the same key', () => {
  for (const text of ['device link ABCD', '{"a":"guest"}', ''])
    expect(unseal(keyring, 'code', `${text}.${mac(keys.code, text)}`)).toBeUndefined()
})

test('a MAC without a text before it opens nothing', () => {
  expect(unseal(keyring, 'session', mac(keys.session, ''))).toBeUndefined()
  const sealed = seal(keys.session, payload)
  expect(unseal(keyring, 'session', sealed.replace('.', ''))).toBeUndefined()
})

test('a session that was opened once opens again, and only with a keyring that knows its secret', () => {
  const ours = [keys, earlier]
  const sealed = seal(keys.session, payload)
  const first = unsealSession(ours, sealed)
  expect(first).toEqual(payload)
  expect(unsealSession(ours, sealed), 'remembered').toBe(first)
  expect(unsealSession([foreign], sealed)).toBeUndefined()
})

test('no number of forged texts makes the deployment forget a session that it opened', () => {
  const ours = [keys, earlier]
  const sealed = seal(keys.session, payload)
  const first = unsealSession(ours, sealed)
  for (let i = 0; i < 5001; i++) unsealSession(ours, `forged.${i}`)
  expect(unsealSession(ours, sealed), 'remembered').toBe(first)
})
