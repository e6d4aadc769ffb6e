import { describe, expect, it, vi } from 'vitest'
import type { GuestClient } from '../../../client/index.ts'
import {
  closed,
  codeOf,
  plugInAuthenticator,
  requestsUnderWay,
  setUp,
  waitingForLock,
} from '../../support/client/clients.ts'
import { type Answer, guest, inTurn, ok, problem, stepUp } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

const other = { anonymous_id: 'b', label: 'blue-owl-7', collection: 'users', recoverability: 'none' }
const target = guest('a', { recoverability: 'synced' })

describe('a sign-in with a passkey', () => {
  it.each([
    ['was merged', { previous: other, merged: true, ticket: 't' }],
    ['could be merged', { previous: other, ticket: 't' }],
    ['stays separate', { previous: other }],
  ])('says that the previous guest %s, but not to listeners', async (_, more) => {
    plugInAuthenticator()
    const { client } = await setUp((door) =>
      door.endsWith('/options') ? ok({ challenge: 'AA' }) : ok({ ...target, ...more }),
    )
    const changed = vi.fn()
    client.onChange(changed)
    expect(await client.passkeys.signIn()).toEqual({ ...target, ...more })
    expect(changed.mock.calls).toEqual([[target]])
  })
})

describe('merge', () => {
  it('sends the ticket and returns the merged guest; all tabs see the prompts that are due then', async () => {
    const merged = guest('a', { recoverability: 'synced', prompts: ['promote'] })
    let isMerged = false
    const { client, open, doors } = await setUp((door) => {
      if (door !== 'POST /merge') return ok(isMerged ? merged : target)
      isMerged = true
      return ok({ ...merged, merged: other })
    })
    const second = open()
    await Promise.all([client.user(), second.user()])
    const [here, there] = [vi.fn(), vi.fn()]
    client.onChange(here)
    second.onChange(there)
    expect(await client.merge('t')).toEqual({ ...merged, merged: other })
    expect(doors.asked[2]).toEqual({ door: 'POST /merge', body: { ticket: 't' } })
    expect(here.mock.calls).toEqual([[merged]])
    await eventually(() => expect(there.mock.calls).toEqual([[merged]]))
  })

  it.each<[string, Answer]>([
    ['merge_ticket_invalid', problem(400, 'merge_ticket_invalid')],
    ['merge_refused', problem(409, 'merge_refused')],
    ['nothing_to_merge', problem(409, 'nothing_to_merge')],
    // The passkey that the server asks for belongs to the other guest.
    ['insufficient_user_authentication', stepUp],
    ['network', 'cut'],
  ])('changes nothing and shows no prompt if it fails with %s', async (code, answer) => {
    const authenticator = plugInAuthenticator()
    const { client, doors } = await setUp((door) => (door.startsWith('POST') ? answer : ok(target)))
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    expect(await codeOf(client.merge('t'))).toBe(code)
    expect([doors.asked.length, authenticator.prompts]).toEqual([2, 0])
    expect(changed).not.toHaveBeenCalled()
  })
})

describe('undoMerge', () => {
  it('sends the ticket, and tells listeners the guest who is signed in then', async () => {
    const { client, doors } = await setUp(inTurn(ok(target), ok(guest('b'))))
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    expect(await client.undoMerge('t')).toEqual(guest('b'))
    expect(doors.asked[1]).toEqual({ door: 'POST /merge/undo', body: { ticket: 't' } })
    expect(changed.mock.calls).toEqual([[guest('b')]])
  })

  it.each([
    [400, 'merge_ticket_invalid'],
    [404, 'not_found'],
    [409, 'merge_refused'],
  ])('rejects with the code of the server: %i %s', async (status, code) => {
    const { client } = await setUp(() => problem(status, code))
    expect(await codeOf(client.undoMerge('t'))).toBe(code)
  })
})

it.each<[string, (client: GuestClient) => Promise<unknown>]>([
  ['merge', (client) => client.merge('t')],
  ['undoMerge', (client) => client.undoMerge('t')],
])('%s sends its request while no other one is under way', async (_, work) => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { doors, client, open } = await setUp(async () => {
    await held
    return ok(guest('a'))
  })
  const all: Promise<unknown>[] = [work(client)]
  await requestsUnderWay(doors, 1)
  all.push(open().user(), open().user())
  await waitingForLock(2)
  release()
  await Promise.all(all)
  expect(doors.mostOpen()).toBe(1)
})

describe('a guest who was merged into another one', () => {
  it('is no longer signed in, whatever endpoint says so', async () => {
    const { client } = await setUp(inTurn(ok(guest('b')), problem(401, 'guest_merged')))
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    expect(await codeOf(client.sessions.list())).toBe('guest_merged')
    await eventually(() => expect(changed.mock.calls).toEqual([[null]]))
    await client.signOut()
  })

  it('does not prevent adding a passkey as a new guest', async () => {
    const authenticator = plugInAuthenticator()
    authenticator.prompt = closed
    const options = { challenge: 'AA', user: { id: 'AA' }, pubKeyCredParams: [] }
    const { client, doors } = await setUp(inTurn(problem(401, 'guest_merged'), ok(options)))
    expect(await codeOf(client.passkeys.add())).toBe('cancelled')
    expect(doors.doors()).toEqual(Array(2).fill('POST /passkeys/register/options'))
  })
})
