// The time by the server's clock. What the server says of times is compared with it: the clock of the browser may be wrong.

/** How far the clock here is ahead of the server's, in milliseconds. */
let ahead = 0

/** The time by the server's clock, in milliseconds, right to about a second. */
export const serverNow = (): number => Date.now() - ahead

/** Takes the time of an answer that just arrived, by its header `Date`. */
export function noteTime(date: string | null): void {
  const at = Date.parse(date ?? '')
  if (at > 0) ahead = Date.now() - at
}
