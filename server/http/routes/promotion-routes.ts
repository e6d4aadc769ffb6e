// The doors of promotion: becoming a regular user by a code, signing in as one, and the way back.

import { userInfoAfter } from '../../core/life/prompts.ts'
import { listLoginIds, removeLoginId, setPrimaryLoginId } from '../../core/login-ids/login-ids.ts'
import { demote, startPromotion, verifyPromotion } from '../../core/login-ids/promotion.ts'
import { signInByCode, startCodeSignIn } from '../../core/login-ids/sign-in-by-code.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { handOut, holderOf, sessionOrNone } from '../request/credentials.ts'
import { networkOfRequest } from '../request/rate-limit.ts'

export const promotionRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/promotion/start',
    summary: 'Send a code to what the guest wants to be known by',
    session: 'required',
    body: schemas.loginIdKey,
    answers: { 200: schemas.transaction },
    errors: [
      'invalid_login_id',
      'no_codes',
      'not_sent',
      'too_many_codes',
      'insufficient_user_authentication',
    ],
    async run({ ctx, req, session, body }) {
      return {
        status: 200,
        body: await startPromotion(ctx, session, body, networkOfRequest(req, ctx.config)),
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/promotion/verify',
    summary: 'Become a regular user by the code, or add a login ID to one',
    session: 'required',
    body: schemas.givenCode,
    answers: { 200: schemas.promoted },
    errors: [
      'code_wrong',
      'code_expired',
      'login_id_taken',
      'promotion_refused',
      'too_many_login_ids',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session, by, body: { client_id, ...given } }) {
      const presented = { status: 'valid', session, token: '', ...(by && { by }) } as const
      const holder = await holderOf(ctx, req, presented, client_id)
      const { session: next, token, ...left } = await verifyPromotion(ctx, session, given, holder)
      const tokens = token === undefined ? {} : await handOut(ctx, res, { session: next, token }, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, next)), ...left, ...tokens } }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/promotion/undo',
    summary: 'Be a guest again: every login ID and the profile go, `sub` and passkeys stay',
    session: 'required',
    body: schemas.forced,
    answers: { 200: schemas.userInfo },
    errors: ['not_promoted', 'would_lose_account', 'insufficient_user_authentication'],
    async run({ ctx, session, body }) {
      return { status: 200, body: await userInfoAfter(ctx, await demote(ctx, session, body.force ?? false)) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/sign-in/code/start',
    summary: 'Send a code to a login ID, if anybody has it, which the answer does not tell',
    session: 'presented',
    body: schemas.loginIdKey,
    answers: { 200: schemas.transaction },
    errors: ['invalid_login_id', 'no_codes', 'too_many_codes'],
    async run({ ctx, req, body }) {
      return { status: 200, body: await startCodeSignIn(ctx, body, networkOfRequest(req, ctx.config)) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/sign-in/code',
    summary: 'Sign in with the code; `previous` names another guest whose session was left',
    session: 'presented',
    body: schemas.givenCode,
    answers: { 200: schemas.signedIn },
    errors: [
      'code_wrong',
      'code_expired',
      'guest_merged',
      'too_many_sessions',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { client_id, ...given } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const { issued, ...left } = await signInByCode(ctx, sessionOrNone(presented), given, holder)
      const tokens = await handOut(ctx, res, issued, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, issued.session)), ...left, ...tokens } }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/login-ids',
    summary: 'What the user is known by, the primary one first',
    session: 'required',
    answers: { 200: schemas.loginIds },
    async run({ ctx, session }) {
      return { status: 200, body: { login_ids: await listLoginIds(ctx, session) } }
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/login-ids',
    summary: 'Make a login ID the primary one',
    session: 'required',
    body: schemas.knownLoginId,
    answers: { 200: schemas.loginIds },
    errors: ['invalid_login_id', 'not_found'],
    async run({ ctx, session, body }) {
      await setPrimaryLoginId(ctx, session, body)
      return { status: 200, body: { login_ids: await listLoginIds(ctx, session) } }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/login-ids',
    summary: 'Remove a login ID; the last way in only with force',
    session: 'required',
    body: schemas.knownLoginId,
    query: schemas.force,
    answers: { 204: null },
    errors: ['invalid_login_id', 'not_found', 'would_lose_account', 'insufficient_user_authentication'],
    async run({ ctx, session, body, query }) {
      await removeLoginId(ctx, session, body, query.force === 'true')
      return { status: 204 }
    },
  }),
]
