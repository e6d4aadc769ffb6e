// Which apps know who is signed in here, and what each was told. The browser carries this for us in a cookie that nobody else
// can read, so no row says where anybody goes. The page asks once for each app, and a sign-out tells these apps.

import type { Context } from '../../context.ts'
import { decrypt, encrypt } from '../crypto/jwe.ts'
import type { Session } from '../sessions/sessions.ts'
import { type Telling, wordsTold } from './told.ts'

/** How many apps are remembered: those that were used last. */
export const MAX_KNOWN_APPS = 16
/** So that the cookie, with its name and attributes, stays below the 4,096 bytes of browsers (RFC 6265bis, 5.6). */
const MAX_PAYLOAD_BYTES = 2600
/** A longer text is none of ours. */
const MAX_CHARACTERS = 4096

/** An app: its client, what it was told, and the session that it knows. */
export type KnownApp = { client: string; told: string[]; session: string }

/** The payload: whose apps they are, until when they count (Unix seconds), and the apps, the last used one last. */
type Payload = { a: string; e: number; c: [client: string, told: string, session?: string][] }

/** The apps in a cookie, if it is this guest's and has not expired; none otherwise. */
export async function readApps(
  ctx: Context,
  { anonymousId }: Session,
  cookie: string | undefined,
): Promise<KnownApp[]> {
  if (cookie === undefined || cookie.length > MAX_CHARACTERS) return []
  const payload = await decrypt<Payload>(ctx, 'apps', cookie)
  if (payload?.a !== anonymousId || payload.e <= ctx.now()) return []
  return payload.c.map(([client, told, session = anonymousId]) => ({
    client,
    told: told.split(' '),
    session,
  }))
}

/** Whether the app was told before all that it would be told now. */
export function isKnown(ctx: Context, apps: KnownApp[], request: Telling, session: Session): boolean {
  const known = apps.find((app) => app.client === request.client)
  return known !== undefined && wordsTold(ctx, request, session).every((word) => known.told.includes(word))
}

/** The cookie with this app as the last used one, as many of the others as fit, and until when it counts (Unix seconds). */
export async function withApp(
  ctx: Context,
  apps: KnownApp[],
  { session, ...request }: Telling & { session: Session },
): Promise<{ cookie: string; expiresAt: number }> {
  const { anonymousId, endsAt } = session
  const { client } = request
  const told = wordsTold(ctx, request, session)
  const all = [...apps.filter((app) => app.client !== client), { client, told, session: session.id }]
  const entries = all
    .slice(-MAX_KNOWN_APPS)
    .map((app): Payload['c'][number] =>
      app.session === anonymousId
        ? [app.client, app.told.join(' ')]
        : [app.client, app.told.join(' '), app.session],
    )
  const payload = { a: anonymousId, e: endsAt, c: entries }
  while (entries.length > 1 && Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES) entries.shift()
  return { cookie: await encrypt(ctx, 'apps', payload), expiresAt: endsAt }
}
