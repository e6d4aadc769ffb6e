// Passkeys: add, sign in, list, rename, remove, and the step-up: a fresh proof that the server asks for.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialHint,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { GuestClientError, isCode, isSessionOver } from '../lib/errors.ts'
import { type Call, insist, itemPath } from '../lib/http.ts'
import { functionsOf, type Load, later } from '../lib/later.ts'
import { once } from '../lib/once.ts'
import { type ForceOptions, refuseUnknown } from '../lib/options.ts'
import { createStepUp } from '../lib/step-up.ts'
import type { GuestWithPasskey, Passkey, SignedInGuest, UserInfo } from '../lib/types.ts'
import {
  canAutofill,
  dialogs,
  inDialog,
  isCapable,
  isNone,
  show,
  startImmediately,
} from '../webauthn/ceremonies.ts'
import type { PasskeySecret } from '../webauthn/secret.ts'
import type { Signals } from '../webauthn/signals.ts'

/** What the passkey functions need from the rest of the client. */
export interface PasskeyContext {
  call: Call
  /**
   * Sends a request while no other one is under way in any tab, takes the guest of its answer as the one who is
   * signed in, and returns the answer. If a request to this `path` may have revoked the key of this browser, makes
   * that key anew first, if it can.
   */
  take<G extends UserInfo>(ask: (call: Call) => Promise<G>, path: string): Promise<G>
  user(): Promise<UserInfo | null>
  /** Asks again who is signed in, in all tabs, after something about the guest may have changed. */
  recheck(): Promise<unknown>
  loadExtras: Load<typeof import('./passkey-extras.ts')>
}

/** `hints`: which kind of authenticator is meant, such as `client-device` (WebAuthn Level 3, 5.8.7). */
export interface AddPasskeyOptions {
  hints?: PublicKeyCredentialHint[] | undefined
}

/** How `passkeys.signIn` asks for a passkey: in a dialog, or with `autofill` or `immediate`. `hints` are for the dialog. */
export interface PasskeySignInOptions extends AddPasskeyOptions {
  autofill?: boolean | undefined
  immediate?: boolean | undefined
}

/** The passkeys of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestPasskeys {
  /**
   * Adds a passkey, which brings this guest back on other devices. If nobody is signed in, makes a new guest. If the
   * guest has a passkey and its last proof is too old, asks for that one first. `hints` say which kind of
   * authenticator is meant, such as `client-device` (WebAuthn Level 3, 5.8.7). Rejects with `cancelled`,
   * `already_here`, `no_user_verification`, `too_many_passkeys` and others.
   */
  add(options?: AddPasskeyOptions): Promise<GuestWithPasskey>
  /**
   * As above, but without a dialog: the password manager that the user has just used makes a passkey by itself.
   * Resolves to null if it does not, or if the browser cannot do this. Never rejects.
   */
  add(options: { conditional: true }): Promise<GuestWithPasskey | null>
  /**
   * Signs in the guest of the passkey that the user chooses. Rejects with `cancelled`, `authentication_failed`,
   * `guest_merged`, `too_many_sessions` and others. `hints` as for `add`.
   * With `autofill`, offers passkeys in the suggestions of an `<input autocomplete="username webauthn">`, and stays
   * pending until the user picks one. If a dialog of this client succeeds meanwhile, it rejects with `aborted`, which
   * is nothing to tell the user. A call while it is pending ends with it.
   * With `immediate`, which must be called in a click of the user, offers the passkeys that are on this device.
   * Rejects with `cancelled` at once if there are none, and with `unsupported` if the browser cannot do this.
   */
  signIn(options?: PasskeySignInOptions): Promise<SignedInGuest>
  /**
   * A secret of 32 bytes that nobody can get without the passkey, such as a key for data that the service must not be
   * able to read. It is the same each time for the same `label` and passkey, and different for another label or
   * passkey. It does not leave the browser. Asks for a passkey, which counts as a step-up.
   * Whoever loses the passkey loses all that only its secret can decrypt. So encrypt data with a random key, and keep
   * that key encrypted by the secret of each passkey. Rejects with `no_secret` if the passkey or the browser cannot
   * do this, with `insufficient_user_authentication` if the guest has no passkey, and others.
   */
  secret(label: string): Promise<PasskeySecret>
  list(): Promise<Passkey[]>
  rename(id: string, name: string): Promise<Passkey>
  /**
   * Removes a passkey. Asks for a passkey first if the last proof is too old. Rejects with `not_found`, and with
   * `would_lose_account` if it is the only way back, unless `force` is set.
   */
  remove(id: string, options?: ForceOptions): Promise<void>
  /** Whether this browser supports passkeys at all; false outside of secure contexts. */
  supported(): boolean
  /** Whether `signIn({ autofill: true })` can work here. */
  autofillSupported(): Promise<boolean>
  /** Closes the passkey dialog that is open in this page, if there is one: what waits for it rejects with `aborted`. */
  cancel(): Promise<void>
}

interface AddOptions extends AddPasskeyOptions {
  conditional?: boolean | undefined
}

interface AuthenticateOptions extends AddPasskeyOptions {
  start?: typeof startImmediately
}

/**
 * Sends the result of a ceremony, and again if the network fails. Repeating a registration is safe: the server
 * accepts it as the same one. A repeated sign-in is refused with `authentication_failed` if the first one had
 * arrived; then the guest is signed in already, and is returned. Rejects with `guest_merged` if that sign-in merged
 * the guest who was here, and with what `call` rejects with. `refused` is called if the server certainly did not take it.
 */
export async function sendProof<G extends UserInfo>(
  call: Call,
  path: string,
  proof: RegistrationResponseJSON | AuthenticationResponseJSON,
  refused?: () => void,
): Promise<G> {
  let tries = 0
  return insist(() => {
    tries++
    return call<G>('POST', path, proof)
  }).catch((error) => {
    // An answer to an earlier attempt may have been lost.
    if (tries < 2 && /^4/.test(error.status)) refused?.()
    if (!isCode(error, 'authentication_failed') || tries < 2) throw error
    return ownerOf<G>(call, proof.id).catch((reason) => {
      // The first request had arrived, and merged the guest who was here: nothing is wrong with the passkey.
      throw isCode(reason, 'guest_merged') ? reason : error
    })
  })
}

/**
 * The result of a ceremony without the output of the passkey's pseudo-random function, which only the user may have.
 */
function withoutSecrets<P extends RegistrationResponseJSON | AuthenticationResponseJSON>(proof: P): P {
  const { prf, ...clientExtensionResults } = proof.clientExtensionResults
  return { ...proof, clientExtensionResults }
}

/** The guest who is signed in, if this passkey belongs to that guest. It may still be the guest from before. */
async function ownerOf<G extends UserInfo>(call: Call, id: string): Promise<G> {
  await call('GET', itemPath('/passkeys', id))
  return call<G>('GET', '/userinfo')
}

/**
 * The extension input for `secret` (WebAuthn Level 3, 10.1.4): always the same, so that one prompt is enough for all
 * labels.
 */
const prfInput = () => ({ prf: { eval: { first: new TextEncoder().encode('guestkey secret') } } })

/** The passkey functions of a client, and what the other parts of the client need from them. */
export function createPasskeys({ call, take, user, recheck, loadExtras }: PasskeyContext) {
  const { noteProof, ...stepUp } = createStepUp(call, () => askForProof())
  const { callWithStepUp } = stepUp
  const extras = later(loadExtras, ({ createPasskeyExtras }) =>
    createPasskeyExtras({
      call,
      callWithStepUp,
      recheck,
      dialogs,
      isCapable,
      canAutofill,
      register,
      authenticate,
      askAuthentication,
      finishSignIn,
    }),
  )

  async function finish<G extends UserInfo>(
    path: string,
    proof: RegistrationResponseJSON | AuthenticationResponseJSON,
    refused?: () => void,
  ): Promise<G> {
    const guest = await take((call) => sendProof<G>(call, path, withoutSecrets(proof), refused), path)
    noteProof()
    return guest
  }

  const register = (ask: Call, { hints, conditional }: AddOptions = {}) =>
    inDialog(async () => {
      const askOptions = () =>
        ask<PublicKeyCredentialCreationOptionsJSON>('POST', '/passkeys/register/options', { conditional })
      const options = await askOptions().catch((error) => {
        // This answer deleted the cookie of the ended session: now nobody is signed in.
        if (!isSessionOver(error)) throw error
        return askOptions()
      })
      const optionsJSON = {
        ...options,
        ...(hints && { hints }),
        // Some authenticators give secrets only if this was asked for when the passkey was made.
        extensions: { ...options.extensions, prf: {} },
      }
      const start = conditional
        ? (given: Parameters<typeof startRegistration>[0]) =>
            startRegistration({ ...given, useAutoRegister: true })
        : startRegistration
      const made = await show(start, optionsJSON)
      // The authenticator holds a passkey now that signs nobody in.
      return finish<GuestWithPasskey>('/passkeys/register', made, () =>
        signal(({ notRegistered }) => notRegistered(made, options.rp.id)),
      )
    }).then(signalled)

  /** Tells the authenticator something. Nobody waits for it. */
  function signal(tell: (signals: Signals) => void) {
    extras.get().then(
      ({ signals }) => tell(signals),
      () => {},
    )
  }

  const signalCurrent = () => signal(({ current }) => current())

  const askAuthentication = (body = {}) =>
    call<PublicKeyCredentialRequestOptionsJSON>('POST', '/passkeys/authenticate/options', body)

  /**
   * Sends the proof of a sign-in. If it is refused, the authenticator is told if the server does not know the
   * passkey.
   */
  const finishSignIn = (proof: AuthenticationResponseJSON, rpId: string | undefined) =>
    finish<SignedInGuest>('/passkeys/authenticate', proof).catch((error) => {
      if (isCode(error, 'authentication_failed'))
        signal(({ unknown }) => unknown(withoutSecrets(proof), rpId))
      throw error
    })

  function signalled<T>(answer: T): T {
    signalCurrent()
    return answer
  }

  const authenticate = ({ hints, start = startAuthentication }: AuthenticateOptions = {}) =>
    inDialog(async () => {
      const options = await askAuthentication()
      const response = await show(start, { ...options, ...(hints && { hints }) })
      return finishSignIn(response, options.rpId)
    }).then(signalled)

  /**
   * Proves a passkey of the guest who is signed in. Returns the response of the authenticator, with its extension
   * results.
   */
  const prove = (extensions?: object) =>
    inDialog(async () => {
      const options = await askAuthentication({ step_up: true })
      const response = await show(startAuthentication, {
        ...options,
        extensions: { ...options.extensions, ...extensions },
      })
      await finish('/passkeys/authenticate', response)
      return response
    })

  // What is true now counts, not when the part is there: a dialog may succeed meanwhile, or the client be closed.
  const signInByAutofill = once(async (closed: AbortSignal) => {
    const seen = dialogs.last()
    return (await extras.get()).signInByAutofill(closed, seen)
  })

  const signInImmediately = async () => {
    if (!(await isCapable('immediateGet'))) throw new GuestClientError('unsupported')
    return authenticate({ start: startImmediately })
  }

  /** By one of the passkeys that are on this device; undefined if there are none, or the user chose none. */
  const signInIfAny = () =>
    signInImmediately().catch((error) => {
      if (!isNone(error)) throw error
    })

  const askForProof = once(async () => {
    // A guest without a passkey has nothing to prove: registering the first passkey is the proof.
    const hasNone = /none|device/.test((await user())?.recoverability ?? '')
    await (hasNone ? register(call) : prove())
  })

  return {
    add: (async ({ hints, conditional, ...unknown }: AddOptions = {}) => {
      refuseUnknown(unknown)
      if (!conditional) return register(callWithStepUp, { hints })
      return extras.get().then(
        ({ addUnasked }) => addUnasked(),
        () => null,
      )
    }) as GuestPasskeys['add'],
    async signIn({ autofill, immediate, hints, ...unknown }: PasskeySignInOptions = {}, closed: AbortSignal) {
      refuseUnknown(unknown)
      if (immediate) return signInImmediately()
      return autofill ? signInByAutofill(closed) : authenticate({ hints })
    },
    secret: async (label: string) => {
      // Loaded while the dialog is open, and not before it: a browser may forget the click.
      const loading = extras.get()
      loading.catch(() => {})
      const response = await prove(prfInput())
      return (await loading).secretOf(response, label)
    },
    ...functionsOf(extras.get, ['list', 'rename', 'remove']),
    autofillSupported: canAutofill,
    cancel: dialogs.cancelOpen,
    ...stepUp,
    signInIfAny,
    signalCurrent,
  } satisfies Omit<GuestPasskeys, 'supported' | 'signIn' | 'cancel'> & Record<string, unknown>
}
