import { describe, expect, it, vi } from 'vitest'
import { GuestClientError } from '../../../client/index.ts'
import {
  askedWithStepUp,
  closed,
  codeOf,
  requestsUnderWay,
  setUp,
  setUpStepUp,
  waitingForLock,
} from '../../support/client/clients.ts'
import { type Answer, guest, inTurn, ok, problem } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

const address = { type: 'email', value: 'ada@example.org' } as const
const started = { transaction: 'x', expires_at: 2_000_000_000 }
const given = { ...started, code: '123456' }
const user = guest('a', { is_anonymous: false, is_verified: true, expires_at: null })

describe('promotion.start', () => {
  it('asks for a code, and changes nothing', async () => {
    const { client, doors } = await setUp(() => ok(started))
    const changed = vi.fn()
    client.onChange(changed)
    expect(await client.promotion.start({ ...address, primary: true } as typeof address)).toEqual(started)
    expect(doors.asked).toEqual([{ door: 'POST /promotion/start', body: address }])
    expect(changed).not.toHaveBeenCalled()
  })

  it('proves the passkey if the server asks for that', async () => {
    const { client, authenticator, asked } = await setUpStepUp('POST /promotion/start', ok(started))
    expect(await client.promotion.start(address)).toEqual(started)
    expect(asked()).toEqual(askedWithStepUp('POST /promotion/start'))
    expect(authenticator.prompts).toBe(1)
  })

  it('asks for no code if the user does not give the proof', async () => {
    const { client, authenticator, asked } = await setUpStepUp('POST /promotion/start', ok(started))
    authenticator.prompt = closed
    expect(await codeOf(client.promotion.start(address))).toBe('cancelled')
    expect(asked().filter((door) => door === 'POST /promotion/start').length).toBe(1)
  })

  it.each([
    [400, 'login_id_invalid'],
    [404, 'no_codes'],
    [429, 'too_many_codes'],
    [503, 'not_sent'],
  ])('rejects with the code of the server: %i %s', async (status, code) => {
    const { client } = await setUp(() => problem(status, code))
    expect(await codeOf(client.promotion.start(address))).toBe(code)
  })
})

describe('promotion.verify', () => {
  it('sends the code, and then the guest is a user in all tabs', async () => {
    let promoted = false
    const { client, open, doors } = await setUp((door) => {
      if (door === 'POST /promotion/verify') promoted = true
      return ok(promoted ? user : guest('a'))
    })
    const second = open()
    await Promise.all([client.user(), second.user()])
    const [here, there] = [vi.fn(), vi.fn()]
    client.onChange(here)
    second.onChange(there)
    expect(await client.promotion.verify(given)).toEqual(user)
    // Without a client_id: with one, the answer would bring tokens in place of the cookie.
    expect(doors.asked[2]).toEqual({
      door: 'POST /promotion/verify',
      body: { transaction: 'x', code: '123456' },
    })
    expect(here.mock.calls).toEqual([[user]])
    await eventually(() => expect(there.mock.calls).toEqual([[user]]))
  })

  it.each<[string, Answer]>([
    ['code_wrong', problem(400, 'code_wrong')],
    ['code_expired', problem(400, 'code_expired')],
    ['promotion_refused', problem(409, 'promotion_refused')],
    ['too_many_login_ids', problem(409, 'too_many_login_ids')],
    ['network', 'cut'],
  ])('keeps the guest and sends nothing again if it fails with %s', async (code, answer) => {
    const { client, doors } = await setUp((door) =>
      door === 'POST /promotion/verify' ? answer : ok(guest('a')),
    )
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    expect(await codeOf(client.promotion.verify(given))).toBe(code)
    expect(doors.asked.length).toBe(2)
    expect(changed).not.toHaveBeenCalled()
  })

  it('rejects with the ticket that merges the guest into the account with the login ID', async () => {
    const other = { anonymous_id: 'a', label: 'amber-fox-42', collection: 'users', recoverability: 'none' }
    const owner = guest('b', { is_anonymous: false })
    const { client, doors } = await setUp(
      inTurn(problem(409, 'login_id_taken', { ticket: 't' }), ok(owner), ok({ ...owner, merged: other })),
    )
    const error = await client.promotion.verify(given).catch((error) => error)
    expect(error).toBeInstanceOf(GuestClientError)
    expect(error).toMatchObject({ code: 'login_id_taken', status: 409, ticket: 't' })
    await client.codeSignIn.verify(given)
    expect((await client.merge(error.ticket)).merged).toEqual(other)
    expect(doors.asked[2]).toEqual({ door: 'POST /merge', body: { ticket: 't' } })
  })

  it('rejects without a ticket if the two cannot be merged', async () => {
    const { client } = await setUp(() => problem(409, 'login_id_taken'))
    const error = await client.promotion.verify(given).catch((error) => error)
    expect(error).toMatchObject({ code: 'login_id_taken', ticket: undefined })
  })
})

describe('promotion.undo', () => {
  it('makes the user a guest again, and tells listeners', async () => {
    const { client, doors } = await setUp(inTurn(ok(user), ok(guest('a'))))
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    expect(await client.promotion.undo({ force: true })).toEqual(guest('a'))
    expect(doors.asked[1]).toEqual({ door: 'POST /promotion/undo', body: { force: true } })
    expect(changed.mock.calls).toEqual([[guest('a')]])
  })

  it('proves the passkey if the server asks for that', async () => {
    const { client, asked } = await setUpStepUp('POST /promotion/undo', ok(guest('a')))
    expect(await client.promotion.undo()).toEqual(guest('a'))
    expect(asked()).toEqual(askedWithStepUp('POST /promotion/undo'))
  })

  it.each([
    [409, 'not_promoted'],
    [409, 'would_lose_account'],
  ])('rejects with the code of the server: %i %s', async (status, code) => {
    const { client, doors } = await setUp(() => problem(status, code))
    expect(await codeOf(client.promotion.undo())).toBe(code)
    expect(doors.asked).toEqual([{ door: 'POST /promotion/undo', body: {} }])
  })
})

it.each(['verify', 'undo'] as const)('promotion.%s runs with no other request under way', async (verb) => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { doors, client, open } = await setUp(async () => {
    await held
    return ok(user)
  })
  const work = verb === 'verify' ? client.promotion.verify(given) : client.promotion.undo()
  const all: Promise<unknown>[] = [work]
  await requestsUnderWay(doors, 1)
  all.push(open().user(), open().user())
  await waitingForLock(2)
  release()
  await Promise.all(all)
  expect(doors.mostOpen()).toBe(1)
})

it.each(['verify', 'undo'] as const)(
  'after promotion.%s the client asks for a new access token',
  async (verb) => {
    let n = 0
    const { client } = await setUp((door) =>
      ok(door === 'POST /token' ? { access_token: `access-${++n}`, expires_in: 600 } : user),
    )
    await client.accessToken()
    await (verb === 'verify' ? client.promotion.verify(given) : client.promotion.undo())
    expect(await client.accessToken()).toBe('access-2')
  },
)
