import { describe, expect, it, vi } from 'vitest'
import type { GuestClient } from '../../../client/index.ts'
import { codeOf, plugInAuthenticator, setUp, waitingForLock } from '../../support/client/clients.ts'
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

/** What onDue tells, in order. */
function heardBy(client: GuestClient) {
  const heard: string[] = []
  client.prompts.onDue((prompt, { sub }) => heard.push(`${prompt} of ${sub}`))
  return heard
}

/** A service that knows one guest: what is due at any time, and at the moments; tests change it. */
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

describe('onDue', () => {
  it('tells once of each prompt that becomes due, in order, and not of what is due no more', async () => {
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

  it('does not tell of what was known before', async () => {
    const { client } = await setUp(inTurn(dueNow('promote'), dueNow('promote', 'add_passkey')))
    await client.user()
    const heard = heardBy(client)
    await client.user()
    expect(heard).toEqual(['add_passkey of a'])
  })

  it('tells anew where another guest is signed in, or the same one again', async () => {
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
    ['breaks', 'cut'],
    ['says that it cannot tell', problem(503, 'unavailable')],
  ])('does not tell again after an answer that %s', async (_, answer) => {
    const { client } = await setUp(inTurn(dueNow('promote'), answer, dueNow('promote')))
    const heard = heardBy(client)
    for (let i = 0; i < 3; i++) await client.user().catch(() => {})
    expect(heard).toEqual(['promote of a'])
  })

  it('hears of what other tabs cause, and of nothing new where they put it off', async () => {
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

  it('is over after unsubscribing, for that listener alone, and after close', async () => {
    const { client, open, doors, service } = await setUpService()
    const [left, stayed] = [vi.fn(), vi.fn()]
    const leave = client.prompts.onDue(left)
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
    client.prompts.onDue(left)
    client.close()
    service.prompts = ['add_passkey']
    await client.user()
    expect(left).not.toHaveBeenCalled()
  })
})

describe('snooze', () => {
  it('puts a prompt off, and has onChange told', async () => {
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

  it('makes it news when the prompt is due again, at a moment too', async () => {
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

  it('changes nothing where the service does not know the prompt', async () => {
    const { client } = await setUp((door) =>
      door === 'POST /prompts/snooze' ? problem(400, 'unknown_prompt') : dueNow('promote'),
    )
    await client.user()
    const [changed, heard] = [vi.fn(), heardBy(client)]
    client.onChange(changed)
    expect(await codeOf(client.prompts.snooze('promot'))).toBe('unknown_prompt')
    await client.user()
    expect([changed.mock.calls, heard]).toEqual([[], []])
  })

  it('crosses no other request, since its answer may set the cookie', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { doors, client, open } = await setUp(async () => {
      await held
      return dueNow()
    })
    const all = [client.prompts.snooze('promote'), open().user(), open().moment('checkout')]
    await waitingForLock(2)
    release()
    await Promise.all(all)
    expect(doors.mostOpen()).toBe(1)
    expect(doors.doors()[0]).toBe('POST /prompts/snooze')
  })
})

describe('a moment', () => {
  it('is asked about by its name, and answered with what is due then', async () => {
    const { client, doors } = await setUp(() => dueNow('promote'))
    expect(await client.moment('check out & pay')).toEqual(due('promote'))
    expect(doors.doors()).toEqual(['GET /userinfo?moment=check%20out%20%26%20pay'])
  })

  it('is null where nobody is signed in', async () => {
    const { client } = await setUp(() => problem(401, 'not_signed_in'))
    expect(await client.moment('checkout')).toBeNull()
  })

  it('has onDue told once, however often it comes and whatever is due at other times', async () => {
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

  it('has onDue told anew once the prompt was not due at it', async () => {
    const { client, service } = await setUpService()
    const heard = heardBy(client)
    for (const prompts of [['add_passkey'], [], ['add_passkey']]) {
      service.moments.checkout = prompts
      await client.moment('checkout')
    }
    expect(heard).toEqual(['add_passkey of a', 'add_passkey of a'])
  })

  it('leaves what is due at any time as it is, and what is due no more at any is not due', async () => {
    const { client, service } = await setUpService()
    service.prompts = ['promote']
    service.moments.checkout = ['add_passkey']
    const heard = heardBy(client)
    await client.user()
    await client.moment('checkout')
    // Due at that moment, then at any: the same prompt still.
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
  ])('leaves it to other times to say what is due at them, %s it', async (_, times) => {
    const { client, service } = await setUpService()
    const heard = heardBy(client)
    for (const time of times) {
      service.prompts = time === 'nothing' ? [] : ['add_passkey']
      await (time === 'checkout' ? client.moment(time) : client.user())
    }
    expect(heard).toEqual(['add_passkey of a', 'add_passkey of a'])
  })

  it('is no change: a listener that asks again would never come to rest', async () => {
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

  it('shows who else is signed in by now, and what else has changed', async () => {
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

  it('asks about the moment that the host says has come', async () => {
    const { client, doors, service } = await setUpService(() => ok('paid', atCheckout))
    service.moments.checkout = ['add_passkey']
    const heard = heardBy(client)
    const response = await client.fetch(`${doors.origin}/pay`, { method: 'POST', body: '1' })
    expect(await response.text()).toBe('paid')
    await eventually(() => expect(heard).toEqual(['add_passkey of a']))
    expect(doors.doors()).toEqual(['POST /pay', 'GET /userinfo?moment=checkout'])
  })

  it('asks nothing where no moment has come', async () => {
    const { client, doors } = await setUpService(() => ok('things'))
    await client.fetch(`${doors.origin}/things`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(doors.doors()).toEqual(['GET /things'])
  })

  it('asks once for the same moment of many requests', async () => {
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

  it('hands the answer on where that question fails', async () => {
    const { client, doors } = await setUp((door) => (door === 'GET /pay' ? ok('paid', atCheckout) : 'cut'))
    expect(await (await client.fetch(`${doors.origin}/pay`)).text()).toBe('paid')
    await eventually(() => expect(doors.asked.length).toBe(2))
  })

  it('hears of a moment in the answer to a request that it repeated after a proof', async () => {
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
