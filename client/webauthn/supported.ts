// Whether a browser has passkeys.

/** Whether this browser can make and use passkeys. Some have `PublicKeyCredential`, and nothing that makes one. */
export function hasPasskeys(): boolean {
  try {
    return typeof PublicKeyCredential === 'function' && Boolean(navigator.credentials)
  } catch {
    return false
  }
}
