// The sentences of errors, as a page gets them with its first error.
import { foreignCode, type GuestClientError } from './errors.ts'
import { sentences } from './sentences.ts'

/**
 * Gives an error its sentence. A code that guestkey does not have came from something else that answered: then the code
 * becomes what the status says.
 */
export function explain(error: GuestClientError): void {
  const code = Object.hasOwn(sentences, error.code) ? error.code : foreignCode(error.status)
  // Browsers that have the message in the stack show that one in the console.
  const stack = error.stack?.replace(error.message, sentences[code])
  Object.assign(error, { code, message: sentences[code], stack })
}
