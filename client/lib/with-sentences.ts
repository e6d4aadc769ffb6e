// Gives errors their sentences when a page gets them. What the client decides by their codes alone needs none.
import { GuestClientError } from './errors.ts'
import { type Load, loadChunk } from './later.ts'
import { sentencesAtOnce } from './sentences-at-once.ts'
import { within } from './within.ts'

/** The longest that an error waits for its sentence. */
const patienceMilliseconds = 5000

/**
 * The same function, or object of functions, whose GuestClientErrors have a sentence as `message`: see `explain`. An error
 * that has its own at once does not wait. If the sentences cannot be loaded, the errors keep what they have.
 */
export function withSentences<Part>(
  part: Part,
  load: Load<{ explain: (error: GuestClientError) => void }>,
): Part {
  async function give(error: unknown): Promise<never> {
    if (error instanceof GuestClientError && !Object.hasOwn(sentencesAtOnce, error.code))
      await within(patienceMilliseconds, () => loadChunk(load)).then(
        ({ explain }) => explain(error),
        () => {},
      )
    throw error
  }

  const wrap = (member: unknown): unknown =>
    typeof member === 'function'
      ? (...given: unknown[]) => {
          const result = member(...given)
          return result instanceof Promise ? result.catch(give) : result
        }
      : Object.fromEntries(Object.entries(member as object).map(([name, one]) => [name, wrap(one)]))

  return wrap(part) as Part
}
