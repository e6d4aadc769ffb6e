// How soon a refresh is asked for again whose answer was lost. By then, the server must still repeat that answer.
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Lock } from '../../../client/platform/platform.ts'
import { createTokens, refreshPatienceSeconds } from '../../../client/tokens/tokens.ts'
import { optionsSchema } from '../../../server/options/options.ts'
import { tokens } from '../../support/client/fake-server.ts'

/** A guest whose access token is over, at a service that answers nothing more. `sent` has when each request came, in seconds. */
async function setUp(timeoutSeconds: number, lock?: Lock) {
  let isUp = true
  let began = 0
  const sent: number[] = []
  const held = createTokens({
    baseUrl: 'https://example.com/guest',
    name: `lost-refresh-${timeoutSeconds}`,
    clientId: 'spa',
    apis: [],
    dpop: false,
    timeoutSeconds,
    platform: {
      ...(lock && { lock }),
      hasTabs: false,
      // The record lives in memory.
      transact: async () => undefined,
      async fetch() {
        if (isUp) return Response.json(tokens(1, { expires_in: 0 }))
        sent.push((Date.now() - began) / 1000)
        return new Promise<never>(() => {})
      },
    },
  })
  onTestFinished(held.close)
  return {
    held,
    sent,
    fail() {
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      isUp = false
      began = Date.now()
    },
  }
}

/** Holds the lock of all tabs until the test is over, as a tab does that froze while it refreshed. */
async function freezeOther(name: string) {
  const held = Promise.withResolvers<void>()
  const thaw = Promise.withResolvers<void>()
  onTestFinished(() => thaw.resolve())
  const holding = navigator.locks.request(name, () => {
    held.resolve()
    return thaw.promise
  })
  // The lock is taken away.
  holding.catch(() => {})
  await held.promise
}

it.each([
  ['the longest that a refresh waits', 30, 10],
  ['no longer if requests may take long', 300, 10],
  ['less if requests may take less', 3, 3],
])('a refresh is repeated in time, by its tab and by one that waited for it: %s', async (_, given, waits) => {
  const { held, sent, fail } = await setUp(given)
  await held.begin(undefined)
  await freezeOther(`lost-refresh-${given}:tokens`)
  fail()
  held.current().catch(() => {})
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([waits, 2 * waits])
})

it('a request for a new guest is not cut short: nobody asks again for that one', async () => {
  const { held, sent, fail } = await setUp(40, (_name, _mode, _milliseconds, work) => work())
  fail()
  const ended = vi.fn()
  held.begin(undefined).catch(({ code }) => ended(code))
  await vi.advanceTimersByTimeAsync(39_999)
  expect(sent).toEqual([0])
  expect(ended).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(ended).toHaveBeenCalledExactlyOnceWith('timeout')
})

it('two waits are over before the server takes a used refresh token for a stolen one', () => {
  const { tokens } = optionsSchema.parse({ origin: 'https://example.com' })
  expect(2 * refreshPatienceSeconds).toBeLessThan(tokens.refreshGraceSeconds)
})
