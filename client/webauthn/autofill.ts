// Passkeys in the suggestions of a field.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { ceremonyError, GuestClientError } from '../lib/errors.ts'
import { ifPossible } from '../lib/within.ts'
import type { Dialogs } from './ceremonies.ts'

/** Whether this browser offers passkeys in autofill (WebAuthn Level 3, 5.1.7). */
export const canAutofill = async (): Promise<boolean> =>
  (await ifPossible(() => PublicKeyCredential.isConditionalMediationAvailable())) === true

/**
 * Offers passkeys in the browser's autofill until the user picks one. A dialog after `seen` interrupts it, and it goes on
 * if the dialog failed. Rejects with `aborted` if the dialog succeeded, or if `closed` or other code on the page ended it.
 * `late` says that the options had expired when the user picked.
 */
export async function autofill(
  askOptions: () => Promise<PublicKeyCredentialRequestOptionsJSON>,
  closed: AbortSignal,
  seen: Promise<boolean>,
  { last, cancel, start }: Dialogs,
): Promise<{ response: AuthenticationResponseJSON; late: boolean; rpId: string | undefined }> {
  let options: PublicKeyCredentialRequestOptionsJSON | undefined
  closed.onabort = () => {
    if (seen === last()) cancel()
  }
  await seen
  for (;;) {
    while (seen !== last()) {
      seen = last()
      if (await seen) throw new GuestClientError('aborted')
    }
    if (closed.aborted) throw new GuestClientError('aborted')
    const began = Date.now()
    options = await askOptions().catch((error) => {
      // The dialog may have failed because the server was out of reach. Autofill outlasts that with the options from
      // before.
      if (!options) throw error
      return options
    })
    if (closed.aborted) throw new GuestClientError('aborted')
    if (seen !== last()) continue
    try {
      const response = await start({
        optionsJSON: options,
        useBrowserAutofill: true,
        // SimpleWebAuthn would not find a field in a shadow tree, or one that is added later.
        verifyBrowserAutofillInput: false,
      })
      return { response, late: Date.now() - began >= (options.timeout ?? Infinity), rpId: options.rpId }
    } catch (cause) {
      const error = ceremonyError(cause)
      // Other code on the page aborted this, and no dialog of ours: going on would fight with it over the prompt.
      if (error.code !== 'aborted' || seen === last()) throw error
    }
  }
}
