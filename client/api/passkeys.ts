// Passkeys: add, sign in, list, rename, remove, and the step-up: a fresh proof that the server asks for.
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialHint,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { GuestClientError, oncePerSession } from '../lib/errors.ts'
import type { Call } from '../lib/http.ts'
import { functionsOf, type Load, later } from '../lib/later.ts'
import { once } from '../lib/once.ts'
import { type ForceOptions, refuseUnknown } from '../lib/options.ts'
import { createStepUp } from '../lib/step-up.ts'
import type { GuestWithPasskey, Passkey, SignedInGuest, UserInfo } from '../lib/types.ts'
import { within } from '../lib/within.ts'
import { dialogs, isCapable, isNone, runDialog, show, startImmediately } from '../webauthn/ceremonies.ts'
import type { PasskeySecret } from '../webauthn/secret.ts'
import type { Proof } from '../webauthn/send-proof.ts'

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
  /** See `withSentences`. */
  loadSentences: Load<unknown>
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
  /**
   * Closes the passkey dialog that is open in this page, and keeps closed those that calls of before now would show: what
   * waits for them rejects with `aborted`.
   */
  cancel(): Promise<void>
}

interface AddOptions extends AddPasskeyOptions {
  conditional?: boolean | undefined
}

/** `path`: the endpoint that gets the passkey; what is not said here is asked for at its options. */
interface RegisterOptions extends AddOptions {
  path?: string
  code?: string
}

interface AskOptions extends AddPasskeyOptions {
  /** Of the request for options. */
  body?: object
  extensions?: object | undefined
  start?: typeof startAuthentication
}

/**
 * The result of a ceremony without the output of the passkey's pseudo-random function, which only the user may have.
 */
function withoutSecrets<P extends Proof>(proof: P): P {
  const { prf, ...clientExtensionResults } = proof.clientExtensionResults
  return { ...proof, clientExtensionResults }
}

/**
 * The extension input for `secret` (WebAuthn Level 3, 10.1.4): always the same, so that one prompt is enough for all
 * labels.
 */
const prfInput = () => ({ prf: { eval: { first: new TextEncoder().encode('guestkey secret') } } })

/** The longest that a proof which was not taken waits for the part that can do more about it. */
const patienceMilliseconds = 5000

/** The passkey functions of a client, and what the other parts of the client need from them. */
export function createPasskeys({ call, take, user, recheck, loadExtras, loadSentences }: PasskeyContext) {
  const { noteProof, ...stepUp } = createStepUp(call, () => askForProof(), dialogs.watch)
  const { callWithStepUp } = stepUp
  const extras = later(loadExtras, ({ createPasskeyExtras }) =>
    createPasskeyExtras({
      call,
      callWithStepUp,
      take,
      recheck,
      dialogs,
      isCapable,
      register,
      authenticate,
      askAuthentication,
      finish,
    }),
  )
  type Extras = Awaited<ReturnType<typeof extras.get>>
  const ifThere = <Done, Otherwise>(work: (extras: Extras) => Done | Promise<Done>, otherwise: Otherwise) =>
    extras.get().then(work, () => otherwise)

  /** What is needed after a dialog comes while it is open, and not before it: a browser may forget the click. */
  function inDialog<T>(flow: (check: () => void) => Promise<T>): Promise<T> {
    loadSentences().catch(() => {})
    ifThere(() => {}, null)
    return runDialog(flow)
  }

  /** Sends a proof. If that fails, the part that comes later does what can be done. */
  async function finish<G extends UserInfo>(path: string, proof: Proof, rpId?: string): Promise<G> {
    const sent = withoutSecrets(proof)
    const guest = await take((call) => call<G>('POST', path, sent), path).catch(async (error) => {
      const { recover } = await within(patienceMilliseconds, extras.get).catch(() => {
        throw error
      })
      return recover<G>(error, path, sent, rpId)
    })
    noteProof()
    return guest
  }

  const register = <G extends UserInfo = GuestWithPasskey>(
    ask: Call,
    { hints, path = '/passkeys/register', ...body }: RegisterOptions = {},
  ) =>
    inDialog(async (check) => {
      // The answer that the session has ended deleted its cookie: now nobody is signed in.
      const options = await oncePerSession(() =>
        ask<PublicKeyCredentialCreationOptionsJSON>('POST', `${path}/options`, body),
      )
      const made = await show(
        (given: Parameters<typeof startRegistration>[0]) =>
          startRegistration({ ...given, useAutoRegister: Boolean(body.conditional) }),
        {
          ...options,
          ...(hints && { hints }),
          // Some authenticators give secrets only if this was asked for when the passkey was made.
          extensions: { ...options.extensions, prf: {} },
        },
        check,
      )
      return finish<G>(path, made, options.rp?.id)
    }).then(signalled)

  /** Tells authenticators about the guest. Nobody waits for it. */
  function signalCurrent(): void {
    ifThere(({ signals }) => signals.current(), null)
  }

  function signalled<T>(answer: T): T {
    signalCurrent()
    return answer
  }

  const askAuthentication = (body = {}) =>
    call<PublicKeyCredentialRequestOptionsJSON>('POST', '/passkeys/authenticate/options', body)

  /** Asks for a passkey. Returns the guest, and the response of the authenticator, with its extension results. */
  const ask = ({ hints, body, extensions, start = startAuthentication }: AskOptions) =>
    inDialog(async (check) => {
      const options = await askAuthentication(body)
      const response = await show(
        start,
        {
          ...options,
          ...(hints && { hints }),
          extensions: { ...options.extensions, ...extensions },
        },
        check,
      )
      return {
        guest: await finish<SignedInGuest>(
          '/passkeys/authenticate',
          response,
          body ? undefined : options.rpId,
        ),
        response,
      }
    })

  const authenticate = (options: AskOptions = {}) => ask(options).then(({ guest }) => signalled(guest))

  /** Proves a passkey of the guest who is signed in. */
  const prove = (extensions?: object) => ask({ body: { step_up: true }, extensions })

  // What is true now counts, not when the part is there: a dialog may succeed meanwhile, or the client be closed.
  const signInByAutofill = once(async (closed: AbortSignal) => {
    const seen = dialogs.last()
    return (await extras.get()).signInByAutofill(closed, seen)
  })

  const signInImmediately = async () => {
    if (!(await isCapable('immediateGet'))) throw new GuestClientError('unsupported')
    return authenticate({
      start: ({ optionsJSON }) =>
        startImmediately(optionsJSON, async (credential) => (await extras.get()).toJson(credential)),
    })
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
      return conditional
        ? ifThere(({ addUnasked }) => addUnasked(), null)
        : register(callWithStepUp, { hints })
    }) as GuestPasskeys['add'],
    async signIn({ autofill, immediate, hints, ...unknown }: PasskeySignInOptions = {}, closed: AbortSignal) {
      refuseUnknown(unknown)
      if (immediate) return signInImmediately()
      return autofill ? signInByAutofill(closed) : authenticate({ hints })
    },
    secret: async (label: string) => {
      const { response } = await prove(prfInput())
      return (await extras.get()).secretOf(response, label)
    },
    ...functionsOf(extras.get, ['list', 'rename', 'remove', 'wayIn']),
    autofillSupported: () => ifThere(({ canAutofill }) => canAutofill(), false),
    cancel: dialogs.cancelOpen,
    ...stepUp,
    signInIfAny,
    signalCurrent,
  } satisfies Omit<GuestPasskeys, 'supported' | 'signIn' | 'cancel'> & Record<string, unknown>
}
