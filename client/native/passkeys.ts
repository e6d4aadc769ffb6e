// The passkeys of an app, by functions that the app gives: those of its system, or of a library for it.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import type { GuestPasskeys, PasskeyContext } from '../api/passkeys.ts'
import { ceremonyError, GuestClientError } from '../lib/errors.ts'
import { type Call, itemPath } from '../lib/http.ts'
import { once } from '../lib/once.ts'
import { createStepUp } from '../lib/step-up.ts'
import type { GuestWithPasskey, Passkey, SignedInGuest } from '../lib/types.ts'
import { sendProof } from '../webauthn/send-proof.ts'

/**
 * The prompts of the system for passkeys, with the JSON of WebAuthn (Level 3, 5.1.8 to 5.1.10). An error that is called as
 * those of WebAuthn gets its code here, such as `cancelled` for `NotAllowedError`; any other is `authenticator_error`.
 */
export interface PasskeyPrompts {
  create(options: PublicKeyCredentialCreationOptionsJSON): Promise<RegistrationResponseJSON>
  get(options: PublicKeyCredentialRequestOptionsJSON): Promise<AuthenticationResponseJSON>
}

/** The passkeys of the guest who is signed in. */
export type NativePasskeys = Pick<GuestPasskeys, 'list' | 'rename' | 'remove' | 'supported'> & {
  /** As `passkeys.add` in a browser. Rejects with `unsupported` without the option `passkeys`. */
  add(): Promise<GuestWithPasskey>
  /** As `passkeys.signIn` in a browser. Rejects with `unsupported` without the option `passkeys`. */
  signIn(): Promise<SignedInGuest>
}

const unsupported = async (): Promise<never> => {
  throw new GuestClientError('unsupported')
}

/** The passkey functions of a client, in place of those for a page. */
export function createPasskeysBy(prompts: PasskeyPrompts | undefined, context: PasskeyContext) {
  const { call, take, user, recheck } = context
  const { noteProof, ...stepUp } = createStepUp(call, () => askForProof())

  const show = <Options, Response>(prompt: (options: Options) => Promise<Response>, options: Options) =>
    prompt(options).catch((error) => {
      throw ceremonyError(error)
    })

  const finish = async <G extends SignedInGuest | GuestWithPasskey>(
    path: string,
    proof: RegistrationResponseJSON | AuthenticationResponseJSON,
  ): Promise<G> => {
    const guest = await take((call) => sendProof<G>(call, path, proof), path)
    noteProof()
    return guest
  }

  const make = prompts
    ? async <G extends SignedInGuest | GuestWithPasskey>(ask: Call, path: string, body = {}) =>
        finish<G>(path, await show(prompts.create, await ask('POST', `${path}/options`, body)))
    : unsupported
  const register = (ask = call) => make<GuestWithPasskey>(ask, '/passkeys/register')

  const authenticate = prompts
    ? async (body = {}) =>
        finish<SignedInGuest>(
          '/passkeys/authenticate',
          await show(prompts.get, await call('POST', '/passkeys/authenticate/options', body)),
        )
    : unsupported

  const askForProof = once(async () => {
    // Without a passkey there is nothing to prove: registering the first one is the proof.
    const hasNone = /none|device/.test((await user())?.recoverability ?? '')
    await (hasNone ? register() : authenticate({ step_up: true }))
  })

  return {
    ...stepUp,
    add: () => register(stepUp.callWithStepUp),
    signIn: () => authenticate(),
    list: async () => (await call<{ passkeys: Passkey[] }>('GET', '/passkeys')).passkeys,
    rename: (id: string, name: string) => call<Passkey>('PATCH', itemPath('/passkeys', id), { name }),
    async remove(id: string, options?: Parameters<GuestPasskeys['remove']>[1]) {
      await stepUp.callWithStepUp('DELETE', itemPath('/passkeys', id, options))
      await recheck()
    },
    wayIn: (code: string) => make<SignedInGuest>(call, '/way-in', { code }),
    secret: unsupported,
    autofillSupported: async () => false,
    signInIfAny: async () => undefined,
    cancel() {},
    signalCurrent() {},
  } satisfies NativePasskeys | Record<string, unknown>
}
