// The sentences of errors, as a page gets them with its first error.
import { foreignCode, type GuestClientError, type GuestClientErrorCode } from './errors.ts'
import { codeOfNow } from './old-names.ts'
import { sentences } from './sentences.ts'

/** What is for the developer, of the codes that no server explains. */
const details: Partial<Record<GuestClientErrorCode, string>> = {
  cookies_blocked:
    "The session cookie would not be kept: the person has blocked cookies, or the page is in a frame of another site. Token mode needs no cookie: createGuestClient({ mode: 'token', … }).",
}

let isWarned = false

/**
 * A development server in front of guestkey has an origin of its own, which guestkey refuses. The sentence for people says
 * nothing that would help, so the console does, once.
 */
function warnOfOrigin({ code, detail }: GuestClientError): void {
  const { hostname, origin } = globalThis.location ?? {}
  if (isWarned || code !== 'cross_site_request' || !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
    return
  isWarned = true
  console.warn(
    `guestkey refused this page, whose origin is ${origin}. If a development server stands in front of guestkey, set the option origin to '${origin}' (GUESTKEY_ORIGIN=${origin}). ${detail}`,
  )
}

/**
 * Gives an error its sentence. A code that guestkey does not have came from something else that answered: then the code
 * becomes what the status says.
 */
export function explain(error: GuestClientError): void {
  const given = codeOfNow(error.code) as GuestClientErrorCode
  const code = Object.hasOwn(sentences, given) ? given : foreignCode(error.status)
  // Browsers that have the message in the stack show that one in the console.
  const stack = error.stack?.replace(error.message, sentences[code])
  warnOfOrigin(error)
  const detail = error.detail ?? details[code]
  Object.assign(error, { code, message: sentences[code], detail, stack })
}
