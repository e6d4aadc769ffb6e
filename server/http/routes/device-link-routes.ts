// The endpoints of device links, by which a device that is signed in lets another one in.

import {
  cancelDeviceLink,
  claimDeviceLink,
  decideDeviceLink,
  openDeviceLink,
  POLL_SECONDS,
  readDeviceLink,
  startDeviceLink,
} from '../../core/device-links/device-links.ts'
import { userInfoAfter } from '../../core/life/prompts.ts'
import { GuestError } from '../../errors.ts'
import { brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { handOut, holderOf, sessionOrNone } from '../request/credentials.ts'
import { networkOfRequest } from '../request/rate-limit.ts'

export const deviceLinkRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/device-links',
    summary:
      'Make a link that lets another device in, with a code to type or scan; it replaces the one before',
    session: 'required',
    body: schemas.noBody,
    answers: { 201: schemas.startedLink },
    errors: ['insufficient_user_authentication', ...brakeErrors],
    async run({ ctx, req, session, brake }) {
      await brake('link')
      return { status: 201, body: await startDeviceLink(ctx, session, networkOfRequest(req, ctx.config)) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/device-links/open',
    summary: 'Open a link on the device that wants in; works once. The other device must then approve',
    session: 'presented',
    body: schemas.openLink,
    answers: { 200: schemas.openedLink },
    errors: ['link_invalid', 'would_leave_guest', 'too_many_guesses', 'invalid_client', 'invalid_dpop_proof'],
    async run({ ctx, req, session: presented, body: { code, link, device, leave = false, client_id } }) {
      const codeOrLink = code !== undefined ? { code } : { link: link ?? '' }
      if ((code === undefined) === (link === undefined))
        throw new GuestError('invalid_request', { detail: 'Send either a code or a link.' })
      const holder = await holderOf(ctx, req, presented, client_id)
      const network = networkOfRequest(req, ctx.config)
      const opening = { asking: device, leave, holder, network }
      return { status: 200, body: await openDeviceLink(ctx, sessionOrNone(presented), codeOrLink, opening) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/device-links/claim',
    summary: 'Sign in on the device that opened the link, after it was approved; 202 until then',
    session: 'presented',
    body: schemas.claimLink,
    answers: { 200: schemas.signedIn, 202: schemas.undecidedLink },
    errors: [
      'link_invalid',
      'link_refused',
      'too_many_sessions',
      'guest_merged',
      'guest_disabled',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session: presented, body: { secret, client_id } }) {
      const holder = await holderOf(ctx, req, presented, client_id)
      const signedIn = await claimDeviceLink(ctx, sessionOrNone(presented), secret, holder)
      if (!signedIn) return { status: 202, body: { status: 'opened', interval: POLL_SECONDS } }
      const { issued, ...left } = signedIn
      const tokens = await handOut(ctx, res, issued, holder)
      const userInfo = await userInfoAfter(ctx, issued.session)
      return { status: 200, body: { ...userInfo, ...left, offer_passkey: true, ...tokens } }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/device-links/:id',
    summary:
      'Get a link on the device that made it: its status, the device that opened it, the words to compare',
    session: 'required',
    answers: { 200: schemas.deviceLink },
    errors: ['not_found'],
    async run({ ctx, session, id }) {
      return { status: 200, body: await readDeviceLink(ctx, session, id) }
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/device-links/:id',
    summary: 'Approve or refuse the device that opened the link, on the device that made it',
    session: 'required',
    body: schemas.decideLink,
    answers: { 200: schemas.deviceLink },
    errors: ['not_found', 'link_invalid'],
    async run({ ctx, session, id, body }) {
      return { status: 200, body: await decideDeviceLink(ctx, session, id, body.approve) }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/device-links/:id',
    summary: 'Cancel a link',
    session: 'required',
    body: schemas.noBody,
    answers: { 204: null },
    errors: ['not_found'],
    async run({ ctx, session, id }) {
      await cancelDeviceLink(ctx, session, id)
      return { status: 204 }
    },
  }),
]
