// The guest with whom a page starts, as its server wrote it into the page: JSON, which may be anything.
import type { Guest, UserInfo } from '../lib/types.ts'

/** What a server knows of the guest of a request: `req.guest`, or the answer of userinfo. */
export type InitialGuest = Guest & Partial<UserInfo>

/** The fields that every guest has, with a value of their type. */
const fields: Record<string, unknown> = {
  sub: '',
  anonymous_id: '',
  recoverability: '',
  label: '',
  collection: '',
  is_anonymous: true,
  is_verified: true,
  isAnonymous: true,
  isVerified: true,
  expires_at: 0,
  prompts: [],
}

/** Its type; null counts as a number, because such an `expires_at` means never. */
const typeOf = (value: unknown) => (value === null ? 'number' : Array.isArray(value) ? 'list' : typeof value)

/**
 * The guest in this value. A guest without `prompts` has none; fields of later versions are kept. Throws TypeError if a
 * field is missing or of another type.
 */
export function startValue(given: InitialGuest | null | undefined): UserInfo | null | undefined {
  if (given === null || given === undefined) return given
  const guest: UserInfo = { prompts: [], ...given }
  for (const [name, value] of Object.entries(fields)) {
    const given = guest[name as keyof UserInfo]
    if (typeOf(given) !== typeOf(value))
      throw new TypeError(`initialGuest.${name} is ${given}. Give req.guest, userinfo or null`)
  }
  return guest
}
