// The options that a caller gives: one that is unknown is refused, since a misspelt one would do nothing.

/** Whether to go on in spite of `would_lose_account`. */
export interface ForceOptions {
  force?: boolean | undefined
}

/** Takes what is left of the options without those that are known. Throws TypeError if that is anything. */
export function refuseUnknown(left: object) {
  for (const name in left) throw new TypeError(`Unknown option: ${name}`)
}

/** Whether `refuseUnknown` has thrown this. */
export const isUnknownOption = (error: unknown) => String(error).startsWith('TypeError: Unknown option: ')

/** Whether `force` is set. Throws TypeError for any other option. */
export function isForced({ force, ...unknown }: ForceOptions = {}) {
  refuseUnknown(unknown)
  return force
}

/** The query of a request that deletes something. Throws TypeError for any option but `force`. */
export const forceQuery = (options?: ForceOptions) => (isForced(options) ? '?force=true' : '')
