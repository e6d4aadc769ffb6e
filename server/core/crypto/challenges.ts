// Challenges that carry their own state. Making one writes nothing; the store remembers only the ids of used ones.

import type { Context } from '../../context.ts'
import type { Spent } from '../../store/store.ts'
import { seal, unseal } from './seal.ts'
import { type Keys, randomId } from './secrets.ts'

export type ChallengePurpose =
  | ('register' | 'register_new_guest' | 'sign_in' | 'step_up')
  | ('register_device_key' | 'device_key_sign_in')

/** What a challenge says. Its seal was verified. */
export type Challenge = {
  purpose: ChallengePurpose
  /** Its own random id, which the store remembers once the challenge is used. */
  id: string
  /** Unix seconds. */
  expiresAt: number
  /** The guest whom it was made for, or for `register_new_guest` the new guest. Undefined: anybody may use it. */
  anonymousId?: string
  /** The only session in which it is valid. Undefined: it is not bound to a session. */
  sessionId?: string
  /** The keys that sealed it. Whatever else the ceremony derives must come from these keys, even after a new secret. */
  keys: Keys
  /** For a new guest: the label that the authenticator was given. */
  label?: string
  collection?: string
  /** For a registration: the user handle that the authenticator is given. */
  userHandle?: string
  /** For a registration: the browser may create the passkey by itself, without asking the user. */
  conditional?: boolean
}

type ChallengePayload = {
  p: ChallengePurpose
  n: string
  e: number
  a?: string
  s?: string
  l?: string
  c?: string
  h?: string
  u?: 1
}

/**
 * A new challenge, as the bytes that the authenticator signs. It holds 16 random bytes (WebAuthn Level 3, 13.4.3: at
 * least 16) and expires after `challengeSeconds`.
 */
export function newChallenge(
  ctx: Context,
  purpose: ChallengePurpose,
  of: Partial<Omit<Challenge, 'purpose' | 'id' | 'expiresAt' | 'keys'>> = {},
): Uint8Array<ArrayBuffer> {
  const payload: ChallengePayload = {
    p: purpose,
    n: randomId(128),
    e: ctx.now() + ctx.config.challengeSeconds,
    ...(of.anonymousId && { a: of.anonymousId }),
    ...(of.sessionId && { s: of.sessionId }),
    ...(of.label && { l: of.label }),
    ...(of.collection && { c: of.collection }),
    ...(of.userHandle && { h: of.userHandle }),
    ...(of.conditional && { u: 1 }),
  }
  return new TextEncoder().encode(seal(ctx.keys.challenge, payload))
}

/** What the challenge in a ceremony's client data says; undefined if we did not make it, or if it has expired. */
export function readChallenge(ctx: Context, clientDataJSON: string): Challenge | undefined {
  const challenge = challengeIn(clientDataJSON)
  return challenge === undefined ? undefined : openChallenge(ctx, challenge)
}

/** What a challenge (base64url) says; undefined if we did not make it, or if it has expired. */
export function openChallenge(ctx: Context, challenge: string): Challenge | undefined {
  const opened =
    isExact(challenge) &&
    unseal<ChallengePayload>(ctx.keyring, 'challenge', Buffer.from(challenge, 'base64url').toString())
  if (!opened || opened.payload.e <= ctx.now()) return undefined
  const { p, n, e, a, s, l, c, h, u } = opened.payload
  return {
    keys: opened.keys,
    purpose: p,
    id: n,
    expiresAt: e,
    ...(a && { anonymousId: a }),
    ...(s && { sessionId: s }),
    ...(l && { label: l }),
    ...(c && { collection: c }),
    ...(h && { userHandle: h }),
    ...(u && { conditional: true }),
  }
}

/** The challenge in the client data (base64url), not verified yet; undefined if there is no well-formed one. */
export function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as {
      challenge?: unknown
    }
    return typeof challenge === 'string' && isExact(challenge) ? challenge : undefined
  } catch {
    return undefined
  }
}

/** base64url has spare bits, so several texts decode to the same bytes. Only one of them is the challenge we gave. */
const isExact = (challenge: string): boolean =>
  Buffer.from(challenge, 'base64url').toString('base64url') === challenge

export const spentChallenge = (challenge: Challenge): Spent => ({
  id: challenge.id,
  expiresAt: challenge.expiresAt,
})
