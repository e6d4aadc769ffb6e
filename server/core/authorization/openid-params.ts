// What an app may say about the sign-in that it asks for (OpenID Connect Core 1.0, 3.1.2.1 and 5.5), and what it then demands.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import { readIdToken } from '../tokens/id-tokens.ts'
import { guestMac } from './whom.ts'

/** The params of OpenID Connect that are about the sign-in, unchecked. All others of its params are accepted and ignored. */
export type OpenIdParams = {
  prompt?: string | undefined
  max_age?: string | undefined
  id_token_hint?: string | undefined
  claims?: string | undefined
}

/** What must be true of the sign-in. A request carries it from page to page. */
export type Demands = {
  /** The values of `prompt`, of those that we know. */
  prompt: string[]
  /** How old the sign-in may be, in seconds, when the request begins. */
  maxAge?: number
  /** Whether a passkey must have been proven, by an essential `acr`. */
  passkey?: true
  /** Whether the ID token tells `auth_time` although `max_age` is not asked for. */
  authTime?: true
  /** The guest who must be signed in, by `id_token_hint`: a MAC of the id (`guestMac`). */
  hinted?: string
}

const PROMPTS = ['none', 'login', 'consent', 'select_account']

/** An error that the app is told at its redirect URI, by its name in OAuth. */
const refused = (oauth: string, detail: string) => new GuestError('invalid_request', { oauth, detail })
const invalidRequest = (detail: string) => refused('invalid_request', detail)

/**
 * Reads what an app demands of the sign-in. Errors: `invalid_request`. If no sign-in here can be what the app demands, the app
 * is told so by the name of OpenID Connect Unmet Authentication Requirements 1.0.
 */
export async function readDemands(ctx: Context, client: Client, asked: OpenIdParams): Promise<Demands> {
  const prompt = (asked.prompt ?? '').split(' ').filter((one) => PROMPTS.includes(one))
  if (prompt.includes('none') && prompt.length > 1)
    throw invalidRequest('prompt must be none alone, or have other values than none.')
  if (asked.max_age !== undefined && !/^\d{1,9}$/.test(asked.max_age))
    throw invalidRequest('max_age must be a number of seconds, such as 300.')
  const { acr, auth_time: authTime } = idTokenClaims(asked.claims)
  const hinted = asked.id_token_hint && (await readIdToken(ctx, asked.id_token_hint))
  if (asked.id_token_hint && (!hinted || hinted.client !== client))
    throw invalidRequest('id_token_hint must be an ID token that this service gave to this client.')
  return {
    prompt,
    ...(asked.max_age !== undefined && { maxAge: Number(asked.max_age) }),
    ...(isEssential(acr) && requirePhr(acr) && { passkey: true }),
    ...(authTime !== undefined && { authTime: true }),
    ...(hinted && { hinted: guestMac(ctx.keys, hinted) }),
  }
}

type Asked = { essential?: unknown; value?: unknown; values?: unknown } | null | undefined

/** What `claims` asks of the ID token (OpenID Connect Core 1.0, 5.5). Claims that we do not have are ignored. */
function idTokenClaims(text: string | undefined): { acr?: Asked; auth_time?: Asked } {
  if (text === undefined) return {}
  const claims = parsed(text)
  const { id_token: ofIdToken = {} } = isObject(claims) ? claims : { id_token: null }
  if (!isObject(ofIdToken))
    throw invalidRequest('claims must be a JSON object (OpenID Connect Core 1.0, 5.5).')
  return ofIdToken as { acr?: Asked; auth_time?: Asked }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isEssential = (asked: Asked): boolean => isObject(asked) && asked.essential === true

/** The one authentication context that we have is `phr`. An essential `acr` of other values cannot be met. */
function requirePhr(acr: Asked): boolean {
  const values = [acr?.value, acr?.values].flat().filter((one) => one !== undefined)
  if (values.length > 0 && !values.includes('phr'))
    throw refused('unmet_authentication_requirements', 'The only acr of this service is phr.')
  return true
}
