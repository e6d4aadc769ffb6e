// Challenges carry their own state: what they are for, whom they bind, and until when.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import {
  challengeIn,
  isFor,
  newChallenge,
  openChallenge,
  readChallenge,
  spentChallenge,
} from '../../../../server/core/crypto/challenges.ts'
import { seal } from '../../../../server/core/crypto/seal.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'

const [keys, earlier, foreign] = ['the', 'an earlier', 'a foreign'].map((name) =>
  deriveKeys(`${name} secret, of 32 characters and more`),
) as [ReturnType<typeof deriveKeys>, ReturnType<typeof deriveKeys>, ReturnType<typeof deriveKeys>]
let now = 1000
const of = (...keyring: (typeof keys)[]) =>
  ({ now: () => now, keys: keyring[0], keyring, config: { challengeSeconds: 300 } }) as unknown as Context
const ctx = of(keys, earlier)

type Wanted = Parameters<typeof newChallenge>[1]
const make = (wanted: Wanted, by = ctx) => Buffer.from(newChallenge(by, wanted)).toString('base64url')
const clientData = (challenge: unknown) => Buffer.from(JSON.stringify({ challenge })).toString('base64url')

const all: Wanted[] = [
  { purpose: 'register', anonymousId: 'a', sessionId: 's', userHandle: 'h', conditional: true },
  { purpose: 'register', anonymousId: 'a', sessionId: 's', userHandle: undefined, conditional: false },
  { purpose: 'register_new_guest', anonymousId: 'a', label: 'l', collection: 'c', userHandle: 'h' },
  { purpose: 'register_new_guest', anonymousId: 'a', label: 'l', collection: 'c', userHandle: undefined },
  { purpose: 'sign_in', anonymousId: 'a' },
  { purpose: 'sign_in', anonymousId: undefined },
  { purpose: 'step_up', anonymousId: 'a' },
  { purpose: 'register_device_key', anonymousId: 'a', sessionId: 's' },
  { purpose: 'device_key_sign_in' },
]

test.each(all)('a challenge says what it was made for: %o', (wanted) => {
  now = 1000
  const text = make(wanted)
  const opened = openChallenge(ctx, text)!
  expect(opened).toEqual({ ...wanted, id: expect.stringMatching(/^[\w-]{22}$/), expiresAt: 1300, keys })
  expect(readChallenge(ctx, clientData(text))).toEqual(opened)
  expect(spentChallenge(opened)).toEqual({ id: opened.id, expiresAt: 1300 })
  for (const { purpose } of all) expect(isFor(opened, purpose)).toBe(purpose === wanted.purpose)
  expect(make(wanted), 'each has an id of its own').not.toBe(text)
})

test('a challenge is good for challengeSeconds', () => {
  now = 1000
  const text = make({ purpose: 'device_key_sign_in' })
  now = 1299
  expect(openChallenge(ctx, text)).toBeDefined()
  now = 1300
  expect(openChallenge(ctx, text)).toBeUndefined()
})

test('a challenge opens with the secret that made it, current or earlier, and with no other', () => {
  now = 1000
  const old = make({ purpose: 'device_key_sign_in' }, of(earlier))
  expect(openChallenge(ctx, old)?.keys).toBe(earlier)
  expect(openChallenge(of(foreign), old)).toBeUndefined()
})

test('a challenge of a purpose that this version does not know is none', () => {
  now = 1000
  const of = (p: string) =>
    Buffer.from(seal(keys.challenge, { p, n: 'id', e: 1300, a: 'a' })).toString('base64url')
  expect(openChallenge(ctx, of('step_up'))).toMatchObject({ purpose: 'step_up', anonymousId: 'a' })
  expect(openChallenge(ctx, of('a purpose to come'))).toBeUndefined()
})

test('a challenge counts only in its one exact base64url form, and as a text', () => {
  now = 1000
  const text = make({ purpose: 'device_key_sign_in' })
  expect(challengeIn(clientData(text))).toBe(text)
  const bytes = Buffer.from(text, 'base64url')
  for (const other of [`${text}=`, bytes.toString('base64'), `${text} `, ` ${text}`]) {
    if (other === text) continue
    expect(openChallenge(ctx, other), other).toBeUndefined()
    expect(challengeIn(clientData(other)), other).toBeUndefined()
  }
  for (const none of [undefined, 5, null, [text], '='])
    expect(readChallenge(ctx, clientData(none))).toBeUndefined()
  for (const data of ['', 'x', Buffer.from('null').toString('base64url')])
    expect(readChallenge(ctx, data)).toBeUndefined()
})
