// The schemas of the operators' API, beside those that guests' endpoints have too.

import type { ListedSession } from '../../core/operators/sessions.ts'
import type { AuditPage, ListedJob, ListedKey } from '../../core/operators/upkeep.ts'
import type { Numbers, Statistics } from '../../core/statistics/statistics.ts'
import type { DeadLetter, Operator, OperatorReason } from '../../types.ts'
import { z } from '../../zod.ts'
import { base64url, flag, named, type Of, text, unixSeconds } from '../contract/schemas.ts'

const reasons = ['guest_request', 'abuse', 'legal', 'security', 'maintenance', 'test', 'other'] as const
reasons satisfies readonly OperatorReason[]

/** What everything that changes something says. No free text: it could hold what names a person. */
export const acting = {
  reason: z.enum(reasons),
  case: z
    .string()
    .check(
      z.regex(/^[A-Za-z0-9-]{1,32}$/, 'must be 1 to 32 letters, digits and dashes: your reference'),
      z.describe('Your own reference, such as the number of a ticket'),
    ),
}

export const role = z.enum(['viewer', 'support', 'owner'])

export const operator = named(
  'Operator',
  z.object({
    id: z.string(),
    name: z.string(),
    role,
    created_at: unixSeconds,
    passkeys: z.int(),
    invited_until: z.nullable(unixSeconds),
  }),
) satisfies Of<Operator>
export const operators = z.object({ operators: z.array(operator) })

/** A token of an invitation: 32 random bytes. */
const invitationToken = base64url.check(z.minLength(43), z.maxLength(43))
export const invitation = z.strictObject({ invitation: invitationToken })

export const newOperator = z.strictObject({ name: z.string().check(z.maxLength(64)), role })
export const invited = named(
  'Invited',
  z.object({
    id: z.string(),
    invitation: invitationToken,
    link: text('For the new operator alone: whoever opens it first becomes the operator'),
    expires_at: unixSeconds,
  }),
)
export const newRole = z.strictObject({ role })

/** The operator who is signed in. */
export const me = named(
  'Me',
  z.object({
    id: z.string(),
    name: z.string(),
    role,
    way_in_delay: z.nullable(
      z
        .int()
        .check(z.describe('How long a way in lets nobody in, in seconds; null: the deployment has none')),
    ),
    session: z.object({
      id: z.string(),
      expires_at: unixSeconds.check(z.describe('Without use')),
      ends_at: unixSeconds.check(z.describe('However often it is used')),
      proven_at: unixSeconds.check(z.describe('When a passkey was proven')),
      proven_until: unixSeconds.check(z.describe('Until when that is enough to change something')),
    }),
  }),
)

export const sessions = z.object({
  sessions: z.array(
    named(
      'OperatorSession',
      z.object({
        id: z.string(),
        created_at: unixSeconds,
        last_seen_at: unixSeconds,
        expires_at: unixSeconds,
        ends_at: unixSeconds,
        current: flag('The request was made in it'),
      }),
    ) satisfies Of<ListedSession>,
  ),
})
export const ended = z.object({ ended: z.int() })

export const passkey = named(
  'OperatorPasskey',
  z.object({
    id: base64url,
    provider: z.nullable(z.string()),
    created_at: unixSeconds,
    last_used_at: z.nullable(unixSeconds),
    backed_up: z.boolean(),
  }),
)
export const passkeys = z.object({ passkeys: z.array(passkey) })

const setting = z.object({
  value: z.nullable(z.union([z.boolean(), z.number(), z.string(), z.record(z.string(), z.string())])),
  changed_at: z.nullable(unixSeconds),
  changed_by: z.nullable(text('The id of the operator or machine, or what the host said')),
  reason: z.nullable(z.string()),
})
export const settings = named('Settings', z.object({ settings: z.record(z.string(), setting) }))
/** The settings themselves say what they take. */
export const changes = z.strictObject({ values: z.record(z.string(), z.unknown()) })

/** Query params are texts. */
const limit = z.optional(
  z
    .string()
    .check(
      z.regex(/^([1-9]\d{0,2}|1000)$/, 'must be a whole number, 1 to 1000'),
      z.describe('At most 1000; default 100'),
    ),
)
export const limited = z.strictObject({ limit })
export const limitIn = ({ limit }: { limit?: string | undefined }): number => Number(limit ?? 100)

export const failedWebhooks = z.object({
  webhooks: z.array(
    named(
      'FailedWebhook',
      z.object({
        id: z.string(),
        url: z.string(),
        event: z.string(),
        payload: text('The body as it is sent: JSON'),
        created_at: unixSeconds,
        attempts: z.int(),
        failure: z.string(),
      }),
    ) satisfies Of<DeadLetter>,
  ),
})
export const retry = z.strictObject({
  id: z.optional(z.string().check(z.maxLength(64), z.describe('Default: all'))),
})
export const retried = z.object({ retried: z.int() })

export const keys = z.object({
  keys: z.array(
    named(
      'SigningKey',
      z.object({
        kid: z.string(),
        algorithm: z.string(),
        signs_from: unixSeconds,
        retires_at: z.nullable(unixSeconds),
        signs: flag('It is the one that signs now'),
      }),
    ) satisfies Of<ListedKey>,
  ),
})
export const rotation = z.object({
  kid: z.string(),
  signs_from: unixSeconds,
  previous_retires_at: unixSeconds,
})

export const jobs = z.object({
  jobs: z.array(
    named(
      'Job',
      z.object({
        name: z.string(),
        last_run_at: z.nullable(unixSeconds),
        due_at: unixSeconds.check(z.describe('From when on a node may begin it again')),
      }),
    ) satisfies Of<ListedJob>,
  ),
})

export const auditQuery = z.strictObject({
  anonymous_id: z.optional(text('One guest alone')),
  operator_id: z.optional(
    text('What one operator or machine did alone: the `id` of `GET /operators`, or that of the client'),
  ),
  cursor: z.optional(text('`next` of the page before')),
  limit,
})
export const audit = named(
  'AuditPage',
  z.object({
    entries: z.array(
      z.object({
        anonymous_id: text('Empty if it is about no guest'),
        at: unixSeconds,
        action: z.string(),
        outcome: z.string(),
        session_id: z.nullable(z.string()),
        operator: z.optional(
          z.object({
            by: z.nullable(text('The id of the operator or machine; null for the host')),
            role: z.enum(['viewer', 'support', 'owner', 'machine', 'host']),
            reason: z.nullable(z.enum(reasons)),
            case: z.nullable(z.string()),
          }),
        ),
      }),
    ),
    next: z.nullable(text('The cursor of the next page')),
  }),
) satisfies Of<AuditPage>

const day = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\d$/, 'must be a day such as 2026-11-30'), z.describe('A day, UTC'))

export const statisticsQuery = z.strictObject({
  since: z.optional(day),
  until: z.optional(day),
  step: z.optional(z.enum(['day', 'week'])),
  collection: z.optional(text('One collection alone; default: all together')),
  split: z.optional(z.enum(['collection'])),
})

const counts = named(
  'Counts',
  z
    .array(z.nullable(z.int().check(z.minimum(5))))
    .check(z.describe('One number for each of `periods`; null: under 5, and part of a later number')),
)
const stored = z.nullable(z.int())

const numbers = {
  guests: z.object({
    created: counts,
    kept: counts,
    saved: counts,
    promoted: counts,
    came_back: counts,
    expired: counts,
    erased: counts,
  }),
  sign_ins: z.object({
    anonymous: counts,
    passkey: counts,
    code: counts,
    host: counts,
    device_key: counts,
    device_link: counts,
    recovery_code: counts,
    way_in: counts,
  }),
  recoverability: z
    .object({ none: stored, device: stored, passkey: stored, synced: stored })
    .check(z.describe('Stored guests, rounded down to tens, or from 100 on to two digits; null: under 10')),
}

export const statistics = named(
  'Statistics',
  z.object({
    since: day,
    until: day,
    step: z.enum(['day', 'week']),
    collection: z.nullable(z.string()),
    counted_until: z.nullable(text('The last day that is shown; null: none yet')),
    recoverability_of: z.nullable(text('The day of `recoverability`; null: it was not counted yet')),
    periods: z.array(day).check(z.describe('The first day of each period')),
    ...numbers,
    refusals: z.record(z.string(), counts).check(z.describe('By the code of the error')),
    collections: z.optional(
      z.array(
        named('CollectionStatistics', z.object({ collection: z.string(), ...numbers })) satisfies Of<
          Numbers & { collection: string }
        >,
      ),
    ),
  }),
) satisfies Of<Statistics>
