// The option trustedIssuers: what is refused at construction, so that no two people can get one id.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Options } from '../../../server/index.ts'
import { resolveOptions } from '../../../server/options/options.ts'
import { temporaryFolder } from '../../support/engine.ts'

const one = { issuer: 'https://one.example/a', audience: 'app', algorithms: ['RS256' as const] }
const two = { ...one, issuer: 'https://two.example' }

const resolve = (...trustedIssuers: NonNullable<Options['trustedIssuers']>) =>
  resolveOptions({
    origin: 'https://example.com',
    store: join(temporaryFolder(), 'guestkey.db'),
    trustedIssuers,
  }).trustedIssuers

test('an issuer has a prefix of its own, unless it has another one', () => {
  expect(resolve(one, two).map(({ idPrefix }) => idPrefix)).toEqual(['one.example/a|', 'two.example|'])
  expect(resolve({ ...one, idPrefix: '' })[0]!.idPrefix).toBe('')
})

test.each([
  ['an issuer twice', [one, { ...one, audience: 'other' }], /has https:\/\/one\.example\/a twice/],
  [
    'a prefix that begins with another',
    [
      { ...one, idPrefix: 'a' },
      { ...two, idPrefix: 'ab' },
    ],
    /begins with "a"/,
  ],
  ['ids as they are beside another issuer', [{ ...one, idPrefix: '' }, two], /begins with ""/],
  ['this service', [{ ...one, issuer: 'https://example.com' }], /which is this service/],
  ['a collection that is not there', [{ ...one, collection: 'nobodys' }], /which collections does not have/],
  ['http', [{ ...one, issuer: 'http://one.example' }], /https/],
  ['a shared secret', [{ ...one, algorithms: ['HS256'] }], /algorithms/],
  ['no algorithm', [{ ...one, algorithms: [] }], /algorithms/],
])('%s is refused', (_what, issuers, message) => {
  expect(() => resolve(...(issuers as (typeof one)[]))).toThrow(message)
})
