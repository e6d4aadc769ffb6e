// What the mutation testing must know about this project, and all that depends on names of files.

/** What `<sources>/orders/cart.ts` does is tested by all tests in `<tests>/orders/`, and by `cart.test.ts` in `<tests>`. */
export const mirrors: [sources: string, tests: string][] = [
  ['server/core', 'test/server/core'],
  ['server/http', 'test/server/http'],
  ['server/store', 'test/server/store'],
]

/**
 * The tests for a source file, where the folders do not tell. Both are named without folder and ending, so that they may
 * move. Before you believe in a survivor, look for its test elsewhere, and name it here.
 */
export const testsByName: Record<string, string[]> = {
  'expired-guests': ['expired-guests', 'regular-users', 'guests'],
  retention: ['expired-guests', 'collections', 'register'],
  'session-tokens': ['sessions', 'anonymous', 'sign-out', 'keep', 'collections', 'prompts'],
  'step-up': ['manage', 'recovery-codes', 'guards', 'device-links', 'access-tokens'],
}

/** Calls that are left as they are, arguments included: what they say is for people to read. */
export const leftAlone = /\blogger\b|^console\./

/** The tests may take this many times as long with a mistake as without one, within these bounds. */
export const timeLimit = { times: 4, leastSeconds: 60, mostSeconds: 1800 }
