// The export formats of other systems: how to recognise each, and which fields the import takes.

import type { ImportedGuest } from '../../../core/account/imports.ts'

type Fields = Record<string, unknown>

export type UserFormat = {
  /** The name of the system, as people know it. */
  name: string
  isLike: (user: Fields) => boolean
  /** Throws an error that completes "line n: …" if the user cannot be imported. */
  read: (user: Fields) => ImportedGuest
}

/**
 * The formats, by the names that `--format` takes:
 * - firebase: `firebase auth:export users.json` (https://firebase.google.com/docs/cli/auth)
 * - supabase: rows of auth.users (https://supabase.com/docs/guides/auth/users)
 * - rownd: profiles (https://docs.rownd.io/api-reference/user-profiles/app/list-user-profiles)
 */
export const formats: Record<string, UserFormat> = {
  firebase: {
    name: 'Firebase',
    isLike: (user) => 'localId' in user,
    read(user) {
      refuseDisabled(user.disabled === true)
      return {
        sub: textIn(user.localId, 'localId'),
        created_at: milliseconds(user.createdAt, 'createdAt'),
        last_seen_at: milliseconds(user.lastSignedInAt ?? user.lastLoginAt, 'lastSignedInAt'),
        ...verified(user.email, user.emailVerified === true),
        // Firebase stores a number only after the user entered a code that was sent to it.
        ...verifiedPhone(user.phoneNumber, true),
      }
    },
  },
  rownd: {
    name: 'Rownd',
    isLike: (user) => 'rownd_user' in user || 'auth_level' in user || 'verified_data' in user,
    read(user) {
      refuseDisabled(user.state === 'disabled')
      const data = fieldsOf(user.data)
      const proven = fieldsOf(user.verified_data)
      const meta = fieldsOf(user.meta)
      return {
        sub: textIn(user.rownd_user ?? data.user_id ?? data.anonymous_id, 'rownd_user'),
        created_at: time(meta.created, 'meta.created'),
        last_seen_at: time(meta.last_active ?? meta.last_sign_in, 'meta.last_active'),
        ...verified(proven.email === true ? data.email : proven.email, true),
        ...verifiedPhone(proven.phone_number === true ? data.phone_number : proven.phone_number, true),
      }
    },
  },
  supabase: {
    name: 'Supabase',
    isLike: (user) =>
      'id' in user &&
      ['aud', 'instance_id', 'is_anonymous', 'email_confirmed_at', 'raw_user_meta_data'].some(
        (name) => name in user,
      ),
    read(user) {
      refuseDisabled(Boolean(user.deleted_at) || (time(user.banned_until, 'banned_until') ?? 0) > seconds())
      const phone = typeof user.phone === 'string' ? user.phone.trim() : ''
      return {
        sub: textIn(user.id, 'id'),
        created_at: time(user.created_at, 'created_at'),
        last_seen_at: time(user.last_sign_in_at, 'last_sign_in_at'),
        ...verified(user.email, Boolean(user.email_confirmed_at)),
        // Supabase stores phone numbers without the leading plus.
        ...verifiedPhone(/^\d/.test(phone) ? `+${phone}` : phone, Boolean(user.phone_confirmed_at)),
      }
    },
  },
  guestkey: {
    name: 'guestkey',
    isLike: (user) => 'sub' in user,
    read: (user) => user as ImportedGuest,
  },
}

/** The name of the format that a user is in, recognised by its fields; undefined if none fits. */
export const recognise = (user: Fields): string | undefined =>
  Object.keys(formats).find((name) => formats[name]!.isLike(user))

const seconds = () => Date.now() / 1000

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}

/** A user who was locked out of the other system must not get in by the import. */
function refuseDisabled(isDisabled: boolean): void {
  if (isDisabled) throw new Error('is disabled or deleted in the other system, and was left out')
}

function textIn(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`has no ${name}`)
}

/** The e-mail address, if it is verified. The import ignores an unverified one. */
const verified = (email: unknown, isVerified: boolean) =>
  isVerified && typeof email === 'string' && email !== '' ? { email, email_verified: true } : {}

const verifiedPhone = (phone: unknown, isVerified: boolean) =>
  isVerified && typeof phone === 'string' && phone !== '' ? { phone, phone_verified: true } : {}

function milliseconds(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const number = Number(value)
  if (Number.isFinite(number) && number >= 0) return Math.floor(number / 1000)
  throw new Error(`${name}: is not a time in milliseconds`)
}

/** Reads RFC 3339, or what PostgreSQL prints: a space before the time, and a zone like +00. Returns Unix seconds. */
function time(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const text = String(value)
    .replace(/^(\d{4}-\d\d-\d\d) /, '$1T')
    .replace(/(T.*[+-]\d\d)$/, '$1:00')
  const at = Date.parse(text)
  if (!Number.isNaN(at)) return Math.floor(at / 1000)
  throw new Error(`${name}: is not a date and time`)
}
