// What passkeys can do beside saving a guest and signing in: a page loads it when it is first used.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { GuestClientError, isCode } from '../lib/errors.ts'
import { type Call, itemPath } from '../lib/http.ts'
import { withOldNames } from '../lib/old-names.ts'
import type { ForceOptions } from '../lib/options.ts'
import type { GuestWithPasskey, Passkey, SignedInGuest } from '../lib/types.ts'
import { autofill } from '../webauthn/autofill.ts'
import type { Dialogs } from '../webauthn/ceremonies.ts'
import { deriveSecret, type PasskeySecret } from '../webauthn/secret.ts'
import { createSignals } from '../webauthn/signals.ts'

/** What these functions need from the passkeys. */
export interface PasskeyExtrasContext {
  call: Call
  callWithStepUp: Call
  /** Asks again who is signed in, in all tabs, after something about the guest may have changed. */
  recheck(): Promise<unknown>
  dialogs: Dialogs
  isCapable(capability: string): Promise<boolean>
  canAutofill(): Promise<boolean>
  register(ask: Call, options: { conditional: true }): Promise<GuestWithPasskey>
  /** A sign-in with a dialog. */
  authenticate(): Promise<SignedInGuest>
  askAuthentication(): Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Sends the proof of a sign-in. */
  finishSignIn(proof: AuthenticationResponseJSON, rpId: string | undefined): Promise<SignedInGuest>
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
    /** `closed` ends it, as does a dialog after `seen` that succeeds. */
    async signInByAutofill(closed: AbortSignal, seen: Promise<boolean>): Promise<SignedInGuest> {
      if (!(await context.canAutofill())) throw new GuestClientError('unsupported')
      const { response, late, rpId } = await autofill(askAuthentication, closed, seen, dialogs)
      try {
        return signalled(await context.finishSignIn(response, rpId))
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
