// Encrypted texts: only the deployment can make and read one.

import { CompactEncrypt } from 'jose'
import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { decrypt, encrypt } from '../../../../server/core/crypto/jwe.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'

const of = (...secrets: string[]) => {
  const keyring = secrets.map((secret) => deriveKeys(`${secret} secret, of 32 characters and more`))
  return { keys: keyring[0]!, keyring } as unknown as Context
}
const payload = { verifier: 'x', at: 1000 }

test('an encrypted text is read with the current secret or an earlier one, and shows nothing of its payload', async () => {
  const text = await encrypt(of('the'), 'flow', payload)
  expect(await decrypt(of('the'), 'flow', text)).toEqual(payload)
  expect(await decrypt(of('a new', 'the'), 'flow', text)).toEqual(payload)
  for (const part of text.split('.'))
    expect(Buffer.from(part, 'base64url').toString()).not.toContain('verifier')
})

test('an encrypted text is nothing with another secret, for another purpose, or if it was changed', async () => {
  const text = await encrypt(of('the'), 'flow', payload)
  expect(await decrypt(of('another'), 'flow', text)).toBeUndefined()
  expect(await decrypt(of('the'), 'authorization', text)).toBeUndefined()
  for (const other of ['', 'x', 'a.b.c.d.e', `${text}A`, text.slice(0, -2), text.replace(/^./, 'A')])
    expect(await decrypt(of('the'), 'flow', other), other).toBeUndefined()
})

test('what only a fault of ours can make of a text is no text of somebody else', async () => {
  const ctx = of('the')
  const text = await new CompactEncrypt(new TextEncoder().encode('no JSON'))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(ctx.keys.flow)
  await expect(decrypt(ctx, 'flow', text)).rejects.toThrow(SyntaxError)
})
