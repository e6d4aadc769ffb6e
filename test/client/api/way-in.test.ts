// test/browser/way-in.test.ts runs the real ceremony.

import { expect, it, vi } from 'vitest'
import { closed, codeOf, plugInAuthenticator, setUp } from '../../support/client/clients.ts'
import { guest, ok, problem } from '../../support/client/fake-server.ts'

/** Endpoints at which a way in is open for the guest `lost`, and somebody else may be signed in. */
const setUpWayIn = (refusal?: ReturnType<typeof problem>) =>
  setUp((door) => {
    if (door === 'POST /way-in/options')
      return refusal ?? ok({ challenge: 'AA', rp: {}, user: { id: 'AA' }, pubKeyCredParams: [] })
    if (door === 'POST /way-in') return ok(guest('lost', { recoverability: 'synced' }))
    return door.startsWith('DELETE') ? { status: 204 } : problem(401, 'not_signed_in')
  })

/** The doors at which this client asked for a way in. */
const asked = ({ doors }: Awaited<ReturnType<typeof setUpWayIn>>) =>
  doors.asked.filter(({ door }) => door.includes('/way-in'))

it('makes a passkey with the code, signs in with it, and tells listeners', async () => {
  const authenticator = plugInAuthenticator()
  authenticator.prompt = async () => ({
    ...authenticator.assertion,
    response: { ...authenticator.assertion.response, attestationObject: new ArrayBuffer(1) },
  })
  const set = await setUpWayIn()
  const heard = vi.fn()
  set.client.onChange(heard)
  expect((await set.client.wayIn.signIn('7M2K-ZQ4X-0R8T-C5VB')).sub).toBe('lost')
  expect(asked(set)).toEqual([
    { door: 'POST /way-in/options', body: { code: '7M2K-ZQ4X-0R8T-C5VB' } },
    { door: 'POST /way-in', body: expect.objectContaining({ id: 'p' }) },
  ])
  await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(expect.objectContaining({ sub: 'lost' })))
})

it('shows no dialog for a code that lets nobody in', async () => {
  const authenticator = plugInAuthenticator()
  const { client } = await setUpWayIn(problem(403, 'way_in_waiting'))
  expect(await codeOf(client.wayIn.signIn('x'))).toBe('way_in_waiting')
  expect(authenticator.prompts).toBe(0)
})

it('makes no passkey for whoever is signed in if it is called without a code', async () => {
  plugInAuthenticator().prompt = closed
  const set = await setUpWayIn()
  const signIn = set.client.wayIn.signIn as (code?: string) => Promise<unknown>
  for (const code of [undefined, '']) expect(await codeOf(signIn(code as never))).toBe('cancelled')
  expect(asked(set).map(({ door }) => door)).toEqual(['POST /way-in/options', 'POST /way-in/options'])
  expect(set.doors.doors().filter((door) => door.includes('/passkeys/register'))).toEqual([])
})

it('cancels the way in of the guest who is signed in, and asks again who that is', async () => {
  const set = await setUpWayIn()
  await set.client.wayIn.cancel()
  await vi.waitFor(() => expect(set.doors.doors()).toEqual(['DELETE /way-in', 'GET /userinfo']))
})
