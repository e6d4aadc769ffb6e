// A guest's life: populations, how long a guest is remembered, what is asked of them when, and who is told.

import type { Guest, PreviousGuest } from '../types.ts'
import { z } from '../zod.ts'
import { aFunction, count, days, seconds, text } from './values.ts'

const periods = ['none', 'device', 'passkey', 'synced'] as const
const period = z.optional(
  z.union([seconds, z.literal(false)], 'must be a number of seconds, or false for ever'),
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

/** So many that what a guest said "later" to fits into a cookie. */
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
    .check(z.refine((value) => Object.keys(value).length > 0, 'must name one collection at least')),
])

/** The events that webhooks can be told of: those that are written down with what they are about. */
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
      'must be an https URL; plain http is for localhost alone',
    ),
    z.refine((value) => URL.canParse(value), 'must be a URL'),
  ),
  secret: z.union([webhookSecret, z.array(webhookSecret).check(z.minLength(1))]),
  events: z.optional(z.array(z.enum(webhookEvents)).check(z.minLength(1))),
})

export const webhooks = z
  .array(webhook)
  .check(z.refine((all) => new Set(all.map(({ url }) => url)).size === all.length, 'must name each URL once'))

/** How long guests are remembered after they were last seen, by how they could come back. Never by their age. */
export type RetentionOptions = {
  /** A guest who could not come back without this session. False: for ever. Default: `sessionIdleSeconds`. */
  none?: number | false | undefined
  /** One whom a device key or a recovery code would bring back. Default: 365 days. */
  device?: number | false | undefined
  /** One who has a passkey on one device. Default: 730 days. */
  passkey?: number | false | undefined
  /** One whose passkey is backed up. Default: 730 days. */
  synced?: number | false | undefined
  /** How long before it a warning is given; never before half of the time has gone by. Default: 14 days. */
  warnSeconds?: number | undefined
  /** How long after it a passkey or a recovery code still brings everything back, before it is erased. Default: 30 days. */
  graceSeconds?: number | undefined
}

/** A rule for what is due: everything in `when` must hold. */
export type PromptRule = {
  /**
   * What the guest is to be asked for: `add_passkey`, `add_device_key`, `add_recovery_codes` (each until there is one),
   * `promote` (until the guest is a regular user), `add_attribute:<name>` (until it is in the profile), or a name of the
   * host's own.
   */
  prompt: string
  when?:
    | {
        /** Only at this moment, which the host names: `guests.moment(req, 'checkout')`. */
        moment?: string | undefined
        /** The guest began so long ago at least. */
        ageSeconds?: number | undefined
        /** The guest was here on so many days (UTC) at least. */
        daysSeen?: number | undefined
        /** There is something to keep, or there is nothing yet. */
        kept?: boolean | undefined
        /** How the guest could come back. */
        recoverability?: Guest['recoverability'][] | undefined
      }
    | undefined
  /** How long a guest who said "later" is left alone. Default: 7 days. */
  snoozeSeconds?: number | undefined
  /** After so many times of "later" the guest is not asked again. Default: 3. */
  maxSnoozes?: number | undefined
}

/** A population of guests with rules of its own; what is not given is as for all. */
export type CollectionOptions = {
  retention?: RetentionOptions | undefined
  prompts?: PromptRule[] | undefined
}

/** Where events are sent to, in the format of Standard Webhooks. */
export type WebhookOptions = {
  /** https, or http on localhost. */
  url: string
  /** `whsec_` and 24 to 64 random bytes in base64. Of several, each signs, so that a receiver can change over. */
  secret: string | string[]
  /** Default: all that there are. */
  events?: WebhookEvent[] | undefined
}

/** One guest to be folded into another. */
export type Merge = {
  /** The same in every try of the same merge: what was done under it is not to be done again. */
  ticket: string
  from: PreviousGuest
  into: PreviousGuest
}

type Parsed = { success: true; data: unknown } | { success: false; error: unknown }
/** A zod object: each attribute is checked by its own schema. */
export type ProfileSchema = {
  shape: Record<string, { safeParseAsync: (value: unknown) => Promise<Parsed> }>
}
/** What the attributes of a profile are, by its schema. */
export type ProfileOf<P> = P extends { _zod: { output: infer Output } } ? Output : Record<string, unknown>

export const profile = z.custom<ProfileSchema>((value) => {
  const { shape } = (value ?? {}) as Partial<ProfileSchema>
  const schemas = typeof shape === 'object' && shape !== null ? Object.values(shape) : []
  return schemas.length > 0 && schemas.every((one) => typeof one?.safeParseAsync === 'function')
}, 'must be a zod object, like z.object({ nickname: z.string() })')

/** What a host decides; each may be asynchronous, and runs before what it is about is written. */
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

/** The rules of a collection, with their defaults. */
export type Collection = {
  retention: Record<(typeof periods)[number], number | false> & { warnSeconds: number; graceSeconds: number }
  prompts: z.output<typeof prompt>[]
  /** What use slides, and ends soonest: a session, or what is promised to a guest. */
  shortestSeconds: number
}
export type Webhook = { url: string; secrets: string[]; events: readonly WebhookEvent[] }

/** The collections with their rules; the first is the default one. */
export function resolveCollections(
  given: z.output<typeof collections>,
  forAll: { retention: z.output<typeof retention>; prompts: Collection['prompts'] },
  sessionIdleSeconds: number,
): Record<string, Collection> {
  const each = Array.isArray(given) ? given.map((one) => [one, {}] as const) : Object.entries(given)
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

export const resolveWebhooks = (given: z.output<typeof webhook>[]): Webhook[] =>
  given.map(({ url, secret, events }) => ({ url, secrets: [secret].flat(), events: events ?? webhookEvents }))
