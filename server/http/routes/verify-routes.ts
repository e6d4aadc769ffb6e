// GET /verify (forward-auth): the identity of a request as headers, for a proxy that asks before it passes the request on.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import type { Presented, Session } from '../../core/sessions/sessions.ts'
import { acrOf } from '../../core/sessions/step-up.ts'
import { GuestError } from '../../errors.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { readCredential, requireOwnToken } from '../request/credentials.ts'
import { clientOrigin, isForeignChange } from '../request/same-origin.ts'
import { renewOnNavigation } from '../request/session-cookie.ts'

/** Every header is always present, even if empty: a proxy that copies them all then replaces those of the request. */
const identityHeaders = (session: Session | undefined): Record<string, string> => ({
  'X-Guest-Id': session ? inHeader(session.anonymousId) : '',
  'X-Guest-Is-Anonymous': session ? String(session.promotedAt === null) : '',
  'X-Guest-Is-Verified': session ? String(session.promotedAt !== null) : '',
  'X-Guest-Recoverability': session?.recoverability ?? '',
  'X-Guest-Label': session ? inHeader(session.label) : '',
  'X-Guest-Collection': session?.collection ?? '',
  'X-Guest-Session-Id': session?.id ?? '',
  'X-Guest-Auth-Time': session?.authTime ? String(session.authTime) : '',
  'X-Guest-Acr': (session && acrOf(session)) ?? '',
})

/**
 * The text as a header value. It is percent-encoded if it has a %, a character that is not printable ASCII, or a space
 * that is not between two other characters, because HTTP would drop or change these.
 */
const inHeader = (text: string): string =>
  /^[\x21-\x24\x26-\x7e]+( [\x21-\x24\x26-\x7e]+)*$/.test(text) ? text : encodeURIComponent(text)

export const verifyRoutes: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/verify',
    summary:
      'Get the guest as headers, for nginx, Caddy and Traefik; with `optional`, 200 even if nobody is signed in',
    session: 'none',
    query: schemas.verify,
    answers: { 200: null },
    errors: ['not_signed_in', 'session_invalid', 'guest_merged', 'insufficient_scope', 'unavailable'],
    async run({ ctx, req, res, query }) {
      const presented = await presentedBy(ctx, req)
      const session = identifiedSession(presented, query.audience)
      if (!session && query.optional !== 'true') throw new GuestError('not_signed_in')
      renewOnNavigation(ctx, req, res, presented)
      for (const [name, value] of Object.entries(identityHeaders(session))) res.setHeader(name, value)
      return { status: 200 }
    },
  }),
]

/** Reads the credential. Every refusal becomes a 401, because proxies turn other statuses, such as 400, into a 500. */
async function presentedBy(ctx: Context, req: IncomingMessage): Promise<Presented> {
  // The proxy asks by GET, whatever the browser sent. Caddy and Traefik say by which method that was.
  const method = req.headers['x-forwarded-method'] ?? 'GET'
  const isForeign =
    clientOrigin(req, ctx.config) !== undefined || isForeignChange(req, ctx.config, String(method))
  try {
    return await readCredential(ctx, req, { cookies: !isForeign })
  } catch (error) {
    if (error instanceof GuestError && error.status < 500) {
      throw new GuestError('session_invalid', { reason: error.code })
    }
    throw error
  }
}

function identifiedSession(presented: Presented, audience: string | undefined): Session | undefined {
  if (presented.status === 'absent') return undefined
  if (presented.status === 'invalid') {
    const { code, headers } = presented.error
    throw new GuestError(code === 'guest_merged' ? code : 'session_invalid', { reason: code, headers })
  }
  const { by, session } = presented
  const isMeant = audience !== undefined && by?.audiences.includes(audience) && !by.client.pairwise
  if (by && !isMeant) requireOwnToken(by)
  return session
}
