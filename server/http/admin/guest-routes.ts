// The endpoints of operators about guests: to find them, to see one whole, and to act on one.
//
// A guest's id that has other characters than letters, digits, - and _ stands in the path as ~ and its base64url.

import { eraseGuestByHost } from '../../core/account/account.ts'
import { disableGuest, enableGuest } from '../../core/account/disabling.ts'
import { idFromToken } from '../../core/guests/ids.ts'
import { keepGuestByHost } from '../../core/life/keep.ts'
import { undoMergeByHost } from '../../core/life/undo-merge.ts'
import {
  endSessionBy,
  endSessionsBy,
  extendGuestBy,
  removeDeviceKeyBy,
  removeLoginIdBy,
  removePasskeyBy,
} from '../../core/support/acts.ts'
import { findGuests } from '../../core/support/find.ts'
import { wholeGuest } from '../../core/support/whole.ts'
import { listWaysIn } from '../../core/way-in/list.ts'
import { approveWayIn, cancelWayInBy, openWayIn } from '../../core/way-in/open.ts'
import { GuestError } from '../../errors.ts'
import { type AdminEndpoint, adminEndpoint } from './endpoint.ts'
import * as schemas from './guest-schemas.ts'
import { limited, limitIn } from './schemas.ts'

const reads = { may: 'viewer', scope: 'admin:read' } as const
/** What support, and a machine with the scope, may do to a guest. */
const acts = { method: 'POST', may: 'support', scope: 'admin:guests', needs: 'reason' } as const

/** What no machine may, whatever its scopes are: nothing takes it back, so a person must mean it. */
const owners = { method: 'POST', may: 'owner', scope: null, needs: 'reason' } as const

export const guestRoutes: AdminEndpoint[] = [
  adminEndpoint({
    ...reads,
    method: 'POST', // so that no address is in a URL, which proxies write down
    path: '/guests/find',
    summary: 'Find guests, by what names one or page by page',
    body: schemas.guestQuery,
    answers: { 200: schemas.foundGuests },
    errors: ['login_id_invalid'],
    async run({ ctx, body }) {
      const { after, limit, anonymous_id, session_id, passkey_id, login_id, ...query } = body
      const { created_since, created_before, seen_since, seen_before, ...others } = query
      const found = await findGuests(
        ctx,
        {
          ...others,
          anonymousId: anonymous_id,
          sessionId: session_id,
          passkeyId: passkey_id,
          loginId: login_id,
          createdSince: created_since,
          createdBefore: created_before,
          seenSince: seen_since,
          seenBefore: seen_before,
        },
        { after, limit },
      )
      return { status: 200, body: found }
    },
  }),
  adminEndpoint({
    ...reads,
    method: 'GET',
    path: '/guests/:id',
    summary: 'Get one guest whole: what its own export has, and what only an operator needs',
    answers: { 200: schemas.wholeGuest },
    errors: ['not_found'],
    async run({ ctx, id }) {
      const guest = await wholeGuest(ctx, idFromToken(id))
      if (!guest) throw new GuestError('not_found', { detail: 'No guest has this id. Check it.' })
      return { status: 200, body: guest }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/disable',
    summary: 'Disable a guest: all its sessions have ended, and nobody is let in, when the answer arrives',
    body: schemas.disabling,
    answers: { 204: null },
    errors: ['not_found'],
    async run({ ctx, id, body: { until, disabled_reason }, act }) {
      await disableGuest(ctx, idFromToken(id), { until, reason: disabled_reason }, act)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/enable',
    summary: 'Let a disabled guest in again',
    answers: { 200: schemas.changed },
    async run({ ctx, id, act }) {
      return { status: 200, body: { changed: await enableGuest(ctx, idFromToken(id), act) } }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/sessions/end',
    summary: 'End all sessions of a guest, and revoke all its device keys',
    body: schemas.forced,
    answers: { 200: schemas.ended },
    errors: ['not_found', 'would_lose_account'],
    async run({ ctx, id, body, act }) {
      return { status: 200, body: { ended: await endSessionsBy(ctx, idFromToken(id), act, body) } }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/sessions/:item/end',
    summary: 'End one session of a guest, and revoke the device key of its browser',
    body: schemas.forced,
    answers: { 204: null },
    errors: ['not_found', 'would_lose_account'],
    async run({ ctx, id, item, body, act }) {
      await endSessionBy(ctx, { anonymousId: idFromToken(id), sessionId: item }, act, body)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/device-keys/:item/remove',
    summary: 'Revoke a device key of a guest',
    body: schemas.forced,
    answers: { 204: null },
    errors: ['not_found', 'would_lose_account'],
    async run({ ctx, id, item, body, act }) {
      await removeDeviceKeyBy(ctx, { anonymousId: idFromToken(id), id: item }, act, body)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/passkeys/:item/remove',
    summary: 'Remove a passkey of a guest',
    body: schemas.forced,
    answers: { 204: null },
    errors: ['not_found', 'would_lose_account'],
    async run({ ctx, id, item, body, act }) {
      await removePasskeyBy(ctx, { anonymousId: idFromToken(id), id: item }, act, body)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/login-ids/remove',
    summary: 'Remove a login ID of a guest; whoever has none left is a guest again',
    body: schemas.loginId,
    answers: { 204: null },
    errors: ['not_found', 'login_id_invalid', 'would_lose_account'],
    async run({ ctx, id, body: { type, value, ...force }, act }) {
      await removeLoginIdBy(ctx, { anonymousId: idFromToken(id), type, value }, act, force)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/keep',
    summary: 'Keep a guest who has no row',
    answers: { 200: schemas.changed },
    errors: ['not_found'],
    async run({ ctx, id, act }) {
      return { status: 200, body: { changed: await keepGuestByHost(ctx, idFromToken(id), act) } }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/extend',
    summary: 'Let a guest expire later, until it is next seen',
    body: schemas.extension,
    answers: { 204: null },
    errors: ['not_found'],
    async run({ ctx, id, body: { expires_at: expiresAt }, act }) {
      await extendGuestBy(ctx, { anonymousId: idFromToken(id), expiresAt }, act)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/merges/undo',
    summary: 'Undo a merge, by the ticket that the guest as a whole has',
    body: schemas.merge,
    answers: { 204: null },
    errors: ['merge_ticket_invalid', 'merge_refused', 'guest_disabled', 'not_found'],
    async run({ ctx, body: { ticket }, act }) {
      await undoMergeByHost(ctx, ticket, act)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...owners,
    path: '/guests/:id/erase',
    summary: 'Erase a guest and everything about it',
    answers: { 200: schemas.changed },
    async run({ ctx, id, act }) {
      return { status: 200, body: { changed: await eraseGuestByHost(ctx, idFromToken(id), act) } }
    },
  }),
  adminEndpoint({
    method: 'GET',
    path: '/ways-in',
    summary: 'List the ways in that are open, the one that opened or opens first at the front',
    may: 'owner',
    scope: null,
    query: limited,
    answers: { 200: schemas.waysIn },
    async run({ ctx, query }) {
      return { status: 200, body: { ways_in: await listWaysIn(ctx, limitIn(query)) } }
    },
  }),
  adminEndpoint({
    ...owners,
    path: '/guests/:id/way-in',
    summary: 'Open a way in for a guest who has lost everything: a code, good once, after a delay',
    answers: { 201: schemas.openedWayIn },
    errors: ['not_found', 'guest_disabled', 'operators_changed'],
    async run({ ctx, id, act }) {
      return { status: 201, body: await openWayIn(ctx, idFromToken(id), act) }
    },
  }),
  adminEndpoint({
    ...owners,
    path: '/guests/:id/way-in/approve',
    summary: 'Approve the way in that another owner opened, by its id',
    body: schemas.approval,
    answers: { 204: null },
    errors: ['not_found', 'way_in_replaced', 'operators_changed'],
    async run({ ctx, id, act, body }) {
      await approveWayIn(ctx, idFromToken(id), body.way_in, act)
      return { status: 204 }
    },
  }),
  adminEndpoint({
    ...acts,
    path: '/guests/:id/way-in/cancel',
    summary: 'Cancel the way in of a guest',
    answers: { 200: schemas.changed },
    async run({ ctx, id, act }) {
      return { status: 200, body: { changed: await cancelWayInBy(ctx, idFromToken(id), act) } }
    },
  }),
]
