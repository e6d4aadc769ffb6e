import { describe, expect, it, vi } from 'vitest'
import type { GuestClient } from '../../../client/index.ts'
import {
  codeOf,
  plugInAuthenticator,
  requestsUnderWay,
  setUp,
  waitingForLock,
} from '../../support/client/clients.ts'
import {
  type Answer,
  type Answers,
  guest,
  inTurn,
  ok,
  problem,
  stepUp,
} from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

const due = (...prompts: string[]) => guest('a', { prompts })
const dueNow = (...prompts: string[]) => ok(due(...prompts))

/** Everything with which prompts.due calls back, in order. */
function heardBy(client: GuestClient) {
  const heard: string[] = []
  client.on('prompts.due', (prompt, { sub }) => heard.push(`${prompt} of ${sub}`))
  return heard
}

/** A service with one guest: the prompts that are due at any time, and those at moments. Tests change them. */
async function setUpService(others: Answers = () => problem(404, 'not_found')) {
  const service = { prompts: [] as string[], moments: {} as Record<string, string[]>, isSignedIn: true }
  const set = await setUp((door, body, asked) => {
    const moment = /^GET \/userinfo\?moment=(.*)/.exec(door)?.[1]
    if (door === 'POST /sign-in') service.isSignedIn = true
    else if (door === 'POST /prompts/snooze') {
      const without = (prompts: string[]) =>
        prompts.filter((prompt) => prompt !== (body as { prompt: string }).prompt)
      service.prompts = without(service.prompts)
      for (const moment in service.moments) service.moments[moment] = without(service.moments[moment]!)
    } else if (!door.startsWith('GET /userinfo')) return others(door, body, asked)
    if (!service.isSignedIn) return problem(401, 'not_signed_in')
    return dueNow(...service.prompts, ...((moment && service.moments[moment]) || []))
  })
  return { ...set, service }
}

describe('prompts.due', () => {
  it('calls back once for each prompt that becomes due, in order, and not when it is no longer due', async () => {
    const { client } = await setUp(
      inTurn(
        dueNow('add_passkey', 'promote'),
        dueNow('add_passkey', 'promote'),
        dueNow('promote'),
        dueNow('promote', 'add_attribute:nickname'),
        dueNow(),
        dueNow('promote'),
      ),
    )
    const heard = heardBy(client)
    const told: string[][] = []
    for (let i = 0; i < 6; i++) {
      await client.user()
      told.push(heard.splice(0))
    }
    expect(told).toEqual([
      ['add_passkey of a', 'promote of a'],
      [],
      [],
      ['add_attribute:nickname of a'],
      [],
      ['promote of a'],
    ])
  })

  it('does not call back for a prompt that was known before', async () => {
    const { client } = await setUp(inTurn(dueNow('promote'), dueNow('promote', 'add_passkey')))
    await client.user()
    const heard = heardBy(client)
    await client.user()
    expect(heard).toEqual(['add_passkey of a'])
  })

  it('calls back again if another guest is signed in, or the same one again', async () => {
    const { client } = await setUp(
      inTurn(
        dueNow('promote'),
        ok(guest('b', { prompts: ['promote'] })),
        problem(401, 'not_signed_in'),
        ok(guest('b', { prompts: ['promote'] })),
      ),
    )
    const heard = heardBy(client)
    for (let i = 0; i < 4; i++) await client.user()
    expect(heard).toEqual(['promote of a', 'promote of b', 'promote of b'])
  })

  it.each<[string, Answer]>([
    ['breaks off', 'cut'],
    ['says that it cannot tell', problem(503, 'unavailable')],
  ])('does not call back again after an answer that %s', async (_, answer) => {
    const { client } = await setUp(inTurn(dueNow('promote'), answer, dueNow('promote')))
    const heard = heardBy(client)
    for (let i = 0; i < 3; i++) await client.user().catch(() => {})
    expect(heard).toEqual(['promote of a'])
  })

  it('calls back for what other tabs cause, and again after they have put a prompt off', async () => {
    const { client, open, doors, service } = await setUpService()
    service.isSignedIn = false
    const heard = heardBy(client)
    service.prompts = ['add_passkey', 'promote']
    const other = open()
    await other.signInAnonymously()
    await eventually(() => expect(heard).toEqual(['add_passkey of a', 'promote of a']))
    const asked = doors.asked.length
    await other.prompts.snooze('promote')
    await eventually(() => expect(doors.doors().slice(asked)).toContain('GET /userinfo'))
    service.prompts = ['add_passkey', 'promote']
    await client.user()
    await eventually(() => expect(heard.slice(2)).toEqual(['promote of a']))
  })

  it('stops after unsubscribing, only for that listener, and after close', async () => {
    const { client, open, doors, service } = await setUpService()
    const [left, stayed] = [vi.fn(), vi.fn()]
    const leave = client.on('prompts.due', left)
    const stop = client.onChange(stayed)
    leave()
    service.prompts = ['promote']
    await open().signInAnonymously()
    await eventually(() => expect(stayed).toHaveBeenCalledWith(due('promote')))
    stop()
    const asked = doors.asked.length
    await open().signInAnonymously()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(doors.doors().slice(asked)).toEqual(['POST /sign-in'])
    client.on('prompts.due', left)
    client.close()
    service.prompts = ['add_passkey']
    await client.user()
    expect(left).not.toHaveBeenCalled()
  })
})

describe('snooze', () => {
  it('puts a prompt off, and onChange calls back', async () => {
    const { client, doors, service } = await setUpService()
    service.prompts = ['add_passkey', 'promote']
    await client.user()
    const [changed, heard] = [vi.fn(), heardBy(client)]
    client.onChange(changed)
    expect(await client.prompts.snooze('add_passkey', { seconds: 60 })).toEqual(due('promote'))
    await client.prompts.snooze('promote')
    expect(doors.asked.slice(1)).toEqual([
      { door: 'POST /prompts/snooze', body: { prompt: 'add_passkey', seconds: 60 } },
      { door: 'POST /prompts/snooze', body: { prompt: 'promote' } },
    ])
    expect(changed.mock.calls).toEqual([[due('promote')], [due()]])
    expect(heard).toEqual([])
  })

  it('lets prompts.due call back when the prompt is due again, at a moment too', async () => {
    const { client, service } = await setUpService()
    service.prompts = ['promote']
    service.moments.checkout = ['add_passkey']
    await client.moment('checkout')
    const heard = heardBy(client)
    for (const prompt of ['promote', 'add_passkey']) await client.prompts.snooze(prompt)
    service.prompts = ['promote']
    service.moments.checkout = ['add_passkey']
    await client.user()
    await client.moment('checkout')
    expect(heard).toEqual(['promote of a', 'add_passkey of a'])
  })

  it('changes nothing if the service does not know the prompt', async () => {
    const { client } = await setUp((door) =>
      door === 'POST /prompts/snooze' ? problem(400, 'prompt_unknown') : dueNow('promote'),
    )
    await client.user()
    const [changed, heard] = [vi.fn(), heardBy(client)]
    client.onChange(changed)
    expect(await codeOf(client.prompts.snooze('promot'))).toBe('prompt_unknown')
    await client.user()
    expect([changed.mock.calls, heard]).toEqual([[], []])
  })

  it('sends its request while no other one is under way, since the answer may set the cookie', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { doors, client, open } = await setUp(async () => {
      await held
      return dueNow()
    })
    const all: Promise<unknown>[] = [client.prompts.snooze('promote')]
    await requestsUnderWay(doors, 1)
    all.push(open().user(), open().moment('checkout'))
    await waitingForLock(2)
    release()
    await Promise.all(all)
    expect(doors.mostOpen()).toBe(1)
    expect(doors.doors()[0]).toBe('POST /prompts/snooze')
  })
})

describe('a moment', () => {
  it('is sent by its name, and the answer has what is due then', async () => {
    const { client, doors } = await setUp(() => dueNow('promote'))
    expect(await client.moment('check out & pay')).toEqual(due('promote'))
    expect(doors.doors()).toEqual(['GET /userinfo?moment=check%20out%20%26%20pay'])
  })

  it('resolves to null if nobody is signed in', async () => {
    const { client } = await setUp(() => problem(401, 'not_signed_in'))
    expect(await client.moment('checkout')).toBeNull()
  })

  it('lets prompts.due call back once, however often it comes', async () => {
    const { client, service } = await setUpService()
    service.moments.checkout = ['add_passkey']
    const heard = heardBy(client)
    for (let i = 0; i < 3; i++) {
      await client.moment('checkout')
      await client.user()
      await client.moment('search')
    }
    expect(heard).toEqual(['add_passkey of a'])
  })

  it('lets prompts.due call back again after the prompt was not due at it', async () => {
    const { client, service } = await setUpService()
    const heard = heardBy(client)
    for (const prompts of [['add_passkey'], [], ['add_passkey']]) {
      service.moments.checkout = prompts
      await client.moment('checkout')
    }
    expect(heard).toEqual(['add_passkey of a', 'add_passkey of a'])
  })

  it('does not change what is due at any time; a prompt that is not due at it is due at no time', async () => {
    const { client, service } = await setUpService()
    service.prompts = ['promote']
    service.moments.checkout = ['add_passkey']
    const heard = heardBy(client)
    await client.user()
    await client.moment('checkout')
    // The prompt was due at that moment and is now due at any time: it is not new.
    service.prompts = ['add_passkey']
    await client.user()
    expect(heard.splice(0)).toEqual(['promote of a', 'add_passkey of a'])
    service.prompts = []
    service.moments.checkout = []
    await client.moment('checkout')
    service.prompts = ['add_passkey']
    await client.user()
    expect(heard).toEqual(['add_passkey of a'])
  })

  it.each([
    ['after', ['checkout', '', 'nothing', '']],
    ['before', ['', 'checkout', 'nothing', '']],
  ])('does not end a prompt that is due at any time, if it comes %s that', async (_, times) => {
    const { client, service } = await setUpService()
    const heard = heardBy(client)
    for (const time of times) {
      service.prompts = time === 'nothing' ? [] : ['add_passkey']
      await (time === 'checkout' ? client.moment(time) : client.user())
    }
    expect(heard).toEqual(['add_passkey of a', 'add_passkey of a'])
  })

  it('does not count as a change, so that a listener which asks again causes no endless calls', async () => {
    const { client, service } = await setUpService()
    service.prompts = ['promote']
    service.moments.checkout = ['add_passkey']
    const changed = vi.fn()
    client.onChange(changed)
    for (let i = 0; i < 3; i++) {
      await client.user()
      await client.moment('checkout')
    }
    expect(changed.mock.calls).toEqual([[due('promote')]])
  })

  it('tells onChange if somebody else is signed in, or something else has changed', async () => {
    const { client } = await setUp(
      inTurn(
        dueNow('promote'),
        ok(guest('a', { recoverability: 'synced', prompts: ['add_passkey'] })),
        ok(guest('b', { prompts: ['add_passkey'] })),
        problem(401, 'session_invalid'),
      ),
    )
    await client.user()
    const changed = vi.fn()
    client.onChange(changed)
    for (let i = 0; i < 3; i++) await client.moment('checkout')
    expect(changed.mock.calls).toEqual([
      [guest('a', { recoverability: 'synced', prompts: ['promote'] })],
      [guest('b')],
      [null],
    ])
  })
})

describe('fetch', () => {
  const atCheckout = { 'guest-moment': 'checkout' }

  it('asks about the moment which the host says has come', async () => {
    const { client, doors, service } = await setUpService(() => ok('paid', atCheckout))
    service.moments.checkout = ['add_passkey']
    const heard = heardBy(client)
    const response = await client.fetch(`${doors.origin}/pay`, { method: 'POST', body: '1' })
    expect(await response.text()).toBe('paid')
    await eventually(() => expect(heard).toEqual(['add_passkey of a']))
    expect(doors.doors()).toEqual(['POST /pay', 'GET /userinfo?moment=checkout'])
  })

  it('asks nothing if no moment has come', async () => {
    const { client, doors } = await setUpService(() => ok('things'))
    await client.fetch(`${doors.origin}/things`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(doors.doors()).toEqual(['GET /things'])
  })

  it('asks once if five requests name the same moment', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { client, doors } = await setUp(async (door) => {
      if (door === 'GET /pay') return ok('paid', atCheckout)
      await held
      return dueNow()
    })
    await Promise.all(Array.from({ length: 5 }, () => client.fetch(`${doors.origin}/pay`)))
    await eventually(() => expect(doors.doors()).toContain('GET /userinfo?moment=checkout'))
    expect(doors.asked.length).toBe(6)
    release()
  })

  it('returns the answer even if the request about the moment fails', async () => {
    const { client, doors } = await setUp((door) => (door === 'GET /pay' ? ok('paid', atCheckout) : 'cut'))
    expect(await (await client.fetch(`${doors.origin}/pay`)).text()).toBe('paid')
    await eventually(() => expect(doors.asked.length).toBe(2))
  })

  it('asks about a moment in the answer to a request that it repeated after a proof', async () => {
    plugInAuthenticator()
    const saved = (...prompts: string[]) => ok(guest('a', { recoverability: 'synced', prompts }))
    const { client, doors } = await setUp((door, _body, asked) => {
      if (door.endsWith('/options')) return ok({ challenge: 'AA' })
      if (door.endsWith('?moment=checkout')) return saved('promote')
      if (door !== 'GET /pay') return saved()
      return asked.filter((one) => one.door === door).length < 2 ? stepUp : ok('paid', atCheckout)
    })
    const heard = heardBy(client)
    await client.fetch(`${doors.origin}/pay`)
    await eventually(() => expect(heard).toEqual(['promote of a']))
  })
})
