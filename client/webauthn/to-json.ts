// The JSON of a credential that has no `toJSON`.
import type { AuthenticationResponseJSON } from '@simplewebauthn/browser'
import { base64url } from '../lib/base64url.ts'

/** A password manager that answers in place of the browser may lack `toJSON`. */
export function toJson({ id, type, response: given }: PublicKeyCredential): AuthenticationResponseJSON {
  const { authenticatorData, clientDataJSON, signature, userHandle } = given as AuthenticatorAssertionResponse
  const response = {
    authenticatorData: base64url(authenticatorData),
    clientDataJSON: base64url(clientDataJSON),
    signature: base64url(signature),
    ...(userHandle && { userHandle: base64url(userHandle) }),
  }
  return { id, rawId: id, type: type as 'public-key', response, clientExtensionResults: {} }
}
