// The route table, and the one function (req, res, next) that serves it in Express 4, Express 5 and node:http.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import type { Presented } from '../core/sessions/sessions.ts'
import { GuestError } from '../errors.ts'
import type { Config } from '../options/options.ts'
import type { Answer, Endpoint } from './contract/endpoint.ts'
import { answerError, logError, toGuestError } from './contract/error-handler.ts'
import { addHeaders, send } from './contract/send.ts'
import { answerPage } from './pages/error-page.ts'
import { readForm, readJson, readQuery, validate } from './request/body.ts'
import { createBrake } from './request/brake.ts'
import { seenName, unsetCookie } from './request/cookies.ts'
import { readCredential, requireOwnToken } from './request/credentials.ts'
import { createRateLimit } from './request/rate-limit.ts'
import { allowOrigin, answerPreflight, clientOrigin, requireSameOrigin } from './request/same-origin.ts'
import { noteUse } from './request/session-cookie.ts'
import { assetRoutes } from './routes/asset-routes.ts'
import { authorizeRoutes } from './routes/authorize-routes.ts'
import { deviceGrantRoutes } from './routes/device-grant-routes.ts'
import { deviceKeyRoutes } from './routes/device-key-routes.ts'
import { deviceLinkRoutes } from './routes/device-link-routes.ts'
import { endSessionRoutes } from './routes/end-session-routes.ts'
import { guestRoutes } from './routes/guest-routes.ts'
import { lifeRoutes } from './routes/life-routes.ts'
import { passkeyRoutes } from './routes/passkey-routes.ts'
import { promotionRoutes } from './routes/promotion-routes.ts'
import { providerRoutes } from './routes/provider-routes.ts'
import { recoveryRoutes } from './routes/recovery-routes.ts'
import { sessionRoutes } from './routes/session-routes.ts'
import { tokenRoutes } from './routes/token-routes.ts'
import { verifyRoutes } from './routes/verify-routes.ts'
import { wellKnownRoutes } from './routes/well-known-routes.ts'

/** A middleware of Express or connect. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** All endpoints, in the order of the OpenAPI document. */
export const endpoints: Endpoint[] = [
  ...guestRoutes,
  ...lifeRoutes,
  ...passkeyRoutes,
  ...deviceKeyRoutes,
  ...recoveryRoutes,
  ...promotionRoutes,
  ...authorizeRoutes,
  ...providerRoutes,
  ...endSessionRoutes,
  ...sessionRoutes,
  ...deviceLinkRoutes,
  ...deviceGrantRoutes,
  ...tokenRoutes,
  ...wellKnownRoutes,
  ...verifyRoutes,
  ...assetRoutes(() => endpoints),
]

type Methods = Partial<Record<string, Endpoint>>

/** The endpoints that a deployment has, by path and method. */
function tableOf(config: Config): Map<string, Methods> {
  const table = new Map<string, Methods>()
  for (const one of endpoints)
    if (one.isEnabled?.(config) !== false) table.set(one.path, { ...table.get(one.path), [one.method]: one })
  return table
}

/**
 * The endpoints at this path by method, and the id in the path, which may be the name of a script. A fixed path wins over
 * one with an id.
 */
function findMethods(
  path: string,
  methodsByPath: Map<string, Methods>,
): { methods: Methods; id: string } | undefined {
  const methods = methodsByPath.get(path)
  if (methods && !path.endsWith(':id')) return { methods, id: '' }
  const slash = path.lastIndexOf('/')
  const id = path.slice(slash + 1)
  const withId = /^[\w-]+(\.js)?$/.test(id) ? methodsByPath.get(`${path.slice(0, slash)}/:id`) : undefined
  return withId && { methods: withId, id }
}

/** Answers the requests below the base path, and gives all others to `outside`. */
export function createRouter(ctx: Context, outside: Middleware): Middleware {
  const base = `${ctx.config.basePath}/`
  const rateLimit = createRateLimit(ctx)
  const brake = createBrake(ctx)
  const table = tableOf(ctx.config)

  return (req, res, next) => {
    const url = req.url ?? '/'
    const wellKnown = ctx.config.wellKnown.atRoot && url.startsWith('/.well-known/')
    if (!wellKnown && !url.startsWith(base)) return outside(req, res, next)
    const start = ctx.config.now()
    const began = ctx.metrics ? performance.now() : 0
    const mark = url.indexOf('?')
    const path = url.slice(wellKnown ? 0 : base.length - 1, mark < 0 ? undefined : mark)
    const search = mark < 0 ? '' : url.slice(mark)
    const found = findMethods(path, table)
    if (wellKnown && !found) return outside(req, res, next)
    const foreign = clientOrigin(req, ctx.config)
    try {
      if (foreign) allowOrigin(res, foreign)
      if (foreign && found && req.method === 'OPTIONS')
        return answerPreflight(req, res, Object.keys(found.methods))
    } catch (error) {
      return next(error)
    }
    const method = req.method === 'HEAD' ? 'GET' : req.method!
    const one = found?.methods[method]
    const name = one ? `${one.method} ${one.path}` : `${method} unknown`

    pass(one, found)
      .then(
        ({ status, body, text, headers = {} }) => {
          addHeaders(res, headers)
          if (text) send(res, status, text.content, text.type, text.headers)
          else send(res, status, body === undefined ? '' : JSON.stringify(body), 'application/json')
          ctx.logger.debug({ endpoint: name, status, ms: ctx.config.now() - start }, 'answered')
          ctx.metrics?.answered(one && name, status, performance.now() - began)
        },
        async (thrown) => {
          // A refusal sets no cookie but to clear one. The next request that succeeds notes the use.
          if (!res.headersSent) unsetCookie(res, seenName(ctx.config))
          const error = one?.page
            ? await answerPage(ctx, req, res, thrown)
            : answerError(res, thrown, { oauth: one?.oauth ?? false })
          logError(ctx, error, name)
          ctx.metrics?.answered(one && name, error.status, performance.now() - began, error.code)
        },
      )
      .catch((error: unknown) => {
        const failure = toGuestError(error)
        logError(ctx, failure, name)
        next(failure)
      })

    async function pass(
      endpoint: Endpoint | undefined,
      found: { methods: Methods; id: string } | undefined,
    ): Promise<Answer> {
      if (!found)
        throw new GuestError('not_found', {
          detail: 'There is no endpoint at this path. See openapi.json for those that exist.',
        })
      if (!endpoint) {
        const allowed = Object.keys(found.methods).flatMap((method) =>
          method === 'GET' ? ['GET', 'HEAD'] : method,
        )
        throw new GuestError('method_not_allowed', { headers: { Allow: allowed.join(', ') } })
      }
      if (endpoint.method !== 'GET' && !foreign && !endpoint.fromAnySite)
        requireSameOrigin(req, ctx.config.origins)
      if (endpoint.method !== 'GET' || endpoint.limited) await rateLimit(req)
      const query = endpoint.query ? validate(endpoint.query, readQuery(search)) : undefined
      const read = endpoint.oauth || endpoint.page ? readForm : readJson
      const body = endpoint.body ? validate(endpoint.body, await read(req, ctx.config)) : undefined
      const presented: Presented =
        endpoint.session === 'none'
          ? { status: 'absent' }
          : noteUse(
              ctx,
              req,
              res,
              await readCredential(ctx, req, {
                cookies: !foreign,
                signsIn: endpoint.session === 'presented',
              }),
            )
      const by = presented.status === 'absent' ? undefined : presented.by
      if (presented.status === 'valid' && by && !endpoint.anyToken) requireOwnToken(by)
      const session = sessionFor(endpoint, presented) as never
      return endpoint.run({
        ctx,
        req,
        res,
        session,
        by,
        body,
        query,
        id: found.id,
        brake: (purpose) => brake(req, purpose, endpoint),
      })
    }

    function sessionFor(endpoint: Endpoint, presented: Presented) {
      if (endpoint.session === 'none') return undefined
      if (endpoint.session === 'presented') return presented
      if (presented.status === 'invalid') throw presented.error
      if (presented.status === 'valid') return presented.session
      if (endpoint.session === 'required') throw new GuestError('not_signed_in')
      return undefined
    }
  }
}
