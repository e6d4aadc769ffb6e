// Whether this browser keeps the cookies of this page. The one of the session is out of reach for scripts, so this tries
// one that is like it.

/**
 * Whether the browser would keep the session cookie. It does not if the person has blocked cookies, nor in a frame of
 * another site, because of SameSite=Lax (RFC 6265bis, 5.7). Where there are no documents, nobody can tell.
 */
export function keepsCookies(): boolean {
  if (!globalThis.document) return true
  try {
    const name = `guestkey-try-${Math.random()}`
    const set = (attributes: string) => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API answers later, and not in every browser.
      document.cookie = `${name}=1;path=/;samesite=lax${attributes}`
    }
    set('')
    const isKept = document.cookie.includes(name)
    set(';max-age=0')
    return isKept
  } catch {
    // A frame with the attribute `sandbox` has no cookies at all.
    return false
  }
}
