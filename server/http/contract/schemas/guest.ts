// The schemas of the endpoints about the guest: sign-in, userinfo, sessions, prompts, profile and merges.

import type {
  Guest,
  GuestProfile,
  GuestSession,
  Notice,
  SignInMethods,
  UserInfo,
  WayIn,
} from '../../../types.ts'
import { z } from '../../../zod.ts'
import type { Of } from './common.ts'
import { clientId, flag, fromBefore, givenName, named, text, ticket, unixSeconds } from './common.ts'
import { tokens } from './tokens.ts'

export const guest = named(
  'Guest',
  z.object({
    sub: text('The subject, which never changes; the same as anonymous_id'),
    anonymous_id: text('128 random bits in base64url; for an imported guest, its id in the other system'),
    is_anonymous: flag('Has no verified login ID'),
    is_verified: flag('Has a verified login ID'),
    isAnonymous: flag('The same as is_anonymous'),
    isVerified: flag('The same as is_verified'),
    recoverability: z
      .enum(['none', 'device', 'passkey', 'synced'])
      .check(z.describe('How the guest can come back without the session, apart from login IDs')),
    label: text('The readable name that passkey pickers show'),
    collection: z.string(),
    expires_at: z
      .nullable(z.int())
      .check(
        z.describe('When the guest expires unless it is seen before then; Unix time in seconds, null: never'),
      ),
  }),
) satisfies Of<Guest>

export const wayIn = named(
  'WayIn',
  z.object({
    created_at: unixSeconds,
    opens_at: unixSeconds.check(z.describe('From when on it lets somebody in')),
    expires_at: unixSeconds,
    is_approved: flag("Needs no other operator's approval any more"),
  }),
) satisfies Of<WayIn>

export const userInfo = named(
  'UserInfo',
  z.extend(guest, {
    prompts: z.array(
      text(
        'add_passkey, add_device_key, add_recovery_codes, promote, add_attribute:<name>, or a name that the host made up',
      ),
    ),
    way_in: z.optional(wayIn),
  }),
) satisfies Of<UserInfo>

/** What an app that asks who is signed in learns (OpenID Connect Core 1.0, 5.3.2). */
export const openIdInfo = z.object({
  sub: z.string(),
  is_anonymous: z.boolean(),
  is_verified: z.boolean(),
  recoverability: z.optional(z.enum(['none', 'device', 'passkey', 'synced'])),
  collection: z.optional(z.string()),
  email: z.optional(text('For clients with emailAlias and the scope email: an address that gets no mail')),
  email_verified: z.optional(z.literal(false)),
})

export const notice = z.object({
  notice: z
    .nullable(z.union([z.string(), z.record(z.string(), z.string())]))
    .check(
      z.describe('Plain text: one, or one for each language by its tag (BCP 47); null if there is none'),
    ),
}) satisfies Of<{ notice: Notice | null }>

export const ways = z.object({
  name: text('The name of the site'),
  guest_sign_in: flag('Whether new guests are let in, in at least one collection'),
  new_passkeys: flag('Whether passkeys can be added'),
  codes: z
    .array(z.enum(['email', 'phone']))
    .check(z.describe('The types of login IDs to which codes are sent')),
  providers: z.array(z.object({ id: z.string(), name: z.string(), host: text('The host of its issuer') })),
}) satisfies Of<SignInMethods>

export const profile = named(
  'Profile',
  z.object({
    anonymous_id: z.string(),
    is_anonymous: z.boolean(),
    is_verified: z.boolean(),
    is_promoted: flag('The same as is_verified'),
    isAnonymous: z.boolean(),
    isVerified: z.boolean(),
    isPromoted: flag('The same as is_verified'),
    attributes: z.record(z.string(), z.unknown()),
    updated_at: z.nullable(unixSeconds),
  }),
) satisfies Of<GuestProfile>

const previousGuest = z.pick(guest, {
  anonymous_id: true,
  label: true,
  collection: true,
  recoverability: true,
})

export const session = named(
  'Session',
  z.object({
    id: z.string(),
    created_at: unixSeconds,
    last_seen_at: unixSeconds,
    expires_at: unixSeconds,
    auth_time: z
      .nullable(z.int())
      .check(z.describe('When the guest last proved a passkey in this session; Unix time in seconds')),
    current: flag('Whether this request was made in this session'),
  }),
) satisfies Of<GuestSession>

/** The tokens of the new session, in place of the cookie, if a client made the request. */
export const handed = { tokens: z.optional(tokens) }

export const userInfoWithTokens = z.extend(userInfo, handed)
export const merged = z.extend(userInfo, { merged: previousGuest })
export const accountExport = z.looseObject({ exported_at: unixSeconds })
export const signedIn = named(
  'SignedIn',
  z.extend(userInfo, {
    previous: z.optional(previousGuest),
    merged: z.optional(flag('The previous guest was merged into this one')),
    ticket: z.optional(text('The ticket to undo the merge, or to ask for it if there was none')),
    offer_passkey: z.optional(flag('Now is the time to offer a passkey on this device')),
    ...fromBefore,
    ...handed,
  }),
)
export const sessions = z.object({ sessions: z.array(session) })
export const endedSessions = z.object({ ended: z.int() })
export const signIn = z.strictObject({
  lookup_only: z.optional(flag('Create no guest: answer 404 if nobody is signed in')),
  collection: z.optional(z.string()),
})
export const signOut = z.strictObject({
  everywhere: z.optional(flag('End all sessions of the guest')),
  force: z.optional(flag('Sign out even if the guest cannot come back')),
})

export const atMoment = z.object({
  moment: z.optional(text('A moment that the rules for prompts name').check(z.maxLength(64))),
})
/** Nothing reads it: the access token says which client asks. */
const asker = z.optional(
  text('Ignored: the client of the access token gets the changed session as tokens, if the guest has no row'),
)
export const snooze = z.strictObject({
  prompt: text('The prompt as userinfo names it').check(z.maxLength(130)),
  seconds: z.optional(z.int().check(z.positive(), z.maximum(10 * 365 * 24 * 60 * 60))),
  client_id: asker,
})
export const profilePatch = z.strictObject({
  attributes: z.record(z.string(), z.unknown()).check(z.describe('null removes an attribute')),
})
export const mergeTicket = z.strictObject({ ticket })
export const undoTicket = z.strictObject({
  ticket,
  force: z.optional(flag('Undo the merge even if this guest cannot come back')),
  client_id: clientId,
})
export const relabel = z.strictObject({
  label: givenName,
  client_id: asker,
})

export const userInfoFor = z.union([userInfo, openIdInfo])
