// Forward-auth: the identity of a request as headers, for a proxy that asks before it lets the request through.

import type { Session } from '../core/sessions.ts'
import { acrOf } from '../core/step-up.ts'
import { GuestError } from '../errors.ts'
import { type Door, door } from './door.ts'
import * as schemas from './schemas.ts'

/** Every header is always there, if empty: a proxy that copies them replaces whatever came from outside. */
const identityHeaders = (session: Session | undefined): Record<string, string> => ({
  'X-Guest-Id': session?.anonymousId ?? '',
  'X-Guest-Is-Anonymous': session ? 'true' : '',
  'X-Guest-Is-Verified': session ? 'false' : '',
  'X-Guest-Recoverability': session?.recoverability ?? '',
  'X-Guest-Label': session?.label ?? '',
  'X-Guest-Collection': session?.collection ?? '',
  'X-Guest-Session-Id': session?.id ?? '',
  'X-Guest-Auth-Time': session?.authTime ? String(session.authTime) : '',
  'X-Guest-Acr': (session && acrOf(session)) ?? '',
})

export const verifyRoutes: Door[] = [
  door({
    method: 'GET',
    path: '/verify',
    summary: 'Who is signed in, as headers for nginx, Caddy and Traefik; with `optional` nobody is no error',
    session: 'optional',
    query: schemas.verify,
    answers: { 200: null },
    errors: ['not_signed_in'],
    run({ res, session, query }) {
      if (!session && query.optional !== 'true') throw new GuestError('not_signed_in')
      for (const [name, value] of Object.entries(identityHeaders(session))) res.setHeader(name, value)
      return { status: 200 }
    },
  }),
]
