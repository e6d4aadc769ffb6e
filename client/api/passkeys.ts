// Passkeys: add, sign in, list, rename, remove, and the step-up that some requests ask for.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialHint,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { codeOf, GuestClientError, isSessionOver } from '../lib/errors.ts'
import { type Call, insist } from '../lib/http.ts'
import type { GuestWithPasskey, Passkey, SignedInGuest, UserInfo } from '../lib/types.ts'
import { autofill, inDialog, isCapable, show, startImmediately } from '../webauthn/ceremonies.ts'
import { deriveSecret, type PasskeySecret, prfInput } from '../webauthn/secret.ts'
import type { Signals } from '../webauthn/signals.ts'

/** What the passkey functions need of the client around them. */
export interface PasskeyContext {
  call: Call
  /**
   * Takes the guest of an answer as the one who is signed in, and hands the answer on; with no other request under way
   * in any tab. If that `path` may have revoked the key of this browser, it is made anew.
   */
  take<G extends UserInfo>(ask: (call: Call) => Promise<G>, path: string): Promise<G>
  user(): Promise<UserInfo | null>
  /** Asks again who is signed in, in all tabs: something that may show there has changed. */
  recheck(): Promise<unknown>
  signals: Signals
}

/** The passkeys of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestPasskeys {
  /**
   * Adds a passkey, which brings this guest back on other devices. Adding a second one asks for the first before
   * that; with nobody signed in, a new guest is made. `hints` say which authenticator is meant, such as `client-device`
   * (WebAuthn Level 3, 5.8.7). Rejects with `cancelled`, `already_here`, `no_user_verification`, `too_many_passkeys` and
   * others.
   */
  add(options?: { hints?: PublicKeyCredentialHint[] }): Promise<GuestWithPasskey>
  /**
   * As above, but `conditional`: without a dialog, where the password manager that was just used makes one by itself.
   * Null where it does not, or the browser knows no such thing.
   */
  add(options: { conditional: true }): Promise<GuestWithPasskey | null>
  /**
   * Signs in whoever the chosen passkey belongs to. With `autofill`, offers passkeys in the suggestions of an
   * `<input autocomplete="username webauthn">` and stays pending until one is picked; dialogs do not end it unless
   * they succeed, and then it rejects with `aborted`, which is nothing to tell the user. Asking for autofill while it
   * is pending gives the same promise. With `immediate`, which takes a click of the user, offers those that are on this
   * device, and rejects with `cancelled` at once where there are none; with `unsupported` where the browser knows no
   * such thing. `hints` as for `add`.
   */
  signIn(options?: {
    autofill?: boolean
    immediate?: boolean
    hints?: PublicKeyCredentialHint[]
  }): Promise<SignedInGuest>
  /**
   * A secret that nobody can have without the passkey, such as a key for what the service must not be able to read: 32
   * bytes, the same each time for the same `label` and passkey, others for another one. Asks for a passkey, as a step-up
   * does. It does not leave the browser. A passkey that is lost is lost with all that it alone can decrypt: keep a random
   * key, encrypted by the secret of each passkey. Rejects with `no_secret` where passkey or browser cannot do that,
   * with `insufficient_user_authentication` where there is no passkey, and others.
   */
  secret(label: string): Promise<PasskeySecret>
  list(): Promise<Passkey[]>
  rename(id: string, name: string): Promise<Passkey>
  /**
   * Removes a passkey, after a step-up if the last proof is too old. Rejects with `would_lose_account` if it is the
   * only way back, unless `force` is set.
   */
  remove(id: string, options?: { force?: boolean }): Promise<void>
  /** Whether this browser has passkeys at all; only in secure contexts. */
  supported(): boolean
  /** Whether `signIn({ autofill: true })` can work here. */
  autofillSupported(): Promise<boolean>
}

interface AddOptions {
  hints?: PublicKeyCredentialHint[]
  conditional?: boolean
}

interface AuthenticateOptions {
  hints?: PublicKeyCredentialHint[] | undefined
  start?: typeof startImmediately
}

/** Remembers when a request began; what it returns is to be called when that request was refused for want of a proof. */
export type WatchProofs = () => () => Promise<void>

/** Does some work, and once more after a proof where the server wants a fresh one (RFC 9470). */
export type WithStepUp = <T>(work: () => Promise<T>) => Promise<T>

/** The path of one item, which a caller may insist on deleting. */
export const itemPath = (list: string, id: string, force?: boolean) =>
  `${list}/${encodeURIComponent(id)}${force ? '?force=true' : ''}`

/**
 * Sends a finished ceremony, and again if the network fails: the server makes repeated registrations safe.
 * A repeated sign-in is refused if the first one had arrived after all; the guest is then signed in already.
 */
export async function sendProof<G extends UserInfo>(
  call: Call,
  path: string,
  proof: RegistrationResponseJSON | AuthenticationResponseJSON,
): Promise<G> {
  let tries = 0
  return insist(() => {
    tries++
    return call<G>('POST', path, proof)
  }).catch((error) => {
    if (codeOf(error) !== 'authentication_failed' || tries < 2) throw error
    return ownerOf<G>(call, proof.id).catch((reason) => {
      // It had arrived, and took in the guest who was here: there is nothing wrong with the passkey.
      throw codeOf(reason) === 'guest_merged' ? reason : error
    })
  })
}

/** What the server may see of a ceremony: what a passkey's pseudo-random function gave is the user's alone. */
function withoutSecrets<P extends RegistrationResponseJSON | AuthenticationResponseJSON>(proof: P): P {
  const { prf, ...clientExtensionResults } = proof.clientExtensionResults
  return { ...proof, clientExtensionResults }
}

/** The guest who is signed in, if the passkey is theirs: it would not do to take the guest from before for the new one. */
async function ownerOf<G extends UserInfo>(call: Call, id: string): Promise<G> {
  await call('GET', itemPath('/passkeys', id))
  return call<G>('GET', '/userinfo')
}

/** The passkey functions of a client, and what its other parts need of them. */
export function createPasskeys({ call, take, user, recheck, signals }: PasskeyContext) {
  let proofs = 0
  let steppingUp: Promise<unknown> | undefined
  let autofilling: Promise<SignedInGuest> | undefined
  let closing: AbortController | undefined

  async function finish<G extends UserInfo>(
    path: string,
    proof: RegistrationResponseJSON | AuthenticationResponseJSON,
  ): Promise<G> {
    const guest = await take((call) => sendProof<G>(call, path, withoutSecrets(proof)), path)
    proofs++
    return guest
  }

  const register = (ask: Call, { hints, conditional }: AddOptions = {}) =>
    inDialog(async () => {
      const askOptions = () =>
        ask<PublicKeyCredentialCreationOptionsJSON>('POST', '/passkeys/register/options', { conditional })
      const options = await askOptions().catch((error) => {
        // That answer cleared the cookie of a session that is over: now nobody is signed in.
        if (!isSessionOver(error)) throw error
        return askOptions()
      })
      const optionsJSON = {
        ...options,
        ...(hints && { hints }),
        // Some authenticators give no secrets by a passkey of which nobody said so at first.
        extensions: { ...options.extensions, prf: {} },
      }
      const start = conditional
        ? (given: Parameters<typeof startRegistration>[0]) =>
            startRegistration({ ...given, useAutoRegister: true })
        : startRegistration
      return finish<GuestWithPasskey>('/passkeys/register', await show(start, optionsJSON))
    }).then(signalled)

  /** Nothing that is done unasked is worth an error. */
  const registerUnasked = async () =>
    (await isCapable('conditionalCreate')) ? register(call, { conditional: true }).catch(() => null) : null

  const askAuthentication = (body = {}) =>
    call<PublicKeyCredentialRequestOptionsJSON>('POST', '/passkeys/authenticate/options', body)

  /** Hands in the proof of a sign-in; authenticators are told of a passkey that is not known here. */
  const finishSignIn = (proof: AuthenticationResponseJSON, rpId: string | undefined) =>
    finish<SignedInGuest>('/passkeys/authenticate', proof).catch((error) => {
      if (codeOf(error) === 'authentication_failed') signals.unknown(withoutSecrets(proof), rpId)
      throw error
    })

  function signalled<T>(answer: T): T {
    signals.current()
    return answer
  }

  const authenticate = ({ hints, start = startAuthentication }: AuthenticateOptions = {}) =>
    inDialog(async () => {
      const options = await askAuthentication()
      const response = await show(start, { ...options, ...(hints && { hints }) })
      return finishSignIn(response, options.rpId)
    }).then(signalled)

  /** A proof by a passkey of the guest who is signed in; with extensions, what they gave. */
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

  const signInImmediately = async () => {
    if (!(await isCapable('immediateGet'))) throw new GuestClientError('unsupported')
    return authenticate({ start: startImmediately })
  }

  async function signInByAutofill(): Promise<SignedInGuest> {
    closing = new AbortController()
    if (!(await browserSupportsWebAuthnAutofill())) throw new GuestClientError('unsupported')
    const { response, late, rpId } = await autofill(askAuthentication, closing.signal)
    try {
      return signalled(await finishSignIn(response, rpId))
    } catch (error) {
      // The page lay open for longer than the challenge lives: ask once more, now with a dialog.
      if (late && codeOf(error) === 'authentication_failed') return authenticate()
      throw error
    }
  }

  async function stepUp() {
    // A guest without a passkey has nothing to step up with: the first passkey is the proof.
    const hasNone = /none|device/.test((await user())?.recoverability ?? '')
    await (hasNone ? register(call) : prove())
  }

  const watchProofs: WatchProofs = () => {
    const seen = proofs
    return async () => {
      // There may have been a proof while the refusal was on its way; that one will do.
      if (seen !== proofs) return
      steppingUp ??= stepUp().finally(() => {
        steppingUp = undefined
      })
      await steppingUp
    }
  }

  const withStepUp: WithStepUp = async (work) => {
    const prove = watchProofs()
    try {
      return await work()
    } catch (error) {
      if (codeOf(error) !== 'insufficient_user_authentication') throw error
      await prove()
      return work()
    }
  }

  const callWithStepUp: Call = <T>(...asked: Parameters<Call>) => withStepUp(() => call<T>(...asked))

  const passkeys: GuestPasskeys = {
    add: ((options?: AddOptions) =>
      options?.conditional ? registerUnasked() : register(callWithStepUp, options)) as GuestPasskeys['add'],
    signIn(options = {}) {
      if (options.immediate) return signInImmediately()
      if (!options.autofill) return authenticate({ hints: options.hints })
      autofilling ??= signInByAutofill().finally(() => {
        autofilling = undefined
      })
      return autofilling
    },
    list: async () => (await call<{ passkeys: Passkey[] }>('GET', '/passkeys')).passkeys,
    secret: async (label) => {
      const { clientExtensionResults, id } = await prove(prfInput)
      return { secret: await deriveSecret(clientExtensionResults, label), passkeyId: id }
    },
    rename: (id, name) => call<Passkey>('PATCH', itemPath('/passkeys', id), { name }).then(signalled),
    async remove(id, options) {
      await callWithStepUp('DELETE', itemPath('/passkeys', id, options?.force))
      signals.current()
      await recheck()
    },
    supported: browserSupportsWebAuthn,
    autofillSupported: browserSupportsWebAuthnAutofill,
  }

  return {
    passkeys,
    watchProofs,
    withStepUp,
    callWithStepUp,
    close: () => closing?.abort(),
  }
}
