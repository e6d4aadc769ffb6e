// What 0.5 called differently, and what still works in 0.6. In 0.7, delete this file and what TypeScript then finds missing.

/** The codes of 0.5, by their names of now. */
const oldCodes: Record<string, string> = {
  attribute_invalid: 'invalid_attribute',
  collection_unknown: 'unknown_collection',
  credentials_ambiguous: 'ambiguous_credentials',
  login_id_invalid: 'invalid_login_id',
  prompt_unknown: 'unknown_prompt',
}

/**
 * The `code` of a response: until 0.7 the name that 0.5 had, because programs that were written for it decide by it. The
 * name of now is the last part of `type`.
 */
export const codeOnTheWire = (code: string): string => oldCodes[code] ?? code

/** The code of now for one of 0.5, and any other text as it is. */
export const codeOfNow = (text: string): string =>
  Object.keys(oldCodes).find((code) => oldCodes[code] === text) ?? text
