// The cookie with the apps that know who is signed in in this browser (core/authorization/known-apps.ts).

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { type KnownApp, readApps, withApp } from '../../core/authorization/known-apps.ts'
import type { Telling } from '../../core/authorization/told.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { appsName, readCookies, setCookie } from './cookies.ts'

/** The apps that know this guest. Of several cookies none counts, because another host may have set them. */
export async function appsOf(ctx: Context, req: IncomingMessage, session: Session): Promise<KnownApp[]> {
  const [value, ...more] = readCookies(req, appsName(ctx.config))
  return more.length > 0 ? [] : readApps(ctx, session, value)
}

/** Remembers in the browser that this app knows the guest. */
export async function rememberApp(
  ctx: Context,
  res: ServerResponse,
  told: Telling & { session: Session },
): Promise<void> {
  const apps = await appsOf(ctx, res.req, told.session)
  const { cookie, expiresAt } = await withApp(ctx, apps, told)
  setCookie(res, appsName(ctx.config), cookie, expiresAt - ctx.now())
}
