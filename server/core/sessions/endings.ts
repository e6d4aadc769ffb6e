// The events about a session that ends, whatever ends it, and about a way in that something else than its use ends.

import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import type { Delivery, Note } from '../../store/store.ts'
import { delivery, failureNote, note } from '../events/audit-trail.ts'
import type { SessionEnd } from '../events/events.ts'

/**
 * What to write about each session that a verb of the store ends. Only the store knows which these are: it fills in the
 * ids. It makes no line in the audit trail, because the line about what ended the sessions is there, except for a replayed
 * code, of which nothing else tells.
 */
export function ending(ctx: Context, reason: SessionEnd, apps: Apps = {}): Note {
  const about = { anonymousId: '', sessionId: '' }
  const event = { session_id: '', reason }
  const written = note(ctx, 'session.ended', event, about, { audited: false })
  const deliveries = [...written.deliveries, ...toApps(ctx, reason, event, apps)]
  const model = { ...written, deliveries }
  return reason === 'code_reused'
    ? { ...model, audit: failureNote(ctx, 'session.ended', about, reason).audit }
    : model
}

/**
 * `knowing`: the apps that the browser knows to know the guest, and the sessions that they know; default: none. `onlyThese`: no
 * others know the guest, because it has no row.
 */
type Apps = { knowing?: { client: string; session: string }[]; onlyThese?: boolean }

/**
 * The ends of which apps are told. After all others the person goes on in the same browser, or nobody is there: a session that
 * expires tells nobody, because of a guest without a row nobody notices it.
 */
const told: readonly SessionEnd[] = ['signed_out', 'revoked', 'operator', 'way_in', 'disabled', 'erased']

/** The URL of an app in the outbox. The fragment, which is not sent, tells it from a webhook and from other clients there. */
export const appUrl = ({ backchannelLogoutUri: uri, id }: Client): string | undefined =>
  uri === undefined ? undefined : `${uri}#${id}`

/**
 * Deliveries to apps (Back-Channel Logout 1.0). One that the browser names gets the session that it knows. For each other one,
 * what tokens/logout-tokens.ts remembers of kept guests says later whether it knows the guest.
 */
function toApps(
  ctx: Context,
  reason: SessionEnd,
  event: object,
  { knowing = [], onlyThese = false }: Apps,
): Delivery[] {
  if (!told.includes(reason)) return []
  return ctx.config.clients.flatMap((client) => {
    const url = appUrl(client)
    const session = knowing.find((app) => app.client === client.id)?.session
    if (url === undefined || (onlyThese && session === undefined)) return []
    const made = delivery(ctx, url, 'session.ended', event, { anonymousId: '' })
    const payload =
      session === undefined ? made.payload : JSON.stringify({ ...JSON.parse(made.payload), session })
    return [{ ...made, payload }]
  })
}

/** Whether this deployment has ways in. */
export const hasWaysIn = ({ operators }: Context['config']): boolean =>
  operators !== false && operators.wayIn !== false

/** What to write if the guest has a way in, which this ends. Undefined if this deployment has none. */
export const endingOfWayIn = (
  ctx: Context,
  about: { anonymousId: string; sessionId: string | null },
): Note | undefined => (hasWaysIn(ctx.config) ? note(ctx, 'way_in.cancelled', {}, about) : undefined)
