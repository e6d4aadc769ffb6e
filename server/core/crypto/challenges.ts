// Challenges that carry their own state. Making one writes nothing; the store remembers only the ids of used ones.

import type { Context } from '../../context.ts'
import type { Spent } from '../../store/store.ts'
import { seal, unseal } from './seal.ts'
import { type Keys, randomId } from './secrets.ts'

/** What a challenge is for, and whom it binds. */
type ChallengeFor =
  | {
      purpose: 'register'
      anonymousId: string
      /** The only session in which it is valid. */
      sessionId: string
      /** The user handle that the authenticator is given. Undefined in a challenge of an earlier version. */
      userHandle: string | undefined
      /** The browser may create the passkey by itself, without asking the user. */
      conditional: boolean
    }
  | {
      purpose: 'register_new_guest'
      /** The id of the new guest, and the label that the authenticator was given. */
      anonymousId: string
      label: string
      collection: string
      userHandle: string | undefined
    }
  /** `anonymousId`: the guest who was signed in when it was made. Undefined: nobody was. */
  | { purpose: 'sign_in'; anonymousId: string | undefined }
  | { purpose: 'step_up'; anonymousId: string }
  | { purpose: 'register_device_key'; anonymousId: string; sessionId: string }
  | { purpose: 'device_key_sign_in' }
  /** `wayIn`: the id of the way in by which the guest comes in with a new passkey. */
  | { purpose: 'way_in'; anonymousId: string; wayIn: string }
  | { purpose: 'operator_sign_in' }
  | { purpose: 'operator_step_up'; operatorId: string; sessionId: string }
  /** `boundTo`: the id of the invitation, or that of the operator's session. */
  | { purpose: 'operator_register'; operatorId: string; boundTo: string }

export type ChallengePurpose = ChallengeFor['purpose']

/** What a challenge says. Its seal was verified. */
export type Challenge<P extends ChallengePurpose = ChallengePurpose> = Extract<
  ChallengeFor,
  { purpose: P }
> & {
  /** Its own random id, which the store remembers once the challenge is used. */
  id: string
  /** Unix seconds. */
  expiresAt: number
  /** The keys that sealed it. Whatever else the ceremony derives must come from these keys, even after a new secret. */
  keys: Keys
}

/** The same facts as in `ChallengeFor`, in the short form that is sealed. */
type SealedFor =
  | { p: 'register'; a: string; s: string; h?: string; u?: 1 }
  | { p: 'register_new_guest'; a: string; l: string; c: string; h?: string }
  | { p: 'sign_in'; a?: string }
  | { p: 'step_up'; a: string }
  | { p: 'register_device_key'; a: string; s: string }
  | { p: 'device_key_sign_in' }
  | { p: 'way_in'; a: string; w: string }
  | { p: 'operator_sign_in' }
  | { p: 'operator_step_up'; o: string; s: string }
  | { p: 'operator_register'; o: string; b: string }

type ChallengePayload = SealedFor & { n: string; e: number }

/**
 * A new challenge, as the bytes that the authenticator signs. It holds 16 random bytes (WebAuthn Level 3, 13.4.3: at
 * least 16) and expires after `challengeSeconds`.
 */
export function newChallenge(ctx: Context, wanted: ChallengeFor): Uint8Array<ArrayBuffer> {
  const { p, ...rest } = toSealed(wanted)
  const payload = { p, n: randomId(128), e: ctx.now() + ctx.config.challengeSeconds, ...rest }
  return new TextEncoder().encode(seal(ctx.keys.challenge, payload))
}

function toSealed(wanted: ChallengeFor): SealedFor {
  switch (wanted.purpose) {
    case 'register': {
      const { purpose, anonymousId, sessionId, userHandle, conditional } = wanted
      return {
        p: purpose,
        a: anonymousId,
        s: sessionId,
        ...(userHandle !== undefined && { h: userHandle }),
        ...(conditional && { u: 1 }),
      }
    }
    case 'register_new_guest': {
      const { purpose, anonymousId, label, collection, userHandle } = wanted
      return {
        p: purpose,
        a: anonymousId,
        l: label,
        c: collection,
        ...(userHandle !== undefined && { h: userHandle }),
      }
    }
    case 'sign_in':
      return { p: wanted.purpose, ...(wanted.anonymousId !== undefined && { a: wanted.anonymousId }) }
    case 'step_up':
      return { p: wanted.purpose, a: wanted.anonymousId }
    case 'register_device_key':
      return { p: wanted.purpose, a: wanted.anonymousId, s: wanted.sessionId }
    case 'way_in':
      return { p: wanted.purpose, a: wanted.anonymousId, w: wanted.wayIn }
    case 'device_key_sign_in':
    case 'operator_sign_in':
      return { p: wanted.purpose }
    case 'operator_step_up':
      return { p: wanted.purpose, o: wanted.operatorId, s: wanted.sessionId }
    case 'operator_register':
      return { p: wanted.purpose, o: wanted.operatorId, b: wanted.boundTo }
  }
}

/** Undefined for a purpose that this version does not know. */
function fromSealed(sealed: SealedFor): ChallengeFor | undefined {
  switch (sealed.p) {
    case 'register':
      return {
        purpose: sealed.p,
        anonymousId: sealed.a,
        sessionId: sealed.s,
        userHandle: sealed.h,
        conditional: sealed.u === 1,
      }
    case 'register_new_guest':
      return {
        purpose: sealed.p,
        anonymousId: sealed.a,
        label: sealed.l,
        collection: sealed.c,
        userHandle: sealed.h,
      }
    case 'sign_in':
      return { purpose: sealed.p, anonymousId: sealed.a }
    case 'step_up':
      return { purpose: sealed.p, anonymousId: sealed.a }
    case 'register_device_key':
      return { purpose: sealed.p, anonymousId: sealed.a, sessionId: sealed.s }
    case 'way_in':
      return { purpose: sealed.p, anonymousId: sealed.a, wayIn: sealed.w }
    case 'device_key_sign_in':
    case 'operator_sign_in':
      return { purpose: sealed.p }
    case 'operator_step_up':
      return { purpose: sealed.p, operatorId: sealed.o, sessionId: sealed.s }
    case 'operator_register':
      return { purpose: sealed.p, operatorId: sealed.o, boundTo: sealed.b }
    default:
      return undefined
  }
}

/** Whether a challenge is for this purpose. */
export const isFor = <P extends ChallengePurpose>(
  challenge: Challenge,
  purpose: P,
): challenge is Challenge<P> => challenge.purpose === purpose

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
  const { payload, keys } = opened
  const facts = fromSealed(payload)
  return facts && { ...facts, id: payload.n, expiresAt: payload.e, keys }
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
