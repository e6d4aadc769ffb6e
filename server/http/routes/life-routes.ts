// The endpoints for the profile, for merging the guest that the browser was before, and for export and erasure.

import { eraseAccount } from '../../core/account/account.ts'
import { exportAccount } from '../../core/account/record.ts'
import { hashToken } from '../../core/crypto/secrets.ts'
import { merge } from '../../core/life/merge.ts'
import { changeProfile, readProfile, type VersionedProfile } from '../../core/life/profile.ts'
import { userInfoAfter } from '../../core/life/prompts.ts'
import { undoMerge } from '../../core/life/undo-merge.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { GuestError } from '../../errors.ts'
import { type Answer, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { handOut, holderOf } from '../request/credentials.ts'
import { isKnown, strong } from '../request/etags.ts'
import { clearSession } from '../request/session-cookie.ts'

/** The ETag of a profile (RFC 9110, 8.8.3). It differs between guests, because a tab may still show the guest before. */
const etagOf = ({ profile, version }: VersionedProfile) =>
  `"${hashToken(profile.anonymous_id).slice(0, 8)}-${version}"`

const profileAnswer = (found: VersionedProfile): Answer => ({
  status: 200,
  body: found.profile,
  headers: { ETag: etagOf(found) },
})

/**
 * The version of the profile that If-Match names (RFC 9110, 13.1.1); undefined if any version will do.
 * Errors: `precondition_failed` if it names the profile of another guest, or no version.
 */
function versionIn(ifMatch: string | undefined, { anonymousId }: Session): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  const version = Number(/-(\d{1,15})"$/.exec(ifMatch.trim())?.[1] ?? Number.NaN)
  const meant = { profile: { anonymous_id: anonymousId }, version } as VersionedProfile
  if (strong(ifMatch) !== etagOf(meant)) throw new GuestError('precondition_failed')
  return version
}

export const lifeRoutes: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/profile',
    summary: 'Get the profile of the guest',
    session: 'required',
    answers: { 200: schemas.profile, 304: null },
    errors: ['no_profile'],
    async run({ ctx, req, session }) {
      const found = await readProfile(ctx, session)
      const known = isKnown(req.headers['if-none-match'], etagOf(found))
      return known ? { status: 304, headers: { ETag: etagOf(found) } } : profileAnswer(found)
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/profile',
    summary:
      'Change attributes of the profile (JSON Merge Patch, RFC 7396: null removes one), if If-Match still matches',
    session: 'required',
    body: schemas.profilePatch,
    answers: { 200: schemas.profile },
    errors: ['no_profile', 'attribute_invalid', 'precondition_failed', 'profile_too_large'],
    async run({ ctx, req, session, body: { attributes } }) {
      return profileAnswer(
        await changeProfile(ctx, session, attributes, versionIn(req.headers['if-match'], session)),
      )
    },
  }),
  endpoint({
    method: 'POST',
    path: '/merge',
    summary: 'Merge the guest that this browser was before, by the ticket of the sign-in',
    session: 'required',
    body: schemas.mergeTicket,
    answers: { 200: schemas.merged },
    errors: [
      'merge_ticket_invalid',
      'not_found',
      'merge_refused',
      'nothing_to_merge',
      'guest_disabled',
      'insufficient_user_authentication',
      'unavailable',
    ],
    async run({ ctx, session, body: { ticket } }) {
      const merged = await merge(ctx, session, ticket)
      return { status: 200, body: { ...(await userInfoAfter(ctx, session)), merged } }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/merge/undo',
    summary: 'Undo a merge: bring the merged guest back, and sign it in if it cannot come back otherwise',
    session: 'required',
    body: schemas.undoTicket,
    answers: { 200: schemas.userInfoWithTokens },
    errors: [
      'merge_ticket_invalid',
      'merge_refused',
      'guest_disabled',
      'not_found',
      'would_lose_account',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({ ctx, req, res, session, by, body: { ticket, force, client_id } }) {
      const holder = await holderOf(ctx, req, { session, by }, client_id)
      const issued = await undoMerge(ctx, session, ticket, { holder, force })
      if (!issued) return { status: 200, body: await userInfoAfter(ctx, session) }
      const tokens = await handOut(ctx, res, issued, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, issued.session)), ...tokens } }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/account',
    summary: 'Erase the guest and everything about it',
    session: 'required',
    body: schemas.noBody,
    answers: { 204: null },
    errors: ['insufficient_user_authentication'],
    async run({ ctx, res, session, by }) {
      await eraseAccount(ctx, session)
      if (!by) clearSession(ctx, res)
      return { status: 204 }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/account/export',
    summary: 'Export everything that is stored about the guest',
    session: 'required',
    answers: { 200: schemas.accountExport },
    async run({ ctx, session }) {
      return {
        status: 200,
        body: await exportAccount(ctx, session),
        headers: {
          'Content-Disposition': `attachment; filename="${session.label.replace(/[^\w-]/g, '_') || 'guest'}.json"`,
        },
      }
    },
  }),
]
