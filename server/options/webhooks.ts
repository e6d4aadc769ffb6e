// The options about events: webhooks, and how long the audit trail is kept.

import { z } from '../zod.ts'
import { serverUrl } from './urls.ts'
import { days, objectOf, type SchemasOf, seconds } from './values.ts'

/** The events that webhooks can receive: those that the store writes in the same transaction as the change itself. */
export const webhookEvents = [
  'guest.kept',
  'guest.expiring',
  'guest.expired',
  'guest.restored',
  'guest.disabled',
  'guest.enabled',
  'guest.extended',
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
  'recovery_codes.confirmed',
  'recovery_code.used',
  'guest.renamed',
  'profile.changed',
  'session.ended',
  'way_in.opened',
  'way_in.approved',
  'way_in.cancelled',
  'way_in.used',
  'setting.changed',
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

const webhook = objectOf({
  url: serverUrl,
  secret: z.union(
    [webhookSecret, z.array(webhookSecret).check(z.minLength(1))],
    'must be a secret like whsec_…, or a list of such secrets',
  ),
  events: z.optional(z.array(z.enum(webhookEvents)).check(z.minLength(1))),
})

const webhooks = z
  .array(webhook)
  .check(
    z.refine((all) => new Set(all.map(({ url }) => url)).size === all.length, 'must not name a URL twice'),
  )

/** A webhook: where guestkey sends events, in the format of Standard Webhooks. */
export type WebhookOptions = {
  /** https, or http on localhost. */
  url: string
  /** `whsec_` and 24 to 64 random bytes in base64. If there are several, each signs, so that a receiver can change secrets. */
  secret: string | string[]
  /** Default: all events. */
  events?: WebhookEvent[] | undefined
}

/** Where events are sent, and how long they are remembered. */
export type EventOptions = {
  /** Where events are sent. Default: nowhere. */
  webhooks?: WebhookOptions[] | undefined
  /** How long the audit trail is kept, in seconds. Default: 90 days. */
  auditSeconds?: number | undefined
}

export const eventSchemas = {
  webhooks: z._default(webhooks, []),
  auditSeconds: z._default(seconds, days(90)),
} satisfies SchemasOf<EventOptions>

/** A webhook, with defaults filled in. */
export type Webhook = { url: string; secrets: string[]; events: readonly WebhookEvent[] }

export const resolveWebhooks = (configured: z.output<typeof webhook>[]): Webhook[] =>
  configured.map(({ url, secret, events }) => ({
    url,
    secrets: [secret].flat(),
    events: events ?? webhookEvents,
  }))
