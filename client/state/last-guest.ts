// Whom the elements remember after a sign-out, to say “Welcome back”. The client forgets it with the guest.
import { isBrowser } from '../lib/is-browser.ts'

/** The entry in localStorage. */
export const lastGuestKey = 'guestkey-last'

/** To be called before the listeners hear that nobody is signed in. */
export function forgetLastGuest() {
  // An app in Node would get a warning.
  if (!isBrowser()) return
  // A browser may refuse its storage: then there is nothing in it.
  try {
    localStorage.removeItem(lastGuestKey)
  } catch {}
}
