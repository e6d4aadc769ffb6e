// The way back from a page: to the app that sent the person, if its redirect URI can be trusted, else to the site.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import {
  type AuthorizationRequest,
  deny,
  type Origin,
  readRequest,
  type SealedRequest,
  sealRequest,
  unexpired,
} from '../../core/authorization/authorization.ts'
import { nameOfClient } from '../../core/authorization/told.ts'
import { MAX_PARAM_CHARACTERS } from '../contract/schemas/authorization.ts'
import { pathOf } from '../request/mount.ts'
import { createMemory } from '../request/remember.ts'

/** What a page that shows an error needs to know of the request: where it came from, and which language it asked for. */
type Known = { from?: Origin | SealedRequest | undefined; locales?: string | undefined }

const known = createMemory<IncomingMessage, Known>()

/** Remembers where a request came from, for the page that shows its error. */
export const noteKnown = (req: IncomingMessage, more: Known): void =>
  known.set(req, { ...known.get(req), ...more })

/** The language that the request asked for, beside its headers. A request that was refused may have any text there. */
export function localesOf(req: IncomingMessage): string | undefined {
  const search = (req.url ?? '').split('?')[1]
  const raw = new URLSearchParams(search).get('ui_locales') ?? undefined
  return known.get(req)?.locales ?? (raw && raw.length <= MAX_PARAM_CHARACTERS ? raw : undefined)
}

/** The ways on from a page that shows an error. */
export type Ways = {
  /** The app or the site to go back to, by its name, and its URL. */
  app: string
  back: string
  /** Our first page again, if its request is still good. */
  again?: string
  /** Whether the request was ours, and its time is over. */
  isOver: boolean
}

/** Where people get back to the site. */
export const homeOf = ({ config }: Pick<Context, 'config'>): string =>
  config.pages.home ?? `${config.origins[0]}/`

export function waysFrom(ctx: Context, req: IncomingMessage): Ways {
  const { config } = ctx
  const from = known.get(req)?.from
  if (!from) {
    return { app: config.rpName, back: homeOf(ctx), isOver: false }
  }
  const isOver = 'expiresAt' in from && from.expiresAt <= ctx.now()
  const isOpen = 'expiresAt' in from && !isOver
  return {
    app: nameOf(ctx, from),
    back: deny(ctx, from),
    ...(isOpen && { again: firstPage(ctx, req, from, localesOf(req)) }),
    isOver,
  }
}

/** The path of our first page, for a request that is under way. */
export const firstPage = (
  ctx: Context,
  req: IncomingMessage,
  request: SealedRequest,
  locales: string | undefined,
): string => {
  const query = new URLSearchParams({ resume: sealRequest(ctx, request) })
  if (locales !== undefined) query.set('ui_locales', locales)
  return `${pathOf(ctx.config, req, '/authorize')}?${query}`
}

/**
 * What people know an app by: the site's own has its name, another one that of its options, or the host that it is at, a native
 * one its id.
 */
export const nameOf = (ctx: Context, { client, redirectUri }: Origin): string =>
  client === 'guestkey' ? ctx.config.rpName : (nameOfClient(ctx, client) ?? hostOf({ client, redirectUri }))

/** The host of a redirect URI; of a native app, its id. */
export const hostOf = ({ client, redirectUri }: Pick<Origin, 'client' | 'redirectUri'>): string => {
  const { protocol, host } = new URL(redirectUri)
  return /^https?:$/.test(protocol) ? host : client
}

/** Opens a request that one of our pages carried. Errors: `invalid_request`. */
export function openSealed(
  ctx: Context,
  req: IncomingMessage,
  sealed: string,
  locales?: string | undefined,
): SealedRequest {
  const from = readRequest(ctx, sealed)
  noteKnown(req, { from, locales })
  return unexpired(ctx, from)
}

/**
 * Opens a sealed request for a login ID, and notes it for the page that shows an error. Errors: `invalid_request`, also for a
 * request that asks who is signed in.
 */
export function openRequest(
  ctx: Context,
  req: IncomingMessage,
  sealed: string,
  locales?: string | undefined,
): AuthorizationRequest {
  const request = openSealed(ctx, req, sealed, locales)
  return unexpired(ctx, request.purpose === 'identify' ? undefined : request)
}
