// Operators and their sessions. No machine may do anything here: it could make itself an owner.

import {
  addOperator,
  inviteOperator,
  listOperators,
  removeOperator,
  setOperatorRole,
} from '../../core/operators/operators.ts'
import { endSessionsOf, listOperatorSessions } from '../../core/operators/sessions.ts'
import { mountOf } from '../request/mount.ts'
import { type AdminEndpoint, adminEndpoint } from './endpoint.ts'
import { withLink } from './links.ts'
import * as schemas from './schemas.ts'

export const operatorRoutes: AdminEndpoint[] = [
  adminEndpoint({
    method: 'GET',
    path: '/operators',
    summary: 'List the operators, the oldest first',
    may: 'viewer',
    scope: null,
    answers: { 200: schemas.operators },
    run: async ({ ctx }) => ({ status: 200, body: { operators: await listOperators(ctx) } }),
  }),
  adminEndpoint({
    method: 'POST',
    path: '/operators',
    summary: 'Add an operator, and get the link with which the operator makes a passkey',
    may: 'owner',
    scope: null,
    needs: 'reason',
    body: schemas.newOperator,
    answers: { 201: schemas.invited },
    errors: ['operator_name_taken'],
    async run({ ctx, req, body: { name, role }, act }) {
      return { status: 201, body: withLink(ctx, await addOperator(ctx, { name, role }, act), mountOf(req)) }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/operators/:id/invite',
    summary: 'Get a new link for an operator, whose passkeys it replaces when it is used',
    may: 'owner',
    scope: null,
    needs: 'reason',
    answers: { 201: schemas.invited },
    errors: ['not_found'],
    async run({ ctx, req, id, act }) {
      return { status: 201, body: withLink(ctx, await inviteOperator(ctx, id, act), mountOf(req)) }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/operators/:id/role',
    summary: 'Give an operator another role, and end the sessions of the operator',
    may: 'owner',
    scope: null,
    needs: 'reason',
    body: schemas.newRole,
    answers: { 204: null },
    errors: ['not_found', 'no_other_owner'],
    async run({ ctx, id, body: { role }, act }) {
      await setOperatorRole(ctx, id, role, act)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/operators/:id/remove',
    summary: 'Remove an operator with the name, the passkeys and the sessions',
    may: 'owner',
    scope: null,
    needs: 'reason',
    answers: { 204: null },
    errors: ['not_found', 'no_other_owner'],
    async run({ ctx, id, act }) {
      await removeOperator(ctx, id, act)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    method: 'GET',
    path: '/operators/:id/sessions',
    summary: 'List the sessions of an operator, the last used first',
    may: 'owner',
    scope: null,
    answers: { 200: schemas.sessions },
    async run({ ctx, id, session }) {
      return { status: 200, body: { sessions: await listOperatorSessions(ctx, id, session.id) } }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/operators/:id/sessions/end',
    summary: 'End all sessions of an operator',
    may: 'owner',
    scope: null,
    needs: 'reason',
    answers: { 200: schemas.ended },
    async run({ ctx, id, act }) {
      return { status: 200, body: { ended: await endSessionsOf(ctx, { operatorId: id }, act) } }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/operators/:id/sessions/:item/end',
    summary: 'End one session of an operator',
    may: 'owner',
    scope: null,
    needs: 'reason',
    answers: { 200: schemas.ended },
    async run({ ctx, id, item, act }) {
      return { status: 200, body: { ended: await endSessionsOf(ctx, { operatorId: id, id: item }, act) } }
    },
  }),
]
