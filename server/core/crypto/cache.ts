// Remembers what was verified before, because every request brings the same tokens again.

const MAX_ENTRIES = 5000
/** A key is a token of ours, mostly of some 300 characters, and of 4,000 at most in a cookie. */
const MAX_CHARACTERS = 4_000_000

/** Remembers a value for each key of an owner. At 5,000 keys, or at 4 MB of keys, it forgets all of that owner. */
export function createCache<Owner extends object, Value>() {
  const caches = new WeakMap<Owner, { values: Map<string, Value>; characters: number }>()
  return {
    get: (owner: Owner, key: string): Value | undefined => caches.get(owner)?.values.get(key),
    set(owner: Owner, key: string, value: Value): void {
      const known = caches.get(owner)
      const hasRoom =
        known && known.values.size < MAX_ENTRIES && known.characters + key.length <= MAX_CHARACTERS
      const cache = hasRoom ? known : { values: new Map<string, Value>(), characters: 0 }
      if (!cache.values.has(key)) cache.characters += key.length
      cache.values.set(key, value)
      caches.set(owner, cache)
    },
  }
}
