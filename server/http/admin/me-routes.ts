// What an operator does in an own matter: sessions and passkeys.

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import {
  addOptions,
  addOwnPasskey,
  listOwnPasskeys,
  removeOwnPasskey,
} from '../../core/operators/passkeys.ts'
import { endOwnSession, listOperatorSessions } from '../../core/operators/sessions.ts'
import * as shared from '../contract/schemas.ts'
import { type AdminEndpoint, adminEndpoint } from './endpoint.ts'
import * as schemas from './schemas.ts'

export const meRoutes: AdminEndpoint[] = [
  adminEndpoint({
    method: 'GET',
    path: '/me/sessions',
    summary: 'List the sessions of the operator who is signed in, the last used first',
    may: 'viewer',
    scope: null,
    answers: { 200: schemas.sessions },
    async run({ ctx, session: { operatorId, id } }) {
      return { status: 200, body: { sessions: await listOperatorSessions(ctx, operatorId, id) } }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/me/sessions/:id/end',
    summary: 'End a session of the operator who is signed in',
    may: 'viewer',
    scope: null,
    body: shared.noBody,
    answers: { 204: null },
    errors: ['not_found'],
    async run({ ctx, session, id }) {
      await endOwnSession(ctx, session, id)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    method: 'GET',
    path: '/me/passkeys',
    summary: 'List the passkeys of the operator who is signed in, the oldest first',
    may: 'viewer',
    scope: null,
    answers: { 200: schemas.passkeys },
    async run({ ctx, session }) {
      return { status: 200, body: { passkeys: await listOwnPasskeys(ctx, session) } }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/me/passkeys/options',
    summary: 'Begin to make one more passkey',
    may: 'viewer',
    scope: null,
    needs: 'proof',
    body: shared.noBody,
    answers: { 200: shared.creationOptions },
    run: async ({ ctx, session }) => ({ status: 200, body: await addOptions(ctx, session) }),
  }),
  adminEndpoint({
    method: 'POST',
    path: '/me/passkeys',
    summary: 'Add the passkey that the authenticator made',
    may: 'viewer',
    scope: null,
    needs: 'proof',
    body: shared.registrationResponse,
    answers: { 201: schemas.passkey },
    errors: ['registration_failed', 'too_many_passkeys'],
    async run({ ctx, session, body }) {
      const response = body as unknown as RegistrationResponseJSON
      return { status: 201, body: await addOwnPasskey(ctx, session, response) }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/me/passkeys/:id/remove',
    summary:
      'Remove a passkey, but not the last one, and end all other sessions of the operator who is signed in',
    may: 'viewer',
    scope: null,
    needs: 'proof',
    body: shared.noBody,
    answers: { 204: null },
    errors: ['not_found', 'would_lose_account'],
    async run({ ctx, session, id }) {
      await removeOwnPasskey(ctx, session, id)
      return { status: 204 }
    },
  }),
]
