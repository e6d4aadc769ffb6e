// The limits that are counted in memory: however many networks come, they count a bounded number of them.

import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createAttemptLimiter } from '../../server/core/device-links/attempts.ts'
import { networkOf } from '../../server/http/request/rate-limit.ts'
import { createLimit } from '../../server/limits.ts'

const MAX_COUNTED = 50_000

function startLimit(most = 2) {
  let time = 0
  const limit = createLimit({ most, seconds: 60, now: () => time, code: 'too_many_requests' })
  return {
    /** Whether a request from this address is let through. */
    ask: (address: string) =>
      limit.count(networkOf(address)).then(
        () => true,
        () => false,
      ),
    nextMinute() {
      time += 60_000
    },
  }
}

/** The nth of many addresses, in as few /16 or in as many /32 as possible. */
const ipv4 = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
const ipv6 = (n: number) => `2001:${n.toString(16)}::1`

describe('a limit', () => {
  test('counts 50,000 networks one by one', async () => {
    const { ask } = startLimit()
    for (let i = 0; i < MAX_COUNTED; i++) await ask(ipv4(i))
    for (const i of [0, 1, 777, MAX_COUNTED - 1])
      expect([await ask(ipv4(i)), await ask(ipv4(i))]).toEqual([true, false])
  })

  test('counts those that come later by the /24 or /48 around them', async () => {
    const { ask, nextMinute } = startLimit()
    for (let i = 0; i < MAX_COUNTED; i++) await ask(ipv4(i))
    const asked = async (...addresses: string[]) => {
      const answers: boolean[] = []
      for (const address of addresses) answers.push(await ask(address))
      return answers
    }
    expect(await asked('192.0.2.1', '192.0.2.2', '192.0.2.3')).toEqual([true, true, false])
    expect(await asked('192.0.3.1', '198.51.100.1')).toEqual([true, true])
    const of48 = ['2001:db8:1:1::1', '2001:db8:1:2::1', '2001:db8:1:3::1']
    expect(await asked(...of48)).toEqual([true, true, false])
    expect(await asked('2001:db8:2:1::1')).toEqual([true])
    expect(await asked(ipv4(5), ipv4(5)), 'who was counted before, still is').toEqual([true, false])
    nextMinute()
    expect(await asked('192.0.2.1', '192.0.2.2', '192.0.2.3')).toEqual([true, true, true])
  })

  test('counts all others together once there are too many of these too', async () => {
    const { ask } = startLimit()
    const known = MAX_COUNTED + 20_000 + 20_000
    for (let i = 0; i < 60_000; i++) await ask(ipv6(i))
    for (let i = 0; i < known - 60_000; i++) await ask(`2a0${i % 10}:${Math.floor(i / 10).toString(16)}::1`)
    const answers = [await ask('192.0.2.1'), await ask('198.51.100.1'), await ask('2001:ffff::1')]
    expect(answers).toEqual([true, true, false])
    expect(await ask(ipv6(0))).toBe(true)
  })

  test('takes a use back from where it was counted', async () => {
    const limit = createLimit({ most: 1, seconds: 60, now: () => 0, code: 'too_many_guesses' })
    const { uncount } = await limit.count('a')
    await expect(limit.check('a')).rejects.toMatchObject({ code: 'too_many_guesses' })
    await uncount()
    await limit.check('a')
    await limit.count('a')
    await expect(limit.count('a')).rejects.toMatchObject({ code: 'too_many_guesses' })
  })
})

test('once all may make no more links, no network is counted any more', async () => {
  const attempts = createAttemptLimiter({ now: () => 0 })
  for (let i = 0; i < 20_000; i++) await attempts.countLink(ipv4(i))
  const remember = vi.spyOn(Map.prototype, 'set')
  onTestFinished(() => remember.mockRestore())
  await expect(attempts.countLink('192.0.2.1')).rejects.toMatchObject({ code: 'too_many_requests' })
  expect(remember.mock.calls.filter(([key]) => String(key).endsWith('192.0.2.1'))).toEqual([])
})
