// What 0.5 called differently still works in 0.6. In 0.7, delete this file with client/lib/old-names.ts.
import { expect, it, vi } from 'vitest'
import { setUp } from '../../support/client/clients.ts'
import { guest, ok } from '../../support/client/fake-server.ts'

it('prompts.onDue calls back as prompts.due does', async () => {
  const { client } = await setUp(() => ok(guest('a', { prompts: ['add_passkey'] })))
  const [heard, left] = [vi.fn(), vi.fn()]
  client.prompts.onDue(heard)
  client.prompts.onDue(left)()
  await client.user()
  expect(heard.mock.calls).toEqual([['add_passkey', guest('a', { prompts: ['add_passkey'] })]])
  expect(left).not.toHaveBeenCalled()
})

it("on('offer-passkey') calls back as passkey.offered does", async () => {
  const answer = { ...guest('a'), recovery_codes_left: 9, offer_passkey: true }
  const { client } = await setUp(() => ok(answer))
  const [heard, left] = [vi.fn(), vi.fn()]
  client.on('offer-passkey', heard)
  client.on('offer-passkey', left)()
  await client.signInWithRecoveryCode('7M2K-ZQ4X-0R8T-C5VB')
  expect(heard.mock.calls).toEqual([[answer]])
  expect(left).not.toHaveBeenCalled()
})

it('what the client returns has its fields under the names of 0.5 too; copies and JSON have only those of now', async () => {
  const link = { id: 'l', code: 'BCDF-GHJK', link: 'x', expires_at: 1_900_000_000 }
  const { client } = await setUp(() => ok(link))
  const started = await client.deviceLinks.start({ url: 'https://app.example/link' })
  expect([started.expires_at, started.expiresAt]).toEqual([1_900_000_000, 1_900_000_000])
  expect(Object.keys({ ...started })).toEqual(['id', 'code', 'url', 'expires_at'])
  expect(JSON.parse(JSON.stringify(started))).not.toHaveProperty('expiresAt')
  const opened = await client.deviceLinks.open({ code: 'BCDF-GHJK' })
  expect([opened.expires_at, opened.expiresAt]).toEqual([1_900_000_000, 1_900_000_000])
})
