// The ceremonies of operators' passkeys: with the RP ID and the origins of the option `operators`, and user handles that no
// guest has. An operator's passkey is in no table of guests, and a guest's in none of operators.

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { OperatorPasskeyRow, OperatorRow } from '../../store/store.ts'
import {
  type Challenge,
  type ChallengePurpose,
  challengeIn,
  isFor,
  newChallenge,
  readChallenge,
} from '../crypto/challenges.ts'
import {
  decoyPublicKey,
  type Expected,
  type VerifiedAssertion,
  verifyAssertion,
  verifyRegistration,
} from '../passkeys/ceremony.ts'
import { algorithms } from '../passkeys/strict.ts'
import { webauthn } from '../passkeys/webauthn.ts'
import { operatorConfig } from './set-up.ts'

/** The options to make a passkey (WebAuthn Level 3, 5.4). `boundTo`: the invitation or the session. Writes nothing. */
export async function creationOptions(
  ctx: Context,
  operator: OperatorRow,
  boundTo: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await webauthn()
  const existing = await ctx.store.listOperatorPasskeys({ operatorId: operator.id })
  return generateRegistrationOptions({
    rpName: `${ctx.config.rpName} operators`,
    rpID: operatorConfig(ctx).rpId,
    userID: Buffer.from(operator.userHandle, 'base64url'),
    userName: operator.name,
    userDisplayName: operator.name,
    challenge: newChallenge(ctx, { purpose: 'operator_register', operatorId: operator.id, boundTo }),
    timeout: ctx.config.challengeSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: existing.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transports as never,
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: [...algorithms],
  })
}

/** Verifies a passkey that was made with these options. Errors: `registration_failed`. */
export async function verifiedPasskey(
  ctx: Context,
  response: RegistrationResponseJSON,
  { operatorId, boundTo }: { operatorId: string; boundTo: string },
): Promise<{ passkey: OperatorPasskeyRow; challenge: Challenge }> {
  const failed = (reason: string, cause?: unknown) => new GuestError('registration_failed', { reason, cause })
  const { clientDataJSON } = response.response
  const challenge = challengeFor(ctx, clientDataJSON, 'operator_register')
  if (!challenge) throw failed('challenge unknown, expired or of another purpose')
  if (challenge.operatorId !== operatorId || challenge.boundTo !== boundTo)
    throw failed('challenge of another operator, invitation or session')
  const credential = await verifyRegistration(response, expectedIn(ctx, clientDataJSON)).catch((error) => {
    throw failed('not verified', error)
  })
  const passkey: OperatorPasskeyRow = {
    credentialId: credential.id,
    operatorId,
    publicKey: credential.publicKey,
    signCount: credential.signCount,
    aaguid: credential.aaguid,
    transports: response.response.transports ?? [],
    backupEligible: credential.backupEligible,
    backedUp: credential.backedUp,
    createdAt: ctx.now(),
    lastUsedAt: null,
  }
  return { passkey, challenge }
}

/** The options to prove a passkey (WebAuthn Level 3, 5.5). `passkeys`: those that may be used; none: any. Writes nothing. */
export async function requestOptions(
  ctx: Context,
  challenge: ReturnType<typeof newChallenge>,
  passkeys: OperatorPasskeyRow[],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await webauthn()
  return generateAuthenticationOptions({
    rpID: operatorConfig(ctx).rpId,
    userVerification: 'required',
    timeout: ctx.config.challengeSeconds * 1000,
    allowCredentials: passkeys.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transports as never,
    })),
    challenge,
  })
}

/**
 * The passkey that signed, verified. An unknown one is verified against a key that nobody has, so that it takes as long.
 * Errors: `authentication_failed`.
 */
export async function provenPasskey(ctx: Context, response: AuthenticationResponseJSON, stepUp: boolean) {
  const { clientDataJSON, userHandle } = response.response
  const purpose = stepUp ? 'operator_step_up' : 'operator_sign_in'
  const challenge = challengeFor(ctx, clientDataJSON, purpose)
  if (!challenge) throw authenticationFailed('challenge unknown, expired or of another purpose')
  const passkey = await ctx.store.findOperatorPasskey({ credentialId: response.id })
  const key = { id: response.id, publicKey: passkey?.publicKey ?? decoyPublicKey() }
  const assertion: VerifiedAssertion = await verifyAssertion(
    response,
    key,
    expectedIn(ctx, clientDataJSON),
  ).catch((error) => {
    throw authenticationFailed('not verified', error)
  })
  if (!passkey) throw authenticationFailed('unknown credential')
  // WebAuthn Level 3, 7.2: whether a credential may be backed up never changes.
  if (assertion.backupEligible !== passkey.backupEligible)
    throw authenticationFailed('backup eligibility changed')
  // WebAuthn Level 3, 7.2: required if the options listed no credential, and it must always match.
  const handle = userHandle || undefined
  if (handle === undefined ? !stepUp : handle !== passkey.operator.userHandle)
    throw authenticationFailed('user handle missing, or of another operator')
  return { passkey, assertion, challenge }
}

export const authenticationFailed = (reason: string, cause?: unknown) =>
  new GuestError('authentication_failed', { reason, cause })

function challengeFor<P extends ChallengePurpose>(
  ctx: Context,
  clientDataJSON: string,
  purpose: P,
): Challenge<P> | undefined {
  const challenge = readChallenge(ctx, clientDataJSON)
  return challenge && isFor(challenge, purpose) ? challenge : undefined
}

/** The values that a response must match. The challenge is the response's own: the caller has opened it before. */
function expectedIn(ctx: Context, clientDataJSON: string): Expected {
  const { origins, rpId } = operatorConfig(ctx)
  return {
    challenge: challengeIn(clientDataJSON) ?? '',
    origins,
    rpId,
    topOrigins: [],
    requireUserVerification: true,
  }
}
