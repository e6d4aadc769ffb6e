// Sends the result of a ceremony, and again if that may help.
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/browser'
import { isCode } from '../lib/errors.ts'
import { type Call, insist, itemPath } from '../lib/http.ts'
import type { UserInfo } from '../lib/types.ts'

export type Proof = RegistrationResponseJSON | AuthenticationResponseJSON

/**
 * Sends the result of a ceremony, and again if the network fails. Repeating a registration is safe: the server
 * accepts it as the same one. A repeated sign-in is refused with `authentication_failed` if the first one had
 * arrived; then the guest is signed in already, and is returned. Rejects with `guest_merged` if that sign-in merged
 * the guest who was here, and with what `call` rejects with. `failed` is the error of a first attempt, if one was made.
 * `refused` is called if the server certainly did not take it.
 */
export async function sendProof<G extends UserInfo>(
  call: Call,
  path: string,
  proof: Proof,
  failed?: unknown,
  refused?: (error: unknown) => void,
): Promise<G> {
  let tries = 0
  return insist(() => (tries++ || !failed ? call<G>('POST', path, proof) : Promise.reject(failed))).catch(
    (error) => {
      // An answer to an earlier attempt may have been lost.
      if (tries < 2 && /^4/.test(error.status)) refused?.(error)
      if (!isCode(error, 'authentication_failed') || tries < 2) throw error
      return ownerOf<G>(call, proof.id).catch((reason) => {
        // The first request had arrived, and merged the guest who was here: nothing is wrong with the passkey.
        throw isCode(reason, 'guest_merged') ? reason : error
      })
    },
  )
}

/** The guest who is signed in, if this passkey belongs to that guest. It may still be the guest from before. */
async function ownerOf<G extends UserInfo>(call: Call, id: string): Promise<G> {
  await call('GET', itemPath('/passkeys', id))
  return call<G>('GET', '/userinfo')
}
