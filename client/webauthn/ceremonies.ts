// WebAuthn ceremonies, of which a page can run only one: dialogs come first, autofill waits beneath them.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { browserSupportsWebAuthn, startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser'
import { ceremonyError, GuestClientError } from '../lib/errors.ts'

/** The last dialog of this page, whoever opened it: true once it has succeeded, false once it has failed. */
let dialog = Promise.resolve(false)
let open = 0

/** Which one that was: the same value twice says that none has been open since. */
export const lastDialog = (): unknown => (open ? {} : dialog)

/** Runs a whole flow that shows a dialog (from asking for options to the server's answer), so that autofill knows. */
export function inDialog<T>(flow: () => Promise<T>): Promise<T> {
  if (!browserSupportsWebAuthn()) {
    // PublicKeyCredential exists in secure contexts only.
    return Promise.reject(
      new GuestClientError(globalThis.isSecureContext === false ? 'not_allowed_here' : 'unsupported'),
    )
  }
  const result = flow()
  const ended = (well: boolean) => () => {
    open--
    return well
  }
  open++
  dialog = result.then(ended(true), ended(false))
  return result
}

/** Shows the dialog itself. Starting one aborts what ceremony there was: its caller gets `aborted`. */
export async function show<O extends { timeout?: number }, R>(
  start: (options: { optionsJSON: O }) => Promise<R>,
  optionsJSON: O,
): Promise<R> {
  const began = Date.now()
  try {
    return await start({ optionsJSON })
  } catch (error) {
    throw ceremonyError(error, Date.now() - began >= (optionsJSON.timeout ?? Infinity))
  }
}

type Capabilities = Record<string, boolean | undefined>

/** Whether this browser says that it can do something (WebAuthn Level 3, 5.1.7). */
export const isCapable = async (capability: string): Promise<boolean> =>
  ((await globalThis.PublicKeyCredential?.getClientCapabilities?.().catch(() => {})) as Capabilities)?.[
    capability
  ] === true

/**
 * Offers the passkeys that are on this device, and fails at once where there are none (`uiMode`, see
 * https://github.com/w3c/webauthn/wiki/Explainer:-WebAuthn-immediate-mediation). Nothing can interrupt it: it takes no
 * signal.
 */
export async function startImmediately({
  optionsJSON,
}: {
  optionsJSON: PublicKeyCredentialRequestOptionsJSON
}): Promise<AuthenticationResponseJSON> {
  WebAuthnAbortService.cancelCeremony()
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(optionsJSON as never),
    uiMode: 'immediate',
  } as CredentialRequestOptions)
  return (credential as PublicKeyCredential).toJSON() as never
}

/**
 * Offers passkeys in the browser's autofill until one is picked. A dialog interrupts it, and it goes on if the
 * dialog came to nothing. Rejects with `aborted` if the dialog succeeded, or if `closed` or other code on the
 * page ended it. `late` says that the options had run out by the time of the pick.
 */
export async function autofill(
  askOptions: () => Promise<PublicKeyCredentialRequestOptionsJSON>,
  closed: AbortSignal,
): Promise<{ response: AuthenticationResponseJSON; late: boolean; rpId: string | undefined }> {
  let options: PublicKeyCredentialRequestOptionsJSON | undefined
  let seen = dialog
  closed.onabort = () => {
    if (seen === dialog) WebAuthnAbortService.cancelCeremony()
  }
  await seen
  for (;;) {
    while (seen !== dialog) {
      seen = dialog
      if (await seen) throw new GuestClientError('aborted')
    }
    const began = Date.now()
    options = await askOptions().catch((error) => {
      // The dialog may have failed because the server is out of reach; autofill should outlast that.
      if (!options) throw error
      return options
    })
    if (closed.aborted) throw new GuestClientError('aborted')
    if (seen !== dialog) continue
    try {
      const response = await startAuthentication({
        optionsJSON: options,
        useBrowserAutofill: true,
        // The field may be in a shadow tree, or come later; SimpleWebAuthn sees neither.
        verifyBrowserAutofillInput: false,
      })
      return { response, late: Date.now() - began >= (options.timeout ?? Infinity), rpId: options.rpId }
    } catch (cause) {
      const error = ceremonyError(cause)
      // No dialog of ours: going on would fight over the prompt with whoever aborted us.
      if (error.code !== 'aborted' || seen === dialog) throw error
    }
  }
}
