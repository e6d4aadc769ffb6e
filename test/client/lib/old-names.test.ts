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
