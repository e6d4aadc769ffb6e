// The limits per hour for device links, by the counts themselves: the greatest are too large for requests.

import { expect, test } from 'vitest'
import { createAttemptLimiter } from '../../../../server/core/device-links/attempts.ts'
import { createClock } from '../../../support/app.ts'

const hour = 60 * 60

/** A limiter whose clock is at the beginning of an hour. */
function start() {
  const clock = createClock(hour * 1000)
  return { clock, limiter: createAttemptLimiter(clock) }
}

const tooMany = (code: string) => ({
  name: 'GuestError',
  code,
  headers: { 'Retry-After': expect.any(String) },
})

test('a network may type 20 wrong codes an hour, and all networks together 1,000', async () => {
  const { clock, limiter } = start()
  for (let network = 0; network < 50; network++) {
    for (let i = 0; i < 20; i++) await limiter.countAttempt(String(network))
    if (network < 49)
      await expect(limiter.countAttempt(String(network))).rejects.toMatchObject(tooMany('too_many_guesses'))
  }
  await expect(limiter.countAttempt('another')).rejects.toMatchObject(tooMany('too_many_guesses'))
  clock.forward(hour - 1)
  await expect(limiter.countAttempt('another')).rejects.toMatchObject(tooMany('too_many_guesses'))
  clock.forward(1)
  await limiter.countAttempt('another')
})

test('a right code is counted neither for its network nor for all', async () => {
  const { limiter } = start()
  for (let i = 0; i < 1001; i++) await (await limiter.countAttempt('one')).uncount()
  for (let i = 0; i < 1000; i++) await limiter.countAttempt(String(i))
})

test('an attempt that is refused because of all networks is not counted for its own', async () => {
  const { limiter } = start()
  const right = await limiter.countAttempt('right')
  for (let i = 0; i < 999; i++) await limiter.countAttempt(String(i))
  for (let i = 0; i < 20; i++)
    await expect(limiter.countAttempt('late')).rejects.toMatchObject(tooMany('too_many_guesses'))
  await right.uncount()
  await limiter.countAttempt('late')
})

test('100 links an hour are made in a network, and 20,000 in all', async () => {
  const { clock, limiter } = start()
  for (let network = 0; network < 200; network++) {
    for (let i = 0; i < 100; i++) await limiter.countLink(String(network))
    if (network < 199)
      await expect(limiter.countLink(String(network))).rejects.toMatchObject(tooMany('too_many_requests'))
  }
  await expect(limiter.countLink('another')).rejects.toMatchObject(tooMany('too_many_requests'))
  clock.forward(hour)
  await limiter.countLink('another')
})
