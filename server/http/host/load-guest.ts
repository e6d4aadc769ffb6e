// The middleware that sets req.guest for the routes of the host.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { isSessionOver } from '../../errors.ts'
import { logError, toGuestError } from '../contract/error-handler.ts'
import { isHandshake } from '../request/same-origin.ts'
import type { Middleware } from '../router.ts'
import { goOn, orThrow } from './middleware.ts'
import { askAgain } from './redirects.ts'
import { type HostRequests, isForeign, isNobodysIfDead } from './requests.ts'

/** Sets `req.guest` for all routes after it. A request without a credential costs nothing. */
export function createLoadGuest(ctx: Context, requests: HostRequests): Middleware {
  return (req, res, next) => {
    if (req.headers.cookie !== undefined || req.headers.authorization !== undefined)
      return goOn(load(req, res), next)
    try {
      requests.show(req, null)
    } catch (error) {
      return next(error) // the host may have defined a property of this name that cannot be set
    }
    next()
  }

  /** True if the request goes on to the next handler; false if it was answered here. */
  async function load(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    requests.willAnswer(req, res)
    const presented = await requests.presentedBy(req).catch((thrown: unknown) => {
      const error = toGuestError(thrown)
      logError(ctx, error, 'host')
      if (error.code !== 'unavailable') throw error
      // Routes that do not read req.guest still work. Those that read it must not take a guest for nobody.
      requests.refuseReading(req, error)
    })
    if (presented?.status !== 'invalid') {
      if (presented) requests.use(req, presented)
      return true
    }
    const { error } = presented
    logError(ctx, error, 'host')
    if (isForeign(presented) && !isHandshake(req)) {
      requests.refuseReading(req, error) // a form of another page may be for a route that asks for no guest
      return true
    }
    if ('Set-Cookie' in error.headers) {
      orThrow(error, () => askAgain(req, res, error))
      return false
    }
    if (!isSessionOver(error) || !isNobodysIfDead(ctx, req)) throw error
    requests.show(req, null) // a guard still finds the error
    return true
  }
}
