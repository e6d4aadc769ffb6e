// Reads that arrive together share a statement: a database takes almost as long for one row as for sixteen.

/**
 * Returns a read of one key. `readAll` gets the keys of one turn of the event loop, at most `most` at a time, and resolves
 * to what it found for each, in their order.
 */
export function createGather<Key, Found>(most: number, readAll: (keys: Key[]) => Promise<Found[]>) {
  let waiting: { key: Key; resolve: (found: Found) => void; reject: (error: unknown) => void }[] = []

  function send(): void {
    const all = waiting
    waiting = []
    for (let i = 0; i < all.length; i += most) {
      const some = all.slice(i, i + most)
      readAll(some.map(({ key }) => key)).then(
        (found) => {
          for (const [n, { resolve }] of some.entries()) resolve(found[n]!)
        },
        (error: unknown) => {
          for (const { reject } of some) reject(error)
        },
      )
    }
  }

  return (key: Key): Promise<Found> =>
    new Promise((resolve, reject) => {
      if (waiting.push({ key, resolve, reject }) === 1) setImmediate(send)
    })
}
