// Remembers something about each request or response, in a property of its own. No copy of the request has it, and no object
// inherits it: what was found out about one request says nothing about another.

/**
 * Not in a WeakMap: V8's frequent collections keep the values of every WeakMap alive until a full one, so that each of
 * them copied all recent requests and held up the others for ten milliseconds.
 */
export function createMemory<On extends object, Value>() {
  const property = Symbol('guestkey')
  type Holder = On & { [property]?: Value }
  return {
    get: (on: On): Value | undefined => (Object.hasOwn(on, property) ? (on as Holder)[property] : undefined),
    set(on: On, value: Value): void {
      // Not enumerable: `{ ...req }` copies nothing, and a host that prints a request prints no session.
      Object.defineProperty(on, property, { value, configurable: true })
    },
  }
}
