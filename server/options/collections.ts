// The options about collections: when guests are kept, how long they are remembered, and what they are asked for.

import { promptMeantBy } from '../names/prompts.ts'
import type { Guest } from '../types.ts'
import { z } from '../zod.ts'
import { OptionsError } from './errors.ts'
import type { ProfileSchema } from './life.ts'
import { textWithout } from './urls.ts'
import { count, days, objectOf, type SchemasOf, seconds, text } from './values.ts'

const periods = ['none', 'device', 'passkey', 'synced'] as const
const period = z.optional(
  z.union(
    [seconds, z.literal(false)],
    'must be a number of seconds, or false to remember the guest for ever',
  ),
)

const retention = objectOf({
  none: period,
  device: period,
  passkey: period,
  synced: period,
  warnSeconds: z.optional(seconds),
  graceSeconds: z.optional(seconds),
})

const NAME = /^[a-z][\w-]{0,63}(:[A-Za-z_][\w-]{0,63})?$/
const name = textWithout(
  (value) => {
    const meant = promptMeantBy(value)
    return meant && `must be ${meant}, or a name of your own that is less like it, not ${value}`
  },
  z.string().check(z.regex(NAME, 'must be like add_passkey or add_attribute:email')),
)

const prompt = objectOf({
  prompt: name,
  when: z._default(
    objectOf({
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

const prompts = z.array(prompt).check(z.maxLength(MAX_PROMPTS))

const ofCollection = objectOf({
  guestSignIn: z.optional(z.boolean()),
  retention: z.optional(retention),
  prompts: z.optional(prompts),
})
const collectionName = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be like users: a-z, 0-9, _ and -'))

const COLLECTIONS = "must be a list of names, like ['users'], or an object with the rules of each"
const collections = z.union(
  [
    z.array(collectionName).check(z.minLength(1)),
    z
      .record(collectionName, ofCollection)
      .check(z.refine((value) => Object.keys(value).length > 0, 'must name at least one collection')),
  ],
  COLLECTIONS,
)

/** How long a guest is remembered, by recoverability: seconds since the guest was last seen (not since it began). */
export type RetentionOptions = {
  /** A guest who cannot come back without this session. False: for ever. Default: the option `sessions.idleSeconds`. */
  none?: number | false | undefined
  /** A guest with a device key or confirmed recovery codes, and no passkey. False: for ever. Default: 365 days. */
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
   * host makes up. A name that differs from one of these in two letters at most is refused: it is probably misspelt.
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
  guestSignIn?: boolean | undefined
  retention?: RetentionOptions | undefined
  prompts?: PromptRule[] | undefined
}

/** When guests are kept, and the rules of their collections. */
export type KeepingOptions = {
  /**
   * When guestkey writes a guest's row. `on-demand`: when there is something to keep. `always`: with the first sign-in.
   * Default: `on-demand`.
   */
  keep?: 'on-demand' | 'always' | undefined
  /**
   * Whether new guests are let in, unless their collection says otherwise. False: whoever is no guest yet is refused with
   * `guest_sign_in_off`, by whatever way. Guests who are there go on and come back, and an import still works. Default: true.
   */
  guestSignIn?: boolean | undefined
  /** The collections of guests, with rules of their own if given; the first is the default collection. Default: `['users']`. */
  collections?: string[] | Record<string, CollectionOptions> | undefined
  /** How long guests are remembered after they were last seen, unless their collection says otherwise. */
  retention?: RetentionOptions | undefined
  /** What guests are asked for, and when, unless their collection says otherwise. At most 20 rules. Default: nothing. */
  prompts?: PromptRule[] | undefined
}

export const keepingSchemas = {
  keep: z._default(z.enum(['on-demand', 'always']), 'on-demand'),
  guestSignIn: z._default(z.boolean(), true),
  collections: z._default(collections, ['users']),
  retention: z._default(retention, {}),
  prompts: z._default(prompts, []),
} satisfies SchemasOf<KeepingOptions>

/** The rules of a collection, with defaults filled in. */
export type Collection = {
  /** Whether it lets new guests in. */
  guestSignIn: boolean
  retention: Record<(typeof periods)[number], number | false> & { warnSeconds: number; graceSeconds: number }
  prompts: z.output<typeof prompt>[]
  /**
   * The shortest of `sessions.idleSeconds` and the retention periods. The use of a session is written, or its token
   * renewed, at the latest at the first use after a quarter of this has passed.
   */
  shortestSeconds: number
}

/** The collections with their rules, by name. The first is the default collection. */
export function resolveCollections(
  configured: z.output<typeof collections>,
  forAll: { guestSignIn: boolean; retention: z.output<typeof retention>; prompts: Collection['prompts'] },
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
      const { guestSignIn = forAll.guestSignIn, prompts = forAll.prompts } = own
      return [one, { guestSignIn, retention, prompts, shortestSeconds }]
    }),
  )
}

/** A prompt for an attribute that the profile does not have would stay due for ever. Errors: OptionsError. */
export function refuseUnknownAttributes(
  collections: Record<string, Collection>,
  profile: ProfileSchema | undefined,
): void {
  for (const { prompt } of Object.values(collections).flatMap(({ prompts }) => prompts)) {
    const attribute = /^add_attribute:(.*)$/.exec(prompt)?.[1]
    if (attribute !== undefined && !Object.hasOwn(profile?.shape ?? {}, attribute)) {
      throw new OptionsError(
        `guestkey options: the prompt ${prompt} names an attribute that the option profile does not declare`,
      )
    }
  }
}
