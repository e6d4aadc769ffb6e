import { describe, expect, it, vi } from 'vitest'
import { createGuestClient, type Guest } from '../../../client/index.ts'
import { createGuestClient as createSmallClient } from '../../../client/small.ts'
import { codeOf, setUp } from '../../support/client/clients.ts'
import { guest, inTurn, ok, problem } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

describe('current', () => {
  it('is undefined until an answer, then the guest or null, and stays after a failure', async () => {
    const { client } = await setUp(
      inTurn(ok(guest('a')), 'cut', ok(guest('a', { label: 'new' })), problem(401, 'not_signed_in')),
    )
    expect(client.current).toBeUndefined()
    await client.user()
    expect(client.current).toEqual(guest('a'))
    expect(await codeOf(client.user())).toBe('network')
    expect(client.current).toEqual(guest('a'))
    await client.rename('new')
    expect(client.current?.label).toBe('new')
    await client.user()
    expect(client.current).toBeNull()
  })

  it('has each new expiry, of which no listener is told', async () => {
    const { client } = await setUp(inTurn(ok(guest('a')), ok(guest('a', { expires_at: 2_000_000_060 }))))
    await client.user()
    const heard = vi.fn()
    client.onChange(heard)
    await client.user()
    expect(client.current?.expires_at).toBe(2_000_000_060)
    expect(heard).not.toHaveBeenCalled()
  })

  it('is the guest of a sign-in, and null after a sign-out and after an answer that the session is over', async () => {
    const { client } = await setUp((door) =>
      door === 'POST /sign-out'
        ? { status: 204 }
        : door === 'GET /passkeys'
          ? problem(401, 'session_invalid')
          : ok(guest('a')),
    )
    await client.signInAnonymously()
    expect(client.current).toEqual(guest('a'))
    await client.signOut()
    expect(client.current).toBeNull()
    await client.signInAnonymously()
    expect(await codeOf(client.passkeys.list())).toBe('session_invalid')
    expect(client.current).toBeNull()
  })

  it('has no prompts of a moment', async () => {
    const { client } = await setUp((door) =>
      ok(guest('a', { prompts: door.includes('moment') ? ['promote', 'add_passkey'] : ['promote'] })),
    )
    await client.user()
    await client.moment('checkout')
    expect(client.current?.prompts).toEqual(['promote'])
  })

  it('hears of other tabs while there is a listener, which finds the news there', async () => {
    let signedIn = true
    const { client, open } = await setUp((door) => {
      if (door === 'POST /sign-out') signedIn = false
      if (door === 'POST /sign-out') return { status: 204 }
      return signedIn ? ok(guest('a')) : problem(401, 'not_signed_in')
    })
    const found: unknown[] = []
    client.onChange(() => found.push(client.current))
    await client.user()
    await open().signOut()
    await eventually(() => expect(found).toEqual([guest('a'), null]))
  })

  it('cannot be set', async () => {
    const { client } = await setUp(() => ok(guest('a')))
    expect(() => Object.assign(client, { current: guest('b') })).toThrow(TypeError)
  })
})

describe('initialGuest', () => {
  it.each([createGuestClient, createSmallClient])('is current before the first answer: %#', (create) => {
    expect(create({ initialGuest: guest('a') }).current).toEqual(guest('a'))
    expect(create({ initialGuest: null }).current).toBeNull()
    expect(create({ initialGuest: undefined }).current).toBeUndefined()
  })

  it('may be without prompts, as req.guest is, and with fields of a later version', () => {
    const { prompts: _, ...ofRequest } = guest('a')
    const { current } = createGuestClient({ initialGuest: ofRequest })
    expect(current).toEqual(guest('a'))
    const later = { ...guest('a', { expires_at: null }), pronouns: 'they' }
    expect(createGuestClient({ initialGuest: later }).current).toEqual(later)
  })

  it('tells listeners only of what changes, in whatever order its fields are', async () => {
    const start = Object.fromEntries(Object.entries(guest('a')).reverse()) as Guest
    const { client } = await setUp(
      inTurn(ok(guest('a')), ok(guest('a', { recoverability: 'synced' })), problem(401, 'not_signed_in')),
      { initialGuest: start },
    )
    const heard = vi.fn()
    client.onChange(heard)
    for (let i = 0; i < 3; i++) await client.user()
    expect(heard.mock.calls).toEqual([[guest('a', { recoverability: 'synced' })], [null]])
  })

  it('tells nobody if nobody was there and still is not', async () => {
    const { client } = await setUp(() => problem(401, 'not_signed_in'), { initialGuest: null })
    const heard = vi.fn()
    client.onChange(heard)
    await client.user()
    expect(heard).not.toHaveBeenCalled()
  })

  it('tells of its prompts when the service names them', async () => {
    const start = guest('a', { prompts: ['add_passkey'] })
    const { client } = await setUp(() => ok(start), { initialGuest: start })
    const heard = vi.fn()
    client.on('prompts.due', heard)
    expect(client.current?.prompts).toEqual(['add_passkey'])
    await client.user()
    expect(heard.mock.calls).toEqual([['add_passkey', start]])
  })

  it.each<[unknown, string]>([
    ['{"sub":"a"}', 'sub is undefined'],
    [0, 'sub is undefined'],
    ['', 'sub is undefined'],
    [[], 'sub is undefined'],
    [{}, 'sub is undefined'],
    [{ ...guest('a'), sub: 7 }, 'sub is 7'],
    [{ ...guest('a'), label: null }, 'label is null'],
    [{ ...guest('a'), is_anonymous: 'true' }, 'is_anonymous is true'],
    [{ ...guest('a'), expires_at: '2026-01-01' }, 'expires_at is 2026-01-01'],
    [{ ...guest('a'), prompts: 'add_passkey' }, 'prompts is add_passkey'],
    [{ guest: guest('a') }, 'sub is undefined'],
  ])('is refused if it is no guest: %j', (initialGuest, wrong) => {
    expect(() => createGuestClient({ initialGuest: initialGuest as Guest })).toThrow(
      new TypeError(`initialGuest.${wrong}. Give req.guest, userinfo or null`),
    )
  })
})
