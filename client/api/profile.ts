// What the guest chooses to tell: read it, and change it.
import type { Call } from '../lib/http.ts'
import type { GuestProfile } from '../lib/types.ts'

/** The profile of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestProfiles<Attributes> {
  get(): Promise<GuestProfile<Attributes>>
  /**
   * Changes the attributes that are named, and removes those that are null (RFC 7396). With `ifMatch`, the `etag` of
   * the profile that the changes are meant for, it rejects with `precondition_failed` if that is another by now. Rejects
   * also with `invalid_attribute` (its `cause.detail` says what is wrong), `profile_too_large` and others.
   */
  update(
    attributes: { [Name in keyof Attributes]?: Attributes[Name] | null },
    options?: { ifMatch?: string },
  ): Promise<GuestProfile<Attributes>>
}

/** The profile functions of a client; `recheck` asks again who is signed in. */
export const createProfiles = <Attributes>(
  call: Call,
  recheck: () => Promise<unknown>,
): GuestProfiles<Attributes> => ({
  get: () => call('GET', '/profile', undefined, {}),
  async update(attributes, options) {
    const profile = await call<GuestProfile<Attributes>>(
      'PATCH',
      '/profile',
      { attributes },
      { ifMatch: options?.ifMatch },
    )
    // What was asked for by a prompt may have been given.
    await recheck()
    return profile
  },
})
