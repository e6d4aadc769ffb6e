// What authenticators are told, so that they show no passkey that is gone, nor an old name (WebAuthn Level 3, 5.1.10).
import type { AuthenticationResponseJSON } from '@simplewebauthn/browser'
import type { Call } from '../lib/http.ts'
import { lastDialog } from './ceremonies.ts'

/** The signals of a client. Nobody waits for them, and no failure of theirs is anybody's concern. */
export interface Signals {
  /** The guest who is signed in has these passkeys, and this name. */
  current(): void
  /** Has the server look at a proof that it refused: where it does not know the passkey, the authenticator is told. */
  unknown(proof: AuthenticationResponseJSON, rpId: string | undefined): void
}

interface Told {
  rp_id: string
  user_id: string
  credential_ids: string[]
  name: string
  display_name: string
}

// TypeScript's own types say that every browser has them.
const methods = () =>
  (globalThis.PublicKeyCredential ?? {}) as Partial<
    Pick<
      typeof PublicKeyCredential,
      'signalAllAcceptedCredentials' | 'signalCurrentUserDetails' | 'signalUnknownCredential'
    >
  >

const unasked = (work: () => Promise<unknown>) => void work().catch(() => {})

/** Signals by what `call` is answered. */
export const createSignals = (call: Call): Signals => ({
  current: () =>
    unasked(async () => {
      const { signalAllAcceptedCredentials: all, signalCurrentUserDetails: details } = methods()
      if (!all && !details) return
      const seen = lastDialog()
      const { rp_id: rpId, user_id: userId, ...told } = await call<Told>('GET', '/passkeys/signal')
      // A passkey that has been made meanwhile is not on the list yet, and would be taken for one that is gone.
      if (seen !== lastDialog()) return
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
      const { signalUnknownCredential: signal } = methods()
      if (!signal || !rpId) return
      const { unknown } = await call<{ unknown: boolean }>('POST', '/passkeys/unknown', proof)
      if (unknown === true) await signal.call(PublicKeyCredential, { rpId, credentialId: proof.id })
    }),
})
