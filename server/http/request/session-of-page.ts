// Who is signed in in the browser that opens one of our pages.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { readCredential, requireOwnToken, sessionOrNone } from './credentials.ts'
import { clientOrigin } from './same-origin.ts'
import { renewOnNavigation } from './session-cookie.ts'

/** The session of the browser that opens a page. Errors: `credentials_ambiguous`, `insufficient_scope`. */
export async function sessionOfPage(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Session | undefined> {
  const asking = await readCredential(ctx, req, { cookies: !clientOrigin(req, ctx.config) })
  const presented = renewOnNavigation(ctx, req, res, asking)
  if (presented.status === 'valid' && presented.by) requireOwnToken(presented.by)
  return sessionOrNone(presented)
}
