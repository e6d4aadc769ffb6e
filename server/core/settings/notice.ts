// The notice: a short text of the operator that pages show to everybody, whether or not somebody is signed in.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Notice } from '../../types.ts'

const MAX_CHARACTERS = 200
const MAX_LANGUAGES = 50

const refused = (detail: string) => new GuestError('invalid_request', { detail })

/**
 * The notice that the operator gave. Pages show it as text; what looks like HTML is refused, in case one does not.
 * Errors: `invalid_request`.
 */
export function checkNotice(given: unknown): Notice {
  if (typeof given === 'string') return checkText('notice', given)
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refused(
      `notice must be a text, or an object with a text for each language, like {"en":"…"}. It is ${JSON.stringify(given)}.`,
    )
  const texts = Object.entries(given)
  if (texts.length === 0 || texts.length > MAX_LANGUAGES)
    throw refused(`notice must have 1 to ${MAX_LANGUAGES} languages. It has ${texts.length}.`)
  return Object.fromEntries(
    texts.map(([tag, text]) => [checkLanguage(tag), checkText(`notice in ${tag}`, text)]),
  )
}

/** The tag as browsers write it (RFC 5646, 2.1.1). */
function checkLanguage(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0]!
  } catch {
    throw refused(`${tag} in notice must be the tag of a language, such as de or pt-BR.`)
  }
}

function checkText(name: string, text: unknown): string {
  if (
    typeof text === 'string' &&
    text.trim() !== '' &&
    text.length <= MAX_CHARACTERS &&
    text.isWellFormed() &&
    !/[\p{Cc}<>]/u.test(text)
  )
    return text.trim()
  throw refused(
    `${name} must be a text of 1 to ${MAX_CHARACTERS} characters, without <, > and control characters. It is ${JSON.stringify(text)?.slice(0, MAX_CHARACTERS)}.`,
  )
}

/** The notice that counts now, or null. */
export const noticeNow = ({ settings }: Context): Promise<Notice | null> => settings.value('notice')
