// Helpers for the contract tests of the stores: an empty store, kept guests, and everything stored about a guest.

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

/** Keeps a guest: the row, the passkey and the session. */
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

type SignIn = Parameters<Store['signInByProof']>[0]
type Assertion = Extract<SignIn['proof'], { by: 'passkey' }>

/** The params of a sign-in by passkey. `more`: fields of the assertion, or of the sign-in. */
export const anAssertion = (
  { guest, passkey }: Kept,
  {
    credentialId = passkey.credentialId,
    signCount = 0,
    backedUp = true,
    spent = aChallenge(),
    ...more
  }: Partial<Omit<Assertion, 'by'>> & Partial<Omit<SignIn, 'proof'>> = {},
) => ({
  proof: { by: 'passkey' as const, credentialId, signCount, backedUp, spent },
  from: undefined,
  to: aSession(guest, { createdAt: now + 10 }),
  maxSessions: 5,
  now: now + 10,
  ...quietly,
  ...more,
})

/** Everything that a store says about a guest. */
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

/** A test on an empty store, which it may close. */
export const contract = (behaviour: string, run: (store: Store) => Promise<void>) =>
  test(behaviour, async () => {
    const store = openStore(await storeWithTables())
    onTestFinished(() => store.close())
    await run(store)
  })

/** Keeps a guest without a passkey, in a stored session whose cookie is still a sealed one in the browser. */
export async function keepById(store: Store, more: Parameters<typeof aKeeping>[0] = {}) {
  const keeping = aKeeping(more)
  expect(await store.keepGuest(keeping)).toBe('kept')
  return keeping
}

/**
 * Writes a merge as a passkey sign-in does: this guest is the target of the merge, and `from` is the session of the
 * other guest.
 */
export async function offerMerge(
  store: Store,
  into: Kept,
  merge: NewMerge,
  from: SessionRef = sealed({ anonymousId: merge.fromId }),
): Promise<void> {
  const signIn = anAssertion(into, { merge, from, maxSessions: 1000, backedUp: false })
  expect(await store.signInByProof(signIn)).toMatchObject({ outcome: 'signed_in' })
}
