// The new session of whoever asks: its token is made of the given secret, under the given keys.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { unseal } from '../../../../server/core/crypto/seal.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import type { Holder } from '../../../../server/core/sessions/sessions.ts'
import { newSessionFor } from '../../../../server/core/tokens/new-session.ts'

const [keys, earlier] = ['the', 'an earlier'].map((name) =>
  deriveKeys(`${name} secret, of 32 characters and more`),
) as [ReturnType<typeof deriveKeys>, ReturnType<typeof deriveKeys>]
const config = { sessions: { idleSeconds: 100, absoluteSeconds: 1000 } }
const ctx = { now: () => 1000, keys, keyring: [keys, earlier], config } as unknown as Context
const holder = {
  client: { id: 'spa', refreshIdleSeconds: 50, refreshAbsoluteSeconds: 500 },
  grant: { clientId: 'spa', scope: ['read'], jkt: 'key' },
} as Holder
const secret = 's'.repeat(43)

/** What a refresh token holds, and the keys that sealed it. */
const opened = (token: string) => unseal(ctx.keyring, 'refresh', token.slice('gkrt_'.length))

test('a client gets a refresh token of the given secret, sealed by the given keys', () => {
  const { row, token } = newSessionFor(ctx, holder, 'guest', { secret, keys: earlier })
  expect(opened(token)).toEqual({ payload: { a: 'guest', r: secret, g: 0 }, keys: earlier })
  expect(row).toMatchObject({
    ...{ anonymousId: 'guest', expiresAt: 1050, endsAt: 1500 },
    grant: { clientId: 'spa', scope: 'read', jkt: 'key', refreshes: 0, refreshedAt: 1000 },
  })
})

test('without a secret and keys, a client gets a random token under the current secret', () => {
  const [one, other] = [newSessionFor(ctx, holder, 'guest'), newSessionFor(ctx, holder, 'guest')]
  expect(opened(one.token)?.keys).toBe(keys)
  expect(one.token).not.toBe(other.token)
  expect(one.row.id).not.toBe(other.row.id)
})

test('a browser gets a cookie of the given secret, and no grant', () => {
  const { row, token } = newSessionFor(ctx, undefined, 'guest', { secret })
  expect(token).toContain(secret)
  expect(row).toMatchObject({ anonymousId: 'guest', grant: null, expiresAt: 1100 })
})
