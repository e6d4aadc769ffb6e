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

/** Fields of 0.5, by their names of now, in what guestkey gives to the host. */
type OldFields<T> = Record<string, keyof T>

/** The record with the old names beside the new ones. They are not enumerable: JSON and copies have only the new ones. */
export function withOldNames<T extends object, const Old extends OldFields<T>>(
  record: T,
  old: Old,
): T & { [Name in keyof Old]: T[Old[Name]] } {
  for (const name in old) Object.defineProperty(record, name, { get: () => record[old[name]!] })
  return record as T & { [Name in keyof Old]: T[Old[Name]] }
}

export type OldCodeMessage = {
  /** @deprecated Until 0.7: it is `rp_name` now. */
  rpName: string
}

export type OldPromotion = {
  /** @deprecated Until 0.7: it is `login_id` now. */
  loginId: { type: string; value: string }
}

export type OldRotation = {
  /** @deprecated Until 0.7: it is `signs_from` now. */
  signsFrom: number
  /** @deprecated Until 0.7: it is `previous_retires_at` now. */
  previousRetiresAt: number
}

export type OldImportSummary = {
  /** @deprecated Until 0.7: it is `with_problems` now. */
  withProblems: number
}

export type OldAuditFilter = {
  /** @deprecated Until 0.7: it is `anonymousId` now. */
  anonymous_id?: string | undefined
}
