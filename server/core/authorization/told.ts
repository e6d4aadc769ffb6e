// What an app is told of the guest, and what people are told of the app.

import type { Context } from '../../context.ts'
import { aliasFor, EMAIL_SCOPE } from '../guests/email-alias.ts'
import type { Session } from '../sessions/sessions.ts'
import { findClient, scopesIn } from '../tokens/clients.ts'

/** Which app is told, and what it was granted. */
export type Telling = { client: string; scope: string }

/** What is told, in words that only we compare: the scopes, the kind of address, and whether one is a guest. */
export function wordsTold(ctx: Context, { client, scope }: Telling, { promotedAt }: Session): string[] {
  const { emailAlias } = findClient(ctx, client)!
  const alias = emailAlias === undefined ? [] : [emailAlias]
  return [...scopesIn(scope), ...alias, promotedAt === null ? 'is:guest' : 'is:user']
}

/**
 * The address that an app is told; undefined if it is told none. If nobody is signed in, there is no `sub` yet, and the address
 * has an ellipsis in its place.
 */
export function addressTold(
  ctx: Context,
  { client: id, scope }: Telling,
  session: Session | undefined,
): string | undefined {
  const client = findClient(ctx, id)!
  const scopes = scopesIn(scope)
  if (session) return aliasFor(client, session.anonymousId, scopes)
  return scopes.includes(EMAIL_SCOPE) ? client.emailAlias?.replace('{sub}', '…') : undefined
}

/** The name of an app in its options, if it has one. */
export const nameOfClient = (ctx: Context, id: string): string | undefined => findClient(ctx, id)?.name
