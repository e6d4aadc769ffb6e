// Ids of guests: ours are random; an imported guest keeps its id from the other system.

const OURS = /^[A-Za-z0-9_-]{22}$/

/** Whether an id has the form that we make: 128 bits, base64url. Any other id belongs to an imported guest. */
export const isOurs = (id: string): boolean => OURS.test(id)

/** The length of the longest id that an imported guest may have (OpenID Connect Core 1.0, 2: `sub`). */
export const MAX_ID_CHARACTERS = 255

/**
 * Whether a text can be the id of a guest. Databases disagree about control characters, and none can store half a
 * character (a lone surrogate). The store is asked only for such texts: PostgreSQL answers NUL with an error.
 */
export const isId = (text: string): boolean =>
  text.length > 0 && text.length <= MAX_ID_CHARACTERS && text.isWellFormed() && !/\p{Cc}/u.test(text)

const PLAIN = /^[A-Za-z0-9_-]+$/

/**
 * The id as a part of a token. Dots separate the parts, and cookies allow few other characters, so an id with unusual
 * characters is written as `~` and base64url.
 */
export const idInToken = (id: string): string =>
  PLAIN.test(id) ? id : `~${Buffer.from(id).toString('base64url')}`

/** The id that this part of a token stands for. */
export const idFromToken = (part: string): string =>
  part.startsWith('~') ? Buffer.from(part.slice(1), 'base64url').toString() : part
