// What an app learns of a guest by OpenID Connect (OpenID Connect Core 1.0, 5.1): the same in the ID token, at userinfo and by
// introspection. What few guests have in common comes only with a scope of its own, because two apps could join guests by it.

import type { Client } from '../../options/options.ts'
import { emailClaims } from '../guests/email-alias.ts'
import { nameFor } from '../guests/pairwise.ts'
import type { Session } from '../sessions/sessions.ts'

/** Whether tokens with these scopes are an app's that asks who is signed in: they tell only what was granted. */
export const isOpenId = ({ pairwise }: Client, scope: readonly string[]): boolean =>
  pairwise !== undefined && scope.includes('openid')

/** What the scopes grant, beside who it is. */
export const grantedClaims = (
  { recoverability, collection }: Pick<Session, 'recoverability' | 'collection'>,
  scope: readonly string[],
) => ({
  ...(scope.includes('recoverability') && { recoverability }),
  ...(scope.includes('collection') && { collection }),
})

/** Who is signed in, as the app learns it. */
export function openIdClaims(client: Client, session: Session, scope: readonly string[]) {
  const isPromoted = session.promotedAt !== null
  return {
    sub: nameFor(client, session.anonymousId),
    is_anonymous: !isPromoted,
    is_verified: isPromoted,
    ...grantedClaims(session, scope),
    ...emailClaims(client, session.anonymousId, scope),
  }
}
