// Signing in by a device key: the key's guest is signed in without a prompt.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { spentChallenge } from '../crypto/challenges.ts'
import type { Holder, Session } from '../sessions/sessions.ts'
import { refusedAs, signInByProof } from '../sign-in/by-proof.ts'
import type { SignedIn } from '../sign-in/complete.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { newGrant, type TokenParams, tokensFor } from '../tokens/grants.ts'
import { atTokenEndpoint } from '../tokens/token-errors.ts'
import { isSignedBy, type KeyAssertion, readKeyAssertion, reasonIn } from './proofs.ts'

/**
 * Signs in the guest whose key signed the assertion, and ends the current session. An assertion works once. It is no
 * proof of a passkey.
 * Errors: `device_key_invalid` if the assertion is malformed, expired or not for us: a new one may succeed;
 * `device_key_refused` if the key is unknown, another guest's, or did not sign, or the challenge was used before;
 * `guest_merged`; `guest_disabled`; `too_many_sessions`.
 */
export async function signInByDeviceKey(
  ctx: Context,
  session: Session | undefined,
  { assertion, audiences, holder }: { assertion: string; audiences: string[]; holder?: Holder | undefined },
): Promise<SignedIn> {
  const asserted = await assertionIn(ctx, assertion, audiences)
  const key = await ctx.store.findDeviceKey({ id: asserted.keyId })
  // Verified even if the key is unknown or revoked, so that this takes as long as a wrong signature.
  if (!(await isSignedByKey(asserted, key)) || !key) throw keyRefused('key unknown, or it did not sign')
  if (key.anonymousId !== asserted.anonymousId) throw keyRefused('key of another guest')
  return signInByProof(ctx, session, key, {
    proof: { by: 'device_key', id: key.id, spent: spentChallenge(asserted.challenge) },
    refused: refusedAs('device_key_refused'),
    holder,
  })
}

const keyRefused = (reason: string) => new GuestError('device_key_refused', { reason })

async function assertionIn(ctx: Context, assertion: string, audiences: string[]): Promise<KeyAssertion> {
  try {
    return await readKeyAssertion(ctx, assertion, audiences)
  } catch (error) {
    // No key was looked up for this answer, so it does not reveal which keys exist.
    throw new GuestError('device_key_invalid', { reason: reasonIn(error) })
  }
}

async function isSignedByKey(
  asserted: KeyAssertion,
  key: Parameters<typeof isSignedBy>[1],
): Promise<boolean> {
  try {
    return await isSignedBy(asserted, key)
  } catch (error) {
    throw keyRefused(reasonIn(error))
  }
}

/**
 * Tokens for the guest whose key signed the assertion (RFC 7523, 2.1).
 * Errors: those of `signInByDeviceKey`, all with status 400; `invalid_scope`; `invalid_target`; `invalid_client` for a
 * pairwise client, which does not know guests by the anonymous_id that the assertion holds.
 */
export async function grantByDeviceKey(
  ctx: Context,
  client: Client,
  assertion: string,
  params: TokenParams,
  audiences: string[],
): Promise<Tokens> {
  if (client.pairwise)
    throw new GuestError('invalid_client', { reason: 'pairwise clients cannot use device keys' })
  const audience = audienceFor(ctx, client, params.resource)
  const grant = newGrant(client, params)
  const holder = { client, grant }
  const { issued } = await atTokenEndpoint(() =>
    signInByDeviceKey(ctx, undefined, { assertion, audiences, holder }),
  )
  return tokensFor(ctx, client, issued, grant, audience)
}
