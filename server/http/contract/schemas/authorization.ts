// The schemas of the authorization endpoint, of its pages and of pushed requests (RFC 6749, 4.1; RFC 9126).

import { z } from '../../../zod.ts'
import { clientId } from './common.ts'
import { clientInBody } from './tokens.ts'

/** How long most params of a page may be. */
export const MAX_PARAM_CHARACTERS = 2048
const short = z.string().check(z.maxLength(MAX_PARAM_CHARACTERS))
const asked = {
  client_id: z.optional(short),
  response_type: z.optional(short),
  redirect_uri: z.optional(short),
  /** RFC 6749, A.5. At most 512 characters, because the pages carry the request in URLs. */
  state: z.optional(
    z.string().check(z.regex(/^[\x20-\x7E]{0,512}$/, 'must be at most 512 printable characters')),
  ),
  code_challenge: z.optional(short),
  code_challenge_method: z.optional(short),
  purpose: z.optional(z.enum(['promote', 'sign_in'])),
  scope: z.optional(short),
  // OpenID Connect Core 1.0, 3.1.2.1. What is wrong with these, the client is told at its redirect URI.
  nonce: z.optional(short),
  response_mode: z.optional(short),
  prompt: z.optional(short),
  max_age: z.optional(short),
  id_token_hint: z.optional(short),
  claims: z.optional(short),
  request: z.optional(short),
  request_uri: z.optional(short),
}
/** Unknown params are ignored (RFC 6749, 3.1). */
export const authorizationRequest = z.object({ ...clientInBody, ...asked })
export const pushed = z.object({ request_uri: z.string(), expires_in: z.int() })
export const authorizeForm = z.object({ ...asked, ui_locales: z.optional(short) })
export const authorizeQuery = z.object({
  ...asked,
  ui_locales: z.optional(short),
  /** From our own pages: the sealed request that is under way. Not `request`, which is a signed one (RFC 9101). */
  resume: z.optional(short),
})
const locales = { ui_locales: z.optional(short) }
export const pageRequest = z.object({ request: short, ...locales })
/** `whom` stands for the guest whom the page showed; missing if nobody was signed in. */
export const pageApproval = z.object({ request: short, whom: z.optional(short), ...locales })
/** RP-Initiated Logout 1.0, 2. Other params are ignored. */
const ending = {
  id_token_hint: z.optional(z.string().check(z.maxLength(4096))),
  client_id: z.optional(short),
  post_logout_redirect_uri: z.optional(short),
  state: z.optional(short),
  ...locales,
}
export const endSession = z.object(ending)
/** `whom` stands for the guest whom the page showed, and `request` for what the person was about to do. */
export const confirmedEnd = z.object({
  ...ending,
  request: z.optional(short),
  whom: short,
  force: z.optional(z.literal('true')),
})
/** RFC 8628, 3.3 and 3.3.1. */
const userCode = z.string().check(z.maxLength(64))
export const devicePage = z.object({ user_code: z.optional(userCode), ...locales })
export const deviceDecision = z.object({
  user_code: userCode,
  whom: z.optional(short),
  decision: z.enum(['approve', 'refuse']),
  ...locales,
})
export const pageProvider = z.object({ request: short, provider: short, ...locales })
export const pageLoginId = z.object({
  request: short,
  type: z.enum(['email', 'phone']),
  value: short,
  /** From the page that asks for the code: the person wants a new one. */
  again: z.optional(z.literal('true')),
  ...locales,
})
export const pageCode = z.object({
  request: short,
  transaction: short,
  code: short,
  value: short,
  ...locales,
})
/** OpenID Connect Core 1.0, 3.1.2.5 and 3.1.2.6. A provider may add params. */
export const providerAnswer = z.looseObject({
  code: z.optional(z.string()),
  state: z.optional(z.string()),
  error: z.optional(z.string()),
})
export const redemption = z.strictObject({
  code: z.string().check(z.maxLength(4096)),
  code_verifier: z.string().check(z.regex(/^[\w.~-]{43,128}$/, 'must be a code_verifier (RFC 7636, 4.1)')),
  redirect_uri: z.optional(short),
  client_id: clientId,
})
