// The option `operators`: where operators sign in, and which domain their passkeys belong to.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resolveOptions } from '../../../server/options/options.ts'
import { temporaryFolder } from '../../support/engine.ts'

const origin = 'https://www.example.com'
const resolved = (operators: object | false | undefined, more: object = {}) => {
  const store = join(temporaryFolder(), 'guestkey.db')
  return resolveOptions({ origin, store, ...more, operators } as never).operators
}

describe('operators', () => {
  test('are off unless they are set up', () => {
    expect(resolved(undefined)).toBe(false)
    expect(resolved(false)).toBe(false)
  })

  test('sign in at the origin of the pages, with the RP ID of guests, by default', () => {
    expect(resolved({}, { rpId: 'example.com' })).toEqual({
      ...{ origins: [origin], rpId: 'example.com', separate: false },
      ...{ sessionIdleSeconds: 1800, sessionAbsoluteSeconds: 28_800, stepUpSeconds: 300 },
      invitationSeconds: 86_400,
      wayIn: false,
    })
  })

  test.each<[string, object, object, string]>([
    [
      'that of guests, if the origin is within it',
      { origin: 'https://admin.example.com' },
      { rpId: 'example.com' },
      'example.com',
    ],
    [
      'the host of the origin, if it is not',
      { origin: 'https://admin.example.com' },
      {},
      'admin.example.com',
    ],
    [
      'the one that is set',
      { origin: 'https://admin.example.com', rpId: 'admin.example.com' },
      { rpId: 'example.com' },
      'admin.example.com',
    ],
  ])('have as RP ID %s', (_which, operators, more, rpId) => {
    expect(resolved(operators, more)).toMatchObject({ rpId })
  })

  const hour = { wayIn: { delaySeconds: 3600 } }
  // The lines of the audit trail say whether operators have changed within the delay.
  test.each<[object, number, string | undefined]>([
    [hour, 3600, undefined],
    [hour, 3599, 'operators.wayIn.delaySeconds is 3600, but the audit trail is kept for 3599 seconds'],
    [{ wayIn: {} }, 86_399, 'operators.wayIn.delaySeconds is 86400, but the audit trail is kept for 86399'],
    [{ wayIn: false }, 60, undefined],
    [{}, 60, undefined],
  ])(
    'with %j need an audit trail that is longer than the delay: auditSeconds %i',
    (given, auditSeconds, error) => {
      const start = () => resolved(given, { auditSeconds })
      if (error) expect(start).toThrow(error)
      else expect(start).not.toThrow()
    },
  )

  test.each<[object, RegExp]>([
    [
      { origin: 'https://admin.example.org', rpId: 'example.com' },
      /https:\/\/admin\.example\.org of operators is not within the RP ID example\.com/,
    ],
    [
      { origin: ['https://a.example.com', 'https://b.example.org'] },
      /https:\/\/b\.example\.org of operators is not within/,
    ],
    [{ origin: 'https://notexample.com', rpId: 'example.com' }, /is not within the RP ID example\.com/],
    [{ sessionIdleSeconds: 0 }, /operators\.sessionIdleSeconds/],
    [{ seperate: true }, /unknown option seperate of operators: did you mean separate\?/],
  ])('that could never sign in are refused: %j', (operators, sentence) => {
    expect(() => resolved(operators)).toThrow(sentence)
  })
})
