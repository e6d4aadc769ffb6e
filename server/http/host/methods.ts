// What a host calls with a request: who it is from, signing in and out, promotion, tokens and moments.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { duePrompts } from '../../core/life/prompts.ts'
import { promoteByHost, promoteKeptGuest } from '../../core/login-ids/promotion.ts'
import type { Issued, Presented, Session } from '../../core/sessions/sessions.ts'
import { signOut } from '../../core/sessions/sign-out.ts'
import { signInAnonymously } from '../../core/sign-in/anonymous.ts'
import { signInByHost } from '../../core/sign-in/by-host.ts'
import { findClient } from '../../core/tokens/clients.ts'
import { grantBySession, requireKey } from '../../core/tokens/grants.ts'
import { GuestError, isSessionOver } from '../../errors.ts'
import type { GuestKey, SignIn } from '../../host-api.ts'
import { refuseUnknown } from '../../names/unknown.ts'
import { withOldNames } from '../../old-names.ts'
import type { GuestInSession } from '../../types.ts'
import { appsOf } from '../request/apps-cookie.ts'
import { presentsOurToken, readToken, requireClientsSession, sessionOrNone } from '../request/credentials.ts'
import { clientOrigin, foreignPage, isForeignChange } from '../request/same-origin.ts'
import { clearingCookie, clearSession, setSession } from '../request/session-cookie.ts'
import { cookiesOf, isFetch, nodeRequestOf, pairOf } from './fetch.ts'
import { returnTo } from './redirects.ts'
import { guestIn, type HostRequests, isNobodysIfDead } from './requests.ts'
import { keepFromCaches } from './shared-caches.ts'

type HostMethods = Pick<
  GuestKey,
  'accessToken' | 'guestOf' | 'moment' | 'promote' | 'returnTo' | 'signInAnonymously' | 'signInAs' | 'signOut'
>

export function createHostMethods(ctx: Context, requests: HostRequests): HostMethods {
  /** The session of a browser, or of a client that presents a session token. Errors: `not_signed_in`, for access tokens too. */
  async function ownSession(req: IncomingMessage) {
    const presented = await requests.presentedBy(req)
    if (presented.status === 'invalid') throw presented.error
    if (presented.status === 'absent' || presented.by) throw new GuestError('not_signed_in')
    return presented.session
  }

  /** Sets the cookie in a response of the host, which becomes private by it. */
  function give(res: ServerResponse, issued: Issued): void {
    setSession(ctx, res, issued)
    keepFromCaches(ctx, res, { must: true })
  }

  async function continueAsGuest(
    req: IncomingMessage,
    res: ServerResponse,
    options: { collection?: string | undefined } = {},
  ) {
    refuseUnknown('signInAnonymously', options, ['collection'])
    const presented = await requests.presentedBy(req)
    if (presented.status === 'invalid') throw clearingCookie(ctx, req, presented.error)
    const current = presented.status === 'valid' ? presented : undefined
    if (!current) requireOwnSender(req)
    const { session, issued } = await signInAnonymously(ctx, current?.session, options.collection)
    if (issued) {
      give(res, issued)
      requests.decide(req, { status: 'valid', ...issued })
    }
    return signInOf(issued?.token ?? current!.token, session)
  }

  /**
   * Refuses a change that a page of another site makes the browser send. It comes without our cookie (SameSite=Lax), and
   * a new one would replace that. A client's page gets no cookie.
   */
  function requireOwnSender(req: IncomingMessage): void {
    if (isForeignChange(req, ctx.config) && !clientOrigin(req, ctx.config)) throw foreignPage(ctx.config)
  }

  async function signInAs(req: IncomingMessage, res: ServerResponse, sub: string) {
    const presented = await requests.presentedBy(req, { signsIn: true })
    // The session of an access token belongs to a client and not to this browser, so it does not end.
    const isClients = presented.status === 'valid' && presented.by !== undefined
    const current = isClients ? undefined : sessionOrNone(presented)
    const { issued, ...left } = await signInByHost(ctx, current, sub)
    give(res, issued)
    requests.decide(req, { status: 'valid', ...issued })
    return Object.assign(signInOf(issued.token, issued.session), left)
  }

  async function signOutHere(
    req: IncomingMessage,
    res: ServerResponse,
    options: { everywhere?: boolean | undefined; force?: boolean | undefined } = {},
  ): Promise<void> {
    refuseUnknown('signOut', options, ['everywhere', 'force'])
    const { everywhere, force } = options
    // Whatever the method: a link on another site would end the session too, or lose a guest for good.
    if (isForeignChange(req, ctx.config, 'POST') && !presentsOurToken(ctx, req)) throw foreignPage(ctx.config)
    const presented = await requests.presentedBy(req)
    if (presented.status === 'invalid' && (everywhere || !isSessionOver(presented.error)))
      throw clearingCookie(ctx, req, presented.error)
    const by = presented.status === 'absent' ? undefined : presented.by
    if (presented.status === 'valid') {
      if (by) requireClientsSession(presented.session)
      const apps = await appsOf(ctx, req, presented.session)
      await signOut(ctx, presented.session, { everywhere, force, apps })
    }
    if (!by) {
      clearSession(ctx, res)
      keepFromCaches(ctx, res, { must: true })
    }
    requests.decide(req, { status: 'absent' })
  }

  return {
    signInAnonymously: forBoth(continueAsGuest),
    signInAs: forBoth(signInAs),
    signOut: forBoth(signOutHere),
    async guestOf(source) {
      if (typeof source === 'string')
        return guestOrNone(await readToken(ctx, source), ctx.config.deadCredentials === 'ignore')
      const req = nodeRequestOf(source)
      return guestOrNone(requests.use(req, await requests.presentedBy(req)), isNobodysIfDead(ctx, req))
    },
    async accessToken(source, options = {}) {
      refuseUnknown('accessToken', options, ['clientId', 'resource', 'scope'])
      const { clientId = 'guestkey', resource, scope } = options
      const session = await ownSession(nodeRequestOf(source))
      const client = findClient(ctx, clientId)
      if (!client) throw new GuestError('invalid_client')
      requireKey(client, null)
      return grantBySession(ctx, client, session, { resource, scope, jkt: null })
    },
    async promote(who, how) {
      refuseUnknown('promote', how, ['loginId', 'verified'])
      refuseUnknown('promote', how.loginId, ['type', 'value'])
      const { loginId, verified } = how
      if (verified !== true)
        throw new TypeError(
          'promote: verified must be true: guestkey does not verify the login ID, the host does',
        )
      if (typeof who === 'string') return promoteKeptGuest(ctx, who, loginId)
      const current = await ownSession(who)
      const res = requests.responseOf(who)
      if (!res) throw new TypeError('promote: mount guests.router or guests.loadGuest before this route')
      const { session, token } = await promoteByHost(ctx, current, loginId)
      if (token === undefined) return
      give(res, { session, token })
      requests.decide(who, { status: 'valid', session, token })
    },
    async moment(req, name) {
      const presented = await requests.presentedBy(req)
      if (presented.status !== 'valid') return []
      requests.responseOf(req)?.setHeader('Guest-Moment', encodeURIComponent(name))
      return duePrompts(ctx, presented.session, name)
    },
    returnTo,
  }
}

const signInOf = (token: string, session: Session): SignIn =>
  withOldNames({ token, guest: guestIn(session) }, { record: 'guest' })

/** The guest; null if there is none. `ignoresDead`: a credential that is dead counts as none. */
function guestOrNone(presented: Presented, ignoresDead: boolean): GuestInSession | null {
  if (presented.status === 'valid') return guestIn(presented.session)
  if (presented.status === 'absent' || (ignoresDead && isSessionOver(presented.error))) return null
  throw presented.error
}

/**
 * Makes a method for Node's request and response take a Request of the Fetch API, too. Its result then has the `headers`
 * for the Response: all cookies that methods have set for this request.
 */
function forBoth<Args extends unknown[], Result>(
  method: (req: IncomingMessage, res: ServerResponse, ...args: Args) => Promise<Result>,
) {
  async function called(request: Request, ...args: Args): Promise<Result & { headers: Headers }>
  async function called(req: IncomingMessage, res: ServerResponse, ...args: Args): Promise<Result>
  async function called(source: IncomingMessage | Request, ...given: unknown[]): Promise<unknown> {
    if (!isFetch(source)) return method(source, ...(given as [ServerResponse, ...Args]))
    const { req, res } = pairOf(source)
    const result = await method(req, res, ...(given as Args))
    return Object.assign(result ?? {}, { headers: cookiesOf(res) })
  }
  return called
}
