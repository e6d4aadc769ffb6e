// What a browser may tell authenticators, so that they stop showing passkeys that were removed here.

import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import { readChallenge } from '../crypto/challenges.ts'
import type { Session } from '../sessions/sessions.ts'
import { expectedIn, refuseForeignAssertion } from './ceremony.ts'
import { userHandleOf } from './registration-options.ts'

/** What a browser passes to the signal methods (WebAuthn Level 3, 5.1.10) about one guest; ids in base64url. */
export type PasskeySignal = {
  rp_id: string
  /** The user handle. */
  user_id: string
  /** All passkeys of the guest: an authenticator may hide or remove any that is missing here. */
  credential_ids: string[]
  name: string
  display_name: string
}

/** The signal for the guest's current label and passkeys. */
export async function passkeySignal(ctx: Context, session: Session): Promise<PasskeySignal> {
  const { anonymousId, label } = session
  const [user_id, passkeys] = await Promise.all([
    userHandleOf(ctx, session),
    // Always read from the store: the guest would lose every passkey that the list leaves out.
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
 * Whether a sign-in failed because its passkey is not known here, or not any more. True only if the ceremony was ours
 * and has not expired, and the store has no such passkey. Any other fault is no reason to have a passkey removed.
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
