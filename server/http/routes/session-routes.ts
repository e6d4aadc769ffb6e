// The endpoints of a guest's sessions: list them, end one, or end all others.

import { listSessions } from '../../core/sessions/sessions.ts'
import { endOtherSessions, endSession } from '../../core/sessions/sign-out.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { appsOf } from '../request/apps-cookie.ts'
import { clearSession } from '../request/session-cookie.ts'

export const sessionRoutes: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/sessions',
    summary: 'List the sessions of the guest, the most recently used first',
    session: 'required',
    answers: { 200: schemas.sessions },
    async run({ ctx, session }) {
      return { status: 200, body: { sessions: await listSessions(ctx, session) } }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/sessions',
    summary: 'End all sessions of the guest except this one',
    session: 'required',
    body: schemas.noBody,
    answers: { 200: schemas.endedSessions },
    async run({ ctx, session }) {
      return { status: 200, body: { ended: await endOtherSessions(ctx, session) } }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/sessions/:id',
    summary: 'End one session of the guest',
    session: 'required',
    body: schemas.noBody,
    query: schemas.force,
    answers: { 204: null },
    errors: ['not_found', 'would_lose_account'],
    async run({ ctx, req, res, session, by, id, query }) {
      const apps = by ? [] : await appsOf(ctx, req, session)
      if (await endSession(ctx, session, id, { force: query.force === 'true', apps })) clearSession(ctx, res)
      return { status: 204 }
    },
  }),
]
