// Devices without a browser or a keyboard (RFC 8628). The device shows a code. A person types it on our page, in a browser
// that is signed in or becomes so, and lets the device in. Then the device gets the tokens of an app that asks who is signed
// in. What is remembered is good once and for ten minutes, in the table `spent`: the code, the decision, and its use.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { decrypt, encrypt } from '../crypto/jwe.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { type Keys, mac, randomId } from '../crypto/secrets.ts'
import { DEVICE_POLL_SECONDS } from '../device-links/attempts.ts'
import { halvesOf, newHalf } from '../device-links/letters.ts'
import type { Session } from '../sessions/sessions.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { findClient, grantedScope } from '../tokens/clients.ts'
import { type TokenParams, tokensFor } from '../tokens/grants.ts'
import { issueIdToken } from '../tokens/id-tokens.ts'
import { type Carried, carry, sessionIn } from './identification.ts'

/** How long a code is good: ten minutes. */
const CODE_SECONDS = 10 * 60
/** How many codes are tried, if other devices show them already. */
const MAX_CODE_TRIES = 10

/** A device that waits: the client, the scope, an id, and the expiry in Unix seconds. */
export type WaitingDevice = { client: string; scope: string; d: string; e: number }

/** What the device gets (RFC 8628, 3.2). The URIs are for the page to add. */
export type StartedDevice = {
  device_code: string
  user_code: string
  expires_in: number
  interval: number
}

const requestId = (keys: Keys, [one, two]: [string, string]) =>
  `device code ${mac(keys.code, `device grant ${one} ${two}`)}`
const answerId = ({ d }: WaitingDevice) => `device answer ${d}`

/** Refuses a client that devices may not use: they get an ID token, as an app does. Errors: `unauthorized_client`. */
function requireDeviceClient(client: Client): void {
  if (!client.deviceGrant || client.pairwise === undefined) throw new GuestError('unauthorized_client')
}

/**
 * Starts to let a device in. Writes one row, which holds no secret.
 * Errors: `unauthorized_client`; `invalid_scope`, also without `openid`; `too_many_requests` if too many devices of this
 * network, or of all, ask; `unavailable` if 10 random codes in a row are taken.
 */
export async function startDeviceGrant(
  ctx: Context,
  client: Client,
  asked: string | undefined,
  network: string,
): Promise<StartedDevice> {
  requireDeviceClient(client)
  const scope = grantedScope(asked, client.scopes)
  if (!scope.includes('openid')) throw new GuestError('invalid_scope')
  await ctx.attempts.countLink(network)
  const expiresAt = ctx.now() + CODE_SECONDS
  const device: WaitingDevice = { client: client.id, scope: scope.join(' '), d: randomId(128), e: expiresAt }
  for (let tried = 0; tried < MAX_CODE_TRIES; tried++) {
    const halves: [string, string] = [newHalf(), newHalf()]
    const id = requestId(ctx.keys, halves)
    if (await ctx.store.spendOnce({ id, expiresAt, result: JSON.stringify(device) }))
      return {
        device_code: seal(ctx.keys.authorization, device),
        user_code: halves.join('-'),
        expires_in: CODE_SECONDS,
        interval: DEVICE_POLL_SECONDS,
      }
  }
  throw new GuestError('unavailable', { reason: 'too many device codes at once' })
}

/**
 * The device that shows this code, if nobody has decided about it yet. A wrong code counts against the limits of the network.
 * Errors: `link_invalid`; `too_many_guesses`.
 */
export async function findWaitingDevice(
  ctx: Context,
  typed: string,
  network: string,
): Promise<WaitingDevice> {
  const halves = halvesOf(typed)
  const wrong = (reason: string) => new GuestError('link_invalid', { reason })
  if (!halves) throw wrong('malformed')
  const guess = await ctx.attempts.countAttempt(network)
  const now = ctx.now()
  for (const keys of ctx.keyring) {
    const found = await ctx.store.findSpent({ id: requestId(keys, halves), now })
    if (found === undefined) continue
    await guess.uncount()
    const device = JSON.parse(found) as WaitingDevice
    if (!findClient(ctx, device.client)?.deviceGrant) throw wrong('the client may have no devices now')
    if (await ctx.store.findSpent({ id: answerId(device), now })) throw wrong('decided before')
    return device
  }
  throw wrong('unknown or expired')
}

const REFUSED = 'refused'

/** Lets the device in as this session; undefined refuses it. Only the first decision counts. Errors: `link_invalid`. */
export async function decideDeviceGrant(
  ctx: Context,
  device: WaitingDevice,
  session: Session | undefined,
): Promise<void> {
  const result = session
    ? await encrypt(ctx, 'authorizationCode', { device: device.d, s: carry(ctx, session) })
    : REFUSED
  if (!(await ctx.store.spendOnce({ id: answerId(device), expiresAt: device.e, result })))
    throw new GuestError('link_invalid', { reason: 'decided before' })
}

/**
 * The tokens of a device that was let in (RFC 8628, 3.4 and 3.5): an ID token, and an access token of the session in which the
 * person decided, without a refresh token. The code is good once.
 * Errors: `authorization_pending`; `slow_down`; `link_refused`; `code_expired`; `unauthorized_client`; `invalid_grant`;
 * `invalid_target`.
 */
export async function grantByDeviceCode(
  ctx: Context,
  client: Client,
  code: string,
  params: TokenParams,
): Promise<Tokens> {
  requireDeviceClient(client)
  const no = (reason: string) => new GuestError('invalid_grant', { reason })
  const device = unseal<Partial<WaitingDevice>>(ctx.keyring, 'authorization', code)?.payload
  if (!isDevice(device)) throw no('not a device code of this deployment')
  if (device.client !== client.id) throw no('device code issued to another client')
  if (device.e <= ctx.now()) throw new GuestError('code_expired')
  const audience = audienceFor(ctx, client, params.resource)
  await ctx.attempts.countPoll(device.d)
  const answer = await ctx.store.findSpent({ id: answerId(device), now: ctx.now() })
  if (answer === undefined) throw new GuestError('authorization_pending')
  if (answer === REFUSED) throw new GuestError('link_refused', { status: 400 })
  const carried = await decrypt<{ device: string; s: Carried }>(ctx, 'authorizationCode', answer)
  const session = carried?.device === device.d ? await sessionIn(ctx, carried.s) : undefined
  if (!session) throw no('session ended')
  if (!(await ctx.store.spendOnce({ id: `device tokens ${device.d}`, expiresAt: device.e })))
    throw no('device code used before')
  const scope = grantedScope(device.scope, client.scopes)
  const tokens = await tokensFor(
    ctx,
    client,
    { session },
    { clientId: client.id, scope, jkt: params.jkt },
    audience,
  )
  const about = { client, scope, nonce: undefined, authTime: undefined, accessToken: tokens.access_token }
  return { ...tokens, id_token: await issueIdToken(ctx, session, about) }
}

/** The same key seals authorization requests, which have no `d`. */
const isDevice = (payload: Partial<WaitingDevice> | undefined): payload is WaitingDevice =>
  payload !== undefined && 'd' in payload
