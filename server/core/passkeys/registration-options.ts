// What a browser needs to make a passkey: the options of the ceremony, with the challenge and the guest's user handle.

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { newChallenge } from '../crypto/challenges.ts'
import { longMac } from '../crypto/secrets.ts'
import type { Session } from '../sessions/sessions.ts'
import { requireEnrolment } from '../sessions/step-up.ts'
import { newGuest } from '../sign-in/anonymous.ts'
import { passkeyRows } from './manage.ts'
import { algorithms } from './strict.ts'
import { webauthn } from './webauthn.ts'

/**
 * The options of a registration ceremony (WebAuthn Level 3, 5.4). Writes nothing. `conditional`: the browser makes the
 * passkey by itself for the guest who is signed in (5.1.3, conditional mediation).
 * Errors: `not_signed_in` if `conditional` and nobody is signed in; `insufficient_user_authentication` if the guest has
 * a passkey and `mayEnrol` refuses the session; `too_many_passkeys`; `guest_sign_in_off` if nobody is signed in, and no
 * new guests are let in; `registration_off` if the setting `passkeyRegistration` is false.
 */
export async function registrationOptions(
  ctx: Context,
  session: Session | undefined,
  { conditional }: { conditional: boolean },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  // A passkey that nobody asked for must not make a guest.
  if (conditional && !session) throw new GuestError('not_signed_in')
  await requireRegistration(ctx)
  const existing = session ? await passkeyRows(ctx, session) : []
  if (session && existing.length > 0) requireEnrolment(ctx, session)
  if (existing.length >= ctx.config.passkeys.max) throw new GuestError('too_many_passkeys')
  const guest = session ?? (await newGuest(ctx, undefined))
  const { anonymousId, label, collection } = guest
  const userHandle = await userHandleOf(ctx, guest)
  const { generateRegistrationOptions } = await webauthn()
  return generateRegistrationOptions({
    rpName: ctx.config.rpName,
    rpID: ctx.config.rpId,
    userID: Buffer.from(userHandle, 'base64url'),
    userName: label,
    userDisplayName: label,
    challenge: session
      ? newChallenge(ctx, {
          purpose: 'register',
          anonymousId,
          sessionId: session.id,
          userHandle,
          conditional,
        })
      : newChallenge(ctx, { purpose: 'register_new_guest', anonymousId, label, collection, userHandle }),
    timeout: ctx.config.challengeSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: existing.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transports as never,
    })),
    authenticatorSelection: {
      residentKey: 'required',
      userVerification: conditional ? 'preferred' : 'required',
    },
    supportedAlgorithmIDs: [...algorithms],
  })
}

/** Refuses a new passkey if the operator has switched them off. Errors: `registration_off`. */
export async function requireRegistration({ settings }: Context): Promise<void> {
  if (!(await settings.value('passkeyRegistration'))) throw new GuestError('registration_off')
}

/**
 * The user handle of a guest: 64 bytes in base64url, the same for all passkeys of the guest. Until the guest is kept,
 * it is derived from the anonymous_id and the deployment's key, so that two tabs get the same one. After that, the row
 * holds it. The first passkey stores the handle from its challenge: derived anew, it could differ if the secret changed
 * in between.
 */
export async function userHandleOf(
  ctx: Context,
  guest: { anonymousId: string; kind?: Session['kind'] },
  keys = ctx.keys,
): Promise<string> {
  const row = guest.kind === 'stored' ? await ctx.store.findGuest(guest) : undefined
  return row?.userHandle ?? longMac(keys.userHandle, guest.anonymousId)
}
