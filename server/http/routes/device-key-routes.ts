// The endpoints of device keys: get a challenge, add a key, sign in with it, list, rename and revoke.

import {
  addDeviceKey,
  deviceKeyChallenge,
  listDeviceKeys,
  removeDeviceKey,
  renameDeviceKey,
} from '../../core/device-keys/manage.ts'
import { signInByDeviceKey } from '../../core/device-keys/sign-in.ts'
import { userInfoAfter } from '../../core/life/prompts.ts'
import { brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { audiencesOf } from '../request/client.ts'
import { handOut, holderOf, sessionOrNone } from '../request/credentials.ts'
import { itemRoutes } from './item-routes.ts'

export const deviceKeyRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/device-keys/challenge',
    summary: 'Get a challenge for a device key to sign, to add the key to the guest or to sign in with it',
    session: 'presented',
    body: schemas.deviceKeyPurpose,
    answers: { 200: schemas.deviceKeyChallenge },
    errors: ['not_signed_in', 'session_invalid', 'insufficient_user_authentication'],
    run({ ctx, session, body: { purpose } }) {
      if (purpose === 'register' && session.status === 'invalid') throw session.error
      return { status: 200, body: deviceKeyChallenge(ctx, sessionOrNone(session), purpose) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/device-keys',
    summary: 'Add the device key that signed the challenge; 200 if it was added before',
    session: 'required',
    body: schemas.deviceKeyRegistration,
    answers: { 201: schemas.withDeviceKey, 200: schemas.withDeviceKey },
    errors: [
      'device_key_invalid',
      'insufficient_user_authentication',
      'too_many_device_keys',
      ...brakeErrors,
    ],
    async run({ ctx, req, session, body, brake }) {
      if (session.kind === 'sealed') await brake('keep')
      const audiences = audiencesOf(ctx.config, req)
      const { deviceKey, session: next, repeated } = await addDeviceKey(ctx, session, { ...body, audiences })
      return {
        status: repeated ? 200 : 201,
        body: { ...(await userInfoAfter(ctx, next)), device_key: deviceKey },
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/device-keys/sign-in',
    summary:
      'Sign in with a device key; `previous` is the other guest whose session this ended, `merged` whether it was merged',
    session: 'presented',
    body: schemas.deviceKeySignIn,
    answers: { 200: schemas.signedIn },
    errors: [
      'device_key_invalid',
      'device_key_refused',
      'guest_merged',
      'guest_disabled',
      'too_many_sessions',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { client_id, assertion } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const audiences = audiencesOf(ctx.config, req)
      const { issued, ...left } = await signInByDeviceKey(ctx, sessionOrNone(presented), {
        assertion,
        audiences,
        holder,
      })
      const tokens = await handOut(ctx, res, issued, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, issued.session)), ...left, ...tokens } }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/device-keys',
    summary: 'List the device keys of the guest, the oldest first',
    session: 'required',
    answers: { 200: schemas.deviceKeys },
    async run({ ctx, session }) {
      return { status: 200, body: { device_keys: await listDeviceKeys(ctx, session) } }
    },
  }),
  ...itemRoutes({
    path: '/device-keys',
    item: schemas.deviceKey,
    rename: { summary: 'Rename a device key', run: renameDeviceKey },
    remove: {
      summary: 'Revoke a device key; needs force if nothing else could bring the guest back',
      run: removeDeviceKey,
    },
  }),
]
