// Undoing a merge: what the store writes, whose session ends, and what the host is told if it cannot be done.

import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import { undoMerge, undoMergeByHost } from '../../../../server/core/life/undo-merge.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import type { MergeRow } from '../../../../server/store/store.ts'

const now = 1_700_000_000
const [fromId, intoId] = ['A'.repeat(22), 'B'.repeat(22)]
const row: MergeRow = {
  id: 'id',
  fromId,
  intoId,
  label: 'amber-fox-42',
  collection: 'users',
  recoverability: 'none',
  confirmed: true,
  provenUntil: null,
  carriedSince: 1000,
  status: 'merged',
  claimedUntil: 0,
  expiresAt: now + 1,
}
const from = { anonymous_id: fromId, label: 'amber-fox-42', collection: 'users', recoverability: 'none' }
const into = { anonymous_id: intoId, label: 'green-owl-10', collection: 'users', recoverability: 'synced' }

type Setting = {
  merge: MergeRow | undefined
  /** The merge when it is looked up again. */
  later: Partial<MergeRow>
  hasTarget: boolean
  isDone: boolean
  /** Whether the session of the guest who is brought back has ended again. */
  hasEnded: boolean
  otherSessions: string[]
  onUndoMerge: () => unknown
  onMerge: () => unknown
}

/** What the tests look at in the input of a verb. */
type Input = { session: { createdAt: number } | undefined; leaves: unknown }

/** A host and its store. `did`: what they were asked to do, in order. */
function hostWith(setting: Partial<Setting> = {}) {
  const whole = { merge: row, later: {}, hasTarget: true, isDone: true, otherSessions: [], ...setting }
  const did: [what: string, input: Input][] = []
  const say = (what: string, answer: () => unknown) => async (input: unknown) => {
    did.push([what, input as Input])
    return answer()
  }
  let found = 0
  const users = {
    retention: { none: 9000, device: false, passkey: false, synced: false, warnSeconds: 10 },
    prompts: [],
    shortestSeconds: 1000,
  }
  const findMerge = () => (found++ === 0 || !whole.merge ? whole.merge : { ...whole.merge, ...whole.later })
  const ctx = {
    now: () => now,
    keys: deriveKeys('the secret of the tests of undone merges'),
    config: {
      sessions: { idleSeconds: 500, absoluteSeconds: 5000 },
      webhooks: [],
      clients: [],
      defaultCollection: 'users',
      collections: { users },
      merge: {
        onMerge: say('onMerge', setting.onMerge ?? (() => {})),
        onUndoMerge: say('onUndoMerge', setting.onUndoMerge ?? (() => {})),
      },
    },
    store: {
      findMerge: say('findMerge', findMerge),
      findGuest: async () => whole.hasTarget && { ...into, anonymousId: intoId },
      findRecoverability: async () => 'synced',
      undoMerge: say('undo', () => (whole.isDone ? 'undone' : 'gone')),
      addNote: say('note', () => {}),
      findSession: async () => undefined,
      sealedSessionEnded: async () => setting.hasEnded === true,
      listSessions: async () => ['here', ...whole.otherSessions].map((id) => ({ id })),
    },
    logger: { error: say('error', () => {}), warn: () => {} },
  } as unknown as Context
  const inputOf = (what: string) => did.find(([one]) => one === what)?.[1]
  return { ctx, did, inputOf, names: () => did.map(([what]) => what).filter((what) => what !== 'findMerge') }
}

describe('by the host', () => {
  test('brings the guest back in a row of its own, and can be repeated for ten minutes', async () => {
    const { ctx, names, inputOf } = hostWith()
    expect(await undoMergeByHost(ctx, 'id')).toEqual({ from, needsSession: true })
    expect(names()).toEqual(['onUndoMerge', 'undo'])
    const event = { ticket: 'id', from, into }
    expect(inputOf('onUndoMerge')).toEqual(event)
    expect(inputOf('undo')).toMatchObject({
      id: 'id',
      now,
      repeatUntil: now + 600,
      leaves: undefined,
      guest: { anonymousId: fromId, label: 'amber-fox-42', collection: 'users', createdAt: now },
      session: { anonymousId: fromId, id: fromId, createdAt: 1000 },
      retained: { expiresAt: now + 9000, dueAt: now + 8990 },
      notes: [{ event: { name: 'guest.merge_undone', data: event } }],
    })
  })

  test('opens a session only for tokens from now on if no browser carried one', async () => {
    const { ctx, inputOf } = hostWith({ merge: { ...row, carriedSince: null } })
    await undoMergeByHost(ctx, 'id')
    expect(inputOf('undo')!.session!.createdAt).toBe(now + 1)
  })

  test('opens no session for a guest who can come back', async () => {
    const { ctx, inputOf } = hostWith({ merge: { ...row, recoverability: 'device' } })
    expect(await undoMergeByHost(ctx, 'id')).toMatchObject({ needsSession: false })
    expect(inputOf('undo')).toMatchObject({ session: undefined, retained: { expiresAt: null } })
  })

  const invalid = (reason: string) => ({ code: 'merge_ticket_invalid', reason })
  test.each<[string, string, Partial<Setting>, object]>([
    ['what can be no ticket', 'nul\0', {}, invalid('unknown')],
    ['an unknown ticket', 'id', { merge: undefined }, invalid('unknown')],
    ['a ticket that has expired', 'id', { merge: { ...row, expiresAt: now } }, invalid('expired')],
    ['a merge that is only offered', 'id', { merge: { ...row, status: 'offered' } }, invalid('offered')],
    ['a merge whose target was erased', 'id', { hasTarget: false }, { code: 'not_found' }],
  ])('is refused for %s', async (_, id, setting, refusal) => {
    const { ctx, did, names } = hostWith({ merge: row, ...setting })
    await expect(undoMergeByHost(ctx, id)).rejects.toMatchObject(refusal)
    expect(names()).toEqual([])
    if (id !== 'id') expect(did, 'the store is not asked').toEqual([])
  })
})

describe('if it cannot be done', () => {
  test('because the host refuses, that is in the audit trail', async () => {
    const cause = new Error('not now')
    const { ctx, names, inputOf } = hostWith({ onUndoMerge: () => Promise.reject(cause) })
    await expect(undoMergeByHost(ctx, 'id')).rejects.toMatchObject({ code: 'merge_refused', cause })
    expect(names()).toEqual(['onUndoMerge', 'note'])
    const line = { anonymousId: intoId, action: 'guest.merge_undone', outcome: 'merge_refused' }
    expect(inputOf('note')).toMatchObject({ note: { audit: line } })
  })

  test('because another request has done it, the answer is the same', async () => {
    const { ctx, names } = hostWith({ isDone: false, later: { status: 'undone' } })
    expect(await undoMergeByHost(ctx, 'id')).toEqual({ from, needsSession: true })
    expect(names()).toEqual(['onUndoMerge', 'undo'])
  })

  test('because the merge stands, the host does it again', async () => {
    const { ctx, names, inputOf } = hostWith({ isDone: false })
    await expect(undoMergeByHost(ctx, 'id')).rejects.toMatchObject({ code: 'not_found' })
    expect(names()).toEqual(['onUndoMerge', 'undo', 'onMerge'])
    expect(inputOf('onMerge')).toEqual(inputOf('onUndoMerge'))
    const broken = hostWith({ isDone: false, onMerge: () => Promise.reject(new Error('no')) })
    await expect(undoMergeByHost(broken.ctx, 'id')).rejects.toMatchObject({ code: 'not_found' })
    expect(broken.names()).toEqual(['onUndoMerge', 'undo', 'onMerge', 'error'])
  })
})

describe('by the guest who took the other one in', () => {
  const facts = {
    kind: 'stored',
    anonymousId: intoId,
    id: 'here',
    label: 'green-owl-10',
    collection: 'users',
  }
  const session = (recoverability = 'none') =>
    ({ ...facts, recoverability, promotedAt: null }) as unknown as Session

  test('ends this session, and returns one of the guest who is back', async () => {
    const { ctx, inputOf } = hostWith()
    const issued = await undoMerge(ctx, session('synced'), 'ticket')
    expect(issued).toMatchObject({ session: { anonymousId: fromId }, token: expect.stringMatching(/^gks_/) })
    expect(inputOf('undo')!.leaves).toEqual({ anonymousId: intoId, id: 'here' })
  })

  test('leaves this session if the other guest can come back by itself', async () => {
    const { ctx, inputOf } = hostWith({ merge: { ...row, recoverability: 'passkey' } })
    expect(await undoMerge(ctx, session(), 'ticket')).toBeUndefined()
    expect(inputOf('undo')!.leaves).toBeUndefined()
  })

  test('is refused if the guest has nothing but this session, unless force', async () => {
    const alone = hostWith()
    await expect(undoMerge(alone.ctx, session(), 'ticket')).rejects.toMatchObject({
      code: 'would_lose_account',
    })
    expect(alone.names()).toEqual([])
    expect(await undoMerge(hostWith().ctx, session(), 'ticket', { force: true })).toBeDefined()
    expect(await undoMerge(hostWith({ otherSessions: ['there'] }).ctx, session(), 'ticket')).toBeDefined()
  })

  test('gives the same answer again if it is repeated', async () => {
    const { ctx, names } = hostWith({ merge: { ...row, status: 'undone' } })
    expect(await undoMerge(ctx, session(), 'ticket')).toMatchObject({ session: { anonymousId: fromId } })
    expect(names()).toEqual([])
    const other = hostWith({ merge: { ...row, status: 'undone', recoverability: 'device' } })
    expect(await undoMerge(other.ctx, session(), 'ticket')).toBeUndefined()
  })

  test('finds nobody if the session of the guest who was back has ended again', async () => {
    const { ctx } = hostWith({ hasEnded: true })
    await expect(undoMerge(ctx, session('synced'), 'ticket')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('gives a client a refresh token', async () => {
    const client = { id: 'spa', refreshIdleSeconds: 100, refreshAbsoluteSeconds: 200 }
    const holder = { client, grant: { clientId: 'spa', scope: [], jkt: null } } as never
    const issued = await undoMerge(hostWith().ctx, session('synced'), 'ticket', { holder })
    expect(issued!.token).toMatch(/^gkrs_/)
  })
})
