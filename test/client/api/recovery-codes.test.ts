import { expect, it, vi } from 'vitest'
import { askedWithStepUp, codeOf, setUp, setUpStepUp } from '../../support/client/clients.ts'
import { guest, ok, problem } from '../../support/client/fake-server.ts'

const codes = { codes: ['7M2K-ZQ4X-0R8T-C5VB'], left: 10, created_at: 1_900_000_000, confirmed: false }

it('makes codes, after a step-up if the server asks for one', async () => {
  const { client, asked } = await setUpStepUp('POST /recovery-codes', ok(codes))
  expect(await client.recoveryCodes.create()).toEqual(codes)
  expect(asked()).toEqual(askedWithStepUp('POST /recovery-codes'))
})

it('makes codes and confirms them, and tells listeners what each of the two has changed', async () => {
  const left = { left: 10, created_at: 1_900_000_000, confirmed: true }
  let prompts = ['add_recovery_codes']
  let recoverability: 'none' | 'device' = 'none'
  const { client } = await setUp((door) => {
    if (door === 'POST /recovery-codes') prompts = []
    if (door === 'POST /recovery-codes/confirm') recoverability = 'device'
    if (door === 'POST /recovery-codes') return ok(codes)
    return ok(door === 'POST /recovery-codes/confirm' ? left : guest('a', { prompts, recoverability }))
  })
  await client.user()
  const heard = vi.fn()
  client.onChange(heard)
  await client.recoveryCodes.create()
  await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(guest('a', { prompts: [] })))
  expect(await client.recoveryCodes.confirm()).toEqual(left)
  await vi.waitFor(() =>
    expect(heard).toHaveBeenCalledWith(guest('a', { prompts: [], recoverability: 'device' })),
  )
})

it('says how many codes are left, and removes them', async () => {
  const { client, doors } = await setUp((door, _body) => {
    if (door === 'GET /recovery-codes') return ok({ left: 9, created_at: 1, confirmed: true })
    if (door === 'DELETE /recovery-codes') return problem(409, 'would_lose_account')
    return door.startsWith('DELETE') ? { status: 204 } : ok(guest('a'))
  })
  expect(await client.recoveryCodes.status()).toEqual({ left: 9, created_at: 1, confirmed: true })
  expect(await codeOf(client.recoveryCodes.remove())).toBe('would_lose_account')
  await client.recoveryCodes.remove({ force: true })
  expect(doors.doors()).toContain('DELETE /recovery-codes?force=true')
})

it('signs in with a code, says how many are left, and tells listeners to offer a passkey', async () => {
  const answer = { ...guest('a'), recovery_codes_left: 9, offer_passkey: true }
  const { client, doors } = await setUp(() => ok(answer))
  const [offered, changed, left] = [vi.fn(), vi.fn(), vi.fn()]
  client.on('passkey.offered', offered)
  client.on('passkey.offered', left)()
  client.onChange(changed)
  expect(await client.signInWithRecoveryCode('7m2k zq4x 0r8t c5vb')).toEqual(answer)
  expect(doors.asked).toEqual([
    { door: 'POST /sign-in/recovery-code', body: { code: '7m2k zq4x 0r8t c5vb' } },
  ])
  await vi.waitFor(() => expect(offered.mock.calls).toEqual([[answer]]))
  // What the answer says about the sign-in is no part of the guest.
  expect(changed.mock.calls).toEqual([[guest('a')]])
  expect(left).not.toHaveBeenCalled()
})

it('does not send a code again that may have been used', async () => {
  const { client, doors } = await setUp(() => 'cut')
  expect(await codeOf(client.signInWithRecoveryCode('x'))).toBe('network')
  expect(doors.asked.length).toBe(1)
})
