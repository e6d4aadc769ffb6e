// Chooses the content coding that a client prefers, by its Accept-Encoding (RFC 9110, 12.5.3).

/** The codings that we have, the smallest one first. */
export const codings = ['br', 'gzip'] as const
export type Coding = (typeof codings)[number]

/** A coding or `*`, and its weight of 0 to 1 (RFC 9110, 12.4.2). */
const MEMBER = /^([\w!#$%&'*+.^`|~-]+)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i

/**
 * The coding of `available` with the highest weight, and of equals the first one; undefined: send it plain. What is no
 * member of the list counts as not there. It is also undefined if the header refuses everything that we have: the
 * standard leaves it to us to send the default then (RFC 9110, 15.5.7), and a client can make more of that than of 406.
 */
export function preferredCoding(
  acceptEncoding: string | undefined,
  available: readonly Coding[],
): Coding | undefined {
  const weights = new Map<string, number>()
  for (const member of (acceptEncoding ?? '').split(',')) {
    const [, name, weight = '1'] = MEMBER.exec(member.trim()) ?? []
    if (name) weights.set(name.toLowerCase().replace(/^x-gzip$/, 'gzip'), Number(weight)) // RFC 9110, 8.4.1.3
  }
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0
  const [best] = available.toSorted((one, other) => weightOf(other) - weightOf(one))
  if (!best || weightOf(best) === 0) return undefined
  // A client that names `identity` prefers it only if nothing else is as good.
  return weightOf(best) >= weightOf('identity') ? best : undefined
}
