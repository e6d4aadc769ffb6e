// Signals to authenticators, so that they show neither a passkey that was removed nor an old name (WebAuthn Level 3,
// 5.1.10).
import type { AuthenticationResponseJSON } from '@simplewebauthn/browser'
import type { Call } from '../lib/http.ts'
import type { Dialogs } from './ceremonies.ts'

/** The signals of a client. Nobody waits for them, and their failures are ignored. */
export interface Signals {
  /** Tells the passkeys of the guest who is signed in, and the label. */
  current(): void
  /**
   * Sends the server a proof that it refused. If the server says that it does not know that passkey, tells the
   * authenticator.
   */
  unknown(proof: AuthenticationResponseJSON, rpId: string | undefined): void
  /** Tells the authenticator that the server did not take the passkey that it has just made. */
  notRegistered(made: { id: string }, rpId: string | undefined): void
}

interface Told {
  rp_id: string
  user_id: string
  credential_ids: string[]
  name: string
  display_name: string
}

// The types of TypeScript say that every browser has these methods, which is not so.
const methods = () =>
  (globalThis.PublicKeyCredential ?? {}) as Partial<
    Pick<
      typeof PublicKeyCredential,
      'signalAllAcceptedCredentials' | 'signalCurrentUserDetails' | 'signalUnknownCredential'
    >
  >

const unasked = (work: () => Promise<unknown>) => void work().catch(() => {})

const signalUnknown = async (credentialId: string, rpId: string) =>
  methods().signalUnknownCredential?.call(PublicKeyCredential, { rpId, credentialId })

/** The signals of a client; `call` asks the server for their content. */
export const createSignals = (call: Call, { last, isOpen }: Dialogs): Signals => ({
  current: () =>
    unasked(async () => {
      const { signalAllAcceptedCredentials: all, signalCurrentUserDetails: details } = methods()
      if (!all && !details) return
      const seen = last()
      const wasOpen = isOpen()
      const { rp_id: rpId, user_id: userId, ...told } = await call<Told>('GET', '/passkeys/signal')
      // A passkey that was made meanwhile is not on this list yet: the authenticator would hide it.
      if (wasOpen || seen !== last() || isOpen()) return
      await Promise.all([
        all?.call(PublicKeyCredential, { rpId, userId, allAcceptedCredentialIds: told.credential_ids }),
        details?.call(PublicKeyCredential, {
          rpId,
          userId,
          name: told.name,
          displayName: told.display_name,
        }),
      ])
    }),
  unknown: (proof, rpId) =>
    unasked(async () => {
      if (!methods().signalUnknownCredential || !rpId) return
      const { unknown } = await call<{ unknown: boolean }>('POST', '/passkeys/unknown', proof)
      if (unknown === true) await signalUnknown(proof.id, rpId)
    }),
  notRegistered: ({ id }, rpId = location.hostname) => unasked(() => signalUnknown(id, rpId)),
})
