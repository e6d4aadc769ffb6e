// What a page can do with the device key of its browser, and with those of the guest's other devices.
import type { OldHeldKey } from '../lib/old-names.ts'
import type { ForceOptions } from '../lib/options.ts'
import type { DeviceKey, SignedInGuest } from '../lib/types.ts'

/** How `deviceKey.enable` makes the key. */
export interface EnableOptions {
  /** Its name in the list of keys. */
  name?: string | undefined
  /** It takes the place of another guest's key. */
  replace?: boolean | undefined
}

/** The device key of this browser. Everything rejects with GuestClientError. */
export interface GuestDeviceKey {
  /**
   * Remembers this device: stores a key that nobody can read, not even this page. From then on it brings the guest
   * back when the session is gone. Asks for a passkey first if there is one and its last proof is too old. If this
   * browser has a key of this guest already, returns that one.
   * Rejects with `storage` if the browser stores nothing, as in some private windows; with `would_leave_guest` if it
   * has the key of another guest, unless `replace` is set; with `too_many_device_keys`, `not_signed_in`,
   * `not_allowed_here` and others. With `replace`, the old key stays until the server has accepted the new one.
   */
  enable(options?: EnableOptions): Promise<DeviceKey>
  /**
   * Forgets this device: revokes its key and deletes it. Does nothing if there is none. Asks for a passkey first as
   * `enable` does. Rejects with `would_lose_account` if the key is the only way back, unless `force` is set; with
   * `not_found` if the key belongs to a guest who is not signed in, unless `force` is set.
   */
  disable(options?: ForceOptions): Promise<void>
  /**
   * Signs in the guest of the key, without a prompt. `signInAnonymously` does so by itself, except after a sign-out
   * here or after somebody else signed in here; then call this. Rejects with `no_device_key`; with
   * `device_key_refused` if the key was revoked, which deletes it; with `device_key_invalid` if the server could not
   * check the key, which keeps it; with `guest_merged`, which keeps it too, since a merge can be undone. Until then
   * `signInAnonymously` ignores the key.
   */
  signIn(): Promise<SignedInGuest>
  /** Whether this browser has a key, of any guest. */
  isEnabled(): Promise<boolean>
  /** The key that this browser has, of any guest; null if it has none. */
  held(): Promise<HeldKey | null>
}

/** What a page may know about the key of this browser. */
export interface HeldKey extends OldHeldKey {
  /** The ID of the key, as in `deviceKeys.list`. */
  id: string
  /** The `anonymous_id` of its guest. */
  anonymous_id: string
  /**
   * Whether that guest was the last one to be signed in here, and did not sign out: then a page may call `signIn`
   * unasked.
   */
  may_resume: boolean
}

/** The keys of all devices that remember the guest. Everything rejects with GuestClientError. */
export interface GuestDeviceKeys {
  list(): Promise<DeviceKey[]>
  rename(id: string, name: string): Promise<DeviceKey>
  /**
   * Revokes one. Asks for a passkey first if there is one and its last proof is too old. Rejects with `not_found`, or
   * with `would_lose_account` if it is the only way back, unless `force` is set.
   */
  remove(id: string, options?: ForceOptions): Promise<void>
}
