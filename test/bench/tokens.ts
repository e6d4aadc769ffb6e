// Sessions with tokens instead of cookies, as an app on another origin has them.

import { SoftwareAuthenticator } from '../support/authenticator.ts'
import { ask, origin, request } from './endpoints.ts'
import type { Send } from './load.ts'

export type Tokens = { access_token: string; refresh_token: string }

/** The deployment's own client, which needs no registration. */
const client_id = 'guestkey'

const tokenRequest = (parameters: object) => request('POST', '/guest/token', { client_id, ...parameters })

async function tokensOf(send: Send, text: string): Promise<Tokens> {
  return JSON.parse((await ask(send, text)).body)
}

/** A new guest without a row. */
export const newTokens = (send: Send): Promise<Tokens> =>
  tokensOf(send, tokenRequest({ grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous' }))

/** A new guest with a passkey and a row. */
export async function newStoredTokens(send: Send): Promise<Tokens> {
  const { access_token } = await newTokens(send)
  const device = new SoftwareAuthenticator({ origin, synced: true })
  const post = (path: string, body: object) =>
    ask(send, request('POST', `/guest/passkeys/${path}`, body, '', access_token))
  const response = await device.create(JSON.parse((await post('register/options', {})).body))
  return JSON.parse((await post('register', response)).body).tokens
}

/** The next tokens of this session. */
export const refresh = (send: Send, { refresh_token }: Tokens): Promise<Tokens> =>
  tokensOf(send, tokenRequest({ grant_type: 'refresh_token', refresh_token }))
