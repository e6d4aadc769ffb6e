// What the bindings share. `npm run interop` tests each of them in an app of its framework.

import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createGuestSource, type GuestProviderOptions } from '../../../client/bindings/guest-source.ts'
import { createGuestClient, type InitialGuest, type UserInfo } from '../../../client/index.ts'
import { setUp } from '../../support/client/clients.ts'
import { type Answers, guest, ok, problem } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

/** A source at endpoints whose answers the test writes. */
async function setUpSource(answers: Answers, given: Omit<GuestProviderOptions, 'client'> = {}) {
  const { doors, open } = await setUp(answers)
  const source = createGuestSource({ ...given, options: { baseUrl: doors.baseUrl, ...given.options } })
  onTestFinished(source.close)
  return { doors, open, source }
}

describe('a source', () => {
  it('asks when somebody listens, once for all who do, and again for the first who comes later', async () => {
    const { source, doors } = await setUpSource(() => ok(guest('a')))
    expect(source.guest()).toBeUndefined()
    const [first, second] = [vi.fn(), vi.fn()]
    const stops = [source.listen(first), source.listen(second)]
    await eventually(() => expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]))
    expect(source.guest()).toEqual(guest('a'))
    expect(doors.doors()).toEqual(['GET /userinfo'])
    for (const stop of stops) stop()
    source.listen(first)
    await eventually(() => expect(doors.doors()).toEqual(['GET /userinfo', 'GET /userinfo']))
  })

  it('asks once if the listener leaves and comes back at once, as in StrictMode', async () => {
    const { source, doors } = await setUpSource(() => ok(guest('a')))
    const heard = vi.fn()
    source.listen(heard)()
    source.listen(heard)
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1))
    expect(doors.doors()).toEqual(['GET /userinfo'])
  })

  it('hears of other tabs while somebody listens, and of nothing more afterwards', async () => {
    let isThere = true
    const { source, open, doors } = await setUpSource((door) => {
      if (door === 'POST /sign-out') isThere = false
      if (door === 'POST /sign-out') return { status: 204 }
      return isThere ? ok(guest('a')) : problem(401, 'not_signed_in')
    })
    const heard = vi.fn()
    const stop = source.listen(heard)
    await eventually(() => expect(source.guest()).toEqual(guest('a')))
    await open().signOut()
    await eventually(() => expect(source.guest()).toBeNull())
    expect(heard).toHaveBeenCalledTimes(2)
    stop()
    isThere = true
    const before = doors.asked.length
    await open().signInAnonymously()
    expect(doors.doors().slice(before)).toEqual(['POST /sign-in'])
    expect(heard).toHaveBeenCalledTimes(2)
  })

  it('calls a listener that was given twice twice, and each until its own end', async () => {
    const { source } = await setUpSource(() => ok(guest('a')))
    const heard = vi.fn()
    const stop = source.listen(heard)
    source.listen(heard)
    await eventually(() => expect(heard).toHaveBeenCalledTimes(2))
    stop()
    await source.client.signOut({ force: true })
    await eventually(() => expect(heard).toHaveBeenCalledTimes(3))
  })

  it('keeps what it knows if the service cannot be asked', async () => {
    const { source, doors } = await setUpSource(() => 'cut', { initialGuest: guest('a') })
    source.listen(() => {})
    await eventually(() => expect(doors.asked.length).toBe(1))
    await source.client.user().catch(() => {})
    expect(source.guest()).toEqual(guest('a'))
  })

  it('takes a client whose profiles have a type of their own', () => {
    const client = createGuestClient<{ nickname: string }>()
    expect(createGuestSource({ client }).client).toBe(client)
  })

  it('closes the client that it made, and no client of the page', async () => {
    const { client } = await setUp(() => ok(guest('a')))
    const [heard, lost] = [vi.fn(), vi.fn()]
    client.onChange(heard)
    createGuestSource({ client }).close()
    await client.user()
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1))
    const { source } = await setUpSource(() => ok(guest('a')))
    source.client.onChange(lost)
    source.close()
    await source.client.user()
    expect(lost).not.toHaveBeenCalled()
  })

  it.each<[GuestProviderOptions, string]>([
    [
      { clinet: 1 } as GuestProviderOptions,
      'Unknown option: clinet. There are client, options, initialGuest',
    ],
    [{ client: createGuestClient(), options: {} }, 'Give a client or the options of one, not both'],
    [{ initialGuest: {} as InitialGuest }, 'initialGuest.sub is undefined. Give req.guest, userinfo or null'],
    [
      { client: createGuestClient(), initialGuest: {} as InitialGuest },
      'initialGuest.sub is undefined. Give req.guest, userinfo or null',
    ],
    [{ options: { baseURL: '/guest' } as object }, 'Unknown option: baseURL'],
  ])('refuses wrong options: %#', (given, message) => {
    expect(() => createGuestSource(given)).toThrow(new TypeError(message))
  })
})

describe('the start value of a source', () => {
  it('is that of the provider, or of the options of the client', async () => {
    const { source } = await setUpSource(() => ok(guest('b')), { initialGuest: guest('a') })
    expect([source.guest(), source.firstGuest()]).toEqual([guest('a'), guest('a')])
    source.listen(() => {})
    await eventually(() => expect(source.guest()).toEqual(guest('b')))
    expect(source.firstGuest()).toEqual(guest('a'))
    const { guest: now } = createGuestSource({ options: { initialGuest: guest('c') } })
    expect(now()).toEqual(guest('c'))
  })

  it('stands in for what a client of the page does not know yet', async () => {
    const { client } = await setUp(() => ok(guest('b')))
    const early = createGuestSource({ client, initialGuest: guest('a', { prompts: ['promote'] }) })
    expect(early.guest()?.sub).toBe('a')
    expect([early.prompt(), early.firstPrompt()]).toEqual(['promote', 'promote'])
    await client.user()
    expect(early.guest()?.sub).toBe('b')
    expect([early.prompt(), early.firstPrompt()]).toEqual([undefined, 'promote'])
    const late = createGuestSource({ client })
    expect([late.guest()?.sub, late.firstGuest()?.sub]).toEqual(['b', 'b'])
  })
})

describe('the prompt of a source', () => {
  /** A service with one guest: the prompts that are due at any time, and those at the checkout. */
  async function setUpPrompts(prompts: string[], checkout: string[]) {
    const service = { prompts, checkout, label: 'amber-fox-42' }
    const set = await setUpSource((door, body) => {
      if (door === 'POST /prompts/snooze') {
        const { prompt } = body as { prompt: string }
        service.prompts = service.prompts.filter((one) => one !== prompt)
      }
      const due: Partial<UserInfo> = {
        prompts: door.includes('moment=checkout') ? service.checkout : service.prompts,
        label: service.label,
      }
      return ok(guest('a', due))
    })
    const heard = vi.fn()
    set.source.listen(heard)
    await eventually(() => expect(heard).toHaveBeenCalled())
    return { ...set, service, heard }
  }

  it('is the most important one, and the next one after it has been put off', async () => {
    const { source, doors, heard } = await setUpPrompts(['add_passkey', 'promote'], [])
    expect(source.prompt()).toBe('add_passkey')
    heard.mockClear()
    await source.snooze({ seconds: 60 })
    expect(doors.asked.at(-1)).toEqual({
      door: 'POST /prompts/snooze',
      body: { prompt: 'add_passkey', seconds: 60 },
    })
    expect(source.prompt()).toBe('promote')
    expect(heard).toHaveBeenCalled()
  })

  it('at a moment is the most important one of then, until it is put off', async () => {
    const { source, heard } = await setUpPrompts(['promote'], ['add_passkey', 'promote'])
    expect(source.prompt()).toBe('promote')
    heard.mockClear()
    await source.client.moment('checkout')
    await eventually(() => expect(source.prompt()).toBe('add_passkey'))
    expect(heard).toHaveBeenCalled()
    await source.snooze()
    expect(source.prompt()).toBe('promote')
  })

  it('at a moment lasts until something about the guest has changed', async () => {
    const { source, service } = await setUpPrompts([], ['add_passkey'])
    await source.client.moment('checkout')
    await eventually(() => expect(source.prompt()).toBe('add_passkey'))
    await source.client.user()
    expect(source.prompt()).toBe('add_passkey')
    service.label = 'new'
    await source.client.user()
    await eventually(() => expect(source.prompt()).toBeUndefined())
  })

  it('is not put off if there is none', async () => {
    const { source, doors } = await setUpPrompts([], [])
    await source.snooze()
    expect(doors.doors()).toEqual(['GET /userinfo'])
  })
})
