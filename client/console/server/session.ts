// The operator who is signed in, and the ceremonies: sign in, prove again, become an operator, add a passkey.
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type { OperatorRole } from '../../../server/types.ts'
import { autofill, canAutofill } from '../../webauthn/autofill.ts'
import { dialogs, runDialog, show } from '../../webauthn/ceremonies.ts'
import { get, isCode, post, send } from './api.ts'
import { serverNow } from './clock.ts'

/** The operator who is signed in, and until when the session and the proof are good. Times are Unix seconds. */
export type Me = {
  id: string
  name: string
  role: OperatorRole
  /** How long a way in lets nobody in, in seconds; null: the deployment has none. */
  way_in_delay: number | null
  session: { id: string; expires_at: number; ends_at: number; proven_at: number; proven_until: number }
}

const ranks: Record<OperatorRole, number> = { viewer: 1, support: 2, owner: 3 }

let me: Me | undefined
/** The id of the first operator who was signed in here: what the page remembers is that operator's. */
let whose: string | undefined
let hasEnded = false
let heard: (() => void) | undefined

/** Who is signed in; undefined: nobody, as far as this page knows. */
export const whoIs = (): Me | undefined => me

/** Whether the operator has this role or a higher one. The server decides; this is for what the page offers. */
export const may = (role: OperatorRole): boolean => me !== undefined && ranks[me.role] >= ranks[role]

/** Calls this whenever it changes who is signed in, or until when the proof is good. */
export const whenChanged = (listener: () => void): void => {
  heard = listener
}

function become(who: Me | undefined): void {
  me = who
  whose ??= who?.id
  hasEnded = false
  heard?.()
}

/** Notes that the server has ended the session, until an operator is signed in again. */
export function noteEnd(): void {
  hasEnded = true
  heard?.()
}

/** Whether nobody may see any more what this page shows: its operator is signed out, or somebody else is signed in. */
export const isOver = (): boolean => hasEnded || me?.id !== whose

/** Asks the server who is signed in. Errors: ApiError `not_signed_in`, `session_invalid`, and others. */
export async function lookWho(): Promise<void> {
  become(await send<Me>('GET', 'me'))
}

/**
 * Asks who is signed in if the session should be over by now, or if `again`. It may have been used since in another tab,
 * and the clock here may be wrong.
 */
export async function lookAgain(again = false): Promise<void> {
  if (!me || hasEnded || (!again && serverNow() <= (me.session.expires_at + 1) * 1000)) return
  await lookWho().catch((error) => {
    if (isCode(error, 'not_signed_in', 'session_invalid')) noteEnd()
  })
}

const askSignIn = () => send<PublicKeyCredentialRequestOptionsJSON>('POST', 'sign-in/options', {})

/** Signs in with a passkey that the person chooses. Errors: ApiError; GuestClientError, such as `cancelled`. */
export const signIn = (): Promise<void> =>
  runDialog(async (check) => {
    const proof = await show(startAuthentication, await askSignIn(), check)
    become(await send<Me>('POST', 'sign-in', proof))
  })

/** Whether `signInByField` can work here. */
export const canSignInByField = canAutofill

/** Offers passkeys in the suggestions of a field until the person picks one. Errors: as `signIn`. */
export async function signInByField(closed: AbortSignal): Promise<void> {
  const { response } = await autofill(askSignIn, closed, dialogs.last(), dialogs)
  become(await send<Me>('POST', 'sign-in', response))
}

/** Proves a passkey of the operator who is signed in. Errors: as `signIn`, and ApiError `session_invalid`. */
export const prove = (): Promise<void> =>
  runDialog(async (check) => {
    const options = await send<PublicKeyCredentialRequestOptionsJSON>('POST', 'step-up/options', {})
    become(await send<Me>('POST', 'step-up', await show(startAuthentication, options, check)))
  })

/** Makes a passkey with an invitation, and signs in. Errors: as `signIn`, and ApiError `invitation_invalid`. */
export const accept = (invitation: string): Promise<void> =>
  runDialog(async (check) => {
    const options = await send<PublicKeyCredentialCreationOptionsJSON>('POST', 'invitations/options', {
      invitation,
    })
    const passkey = await show(startRegistration, options, check)
    become(await send<Me>('POST', 'invitations/accept', { invitation, passkey }))
  })

/** Adds a passkey to the operator who is signed in. Errors: as `signIn`, and ApiError `too_many_passkeys`. */
export async function addPasskey(): Promise<void> {
  const options = await post<PublicKeyCredentialCreationOptionsJSON>('me/passkeys/options')
  const made = await runDialog((check) => show(startRegistration, options, check))
  await post('me/passkeys', made)
}

/** Ends the ceremony that is under way. */
export const cancelCeremony = (): void => dialogs.cancelOpen()

/** Ends the session here. */
export async function signOut(): Promise<void> {
  await send('POST', 'sign-out', {}).catch(() => {})
  become(undefined)
}

let names: Promise<Map<string, string>> | undefined

/** The names of the operators, by id. One who was removed has none. */
export function operatorNames(): Promise<Map<string, string>> {
  names ??= get<{ operators: { id: string; name: string }[] }>('operators').then(
    ({ operators }) => new Map(operators.map(({ id, name }) => [id, name])),
  )
  names.catch(() => {
    names = undefined
  })
  return names
}

/** Forgets the names, after operators came or went. */
export const forgetNames = (): void => {
  names = undefined
}
