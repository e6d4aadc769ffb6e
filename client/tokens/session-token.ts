// Cookie mode: access tokens for the session of the cookie, with which a page can call other services.
import type { Tokens } from '../../server/types.ts'
import { isCode } from '../lib/errors.ts'
import type { Call } from '../lib/http.ts'
import { once } from '../lib/once.ts'
import { type Channel, createChannel } from '../tabs/channel.ts'
import { type AccessToken, type AccessTokens, isGood, received } from './access-token.ts'

/**
 * Asks for a token when one is needed. Forgets it when a tab sends anything on the channel of this `name`; without such a
 * channel, or after `close`, asks each time.
 */
export function createSessionToken(call: Call, clientId: string, name: string): AccessTokens {
  let access: AccessToken | null = null
  let channel: Channel | undefined = createChannel(name, forget)

  function forget() {
    access = null
  }

  const ask = once(async (): Promise<AccessToken | null> => {
    try {
      const grant_type = 'urn:guestkey:params:oauth:grant-type:session'
      const answer = await call<Tokens>('POST', '/token', { grant_type, client_id: clientId })
      access = received(answer, { id: 0, key: undefined })
      return access
    } catch (error) {
      if (isCode(error, 'invalid_grant')) return null
      throw error
    }
  })

  return {
    async current() {
      const hears = channel?.listen()
      return hears && access && isGood(access) ? access : ask()
    },
    forget,
    close() {
      channel?.close()
      channel = undefined
    },
  }
}
