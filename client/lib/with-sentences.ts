// Gives errors their sentences when a page gets them. What the client decides by their codes alone needs none.
import { foreignCode, GuestClientError } from './errors.ts'
import { isBrowser } from './is-browser.ts'
import { type Load, loadChunk } from './later.ts'
import { isUnknownOption } from './options.ts'
import { anySentence } from './sentences-at-once.ts'
import { within } from './within.ts'

/** The longest that an error waits for its sentence. */
const patienceMilliseconds = 5000

/**
 * The codes of what happens in a passkey dialog. A page may show another one then, and a browser forgets the click while
 * something is loaded. So these wait no longer than for what has come while the dialog was open (`passkeys.ts`).
 */
const isOfDialog =
  /^(cancelled|aborted|unsupported|already_here|not_allowed_here|no_user_verification|authenticator_error)$/
const dialogPatienceMilliseconds = 50

/** The functions that answer at once. They do nothing on a server, where a page may be made. */
const isAtOnce = /^(on\w*|close|pending|supported)$/

/**
 * The same function, or object of functions, whose GuestClientErrors have a sentence as `message`: see `explain`. An error
 * that has its own at once does not wait. If the sentences cannot be loaded, the errors keep what they have. Any other
 * error, such as what a browser throws, becomes `client_failed`. Only that of an unknown option stays, and those of `fetch`,
 * which fails as that of the browser does. Unless `isHere` says that somebody is to be signed in here, every function
 * rejects.
 */
export function withSentences<Part>(
  part: Part,
  load: Load<{ explain: (error: GuestClientError) => void }>,
  isHere = isBrowser,
): Part {
  async function give(thrown: unknown, name?: string): Promise<never> {
    const isOurs = thrown instanceof GuestClientError
    if (!isOurs && (name === 'fetch' || isUnknownOption(thrown))) throw thrown
    const error = isOurs ? thrown : new GuestClientError('client_failed', thrown)
    if (error.message === anySentence)
      await within(isOfDialog.test(error.code) ? dialogPatienceMilliseconds : patienceMilliseconds, () =>
        loadChunk(load),
      ).then(
        ({ explain }) => explain(error),
        () => {
          // Without the part, nobody knows whether the code of an answer is one of ours. Then its `type` says it.
          const { type } = Object(error.cause)
          if (error.status && !/^urn:guestkey:/.test(type))
            Object.assign(error, { code: foreignCode(error.status) })
        },
      )
    throw error
  }

  const wrap = (member: unknown, name = ''): unknown =>
    typeof member === 'function'
      ? (...given: unknown[]) => {
          if (!isHere() && !isAtOnce.test(name)) return give(new GuestClientError('not_a_browser'))
          const result = member(...given)
          return result instanceof Promise ? result.catch((error) => give(error, name)) : result
        }
      : Object.fromEntries(Object.entries(member as object).map(([name, one]) => [name, wrap(one, name)]))

  return wrap(part) as Part
}
