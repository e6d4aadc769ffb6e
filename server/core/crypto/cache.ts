// Remembers what was verified before, because every request brings the same tokens again.

const MAX_ENTRIES = 5000

/** Remembers a value for each key of an owner. At 5,000 keys of one owner, it forgets all of that owner. */
export function createCache<Owner extends object, Value>() {
  const caches = new WeakMap<Owner, Map<string, Value>>()
  return {
    get: (owner: Owner, key: string): Value | undefined => caches.get(owner)?.get(key),
    set(owner: Owner, key: string, value: Value): void {
      const known = caches.get(owner) ?? new Map<string, Value>()
      if (known.size >= MAX_ENTRIES) known.clear()
      caches.set(owner, known.set(key, value))
    },
  }
}
