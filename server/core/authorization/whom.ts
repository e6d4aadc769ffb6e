// The MAC that stands for a guest in a request, because our pages' URLs contain the request.

import type { Context } from '../../context.ts'
import { type Keys, mac } from '../crypto/secrets.ts'
import type { Session } from '../sessions/sessions.ts'

type Guest = Pick<Session, 'anonymousId'>

/** The MAC that stands for a guest in a request. */
export const guestMac = (keys: Keys, { anonymousId }: Guest): string =>
  mac(keys.authorization, `whom ${anonymousId}`)

/** Whether a request names this guest, under the current secret or an earlier one that is still accepted. */
export const isWhom = ({ keyring }: Context, guest: Guest, whom: string | null): boolean =>
  keyring.some((keys) => guestMac(keys, guest) === whom)
