// What passkeys can do beside saving a guest and signing in: a page loads it when it is first used.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { GuestClientError, isCode } from '../lib/errors.ts'
import { type Call, itemPath } from '../lib/http.ts'
import { withOldNames } from '../lib/old-names.ts'
import type { ForceOptions } from '../lib/options.ts'
import type { GuestWithPasskey, Passkey, SignedInGuest, UserInfo } from '../lib/types.ts'
import { autofill, canAutofill } from '../webauthn/autofill.ts'
import type { Dialogs } from '../webauthn/ceremonies.ts'
import { deriveSecret, type PasskeySecret } from '../webauthn/secret.ts'
import { type Proof, sendProof } from '../webauthn/send-proof.ts'
import { createSignals } from '../webauthn/signals.ts'
import { toJson } from '../webauthn/to-json.ts'

/** What these functions need from the passkeys. */
export interface PasskeyExtrasContext {
  call: Call
  callWithStepUp: Call
  /** As for the passkeys: sends a request while no other one is under way, and takes the guest of its answer. */
  take<G extends UserInfo>(ask: (call: Call) => Promise<G>, path: string): Promise<G>
  /** Asks again who is signed in, in all tabs, after something about the guest may have changed. */
  recheck(): Promise<unknown>
  dialogs: Dialogs
  isCapable(capability: string): Promise<boolean>
  register<G extends UserInfo = GuestWithPasskey>(
    ask: Call,
    options: { conditional: true } | { path: string; code: string },
  ): Promise<G>
  /** A sign-in with a dialog. */
  authenticate(): Promise<SignedInGuest>
  askAuthentication(): Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Sends a proof, and takes its guest as the one who is signed in. */
  finish(path: string, proof: Proof, rpId: string | undefined): Promise<SignedInGuest>
}

/** The rest of the passkey functions of a client. */
export function createPasskeyExtras(context: PasskeyExtrasContext) {
  const { call, callWithStepUp, authenticate, askAuthentication, dialogs } = context
  const signals = createSignals(call, dialogs)

  function signalled<T>(answer: T): T {
    signals.current()
    return answer
  }

  return {
    signals,
    toJson,
    canAutofill,
    /**
     * What can be done about a proof that `failed`: sends it again if it may not have arrived. The authenticator is told if
     * the service certainly did not take the passkey that it has just made, or does not know the one that it has used.
     */
    recover: <G extends UserInfo>(failed: unknown, path: string, proof: Proof, rpId?: string): Promise<G> => {
      const isNew = path !== '/passkeys/authenticate'
      return context
        .take(
          (call) =>
            sendProof<G>(call, path, proof, failed, () => isNew && signals.notRegistered(proof, rpId)),
          path,
        )
        .catch((error) => {
          if (!isNew && isCode(error, 'authentication_failed'))
            signals.unknown(proof as AuthenticationResponseJSON, rpId)
          throw error
        })
    },
    list: async () => (await call<{ passkeys: Passkey[] }>('GET', '/passkeys')).passkeys,
    rename: (id: string, name: string) =>
      call<Passkey>('PATCH', itemPath('/passkeys', id), { name }).then(signalled),
    async remove(id: string, options?: ForceOptions) {
      await callWithStepUp('DELETE', itemPath('/passkeys', id, options))
      signals.current()
      await context.recheck()
    },
    /** A failure is not reported: the user did not ask for this. */
    addUnasked: async () =>
      (await context.isCapable('conditionalCreate'))
        ? context.register(call, { conditional: true }).catch(() => null)
        : null,
    /** Makes a passkey that signs in the guest of this code. */
    wayIn: (code: string) => context.register<SignedInGuest>(call, { path: '/way-in', code }),
    /** `closed` ends it, as does a dialog after `seen` that succeeds. */
    async signInByAutofill(closed: AbortSignal, seen: Promise<boolean>): Promise<SignedInGuest> {
      if (!(await canAutofill())) throw new GuestClientError('unsupported')
      const { response, late, rpId } = await autofill(askAuthentication, closed, seen, dialogs)
      try {
        return signalled(await context.finish('/passkeys/authenticate', response, rpId))
      } catch (error) {
        // The page was open for longer than its challenge lives: asks once more, now with a dialog.
        if (late && isCode(error, 'authentication_failed')) return authenticate()
        throw error
      }
    },
    /** The secret of this label, from the response of the passkey. */
    secretOf: async (
      { clientExtensionResults, id }: AuthenticationResponseJSON,
      label: string,
    ): Promise<PasskeySecret> =>
      withOldNames({ secret: await deriveSecret(clientExtensionResults, label), passkey_id: id }),
  }
}
