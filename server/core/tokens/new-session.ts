// The new stored session of whoever asks: a client's, with a refresh token, or the browser's, with a cookie.

import type { Context } from '../../context.ts'
import type { SessionRow } from '../../store/store.ts'
import type { Keys } from '../crypto/secrets.ts'
import { newStoredSession } from '../sessions/session-tokens.ts'
import type { Holder } from '../sessions/sessions.ts'
import { newStoredGrant } from './refresh-tokens.ts'

/**
 * The row and the token of a new stored session: for the client `holder`, or else for the browser. `secret`: what the
 * token is made of; default: random. `keys`: what seals a client's token; default: those of the current secret.
 */
export const newSessionFor = (
  ctx: Context,
  holder: Holder | undefined,
  anonymousId: string,
  { secret, keys }: { secret?: string | undefined; keys?: Keys } = {},
): { row: SessionRow; token: string } =>
  holder
    ? newStoredGrant(ctx, holder, anonymousId, {
        ...(secret !== undefined && { secret }),
        ...(keys && { keys }),
      })
    : newStoredSession(ctx, anonymousId, secret)
