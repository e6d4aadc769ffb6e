// The schemas of the operators' endpoints about guests.

import type { FoundGuests } from '../../core/support/find.ts'
import type { OpenedWayIn } from '../../core/way-in/open.ts'
import type { DisabledGuest, DisableReason, FoundGuest, OperatorsWayIn } from '../../types.ts'
import { z } from '../../zod.ts'
import { flag, named, type Of, text, unixSeconds, wayIn } from '../contract/schemas.ts'

const disableReasons = ['abuse', 'compromised', 'requested', 'legal', 'other'] as const
disableReasons satisfies readonly DisableReason[]

const recoverability = z.enum(['none', 'device', 'passkey', 'synced'])
const stage = z.enum(['unkept', 'kept', 'regular', 'expired', 'merged'])
const loginIdType = z.enum(['email', 'phone', 'oidc'])
/** Long enough for whatever names a guest, such as a credential id of 1,023 bytes. */
const name = z.string().check(z.maxLength(1400))

const disabled = z.object({
  since: z.nullable(unixSeconds),
  until: z.nullable(unixSeconds.check(z.describe('null: until it is enabled'))),
  reason: z.enum(disableReasons),
}) satisfies Of<DisabledGuest>

export const foundGuest = named(
  'FoundGuest',
  z.object({
    anonymous_id: z.string(),
    stage: stage.check(z.describe('unkept: it has no row, and perhaps nobody has this id')),
    label: z.nullable(z.string()),
    collection: z.nullable(z.string()),
    recoverability,
    created_at: z.nullable(unixSeconds),
    last_seen_at: z.nullable(unixSeconds),
    days_seen: z.nullable(z.int()),
    expires_at: z.nullable(unixSeconds),
    promoted_at: z.nullable(unixSeconds),
    disabled: z.nullable(disabled),
  }),
) satisfies Of<FoundGuest>

/** All that is given must hold; at most one of the first five. */
export const guestQuery = z.strictObject({
  anonymous_id: z.optional(name),
  label: z.optional(name),
  session_id: z.optional(name),
  passkey_id: z.optional(name),
  login_id: z.optional(z.strictObject({ type: loginIdType, value: name })),
  collection: z.optional(name),
  recoverability: z.optional(recoverability),
  stage: z.optional(stage),
  disabled: z.optional(z.boolean()),
  created_since: z.optional(unixSeconds),
  created_before: z.optional(unixSeconds),
  seen_since: z.optional(unixSeconds),
  seen_before: z.optional(unixSeconds),
  after: z.optional(text('`next` of the page before')),
  limit: z.optional(z.int().check(z.describe('At most 200; default 50'))),
})

export const foundGuests = named(
  'FoundGuests',
  z.object({
    guests: z.array(foundGuest),
    next: z.nullable(text('For the next page, which may have guests although this one has none')),
  }),
) satisfies Of<FoundGuests>

/** What `GET /account/export` has too is described there. */
export const wholeGuest = named('WholeGuest', z.looseObject({ ...foundGuest.shape, read_at: unixSeconds }))

export const disabling = z.strictObject({
  until: z.optional(z.nullable(unixSeconds.check(z.describe('Default: null, until it is enabled')))),
  disabled_reason: z.optional(z.enum(disableReasons).check(z.describe('Default: other'))),
})
export const forced = z.strictObject({
  force: z.optional(flag('Even if the guest then has no way back. Only for owners')),
})
export const loginId = z.strictObject({ ...forced.shape, type: loginIdType, value: name })
export const extension = z.strictObject({ expires_at: unixSeconds })
export const merge = z.strictObject({ ticket: z.string().check(z.minLength(1), z.maxLength(100)) })
export const ended = z.object({ ended: z.int() })
export const changed = z.object({
  changed: flag('False if it was so before'),
})

/** `way_in`: what the owner has looked at. */
export const approval = z.strictObject({
  way_in: z
    .string()
    .check(z.maxLength(100), z.describe('`id` of the way in, which the guest as a whole has')),
})
export const openedWayIn = z.extend(wayIn, {
  id: text('What another owner approves'),
  code: text('For the guest alone. The server cannot show it again'),
}) satisfies Of<OpenedWayIn>

export const waysIn = z.object({
  ways_in: z.array(
    named(
      'OperatorsWayIn',
      z.extend(wayIn, {
        id: text('What another owner approves'),
        anonymous_id: z.string(),
        opened_by: text('The id of the operator'),
        approved_by: z.nullable(text('The id of the operator')),
      }),
    ) satisfies Of<OperatorsWayIn>,
  ),
})
