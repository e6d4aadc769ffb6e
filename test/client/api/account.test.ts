import { describe, expect, it, vi } from 'vitest'
import { closed, codeOf, plugInAuthenticator, setUp, waitingForLock } from '../../support/client/clients.ts'
import { type Answer, guest, ok, problem, stepUp, tokens } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

const gone: Answer = { status: 204 }

/** A guest with a passkey, which must be proven before the account can be erased. */
const setUpWithPasskey = () => {
  const authenticator = plugInAuthenticator()
  const saved = guest('a', { recoverability: 'synced' })
  let proven = false
  return setUp((door) => {
    if (door === 'DELETE /account') return proven ? gone : stepUp
    if (door === 'POST /passkeys/authenticate/options') return ok({ challenge: 'AA' })
    if (door === 'POST /passkeys/authenticate') proven = true
    return ok(saved)
  }).then((set) => ({ ...set, authenticator, saved }))
}

describe('the account', () => {
  it('is exported as the server answers it', async () => {
    const everything = { guest: { anonymous_id: 'a' }, passkeys: [] }
    const { client, doors } = await setUp(() =>
      ok(everything, { 'content-disposition': 'attachment; filename="guest.json"' }),
    )
    expect(await client.account.export()).toEqual(everything)
    expect(doors.doors()).toEqual(['GET /account/export'])
  })

  it('is erased, and then nobody is signed in in any tab', async () => {
    let erased = false
    const { client, open, doors } = await setUp((door) => {
      if (door === 'DELETE /account') erased = true
      return door === 'DELETE /account' ? gone : erased ? problem(401, 'not_signed_in') : ok(guest('a'))
    })
    const other = open()
    await Promise.all([client.user(), other.user()])
    const [here, there] = [vi.fn(), vi.fn()]
    client.onChange(here)
    other.onChange(there)
    await client.account.delete()
    expect(here.mock.calls).toEqual([[null]])
    await eventually(() => expect(there.mock.calls).toEqual([[null]]))
    expect(doors.asked.slice(2)).toEqual([
      { door: 'DELETE /account', body: {} },
      { door: 'GET /userinfo', body: '' },
    ])
  })

  it('is erased, and its access token is no longer handed out', async () => {
    let erased = false
    const { client } = await setUp((door) => {
      if (door === 'DELETE /account') erased = true
      if (door === 'DELETE /account') return gone
      return erased ? problem(400, 'invalid_grant') : ok(tokens(1))
    })
    expect(await client.accessToken()).toBe('access-1')
    await client.account.delete()
    expect(await client.accessToken()).toBeNull()
  })

  it('is erased after a proof if the server asks for one', async () => {
    const { client, doors, authenticator } = await setUpWithPasskey()
    await client.user()
    await client.account.delete()
    expect(authenticator.prompts).toBe(1)
    expect(doors.doors().filter((door) => !door.startsWith('GET'))).toEqual([
      'DELETE /account',
      'POST /passkeys/authenticate/options',
      'POST /passkeys/authenticate',
      'DELETE /account',
    ])
  })

  it('stays if the user does not give the proof', async () => {
    const { client, doors, authenticator, saved } = await setUpWithPasskey()
    authenticator.prompt = closed
    const changed = vi.fn()
    client.onChange(changed)
    expect(await codeOf(client.account.delete())).toBe('cancelled')
    expect(doors.doors().filter((door) => door === 'DELETE /account').length).toBe(1)
    expect(changed.mock.calls).toEqual([[saved]])
  })

  it.each<[string, Answer, string]>([
    ['breaks off', 'cut', 'network'],
    ['says that the server is unavailable', problem(503, 'unavailable'), 'unavailable'],
  ])('counts as not erased after an answer that %s', async (_, answer, code) => {
    const { client } = await setUp((door) => (door === 'DELETE /account' ? answer : ok(guest('a'))))
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    expect(await codeOf(client.account.delete())).toBe(code)
    expect(changed).not.toHaveBeenCalled()
  })

  it('rejects with session_invalid if the session has ended, which says nothing about the account', async () => {
    const { client } = await setUp(() => problem(401, 'session_invalid'))
    expect(await codeOf(client.account.delete())).toBe('session_invalid')
  })

  it('is erased while no other request is under way, since the answer deletes the cookie', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { doors, client, open } = await setUp(async (door) => {
      await held
      return door === 'DELETE /account' ? gone : ok(guest('a'))
    })
    const all = [client.account.delete(), open().user(), open().signInAnonymously()]
    await waitingForLock(2)
    release()
    await Promise.all(all)
    expect(doors.mostOpen()).toBe(1)
  })
})
