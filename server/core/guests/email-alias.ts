// An e-mail address for apps that insist on one (the client option `emailAlias`): computed, and stored nowhere. Each pairwise
// client gets another one, and no mail can go to any of them (RFC 2606, 2).

import { hash } from 'node:crypto'
import type { Client } from '../../options/options.ts'
import { nameFor } from './pairwise.ts'

/** The scope that asks for an address (OpenID Connect Core 1.0, 5.4). */
export const EMAIL_SCOPE = 'email'

/** A longer `sub`, as imported guests may have, would not fit before the @ (RFC 5321, 4.5.3.1.1). It is hashed. */
const MAX_CHARACTERS = 43

/** The address by which this client knows the guest; undefined if the client gets none, or did not ask for one. */
export function aliasFor(client: Client, anonymousId: string, scope: readonly string[]): string | undefined {
  if (client.emailAlias === undefined || !scope.includes(EMAIL_SCOPE)) return undefined
  const sub = nameFor(client, anonymousId)
  return client.emailAlias.replace('{sub}', () =>
    sub.length > MAX_CHARACTERS ? hash('sha256', sub, 'base64url') : sub,
  )
}

/** The claims about the address (OpenID Connect Core 1.0, 5.1). Nobody has verified it, because nobody can. */
export function emailClaims(client: Client, anonymousId: string, scope: readonly string[]) {
  const email = aliasFor(client, anonymousId, scope)
  return email === undefined ? {} : { email, email_verified: false }
}
