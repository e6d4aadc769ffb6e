// A key of this browser, which brings its guest back without a prompt when the session is gone.
import { openBrowserStore } from '../lib/browser-store.ts'
import { codeOf, GuestClientError } from '../lib/errors.ts'
import { type Call, insist } from '../lib/http.ts'
import { hash, newKey, publicJwk, signJwt } from '../lib/jws.ts'
import type { DeviceKey, SignedInGuest, UserInfo } from '../lib/types.ts'
import { itemPath, type WithStepUp } from './passkeys.ts'

/** What the device key functions need of the client around them. */
export interface DeviceKeyContext {
  /** What is kept here is kept under this name. */
  name: string
  call: Call
  /** With no other request under way in any tab: for requests whose answer sets the cookie. */
  exclusive<T>(work: (call: Call) => Promise<T>): Promise<T>
  withStepUp: WithStepUp
  /** Takes the guest of an answer as the one who is signed in, and hands the answer on. */
  adopt<G extends UserInfo>(guest: G): Promise<G>
  /** Who is signed in; null if nobody is. */
  whoIsThere(call: Call): Promise<UserInfo | null>
  /** Asks again who is signed in, in all tabs: something that may show there has changed. */
  recheck(): Promise<unknown>
}

/** The key of this browser. Everything rejects with GuestClientError. */
export interface GuestDeviceKey {
  /**
   * Remembers this device, after a step-up if there is a passkey and its last proof is too old: a key that nobody can
   * read, this page included, is kept here, and from then on brings the guest back where the session is gone. Where
   * there is one for this guest already, that is the one. Rejects with `storage` where the browser keeps nothing, as
   * in some private windows; with `would_leave_guest` if this browser has the key of another guest, unless `replace`
   * is set, which keeps that key until the server has taken the new one; with `too_many_device_keys`,
   * `not_signed_in`, `not_allowed_here` and others.
   */
  enable(options?: { name?: string; replace?: boolean }): Promise<DeviceKey>
  /**
   * Forgets this device: revokes its key, after a step-up as for `enable`, and deletes it. Rejects with
   * `would_lose_account` if it is the only way back, and with `not_found` if it is of a guest who is not signed in,
   * unless `force` is set. Nothing to do is no error.
   */
  disable(options?: { force?: boolean }): Promise<void>
  /**
   * Signs in the guest of the key, without a prompt. `signInAnonymously` does so by itself, but not after a sign-out
   * here or after somebody else signed in here: then it takes this. Rejects with `no_device_key`; with
   * `device_key_refused` where it was revoked, which deletes it; and with `guest_merged`, which keeps it, for that can
   * be undone: until then `signInAnonymously` does without it.
   */
  signIn(): Promise<SignedInGuest>
  /** Whether this browser has a key, whoever is signed in. */
  isEnabled(): Promise<boolean>
  /** The key that this browser has, whoever is signed in; null where there is none. */
  held(): Promise<HeldKey | null>
}

/** What is known here of the key of this browser. */
export interface HeldKey {
  /** As the list of the guest's keys has it. */
  id: string
  /** Whose it is. */
  anonymousId: string
  /** That guest is the one who was last signed in here, and did not sign out: `signIn` without being asked is fine. */
  mayResume: boolean
}

/** The keys of all devices that are remembered. Everything rejects with GuestClientError. */
export interface GuestDeviceKeys {
  list(): Promise<DeviceKey[]>
  rename(id: string, name: string): Promise<DeviceKey>
  /**
   * Revokes one, after a step-up if there is a passkey and its last proof is too old. Rejects with
   * `would_lose_account` if it is the only way back, unless `force` is set.
   */
  remove(id: string, options?: { force?: boolean }): Promise<void>
}

/** A key of this browser, and whose. */
interface Held extends HeldKey {
  key: CryptoKeyPair
  /** Undefined too where an earlier version of this page has made it. */
  name?: string | undefined
  /** The one that it is to replace, until it is certain that the server has taken it. */
  before?: Held | undefined
}

/** How long a proof is good; servers take no longer ones. */
const proofSeconds = 5 * 60

/** How often a key is tried that the server can say nothing of. */
const maxTries = 3

/** The device key functions of a client, and what its other parts need of them. */
export function createDeviceKey({
  name,
  call,
  exclusive,
  withStepUp,
  adopt,
  whoIsThere,
  recheck,
}: DeviceKeyContext) {
  const mark = `${name}:key`
  const store = openBrowserStore<Held>(mark, true)

  /** Beside the key there is a mark: by it a store that fails is told from one in which there never was a key. */
  async function keep(held: Held | undefined, expected?: string) {
    const isKept = await store.replace(held, expected)
    try {
      if (isKept && held) localStorage.setItem(mark, '')
      else if (isKept) localStorage.removeItem(mark)
    } catch {}
  }

  /** The server has it: there is nothing to go back to. */
  const settle = async (held: Held) =>
    held.before && keep({ ...held, before: undefined }, held.id).catch(() => {})

  function wasKept() {
    try {
      return localStorage.getItem(mark) !== null
    } catch {
      return true
    }
  }

  /** Signs for a challenge of the server, by the clock of the server: a device whose own is wrong is no other one. */
  async function sign(call: Call, purpose: 'register' | 'sign_in', { key, ...held }: Held) {
    // Asked for each time: a service may move.
    const { issuer } = await call<{ issuer: string }>('GET', '/.well-known/oauth-authorization-server')
    const { challenge, now } = await call<{ challenge: string; now: number }>(
      'POST',
      '/device-keys/challenge',
      { purpose },
    )
    const isNew = purpose === 'register'
    return signJwt(
      key,
      isNew
        ? { typ: 'device-key-registration+jwt', jwk: await publicJwk(key) }
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

  async function register(
    call: Call,
    { name, replace }: { name?: string | undefined; replace?: boolean } = {},
  ) {
    const { anonymous_id: anonymousId } = await call<UserInfo>('GET', '/userinfo')
    let before = await store.read()
    if (before?.anonymousId === anonymousId) {
      const known = (await list(call)).find(({ id }) => id === before?.id)
      if (known) {
        await settle(before)
        return known
      }
      before = before.before
    } else if (before && !replace) throw new GuestClientError('would_leave_guest')
    const key = await newKey()
    // Only in secure contexts.
    if (!key) throw new GuestClientError('not_allowed_here')
    const id = await hash(JSON.stringify(await publicJwk(key)))
    const held: Held = { id, anonymousId, key, name, mayResume: true, before }
    // First of all: a key that the server knows and nobody has would pass for a way back.
    await keep(held)
    try {
      const proof = await sign(call, 'register', held)
      const answer = await insist(() =>
        call<UserInfo & { device_key: DeviceKey }>('POST', '/device-keys', { proof, name }),
      )
      await settle(held)
      return (await adopt(answer)).device_key
    } catch (error) {
      // Where it may have arrived, both keys stay: another try finds out, and so does a sign-in.
      if (((error as GuestClientError).status ?? 500) < 500) await keep(before, id)
      throw error
    }
  }

  /**
   * Signs in by this key. Rejects with `device_key_refused` where two fresh challenges were answered so, for a browser
   * may send a request again by itself; that alone says that the key is good no more, and deletes it.
   */
  async function signInBy(call: Call, held: Held): Promise<SignedInGuest> {
    let refusals = 0
    for (let tries = 1; ; tries++) {
      try {
        const assertion = await sign(call, 'sign_in', held)
        const guest = await call<SignedInGuest>('POST', '/device-keys/sign-in', { assertion })
        await settle(held)
        return await adopt(guest)
      } catch (error) {
        const code = codeOf(error)
        // It can be undone; and what the guest had is in the other account until then.
        if (code === 'guest_merged') await keep({ ...held, before: undefined, mayResume: false }, held.id)
        const isRefused = code === 'device_key_refused'
        if (isRefused && ++refusals === 2) await keep(held.before, held.id)
        // Of the challenge, not of the key: nodes that a change has reached and others may answer in turn.
        else if ((isRefused || code === 'device_key_invalid') && tries < maxTries) continue
        else if (isRefused) throw new GuestClientError('device_key_invalid', error)
        throw error
      }
    }
  }

  const remove: GuestDeviceKeys['remove'] = async (id, options) => {
    await withStepUp(() => call('DELETE', itemPath('/device-keys', id, options?.force)))
    await keep(undefined, id)
    await recheck()
  }

  async function signIn(call: Call): Promise<SignedInGuest> {
    const held = await store.read()
    if (!held) throw new GuestClientError('no_device_key')
    // Another tab may have been first.
    const guest = await whoIsThere(call)
    if (guest?.anonymous_id === held.anonymousId) return adopt(guest)
    try {
      return await signInBy(call, held)
    } catch (error) {
      if (held.before && codeOf(error) === 'device_key_refused') return signIn(call)
      // That the key's guest was merged says nothing of who is signed in here.
      if (guest) await whoIsThere(call).catch(() => {})
      throw error
    }
  }

  const deviceKey: GuestDeviceKey = {
    // The step-up needs the lock for itself.
    enable: (options) => withStepUp(() => exclusive((call) => register(call, options))),
    async disable(options) {
      const held = await store.read()
      if (!held) return
      await remove(held.id, options).catch(async (error) => {
        // Revoked already; or of somebody else, who may have no other way back.
        if (codeOf(error) !== 'not_found' || !(held.mayResume || options?.force)) throw error
        await keep(held.before, held.id)
      })
    },
    signIn: () => exclusive(signIn),
    isEnabled: async () => Boolean(await store.read()),
    async held() {
      const held = await store.read()
      return held ? { id: held.id, anonymousId: held.anonymousId, mayResume: held.mayResume } : null
    },
  }

  const deviceKeys: GuestDeviceKeys = {
    list: () => list(),
    rename: (id, name) => call('PATCH', itemPath('/device-keys', id), { name }),
    remove,
  }

  /** The key whose guest may come back unasked. */
  async function resumable() {
    const held = await store.read().catch((error) => {
      if (wasKept()) throw error
    })
    return held?.mayResume ? held : undefined
  }

  return {
    deviceKey,
    deviceKeys,
    /** Whether the guest may come back by the key, should nobody be signed in. */
    canResume: async () => Boolean(await resumable()),
    /** A first passkey and a first login ID revoke every key of the guest: makes this browser's anew, where it can. */
    async renew(call: Call) {
      try {
        const held = await resumable()
        if (held) await register(call, held)
      } catch {}
    },
    /** Signs in whoever may come back; null where that is nobody, or nobody any more. */
    async resume(call: Call): Promise<SignedInGuest | null> {
      for (;;) {
        const held = await resumable()
        if (!held) return null
        try {
          return await signInBy(call, held)
        } catch (error) {
          if (!/^(device_key_refused|guest_merged)$/.test(codeOf(error) ?? '')) throw error
        }
      }
    },
    /** Takes note of who is signed in here from now on, by somebody's own doing; undefined: nobody. */
    async heed(anonymousId?: string) {
      try {
        const held = await store.read()
        const mayResume = held?.anonymousId === anonymousId
        if (held && held.mayResume !== mayResume) await keep({ ...held, mayResume }, held.id)
      } catch {}
    },
    /** The guest who was signed in is no more. */
    async drop() {
      const held = await store.read().catch(() => {})
      if (held?.mayResume) await keep(held.before, held.id)
    },
  }
}
