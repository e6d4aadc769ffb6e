// What 0.5 called differently, and what still works in 0.6. In 0.7, delete this file and what TypeScript then finds missing.

import type { Logger } from './logger.ts'
import type { GuestInSession, LoginId } from './types.ts'

const codes = {
  attribute_invalid: 'invalid_attribute',
  collection_unknown: 'unknown_collection',
  credentials_ambiguous: 'ambiguous_credentials',
  login_id_invalid: 'invalid_login_id',
  prompt_unknown: 'unknown_prompt',
} as const
/** The codes of 0.5, by their names of now. */
const oldCodes: Record<string, string> = codes
/** A code of 0.5 that has another name now. */
export type OldCode = (typeof codes)[keyof typeof codes]

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
  loginId: Pick<LoginId, 'type' | 'value'>
}

export type OldSignIn = {
  /** @deprecated Until 0.7: it is `guest` now. */
  record: GuestInSession
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
export const oldAuditFilter: (keyof OldAuditFilter)[] = ['anonymous_id']

/** The options of 0.5, and the paths at which they are now. */
const newPaths = {
  send: 'loginIds.send',
  sendFrom: 'loginIds.sendFrom',
  onPromote: 'loginIds.onPromote',
  maxLoginIds: 'loginIds.max',
  providers: 'loginIds.providers',
  mergeProfiles: 'merge.profiles',
  mergeGraceSeconds: 'merge.graceSeconds',
  onMerge: 'merge.onMerge',
  onUndoMerge: 'merge.onUndoMerge',
  wellKnown: 'wellKnown.atRoot',
  android: 'wellKnown.android',
  apple: 'wellKnown.apple',
  passkeyEndpoints: 'wellKnown.passkeyEndpoints',
  auditDays: 'auditSeconds',
  sessionIdleSeconds: 'sessions.idleSeconds',
  sessionAbsoluteSeconds: 'sessions.absoluteSeconds',
  maxSessions: 'sessions.max',
  maxPasskeys: 'passkeys.max',
  maxDeviceKeys: 'deviceKeys.max',
  issuer: 'tokens.issuer',
  claimsNamespace: 'tokens.claimsNamespace',
  signingAlgorithm: 'tokens.signingAlgorithm',
  signingKeyDays: 'tokens.signingKeySeconds',
  accessTokenSeconds: 'tokens.accessTokenSeconds',
  refreshGraceSeconds: 'tokens.refreshGraceSeconds',
} as const

type OldOption = keyof typeof newPaths
type At<Now, Path> = Path extends `${infer Group}.${infer Name}`
  ? At<NonNullable<Now[Group & keyof Now]>, Name>
  : Now[Path & keyof Now] | undefined
type Old<Now, Name extends OldOption> = At<Now, (typeof newPaths)[Name]>

/** The options of now, and beside them those of 0.5. */
export type WithOldOptions<Now extends { wellKnown?: unknown }> = Omit<Now, 'wellKnown'> & {
  /** What is published at the /.well-known/ paths. A boolean, as in 0.5, is `wellKnown.atRoot`. */
  wellKnown?: Now['wellKnown'] | boolean | undefined
  /** @deprecated Use `loginIds.send`. */
  send?: Old<Now, 'send'>
  /** @deprecated Use `loginIds.sendFrom`. */
  sendFrom?: Old<Now, 'sendFrom'>
  /** @deprecated Use `loginIds.onPromote`. */
  onPromote?: Old<Now, 'onPromote'>
  /** @deprecated Use `loginIds.max`. */
  maxLoginIds?: Old<Now, 'maxLoginIds'>
  /** @deprecated Use `loginIds.providers`. */
  providers?: Old<Now, 'providers'>
  /** @deprecated Use `merge.profiles`. */
  mergeProfiles?: Old<Now, 'mergeProfiles'>
  /** @deprecated Use `merge.graceSeconds`. */
  mergeGraceSeconds?: Old<Now, 'mergeGraceSeconds'>
  /** @deprecated Use `merge.onMerge`. */
  onMerge?: Old<Now, 'onMerge'>
  /** @deprecated Use `merge.onUndoMerge`. */
  onUndoMerge?: Old<Now, 'onUndoMerge'>
  /** @deprecated Use `wellKnown.android`. */
  android?: Old<Now, 'android'>
  /** @deprecated Use `wellKnown.apple`. */
  apple?: Old<Now, 'apple'>
  /** @deprecated Use `wellKnown.passkeyEndpoints`. */
  passkeyEndpoints?: Old<Now, 'passkeyEndpoints'>
  /** @deprecated Use `auditSeconds`, in seconds. */
  auditDays?: Old<Now, 'auditDays'>
  /** @deprecated Use `sessions.idleSeconds`. */
  sessionIdleSeconds?: Old<Now, 'sessionIdleSeconds'>
  /** @deprecated Use `sessions.absoluteSeconds`. */
  sessionAbsoluteSeconds?: Old<Now, 'sessionAbsoluteSeconds'>
  /** @deprecated Use `sessions.max`. */
  maxSessions?: Old<Now, 'maxSessions'>
  /** @deprecated Use `passkeys.max`. */
  maxPasskeys?: Old<Now, 'maxPasskeys'>
  /** @deprecated Use `deviceKeys.max`. */
  maxDeviceKeys?: Old<Now, 'maxDeviceKeys'>
  /** @deprecated Use `tokens.issuer`. */
  issuer?: Old<Now, 'issuer'>
  /** @deprecated Use `tokens.claimsNamespace`. */
  claimsNamespace?: Old<Now, 'claimsNamespace'>
  /** @deprecated Use `tokens.signingAlgorithm`. */
  signingAlgorithm?: Old<Now, 'signingAlgorithm'>
  /** @deprecated Use `tokens.signingKeySeconds`, in seconds. */
  signingKeyDays?: Old<Now, 'signingKeyDays'>
  /** @deprecated Use `tokens.accessTokenSeconds`. */
  accessTokenSeconds?: Old<Now, 'accessTokenSeconds'>
  /** @deprecated Use `tokens.refreshGraceSeconds`. */
  refreshGraceSeconds?: Old<Now, 'refreshGraceSeconds'>
}

type Values = Record<string, unknown>

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Days in seconds. What 0.5 refused stays as it is, for the check to refuse it. */
const inSeconds = (days: unknown): unknown =>
  typeof days === 'number' && Number.isInteger(days) && days > 0 ? days * 24 * 60 * 60 : days

const valueAt = (whole: unknown, path: string[]): unknown =>
  path.reduce((all, name) => (isObject(all) && Object.hasOwn(all, name) ? all[name] : undefined), whole)

const has = (whole: unknown, path: string[]): boolean =>
  Object.hasOwn(Object(valueAt(whole, path.slice(0, -1))), path.at(-1)!)

/** A copy with this value at the path, or without the path if the value is undefined. What is no object stays as it is. */
function withValueAt(whole: unknown, [name, ...path]: string[], value: unknown): unknown {
  if (name === undefined) return value
  if (whole !== undefined && !isObject(whole)) return whole // the check of all options refuses it
  const { [name]: inner, ...others } = whole ?? {}
  const changed = withValueAt(inner, path, value)
  return changed === undefined ? others : { ...others, [name]: changed }
}

/** The paths of 0.5 that these options can have, and those of now. */
function renamedPaths(options: Values): [string, string][] {
  const languages = Object.keys(valueAt(options, ['pages', 'texts']) ?? {})
  const texts = languages.flatMap((language) =>
    Object.entries(oldCodes).map(([code, old]): [string, string] => [
      `pages.texts.${language}.${old}`,
      `pages.texts.${language}.${code}`,
    ]),
  )
  return [...Object.entries(newPaths), ...texts]
}

/**
 * Options of 0.5 as those of now. `renamed`: the paths of now that the host called differently, with what it called them.
 * `clash`: what is wrong if one option is given under both names.
 */
export function optionsOfNow(given: unknown): {
  options: unknown
  renamed: Record<string, string>
  clash: string | undefined
} {
  const renamed: Record<string, string> = {}
  let options = given
  let clash: string | undefined
  if (!isObject(given)) return { options, renamed, clash }
  for (const [old, path] of renamedPaths(given)) {
    const [from, to] = [old.split('.'), path.split('.')]
    const value = valueAt(given, from)
    if (!has(given, from) || (old === 'wellKnown' && typeof value === 'object')) continue
    options = withValueAt(options, from, undefined)
    if (value === undefined) continue
    if (valueAt(options, to) !== undefined)
      clash ??= `${old} and ${path} are one option: leave out ${old}, which guestkey 0.5 called it`
    renamed[path] = old
    options = withValueAt(options, to, old.endsWith('Days') ? inSeconds(value) : value)
  }
  return { options, renamed, clash }
}

/** Where these options have the option of this path: at its name of 0.5, if they call it so. */
export const pathIn = (given: unknown, path: string): string => optionsOfNow(given).renamed[path] ?? path

/** Logs a warning for each option that has its name of 0.5. */
export function warnOfOldOptions(given: unknown, logger: Pick<Logger, 'warn'>): void {
  for (const [path, old] of Object.entries(optionsOfNow(given).renamed)) {
    const unit = old.endsWith('Days') ? ', in seconds' : ''
    logger.warn(
      { option: old },
      `the option ${old} is ${path} now${unit}; guestkey 0.7 takes only the new name`,
    )
  }
}
