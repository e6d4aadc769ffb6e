// The table of the operators' API, and the function (req, res, next) that serves it. No endpoint here is in the table of
// guests' endpoints, and no session of a guest means anything here. How to add an endpoint: a row in a file of routes, with
// who may (`may`, `scope`), what it `needs`, and the audit line that `act` goes into.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { actingIn } from '../../core/operators/sessions.ts'
import { GuestError } from '../../errors.ts'
import type { OperatorAct } from '../../types.ts'
import type { Answer } from '../contract/endpoint.ts'
import { answerError, logError } from '../contract/error-handler.ts'
import { addHeaders, send } from '../contract/send.ts'
import { readJson, readQuery, validate } from '../request/body.ts'
import { mountOf } from '../request/mount.ts'
import type { Middleware } from '../router.ts'
import { createConsole } from './console.ts'
import { type AdminEndpoint, adminEndpoint } from './endpoint.ts'
import { createFirstGate, type LetIn, letIn } from './gate.ts'
import { guestRoutes } from './guest-routes.ts'
import { meRoutes } from './me-routes.ts'
import { adminOpenApi } from './openapi.ts'
import { operatorRoutes } from './operator-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { statisticsRoutes } from './statistics-routes.ts'
import { upkeepRoutes } from './upkeep-routes.ts'

/** All endpoints, in the order of the OpenAPI document. */
export const adminEndpoints: AdminEndpoint[] = [
  ...signInRoutes,
  ...meRoutes,
  ...guestRoutes,
  ...operatorRoutes,
  ...upkeepRoutes,
  ...statisticsRoutes,
  adminEndpoint({
    method: 'GET',
    path: '/openapi.json',
    summary: 'Get this document',
    may: 'anybody',
    scope: null,
    answers: { 200: 'application/json' },
    run: ({ ctx, req }) => ({ status: 200, body: adminOpenApi(ctx.config, adminEndpoints, mountOf(req)) }),
  }),
]

type Methods = Partial<Record<string, AdminEndpoint>>
type Found = { methods: Methods; id: string; item: string }

/** A part of a path that `:id` or `:item` stands for, such as a long credential id. Dots alone lead to another path. */
const PARAM = /^(?!\.+$)[\w.~-]{1,1400}$/

const rows = Map.groupBy(adminEndpoints, ({ path }) => path)
const table = [...rows].map(([path, endpoints]) => ({
  segments: path.split('/'),
  methods: Object.fromEntries(endpoints.map((one) => [one.method, one])) as Methods,
}))

/** The endpoints at this path by method, and the ids in it. A fixed segment wins over an id. */
function findMethods(path: string): Found | undefined {
  const given = path.split('/')
  const fits = table.filter(
    ({ segments }) =>
      segments.length === given.length &&
      segments.every((one, i) => one === given[i] || (one.startsWith(':') && PARAM.test(given[i]!))),
  )
  const ids = ({ segments }: (typeof table)[number]) => segments.filter((one) => one.startsWith(':')).length
  const [found] = fits.toSorted((a, b) => ids(a) - ids(b))
  const param = (name: string) => given[found?.segments.indexOf(name) ?? -1] ?? ''
  return found && { methods: found.methods, id: param(':id'), item: param(':item') }
}

/** Answers the requests below `/admin` of the base path, and gives all others to `next`. */
export function createAdminRouter(ctx: Context): Middleware {
  const base = `${ctx.config.basePath}/admin`
  const firstGate = createFirstGate(ctx)
  const console = createConsole(ctx)

  return (req, res, next) => {
    const [path, search] = splitUrl(req.url ?? '/')
    if (ctx.config.operators === false || !(path === base || path.startsWith(`${base}/`))) return next()
    const start = ctx.config.now()
    const began = ctx.metrics ? performance.now() : 0
    const below = path.slice(base.length)
    const found = findMethods(below)
    const method = req.method === 'HEAD' ? 'GET' : req.method!
    const one = found?.methods[method]
    const name = one ? `${one.method} /admin${one.path}` : `${method} unknown`
    console(below, req, res)
      .then((isAnswered) => (isAnswered ? undefined : pass(one, found, req, res, search)))
      .then(
        (answer) => {
          if (!answer) return
          const { status, body, text, headers = {} } = answer
          addHeaders(res, headers)
          if (text) send(res, status, text.content, text.type, text.headers)
          else send(res, status, body === undefined ? '' : JSON.stringify(body), 'application/json')
          ctx.logger.debug({ endpoint: name, status, ms: ctx.config.now() - start }, 'answered')
          ctx.metrics?.answered(one && name, status, performance.now() - began)
        },
        (thrown: unknown) => {
          const error = answerError(res, thrown)
          logError(ctx, error, name, { counted: false })
          ctx.metrics?.answered(one && name, error.status, performance.now() - began, error.code)
        },
      )
      .catch(next)
  }

  async function pass(
    endpoint: AdminEndpoint | undefined,
    found: Found | undefined,
    req: IncomingMessage,
    res: ServerResponse,
    search: string,
  ): Promise<Answer> {
    if (!found)
      throw new GuestError('not_found', {
        detail: 'There is no endpoint at this path. See openapi.json for those that exist.',
      })
    if (!endpoint) {
      const allowed = Object.keys(found.methods).flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : one))
      throw new GuestError('method_not_allowed', { headers: { Allow: allowed.join(', ') } })
    }
    await firstGate(endpoint, req)
    const sent = endpoint.body ? await readJson(req, ctx.config) : undefined
    const who = await letIn(ctx, endpoint, req)
    const query = endpoint.query ? validate(endpoint.query, readQuery(search)) : undefined
    const body = endpoint.body ? validate(endpoint.body, sent) : undefined
    const { id, item } = found
    const act = actOf(who, endpoint, body)
    const own = who.session ? actingIn(ctx, who.session) : ctx
    return endpoint.run({ ctx: own, req, res, session: who.session as never, act, body, query, id, item })
  }
}

function actOf({ session, machine }: LetIn, { needs }: AdminEndpoint, body: unknown): OperatorAct {
  const why = needs === 'reason' ? (body as Pick<OperatorAct, 'reason' | 'case'>) : undefined
  return {
    by: session?.operatorId ?? machine?.client.id ?? null,
    role: session?.operator.role ?? 'machine',
    reason: why?.reason ?? null,
    case: why?.case ?? null,
  }
}

function splitUrl(url: string): [path: string, search: string] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark)]
}

/** The router of guests with the operators' API in front, unless that has an app or a port of its own. */
export function withAdmin(ctx: Context, admin: Middleware, guests: Middleware): Middleware {
  const { operators } = ctx.config
  if (operators === false || operators.separate) return guests
  return (req, res, next) => admin(req, res, (error) => (error ? next(error) : guests(req, res, next)))
}
