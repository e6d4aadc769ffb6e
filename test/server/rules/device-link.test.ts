// Whether a guest may approve or refuse a device link, and whether the approval keeps the guest.

import { expect, test } from 'vitest'
import { decideLink, type LinkFacts } from '../../../server/rules/device-link.ts'

const opened = { anonymousId: 'g', sessionId: 's', status: 'opened', alive: true } as const

/** By default: a kept guest approves an opened link in the session that made it. */
const decide = (more: Partial<LinkFacts> = {}) =>
  decideLink({
    link: opened,
    by: { anonymousId: 'g', sessionId: 's' },
    approve: true,
    isKept: true,
    mayKeep: false,
    ...more,
  })

test.each<[string, Partial<LinkFacts>]>([
  ['there is none', { link: undefined }],
  ['its session has ended', { link: { ...opened, alive: false } }],
  ['another session of the guest made it', { link: { ...opened, sessionId: 't' } }],
  ["another guest's session made it", { link: { ...opened, anonymousId: 'h' } }],
])('a link is unknown if %s', (_, more) => {
  expect(decide(more)).toEqual({ outcome: 'unknown' })
  expect(decide({ ...more, approve: false })).toEqual({ outcome: 'unknown' })
})

test.each([
  ['waiting', 'undecidable', 'undecidable'],
  ['opened', 'decided', 'decided'],
  ['approved', 'repeated', 'decided'],
  ['refused', 'undecidable', 'repeated'],
  ['done', 'repeated', 'undecidable'],
] as const)('a link that is %s: to approve it is %s, to refuse it is %s', (status, approval, refusal) => {
  const link = { ...opened, status }
  expect(decide({ link }).outcome).toBe(approval)
  expect(decide({ link, approve: false }).outcome).toBe(refusal)
})

test('a link gets the status that the guest decides', () => {
  expect(decide()).toEqual({ outcome: 'decided', status: 'approved', keeps: false })
  expect(decide({ approve: false })).toEqual({ outcome: 'decided', status: 'refused', keeps: false })
})

test('an approval keeps a guest without a row, and fails if that guest may not be kept', () => {
  const sealed = { isKept: false, mayKeep: true }
  expect(decide(sealed)).toEqual({ outcome: 'decided', status: 'approved', keeps: true })
  expect(decide({ ...sealed, mayKeep: false })).toEqual({ outcome: 'unknown' })
})

test('a refusal keeps nobody', () => {
  const refused = { outcome: 'decided', status: 'refused', keeps: false }
  for (const mayKeep of [true, false])
    expect(decide({ approve: false, isKept: false, mayKeep })).toEqual(refused)
})
