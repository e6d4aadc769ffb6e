// Ids of guests: ours are random; those who were imported keep the id that they had elsewhere.

const OURS = /^[A-Za-z0-9_-]{22}$/

/** Whether an id has the form of those that we make: 128 bits, base64url. Others are of guests who were imported. */
export const isOurs = (id: string): boolean => OURS.test(id)

/** How long the id of an imported guest may be (OpenID Connect Core 1.0, 2: `sub`). */
export const MAX_ID_CHARACTERS = 255

/**
 * Whether a text can be the id of a guest. Control characters no database keeps alike, and half a character none at
 * all.
 */
export const isId = (text: string): boolean =>
  text.length > 0 && text.length <= MAX_ID_CHARACTERS && text.isWellFormed() && !/\p{Cc}/u.test(text)

const PLAIN = /^[A-Za-z0-9_-]+$/

/** The id as a part of a token: dots part those, and cookies take few other characters. */
export const idInToken = (id: string): string =>
  PLAIN.test(id) ? id : `~${Buffer.from(id).toString('base64url')}`

/** The id that stands in a token. */
export const idFromToken = (part: string): string =>
  part.startsWith('~') ? Buffer.from(part.slice(1), 'base64url').toString() : part
