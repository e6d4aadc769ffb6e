// Tells apps that somebody signed out (OpenID Connect Back-Channel Logout 1.0), by the outbox: at least once, until it arrives.

import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import type { Delivery } from '../../store/store.ts'
import { type Keys, mac, randomId } from '../crypto/secrets.ts'
import type { Receiver } from '../events/webhooks.ts'
import { nameFor } from '../guests/pairwise.ts'
import { appUrl } from '../sessions/endings.ts'
import type { Session } from '../sessions/sessions.ts'
import { signJwt } from './access-tokens.ts'

/** How long a logout token is valid: two minutes (2.4). Each attempt sends a new one. */
const LOGOUT_TOKEN_SECONDS = 2 * 60

/** What an app was told counts in this time and the next one: longer than any session lives. */
const TOLD_SECONDS = 400 * 24 * 60 * 60

/** The row in `spent` that says that an app knows a kept guest. It is a MAC, so a copy of the store says nothing. */
const toldId = ({ apps }: Keys, client: Client, anonymousId: string, time: number): string =>
  `told:${mac(apps, `told ${time} ${client.id} ${anonymousId}`)}`

/**
 * Remembers that an app knows a kept guest, if the app wants to be told of sign-outs. Of a guest without a row nothing is
 * written: the browser carries which apps know it.
 */
export async function rememberTold(ctx: Context, client: Client, session: Session): Promise<void> {
  if (client.backchannelLogoutUri === undefined || session.kind !== 'stored') return
  const time = Math.floor(ctx.now() / TOLD_SECONDS)
  const id = toldId(ctx.keys, client, session.anonymousId, time)
  await ctx.store.spendOnce({ id, expiresAt: (time + 2) * TOLD_SECONDS })
}

/** Whether an app knows a kept guest, under each secret that is still accepted. */
async function wasTold(ctx: Context, client: Client, anonymousId: string): Promise<boolean> {
  const time = Math.floor(ctx.now() / TOLD_SECONDS)
  for (const keys of ctx.keyring)
    for (const one of [time, time - 1])
      if (await ctx.store.isSpent({ id: toldId(keys, client, anonymousId, one) })) return true
  return false
}

/** The apps that are told, as receivers of the outbox. */
export const appReceivers = (ctx: Context): Receiver[] =>
  ctx.config.clients
    .filter(({ backchannelLogoutUri }) => backchannelLogoutUri !== undefined)
    .map((client) => ({
      url: appUrl(client)!,
      events: ['session.ended'],
      last: 400, // the app says that it will never take it (2.8)
      request: (delivery) => requestFor(ctx, client, delivery),
    }))

/** What the app gets (2.5). Undefined if the app does not know the guest. */
async function requestFor(ctx: Context, client: Client, { payload }: Delivery) {
  const { data, session } = JSON.parse(payload) as {
    data: { anonymous_id: string; session_id: string }
    session?: string
  }
  if (session === undefined && !(await wasTold(ctx, client, data.anonymous_id))) return undefined
  const { kid, algorithm, key } = await ctx.signingKeys.current(client.idTokenAlgorithm)
  const now = ctx.now()
  const claims = {
    ...{ iss: ctx.config.tokens.issuer, aud: client.id, iat: now, exp: now + LOGOUT_TOKEN_SECONDS },
    jti: randomId(128),
    sub: nameFor(client, data.anonymous_id),
    sid: nameFor(client, session ?? data.session_id),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  }
  return {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: String(
      new URLSearchParams({ logout_token: signJwt({ alg: algorithm, typ: 'logout+jwt', kid }, claims, key) }),
    ),
  }
}
