// The endpoints of recovery codes: make, confirm, count and remove them, and sign in with one; and of the way in that an
// operator opened: come in by it, and cancel it.

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { userInfoAfter } from '../../core/life/prompts.ts'
import { cancelWayIn } from '../../core/life/ways-in.ts'
import {
  confirmRecoveryCodes,
  createRecoveryCodes,
  recoveryCodesLeft,
  removeRecoveryCodes,
  signInByRecoveryCode,
} from '../../core/recovery-codes.ts'
import { hasWaysIn } from '../../core/sessions/endings.ts'
import { enterByWayIn, wayInOptions } from '../../core/way-in/enter.ts'
import { brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { handOut, holderOf, sessionOrNone } from '../request/credentials.ts'

export const recoveryRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/recovery-codes',
    summary:
      'Make ten recovery codes, which replace all earlier ones; the server cannot show them again, and they count as a way back once they are confirmed',
    session: 'required',
    body: schemas.noBody,
    answers: { 201: schemas.recoveryCodes },
    errors: ['insufficient_user_authentication', ...brakeErrors],
    async run({ ctx, session, brake }) {
      if (session.kind === 'sealed') await brake('keep')
      return { status: 201, body: await createRecoveryCodes(ctx, session) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/recovery-codes',
    summary: 'Get how many recovery codes are left, and when they were made',
    session: 'required',
    answers: { 200: schemas.recoveryCodesLeft },
    async run({ ctx, session }) {
      return { status: 200, body: await recoveryCodesLeft(ctx, session) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/recovery-codes/confirm',
    summary: 'Confirm that the recovery codes were written down: from now on they count as a way back',
    session: 'required',
    body: schemas.noBody,
    answers: { 200: schemas.recoveryCodesLeft },
    errors: ['not_found'],
    async run({ ctx, session }) {
      return { status: 200, body: await confirmRecoveryCodes(ctx, session) }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/recovery-codes',
    summary: 'Remove all recovery codes; needs force if nothing else could bring the guest back',
    session: 'required',
    body: schemas.noBody,
    query: schemas.force,
    answers: { 204: null },
    errors: ['insufficient_user_authentication', 'would_lose_account'],
    async run({ ctx, session, query }) {
      await removeRecoveryCodes(ctx, session, query.force === 'true')
      return { status: 204 }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/sign-in/recovery-code',
    summary:
      'Sign in with a recovery code, which works once; for ten minutes a passkey may be added without proof of another',
    session: 'presented',
    body: schemas.recoveryCode,
    answers: { 200: schemas.signedInByRecoveryCode },
    errors: [
      'recovery_code_wrong',
      'guest_merged',
      'guest_disabled',
      'too_many_sessions',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { client_id, code } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const { issued, ...left } = await signInByRecoveryCode(ctx, sessionOrNone(presented), code, holder)
      const tokens = await handOut(ctx, res, issued, holder)
      return {
        status: 200,
        body: { ...(await userInfoAfter(ctx, issued.session)), ...left, offer_passkey: true, ...tokens },
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/way-in/options',
    summary: 'Begin to come in by the code that an operator gave, with a new passkey',
    session: 'none',
    isEnabled: hasWaysIn,
    body: schemas.writtenCode,
    answers: { 200: schemas.creationOptions },
    errors: [
      'way_in_invalid',
      'way_in_waiting',
      'guest_merged',
      'guest_disabled',
      'too_many_passkeys',
      'registration_off',
      'unavailable',
    ],
    async run({ ctx, body: { code } }) {
      return { status: 200, body: await wayInOptions(ctx, code) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/way-in',
    summary: 'Come in with the passkey that the authenticator made; all other sessions of the guest end',
    session: 'presented',
    isEnabled: hasWaysIn,
    body: schemas.registrationResponse,
    answers: { 200: schemas.signedIn },
    errors: [
      'way_in_invalid',
      'way_in_waiting',
      'registration_failed',
      'registration_off',
      'too_many_passkeys',
      'guest_merged',
      'guest_disabled',
      'session_invalid',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { client_id, ...response } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const made = response as unknown as RegistrationResponseJSON
      const { issued, ...left } = await enterByWayIn(ctx, sessionOrNone(presented), made, holder)
      const tokens = await handOut(ctx, res, issued, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, issued.session)), ...left, ...tokens } }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/way-in',
    summary: 'Cancel the way in that an operator opened for this guest',
    session: 'required',
    isEnabled: hasWaysIn,
    body: schemas.noBody,
    answers: { 204: null },
    errors: ['not_found'],
    async run({ ctx, session }) {
      await cancelWayIn(ctx, session)
      return { status: 204 }
    },
  }),
]
