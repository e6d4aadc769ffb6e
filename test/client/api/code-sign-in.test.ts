import { describe, expect, it, vi } from 'vitest'
import { codeOf, requestsUnderWay, setUp, waitingForLock } from '../../support/client/clients.ts'
import { guest, inTurn, ok, problem } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

const address = { type: 'phone', value: '+41 44 668 18 00' } as const
const started = { transaction: 'x', expires_at: 2_000_000_000 }
const given = { ...started, code: '123456' }
const user = guest('b', { is_anonymous: false, is_verified: true, expires_at: null })
const other = { anonymous_id: 'a', label: 'blue-owl-7', collection: 'users', recoverability: 'none' }

describe('codeSignIn.start', () => {
  it('asks for a code, and sends no other member of the address', async () => {
    const { client, doors } = await setUp(() => ok(started))
    expect(await client.codeSignIn.start({ ...address, primary: true } as typeof address)).toEqual(started)
    expect(doors.asked).toEqual([{ door: 'POST /sign-in/code/start', body: address }])
  })

  it('rejects with the code of the server', async () => {
    const { client } = await setUp(() => problem(429, 'too_many_codes'))
    expect(await codeOf(client.codeSignIn.start(address))).toBe('too_many_codes')
  })
})

describe('codeSignIn.verify', () => {
  it('signs in in all tabs, and tells listeners nothing about the previous guest', async () => {
    const more = { previous: other, merged: true, ticket: 't' }
    let isIn = false
    const { client, open, doors } = await setUp((door) => {
      if (door !== 'POST /sign-in/code') return ok(isIn ? user : guest('a'))
      isIn = true
      return ok({ ...user, ...more })
    })
    const second = open()
    await Promise.all([client.user(), second.user()])
    const [here, there] = [vi.fn(), vi.fn()]
    client.onChange(here)
    second.onChange(there)
    expect(await client.codeSignIn.verify(given)).toEqual({ ...user, ...more })
    expect(doors.asked[2]).toEqual({ door: 'POST /sign-in/code', body: { transaction: 'x', code: '123456' } })
    expect(here.mock.calls).toEqual([[user]])
    await eventually(() => expect(there.mock.calls).toEqual([[user]]))
  })

  it.each([
    [400, 'code_wrong'],
    [400, 'code_expired'],
    [409, 'too_many_sessions'],
  ])('changes nothing and sends nothing again after a refusal: %i %s', async (status, code) => {
    const { client, doors } = await setUp(inTurn(ok(guest('a')), problem(status, code)))
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    expect(await codeOf(client.codeSignIn.verify(given))).toBe(code)
    expect(doors.asked.length).toBe(2)
    expect(changed).not.toHaveBeenCalled()
  })

  it('sends its request while no other one is under way', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { doors, client, open } = await setUp(async () => {
      await held
      return ok(user)
    })
    const all: Promise<unknown>[] = [client.codeSignIn.verify(given)]
    await requestsUnderWay(doors, 1)
    all.push(open().user(), open().user())
    await waitingForLock(2)
    release()
    await Promise.all(all)
    expect(doors.mostOpen()).toBe(1)
  })
})
