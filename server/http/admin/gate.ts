// The two gates of the operators' API. The first is about where a request comes from and how often, the second about who
// asks and whether that one may. The body is read between them: it can take seconds, and a session can end meanwhile.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import {
  type OperatorSession,
  readOperatorSession,
  requireRecentProof,
} from '../../core/operators/sessions.ts'
import { operatorConfig } from '../../core/operators/set-up.ts'
import { type Machine, readMachineToken } from '../../core/tokens/machine-tokens.ts'
import { GuestError } from '../../errors.ts'
import { createLimit } from '../../limits.ts'
import type { OperatorRole } from '../../types.ts'
import { countHeaders, provenKey } from '../request/proven-key.ts'
import { createRateLimit, networkOf, networkOfRequest } from '../request/rate-limit.ts'
import { requireSameOrigin } from '../request/same-origin.ts'
import { readOperatorCookie } from './cookie.ts'
import type { AdminEndpoint } from './endpoint.ts'

/** How many sign-ins and invitations one network may try in a minute, on each node. */
const OPEN_PER_MINUTE = 30

const ranks: Record<OperatorRole, number> = { viewer: 1, support: 2, owner: 3 }

/** Who was let in: an operator, a machine, or (at an endpoint for anybody) neither. */
export type LetIn = { session?: OperatorSession; machine?: Machine }

/**
 * Makes the first gate, which knows the headers alone.
 * Errors: `cross_site_request`; `too_many_requests`.
 */
export function createFirstGate(ctx: Context) {
  const rateLimit = createRateLimit(ctx)
  const open = createLimit({
    most: OPEN_PER_MINUTE,
    seconds: 60,
    now: ctx.config.now,
    code: 'too_many_requests',
  })

  const warnOfProxy = createProxyWarning(ctx)

  return async ({ method, may }: AdminEndpoint, req: IncomingMessage): Promise<void> => {
    if (method === 'GET') return
    requireSameOrigin(req, operatorConfig(ctx).origins)
    await rateLimit(req)
    if (may !== 'anybody' || ctx.config.rateLimit === false) return
    warnOfProxy(req)
    await open.count(networkOfRequest(req, ctx.config))
  }
}

/** Says once that a proxy hides who asks. Anybody can send the header, so nothing else follows from it. */
function createProxyWarning({ config, logger }: Context) {
  let isSaid = false
  return (req: IncomingMessage): void => {
    if (isSaid || req.headers['x-forwarded-for'] === undefined) return
    if (networkOfRequest(req, config) !== networkOf(req.socket.remoteAddress ?? '')) return
    isSaid = true
    logger.warn(
      {},
      'a request of operators has X-Forwarded-For, and no proxy is trusted: if there is one, all that it passes on counts as one network, and anybody can use up the sign-ins of all operators. Set trustProxy, or the trust proxy of the Express app',
    )
  }
}

/**
 * The second gate: who asks, and whether that one may. Nothing is waited for between it and the endpoint.
 * Errors: `not_signed_in`, `session_invalid`, `credentials_ambiguous`, `invalid_dpop_proof`; `not_permitted` for another
 * role, or for a machine where no machine may; `insufficient_scope`; `insufficient_user_authentication`.
 */
export async function letIn(ctx: Context, endpoint: AdminEndpoint, req: IncomingMessage): Promise<LetIn> {
  if (endpoint.may === 'anybody') return {}
  const { session, machine } = await whoAsks(ctx, req)
  if (machine) {
    requireScope(endpoint, machine)
    return { machine }
  }
  if (ranks[session!.operator.role] < ranks[endpoint.may]) throw new GuestError('not_permitted')
  if (endpoint.needs) requireRecentProof(ctx, session!)
  return { session: session! }
}

/** Errors: `not_signed_in`, `session_invalid`, `credentials_ambiguous`, `invalid_dpop_proof`. */
async function whoAsks(ctx: Context, req: IncomingMessage): Promise<LetIn> {
  const cookie = readOperatorCookie(ctx, req)
  const { authorization } = req.headers
  if (authorization === undefined) {
    if (cookie === undefined) throw new GuestError('not_signed_in')
    return { session: await readOperatorSession(ctx, cookie) }
  }
  // A page may have the cookie, and a program the header. Something with both is neither.
  if (cookie !== undefined || countHeaders(req, 'authorization') > 1)
    throw new GuestError('credentials_ambiguous')
  const [, scheme, token] = /^(bearer|dpop) +(\S+)$/i.exec(authorization) ?? []
  if (scheme === undefined || token === undefined) throw new GuestError('not_signed_in')
  const jkt = scheme.toLowerCase() === 'dpop' ? await provenKey(ctx, req, token) : null
  return { machine: await readMachineToken(ctx, token, jkt) }
}

/** Errors: `not_permitted` if no machine may; `insufficient_scope` (RFC 6750, 3.1). */
function requireScope({ scope }: AdminEndpoint, { scopes }: Machine): void {
  if (scope === null)
    throw new GuestError('not_permitted', { detail: 'No machine may do this, whatever its scopes are.' })
  if (!scopes.includes(scope))
    throw new GuestError('insufficient_scope', {
      detail: `This needs the scope ${scope}.`,
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    })
}
