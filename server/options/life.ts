// The options about a guest's life: collections, retention, prompts, profiles, merges and webhooks.

import type { Guest, PreviousGuest } from '../types.ts'
import { z } from '../zod.ts'
import { aFunction, count, days, seconds, text } from './values.ts'

const periods = ['none', 'device', 'passkey', 'synced'] as const
const period = z.optional(
  z.union(
    [seconds, z.literal(false)],
    'must be a number of seconds, or false to remember the guest for ever',
  ),
)

export const retention = z.strictObject({
  none: period,
  device: period,
  passkey: period,
  synced: period,
  warnSeconds: z.optional(seconds),
  graceSeconds: z.optional(seconds),
})

const name = z
  .string()
  .check(
    z.regex(/^[a-z][\w-]{0,63}(:[A-Za-z_][\w-]{0,63})?$/, 'must be like add_passkey or add_attribute:email'),
  )

export const prompt = z.strictObject({
  prompt: name,
  when: z._default(
    z.strictObject({
      moment: z.optional(text),
      ageSeconds: z.optional(seconds),
      daysSeen: z.optional(count),
      kept: z.optional(z.boolean()),
      recoverability: z.optional(z.array(z.enum(periods))),
    }),
    {},
  ),
  snoozeSeconds: z._default(seconds, days(7)),
  maxSnoozes: z._default(count, 3),
})

/** At most 20 prompts, so that all snoozes of a guest fit in the session cookie. */
const MAX_PROMPTS = 20

export const prompts = z.array(prompt).check(z.maxLength(MAX_PROMPTS))

const ofCollection = z.strictObject({
  retention: z.optional(retention),
  prompts: z.optional(prompts),
})
const collectionName = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be like users: a-z, 0-9, _ and -'))

export const collections = z.union([
  z.array(collectionName).check(z.minLength(1)),
  z
    .record(collectionName, ofCollection)
    .check(z.refine((value) => Object.keys(value).length > 0, 'must name at least one collection')),
])

/** The events that webhooks can receive: those that the store writes in the same transaction as the change itself. */
export const webhookEvents = [
  'guest.kept',
  'guest.expiring',
  'guest.expired',
  'guest.restored',
  'guest.erased',
  'guest.merged',
  'guest.merge_undone',
  'guest.promoted',
  'guest.demoted',
  'login_id.added',
  'login_id.removed',
  'passkey.added',
  'passkey.removed',
  'device_key.added',
  'device_key.removed',
  'device.linked',
  'recovery_codes.changed',
  'recovery_code.used',
  'guest.renamed',
  'profile.changed',
] as const
export type WebhookEvent = (typeof webhookEvents)[number]

const webhookSecret = z
  .string()
  .check(
    z.refine(
      (value) =>
        /^whsec_[A-Za-z0-9+/]+=*$/.test(value) && secretLength(value) >= 24 && secretLength(value) <= 64,
      'must be whsec_ and 24 to 64 random bytes in base64; make one with: echo whsec_$(openssl rand -base64 32)',
    ),
  )
const secretLength = (value: string) => Buffer.from(value.slice('whsec_'.length), 'base64').length

export const webhook = z.strictObject({
  url: z.string().check(
    z.refine(
      (value) => /^https:\/\//.test(value) || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(value),
      'must be an https URL; plain http is allowed only for localhost',
    ),
    z.refine((value) => URL.canParse(value), 'must be a URL'),
  ),
  secret: z.union([webhookSecret, z.array(webhookSecret).check(z.minLength(1))]),
  events: z.optional(z.array(z.enum(webhookEvents)).check(z.minLength(1))),
})

export const webhooks = z
  .array(webhook)
  .check(
    z.refine((all) => new Set(all.map(({ url }) => url)).size === all.length, 'must not name a URL twice'),
  )

/** How long a guest is remembered, by recoverability: seconds since the guest was last seen (not since it began). */
export type RetentionOptions = {
  /** A guest who could not come back without this session. False: for ever. Default: the option `sessionIdleSeconds`. */
  none?: number | false | undefined
  /** A guest with a device key or a recovery code, and no passkey. False: for ever. Default: 365 days. */
  device?: number | false | undefined
  /** A guest with a passkey that is on one device only. False: for ever. Default: 730 days. */
  passkey?: number | false | undefined
  /** A guest with a passkey that is backed up. False: for ever. Default: 730 days. */
  synced?: number | false | undefined
  /** How long before expiry the guest is warned (`guest.expiring`), at most half of the period. Default: 14 days. */
  warnSeconds?: number | undefined
  /**
   * How long after expiry a passkey, device key or recovery code still brings the guest back, before it is erased.
   * Default: 30 days.
   */
  graceSeconds?: number | undefined
}

/** A rule for a prompt. The prompt is due if every condition in `when` is true. */
export type PromptRule = {
  /**
   * What to ask the guest for: `add_passkey`, `add_device_key` or `add_recovery_codes` (each until the guest has one),
   * `promote` (until the guest is a regular user), `add_attribute:<name>` (until the profile has it), or a name that the
   * host makes up.
   */
  prompt: string
  when?:
    | {
        /** Only at this moment. The host names moments: `guests.moment(req, 'checkout')`. */
        moment?: string | undefined
        /** The guest began at least this many seconds ago. */
        ageSeconds?: number | undefined
        /** The guest was here on at least this many days (UTC). */
        daysSeen?: number | undefined
        /** True: the guest is kept. False: the guest is not kept yet. */
        kept?: boolean | undefined
        /** The guest's recoverability is one of these. */
        recoverability?: Guest['recoverability'][] | undefined
      }
    | undefined
  /** How long the prompt is not due after the guest said "later", in seconds. Default: 7 days. */
  snoozeSeconds?: number | undefined
  /** After this many times "later", the guest is not asked again. Default: 3. */
  maxSnoozes?: number | undefined
}

/** The rules of one collection. Default for each: the option of the same name. */
export type CollectionOptions = {
  retention?: RetentionOptions | undefined
  prompts?: PromptRule[] | undefined
}

/** A webhook: where guestkey sends events, in the format of Standard Webhooks. */
export type WebhookOptions = {
  /** https, or http on localhost. */
  url: string
  /** `whsec_` and 24 to 64 random bytes in base64. If there are several, each signs, so that a receiver can change secrets. */
  secret: string | string[]
  /** Default: all events. */
  events?: WebhookEvent[] | undefined
}

/** A merge: the guest `from` becomes part of the guest `into`. */
export type Merge = {
  /** The same in every attempt of the same merge, so that the host can tell what it has done before. */
  ticket: string
  from: PreviousGuest
  into: PreviousGuest
}

type Parsed = { success: true; data: unknown } | { success: false; error: unknown }
/** A zod object: each attribute of the profile has its own schema. */
export type ProfileSchema = {
  shape: Record<string, { safeParseAsync: (value: unknown) => Promise<Parsed> }>
}
/** The type of a profile's attributes, from its schema. */
export type ProfileOf<P> = P extends { _zod: { output: infer Output } } ? Output : Record<string, unknown>

export const profile = z.custom<ProfileSchema>((value) => {
  const { shape } = (value ?? {}) as Partial<ProfileSchema>
  const schemas = typeof shape === 'object' && shape !== null ? Object.values(shape) : []
  return schemas.length > 0 && schemas.every((one) => typeof one?.safeParseAsync === 'function')
}, 'must be a zod object, like z.object({ nickname: z.string() })')

/** The host's hooks. Each may be asynchronous. The hook runs before guestkey writes the change. */
export const hooks = {
  onMerge: z.optional(aFunction<(merge: Merge) => unknown>()),
  onUndoMerge: z.optional(aFunction<(merge: Merge) => unknown>()),
  beforeExpire: z.optional(aFunction<(guest: PreviousGuest) => unknown>()),
}

type Attributes = Record<string, unknown>
export type MergeProfiles =
  | 'keep-target'
  | 'keep-source'
  | ((from: Attributes, into: Attributes) => Attributes)
export const mergeProfiles = z.union(
  [z.enum(['keep-target', 'keep-source']), aFunction<(from: Attributes, into: Attributes) => Attributes>()],
  "must be 'keep-target', 'keep-source' or a function",
)

/** The rules of a collection, with defaults filled in. */
export type Collection = {
  retention: Record<(typeof periods)[number], number | false> & { warnSeconds: number; graceSeconds: number }
  prompts: z.output<typeof prompt>[]
  /**
   * The shortest of `sessionIdleSeconds` and the retention periods. The use of a session is written, or its token
   * renewed, at the latest when the last time is a quarter of it ago.
   */
  shortestSeconds: number
}
export type Webhook = { url: string; secrets: string[]; events: readonly WebhookEvent[] }

/** The collections with their rules, by name. The first is the default collection. */
export function resolveCollections(
  configured: z.output<typeof collections>,
  forAll: { retention: z.output<typeof retention>; prompts: Collection['prompts'] },
  sessionIdleSeconds: number,
): Record<string, Collection> {
  const each = Array.isArray(configured)
    ? configured.map((one) => [one, {}] as const)
    : Object.entries(configured)
  const defaults = {
    none: sessionIdleSeconds,
    device: days(365),
    passkey: days(730),
    synced: days(730),
    warnSeconds: days(14),
    graceSeconds: days(30),
  }
  return Object.fromEntries(
    each.map(([one, own]: readonly [string, z.output<typeof ofCollection>]) => {
      const retention = { ...defaults, ...forAll.retention, ...own.retention } as Collection['retention']
      const ends = periods.map((period) => retention[period]).filter((end) => end !== false)
      const shortestSeconds = Math.min(sessionIdleSeconds, ...ends)
      return [one, { retention, prompts: own.prompts ?? forAll.prompts, shortestSeconds }]
    }),
  )
}

export const resolveWebhooks = (configured: z.output<typeof webhook>[]): Webhook[] =>
  configured.map(({ url, secret, events }) => ({
    url,
    secrets: [secret].flat(),
    events: events ?? webhookEvents,
  }))
