// A decided merge: what is done for each outcome of the store, and what is taken back if the merge is not done.

import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { completeMerge } from '../../../../server/core/life/complete-merge.ts'
import { GuestError, type PreviousGuest } from '../../../../server/index.ts'
import type { MergeRow } from '../../../../server/store/store.ts'

const now = 1_700_000_000
const into: PreviousGuest = {
  anonymous_id: 'into',
  label: 'green-owl-10',
  collection: 'users',
  recoverability: 'passkey',
}
const row: MergeRow = {
  id: 'ticket',
  fromId: 'from',
  intoId: 'into',
  label: 'amber-fox-42',
  collection: 'users',
  recoverability: 'none',
  confirmed: true,
  provenUntil: null,
  carriedSince: null,
  status: 'pending',
  claimedUntil: 77,
  expiresAt: now + 1000,
}
const hookArguments = {
  ticket: 'ticket',
  from: { anonymous_id: 'from', label: 'amber-fox-42', collection: 'users', recoverability: 'none' },
  into,
}

type Hooks = Partial<Record<'onMerge' | 'onUndoMerge' | 'mergeProfiles' | 'findProfile', () => unknown>>

function next(outcomes: string[]): string {
  if (outcomes.length === 0) throw new Error('the store was asked once too often')
  return outcomes.shift()!
}

/** A host whose store gives these outcomes, one after the other. `did`: what it was asked to do, in order. */
function hostWith(outcomes: string[], hooks: Hooks = {}, found: object | undefined = row) {
  const did: [what: string, input: unknown][] = []
  const say = (what: string, answer: () => unknown) => async (input: unknown) => {
    did.push([what, input])
    return answer()
  }
  const profile = (version: number) => ({ attributes: {}, version })
  let read = 0
  const ctx = {
    now: () => now,
    config: {
      maxProfileBytes: 100,
      webhooks: [],
      sessions: { idleSeconds: 50 },
      clients: [],
      merge: {
        graceSeconds: 500,
        profiles: hooks.mergeProfiles ?? 'keep-target',
        onMerge: say('onMerge', hooks.onMerge ?? (() => {})),
        onUndoMerge: say('onUndoMerge', hooks.onUndoMerge ?? (() => {})),
      },
    },
    store: {
      finishMerge: say('finish', () => next(outcomes)),
      releaseMerge: say('release', () => {}),
      findMerge: async () => found,
      findProfile: async () => (hooks.findProfile ? hooks.findProfile() : profile(++read)),
    },
    logger: { warn: say('warn', () => {}), error: say('error', () => {}) },
  } as unknown as Context
  const complete = (options?: { insists?: boolean }) => completeMerge(ctx, row, into, options)
  return {
    complete,
    did,
    names: () => did.map(([what]) => what),
    inputOf: (what: string) => did.find(([one]) => one === what)?.[1],
  }
}

test('is done after the hook, with both profiles, and can be undone for merge.graceSeconds', async () => {
  const { complete, names, inputOf } = hostWith(['merged'])
  await complete()
  expect(names()).toEqual(['onMerge', 'finish'])
  expect(inputOf('onMerge')).toEqual(hookArguments)
  expect(inputOf('finish')).toMatchObject({
    id: 'ticket',
    fromId: 'from',
    intoId: 'into',
    claimedUntil: 77,
    now,
    undoUntil: now + 500,
    endedUntil: now + 50,
    profile: { attributes: {}, fromVersion: 1, intoVersion: 2 },
    notes: [{ event: { name: 'guest.merged', data: { ...hookArguments, undo_until: now + 500 } } }],
  })
})

test('is tried again with the new profiles if one of them changed meanwhile', async () => {
  const { complete, did, names } = hostWith(['stale', 'stale', 'merged'])
  await complete()
  expect(names()).toEqual(['onMerge', 'finish', 'finish', 'finish'])
  const versions = did
    .slice(1)
    .map(([, input]) => (input as { profile: { fromVersion: number } }).profile.fromVersion)
  expect(versions).toEqual([1, 3, 5])
})

test('is left as it is if another request has done it, or has claimed it since', async () => {
  const done = hostWith(['void'])
  await done.complete()
  expect(done.names()).toEqual(['onMerge', 'finish'])
  const taken = hostWith(['taken'])
  await expect(taken.complete()).rejects.toMatchObject({ code: 'unavailable' })
  expect(taken.names()).toEqual(['onMerge', 'finish'])
})

const released = (code: string) => ({ id: 'ticket', claimedUntil: 77, note: { audit: { outcome: code } } })

test('is taken back if one of the guests is gone', async () => {
  const { complete, names, inputOf } = hostWith(['gone'])
  await expect(complete()).rejects.toMatchObject({ code: 'nothing_to_merge' })
  expect(names()).toEqual(['onMerge', 'finish', 'onUndoMerge', 'release'])
  expect(inputOf('onUndoMerge')).toEqual(hookArguments)
  expect(inputOf('release')).toMatchObject(released('nothing_to_merge'))
})

test.each([
  ['must agree', { ...row, confirmed: true }, /use the same ticket again/],
  ['must prove its passkey', { ...row, confirmed: false }, /must be proven first/],
  ['must agree, if its row is gone', null, /use the same ticket again/],
])('is taken back if the guest could come back by now: it %s', async (_, found, detail) => {
  const { complete, names, inputOf } = hostWith(['recoverable'], {}, found as never)
  const code = 'insufficient_user_authentication'
  await expect(complete()).rejects.toMatchObject({ code, message: expect.stringMatching(detail) })
  expect(names()).toEqual(['onMerge', 'finish', 'onUndoMerge', 'release'])
  expect(inputOf('release')).toMatchObject(released(code))
})

test('is an offer again if the hook throws, unless the caller insists', async () => {
  const cause = new Error('not now')
  const onMerge = () => Promise.reject(cause)
  const once = hostWith([], { onMerge })
  await expect(once.complete()).rejects.toMatchObject({ code: 'merge_refused', cause })
  expect(once.names()).toEqual(['onMerge', 'warn', 'release'])
  expect(once.inputOf('release')).toMatchObject(released('merge_refused'))
  const job = hostWith([], { onMerge })
  await expect(job.complete({ insists: true })).rejects.toMatchObject({ code: 'merge_refused', cause })
  expect(job.names()).toEqual(['onMerge', 'warn'])
})

test('is taken back if merge.profiles throws, and only then', async () => {
  const mergeProfiles = () => {
    throw new Error('not now')
  }
  const refused = hostWith([], { mergeProfiles })
  await expect(refused.complete()).rejects.toMatchObject({ code: 'merge_refused' })
  expect(refused.names()).toEqual(['onMerge', 'onUndoMerge', 'release'])
  for (const away of [new Error('the store is away'), new GuestError('unavailable')]) {
    const broken = hostWith([], { findProfile: () => Promise.reject(away) })
    await expect(broken.complete()).rejects.toBe(away)
    expect(broken.names()).toEqual(['onMerge'])
  }
})

test('says what is wrong with the merge, even if the host cannot take it back', async () => {
  const { complete, names } = hostWith(['gone'], { onUndoMerge: () => Promise.reject(new Error('no')) })
  await expect(complete()).rejects.toMatchObject({ code: 'nothing_to_merge' })
  expect(names()).toEqual(['onMerge', 'finish', 'onUndoMerge', 'error', 'release'])
})

describe('a hook that takes long', () => {
  afterEach(() => void vi.useRealTimers())

  test('is waited for 10 seconds, and leaves the merge decided', async () => {
    vi.useFakeTimers()
    const hook = () => new Promise((resolve) => setTimeout(resolve, 9999))
    const inTime = hostWith(['merged'], { onMerge: hook })
    const done = inTime.complete()
    await vi.advanceTimersByTimeAsync(9999)
    await done
    const late = hostWith(['merged'], { onMerge: () => new Promise(() => {}) })
    const refused = expect(late.complete()).rejects.toMatchObject({ code: 'unavailable' })
    await vi.advanceTimersByTimeAsync(10_000)
    await refused
    expect(late.names()).toEqual(['onMerge', 'warn'])
  })
})
