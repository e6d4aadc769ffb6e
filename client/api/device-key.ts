// The device key of this browser, which brings its guest back without a prompt when the session is gone. If the
// server refuses the key for two fresh challenges, the key is deleted, and a new guest may be made. A failure that
// says nothing about the key does neither.

import { GuestClientError, isCode } from '../lib/errors.ts'
import { type Call, insist, itemPath } from '../lib/http.ts'
import { browserKeys, hash, signJwt } from '../lib/jws.ts'
import { withOldNames } from '../lib/old-names.ts'
import { isForced, refuseUnknown } from '../lib/options.ts'
import type { WithStepUp } from '../lib/step-up.ts'
import type { DeviceKey, SignedInGuest, UserInfo } from '../lib/types.ts'
import type { Platform } from '../platform/platform.ts'
import { type Held, placeOf, readResumable } from '../state/held-key.ts'
import { openBrowserStore } from '../storage/browser-store.ts'
import type { EnableOptions, GuestDeviceKey, GuestDeviceKeys, HeldKey } from './device-key-types.ts'

/** What the device key functions need from the rest of the client. */
export interface DeviceKeyContext {
  /** The name under which this browser stores the key. */
  name: string
  call: Call
  /** Does work while no other request is under way in any tab: for requests whose answer sets the cookie. */
  exclusive<T>(work: (call: Call) => Promise<T>): Promise<T>
  withStepUp: WithStepUp
  /** Takes the guest of an answer as the one who is signed in, and returns the answer. */
  adopt<G extends UserInfo>(guest: G): Promise<G>
  /** Who is signed in; null if nobody is. */
  whoIsThere(call: Call): Promise<UserInfo | null>
  /** Asks again who is signed in, in all tabs, after something about the guest may have changed. */
  recheck(): Promise<unknown>
  platform: Platform
}

/** The lifetime of a proof. Servers accept no longer one. */
const proofSeconds = 5 * 60

/** How many times a sign-in is attempted if the server cannot check the key. */
const maxTries = 3

/** The device key functions of a client, and what the other parts of the client need from them. */
export function createDeviceKey({
  name,
  call,
  exclusive,
  withStepUp,
  adopt,
  whoIsThere,
  recheck,
  platform: { keys = browserKeys, transact },
}: DeviceKeyContext) {
  const { read, replace } = openBrowserStore<Held>(placeOf(name), true, transact)

  /** Stores this key, or deletes the stored one; with `expected`, only if the stored one has that ID. */
  async function keep(held: Held | undefined, expected?: string) {
    const isKept = await replace(held, expected)
    if (transact) return
    try {
      if (isKept && held) localStorage.setItem(placeOf(name), '')
      else if (isKept) localStorage.removeItem(placeOf(name))
    } catch {}
  }

  /** The server has accepted this key: drops the one that it replaces. */
  const settle = async (held: Held) =>
    held.before && keep({ ...held, before: undefined }, held.id).catch(() => {})

  /** To be asked for each time, since a service may move to another issuer. */
  const askIssuer = async (call: Call) =>
    (await call<{ issuer: string }>('GET', '/.well-known/oauth-authorization-server')).issuer

  /** Signs a challenge of the server, dated by the clock of the server, since the clock of this device may be wrong. */
  async function sign(
    call: Call,
    purpose: 'register' | 'sign_in',
    { key, ...held }: Held,
    issuer: string,
  ): Promise<string> {
    const { challenge, now } = await call<{ challenge: string; now: number }>(
      'POST',
      '/device-keys/challenge',
      { purpose },
    )
    const isNew = purpose === 'register'
    return signJwt(
      keys,
      key,
      isNew
        ? { typ: 'device-key-registration+jwt', jwk: await keys.publicJwk(key) }
        : { typ: 'device-key-assertion+jwt', kid: held.id },
      {
        ...(!isNew && { iss: held.anonymousId }),
        sub: held.anonymousId,
        aud: issuer,
        iat: now,
        exp: now + proofSeconds,
        nonce: challenge,
      },
    )
  }

  const list = async (ask = call) =>
    (await ask<{ device_keys: DeviceKey[] }>('GET', '/device-keys')).device_keys

  async function register(call: Call, { name, replace }: EnableOptions) {
    const { anonymous_id: anonymousId } = await call<UserInfo>('GET', '/userinfo')
    let before = await read()
    if (before?.anonymousId === anonymousId) {
      const known = (await list(call)).find(({ id }) => id === before?.id)
      if (known) {
        await settle(before)
        return known
      }
      before = before.before
    } else if (before && !replace) throw new GuestClientError('would_leave_guest')
    const key = await keys.create()
    // WebCrypto exists only in secure contexts.
    if (!key) throw new GuestClientError('not_allowed_here')
    const id = await hash(JSON.stringify(await keys.publicJwk(key)))
    const issuer = await askIssuer(call)
    const held: Held = { id, anonymousId, key, issuer, name, mayResume: true, before }
    // Stored before it is sent: a key that the server knows and no browser holds would count as a way back.
    await keep(held)
    try {
      const proof = await sign(call, 'register', held, issuer)
      const answer = await insist(() =>
        call<UserInfo & { device_key: DeviceKey }>('POST', '/device-keys', { proof, name }),
      )
      await settle(held)
      return (await adopt(answer)).device_key
    } catch (error) {
      // If the request may have arrived, both keys stay. The next attempt, or a sign-in, finds out which one the
      // server has.
      if (((error as GuestClientError).status ?? 500) < 500) await keep(before, id)
      throw error
    }
  }

  /**
   * Signs in with this key. Errors: `device_key_refused`, only after the server refused two fresh challenges: a single
   * refusal may come of a request that the browser repeated. No other failed sign-in deletes the key.
   * `device_key_invalid` if the server could not check it in three attempts; `guest_merged`, and what `call` rejects
   * with.
   */
  async function signInBy(call: Call, held: Held): Promise<SignedInGuest> {
    let refusals = 0
    for (let tries = 1; ; tries++) {
      try {
        const assertion = await sign(call, 'sign_in', held, await askIssuer(call))
        const guest = await call<SignedInGuest>('POST', '/device-keys/sign-in', { assertion })
        await settle(held)
        return await adopt(guest)
      } catch (error) {
        // The key stays, since a merge can be undone. Until then everything of this guest is in the other account.
        if (isCode(error, 'guest_merged'))
          await keep({ ...held, before: undefined, mayResume: false }, held.id)
        const isRefused = isCode(error, 'device_key_refused')
        if (isRefused && ++refusals === 2) await keep(held.before, held.id)
        // This says nothing about the key: during a change, some nodes of the service may know the challenge and
        // others not.
        else if (isCode(error, 'device_key_refused', 'device_key_invalid') && tries < maxTries) continue
        else if (isRefused) throw new GuestClientError('device_key_invalid', error)
        throw error
      }
    }
  }

  const remove: GuestDeviceKeys['remove'] = async (id, options) => {
    await withStepUp(() => call('DELETE', itemPath('/device-keys', id, options)))
    await keep(undefined, id)
    await recheck()
  }

  async function signIn(call: Call): Promise<SignedInGuest> {
    const held = await read()
    if (!held) throw new GuestClientError('no_device_key')
    // Another tab may have signed in first.
    const guest = await whoIsThere(call)
    if (guest?.anonymous_id === held.anonymousId) return adopt(guest)
    try {
      return await signInBy(call, held)
    } catch (error) {
      if (held.before && isCode(error, 'device_key_refused')) return signIn(call)
      // That the guest of the key was merged says nothing about who is signed in here: asks again.
      if (guest) await whoIsThere(call).catch(() => {})
      throw error
    }
  }

  const deviceKey: GuestDeviceKey = {
    // The step-up takes the lock itself, so it must run outside of it.
    async enable({ name, replace, ...unknown } = {}) {
      refuseUnknown(unknown)
      return withStepUp(() => exclusive((call) => register(call, { name, replace })))
    },
    async disable(options) {
      const force = isForced(options)
      const held = await read()
      if (!held) return
      await remove(held.id, { force }).catch(async (error) => {
        // Revoked already. Or it belongs to another guest, who may have no other way back: that key stays.
        if (!isCode(error, 'not_found') || !(held.mayResume || force)) throw error
        await keep(held.before, held.id)
      })
    },
    signIn: () => exclusive(signIn),
    isEnabled: async () => Boolean(await read()),
    async held() {
      const held = await read()
      if (!held) return null
      const { id, anonymousId: anonymous_id, mayResume: may_resume } = held
      return withOldNames<HeldKey>({ id, anonymous_id, may_resume })
    },
  }

  const deviceKeys: GuestDeviceKeys = {
    list: () => list(),
    rename: (id, name) => call('PATCH', itemPath('/device-keys', id), { name }),
    remove,
  }

  return {
    deviceKey,
    deviceKeys,
    /** Deletes the key of the guest who was signed in and is erased now. */
    async drop() {
      const held = await read().catch(() => {})
      if (held?.mayResume) await keep(held.before, held.id)
    },
    /**
     * Makes the key of this browser anew, if it can: a first passkey or login ID has revoked every key of the guest.
     */
    renew: () =>
      exclusive(async (call) => {
        const held = await readResumable(name, transact)
        if (held) await register(call, held)
      }).catch(() => {}),
    /** Signs in the guest who may come back unasked; null if there is none, or the key is no longer good. */
    async resume(call: Call): Promise<SignedInGuest | null> {
      for (;;) {
        const held = await readResumable(name, transact)
        if (!held) return null
        try {
          return await signInBy(call, held)
        } catch (error) {
          if (!isCode(error, 'device_key_refused', 'guest_merged')) throw error
        }
      }
    },
  }
}
