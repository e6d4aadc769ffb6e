// The endpoints for devices without a browser (RFC 8628): where a device gets its codes, and the pages on which a person lets
// it in. They exist if a client is registered for that.

import type { Context } from '../../context.ts'
import {
  decideDeviceGrant,
  findWaitingDevice,
  startDeviceGrant,
  type WaitingDevice,
} from '../../core/authorization/device-grant.ts'
import { isWhom } from '../../core/authorization/whom.ts'
import { signInAnonymously } from '../../core/sign-in/anonymous.ts'
import { findClient } from '../../core/tokens/clients.ts'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import { type Answer, brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import {
  codeOfDevicePage,
  decidedPage,
  devicePath,
  letInPage,
  signInForDevicePage,
} from '../pages/device-page.ts'
import { redirect } from '../pages/page.ts'
import { clientOf } from '../request/client.ts'
import { sessionOrClearCookie } from '../request/credentials.ts'
import { pathOf } from '../request/mount.ts'
import { networkOfRequest } from '../request/rate-limit.ts'
import { requireOwnPage } from '../request/same-origin.ts'
import { setSession } from '../request/session-cookie.ts'
import { sessionOfPage } from '../request/session-of-page.ts'

const isEnabled = ({ clients }: Config) => clients.some(({ deviceGrant }) => deviceGrant)

/** As a device shows it. */
const shown = (typed: string) =>
  typed
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
    .replace(/^(.{4})/, '$1-')

const nameOf = (ctx: Context, { client }: WaitingDevice) => findClient(ctx, client)!.name ?? client

/** Asks for the code again if it is wrong. */
async function orAsk(
  show: Parameters<typeof codeOfDevicePage>[0],
  typed: string,
  work: () => Promise<Answer>,
) {
  try {
    return await work()
  } catch (error) {
    const isWrong =
      error instanceof GuestError && (error.code === 'link_invalid' || error.code === 'too_many_guesses')
    if (isWrong) return codeOfDevicePage(show, error, typed)
    throw error
  }
}

export const deviceGrantRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/device_authorization',
    summary: 'Get the codes for a device without a browser, which a person then lets in (RFC 8628)',
    session: 'none',
    isEnabled,
    oauth: true,
    body: schemas.deviceAuthorization,
    answers: { 200: schemas.startedDevice },
    errors: ['invalid_client', 'unauthorized_client', 'invalid_scope', 'unavailable', ...brakeErrors],
    async run({ ctx, req, body, brake }) {
      const client = await clientOf(ctx, req, body)
      if (client.kind === 'public') await brake('link')
      const network = networkOfRequest(req, ctx.config)
      const started = await startDeviceGrant(ctx, client, body.scope, network)
      const uri = ctx.config.tokens.issuer + pathOf(ctx.config, req, '/device')
      const complete = `${uri}?${new URLSearchParams({ user_code: started.user_code })}`
      return {
        status: 200,
        body: { ...started, verification_uri: uri, verification_uri_complete: complete },
      }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/device',
    summary: 'Show the page on which a person lets a device in, by the code that it shows (RFC 8628, 3.3)',
    session: 'none',
    isEnabled,
    limited: true,
    page: true,
    query: schemas.devicePage,
    answers: { 200: 'text/html' },
    async run({ ctx, req, res, query: { user_code: typed, ui_locales: locales } }) {
      const show = { ctx, req, locales }
      // Another site's page, link or image asks for no code: it would spend the guesses of this network.
      const isForeign = /^(cross|same)-site$/.test(String(req.headers['sec-fetch-site']))
      if (typed === undefined || isForeign) return codeOfDevicePage(show, undefined, typed)
      return orAsk(show, typed, async () => {
        const device = await findWaitingDevice(ctx, typed, networkOfRequest(req, ctx.config))
        const session = await sessionOfPage(ctx, req, res)
        return letInPage(show, { code: shown(typed), told: { ...device, app: nameOf(ctx, device) } }, session)
      })
    },
  }),
  endpoint({
    method: 'GET',
    path: '/device/sign-in',
    summary: 'Show all ways to come back, for a person who lets a device in',
    session: 'none',
    isEnabled,
    page: true,
    query: schemas.devicePage,
    answers: { 200: 'text/html' },
    run: ({ ctx, req, query: { user_code: typed = '', ui_locales: locales } }) =>
      signInForDevicePage({ ctx, req, locales }, shown(typed)),
  }),
  endpoint({
    method: 'POST',
    path: '/device',
    summary: 'Let a device in as whoever is signed in, or as a new guest if nobody is; or refuse it',
    session: 'presented',
    isEnabled,
    page: true,
    body: schemas.deviceDecision,
    answers: { 200: 'text/html', 303: null },
    errors: ['session_invalid', 'guest_merged', 'guest_sign_in_off', 'bot_check_failed'],
    async run({ ctx, req, res, session: presented, body, brake }) {
      requireOwnPage(req, ctx.config)
      const { user_code: typed, whom, decision, ui_locales: locales } = body
      const show = { ctx, req, locales }
      return orAsk(show, typed, async () => {
        const device = await findWaitingDevice(ctx, typed, networkOfRequest(req, ctx.config))
        const session = sessionOrClearCookie(ctx, req, presented)
        // Another guest, or none, than the one whom the page showed: show the page again.
        if (session ? whom === undefined || !isWhom(ctx, session, whom) : whom !== undefined)
          return redirect(devicePath(show, shown(typed)))
        if (decision === 'refuse') {
          await decideDeviceGrant(ctx, device, undefined)
          return decidedPage(show, false)
        }
        if (!session) await brake('guest')
        const { session: signedIn, issued } = await signInAnonymously(ctx, session)
        if (issued) setSession(ctx, res, issued)
        await decideDeviceGrant(ctx, device, signedIn)
        return decidedPage(show, true)
      })
    },
  }),
]
