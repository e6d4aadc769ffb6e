// The endpoints for login IDs: promotion by a code or an authorization code, sign-in by a code, demotion, and the list of login IDs.

import { redeem } from '../../core/authorization/redemption.ts'
import { userInfoAfter } from '../../core/life/prompts.ts'
import { listLoginIds, removeLoginId, setPrimaryLoginId } from '../../core/login-ids/login-ids.ts'
import { demote, startPromotion, verifyPromotion } from '../../core/login-ids/promotion.ts'
import { signInByCode, startCodeSignIn } from '../../core/login-ids/sign-in-by-code.ts'
import { authenticateClient } from '../../core/tokens/clients.ts'
import { brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { handOut, holderOf, sessionOrNone } from '../request/credentials.ts'
import { networkOfRequest } from '../request/rate-limit.ts'

export const promotionRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/promotion/start',
    summary: 'Send a code to the login ID that the guest wants to add',
    session: 'required',
    body: schemas.loginIdKey,
    answers: { 200: schemas.transaction },
    errors: [
      'login_id_invalid',
      'no_codes',
      'codes_off',
      'not_sent',
      'too_many_codes',
      'insufficient_user_authentication',
      ...brakeErrors,
    ],
    async run({ ctx, req, session, body, brake }) {
      await brake('code')
      return {
        status: 200,
        body: await startPromotion(ctx, session, body, networkOfRequest(req, ctx.config)),
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/promotion/verify',
    summary: 'Add the login ID with the code; the first one makes the guest a regular user',
    session: 'required',
    body: schemas.givenCode,
    answers: { 200: schemas.promoted },
    errors: [
      'code_wrong',
      'code_expired',
      'login_id_taken',
      'promotion_refused',
      'too_many_login_ids',
      'insufficient_user_authentication',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session, by, body: { client_id, ...sent } }) {
      const holder = await holderOf(ctx, req, { session, by }, client_id)
      const { session: next, token, ...left } = await verifyPromotion(ctx, session, sent, holder)
      const tokens = token === undefined ? {} : await handOut(ctx, res, { session: next, token }, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, next)), ...left, ...tokens } }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/promotion/finish',
    summary: 'Redeem an authorization code: for a promotion in the session that began it, or to sign in',
    session: 'presented',
    body: schemas.redemption,
    answers: { 200: schemas.signedIn },
    errors: [
      'invalid_grant',
      'not_signed_in',
      'session_invalid',
      'code_expired',
      'login_id_unknown',
      'login_id_taken',
      'promotion_refused',
      'too_many_login_ids',
      'insufficient_user_authentication',
      'too_many_sessions',
      'guest_merged',
      'guest_disabled',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({
      ctx,
      req,
      res,
      session: presented,
      by,
      body: { client_id, code, code_verifier, redirect_uri },
    }) {
      const named = client_id ?? by?.client.id ?? 'guestkey'
      const holder = await holderOf(ctx, req, presented, by ? undefined : client_id)
      const client = authenticateClient(ctx, { id: named })
      const redemption = { code, verifier: code_verifier, redirectUri: redirect_uri }
      const { session, token, ...left } = await redeem(
        ctx,
        client,
        sessionOrNone(presented),
        redemption,
        holder,
      )
      const tokens = token === undefined ? {} : await handOut(ctx, res, { session, token }, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, session)), ...left, ...tokens } }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/promotion/undo',
    summary: 'Become a guest again: removes every login ID and the profile, keeps `sub` and passkeys',
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
    summary: 'Send a code to a login ID if an account has it; the response does not say whether one does',
    session: 'presented',
    body: schemas.loginIdKey,
    answers: { 200: schemas.transaction },
    errors: ['login_id_invalid', 'no_codes', 'codes_off', 'too_many_codes', ...brakeErrors],
    async run({ ctx, req, body, brake }) {
      await brake('code')
      return { status: 200, body: await startCodeSignIn(ctx, body, networkOfRequest(req, ctx.config)) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/sign-in/code',
    summary: 'Sign in with the code; `previous` is the other guest whose session this ended',
    session: 'presented',
    body: schemas.givenCode,
    answers: { 200: schemas.signedIn },
    errors: [
      'code_wrong',
      'code_expired',
      'login_id_unknown',
      'guest_merged',
      'guest_disabled',
      'too_many_sessions',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { client_id, ...sent } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const { issued, ...left } = await signInByCode(ctx, sessionOrNone(presented), sent, holder)
      const tokens = await handOut(ctx, res, issued, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, issued.session)), ...left, ...tokens } }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/login-ids',
    summary: 'List the login IDs of the user, the primary one first',
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
    errors: ['login_id_invalid', 'not_found'],
    async run({ ctx, session, body }) {
      await setPrimaryLoginId(ctx, session, body)
      return { status: 200, body: { login_ids: await listLoginIds(ctx, session) } }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/login-ids',
    summary: 'Remove a login ID; needs force if nothing else could bring the user back',
    session: 'required',
    body: schemas.knownLoginId,
    query: schemas.force,
    answers: { 204: null },
    errors: ['login_id_invalid', 'not_found', 'would_lose_account', 'insufficient_user_authentication'],
    async run({ ctx, session, body, query }) {
      await removeLoginId(ctx, session, body, query.force === 'true')
      return { status: 204 }
    },
  }),
]
