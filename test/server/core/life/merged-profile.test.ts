// The joined profile of two guests: whose attributes win, and what a rule of the host may return.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { mergedProfile } from '../../../../server/core/life/merged-profile.ts'
import type { MergeProfiles } from '../../../../server/options/options.ts'

type Profile = { attributes: Record<string, unknown>; version: number } | undefined
const from = { attributes: { nickname: 'Fox', language: 'fr' }, version: 3 }
const into = { attributes: { nickname: 'Hen' }, version: 5 }

/** The joined profile by this rule, and the sizes that the log says are too large. */
async function join(
  mergeProfiles: MergeProfiles | (() => unknown),
  profiles: { from?: Profile; into?: Profile } = { from, into },
  maxProfileBytes = 100,
) {
  const tooLarge: number[] = []
  const ctx = {
    config: { merge: { profiles: mergeProfiles }, maxProfileBytes },
    store: {
      findProfile: async ({ anonymousId }: { anonymousId: 'from' | 'into' }) => profiles[anonymousId],
    },
    logger: { warn: ({ size }: { size: number }) => void tooLarge.push(size) },
  } as unknown as Context
  return { joined: await mergedProfile(ctx, 'from', 'into'), tooLarge }
}

test.each<[MergeProfiles, object]>([
  ['keep-target', { nickname: 'Hen', language: 'fr' }],
  ['keep-source', { nickname: 'Fox', language: 'fr' }],
  [(one, two) => ({ nickname: `${one.nickname} ${two.nickname}` }), { nickname: 'Fox Hen' }],
])('is made by the rule %s, of these versions', async (rule, attributes) => {
  const { joined, tooLarge } = await join(rule)
  expect(joined).toEqual({ attributes, fromVersion: 3, intoVersion: 5 })
  expect(tooLarge).toEqual([])
})

test('is none if the merged guest has none, and is that guest’s if the target has none', async () => {
  expect((await join('keep-target', { into })).joined).toBeUndefined()
  expect((await join('keep-target', { from })).joined).toEqual({
    attributes: from.attributes,
    fromVersion: 3,
    intoVersion: 0,
  })
})

test('is that of the target if it would be larger than is allowed, and larger than that one is', async () => {
  const whole = '{"nickname":"Hen","language":"fr"}'.length
  for (const bytes of [whole, whole - 1]) {
    const { joined, tooLarge } = await join('keep-target', { from, into }, bytes)
    expect(joined!.attributes).toEqual(
      bytes === whole ? { nickname: 'Hen', language: 'fr' } : into.attributes,
    )
    expect(tooLarge).toEqual(bytes === whole ? [] : [whole])
  }
  const large = { attributes: { nickname: 'x'.repeat(50) }, version: 1 }
  const { joined } = await join(() => ({ nickname: 'y'.repeat(50) }), { from, into: large }, 10)
  expect(joined!.attributes).toEqual({ nickname: 'y'.repeat(50) })
})

test('is what the rule returns as JSON', async () => {
  const { joined } = await join(() => ({ at: new Date(0), none: undefined }))
  expect(joined!.attributes).toEqual({ at: '1970-01-01T00:00:00.000Z' })
})

test.each<[string, () => unknown]>([
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => 'Fox'],
  ['a list', () => ['Fox']],
  ['what is no JSON', () => ({ size: 1n })],
  ['a rejected promise', () => Promise.reject(new Error('not now'))],
])('is refused with merge_refused if the rule returns %s', async (_, rule) => {
  await expect(join(rule)).rejects.toMatchObject({ code: 'merge_refused', cause: expect.any(Error) })
})
