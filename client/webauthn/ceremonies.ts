// WebAuthn ceremonies. A page can run only one at a time: a dialog interrupts autofill, which goes on after it if the
// dialog failed.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { browserSupportsWebAuthn, startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser'
import { ceremonyError, GuestClientError, isCode } from '../lib/errors.ts'

/** The last dialog of this page, of any client: resolves to true if it succeeded, to false if it failed. */
let dialog = Promise.resolve(false)
let open = 0

/** Identifies the last dialog: two equal values say that no dialog was open in between. */
export const lastDialog = (): unknown => (open ? {} : dialog)

/**
 * Runs a whole flow that shows a dialog, from the request for options to the answer of the server, so that autofill
 * knows of it. Errors: `unsupported`, or `not_allowed_here` outside of secure contexts, and those of `flow`.
 */
export function inDialog<T>(flow: () => Promise<T>): Promise<T> {
  if (!browserSupportsWebAuthn()) {
    // PublicKeyCredential exists only in secure contexts.
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

/** Shows the dialog itself. That aborts the ceremony that was there before, which then rejects with `aborted`. */
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

/** Whether this browser says that it has a capability (WebAuthn Level 3, 5.1.7). */
export const isCapable = async (capability: string): Promise<boolean> =>
  ((await globalThis.PublicKeyCredential?.getClientCapabilities?.().catch(() => {})) as Capabilities)?.[
    capability
  ] === true

/**
 * Offers the passkeys that are on this device, and fails at once if there are none (`uiMode`, see
 * https://github.com/w3c/webauthn/wiki/Explainer:-WebAuthn-immediate-mediation). Nothing can interrupt it, since it
 * must not have an abort signal.
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

/** Whether `startImmediately` failed because the browser cannot do this, has no passkeys here, or the user chose none. */
export const isNone = (error: unknown): boolean =>
  isCode(error, 'unsupported') || ((error as Error).cause as Error | undefined)?.name === 'NotAllowedError'

/**
 * Offers passkeys in the browser's autofill until the user picks one. A dialog interrupts it, and it goes on if the
 * dialog failed. Rejects with `aborted` if the dialog succeeded, or if `closed` or other code on the page ended it.
 * `late` says that the options had expired when the user picked.
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
      // The dialog may have failed because the server was out of reach. Autofill outlasts that with the options from
      // before.
      if (!options) throw error
      return options
    })
    if (closed.aborted) throw new GuestClientError('aborted')
    if (seen !== dialog) continue
    try {
      const response = await startAuthentication({
        optionsJSON: options,
        useBrowserAutofill: true,
        // SimpleWebAuthn would not find a field in a shadow tree, or one that is added later.
        verifyBrowserAutofillInput: false,
      })
      return { response, late: Date.now() - began >= (options.timeout ?? Infinity), rpId: options.rpId }
    } catch (cause) {
      const error = ceremonyError(cause)
      // Other code on the page aborted this, and no dialog of ours: going on would fight with it over the prompt.
      if (error.code !== 'aborted' || seen === dialog) throw error
    }
  }
}
