// Loads a library at its first use, because libraries would take most of the time that a service needs to start.

/** A function that imports at its first call. If the import fails, the next call tries again. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined
      throw error
    })
    return loaded
  }
}
