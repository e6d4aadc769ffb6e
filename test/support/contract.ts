// What the contract of the stores is told in: a store with nothing in it, guests who are kept, and all that is said of one.

import { expect, onTestFinished, test } from 'vitest'
import type { GuestRow, NewMerge, SessionRef, SessionRow, Store } from '../../server/store/store.ts'
import { storeWithTables } from './engine.ts'
import { openStore } from './open-store.ts'
import { aChallenge, aKeeping, aRegistration, aSession, now, quietly } from './store-rows.ts'

export const sealed = ({ anonymousId }: Pick<GuestRow, 'anonymousId'>): SessionRef => ({
  kind: 'sealed',
  anonymousId,
  endedUntil: now + 2000,
})
export const stored = ({ anonymousId, id }: SessionRow): SessionRef => ({ kind: 'stored', anonymousId, id })

/** A guest who is kept: the row, the passkey and the session. */
export async function keep(store: Store, more: Partial<Parameters<Store['registerPasskey']>[0]> = {}) {
  const registration = aRegistration(more)
  expect(await store.registerPasskey(registration)).toMatchObject({
    outcome: 'added',
    first: true,
    kept: true,
  })
  return registration
}

export type Kept = Awaited<ReturnType<typeof keep>>

export const anAssertion = (
  { guest, passkey }: Kept,
  more: Partial<Parameters<Store['signInByPasskey']>[0]> = {},
) => ({
  credentialId: passkey.credentialId,
  signCount: 0,
  backedUp: true,
  from: undefined,
  to: aSession(guest, { createdAt: now + 10 }),
  spent: aChallenge(),
  maxSessions: 5,
  now: now + 10,
  ...quietly,
  ...more,
})

/** All that a store says about a guest. */
export async function everything(store: Store, { guest, passkey }: Pick<Kept, 'guest' | 'passkey'>) {
  const { anonymousId } = guest
  return {
    guest: await store.findGuest({ anonymousId }),
    passkeys: await store.listPasskeys({ anonymousId }),
    byCredential: await store.findPasskey({ credentialId: passkey.credentialId }),
    sessions: await store.listSessions({ anonymousId, now }),
    audit: await store.listAudit({ anonymousId, since: 0, limit: 100 }),
    sealedSessionEnded: await store.sealedSessionEnded({ anonymousId }),
  }
}

/** A test on a store with nothing in it, which it may close. */
export const contract = (behaviour: string, run: (store: Store) => Promise<void>) =>
  test(behaviour, async () => {
    const store = openStore(await storeWithTables())
    onTestFinished(() => store.close())
    await run(store)
  })

/** A guest who is kept without a passkey, in the session that the browser carries. */
export async function keepById(store: Store, more: Parameters<typeof aKeeping>[0] = {}) {
  const keeping = aKeeping(more)
  expect(await store.keepGuest(keeping)).toBe('kept')
  return keeping
}

/**
 * Writes a merge down, as a passkey sign-in does of the guest whom the other one is to be folded into; `from` is that
 * one's session.
 */
export async function offerMerge(
  store: Store,
  into: Kept,
  merge: NewMerge,
  from: SessionRef = sealed({ anonymousId: merge.fromId }),
): Promise<void> {
  const signIn = anAssertion(into, { merge, from, maxSessions: 1000, backedUp: false })
  expect(await store.signInByPasskey(signIn)).toMatchObject({ outcome: 'signed_in' })
}
