// The endpoints of passkeys: the two ceremonies, signals to authenticators, list, rename and remove.

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { userInfoAfter } from '../../core/life/prompts.ts'
import { getPasskey, listPasskeys, removePasskey, renamePasskey } from '../../core/passkeys/manage.ts'
import { registerPasskey } from '../../core/passkeys/register.ts'
import { registrationOptions } from '../../core/passkeys/registration-options.ts'
import { authenticationOptions, signInByPasskey } from '../../core/passkeys/sign-in.ts'
import { isUnknownPasskey, passkeySignal } from '../../core/passkeys/signals.ts'
import { findClient } from '../../core/tokens/clients.ts'
import { brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { handOut, holderOf, sessionOrClearCookie, sessionOrNone } from '../request/credentials.ts'
import { itemRoutes } from './item-routes.ts'

export const passkeyRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/passkeys/register/options',
    summary: 'Begin to add a passkey; if nobody is signed in, to become a new guest with it',
    session: 'presented',
    body: schemas.registerOptions,
    answers: { 200: schemas.creationOptions },
    errors: [
      'not_signed_in',
      'session_invalid',
      'insufficient_user_authentication',
      'too_many_passkeys',
      'guest_sign_in_off',
      'registration_off',
      ...brakeErrors,
    ],
    async run({ ctx, req, session: presented, body: { conditional = false }, brake }) {
      const session = sessionOrClearCookie(ctx, req, presented)
      if (!session) await brake('guest')
      const options = await registrationOptions(ctx, session, { conditional })
      return { status: 200, body: options }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/passkeys/register',
    summary: 'Add the passkey that the authenticator made; 200 if it was added before',
    session: 'presented',
    body: schemas.registrationResponse,
    answers: { 201: schemas.registered, 200: schemas.registered },
    errors: [
      'registration_failed',
      'session_invalid',
      'guest_merged',
      'too_many_passkeys',
      'guest_sign_in_off',
      'registration_off',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { client_id, ...response } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const done = await registerPasskey(
        ctx,
        presented,
        response as unknown as RegistrationResponseJSON,
        holder,
      )
      const { session, token, repeated, ...added } = done
      const tokens = token === undefined ? {} : await handOut(ctx, res, { session, token }, holder)
      return {
        status: repeated ? 200 : 201,
        body: { ...(await userInfoAfter(ctx, session)), ...added, ...tokens },
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/passkeys/authenticate/options',
    summary: 'Begin to sign in with a passkey, or to confirm the guest who is signed in',
    session: 'presented',
    body: schemas.authenticateOptions,
    answers: { 200: schemas.requestOptions },
    errors: ['not_signed_in', 'session_invalid', 'insufficient_user_authentication'],
    async run({ ctx, session, body }) {
      const stepUp = body.step_up ?? false
      if (stepUp && session.status === 'invalid') throw session.error
      const options = await authenticationOptions(ctx, sessionOrNone(session), { stepUp })
      return { status: 200, body: options }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/passkeys/authenticate',
    summary:
      'Sign in with a passkey; `previous` is the other guest whose session this ended, `merged` whether it was merged',
    session: 'presented',
    body: schemas.authenticationResponse,
    answers: { 200: schemas.signedIn },
    errors: [
      'authentication_failed',
      'guest_merged',
      'guest_disabled',
      'too_many_sessions',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { client_id, ...body } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const response = body as unknown as AuthenticationResponseJSON
      const { issued, ...left } = await signInByPasskey(ctx, sessionOrNone(presented), response, holder)
      const tokens = await handOut(ctx, res, issued, holder)
      return {
        status: 200,
        body: { ...(await userInfoAfter(ctx, issued.session)), ...left, ...tokens },
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/passkeys/unknown',
    summary: 'Ask whether a sign-in failed because its passkey is unknown; send the proof that failed',
    session: 'presented',
    body: schemas.authenticationResponse,
    answers: { 200: schemas.unknownPasskey },
    async run({ ctx, by, body: { client_id, ...body } }) {
      const client = by?.client ?? (client_id === undefined ? undefined : findClient(ctx, client_id))
      const response = body as unknown as AuthenticationResponseJSON
      return { status: 200, body: { unknown: await isUnknownPasskey(ctx, response, client) } }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/passkeys/signal',
    summary:
      'Get what the browser may signal to authenticators about the guest and all its passkeys (WebAuthn Level 3, 5.1.10)',
    session: 'required',
    answers: { 200: schemas.passkeySignal },
    async run({ ctx, session }) {
      return { status: 200, body: await passkeySignal(ctx, session) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/passkeys',
    summary: 'List the passkeys of the guest, the oldest first',
    session: 'required',
    answers: { 200: schemas.passkeys },
    async run({ ctx, session }) {
      return { status: 200, body: { passkeys: await listPasskeys(ctx, session) } }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/passkeys/:id',
    summary: 'Get one passkey of the guest',
    session: 'required',
    answers: { 200: schemas.passkey },
    errors: ['not_found'],
    async run({ ctx, session, id }) {
      return { status: 200, body: await getPasskey(ctx, session, id) }
    },
  }),
  ...itemRoutes({
    path: '/passkeys',
    item: schemas.passkey,
    rename: { summary: 'Rename a passkey', run: renamePasskey },
    remove: { summary: 'Remove a passkey; the last one needs force', run: removePasskey },
  }),
]
