// The doors of being a guest: sign in, sign out, who am I.

import type { ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { snooze, userInfo, userInfoAfter } from '../../core/life/prompts.ts'
import { renameGuest } from '../../core/life/rename.ts'
import { renewIfDue } from '../../core/sessions/session-tokens.ts'
import { type Bearer, type Issued, type Session, signOut } from '../../core/sessions/sessions.ts'
import { signInAnonymously } from '../../core/sign-in/anonymous.ts'
import { tokensFor } from '../../core/tokens/grants.ts'
import { GuestError } from '../../errors.ts'
import type { Tokens, UserInfo } from '../../types.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { clearSession, requireOwnToken, sessionOrClearCookie, setSession } from '../request/credentials.ts'
import { requireOwnPage } from '../request/same-origin.ts'

export const guestRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/sign-in',
    summary: 'Continue as guest: the guest who is there, or a new one',
    session: 'presented',
    body: schemas.signIn,
    answers: { 200: schemas.userInfo },
    errors: ['session_invalid', 'guest_merged', 'no_guest', 'unknown_collection', 'collection_mismatch'],
    async run({ ctx, req, res, session: presented, by, body }) {
      const session = sessionOrClearCookie(ctx, req, presented)
      if (body.lookup_only && !session) throw new GuestError('no_guest')
      if (!session) requireOwnPage(req, ctx.config)
      const { session: signedIn, issued } = await signInAnonymously(ctx, session, body.collection)
      if (issued && !by) setSession(ctx, res, issued)
      return { status: 200, body: await userInfo(ctx, signedIn) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/sign-out',
    summary: 'Sign out here, or everywhere',
    session: 'presented',
    anyToken: true,
    body: schemas.signOut,
    answers: { 204: null },
    errors: ['session_invalid', 'would_lose_account'],
    async run({ ctx, req, res, session: presented, by, body }) {
      const session = sessionOrClearCookie(ctx, req, presented)
      // A client ends what it was given, as at /revoke; a browser's session, and all others, are the guest's to end.
      if (by && session && !session.grant) throw new GuestError('insufficient_scope')
      if (by && body.everywhere) requireOwnToken(by)
      if (session) await signOut(ctx, session, body)
      if (!by) clearSession(ctx, res)
      return { status: 204 }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/userinfo',
    summary: 'Who is signed in',
    session: 'required',
    anyToken: true,
    query: schemas.atMoment,
    answers: { 200: schemas.userInfo },
    async run({ ctx, res, session, by, query: { moment } }) {
      const next = by ? undefined : renewIfDue(ctx, session)
      if (next) setSession(ctx, res, next)
      const body = await userInfo(ctx, next?.session ?? session, { client: by?.client, moment })
      return { status: 200, body }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/prompts/snooze',
    summary: 'Later: leave the guest alone with a prompt for a while',
    session: 'required',
    body: schemas.snooze,
    answers: { 200: schemas.userInfoWithTokens },
    errors: ['unknown_prompt'],
    async run({ ctx, res, session, by, body: { prompt, seconds } }) {
      requireOwnSession(session, by)
      const next = await snooze(ctx, session, { prompt, seconds, client: by?.client })
      return { status: 200, body: await goingOn(ctx, res, next, by) }
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/label',
    summary: 'Give the guest another label',
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

/** A token that anybody may have who was sent it must not beget another one. Errors: `insufficient_scope`. */
function requireOwnSession({ kind }: Session, by: Bearer | undefined): void {
  if (by?.jkt === null && kind === 'sealed') throw new GuestError('insufficient_scope')
}

/** Userinfo, and what the session goes on with where it says something else now. */
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
