// How operators come and go: invitations, sign-in, step-up, sign-out, and who is signed in.

import type { IncomingMessage } from 'node:http'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { hashToken } from '../../core/crypto/secrets.ts'
import { acceptInvitation, invitationOptions } from '../../core/operators/passkeys.ts'
import { endOwnSession, type OperatorSession } from '../../core/operators/sessions.ts'
import { operatorConfig } from '../../core/operators/set-up.ts'
import { signInOperator, signInOptions, stepUpOperator, stepUpOptions } from '../../core/operators/sign-in.ts'
import { z } from '../../zod.ts'
import * as shared from '../contract/schemas.ts'
import { giveSession, readOperatorCookie, takeSession } from './cookie.ts'
import { type AdminEndpoint, adminEndpoint } from './endpoint.ts'
import * as schemas from './schemas.ts'

/** How long a way in lets nobody in, in seconds; null if there are none. */
const delayOfWaysIn = (ctx: Context): number | null => {
  const { wayIn } = operatorConfig(ctx)
  return wayIn ? wayIn.delaySeconds : null
}

const toMe = (ctx: Context, { id, operator, createdAt, expiresAt, endsAt }: OperatorSession) => ({
  id: operator.id,
  name: operator.name,
  role: operator.role,
  way_in_delay: delayOfWaysIn(ctx),
  session: {
    id,
    expires_at: expiresAt,
    ends_at: endsAt,
    proven_at: createdAt,
    proven_until: createdAt + operatorConfig(ctx).stepUpSeconds,
  },
})

/** The id of the session that this browser has. Errors: `credentials_ambiguous`. */
function sessionIn(ctx: Context, req: IncomingMessage): string | undefined {
  const token = readOperatorCookie(ctx, req)
  return token && hashToken(token)
}

export const signInRoutes: AdminEndpoint[] = [
  adminEndpoint({
    method: 'POST',
    path: '/invitations/options',
    summary: 'Begin to make the passkey of an invitation',
    may: 'anybody',
    scope: null,
    body: schemas.invitation,
    answers: { 200: shared.creationOptions },
    errors: ['invitation_invalid'],
    run: async ({ ctx, body }) => ({ status: 200, body: await invitationOptions(ctx, body.invitation) }),
  }),
  adminEndpoint({
    method: 'POST',
    path: '/invitations/accept',
    summary:
      'Become an operator with the passkey that the authenticator made; it replaces all earlier ones, and the session that this browser had ends',
    may: 'anybody',
    scope: null,
    body: z.extend(schemas.invitation, { passkey: shared.registrationResponse }),
    answers: { 201: schemas.me },
    errors: ['invitation_invalid', 'registration_failed', 'credentials_ambiguous'],
    async run({ ctx, req, res, body }) {
      const response = body.passkey as unknown as RegistrationResponseJSON
      const signedIn = await acceptInvitation(ctx, body.invitation, response, sessionIn(ctx, req))
      giveSession(ctx, res, signedIn)
      return { status: 201, body: toMe(ctx, signedIn.session) }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/sign-in/options',
    summary: 'Begin to sign in with a passkey of an operator',
    may: 'anybody',
    scope: null,
    body: shared.noBody,
    answers: { 200: shared.requestOptions },
    run: async ({ ctx }) => ({ status: 200, body: await signInOptions(ctx) }),
  }),
  adminEndpoint({
    method: 'POST',
    path: '/sign-in',
    summary: 'Sign in with a passkey of an operator; the session that this browser had ends',
    may: 'anybody',
    scope: null,
    body: shared.authenticationResponse,
    answers: { 200: schemas.me },
    errors: ['authentication_failed', 'credentials_ambiguous'],
    async run({ ctx, req, res, body }) {
      const response = body as unknown as AuthenticationResponseJSON
      const signedIn = await signInOperator(ctx, response, sessionIn(ctx, req))
      giveSession(ctx, res, signedIn)
      return { status: 200, body: toMe(ctx, signedIn.session) }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/step-up/options',
    summary: 'Begin to prove a passkey of the operator who is signed in',
    may: 'viewer',
    scope: null,
    body: shared.noBody,
    answers: { 200: shared.requestOptions },
    run: async ({ ctx, session }) => ({ status: 200, body: await stepUpOptions(ctx, session) }),
  }),
  adminEndpoint({
    method: 'POST',
    path: '/step-up',
    summary: 'Prove a passkey of the operator who is signed in; a new session replaces this one',
    may: 'viewer',
    scope: null,
    body: shared.authenticationResponse,
    answers: { 200: schemas.me },
    errors: ['authentication_failed'],
    async run({ ctx, res, session, body }) {
      const signedIn = await stepUpOperator(ctx, session, body as unknown as AuthenticationResponseJSON)
      giveSession(ctx, res, signedIn)
      return { status: 200, body: toMe(ctx, signedIn.session) }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/sign-out',
    summary: 'End the session',
    may: 'viewer',
    scope: null,
    body: shared.noBody,
    answers: { 204: null },
    errors: ['not_found'],
    async run({ ctx, res, session }) {
      await endOwnSession(ctx, session, session.id)
      takeSession(ctx, res)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    method: 'GET',
    path: '/me',
    summary: 'Get the operator who is signed in, and until when the session and the proof are good',
    may: 'viewer',
    scope: null,
    answers: { 200: schemas.me },
    run: ({ ctx, session }) => ({ status: 200, body: toMe(ctx, session) }),
  }),
]
