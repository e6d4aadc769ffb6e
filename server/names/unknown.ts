// Names that do not exist, such as misspelt options: what was probably meant.

import { closestMatch } from 'leven'

/** At most this many names are listed if none is near. */
const FEW = 8

/** The known name that was probably meant, if one is near enough. */
export function meantBy(name: string, known: string[]): string | undefined {
  const lower = name.toLowerCase()
  const sameButForCase = known.find((one) => one.toLowerCase() === lower)
  const maxDistance = name.length < 4 ? 1 : 2
  return (
    sameButForCase ?? closestMatch(name, known, { maxDistance }) ?? known.find((one) => one.startsWith(name))
  )
}

/** What to say after "unknown option foo": the name that was probably meant, or all names if they are few. */
export function hintFor(name: string, known: string[]): string {
  const meant = meantBy(name, known)
  if (meant !== undefined) return `: did you mean ${meant}?`
  if (known.length > FEW) return ''
  return known.length === 1
    ? `: there is ${known[0]}`
    : `: there are ${known.slice(0, -1).join(', ')} and ${known.at(-1)}`
}

/** Errors: TypeError if `given`, which `method` was called with, has another key than the known ones. */
export function refuseUnknown(method: string, given: object | undefined, known: string[]): void {
  const unknown = Object.keys(given ?? {}).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`${method}: unknown option ${unknown}${hintFor(unknown, known)}`)
}
