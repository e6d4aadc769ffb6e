// The doors of being a guest: sign in, sign out, who am I.

import { signInAnonymously, toGuest } from '../core/guests.ts'
import { renewed } from '../core/session-tokens.ts'
import { signOut } from '../core/sessions.ts'
import { GuestError } from '../errors.ts'
import { clearSession, requireOwnToken, sessionOrTakeBack, setSession } from './credentials.ts'
import { type Door, door } from './door.ts'
import { requireOwnPage } from './same-origin.ts'
import * as schemas from './schemas.ts'

export const guestRoutes: Door[] = [
  door({
    method: 'POST',
    path: '/sign-in',
    summary: 'Continue as guest: the guest who is there, or a new one',
    session: 'presented',
    body: schemas.signIn,
    answers: { 200: schemas.guest },
    errors: ['session_invalid', 'no_guest', 'unknown_collection', 'collection_mismatch'],
    run({ ctx, req, res, session: presented, by, body }) {
      const session = sessionOrTakeBack(ctx, req, presented)
      if (body.lookup_only && !session) throw new GuestError('no_guest')
      if (!session) requireOwnPage(req, ctx.config)
      const { session: signedIn, issued } = signInAnonymously(ctx, session, body.collection)
      if (issued && !by) setSession(ctx, res, issued)
      return { status: 200, body: toGuest(signedIn) }
    },
  }),
  door({
    method: 'POST',
    path: '/sign-out',
    summary: 'Sign out here, or everywhere',
    session: 'presented',
    anyToken: true,
    body: schemas.signOut,
    answers: { 204: null },
    errors: ['session_invalid', 'would_lose_account'],
    async run({ ctx, req, res, session: presented, by, body }) {
      const session = sessionOrTakeBack(ctx, req, presented)
      // A client ends what it was given, as at /revoke; a browser's session, and all others, are the guest's to end.
      if (by && session && !session.grant) throw new GuestError('insufficient_scope')
      if (by && body.everywhere) requireOwnToken(by)
      if (session) await signOut(ctx, session, body)
      if (!by) clearSession(ctx, res)
      return { status: 204 }
    },
  }),
  door({
    method: 'GET',
    path: '/userinfo',
    summary: 'Who is signed in',
    session: 'required',
    anyToken: true,
    answers: { 200: schemas.guest },
    run({ ctx, res, session, by }) {
      const next = by ? undefined : renewed(ctx, session)
      if (next) setSession(ctx, res, next)
      return { status: 200, body: toGuest(next?.session ?? session, by?.client) }
    },
  }),
]
