// Challenges that carry their own state: made without writing anything, remembered only once they were used.

import type { Context } from '../../context.ts'
import type { Spent } from '../../store/store.ts'
import { seal, unseal } from './seal.ts'
import { type Keys, randomId } from './secrets.ts'

export type ChallengePurpose =
  | ('register' | 'register_new_guest' | 'sign_in' | 'step_up')
  | ('register_device_key' | 'device_key_sign_in')

/** What a challenge says, authenticated. */
export type Challenge = {
  purpose: ChallengePurpose
  /** Its own id: what is remembered as spent. */
  id: string
  expiresAt: number
  /** The guest that it was made for (for `register_new_guest`: the guest to be); undefined where anybody may use it. */
  anonymousId?: string
  /** The session that it was made in, where it is good in that one only. */
  sessionId?: string
  /** The keys that it was made with: what else follows from them must follow from the same ones. */
  keys: Keys
  /** For a guest to be: the label that the authenticator was told. */
  label?: string
  collection?: string
  /** Of a registration: the user handle that the authenticator is given. */
  userHandle?: string
  /** Of a registration: the browser may make the passkey by itself, with nobody there. */
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

/** A new challenge as the bytes that the authenticator signs (WebAuthn Level 3, 13.4.3: at least 16 random bytes). */
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

/** What the challenge in a ceremony's client data says, or undefined where it is not ours or too late. */
export function readChallenge(ctx: Context, clientDataJSON: string): Challenge | undefined {
  const challenge = challengeIn(clientDataJSON)
  return challenge === undefined ? undefined : openChallenge(ctx, challenge)
}

/** What a challenge (base64url) says, or undefined where it is not ours or too late. */
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

/** The challenge as the client data holds it (base64url), before anything of it is believed. */
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

/** base64url has spare bits: only the one text that encodes these bytes is the challenge that was given. */
const isExact = (challenge: string): boolean =>
  Buffer.from(challenge, 'base64url').toString('base64url') === challenge

export const spentChallenge = (challenge: Challenge): Spent => ({
  id: challenge.id,
  expiresAt: challenge.expiresAt,
})
