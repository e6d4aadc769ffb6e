// WebAuthn ceremonies. A page can run only one at a time: a dialog interrupts autofill, which goes on after it if the
// dialog failed. This file may be loaded once only, because it holds what is under way.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser'
import { ceremonyError, GuestClientError, isCode } from '../lib/errors.ts'
import { ifPossible } from '../lib/within.ts'
import { hasPasskeys } from './supported.ts'

/** The last dialog of this page, of any client: resolves to true if it succeeded, to false if it failed. */
let dialog = Promise.resolve(false)
let open = 0
/** How often dialogs were withdrawn: those that have not been shown yet, too. */
let cancels = 0

/** For work that may show a dialog later. The function that it returns throws `aborted` if that was withdrawn meanwhile. */
function watch() {
  const before = cancels
  return () => {
    if (before !== cancels) throw new GuestClientError('aborted')
  }
}

/** What the parts that come later may know of the dialogs of this page. */
export const dialogs = {
  /** The last one; a new promise for each. */
  last: () => dialog,
  /** Whether one is open. */
  isOpen: () => open > 0,
  watch,
  /** Ends the ceremony that is under way. */
  cancel: () => WebAuthnAbortService.cancelCeremony(),
  /** The same, unless it is autofill, which nobody sees. */
  cancelOpen() {
    cancels++
    if (open) WebAuthnAbortService.cancelCeremony()
  },
  start: startAuthentication,
}

export type Dialogs = typeof dialogs

/**
 * Runs a whole flow that shows a dialog, from the request for options to the answer of the server, so that autofill
 * knows of it. Errors: `unsupported`, or `not_allowed_here` outside of secure contexts, and those of `flow`.
 */
export function runDialog<T>(flow: (check: () => void) => Promise<T>): Promise<T> {
  if (!hasPasskeys()) {
    // PublicKeyCredential exists only in secure contexts.
    return Promise.reject(
      new GuestClientError(globalThis.isSecureContext === false ? 'not_allowed_here' : 'unsupported'),
    )
  }
  const result = flow(watch())
  const ended = (well: boolean) => () => {
    open--
    return well
  }
  open++
  dialog = result.then(ended(true), ended(false))
  return result
}

/**
 * Shows the dialog itself. That aborts the ceremony that was there before, which then rejects with `aborted`; so does this
 * one, without a dialog, if `check` finds that it was withdrawn.
 */
export async function show<O extends { challenge: string; timeout?: number }, R>(
  start: (options: { optionsJSON: O }) => Promise<R>,
  optionsJSON: O,
  check: () => void,
): Promise<R> {
  check()
  // Something else than guestkey has answered.
  if (!optionsJSON.challenge) throw new GuestClientError('server_error', optionsJSON)
  const began = Date.now()
  try {
    return await start({ optionsJSON })
  } catch (error) {
    throw ceremonyError(error, Date.now() - began >= (optionsJSON.timeout ?? Infinity))
  }
}

type Capabilities = Record<string, boolean | undefined>

/** Whether this browser says that it has a capability (WebAuthn Level 3, 5.1.7). */
export const isCapable = async (capability: string): Promise<boolean> => {
  const capabilities = await ifPossible(() => PublicKeyCredential.getClientCapabilities())
  return (capabilities as Capabilities | undefined)?.[capability] === true
}

/**
 * Offers the passkeys that are on this device, and fails at once if there are none (`uiMode`, see
 * https://github.com/w3c/webauthn/wiki/Explainer:-WebAuthn-immediate-mediation). Nothing can interrupt it, since it
 * must not have an abort signal. `toJson` is for the credential of a password manager that lacks `toJSON`.
 */
export async function startImmediately(
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
  toJson: (credential: PublicKeyCredential) => Promise<AuthenticationResponseJSON>,
): Promise<AuthenticationResponseJSON> {
  WebAuthnAbortService.cancelCeremony()
  const credential = (await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(optionsJSON as never),
    uiMode: 'immediate',
  } as CredentialRequestOptions)) as PublicKeyCredential
  return credential.toJSON ? (credential.toJSON() as never) : toJson(credential)
}

/** Whether `startImmediately` failed because the browser cannot do this, has no passkeys here, or the user chose none. */
export const isNone = (error: unknown): boolean =>
  isCode(error, 'unsupported') || ((error as Error).cause as Error | undefined)?.name === 'NotAllowedError'
