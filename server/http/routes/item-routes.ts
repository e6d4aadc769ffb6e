// The endpoints that rename and remove one item of a list, such as a passkey.

import type { Context } from '../../context.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'

/** PATCH and DELETE of the items below `path`. `remove` gets `force`, without which the last way back is not removed. */
export const itemRoutes = ({
  path,
  item,
  rename,
  remove,
}: {
  path: string
  /** The schema of one item. */
  item: Endpoint['answers'][number]
  rename: {
    summary: string
    run: (ctx: Context, session: Session, id: string, name: string) => Promise<unknown>
  }
  remove: {
    summary: string
    run: (ctx: Context, session: Session, id: string, force: boolean) => Promise<void>
  }
}): Endpoint[] => [
  endpoint({
    method: 'PATCH',
    path: `${path}/:id`,
    summary: rename.summary,
    session: 'required',
    body: schemas.rename,
    answers: { 200: item },
    errors: ['not_found'],
    async run({ ctx, session, id, body }) {
      return { status: 200, body: await rename.run(ctx, session, id, body.name) }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: `${path}/:id`,
    summary: remove.summary,
    session: 'required',
    body: schemas.noBody,
    query: schemas.force,
    answers: { 204: null },
    errors: ['not_found', 'insufficient_user_authentication', 'would_lose_account'],
    async run({ ctx, session, id, query }) {
      await remove.run(ctx, session, id, query.force === 'true')
      return { status: 204 }
    },
  }),
]
