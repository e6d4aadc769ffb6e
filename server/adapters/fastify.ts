// For Fastify: its plugin answers the endpoints and sets `request.guest`, and hooks guard routes. `import … from
// 'guestkey/fastify'`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GuestError } from '../errors.ts'
import type { GuestKey } from '../host-api.ts'
import type { RequireGuestOptions, RequirePasskeyOptions } from '../http/host-options.ts'
import type { Middleware } from '../http/router.ts'
import type { GuestInSession } from '../types.ts'

// biome-ignore lint/suspicious/noTsIgnore: the package need not be installed
// @ts-ignore: without Fastify there is nothing to add to
declare module 'fastify' {
  interface FastifyRequest {
    /** The guest of the request; null if nobody is signed in. Reading it throws as `req.guest` of Express does. */
    readonly guest: GuestInSession | null
  }
}

/** What guestkey needs of a request of Fastify. */
export type FastifyRequestLike = { raw: IncomingMessage; ip: string }
/** What guestkey needs of a reply of Fastify. */
export type FastifyReplyLike = {
  raw: ServerResponse
  header: (name: 'set-cookie', value: string[]) => unknown
}
/** A hook for `onRequest` or `preHandler`. */
export type FastifyHook = (
  request: FastifyRequestLike,
  reply: FastifyReplyLike,
  done: (error?: Error) => void,
) => void
/** What guestkey needs of an instance of Fastify. */
export type FastifyLike = {
  addHook: (...args: never[]) => unknown
  decorateRequest: (...args: never[]) => unknown
}
/** A plugin for `app.register()`. */
export type FastifyPlugin = (app: FastifyLike, options: unknown, done: () => void) => void

export type FastifyGuests = {
  /**
   * Answers the endpoints, and sets `request.guest` for all other paths, in the whole app. Register it before plugins and
   * routes. The client's address is `request.ip`, which follows the option `trustProxy` of Fastify.
   */
  plugin: FastifyPlugin
  /** Lets guests through, as the guard of this name in Express. */
  requireGuest: (options?: RequireGuestOptions) => FastifyHook
  /** Lets guests through who have proven a passkey lately, as the guard of this name in Express. */
  requirePasskey: (options: RequirePasskeyOptions) => FastifyHook
}

/** A plugin and hooks of Fastify for these guests. */
export function fastifyGuests(
  guests: Pick<GuestKey, 'router' | 'requireGuest' | 'requirePasskey'>,
): FastifyGuests {
  const plugin: FastifyPlugin = (app, _options, done) => {
    const { addHook, decorateRequest } = app as unknown as {
      addHook: (this: FastifyLike, name: string, hook: unknown) => void
      decorateRequest: (this: FastifyLike, name: string, property: unknown) => void
    }
    decorateRequest.call(app, 'guest', {
      getter(this: FastifyRequestLike) {
        return (this.raw as { guest?: GuestInSession | null }).guest ?? null
      },
    })
    addHook.call(app, 'onRequest', hookOf(guests.router))
    addHook.call(app, 'onSend', withCookies)
    done()
  }
  return {
    plugin: Object.assign(plugin, outsideToo),
    requireGuest: (options) => hookOf(guests.requireGuest(options) as Middleware),
    requirePasskey: (options) => hookOf(guests.requirePasskey(options) as Middleware),
  }
}

/** By these, Fastify uses the plugin for the whole app, and knows its name. */
const outsideToo = {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'guestkey',
}

/** The hook of a middleware. If that answers, the request goes no further. */
const hookOf =
  (middleware: Middleware): FastifyHook =>
  (request, reply, done) => {
    if (!('ip' in request.raw)) Object.assign(request.raw, { ip: request.ip })
    middleware(request.raw, reply.raw, (error) => {
      const { headers = {} } = (error ?? {}) as Partial<GuestError>
      for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value)
      done(error as Error | undefined)
    })
  }

/** Fastify's own cookies would replace those that are set on Node's response. */
function withCookies(
  _request: unknown,
  reply: FastifyReplyLike,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  const ours = reply.raw.getHeader('set-cookie')
  reply.raw.removeHeader('set-cookie')
  if (ours !== undefined) reply.header('set-cookie', [ours].flat().map(String))
  done(null, payload)
}
