// Compares entity tags (RFC 9110, 8.8.3) with those that a request names.

/** The tag without `W/`: a proxy that compresses makes a tag weak, and what it names stays right. */
export const strong = (tag: string): string => tag.trim().replace(/^W\//, '')

/** Whether If-None-Match names this tag, so that the answer is 304 (RFC 9110, 13.1.2). */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || strong(tag) === etag) ?? false
