// The doors of being a guest: sign in, sign out, who am I.

import type { Context } from '../context.ts'
import { signInAnonymously, toGuest } from '../core/guests.ts'
import { type Presented, renewed, type Session, signOut } from '../core/sessions.ts'
import { GuestError } from '../errors.ts'
import { clearSession, setSession, takingBack } from './credentials.ts'
import { type Door, door } from './door.ts'
import * as schemas from './schemas.ts'

/** At sign-in and sign-out a cookie that no longer holds is refused once, and taken back by that refusal. */
function sessionOrTakeBack(ctx: Context, presented: Presented): Session | undefined {
  if (presented.status === 'invalid') throw takingBack(ctx, presented.error)
  return presented.status === 'valid' ? presented.session : undefined
}

export const guestRoutes: Door[] = [
  door({
    method: 'POST',
    path: '/sign-in',
    summary: 'Continue as guest: the guest who is there, or a new one',
    session: 'presented',
    body: schemas.signIn,
    answers: { 200: schemas.guest },
    errors: ['session_invalid', 'no_guest', 'unknown_collection', 'collection_mismatch'],
    run({ ctx, res, session: presented, body }) {
      const session = sessionOrTakeBack(ctx, presented)
      if (body.lookup_only && !session) throw new GuestError('no_guest')
      const { session: signedIn, issued } = signInAnonymously(ctx, session, body.collection)
      const next = issued ?? renewed(ctx, signedIn)
      if (next) setSession(ctx, res, next)
      return { status: 200, body: toGuest(next?.session ?? signedIn) }
    },
  }),
  door({
    method: 'POST',
    path: '/sign-out',
    summary: 'Sign out here, or everywhere',
    session: 'presented',
    body: schemas.signOut,
    answers: { 204: null },
    errors: ['session_invalid', 'would_lose_account'],
    async run({ ctx, res, session: presented, body }) {
      const session = sessionOrTakeBack(ctx, presented)
      if (session) await signOut(ctx, session, body)
      clearSession(ctx, res)
      return { status: 204 }
    },
  }),
  door({
    method: 'GET',
    path: '/userinfo',
    summary: 'Who is signed in',
    session: 'required',
    answers: { 200: schemas.guest },
    run({ ctx, res, session }) {
      const next = renewed(ctx, session)
      if (next) setSession(ctx, res, next)
      return { status: 200, body: toGuest(next?.session ?? session) }
    },
  }),
]
