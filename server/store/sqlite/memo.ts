// What the reads of every request found, until somebody commits to the file.

/** About 5 MB. When it is full, it forgets all. */
const MAX_ENTRIES = 10_000

/**
 * Returns what `read` found under this key before, or reads now. `version` is SQLite's `data_version`: another number
 * after each commit by another connection, of this process or of another one. It is asked before anything is given out
 * again, which takes half as long as to read a session. Several requests get the same value, so it is frozen.
 */
export function createMemo(version: () => number) {
  const found = new Map<string, unknown>()
  /** All that was found was read at this version, or at a later one. */
  let since = Number.NaN

  return <R>(key: string, read: () => R): R => {
    const known = found.get(key)
    if (known !== undefined) {
      const now = version()
      if (now === since) return known as R
      since = now
      found.clear()
    }
    const value = read()
    if (found.size >= MAX_ENTRIES) found.clear()
    if (value !== undefined) found.set(key, Object.freeze(value))
    return value
  }
}
