// The profile, which is what the guest chooses to tell: read it, and change it.
import type { Call } from '../lib/http.ts'
import { refuseUnknown } from '../lib/options.ts'
import type { GuestProfile } from '../lib/types.ts'

/** `ifMatch`: the `etag` of the profile that the caller has read. */
export interface UpdateProfileOptions {
  ifMatch?: string | undefined
}

/** The profile of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestProfiles<Attributes> {
  get(): Promise<GuestProfile<Attributes>>
  /**
   * Changes the attributes that are given, and removes those that are null (RFC 7396). `ifMatch` is the `etag` of the
   * profile that the caller has read: if the profile has changed since, rejects with `precondition_failed`. Also
   * rejects with `attribute_invalid` (`detail` of the error says what is wrong), `profile_too_large`,
   * `no_profile` and others.
   */
  update(
    attributes: { [Name in keyof Attributes]?: Attributes[Name] | null },
    options?: UpdateProfileOptions,
  ): Promise<GuestProfile<Attributes>>
}

/**
 * The profile functions of a client. `change` then asks again who is signed in: the guest may have given what a prompt
 * asked for, so the prompts may have changed.
 */
export const createProfiles = <Attributes>(call: Call, change: Call): GuestProfiles<Attributes> => ({
  get: () => call('GET', '/profile', undefined, {}),
  async update(attributes, { ifMatch, ...unknown } = {}) {
    refuseUnknown(unknown)
    return change('PATCH', '/profile', { attributes }, { ifMatch })
  },
})
