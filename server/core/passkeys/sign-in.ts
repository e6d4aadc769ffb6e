// Signing in with a passkey: without a username, or as a step-up of the current session.

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { PasskeyRow } from '../../store/store.ts'
import { type Challenge, newChallenge, readChallenge, spentChallenge } from '../crypto/challenges.ts'
import { tellUnwritten } from '../events/audit-trail.ts'
import type { Holder, Session } from '../sessions/sessions.ts'
import { signInByProof } from '../sign-in/by-proof.ts'
import type { SignedIn } from '../sign-in/complete.ts'
import { decoyPublicKey, expectedIn, type VerifiedAssertion, verifyAssertion } from './ceremony.ts'
import { passkeyRows } from './manage.ts'
import { webauthn } from './webauthn.ts'

/**
 * The options of an authentication ceremony (WebAuthn Level 3, 5.5). Writes nothing. For a step-up they list the
 * credentials of the guest who is signed in; otherwise they list none.
 * Errors, for a step-up only: `not_signed_in`; `insufficient_user_authentication` if the guest has no passkey.
 */
export async function authenticationOptions(
  ctx: Context,
  session: Session | undefined,
  { stepUp }: { stepUp: boolean },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await webauthn()
  const options = {
    rpID: ctx.config.rpId,
    userVerification: 'required' as const,
    timeout: ctx.config.challengeSeconds * 1000,
  }
  const anonymousId = session?.anonymousId
  if (!stepUp) {
    const challenge = newChallenge(ctx, { purpose: 'sign_in', anonymousId })
    return generateAuthenticationOptions({ ...options, allowCredentials: [], challenge })
  }
  if (!session) throw new GuestError('not_signed_in')
  const passkeys = await passkeyRows(ctx, session)
  if (passkeys.length === 0) {
    throw new GuestError('insufficient_user_authentication', {
      detail: 'There is no passkey yet. Add one first.',
    })
  }
  return generateAuthenticationOptions({
    ...options,
    allowCredentials: passkeys.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transports as never,
    })),
    challenge: newChallenge(ctx, { purpose: 'step_up', anonymousId: session.anonymousId }),
  })
}

/**
 * Verifies an assertion and signs its guest in. One step consumes the challenge, stores the passkey's new counter, ends
 * the current session and begins a new one. If a client asks, the new session is for that client (`holder`). If the
 * current session belongs to another guest, that guest is merged into this one, or the merge is offered: see
 * `newMerge`. `offer_passkey`: this was a sign-in, and the passkey is on another device.
 * Errors: `authentication_failed` if anything is wrong with the proof; `too_many_sessions`; `guest_merged`;
 * `guest_disabled`.
 */
export async function signInByPasskey(
  ctx: Context,
  session: Session | undefined,
  response: AuthenticationResponseJSON,
  holder?: Holder,
): Promise<SignedIn & { offer_passkey?: true }> {
  const challenge = readChallenge(ctx, response.response.clientDataJSON)
  if (!challenge) throw authenticationFailed('challenge unknown or expired')
  const passkey = await ctx.store.findPasskey({ credentialId: response.id })
  // Verified even if the credential is unknown, so that this takes as long as a wrong signature.
  const assertion = await verifiedAssertion(ctx, response, passkey, holder?.client)
  if (!passkey) throw authenticationFailed('unknown credential')
  refuseAnother(challenge, session, passkey, response.response.userHandle || undefined)
  // WebAuthn Level 3, 7.2: whether a credential may be backed up never changes.
  if (assertion.backupEligible !== passkey.backupEligible) {
    reportChange(ctx, passkey)
    throw authenticationFailed('backup eligibility changed')
  }

  const { credentialId } = passkey
  const { signCount, backedUp } = assertion
  const signedIn = await signInByProof(ctx, session, passkey, {
    proof: { by: 'passkey', credentialId, signCount, backedUp, spent: spentChallenge(challenge) },
    refused({ outcome }) {
      if (outcome === 'counter_regressed') reportClone(ctx, passkey)
      return authenticationFailed(outcome)
    },
    holder,
  })
  const isElsewhere = response.authenticatorAttachment === 'cross-platform'
  return { ...signedIn, ...(isElsewhere && challenge.purpose === 'sign_in' && { offer_passkey: true }) }
}

/** A counter that did not grow: nothing is locked, but the host and the log are told. */
function reportClone(ctx: Context, { anonymousId, credentialId }: PasskeyRow): void {
  tellUnwritten(ctx, 'passkey.counter_regressed', { passkey_id: credentialId }, { anonymousId })
  ctx.logger.warn(
    { anonymous_id: anonymousId },
    'the signature counter of a passkey went back: the passkey may have been cloned',
  )
}

/**
 * A provider changed what must never change, so its passkey signs nobody in again. The answer is that of every failed
 * proof; the host and the log are told, because the person needs another way in.
 */
function reportChange(ctx: Context, { anonymousId, credentialId }: PasskeyRow): void {
  tellUnwritten(ctx, 'passkey.backup_eligibility_changed', { passkey_id: credentialId }, { anonymousId })
  ctx.logger.warn(
    { anonymous_id: anonymousId },
    'the backup eligibility of a passkey changed: it is refused from now on, and its guest needs another way in',
  )
}

const authenticationFailed = (reason: string, cause?: unknown) =>
  new GuestError('authentication_failed', { reason, cause })

async function verifiedAssertion(
  ctx: Context,
  response: AuthenticationResponseJSON,
  passkey: PasskeyRow | undefined,
  client: Client | undefined,
): Promise<VerifiedAssertion> {
  const credential = { id: response.id, publicKey: passkey?.publicKey ?? decoyPublicKey() }
  try {
    return await verifyAssertion(
      response,
      credential,
      expectedIn(ctx.config, response.response.clientDataJSON, client),
    )
  } catch (error) {
    throw authenticationFailed('not verified', error)
  }
}

/**
 * Refuses a proof whose challenge was made for another guest, and one whose user handle is not that of the passkey's
 * guest. Errors: `authentication_failed`.
 */
function refuseAnother(
  challenge: Challenge,
  session: Session | undefined,
  passkey: PasskeyRow & { userHandle: string },
  userHandle: string | undefined,
): void {
  if (challenge.purpose !== 'sign_in' && challenge.purpose !== 'step_up')
    throw authenticationFailed('challenge of another purpose')
  const { purpose, anonymousId } = challenge
  // A challenge that was made in a session is good for the same guest, or when nobody is signed in any more.
  if (anonymousId && session && session.anonymousId !== anonymousId)
    throw authenticationFailed('challenge of another guest')
  if (purpose === 'step_up' && (!session || passkey.anonymousId !== anonymousId))
    throw authenticationFailed('step-up without a session, or with the passkey of another guest')
  // WebAuthn Level 3, 7.2: required if the options listed no credential, and it must always match.
  if (userHandle === undefined ? purpose === 'sign_in' : userHandle !== passkey.userHandle) {
    throw authenticationFailed('user handle missing, or of another guest')
  }
}
