// What a browser may tell the authenticators, so that they show no passkey that is not taken here any more.

import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import { readChallenge } from '../crypto/challenges.ts'
import type { Session } from '../sessions/sessions.ts'
import { expectedIn, refuseForeignAssertion } from './ceremony.ts'
import { userHandleOf } from './register.ts'

/** What the signal methods of WebAuthn Level 3, 5.1.10, are told of a guest; ids in base64url. */
export type PasskeySignal = {
  rp_id: string
  /** The user handle. */
  user_id: string
  /** All that are taken: an authenticator may hide or remove what is missing here. */
  credential_ids: string[]
  name: string
  display_name: string
}

/** What is true of the guest now. */
export async function passkeySignal(ctx: Context, session: Session): Promise<PasskeySignal> {
  const { anonymousId, label } = session
  const [user_id, passkeys] = await Promise.all([
    userHandleOf(ctx, session),
    // Read in any case: a list that is too short would lose the guest the passkeys that it leaves out.
    ctx.store.listPasskeys({ anonymousId }),
  ])
  return {
    rp_id: ctx.config.rpId,
    user_id,
    name: label,
    display_name: label,
    credential_ids: passkeys.map(({ credentialId }) => credentialId),
  }
}

/**
 * Whether a sign-in failed because its passkey is not known here (any more). True only where the store says so of a
 * ceremony that was ours and is not over; whatever else may be wrong is no reason to have a passkey removed.
 */
export async function isUnknownPasskey(
  ctx: Context,
  response: AuthenticationResponseJSON,
  client: Client | undefined,
): Promise<boolean> {
  const { clientDataJSON } = response.response
  if (readChallenge(ctx, clientDataJSON)?.purpose !== 'sign_in') return false
  try {
    refuseForeignAssertion(response, expectedIn(ctx.config, clientDataJSON, client))
  } catch {
    return false
  }
  return (await ctx.store.findPasskey({ credentialId: response.id })) === undefined
}
