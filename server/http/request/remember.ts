// Remembers something about each request or response, in a property of its own.

/**
 * Not in a WeakMap: V8's frequent collections keep the values of every WeakMap alive until a full one, so that each of
 * them copied all recent requests and held up the others for ten milliseconds.
 */
export function createMemory<On extends object, Value>() {
  const property = Symbol('guestkey')
  type Holder = On & { [property]?: Value }
  return {
    get: (on: On): Value | undefined => (on as Holder)[property],
    set(on: On, value: Value): void {
      const holder: Holder = on
      holder[property] = value
    },
  }
}
