// The endpoints of a guest: continue as guest, sign out, userinfo, prompts and label.

import type { ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { snooze, userInfo, userInfoAfter } from '../../core/life/prompts.ts'
import { renameGuest } from '../../core/life/rename.ts'
import { renewIfDue } from '../../core/sessions/renewal.ts'
import type { Bearer, Issued, Session } from '../../core/sessions/sessions.ts'
import { signOut } from '../../core/sessions/sign-out.ts'
import { noticeNow } from '../../core/settings/notice.ts'
import { signInAnonymously } from '../../core/sign-in/anonymous.ts'
import { signInMethods } from '../../core/sign-in/methods.ts'
import { tokensFor } from '../../core/tokens/grants.ts'
import { isOpenId, openIdClaims } from '../../core/tokens/openid-claims.ts'
import { GuestError } from '../../errors.ts'
import type { Tokens, UserInfo } from '../../types.ts'
import { brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { appsOf } from '../request/apps-cookie.ts'
import { requireClientsSession, requireOwnToken, sessionOrClearCookie } from '../request/credentials.ts'
import { requireOwnPage } from '../request/same-origin.ts'
import { clearSession, setSession } from '../request/session-cookie.ts'
import { publicFor } from './token-routes.ts'

/** How long caches keep the ways: a switch that an operator turns is seen a minute later. */
const WAYS_SECONDS = 60

export const guestRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/sign-in',
    summary: 'Continue as guest: as the guest who is signed in, or as a new one',
    session: 'presented',
    body: schemas.signIn,
    answers: { 200: schemas.userInfo },
    errors: [
      'session_invalid',
      'guest_merged',
      'no_guest',
      'collection_unknown',
      'collection_mismatch',
      'guest_sign_in_off',
      ...brakeErrors,
    ],
    async run({ ctx, req, res, session: presented, by, body, brake }) {
      const session = sessionOrClearCookie(ctx, req, presented)
      if (body.lookup_only && !session) throw new GuestError('no_guest')
      if (!session) {
        requireOwnPage(req, ctx.config)
        await brake('guest')
      }
      const { session: signedIn, issued } = await signInAnonymously(ctx, session, body.collection)
      if (issued && !by) setSession(ctx, res, issued)
      return { status: 200, body: await userInfo(ctx, signedIn) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/sign-in-methods',
    summary: 'Get the ways to sign in that the service offers now',
    session: 'none',
    answers: { 200: schemas.ways },
    errors: ['unavailable'],
    run: async ({ ctx }) => publicFor(await signInMethods(ctx), WAYS_SECONDS),
  }),
  endpoint({
    method: 'POST',
    path: '/sign-out',
    summary: 'Sign out, in this session or everywhere',
    session: 'presented',
    anyToken: true,
    body: schemas.signOut,
    answers: { 204: null },
    errors: ['session_invalid', 'insufficient_scope', 'would_lose_account'],
    async run({ ctx, req, res, session: presented, by, body }) {
      const session = sessionOrClearCookie(ctx, req, presented)
      if (by && session) requireClientsSession(session)
      if (by && body.everywhere) requireOwnToken(by)
      if (session) await signOut(ctx, session, { ...body, apps: by ? [] : await appsOf(ctx, req, session) })
      if (!by) clearSession(ctx, res)
      return { status: 204 }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/userinfo',
    summary: 'Get the guest who is signed in, and the prompts that are due',
    session: 'required',
    anyToken: true,
    query: schemas.atMoment,
    answers: { 200: schemas.userInfoFor },
    async run({ ctx, res, session, by, query: { moment } }) {
      const next = by ? undefined : renewIfDue(ctx, session)
      if (next) setSession(ctx, res, next)
      if (by && isOpenId(by.client, by.scope))
        return { status: 200, body: openIdClaims(by.client, session, by.scope) }
      const body = await userInfo(ctx, next?.session ?? session, { client: by?.client, moment })
      return { status: 200, body }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/userinfo',
    summary: 'The same by POST, for apps that ask who is signed in (OpenID Connect Core 1.0, 5.3.1)',
    session: 'required',
    anyToken: true,
    answers: { 200: schemas.openIdInfo },
    errors: ['insufficient_scope'],
    run({ session, by }) {
      if (!by || !isOpenId(by.client, by.scope)) throw new GuestError('insufficient_scope')
      return { status: 200, body: openIdClaims(by.client, session, by.scope) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/notice',
    summary: "Get the operator's notice to everybody, if there is one",
    session: 'none',
    answers: { 200: schemas.notice },
    async run({ ctx }) {
      return { status: 200, body: { notice: await noticeNow(ctx) } }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/prompts/snooze',
    summary: 'Snooze a prompt: it is not due for a while',
    session: 'required',
    body: schemas.snooze,
    answers: { 200: schemas.userInfoWithTokens },
    errors: ['prompt_unknown'],
    async run({ ctx, res, session, by, body: { prompt, seconds } }) {
      requireOwnSession(session, by)
      const next = await snooze(ctx, session, { prompt, seconds, client: by?.client })
      return { status: 200, body: await goingOn(ctx, res, next, by) }
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/label',
    summary: 'Change the label of the guest',
    session: 'required',
    body: schemas.relabel,
    answers: { 200: schemas.userInfoWithTokens },
    async run({ ctx, res, session, by, body: { label } }) {
      requireOwnSession(session, by)
      const next = await renameGuest(ctx, session, { label, client: by?.client })
      return { status: 200, body: await goingOn(ctx, res, next, by) }
    },
  }),
]

/**
 * Refuses a sealed session by an access token that is not bound to a key: the response would give a new token to whoever
 * has this one. Errors: `insufficient_scope`.
 */
function requireOwnSession({ kind }: Session, by: Bearer | undefined): void {
  if (by?.jkt === null && kind === 'sealed') throw new GuestError('insufficient_scope')
}

/** Userinfo. If the session's content changed, its new token too: as cookie, or as `tokens` for a client. */
async function goingOn(
  ctx: Context,
  res: ServerResponse,
  { session, issued }: { session: Session; issued?: Issued },
  by: Bearer | undefined,
): Promise<UserInfo & { tokens?: Tokens }> {
  if (issued && !by) setSession(ctx, res, issued)
  const tokens = issued && by && (await tokensFor(ctx, by.client, issued, issued.session.grant!))
  return { ...(await userInfoAfter(ctx, session)), ...(tokens && { tokens }) }
}
